"""Things made to order: poems, stories, plans, lists, e-mails, recipes, jokes."""

import re

from simulator.writer.jokes import JOKES
from simulator.writer.markdown import table
from simulator.writer.reading import Question, words_of
from simulator.writer.stories import STORIES
from simulator.writer.verses import DUTCH, ENGLISH, THEMES

# Who is not called by that word at the head of a letter.
_OFFICES = frozenset(
    str.split("""
    school bank municipality council company shop store insurer insurance office support
    gemeente bedrijf winkel verzekeraar verzekering kantoor klantenservice belastingdienst
    """)
)


def write_poem(question: Question) -> str:
    """A haiku of 5, 7 and 5 syllables; a longer poem is two or three of them."""
    lines = DUTCH if question.language == "nl" else ENGLISH
    theme = _theme(question)
    fives, sevens = lines[theme]
    dice = question.dice.fork("poem")
    if question.has("haiku"):
        first, last = dice.sample(fives, 2)
        return f"> {first},  \n> {dice.pick(sevens)};  \n> {last.lower()}."
    first, second, third, fourth = dice.sample(fives, 4)
    stanzas = [(first, sevens[0], second.lower()), (third, sevens[1], fourth.lower())]
    if theme:
        calm, quiet = lines[""]
        start, end = dice.sample(calm, 2)
        stanzas.append((start, dice.pick(quiet), end.lower()))
    title = question.topic[0].upper() + question.topic[1:]
    body = "\n>\n".join(f"> {a},  \n> {b};  \n> {c}." for a, b, c in stanzas)
    other = question.has("limerick", "sonnet")
    lead = question.say("That form I cannot do; this one I can:", "Die vorm kan ik niet; deze wel:")
    return f"{lead + chr(10) * 2 if other else ''}### {title}\n\n{body}"


def write_story(question: Question) -> str:
    topic = question.topic
    return question.pick(*STORIES).format(topic=topic)


def write_plan(question: Question) -> str:
    """Days or steps as a task list with smaller steps beneath."""
    topic = question.topic
    heading = question.say(f"### A plan: {topic}", f"### Een plan: {topic}")
    items = question.say(
        "Decide what *done* looks like|one sentence, written down;"
        "Make the smallest first step|no longer than half an hour|today, not tomorrow;"
        "Gather what is needed|what you have|what you must ask for;"
        "Do the hard part in the morning|telephone away;"
        "Show it to somebody|listen, do not defend;"
        "Look back|what would you leave out next time?",
        "Bepaal wat *klaar* betekent|één zin, op papier;"
        "Zet de kleinste eerste stap|hooguit een half uur|vandaag, niet morgen;"
        "Verzamel wat nodig is|wat je al hebt|wat je moet vragen;"
        "Doe het moeilijke 's ochtends|telefoon weg;"
        "Laat het iemand zien|luister, verdedig niet;"
        "Kijk terug|wat zou je de volgende keer weglaten?",
    ).split(";")
    lines: list[str] = []
    for item in items[: 3 + question.depth]:
        task, *steps = item.split("|")
        lines.append(f"- [ ] **{task}**")
        lines += [f"  - [ ] {step}" for step in steps]
    closing = question.say(
        "These steps fit most plans. I am the demo model: a real one would fill them in for you.",
        "Deze stappen passen op de meeste plannen. Ik ben het demomodel: een echt model vult ze"
        " voor je in.",
    )
    return "\n".join((heading, "", *lines, "", closing))


def suggest(question: Question) -> str:
    """Ways to find ideas, and honest that they are not the ideas themselves."""
    topic = question.topic
    lead = question.say(
        f"I am the demo model, so the ideas themselves must be yours. These ways of finding them"
        f" work for *{topic}* too:",
        f"Ik ben het demomodel, dus de ideeën zelf moeten van jou komen. Zo vind je ze, ook voor"
        f" *{topic}*:",
    )
    return f"{lead}\n\n{write_list(question)}"


def write_list(question: Question) -> str:
    """As many ways to an idea as asked for, at most ten."""
    match = re.search(r"\b(\d{1,2})\b", question.text)
    count = max(2, min(10, int(match[1]))) if match else 3 + question.depth
    ideas = question.say(
        "**Start from what worked** the last time;"
        "**Ask two people** who know it better than you do;"
        "**Write down ten without judging**, then strike out eight;"
        "**Combine two** that are each half good;"
        "**Halve the money or the time** and see what is left standing;"
        "**Turn it round**: what would surely make it fail?;"
        "**Borrow one thing** from how somebody else did it;"
        "**Make it small enough** to try in an afternoon;"
        "**Leave one thing out** on purpose;"
        "**Sleep on it**, and choose in the morning",
        "**Begin bij wat de vorige keer goed ging**;"
        "**Vraag twee mensen** die er meer van weten dan jij;"
        "**Schrijf er tien op zonder oordeel** en streep er acht door;"
        "**Voeg er twee samen** die elk half goed zijn;"
        "**Halveer het geld of de tijd** en kijk wat er overeind blijft;"
        "**Draai het om**: waardoor mislukt het zeker?;"
        "**Leen één ding** van hoe een ander het deed;"
        "**Maak het klein genoeg** om in een middag te proberen;"
        "**Laat met opzet** één ding weg;"
        "**Slaap er een nacht over** en kies dan",
    ).split(";")
    chosen = question.dice.fork("ideas").sample(ideas, count)
    return "\n".join(
        f"{index}. {idea}{'' if idea.endswith('?') else '.'}"
        for index, idea in enumerate(chosen, 1)
    )


def write_email(question: Question) -> str:
    """A draft to a person or an office, about what the prompt says or with that left open."""
    whom = re.search(r"\b(?:to|aan)\s+(?:my|our|the|mijn|onze|de|het)\s+(\w+)", question.text)
    name = whom[1].lower() if whom else ""
    about = re.search(r"\b(?:about|regarding|over)\s+([^.,;:!?\n]{1,80})", question.text)
    topic = about[1].strip() if about else question.say("*your subject*", "*je onderwerp*")
    dear = question.say(
        "Dear Sir or Madam" if name in _OFFICES else f"Dear {name or '*name*'}",
        "Geachte heer of mevrouw" if name in _OFFICES else f"Beste {name or '*naam*'}",
    )
    return question.say(
        f"**Subject:** {topic[0].upper()}{topic[1:]}\n\n{dear},\n\n"
        f"I am writing about {topic}. *In one or two sentences: what has happened, and since"
        f" when.*\n\n"
        "I would like to ask you:\n\n1. *what you want done,*\n2. *by when.*\n\n"
        "If something is unclear, you can reach me at *telephone number*. Thank you in"
        " advance.\n\nKind regards,  \n*your name*",
        f"**Onderwerp:** {topic[0].upper()}{topic[1:]}\n\n{dear},\n\n"
        f"Ik schrijf u over {topic}. *In een of twee zinnen: wat is er gebeurd, en sinds"
        f" wanneer.*\n\n"
        "Graag vraag ik u:\n\n1. *wat er moet gebeuren,*\n2. *en wanneer.*\n\n"
        "Is iets onduidelijk, dan ben ik te bereiken op *telefoonnummer*. Alvast bedankt.\n\nMet"
        " vriendelijke groet,  \n*je naam*",
    )


def write_recipe(question: Question) -> str:
    """Pancakes, for as many people as the prompt names."""
    match = re.search(r"\b(\d{1,2})\b", question.text)
    people = max(1, min(40, int(match[1]))) if match else 4
    amounts = (
        ("flour | bloem", f"{people * 65} g"),
        ("milk | melk", f"{people * 125} ml"),
        ("eggs | eieren", str(max(1, round(people * 0.5)))),
        ("salt | zout", question.say("a pinch", "een snufje")),
        ("butter, to fry in | boter, om in te bakken", f"{people * 10} g"),
    )
    rows = [[question.say(*name.split(" | ")), amount] for name, amount in amounts]
    titles = [question.say("Ingredient", "Ingrediënt"), question.say("Amount", "Hoeveelheid")]
    steps = question.say(
        "1. Whisk flour, salt and half of the milk until smooth.\n2. Beat in the eggs and the rest"
        " of the milk. "
        "*Let it rest for half an hour.*\n3. Fry thin pancakes in hot butter: 2 minutes, turn, 1"
        " minute more.",
        "1. Klop bloem, zout en de helft van de melk glad.\n2. Klop de eieren en de rest van de"
        " melk erdoor. "
        "*Laat een half uur rusten.*\n3. Bak dunne pannenkoeken in hete boter: 2 minuten, keren,"
        " nog 1 minuut.",
    )
    heading = question.say(f"### Pancakes for {people}", f"### Pannenkoeken voor {people}")
    recipe = f"{heading}\n\n{table(titles, rows)}\n\n{steps}"
    if question.has("pancake", "pannenkoek"):
        return recipe
    lead = question.say(
        "I am the demo model and know one recipe by heart. It has never failed:",
        "Ik ben het demomodel en ken één recept uit mijn hoofd. Het is nog nooit mislukt:",
    )
    return f"{lead}\n\n{recipe}"


def tell_joke(question: Question) -> str:
    return question.pick(*JOKES)


def _theme(question: Question) -> str:
    words = {word.lower() for word in words_of(question.text)}
    return next((name for name, known in THEMES.items() if words & set(known.split())), "")
