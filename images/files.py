"""A picture's bytes: proven to be a picture, stored as they came, with thumbnails beside them."""

import base64
import hashlib
import io
import warnings
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps

from images.models import ImageJob

FORMATS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}
THUMBNAILS = (640, 320)  # long side, pixels
SIZES = ("original", *map(str, THUMBNAILS))
BLUR = 16
MAX_PIXELS = 40_000_000

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


class UnusableImage(Exception):
    """The bytes are no picture that we would show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredImage:
    media_type: str
    sha256: str
    size_bytes: int
    width: int
    height: int
    blur: str


def store(job: ImageJob, data: bytes) -> StoredImage:
    """Verify `data` and write original and thumbnails to the job's folder.

    Slow (tens of milliseconds of CPU, a disk flush): call it in a thread. Writing again replaces
    the same files, so a crash between the files and the row is mended by the next try. Raises
    UnusableImage, or OSError when the disk is full.
    """
    image, media_type = _open(data)
    for size, thumbnail in _thumbnails(image).items():
        default_storage.save(f"{job.folder}/{size}.webp", ContentFile(thumbnail))
    default_storage.save(f"{job.folder}/original.{media_type}", ContentFile(data))
    return StoredImage(
        media_type=media_type,
        sha256=hashlib.sha256(data).hexdigest(),
        size_bytes=len(data),
        width=image.width,
        height=image.height,
        blur="data:image/webp;base64," + base64.b64encode(_webp(image, size=BLUR)).decode(),
    )


def thumbnails(data: bytes) -> dict[int, bytes]:
    """WebP copies by the length of their long side, in pixels; raises UnusableImage."""
    return _thumbnails(_open(data)[0])


def _thumbnails(image: Image.Image) -> dict[int, bytes]:
    return {size: _webp(image, size=size) for size in THUMBNAILS}


def _open(data: bytes) -> tuple[Image.Image, str]:
    """The decoded pixels and the file's extension; the type is told by the bytes alone."""
    try:
        with Image.open(io.BytesIO(data), formats=list(FORMATS)) as image:
            _check(image)
            media_type = FORMATS[str(image.format)]
            upright = ImageOps.exif_transpose(image)
            return upright.convert("RGBA" if upright.has_transparency_data else "RGB"), media_type
    except UnusableImage:
        raise
    except Exception as error:  # hostile bytes make a decoder raise nearly anything
        raise UnusableImage(str(error)) from error


def _check(image: Image.Image) -> None:
    """Refuse by the header, before a pixel is decoded."""
    if image.width * image.height > MAX_PIXELS:
        raise UnusableImage(f"{image.width} × {image.height} pixels are too many")
    if getattr(image, "n_frames", 1) != 1:
        raise UnusableImage("more than one frame")


def _webp(image: Image.Image, *, size: int) -> bytes:
    """A copy whose long side is at most `size` pixels."""
    small = image.copy()
    small.thumbnail((size, size), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "WEBP", quality=80)
    return out.getvalue()
