"""The bytes of a chat stream, shaped like the provider's own."""

import hashlib
import json
import secrets
import string
import time
from typing import Any, Final

DONE: Final = b"data: [DONE]\n\n"

# Some clients take these for the end of a line, in the middle of the JSON.
_LINE_ENDS: Final = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}
_LETTERS: Final = string.ascii_letters + string.digits


class Chunks:
    """Makes the events of one reply."""

    def __init__(self, model: str) -> None:
        self._head: dict[str, Any] = {
            "id": "chatcmpl-" + "".join(secrets.choice(_LETTERS) for _ in range(29)),
            "object": "chat.completion.chunk",
            "created": int(time.time()),
            "model": model,
            "service_tier": "default",
            "system_fingerprint": "fp_" + hashlib.sha256(model.encode()).hexdigest()[:10],
        }

    def content(self, text: str) -> bytes:
        return self._chunk([_choice({"content": text}, None)])

    def finish(self, reason: str) -> bytes:
        return self._chunk([_choice({}, reason)])

    def usage(self, *, prompt: int, completion: int, cached: int) -> bytes:
        return self._chunk([], usage=_usage(prompt, completion, cached))

    def _chunk(self, choices: list[dict[str, Any]], *, usage: object = None) -> bytes:
        return event({**self._head, "choices": choices, "usage": usage})


def event(body: object) -> bytes:
    """One server-sent event."""
    data = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    if not data.isascii():
        data = data.translate(_LINE_ENDS)
    return f"data: {data}\n\n".encode()


def _choice(delta: dict[str, Any], reason: str | None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}


def _usage(prompt: int, completion: int, cached: int) -> dict[str, Any]:
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": cached, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }
