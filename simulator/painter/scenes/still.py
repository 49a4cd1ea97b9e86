"""A still life: a vase with flowers, fruit and a bowl in the light of a window."""

import math

from PIL import Image, ImageDraw

from simulator.dice import Dice
from simulator.painter.canvas import Canvas, Point, band, both, fade, fractal, gradient, soften
from simulator.painter.colour import RGB, mix, shade
from simulator.painter.scene import Scene

# Half widths from foot to lip, at even heights.
_VASES = (
    (0.42, 0.6, 0.78, 0.88, 0.86, 0.7, 0.46, 0.3, 0.26, 0.34),
    (0.5, 0.52, 0.55, 0.58, 0.6, 0.6, 0.56, 0.5, 0.48, 0.52),
    (0.3, 0.62, 0.9, 1.0, 0.9, 0.62, 0.34, 0.22, 0.2, 0.24),
    (0.46, 0.4, 0.44, 0.56, 0.7, 0.8, 0.8, 0.66, 0.5, 0.58),
)


def draw(scene: Scene) -> None:
    canvas, dice = scene.canvas, scene.dice.fork("still")
    table = canvas.height * dice.between(0.66, 0.74)
    _draw_room(scene, table, dice)
    side = dice.pick((-1, 1))
    x = canvas.width * (0.5 + side * dice.between(0.06, 0.16))
    foot = table + canvas.height * 0.09
    tall = canvas.unit * dice.between(0.3, 0.38)
    mouth = (x, foot - tall)
    _draw_flowers(scene, mouth, dice)
    glaze = mix(scene.accent(2), scene.palette.water, dice.pick((0.1, 0.45, 0.8)))
    _draw_vase(scene, x, foot, tall, glaze, dice.pick(_VASES))
    _draw_fruit(scene, x, foot, side, dice)
    if not scene.is_flat:
        _draw_window_light(scene, dice)


def _draw_room(scene: Scene, table: float, dice: Dice) -> None:
    """A wall with uneven plaster and a table that catches the light."""
    canvas, palette = scene.canvas, scene.palette
    wall = mix(palette.far, palette.sky[2], 0.35)
    canvas.gradient((shade(wall, 0.78), wall, shade(wall, 1.08)))
    if not scene.is_flat:
        plaster = canvas.fractal("plaster", (5, 5), octaves=6)
        canvas.paint(fade(band(plaster, 120, 255), 0.14), shade(wall, 0.5))
        canvas.glow(
            canvas.width * 0.2, canvas.height * 0.25, canvas.unit * 0.9, palette.sun, strength=0.35
        )
    wood = mix(palette.near, scene.accent(1), 0.3)
    top = round(table)
    canvas.gradient(
        (shade(wood, 1.25), wood, shade(wood, 0.6)), box=(0, top, canvas.width, canvas.height)
    )
    if not scene.is_flat:
        grain = fractal(
            (canvas.width, canvas.height - top), dice.fork("wood"), cells=(3, 60), octaves=3
        )
        dark = grain.point([round(max(0, 130 - value) * 0.5) for value in range(256)])
        canvas.image.paste(shade(wood, 0.45), (0, top), dark)
    canvas.line([(0, table), (canvas.width, table)], shade(wood, 1.35), width=canvas.unit * 0.003)


def _draw_vase(
    scene: Scene, x: float, foot: float, tall: float, colour: RGB, profile: tuple[float, ...]
) -> None:
    canvas = scene.canvas
    half = tall * 0.34
    right = [(x + half * _at(profile, s / 40), foot - tall * s / 40) for s in range(41)]
    left = [(2 * x - px, py) for px, py in reversed(right)]
    _draw_shadow(scene, x, foot, half * 1.2)
    shape = right + left
    mask = canvas.mask(lambda pen, f: pen.polygon([(px * f, py * f) for px, py in shape], fill=255))
    _fill_round(scene, mask, colour)
    lip = half * profile[-1]
    rim = mix(colour, scene.palette.paper, 0.3)
    _draw_ellipse(canvas, x, foot - tall, lip, lip * 0.22, rim)
    _draw_ellipse(canvas, x, foot - tall, lip * 0.86, lip * 0.16, shade(colour, 0.35))
    if scene.is_flat:
        return
    shine = [
        (x - half * 0.42 + math.sin(s / 6) * 2, foot - tall * (0.25 + 0.4 * s / 20))
        for s in range(21)
    ]
    canvas.line(shine, (255, 255, 255), width=half * 0.06, opacity=0.28)


def _draw_flowers(scene: Scene, mouth: Point, dice: Dice) -> None:
    """Stems that fan out of the vase, leaves and round heads of many petals."""
    canvas = scene.canvas
    green = mix((82, 110, 70), scene.palette.near, 0.3)
    heads = []
    for index in range(dice.whole(7, 11)):
        angle = -math.pi / 2 + dice.around(0, 0.42)
        reach = canvas.unit * dice.between(0.16, 0.34)
        head = (mouth[0] + math.cos(angle) * reach, mouth[1] + math.sin(angle) * reach)
        bend = (mouth[0] + (head[0] - mouth[0]) * 0.3, (mouth[1] + head[1]) / 2)
        canvas.line(
            [mouth, bend, head], shade(green, dice.between(0.7, 1.1)), width=canvas.unit * 0.006
        )
        _draw_leaf(canvas, bend, angle + dice.pick((-0.8, 0.8)), canvas.unit * 0.1, green, dice)
        heads.append((head, scene.accent(index % 3), canvas.unit * dice.between(0.035, 0.075)))
    for head, colour, size in heads:
        _draw_head(scene, head, size, colour, dice)


def _draw_head(scene: Scene, at: Point, size: float, colour: RGB, dice: Dice) -> None:
    """Rings of petals, darker at the heart."""
    canvas = scene.canvas
    turn = dice.between(0, math.tau)
    for ring in range(4):
        share = 1 - ring * 0.24
        petals = 9 - ring
        tone = (
            shade(colour, 0.78 + 0.13 * ring)
            if not scene.is_flat
            else shade(colour, 0.9 + 0.12 * ring)
        )
        for petal in range(petals):
            angle = turn + ring * 0.4 + math.tau * petal / petals
            x = at[0] + math.cos(angle) * size * 0.62 * share
            y = at[1] + math.sin(angle) * size * 0.56 * share
            canvas.circle(x, y, size * 0.42 * share, shade(tone, dice.between(0.93, 1.08)))
    canvas.circle(*at, size * 0.16, shade(scene.accent(1), 0.8))


def _draw_leaf(
    canvas: Canvas, at: Point, angle: float, length: float, green: RGB, dice: Dice
) -> None:
    points = []
    for step in range(20):
        share = step / 19 * 2
        far = share if share <= 1 else 2 - share
        aside = math.sin(math.pi * far) * length * 0.18 * (1 if share <= 1 else -1)
        x = at[0] + math.cos(angle) * far * length - math.sin(angle) * aside
        points.append((x, at[1] + math.sin(angle) * far * length + math.cos(angle) * aside))
    canvas.polygon(points, shade(green, dice.between(0.75, 1.25)))


def _draw_fruit(scene: Scene, x: float, foot: float, side: int, dice: Dice) -> None:
    """Apples, lemons or oranges on the table, some in front of the vase."""
    canvas = scene.canvas
    skins = [(190, 52, 44), (226, 168, 52), (150, 164, 70), (220, 120, 48)]
    base = scene.accent(0) if scene.subject.colour else dice.pick(skins)
    for index in range(dice.whole(3, 5)):
        size = canvas.unit * dice.between(0.05, 0.07)
        fx = x - side * canvas.unit * (0.17 + 0.11 * index) + dice.around(0, canvas.unit * 0.02)
        fy = foot + canvas.unit * dice.between(-0.012, 0.06)
        skin = mix(base, dice.pick(skins), dice.pick((0.0, 0.3, 0.8)))
        _draw_shadow(scene, fx, fy, size)
        _draw_ball(scene, fx, fy - size, size, mix(skin, scene.palette.near, 0.08))
        canvas.line(
            [(fx, fy - size * 1.85), (fx + size * 0.14, fy - size * 2.25)],
            (70, 50, 36),
            width=size * 0.09,
        )


def _draw_ball(scene: Scene, x: float, y: float, radius: float, colour: RGB) -> None:
    canvas = scene.canvas
    canvas.circle(x, y, radius, colour)
    if scene.is_flat:
        canvas.circle(
            x - radius * 0.3, y - radius * 0.35, radius * 0.3, shade(colour, 1.25), opacity=0.6
        )
        return
    side = round(radius * 2)
    light = Image.radial_gradient("L").resize((round(side * 2.0),) * 2, Image.Resampling.BICUBIC)
    shift = round(side * 0.68)
    light = light.crop((shift, shift, shift + side, shift + side))
    disc = Image.new("L", (side * 2, side * 2))
    ImageDraw.Draw(disc).circle((side, side), side - 2, fill=255)
    at = (round(x - radius), round(y - radius))
    dark = both(disc.reduce(2), band(light, 60, 235))
    canvas.image.paste(shade(colour, 0.28), at, fade(dark, 0.85))
    canvas.glow(
        x - radius * 0.34, y - radius * 0.38, radius * 0.62, scene.palette.sun, strength=0.55
    )


def _draw_shadow(scene: Scene, x: float, foot: float, half: float) -> None:
    """Soft, falling away from the window."""
    canvas = scene.canvas
    mask = Image.new("L", canvas.size)
    box = (x - half * 0.85, foot - half * 0.22, x + half * 2.3, foot + half * 0.26)
    ImageDraw.Draw(mask).ellipse(box, fill=150 if not scene.is_flat else 70)
    if not scene.is_flat:
        mask = soften(mask, half * 0.16)
    canvas.paint(mask, shade(scene.palette.near, 0.4))


def _draw_window_light(scene: Scene, dice: Dice) -> None:
    """Panes of light thrown on the wall and over everything."""
    canvas = scene.canvas
    light = Image.new("L", canvas.size)
    pen = ImageDraw.Draw(light)
    left, top = canvas.width * dice.between(0.05, 0.4), canvas.height * dice.between(0.04, 0.14)
    wide, tall, lean = canvas.unit * 0.2, canvas.unit * 0.26, canvas.unit * 0.1
    for row in range(2):
        for column in range(2):
            x, y = left + column * wide * 1.12 + row * lean, top + row * tall * 1.08
            pen.polygon(
                [(x, y), (x + wide, y), (x + wide + lean, y + tall), (x + lean, y + tall)], fill=95
            )
    canvas.add_light(soften(light, canvas.unit / 70), scene.palette.sun)


def _fill_round(scene: Scene, mask: Image.Image, colour: RGB) -> None:
    """Colour that turns from light to dark across the shape."""
    box = mask.getbbox()
    if not box:
        return
    stops = (
        shade(colour, 0.8),
        shade(colour, 1.18),
        colour,
        shade(colour, 0.62),
        shade(colour, 0.4),
    )
    if scene.is_flat:
        stops = (colour, colour, shade(colour, 0.8), shade(colour, 0.8))  # type: ignore[assignment]
    across = gradient((box[3] - box[1], box[2] - box[0]), stops).transpose(
        Image.Transpose.ROTATE_90
    )
    scene.canvas.image.paste(across, box, mask.crop(box))


def _draw_ellipse(
    canvas: Canvas, x: float, y: float, half: float, tall: float, colour: RGB
) -> None:
    turn = [math.tau * step / 40 for step in range(40)]
    canvas.polygon([(x + math.cos(a) * half, y + math.sin(a) * tall) for a in turn], colour)


def _at(profile: tuple[float, ...], share: float) -> float:
    """Between the given widths, without corners."""
    place = share * (len(profile) - 1)
    index = min(int(place), len(profile) - 2)
    part = place - index
    eased = part * part * (3 - 2 * part)
    return profile[index] + (profile[index + 1] - profile[index]) * eased
