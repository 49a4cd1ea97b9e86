"""Lines that follow a field of wind, from thread to ribbon."""

import math

from PIL import ImageDraw

from simulator.dice import Dice
from simulator.painter.canvas import fractal, soften
from simulator.painter.colour import RGB, mix, shade
from simulator.painter.scene import Scene

_FIELD = 96


def draw(scene: Scene) -> None:
    canvas, dice = scene.canvas, scene.dice.fork("flow")
    ground = (
        scene.palette.sky
        if scene.palette.is_dark() or dice.chance(0.4)
        else (scene.palette.paper,) * 2
    )
    canvas.gradient(ground)
    field = fractal((_FIELD, _FIELD), dice.fork("field"), cells=(2.2, 2.2), octaves=3).load()
    large = canvas.image.resize((canvas.width * 2, canvas.height * 2))
    pen = ImageDraw.Draw(large)
    colours = _colours(scene)
    turn, start = dice.between(1.6, 3.0), dice.between(0, math.tau)
    for count, wide in ((90, 0.03), (260, 0.013), (420, 0.005)):
        for _ in range(count):
            thread = _follow(scene, field, dice, turn=turn, start=start)
            stroke = max(1, round(canvas.unit * wide * dice.between(0.35, 1.1) * 2))
            colour = shade(dice.pick(colours), dice.between(0.86, 1.14))
            _draw_thread(pen, thread, stroke, colour)
    canvas.image = large.reduce(2)
    if not scene.is_flat:
        _draw_depth(scene)


def _colours(scene: Scene) -> list[RGB]:
    palette = scene.palette
    chosen = [scene.accent(0), scene.accent(1), palette.sky[0], palette.sky[1], palette.near]
    return [*chosen, palette.water, mix(palette.paper, palette.sun, 0.5), palette.paper]


def _follow(
    scene: Scene, field: object, dice: Dice, *, turn: float, start: float
) -> list[tuple[float, float]]:
    """A path along the wind, in pixels of the doubled canvas."""
    canvas = scene.canvas
    x, y = dice.between(-0.1, 1.1) * canvas.width, dice.between(-0.1, 1.1) * canvas.height
    step = canvas.unit * 0.014
    path = []
    for _ in range(dice.whole(16, 64)):
        path.append((x * 2, y * 2))
        column = min(_FIELD - 1, max(0, int(x / canvas.width * _FIELD)))
        row = min(_FIELD - 1, max(0, int(y / canvas.height * _FIELD)))
        angle = start + field[column, row] / 255 * math.pi * turn  # type: ignore[index]
        x, y = x + math.cos(angle) * step, y + math.sin(angle) * step
    return path


def _draw_thread(
    pen: ImageDraw.ImageDraw, path: list[tuple[float, float]], stroke: int, colour: RGB
) -> None:
    pen.line(path, fill=colour, width=stroke, joint="curve")
    if stroke > 5:
        for end in (path[0], path[-1]):
            pen.circle(end, stroke / 2 - 0.5, fill=colour)
        light = [(x - stroke * 0.12, y - stroke * 0.22) for x, y in path]
        pen.line(light, fill=shade(colour, 1.16), width=max(1, stroke // 5), joint="curve")


def _draw_depth(scene: Scene) -> None:
    """A shade under and a light over, so that the ribbons lie in layers."""
    canvas = scene.canvas
    large = canvas.fractal("depth", (3, 3), octaves=2)
    dark = large.point([round(max(0, 120 - value) * 0.75) for value in range(256)])
    canvas.paint(dark, shade(scene.palette.near, 0.6))
    light = large.point([round(max(0, value - 150) * 0.8) for value in range(256)])
    canvas.add_light(soften(light, canvas.unit / 60), scene.palette.sun)
