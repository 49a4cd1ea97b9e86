import re

import pytest

from simulator.asks import read_chat
from simulator.writer import algorithms, compose
from simulator.writer.examples import EXAMPLES
from simulator.writer.verses import DUTCH, ENGLISH


def reply(*turns, model="gpt-4o", developer="You are helpful.", **more):
    roles = ["user" if index % 2 == 0 else "assistant" for index in range(len(turns))]
    messages = [{"role": "developer", "content": developer}]
    messages += [{"role": r, "content": t} for r, t in zip(roles, turns, strict=True)]
    return compose(read_chat({"model": model, "messages": messages, **more}))


def rows(text):
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def python_in(text):
    scope = {}
    exec(re.search(r"```python\n(.*?)```", text, re.DOTALL)[1], scope)
    return next(value for name, value in scope.items() if callable(value) and name[0] != "_")


def test_a_haiku_a_function_and_a_true_table_of_its_results():
    text = reply(
        "Write a haiku about dikes, then show a Python function with a table of its results"
    )

    haiku, code, table = text.index("> "), text.index("```python"), text.index("| Water")
    assert haiku < code < table
    function = python_in(text)
    assert len(rows(text)) >= 4
    for *given, result in rows(text):
        assert function(*map(float, given)) == float(result)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.function.__name__)
def test_what_the_interpreter_is_shown_to_say_is_what_it_says(example):
    text = reply(f"Show me Python code for {example.words.split()[0]}")
    function = python_in(text)
    shown = re.findall(r">>> \w+\((.*)\)\n(.*)", text)
    assert shown
    assert all(repr(function(*eval(f"({args},)"))) == result for args, result in shown)


def test_the_comments_in_javascript_are_true():
    assert algorithms.fibonacci(50) == 12_586_269_025
    assert algorithms.dike_height(2.0, 1.0) == 4
    assert algorithms.collatz_steps(27) == 111
    assert algorithms.smallest_divisor(221) == 13
    assert algorithms.grow(1000, 0.04, 10) == 1480.24
    assert algorithms.to_roman(99) == "XCIX"


@pytest.mark.parametrize("lines", [ENGLISH, DUTCH])
def test_every_theme_has_lines_enough_for_a_haiku(lines):
    assert all(len(fives) >= 4 and len(sevens) >= 2 for fives, sevens in lines.values())
    assert set(ENGLISH) == set(DUTCH)


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("what is 12.5 * (37 - 4) / 3?", "**137.5**"),
        ("Hoeveel is 2^10 + 24?", "**1048**"),
        ("What is 15% of 80?", "**12**"),
        ("Los op: x^2 - 5x + 6 = 0", "$x = 2$ of $x = 3$"),
        ("Solve x^2 + x + 1 = 0", "no real solutions"),
        ("What is 17% of 2,350?", "**399.5**"),
        ("Hoeveel is 17% van 2.350?", "**399,5**"),
        ("What is 1,000,000 / 8?", "**125000**"),
        ("Hoeveel is 12,5 * 5?", "\\times 5 = \\frac{125}{2}"),
        ("Hoeveel is 12,5 * 5?", "**62,5**"),
        ("1/0 + 2*3", "$$"),
        ("9^9^9^9", "$$"),
    ],
)
def test_sums_come_out_right(prompt, said):
    assert said in reply(prompt)


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("What's the largest U.S. state by area?", "Alaska"),
        ("Wat is de hoofdstad van Noorwegen?", "Oslo"),
        ("Leg uit hoe getijden werken", "springtij"),
        ("Compare Python and JavaScript", "| **Python** | **JavaScript** |"),
        ("How many words are in: the quick brown fox", "| words | 4 |"),
        ("Vertaal: 'The dike is big'", "De dijk is groot"),
        ("Translate: 'De kat is klein'", "The cat is small"),
        ("Plan een week op Texel", "- [ ] **"),
        ("Give me 7 ideas for a party", "7. "),
        ("SQL query please", "```sql"),
        ("Write some bash for a backup", "```bash"),
        ("A small HTML page", "```html"),
        ("Table of the planets", "| Saturn |"),
        ("Pancakes for 6", "| flour | 390 g |"),
        ("Schrijf een e-mail aan mijn huisbaas over de verwarming", "Beste huisbaas"),
        ("Hoi", "demomodel"),
        ("What is the difference between TCP and UDP?", "| **TCP** | **UDP** |"),
        ("Compare oat milk, soy milk and tea", "| **Oat milk** | **Soy milk** | **Tea** |"),
        ("What is the difference between a lease and a loan?", "| **Lease** | **Loan** |"),
        ("iPhone vs Android", "| **iPhone** | **Android** |"),
        ("Explain inflation with a formula", "basket"),
        ('Translate: "Good morning, how are you?"', "> Goedemorgen, hoe gaat het met je?"),
        ("Translate 'See you tomorrow' to Dutch", "> Tot morgen."),
        ("Vertaal: 'Waar is het station?'", "> Where is the station?"),
        ("Write an e-mail to the school", "Dear Sir or Madam,"),
        ("Write an e-mail to my landlord about my heating", "I am writing about my heating."),
        ("SQL for the customers who spent most", "sum(cents)"),
    ],
)
def test_what_is_asked_is_answered(prompt, said):
    assert said in reply(prompt)


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("Who was Rembrandt?", "demo model"),
        ("Explain quantum computing", "demo model"),
        ("What is the derivative of x^2?", "demo model"),
        ("A regex for telephone numbers", "not among them"),
        ("A recipe for apple pie", "one recipe by heart"),
        ("Translate 'good morning' into French", "English and Dutch"),
        ("Give me names for a goldfish", "must be yours"),
        ("Write a limerick about a cat", "That form I cannot do"),
    ],
)
def test_what_is_not_known_is_said_to_be_so(prompt, said):
    assert said in reply(prompt)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_longer_poem_repeats_no_line(language):
    asked = {"en": "A poem about nothing much", "nl": "Een gedicht over niets bijzonders"}[language]
    lines = [line.strip("> ;,.").lower() for line in reply(asked).splitlines() if line[2:]]
    assert len(lines) == len(set(lines)) > 6


def test_dutch_is_answered_in_dutch_and_a_bare_word_follows_the_turns_before():
    assert "demomodel" in reply("Hoe richt ik mijn schuur in?")
    assert "demo model" in reply("How should I organise my shed?")
    assert "Verder" in (text := reply("Vertel over bijen", "…", "verder")) or "Nog wat" in text
    assert "Kort samengevat" in reply("Summarise in Dutch: Dikes are heavy. They keep water out.")


def test_a_summary_keeps_sentences_of_the_text():
    given = "Dikes keep water out. Cats sleep. A dike of clay keeps land dry. Birds sing in trees."
    kept = re.findall(r"^- (.*)$", reply(f"Summarise: {given}", model="gpt-4.1-nano"), re.MULTILINE)
    assert kept
    assert all(sentence in given for sentence in kept)


@pytest.mark.parametrize(
    ("developer", "prompt"),
    [
        (
            "Give a short title for this conversation, at most five words.",
            "How do I mend my bicycle?",
        ),
        ("x", "Write a short title for this chat:\nuser: How do I mend my bicycle?"),
    ],
)
def test_a_title_is_a_few_bare_words(developer, prompt):
    title = reply(prompt, developer=developer)
    assert "bicycle" in title
    assert 1 <= len(title.split()) <= 5
    assert not re.search(r"[#*\n:]", title)


def test_earlier_turns_are_remembered():
    assert "bees" in reply("Tell me about bees", "Bees are small.", "and what about their honey?")
    assert "bees" in reply("Tell me about bees", "Bees are small.", "continue")


def test_wording_differs_with_the_temperature_but_not_by_chance():
    said = {reply("Tell me a story", temperature=t / 10) for t in range(20)}
    assert 1 < len(said) < 20
    assert reply("Tell me a story") == reply("Tell me a story")


@pytest.mark.parametrize(
    "prompt",
    ["", "?", "🙂", "{topic} {0}", "a" * 50_000, "1" * 50_000, "1+" * 20_000, "\n" * 9_000],
)
def test_any_prompt_gets_an_answer_at_once(prompt):
    assert reply(prompt).strip()
