"""Wishes written into a prompt: `[[fault:u7 after=5]]`, `[[pace:0]]`, `[[tokens:200]]` …"""

import re
from dataclasses import dataclass

_DIRECTIVE = re.compile(
    r"\[\[(fault|pace|tokens|slow|first):([^\s\]]+)((?:\s+\w+=[^\s\]]+)*)\s*\]\]"
)

Options = dict[str, str]


@dataclass(frozen=True, slots=True)
class FaultCall:
    """A fault by its code, with the options given to it."""

    code: str
    options: Options

    def number(self, name: str, default: float) -> float:
        """An option as a number; what is not one counts as not given."""
        try:
            return float(self.options[name])
        except (KeyError, ValueError):
            return default


@dataclass(frozen=True, slots=True, kw_only=True)
class Directives:
    """What a prompt asks of the simulator itself.

    pace: factor on all waiting (0 = none); tokens: the reply is exactly so long;
    slow: milliseconds between tokens; first: milliseconds until the first one.
    """

    fault: FaultCall | None = None
    pace: float | None = None
    tokens: int | None = None
    slow: float | None = None
    first: float | None = None


def read(text: str) -> Directives:
    """The directives in `text`; a later one of the same name wins, a senseless value is ignored."""
    found = {name: (value, options) for name, value, options in _DIRECTIVE.findall(text)}
    numbers = {name: _number(value) for name, (value, _) in found.items() if name != "fault"}
    tokens = numbers.pop("tokens", None)
    return Directives(
        fault=_fault(*found["fault"]) if "fault" in found else None,
        tokens=int(tokens) if tokens else None,
        **numbers,
    )


def strip(text: str) -> str:
    """`text` without its directives."""
    return _DIRECTIVE.sub("", text).strip()


def _fault(code: str, options: str) -> FaultCall:
    pairs = dict(option.split("=", 1) for option in options.split())
    return FaultCall(code.lower(), pairs)


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if 0 <= number <= 1_000_000 else None
