import time

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, Group
from credit import ledger, limits, opening, pauses, pool, vouchers
from credit.admin.trail import in_words
from credit.errors import InsufficientCredit
from credit.models import Allowance, Policy, PoolEntry, Price
from gateway import keys
from gateway.models import ApiKey
from tests.factories import UserFactory


@pytest.fixture
def admin(db):
    return UserFactory(username="boss", is_staff=True, is_superuser=True)


@pytest.fixture
def boss(client, admin):
    client.force_login(admin)
    session = client.session
    session["password_shown_at"] = time.time()
    session.save()
    return client


def only(kind):
    return AuditEntry.objects.get(kind=kind)


def words(kind):
    return in_words(only(kind))


def test_money_by_hand_is_noted_with_the_balance_before_and_after(alice, admin):
    balance = ledger.purse(alice).balance
    ledger.grant(alice, amount=10**9, actor=admin, reason="well done", key="k")
    entry = only("balance")
    assert (entry.before, entry.after) == ({"balance": balance}, {"balance": balance + 10**9})
    assert (entry.actor, entry.reason, entry.thing) == (admin, "well done", f"person:{alice.pk}")


def test_a_gift_given_once_is_noted_once(alice, admin):
    for _ in range(2):
        ledger.grant(alice, amount=5, actor=admin, reason="well done", key="k")
    assert AuditEntry.objects.count() == 1


def test_money_that_cannot_be_taken_back_leaves_no_entry(alice, admin):
    balance = ledger.purse(alice).balance
    with pytest.raises(InsufficientCredit):
        ledger.adjust(alice, amount=-balance - 1, actor=admin, reason="too much", key="k")
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db
def test_limits_and_pauses_are_noted(alice):
    account = opening.open_account(alice)
    limits.set_limits(account, day=10**9, month=None)
    limits.set_limits(account, day=10**9, month=None)
    pauses.pause(account)
    assert words("limits") == ["limit a day: – → $1.0000"]
    assert words("pause") == ["paused: no → yes"]


@pytest.mark.django_db
def test_vouchers_pool_and_keys_are_noted(alice, admin):
    vouchers.issue("Fair", amount=5 * 10**8, count=3, expires_at=None, actor=admin)
    pool.record(PoolEntry.Kind.TOP_UP, amount=10**9, actor=admin, key="p")
    keys.make(alice, name="Script", lifetime=None)
    keys.revoke(ApiKey.objects.all())
    assert words("vouchers") == ["amount: $0.5000", "How many: 3"]
    assert words("pool") == ["balance: $0.0000 → $1.0000"]
    made, revoked = AuditEntry.objects.filter(kind="key").order_by("pk")
    assert in_words(made) == ["works: yes"]
    assert in_words(revoked) == ["works: yes → no"]


def test_rules_prices_and_allowances_set_in_the_panel_are_noted(boss, admin):
    group = Group.objects.create(name="4B")
    rules = {"starting_credit": "2", "markup": "500"}
    boss.post(reverse("admin:credit_policy_change", args=[Policy.objects.get().pk]), rules)
    price = {"model": "gpt-4o", "kind": "chat", "input_nano": 1, "output_nano": 2, "flat_nano": 0}
    when = {"effective_from_0": "2030-01-01", "effective_from_1": "00:00", "is_offered": "on"}
    boss.post(reverse("admin:credit_price_add"), price | when)
    gift = {"group": group.pk, "amount": "0.5", "period": "month", "starts_on": "2026-01-01"}
    boss.post(reverse("admin:credit_allowance_add"), gift)
    assert "markup: 0 → 500" in words("rules")
    assert "per output token: 2" in words("price")
    assert "amount: $0.5000" in words("allowance")
    assert {entry.actor for entry in AuditEntry.objects.all()} == {admin}
    assert Price.objects.filter(input_nano=1).exists()
    assert Allowance.objects.exists()


def test_the_log_is_read_filtered_and_downloaded(boss, admin, alice):
    ledger.grant(alice, amount=5, actor=admin, reason="well done", key="k")
    pauses.pause(opening.open_account(alice))
    listed = boss.get(reverse("admin:accounts_auditentry_changelist"), {"kind": "balance"})
    assert b"well done" in listed.content
    assert b"paused" not in listed.content
    address = reverse("admin:accounts_auditentry_csv")
    file = b"".join(boss.get(address, {"kind": "pause"}).streaming_content).decode()
    assert "paused: no → yes" in file
    assert "well done" not in file


def test_nobody_but_admins_reads_the_log(client, alice):
    client.force_login(alice)
    for name in ("changelist", "csv"):
        answer = client.get(reverse(f"admin:accounts_auditentry_{name}"))
        assert answer.status_code in (302, 403)


def test_the_lists_queries_do_not_grow(boss, admin, alice, django_assert_max_num_queries):
    account = opening.open_account(alice)
    for _ in range(12):
        pauses.pause(account)
        pauses.resume(account)
    with django_assert_max_num_queries(10):
        boss.get(reverse("admin:accounts_auditentry_changelist"))
