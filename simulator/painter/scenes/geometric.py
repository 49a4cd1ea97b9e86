"""Shapes for their own sake: Bauhaus tiles, a De Stijl composition, Delft tiles."""

import math

from PIL import Image, ImageDraw

from simulator.dice import Dice
from simulator.painter.canvas import Canvas, fractal
from simulator.painter.colour import RGB, mix, shade
from simulator.painter.scene import Scene

Pen = ImageDraw.ImageDraw


def draw_bauhaus(scene: Scene) -> None:
    """A grid of quarter circles, discs, stripes and halves in a few colours."""
    canvas, dice = scene.canvas, scene.dice.fork("bauhaus")
    across = dice.pick((4, 5, 6)) if canvas.width <= canvas.height else dice.pick((6, 7, 8))
    cell = canvas.width * 2 / across
    down = math.ceil(canvas.height * 2 / cell)
    large = Image.new("RGB", (canvas.width * 2, canvas.height * 2), scene.palette.paper)
    pen = ImageDraw.Draw(large)
    colours = _colours(scene)
    top = (canvas.height * 2 - down * cell) / 2
    for row in range(down):
        for column in range(across):
            ground, figure = dice.sample(colours, 2)
            box = (column * cell, top + row * cell, (column + 1) * cell, top + (row + 1) * cell)
            pen.rectangle(box, fill=ground)
            _MOTIFS[dice.whole(0, len(_MOTIFS) - 1)](pen, box, figure, dice.pick(colours), dice)
    canvas.image = large.reduce(2)


def draw_stijl(scene: Scene) -> None:
    """Rectangles divided and divided again, black lines, a little of each primary colour."""
    canvas, dice = scene.canvas, scene.dice.fork("stijl")
    white: RGB = mix((248, 246, 240), scene.palette.paper, 0.4)
    large = Image.new("RGB", (canvas.width * 2, canvas.height * 2), white)
    pen = ImageDraw.Draw(large)
    boxes = _divide((0, 0, canvas.width * 2, canvas.height * 2), dice, depth=5)
    fills = [
        scene.accent() if scene.subject.colour else (208, 42, 36),
        (28, 70, 150),
        (244, 200, 48),
        (28, 28, 30),
    ]
    order = dice.sample(range(len(boxes)), len(boxes))
    for rank, index in enumerate(order):
        share = rank / len(boxes)
        colour = (
            fills[rank % 4] if share < 0.34 else mix(white, (214, 220, 224), dice.pick((0, 0, 0.6)))
        )
        pen.rectangle(boxes[index], fill=colour)
    thick = round(canvas.unit * 0.024)
    for box in boxes:
        pen.rectangle(box, outline=(22, 22, 24), width=thick // 2)
    canvas.image = large.reduce(2)


def draw_delft(scene: Scene) -> None:
    """A wall of tin-glazed tiles, painted in blue: flowers, stars, and ox-heads in the corners."""
    canvas, dice = scene.canvas, scene.dice.fork("delft")
    across = dice.pick((3, 4)) if canvas.width <= canvas.height else dice.pick((4, 5))
    cell = canvas.width / across
    top = (canvas.height - math.ceil(canvas.height / cell) * cell) / 2
    blue = mix(scene.accent() if scene.subject.colour else (38, 72, 148), (30, 50, 110), 0.2)
    canvas.image.paste((196, 194, 184), (0, 0, *canvas.size))
    seeds = [dice.fork("motif", index) for index in range(4)]
    row = 0
    while top + row * cell < canvas.height:
        for column in range(across):
            seed = seeds[(row * 2 + column) % 4] if (row + column) % 2 else seeds[row % 2]
            tile = _tile(round(cell) - 2, blue, seed.fork("same"), dice.fork(row, column))
            canvas.image.paste(tile, (round(column * cell) + 1, round(top + row * cell) + 1))
        row += 1
    _glaze(canvas, dice)


def _colours(scene: Scene) -> list[RGB]:
    palette = scene.palette
    return [
        palette.paper,
        mix(palette.near, palette.far, 0.15),
        scene.accent(0),
        scene.accent(1),
        mix(palette.sky[1], palette.sky[0], 0.5),
        palette.sky[2],
    ]


def _quarter(pen: Pen, box: tuple[float, ...], colour: RGB, other: RGB, dice: Dice) -> None:
    left, top, right, bottom = box
    side = right - left
    x, y = dice.pick((left, right)), dice.pick((top, bottom))
    for share, tone in ((1.0, colour), (0.62, other), (0.3, colour)):
        radius = side * share
        _clipped_circle(pen, box, (x, y), radius, tone)


def _clipped_circle(
    pen: Pen, box: tuple[float, ...], middle: tuple[float, float], radius: float, colour: RGB
) -> None:
    """The quarter of a circle that lies in the box, its middle on one of the corners."""
    x, y = middle
    start = {(True, True): 0, (False, True): 90, (False, False): 180, (True, False): 270}
    turn = start[(x == box[0], y == box[1])]
    pen.pieslice((x - radius, y - radius, x + radius, y + radius), turn, turn + 90, fill=colour)


def _disc(pen: Pen, box: tuple[float, ...], colour: RGB, other: RGB, dice: Dice) -> None:
    x, y, half = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, (box[2] - box[0]) / 2
    pen.circle((x, y), half * 0.78, fill=colour)
    if dice.chance(0.6):
        pen.circle((x, y), half * 0.4, fill=other)


def _halves(pen: Pen, box: tuple[float, ...], colour: RGB, other: RGB, dice: Dice) -> None:
    left, top, right, bottom = box
    half = (right - left) / 2
    turn = dice.pick((0, 90))
    if turn:
        boxes = [(left - half, top, left + half, bottom), (left + half, top, right + half, bottom)]
    else:
        boxes = [(left, top - half, right, top + half), (left, top + half, right, bottom + half)]
    for part, tone in zip(boxes, (colour, other), strict=True):
        start = (turn + 270) % 360 if turn else 0
        pen.pieslice(part, start, start + 180, fill=tone)


def _stripes(pen: Pen, box: tuple[float, ...], colour: RGB, _other: RGB, dice: Dice) -> None:
    left, top, right, bottom = box
    count, upright = dice.pick((3, 4, 5)), dice.chance(0.5)
    step = (right - left) / count
    for index in range(count):
        near, far = index * step, (index + 0.5) * step
        stripe = (
            (left + near, top, left + far, bottom)
            if upright
            else (left, top + near, right, top + far)
        )
        pen.rectangle(stripe, fill=colour)


def _triangle(pen: Pen, box: tuple[float, ...], colour: RGB, other: RGB, dice: Dice) -> None:
    left, top, right, bottom = box
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    first = dice.whole(0, 3)
    pen.polygon([corners[(first + step) % 4] for step in range(3)], fill=colour)
    if dice.chance(0.4):
        half = (right - left) * 0.17
        pen.circle(((left + right) / 2, (top + bottom) / 2), half, fill=other)


def _arches(pen: Pen, box: tuple[float, ...], colour: RGB, other: RGB, _dice: Dice) -> None:
    left, top, right, bottom = box
    side = right - left
    for index, tone in enumerate((colour, other, colour, other)):
        inset = side * 0.125 * index
        crown = (left + inset, top + inset, right - inset, bottom + side - inset)
        pen.rounded_rectangle(
            (crown[0], crown[1], crown[2], bottom),
            (crown[2] - crown[0]) / 2,
            fill=tone,
            corners=(True, True, False, False),
        )


_MOTIFS = (_quarter, _quarter, _disc, _halves, _stripes, _triangle, _arches, _quarter)


def _divide(
    box: tuple[int, int, int, int], dice: Dice, *, depth: int
) -> list[tuple[int, int, int, int]]:
    left, top, right, bottom = box
    wide, tall = right - left, bottom - top
    small = min(wide, tall) < 150
    if not depth or small or (depth < 3 and dice.chance(0.38)):
        return [box]
    share = dice.pick((0.28, 0.38, 0.5, 0.62, 0.72))
    if wide * dice.between(0.75, 1.3) > tall:
        cut = left + round(wide * share)
        parts = (left, top, cut, bottom), (cut, top, right, bottom)
    else:
        cut = top + round(tall * share)
        parts = (left, top, right, cut), (left, cut, right, bottom)
    return [inner for part in parts for inner in _divide(part, dice, depth=depth - 1)]


def _tile(side: int, blue: RGB, dice: Dice, hand: Dice) -> Image.Image:
    """One tile: the motif of `dice`, the small differences of `hand`."""
    white = mix((240, 241, 236), (226, 234, 240), hand.between(0, 1))
    tile = Image.new("RGB", (side * 2, side * 2), white)
    pen = ImageDraw.Draw(tile)
    middle = float(side)
    inks = [
        mix(blue, white, hand.between(0.0, 0.12)),
        mix(blue, white, 0.42),
        mix(blue, white, 0.68),
    ]
    petals = dice.pick((6, 8, 8, 12))
    rings = dice.sample((0.3, 0.42, 0.55, 0.68), 3)
    for reach in sorted(rings, reverse=True):
        ink = inks[dice.whole(0, 2)]
        for petal in range(petals):
            angle = math.tau * petal / petals + dice.pick((0, math.pi / petals))
            _petal(
                pen,
                (middle, middle),
                angle,
                middle * reach,
                middle * reach * 0.55 * math.pi / petals,
                ink,
                inks[0],
            )
    pen.circle((middle, middle), middle * 0.72, outline=inks[0], width=max(1, side // 90))
    pen.circle((middle, middle), middle * 0.76, outline=inks[1], width=max(1, side // 160))
    pen.circle((middle, middle), middle * 0.09, fill=inks[0])
    for x, y, turn in ((0, 0, 45), (2, 0, 135), (2, 2, 225), (0, 2, 315)):
        _corner(pen, (middle * x, middle * y), math.radians(turn), middle, inks)
    return tile.reduce(2)


def _petal(
    pen: Pen,
    middle: tuple[float, float],
    angle: float,
    length: float,
    half: float,
    fill: RGB,
    line: RGB,
) -> None:
    points = []
    for step in range(25):
        share = step / 24 * 2
        far = share if share <= 1 else 2 - share
        aside = math.sin(math.pi * far**0.8) * half * (1 if share <= 1 else -1)
        along = far * length
        points.append(
            (
                middle[0] + math.cos(angle) * along - math.sin(angle) * aside,
                middle[1] + math.sin(angle) * along + math.cos(angle) * aside,
            )
        )
    pen.polygon(points, fill=fill, outline=line)


def _corner(
    pen: Pen, corner: tuple[float, float], turn: float, middle: float, inks: list[RGB]
) -> None:
    """The fleur in a corner."""
    for swing, length in ((-0.5, 0.3), (0.5, 0.3), (0.0, 0.42)):
        _petal(
            pen,
            corner,
            turn + swing,
            middle * length,
            middle * 0.07,
            inks[1 if swing else 0],
            inks[0],
        )


def _glaze(canvas: Canvas, dice: Dice) -> None:
    """Uneven glaze and a soft light from one side."""
    uneven = fractal(canvas.size, dice.fork("glaze"), cells=(6, 6), octaves=4)
    shine = uneven.point([round(max(0, v - 165) * 0.5) for v in range(256)])
    canvas.add_light(shine, (255, 255, 255))
    stain = uneven.point([round(max(0, 90 - v) * 0.22) for v in range(256)])
    canvas.paint(stain, shade((120, 128, 140), 1.0))
