"""One's own account."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

FORM = {"first_name": "Alice V.", "email": "Alice@New.example", "language": "nl"}


def test_guests_are_sent_to_sign_in(client, db):
    for answer in (client.get("/accounts/profile/"), client.post("/accounts/profile/", FORM)):
        assert answer["Location"] == "/accounts/login/?next=/accounts/profile/"


def test_a_person_changes_name_address_and_language(client, alice):
    client.force_login(alice)
    answer = client.post("/accounts/profile/", FORM)
    assert answer["Location"] == "/accounts/profile/"
    assert answer.cookies["django_language"].value == "nl"
    alice.refresh_from_db()
    assert (alice.first_name, alice.email, alice.language) == (
        "Alice V.",
        "alice@new.example",
        "nl",
    )


def test_leaving_the_language_to_the_browser_takes_the_cookie_back(client, alice):
    client.force_login(alice)
    client.cookies["django_language"] = "nl"
    answer = client.post("/accounts/profile/", FORM | {"language": ""})
    assert answer.cookies["django_language"]["max-age"] == 0


def test_posting_rights_or_another_name_changes_nothing(client, alice):
    client.force_login(alice)
    rights = {"is_superuser": "on", "is_staff": "on", "username": "root", "session_epoch": "7"}
    client.post("/accounts/profile/", FORM | rights)
    alice.refresh_from_db()
    assert (alice.username, alice.is_staff, alice.is_superuser) == ("alice", False, False)
    assert alice.session_epoch == 0


def test_an_address_of_somebody_else_is_refused(client, alice, bob):
    client.force_login(bob)
    answer = client.post("/accounts/profile/", FORM | {"email": "ALICE@example.org"})
    assert answer.status_code == 422
    assert "Somebody else already uses" in answer.content.decode()


def test_a_refused_entry_does_not_change_whom_the_page_greets(client, alice):
    client.force_login(alice)
    answer = client.post("/accounts/profile/", FORM | {"email": "nowhere"})
    assert answer.context["user"].first_name == "Alice"


def test_an_address_given_up_no_longer_signs_in(client, alice, sign_in):
    EmailAddress.objects.create(user=alice, email="alice@example.org", primary=True)
    client.force_login(alice)
    client.post("/accounts/profile/", FORM)
    client.logout()
    assert sign_in("alice@example.org").status_code == 200
    assert sign_in("alice@new.example").status_code == 302


def test_signing_out_everywhere_else_keeps_this_session_under_a_new_id(client, alice):
    client.force_login(alice)
    elsewhere = Client()
    elsewhere.force_login(alice)
    before = client.session.session_key
    answer = client.post("/accounts/sessions/end/")
    assert answer["Location"] == "/accounts/profile/"
    assert client.get("/accounts/profile/").status_code == 200
    assert client.session.session_key != before
    assert elsewhere.get("/accounts/profile/").status_code == 302


def test_signing_out_elsewhere_reaches_nobody_elses_sessions(client, alice, bob):
    bobs = Client()
    bobs.force_login(bob)
    client.force_login(alice)
    client.post("/accounts/sessions/end/")
    assert bobs.get("/accounts/profile/").status_code == 200


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_signing_out_elsewhere_takes_a_post(client, alice, headers):
    client.force_login(alice)
    assert client.get("/accounts/sessions/end/", headers=headers).status_code == 405


def test_under_htmx_the_page_is_left_by_a_client_redirect(client, alice):
    client.force_login(alice)
    answer = client.post("/accounts/profile/", FORM, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == "/accounts/profile/"


def test_the_page_takes_few_queries(client, alice, django_assert_max_num_queries):
    client.force_login(alice)
    with django_assert_max_num_queries(8):
        client.get("/accounts/profile/")
