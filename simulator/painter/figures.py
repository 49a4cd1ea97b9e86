"""Things that stand in a landscape: lighthouse, mill, boats, houses, trees, a balloon."""

import math

from PIL import Image, ImageDraw

from simulator.dice import Dice
from simulator.painter.canvas import Canvas, Point, soften
from simulator.painter.colour import RGB, mix, shade
from simulator.painter.scene import Scene

WINDOW: RGB = (255, 214, 130)

# A boat of size 1, its waterline at 0.
_HULL = ((-0.5, -0.12), (0.55, -0.14), (0.38, 0.03), (-0.36, 0.03))
_MAINSAIL = ((0.02, -1.2), (0.02, -0.2), (-0.46, -0.2))
_JIB = ((0.06, -1.05), (0.06, -0.2), (0.5, -0.22))


def draw_lighthouse(scene: Scene, x: float, foot: float, *, tall: float) -> None:
    """Banded tower with a lamp; it shines where the light is low."""
    canvas, accent = scene.canvas, scene.accent()
    white = mix(scene.palette.paper, scene.depth(0.4), 0.1)
    wide, narrow = tall * 0.13, tall * 0.085
    lamp = foot - tall
    if scene.palette.light in ("night", "dusk", "storm", "mist") and not scene.is_flat:
        _draw_beam(scene, x, lamp, reach=canvas.unit * 0.9)
    bands = 5
    for band in range(bands):
        low, high = band / bands, (band + 1) / bands
        half = [wide + (narrow - wide) * share for share in (low, high)]
        ys = foot - tall * 0.86 * low, foot - tall * 0.86 * high
        box = [
            (x - half[0], ys[0]),
            (x + half[0], ys[0]),
            (x + half[1], ys[1]),
            (x - half[1], ys[1]),
        ]
        colour = accent if band % 2 == 0 else white
        canvas.polygon(box, colour)
        _round_off(scene, x, half, ys, colour)
    gallery, top = foot - tall * 0.86, foot - tall * 1.0
    dark = shade(scene.palette.near, 0.75)
    canvas.polygon(_rectangle(x, gallery, narrow * 1.45, tall * 0.025), dark)
    canvas.polygon(_rectangle(x, gallery - tall * 0.025, narrow * 0.72, tall * 0.09), WINDOW)
    canvas.polygon(
        [
            (x - narrow * 0.95, top - tall * -0.025),
            (x + narrow * 0.95, top + tall * 0.025),
            (x, top - tall * 0.05),
        ],
        shade(accent, 0.75),
    )
    if not scene.is_flat:
        canvas.glow(x, gallery - tall * 0.07, tall * 0.3, WINDOW, strength=0.8)


def draw_mill(scene: Scene, x: float, foot: float, *, tall: float, colour: RGB) -> None:
    """A tower mill with its four sails."""
    canvas = scene.canvas
    dark = shade(colour, 0.72)
    wide, narrow = tall * 0.2, tall * 0.12
    body_top = foot - tall * 0.62
    body = [(x - wide, foot), (x + wide, foot), (x + narrow, body_top), (x - narrow, body_top)]
    canvas.polygon(body, colour)
    canvas.polygon(
        [
            (x + wide * 0.25, foot),
            (x + wide, foot),
            (x + narrow, body_top),
            (x + narrow * 0.3, body_top),
        ],
        dark,
        opacity=0.55,
    )
    canvas.polygon(_rectangle(x, foot - tall * 0.2, wide * 1.35, tall * 0.022), dark)
    cap = [
        (x + math.cos(a) * narrow * 1.15, body_top - math.sin(a) * narrow * 1.1)
        for a in _arc(0, math.pi)
    ]
    canvas.polygon(cap, dark)
    lit = (
        mix(WINDOW, colour, 0.2) if scene.palette.light in ("night", "dusk") else shade(colour, 0.5)
    )
    canvas.polygon(_rectangle(x, foot - tall * 0.34, narrow * 0.2, tall * 0.05), lit)
    canvas.polygon(_rectangle(x, foot, narrow * 0.24, tall * 0.1), shade(colour, 0.45))
    _draw_sails(scene, x, body_top - tall * 0.02, length=tall * 0.46, colour=dark)


def draw_boat(scene: Scene, x: float, line: float, *, size: float) -> None:
    """A small sailing boat on the water, with a little of its reflection."""
    canvas, palette = scene.canvas, scene.palette
    hull = shade(palette.near, 0.8)
    sail = mix(palette.paper, palette.sun, 0.3) if not palette.is_dark() else palette.cloud
    for shape, colour in ((_HULL, hull), (_MAINSAIL, sail), (_JIB, scene.accent())):
        canvas.polygon([(x + dx * size, line + dy * size) for dx, dy in shape], colour)
    mast = x + size * 0.03
    canvas.line([(mast, line - size * 1.25), (mast, line - size * 0.1)], hull, width=size * 0.025)
    for step in range(5):
        y = line + size * (0.08 + 0.11 * step)
        half = size * (0.34 - 0.05 * step)
        faint = 0.35 - 0.06 * step
        canvas.line([(x - half, y), (x + half * 0.6, y)], sail, width=size * 0.03, opacity=faint)


def draw_house(scene: Scene, x: float, foot: float, *, size: float, wall: RGB, roof: RGB) -> None:
    canvas = scene.canvas
    canvas.polygon(_rectangle(x, foot, size * 0.5, size * 0.5), wall)
    canvas.polygon(
        [
            (x + size * 0.1, foot),
            (x + size * 0.5, foot),
            (x + size * 0.5, foot - size * 0.5),
            (x + size * 0.1, foot - size * 0.5),
        ],
        shade(wall, 0.85),
    )
    canvas.polygon(
        [
            (x - size * 0.58, foot - size * 0.47),
            (x + size * 0.58, foot - size * 0.47),
            (x + size * 0.36, foot - size * 0.9),
            (x - size * 0.36, foot - size * 0.9),
        ],
        roof,
    )
    canvas.polygon(
        _rectangle(x + size * 0.2, foot - size * 0.8, size * 0.06, size * 0.24), shade(roof, 0.7)
    )
    glass = (
        WINDOW if scene.palette.light in ("night", "dusk", "snow", "mist") else shade(wall, 0.55)
    )
    for place in (-0.28, 0.28):
        canvas.polygon(
            _rectangle(x + size * place, foot - size * 0.16, size * 0.08, size * 0.18), glass
        )
    canvas.polygon(_rectangle(x, foot, size * 0.08, size * 0.28), shade(roof, 0.6))
    if glass == WINDOW and not scene.is_flat:
        canvas.glow(x, foot - size * 0.2, size * 1.3, WINDOW, strength=0.4)


def draw_balloon(scene: Scene, x: float, y: float, *, size: float) -> None:
    canvas = scene.canvas
    colours = (scene.accent(0), scene.palette.paper, scene.accent(1))
    gores = 7
    for gore in range(gores):
        left, right = (gore / gores * 2 - 1), ((gore + 1) / gores * 2 - 1)
        edge = [_gore(x, y, size, left, t / 16) for t in range(17)]
        edge += [_gore(x, y, size, right, t / 16) for t in range(16, -1, -1)]
        canvas.polygon(edge, shade(colours[gore % 3], 1.05 - 0.35 * gore / gores))
    basket = y + size * 1.5
    for side in (-1, 1):
        canvas.line(
            [(x + side * size * 0.16, y + size * 1.12), (x + side * size * 0.1, basket)],
            scene.palette.near,
            width=size * 0.02,
        )
    canvas.polygon(
        _rectangle(x, basket + size * 0.2, size * 0.13, size * 0.2), shade(scene.palette.near, 0.9)
    )


def draw_cow(
    canvas: Canvas, x: float, foot: float, *, size: float, colour: RGB, patch: RGB, dice: Dice
) -> None:
    body = [
        (x + math.cos(a) * size * 0.5, foot - size * 0.45 + math.sin(a) * size * 0.2)
        for a in _arc(0, math.tau)
    ]
    for leg in (-0.36, -0.26, 0.24, 0.36):
        canvas.polygon(
            _rectangle(x + size * leg, foot, size * 0.035, size * 0.35), shade(colour, 0.8)
        )
    canvas.polygon(body, colour)
    canvas.circle(x + size * 0.56, foot - size * 0.5, size * 0.13, patch)
    for _ in range(3):
        canvas.circle(
            x + dice.between(-0.32, 0.3) * size,
            foot - size * dice.between(0.4, 0.5),
            size * dice.between(0.06, 0.11),
            patch,
        )


def _draw_sails(scene: Scene, x: float, y: float, *, length: float, colour: RGB) -> None:
    canvas = scene.canvas
    turn = scene.dice.fork("sails", x).between(0.2, 1.2)
    cloth = mix(colour, scene.palette.paper, 0.42)
    for arm in range(4):
        angle = turn + arm * math.pi / 2
        along, across = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))

        def at(far: float, aside: float, a: Point = along, b: Point = across) -> Point:
            return x + (a[0] * far + b[0] * aside) * length, y + (
                a[1] * far + b[1] * aside
            ) * length

        canvas.polygon(
            [at(0.16, 0.0), at(1.0, 0.0), at(1.0, 0.17), at(0.16, 0.13)], cloth, opacity=0.8
        )
        for rung in range(6):
            far = 0.16 + rung * 0.165
            canvas.line([at(far, 0), at(far, 0.16)], colour, width=length * 0.012)
        canvas.line([at(0.16, 0.14), at(1.0, 0.17)], colour, width=length * 0.012)
        canvas.line([(x, y), at(1.02, 0)], colour, width=length * 0.03)
    canvas.circle(x, y, length * 0.045, colour)


def _draw_beam(scene: Scene, x: float, y: float, *, reach: float) -> None:
    canvas = scene.canvas
    light = Image.new("L", canvas.size)
    pen = ImageDraw.Draw(light)
    tilt = scene.dice.fork("beam").between(-0.12, 0.12)
    for side in (0, math.pi):
        ends = [
            (x + math.cos(side + tilt + w) * reach, y + math.sin(side + tilt + w) * reach)
            for w in (-0.07, 0.07)
        ]
        pen.polygon([(x, y), *ends], fill=88)
    canvas.add_light(soften(light, canvas.unit / 60), WINDOW)


def _round_off(
    scene: Scene, x: float, half: list[float], ys: tuple[float, float], colour: RGB
) -> None:
    """Shadow down one side, so that a tower looks round."""
    if scene.is_flat:
        return
    for share, opacity in ((0.1, 0.16), (0.4, 0.2), (0.7, 0.22)):
        side = [
            (x + half[0] * share, ys[0]),
            (x + half[0], ys[0]),
            (x + half[1], ys[1]),
            (x + half[1] * share, ys[1]),
        ]
        scene.canvas.polygon(side, shade(colour, 0.45), opacity=opacity)


def _gore(x: float, y: float, size: float, side: float, down: float) -> Point:
    angle = down * math.pi * 0.86
    half = math.sin(angle) * (1 if angle < math.pi / 2 else 0.55 + 0.45 * math.sin(angle))
    return x + side * half * size * 0.82, y - size * math.cos(angle) * (
        1.0 if angle < math.pi / 2 else 1.32
    )


def _rectangle(x: float, foot: float, half: float, tall: float) -> list[Point]:
    return [(x - half, foot), (x + half, foot), (x + half, foot - tall), (x - half, foot - tall)]


def _arc(start: float, end: float) -> list[float]:
    return [start + (end - start) * step / 24 for step in range(25)]
