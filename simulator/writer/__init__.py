"""Writes the replies: the same conversation, model and temperature give the same answer."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from simulator.asks import ChatAsk
from simulator.writer import (
    code,
    knowing,
    language,
    making,
    maths,
    reading,
    seeing,
    tables,
    talking,
)
from simulator.writer.reading import Question
from simulator.writer.recitations import RECITATIONS

_WRITERS: Mapping[str, Callable[[Question], str]] = {
    "poem": making.write_poem,
    "story": making.write_story,
    "joke": making.tell_joke,
    "recipe": making.write_recipe,
    "plan": making.write_plan,
    "list": making.suggest,
    "email": making.write_email,
    "code": code.write_code,
    "table": tables.write_table,
    "compare": knowing.compare,
    "explain": knowing.explain,
    "maths": maths.write_maths,
    "summary": language.summarise,
    "translate": language.translate,
    "count": language.count,
    "greeting": talking.greet,
    "thanks": talking.accept_thanks,
    "again": talking.go_on,
}

# One of these is the whole answer; the others can stand together.
_ALONE = ("summary", "translate", "count", "email", "again")

# Said in passing, when something else is wanted too.
_ASIDE = ("greeting", "thanks")


def compose(ask: ChatAsk) -> str:
    """The whole reply, as markdown."""
    question = reading.read(ask)
    if question.images:
        return seeing.describe(question)
    if language.wants_title(question):
        return language.make_title(question)
    for known in RECITATIONS:
        if known.fits(question):
            return known.recite(question)
    wants = _sift(question)
    if not wants:
        return talking.answer_anything(question)
    return "\n\n".join(_WRITERS[want](replace(question, wants=wants)) for want in wants)


def compose_more(ask: ChatAsk, *, page: int) -> str:
    """One more page on the same subject, for a reply that must be longer."""
    question = reading.read(ask)
    question = replace(question, dice=question.dice.fork("page", page))
    turns = (
        making.write_list,
        making.write_plan,
        knowing.explain,
        making.write_story,
        code.write_code,
    )
    heading = question.say(f"## Page {page + 1}", f"## Bladzijde {page + 1}")
    return f"{heading}\n\n{turns[page % len(turns)](question)}"


def _sift(question: Question) -> tuple[str, ...]:
    """What will be answered, in the order asked."""
    wants = question.wants
    for want in _ALONE:
        if want in wants:
            return (want,)
    serious = tuple(want for want in wants if want not in _ASIDE)
    if "compare" in serious:
        serious = tuple(want for want in serious if want not in ("code", "table", "explain"))
    if "explain" in serious and (len(serious) > 1 or knowing.find_fact(question)):
        serious = tuple(want for want in serious if want != "explain") or ("explain",)
    return serious or wants
