"""What does not fit is refused with the field's name, before any money is touched."""

import http.client
import json

import pytest

from credit.models import Account, Hold
from tests.gateway.bodies import CHAT_FAULTS, chat
from tests.gateway.server import CHAT, PICTURE, STATUS

pytestmark = pytest.mark.django_db(transaction=True)

MALFORMED = {
    "nothing": b"",
    "no JSON": b"{",
    "list": b"[]",
    "text": b'"x"',
    "null": b"null",
    "NaN": b'{"model": NaN}',
    "infinity": b'{"model": "gpt-4o", "messages": [], "temperature": 1e999}',
    "endless number": b'{"max_completion_tokens": ' + b"9" * 5000 + b"}",
    "not UTF-8": b'{"model": "\xff\xfe"}',
    "NUL": b'\0{"model": "gpt-4o"}',
    "deep list": b"[" * 100_000 + b"]" * 100_000,
    "deep object": b'{"messages":' * 50_000 + b"1" + b"}" * 50_000,
    "deep content": json.dumps(
        {"model": "gpt-4o", "messages": [{"role": "user", "content": [[[[{}]]]]}]}
    ).encode(),
    "form": b"model=gpt-4o&prompt=x",
    "ten megabytes": b'{"model": "' + b"x" * 10_000_000 + b'"}',
    "ten megabytes of spaces": b" " * 10_000_000,
}


@pytest.mark.parametrize("path", [CHAT, PICTURE, STATUS])
def test_malformed_bodies_are_refused_and_the_server_lives(program, path, alice):
    for name, body in MALFORMED.items():
        answer = program.request(
            "POST", path, body, headers={"Authorization": f"Bearer {program.key}"}
        )
        assert answer.status == (413 if "megabytes" in name else 400), name
        assert set(answer.json["error"]) == {"message", "type", "code", "param"}, name
    assert not Hold.objects.exists()
    assert program.chat("Hello").status == 200


def test_a_body_without_a_length_is_measured_too(program):
    connection = http.client.HTTPConnection(*program.address, timeout=20)
    pieces = (b" " * 1_000_000 for _ in range(9))
    connection.request("POST", CHAT, pieces, {"Authorization": f"Bearer {program.key}"})
    answer = connection.getresponse()
    assert (answer.status, json.load(answer)["error"]["code"]) == (413, "request_too_large")
    connection.close()


def test_every_refusal_comes_before_any_money_is_held(program):
    for name, (body, _, code) in CHAT_FAULTS.items():
        answer = program.post(CHAT, body)
        assert (answer.status, answer.json["error"]["code"]) == (400, code), name
    assert not Hold.objects.exists()


def test_fields_that_are_not_the_programs_to_set_change_nothing(program, alice):
    for name, value in {"user": 1, "balance": 10**12, "is_staff": True, "price": 0}.items():
        assert program.post(CHAT, chat(**{name: value})).json["error"]["param"] == name
        body = {"model": "realvision", "prompt": "x", name: value}
        assert program.post(PICTURE, body).json["error"]["param"] == name
    alice.refresh_from_db()
    assert not alice.is_staff
    assert not Account.objects.people().exists()


def test_refused_pictures_look_as_the_provider_shows_them(program):
    answer = program.post(PICTURE, {"model": "nothing", "prompt": "x"})
    assert answer.status == 400
    assert answer.json["error"]["param"] == "model"
    shown = {"status": "error", "jobid": None, "signature": None}
    assert {name: answer.json[name] for name in shown} == shown


def test_errors_are_in_english_whatever_the_program_reads(program):
    headers = {
        "Authorization": f"Bearer {program.key}",
        "Content-Type": "application/json",
        "Accept-Language": "nl",
    }
    answer = program.request("POST", CHAT, {}, headers=headers)
    assert answer.json["error"]["message"] == "The field 'model' is missing."
