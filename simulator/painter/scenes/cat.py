"""A cat at the window, seen from behind, looking out."""

import math

from PIL import ImageDraw

from simulator.dice import Dice
from simulator.painter.canvas import Point, band, both, fade, soften
from simulator.painter.colour import RGB, mix, shade
from simulator.painter.scene import Scene
from simulator.painter.scenes import city, coast, hills, night
from simulator.painter.scenes.view import view_of


def draw(scene: Scene) -> None:
    """Seen from behind, on the sill, looking out."""
    canvas, dice = scene.canvas, scene.dice.fork("cat")
    view = view_of(
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
