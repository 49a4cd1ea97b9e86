"""Makes what the upstream sent fit for a log line."""

import re
from typing import Final

_LONGEST: Final = 200
_SECRETS: Final = re.compile(r"(?i)bearer\s+\S+|\bsk-[\w-]{8,}")
_UNPRINTABLE: Final = re.compile(r"[^\x20-\x7e\xa1-\u200a\u2010-\u2027\u2030-\ud7ff\ue000-\uffff]+")


class Redactor:
    """Cuts text to 200 characters in one line, without the key or anything like one."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def __call__(self, text: str | bytes) -> str:
        if isinstance(text, bytes):
            text = text[: 8 * _LONGEST].decode("utf-8", "replace")
        text = text[: 8 * _LONGEST]
        if self._secret:
            text = text.replace(self._secret, "[key]")
        text = " ".join(_UNPRINTABLE.sub(" ", _SECRETS.sub("[key]", text)).split())
        return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
