"""What a chat stream says: the data of its events, read into typed events."""

import json
import logging
from typing import Any, Final, TypeGuard

import msgspec

from minitoolai.errors import ErrorInStream, StreamInterrupted, TooLarge
from minitoolai.redaction import Redactor

logger = logging.getLogger(__name__)

MOST_TOKENS: Final = 2_000_000
_MOST_MALFORMED: Final = 3


class Delta(msgspec.Struct, frozen=True):
    """A piece of the reply's text, never empty; free of NUL and of lone surrogates."""

    text: str


class Usage(msgspec.Struct, frozen=True):
    """Tokens as the upstream reports them, each within 0 to 2,000,000."""

    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int


class SenselessUsage(msgspec.Struct, frozen=True):
    """The upstream reported a use that cannot be; `raw` is how, in at most 200 characters."""

    raw: str


class Finish(msgspec.Struct, frozen=True):
    """The reply is whole; always the last event.

    `reason` is "stop", "length" or "content_filter"; `model` the dated name that answered.
    """

    reason: str
    model: str


class Retrying(msgspec.Struct, frozen=True):
    """The upstream is busy: attempt number `attempt` follows in `seconds`. Only before any text."""

    attempt: int
    seconds: float


Told = Delta | Usage | SenselessUsage
ChatEvent = Told | Finish | Retrying


class ReplyReader:
    """Reads one reply; takes the data of one server-sent event at a time."""

    def __init__(
        self, *, model: str, max_bytes: int, redact: Redactor, max_tokens: int | None = None
    ) -> None:
        """An upstream that goes on beyond `max_tokens` is heard no further."""
        self.is_done = False
        self.is_cut = False
        self._reason = ""
        self._model = model
        self._size = 0
        self._max_bytes = max_bytes
        self._texts_left = max_tokens
        self._malformed = 0
        self._redact = redact

    @property
    def finish(self) -> Finish | None:
        """How the reply ended; None unless it had both a finish reason and [DONE]."""
        return Finish(self._reason, self._model) if self.is_done and self._reason else None

    def take(self, data: str) -> list[Told]:
        """What this event says. Raises ErrorInStream, TooLarge or StreamInterrupted."""
        if data == "[DONE]":
            self.is_done = True
            return []
        chunk = _parse(data)
        if chunk is None:
            self._count_malformed(data)
            return []
        self._malformed = 0
        if chunk.error:
            logger.warning("error in the stream: %s", self._redact(data))
            raise ErrorInStream
        return self._read(chunk)

    def _read(self, chunk: "_Chunk") -> list[Told]:
        told: list[Told] = []
        choice = chunk.choices[0] if chunk.choices else _NOTHING
        if choice.delta.content:
            if self._is_enough():
                return told
            told.append(Delta(self._weigh(choice.delta.content)))
        if choice.finish_reason:
            self._reason = choice.finish_reason[:32]
            if isinstance(chunk.model, str):
                self._model = chunk.model[:100]
        if chunk.usage is not None:
            told.append(_usage(chunk.usage) or SenselessUsage(self._redact(str(chunk.usage))))
        return told

    def _is_enough(self) -> bool:
        """Whether all tokens that were asked for have come: each text is one at least."""
        if self._texts_left == 0:
            logger.warning("the reply went on beyond its longest allowed length")
            self._reason, self.is_done, self.is_cut = "length", True, True
        elif self._texts_left is not None:
            self._texts_left -= 1
        return self.is_done

    def _weigh(self, text: str) -> str:
        text = _clean(text)
        self._size += len(text) if text.isascii() else len(text.encode())
        if self._size > self._max_bytes:
            raise TooLarge
        return text

    def _count_malformed(self, data: str) -> None:
        self._malformed += 1
        logger.warning("malformed event %d of %d characters", self._malformed, len(data))
        if self._malformed >= _MOST_MALFORMED:
            raise StreamInterrupted


class _Said(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    delta: _Said = msgspec.field(default_factory=_Said)
    finish_reason: str | None = None


class _Chunk(msgspec.Struct):
    """What is read of a chunk; the rest may be anything."""

    choices: list[_Choice] | None = None
    usage: Any = None
    error: Any = None
    model: Any = None


_NOTHING: Final = _Choice()
_CHUNK: Final = msgspec.json.Decoder(_Chunk)


def _parse(data: str) -> _Chunk | None:
    """The chunk, or None when it is not JSON or not shaped like a chunk where we look."""
    try:
        return _CHUNK.decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return _parse_leniently(data)


def _parse_leniently(data: str) -> _Chunk | None:
    """As Python reads JSON: half of a surrogate pair is text too, if the other half was cut off."""
    try:
        return msgspec.convert(json.loads(data), _Chunk)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def _usage(raw: object) -> Usage | None:
    if not isinstance(raw, dict):
        return None
    prompt, completion = raw.get("prompt_tokens"), raw.get("completion_tokens")
    if not (_is_count(prompt) and _is_count(completion)):
        return None
    details = raw.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, dict) else 0
    return Usage(prompt, completion, cached if _is_count(cached) else 0)


def _is_count(value: object) -> TypeGuard[int]:
    return type(value) is int and 0 <= value <= MOST_TOKENS


def _clean(text: str) -> str:
    """Databases refuse NUL and half a surrogate pair; both become U+FFFD."""
    if not text.isascii():
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\0", "\ufffd")
