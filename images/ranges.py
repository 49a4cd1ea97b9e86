"""A part of a file, as HTTP asks for it (RFC 9110, section 14)."""

import re

_ONE_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


class Unsatisfiable(ValueError):
    """The range begins beyond the end."""


def read(header: str, *, length: int) -> range | None:
    """The bytes asked for; None for the whole file, which also answers what we do not serve."""
    match = _ONE_RANGE.fullmatch(header.replace(" ", ""))
    if not match or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:  # the last so many bytes
        start, stop = max(0, length - int(last)), length
    else:
        start, stop = int(first), min(length, int(last) + 1 if last else length)
        if last and int(last) < int(first):
            return None
    if start >= length or start >= stop:
        raise Unsatisfiable
    return range(start, stop)
