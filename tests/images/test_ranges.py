import pytest

from images import ranges
from tests.images.conftest import picture


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-3", range(4)),
        ("bytes=4-", range(4, 10)),
        ("bytes=-3", range(7, 10)),
        ("bytes=-30", range(10)),
        ("bytes=8-99", range(8, 10)),
        ("", None),
        ("bytes=5-2", None),
        ("bytes=0-1,4-5", None),
        ("lines=1-2", None),
        ("bytes=-", None),
    ],
)
def test_one_range_of_bytes_is_read_and_all_else_means_the_whole(header, expected):
    assert ranges.read(header, length=10) == expected


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=-0"])
def test_a_range_beyond_the_end_cannot_be_served(header):
    with pytest.raises(ranges.Unsatisfiable):
        ranges.read(header, length=10)


@pytest.mark.django_db
def test_a_part_of_a_file_is_served(as_alice, alice, finished):
    data = picture()
    address = f"/pictures/{finished(alice, data=data).pk}/file/original"
    answer = as_alice.get(address, headers={"Range": "bytes=2-5"})
    assert (answer.status_code, answer.content) == (206, data[2:6])
    assert answer["Content-Range"] == f"bytes 2-5/{len(data)}"
    assert answer["Cache-Control"].startswith("private")
    beyond = as_alice.get(address, headers={"Range": f"bytes={len(data)}-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(data)}")
    other = as_alice.get(address, headers={"Range": "bytes=2-5", "If-Range": '"old"'})
    assert (other.status_code, other.content) == (200, data)


@pytest.mark.django_db
def test_a_proxy_in_front_is_told_where_the_file_is(as_alice, alice, finished, settings):
    settings.ACCEL_PREFIX = "/media-files"
    job = finished(alice)
    answer = as_alice.get(f"/pictures/{job.pk}/file/320")
    assert answer["X-Accel-Redirect"] == f"/media-files/{job.path('320')}"
    assert (answer.content, answer["Content-Type"]) == (b"", "image/webp")
