"""What the database itself refuses, whatever the code above it says."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from credit import ledger
from credit.endings import Ending, Outcome, Tokens
from credit.models import Account, Hold, Policy, Price, Transfer, UsageRecord
from tests.credit.books import hold_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def settled(alice):
    held = hold_for(alice)
    return ledger.settle(held.pk, ending=Ending(outcome=Outcome.DONE, reported=Tokens(31, 214)))


@pytest.mark.parametrize("model", [Transfer, UsageRecord])
@pytest.mark.parametrize("change", ["UPDATE {} SET cause = 'x'", "DELETE FROM {}"])
def test_a_booked_row_is_never_changed_or_removed(settled, model, change):
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change.format(model._meta.db_table))


def test_the_orm_cannot_change_a_booked_row_either(settled):
    settled.charged = 0
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        settled.save()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Transfer.objects.all().delete()


@pytest.fixture
def account(alice):
    return ledger.open_account(alice)


def refused():
    return pytest.raises(IntegrityError)


def test_held_is_never_below_zero(account):
    with refused():
        Account.objects.filter(pk=account.pk).update(held=-1)


def test_a_person_never_holds_more_than_they_have(account):
    with refused():
        Account.objects.filter(pk=account.pk).update(held=F("balance") + 1)


def test_a_person_is_never_below_zero(account):
    with refused():
        Account.objects.filter(pk=account.pk).update(balance=-1)


def test_a_person_cannot_be_allowed_to_go_below_zero(account):
    with refused():
        Account.objects.filter(pk=account.pk).update(allow_negative=True)


def test_a_person_has_one_account(account):
    with refused():
        Account.objects.create(kind="user", user=account.user)


def test_the_house_has_one_account_of_each_kind():
    with refused():
        Account.objects.create(kind="usage")


def test_a_persons_account_has_a_person():
    with refused():
        Account.objects.create(kind="user")


def transfer(account, **changes):
    usual = {
        "source": Account.objects.house("funding"),
        "destination": account,
        "amount": 1,
        "code": "charge",
        "idempotency_key": "k",
    }
    return Transfer.objects.create(**{**usual, **changes})


@pytest.mark.parametrize("amount", [0, -1])
def test_f8_a_transfer_moves_more_than_nothing(account, amount):
    with refused():
        transfer(account, amount=amount)


def test_a_transfer_goes_from_one_account_to_another(account):
    with refused():
        transfer(account, source=account)


@pytest.mark.parametrize("code", ["grant", "adjustment", "reversal"])
def test_what_a_person_books_by_hand_has_a_reason(account, code):
    with refused():
        transfer(account, code=code)


def test_an_idempotency_key_is_used_once(account):
    transfer(account)
    with refused():
        transfer(account)


def test_a_hold_is_charged_once(settled, account):
    with refused():
        transfer(account, hold=settled.hold, idempotency_key="another")


def test_a_hold_has_one_record_and_that_one_correction(settled):
    with refused(), transaction.atomic():
        copy(settled, corrects=None)
    copy(settled, corrects=settled)
    with refused():
        copy(settled, corrects=settled)


def copy(record, **changes):
    fields = {field.name: getattr(record, field.name) for field in record._meta.concrete_fields}
    return UsageRecord.objects.create(**{**fields, "id": None, **changes})


@pytest.mark.parametrize("field", ["prompt_tokens", "completion_tokens", "list_cost", "charged"])
def test_a_record_is_never_below_zero(settled, alice, field):
    other = hold_for(alice, cause="chat:message:2")
    with refused():
        copy(settled, hold=other, **{field: -1})


@pytest.mark.parametrize("field", ["input_nano", "output_nano", "flat_nano"])
def test_f7_a_price_is_never_below_zero(field):
    with refused():
        Price.objects.create(model="gpt-odd", kind="chat", **{field: -1_000_000})


def test_a_model_has_one_price_a_moment():
    now = timezone.now()
    Price.objects.create(model="gpt-odd", kind="chat", effective_from=now)
    with refused():
        Price.objects.create(model="gpt-odd", kind="chat", effective_from=now)


def test_a_hold_is_never_below_zero(alice):
    held = hold_for(alice)
    with refused():
        Hold.objects.filter(pk=held.pk).update(amount=-1)


def test_progress_is_never_below_zero(alice):
    held = hold_for(alice)
    with refused():
        Hold.objects.filter(pk=held.pk).update(prompt_tokens=1, completion_tokens=-1)


def test_there_is_one_row_of_money_rules():
    with refused():
        Policy.objects.create(pk=2, starting_credit=1)


def test_the_starting_credit_is_never_below_zero():
    with refused():
        Policy.objects.update(starting_credit=-1)


def test_a_person_with_money_cannot_be_deleted(account):
    with pytest.raises(IntegrityError):
        account.user.delete()
