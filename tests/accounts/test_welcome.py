"""The pages behind a one-time link: the first admin, and a person choosing a password."""

import logging
import re

import pytest
from django.core.cache import cache
from django.test import Client

from accounts import links
from accounts.models import OneTimeLink, User

from .conftest import PASSWORD

NEW = "polder-and-windmill-9"
ADMIN = {"username": "Willem", "email": "", "password1": NEW, "password2": NEW}
CHOICE = {"new_password1": NEW, "new_password2": NEW}


@pytest.fixture
def first_link(db):
    return links.first_admin_url("")


@pytest.fixture
def alices_link(alice):
    return links.url(links.issue(OneTimeLink.Purpose.SET_PASSWORD, user=alice), base="")


def test_first_person_makes_the_admin_and_is_in(client, first_link):
    assert client.get(first_link)["Location"] == "/welcome/"
    page = client.get("/welcome/").content.decode()
    assert "you are the first in" in page
    response = client.post("/welcome/", ADMIN)
    assert (response.status_code, response["Location"]) == (302, "/")
    admin = User.objects.get()
    assert (admin.username, admin.is_staff, admin.is_superuser) == ("willem", True, True)
    assert client.session["_auth_user_id"] == str(admin.pk)
    assert client.get("/admin/").status_code == 200


def test_a_person_sees_their_name_chooses_a_password_and_is_in(client, alice, alices_link):
    client.get(alices_link)
    assert "Welcome, Alice" in client.get("/welcome/").content.decode()
    assert client.post("/welcome/", CHOICE)["Location"] == "/"
    alice.refresh_from_db()
    assert alice.check_password(NEW)
    assert client.get("/accounts/profile/").status_code == 200


def test_a_new_password_by_link_ends_the_sessions_there_were(client, alice, alices_link):
    thief = Client()
    thief.force_login(alice)
    client.get(alices_link)
    client.post("/welcome/", CHOICE)
    assert thief.get("/accounts/profile/").status_code == 302


def test_looking_at_a_link_uses_nothing_up(client, alices_link):
    for _ in range(3):
        assert client.get(alices_link).status_code == 302
        assert client.head(alices_link).status_code == 302
    client.get("/welcome/")
    assert OneTimeLink.objects.live().count() == 1


def test_two_browsers_on_the_first_link_make_one_admin(client, first_link):
    other = Client()
    for browser in (client, other):
        browser.get(first_link)
        assert browser.get("/welcome/").status_code == 200
    assert client.post("/welcome/", ADMIN).status_code == 302
    assert other.post("/welcome/", ADMIN | {"username": "second"}).status_code == 410
    assert User.objects.get().username == "willem"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"password2": "another"}, "didn’t match"),
        ({"password1": "12345678", "password2": "12345678"}, "too common"),
        ({"username": "wil lem"}, "valid username"),
        ({"username": ""}, "required"),
        ({"email": "nowhere"}, "valid email"),
    ],
)
def test_a_refused_entry_says_why_and_leaves_the_link_good(client, first_link, wrong, words):
    client.get(first_link)
    response = client.post("/welcome/", ADMIN | wrong)
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    assert 'aria-invalid="true"' in page
    assert not User.objects.exists()
    assert client.post("/welcome/", ADMIN).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"username": "wil lem", "email": "nowhere"}, "username"),
        ({"email": "nowhere", "password2": "another"}, "email"),
        ({"password1": "", "password2": ""}, "password1"),
        ({"password2": "another"}, "password2"),
    ],
)
def test_the_focus_goes_to_the_first_wrong_field_alone(client, first_link, wrong, name):
    client.get(first_link)
    page = client.post("/welcome/", ADMIN | wrong).content.decode()
    [field] = re.findall(r"<input[^>]* autofocus[^>]*>", page)
    assert f'name="{name}"' in field
    assert 'aria-invalid="true"' in field


def test_posting_rights_changes_nothing(client, alice, alices_link):
    client.get(alices_link)
    client.post("/welcome/", CHOICE | {"is_superuser": "on", "is_staff": "on", "username": "x"})
    alice.refresh_from_db()
    assert (alice.username, alice.is_staff, alice.is_superuser) == ("alice", False, False)


def test_a_used_link_is_gone_and_an_unknown_one_not_found_with_the_same_words(client, alices_link):
    client.get(alices_link)
    client.post("/welcome/", CHOICE)
    used, unknown = Client().get(alices_link), Client().get("/welcome/made-up/")
    assert (used.status_code, unknown.status_code) == (410, 404)
    for page in (used.content.decode(), unknown.content.decode()):
        assert "This link does not work" in page
        assert "Ask your admin for a new link" in page


def test_the_form_without_a_link_is_gone(client, db):
    assert client.get("/welcome/").status_code == 410
    assert client.post("/welcome/", ADMIN).status_code == 410


def test_pages_of_a_link_are_kept_nowhere_and_send_its_address_nowhere(client, alices_link):
    answers = [client.get(alices_link), client.get("/welcome/"), client.get("/welcome/made-up/")]
    for answer in answers:
        assert "no-store" in answer["Cache-Control"]
    assert answers[0]["Referrer-Policy"] == answers[2]["Referrer-Policy"] == "no-referrer"


def test_the_token_is_in_no_log_line_session_or_cache(alices_link, caplog):
    caplog.set_level(logging.DEBUG)
    token = alices_link.strip("/").split("/")[-1]
    strict = Client(enforce_csrf_checks=True)
    strict.get(alices_link)
    strict.get("/welcome/")
    assert strict.post("/welcome/", CHOICE).status_code == 403
    OneTimeLink.objects.update(used_at="2026-01-01T00:00Z")
    assert strict.get(alices_link).status_code == 410
    assert token not in caplog.text
    assert token not in str(dict(strict.session))
    assert cache.get(token) is None


def test_somebody_else_signed_in_here_is_replaced(client, bob, alice, alices_link):
    client.force_login(bob)
    client.get(alices_link)
    client.post("/welcome/", CHOICE)
    assert client.session["_auth_user_id"] == str(alice.pk)


def test_a_session_planted_before_the_link_does_not_get_in(client, alice, alices_link):
    client.get(alices_link)
    planted = client.session.session_key
    client.post("/welcome/", CHOICE)
    thief = Client()
    thief.cookies["session"] = planted
    assert thief.get("/accounts/profile/").status_code == 302


def test_the_old_password_works_until_a_new_one_is_chosen(client, alice, alices_link, sign_in):
    assert sign_in("alice", PASSWORD).status_code == 302
