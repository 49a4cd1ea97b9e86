"""Reads typed fields out of a JSON body; what does not fit is refused with the reason."""

from collections.abc import Collection
from typing import Any

from minitoolai.catalog import Range
from simulator.refusals import bad_request

Body = dict[str, Any]


def refuse_unknown(body: Body, *, known: Collection[str]) -> None:
    for name in body:
        if name not in known:
            raise bad_request(f"Unrecognized request argument supplied: {name}", param=name)


def text(body: Body, name: str, *, blank: bool = False) -> str:
    """A required string; only with `blank` may it be empty."""
    if name not in body:
        raise bad_request(f"Missing required parameter: '{name}'.", param=name)
    value = body[name]
    if not isinstance(value, str):
        raise _invalid_type(name, "a string")
    if not blank and not value.strip():
        raise bad_request(f"'{name}' must not be empty.", param=name)
    return value


def optional_text(body: Body, name: str) -> str | None:
    return None if body.get(name) is None else text(body, name, blank=True)


def one_of(value: str, name: str, *, allowed: Collection[str]) -> str:
    if value not in allowed:
        known = ", ".join(f"'{choice}'" for choice in allowed)
        raise bad_request(
            f"Invalid value for '{name}': '{value[:80]}'. Supported values are: {known}.",
            param=name,
            code="invalid_value",
        )
    return value


def number(body: Body, name: str, *, allowed: Range) -> float:
    value = body.get(name)
    if value is None:
        return allowed.default
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _invalid_type(name, "a number")
    if value not in allowed:
        raise _out_of_range(name, allowed)
    return value


def whole(body: Body, name: str, *, allowed: Range) -> int:
    value = body.get(name)
    if value is None:
        return allowed.default
    if isinstance(value, bool) or not isinstance(value, int):
        raise _invalid_type(name, "an integer")
    if value not in allowed:
        raise _out_of_range(name, allowed)
    return value


def _invalid_type(name: str, expected: str) -> Exception:
    return bad_request(
        f"Invalid type for '{name}': expected {expected}.", param=name, code="invalid_type"
    )


def _out_of_range(name: str, allowed: Range) -> Exception:
    return bad_request(
        f"Invalid '{name}': expected a value between {allowed.min} and {allowed.max}.",
        param=name,
        code="invalid_value",
    )
