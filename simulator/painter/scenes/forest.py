"""A wood: trunks in fog, one behind the other, light falling through, a path."""

import math

from PIL import ImageDraw

from simulator.dice import Dice
from simulator.painter import land, sky
from simulator.painter.canvas import Point
from simulator.painter.colour import RGB, mix, shade
from simulator.painter.scene import Scene

_AUTUMN: tuple[RGB, ...] = ((201, 98, 38), (222, 150, 48), (168, 62, 40), (236, 190, 88))
_SUMMER: tuple[RGB, ...] = ((92, 128, 62), (126, 156, 78), (64, 102, 60), (160, 180, 100))


def draw(scene: Scene) -> None:
    canvas, dice = scene.canvas, scene.dice.fork("forest")
    light, dark = _air(scene)
    canvas.gradient((mix(light, dark, 0.35), light, mix(light, dark, 0.55)))
    spot = (canvas.width * dice.between(0.3, 0.7), canvas.height * dice.between(0.2, 0.38))
    canvas.glow(
        *spot, canvas.unit * 0.75, scene.palette.sun, strength=0.0 if scene.is_flat else 0.7
    )
    if scene.is_flat:
        canvas.circle(*spot, canvas.unit * 0.12, scene.palette.sun)
    ground = canvas.height * 0.72
    leaves = _AUTUMN if scene.wants("autumn") or _is_warm(scene) else _SUMMER
    layers = 5
    for layer in range(layers):
        near = layer / (layers - 1)
        tone = mix(light, dark, 0.16 + 0.84 * near**1.2)
        foot = ground + (canvas.height * 1.02 - ground) * near**1.5
        _draw_floor(scene, foot, near, tone, dice.fork("floor", layer))
        _draw_trunks(scene, foot, near, tone, dice.fork("trunks", layer))
        crown = [mix(mix(leaf, tone, 0.5), light, 0.5 * (1 - near)) for leaf in leaves]
        _draw_leaves(scene, near, crown, dice.fork("leaves", layer))
        if layer == 2:
            _draw_path(scene, ground, light, dice)
        if layer < layers - 1 and not scene.is_flat:
            sky.haze(canvas, light, top=foot * 0.55, bottom=foot, opacity=0.34 * (1 - near))
    if not scene.is_flat:
        sky.draw_rays(scene, (spot[0], -canvas.unit * 0.1))
        blades = (dark, mix(leaves[0], dark, 0.5), mix(leaves[1], dark, 0.35))
        land.draw_grass(scene, top=canvas.height * 0.88, colours=blades, count=420)


def _air(scene: Scene) -> tuple[RGB, RGB]:
    """The colour of the light between the trees, and of the nearest bark."""
    palette = scene.palette
    if palette.is_dark():
        return mix(palette.sky[1], palette.sky[2], 0.4), shade(palette.near, 0.9)
    return mix(palette.sky[2], palette.sun, 0.3), mix(palette.near, (24, 30, 28), 0.45)


def _is_warm(scene: Scene) -> bool:
    return scene.palette.light in ("dusk", "dawn") and scene.dice.fork("warm").chance(0.7)


def _draw_floor(scene: Scene, foot: float, near: float, tone: RGB, dice: Dice) -> None:
    canvas = scene.canvas
    rise = canvas.unit * (0.01 + 0.03 * near)
    base = foot - canvas.unit * (0.02 + 0.09 * near)
    line = land.ridge(canvas.width, base=base, height=rise, rough=0.25, dice=dice)
    land.draw_ridge(scene, line, (shade(tone, 1.06), shade(tone, 0.82)), relief=0.25 * near)


def _draw_trunks(scene: Scene, foot: float, near: float, tone: RGB, dice: Dice) -> None:
    canvas = scene.canvas
    count = round((15 - 11 * near) * max(1.0, canvas.width / canvas.height))
    for index in range(count):
        x = (index + dice.between(0.1, 0.9)) / count * canvas.width
        if near > 0.7 and 0.28 < x / canvas.width < 0.72:
            continue
        half = canvas.unit * (0.005 + 0.034 * near**1.4) * dice.between(0.7, 1.35)
        lean = canvas.unit * dice.around(0, 0.012 + 0.02 * near)
        trunk = _trunk(x, foot - canvas.unit * 0.05 * near, half, lean)
        canvas.polygon(trunk, tone)
        if not scene.is_flat and near > 0.3:
            lit = [(px + half * 0.5 if i in (1, 2) else px, py) for i, (px, py) in enumerate(trunk)]
            canvas.polygon(
                [
                    lit[0],
                    (lit[0][0] + half * 0.5, lit[0][1]),
                    (lit[3][0] + half * 0.35, lit[3][1]),
                    lit[3],
                ],
                mix(tone, scene.palette.sun, 0.3),
                opacity=0.5,
            )
        _draw_twigs(scene, x, foot, half, tone, dice)


def _trunk(x: float, foot: float, half: float, lean: float) -> list[Point]:
    return [
        (x - half * 1.5, foot),
        (x + half * 1.5, foot),
        (x + half * 0.7 + lean, -10),
        (x - half * 0.7 + lean, -10),
    ]


def _draw_twigs(scene: Scene, x: float, foot: float, half: float, tone: RGB, dice: Dice) -> None:
    for _ in range(3):
        y = foot * dice.between(0.12, 0.6)
        side = dice.pick((-1, 1))
        reach = half * dice.between(4, 9)
        bend = (x + side * reach * 0.5, y - reach * 0.32)
        end = (x + side * reach, y - reach * dice.between(0.5, 0.9))
        scene.canvas.line([(x, y), bend, end], tone, width=max(1.0, half * 0.34))


def _draw_leaves(scene: Scene, near: float, leaves: list[RGB], dice: Dice) -> None:
    """Foliage from the upper edge down, in clumps."""
    canvas = scene.canvas
    pen = ImageDraw.Draw(canvas.image)
    for _ in range(round(16 + 18 * near)):
        cx = canvas.width * dice.between(-0.02, 1.02)
        edge = abs(cx / canvas.width - 0.5) * 2
        cy = canvas.height * dice.between(-0.05, 0.1 + 0.26 * edge) * (1.2 - 0.25 * near)
        spread = canvas.unit * (0.05 + 0.05 * near)
        colour = dice.pick(leaves)
        for _ in range(34 if not scene.is_flat else 12):
            angle, far = dice.between(0, math.tau), dice.between(0, 1) ** 0.7
            x, y = cx + math.cos(angle) * far * spread, cy + math.sin(angle) * far * spread * 0.6
            size = canvas.unit * (0.004 + 0.008 * near) * dice.between(0.6, 1.5)
            size *= 3 if scene.is_flat else 1
            tone = shade(colour, dice.between(0.82, 1.15))
            pen.ellipse((x - size, y - size * 0.7, x + size, y + size * 0.7), fill=tone)


def _draw_path(scene: Scene, ground: float, light: RGB, dice: Dice) -> None:
    canvas = scene.canvas
    top = ground + canvas.unit * 0.03
    height = canvas.height - top
    middle = canvas.width * dice.between(0.45, 0.55)
    swing = canvas.unit * dice.between(0.06, 0.12) * dice.pick((-1, 1))
    left: list[Point] = []
    right: list[Point] = []
    for step in range(31):
        near = step / 30
        x = middle + swing * math.sin(near * 3.4) * (1 - near * 0.4)
        half = canvas.unit * (0.012 + 0.2 * near**1.7)
        left.append((x - half, top + height * near))
        right.append((x + half, top + height * near))
    colour = mix(light, scene.palette.near, 0.35)
    canvas.polygon(left + right[::-1], colour, opacity=0.55)
