"""What a chat stream says: the data of its events, read into typed events."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

from minitoolai.errors import ErrorInStream, StreamInterrupted, TooLarge
from minitoolai.redaction import Redactor

logger = logging.getLogger(__name__)

MOST_TOKENS: Final = 2_000_000
_MOST_MALFORMED: Final = 3


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of the reply's text, never empty; free of NUL and of lone surrogates."""

    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the upstream reports them, each within 0 to 2,000,000."""

    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int


@dataclass(frozen=True, slots=True)
class Finish:
    """The reply is whole; always the last event.

    `reason` is "stop", "length" or "content_filter"; `model` the dated name that answered.
    """

    reason: str
    model: str


@dataclass(frozen=True, slots=True)
class Retrying:
    """The upstream is busy: attempt number `attempt` follows in `seconds`. Only before any text."""

    attempt: int
    seconds: float


ChatEvent = Delta | Usage | Finish | Retrying


class ReplyReader:
    """Reads one reply; takes the data of one server-sent event at a time."""

    def __init__(self, *, model: str, max_bytes: int, redact: Redactor) -> None:
        self.is_done = False
        self._reason = ""
        self._model = model
        self._size = 0
        self._max_bytes = max_bytes
        self._malformed = 0
        self._redact = redact

    @property
    def finish(self) -> Finish | None:
        """How the reply ended; None unless it had both a finish reason and [DONE]."""
        return Finish(self._reason, self._model) if self.is_done and self._reason else None

    def take(self, data: str) -> Iterator[Delta | Usage]:
        """What this event says. Raises ErrorInStream, TooLarge or StreamInterrupted."""
        if data == "[DONE]":
            self.is_done = True
            return
        chunk = _parse(data)
        if chunk is None:
            self._count_malformed(data)
            return
        self._malformed = 0
        if chunk.get("error"):
            logger.warning("error in the stream: %s", self._redact(data))
            raise ErrorInStream
        yield from self._read(chunk)

    def _read(self, chunk: dict[str, Any]) -> Iterator[Delta | Usage]:
        choice = _first_choice(chunk)
        text = choice.get("delta", {}).get("content")
        if text:
            yield Delta(self._weigh(text))
        if reason := choice.get("finish_reason"):
            self._reason = reason[:32]
            if isinstance(chunk.get("model"), str):
                self._model = chunk["model"][:100]
        if (raw := chunk.get("usage")) is not None:
            usage = _usage(raw)
            if usage is None:
                logger.warning("unbelievable usage ignored: %s", self._redact(str(raw)))
            else:
                yield usage

    def _weigh(self, text: str) -> str:
        text = _clean(text)
        self._size += len(text.encode())
        if self._size > self._max_bytes:
            raise TooLarge
        return text

    def _count_malformed(self, data: str) -> None:
        self._malformed += 1
        logger.warning("malformed event %d of %d characters", self._malformed, len(data))
        if self._malformed >= _MOST_MALFORMED:
            raise StreamInterrupted


def _parse(data: str) -> dict[str, Any] | None:
    """The chunk, or None when it is not JSON or not shaped like a chunk where we look."""
    try:
        chunk = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return chunk if _is_chunk(chunk) else None


def _is_chunk(chunk: object) -> bool:
    if not isinstance(chunk, dict):
        return False
    choices = chunk.get("choices") or []
    if not isinstance(choices, list):
        return False
    return not choices or _is_choice(choices[0])


def _is_choice(choice: object) -> bool:
    if not isinstance(choice, dict):
        return False
    delta = choice.get("delta", {})
    return (
        isinstance(delta, dict)
        and isinstance(delta.get("content"), str | None)
        and isinstance(choice.get("finish_reason"), str | None)
    )


def _first_choice(chunk: dict[str, Any]) -> dict[str, Any]:
    choices = chunk.get("choices")
    return choices[0] if choices else {}


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
