"""CPU seconds and bytes that growing replies of several shapes cost one viewer."""

import argparse
import json
import time
import uuid
from itertools import cycle

from chat.blocks import render
from chat.live import Cursor, LiveText
from tests.bench.streaming.words import deltas

FENCE = "```python\n" + "".join(f"value_{n} = compute({n}, '{n}')\n" for n in range(2000)) + "```\n"
TABLE = "| a | b | c |\n|---|--:|---|\n" + "".join(
    f"| row {n} | {n * n} | some words here |\n" for n in range(300)
)
LIST = "".join("  " * (n % 4) + f"- point {n} with **weight** and `code`\n" for n in range(300))
SPACED = "".join(f"{n}. **Step {n}**\n\n   Some words on `it`.\n\n" for n in range(1, 101))
PARAGRAPH = "".join("some **bold** and " if n % 25 == 0 else "word " for n in range(3000))


def tokens(text):
    """A text in pieces of four characters on average."""
    position = 0
    for size in cycle([4, 1, 7, 3, 5]):
        if position >= len(text):
            return
        yield text[position : position + size]
        position += size


RUNS = 5  # the fastest counts: other work on the machine only ever adds
SHAPES = {
    "answer of 600 tokens": deltas(7, 600),
    "fence of 2,000 lines": list(tokens(FENCE)),
    "table of 300 rows": list(tokens(TABLE)),
    "nested list of 300 items": list(tokens(LIST)),
    "list of 100 spaced items": list(tokens(SPACED)),
    "paragraph of 3,000 words": list(tokens(PARAGRAPH)),
}


def measure(pieces):
    """(CPU seconds, bytes sent, bytes of the final HTML), with a frame for each 1.3 pieces."""
    live, cursor, sent = LiveText(message_id=uuid.uuid4(), attempt=1), Cursor(1), 0
    began = time.thread_time()
    for number, piece in enumerate(pieces):
        live.append(piece)
        if number % 13 not in (3, 7, 12):
            sent += len(live.frame_after(cursor).encode())
    live.end()
    sent += len(live.frame_after(cursor).encode())
    return time.thread_time() - began, sent, len(render("".join(pieces)).encode())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    measure(SHAPES["answer of 600 tokens"])  # fill caches
    results = {}
    for name, pieces in SHAPES.items():
        seconds, sent, final = min(measure(pieces) for _ in range(RUNS))
        results[name] = {
            "cpu_ms": round(seconds * 1000, 1),
            "us_per_token": round(seconds * 1e6 / len(pieces), 1),
            "sent_ratio": round(sent / final, 2),
        }
        if not arguments.json:
            line = "{:26} {cpu_ms:8} ms, {us_per_token:6} µs a token, {sent_ratio:5} x the HTML"
            print(line.format(name, **results[name]))
    if arguments.json:
        print(json.dumps(results))


if __name__ == "__main__":
    main()
