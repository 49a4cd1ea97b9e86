"""Answers from what the demo model knows: facts, capitals, comparisons, explanations."""

from simulator.writer.essays import ESSAYS
from simulator.writer.facts import CAPITALS, FACTS, PAIRS
from simulator.writer.markdown import join, table
from simulator.writer.reading import Question, find_sides, words_of


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
    sides = find_sides(question.text) or ("A", "B")
    titles = [question.say("Ask of each", "Vraag van elk"), *(f"**{side}**" for side in sides)]
    asks = question.say(
        "What is it made for?|What does it cost, in money or effort?|What goes wrong first?|Who"
        " around you knows it well?",
        "Waar is het voor gemaakt?|Wat kost het, in geld of moeite?|Wat gaat er het eerst mis?|Wie"
        " in je omgeving kent het goed?",
    ).split("|")
    rows = [[ask, *("…" for _ in sides)] for ask in asks]
    named = [f"*{side}*" for side in sides]
    lead = question.say(
        f"I am the demo model and have no facts on {join(named, 'and')}, but this is a fair way to"
        f" weigh them:",
        f"Ik ben het demomodel en heb geen feiten over {join(named, 'en')}, maar zo weeg je ze"
        f" eerlijk af:",
    )
    return f"{lead}\n\n{table(titles, rows)}"


def _outline(question: Question) -> str:
    """Honest that it is not known, and a way in that fits any subject."""
    topic = question.topic[0].upper() + question.topic[1:]
    return question.pick(
        (
            f"**{topic}**: of that I know too little to be right. I am the demo model, with a"
            f" handful of subjects by heart. Three questions bring any subject into view:\n\n"
            "1. **What is it made of?** Name the parts before you name the whole.\n"
            "2. **What makes it change?** Look for the one cause that explains most.\n"
            "3. **Where does it end?** A good explanation also says what it is not.\n\n"
            "> With a real key, a real model answers here.",
            f"**{topic}**: to be honest, that is not among the few subjects that I, the demo model,"
            f" know by heart. What I can give is a way in:\n\n"
            "- *Start small*: find one concrete example.\n"
            "- *Ask what would change* if you took one part away.\n"
            "- *Explain it aloud* to somebody of twelve years old.\n\n"
            "What stays vague in the telling is what to look up next.",
        ),
        (
            f"**{topic}**: daar weet ik te weinig van om het goed te hebben. Ik ben het demomodel,"
            f" met een handvol onderwerpen in het hoofd. Drie vragen brengen elk onderwerp in"
            f" beeld:\n\n"
            "1. **Waar bestaat het uit?** Noem de delen voor je het geheel noemt.\n"
            "2. **Wat laat het veranderen?** Zoek de ene oorzaak die het meeste verklaart.\n"
            "3. **Waar houdt het op?** Een goede uitleg zegt ook wat het niet is.\n\n"
            "> Met een echte sleutel antwoordt hier een echt model.",
            f"**{topic}**: eerlijk gezegd hoort dat niet bij de paar onderwerpen die ik, het"
            f" demomodel, uit mijn hoofd ken. Wat ik wel heb, is een begin:\n\n"
            "- *Begin klein*: zoek één concreet voorbeeld.\n"
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
    proper = {
        "javascript": "JavaScript",
        "sqlite": "SQLite",
        "postgresql": "PostgreSQL",
        "tcp": "TCP",
        "udp": "UDP",
    }
    word = next(name for name in known.split("|") if name in asked)
    return proper.get(word, word.capitalize())


def _half(question: Question, both: str) -> str:
    english, dutch = both.split(" | ")
    return question.say(english, dutch)
