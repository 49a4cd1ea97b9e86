"""Tables of what is known, or of what the code in the same answer gives."""

import re

from simulator.writer.code import write_results
from simulator.writer.markdown import table
from simulator.writer.reading import Question, words_of

# words that call for it · titles · rows; English | Dutch where they differ, cells by ";"
_KNOWN = (
    (
        "planet planets planeet planeten solar zonnestelsel",
        "Planet|Planeet;Diameter (km)|Middellijn (km);Distance to the sun (AE)|Afstand tot de zon"
        " (AE);Moons|Manen",
        (
            "Mercury|Mercurius;4 879;0.39;0",
            "Venus;12 104;0.72;0",
            "Earth|Aarde;12 756;1.00;1",
            "Mars;6 792;1.52;2",
            "Jupiter;142 984;5.20;> 90",
            "Saturn|Saturnus;120 536;9.58;> 140",
            "Uranus;51 118;19.2;> 25",
            "Neptune|Neptunus;49 528;30.1;> 14",
        ),
    ),
    (
        "province provinces provincie provincies",
        "Province|Provincie;Capital|Hoofdstad",
        (
            "Groningen;Groningen", "Friesland|Fryslân;Leeuwarden", "Drenthe;Assen",
            "Overijssel;Zwolle", "Flevoland;Lelystad", "Gelderland;Arnhem", "Utrecht;Utrecht",
            "North Holland|Noord-Holland;Haarlem", "South Holland|Zuid-Holland;The Hague|Den Haag",
            "Zeeland;Middelburg", "North Brabant|Noord-Brabant;'s-Hertogenbosch",
            "Limburg;Maastricht",
        ),
    ),
    (
        "model models modellen price prices prijs prijzen cost token tokens kosten",
        "Model;Input per million tokens|Invoer per miljoen tokens;Output per million"
        " tokens|Uitvoer per miljoen tokens",
        (
            "gpt-4.1-nano;$0.10;$0.40", "gpt-4o-mini;$0.15;$0.60", "gpt-4.1-mini;$0.40;$1.60",
            "gpt-4.1;$2.00;$8.00", "gpt-4o;$2.50;$10.00",
        ),
    ),
)  # fmt: skip


def write_table(question: Question) -> str:
    """The results of the code beside it; else a table that is known; else one of products."""
    if "code" in question.wants:
        return write_results(question)
    words = {word.lower() for word in words_of(question.text)}
    for known, titles, rows in _KNOWN:
        if words & set(known.split()):
            shown = [[_in_language(question, cell) for cell in row.split(";")] for row in rows]
            heads = [_in_language(question, title) for title in titles.split(";")]
            return table(heads, shown, numbers=rows[0].count(";") > 1)
    return _multiply(question)


def _multiply(question: Question) -> str:
    match = re.search(r"\b(\d{1,3})\b", question.text)
    base = int(match[1]) if match else question.dice.fork("base").whole(6, 12)
    lead = question.say(
        f"A table that I know by heart, the multiples of **{base}**:",
        f"Een tabel die ik uit mijn hoofd ken, de tafel van **{base}**:",
    )
    titles = ["$n$", f"${base}n$", f"${base}n^2$"]
    rows = [[str(n), str(base * n), str(base * n * n)] for n in range(1, 11)]
    return f"{lead}\n\n{table(titles, rows, numbers=True)}"


def _in_language(question: Question, cell: str) -> str:
    halves = cell.split("|")
    return question.say(halves[0], halves[-1])
