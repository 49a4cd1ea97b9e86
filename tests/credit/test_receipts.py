"""The receipt of an answer or a picture: quantities times prices, down to what was charged."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from credit import ledger
from credit.endings import Ending, Outcome, Tokens
from credit.models import Policy, UsageRecord
from tests.credit.books import give, hold_for
from tests.credit.test_statement_lines import DONE, PICTURE

pytestmark = pytest.mark.django_db


def settle(user, *, model="gpt-4o-mini", cause="chat:message:1", amount=1_000_000, ending=DONE):
    return ledger.settle(hold_for(user, model=model, cause=cause, amount=amount).pk, ending=ending)


def lines(client, cause="chat:message:1", **headers):
    page = client.get(reverse("credit:receipt"), {"cause": cause}, **headers).content.decode()
    return [
        " = ".join(
            re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", row)
        )
        for row in re.findall(r"<tr>.*?</tr>", page)
    ]


def test_a_reply_is_tokens_times_prices(client, alice):
    settle(alice)
    client.force_login(alice)
    assert lines(client) == [
        "31 prompt tokens × $0.00000015 = $0.00000465",
        "214 output tokens × $0.0000006 = $0.0001284",
        "Charged = $0.00013305",
    ]
    page = client.get(reverse("credit:receipt"), {"cause": "chat:message:1"}).content.decode()
    record = UsageRecord.objects.get()
    assert f"no. {record.price_id}, in force since" in page
    assert "Measured upstream, done" in page
    assert "request-1" in page


def test_a_markup_stands_by_itself_and_the_lines_make_the_sum(client, alice):
    Policy.objects.update(markup=1000)
    record = settle(alice)
    client.force_login(alice)
    assert lines(client)[2] == "Markup of this site = $0.000013305"
    assert record.prompt_cost + record.completion_cost + record.markup_cost == record.charged


def test_what_the_house_bore_comes_off(client, alice, no_starting_credit):
    give(alice, 100_000)
    record = settle(alice, amount=100_000)
    client.force_login(alice)
    assert lines(client)[2:] == ["Borne by this site = −$0.00003305", "Charged = $0.0001"]
    total = record.prompt_cost + record.completion_cost + record.markup_cost + record.borne
    assert total == record.charged


def test_each_attempt_is_there_and_their_sum(client, alice):
    settle(alice, ending=Ending(outcome=Outcome.STOPPED, counted=Tokens(31, 10)))
    settle(alice)
    client.force_login(alice)
    page = client.get(reverse("credit:receipt"), {"cause": "chat:message:1"}).content.decode()
    assert "attempt 1" in page
    assert "attempt 2" in page
    assert "$0.0001437" in page  # 10,650 and 133,050


def test_a_picture_has_one_price(client, alice):
    settle(alice, model="realvision", cause="images:job:1", amount=1_500_000, ending=PICTURE)
    client.force_login(alice)
    assert lines(client, "images:job:1") == ["Picture = $0.0015", "Charged = $0.0015"]


def test_htmx_gets_the_receipt_alone(client, alice):
    settle(alice)
    client.force_login(alice)
    answer = client.get(
        reverse("credit:receipt"), {"cause": "chat:message:1"}, headers={"HX-Request": "true"}
    )
    assert "<html" not in answer.content.decode()
    assert "Charged" in answer.content.decode()


def test_only_ones_own_receipts_are_shown(client, alice, bob, django_assert_max_num_queries):
    settle(alice)
    client.force_login(bob)
    for cause in ("chat:message:1", "chat:message:2", ""):
        assert client.get(reverse("credit:receipt"), {"cause": cause}).status_code == 404
    client.force_login(alice)
    for _attempt in range(4):
        settle(alice)
    with django_assert_max_num_queries(3):
        client.get(reverse("credit:receipt"), {"cause": "chat:message:1"})


def test_a_late_settlement_is_told_as_such(client, alice):
    with time_machine.travel(timezone.now() - timedelta(hours=1), tick=False):
        held = hold_for(alice)
        ledger.dispatch(held.pk)
        ledger.heartbeat([held.pk], lease=timedelta(seconds=1), progress={held.pk: Tokens(31, 14)})
    ledger.sweep()
    ledger.settle(held.pk, ending=DONE)
    client.force_login(alice)
    page = client.get(reverse("credit:receipt"), {"cause": "chat:message:1"}).content.decode()
    assert "settled late" in page
    assert "$0.00013305" in page
