"""Who a program is: every spelling of a working key, and nothing else."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts import people
from accounts.models import User
from credit.models import Hold
from gateway import keys
from gateway.models import ApiKey
from tests.gateway.server import CHAT, PICTURE
from tests.simulator.caller import chat_body

pytestmark = pytest.mark.django_db(transaction=True)

BODY = chat_body("Hello")


@pytest.fixture
def post(client):
    """A POST to the chat with these headers, without a socket between."""

    def post(path=CHAT, body=None, **headers):
        return client.post(path, body or {}, content_type="application/json", headers=headers)

    return post


@pytest.fixture
def made(new_key, alice):
    return new_key(alice)


def is_let_in(answer):
    """An empty body is refused for itself, once the key was taken."""
    return answer.status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer {}"},
        {"Authorization": "bearer {}"},
        {"Authorization": "BEARER   {}  "},
        {"X-API-Key": "{}"},
        {"Authorization": "Bearer {}", "X-API-Key": "{}"},
        {"Authorization": "Basic abc", "X-API-Key": "{}"},
    ],
    ids=str,
)
def test_any_spelling_of_the_header_works(post, made, headers):
    answer = post(**{name: value.format(made.secret) for name, value in headers.items()})
    assert is_let_in(answer)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "wrong",
        "mt-" + "a" * 40,
        "a" * 10_000,
        "' OR 1=1 --",
        '"; DROP TABLE gateway_apikey; --',
        "mt-\0null",
        "ключ",
        "é" * 40,
        "%00",
    ],
)
@pytest.mark.parametrize("path", [CHAT, PICTURE, "/api/anything"])
@pytest.mark.parametrize("name", ["Authorization", "X-API-Key"])
def test_a_bad_key_is_refused_whatever_it_holds(post, made, path, name, key):
    answer = post(path, **{name: f"Bearer {key}" if name == "Authorization" else key})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    error = answer.json()["error"]
    assert (error["code"], error["param"]) == ("invalid_api_key", None)


def test_a_bad_key_is_refused_over_a_real_socket(program):
    for key in ("x" * 10_000, "' OR 1=1 --", '"', "caf\xe9"):
        headers = {"Authorization": f"Bearer {key}".encode("latin-1")}
        assert program.request("POST", CHAT, BODY, headers=headers).status == 401
    assert program.chat("Hello").status == 200


def test_two_different_keys_are_none(post, made, new_key, alice):
    other = new_key(alice)
    answer = post(**{"Authorization": f"Bearer {made.secret}", "X-API-Key": other.secret})
    assert answer.status_code == 401


def test_the_key_is_not_taken_from_the_address_or_the_body(client, made):
    path = f"{CHAT}?key={made.secret}&api_key={made.secret}&access_token={made.secret}"
    body = {**BODY, "api_key": made.secret}
    assert client.post(path, body, content_type="application/json").status_code == 401


def test_a_session_opens_nothing_and_none_is_made(client, alice):
    client.force_login(alice)
    answer = client.post(CHAT, BODY, content_type="application/json")
    assert answer.status_code == 401
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


def test_no_csrf_token_is_needed(made):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(
        CHAT,
        {},
        content_type="application/json",
        headers={"Authorization": f"Bearer {made.secret}"},
    )
    assert is_let_in(answer)


def test_a_revoked_key_is_refused_at_once(post, made):
    assert is_let_in(post(Authorization=f"Bearer {made.secret}"))
    keys.revoke(ApiKey.objects.filter(pk=made.key.pk))
    assert post(Authorization=f"Bearer {made.secret}").status_code == 401


def test_a_locked_out_persons_key_is_refused_at_once(post, made, alice):
    people.lock_out(User.objects.filter(pk=alice.pk))
    assert post(Authorization=f"Bearer {made.secret}").status_code == 401
    people.let_in(User.objects.filter(pk=alice.pk))
    assert is_let_in(post(Authorization=f"Bearer {made.secret}"))


def test_a_key_works_until_it_expires(post, new_key, alice):
    made = new_key(alice, lifetime=timedelta(days=7))
    with time_machine.travel(timezone.now() + timedelta(days=6, hours=23)):
        assert is_let_in(post(Authorization=f"Bearer {made.secret}"))
    with time_machine.travel(timezone.now() + timedelta(days=7)):
        assert post(Authorization=f"Bearer {made.secret}").status_code == 401


def test_guessing_costs_nobody_anything(post, made):
    post(Authorization="Bearer mt-guess", body=BODY)
    assert not Hold.objects.exists()


def test_an_unknown_address_is_told_in_json_to_who_has_a_key(client, made):
    headers = {"Authorization": f"Bearer {made.secret}"}
    for method in (client.get, client.post):
        answer = method("/api/nothing/here", headers=headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_other_methods_are_told_what_works(client, made, method):
    answer = getattr(client, method)(CHAT, headers={"Authorization": f"Bearer {made.secret}"})
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert answer.json()["error"]["code"] == "method_not_allowed"
