"""The town: canal houses with their gables, or a skyline with lit windows, over water."""

import math

from PIL import ImageDraw

from simulator.dice import Dice
from simulator.painter import land, sky
from simulator.painter.canvas import Point
from simulator.painter.colour import RGB, mix, shade
from simulator.painter.figures import WINDOW
from simulator.painter.scene import Scene

_BRICKS: tuple[RGB, ...] = (
    (138, 66, 52), (166, 96, 66), (92, 62, 58), (190, 138, 96), (74, 78, 86),
    (116, 84, 70), (204, 176, 140), (122, 48, 46), (86, 100, 92), (158, 118, 104),
)  # fmt: skip


def draw(scene: Scene) -> None:
    canvas, dice = scene.canvas, scene.dice.fork("city")
    quay = canvas.height * dice.between(0.66, 0.74)
    spot = sky.draw_sky(scene, horizon=quay, clouds=dice.between(0.4, 0.7))
    dutch = scene.wants("canal", "house", "bicycle")
    dutch = dutch or (not scene.wants("skyline") and dice.chance(0.4))
    if dutch:
        _draw_skyline(scene, quay, layers=1, dice=dice)
        _draw_row(scene, quay, dice)
    else:
        _draw_skyline(scene, quay, layers=4, dice=dice)
    land.draw_mirror(scene, horizon=quay)
    if not dutch and not scene.is_flat and not scene.palette.is_dark():
        canvas.glow(spot[0], quay, canvas.unit * 0.4, scene.palette.sun, strength=0.35)
    _draw_bridge_rail(scene, dice)
    sky.draw_birds(scene, horizon=quay * 0.6, count=dice.whole(3, 6))


def _is_lit(scene: Scene) -> bool:
    return scene.palette.light in ("night", "dusk", "storm", "mist")


def _draw_skyline(scene: Scene, quay: float, *, layers: int, dice: Dice) -> None:
    canvas = scene.canvas
    for layer in range(layers):
        near = (layer + 0.5) / layers
        steel = mix(scene.depth(0.25 + 0.7 * near), scene.palette.sky[0], 0.35)
        tone = mix(steel, scene.palette.sky[2], 0.62 * (1 - near))
        x = -canvas.unit * 0.05
        seed = dice.fork("skyline", layer)
        while x < canvas.width:
            wide = canvas.unit * seed.between(0.05, 0.11) * (0.8 + 0.3 * near)
            middle = 1 - abs((x + wide / 2) / canvas.width - 0.5) * 1.3
            tall = (
                canvas.unit * (0.16 + 0.36 * middle * (1 - 0.45 * near)) * seed.between(0.55, 1.25)
            )
            tall *= 0.45 if layers == 1 else 1
            hue = mix(tone, scene.accent(seed.whole(0, 2)), 0.1 if scene.is_flat else 0.04)
            _draw_tower(scene, x, quay, wide, tall, hue, seed)
            x += wide * seed.between(0.9, 1.25)
        if not scene.is_flat:
            sky.haze(
                canvas, scene.palette.sky[2], top=quay * 0.55, bottom=quay, opacity=0.3 * (1 - near)
            )


def _draw_tower(
    scene: Scene, x: float, quay: float, wide: float, tall: float, tone: RGB, dice: Dice
) -> None:
    canvas = scene.canvas
    top = quay - tall
    body: list[Point] = [(x, quay), (x + wide, quay), (x + wide, top), (x, top)]
    crown = dice.whole(0, 3)
    if crown == 0:
        body[3:] = [(x + wide * 0.5, top - wide * 0.5), (x, top)]
    elif crown == 1:
        body[2:] = [
            (x + wide, top),
            (x + wide * 0.75, top),
            (x + wide * 0.75, top - wide * 0.35),
            (x + wide * 0.25, top - wide * 0.35),
            (x + wide * 0.25, top),
            (x, top),
        ]
    canvas.polygon(body, tone)
    canvas.polygon(
        [(x + wide * 0.62, quay), (x + wide, quay), (x + wide, top), (x + wide * 0.62, top)],
        shade(tone, 0.8),
        opacity=0.5,
    )
    if crown == 2:
        canvas.line(
            [(x + wide / 2, top), (x + wide / 2, top - wide * 0.9)], tone, width=canvas.unit * 0.003
        )
    if _is_lit(scene) or dice.chance(0.5):
        _draw_windows(scene, x, quay, wide, top, tone, dice)


def _draw_windows(
    scene: Scene, x: float, quay: float, wide: float, top: float, tone: RGB, dice: Dice
) -> None:
    pen = ImageDraw.Draw(scene.canvas.image)
    columns = max(2, round(wide / (scene.canvas.unit * 0.02)))
    step = wide / (columns + 0.5)
    lit_share = 0.42 if scene.palette.is_dark() else 0.25 if _is_lit(scene) else 0.0
    y = top + step
    while y < quay - step:
        for column in range(columns):
            left = x + step * (column + 0.4)
            lit = dice.chance(lit_share)
            colour = mix(WINDOW, tone, dice.between(0, 0.45)) if lit else shade(tone, 0.92)
            pen.rectangle((left, y, left + step * 0.5, y + step * 0.62), fill=colour)
        y += step * 1.25


def _draw_row(scene: Scene, quay: float, dice: Dice) -> None:
    """Canal houses, shoulder to shoulder, none like its neighbour."""
    canvas = scene.canvas
    x = -canvas.unit * dice.between(0.02, 0.1)
    while x < canvas.width:
        wide = canvas.unit * dice.between(0.1, 0.15)
        tall = canvas.unit * dice.between(0.36, 0.5)
        wall = mix(
            dice.pick(_BRICKS), scene.palette.near, 0.45 if scene.palette.is_dark() else 0.16
        )
        if not scene.palette.is_dark():
            wall = mix(wall, scene.palette.sky[2], 0.1)
        _draw_canal_house(scene, x, quay, wide, tall, wall, dice)
        x += wide
    canvas.polygon(
        [
            (0, quay),
            (canvas.width, quay),
            (canvas.width, quay - canvas.unit * 0.016),
            (0, quay - canvas.unit * 0.016),
        ],
        shade(scene.palette.near, 0.85),
    )


def _draw_canal_house(
    scene: Scene, x: float, quay: float, wide: float, tall: float, wall: RGB, dice: Dice
) -> None:
    canvas = scene.canvas
    eaves = quay - tall
    trim = mix(scene.palette.paper, wall, 0.25 if not scene.palette.is_dark() else 0.6)
    gable = _gable(x, eaves, wide, dice.whole(0, 3))
    grown = [(px + (px - x - wide / 2) * 0.06, py - canvas.unit * 0.005) for px, py in gable]
    canvas.polygon(grown, trim)
    canvas.polygon([(x, quay), *gable, (x + wide, quay)], wall)
    canvas.polygon(
        [(x + wide * 0.93, quay), (x + wide, quay), (x + wide, eaves), (x + wide * 0.93, eaves)],
        shade(wall, 0.65),
    )
    floors, columns = dice.whole(3, 4), dice.whole(2, 3)
    lit = 0.65 if scene.palette.is_dark() else 0.4 if _is_lit(scene) else 0.0
    for floor in range(floors):
        for column in range(columns):
            glass_w, glass_h = wide / columns * 0.52, tall / floors * 0.5
            left = x + wide * 0.04 + wide * 0.9 * (column + 0.22) / columns
            top = eaves + tall * (floor + 0.24) / floors
            if floor == floors - 1 and column == 0:
                glass_h *= 1.5
            glass = (
                mix(WINDOW, wall, 0.15)
                if dice.chance(lit)
                else mix(scene.palette.sky[0], (30, 36, 48), 0.6)
            )
            canvas.polygon(_box(left - 1, top - 1, glass_w + 2, glass_h + 2), trim)
            canvas.polygon(_box(left, top, glass_w, glass_h), glass)
            canvas.line(
                [(left + glass_w / 2, top), (left + glass_w / 2, top + glass_h)], trim, width=1
            )
    attic = (x + wide * 0.5, eaves - wide * 0.22)
    canvas.circle(*attic, wide * 0.07, trim)
    canvas.circle(*attic, wide * 0.05, mix(scene.palette.sky[0], (30, 36, 48), 0.6))


def _gable(x: float, eaves: float, wide: float, kind: int) -> list[Point]:
    """Step, neck, bell or spout: as seen in Amsterdam. Points from left to right."""
    half: list[tuple[float, float]] = [
        [
            (0.0, 0.0),
            (0.0, 0.12),
            (0.14, 0.12),
            (0.14, 0.26),
            (0.28, 0.26),
            (0.28, 0.4),
            (0.4, 0.4),
            (0.4, 0.52),
        ],
        [
            (0.0, 0.0),
            (0.06, 0.02),
            (0.2, 0.1),
            (0.26, 0.22),
            (0.26, 0.46),
            (0.34, 0.5),
            (0.42, 0.58),
        ],
        [(0.0, 0.0), (0.1, 0.06), (0.2, 0.2), (0.22, 0.36), (0.3, 0.46), (0.4, 0.5)],
        [(0.0, 0.0), (0.36, 0.42), (0.36, 0.54)],
    ][kind]
    left = [(x + wide * dx, eaves - wide * dy) for dx, dy in half]
    return left + [(x + wide * (1 - dx), eaves - wide * dy) for dx, dy in reversed(half)]


def _draw_bridge_rail(scene: Scene, dice: Dice) -> None:
    """A railing in front, seen against the water; now and then a bicycle leans on it."""
    canvas = scene.canvas
    if not (scene.wants("bicycle") or dice.chance(0.35)):
        return
    dark = shade(scene.palette.near, 0.6)
    top, foot = canvas.height * 0.88, canvas.height
    thick = canvas.unit * 0.007
    for y in (top, top + (foot - top) * 0.55):
        canvas.line([(0, y), (canvas.width, y)], dark, width=thick)
    for post in range(0, canvas.width, max(8, canvas.unit // 9)):
        canvas.line([(post, top), (post, foot)], dark, width=thick * 0.8)
    if scene.wants("bicycle"):
        _draw_bicycle(
            scene, canvas.width * dice.between(0.3, 0.7), foot * 0.985, canvas.unit * 0.1, dark
        )


def _draw_bicycle(scene: Scene, x: float, foot: float, size: float, colour: RGB) -> None:
    canvas = scene.canvas
    hub, saddle = (x - size * 0.05, foot - size * 0.42), (x - size * 0.3, foot - size * 1.15)
    head, rear, front = (
        (x + size * 0.6, foot - size * 1.1),
        (x - size * 0.75, foot - size * 0.45),
        (x + size * 0.8, foot - size * 0.45),
    )
    for wheel in (rear, front):
        ring = [_on_circle(wheel, size * 0.44, step / 28) for step in range(29)]
        canvas.line(ring, colour, width=size * 0.05)
    frame = scene.accent()
    for points in ([rear, hub, head, saddle, hub], [rear, saddle], [head, front]):
        canvas.line(points, frame, width=size * 0.06)
    canvas.line(
        [(head[0] - size * 0.2, head[1] - size * 0.2), (head[0], head[1] - size * 0.16), head],
        colour,
        width=size * 0.05,
    )
    canvas.line(
        [
            (saddle[0] - size * 0.14, saddle[1] - size * 0.06),
            (saddle[0] + size * 0.14, saddle[1] - size * 0.06),
        ],
        colour,
        width=size * 0.09,
    )


def _on_circle(middle: Point, radius: float, turn: float) -> Point:
    return middle[0] + math.cos(turn * math.tau) * radius, middle[1] + math.sin(
        turn * math.tau
    ) * radius


def _box(left: float, top: float, wide: float, tall: float) -> list[Point]:
    return [(left, top), (left + wide, top), (left + wide, top + tall), (left, top + tall)]
