"""The night sky: the Milky Way, northern lights, or a planet with its rings."""

import math

from PIL import Image, ImageChops, ImageDraw

from simulator.dice import Dice
from simulator.painter import land, sky
from simulator.painter.canvas import band, both, fade, fractal, ramp, soften
from simulator.painter.colour import RGB, mix, shade, turn
from simulator.painter.scene import Scene


def draw(scene: Scene) -> None:
    canvas, dice = scene.canvas, scene.dice.fork("night")
    horizon = canvas.height * dice.between(0.72, 0.8)
    deep = scene.palette.sky
    canvas.gradient((shade(deep[0], 0.7), deep[0], mix(deep[1], deep[2], 0.35)))
    kind = _kind(scene, dice)
    if kind == "aurora":
        sky.draw_stars(scene, horizon=horizon, count=420)
        _draw_aurora(scene, horizon, dice)
    else:
        _draw_nebula(scene, dice)
        sky.draw_stars(scene, horizon=canvas.height, count=620)
    if kind == "planet":
        _draw_planet(scene, dice)
        return
    _draw_land(scene, horizon, dice)


def _kind(scene: Scene, dice: Dice) -> str:
    if scene.wants("planet"):
        return "planet"
    if scene.wants("aurora"):
        return "aurora"
    return dice.pick(("aurora", "galaxy", "galaxy"))


def _draw_nebula(scene: Scene, dice: Dice) -> None:
    """A band of glowing dust across the sky, with dark lanes."""
    canvas = scene.canvas
    side = round(math.hypot(canvas.width, canvas.height)) // 2
    dust = fractal((side, side), dice.fork("dust"), cells=(5, 9), octaves=6)
    lanes = fractal((side, side), dice.fork("lanes"), cells=(4, 10), octaves=5)
    belt = ramp((side, side), ((0, 0), (0.3, 20), (0.5, 255), (0.7, 20), (1, 0)))
    glow = both(band(dust, 40, 230), belt)
    core = both(glow, band(lanes, 60, 200))
    angle = dice.pick((-1, 1)) * dice.between(25, 62)
    first, second = scene.accent(1), turn(scene.accent(0), hue=0.06)
    for light, colour, strength in (
        (glow, second, 0.5),
        (core, first, 0.55),
        (core, (255, 244, 230), 0.35),
    ):
        turned = light.rotate(angle, Image.Resampling.BICUBIC)
        canvas.add_light(fade(_fill(turned, canvas.size), strength), colour)


def _draw_aurora(scene: Scene, horizon: float, dice: Dice) -> None:
    """Curtains: bright along a winding hem, fading upwards in rays."""
    canvas = scene.canvas
    greens = ((96, 240, 170), mix(scene.accent(0), (96, 240, 170), 0.5), scene.accent(1))
    for curtain in range(3):
        seed = dice.fork("curtain", curtain)
        light = Image.new("L", (canvas.width // 2, canvas.height // 2))
        _draw_curtain(light, seed, hem=horizon / canvas.height * (0.86 - 0.17 * curtain))
        light = soften(light, canvas.unit / 500).resize(canvas.size, Image.Resampling.BICUBIC)
        colour = greens[curtain]
        canvas.add_light(fade(light, 0.85 - 0.15 * curtain), colour)
        canvas.add_light(fade(soften(light, canvas.unit / 22), 0.5), turn(colour, hue=0.12))


def _draw_curtain(light: Image.Image, dice: Dice, *, hem: float) -> None:
    pen = ImageDraw.Draw(light)
    waves = [
        (dice.between(0.6, 3.4), dice.between(0, 6.3), dice.between(0.02, 0.07)) for _ in range(4)
    ]
    rays = [dice.between(0.25, 1) for _ in range(64)]
    for x in range(light.width):
        place = x / light.width
        foot = light.height * (
            hem + sum(w * math.sin(place * math.tau * f + p) for f, p, w in waves)
        )
        index = place * 63 * (1 + 0.12 * math.sin(place * 9))
        left = rays[int(index) % 64]
        strength = left + (rays[(int(index) + 1) % 64] - left) * (index % 1)
        tall = light.height * (0.2 + 0.3 * strength)
        for step in range(28):
            share = step / 28
            y = foot - tall * share
            value = 215 * strength * (1 - share) ** 1.7 * min(1, share * 14 + 0.25)
            pen.line((x, y - tall / 28, x, y), fill=round(value))


def _draw_planet(scene: Scene, dice: Dice) -> None:
    canvas = scene.canvas
    radius = canvas.unit * dice.between(0.24, 0.31)
    x, y = canvas.width * dice.between(0.42, 0.58), canvas.height * dice.between(0.44, 0.54)
    side = round(radius * 2)
    base = scene.accent(0)
    bands = fractal((side, side), dice.fork("bands"), cells=(2, 13), octaves=4)
    tints = (shade(base, 0.55), mix(base, scene.palette.paper, 0.5))
    surface = Image.composite(
        Image.new("RGB", (side, side), tints[1]), Image.new("RGB", (side, side), tints[0]), bands
    )
    surface = surface.rotate(-16, Image.Resampling.BICUBIC, fillcolor=tints[0])
    _light_ball(surface)
    rings = scene.wants("planet") or dice.chance(0.7)
    tone = mix(base, scene.palette.paper, 0.6)
    canvas.glow(x, y, radius * 2.1, base, strength=0.35)
    if rings:
        _draw_rings(scene, (x, y), radius, tone, front=False)
    disc = Image.new("L", (side * 2, side * 2))
    ImageDraw.Draw(disc).circle((side, side), side - 1, fill=255)
    canvas.image.paste(surface, (round(x - radius), round(y - radius)), disc.reduce(2))
    if rings:
        _draw_rings(scene, (x, y), radius, tone, front=True)
    moon = (x + radius * 1.7 * dice.pick((-1, 1)), y - radius * dice.between(0.7, 1.1))
    canvas.circle(*moon, radius * 0.11, mix(tone, scene.palette.sky[0], 0.35))
    canvas.circle(moon[0] - radius * 0.02, moon[1] - radius * 0.02, radius * 0.085, tone)


def _light_ball(surface: Image.Image) -> None:
    """Lit from the upper left, dark at the far limb."""
    side = surface.width
    shadow = Image.radial_gradient("L").resize((round(side * 2.1),) * 2, Image.Resampling.BICUBIC)
    shift = round(side * 0.72)
    shadow = shadow.crop((shift, shift, shift + side, shift + side))
    surface.paste((6, 6, 18), (0, 0), band(shadow, 70, 215))


def _draw_rings(
    scene: Scene, middle: tuple[float, float], radius: float, tone: RGB, *, front: bool
) -> None:
    canvas = scene.canvas
    wide = round(radius * 5)
    layer = Image.new("L", (wide, wide))
    pen = ImageDraw.Draw(layer)
    arc = (0, 180) if front else (180, 360)
    dice = scene.dice.fork("rings")
    for step in range(26):
        reach = radius * (1.42 + 0.9 * step / 26)
        value = round(205 * dice.between(0.35, 1)) if step not in (15, 16) else 15
        box = (wide / 2 - reach, wide / 2 - reach * 0.26, wide / 2 + reach, wide / 2 + reach * 0.26)
        pen.arc(box, *arc, fill=value, width=max(1, round(radius * 0.04)))
    layer = soften(layer, canvas.unit / 900).rotate(16, Image.Resampling.BICUBIC)
    at = (round(middle[0] - wide / 2), round(middle[1] - wide / 2))
    canvas.image.paste(tone, at, layer)


def _draw_land(scene: Scene, horizon: float, dice: Dice) -> None:
    """Dark hills with pines, and a lake that holds the sky."""
    canvas = scene.canvas
    far = mix(scene.palette.far, scene.palette.sky[1], 0.4)
    rise = canvas.unit * 0.14
    line = land.ridge(canvas.width, base=horizon, height=rise, rough=0.5, dice=dice.fork("far"))
    line = [y - rise * 0.3 for y in line]
    land.draw_ridge(scene, line, (shade(far, 0.75), shade(far, 0.5)))
    near = land.ridge(
        canvas.width, base=horizon, height=rise * 0.3, rough=0.3, dice=dice.fork("near")
    )
    dark = shade(scene.palette.near, 0.8)
    land.draw_ridge(scene, near, (dark, dark))
    land.draw_pines(
        scene, near, dark, size=canvas.unit * 0.08, count=round(46 * canvas.width / canvas.height)
    )
    land.draw_mirror(scene, horizon=horizon + canvas.unit * 0.025)


def _fill(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Enlarged about its middle until it covers `size`, corners of the turn left out."""
    scale = max(size) * 1.45 / image.width
    large = image.resize(
        (round(image.width * scale), round(image.height * scale)), Image.Resampling.BICUBIC
    )
    left, top = (large.width - size[0]) // 2, (large.height - size[1]) // 2
    return ImageChops.offset(large.crop((left, top, left + size[0], top + size[1])), 0, 0)
