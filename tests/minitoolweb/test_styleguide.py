import re

import pytest
from django.template import Context, Template

INLINE = re.compile(r"<[^>]*\s(?:style|on[a-z]+)=|<style|<script(?![^>]*\ssrc=)|javascript:")


@pytest.fixture
def staff(alice):
    alice.is_staff = True
    alice.save()
    return alice


def test_a_guest_is_asked_to_sign_in(client):
    answer = client.get("/styleguide/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_a_member_may_not_see_it(client, bob):
    client.force_login(bob)
    assert client.get("/styleguide/").status_code == 403


def test_staff_see_every_section(client, staff):
    client.force_login(staff)
    page = client.get("/styleguide/").content.decode()
    for section in ("foundations", "controls", "overlays", "states", "chat", "pictures"):
        assert f'<section id="{section}">' in page


def test_nothing_on_it_needs_an_exception_to_the_content_security_policy(client, staff):
    client.force_login(staff)
    answer = client.get("/styleguide/")
    assert INLINE.findall(answer.content.decode()) == []
    assert "unsafe" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("cookie", "opening"),
    [(None, '<html lang="en">'), ("dark", '<html lang="en" data-theme="dark">')],
)
def test_the_theme_stands_in_the_page_before_any_script_runs(client, staff, cookie, opening):
    client.force_login(staff)
    if cookie:
        client.cookies["theme"] = cookie
    assert opening in client.get("/styleguide/").content.decode()


def test_a_theme_cookie_cannot_break_out_of_its_attribute(client, staff):
    client.force_login(staff)
    client.cookies["theme"] = "'><script>"
    assert "<script>" not in client.get("/styleguide/").content.decode()


def test_an_example_is_drawn_and_shows_the_source_that_drew_it():
    source = '<b>{{ word }}</b>{# why #}{% if word %}{% icon "plus" %}{% endif %}'
    template = Template(
        "{% load styleguide %}{% example Bold & plus %}\n  " + source + "\n{% endexample %}after"
    )
    drawn = template.render(Context({"word": "dike"}))
    assert "<b>dike</b>" in drawn
    assert "<svg" in drawn
    assert "Bold &amp; plus" in drawn
    assert "&lt;b&gt;{{ word }}&lt;/b&gt;{# why #}{% if word %}{% icon &quot;plus&quot; %}" in drawn
    assert drawn.endswith("after")


def test_an_icon_is_hidden_from_screen_readers():
    svg = Template('{% icon "plus" size=15 %}').render(Context())
    assert svg.startswith("<svg")
    for attribute in ('width="15"', 'aria-hidden="true"', 'focusable="false"'):
        assert attribute in svg
