"""Stored files: for their owner, as they came, and harmless."""

import pytest

from tests.images.conftest import picture

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
def test_a_file_is_served_as_it_came_and_cannot_act(as_alice, alice, finished, format):
    data = picture(format=format)
    job = finished(alice, data=data)
    answer = as_alice.get(f"/pictures/{job.pk}/file/original")
    assert answer.content == data
    assert answer["Content-Type"] == f"image/{format.lower()}"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    assert "Content-Disposition" not in answer
    download = as_alice.get(f"/pictures/{job.pk}/file/original?download")
    assert download["Content-Disposition"].startswith('attachment; filename="realvision-2')


def test_a_browser_that_has_the_file_gets_no_second_copy(as_alice, alice, finished):
    job = finished(alice)
    address = f"/pictures/{job.pk}/file/320"
    etag = as_alice.get(address)["ETag"]
    again = as_alice.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    other = as_alice.get(f"/pictures/{job.pk}/file/640", headers={"If-None-Match": etag})
    assert other.status_code == 200


@pytest.mark.parametrize(
    "size", ["100", "original.png", "..", "../320", "..%2f..%2fdb.sqlite3", "%2e%2e%2f320", ""]
)
def test_no_other_name_reaches_a_file(as_alice, alice, finished, size):
    job = finished(alice)
    assert as_alice.get(f"/pictures/{job.pk}/file/{size}").status_code == 404


def test_a_lost_file_is_not_found(as_alice, alice, finished, media):
    job = finished(alice)
    (media / job.path("320")).unlink()
    assert as_alice.get(f"/pictures/{job.pk}/file/320").status_code == 404
