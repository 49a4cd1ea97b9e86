"""Says true things of the pixels that came with a message."""

import colorsys

from simulator.sight import Colour, Sight
from simulator.writer.reading import Question

_HUES = (
    (15, "red", "rood"), (42, "orange", "oranje"), (68, "yellow", "geel"), (160, "green", "groen"),
    (195, "turquoise", "turquoise"), (250, "blue", "blauw"), (290, "violet", "violet"),
    (335, "pink", "roze"), (361, "red", "rood"),
)  # fmt: skip


def describe(question: Question) -> str:
    parts = [_describe_one(question, sight, index) for index, sight in enumerate(question.images)]
    honest = question.say(
        "I am the demo model: I measure pixels, I do not recognise what is in the picture. "
        "With a real key, the model will tell you that too.",
        "Ik ben het demomodel: ik meet pixels, ik herken niet wat er op de afbeelding staat. "
        "Met een echte sleutel vertelt het model je dat ook.",
    )
    return "\n\n".join((*parts, f"> {honest}"))


def _describe_one(question: Question, sight: Sight, index: int) -> str:
    many = len(question.images) > 1
    name = question.say("picture", "afbeelding") + (f" {index + 1}" if many else "")
    if not sight.seen:
        return question.say(
            f"I have not looked at the {name}: I do not fetch addresses from the internet. "
            "Send the picture itself, and I will.",
            f"De {name} heb ik niet bekeken: ik haal geen adressen van internet op. "
            "Stuur de afbeelding zelf, dan kijk ik wel.",
        )
    shape = _shape(question, sight)
    lines = [
        question.say(
            f"The {name} is **{sight.width} × {sight.height} pixels** ({shape}, {sight.format}) "
            f"and {_light(question, sight)}.",
            f"De {name} is **{sight.width} × {sight.height} pixels** ({shape}, {sight.format}) "
            f"en {_light(question, sight)}.",
        ),
        question.say("Its main colours:", "De hoofdkleuren:"),
        "\n".join(
            f"- **{colour_name(question, colour.rgb)}**, `{_code(colour)}`, {colour.share:.0%}"
            for colour in _distinct(question, sight.colours)
        ),
    ]
    if sight.see_through:
        lines.append(question.say("Parts of it are transparent.", "Delen ervan zijn doorzichtig."))
    if sight.frames > 1:
        lines.append(
            question.say(
                f"It moves: {sight.frames} frames.", f"Hij beweegt: {sight.frames} beelden."
            )
        )
    return "\n\n".join(lines)


def colour_name(question: Question, rgb: tuple[int, int, int]) -> str:
    """A colour in words: "dark blue", "light grey", "white"."""
    hue, light, strength = colorsys.rgb_to_hls(*(part / 255 for part in rgb))
    spread = (max(rgb) - min(rgb)) / 255
    if light > 0.94:
        return question.say("white", "wit")
    if light < 0.07:
        return question.say("black", "zwart")
    if spread < 0.08 or strength < 0.09:
        name = question.say("grey", "grijs")
    elif 15 <= hue * 360 < 45 and light < 0.42:
        return question.say("brown", "bruin")
    else:
        english, dutch = next((en, nl) for edge, en, nl in _HUES if hue * 360 < edge)
        name = question.say(english, dutch)
    tone = question.say("dark ", "donker") if light < 0.32 else ""
    return (question.say("light ", "licht") if light > 0.74 else tone) + name


def _distinct(question: Question, colours: tuple[Colour, ...]) -> list[Colour]:
    """Up to four colours with different names, the shares of equal names added."""
    merged: dict[str, Colour] = {}
    for colour in colours:
        name = colour_name(question, colour.rgb)
        known = merged.get(name)
        merged[name] = Colour(known.rgb, known.share + colour.share) if known else colour
    return sorted(merged.values(), key=lambda colour: -colour.share)[:4]


def _shape(question: Question, sight: Sight) -> str:
    if sight.width > sight.height * 1.05:
        return question.say("landscape", "liggend")
    if sight.height > sight.width * 1.05:
        return question.say("portrait", "staand")
    return question.say("square", "vierkant")


def _light(question: Question, sight: Sight) -> str:
    if sight.brightness < 0.3:
        light = question.say("rather dark", "vrij donker")
    elif sight.brightness > 0.7:
        light = question.say("very light", "heel licht")
    else:
        light = question.say("of middling brightness", "van gemiddelde helderheid")
    if sight.contrast < 0.12:
        return light + question.say(", with little contrast", ", met weinig contrast")
    if sight.contrast > 0.55:
        return light + question.say(", with strong contrast", ", met veel contrast")
    return light


def _code(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour.rgb)
