"""Paid calls of the year: begun, going on, and ended in every way there is."""

from dataclasses import dataclass, field
from datetime import timedelta

from credit import ledger
from credit.admission import hold_reply
from credit.endings import Ending, Outcome, Tokens
from credit.models import Hold

LEASE = timedelta(hours=1)
CAP = 4096
CHAT = ("gpt-4o-mini", "gpt-4.1-nano", "gpt-4.1-mini", "gpt-4o", "gpt-4.1")
POPULAR = (60, 25, 12, 2, 1)
PICTURES = ("realvision", "dreamshaper")
ENDS = {
    "done": 900,
    "done, usage missing": 10,
    "stopped": 40,
    "hung up": 10,
    "cut": 12,
    "broken": 8,
    "refused": 15,
}
PICTURE_ENDS = {"delivered": 90, "failed": 4, "lost": 3, "never sent": 3}


@dataclass(kw_only=True)
class Call:
    """`output` is what the upstream would write in the end, `arrived` what it wrote by now."""

    hold: Hold
    end: str
    prompt: int = 0
    output: int = 0
    cap: int = 0
    arrived: int = field(default=0)

    @property
    def is_picture(self):
        return self.hold.kind == "image"

    @property
    def reported(self):
        return Tokens(self.prompt, self.output)


def begin(person, *, number, key, dice):
    """Hold for a call; raises what the ledger raises."""
    common = {"request_id": f"year-{number}", "lease": LEASE, "key": key}
    if not key and dice.random() < 0.08:
        model = dice.choice(PICTURES)
        cause = f"images:job:{number}"
        hold = ledger.hold(
            person, kind="image", model=model, amount=_flat(model), cause=cause, **common
        )
        return Call(hold=hold, end=_pick(PICTURE_ENDS, dice))
    (model,) = dice.choices(CHAT, POPULAR)
    prompt = 20 + int(dice.expovariate(1 / 400))
    cause = f"gateway:chat:{number}" if key else f"chat:message:{number}"
    hold, cap = hold_reply(
        person, model=model, prompt_tokens=prompt, cap=CAP, cause=cause, **common
    )
    output = min(1 + int(dice.expovariate(1 / 250)), cap)
    return Call(hold=hold, end=_pick(ENDS, dice), prompt=prompt, output=output, cap=cap)


def finish(call, bill, dice):
    """What the upstream bills, and what we settle."""
    if call.is_picture:
        return _finish_picture(call, bill)
    outcome, arrived, reported = _story(call, dice)
    if outcome == Outcome.REFUSED:
        return ledger.void(call.hold.pk)
    model = call.hold.model
    bill.reply(call.hold.cause, model=model, prompt=call.prompt, output=arrived)
    counted = Tokens(call.prompt, arrived)
    ending = Ending(outcome=outcome, reported=reported, counted=counted, output_cap=call.cap)
    return ledger.settle(call.hold.pk, ending=ending)


def die(call, bill, dice):
    """The process is killed: the upstream went on to here, we had saved a bit less, or nothing."""
    if call.is_picture:
        return
    call.arrived = dice.randrange(call.output + 1)
    saved = Tokens(call.prompt, max(call.arrived - dice.randrange(12), 0))
    ledger.heartbeat([call.hold.pk], lease=timedelta(seconds=30), progress={call.hold.pk: saved})
    bill.reply(call.hold.cause, model=call.hold.model, prompt=call.prompt, output=call.arrived)


def come_back(call):
    """A process that was thought dead knows better."""
    if call.is_picture:
        return
    reported = Tokens(call.prompt, call.arrived)
    ending = Ending(outcome=Outcome.DONE, reported=reported, output_cap=call.cap)
    ledger.settle(call.hold.pk, ending=ending)


def _story(call, dice):
    """Outcome, the output the upstream bills for, and the usage that it reports."""
    part = dice.randrange(call.output + 1)
    match call.end:
        case "done":
            return Outcome.DONE, call.output, call.reported
        case "done, usage missing":
            return Outcome.DONE, call.output, None
        case "stopped":
            return Outcome.STOPPED, part, None
        case "hung up":
            return Outcome.HUNG_UP, part, None
        case "cut":
            return Outcome.CUT, part, None
        case "broken":
            return Outcome.BROKEN, 0, None
    return Outcome.REFUSED, 0, None


def _finish_picture(call, bill):
    hold = call.hold
    if call.end == "never sent":
        return ledger.void(hold.pk, outcome=Outcome.NOT_SENT)
    assert ledger.dispatch(hold.pk)
    if call.end in ("delivered", "lost"):
        bill.picture(hold.cause, model=hold.model)
    outcome = {
        "delivered": Outcome.PICTURE_DONE,
        "failed": Outcome.PICTURE_FAILED,
        "lost": Outcome.LOST,
    }[call.end]
    return ledger.settle(hold.pk, ending=Ending(outcome=outcome))


def _flat(model):
    from credit import prices

    return prices.current(model, kind="image").flat


def _pick(weights, dice):
    (name,) = dice.choices(list(weights), list(weights.values()))
    return name
