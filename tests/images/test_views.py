"""The gallery and the viewer: for the owner, a stranger and a guest."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from credit.models import Price
from images import queue, reports
from images.models import ImageJob
from tests.images.conftest import HTMX, entry, text_of

pytestmark = pytest.mark.django_db


def test_pictures_stand_by_month_newest_first(as_alice, alice, finished):
    for moment in ("2026-09-30T22:30", "2026-08-31T21:30"):  # UTC; in Amsterdam two hours later
        job = finished(alice, f"Made at {moment}")
        at = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("UTC"))
        ImageJob.objects.filter(pk=job.pk).update(created_at=at)
    page = text_of(as_alice.get("/pictures/"))
    assert page.index("October 2026") < page.index("Made at 2026-09") < page.index("August 2026")
    assert "September 2026" not in page


def test_months_begin_with_a_capital_also_where_the_language_has_none(as_alice, alice, finished):
    job = finished(alice)
    ImageJob.objects.filter(pk=job.pk).update(created_at="2026-03-04T12:00Z")
    page = text_of(as_alice.get("/pictures/", headers={"Accept-Language": "nl"}))
    assert "<h2>Maart 2026</h2>" in page


def test_closeness_to_the_prompt_has_one_name_and_its_help_the_programs_word(
    as_alice, alice, finished
):
    page = text_of(as_alice.get(f"/pictures/{finished(alice).pk}/"))
    assert page.count("Closeness to the prompt") == 2  # in the form and in the recipe
    assert "cfgScale: below 4" in page


def test_a_page_takes_the_same_few_queries_however_many_pictures(
    as_alice, alice, order, django_assert_max_num_queries
):
    as_alice.get("/pictures/")  # opens the account
    with django_assert_max_num_queries(13) as few:
        as_alice.get("/pictures/")
    for _ in range(10):
        order(alice, count=4)
    with django_assert_max_num_queries(14) as many:
        as_alice.get("/pictures/")
    assert len(many) == len(few) + 1  # the places in line


def test_pages_neither_repeat_nor_skip_a_picture(as_alice, alice, order, monkeypatch):
    for _ in range(4):
        order(alice, count=4)
    ImageJob.objects.update(created_at=timezone.now())  # all in the same instant
    monkeypatch.setattr("images.gallery.PAGE", 6)
    ids, address, pages = [], "/pictures/", 0
    while address:
        page = as_alice.get(address).content.decode()
        order(alice, "One more at the top")
        ids += re.findall(r'id="tile-([^"]+)"', page)
        following = re.search(r'href="(/pictures/\?after=[^"]+)"', page)
        address, pages = following and following[1], pages + 1
    assert pages == 3
    assert len(ids) == len(set(ids)) == 16


def test_the_next_page_goes_on_within_its_month(as_alice, alice, order, monkeypatch):
    order(alice, count=4)
    monkeypatch.setattr("images.gallery.PAGE", 2)
    first = as_alice.get("/pictures/").content.decode()
    [address] = set(re.findall(r'hx-get="(/pictures/\?after=[^"]+)"', first))
    more = text_of(as_alice.get(address, headers=HTMX))
    assert "<html" not in more
    assert "<h2" not in more
    assert "hx-target=\"[data-month='" in more
    assert more.count('class="tile wait"') == 2


@pytest.mark.parametrize("after", ["x", "1-2", "99999999999999999999999-" + "0" * 32, "-"])
def test_a_senseless_cursor_shows_the_newest(as_alice, alice, order, after):
    [job] = order(alice)
    assert f"tile-{job.pk}" in text_of(as_alice.get("/pictures/", {"after": after}))


def test_secrets_never_stand_in_a_page(as_alice, alice, order, finished):
    done = finished(alice)
    order(alice)
    [claimed] = queue.claim(room=1)
    reports.accept(claimed, jobid="4711471147", signature="s3cr3t-signature")
    pages = [as_alice.get(path) for path in ("/pictures/", f"/pictures/{done.pk}/")]
    for page in pages:
        assert "s3cr3t-signature" not in text_of(page)
        assert "4711471147" not in text_of(page)
        assert "http://upstream" not in text_of(page)


def test_the_viewer_tells_how_the_picture_was_made_and_what_it_cost(as_alice, alice, finished):
    older, job, newer = (finished(alice, name) for name in ("Older", "A heron", "Newer"))
    page = text_of(as_alice.get(f"/pictures/{job.pk}/"))
    for part in ("A heron", "realvision", "256 × 256", "DPM++ SDE", "$0.0015", "?download"):
        assert part in page
    assert f'href="/pictures/{newer.pk}/" rel="prev"' in page
    assert f'href="/pictures/{older.pk}/" rel="next"' in page
    assert f"/pictures/?from={job.pk}" in page


def test_a_waiting_picture_has_no_viewer_and_no_file(as_alice, alice, order):
    [job] = order(alice)
    assert as_alice.get(f"/pictures/{job.pk}/").status_code == 404
    assert as_alice.get(f"/pictures/{job.pk}/file/320").status_code == 404


def _addresses(job):
    return [f"/pictures/{job.pk}/", *(f"/pictures/{job.pk}/file/{s}" for s in ("original", "320"))]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_strangers_picture_is_like_one_that_never_was(as_alice, bob, finished, headers):
    job = finished(bob)
    for address in _addresses(job):
        assert as_alice.get(address, headers=headers).status_code == 404
    assert str(job.pk) not in text_of(as_alice.get("/pictures/", headers=headers))


def test_a_guest_is_sent_to_sign_in(client, alice, finished):
    job = finished(alice)
    for address in ("/pictures/", *_addresses(job)):
        answer = client.get(address)
        assert answer["Location"] == f"/accounts/login/?next={address}"
    for address in ("/pictures/", "/pictures/form/", "/pictures/changes/"):
        assert client.post(address, entry())["Location"].startswith("/accounts/login/")
        assert "HX-Redirect" in client.post(address, entry(), headers=HTMX)
    assert ImageJob.objects.count() == 1


@pytest.mark.parametrize("address", ["form/", "changes/"])
def test_fragments_answer_posts_only(as_alice, address):
    assert as_alice.get(f"/pictures/{address}").status_code == 405


def test_without_any_priced_model_the_page_still_stands(as_alice):
    Price.objects.filter(kind="image").delete()
    assert as_alice.get("/pictures/").status_code == 200
    assert as_alice.post("/pictures/", entry()).status_code == 422
    assert not ImageJob.objects.exists()
