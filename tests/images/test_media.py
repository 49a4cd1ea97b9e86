"""Files and rows that do not fit each other."""

import pytest
from django.core.management import CommandError, call_command

from images.models import ImageJob

pytestmark = pytest.mark.django_db


def check(capsys, *options):
    """What the command prints, and whether it was content."""
    try:
        call_command("check_media", *options)
        content = True
    except CommandError:
        content = False
    return capsys.readouterr().out, content


def test_files_that_fit_are_no_finding(alice, finished, capsys):
    finished(alice)
    assert check(capsys) == (
        "Every picture has its files, and no file is without a picture.\n",
        True,
    )


def test_missing_damaged_and_orphan_files_are_named(alice, finished, media, capsys):
    job, other = finished(alice), finished(alice)
    (media / job.path("original")).unlink()
    (media / other.path("original")).write_bytes(b"rot")
    orphan = media / "images" / "stray.png"
    orphan.write_bytes(b"?")
    out, content = check(capsys)
    assert not content
    assert f"missing {job.path('original')}" in out
    assert f"damaged {other.path('original')}" in out
    assert "orphan images/stray.png" in out
    assert f"damaged {other.path('original')}" not in check(capsys, "--quick")[0]


def test_thumbnails_and_orphans_are_mended_and_originals_are_not(alice, finished, media, capsys):
    job = finished(alice)
    before = (media / job.path("320")).read_bytes()
    (media / job.path("320")).unlink()
    (media / "images" / "stray.png").write_bytes(b"?")
    out, _ = check(capsys, "--mend")
    assert f"mended missing {job.path('320')}" in out
    assert (media / job.path("320")).read_bytes() == before
    assert not (media / "images" / "stray.png").exists()
    (media / job.path("original")).unlink()
    assert check(capsys, "--mend")[1] is False


def test_every_thumbnail_is_made_anew(alice, finished, media, capsys):
    job = finished(alice)
    (media / job.path("640")).write_bytes(b"old")
    assert "1 pictures have new thumbnails." in check(capsys, "--thumbnails")[0]
    assert (media / job.path("640")).read_bytes() != b"old"


def test_files_of_a_picture_that_is_being_saved_are_no_orphans(alice, order, media, capsys):
    [job] = order(alice)
    ImageJob.objects.filter(pk=job.pk).update(media_type="png")
    job.refresh_from_db()
    path = media / job.path("320")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"half")
    assert check(capsys)[1]
