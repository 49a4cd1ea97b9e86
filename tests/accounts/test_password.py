"""Changing one's password, confirming it, and having a new one mailed."""

import re

import pytest
from django.test import Client

from accounts import links
from accounts.models import OneTimeLink

from .conftest import PASSWORD

NEW = "polder-and-windmill-9"
CHANGE = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}


def test_a_new_password_works_and_ends_the_other_sessions_only(client, alice, sign_in):
    sign_in("alice")
    elsewhere = Client()
    elsewhere.force_login(alice)
    client.post("/accounts/password/change/", CHANGE)
    assert client.get("/accounts/profile/").status_code == 200
    assert elsewhere.get("/accounts/profile/").status_code == 302
    client.logout()
    assert sign_in("alice").status_code == 200
    assert sign_in("alice", NEW).status_code == 302


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"oldpassword": "wrong"}, "not your current password"),
        ({"password2": "another"}, "same password each time"),
        ({"password1": "12345678", "password2": "12345678"}, "too common"),
        ({"password1": "alice123", "password2": "alice123"}, "too similar"),
    ],
)
def test_a_refused_password_says_why_beside_its_field(client, alice, sign_in, changed, words):
    sign_in("alice")
    page = client.post("/accounts/password/change/", CHANGE | changed).content.decode()
    assert words in page
    [field] = re.findall(r"<input[^>]* autofocus[^>]*>", page)
    assert 'aria-invalid="true"' in field
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_choosing_a_password_makes_waiting_links_worthless(client, alice, sign_in):
    token = links.issue(OneTimeLink.Purpose.SET_PASSWORD, user=alice)
    sign_in("alice")
    client.post("/accounts/password/change/", CHANGE)
    assert not OneTimeLink.objects.live().for_token(token).exists()


@pytest.mark.parametrize("page", ["reset/", "reset/done/", "reset/key/1-abc/"])
def test_without_a_mail_server_there_is_no_reset_by_mail(client, db, settings, page):
    settings.HAS_MAIL = False
    assert client.get(f"/accounts/password/{page}").status_code == 404


def test_a_mailed_link_leads_to_a_new_password(client, alice, settings, mailoutbox):
    settings.HAS_MAIL = True
    settings.PUBLIC_URL = "https://chat.example.org"
    assert "Forgot your password?" in client.get("/accounts/login/").content.decode()
    client.post("/accounts/password/reset/", {"email": "Alice@example.org"})
    address = re.search(r"https://chat\.example\.org(/\S+)", mailoutbox[0].body)
    form_page = client.get(address[1])["Location"]
    assert "no longer works" not in client.get(form_page).content.decode()
    done = client.post(form_page, {"password1": NEW, "password2": NEW})
    assert done.status_code == 302
    assert client.get("/accounts/profile/").status_code == 200
    assert "no longer works" in Client().get(address[1]).content.decode()


def test_asking_for_mail_tells_nobody_who_has_an_account(client, alice, settings, mailoutbox):
    settings.HAS_MAIL = True
    known = client.post("/accounts/password/reset/", {"email": "alice@example.org"})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [mail.to for mail in mailoutbox] == [["alice@example.org"]]
