"""Sums that come out right: arithmetic, percentages, quadratic equations, Pythagoras."""

import ast
import math
import operator
import re
from collections.abc import Callable
from fractions import Fraction

from simulator.writer.knowing import explain
from simulator.writer.reading import Question

_SUM = re.compile(r"(?<![\w.])[-(]*\d[\d.,\s()+\-*/×÷^x]*[-+*/×÷^x][\d.,\s()+\-*/×÷^x]*\d\)*")
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:%|percent|procent)\s*(?:of|van)\s*(\d+(?:[.,]\d+)?)")
_QUADRATIC = re.compile(
    r"([+-]?\s*\d*)\s*x(?:\^2|²)\s*([+-]\s*\d*)\s*x\s*([+-]\s*\d+)\s*=\s*0", re.IGNORECASE
)
_OPERATORS: dict[type, Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_DECIMAL = re.compile(r"(\d+)\.(\d+)")
_LARGEST_POWER = 64

# Sums are looked for in so many characters, and may be so long.
_READ, _LONGEST_SUM = 2_000, 120


def write_maths(question: Question) -> str:
    """The sum in the prompt worked out; else what is known of its subject, or a theorem."""
    text = _numbers(question)
    if match := _QUADRATIC.search(text):
        return _solve_quadratic(question, *match.groups())
    if match := _PERCENT.search(text):
        return _take_percent(question, match[1], match[2])
    if match := _SUM.search(text):
        return _work_out(question, match[0]) or _show_theorem(question)
    if question.has("pythagoras", "theorem", "stelling", "triangle", "driehoek"):
        return _show_theorem(question)
    return explain(question)


def _numbers(question: Question) -> str:
    """The prompt with its numbers as Python has them: 2,350 (in Dutch 2.350) becomes 2350."""
    thousands, point = (r"\.", ",") if question.language == "nl" else (",", r"\.")
    text = re.sub(rf"(?<=\d){thousands}(?=\d{{3}}(?!\d))", "", question.text[:_READ])
    return re.sub(rf"(?<=\d)(?:{thousands}|{point})(?=\d)", ".", text)


def _work_out(question: Question, written: str) -> str:
    source = written.strip().rstrip("+-*/×÷^x ")
    if len(source) > _LONGEST_SUM:
        return ""
    plain = source.replace("×", "*").replace("x", "*").replace("÷", "/").replace("^", "**")
    try:
        value = _evaluate(ast.parse(plain, mode="eval").body)
    except (SyntaxError, ValueError, KeyError, ZeroDivisionError, RecursionError):
        return ""
    shown = source.replace("*", r" \times ").replace("×", r" \times ").replace("/", r" \div ")
    shown = " ".join(shown.replace("÷", r" \div ").replace("x", r" \times ").split())
    lead = question.pick(
        ("Worked out exactly:", "That comes to:", "The sum:"),
        ("Precies uitgerekend:", "Dat wordt:", "De som:"),
    )
    exact = _fraction(value)
    lines = [lead, f"$$\n{shown} = {exact}\n$$"]
    if value.denominator != 1:
        lines.append(
            question.say("As a decimal: ", "Als decimaal getal: ") + f"**{float(value):.10g}**."
        )
    else:
        lines.append(question.say("So the answer is ", "Het antwoord is dus ") + f"**{value}**.")
    return _written(question, "\n\n".join(lines))


def _written(question: Question, text: str) -> str:
    """Decimals as the language writes them; in a formula as text, where a comma makes no room."""
    if question.language != "nl":
        return text
    parts = re.split(r"(\$\$.*?\$\$)", text, flags=re.DOTALL)
    return "".join(
        _DECIMAL.sub(r"\\text{\1,\2}" if part.startswith("$$") else r"\1,\2", part)
        for part in parts
    )


def _evaluate(node: ast.expr) -> Fraction:
    """Four operations, whole powers and brackets; anything else is a ValueError."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return Fraction(str(node.value))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_evaluate(node.operand)
    if not isinstance(node, ast.BinOp):
        raise ValueError(node)
    left, right = _evaluate(node.left), _evaluate(node.right)
    if isinstance(node.op, ast.Pow):
        if right.denominator != 1 or abs(right) > _LARGEST_POWER or abs(left) > 10**6:
            raise ValueError(node)
        return left ** int(right)
    return _OPERATORS[type(node.op)](left, right)


def _take_percent(question: Question, percent: str, whole: str) -> str:
    result = f"{float(Fraction(percent) * Fraction(whole) / 100):.12g}"
    lead = question.say(
        f"{percent} % of {whole} is **{result}**:", f"{percent} % van {whole} is **{result}**:"
    )
    lines = f"{lead}\n\n$$\n\\frac{{{percent}}}{{100}} \\times {whole} = {result}\n$$"
    return _written(question, lines)


def _solve_quadratic(question: Question, first: str, second: str, third: str) -> str:
    a, b, c = (_coefficient(text) for text in (first, second, third))
    if a == 0:
        return _show_theorem(question)
    discriminant = b * b - 4 * a * c
    steps = [
        question.say("Use the quadratic formula:", "Gebruik de abc-formule:"),
        "$$\nx = \\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}\n$$",
        question.say("With", "Met")
        + f" $a = {a}$, $b = {b}$, $c = {c}$: $b^2 - 4ac = {discriminant}$.",
    ]
    if discriminant < 0:
        steps.append(
            question.say(
                "That is negative: **no real solutions**.",
                "Dat is negatief: **geen reële oplossingen**.",
            )
        )
    else:
        root = math.sqrt(discriminant)
        roots = sorted({(-b - root) / (2 * a), (-b + root) / (2 * a)})
        shown = question.say(" or ", " of ").join(f"$x = {value:.6g}$" for value in roots)
        steps.append(question.say("So ", "Dus ") + f"**{shown}**.")
    return "\n\n".join(steps)


def _coefficient(text: str) -> int:
    plain = text.replace(" ", "")
    return int(plain + "1") if plain in ("", "+", "-") else int(plain)


def _show_theorem(question: Question) -> str:
    legs = question.dice.pick(((3, 4, 5), (5, 12, 13), (8, 15, 17), (20, 21, 29)))
    a, b, c = legs
    return "\n\n".join(
        (
            question.say(
                "Take the theorem of **Pythagoras**: in a right-angled triangle",
                "Neem de stelling van **Pythagoras**: in een rechthoekige driehoek geldt",
            ),
            "$$\na^2 + b^2 = c^2\n$$",
            question.say("For legs of", "Met rechthoekszijden van")
            + f" ${a}$ {question.say('and', 'en')} ${b}$:",
            f"$$\nc = \\sqrt{{{a}^2 + {b}^2}} = \\sqrt{{{a * a + b * b}}} = {c}\n$$",
            question.say(
                f"So the long side is **{c}**. The same rule gives the distance between two"
                f" points:",
                f"De schuine zijde is dus **{c}**. Dezelfde regel geeft de afstand tussen twee"
                f" punten:",
            ),
            "$$\nd = \\sqrt{(x_2 - x_1)^2 + (y_2 - y_1)^2}\n$$",
        )
    )


def _fraction(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value)
    return f"\\frac{{{value.numerator}}}{{{value.denominator}}}"
