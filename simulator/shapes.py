"""The bytes of a chat stream, shaped like the example on the provider's page."""

import json
import secrets
import string
import time
from typing import Any

_LETTERS = string.ascii_letters + string.digits

DONE = b"[DONE]"

DATED_NAMES = {
    "gpt-4o": "gpt-4o-2024-08-06",
    "gpt-4o-mini": "gpt-4o-mini-2024-07-18",
    "gpt-4.1": "gpt-4.1-2025-04-14",
    "gpt-4.1-mini": "gpt-4.1-mini-2025-04-14",
    "gpt-4.1-nano": "gpt-4.1-nano-2025-04-14",
}


class Chunks:
    """Makes the JSON of the events of one reply."""

    def __init__(self, model: str) -> None:
        self._head: dict[str, Any] = {
            "id": "chatcmpl-" + "".join(secrets.choice(_LETTERS) for _ in range(29)),
            "object": "chat.completion.chunk",
            "created": int(time.time()),
            "model": DATED_NAMES[model],
            "service_tier": "default",
            "system_fingerprint": "fp_" + secrets.token_hex(5),
        }

    def content(self, text: str) -> bytes:
        return self._chunk(choices=[_choice({"content": text}, None)], usage=None)

    def finish(self, reason: str) -> bytes:
        return self._chunk(choices=[_choice({}, reason)], usage=None)

    def usage(self, *, prompt: int, completion: int) -> bytes:
        return self._chunk(choices=[], usage=usage_block(prompt=prompt, completion=completion))

    def usage_as(self, usage: object) -> bytes:
        """A usage event with whatever is put in its place: for faults."""
        return self._chunk(choices=[], usage=usage)

    def _chunk(self, *, choices: list[dict[str, Any]], usage: object) -> bytes:
        return dump({**self._head, "choices": choices, "usage": usage})


def usage_block(*, prompt: int, completion: int) -> dict[str, Any]:
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def dump(body: object) -> bytes:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")


def _choice(delta: dict[str, Any], reason: str | None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
