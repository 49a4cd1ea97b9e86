"""A person's statement: every cent that came and went, with what was there after it."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from credit import ledger, statements
from credit.endings import Ending, Outcome, Tokens
from credit.models import Account, Transfer
from credit.statements import Filters
from tests.credit.books import give, hold_for

pytestmark = pytest.mark.django_db

DONE = Ending(outcome=Outcome.DONE, reported=Tokens(31, 214))
PICTURE = Ending(outcome=Outcome.PICTURE_DONE)
COST, FLAT = 133_050, 1_500_000


def use(user, number, *, model="gpt-4o-mini"):
    kind = "images:job" if model == "realvision" else "chat:message"
    held = hold_for(user, amount=2_000_000, model=model, cause=f"{kind}:{number}")
    return ledger.settle(held.pk, ending=PICTURE if model == "realvision" else DONE)


@pytest.fixture
def account(alice, no_starting_credit):
    """Alice was given 20,000,000, then chatted twice and made a picture between, a day apart."""
    start = timezone.now() - timedelta(days=3)
    with time_machine.travel(start, tick=False) as clock:
        give(alice, 20_000_000)
        for number, model in enumerate(["gpt-4o-mini", "realvision", "gpt-4o-mini"], 1):
            clock.shift(timedelta(days=1))
            use(alice, number, model=model)
    return Account.objects.get(user=alice)


def told(lines):
    return [(line.amount, line.balance) for line in lines]


AFTER_ALL = 20_000_000 - 2 * COST - FLAT
WHOLE = [
    (-COST, AFTER_ALL),
    (-FLAT, AFTER_ALL + COST),
    (-COST, AFTER_ALL + COST + FLAT),
    (20_000_000, 20_000_000),
]


def test_each_line_says_what_was_there_after_it(account):
    assert told(statements.page(account, Filters()).lines) == WHOLE
    assert told(statements.lines(account, Filters())) == WHOLE
    assert WHOLE[0][1] == account.balance


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        ({"kind": "image"}, [1]),
        ({"kind": "chat"}, [0, 2]),
        ({"kind": "other"}, [3]),
        ({"model": "gpt-4o-mini"}, [0, 2]),
        ({"cause": "chat:message:1"}, [2]),
        ({"kind": "chat", "model": "realvision"}, []),
    ],
)
def test_a_filter_hides_lines_and_leaves_the_balances(account, filters, wanted):
    expected = [WHOLE[place] for place in wanted]
    assert told(statements.page(account, Filters(**filters)).lines) == expected
    assert told(statements.lines(account, Filters(**filters))) == expected


def test_days_are_the_sites_own_and_both_ends_count(alice, no_starting_credit):
    with time_machine.travel("2026-11-21T22:59:59Z", tick=False) as clock:
        give(alice, 10)
        clock.move_to("2026-11-21T23:00:00Z")  # midnight in Amsterdam
        give(alice, 30)
        clock.move_to("2026-11-22T23:00:00Z")
        give(alice, 60)
    account = Account.objects.get(user=alice)
    day = timezone.datetime(2026, 11, 22).date()
    shown = statements.page(account, Filters(since=day, until=day)).lines
    assert told(shown) == [(20, 30)]


def test_pages_follow_each_other_without_gap_or_repetition(account, alice):
    for number in range(60):
        use(alice, 100 + number)
    account.refresh_from_db()
    for filters in (Filters(), Filters(kind="chat")):
        first = statements.page(account, filters)
        rest = statements.page(account, filters, after=Transfer.objects.get(pk=first.following))
        assert len(first.lines) == statements.ROWS
        assert rest.following is None
        assert told([*first.lines, *rest.lines]) == told(statements.lines(account, filters))


def test_a_page_takes_the_same_queries_however_much_there_is(
    account, alice, django_assert_num_queries
):
    with django_assert_num_queries(5):
        statements.page(account, Filters(kind="chat"))
    for number in range(60):
        use(alice, 100 + number)
    with django_assert_num_queries(5):
        statements.page(account, Filters(kind="chat"))


def test_a_late_settlement_tells_of_its_own_tokens(alice, no_starting_credit):
    give(alice, 5_000_000)
    with time_machine.travel(timezone.now() - timedelta(hours=1), tick=False):
        held = hold_for(alice)
        ledger.dispatch(held.pk)
        ledger.heartbeat([held.pk], lease=timedelta(seconds=1), progress={held.pk: Tokens(31, 14)})
    assert ledger.sweep() == 1
    ledger.settle(held.pk, ending=DONE)
    late, charge = statements.page(Account.objects.get(user=alice), Filters()).lines[:2]
    assert (charge.usage.completion_tokens, late.usage.completion_tokens) == (14, 200)
    assert charge.amount + late.amount == -COST


# --- The page ---------------------------------------------------------------------------------


def test_the_page_shows_amounts_to_the_nano_dollar(client, alice, account):
    client.force_login(alice)
    page = client.get(reverse("credit:statement")).content.decode()
    assert "−$0.00013305" in page
    assert "$0.0182339" in page
    assert "31 + 214 tokens" in page
    assert reverse("credit:statement_file") in page


def test_filters_stand_in_the_address_and_in_the_links(client, alice, account):
    client.force_login(alice)
    page = client.get(reverse("credit:statement"), {"kind": "image"}).content.decode()
    assert "−$0.0015" in page
    assert "−$0.00013305" not in page
    assert reverse("credit:statement_file") + "?kind=image" in page
    nonsense = client.get(reverse("credit:statement"), {"kind": "x", "since": "soon"})
    assert nonsense.content.decode().count('<th scope="row">') == 4


def test_only_ones_own_lines_are_shown_and_go_on(client, bob, account):
    client.force_login(bob)
    assert "−$0.00013305" not in client.get(reverse("credit:statement")).content.decode()
    theirs = Transfer.objects.filter(source=account).first()
    for after in (theirs.pk, "x", 10**30):
        assert client.get(reverse("credit:statement"), {"after": after}).status_code == 404


def test_the_file_has_plain_numbers_and_the_filters(client, alice, account):
    client.force_login(alice)
    answer = client.get(reverse("credit:statement_file"), {"kind": "chat"})
    rows = list(csv.reader(StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert rows[0][1:5] == ["What", "Model", "Prompt tokens", "Output tokens"]
    assert rows[1][1:8] == [
        "Use",
        "gpt-4o-mini",
        "31",
        "214",
        "Measured upstream",
        "-0.000133050",
        "0.018233900",
    ]
    assert len(rows) == 3


@pytest.mark.parametrize("name", ["spend", "statement", "statement_file", "purse"])
def test_a_guest_is_sent_to_sign_in(client, name):
    assert client.get(reverse(f"credit:{name}")).url.startswith(reverse("account_login"))
