"""What one does with pictures, one or many."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from images import bin
from images.models import Collection, ImageJob, Studio
from tests.images.conftest import HTMX, picture, text_of

pytestmark = pytest.mark.django_db


def do(client, verb, *jobs, headers=HTMX, **more):
    data = {"do": verb, "pick": [job.pk for job in jobs], **more}
    return client.post("/pictures/picked/", data, headers=headers)


def test_a_heart_turns_on_and_off_in_its_place(as_alice, alice, finished):
    job = finished(alice)
    address = f"/pictures/{job.pk}/mark/favourite/"
    assert 'aria-pressed="true"' in text_of(as_alice.post(address, headers=HTMX))
    assert 'aria-pressed="false"' in text_of(as_alice.post(address, headers=HTMX))
    assert as_alice.post(address)["Location"] == f"/pictures/{job.pk}/"
    assert as_alice.post(f"/pictures/{job.pk}/mark/price/").status_code == 404


def test_many_are_marked_at_once_and_unmarked_when_all_were(as_alice, alice, finished):
    jobs = [finished(alice), finished(alice)]
    do(as_alice, "favourite", jobs[0])
    do(as_alice, "favourite", *jobs)
    assert ImageJob.objects.filter(is_favourite=True).count() == 2
    do(as_alice, "favourite", *jobs)
    assert not ImageJob.objects.filter(is_favourite=True).exists()


def test_the_bin_leaves_a_way_back_in_the_same_place(as_alice, alice, finished):
    job = finished(alice)
    page = text_of(do(as_alice, "bin", job))
    assert f'hx-target="#tile-{job.pk}" hx-swap="outerHTML"' in page
    assert "Undo" in page
    assert f"tile-{job.pk}" not in text_of(as_alice.get("/pictures/"))
    assert str(job.pk) in text_of(as_alice.get("/pictures/bin/"))
    assert "srcset" in text_of(do(as_alice, "restore", job))
    assert f"tile-{job.pk}" in text_of(as_alice.get("/pictures/"))


def test_what_is_being_made_is_not_thrown_away(as_alice, alice, order):
    [job] = order(alice)
    do(as_alice, "bin", job)
    assert ImageJob.objects.get().binned_at is None


def test_an_emptied_bin_takes_the_files_and_gives_the_room_back(as_alice, alice, finished, media):
    gone, kept = finished(alice), finished(alice)
    do(as_alice, "bin", gone)
    as_alice.post("/pictures/bin/")
    assert list(ImageJob.objects.all()) == [kept]
    assert not [path for path in (media / gone.folder).rglob("*") if path.is_file()]
    assert Studio.objects.get(user=alice).bytes_used == kept.size_bytes


def test_thirty_days_later_it_is_gone(alice, finished):
    old, fresh = finished(alice), finished(alice)
    bin.throw_away(ImageJob.objects.all())
    ago = timezone.now() - timedelta(days=31)
    ImageJob.objects.filter(pk=old.pk).update(binned_at=ago)
    assert bin.sweep() == 1
    assert list(ImageJob.objects.all()) == [fresh]


def test_pictures_are_put_into_a_collection_that_is_made_once(as_alice, alice, finished):
    one, other = finished(alice), finished(alice)
    do(as_alice, "collect", one, collection="Texel")
    do(as_alice, "collect", one, other, collection="Texel")
    collection = Collection.objects.get()
    assert collection.jobs.count() == 2
    shown = text_of(as_alice.get(f"/pictures/?collection={collection.pk}"))
    assert shown.count('<figure class="tile') == 2
    assert "2 pictures" in text_of(as_alice.get("/pictures/collections/"))
    assert "Texel" in text_of(as_alice.get(f"/pictures/{one.pk}/"))


def test_a_collection_is_renamed_and_taken_apart_by_its_owner(as_alice, alice, bob, finished):
    mine = Collection.objects.create(user=alice, name="Texel")
    Collection.objects.create(user=alice, name="Vlieland")
    theirs = Collection.objects.create(user=bob, name="Mine")
    as_alice.post(f"/pictures/collections/{mine.pk}/", {"name": "Vlieland"})
    assert Collection.objects.get(pk=mine.pk).name == "Texel"
    as_alice.post(f"/pictures/collections/{mine.pk}/", {"name": "Terschelling"})
    assert Collection.objects.get(pk=mine.pk).name == "Terschelling"
    assert as_alice.post(f"/pictures/collections/{theirs.pk}/").status_code == 404
    job = finished(alice)
    do(as_alice, "collect", job, collection="Terschelling")
    as_alice.post(f"/pictures/collections/{mine.pk}/", {"do": "delete"})
    assert ImageJob.objects.get() == job


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
def test_a_zip_carries_each_picture_with_its_recipe_and_a_manifest(
    as_alice, alice, finished, format
):
    job = finished(alice, "A heron, “wild”", data=picture(format=format), negative_prompt="text")
    answer = do(as_alice, "zip", job, headers={})
    content = b"".join(answer.streaming_content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        name, manifest = archive.namelist()
        [entry] = [json.loads(line) for line in archive.read(manifest).splitlines()]
        with Image.open(io.BytesIO(archive.read(name))) as image:
            recipe = image.info.get("parameters") or image.getexif().get_ifd(0x8769)[0x9286]
    assert entry["file"] == name
    assert entry["prompt"] == "A heron, “wild”"
    if isinstance(recipe, bytes):
        recipe = recipe.removeprefix(b"UNICODE\0").decode("utf-16-be")
    assert recipe == (
        "A heron, “wild”\nNegative prompt: text\n"
        "Steps: 1, Sampler: DPM++ SDE, CFG scale: 2, Size: 256x256, Model: realvision"
    )


def test_two_are_compared_with_what_differs(as_alice, alice, finished):
    one, other = finished(alice, "A heron"), finished(alice, "A heron", steps=2)
    address = do(as_alice, "compare", one, other, headers={})["Location"]
    page = text_of(as_alice.get(address))
    assert page.count('<tr class="differs">') == 1
    assert do(as_alice, "compare", one, headers={})["Location"] == "/pictures/"


def test_strangers_pictures_are_never_touched(as_alice, bob, finished):
    job = finished(bob)
    for verb in ("favourite", "bin", "restore", "zip", "compare"):
        do(as_alice, verb, job)
    do(as_alice, "collect", job, collection="Mine")
    job.refresh_from_db()
    assert (job.is_favourite, job.binned_at) == (False, None)
    assert not Collection.objects.filter(jobs=job).exists()
    assert as_alice.post(f"/pictures/{job.pk}/mark/favourite/").status_code == 404
    assert as_alice.get(f"/pictures/compare/{job.pk}/{job.pk}/").status_code == 404


@pytest.mark.parametrize(
    "address", ["picked/", "bin/", "collections/", "searches/", "shares/", "shares/new/"]
)
def test_guests_are_sent_to_sign_in(client, address):
    assert client.post(f"/pictures/{address}")["Location"].startswith("/accounts/login/")
