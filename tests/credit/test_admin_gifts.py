"""Money given and taken by hand in the admin panel: adjusted, reversed, allowed, printed."""

import time
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import Group, User
from credit import ledger, vouchers
from credit.models import Allowance, Transfer, Voucher, VoucherBatch

DOLLAR = 1_000_000_000


@pytest.fixture
def admin(client, db):
    root = User.objects.create_superuser("root", password="dikes-and-tulips-7")
    client.force_login(root)
    session = client.session
    session["password_shown_at"] = time.time()
    session.save()
    return client


def adjust(client, person, amount):
    url = reverse("admin:credit_account_adjust", args=[person.pk])
    return client.post(url, {"amount": amount, "reason": "A slip", "key": str(uuid4())})


def test_a_balance_is_put_right_up_and_down(admin, alice):
    adjust(admin, alice, "0.50")
    answer = adjust(admin, alice, "-1.25")
    assert ledger.purse(alice).balance == DOLLAR // 4
    assert "−$1.2500" in admin.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("amount", ["0", "-1.01", "much", ""])
def test_what_cannot_be_put_right_is_told(admin, alice, amount):
    ledger.open_account(alice)
    assert adjust(admin, alice, amount).status_code == 422
    assert ledger.purse(alice).balance == DOLLAR


def reverse_all(client):
    url = reverse("admin:credit_transfer_changelist")
    chosen = list(Transfer.objects.values_list("pk", flat=True))
    told = {"action": "reverse", "_selected_action": chosen}
    return client.post(url, told, follow=True).content.decode()


def test_an_adjustment_is_reversed_from_the_ledger(admin, alice):
    adjust(admin, alice, "-0.25")
    assert "Reversed." in reverse_all(admin)
    assert ledger.purse(alice).balance == 0  # the starting credit went back as well
    undone = Transfer.objects.filter(code="reversal")
    assert {transfer.actor.username for transfer in undone} == {"root"}
    assert undone.count() == 2
    assert "can be taken or given back" in reverse_all(admin)  # a reversal stays


def test_an_allowance_is_made_in_dollars(admin):
    group = Group.objects.create(name="4B")
    told = {"group": group.pk, "amount": "0.50", "period": "month", "starts_on": "2026-11-01"}
    admin.post(reverse("admin:credit_allowance_add"), told)
    allowance = Allowance.objects.get()
    assert (allowance.amount, allowance.is_kept) == (DOLLAR // 2, False)
    change = reverse("admin:credit_allowance_change", args=[allowance.pk])
    assert 'value="0.50"' in admin.get(change).content.decode()
    assert "$0.5000" in admin.get(reverse("admin:credit_allowance_changelist")).content.decode()


def make(client, **changes):
    told = {"name": "Open day", "amount": "0.50", "count": "3", "last_day": "2099-01-31"} | changes
    return client.post(reverse("admin:credit_voucherbatch_add"), told)


def test_vouchers_are_printed_once(admin, alice):
    answer = make(admin)
    page = answer.content.decode()
    codes = [part.split("</code>")[0] for part in page.split("<code>")[1:]]
    assert len(codes) == 3
    assert "no-store" in answer["Cache-Control"]
    vouchers.redeem(alice, codes[0])
    assert ledger.purse(alice).balance == DOLLAR + DOLLAR // 2
    listed = admin.get(reverse("admin:credit_voucherbatch_changelist")).content.decode()
    assert '<td class="field-used">1</td>' in listed
    batch = VoucherBatch.objects.get()
    assert (batch.actor.username, batch.expires_at.year) == ("root", 2099)
    detail = reverse("admin:credit_voucherbatch_change", args=[batch.pk])
    assert not any(code in admin.get(detail).content.decode() for code in codes)


def test_vouchers_come_as_a_file(admin, alice):
    answer = make(admin, as_file="on", last_day="")
    head, *codes = answer.getvalue().decode("utf-8-sig").split()
    assert (head, len(codes)) == ("code", 3)
    vouchers.redeem(alice, codes[2])


@pytest.mark.parametrize(
    "wrong", [{"count": "0"}, {"count": "1001"}, {"amount": "0"}, {"name": ""}]
)
def test_vouchers_that_make_no_sense_are_not_made(admin, wrong):
    assert make(admin, **wrong).status_code == 422
    assert not Voucher.objects.exists()


@pytest.mark.parametrize("name", ["allowance_add", "voucherbatch_add", "poolentry_add"])
def test_mere_staff_make_no_money(client, bob, name):
    bob.is_staff = True
    bob.save()
    client.force_login(bob)
    assert client.get(reverse(f"admin:credit_{name}")).status_code == 403
