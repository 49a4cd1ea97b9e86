"""Bytes from outside: proven to be a picture, kept as they came, with thumbnails."""

import base64
import hashlib
import io
import struct
import zlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from images import files
from images.models import ImageJob
from tests.images.conftest import picture


@pytest.fixture
def job():
    return ImageJob(user_id=7, media_type="png")


@pytest.mark.parametrize(
    ("format", "extension"), [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp")]
)
def test_the_original_is_kept_as_it_came(job, media, format, extension):
    data = picture(1024, 640, format=format)
    stored = files.store(job, data)
    assert (media / job.folder / f"original.{extension}").read_bytes() == data
    assert stored.sha256 == hashlib.sha256(data).hexdigest()
    assert (stored.media_type, stored.width, stored.height) == (extension, 1024, 640)
    assert stored.size_bytes == len(data)


@pytest.mark.parametrize(("width", "height"), [(1152, 768), (768, 1152)])
def test_thumbnails_keep_the_proportions(job, media, width, height):
    files.store(job, picture(width, height))
    for size in (320, 640):
        with Image.open(media / job.folder / f"{size}.webp") as thumbnail:
            assert max(thumbnail.size) == size
            assert thumbnail.width * height == pytest.approx(thumbnail.height * width, rel=0.01)


def test_the_blur_is_a_tiny_picture_in_the_page_itself(job):
    head, _, data = files.store(job, picture(1152, 768)).blur.partition(",")
    assert head == "data:image/webp;base64"
    assert Image.open(io.BytesIO(base64.b64decode(data))).size == (16, 11)
    assert len(data) < 400


def _bomb(side):
    def chunk(name, data):
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((1 + side // 8) * side), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def _animation():
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


HOSTILE = {
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "HTML": b"<!doctype html><script>alert(1)</script>",
    "GIF": picture(format="GIF"),
    "nothing": b"",
    "a cut PNG": picture()[:200],
    "a PNG that lies": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "49 megapixels": _bomb(7_000),
    "a bomb of 196 megapixels": _bomb(14_000),
    "two frames": _animation(),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_single_picture_leaves_no_byte(job, media, data):
    with pytest.raises(files.UnusableImage):
        files.store(job, data)
    assert not media.exists()


def test_a_name_in_storage_is_replaced_in_one_step(media):
    for text in (b"old", b"new"):
        assert default_storage.save("folder/name.txt", ContentFile(text)) == "folder/name.txt"
    assert [path.name for path in (media / "folder").iterdir()] == ["name.txt"]
    assert (media / "folder/name.txt").read_bytes() == b"new"


def test_a_write_that_breaks_leaves_the_old_file_alone(media):
    default_storage.save("name.txt", ContentFile(b"old"))

    class Broken(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"ne"
            raise OSError("disk full")

    with pytest.raises(OSError):
        default_storage.save("name.txt", Broken(b"new"))
    assert [path.read_bytes() for path in media.iterdir()] == [b"old"]
