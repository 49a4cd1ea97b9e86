"""Sky, sun and moon, clouds, stars and birds."""

import math

from PIL import Image, ImageChops, ImageDraw

from simulator.painter.canvas import Canvas, band, both, fade, fractal, ramp, soften
from simulator.painter.colour import RGB, brightness, mix, shade
from simulator.painter.scene import Scene

Spot = tuple[float, float]


def draw_sky(scene: Scene, *, horizon: float, clouds: float = 0.6) -> Spot:
    """Everything above `horizon` (pixels from the top); returns where the light stands."""
    canvas, palette = scene.canvas, scene.palette
    top = max(2, round(horizon))
    canvas.gradient(palette.sky, box=(0, 0, canvas.width, top))
    if top < canvas.height:
        canvas.gradient((palette.sky[2], palette.sky[1]), box=(0, top, canvas.width, canvas.height))
    dice = scene.dice.fork("sun")
    spot = (canvas.width * dice.pick((0.22, 0.3, 0.36, 0.64, 0.7, 0.78)), _sun_height(scene, top))
    if palette.is_dark():
        draw_stars(scene, horizon=top, count=260)
    if palette.is_dark() or scene.wants("moon"):
        draw_moon(scene, spot)
    else:
        draw_sun(scene, spot)
    if clouds and not palette.is_dark():
        draw_clouds(scene, horizon=top, amount=clouds, spot=spot)
    return spot


def draw_sun(scene: Scene, spot: Spot) -> None:
    canvas, palette = scene.canvas, scene.palette
    x, y = spot
    if scene.is_flat:
        canvas.circle(x, y, canvas.unit * 0.1, palette.sun)
        return
    reach = canvas.unit * {"dusk": 0.9, "dawn": 0.85}.get(palette.light, 0.55)
    canvas.glow(x, y, reach, mix(palette.sun, palette.sky[2], 0.5), strength=0.75)
    canvas.glow(x, y, reach * 0.35, palette.sun, strength=0.8)
    if palette.light in ("dusk", "dawn", "mist"):
        canvas.circle(x, y, canvas.unit * 0.042, shade(palette.sun, 1.25))


def draw_moon(scene: Scene, spot: Spot) -> None:
    canvas, palette = scene.canvas, scene.palette
    x, y, radius = spot[0], spot[1] * 0.6, canvas.unit * 0.055
    if not scene.is_flat:
        canvas.glow(x, y, radius * 7, palette.cloud, strength=0.55)
        canvas.glow(x, y, radius * 2.4, palette.sun, strength=0.4)
    canvas.circle(x, y, radius, palette.sun)
    seas = mix(palette.sun, palette.sky[1], 0.22)
    for dx, dy, size in ((-0.3, -0.2, 0.28), (0.25, 0.1, 0.2), (-0.1, 0.4, 0.16), (0.3, -0.4, 0.1)):
        canvas.circle(x + dx * radius, y + dy * radius, size * radius, seas, opacity=0.7)


def draw_stars(scene: Scene, *, horizon: float, count: int) -> None:
    """Many faint ones and a few bright."""
    canvas = scene.canvas
    dice = scene.dice.fork("stars")
    area = canvas.width * horizon / (canvas.unit * canvas.unit)
    lights = Image.new("L", canvas.size)
    pen = ImageDraw.Draw(lights)
    for _ in range(round(count * area)):
        x, y = dice.whole(0, canvas.width), horizon * dice.between(0, 1) ** 1.3
        pen.point((x, y), fill=dice.whole(60, 200))
        if dice.chance(0.12):
            size = canvas.unit * dice.between(0.0008, 0.0022)
            pen.circle((x, y), size, fill=dice.whole(150, 255))
    canvas.add_light(soften(lights, canvas.unit / 1_800), (245, 248, 255))
    canvas.add_light(soften(lights, canvas.unit / 260), scene.palette.sun)


def draw_clouds(scene: Scene, *, horizon: float, amount: float, spot: Spot) -> None:
    """Fields of cloud running to the horizon; where the style is flat, puffs."""
    if scene.is_flat:
        _draw_puffs(scene, horizon=horizon, count=round(2 + amount * 4))
        return
    canvas, palette = scene.canvas, scene.palette
    size = (canvas.width, max(2, round(horizon)))
    noise = _overhead(scene, size)
    start = round(178 - 70 * amount)
    heavy = palette.light == "storm"
    mask = band(noise, start, start + (60 if heavy else 95))
    mask = both(mask, ramp(size, ((0, 150), (0.3, 255), (0.85, 210), (1, 0))))
    towards = -1 if spot[0] < canvas.width / 2 else 1
    step = max(2, canvas.unit // 70)
    lit = ImageChops.subtract(noise, ImageChops.offset(noise, towards * -step, step), 0.28, 118)
    shadow = mix(palette.cloud, palette.sky[0], 0.62 if heavy else 0.42)
    body = Image.composite(_plain(size, palette.cloud), _plain(size, shadow), lit)
    canvas.image.paste(body, (0, 0), fade(mask, 0.92 if heavy else 0.85))


def draw_birds(scene: Scene, *, horizon: float, count: int) -> None:
    """A loose flock, small and far."""
    canvas, dice = scene.canvas, scene.dice.fork("birds")
    x0, y0 = canvas.width * dice.between(0.25, 0.7), horizon * dice.between(0.25, 0.55)
    dark = scene.palette.cloud if scene.palette.is_dark() else shade(scene.palette.near, 0.9)
    for _ in range(count):
        x = x0 + dice.around(0, canvas.unit * 0.13)
        y = y0 + dice.around(0, canvas.unit * 0.05)
        span = canvas.unit * dice.between(0.012, 0.026)
        lift = span * dice.between(0.2, 0.5)
        wings = [(x - span, y - lift), (x - span * 0.45, y - lift * 1.1), (x, y)]
        wings += [(x + span * 0.45, y - lift * 1.1), (x + span, y - lift * 0.9)]
        canvas.line(wings, dark, width=canvas.unit * 0.0028)


def draw_rays(scene: Scene, spot: Spot, *, count: int = 9) -> None:
    """Beams that fall from the light."""
    canvas, dice = scene.canvas, scene.dice.fork("rays")
    beams = Image.new("L", canvas.size)
    pen = ImageDraw.Draw(beams)
    length = math.hypot(canvas.width, canvas.height)
    for _ in range(count):
        angle = math.pi / 2 + dice.around(0, 0.5)
        wide = dice.between(0.012, 0.05)
        ends = [
            (spot[0] + math.cos(angle + turn) * length, spot[1] + math.sin(angle + turn) * length)
            for turn in (-wide, wide)
        ]
        pen.polygon([spot, *ends], fill=dice.whole(30, 80))
    beams = both(soften(beams, canvas.unit / 40), canvas.vertical(((0, 255), (0.9, 60), (1, 0))))
    canvas.add_light(beams, scene.palette.sun)


def haze(canvas: Canvas, colour: RGB, *, top: float, bottom: float, opacity: float) -> None:
    """Mist that is thickest at `bottom` and gone at `top` (pixels)."""
    high, low = top / canvas.height, min(1.0, bottom / canvas.height)
    full = round(255 * opacity)
    end = min(1.0, low + (low - high) * 0.35)
    canvas.paint(canvas.vertical(((0, 0), (high, 0), (low, full), (end, 0), (1, 0))), colour)


def _sun_height(scene: Scene, horizon: float) -> float:
    low = scene.palette.light in ("dusk", "dawn")
    dice = scene.dice.fork("height")
    return horizon * (dice.between(0.72, 0.9) if low else dice.between(0.22, 0.42))


def _overhead(scene: Scene, size: tuple[int, int]) -> Image.Image:
    """Noise as on a ceiling that runs away to the horizon."""
    side = 900
    noise = fractal((side, side), scene.dice.fork("clouds"), cells=(9, 9), octaves=6)
    width, height = size
    edge = height * 1.16
    scale, first = 130 / max(width, height) * 1.15, 120
    middle = side / 2
    across = (scale, -middle / edge, middle - width / 2 * scale)
    down = (0.0, 0.0, first)
    fade_away = (0.0, -1 / edge)
    return noise.transform(
        size,
        Image.Transform.PERSPECTIVE,
        (*across, *down, *fade_away),
        Image.Resampling.BICUBIC,
        fillcolor=90,
    )


def _draw_puffs(scene: Scene, *, horizon: float, count: int) -> None:
    canvas, palette = scene.canvas, scene.palette
    dice = scene.dice.fork("puffs")
    for _ in range(count):
        wide = canvas.unit * dice.between(0.12, 0.26)
        x, y = canvas.width * dice.between(0, 1), horizon * dice.between(0.12, 0.62)
        colour = mix(palette.cloud, palette.sky[1], dice.between(0, 0.35))
        _draw_puff(canvas, x, y, wide, colour, lumps=dice.whole(3, 5))


def _draw_puff(canvas: Canvas, x: float, y: float, wide: float, colour: RGB, *, lumps: int) -> None:
    def draw(pen: ImageDraw.ImageDraw, f: float) -> None:
        for lump in range(lumps):
            place = (lump + 0.5) / lumps * 2 - 1
            radius = wide * (0.42 - 0.2 * abs(place)) * (1.0 if lump % 2 else 0.8)
            pen.circle(
                ((x + place * wide * 0.72) * f, (y - radius * 0.5) * f), radius * f, fill=255
            )
        pen.rectangle(((x - wide * 1.2) * f, y * f, (x + wide * 1.2) * f, (y + wide) * f), fill=0)

    canvas.paint(canvas.mask(draw), colour if brightness(colour) > 0.2 else shade(colour, 1.1))


def _plain(size: tuple[int, int], colour: RGB) -> Image.Image:
    return Image.new("RGB", size, colour)
