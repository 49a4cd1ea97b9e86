"""Answers with code, and tables of what it truly gives."""

import inspect
from typing import Any

from simulator.writer.examples import EXAMPLES, Example
from simulator.writer.markdown import fence, table
from simulator.writer.reading import Question, words_of
from simulator.writer.snippets import SNIPPETS


def write_code(question: Question) -> str:
    """A function in the language asked for, with a sentence before and after."""
    other = _other_language(question)
    if other:
        return _write_other(question, other)
    example = find_example(question)
    wants_js = question.has("javascript", "typescript", " js ", "node") and example.javascript
    name = "JavaScript" if wants_js else "Python"
    parts = [
        _opening(question, example, name),
        fence("javascript", example.javascript) if wants_js else _python(example),
    ]
    if example.formula and question.depth > 1:
        parts.append(
            question.say("In a formula:", "Als formule:") + f"\n\n$$\n{example.formula}\n$$"
        )
    if "table" not in question.wants and not wants_js:
        parts.append(_output(question, example))
    return "\n\n".join(parts)


def write_results(question: Question) -> str:
    """A table of the function's results, worked out by running it."""
    example = find_example(question)
    titles = [_half(question, title) for title in example.titles]
    lead = question.pick(
        ("What it gives:", "Its results, worked out with the function above:", "And the results:"),
        (
            "Dit komt eruit:",
            "De uitkomsten, berekend met de functie hierboven:",
            "En de uitkomsten:",
        ),
    )
    rows = [_row(question, example, call) for call in example.calls]
    return f"{lead}\n\n{table(titles, rows, numbers=True)}"


def find_example(question: Question) -> Example:
    """The example with most words in common with the prompt; else one by chance."""
    scores = [_score(question, example) for example in EXAMPLES]
    if not any(scores):
        return question.dice.fork("example").pick(EXAMPLES)
    return EXAMPLES[scores.index(max(scores))]


def _score(question: Question, example: Example) -> int:
    return len({word.lower() for word in words_of(question.text)} & set(example.words.split()))


def _opening(question: Question, example: Example, name: str) -> str:
    """What the function is for; honest where it is not what was asked."""
    purpose = _half(question, example.purpose)
    if question.keywords and not _score(question, example):
        return question.say(
            f"I am the demo model and know a dozen functions by heart; what you ask is not among"
            f" them. To show how code looks here, one in **{name}** for {purpose}:",
            f"Ik ben het demomodel en ken een dozijn functies uit mijn hoofd; wat je vraagt zit er"
            f" niet bij. Om te laten zien hoe code er hier uitziet, een in **{name}** voor"
            f" {purpose}:",
        )
    return question.pick(
        (
            f"Here is a small **{name}** function for {purpose}:",
            f"This **{name}** function works out {purpose}:",
            f"A short answer in **{name}**, for {purpose}:",
        ),
        (
            f"Hier is een kleine **{name}**-functie voor {purpose}:",
            f"Deze **{name}**-functie berekent {purpose}:",
            f"Een kort antwoord in **{name}**, voor {purpose}:",
        ),
    )


def _python(example: Example) -> str:
    return fence("python", inspect.getsource(example.function).strip())


def _output(question: Question, example: Example) -> str:
    """A call in the interpreter, with its true answer."""
    lines = []
    for call in example.calls[: 1 + question.depth]:
        arguments = ", ".join(map(repr, call))
        lines += [f">>> {example.function.__name__}({arguments})", repr(example.function(*call))]
    lead = question.say("Tried out:", "Uitgeprobeerd:")
    return f"{lead}\n\n{fence('pycon', chr(10).join(lines))}"


def _row(question: Question, example: Example, call: tuple[Any, ...]) -> list[str]:
    result = example.function(*call)
    return [_show(question, value) for value in (*call, result)]


def _show(question: Question, value: Any) -> str:
    if isinstance(value, bool):
        return question.say("yes", "ja") if value else question.say("no", "nee")
    if isinstance(value, list):
        return " ".join(map(str, value))
    text = str(value)
    return (
        text.replace(".", ",") if question.language == "nl" and isinstance(value, float) else text
    )


def _other_language(question: Question) -> str:
    words = {word.lower() for word in words_of(question.text)}
    if "python" in words or "javascript" in words:
        return ""
    for key, (asked, _, _) in SNIPPETS.items():
        if all(words & set(group.split()) for group in asked.split(";")):
            return key
    return ""


def _write_other(question: Question, key: str) -> str:
    _, source, output = SNIPPETS[key]
    name = key.partition(" ")[0]
    shown = {"sql": "SQL", "html": "HTML", "css": "CSS"}.get(name, name.capitalize())
    opening = question.say(
        f"An example in **{shown}**, with names that I made up:",
        f"Een voorbeeld in **{shown}**, met namen die ik heb verzonnen:",
    )
    parts = [opening, fence(name, source)]
    if output:
        parts += [question.say("Which gives:", "Dat geeft:"), output]
    closing = question.say(
        "Adapt the names to your own case, and try it on a copy first.",
        "Pas de namen aan je eigen geval aan en probeer het eerst op een kopie.",
    )
    return "\n\n".join([*parts, closing])


def _half(question: Question, both: str) -> str:
    english, dutch = both.split(" | ")
    return question.say(english, dutch)
