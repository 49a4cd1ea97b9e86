"""Pictures on their way out: the recipe inside the file, many in one zip, two side by side."""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.files.storage import default_storage
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image, PngImagePlugin

from images.models import ImageJob

_USER_COMMENT, _EXIF_IFD = 0x9286, 0x8769
_PLAIN: dict[str, dict[str, Any]] = {
    "png": {"format": "PNG", "compress_level": 1},
    "jpg": {"format": "JPEG", "quality": "keep"},
    "webp": {"format": "WEBP", "lossless": True, "method": 0},
}


def parameters(job: ImageJob) -> str:
    """The recipe as Stable Diffusion programs write and read it: prompt, negative, pairs."""
    lines = [job.prompt]
    if job.negative_prompt:
        lines.append(f"Negative prompt: {job.negative_prompt}")
    pairs = {
        "Steps": job.steps,
        "Sampler": job.scheduler,
        "CFG scale": job.cfg_scale.normalize(),
        "Size": f"{job.width}x{job.height}",
        "Model": job.model,
    }
    lines.append(", ".join(f"{name}: {value}" for name, value in pairs.items()))
    return "\n".join(lines)


def rewritten(data: bytes, *, media_type: str, recipe: str = "") -> bytes:
    """The same pixels, with the recipe in the file's metadata and nothing else in it."""
    options = dict(_PLAIN[media_type])
    if recipe and media_type == "png":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_itxt("parameters", recipe)
    elif recipe:
        exif = Image.Exif()
        exif.get_ifd(_EXIF_IFD)[_USER_COMMENT] = b"UNICODE\0" + recipe.encode("utf-16-be")
        options["exif"] = exif
    out = io.BytesIO()
    with Image.open(io.BytesIO(data)) as image:
        image.info = {}
        image.save(out, **options)
    return out.getvalue()


def download(job: ImageJob, *, recipe: bool = True) -> bytes:
    """The original's pixels with its recipe, or without any metadata. Raises FileNotFoundError."""
    with default_storage.open(job.path("original")) as stored:
        data = stored.read()
    return rewritten(data, media_type=job.media_type, recipe=parameters(job) if recipe else "")


def name_of(job: ImageJob) -> str:
    return f"{job.model}-{job.created_at:%Y%m%d}-{job.pk.hex[:8]}.{job.media_type}"


class _Sink(io.RawIOBase):
    """What the zip writes, until it is taken; there is no way back in it."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def pack(jobs: Iterable[ImageJob]) -> Iterator[bytes]:
    """A zip in pieces, a picture in memory at a time; lost files are left out."""
    sink, manifest = _Sink(), list[str]()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for job in jobs:
            try:
                data = download(job)
            except FileNotFoundError:
                continue
            archive.writestr(name_of(job), data)
            manifest.append(json.dumps(_entry(job), ensure_ascii=False))
            yield sink.take()
        archive.writestr("manifest.jsonl", "\n".join(manifest) + "\n")
    yield sink.take()


def _entry(job: ImageJob) -> dict[str, Any]:
    return {
        "file": name_of(job),
        **job.recipe.body(),
        "created_at": job.created_at.isoformat(),
        "charged_nano_usd": job.charged,
        "sha256_original": job.sha256,
        "favourite": job.is_favourite,
    }


def differences(left: ImageJob, right: ImageJob) -> list[tuple[Promise, object, object, bool]]:
    """Each part of the two recipes, and whether it differs."""
    parts = [
        (_("Prompt"), left.prompt, right.prompt),
        (_("Left out"), left.negative_prompt, right.negative_prompt),
        (_("Model"), left.model, right.model),
        (_("Scheduler"), left.scheduler, right.scheduler),
        (_("Steps"), left.steps, right.steps),
        (_("Closeness to the prompt"), left.cfg_scale.normalize(), right.cfg_scale.normalize()),
        (_("Size"), f"{left.width} × {left.height}", f"{right.width} × {right.height}"),
    ]
    return [(name, one, other, one != other) for name, one, other in parts if one or other]
