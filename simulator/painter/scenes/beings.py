"""Beings, without faces: a bust that holds a landscape, a cat at the window."""

import math
from collections.abc import Callable
from dataclasses import replace

from PIL import Image, ImageChops, ImageDraw

from simulator.dice import Dice
from simulator.painter import sky
from simulator.painter.canvas import Canvas, Point, band, both, fade, soften
from simulator.painter.colour import RGB, mix, shade
from simulator.painter.palettes import PALETTES
from simulator.painter.scene import Scene
from simulator.painter.scenes import city, coast, forest, hills, night

_SKINS: tuple[RGB, ...] = (
    (236, 188, 152),
    (201, 142, 104),
    (142, 92, 66),
    (246, 210, 180),
    (98, 62, 48),
)
_LOCKS: tuple[RGB, ...] = ((52, 36, 40), (96, 58, 40), (30, 30, 42), (168, 98, 48))
_HAIRS = ("short", "long", "bun", "bob", "curls")


def draw_bust(scene: Scene) -> None:
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


def draw_cat(scene: Scene) -> None:
    """Seen from behind, on the sill, looking out."""
    canvas, dice = scene.canvas, scene.dice.fork("cat")
    view = _view(
        scene, dice.pick((city.draw, hills.draw, night.draw, coast.draw)), canvas.size, dice
    )
    canvas.image.paste(view, (0, 0))
    wall = shade(mix(scene.palette.near, scene.palette.far, 0.12), 0.85)
    sill = canvas.height * 0.84
    _draw_frame(scene, wall, sill)
    x = canvas.width * dice.pick((0.36, 0.42, 0.6))
    fur = _fur(scene, dice)
    size = min(canvas.width * 0.5, canvas.height * 0.4)
    _draw_cat(scene, x, sill + canvas.unit * 0.012, size, fur, dice)
    _draw_plant(
        scene,
        canvas.width
        - x
        + canvas.unit * dice.between(0.1, 0.2) * (1 if x < canvas.width / 2 else -1),
        sill,
        dice,
    )
    if not scene.is_flat:
        canvas.glow(
            canvas.width / 2, sill * 0.4, canvas.unit * 0.7, scene.palette.sun, strength=0.22
        )


def _view(
    scene: Scene, paint: Callable[[Scene], None], size: tuple[int, int], dice: Dice
) -> Image.Image:
    """Another scene in the same hand, as an image. A dark palette keeps its own light."""
    canvas = Canvas(*size, dice=dice.fork("view"), texture=scene.canvas.texture)
    palette = scene.palette
    if paint is night.draw and not palette.is_dark():
        palette = dice.pick([each for each in PALETTES if each.is_dark()])
    paint(replace(scene, canvas=canvas, palette=palette))
    return canvas.image


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
    view = _view(scene, dice.pick((hills.draw, forest.draw, coast.draw)), size, dice)
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


def _fur(scene: Scene, dice: Dice) -> RGB:
    if scene.subject.colour:
        return scene.accent()
    return dice.pick(((38, 34, 40), (196, 116, 56), (92, 88, 92), (228, 220, 208)))


def _draw_frame(scene: Scene, wall: RGB, sill: float) -> None:
    """The wall around, the bars, the board below."""
    canvas = scene.canvas
    side, top = canvas.width * 0.09, canvas.height * 0.06
    frame = mix(scene.palette.paper, wall, 0.3 if not scene.palette.is_dark() else 0.65)
    thick = canvas.unit * 0.016
    for box in (
        (0, 0, canvas.width, top),
        (0, 0, side, canvas.height),
        (canvas.width - side, 0, canvas.width, canvas.height),
        (0, sill, canvas.width, canvas.height),
    ):
        canvas.polygon(_box(*box), wall)
    for x in (side, canvas.width / 2 - thick / 2, canvas.width - side - thick):
        canvas.polygon(_box(x, top, x + thick, sill), frame)
    for y in (top, sill * 0.42):
        canvas.polygon(_box(side, y, canvas.width - side, y + thick), frame)
    canvas.polygon(
        _box(side * 0.55, sill, canvas.width - side * 0.55, sill + thick * 2.4),
        mix(frame, scene.palette.sun, 0.15),
    )
    canvas.polygon(
        _box(side * 0.55, sill + thick * 2.4, canvas.width - side * 0.55, sill + thick * 3.2),
        shade(frame, 0.6),
    )


def _draw_cat(scene: Scene, x: float, foot: float, size: float, fur: RGB, dice: Dice) -> None:
    canvas = scene.canvas
    body = []
    for step in range(60):
        angle = math.tau * step / 60
        up = (1 - math.sin(angle)) / 2
        half = size * (0.34 - 0.17 * up)
        body.append((x + math.cos(angle) * half, foot - size * 0.84 * up))
    turn = dice.pick((-1, 1)) * dice.between(0.02, 0.05) * size
    head = (x + turn, foot - size * 0.86)
    tail = _tail(x, foot, size, dice)
    canvas.line(tail, shade(fur, 0.85), width=size * 0.085)
    canvas.circle(*tail[-1], size * 0.042, shade(fur, 0.85))
    canvas.polygon(body, fur)
    canvas.circle(*head, size * 0.19, fur)
    for side in (-1, 1):
        ear = [
            (head[0] + side * size * 0.185, head[1] - size * 0.02),
            (head[0] + side * size * 0.17, head[1] - size * 0.31),
            (head[0] + side * size * 0.02, head[1] - size * 0.17),
        ]
        canvas.polygon(ear, shade(fur, 0.92))
    _draw_stripes(scene, x, head, foot, size, fur, dice)
    if not scene.is_flat:
        outline = canvas.mask(lambda pen, f: _cat_mask(pen, f, body, head, size))
        inner = both(
            outline,
            band(soften(outline, canvas.unit / 45).point([255 - v for v in range(256)]), 30, 190),
        )
        canvas.add_light(fade(inner, 0.55), mix(scene.palette.sun, scene.palette.sky[2], 0.4))


def _cat_mask(
    pen: ImageDraw.ImageDraw, f: float, body: list[Point], head: Point, size: float
) -> None:
    pen.polygon([(x * f, y * f) for x, y in body], fill=255)
    pen.circle((head[0] * f, head[1] * f), size * 0.19 * f, fill=255)


def _draw_stripes(
    scene: Scene, x: float, head: Point, foot: float, size: float, fur: RGB, dice: Dice
) -> None:
    if not dice.chance(0.6):
        return
    for index in range(5):
        y = foot - size * (0.2 + 0.12 * index)
        half = size * (0.13 - 0.014 * index)
        bow = [(x - half, y), (x, y - size * 0.035), (x + half, y)]
        scene.canvas.line(bow, shade(fur, 0.72), width=size * 0.025, opacity=0.8)
    for index in range(3):
        off = (index - 1) * size * 0.06
        scene.canvas.line(
            [(head[0] + off, head[1] - size * 0.16), (head[0] + off * 0.8, head[1] - size * 0.05)],
            shade(fur, 0.72),
            width=size * 0.022,
        )


def _tail(x: float, foot: float, size: float, dice: Dice) -> list[Point]:
    """Along the sill and down over its edge."""
    side = dice.pick((-1, 1))
    return [
        (
            x + side * size * (0.2 + 0.42 * math.sin(s / 24 * 1.6)),
            foot - size * 0.05 + size * 0.34 * (s / 24) ** 2.4,
        )
        for s in range(25)
    ]


def _draw_plant(scene: Scene, x: float, sill: float, dice: Dice) -> None:
    """A pot with leaves, beside the cat."""
    canvas = scene.canvas
    size = canvas.unit * 0.1
    green = mix((84, 122, 76), scene.palette.near, 0.35)
    for _ in range(11):
        angle = -math.pi / 2 + dice.around(0, 0.55)
        reach = size * dice.between(1.1, 2.3)
        tip = (x + math.cos(angle) * reach, sill - size * 0.8 + math.sin(angle) * reach)
        side = (math.sin(angle) * size * 0.14, -math.cos(angle) * size * 0.14)
        half = ((x + tip[0]) / 2, (sill - size * 0.8 + tip[1]) / 2)
        leaf = [
            (x, sill - size * 0.8),
            (half[0] + side[0], half[1] + side[1]),
            tip,
            (half[0] - side[0], half[1] - side[1]),
        ]
        canvas.polygon(leaf, shade(green, dice.between(0.7, 1.25)))
    pot = mix(scene.accent(0), (176, 92, 62), 0.5)
    canvas.polygon(
        [
            (x - size * 0.38, sill + 2),
            (x + size * 0.38, sill + 2),
            (x + size * 0.52, sill - size * 0.8),
            (x - size * 0.52, sill - size * 0.8),
        ],
        pot,
    )
    canvas.polygon(
        _box(x - size * 0.58, sill - size * 0.95, x + size * 0.58, sill - size * 0.74),
        shade(pot, 1.15),
    )


def _box(left: float, top: float, right: float, bottom: float) -> list[Point]:
    return [(left, top), (right, top), (right, bottom), (left, bottom)]
