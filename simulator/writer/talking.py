"""Small talk, going on, and the answer to whatever else is asked."""

from simulator.writer.knowing import find_fact
from simulator.writer.making import write_list
from simulator.writer.reading import Question


def greet(question: Question) -> str:
    return question.pick(
        (
            "Hello! I am the **demo model** of this server: I answer without a key, so you can try"
            " everything "
            "out. Ask me for a *haiku*, a *function*, a *table*, a sum or a plan.",
            "Hi there! What shall we make? I can write, calculate, compare and plan, within the"
            " limits of a "
            "**demo model**.",
        ),
        (
            "Hallo! Ik ben het **demomodel** van deze server: ik antwoord zonder sleutel, zodat je"
            " alles kunt "
            "uitproberen. Vraag me om een *haiku*, een *functie*, een *tabel*, een som of een"
            " plan.",
            "Dag! Wat zullen we maken? Ik kan schrijven, rekenen, vergelijken en plannen, voor"
            " zover een "
            "**demomodel** dat kan.",
        ),
    )


def accept_thanks(question: Question) -> str:
    last = question.earlier[-1] if question.earlier else ""
    extra = question.say(
        f" If you want to go further with *{_short(last)}*, just say so.",
        f" Wil je verder met *{_short(last)}*, zeg het maar.",
    )
    return question.pick(
        ("You are welcome!", "Glad to help!", "Any time."),
        ("Graag gedaan!", "Met plezier!", "Altijd."),
    ) + (extra if last else "")


def go_on(question: Question) -> str:
    """Further on the subject of the turn before."""
    if not question.earlier:
        return question.say(
            "There is nothing to go on with yet. What would you like to start?",
            "Er is nog niets om mee verder te gaan. Waar wil je beginnen?",
        )
    last = _short(question.earlier[-1])
    lead = question.pick(
        (f"Going on with *{last}*:", f"More on *{last}*, then:"),
        (f"Verder met *{last}*:", f"Nog wat meer over *{last}*:"),
    )
    return f"{lead}\n\n{write_list(question)}"


def answer_anything(question: Question) -> str:
    """A fact where it has one; else honest that it has none, and what it does have."""
    fact = find_fact(question)
    if fact:
        return fact
    if not question.keywords:
        return greet(question)
    lead = question.pick(
        (
            "That is beyond what I know. I am the **demo model**, a stand-in until this server has"
            " a key, and rather than make something up I say so.",
            "I would have to guess, and I had better not: I am only the **demo model**, a stand-in"
            " until this server has a key.",
        ),
        (
            "Dat gaat verder dan wat ik weet. Ik ben het **demomodel**, een invaller tot deze"
            " server een sleutel heeft, en liever dan iets te verzinnen zeg ik dat.",
            "Ik zou moeten gokken, en dat kan ik beter laten: ik ben maar het **demomodel**, een"
            " invaller tot deze server een sleutel heeft.",
        ),
    )
    closing = question.say(
        "What I can do: *calculate*, *compare*, *plan*, write a *haiku*, show *code* with true"
        " results, and explain a handful of subjects, from tides to heat pumps. Ask *What can you"
        " do?* for examples.",
        "Wat ik wel kan: *rekenen*, *vergelijken*, *plannen*, een *haiku* schrijven, *code* laten"
        " zien met uitkomsten die kloppen, en een handvol onderwerpen uitleggen, van getijden tot"
        " warmtepompen. Vraag *Wat kun je?* voor voorbeelden.",
    )
    return "\n\n".join(part for part in (_remember(question), lead, closing) if part)


def _remember(question: Question) -> str:
    """A word about an earlier turn, when there is one."""
    if not question.earlier:
        return ""
    first = _short(question.earlier[0])
    return question.pick(
        (
            f"You began with *{first}*; this follows on from there.",
            f"With *{first}* still in mind:",
        ),
        (f"Je begon met *{first}*; dit sluit daarop aan.", f"Met *{first}* nog in gedachten:"),
    )


def _short(text: str) -> str:
    plain = " ".join(text.replace("*", "").replace("`", "").split())
    return plain if len(plain) < 60 else plain[:57].rsplit(" ", 1)[0] + "…"
