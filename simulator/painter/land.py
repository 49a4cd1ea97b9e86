"""Ridges and hills, water and what it mirrors, trees and grass."""

import math
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw, ImageOps

from simulator.dice import Dice
from simulator.painter.canvas import Point, band, both, fade, soften
from simulator.painter.colour import RGB, mix, shade
from simulator.painter.scene import Scene


def ridge(width: int, *, base: float, height: float, rough: float, dice: Dice) -> list[float]:
    """The skyline of a hill for each fourth pixel: sums of waves, `rough` (0 to 1) adds crags."""
    waves = [
        (dice.between(0.6, 1.4) * 2**octave, dice.between(0, 6.3), (0.32 + 0.34 * rough) ** octave)
        for octave in range(8)
    ]
    total = sum(weight for _, _, weight in waves)
    line = []
    for x in range(0, width + 4, 4):
        place = x / width * math.tau
        value = sum(w * math.sin(place * f + p) for f, p, w in waves)
        crag = sum(w * (1 - 2 * abs(math.sin(place * f / 2 + p))) for f, p, w in waves)
        line.append(base - height * (value * (1 - rough) + crag * rough) / total)
    return line


def outline(line: Sequence[float], bottom: float) -> list[Point]:
    points = [(index * 4.0, y) for index, y in enumerate(line)]
    return [*points, (points[-1][0], bottom), (0, bottom)]


def draw_ridge(
    scene: Scene, line: Sequence[float], colours: Sequence[RGB], *, relief: float = 0.0
) -> Image.Image:
    """Fills below `line` with a gradient, `relief` lays light on it; returns the mask."""
    canvas = scene.canvas
    points = outline(line, canvas.height)
    mask = canvas.mask(lambda pen, f: pen.polygon([(x * f, y * f) for x, y in points], fill=255))
    canvas.paint(mask, tuple(colours))
    if relief and not scene.is_flat:
        name = f"relief{line[0]:.0f}"
        noise = canvas.fractal(name, (canvas.width / canvas.unit * 7, 5), octaves=6)
        step = max(2, canvas.unit // 150)
        slopes = ImageChops.subtract(noise, ImageChops.offset(noise, step, -step), 0.5, 128)
        lit, dark = band(slopes, 150, 255), ImageOps.invert(band(slopes, 20, 120))
        canvas.paint(both(mask, fade(lit, relief * 0.8)), mix(colours[0], scene.palette.sun, 0.45))
        canvas.paint(both(mask, fade(dark, relief)), shade(colours[0], 0.55))
    return mask


def draw_sea(scene: Scene, *, horizon: float, light_x: float, bottom: float | None = None) -> None:
    """Open water: darker near, rippled in perspective, with the light's path on it."""
    canvas, palette = scene.canvas, scene.palette
    end = round(bottom or canvas.height)
    top = round(horizon)
    if end - top < 4:
        return
    far = mix(palette.water, palette.sky[2], 0.55)
    canvas.gradient(
        (far, palette.water, shade(palette.water, 0.62)), box=(0, top, canvas.width, end)
    )
    if scene.is_flat:
        _draw_flat_waves(scene, top=top, end=end)
        return
    _draw_ripples(scene, top=top, end=end)
    _draw_glitter(scene, top=top, end=end, light_x=light_x)


def draw_mirror(scene: Scene, *, horizon: float, bottom: float | None = None) -> None:
    """Still water that mirrors what stands above `horizon`, a little blurred and shaken."""
    canvas = scene.canvas
    top, end = round(horizon), round(bottom or canvas.height)
    height = min(end - top, top)
    if height < 4:
        return
    above = ImageOps.flip(canvas.image.crop((0, top - height, canvas.width, top)))
    if end - top > height:
        above = above.resize((canvas.width, end - top), Image.Resampling.BICUBIC)
        height = end - top
    above = soften(above, canvas.unit / 400)
    tint = Image.new("RGB", above.size, shade(scene.palette.water, 0.85))
    above = Image.blend(above, tint, 0.28)
    dice = scene.dice.fork("mirror")
    y = 0
    while y < height:
        near = y / height
        strip = max(1, round(canvas.unit * (0.002 + 0.01 * near)))
        shift = round(dice.around(0, canvas.unit * (0.001 + 0.006 * near)))
        row = above.crop((0, y, canvas.width, min(height, y + strip)))
        canvas.image.paste(ImageChops.offset(row, shift, 0), (0, top + y))
        y += strip
    if not scene.is_flat:
        _draw_ripples(scene, top=top, end=top + height, strength=0.4)


def draw_pines(
    scene: Scene, line: Sequence[float], colour: RGB, *, size: float, count: int
) -> None:
    """Conifers standing on a ridge line."""
    canvas = scene.canvas
    dice = scene.dice.fork("pines", size)

    def draw(pen: ImageDraw.ImageDraw, f: float) -> None:
        for _ in range(count):
            x = dice.whole(0, canvas.width)
            y = line[min(len(line) - 1, x // 4)] + size * 0.15
            tall = size * dice.between(0.55, 1.25)
            for point in _pine(x, y, tall, dice):
                pen.polygon([(px * f, py * f) for px, py in point], fill=255)

    canvas.paint(canvas.mask(draw), colour)


def draw_grass(scene: Scene, *, top: float, colours: Sequence[RGB], count: int = 700) -> None:
    """Blades in the foreground, longer as they come nearer."""
    canvas, dice = scene.canvas, scene.dice.fork("grass")
    pen = ImageDraw.Draw(canvas.image)
    for index in range(count):
        near = index / count
        x, y = dice.between(0, canvas.width), top + (canvas.height * 1.02 - top) * near
        tall = canvas.unit * (0.012 + 0.05 * near) * dice.between(0.5, 1.3)
        lean = dice.around(0.25, 0.3) * tall
        blade = [(x, y), (x + lean * 0.3, y - tall * 0.6), (x + lean, y - tall)]
        pen.line(blade, fill=dice.pick(colours), width=max(1, round(canvas.unit * 0.0016)))


def _pine(x: float, y: float, tall: float, dice: Dice) -> list[list[Point]]:
    tiers = 5
    shapes = []
    for tier in range(tiers):
        foot = y - tall * 0.16 * tier * 1.05
        half = tall * (0.23 - 0.036 * tier) * dice.between(0.85, 1.1)
        shapes.append([(x - half, foot), (x + half, foot), (x, foot - tall * 0.36)])
    trunk = tall * 0.02
    shapes.append([(x - trunk, y + tall * 0.1), (x + trunk, y + tall * 0.1), (x, y - tall * 0.3)])
    return shapes


def _draw_ripples(scene: Scene, *, top: int, end: int, strength: float = 1.0) -> None:
    """Short flat strokes, fine at the horizon and broad in front."""
    canvas, palette = scene.canvas, scene.palette
    dice = scene.dice.fork("ripples")
    light, dark = Image.new("L", canvas.size), Image.new("L", canvas.size)
    pens = ImageDraw.Draw(light), ImageDraw.Draw(dark)
    for _ in range(1_500):
        near = dice.between(0, 1) ** 1.7
        x, y = dice.between(-0.1, 1.1) * canvas.width, top + near * (end - top)
        half = canvas.unit * (0.006 + 0.07 * near) * dice.between(0.4, 1.4)
        thick = canvas.unit * (0.0006 + 0.0045 * near)
        value = dice.whole(20, 95)
        dice.pick(pens).ellipse((x - half, y - thick, x + half, y + thick), fill=value)
    canvas.paint(fade(soften(light, canvas.unit / 900), 0.8 * strength), palette.sky[2])
    canvas.paint(fade(soften(dark, canvas.unit / 900), strength), shade(palette.water, 0.45))


def _draw_glitter(scene: Scene, *, top: int, end: int, light_x: float) -> None:
    canvas = scene.canvas
    dice = scene.dice.fork("glitter")
    lights = Image.new("L", canvas.size)
    pen = ImageDraw.Draw(lights)
    for _ in range(900):
        near = dice.between(0, 1) ** 1.5
        x = light_x + dice.around(0, canvas.unit * (0.02 + 0.11 * near))
        y = top + near * (end - top)
        half = canvas.unit * (0.004 + 0.022 * near) * dice.between(0.3, 1.3)
        thick = canvas.unit * (0.0007 + 0.0026 * near)
        pen.ellipse((x - half, y - thick, x + half, y + thick), fill=dice.whole(60, 190))
    canvas.add_light(soften(lights, canvas.unit / 1_000), scene.palette.sun)


def _draw_flat_waves(scene: Scene, *, top: int, end: int) -> None:
    """Bands with a scalloped edge."""
    canvas, palette = scene.canvas, scene.palette
    dice = scene.dice.fork("waves")
    bands = 5
    for index in range(1, bands):
        near = index / bands
        base = top + (end - top) * near**1.4
        length = canvas.unit * (0.05 + 0.12 * near)
        phase = dice.between(0, math.tau)
        swell = canvas.unit * 0.016 * near
        line = [
            base - swell * abs(math.sin(x / length + phase)) for x in range(0, canvas.width + 4, 4)
        ]
        share = 0.15 + 0.2 * near if index % 2 else 0.05 * near
        colour = mix(palette.water, palette.near, share)
        canvas.polygon(
            outline(line, end),
            colour if index % 2 else mix(palette.water, palette.sky[2], 0.35 * (1 - near)),
        )
