"""Signing in and out, and what failed tries lead to."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session

from .conftest import PASSWORD

NOW = "2026-11-23 12:00:00+00:00"


def signed_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("name", ["alice", "Alice", "alice@example.org", "ALICE@example.org "])
def test_username_or_email_opens_the_door_in_any_case(client, alice, sign_in, name):
    response = sign_in(name)
    assert response.status_code == 302
    assert response["Location"] == "/"
    assert signed_in(client)


def test_sign_in_leads_to_the_page_that_was_asked_for_but_never_off_this_site(client, alice):
    form = {"login": "alice", "password": PASSWORD}
    inside = client.post("/accounts/login/", form | {"next": "/accounts/profile/"})
    assert inside["Location"] == "/accounts/profile/"
    client.logout()
    outside = client.post("/accounts/login/", form | {"next": "https://evil.example/"})
    assert outside["Location"] == "/"


def test_unknown_name_and_wrong_password_read_the_same(alice, sign_in, client):
    wrong = sign_in("alice", "wrong").content.decode()
    unknown = sign_in("nobody", "wrong").content.decode()
    by_mail = sign_in("nobody@example.org", "wrong").content.decode()
    assert "do not go together" in wrong
    known = wrong.replace("alice", "X")
    assert known.split("<form")[1].split("csrf")[0] == unknown.split("<form")[1].split("csrf")[0]
    for page in (unknown, by_mail):
        assert "do not go together" in page
    assert not signed_in(client)


def test_an_error_is_tied_to_the_fields_it_is_about(alice, sign_in):
    page = sign_in("alice", "wrong").content.decode()
    assert 'id="form_errors" role="alert"' in page
    assert page.count('aria-describedby="form_errors"') == 2


def test_the_form_helps_password_managers_and_the_keyboard(client, db):
    page = client.get("/accounts/login/").content.decode()
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert page.count("autofocus") == 1
    assert "Ask your admin for a new link" in page


def test_session_id_changes_at_sign_in_and_the_old_one_is_dead(client, alice, sign_in):
    session = client.session
    session["planted"] = "by a stranger"
    session.save()
    client.cookies["session"] = planted = session.session_key
    sign_in("alice")
    assert client.cookies["session"].value != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_sign_out_asks_first_and_only_a_post_does_it(client, alice, sign_in):
    sign_in("alice")
    assert client.get("/accounts/logout/").status_code == 200
    assert signed_in(client)
    assert client.post("/accounts/logout/")["Location"] == "/accounts/login/"
    assert not signed_in(client)


def test_sign_out_empties_the_browsers_cache_of_pictures(client, alice, sign_in):
    sign_in("alice")
    assert "Clear-Site-Data" not in client.get("/accounts/logout/")
    assert client.post("/accounts/logout/")["Clear-Site-Data"] == '"cache"'


def test_a_locked_person_is_out_at_the_next_request_and_cannot_come_back(client, alice, sign_in):
    sign_in("alice")
    assert client.get("/accounts/profile/").status_code == 200
    type(alice).objects.update(is_active=False)
    assert client.get("/accounts/profile/").status_code == 302
    response = sign_in("alice")
    assert response["Location"] == "/accounts/inactive/"
    assert "locked this account" in client.get("/accounts/inactive/").content.decode()
    assert client.get("/accounts/profile/").status_code == 302


def test_a_locked_person_with_a_wrong_password_learns_nothing(client, alice, sign_in):
    type(alice).objects.update(is_active=False)
    assert "do not go together" in sign_in("alice", "wrong").content.decode()


def test_five_wrong_tries_close_the_door_for_five_minutes(client, alice, sign_in):
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(5):
            sign_in("alice", "wrong")
        assert "Too many tries" in sign_in("alice").content.decode()
        assert not signed_in(client)
        clock.shift(timedelta(minutes=5, seconds=1))
        assert sign_in("alice").status_code == 302


def test_a_stranger_elsewhere_cannot_lock_a_person_out(client, alice, sign_in):
    for _attempt in range(6):
        sign_in("alice", "wrong", REMOTE_ADDR="203.0.113.9")
    assert sign_in("alice", REMOTE_ADDR="198.51.100.7").status_code == 302


def test_many_addresses_against_one_name_are_stopped_but_not_the_person_at_home(
    client, alice, sign_in
):
    with time_machine.travel(NOW, tick=False):
        sign_in("alice", REMOTE_ADDR="198.51.100.7")
        client.logout()
        for n in range(100):
            sign_in("alice", "wrong", REMOTE_ADDR=f"203.0.113.{n}")
        assert "Too many tries" in sign_in("alice", REMOTE_ADDR="192.0.2.1").content.decode()
        assert sign_in("alice", REMOTE_ADDR="198.51.100.7").status_code == 302


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_HOST"])
def test_headers_a_stranger_can_set_do_not_start_the_count_anew(alice, sign_in, header):
    for n in range(1, 6):
        sign_in("alice", "wrong", **{header: f"127.0.0.1:{n}"})
    page = sign_in("alice", **{header: "127.0.0.1:99"}).content.decode()
    assert "Too many tries" in page


def test_behind_a_proxy_only_the_address_it_added_counts(alice, sign_in, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for n in range(5):
        sign_in("alice", "wrong", HTTP_X_FORWARDED_FOR=f"1.2.3.{n}, 203.0.113.9")
    spoofed = sign_in("alice", HTTP_X_FORWARDED_FOR="9.9.9.9, 203.0.113.9")
    assert "Too many tries" in spoofed.content.decode()
    assert sign_in("alice", HTTP_X_FORWARDED_FOR="203.0.113.10").status_code == 302


def test_hammering_the_sign_in_page_is_answered_429(client, db, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip"}
    for _ in range(3):
        assert client.post("/accounts/login/").status_code == 200
    response = client.post("/accounts/login/")
    assert response.status_code == 429
    assert "Too many tries" in response.content.decode()


def test_passwords_are_hashed_with_argon2():
    from minitoolweb import settings

    assert settings.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


@pytest.mark.parametrize("page", ["signup/", "email/", "confirm-email/", "login/code/confirm/"])
def test_pages_this_house_does_not_use_have_no_address(client, db, page):
    assert client.get(f"/accounts/{page}").status_code == 404


def test_the_language_a_person_chose_comes_with_them(client, alice, sign_in):
    type(alice).objects.update(language="nl")
    assert sign_in("alice").cookies["django_language"].value == "nl"


def test_cross_site_post_cannot_sign_anybody_in(alice):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    form = {"login": "alice", "password": PASSWORD}
    assert strict.post("/accounts/login/", form).status_code == 403
