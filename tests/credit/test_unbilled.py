"""Calls that the upstream may have billed and nobody paid for can be counted."""

import pytest
from django.utils import timezone

from credit import ledger
from credit.endings import Ending, Outcome, Tokens
from credit.models import UsageRecord
from tests.credit.books import LEASE, hold_for

pytestmark = pytest.mark.django_db
PROMPT, ANSWERED = Tokens(30, 0), Tokens(30, 20)


def ended(person, outcome, counted=None, *, sent=True):
    held = hold_for(person)
    if sent:
        ledger.dispatch(held.pk)
    return ledger.settle(held.pk, ending=Ending(outcome=outcome, counted=counted))


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.BROKEN, Outcome.CUT, Outcome.DIED])
def test_a_call_that_was_sent_and_gave_nothing_may_be_billed(alice, outcome):
    record = ended(alice, outcome, PROMPT)
    assert list(UsageRecord.objects.unbilled()) == [record]


@pytest.mark.parametrize(
    ("outcome", "counted", "sent"),
    [
        (Outcome.NOT_SENT, PROMPT, True),
        (Outcome.REFUSED, PROMPT, False),
        (Outcome.BROKEN, ANSWERED, True),
        (Outcome.CUT, ANSWERED, True),
        (Outcome.DIED, ANSWERED, True),
        (Outcome.STOPPED, PROMPT, True),
        (Outcome.DONE, ANSWERED, True),
    ],
)
def test_a_call_that_was_charged_or_never_sent_is_no_such_call(alice, outcome, counted, sent):
    ended(alice, outcome, counted, sent=sent)
    assert not UsageRecord.objects.unbilled().exists()


@pytest.mark.parametrize(
    ("saved", "known", "count"),
    [
        (PROMPT, Ending(outcome=Outcome.DONE, reported=ANSWERED), 0),
        (ANSWERED, Ending(outcome=Outcome.BROKEN, counted=ANSWERED), 0),
        (ANSWERED, Ending(outcome=Outcome.REFUSED), 1),
    ],
)
def test_what_is_known_later_decides(alice, saved, known, count):
    held = hold_for(alice)
    ledger.dispatch(held.pk)
    ledger.heartbeat([held.pk], lease=-LEASE, progress={held.pk: saved})
    ledger.sweep(timezone.now() + ledger.ORPHAN_GRACE)
    ledger.settle(held.pk, ending=known)
    assert UsageRecord.objects.unbilled().count() == count
