"""Answers known by heart: the right one in both languages, true, and not where another is due."""

import re
import sqlite3
from pathlib import Path

import pytest

from simulator.writer import recitations
from simulator.writer.snippets import SNIPPETS
from simulator.writer.suggestions import DIKES, INTEREST, TEXEL

from .test_writer import python_in, reply, rows

ROOT = Path(__file__).parents[2]
HOME = (ROOT / "templates/chat/conversation.html").read_text()
DUTCH = (ROOT / "locale/nl/LC_MESSAGES/django.po").read_text()
SUGGESTED = re.findall(r'\{% translate "([^"]+)" as idea %\}', HOME)
KNOWN = (DIKES, TEXEL, INTEREST)


def number(cell):
    """A cell as a number, written in English or in Dutch."""
    if re.fullmatch(r"[\d.]*,\d{1,2}", cell):
        cell = cell.replace(".", "").replace(",", ".")
    return float(cell.replace(",", ""))


def first_line(text):
    return text.partition("\n")[0].partition("{")[0]


@pytest.mark.parametrize(("prompt", "known"), list(zip(SUGGESTED, KNOWN, strict=True)))
def test_what_the_home_page_suggests_is_known_by_heart(prompt, known):
    assert reply(prompt).startswith(first_line(known.english))
    dutch = re.search(rf'msgid "{re.escape(prompt)}"\nmsgstr "(.*)"', DUTCH)
    assert reply(dutch[1]).startswith(first_line(known.dutch))


@pytest.mark.parametrize(
    ("prompt", "known"),
    [
        ("Schrijf een haiku over de dijk en dan een Python-functie", DIKES),
        ("Maak een plan voor een weekendje Texel", TEXEL),
        ("Wat is samengestelde interest?", INTEREST),
        ("Leg samengestelde rente uit met een formule", INTEREST),
        ("Hoe werkt een warmtepomp?", recitations.HEAT_PUMP),
        ("Vergelijk een warmtepomp met een cv-ketel", recitations.HEATING),
        ("Leg fotosynthese uit aan een kind van tien", recitations.PHOTOSYNTHESIS_FOR_A_CHILD),
        ("Maak een paklijst voor een week kamperen", recitations.PACKING),
        ("Schrijf een verjaardagsgedicht voor oma", recitations.BIRTHDAY),
        ("Een regex voor postcodes", recitations.POSTCODE),
        ("Mail aan school dat mijn dochter ziek is", recitations.ABSENCE),
        ("Wat kun je?", recitations.ABILITIES),
    ],
)
def test_dutch_is_known_by_its_words_not_by_the_letter(prompt, known):
    assert reply(prompt).startswith(first_line(known.dutch))


@pytest.mark.parametrize(
    ("prompt", "known"),
    [
        ("Explain photosynthesis to a ten-year-old", recitations.PHOTOSYNTHESIS_FOR_A_CHILD),
        ("What is a heat pump?", recitations.HEAT_PUMP),
        ("Compare a heat pump and a gas boiler", recitations.HEATING),
        ("Write a regex for Dutch postcodes", recitations.POSTCODE),
        ("Write a birthday poem for my grandmother", recitations.BIRTHDAY),
        ("Make a packing list", recitations.PACKING),
        ("E-mail the school that my son is ill", recitations.ABSENCE),
        ("Hello, what can you do?", recitations.ABILITIES),
    ],
)
def test_what_newcomers_often_ask_is_known_by_heart(prompt, known):
    assert reply(prompt).startswith(first_line(known.english))


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("A Python function for compound interest", "```python"),
        ("Write a story about a weekend on Texel", "### "),
        ("A haiku about dikes", "> "),
        ("Explain photosynthesis", "chlorophyll catches light"),
    ],
)
def test_another_thing_on_the_same_subject_gets_its_own_answer(prompt, said):
    text = reply(prompt)
    assert said in text
    for known in recitations.RECITATIONS:
        assert not text.startswith(first_line(known.english))


def test_a_weekend_is_for_as_many_as_the_prompt_says():
    assert "### A weekend on Texel for four\n" in reply("Plan a weekend on Texel for four")
    assert "### Een weekend op Texel voor 2\n" in reply("Plan een weekend op Texel voor 2")
    assert "### A weekend on Texel\n" in reply("Plan a weekend on Texel")


@pytest.mark.parametrize("text", [DIKES.english, DIKES.dutch])
def test_the_push_of_water_is_what_the_function_gives(text):
    push = python_in(text)
    assert len(rows(text)) == 5
    assert all(push(number(depth)) == number(result) for depth, result in rows(text))


@pytest.mark.parametrize("text", [INTEREST.english, INTEREST.dutch])
def test_interest_grows_as_the_formula_says(text):
    assert len(rows(text)) == 5
    for years, simple, compound in rows(text):
        assert number(simple) == 1000 + 40 * int(years)
        assert number(compound) == round(1000 * 1.04 ** int(years), 2)


@pytest.mark.parametrize("text", [recitations.POSTCODE.english, recitations.POSTCODE.dutch])
def test_the_postcodes_are_told_apart_as_said(text):
    postcode = re.compile(re.search(r"```regex\n(.*)\n```", text)[1])
    said = re.findall(r"`([^`]*)`", re.search(r"(?:says|zegt) (?:yes|ja).*", text)[0])
    assert [bool(postcode.search(code)) for code in said] == [True, True, False, False, False]


@pytest.mark.parametrize("name", [name for name in SNIPPETS if name.startswith("sql")])
def test_sql_gives_what_is_shown(name):
    _, source, shown = SNIPPETS[name]
    *before, query = source.split(";\n\n")
    database = sqlite3.connect(":memory:")
    database.executescript(";\n".join(before))
    found = database.execute(query)
    titles = [cell.strip() for cell in shown.splitlines()[0].strip("|").split("|")]
    assert titles == [column[0] for column in found.description]
    assert rows(shown) == [[str(cell) for cell in row] for row in found]
    database.close()
