"""Looks at an image that came with a message: its size, its main colours, how bright it is."""

import base64
import binascii
import re
import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageStat

from simulator.refusals import Refused, bad_request

MAX_BYTES = 20_000_000
MAX_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")

_DATA_URL = re.compile(r"data:image/(?:jpeg|jpg|png|webp|gif);base64,", re.IGNORECASE)

# What a remote picture counts as: it is never fetched, so its true size stays unknown.
UNSEEN_SIZE = (1_024, 1_024)


@dataclass(frozen=True, slots=True)
class Colour:
    """One of the main colours and the share of the picture it takes (0 to 1)."""

    rgb: tuple[int, int, int]
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What can truly be said of an image. `seen` is False for a remote URL: nothing is known."""

    seen: bool
    width: int
    height: int
    format: str = ""
    colours: tuple[Colour, ...] = ()
    brightness: float = 0.0
    contrast: float = 0.0
    frames: int = 1
    see_through: bool = False


def look(url: str) -> Sight:
    """Looks at a `data:` URL; an `http(s):` one is only noted. Anything else is refused."""
    if re.match(r"https?://\S", url):
        return Sight(seen=False, width=UNSEEN_SIZE[0], height=UNSEEN_SIZE[1])
    head = _DATA_URL.match(url)
    if not head:
        raise _unusable("Expected an http(s) URL or a base64 data URL of a supported image.")
    try:
        raw = base64.b64decode(url[head.end() :], validate=True)
    except binascii.Error:
        raise _unusable("The image data is not valid base64.") from None
    if len(raw) > MAX_BYTES:
        raise _unusable("The image is larger than 20 MB.")
    return _study(raw)


def _study(raw: bytes) -> Sight:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(raw), formats=FORMATS) as image:
                return _describe(image)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombWarning):
        raise _unusable("You uploaded an unsupported image.") from None
    except Image.DecompressionBombError:
        raise _unusable("The image has too many pixels.") from None


def _describe(image: Image.Image) -> Sight:
    if image.width * image.height > MAX_PIXELS:
        raise _unusable("The image has too many pixels.")
    small = image.convert("RGBA")
    small.thumbnail((96, 96), Image.Resampling.BOX)
    see_through = small.getchannel("A").getextrema()[0] < 250  # type: ignore[operator]
    flat = Image.alpha_composite(Image.new("RGBA", small.size, "white"), small).convert("RGB")
    grey = ImageStat.Stat(flat.convert("L"))
    return Sight(
        seen=True,
        width=image.width,
        height=image.height,
        format=image.format or "",
        colours=_main_colours(flat),
        brightness=grey.mean[0] / 255,
        contrast=grey.stddev[0] / 128,
        frames=getattr(image, "n_frames", 1),
        see_through=see_through,
    )


def _main_colours(image: Image.Image) -> tuple[Colour, ...]:
    few = image.quantize(colors=6, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    palette = few.getpalette() or []
    counts = sorted(few.getcolors() or [], reverse=True)
    pixels = image.width * image.height
    return tuple(
        Colour(tuple(palette[index * 3 : index * 3 + 3]), count / pixels)  # type: ignore[arg-type, operator]
        for count, index in counts
    )


def _unusable(message: str) -> Refused:
    return bad_request(message, param="messages", code="invalid_image_url")
