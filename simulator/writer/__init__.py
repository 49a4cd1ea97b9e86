"""Writes the replies: the same question, history and model give the same answer."""

from simulator.asks import ChatAsk
from simulator.directives import strip


def compose(ask: ChatAsk) -> str:
    prompt = strip(ask.last_user().text)
    return (
        "## A first answer\n\n"
        f"You wrote: *{prompt[:200]}*\n\n"
        "1. This is the **demo model**.\n2. It answers without a key.\n\n"
        "| word | letters |\n|---|---|\n"
        + "".join(f"| {word} | {len(word)} |\n" for word in prompt.split()[:5])
    )


def compose_more(ask: ChatAsk, *, page: int) -> str:
    return f"Page {page}. " + compose(ask)
