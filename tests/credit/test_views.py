"""The page of one's own spending, vouchers taken in there, and a limit of one's own."""

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Group
from credit import ledger, opening, vouchers
from credit.limits import set_limits
from credit.models import Account, Transfer
from tests.credit.books import give, hold_for
from tests.credit.test_statement_lines import COST, FLAT, use

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
DOLLAR = 10**9


@pytest.fixture
def spent(alice, no_starting_credit):
    """Alice chatted in October and on the 1st of November, and made a picture on the 22nd."""
    with time_machine.travel("2026-10-20T12:00:00Z", tick=False) as clock:
        give(alice, DOLLAR)
        use(alice, 1)
        clock.move_to("2026-11-01T12:00:00Z")
        use(alice, 2)
        clock.move_to("2026-11-22T12:00:00Z")
        use(alice, 3, model="realvision")
        yield alice


def open_spend(client, user, **query):
    client.force_login(user)
    return client.get(reverse("credit:spend"), query).content.decode()


def test_the_page_sums_up_days_models_kinds_and_months(client, spent):
    page = open_spend(client, spent)
    assert f"$0.00{COST + FLAT:07}".rstrip("0") in page  # this month: 0.00163305
    assert "last month $0.00013305" in page
    assert page.count("<g>") == 30
    assert "92 %" in page  # realvision's share
    assert "gpt-4o-mini" in page


def test_the_range_is_in_the_address(client, spent):
    page = open_spend(client, spent, days="7")
    assert page.count("<g>") == 7
    assert "gpt-4o-mini" not in page
    assert open_spend(client, spent, days="8").count("<g>") == 30


def test_who_spent_nothing_is_told_so(client, alice):
    page = open_spend(client, alice)
    assert "Nothing was spent in these days." in page
    assert '<svg class="bars"' not in page


def test_limits_say_how_full_they_are_and_when_they_begin_anew(client, spent):
    group = Group.objects.create(name="4B")
    spent.group = group
    spent.save()
    set_limits(opening.open_group(group), day=DOLLAR, month=None)
    set_limits(opening.open_account(spent), day=None, month=4 * (FLAT + COST))
    page = open_spend(client, spent)
    assert "Your limit a month" in page
    assert 'value="25" aria-label="Your limit a month"' in page
    assert "begins anew on December 1" in page
    assert "Your group&#x27;s limit a day" in page


def test_the_page_takes_the_same_queries_however_much_was_spent(
    client, spent, django_assert_max_num_queries
):
    set_limits(opening.open_account(spent), day=DOLLAR, month=DOLLAR)
    open_spend(client, spent)
    with django_assert_max_num_queries(9) as few:
        client.get(reverse("credit:spend"))
    for number in range(10, 30):
        use(spent, number)
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("credit:spend"))


# --- The purse, for open pages ----------------------------------------------------------------


def test_the_purse_is_sent_when_it_is_not_as_the_page_shows_it(client, spent):
    client.force_login(spent)
    seen = {"seen": ledger.purse(spent).seen}
    assert client.get(reverse("credit:purse"), seen).status_code == 204
    use(spent, 9)
    answer = client.get(reverse("credit:purse"), seen)
    assert answer.status_code == 200
    assert 'id="purse"' in answer.content.decode()


# --- Vouchers ---------------------------------------------------------------------------------


def redeem(client, code, **more):
    return client.post(reverse("credit:redeem"), {"code": code}, **more)


@pytest.fixture
def code(db):
    return vouchers.issue("Open day", amount=DOLLAR // 2, count=1, expires_at=None, actor=None)[0]


def test_a_voucher_is_redeemed_and_said_so(client, alice, code):
    client.force_login(alice)
    before = ledger.purse(alice).balance
    answer = client.post(reverse("credit:redeem"), {"code": code.lower()}, follow=True)
    assert "“Open day” gave you $0.5000." in answer.content.decode()
    assert ledger.purse(alice).balance == before + DOLLAR // 2


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "There is no such voucher"), ("nl", "Deze tegoedbon bestaat niet")],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_wrong_code_is_told_at_its_field_which_keeps_the_focus(
    client, alice, settings, language, said, headers
):
    client.force_login(alice)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = redeem(client, "0000-0000", headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    field = page[page.index('name="code"') :].partition(">")[0]
    assert "autofocus" in field
    assert 'aria-invalid="true"' in field
    assert 'value="0000-0000"' in field
    assert ("<html" in page) is not headers


def test_a_used_voucher_gives_nothing_again(client, alice, bob, code):
    vouchers.redeem(bob, code)
    client.force_login(alice)
    answer = redeem(client, code)
    assert "This voucher has been used." in answer.content.decode()
    assert not Transfer.objects.filter(code="voucher", destination__user=alice).exists()


def test_too_many_tries_are_refused_also_with_a_true_code(client, alice, bob, code):
    client.force_login(alice)
    for _try in range(10):
        assert redeem(client, "wrong").status_code == 422
    answer = redeem(client, code)
    assert answer.status_code == 429
    assert "Too many tries" in answer.content.decode()
    client.force_login(bob)  # from the same address
    assert redeem(client, code).status_code == 302


# --- A limit of one's own ---------------------------------------------------------------------


def allow(client, **limits):
    return client.post(reverse("credit:own_limits"), {"day": "", "month": ""} | limits)


def test_ones_own_limit_is_set_raised_and_lifted(client, alice):
    client.force_login(alice)
    for month, nano in [("2", 2 * DOLLAR), ("3.50", 3_500_000_000), ("", None)]:
        assert allow(client, month=month).status_code == 302
        assert Account.objects.get(user=alice).own_month_limit == nano
    assert allow(client, day="0").status_code == 302
    with pytest.raises(ledger.LimitReached):
        hold_for(alice)


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"month": "1.01"}, "The administrator allows you at most $1.0000."),
        ({"day": "-1"}, "greater than or equal to 0"),
        ({"day": "much"}, "Enter a number."),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused_and_nothing_changes(client, alice, limits, said):
    set_limits(opening.open_account(alice), day=None, month=DOLLAR)
    client.force_login(alice)
    answer = allow(client, **limits)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Account.objects.get(user=alice).own_month_limit is None


@pytest.mark.parametrize("name", ["redeem", "own_limits"])
def test_a_guest_changes_nothing(client, name, code):
    answer = client.post(reverse(f"credit:{name}"), {"code": code, "day": "0"})
    assert answer.url.startswith(reverse("account_login"))
    assert not Transfer.objects.filter(code="voucher").exists()
