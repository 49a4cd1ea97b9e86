"""Answers from what the demo model knows: facts, capitals, comparisons, explanations."""

from simulator.writer.essays import ESSAYS
from simulator.writer.facts import CAPITALS, FACTS, PAIRS
from simulator.writer.markdown import table
from simulator.writer.reading import Question, words_of


def find_fact(question: Question) -> str:
    """A sentence that answers the prompt, or ""."""
    words = {word.lower() for word in words_of(question.text.replace(".", ""))}
    for groups, english, dutch in FACTS:
        if all(words & set(group.replace(".", "").split("|")) for group in groups):
            return question.say(english, dutch)
    if words & {"capital", "hoofdstad"}:
        return _find_capital(question, words)
    return ""


def explain(question: Question) -> str:
    """An explanation of the topic: a known one, or an honest outline."""
    fact = find_fact(question)
    if fact:
        return fact
    words = {word.lower() for word in words_of(question.text)}
    for essay in ESSAYS:
        if words & set(essay.words.split()):
            return question.say(essay.english, essay.dutch)
    return _outline(question)


def compare(question: Question) -> str:
    """A table of two things; of a pair it knows with true rows, else with what to look up."""
    words = {word.lower() for word in words_of(question.text)}
    for first, second, rows in PAIRS:
        left, right = words & set(first.split("|")), words & set(second.split("|"))
        if left and right:
            titles = ["", f"**{_name(first, left)}**", f"**{_name(second, right)}**"]
            shown = [[_half(question, cell) for cell in row] for row in rows]
            closing = question.say(
                "**In short:** neither wins everywhere; the last row is usually the one that"
                " decides.",
                "**Kortom:** geen van beide wint altijd; de laatste rij geeft meestal de doorslag.",
            )
            return f"{table(titles, shown)}\n\n{closing}"
    return _compare_unknown(question)


def _compare_unknown(question: Question) -> str:
    names = [word.capitalize() for word in question.keywords[:2]]
    first, second = names if len(names) == 2 else ("A", "B")
    titles = [question.say("Ask of both", "Vraag van beide"), f"**{first}**", f"**{second}**"]
    asks = question.say(
        "What does it cost over a year?|How long does it last?|Who around you knows it well?|What"
        " can you not undo?",
        "Wat kost het over een jaar?|Hoe lang gaat het mee?|Wie in je omgeving kent het goed?|Wat"
        " kun je niet terugdraaien?",
    ).split("|")
    rows = [[ask, "…", "…"] for ask in asks]
    lead = question.say(
        f"I am the demo model and have no facts on *{first}* and *{second}*, but this is a fair"
        f" way to weigh them:",
        f"Ik ben het demomodel en heb geen feiten over *{first}* en *{second}*, maar zo weeg je ze"
        f" eerlijk af:",
    )
    return f"{lead}\n\n{table(titles, rows)}"


def _outline(question: Question) -> str:
    topic = question.topic
    return question.pick(
        (
            f"**{topic.capitalize()}** is best taken apart in three questions:\n\n"
            f"1. **What is it made of?** Name the parts before you name the whole.\n"
            f"2. **What makes it move or change?** Look for the one cause that explains most.\n"
            f"3. **Where does it end?** A good explanation of *{topic}* also says what it is"
            f" not.\n\n"
            "> I am the demo model: I know a handful of subjects well, and this is not yet one of"
            " them. "
            "With a real key the answer would go deeper.",
            f"Let me be honest about **{topic}**: as the demo model I know only a few subjects by"
            f" heart. "
            "What I can give is a way in:\n\n"
            f"- *Start small*: find one concrete example of {topic}.\n"
            "- *Ask what would change* if you took one part away.\n"
            "- *Explain it aloud* to somebody of twelve years old.\n\n"
            "What stays vague in the telling is what to read about next.",
        ),
        (
            f"**{topic.capitalize()}** haal je het best uit elkaar met drie vragen:\n\n"
            "1. **Waar bestaat het uit?** Noem de delen voor je het geheel noemt.\n"
            "2. **Wat laat het bewegen of veranderen?** Zoek de ene oorzaak die het meeste"
            " verklaart.\n"
            f"3. **Waar houdt het op?** Een goede uitleg van *{topic}* zegt ook wat het niet"
            f" is.\n\n"
            "> Ik ben het demomodel: ik ken een handvol onderwerpen goed, en dit hoort daar nog"
            " niet bij. "
            "Met een echte sleutel gaat het antwoord dieper.",
            f"Eerlijk gezegd: over **{topic}** weet ik als demomodel niet alles. Wat ik wel heb,"
            f" is een begin:\n\n"
            f"- *Begin klein*: zoek één concreet voorbeeld van {topic}.\n"
            "- *Vraag wat er verandert* als je één onderdeel weghaalt.\n"
            "- *Leg het hardop uit* aan iemand van twaalf.\n\n"
            "Wat dan vaag blijft, is wat je nu moet opzoeken.",
        ),
    )


def _find_capital(question: Question, words: set[str]) -> str:
    for country, capital in CAPITALS.items():
        english, dutch = country.split("|")
        if words & {english, dutch}:
            names = capital.split("|")
            name = question.say(names[0], names[-1])
            where = question.say(english, dutch).capitalize()
            return question.say(
                f"The capital of {'the ' if english == 'netherlands' else ''}{where} is"
                f" **{name}**.",
                f"De hoofdstad van {where} is **{name}**.",
            )
    return ""


def _name(known: str, asked: set[str]) -> str:
    """As the prompt has it, with the capitals it should have."""
    proper = {"javascript": "JavaScript", "sqlite": "SQLite", "postgresql": "PostgreSQL"}
    word = next(name for name in known.split("|") if name in asked)
    return proper.get(word, word.capitalize())


def _half(question: Question, both: str) -> str:
    english, dutch = both.split(" | ")
    return question.say(english, dutch)
