"""The books in the admin panel."""

import time
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from accounts.models import Group, User
from credit import ledger, opening
from credit.endings import Ending, Outcome, Tokens
from credit.models import Account, Hold, Policy, PoolEntry, Price, Transfer, UsageRecord
from tests.credit.books import hold_for

DOLLAR = 1_000_000_000


@pytest.fixture
def root(db):
    return User.objects.create_superuser("root", password="dikes-and-tulips-7")


@pytest.fixture
def admin(client, root):
    client.force_login(root)
    session = client.session
    session["password_shown_at"] = time.time()
    session.save()
    return client


def grant_url(person):
    return reverse("admin:credit_account_grant", args=[person.pk])


def give(client, person, **changes):
    told = {"amount": "2.50", "reason": "For the project", "key": str(uuid4()), **changes}
    return client.post(grant_url(person), told)


def test_an_admin_gives_credit_with_a_reason(admin, root, alice):
    page = admin.get(grant_url(alice)).content.decode()
    assert "$1.0000" in page
    answer = give(admin, alice)
    assert answer["Location"] == reverse("admin:credit_account_changelist")
    assert ledger.purse(alice).balance == DOLLAR + 2_500_000_000
    transfer = Transfer.objects.get(code="grant")
    assert (transfer.actor, transfer.reason) == (root, "For the project")
    assert LogEntry.objects.filter(user=root, change_message="Gave $2.5000.").exists()


def test_an_admin_notes_a_top_up_of_the_pool_once(admin, root):
    url = reverse("admin:credit_poolentry_add")
    told = {"kind": "top_up", "amount": "20", "reason": "", "idempotency_key": str(uuid4())}
    for _ in range(2):
        assert admin.post(url, told).status_code == 302
    entry = PoolEntry.objects.get()
    assert (entry.amount, entry.actor) == (20 * DOLLAR, root)
    pages = [reverse(f"admin:credit_pool{name}_changelist") for name in ("", "entry")]
    pages += [
        reverse("admin:credit_pool_change", args=[1]),
        reverse("admin:credit_poolentry_change", args=[entry.pk]),
    ]
    assert all("$20.0000" in admin.get(page).content.decode() for page in pages)


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "0"},
        {"amount": "-3"},
        {"kind": "correction"},
        {"kind": "correction", "reason": "odd", "amount": "0"},
        {"idempotency_key": "not-a-key"},
    ],
)
def test_a_pool_entry_that_makes_no_sense_is_not_noted(admin, wrong):
    told = {"kind": "top_up", "amount": "3", "reason": "", "idempotency_key": str(uuid4()), **wrong}
    page = admin.post(reverse("admin:credit_poolentry_add"), told)
    assert page.status_code == 200
    assert not PoolEntry.objects.exists()


def test_a_page_sent_again_with_another_amount_notes_nothing_more(admin):
    url = reverse("admin:credit_poolentry_add")
    told = {"kind": "top_up", "amount": "20", "reason": "", "idempotency_key": str(uuid4())}
    admin.post(url, told)
    assert "booked before" in admin.post(url, told | {"amount": "30"}).content.decode()
    assert PoolEntry.objects.count() == 1


def limits_url(account):
    return reverse("admin:credit_account_limits", args=[account.pk])


def test_an_admin_limits_a_person_and_a_group(admin, root, alice):
    group = opening.open_group(Group.objects.create(name="4B"))
    for account in (opening.open_account(alice), group):
        answer = admin.post(limits_url(account), {"day": "0.25", "month": ""})
        assert answer["Location"] == reverse("admin:credit_account_changelist")
        account.refresh_from_db()
        assert (account.day_limit, account.month_limit) == (250_000_000, None)
    assert LogEntry.objects.filter(user=root, change_message="$0.2500 a day").count() == 2
    assert "$0.2500 a day" in admin.get(answer["Location"]).content.decode()
    assert 'value="0.25"' in admin.get(limits_url(group)).content.decode()


def test_a_limit_that_is_no_amount_changes_nothing(admin, alice):
    account = opening.open_account(alice)
    answer = admin.post(limits_url(account), {"day": "-1", "month": "soon"})
    assert answer.status_code == 422
    account.refresh_from_db()
    assert account.day_limit is None


def test_the_house_has_no_limits(admin):
    assert admin.get(limits_url(Account.objects.house("usage"))).status_code == 404


@pytest.mark.parametrize("is_staff", [False, True])
def test_only_admins_set_limits(client, alice, bob, is_staff):
    bob.is_staff = is_staff
    bob.save()
    client.force_login(bob)
    answer = client.post(limits_url(opening.open_account(alice)), {"day": "0", "month": ""})
    assert answer.status_code in (302, 403)
    assert Account.objects.get(user=alice).day_limit is None


def test_a_double_click_gives_once(admin, alice):
    key = str(uuid4())
    give(admin, alice, key=key)
    give(admin, alice, key=key)
    assert ledger.purse(alice).balance == DOLLAR + 2_500_000_000


def test_the_same_page_sent_with_another_amount_gives_nothing_more(admin, alice):
    key = str(uuid4())
    give(admin, alice, key=key)
    answer = give(admin, alice, key=key, amount="3")
    assert answer.status_code == 422
    assert "booked before" in answer.content.decode()
    assert ledger.purse(alice).balance == DOLLAR + 2_500_000_000


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "0"},
        {"amount": "-1"},
        {"amount": "0.0000000001"},
        {"amount": "1000000.01"},
        {"amount": "1e400"},
        {"amount": "NaN"},
        {"amount": ""},
        {"reason": " "},
        {"key": "not-a-key"},
    ],
)
def test_what_is_no_amount_or_has_no_reason_is_shown_again(admin, alice, wrong):
    answer = give(admin, alice, **wrong)
    assert answer.status_code == 422
    assert not Transfer.objects.filter(code="grant").exists()


def test_nobody_but_an_admin_gives_credit(client, alice, bob):
    assert client.get(grant_url(alice)).status_code == 302
    client.force_login(bob)
    assert give(client, bob).status_code == 302
    bob.is_staff = True
    bob.save()
    assert give(client, bob).status_code == 403
    assert not Transfer.objects.filter(code="grant").exists()


def test_an_admin_shows_the_password_before_giving_credit(client, root, alice):
    client.force_login(root)
    answer = give(client, alice)
    assert "reauthenticate" in answer["Location"]
    assert not Transfer.objects.filter(code="grant").exists()


def test_credit_for_somebody_who_is_not_there_is_not_found(admin):
    assert admin.get(reverse("admin:credit_account_grant", args=[0])).status_code == 404


def test_everybody_is_listed_also_who_has_never_been_here(admin, alice, bob):
    page = admin.get(reverse("admin:credit_account_changelist")).content.decode()
    assert grant_url(alice) in page
    assert grant_url(bob) in page
    assert Account.objects.people().count() == 3


@pytest.fixture
def spent(alice):
    held = hold_for(alice)
    return ledger.settle(held.pk, ending=Ending(outcome=Outcome.DONE, reported=Tokens(31, 214)))


@pytest.mark.parametrize("model", [Account, Transfer, Hold, UsageRecord, Price, Policy])
def test_the_books_can_be_read_and_searched(admin, spent, model):
    name = f"admin:credit_{model._meta.model_name}"
    row = model.objects.order_by("pk").last()
    assert admin.get(reverse(f"{name}_changelist")).status_code == 200
    assert admin.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200
    if model in (Account, Transfer, Hold, UsageRecord):
        assert admin.get(reverse(f"{name}_changelist"), {"q": "alice"}).status_code == 200


def test_a_record_is_found_by_its_request(admin, spent):
    url = reverse("admin:credit_usagerecord_changelist")
    assert "$0.00013305" in admin.get(url, {"q": "request-1"}).content.decode()
    assert "$0.00013305" not in admin.get(url, {"q": "request-2"}).content.decode()


def test_amounts_are_shown_to_the_nano_dollar_as_in_the_purse(admin, alice):
    ledger.grant(alice, amount=123_456_789, actor=None, reason="to the bit", key="k")
    held = hold_for(alice, amount=100_000_001)
    pages = {
        reverse("admin:credit_account_changelist"): ("$1.123456789", "$0.100000001"),
        reverse("admin:credit_account_change", args=[alice.account.pk]): ("$1.023456788",),
        reverse("admin:credit_hold_changelist"): ("$0.100000001",),
        reverse("admin:credit_hold_change", args=[held.pk]): ("$0.100000001",),
        reverse("admin:credit_transfer_changelist"): ("$0.123456789",),
        grant_url(alice): ("$1.023456788",),
    }
    for url, amounts in pages.items():
        page = admin.get(url).content.decode()
        assert all(amount in page for amount in amounts), url


@pytest.mark.parametrize("model", [Account, Transfer, Hold, UsageRecord, Price])
def test_nothing_in_the_books_can_be_changed_or_deleted(admin, spent, model):
    name = f"admin:credit_{model._meta.model_name}"
    row = model.objects.order_by("pk").last()
    assert admin.post(reverse(f"{name}_change", args=[row.pk]), {}).status_code == 403
    assert admin.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", [Account, Transfer, Hold, UsageRecord, Price, Policy])
def test_mere_staff_do_not_see_the_books(client, spent, bob, model):
    bob.is_staff = True
    bob.save()
    client.force_login(bob)
    url = reverse(f"admin:credit_{model._meta.model_name}_changelist")
    assert client.get(url).status_code == 403


def test_the_starting_credit_is_set_in_dollars(admin, alice):
    url = reverse("admin:credit_policy_change", args=[1])
    assert 'value="1.00"' in admin.get(url).content.decode()
    admin.post(url, {"starting_credit": "0.25", "markup": "0"})
    assert ledger.purse(alice).balance == 250_000_000


def test_a_price_is_added_from_a_date_on(admin):
    new = {
        "model": "gpt-4o",
        "kind": "chat",
        "input_nano": "2",
        "output_nano": "3",
        "flat_nano": "0",
        "effective_from_0": "2026-01-01",
        "effective_from_1": "00:00:00",
    }
    url = reverse("admin:credit_price_add")
    assert admin.post(url, new).status_code == 302
    assert Price.objects.filter(model="gpt-4o").count() == 2
    for wrong in ({"kind": "image"}, {"input_nano": "-1"}):
        answer = admin.post(url, new | {"effective_from_0": "2026-02-01"} | wrong)
        assert answer.status_code == 200
    assert Price.objects.filter(model="gpt-4o").count() == 2


def test_lists_take_a_constant_number_of_queries(admin, spent, bob, django_assert_max_num_queries):
    for number in range(5):
        held = hold_for(bob, cause=f"chat:message:bob:{number}")
        ledger.settle(held.pk, ending=Ending(outcome=Outcome.DONE, reported=Tokens(1, 1)))
    for model in (Account, Transfer, Hold, UsageRecord):
        url = reverse(f"admin:credit_{model._meta.model_name}_changelist")
        admin.get(url)
        with django_assert_max_num_queries(10):
            admin.get(url)


def test_what_was_perhaps_billed_and_charged_to_nobody_is_a_list(admin, alice):
    for outcome in (Outcome.REFUSED, Outcome.NOT_SENT):
        held = hold_for(alice, cause=f"chat:message:{outcome}")
        ledger.dispatch(held.pk)
        ledger.void(held.pk, outcome=outcome)
    url = reverse("admin:credit_usagerecord_changelist")
    assert admin.get(url).context["cl"].result_count == 2
    [row] = admin.get(url, {"unbilled": "yes"}).context["cl"].result_list
    assert row.outcome == Outcome.REFUSED


def test_a_persons_page_leads_to_giving_credit(admin, alice):
    page = admin.get(reverse("admin:accounts_user_change", args=[alice.pk]))
    assert grant_url(alice) in page.content.decode()
