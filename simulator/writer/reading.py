"""Reads a conversation: in which language, what is wanted, about what."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from simulator.asks import ChatAsk
from simulator.dice import Dice
from simulator.directives import strip
from simulator.sight import Sight
from simulator.writer.words import DUTCH, ENGLISH, FILLERS, WANTS

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

# What is wanted is looked for in so many characters.
_READ = 4_000

# How much the models like to say.
_DEPTHS = {"gpt-4.1": 3, "gpt-4o": 3, "gpt-4.1-mini": 2, "gpt-4o-mini": 2, "gpt-4.1-nano": 1}

# "about dikes, then …": what follows, up to where the sentence turns.
_ABOUT = re.compile(
    r"\b(?:about|regarding|concerning|over|on the subject of|explain|explaining|what is|what are"
    r"|how (?:do|can) (?:i|you|we)|uitleg over|leg uit wat|wat is|wat zijn|how do|how does"
    r"|hoe werkt|hoe werken|plan(?:ning)?(?: for| voor)?)\s+"
    r"(.+?)(?=$|[.,;:!?\n]|\b(?:then|and then|in (?:dutch|english|het)|with|met|en dan|daarna|for"
    r"|voor|to (?:a|an|my|me)|aan (?:een|mijn|mij)|"
    r"works?|using)\b)",
    re.IGNORECASE,
)

# "compare a, b and c", "which is better: a or b", "a versus b": the list, up to where the sentence
# turns.
_LIST = r"([^.;:!?\n]{1,200}?)(?=$|[.;:!?\n]|\s(?:in (?:a|an|een)|for|voor|on|op|as|als)\b)"
_COMPARED = tuple(
    re.compile(opening + _LIST, re.IGNORECASE)
    for opening in (r"\b(?:compare|between|vergelijk|tussen)\s+", r"[:.?!]\s+", r"^")
)
_PARTED = re.compile(r"\s*,\s*(?:and|en|or|of)?\s*|\s+(?:and|en|with|met|or|versus|vs\.?)\s+")
_MOST_SIDES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`wants` in the order in which the prompt names them; `topic` is never empty."""

    text: str
    language: str
    wants: tuple[str, ...]
    topic: str
    keywords: tuple[str, ...]
    earlier: tuple[str, ...]
    said: str
    instructions: str
    images: tuple[Sight, ...]
    depth: int
    dice: Dice

    def say(self, english: str, dutch: str) -> str:
        return dutch if self.language == "nl" else english

    def pick(self, english: Sequence[str], dutch: Sequence[str]) -> str:
        """One of the phrases in the language of the question."""
        return self.dice.pick(dutch if self.language == "nl" else english)

    def has(self, *words: str) -> bool:
        lowered = f" {self.text.lower()} "
        return any(word in lowered for word in words)


def read(ask: ChatAsk) -> Question:
    message = ask.last_user()
    text = strip(message.text)
    users = [strip(each.text) for each in ask.messages if each.role == "user"]
    answers = [each.text for each in ask.messages if each.role == "assistant"]
    keywords = find_keywords(text)
    seed = (*((each.role, each.text) for each in ask.messages), ask.model, ask.temperature)
    return Question(
        text=text,
        language=_language(text, users),
        wants=_wants(text),
        topic=_topic(text, keywords, users[:-1]),
        keywords=keywords,
        earlier=tuple(users[:-1]),
        said=answers[-1] if answers else "",
        instructions="\n".join(each.text for each in ask.messages if each.role == "developer"),
        images=message.images,
        depth=_DEPTHS[ask.model],
        dice=Dice("reply", *seed),
    )


def find_keywords(text: str) -> tuple[str, ...]:
    """The words that carry the meaning, in order, each once."""
    found: dict[str, str] = {}
    for word in _WORD.findall(text):
        low = word.lower()
        if len(word) > 2 and low not in FILLERS and low not in found:
            found[low] = word
    return tuple(found.values())


def find_sides(text: str) -> tuple[str, ...]:
    """What a prompt sets side by side, each with a capital; none where it cannot be seen."""
    for pattern in _COMPARED:
        match = pattern.search(text[:_READ])
        parts = [_trim(part) for part in _PARTED.split(match[1]) if part.strip()] if match else []
        if 2 <= len(parts) <= _MOST_SIDES and all(find_keywords(part) for part in parts):
            return tuple(part.capitalize() if part.islower() else part for part in parts)
    return ()


def words_of(text: str) -> list[str]:
    return _WORD.findall(text)


def _language(text: str, users: list[str]) -> str:
    """Dutch when asked for, or when the words are; a bare word follows the turns before."""
    low = text.lower()
    if re.search(r"\b(in dutch|in het nederlands|in 't nederlands|nederlandstalig)\b", low):
        return "nl"
    if re.search(r"\b(in english|in het engels)\b", low):
        return "en"
    for turn in [text, *reversed(users[:-1])]:
        words = [word.lower() for word in _WORD.findall(turn)]
        dutch = sum(word in DUTCH for word in words)
        english = sum(word in ENGLISH for word in words)
        if dutch != english:
            return "nl" if dutch > english else "en"
    return "en"


def _wants(text: str) -> tuple[str, ...]:
    hits = []
    for want, pattern in WANTS.items():
        match = re.search(pattern, text[:_READ], re.IGNORECASE)
        if match:
            hits.append((match.start(), want))
    return tuple(want for _, want in sorted(hits))


def _topic(text: str, keywords: tuple[str, ...], earlier: list[str]) -> str:
    match = _ABOUT.search(text[:_READ])
    if match and find_keywords(match[1]):
        return _trim(match[1])
    if keywords:
        return _last_phrase(text[:_READ])
    for turn in reversed(earlier):
        if find_keywords(turn):
            return _topic(turn, find_keywords(turn), [])
    return text.strip()[:40] or "this"


def _last_phrase(text: str) -> str:
    """The last words that stand together without filler between them: "my bicycle shed"."""
    phrases: list[list[str]] = [[]]
    for word in re.findall(r"[^\W_]+|[^\w\s]", text):
        if _WORD.fullmatch(word) and len(word) > 2 and word.lower() not in FILLERS:
            phrases[-1].append(word)
        elif phrases[-1]:
            phrases.append([])
    whole = [phrase for phrase in phrases if phrase]
    return " ".join(whole[-1][:3]) if whole else text[:40]


# Said back to whoever asked.
_YOURS = {"my": "your", "our": "your", "mijn": "je", "onze": "jullie", "ons": "jullie"}


def _trim(phrase: str) -> str:
    words = [_YOURS.get(word.lower(), word) for word in phrase.strip(" \"'“”?!.").split()]
    while len(words) > 1 and words[0].lower() in (
        "a",
        "an",
        "the",
        "de",
        "het",
        "een",
        "how",
        "hoe",
    ):
        words = words[1:]
    return " ".join(words[:6])
