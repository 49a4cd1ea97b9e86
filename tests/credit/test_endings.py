from dataclasses import dataclass

import pytest

from credit.endings import RULES, Charge, Ending, Outcome, StillUnknown, Tokens, charge, is_free
from credit.models import Price, Source
from minitoolai import catalog

MINI = Price(model="gpt-4o-mini", kind="chat", input_nano=150, output_nano=600)
PICTURE = Price(model="realvision", kind="image", flat_nano=1_500_000)

USAGE = Tokens(31, 214)
COUNTED = Tokens(30, 200)
NO_OUTPUT = Tokens(30, 0)

NOTHING = Charge(amount=0, source=Source.NONE)
MEASURED = Charge(amount=133_050, source=Source.UPSTREAM, prompt_tokens=31, completion_tokens=214)
AS_COUNTED = Charge(amount=124_500, source=Source.COUNTED, prompt_tokens=30, completion_tokens=200)
PROMPT_ALONE = Charge(amount=4_500, source=Source.COUNTED, prompt_tokens=30)
SAVED = Charge(amount=124_500, source=Source.RECOVERED, prompt_tokens=30, completion_tokens=200)

TABLE = [
    # the end                         what the upstream said  what we counted  price    costs
    ("usage came", Outcome.DONE, USAGE, COUNTED, MINI, MEASURED),
    ("refused before a byte", Outcome.REFUSED, None, COUNTED, MINI, NOTHING),
    ("never sent", Outcome.NOT_SENT, None, COUNTED, MINI, NOTHING),
    ("stopped", Outcome.STOPPED, None, COUNTED, MINI, AS_COUNTED),
    ("stopped before any output", Outcome.STOPPED, None, NO_OUTPUT, MINI, PROMPT_ALONE),
    ("stopped, yet usage came", Outcome.STOPPED, USAGE, COUNTED, MINI, MEASURED),
    ("API client hung up", Outcome.HUNG_UP, None, COUNTED, MINI, AS_COUNTED),
    ("API client hung up early", Outcome.HUNG_UP, None, NO_OUTPUT, MINI, PROMPT_ALONE),
    ("error mid-stream", Outcome.BROKEN, None, COUNTED, MINI, AS_COUNTED),
    ("error before any output", Outcome.BROKEN, None, NO_OUTPUT, MINI, NOTHING),
    ("error, yet usage came", Outcome.BROKEN, USAGE, COUNTED, MINI, MEASURED),
    ("end of stream mid-way", Outcome.CUT, None, COUNTED, MINI, AS_COUNTED),
    ("end of stream at once", Outcome.CUT, None, NO_OUTPUT, MINI, NOTHING),
    ("process died", Outcome.DIED, None, COUNTED, MINI, SAVED),
    ("picture done", Outcome.PICTURE_DONE, None, None, PICTURE,
     Charge(amount=1_500_000, source=Source.FLAT)),
    ("picture failed", Outcome.PICTURE_FAILED, None, None, PICTURE, NOTHING),
    ("answer to an order lost", Outcome.LOST, None, None, PICTURE, NOTHING),
]  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "reported", "counted", "price", "expected"),
    [pytest.param(*row[1:], id=row[0]) for row in TABLE],
)
def test_f4_each_ending_costs_what_the_table_says(outcome, reported, counted, price, expected):
    ending = Ending(outcome=outcome, reported=reported, counted=counted)
    assert charge(ending, price) == expected


def test_an_unknown_ending_keeps_its_hold():
    with pytest.raises(StillUnknown):
        charge(Ending(outcome=Outcome.UNKNOWN), PICTURE)


def test_the_table_knows_every_outcome():
    assert set(RULES) == set(Outcome)


def test_only_the_endings_without_a_charge_are_free():
    free = {outcome for outcome in Outcome if is_free(outcome)}
    assert free == {Outcome.REFUSED, Outcome.NOT_SENT, Outcome.PICTURE_FAILED, Outcome.LOST}


@pytest.mark.parametrize("outcome", [Outcome.DONE, Outcome.STOPPED, Outcome.BROKEN, Outcome.CUT])
@pytest.mark.parametrize(
    ("reported", "fault"),
    [
        (Tokens(-1_000_000, 3), "usage below zero"),
        (Tokens(31, -1), "usage below zero"),
        (Tokens(10**18, 3), "usage above the context window"),
        (Tokens(128_000, 1), "usage above the context window"),
        (Tokens(31, 1_001), "usage above the output cap"),
        (Tokens(True, 3), "usage not in whole numbers"),
        (Tokens(31, 2.0), "usage not in whole numbers"),
        (Tokens("31", 3), "usage not in whole numbers"),
        (Tokens(None, None), "usage not in whole numbers"),
    ],
)
def test_f9_usage_that_cannot_be_is_counted_and_noted(outcome, reported, fault):
    ending = Ending(outcome=outcome, reported=reported, counted=COUNTED, output_cap=1_000)
    cost = charge(ending, MINI)
    assert (cost.amount, cost.source) == (124_500, Source.COUNTED)
    assert cost.anomaly.startswith(fault)


@pytest.mark.parametrize("outcome", [Outcome.DONE, Outcome.STOPPED, Outcome.BROKEN, Outcome.DIED])
def test_what_came_beyond_the_output_cap_is_not_charged(outcome):
    cost = charge(Ending(outcome=outcome, counted=COUNTED, output_cap=150), MINI)
    assert (cost.amount, cost.completion_tokens) == (30 * 150 + 150 * 600, 150)


def test_f9_usage_that_could_not_be_read_is_counted_and_kept_for_the_admin():
    senseless = "{'prompt_tokens': '17'}"
    cost = charge(Ending(outcome=Outcome.DONE, senseless=senseless, counted=COUNTED), MINI)
    assert (cost.amount, cost.source) == (124_500, Source.COUNTED)
    assert cost.anomaly == f"usage senseless: {senseless}"


def test_a_missing_usage_at_a_proper_end_is_counted_and_noted():
    cost = charge(Ending(outcome=Outcome.DONE, counted=COUNTED), MINI)
    assert (cost.amount, cost.source) == (124_500, Source.COUNTED)
    assert cost.anomaly == "usage missing"


def test_f5_a_usage_of_zero_costs_nothing_and_is_not_taken_for_missing():
    cost = charge(Ending(outcome=Outcome.DONE, reported=Tokens(0, 0), counted=COUNTED), MINI)
    assert cost == Charge(amount=0, source=Source.UPSTREAM)


def test_the_largest_possible_usage_is_believed():
    cost = charge(Ending(outcome=Outcome.DONE, reported=Tokens(127_000, 1_000)), MINI)
    assert cost.source == Source.UPSTREAM


def test_a_process_that_died_without_output_costs_nothing():
    for saved in (None, NO_OUTPUT):
        cost = charge(Ending(outcome=Outcome.DIED, counted=saved), MINI)
        assert cost == Charge(amount=0, source=Source.RECOVERED)


@dataclass
class UpstreamUsage:
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int


def test_f17_cached_tokens_are_part_of_the_prompt_and_not_counted_again():
    reported = UpstreamUsage(prompt_tokens=2_006, completion_tokens=300, cached_tokens=1_920)
    cost = charge(Ending(outcome=Outcome.DONE, reported=reported), MINI)
    assert cost.amount == 2_006 * 150 + 300 * 600


def test_a_chat_ending_at_a_picture_price_is_a_mistake_and_so_is_the_reverse():
    with pytest.raises(ValueError):
        charge(Ending(outcome=Outcome.DONE, reported=USAGE), PICTURE)
    with pytest.raises(ValueError):
        charge(Ending(outcome=Outcome.PICTURE_DONE), MINI)


def test_a_model_outside_the_catalog_has_limits_too():
    price = Price(model="gpt-next", kind="chat", input_nano=1, output_nano=1)
    assert price.model not in catalog.CHAT_MODELS
    assert charge(Ending(outcome=Outcome.DONE, reported=Tokens(2_000_001, 0)), price).anomaly


def test_our_own_count_below_zero_is_a_mistake():
    with pytest.raises(ValueError):
        charge(Ending(outcome=Outcome.STOPPED, counted=Tokens(-1, 0)), MINI)
