"""What must be true after every fault: the invariants I1 to I5 of the fault matrix.

Call `assert_invariants(simulator.bill())` when all has come to rest: every reply ended, every
process gone or idle. In asynchronous tests: `await in_thread(assert_invariants)(bill)`. Without a
bill (the upstream was not the simulator) only what the rows alone can prove is asserted.
"""

from collections import Counter, defaultdict

from django.db.models import Sum

from chat.models import Message
from credit.audit import first_difference
from credit.models import Account, Hold, Source, UsageRecord
from minitoolai import tokens

ESTIMATED = (Source.COUNTED, Source.RECOVERED)


def assert_invariants(bill=None):
    """I1 to I5, from the rows and the simulator's bill of one key; says which one is broken."""
    paid = [line for line in bill["lines"] if line["nano"]] if bill else []
    _i1_one_action_is_at_most_one_paid_call(paid)
    _i2_every_hold_is_closed_once()
    _i3_charged_at_most_what_was_held_and_only_for_what_is_kept()
    _i4_balances_are_the_ledger_and_never_below_zero()
    _i5_what_was_billed_and_not_charged_is_countable(paid)


def _i1_one_action_is_at_most_one_paid_call(paid):
    sent = Hold.objects.exclude(dispatched_at=None)
    assert len(paid) <= sent.count(), f"I1: {len(paid)} paid calls for {sent.count()} holds"
    bought = Counter(Hold.objects.values_list("cause", flat=True))
    for message in _replies():
        held = bought[_cause(message)]
        assert held <= message.attempt, f"I1: {held} holds for {message.attempt} attempts"


def _i2_every_hold_is_closed_once():
    still_open = list(Hold.objects.open())
    assert not still_open, f"I2: never settled: {still_open}"
    once = Counter(UsageRecord.objects.filter(corrects=None).values_list("hold", flat=True))
    closed = Counter(Hold.objects.values_list("pk", flat=True))
    assert once == closed, "I2: a hold without its one record"


def _i3_charged_at_most_what_was_held_and_only_for_what_is_kept():
    records = defaultdict(list)
    for record in UsageRecord.objects.select_related("hold"):
        records[record.cause].append(record)
    for charges in records.values():
        held = sum({record.hold_id: record.hold.amount for record in charges}.values())
        charged = sum(record.charged for record in charges)
        assert 0 <= charged <= held, f"I3: charged {charged} of {held} held"
    for message in _replies():
        _assert_text_is_what_was_charged(message, records[_cause(message)])


def _assert_text_is_what_was_charged(message, records):
    charged = sum(record.completion_tokens for record in records)
    assert message.text or not charged, f"I3: {charged} tokens charged, no text kept"
    if len(records) == 1 and records[0].source in ESTIMATED and records[0].charged:
        kept = min(tokens.count_text(message.text), message.output_cap)
        assert charged == kept, f"I3: {charged} tokens charged, {kept} kept"


def _i4_balances_are_the_ledger_and_never_below_zero():
    difference = first_difference()
    assert difference is None, f"I4: {difference}"
    people = Account.objects.exclude(user=None)
    assert not people.filter(balance__lt=0).exists(), "I4: somebody is below zero"
    assert not Account.objects.exclude(held=0).exists(), "I4: money is still set apart"


def _i5_what_was_billed_and_not_charged_is_countable(paid):
    costs = UsageRecord.objects.values("hold").annotate(cost=Sum("list_cost"))
    charged = costs.filter(cost__gt=0).count()  # what was corrected later counts as it stands now
    unbilled = UsageRecord.objects.unbilled().count()
    assert len(paid) <= charged + unbilled, (
        f"I5: {len(paid)} calls were billed upstream; {charged} were charged,"
        f" {unbilled} are told of as unbilled"
    )


def _replies():
    return Message.objects.filter(role=Message.Role.ASSISTANT)


def _cause(message):
    return f"chat:message:{message.pk}"
