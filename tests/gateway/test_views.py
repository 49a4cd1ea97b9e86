"""The page of keys: each seen by its owner alone, shown once, revoked for good."""

import re
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import freshness
from gateway import keys
from gateway.models import ApiKey

pytestmark = pytest.mark.django_db

PAGE = "/keys/"
PASSWORD = "correct horse battery staple"
HTMX = {"HX-Request": "true"}
SECRET = re.compile(r"mt-[A-Za-z0-9]{40}")
NEW = {"name": "Raspberry Pi", "lifetime": ""}


@pytest.fixture
def as_alice(client, alice):
    """Alice, who typed her password a moment ago."""
    client.force_login(alice)
    return typed_password(client)


def typed_password(client, *, ago=0):
    session = client.session
    session[freshness.SESSION_KEY] = time.time() - ago
    session.save()
    return client


@pytest.fixture
def key_of():
    def key_of(user, name="laptop", **more):
        return keys.make(user, name=name, lifetime=None, **more).key

    return key_of


def secrets_in(answer):
    return SECRET.findall(answer.content.decode())


def test_a_guest_is_sent_to_sign_in(client):
    assert reverse("account_login") in client.get(PAGE)["Location"]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_who_has_none_is_told_what_keys_are_for(as_alice, headers):
    answer = as_alice.get(PAGE, headers=headers)
    assert answer.status_code == 200
    assert "No keys yet" in answer.content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_a_new_key_is_shown_in_the_answer_and_never_again(as_alice, alice, headers):
    answer = as_alice.post(PAGE, NEW, headers=headers)
    assert answer.status_code == 200
    [secret] = secrets_in(answer)
    assert keys.recognise(secret).user == alice
    assert ("<html" in answer.content.decode()) is not bool(headers)
    assert "no-store" in answer["Cache-Control"]
    assert secret not in str(dict(as_alice.session)) + str(answer.cookies)
    assert not secrets_in(as_alice.get(PAGE))
    assert ApiKey.objects.get().shown in as_alice.get(PAGE).content.decode()


def test_a_key_may_be_made_for_a_time(as_alice):
    as_alice.post(PAGE, {**NEW, "lifetime": "30"})
    key = ApiKey.objects.get()
    assert key.expires_at - key.created_at == timedelta(days=30)


@pytest.mark.parametrize(
    "entry", [{"name": ""}, {"name": "  "}, {"name": "x" * 61}, {**NEW, "lifetime": "31"}]
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_what_cannot_be_is_said_at_the_form(as_alice, entry, headers):
    answer = as_alice.post(PAGE, entry, headers=headers)
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    assert not ApiKey.objects.exists()


def test_what_is_not_the_persons_to_set_changes_nothing(as_alice, alice, bob):
    extra = {"user": bob.pk, "digest": "0" * 64, "prefix": "chosen00", "revoked_at": "now"}
    as_alice.post(PAGE, {**NEW, **extra})
    key = ApiKey.objects.get()
    assert (key.user, key.revoked_at) == (alice, None)
    assert key.prefix != "chosen00"


def test_a_name_is_shown_as_text(as_alice, key_of, alice):
    key_of(alice, "<script>alert(1)</script>")
    assert "<script>alert" not in as_alice.get(PAGE).content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_after_an_hour_a_new_key_asks_for_the_password_and_then_is_made(client, alice, headers):
    client.force_login(alice)
    typed_password(client, ago=3601)
    answer = client.post(PAGE, NEW, headers=headers)
    to = answer.get("Location") or answer["HX-Redirect"]
    assert to.startswith(reverse("account_reauthenticate"))
    assert not ApiKey.objects.exists()
    made = client.post(to, {"password": PASSWORD})
    assert made.status_code == 200
    assert len(secrets_in(made)) == 1
    assert ApiKey.objects.get().name == NEW["name"]


def test_seeing_and_revoking_ask_for_no_password(client, alice, key_of):
    client.force_login(alice)
    key = key_of(alice)
    assert client.get(PAGE).status_code == 200
    client.post(f"{PAGE}{key.pk}/revoke/")
    assert not ApiKey.objects.live().exists()


def test_so_many_and_no_more(as_alice, alice, key_of):
    for number in range(keys.MOST_LIVE):
        key_of(alice, f"key {number}")
    answer = as_alice.post(PAGE, NEW)
    assert answer.status_code == 422
    assert "revoke one first" in answer.content.decode()
    assert ApiKey.objects.count() == keys.MOST_LIVE


def test_without_script_one_is_asked_on_a_page_first(as_alice, alice, key_of):
    key = key_of(alice)
    asked = as_alice.get(f"{PAGE}{key.pk}/revoke/")
    assert "Revoke “laptop”?" in asked.content.decode()
    assert ApiKey.objects.live().exists()
    done = as_alice.post(f"{PAGE}{key.pk}/revoke/", follow=True)
    page = done.content.decode()
    assert "“laptop” is revoked." in page
    assert "No key that works" in page
    assert "Keys that no longer work" in page


def test_with_htmx_the_list_is_changed_in_place(as_alice, alice, key_of):
    key = key_of(alice)
    answer = as_alice.post(f"{PAGE}{key.pk}/revoke/", headers=HTMX)
    assert "<html" not in answer.content.decode()
    assert 'id="keys"' in answer.content.decode()
    assert "is revoked" in answer["HX-Trigger"].encode().decode("unicode_escape")


@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_elses_key_is_not_there(as_alice, bob, key_of, method):
    key = key_of(bob, "bob’s")
    assert getattr(as_alice, method)(f"{PAGE}{key.pk}/revoke/").status_code == 404
    assert ApiKey.objects.live().count() == 1
    assert "bob’s" not in as_alice.get(PAGE).content.decode()


def test_an_expired_key_is_listed_among_those_that_ended(as_alice, alice, key_of):
    key = key_of(alice)
    ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now())
    page = as_alice.get(PAGE).content.decode()
    assert page.index("Keys that no longer work") < page.index("laptop")
    assert "expired" in page


def test_the_page_takes_as_many_queries_for_ten_keys_as_for_one(as_alice, alice, key_of):
    key_of(alice)
    as_alice.get(PAGE)  # opens her account
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            as_alice.get(PAGE)
        counts.append(len(queries))
        for number in range(9):
            key_of(alice, f"key {number}")
    assert counts[0] == counts[1] <= 8


def test_the_account_menu_leads_here(as_alice):
    assert f'href="{PAGE}"' in as_alice.get("/pictures/").content.decode()
