"""Counts tokens offline: exact for text, by OpenAI's formulas for images.

All chat models of the catalog use the `o200k_base` vocabulary, shipped beside this file.
"""

import base64
import gzip
import math
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

import tiktoken

Detail = Literal["auto", "high", "low"]

PER_MESSAGE: Final = 3
PER_REPLY: Final = 3

# As in tiktoken_ext.openai_public.o200k_base, whose own loader needs the network.
_PATTERN: Final = "|".join(
    (
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    )
)

# tiktoken's regular expression overflows its stack (a panic) on some 500,000 whitespace
# characters in a row. Longer runs than this are counted in pieces.
_LONGEST_BLANK: Final = 100_000
_BLANKS: Final = re.compile(rf"\s{{{_LONGEST_BLANK}}}")

_loading = threading.Lock()


def preload() -> None:
    """Loads the vocabulary now (about 0.4 s and 60 MB) instead of at the first count."""
    with _loading:
        _encoding()


def count_text(text: str) -> int:
    """Tokens of `text`, read as ordinary text: `<|endoftext|>` in it means nothing special.

    Exact, but for runs of over 100,000 whitespace characters: each cut in one may add a token
    or two. Takes about 0.4 s for a million characters without the GIL: call it in a thread.
    """
    preload()
    return sum(len(_encoding().encode_ordinary(piece)) for piece in _pieces(text))


def split_text(text: str) -> list[bytes]:
    """The tokens of `text` as their bytes, which joined are its UTF-8; a character may span two."""
    preload()
    encoding = _encoding()
    return [
        encoding.decode_single_token_bytes(token)
        for piece in _pieces(text)
        for token in encoding.encode_ordinary(piece)
    ]


def count_messages(messages: Iterable[Mapping[str, Any]]) -> int:
    """Prompt tokens of a chat: 3 a message, its values, and 3 for the reply.

    `content` is a string or a list of parts; image parts count nothing here, see `count_image`.
    """
    return PER_REPLY + sum(
        PER_MESSAGE + sum(_count_value(value) for value in message.values()) for message in messages
    )


def count_image(model: str, width: int, height: int, detail: Detail = "auto") -> int:
    """Prompt tokens of one image of `width` × `height` pixels; `auto` counts as `high`.

    The formulas are OpenAI's: tiles for gpt-4o, gpt-4o-mini and gpt-4.1, patches for the other
    two, where `detail` has no effect. Raises KeyError for a model that is not in the catalog.
    """
    if width < 1 or height < 1:
        raise ValueError("an image is at least one pixel wide and high")
    if model in _PATCH_PERCENT:
        return -(-_patches(width, height) * _PATCH_PERCENT[model] // 100)
    base, tile = _TILES[model]
    return base if detail == "low" else base + tile * _tiles(width, height)


def upper_bound(text: str) -> int:
    """More tokens than this no text can have: one for each UTF-8 byte. Needs no vocabulary."""
    return len(text.encode("utf-8", "surrogatepass"))


@cache
def _encoding() -> tiktoken.Encoding:
    ranks = _read_ranks()
    encoding = tiktoken.Encoding(
        "o200k_base",
        pat_str=_PATTERN,
        mergeable_ranks=ranks,
        special_tokens={"<|endoftext|>": 199_999, "<|endofprompt|>": 200_018},
    )
    ranks.clear()  # the encoder has its own copy; this one would keep 23 MB
    return encoding


def _read_ranks() -> dict[bytes, int]:
    packed = files("minitoolai").joinpath("o200k_base.tiktoken.gz").read_bytes()
    pairs = (line.split() for line in gzip.decompress(packed).splitlines())
    return {base64.b64decode(token): int(rank) for token, rank in pairs}


def _pieces(text: str) -> Iterator[str]:
    start = 0
    for blank in _BLANKS.finditer(text):
        yield text[start : blank.end()]
        start = blank.end()
    yield text[start:]


def _count_value(value: object) -> int:
    if isinstance(value, str):
        return count_text(value)
    if isinstance(value, list | tuple):
        return sum(count_text(part["text"]) for part in value if part.get("type") == "text")
    return 0


# Base tokens and tokens per tile of 512 × 512 pixels.
_TILES: Final = {
    "gpt-4o": (85, 170),
    "gpt-4.1": (85, 170),
    "gpt-4o-mini": (2_833, 5_667),
}
# Tokens per hundred patches of 32 × 32 pixels.
_PATCH_PERCENT: Final = {"gpt-4.1-mini": 162, "gpt-4.1-nano": 246}
_MOST_PATCHES: Final = 1_536


def _tiles(width: int, height: int) -> int:
    fit = min(Fraction(1), Fraction(2_048, max(width, height)))
    fit = min(fit, Fraction(768, min(width, height)))
    return math.ceil(width * fit / 512) * math.ceil(height * fit / 512)


def _patches(width: int, height: int) -> int:
    patches = math.ceil(width / 32) * math.ceil(height / 32)
    if patches <= _MOST_PATCHES:
        return patches
    shrink = math.sqrt(_MOST_PATCHES * 32**2 / (width * height))
    wide, high = width * shrink / 32, height * shrink / 32
    shrink = min(math.floor(wide) / wide, math.floor(high) / high)
    if not shrink:  # a sliver, thinner than one patch
        return _MOST_PATCHES
    # Rounded first: one of the two is a whole number but for the float's last digits.
    return math.ceil(round(wide * shrink, 6)) * math.ceil(round(high * shrink, 6))
