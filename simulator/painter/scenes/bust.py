"""A bust without a face: hair, cloth, a great disc behind; a landscape on the cloth."""

import math

from PIL import Image, ImageChops

from simulator.dice import Dice
from simulator.painter import sky
from simulator.painter.canvas import Point, band, both, fade, soften
from simulator.painter.colour import RGB, mix, shade
from simulator.painter.scene import Scene
from simulator.painter.scenes import coast, forest, hills
from simulator.painter.scenes.view import view_of

_SKINS: tuple[RGB, ...] = (
    (236, 188, 152),
    (201, 142, 104),
    (142, 92, 66),
    (246, 210, 180),
    (98, 62, 48),
)
_LOCKS: tuple[RGB, ...] = ((52, 36, 40), (96, 58, 40), (30, 30, 42), (168, 98, 48))
_HAIRS = ("short", "long", "bun", "bob", "curls")


def draw(scene: Scene) -> None:
    """Head and shoulders in outline; within them another picture, as on a film exposed twice."""
    canvas, dice = scene.canvas, scene.dice.fork("bust")
    _draw_ground(scene, dice)
    size = min(canvas.width * 0.6, canvas.height * 0.46)
    middle = (canvas.width * (0.5 + dice.around(0, 0.02)), canvas.height * 0.44)
    hair = dice.pick(_HAIRS)
    back, *front = _hair(middle, size, hair, dice)
    skin, dark = dice.pick(_SKINS), dice.pick(_LOCKS)
    canvas.polygon(back, dark)
    _draw_cloth(scene, _shoulders(middle, size, canvas.height), dice)
    canvas.polygon(_neck(middle, size), shade(skin, 0.8))
    _draw_skin(scene, _head(middle, size), skin)
    for lock in front:
        canvas.polygon(lock, shade(dark, 1.1))
    _draw_collar(scene, middle, size, shade(skin, 0.92))
    if not scene.is_flat:
        sky.draw_birds(scene, horizon=canvas.height * 0.4, count=dice.whole(4, 9))


def _draw_ground(scene: Scene, dice: Dice) -> None:
    """Paper with a great disc behind the head."""
    canvas, palette = scene.canvas, scene.palette
    light = mix(palette.paper, palette.sky[2], 0.5)
    if palette.is_dark():
        light = mix(palette.sky[1], palette.sky[2], 0.5)
    canvas.gradient((mix(light, palette.sky[1], 0.25), light, mix(light, palette.sky[2], 0.5)))
    radius = min(canvas.width, canvas.height) * dice.between(0.3, 0.36)
    at = (canvas.width * 0.5, canvas.height * 0.38)
    disc = mix(scene.accent(1 if scene.subject.colour else 0), palette.sun, 0.3)
    canvas.circle(*at, radius, disc, opacity=0.85)
    if not scene.is_flat:
        canvas.glow(*at, radius * 1.8, palette.sun, strength=0.4)
        clouds = canvas.fractal("veil", (4, 6), octaves=5)
        canvas.paint(fade(band(clouds, 120, 240), 0.35), light)


def _draw_cloth(scene: Scene, shape: list[Point], dice: Dice) -> None:
    """A plain colour; where the style has texture, a landscape shows through it."""
    canvas = scene.canvas
    colour = scene.accent(0 if scene.subject.colour else 1)
    mask = canvas.mask(lambda pen, f: pen.polygon([(x * f, y * f) for x, y in shape], fill=255))
    box = mask.getbbox()
    if scene.is_flat or not box:
        canvas.paint(mask, colour)
        return
    size = (box[2] - box[0], box[3] - box[1])
    view = view_of(scene, dice.pick((hills.draw, forest.draw, coast.draw)), size, dice)
    canvas.image.paste(Image.blend(view, Image.new("RGB", size, colour), 0.4), box, mask.crop(box))
    inside = soften(mask, canvas.unit / 30).point([255 - value for value in range(256)])
    canvas.add_light(fade(both(mask, band(inside, 40, 200)), 0.4), scene.palette.sun)


def _draw_skin(scene: Scene, shape: list[Point], skin: RGB) -> None:
    """The face stays empty: light from one side, no features."""
    canvas = scene.canvas
    mask = canvas.mask(lambda pen, f: pen.polygon([(x * f, y * f) for x, y in shape], fill=255))
    if scene.is_flat:
        canvas.paint(mask, skin)
        return
    canvas.paint(mask, (shade(skin, 0.72), skin, shade(skin, 1.06), shade(skin, 0.86)))
    step = max(2, canvas.unit // 16)
    aside = ImageChops.subtract(mask, ImageChops.offset(mask, -step, -step // 2))
    canvas.paint(both(mask, fade(soften(aside, canvas.unit / 36), 0.5)), shade(skin, 0.5))


def _draw_collar(scene: Scene, middle: Point, size: float, skin: RGB) -> None:
    corners = ((-0.17, 0.47), (0.17, 0.47), (0.0, 0.68))
    collar = [(middle[0] + dx * size, middle[1] + dy * size) for dx, dy in corners]
    scene.canvas.polygon(collar, skin)


def _head(middle: Point, size: float) -> list[Point]:
    x, y = middle
    points = []
    for step in range(60):
        angle = math.tau * step / 60
        narrow = 1 - 0.16 * max(0.0, math.sin(angle)) ** 2
        points.append(
            (x + math.cos(angle) * size * 0.25 * narrow, y + math.sin(angle) * size * 0.34)
        )
    return points


def _neck(middle: Point, size: float) -> list[Point]:
    x, y = middle
    return [
        (x - size * 0.12, y + size * 0.2),
        (x + size * 0.12, y + size * 0.2),
        (x + size * 0.15, y + size * 0.56),
        (x - size * 0.15, y + size * 0.56),
    ]


def _shoulders(middle: Point, size: float, floor: float) -> list[Point]:
    x, y = middle
    right = []
    for step in range(31):
        share = step / 30
        rise = 0.46 + 0.2 * share**1.6 + 0.9 * max(0.0, share - 0.8) ** 1.5
        right.append((x + size * (0.13 + 0.57 * math.sin(share * math.pi / 2)), y + size * rise))
    foot = max(floor + 5, y + size * 1.2)
    right.append((x + size * 0.76, foot))
    return right + [(2 * x - px, py) for px, py in reversed(right)]


def _hair(middle: Point, size: float, kind: str, dice: Dice) -> list[list[Point]]:
    """The mass behind the head first, then what falls over the brow."""
    x, y = middle
    wide, low = {
        "short": (0.275, 0.02),
        "long": (0.34, 0.75),
        "bun": (0.28, 0.05),
        "bob": (0.36, 0.32),
        "curls": (0.38, 0.2),
    }[kind]
    back = []
    for step in range(41):
        angle = math.pi + math.pi * step / 40
        wobble = 1 + (0.07 * math.sin(step * 2.4) if kind == "curls" else 0)
        back.append(
            (
                x + math.cos(angle) * size * wide * wobble,
                y - size * 0.05 + math.sin(angle) * size * 0.36 * wobble,
            )
        )
    back += [
        (x + size * wide * (1.02 if kind in ("long", "bob") else 0.9), y + size * low),
        (x - size * wide * (1.02 if kind in ("long", "bob") else 0.9), y + size * low),
    ]
    side = dice.fork("parting").pick((-1, 1))
    fringe = [(x - side * size * 0.25, y - size * 0.02), (x - side * size * 0.26, y - size * 0.2)]
    fringe += [
        (x + math.cos(a) * size * 0.265, y - size * 0.05 + math.sin(a) * size * 0.33)
        for a in (math.pi * (1 + s / 20) for s in range(21))
    ][::side]
    fringe += [(x + side * size * 0.25, y - size * 0.06), (x + side * size * 0.05, y - size * 0.2)]
    shapes = [back, fringe]
    if kind == "bun":
        shapes.append(
            [
                (x + math.cos(a) * size * 0.13, y - size * 0.46 + math.sin(a) * size * 0.12)
                for a in (math.tau * s / 30 for s in range(30))
            ]
        )
    return shapes
