"""Things made to order: poems, stories, plans, lists, e-mails, recipes, jokes."""

import re

from simulator.writer.jokes import JOKES
from simulator.writer.markdown import table
from simulator.writer.reading import Question, words_of
from simulator.writer.stories import STORIES
from simulator.writer.verses import DUTCH, ENGLISH, THEMES


def write_poem(question: Question) -> str:
    """A haiku of 5, 7 and 5 syllables; a longer poem is three of them."""
    lines = DUTCH if question.language == "nl" else ENGLISH
    fives, sevens = lines[_theme(question)]
    dice = question.dice.fork("poem")
    if question.has("haiku"):
        first, last = dice.sample(fives, 2)
        return f"> {first},  \n> {dice.pick(sevens)};  \n> {last.lower()}."
    others = lines[""]
    first, second, third, fourth = dice.sample(fives, 4)
    loose = dice.sample(others[0], 2)
    stanzas = (
        (first, sevens[0], second.lower()),
        (third, sevens[1], loose[0].lower()),
        (fourth, others[1][0], loose[1].lower()),
    )
    title = question.topic.capitalize()
    body = "\n>\n".join(f"> {a},  \n> {b};  \n> {c}." for a, b, c in stanzas)
    return f"### {title}\n\n{body}"


def write_story(question: Question) -> str:
    topic = question.topic
    return question.pick(*STORIES).format(topic=topic)


def write_plan(question: Question) -> str:
    """Days or steps as a task list with smaller steps beneath."""
    topic = question.topic
    heading = question.say(f"### A plan for {topic}", f"### Een plan voor {topic}")
    items = question.say(
        "Decide what *done* looks like|one sentence, written down;"
        "Make the smallest first step|no longer than half an hour|today, not tomorrow;"
        f"Gather what {topic} needs|what you have|what you must ask for;"
        "Do the hard part in the morning|telephone away;"
        "Show it to somebody|listen, do not defend;"
        "Look back|what would you leave out next time?",
        "Bepaal wat *klaar* betekent|één zin, op papier;"
        "Zet de kleinste eerste stap|hooguit een half uur|vandaag, niet morgen;"
        f"Verzamel wat nodig is voor {topic}|wat je al hebt|wat je moet vragen;"
        "Doe het moeilijke 's ochtends|telefoon weg;"
        "Laat het iemand zien|luister, verdedig niet;"
        "Kijk terug|wat zou je de volgende keer weglaten?",
    ).split(";")
    lines: list[str] = []
    for item in items[: 3 + question.depth]:
        task, *steps = item.split("|")
        lines.append(f"- [{'x' if not lines else ' '}] **{task}**")
        lines += [f"  - [ ] {step}" for step in steps]
    closing = question.say(
        "The first box is ticked already: by asking, you have begun.",
        "Het eerste vakje is al aangevinkt: door het te vragen ben je begonnen.",
    )
    return "\n".join((heading, "", *lines, "", closing))


def write_list(question: Question) -> str:
    """As many ideas as asked for, at most ten."""
    match = re.search(r"\b(\d{1,2})\b", question.text)
    count = max(2, min(10, int(match[1]))) if match else 3 + question.depth
    topic = question.topic
    ideas = question.say(
        f"**Start with a question** that {topic} raises and nobody has asked;"
        f"**Turn it round**: what is the opposite of {topic}?;"
        f"**Make it small enough** to finish in an afternoon;"
        "**Give it a place**: a shelf, a street, a page;"
        f"**Ask a child** what {topic} is for;"
        "**Leave one thing out** on purpose;"
        f"**Combine it** with something from your kitchen;"
        "**Set a clock** for twenty minutes, then stop;"
        f"**Draw it** before you describe it;"
        "**Give it away** and see what comes back",
        f"**Begin met een vraag** over {topic} die nog niemand stelde;"
        f"**Draai het om**: wat is het tegendeel van {topic}?;"
        "**Maak het klein genoeg** voor één middag;"
        "**Geef het een plek**: een plank, een straat, een bladzijde;"
        f"**Vraag een kind** waar {topic} voor dient;"
        "**Laat met opzet** één ding weg;"
        "**Combineer het** met iets uit je keuken;"
        "**Zet een wekker** op twintig minuten en stop dan;"
        "**Teken het** voor je het beschrijft;"
        "**Geef het weg** en kijk wat er terugkomt",
    ).split(";")
    chosen = question.dice.fork("ideas").sample(ideas, count)
    return "\n".join(
        f"{index}. {idea}{'' if idea.endswith('?') else '.'}"
        for index, idea in enumerate(chosen, 1)
    )


def write_email(question: Question) -> str:
    topic = question.topic
    whom = re.search(r"\b(?:to|aan)\s+(?:my|our|the|mijn|onze|de|het)\s+(\w+)", question.text)
    name = whom[1].lower() if whom else question.say("colleague", "collega")
    return question.pick(
        (
            f"**Subject:** {topic.capitalize()}\n\nDear {name},\n\n"
            f"I am writing about **{topic}**. Could we look at it together this week? Half an hour"
            f" is enough.\n\n"
            "Three things I would like to settle:\n\n1. what we both expect,\n2. who does"
            " what,\n3. by when.\n\n"
            "Thursday afternoon suits me; any other time you name, I will make work.\n\nKind"
            " regards,  \n*your name*",
        ),
        (
            f"**Onderwerp:** {topic.capitalize()}\n\nBeste {name},\n\n"
            f"Ik schrijf je over **{topic}**. Kunnen we er deze week samen naar kijken? Een half"
            f" uur is genoeg.\n\n"
            "Drie dingen wil ik graag afspreken:\n\n1. wat we allebei verwachten,\n2. wie wat"
            " doet,\n3. en wanneer.\n\n"
            "Donderdagmiddag schikt mij; elk ander moment dat je noemt, maak ik vrij.\n\nMet"
            " vriendelijke groet,  \n*je naam*",
        ),
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
    return f"{heading}\n\n{table(titles, rows)}\n\n{steps}"


def tell_joke(question: Question) -> str:
    return question.pick(*JOKES)


def _theme(question: Question) -> str:
    words = {word.lower() for word in words_of(question.text)}
    return next((name for name, known in THEMES.items() if words & set(known.split())), "")
