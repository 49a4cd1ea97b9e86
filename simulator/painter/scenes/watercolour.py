"""Washes of transparent paint on wet paper: flowers, or clouds of colour."""

import math

from PIL import Image, ImageChops, ImageDraw

from simulator.dice import Dice
from simulator.painter.canvas import Canvas, Point, band, both, fade, fractal, soften
from simulator.painter.colour import RGB, mix, shade
from simulator.painter.scene import Scene


def draw(scene: Scene) -> None:
    canvas, dice = scene.canvas, scene.dice.fork("wash")
    paper = mix(scene.palette.paper, (255, 255, 252), 0.5)
    canvas.gradient((paper, paper))
    _draw_backwash(scene, dice)
    stems = _stand(scene, dice)
    green = mix((86, 124, 78), scene.palette.far, 0.25)
    for foot, head in stems:
        _draw_stem(canvas, foot, head, green, dice)
    for index, (_, head) in enumerate(stems):
        colour = mix(scene.accent(index % 3), scene.accent(0), 0.4)
        size = canvas.unit * dice.between(0.08, 0.15)
        _draw_bloom(canvas, head, size, colour, dice.fork("bloom", index))
    _draw_splashes(scene, dice)
    _draw_paper(canvas, dice)


def _draw_backwash(scene: Scene, dice: Dice) -> None:
    """Sky-coloured paint let run from the top, with its dark dried edge."""
    canvas = scene.canvas
    for colour, low in (
        (scene.palette.sky[1], 0.75),
        (scene.palette.sky[2], 0.95),
        (scene.palette.far, 0.5),
    ):
        shape = [
            (
                canvas.width * (0.5 + 0.46 * math.cos(a) * dice.between(0.75, 1.1)),
                canvas.height * (0.45 * low + 0.4 * math.sin(a) * dice.between(0.75, 1.1)),
            )
            for a in (math.tau * step / 14 for step in range(14))
        ]
        _wash(canvas, shape, colour, dice.fork("back", low), strength=0.3, layers=5)


def _stand(scene: Scene, dice: Dice) -> list[tuple[Point, Point]]:
    """Where the flowers stand: feet close together, heads spread out."""
    canvas = scene.canvas
    count = max(5, round(7 * canvas.width / canvas.height))
    stems = []
    for index in range(count):
        place = (index + 0.5 + dice.around(0, 0.18)) / count
        x = canvas.width * (0.12 + 0.76 * place)
        foot = (canvas.width * (0.36 + 0.28 * place), canvas.height * 1.02)
        arch = 1 - abs(place - 0.5) * 1.1
        stems.append((foot, (x, canvas.height * (0.72 - 0.42 * arch + dice.around(0, 0.06)))))
    return stems


def _draw_stem(canvas: Canvas, foot: Point, head: Point, green: RGB, dice: Dice) -> None:
    bend = dice.around(0, canvas.unit * 0.06)
    path = [_curve(foot, head, bend, step / 24) for step in range(25)]
    canvas.line(path, shade(green, dice.between(0.8, 1.2)), width=canvas.unit * 0.006, opacity=0.75)
    for _ in range(2):
        at = path[dice.whole(7, 17)]
        side = dice.pick((-1, 1))
        angle = -math.pi / 2 + side * dice.between(0.5, 1.1)
        leaf = _leaf(at, angle, canvas.unit * dice.between(0.07, 0.14))
        _wash(canvas, leaf, mix(green, (150, 170, 90), dice.between(0, 0.5)), dice, strength=0.55)


def _draw_bloom(canvas: Canvas, head: Point, size: float, colour: RGB, dice: Dice) -> None:
    petals = dice.whole(5, 7)
    turn = dice.between(0, math.tau)
    for petal in range(petals):
        angle = turn + math.tau * petal / petals + dice.around(0, 0.12)
        middle = (head[0] + math.cos(angle) * size * 0.5, head[1] + math.sin(angle) * size * 0.42)
        shape = [
            (
                middle[0] + math.cos(a) * size * 0.52 * dice.between(0.8, 1.15),
                middle[1] + math.sin(a) * size * 0.46 * dice.between(0.8, 1.15),
            )
            for a in (math.tau * step / 9 for step in range(9))
        ]
        tone = mix(colour, shade(colour, dice.pick((0.75, 1.3))), 0.5)
        _wash(canvas, shape, tone, dice.fork("petal", petal), strength=0.5)
    for _ in range(14):
        far, angle = size * 0.16 * dice.between(0, 1), dice.between(0, math.tau)
        dot = (head[0] + math.cos(angle) * far, head[1] + math.sin(angle) * far)
        canvas.circle(*dot, size * 0.035, shade(colour, 0.4), opacity=0.7)


def _wash(
    canvas: Canvas, shape: list[Point], colour: RGB, dice: Dice, *, strength: float, layers: int = 3
) -> None:
    """Several uneven layers of the same shape, multiplied, and the edge where pigment dries."""
    pad = round(canvas.unit * 0.04)
    left, top = int(min(x for x, _ in shape)) - pad, int(min(y for _, y in shape)) - pad
    size = (
        max(8, int(max(x for x, _ in shape)) + pad - left),
        max(8, int(max(y for _, y in shape)) + pad - top),
    )
    moved = [(x - left, y - top) for x, y in shape]
    cells = (max(2.0, size[0] / canvas.unit * 9), max(2.0, size[1] / canvas.unit * 9))
    pigment = fractal(size, dice.fork("pigment", size), cells=cells, octaves=4)
    total = Image.new("L", size)
    for layer in range(layers):
        mask = Image.new("L", size)
        ImageDraw.Draw(mask).polygon(_ragged(moved, dice, rough=0.22), fill=255)
        mask = soften(mask, canvas.unit / 500 * (1 + layer))
        total = ImageChops.add(total, fade(mask, strength / layers))
    rim = ImageChops.subtract(total, soften(total, canvas.unit / 90)).point(
        [min(255, v * 2) for v in range(256)]
    )
    flow = pigment.point([round(120 + value * 0.53) for value in range(256)])
    mask = ImageChops.add(both(total, flow), fade(rim, 0.55))
    box = (left, top, left + size[0], top + size[1])
    under = canvas.image.crop(box)
    painted = ImageChops.multiply(under, Image.new("RGB", size, mix(colour, (255, 255, 255), 0.06)))
    canvas.image.paste(Image.composite(painted, under, mask), (left, top))


def _ragged(shape: list[Point], dice: Dice, *, rough: float, rounds: int = 4) -> list[Point]:
    """Each edge broken in the middle and pushed aside, again and again."""
    for turn in range(rounds):
        broken: list[Point] = []
        for (x, y), (next_x, next_y) in zip(shape, [*shape[1:], shape[0]], strict=True):
            reach = math.hypot(next_x - x, next_y - y) * rough / (1 + turn * 0.3)
            middle = (
                (x + next_x) / 2 + dice.around(0, reach * 0.5),
                (y + next_y) / 2 + dice.around(0, reach * 0.5),
            )
            broken += [(x, y), middle]
        shape = broken
    return shape


def _leaf(at: Point, angle: float, length: float) -> list[Point]:
    points = []
    for step in range(12):
        share = step / 11 * 2
        far = share if share <= 1 else 2 - share
        aside = math.sin(math.pi * far) * length * 0.17 * (1 if share <= 1 else -1)
        x = at[0] + math.cos(angle) * far * length - math.sin(angle) * aside
        points.append((x, at[1] + math.sin(angle) * far * length + math.cos(angle) * aside))
    return points


def _curve(foot: Point, head: Point, bend: float, share: float) -> Point:
    x = foot[0] + (head[0] - foot[0]) * share**1.4 + bend * math.sin(share * math.pi)
    return x, foot[1] + (head[1] - foot[1]) * share


def _draw_splashes(scene: Scene, dice: Dice) -> None:
    canvas = scene.canvas
    for _ in range(46):
        x, y = canvas.width * dice.between(0, 1), canvas.height * dice.between(0, 1)
        size = canvas.unit * abs(dice.around(0, 0.004)) + 0.6
        canvas.circle(x, y, size, scene.accent(dice.whole(0, 2)), opacity=dice.between(0.2, 0.55))


def _draw_paper(canvas: Canvas, dice: Dice) -> None:
    """Cold-pressed: the grain catches the light."""
    grain = fractal(
        canvas.size, dice.fork("paper"), cells=(canvas.width / 9, canvas.height / 9), octaves=2
    )
    layer = band(grain, 0, 255).point([round(128 + (value - 128) * 0.16) for value in range(256)])
    canvas.image = ImageChops.soft_light(canvas.image, Image.merge("RGB", (layer,) * 3))
