"""Mountains and hills in layers of air, a lake in front, pines or a cabin."""

from collections.abc import Sequence

from PIL import ImageChops

from simulator.dice import Dice
from simulator.painter import figures, land, sky
from simulator.painter.canvas import band, both, fade
from simulator.painter.colour import mix, shade
from simulator.painter.scene import Scene


def draw(scene: Scene) -> None:
    canvas, dice = scene.canvas, scene.dice.fork("hills")
    horizon = canvas.height * dice.between(0.6, 0.7)
    spot = sky.draw_sky(scene, horizon=horizon, clouds=dice.between(0.3, 0.7))
    alpine = dice.chance(0.65)
    line = _draw_ranges(scene, horizon=horizon, alpine=alpine, dice=dice)
    if scene.wants("balloon") or dice.chance(0.2):
        x = canvas.width * (0.3 if spot[0] > canvas.width / 2 else 0.7)
        figures.draw_balloon(scene, x, horizon * 0.36, size=canvas.unit * 0.09)
    shore = horizon + canvas.unit * 0.02
    if dice.chance(0.6):
        land.draw_mirror(scene, horizon=shore)
        _draw_banks(scene, dice)
    else:
        _draw_meadows(scene, line, top=horizon, dice=dice)
    if dice.chance(0.6):
        sky.draw_birds(scene, horizon=horizon * 0.8, count=dice.whole(3, 7))


def _draw_ranges(scene: Scene, *, horizon: float, alpine: bool, dice: Dice) -> list[float]:
    """From the farthest to the nearest range; each stands in the haze of the next."""
    canvas = scene.canvas
    count = 5
    line: list[float] = []
    for layer in range(count):
        near = layer / (count - 1)
        rise = canvas.unit * (0.34 if alpine else 0.17) * (1 - 0.75 * near)
        base = horizon - canvas.unit * 0.14 * (1 - near)
        rough = (0.62 if alpine else 0.12) * (1 - 0.4 * near)
        seed = dice.fork("range", layer)
        line = land.ridge(canvas.width, base=base, height=rise, rough=rough, dice=seed)
        top = mix(scene.depth(0.12 + 0.62 * near), scene.palette.sky[2], 0.42 * (1 - near) ** 1.3)
        foot = mix(top, scene.palette.sky[2], 0.5 * (1 - near) + 0.12)
        mask = land.draw_ridge(scene, line, (top, top, foot), relief=0.5 * (1 - near * 0.5))
        if alpine and layer < 2:
            _draw_snow(scene, line, mask, rise=rise)
        if layer == count - 1:
            trees = shade(top, 0.78)
            land.draw_pines(scene, line, trees, size=canvas.unit * 0.05, count=_trees(scene, 90))
    return line


def _draw_snow(scene: Scene, line: Sequence[float], mask: object, *, rise: float) -> None:
    canvas = scene.canvas
    lowest = min(line) + rise * 0.62
    fringe = canvas.dice.fork("fringe", rise)
    edge = [max(y, min(y + rise * 0.34, lowest) + fringe.around(0, rise * 0.03)) for y in line]
    points = land.outline(edge, canvas.height * 2)
    below = canvas.mask(lambda pen, f: pen.polygon([(x * f, y * f) for x, y in points], fill=255))
    caps = ImageChops.subtract(mask, below)  # type: ignore[arg-type]
    if not scene.is_flat:
        rock = canvas.fractal("snow", (canvas.width / canvas.unit * 10, 7), octaves=5)
        caps = both(caps, band(rock, 70, 140))
    white = mix((250, 250, 252), scene.palette.sky[2], 0.22)
    canvas.paint(fade(caps, 0.9), white)


def _draw_banks(scene: Scene, dice: Dice) -> None:
    """The near shore, with tall pines at one side or a cabin."""
    canvas = scene.canvas
    base = canvas.height * 0.985
    rise = canvas.unit * 0.05
    line = land.ridge(canvas.width, base=base, height=rise, rough=0.2, dice=dice.fork("bank"))
    ground = shade(scene.palette.near, 0.8)
    side = dice.pick((0, 1))
    slope = [
        y - canvas.unit * 0.16 * max(0.0, 1 - abs(index * 4 / canvas.width - side) / 0.45)
        for index, y in enumerate(line)
    ]
    if scene.wants("house"):
        x = canvas.width * (0.16 if side == 0 else 0.84)
        size = canvas.unit * 0.13
        wall, roof = mix(scene.accent(), ground, 0.25), shade(ground, 0.8)
        figures.draw_house(
            scene, x, slope[int(x) // 4] + size * 0.1, size=size, wall=wall, roof=roof
        )
    land.draw_ridge(scene, slope, (ground, shade(ground, 0.6)))
    tall = canvas.unit * dice.between(0.26, 0.4)
    edge = [
        y if abs(index * 4 / canvas.width - side) < 0.3 else 9e4 for index, y in enumerate(slope)
    ]
    land.draw_pines(scene, edge, shade(ground, 0.72), size=tall, count=_trees(scene, 22))


def _draw_meadows(scene: Scene, line: Sequence[float], *, top: float, dice: Dice) -> None:
    """Rolling fields towards the viewer."""
    canvas = scene.canvas
    count = 4
    for layer in range(count):
        near = (layer + 1) / count
        base = top + (canvas.height - top) * (0.12 + 0.24 * layer)
        rise = canvas.unit * 0.07
        seed = dice.fork("meadow", layer)
        field = land.ridge(canvas.width, base=base, height=rise, rough=0.05, dice=seed)
        green = mix(scene.depth(0.35 + 0.6 * near), scene.accent(1), 0.28 if layer % 2 else 0.1)
        land.draw_ridge(scene, field, (shade(green, 1.15), green, shade(green, 0.72)), relief=0.2)
        if layer in (1, 2):
            dark = shade(green, 0.6)
            land.draw_pines(scene, field, dark, size=canvas.unit * 0.06 * (1 + near), count=9)
        if layer == 1 and (scene.wants("house") or dice.chance(0.4)):
            x, size = canvas.width * dice.between(0.25, 0.75), canvas.unit * 0.09
            wall, roof = scene.palette.paper, scene.accent()
            figures.draw_house(scene, x, field[int(x) // 4], size=size, wall=wall, roof=roof)
    if not scene.is_flat:
        blades = (scene.depth(0.9), shade(scene.depth(0.9), 1.3), scene.accent(1))
        land.draw_grass(scene, top=canvas.height * 0.9, colours=blades)


def _trees(scene: Scene, count: int) -> int:
    return round(count * scene.canvas.width / scene.canvas.height) if count > 30 else count
