"""Server-sent events from bytes to data, as the WHATWG standard reads them.

Lines are split as bytes, so no character is ever cut, and only by CR, LF and CRLF: httpx's
`aiter_lines` also splits on U+2028 and U+0085, which may stand inside a JSON string.
"""

import codecs
from collections.abc import Iterable, Iterator
from typing import Final

from minitoolai.errors import TooLarge

_FIELDS: Final = frozenset({b"data", b"event", b"id", b"retry"})


class EventDecoder:
    """Feed it bytes as they come; it gives the data of each event as text.

    Only `data` matters to this API; other fields are skipped. Invalid UTF-8 becomes U+FFFD.
    `foreign` keeps the start of the first line that no event stream has: not SSE at all?
    """

    def __init__(self, *, max_event: int) -> None:
        """`max_event` in bytes."""
        self.foreign = b""
        self._max_event = max_event
        self._line: list[bytes] = []
        self._data: list[bytes] = []
        self._size = 0
        self._after_cr = False
        self._at_start = True

    def feed(self, chunk: bytes) -> Iterable[str]:
        """The data of the events that `chunk` completes; raises TooLarge."""
        if len(chunk) <= self._max_event and self._is_between_events():
            events = _whole_events(chunk)
            if events is not None:
                self._at_start = False
                return events
        return self._feed(chunk)

    def _is_between_events(self) -> bool:
        return not (self._line or self._data or self._after_cr)

    def _feed(self, chunk: bytes) -> Iterator[str]:
        if self._after_cr and chunk.startswith(b"\n"):
            chunk = chunk[1:]
            self._after_cr = False
        if not chunk:
            return
        self._after_cr = chunk.endswith(b"\r")
        lines = chunk.splitlines()  # of bytes: by CR, LF and CRLF alone
        unfinished = b"" if chunk.endswith((b"\n", b"\r")) else lines.pop()
        for line in lines:
            yield from self._end_line(line)
        if unfinished:
            self._grow(unfinished)
            self._line.append(unfinished)

    def finish(self) -> Iterator[str]:
        """The data of a last event that lacks its final newlines."""
        yield from self._end_line(b"")
        yield from self._end_event()

    def _end_line(self, tail: bytes) -> Iterator[str]:
        self._grow(tail)
        line = b"".join((*self._line, tail))
        self._line.clear()
        if self._at_start:
            self._at_start = False
            line = line.removeprefix(codecs.BOM_UTF8)
        if line:
            self._take_field(line)
        else:
            yield from self._end_event()

    def _take_field(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        if name == b"data":
            self._data.append(value.removeprefix(b" "))
        elif name and name not in _FIELDS and not self.foreign:
            self.foreign = line[:400]

    def _end_event(self) -> Iterator[str]:
        data = b"\n".join(self._data)
        self._data.clear()
        self._size = 0
        if data:
            yield data.decode("utf-8", "replace")

    def _grow(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._max_event:
            self._line.clear()
            self._data.clear()
            raise TooLarge


def _whole_events(chunk: bytes) -> list[str] | None:
    """The data of a chunk of whole events of one line each, as this API nearly always sends."""
    if chunk[:6] != b"data: " or chunk[-2:] != b"\n\n" or b"\r" in chunk:
        return None
    newlines = chunk.count(b"\n")
    events = [chunk[6:-2]] if newlines == 2 else chunk[6:-2].split(b"\n\ndata: ")
    if newlines != 2 * len(events):
        return None
    return [data.decode("utf-8", "replace") for data in events if data]
