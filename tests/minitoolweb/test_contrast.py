"""The colours of both themes, held to WCAG 2.2 AA by arithmetic."""

import math
import re

import pytest
from django.conf import settings

CSS = settings.BASE_DIR / "static" / "css"
PAIR = re.compile(r"--([\w-]+): light-dark\(oklch\(([\d. ]+)\), oklch\(([\d. ]+)\)\)")


def luminance(oklch):
    """Relative luminance of an OKLCH colour (CSS Color 4), clipped to sRGB."""
    lightness, chroma, hue = (float(part) for part in oklch.split())
    a, b = (chroma * f(math.radians(hue)) for f in (math.cos, math.sin))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    red, green, blue = (min(1.0, max(0.0, part)) for part in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def colours(theme):
    css = (CSS / "tokens.css").read_text() + (CSS / "code.css").read_text()
    return {name: (light, dark)[theme] for name, light, dark in PAIR.findall(css)}


TEXT_ON = {
    "paper": ["ink", "soft", "delft", "oranje-ink", "good", "bad"],
    "panel": ["ink", "soft", "delft", "oranje-ink", "keyword", "string", "number", "type", "attr"],
    "raised": ["ink", "soft", "delft", "oranje-ink", "good", "bad"],
    "hover": ["ink", "soft"],
    "line": ["soft"],
    "delft-wash": ["ink", "soft", "delft"],
    "oranje-wash": ["ink", "oranje-ink"],
    "bad-wash": ["ink", "bad"],
    "delft": ["on-delft"],
    "delft-deep": ["on-delft"],
    "bad": ["on-bad"],
}
SHAPES_ON = {
    "paper": ["edge", "oranje"],
    "panel": ["oranje", "delft"],
    "raised": ["edge"],
    "line": ["delft"],
    "oranje": ["on-oranje"],
}


def pairs(table):
    return [(below, above) for below, names in table.items() for above in names]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("below", "above"), pairs(TEXT_ON))
def test_text_can_be_read_on_what_lies_below_it(theme, below, above):
    found = colours(theme)
    assert contrast(found[below], found[above]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("below", "above"), pairs(SHAPES_ON))
def test_a_shape_that_means_something_can_be_seen(theme, below, above):
    found = colours(theme)
    assert contrast(found[below], found[above]) >= 3
