"""Colours as triples of 0 to 255, and what can be done with them."""

import colorsys

RGB = tuple[int, int, int]


def parse(hex_code: str) -> RGB:
    """`"2b54a6"` as a triple."""
    return int(hex_code[0:2], 16), int(hex_code[2:4], 16), int(hex_code[4:6], 16)


def mix(one: RGB, other: RGB, share: float) -> RGB:
    """`share` of `other` (0 to 1) in `one`."""
    return _rgb(*(a + (b - a) * share for a, b in zip(one, other, strict=True)))


def shade(colour: RGB, factor: float) -> RGB:
    """Darker below 1, lighter above."""
    target: RGB = (255, 255, 255) if factor > 1 else (0, 0, 0)
    return mix(colour, target, min(1.0, abs(factor - 1)))


def turn(colour: RGB, *, hue: float = 0.0, saturation: float = 1.0) -> RGB:
    """Hue moved by a share of the circle, saturation multiplied."""
    h, lightness, s = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    turned = colorsys.hls_to_rgb((h + hue) % 1, lightness, min(1.0, s * saturation))
    return _rgb(*(part * 255 for part in turned))


def brightness(colour: RGB) -> float:
    """0 (black) to 1 (white), as the eye weighs it."""
    red, green, blue = colour
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def _rgb(red: float, green: float, blue: float) -> RGB:
    return _part(red), _part(green), _part(blue)


def _part(value: float) -> int:
    return max(0, min(255, round(value)))
