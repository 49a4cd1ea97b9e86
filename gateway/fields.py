"""Reads a JSON body field by field; what does not fit is refused with the path of the field."""

import json
from collections.abc import Collection
from typing import Any, Final

from django.http import HttpRequest
from django.http.request import UnreadablePostError

from gateway.refusals import bad_request, too_large
from minitoolai.catalog import Range

MAX_BODY: Final = 8 * 2**20  # bytes


def read_body(request: HttpRequest) -> dict[str, Any]:
    """The JSON object that was sent; raises Refused (400, 413)."""
    raw = _read(request)
    try:
        body = json.loads(raw, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise bad_request("The body is not valid JSON.", code="invalid_json") from None
    if not isinstance(body, dict):
        raise bad_request("The body must be a JSON object.", code="invalid_json")
    return body


def _read(request: HttpRequest) -> bytes:
    declared = request.META.get("CONTENT_LENGTH") or "0"
    if declared.isdecimal() and int(declared) > MAX_BODY:
        raise too_large(MAX_BODY)
    try:
        raw: bytes = request.read(MAX_BODY + 1)
    except UnreadablePostError:
        raise bad_request("The body could not be read.") from None
    if len(raw) > MAX_BODY:
        raise too_large(MAX_BODY)
    return raw


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


class Fields:
    """One JSON object with the fields it may have; every reader raises Refused (400)."""

    def __init__(self, value: object, *, known: Collection[str], at: str = "") -> None:
        if not isinstance(value, dict):
            raise _wrong_type(at, "an object")
        self._values = value
        self._at = at
        for name in value:
            if name not in known:
                param = self.path(_short(name))
                raise bad_request(
                    f"There is no field '{param}'.", param=param, code="unknown_field"
                )

    def path(self, name: str) -> str:
        """The field's place in the whole body, such as `messages[0].content`."""
        return f"{self._at}.{name}" if self._at else name

    def raw(self, name: str) -> object:
        """A required value of any type."""
        if self._values.get(name) is None:
            raise bad_request(
                f"The field '{self.path(name)}' is missing.",
                param=self.path(name),
                code="missing_field",
            )
        return self._values[name]

    def text(self, name: str, *, blank: bool = False, longest: int | None = None) -> str:
        """A required string without NUL or half characters; only with `blank` may it be empty."""
        value, path = self.raw(name), self.path(name)
        if not isinstance(value, str):
            raise _wrong_type(path, "a string")
        if not blank and not value.strip():
            raise _wrong_value(path, "must not be empty")
        if longest is not None and len(value) > longest:
            raise _wrong_value(path, f"must have at most {longest} characters")
        if not _is_writable(value):
            raise _wrong_value(path, "holds characters that are no text")
        return value

    def optional_text(self, name: str, *, longest: int | None = None) -> str | None:
        if self._values.get(name) is None:
            return None
        return self.text(name, blank=True, longest=longest)

    def choice(self, name: str, *, among: Collection[str], code: str = "invalid_value") -> str:
        value = self.text(name)
        if value not in among:
            offered = ", ".join(among)
            raise _wrong_value(self.path(name), f"must be one of: {offered}", code=code)
        return value

    def number(self, name: str, *, within: Range) -> float | None:
        """A number in the range, or None where there is none."""
        value = self._values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _wrong_type(self.path(name), "a number")
        if value not in within:
            raise _wrong_value(self.path(name), f"must be from {within.min} to {within.max}")
        return value

    def whole(self, name: str, *, within: Range) -> int | None:
        """A whole number in the range, or None where there is none."""
        value = self.number(name, within=within)
        if isinstance(value, float):
            raise _wrong_type(self.path(name), "a whole number")
        return value

    def items(self, name: str) -> list[object]:
        """A required list with something in it."""
        value = self.raw(name)
        if not isinstance(value, list) or not value:
            raise _wrong_type(self.path(name), "a list with at least one item")
        return value


def _is_writable(text: str) -> bool:
    """Databases refuse NUL, and no UTF-8 can hold half a surrogate pair."""
    if "\0" in text:
        return False
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def _short(name: str) -> str:
    """A name that somebody else chose, fit for an error."""
    return name[:60].encode("ascii", "replace").decode()


def _wrong_type(path: str, expected: str) -> Exception:
    return bad_request(f"'{path}' must be {expected}.", param=path, code="invalid_type")


def _wrong_value(path: str, must: str, *, code: str = "invalid_value") -> Exception:
    return bad_request(f"'{path}' {must}.", param=path, code=code)
