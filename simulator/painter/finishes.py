"""The last treatment of a picture: grading, brushwork, grain, print."""

import math
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from simulator.painter.canvas import Canvas, band, fade, fractal, soften
from simulator.painter.colour import mix
from simulator.painter.palettes import Palette
from simulator.painter.styles import Style

Finish = Callable[[Canvas, Palette], None]


def finish(canvas: Canvas, style: Style, palette: Palette, *, graphic: bool) -> None:
    """Brushwork first, then light and colour, then what film and paper add.

    `graphic` pictures keep their edges: no brush, no lens.
    """
    name = _GENTLE.get(style.finish, style.finish) if graphic else style.finish
    _FINISHES[name](canvas, palette)
    if style.bloom and not graphic:
        _bloom(canvas, style.bloom)
    _grade(canvas, style)
    if style.vignette:
        _vignette(canvas, style.vignette)
    if style.grain:
        _grain(canvas, style.grain)


def _grade(canvas: Canvas, style: Style) -> None:
    image = canvas.image
    if style.hue:
        hue, saturation, value = image.convert("HSV").split()
        hue = hue.point([(v + round(style.hue * 255)) % 256 for v in range(256)])
        image = Image.merge("HSV", (hue, saturation, value)).convert("RGB")
    image = ImageEnhance.Color(image).enhance(style.saturation)
    curves = [
        _curve(style.contrast, gain)
        for gain in (1 + style.warmth, 1 + style.warmth * 0.25, 1 - style.warmth)
    ]
    canvas.image = image.point([*curves[0], *curves[1], *curves[2]])


def _curve(contrast: float, gain: float) -> list[int]:
    """An S through the middle, so that light and dark keep their ends."""
    table = []
    for value in range(256):
        place = value / 255
        smooth = place * place * (3 - 2 * place)
        bent = place + (smooth - place) * (contrast - 1) * 3
        table.append(max(0, min(255, round(bent * gain * 255))))
    return table


def _bloom(canvas: Canvas, amount: float) -> None:
    """Light that spills over from the bright parts."""
    small = canvas.image.reduce(4)
    bright = Image.composite(
        small, Image.new("RGB", small.size), band(small.convert("L"), 120, 235)
    )
    spill = soften(bright, canvas.unit / 110).resize(canvas.size, Image.Resampling.BICUBIC)
    spill = spill.point([round(value * amount * 0.7) for value in range(256)] * 3)
    canvas.image = ImageChops.screen(canvas.image, spill)


def _vignette(canvas: Canvas, amount: float) -> None:
    edge = Image.radial_gradient("L").resize(canvas.size, Image.Resampling.BICUBIC)
    table = [
        255 - round(255 * amount * max(0.0, value / 255 - 0.32) ** 1.5) for value in range(256)
    ]
    light = edge.point(table)
    canvas.image = ImageChops.multiply(canvas.image, Image.merge("RGB", (light,) * 3))


def _grain(canvas: Canvas, amount: float) -> None:
    width, height = canvas.size
    dice = canvas.dice.fork("grain")
    fine = Image.frombytes("L", (width, height), dice.noise(width * height))
    fine = Image.blend(fine, soften(fine, 0.7), 0.6)
    reach = 34 * amount
    table = [round(128 + (value - 128) / 128 * reach) for value in range(256)]
    layer = fine.point(table)
    canvas.image = ImageChops.soft_light(canvas.image, Image.merge("RGB", (layer,) * 3))
    faint = layer.point([round(128 + (v - 128) * 0.4) for v in range(256)])
    canvas.image = ImageChops.add(canvas.image, Image.merge("RGB", (faint,) * 3), 1, -128)


def _photo(canvas: Canvas, _palette: Palette) -> None:
    canvas.image = canvas.image.filter(ImageFilter.UnsharpMask(1.2, 60, 2))


def _sharp(canvas: Canvas, _palette: Palette) -> None:
    """Clarity: contrast of near neighbours."""
    wide = ImageFilter.UnsharpMask(canvas.unit / 40, 45, 0)
    canvas.image = canvas.image.filter(wide).filter(ImageFilter.UnsharpMask(1.2, 90, 2))


def _cinema(canvas: Canvas, _palette: Palette) -> None:
    """Teal shadows and amber lights."""
    grey = canvas.image.convert("L")
    toned = ImageOps.colorize(
        grey,
        (6, 24, 38),
        (255, 232, 200),
        mid=(150, 118, 100),
    )
    canvas.image = Image.blend(canvas.image, toned, 0.34)


def _soft(canvas: Canvas, palette: Palette) -> None:
    """A soft lens: the picture and its own blur, lightened."""
    blurred = soften(canvas.image, canvas.unit / 90)
    dreamy = ImageChops.screen(canvas.image, blurred)
    canvas.image = Image.blend(Image.blend(canvas.image, blurred, 0.35), dreamy, 0.3)
    veil = Image.new("RGB", canvas.size, palette.paper)
    canvas.image = Image.blend(canvas.image, veil, 0.08)


def _faded(canvas: Canvas, _palette: Palette) -> None:
    """A print that has lain in a drawer: lifted blacks, a leak of light at one side."""
    lifted = [round(26 + value * 0.86) for value in range(256)]
    cool = [round(34 + value * 0.82) for value in range(256)]
    canvas.image = canvas.image.point(lifted * 2 + cool)
    side = canvas.dice.fork("leak").pick((0.0, 1.0))
    canvas.glow(
        side * canvas.width, canvas.height * 0.3, canvas.unit * 0.6, (255, 120, 60), strength=0.3
    )


def _bokeh(canvas: Canvas, palette: Palette) -> None:
    """Discs of light out of focus, mostly low and aside."""
    dice = canvas.dice.fork("bokeh")
    lights = Image.new("L", (canvas.width // 2, canvas.height // 2))
    for _ in range(26):
        x = dice.between(0, 1)
        y = dice.between(0.45, 1.02) if 0.25 < x < 0.75 else dice.between(0, 1)
        if 0.3 < x < 0.7 and y < 0.8:
            continue
        radius = canvas.unit * dice.between(0.008, 0.04)
        disc = Image.new("L", lights.size)
        middle = (x * lights.width, y * lights.height)
        ImageDraw.Draw(disc).circle(middle, radius, fill=dice.whole(14, 52))
        lights = ImageChops.add(lights, disc)
    lights = soften(lights, canvas.unit / 700).resize(canvas.size, Image.Resampling.BICUBIC)
    canvas.add_light(lights, mix(palette.sun, palette.accents[1], 0.3))
    canvas.image = Image.blend(canvas.image, soften(canvas.image, canvas.unit / 120), 0.25)


def _cel(canvas: Canvas, _palette: Palette) -> None:
    """Flat tones with ink lines, as drawn for a film."""
    smooth = canvas.image.filter(ImageFilter.MedianFilter(5))
    grey = soften(smooth.convert("L"), 1.0)
    lines = grey.filter(ImageFilter.FIND_EDGES)
    ImageDraw.Draw(lines).rectangle((0, 0, canvas.width - 1, canvas.height - 1), outline=0, width=3)
    ink = fade(band(soften(lines, 0.8), 10, 34), 0.6)
    canvas.image = ImageOps.posterize(smooth, 5)
    canvas.image = Image.blend(canvas.image, smooth, 0.45)
    canvas.image.paste((34, 28, 58), (0, 0), ink)


def _brush(canvas: Canvas, _palette: Palette) -> None:
    """Painted over in strokes, broad ones first, which follow a field of wind."""
    dice = canvas.dice.fork("brush")
    source = soften(canvas.image, canvas.unit / 300)
    field = fractal((128, 128), dice.fork("field"), cells=(3, 3), octaves=3)
    angles, pixels = field.load(), source.load()
    pen = ImageDraw.Draw(canvas.image)
    for count, length, thick in ((2_600, 0.05, 0.013), (5_200, 0.026, 0.006)):
        wide = max(1, round(canvas.unit * thick))
        for _ in range(count):
            x, y = dice.whole(0, canvas.width - 1), dice.whole(0, canvas.height - 1)
            place = (x * 127 // canvas.width, y * 127 // canvas.height)
            angle = angles[place] / 255 * 2.4 - 1.2  # type: ignore[index, operator]
            reach = canvas.unit * length * dice.between(0.5, 1.2) / 2
            colour = pixels[x, y]  # type: ignore[index]
            end = _clamped(canvas, x + math.cos(angle) * reach, y + math.sin(angle) * reach)
            if _far_apart(colour, pixels[end]):  # type: ignore[index]
                reach *= 0.25  # an edge: a dab that does not run over it
            dx, dy = math.cos(angle) * reach, math.sin(angle) * reach
            red, green, blue = colour  # type: ignore[misc]
            lift = dice.whole(-9, 9)
            tone = _clip((red + lift, green + lift, blue + lift))
            pen.line((x - dx, y - dy, x + dx, y + dy), fill=tone, width=wide)
    canvas.image = Image.blend(canvas.image, source, 0.3)
    canvas.image = canvas.image.filter(ImageFilter.UnsharpMask(1.6, 80, 2))


def _clamped(canvas: Canvas, x: float, y: float) -> tuple[int, int]:
    return max(0, min(canvas.width - 1, int(x))), max(0, min(canvas.height - 1, int(y)))


def _far_apart(one: Any, other: Any) -> bool:
    """Do two colours stand on two sides of an edge?"""
    return bool(sum(abs(a - b) for a, b in zip(one, other, strict=True)) > 110)


def _dots(canvas: Canvas, palette: Palette) -> None:
    """Pointillism: dabs of pure colour on toned paper."""
    dice = canvas.dice.fork("dots")
    source = ImageEnhance.Color(soften(canvas.image, canvas.unit / 350)).enhance(1.25)
    pixels = source.load()
    ground = Image.new("RGB", canvas.size, palette.paper)
    large = Image.blend(source, ground, 0.25).resize((canvas.width * 2, canvas.height * 2))
    pen = ImageDraw.Draw(large)
    step = max(3, round(canvas.unit * 0.0095))
    for top in range(0, canvas.height, step):
        for left in range(0, canvas.width, step):
            x = min(canvas.width - 1, max(0, left + round(dice.around(0, step * 0.4))))
            y = min(canvas.height - 1, max(0, top + round(dice.around(0, step * 0.4))))
            radius = step * dice.between(0.55, 1.0)
            spread = dice.whole(-26, 26)
            red, green, blue = pixels[x, y]  # type: ignore[index, misc]
            colour = _clip((red + spread, green, blue - spread))
            pen.circle((x * 2, y * 2), radius * 1.25, fill=colour)
    canvas.image = large.reduce(2)


def _cutout(canvas: Canvas, palette: Palette) -> None:
    """Coloured paper: a fine tooth, and lighter edges from the light above."""
    _tooth(canvas, 0.5)
    edges = canvas.image.convert("L").filter(ImageFilter.EMBOSS)
    soft = soften(edges, canvas.unit / 900).point(
        [round(128 + (v - 128) * 0.5) for v in range(256)]
    )
    canvas.image = ImageChops.soft_light(canvas.image, Image.merge("RGB", (soft,) * 3))
    canvas.image = Image.blend(canvas.image, Image.new("RGB", canvas.size, palette.paper), 0.04)


def _print(canvas: Canvas, palette: Palette) -> None:
    """A screen print: few tones, a margin of paper."""
    _tooth(canvas, 0.6)
    margin = round(canvas.unit * 0.045)
    sheet = Image.new("RGB", canvas.size, mix(palette.paper, (255, 255, 255), 0.35))
    inner = (canvas.width - 2 * margin, canvas.height - 2 * margin)
    sheet.paste(ImageOps.fit(canvas.image, inner, Image.Resampling.LANCZOS), (margin, margin))
    canvas.image = sheet


def _tooth(canvas: Canvas, amount: float) -> None:
    grain = fractal(canvas.size, canvas.dice.fork("tooth"), cells=(90, 90), octaves=3)
    layer = grain.point([round(128 + (value - 128) * 0.22 * amount) for value in range(256)])
    canvas.image = ImageChops.soft_light(canvas.image, Image.merge("RGB", (layer,) * 3))


def _clip(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    red, green, blue = (max(0, min(255, part)) for part in colour)
    return red, green, blue


# In place of a treatment that would spoil clean edges.
_GENTLE = {"brush": "photo", "soft": "photo", "bokeh": "photo", "cel": "photo", "dots": "photo"}

_FINISHES: dict[str, Finish] = {
    "photo": _photo,
    "sharp": _sharp,
    "cinema": _cinema,
    "soft": _soft,
    "faded": _faded,
    "bokeh": _bokeh,
    "cel": _cel,
    "brush": _brush,
    "dots": _dots,
    "cutout": _cutout,
    "print": _print,
}
