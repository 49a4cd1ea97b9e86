"""How large an image in a message is, told by its own header: what it costs depends on that."""

import base64
import binascii
import io
import re
from typing import Final

from PIL import Image

from gateway.refusals import bad_request
from images.files import MAX_PIXELS

_FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF")
_DATA_URL: Final = re.compile(r"data:image/(?:png|jpe?g|webp|gif);base64,", re.IGNORECASE)


def measure(url: str, *, at: str) -> tuple[int, int]:
    """Width and height in pixels of the image in a data: URL; raises Refused for anything else."""
    head = _DATA_URL.match(url)
    if head is None:
        raise _unusable(at, url)
    try:
        raw = base64.b64decode(url[head.end() :], validate=True)
    except (binascii.Error, ValueError):
        raise bad_request(f"'{at}' is not valid base64.", param=at, code="invalid_image") from None
    width, height = _size(raw, at=at)
    if width * height > MAX_PIXELS:
        message = f"'{at}' has more than {MAX_PIXELS} pixels."
        raise bad_request(message, param=at, code="invalid_image")
    return width, height


def _size(raw: bytes, *, at: str) -> tuple[int, int]:
    try:
        with Image.open(io.BytesIO(raw), formats=_FORMATS) as image:
            return image.size
    except Exception:  # hostile bytes make a decoder raise nearly anything
        message = f"'{at}' is no PNG, JPEG, WebP or GIF image of a usable size."
        raise bad_request(message, param=at, code="invalid_image") from None


def _unusable(at: str, url: str) -> Exception:
    if re.match(r"https?:", url, re.IGNORECASE):
        return bad_request(
            f"'{at}' is an address. Its image cannot be priced beforehand: send the image itself, "
            "as data:image/png;base64,… (or jpeg, webp, gif).",
            param=at,
            code="image_address_not_supported",
        )
    message = f"'{at}' must be a data:image/…;base64,… URL of a PNG, JPEG, WebP or GIF image."
    return bad_request(message, param=at, code="invalid_image")
