"""How a paid call can end and what each ending costs: one table, one function.

The upstream's own usage wins wherever it came and is believable; else we charge what we counted.
An error's own text is never counted, and a missing usage is never taken for zero.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

from credit.models import Kind, Outcome, Price, Source
from minitoolai.catalog import CHAT_MODELS

__all__ = ["RULES", "Charge", "Ending", "Outcome", "StillUnknown", "Tokens", "charge", "is_free"]

# For a priced model that the catalog does not know.
_ANY_CONTEXT: Final = 2_000_000


class HasTokens(Protocol):
    """Any report of use, the upstream client's own among them."""

    @property
    def prompt_tokens(self) -> int: ...
    @property
    def completion_tokens(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Tokens:
    """Cached prompt tokens are part of the prompt tokens, never added to them."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """`reported` is what the upstream said, `counted` what we count ourselves.

    `senseless` is a report that could not even be read, for the admin.
    `counted` is the prompt and the output that arrived; `output_cap` is the cap sent upstream:
    nothing beyond it is charged.
    """

    outcome: Outcome
    reported: HasTokens | None = None
    senseless: str = ""
    counted: HasTokens | None = None
    output_cap: int | None = None
    first_token_ms: int | None = None
    duration_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """Amount in nano-USD at list price; an anomaly is a note for the admin alone."""

    amount: int
    source: Source
    prompt_tokens: int = 0
    completion_tokens: int = 0
    anomaly: str = ""


class StillUnknown(Exception):
    """The upstream may yet deliver: keep the hold and ask again."""


def charge(ending: Ending, price: Price) -> Charge:
    """What this ending costs at the pinned price; raises StillUnknown."""
    return RULES[ending.outcome](ending, price)


def is_free(outcome: Outcome) -> bool:
    """Whether this ending never costs anything."""
    return RULES[outcome] is _nothing


def _nothing(ending: Ending, price: Price) -> Charge:
    return Charge(amount=0, source=Source.NONE)


def _usage(ending: Ending, price: Price) -> Charge:
    """The stream came to its end, so a usage was due."""
    missing = "usage missing" if ending.reported is None else ""
    return _measured(ending, price, anomaly=missing)


def _delivered(ending: Ending, price: Price) -> Charge:
    """Prompt and output so far: the upstream began its work for us."""
    return _measured(ending, price, anomaly="")


def _if_output(ending: Ending, price: Price) -> Charge:
    """As delivered, but an error before any output costs nothing."""
    if ending.reported is None and not _counted(ending).completion_tokens:
        return _nothing(ending, price)
    return _measured(ending, price, anomaly="")


def _progress(ending: Ending, price: Price) -> Charge:
    """The last saved progress of a process that died; without output, nothing."""
    tokens = _counted(ending)
    if not tokens.completion_tokens:
        return Charge(amount=0, source=Source.RECOVERED)
    return _priced(tokens, price, source=Source.RECOVERED, anomaly="")


def _flat(ending: Ending, price: Price) -> Charge:
    if price.kind != Kind.IMAGE:
        raise ValueError(f"{price.model} is not a picture model")
    return Charge(amount=price.flat_nano, source=Source.FLAT)


def _keep_asking(ending: Ending, price: Price) -> Charge:
    raise StillUnknown(price.model)


RULES: Final[Mapping[Outcome, Callable[[Ending, Price], Charge]]] = MappingProxyType(
    {
        Outcome.DONE: _usage,
        Outcome.STOPPED: _delivered,
        Outcome.HUNG_UP: _delivered,
        Outcome.BROKEN: _if_output,
        Outcome.CUT: _if_output,
        Outcome.REFUSED: _nothing,
        Outcome.NOT_SENT: _nothing,
        Outcome.DIED: _progress,
        Outcome.PICTURE_DONE: _flat,
        Outcome.PICTURE_FAILED: _nothing,
        Outcome.LOST: _nothing,
        Outcome.UNKNOWN: _keep_asking,
    }
)


def _measured(ending: Ending, price: Price, *, anomaly: str) -> Charge:
    if price.kind != Kind.CHAT:
        raise ValueError(f"{price.model} is not a chat model")
    if ending.reported is not None:
        fault = _fault(ending.reported, price.model, ending.output_cap)
        if not fault:
            return _priced(ending.reported, price, source=Source.UPSTREAM, anomaly="")
        anomaly = f"{fault}: {ending.reported!r}"
    elif ending.senseless:
        anomaly = f"usage senseless: {ending.senseless}"
    return _priced(_counted(ending), price, source=Source.COUNTED, anomaly=anomaly)


def _priced(tokens: HasTokens, price: Price, *, source: Source, anomaly: str) -> Charge:
    prompt, completion = tokens.prompt_tokens, tokens.completion_tokens
    return Charge(
        amount=price.cost(prompt_tokens=prompt, completion_tokens=completion),
        source=source,
        prompt_tokens=prompt,
        completion_tokens=completion,
        anomaly=anomaly[:200],
    )


def _counted(ending: Ending) -> HasTokens:
    """Our own count, which must make sense; nothing counted is nothing delivered."""
    counted = ending.counted or Tokens(0, 0)
    if counted.prompt_tokens < 0 or counted.completion_tokens < 0:
        raise ValueError(f"counted tokens below zero: {counted!r}")
    if ending.output_cap is None or counted.completion_tokens <= ending.output_cap:
        return counted
    return Tokens(counted.prompt_tokens, ending.output_cap)


def _fault(reported: HasTokens, model: str, output_cap: int | None) -> str:
    """Why a reported usage cannot be believed; empty when it can."""
    prompt, completion = reported.prompt_tokens, reported.completion_tokens
    if type(prompt) is not int or type(completion) is not int:
        return "usage not in whole numbers"
    if prompt < 0 or completion < 0:
        return "usage below zero"
    known = CHAT_MODELS.get(model)
    if prompt + completion > (known.context_window if known else _ANY_CONTEXT):
        return "usage above the context window"
    if output_cap is not None and completion > output_cap:
        return "usage above the output cap"
    return ""
