"""Pieces of markdown."""

from collections.abc import Sequence


def table(titles: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: bool = False) -> str:
    """A table; with `numbers` all columns but the first are set to the right."""
    rules = ["---", *(["---:" if numbers else "---"] * (len(titles) - 1))]
    return "\n".join("| " + " | ".join(line) + " |" for line in (titles, rules, *rows))


def fence(name: str, source: str) -> str:
    return f"```{name}\n{source}\n```"


def join(words: Sequence[str], conjunction: str) -> str:
    """In a sentence: "a, b and c"."""
    return (
        f" {conjunction} ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
    )
