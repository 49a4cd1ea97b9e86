"""Which function fits which prompt, and what to run it on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator.writer import algorithms


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """`calls` are the arguments to run it on; titles and purpose are English | Dutch."""

    function: Callable[..., Any]
    words: str
    calls: tuple[tuple[Any, ...], ...]
    titles: tuple[str, ...]
    purpose: str
    javascript: str = ""
    formula: str = ""


EXAMPLES = (
    Example(
        function=algorithms.dike_height,
        words="dike dikes dijk dijken water sea zee flood wave waves levee polder river kust"
        " height hoogte",
        calls=((1.0, 0.5), (2.0, 1.0), (3.0, 1.5), (4.0, 2.0), (5.0, 3.0)),
        titles=(
            "Water level (m) | Waterstand (m)",
            "Waves (m) | Golven (m)",
            "Dike (m) | Dijk (m)",
        ),
        purpose="a first guess at the height of a dike | een eerste schatting van de dijkhoogte",
        formula=r"h = h_{\text{water}} + 1.5\,H_{\text{wave}} + 0.5",
        javascript="""const dikeHeight = (waterLevel, waveHeight, margin = 0.5) =>
  Number((waterLevel + 1.5 * waveHeight + margin).toFixed(2));

console.log(dikeHeight(2.0, 1.0)); // 4""",
    ),
    Example(
        function=algorithms.fibonacci,
        words="fibonacci sequence rabbits konijnen golden reeks recursion recursie",
        calls=((1,), (2,), (5,), (10,), (20,), (50,)),
        titles=("n | n", "Fibonacci number | Fibonacci-getal"),
        purpose="the Fibonacci numbers | de getallen van Fibonacci",
        formula=r"F_n = F_{n-1} + F_{n-2}",
        javascript="""function fibonacci(n) {
  let [current, next] = [0n, 1n];
  for (let i = 0; i < n; i++) [current, next] = [next, current + next];
  return current;
}

console.log(fibonacci(50)); // 12586269025n""",
    ),
    Example(
        function=algorithms.smallest_divisor,
        words="prime primes priem priemgetal priemgetallen divisor deler factor number theory"
        " getaltheorie",
        calls=((7,), (15,), (49,), (97,), (221,), (1009,)),
        titles=("n | n", "Smallest divisor | Kleinste deler"),
        purpose="whether a number is prime | of een getal priem is",
        formula=r"n \text{ is prime} \iff \min\{d > 1 : d \mid n\} = n",
        javascript="""function smallestDivisor(n) {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return d;
  return n;
}

console.log(smallestDivisor(221)); // 13""",
    ),
    Example(
        function=algorithms.collatz_steps,
        words="collatz hailstone conjecture vermoeden loop lus while",
        calls=((1,), (6,), (7,), (19,), (27,), (97,)),
        titles=("Start | Begin", "Steps to 1 | Stappen tot 1"),
        purpose="the Collatz steps | de stappen van Collatz",
        formula=r"f(n) = \begin{cases} n/2 & n \text{ even} \\ 3n+1 & n \text{ odd} \end{cases}",
        javascript="""function collatzSteps(n) {
  let steps = 0;
  for (; n !== 1; steps++) n = n % 2 === 0 ? n / 2 : 3 * n + 1;
  return steps;
}

console.log(collatzSteps(27)); // 111""",
    ),
    Example(
        function=algorithms.to_fahrenheit,
        words="temperature celsius fahrenheit weather degrees temperatuur graden weer convert"
        " omrekenen",
        calls=((-40,), (-10,), (0,), (18.5,), (37,), (100,)),
        titles=("°C | °C", "°F | °F"),
        purpose="Celsius in Fahrenheit | Celsius in Fahrenheit",
        formula=r"F = \tfrac{9}{5}\,C + 32",
        javascript="""const toFahrenheit = (celsius) =>
  Math.round((celsius * 9 / 5 + 32) * 10) / 10;

console.log([-40, 0, 37].map(toFahrenheit)); // [ -40, 32, 98.6 ]""",
    ),
    Example(
        function=algorithms.grow,
        words="interest savings money compound loan bank rente sparen spaargeld geld lening invest"
        " rate euro",
        calls=((1000, 0.02, 10), (1000, 0.04, 10), (1000, 0.04, 20), (2500, 0.03, 5)),
        titles=("Amount | Bedrag", "Rate | Rente", "Years | Jaren", "Becomes | Wordt"),
        purpose="how money grows with interest | hoe geld groeit met rente",
        formula=r"A = P\,(1 + r)^t",
        javascript="""const grow = (amount, rate, years) =>
  Math.round(amount * (1 + rate) ** years * 100) / 100;

console.log(grow(1000, 0.04, 10)); // 1480.24""",
    ),
    Example(
        function=algorithms.to_roman,
        words="roman numerals numeral romeins romeinse cijfers rome",
        calls=((4,), (9,), (14,), (40,), (68,), (99,)),
        titles=("Number | Getal", "Roman | Romeins"),
        purpose="numbers in Roman numerals | getallen in Romeinse cijfers",
    ),
    Example(
        function=algorithms.greatest_common_divisor,
        words="gcd divisor euclid common fraction fractions breuk breuken deler ggd euclides",
        calls=((12, 18), (35, 64), (84, 36), (270, 192), (1071, 462)),
        titles=("a | a", "b | b", "gcd | ggd"),
        purpose="the greatest common divisor | de grootste gemene deler",
        formula=r"\gcd(a, b) = \gcd(b,\ a \bmod b)",
        javascript="""const gcd = (a, b) => (b ? gcd(b, a % b) : a);

console.log(gcd(1071, 462)); // 21""",
    ),
    Example(
        function=algorithms.count_vowels,
        words="vowel vowels letters string strings text count klinker klinkers tekst tellen woord"
        " word",
        calls=(("lighthouse",), ("rhythm",), ("tulip",), ("meeuw",), ("IJsselmeer",)),
        titles=("Word | Woord", "Vowels | Klinkers"),
        purpose="the vowels in a word | de klinkers in een woord",
        javascript="""const countVowels = (word) =>
  [...word.toLowerCase()].filter((c) => "aeiou".includes(c)).length;

console.log(countVowels("lighthouse")); // 4""",
    ),
    Example(
        function=algorithms.fizzbuzz,
        words="fizzbuzz interview fizz buzz simple beginner beginners easy eenvoudig makkelijk",
        calls=((1,), (3,), (5,), (9,), (15,), (22,)),
        titles=("Number | Getal", "Says | Zegt"),
        purpose="FizzBuzz | FizzBuzz",
    ),
    Example(
        function=algorithms.is_leap_year,
        words="leap year years calendar date dates schrikkeljaar jaar kalender datum",
        calls=((1900,), (2000,), (2023,), (2024,), (2026,), (2100,)),
        titles=("Year | Jaar", "Leap year | Schrikkeljaar"),
        purpose="leap years | schrikkeljaren",
    ),
    Example(
        function=algorithms.insertion_sort_moves,
        words="sort sorting sorted sorteren sorteer volgorde array swap",
        calls=(([1, 2, 3, 4],), ([2, 1, 4, 3],), ([4, 1, 3, 2],), ([4, 3, 2, 1],)),
        titles=("Values | Waarden", "Moves | Verplaatsingen"),
        purpose="the moves of insertion sort | de stappen van invoegsorteren",
        formula=r"\text{moves} \le \tfrac{n(n-1)}{2}",
    ),
)
