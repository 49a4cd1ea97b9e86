"""Small functions whose source is shown in replies; the tables beside it come from running them."""


def dike_height(water_level: float, wave_height: float, margin: float = 0.5) -> float:
    """Height of the crest in metres: still water, run-up of the waves, and a margin."""
    run_up = 1.5 * wave_height
    return round(water_level + run_up + margin, 2)


def fibonacci(n: int) -> int:
    """The n-th Fibonacci number, starting at 0, 1, 1, 2 …"""
    current, following = 0, 1
    for _ in range(n):
        current, following = following, current + following
    return current


def smallest_divisor(n: int) -> int:
    """The smallest divisor above 1; it is n itself when n is prime."""
    divisor = 2
    while divisor * divisor <= n:
        if n % divisor == 0:
            return divisor
        divisor += 1
    return n


def collatz_steps(n: int) -> int:
    """Steps until n reaches 1: halve when even, else triple and add one."""
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def to_fahrenheit(celsius: float) -> float:
    """Degrees Celsius in degrees Fahrenheit."""
    return round(celsius * 9 / 5 + 32, 1)


def grow(amount: float, rate: float, years: int) -> float:
    """An amount with compound interest; a rate of 0.04 is four per cent a year."""
    for _ in range(years):
        amount *= 1 + rate
    return round(amount, 2)


def to_roman(number: int) -> str:
    """A whole number in Roman numerals."""
    numerals = {100: "C", 90: "XC", 50: "L", 40: "XL", 10: "X", 9: "IX", 5: "V", 4: "IV", 1: "I"}
    text = ""
    for value, numeral in numerals.items():
        text += numeral * (number // value)
        number %= value
    return text


def greatest_common_divisor(a: int, b: int) -> int:
    """Euclid's algorithm."""
    while b:
        a, b = b, a % b
    return a


def count_vowels(word: str) -> int:
    """How many of the letters are vowels."""
    return sum(letter in "aeiou" for letter in word.lower())


def fizzbuzz(number: int) -> str:
    """Fizz for threes, Buzz for fives, FizzBuzz for both, else the number."""
    words = ("Fizz" if number % 3 == 0 else "") + ("Buzz" if number % 5 == 0 else "")
    return words or str(number)


def is_leap_year(year: int) -> bool:
    """Every fourth year, but not every hundredth, unless every four hundredth."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def insertion_sort_moves(values: list[int]) -> int:
    """How many moves insertion sort needs for these values."""
    values, moves = list(values), 0
    for place in range(1, len(values)):
        while place and values[place - 1] > values[place]:
            values[place - 1], values[place] = values[place], values[place - 1]
            place, moves = place - 1, moves + 1
    return moves
