"""The version, read from the newest released heading of CHANGELOG.md."""

import re
from pathlib import Path

CHANGELOG = Path(__file__).resolve().parent.parent / "CHANGELOG.md"


def newest(changelog: str) -> str:
    match = re.search(r"^## \[(\d+\.\d+\.\d+)\]", changelog, re.MULTILINE)
    if match is None:
        raise ValueError("CHANGELOG.md names no version")
    return match[1]


VERSION = newest(CHANGELOG.read_text(encoding="utf-8"))
