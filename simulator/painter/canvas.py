"""The sheet that is painted on: gradients, soft shapes, light and texture, by Pillow alone."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from simulator.dice import Dice
from simulator.painter.colour import RGB, mix

Point = tuple[float, float]
Box = tuple[int, int, int, int]
Draw = Callable[[ImageDraw.ImageDraw, float], None]

# Masks are drawn this much larger and reduced, for smooth edges.
SMOOTH = 2


class Canvas:
    """An RGB image with `unit`, its shorter side in pixels, as the measure of all sizes."""

    def __init__(self, width: int, height: int, *, dice: Dice, texture: float = 1.0) -> None:
        self.width = width
        self.height = height
        self.unit = min(width, height)
        self.dice = dice
        self.texture = texture
        self.image = Image.new("RGB", (width, height))

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height

    def gradient(self, stops: Sequence[RGB], *, box: Box | None = None) -> None:
        """From top to bottom through `stops`, evenly spaced."""
        box = box or (0, 0, *self.size)
        width, height = box[2] - box[0], box[3] - box[1]
        if width > 0 and height > 0:
            self.image.paste(gradient((width, height), stops), box)

    def mask(self, draw: Draw) -> Image.Image:
        """What `draw` draws in white, with smooth edges. It gets the factor for coordinates."""
        large = Image.new("L", (self.width * SMOOTH, self.height * SMOOTH))
        draw(ImageDraw.Draw(large), SMOOTH)
        return large.reduce(SMOOTH)

    def polygon(self, points: Sequence[Point], colour: RGB, *, opacity: float = 1.0) -> None:
        """A small or large shape; only its surroundings are touched."""
        xs, ys = [x for x, _ in points], [y for _, y in points]
        left, top = int(min(xs)) - 1, int(min(ys)) - 1
        right, bottom = int(max(xs)) + 2, int(max(ys)) + 2
        left, top = max(0, left), max(0, top)
        right, bottom = min(self.width, right), min(self.height, bottom)
        if right <= left or bottom <= top:
            return
        large = Image.new("L", ((right - left) * 3, (bottom - top) * 3))
        moved = [((x - left) * 3, (y - top) * 3) for x, y in points]
        ImageDraw.Draw(large).polygon(moved, fill=round(255 * opacity))
        self.image.paste(colour, (left, top, right, bottom), large.reduce(3))

    def circle(self, x: float, y: float, radius: float, colour: RGB, *, opacity: float = 1) -> None:
        box = (int(x - radius) - 1, int(y - radius) - 1, int(x + radius) + 2, int(y + radius) + 2)
        large = Image.new("L", ((box[2] - box[0]) * 4, (box[3] - box[1]) * 4))
        middle = ((x - box[0]) * 4, (y - box[1]) * 4)
        ImageDraw.Draw(large).circle(middle, radius * 4, fill=round(255 * opacity))
        self.image.paste(colour, box, large.reduce(4))

    def line(
        self, points: Sequence[Point], colour: RGB, *, width: float, opacity: float = 1.0
    ) -> None:
        """A stroke with smooth edges, also when it is thinner than a pixel."""
        pad = int(width) + 2
        left = max(0, int(min(x for x, _ in points)) - pad)
        top = max(0, int(min(y for _, y in points)) - pad)
        right = min(self.width, int(max(x for x, _ in points)) + pad)
        bottom = min(self.height, int(max(y for _, y in points)) + pad)
        if right <= left or bottom <= top:
            return
        large = Image.new("L", ((right - left) * 3, (bottom - top) * 3))
        moved = [((x - left) * 3, (y - top) * 3) for x, y in points]
        stroke = max(1, round(width * 3))
        ImageDraw.Draw(large).line(moved, fill=round(255 * opacity), width=stroke, joint="curve")
        self.image.paste(colour, (left, top, right, bottom), large.reduce(3))

    def paint(self, mask: Image.Image, colours: RGB | Sequence[RGB]) -> None:
        """Through `mask`: one colour, or a gradient over the height of the masked part."""
        if isinstance(colours[0], int):
            self.image.paste(colours, (0, 0), mask)  # type: ignore[arg-type]
            return
        box = mask.getbbox()
        if box:
            part = gradient((box[2] - box[0], box[3] - box[1]), colours)  # type: ignore[arg-type]
            self.image.paste(part, box, mask.crop(box))

    def glow(
        self, x: float, y: float, radius: float, colour: RGB, *, strength: float = 1.0
    ) -> None:
        """Adds light around a point, as a lamp or the sun does."""
        box = (int(x - radius), int(y - radius), int(x + radius), int(y + radius))
        side = max(2, box[2] - box[0])
        light = halo(strength).resize((side, side), Image.Resampling.BICUBIC)
        self.add_light(light, colour, at=box[:2])

    def add_light(self, light: Image.Image, colour: RGB, *, at: Point = (0, 0)) -> None:
        """Screens `colour` over the picture where `light` (L) is bright."""
        x, y = round(at[0]), round(at[1])
        left, top = max(0, x), max(0, y)
        right = min(self.width, x + light.width)
        bottom = min(self.height, y + light.height)
        if right <= left or bottom <= top:
            return
        light = light.crop((left - x, top - y, right - x, bottom - y))
        tinted = ImageOps.colorize(light, (0, 0, 0), colour)
        under = self.image.crop((left, top, right, bottom))
        self.image.paste(ImageChops.screen(under, tinted), (left, top))

    def fractal(self, name: str, cells: tuple[float, float], *, octaves: int = 5) -> Image.Image:
        """Cloudy noise (L, full range) as large as the canvas; see `fractal`."""
        return fractal(self.size, self.dice.fork(name), cells=cells, octaves=octaves)

    def vertical(self, stops: Sequence[tuple[float, int]]) -> Image.Image:
        """A mask that changes with the height: pairs of share of the height and value."""
        return ramp(self.size, stops)


def gradient(size: tuple[int, int], stops: Sequence[RGB]) -> Image.Image:
    """Vertical, through `stops`; eased, so that the joints do not show."""
    strip = Image.new("RGB", (1, size[1]))
    last = len(stops) - 1
    for y in range(size[1]):
        place = y / max(1, size[1] - 1) * last
        index = min(int(place), last - 1) if last else 0
        share = place - index
        eased = share * share * (3 - 2 * share) * 0.5 + share * 0.5
        strip.putpixel((0, y), mix(stops[index], stops[min(index + 1, last)], eased))
    return strip.resize(size)


def ramp(size: tuple[int, int], stops: Sequence[tuple[float, int]]) -> Image.Image:
    strip = Image.new("L", (1, size[1]))
    for y in range(size[1]):
        strip.putpixel((0, y), _value_at(y / max(1, size[1] - 1), stops))
    return strip.resize(size)


def halo(strength: float = 1.0, *, power: float = 2.6) -> Image.Image:
    """A soft round light of 256 × 256 (L), falling off to nothing."""
    table = [round(255 * strength * max(0.0, 1 - v / 255) ** power) for v in range(256)]
    return Image.radial_gradient("L").point([min(255, value) for value in table])


def fractal(
    size: tuple[int, int], dice: Dice, *, cells: tuple[float, float], octaves: int = 5
) -> Image.Image:
    """Sum of ever finer noise (L, full range); `cells` are its coarsest bumps across and down."""
    work = (max(2, size[0] // 2), max(2, size[1] // 2))
    total = Image.new("L", work, 128)
    share = 1.0
    for octave in range(octaves):
        across = max(2, min(work[0], round(cells[0] * 2**octave) + 1))
        down = max(2, min(work[1], round(cells[1] * 2**octave) + 1))
        bumps = Image.frombytes("L", (across, down), dice.noise(across * down))
        bumps = bumps.resize(work, Image.Resampling.BICUBIC)
        total = Image.blend(total, bumps, share / (share + 1) if octave else 1.0)
        share *= 0.52
    stretched = ImageOps.autocontrast(total, cutoff=1)
    return stretched.resize(size, Image.Resampling.BICUBIC)


def band(image: Image.Image, low: int, high: int) -> Image.Image:
    """0 below `low`, 255 above `high`, soft in between."""
    span = max(1, high - low)
    return image.point([max(0, min(255, (value - low) * 255 // span)) for value in range(256)])


def soften(image: Image.Image, radius: float) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(radius))


def fade(mask: Image.Image, opacity: float) -> Image.Image:
    return mask.point([round(value * opacity) for value in range(256)])


def both(one: Image.Image, other: Image.Image) -> Image.Image:
    """Where both masks are bright."""
    return ImageChops.multiply(one, other)


def _value_at(place: float, stops: Sequence[tuple[float, int]]) -> int:
    for (start, low), (end, high) in pairwise(stops):
        if place <= end:
            share = (place - start) / max(1e-6, end - start)
            return round(low + (high - low) * max(0.0, min(1.0, share)))
    return stops[-1][1]
