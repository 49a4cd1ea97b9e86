"""Work on a text that the prompt holds: summarise, count, translate, name."""

import re
from collections import Counter

from simulator.writer.facts import DICTIONARY, PHRASES
from simulator.writer.markdown import join, table
from simulator.writer.reading import Question, find_keywords, words_of

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
_CLAUSE = re.compile(r"[^.,;:!?…]+")
_FOREIGN = re.compile(
    r"\b(?:to|into|in|naar|naar het|in het)\s+(?:french|german|spanish|italian|portuguese|polish"
    r"|turkish|arabic|chinese|japanese|russian|ukrainian|latin|frans|duits|spaans|italiaans"
    r"|portugees|pools|turks|arabisch|chinees|japans|russisch|oekraïens|latijn)\b",
    re.IGNORECASE,
)
_MOST = 20_000


def given_text(question: Question) -> str:
    """What the prompt quotes, or what follows its first colon or line."""
    text = question.text[:_MOST]
    quoted = re.search(r"[\"“‘«]([^\"”’»]{3,})[\"”’»]", text)
    if quoted:
        return quoted[1].strip()
    for mark in (":", "\n"):
        head, found, tail = text.partition(mark)
        if found and len(words_of(tail)) > 1 and len(words_of(head)) < 25:
            return tail.strip()
    quoted = re.search(r"(?<!\w)['‘]([^'’\n]{3,})['’](?!\w)", text)
    return quoted[1].strip() if quoted else ""


def summarise(question: Question) -> str:
    """The sentences that carry most of the words that come back."""
    text = given_text(question) or (question.said[:_MOST] if question.earlier else "")
    sentences = [s.strip() for s in _SENTENCE.findall(text) if len(words_of(s)) > 2]
    if not sentences:
        return question.say(
            "Paste the text after a colon, and I will pick out what matters.",
            "Plak de tekst na een dubbele punt, dan haal ik eruit wat ertoe doet.",
        )
    weights = Counter(word.lower() for word in find_keywords(text) for _ in range(text.count(word)))
    ranked = sorted(sentences, key=lambda s: -_weight(s, weights))[: 1 + question.depth]
    kept = [sentence for sentence in sentences if sentence in ranked]
    words, left = len(words_of(text)), sum(len(words_of(sentence)) for sentence in kept)
    lead = question.say("**In short:**", "**Kort samengevat:**")
    closing = question.say(
        f"*From {words} words to {left}.*", f"*Van {words} woorden naar {left}.*"
    )
    return "\n".join((lead, "", *(f"- {sentence}" for sentence in kept), "", closing))


def count(question: Question) -> str:
    """Words, letters, sentences: counted, not guessed."""
    text = given_text(question) or question.text
    words = words_of(text)
    sentences = [s for s in _SENTENCE.findall(text) if words_of(s)]
    rows = [
        [question.say("words", "woorden"), str(len(words))],
        [question.say("letters", "letters"), str(sum(map(len, words)))],
        [question.say("characters, with spaces", "tekens, met spaties"), str(len(text))],
        [question.say("sentences", "zinnen"), str(len(sentences))],
    ]
    if words:
        longest = max(words, key=len)
        rows.append([question.say("longest word", "langste woord"), f"*{longest}*"])
    titles = [question.say("Of", "Van"), question.say("There are", "Zijn er")]
    return table(titles, rows)


def translate(question: Question) -> str:
    """Word by word with a small dictionary, and honest about what is not in it."""
    text = given_text(question)
    if not text:
        return question.say(
            "Put the text between quotation marks, and I will try it word by word.",
            "Zet de tekst tussen aanhalingstekens, dan probeer ik het woord voor woord.",
        )
    if _FOREIGN.search(question.text):
        return question.say(
            "I am the demo model, and the only languages I know a little are English and Dutch.",
            "Ik ben het demomodel, en de enige talen die ik een beetje ken zijn Nederlands en"
            " Engels.",
        )
    text = " ".join(text.split()[:60]).strip("'‘’")
    phrases, book = _dictionary(text)
    parts = [_render(part, phrases, book) for part in re.split(r"([.,;:!?…]+\s*)", text)]
    done = "".join(parts)
    quote = f"> {done[0].upper()}{done[1:]}" + ("" if done[-1] in ".!?…" else ".")
    if all(_key(part) in phrases for part in _CLAUSE.findall(text) if words_of(part)):
        return quote
    unknown = [word for word in words_of(text) if f"*{word}*" in done]
    return "\n\n".join((quote, _excuse(question, unknown)))


def _dictionary(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """Phrases and words, in the direction in which more of the text is known."""
    back = {dutch: english for english, dutch in DICTIONARY.items()}
    phrases_back = {dutch.lower(): english for english, dutch in PHRASES.items()}
    words = [word.lower() for word in words_of(text)]
    if sum(word in back for word in words) > sum(word in DICTIONARY for word in words):
        return phrases_back, back
    return PHRASES, DICTIONARY


def _render(part: str, phrases: dict[str, str], book: dict[str, str]) -> str:
    """A clause that is known as a whole, or else word by word."""
    if not words_of(part):
        return part
    whole = phrases.get(_key(part))
    if whole:
        return whole
    return " ".join(
        book.get(word.lower(), f"*{word}*").replace("-", " ") for word in words_of(part)
    )


def _key(clause: str) -> str:
    return " ".join(words_of(clause)).lower()


def _excuse(question: Question, unknown: list[str]) -> str:
    if not unknown:
        return question.say(
            "Word for word, so look it over: my demo dictionary is small.",
            "Woord voor woord, dus kijk het na: mijn demowoordenboek is klein.",
        )
    listed = join([f"*{word}*" for word in dict.fromkeys(unknown)], question.say("or", "of"))
    return question.say(
        f"Word for word, so look it over: my demo dictionary is small and does not know {listed}.",
        f"Woord voor woord, dus kijk het na: mijn demowoordenboek is klein en kent {listed} niet.",
    )


def make_title(question: Question) -> str:
    """Two to five words that the conversation is about, with nothing around them."""
    source = given_text(question) or (question.earlier[0] if question.earlier else question.text)
    source = re.sub(r"(?im)^\s*(user|assistant|gebruiker|title|titel)\s*[:>-]", " ", source)
    words = [word for word in find_keywords(source) if word.lower() not in _TITLE_WORDS][:4]
    if not words:
        return question.say("New conversation", "Nieuw gesprek")
    return " ".join((words[0].capitalize(), *words[1:]))


def wants_title(question: Question) -> bool:
    """Is this a program asking for the name of a conversation?"""
    asked = f"{question.instructions}\n{question.text}"[:4_000]
    return bool(
        re.search(
            r"\b(short|brief|concise|korte?)\b[^.\n]{0,40}\b(title|titel)\b"
            r"|\b(title|titel)\b[^.\n]{0,60}\b(conversation|chat|gesprek|words|woorden)\b",
            asked,
            re.IGNORECASE,
        )
    )


_TITLE_WORDS = {"title", "titel", "conversation", "gesprek", "chat", "concise", "reply", "user"}


def _weight(sentence: str, weights: Counter[str]) -> float:
    words = [word.lower() for word in find_keywords(sentence)]
    return sum(weights[word] for word in words) / (3 + len(words))
