"""`manage.py check_media`: missing, damaged and orphan picture files; `--mend` does what it can."""

from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser

from images import files, media
from images.models import ImageJob


class Command(BaseCommand):
    help = "Compares the stored pictures with the database, and prints what does not fit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quick", action="store_true", help="compare names, read no original")
        parser.add_argument(
            "--mend", action="store_true", help="make thumbnails anew and remove orphans"
        )
        parser.add_argument(
            "--thumbnails", action="store_true", help="make every thumbnail anew, whatever is there"
        )

    def handle(self, *, quick: bool, mend: bool, thumbnails: bool, **options: Any) -> None:
        if thumbnails:
            done = ImageJob.objects.done().iterator(chunk_size=500)
            self.stdout.write(f"{sum(map(media.rebuild, done))} pictures have new thumbnails.")
        left = 0
        for finding in media.check(deep=not quick):
            is_mended = mend and _mend(finding)
            left += not is_mended
            self.stdout.write(f"{'mended ' if is_mended else ''}{finding.kind} {finding.path}")
        if left:
            raise CommandError(f"{left} files do not fit.")
        self.stdout.write("Every picture has its files, and no file is without a picture.")


def _mend(finding: media.Finding) -> bool:
    """What can be put right without losing a picture."""
    if finding.kind == "orphan":
        default_storage.delete(finding.path)
        return True
    if finding.kind == "damaged" or "/original." in finding.path:
        return False
    job = ImageJob.objects.get(pk=finding.path.split("/")[-2])
    return any(finding.path == job.path(size) for size in files.SIZES) and media.rebuild(job)
