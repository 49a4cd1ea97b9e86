"""The Low Countries: a big sky, fields and ditches running to the horizon, mills, tulips, cows."""

from itertools import pairwise

from simulator.dice import Dice
from simulator.painter import figures, land, sky
from simulator.painter.canvas import Point
from simulator.painter.colour import RGB, mix, shade
from simulator.painter.scene import Scene

_GREENS: tuple[RGB, ...] = ((118, 142, 74), (98, 128, 66), (134, 150, 82), (88, 116, 70))


def draw(scene: Scene) -> None:
    canvas, dice = scene.canvas, scene.dice.fork("polder")
    horizon = canvas.height * dice.between(0.58, 0.68)
    sky.draw_sky(scene, horizon=horizon, clouds=dice.between(0.7, 1.0))
    _draw_treeline(scene, horizon, dice)
    vanishing = (canvas.width * dice.between(0.35, 0.65), horizon)
    _draw_fields(scene, vanishing, dice)
    _draw_ditch(scene, vanishing, dice)
    _draw_mills(scene, horizon, dice)
    if scene.wants("cow") or (not scene.wants("tulips") and dice.chance(0.4)):
        _draw_cows(scene, horizon, dice)
    if not scene.is_flat:
        sky.haze(canvas, scene.palette.sky[2], top=horizon * 0.94, bottom=horizon + 4, opacity=0.3)
        reeds = (_tint(scene, _GREENS[0], 0.9), scene.accent(1), shade(scene.palette.near, 1.1))
        land.draw_grass(scene, top=canvas.height * 0.93, colours=reeds, count=420)
    sky.draw_birds(scene, horizon=horizon, count=dice.whole(4, 11))


def _draw_treeline(scene: Scene, horizon: float, dice: Dice) -> None:
    """Far woods and a village with its spire, low on the horizon."""
    canvas = scene.canvas
    colour = mix(scene.depth(0.25), scene.palette.sky[2], 0.25)
    wood = land.ridge(
        canvas.width,
        base=horizon - canvas.unit * 0.006,
        height=canvas.unit * 0.016,
        rough=0.5,
        dice=dice.fork("wood"),
    )
    x, unit = canvas.width * dice.between(0.1, 0.9), canvas.unit
    spire = [
        (x - unit * 0.008, horizon),
        (x + unit * 0.008, horizon),
        (x + unit * 0.008, horizon - unit * 0.045),
    ]
    canvas.polygon(
        [*spire, (x, horizon - unit * 0.085), (x - unit * 0.008, horizon - unit * 0.045)], colour
    )
    land.draw_ridge(scene, wood, (colour, colour))


def _draw_fields(scene: Scene, vanishing: Point, dice: Dice) -> None:
    """Long strips that meet at the vanishing point; some in flower."""
    canvas = scene.canvas
    base = _tint(scene, _GREENS[0], 0.2)
    canvas.gradient(
        (mix(base, scene.palette.sky[2], 0.35), base, shade(base, 0.7)),
        box=(0, round(vanishing[1]), canvas.width, canvas.height),
    )
    flowers = scene.wants("tulips")
    edges = _strips(canvas.width, count=26 if flowers else 15, dice=dice)
    bloom = [scene.accent(0), scene.accent(1), scene.accent(2), (226, 108, 140), (240, 176, 70)]
    for index, (left, right) in enumerate(pairwise(edges)):
        colour = _tint(scene, dice.pick(_GREENS), 0.2)
        if flowers and index % 2:
            colour = _tint(scene, bloom[index // 2 % len(bloom)], 0.12)
        points = [vanishing, (right, canvas.height), (left, canvas.height)]
        canvas.polygon(points, colour, opacity=0.95)
        if flowers and index % 2 and not scene.is_flat:
            _draw_rows(scene, vanishing, left, right, colour, dice)
    far = mix(scene.palette.sky[2], base, 0.5)
    if not scene.is_flat:
        canvas.paint(
            canvas.vertical(
                (
                    (0, 0),
                    (vanishing[1] / canvas.height, 0),
                    (vanishing[1] / canvas.height + 0.001, 235),
                    (vanishing[1] / canvas.height + 0.1, 0),
                    (1, 0),
                )
            ),
            far,
        )


def _draw_rows(
    scene: Scene, vanishing: Point, left: float, right: float, colour: RGB, dice: Dice
) -> None:
    """Blooms as dabs along the strip."""
    canvas = scene.canvas
    for _ in range(130):
        near = dice.between(0.12, 1.0) ** 1.3
        foot = left + (right - left) * dice.between(0.06, 0.94)
        x = vanishing[0] + (foot - vanishing[0]) * near
        y = vanishing[1] + (canvas.height - vanishing[1]) * near
        if 0 < x < canvas.width:
            tone = shade(colour, dice.between(0.72, 1.28))
            canvas.circle(x, y, max(0.7, canvas.unit * 0.006 * near), tone)


def _draw_ditch(scene: Scene, vanishing: Point, dice: Dice) -> None:
    """A straight water that carries the sky down into the land."""
    canvas = scene.canvas
    foot = canvas.width * (0.5 + dice.pick((-1, 1)) * dice.between(0.08, 0.3))
    wide = canvas.unit * dice.between(0.12, 0.22)
    bank = _tint(scene, (70, 84, 48), 0.3)
    left, right = foot - wide, foot + wide
    canvas.polygon(
        [vanishing, (right + wide * 0.16, canvas.height), (left - wide * 0.16, canvas.height)], bank
    )
    shape = [(vanishing[0] * f, vanishing[1] * f) for f in (2,)]
    shape += [(right * 2, canvas.height * 2), (left * 2, canvas.height * 2)]
    mask = canvas.mask(lambda pen, _f: pen.polygon(shape, fill=255))
    canvas.paint(
        mask,
        (
            scene.palette.sky[2],
            scene.palette.sky[1],
            mix(scene.palette.sky[0], scene.palette.water, 0.5),
        ),
    )
    for _ in range(60):
        near = dice.between(0.15, 1)
        x = vanishing[0] + (dice.between(left, right) * 0.96 + foot * 0.04 - vanishing[0]) * near
        y = vanishing[1] + (canvas.height - vanishing[1]) * near
        half = wide * 0.2 * near
        canvas.line([(x - half, y), (x + half, y)], scene.palette.cloud, width=1.2, opacity=0.22)


def _draw_mills(scene: Scene, horizon: float, dice: Dice) -> None:
    """One near, and sometimes a row of others going far."""
    canvas = scene.canvas
    side = dice.pick((-1, 1))
    colour = mix(scene.palette.near, (92, 68, 54), 0.45)
    for index in range(dice.whole(2, 3), 0, -1):
        far = index
        x = canvas.width * (0.5 + side * 0.28) - side * canvas.width * 0.17 * far
        tall = canvas.unit * 0.2 / (1 + far * 0.5)
        tone = mix(colour, scene.palette.sky[2], 0.16 * far + 0.15)
        figures.draw_mill(scene, x, horizon + canvas.unit * 0.012, tall=tall, colour=tone)
    x = canvas.width * (0.5 + side * dice.between(0.24, 0.32))
    tall = min(canvas.unit * 0.5, horizon * 0.8) * (0.8 + 0.3 * scene.style.framing)
    figures.draw_mill(scene, x, horizon + canvas.unit * 0.08, tall=tall, colour=colour)


def _draw_cows(scene: Scene, horizon: float, dice: Dice) -> None:
    canvas = scene.canvas
    for _ in range(dice.whole(3, 6)):
        near = dice.between(0.1, 0.45)
        x = canvas.width * dice.between(0.05, 0.95)
        y = horizon + (canvas.height - horizon) * near
        size = canvas.unit * (0.02 + 0.1 * near)
        black: RGB = (42, 38, 40)
        figures.draw_cow(
            canvas, x, y, size=size, colour=scene.palette.paper, patch=black, dice=dice
        )


def _strips(width: int, *, count: int, dice: Dice) -> list[float]:
    """Feet of the strips at the lower edge, far beyond both sides."""
    step = width * 4 / count
    return [-1.5 * width + index * step + dice.around(0, step * 0.12) for index in range(count + 1)]


def _tint(scene: Scene, colour: RGB, share: float) -> RGB:
    """A colour of the land in the light of the palette."""
    dark = (
        0.55 if scene.palette.is_dark() else 0.25 if scene.palette.light in ("dusk", "storm") else 0
    )
    return mix(mix(colour, scene.palette.near, share + dark), scene.palette.sky[2], 0.08)
