"""Whether the stored files are those that the rows tell of; thumbnails made anew."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from images import files
from images.models import ImageJob

ROOT = "images"


@dataclass(frozen=True, slots=True)
class Finding:
    """`kind` is missing, damaged or orphan; `path` lies below the media root."""

    kind: str
    path: str


def check(*, deep: bool = True) -> Iterator[Finding]:
    """Every file that is missing, is not what came, or belongs to nothing.

    `deep` reads each original and compares its SHA-256; else only names are compared.
    """
    expected = set[str]()
    for job in ImageJob.objects.done().order_by("pk").iterator(chunk_size=500):
        paths = {job.path(size) for size in files.SIZES}
        expected |= paths
        gone = sorted(path for path in paths if not default_storage.exists(path))
        yield from (Finding("missing", path) for path in gone)
        original = job.path("original")
        if deep and original not in gone and _sha256(original) != job.sha256:
            yield Finding("damaged", original)
    young = _being_saved()
    for path in _stored(ROOT):
        if path not in expected and str(PurePosixPath(path).parent) not in young:
            yield Finding("orphan", path)


def rebuild(job: ImageJob) -> bool:
    """Both thumbnails anew from the original; False when that is missing or no picture any more."""
    try:
        with default_storage.open(job.path("original")) as stored:
            thumbnails = files.thumbnails(stored.read())
    except (FileNotFoundError, files.UnusableImage):
        return False
    for size, data in thumbnails.items():
        default_storage.save(job.path(str(size)), ContentFile(data))
    return True


def _being_saved() -> set[str]:
    """Folders whose files are written before their row says done."""
    return {job.folder for job in ImageJob.objects.filter(due_at__isnull=False).iterator()}


def _sha256(path: str) -> str:
    digest = hashlib.sha256()
    with default_storage.open(path) as stored:
        for chunk in stored.chunks():
            digest.update(chunk)
    return digest.hexdigest()


def _stored(folder: str) -> Iterator[str]:
    if not default_storage.exists(folder):
        return
    folders, names = default_storage.listdir(folder)
    yield from (f"{folder}/{name}" for name in sorted(names))
    for name in sorted(folders):
        yield from _stored(f"{folder}/{name}")
