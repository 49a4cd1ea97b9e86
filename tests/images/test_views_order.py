"""What one does about an order: cancel it, try again, dismiss it; and news after an absence."""

from datetime import timedelta

import pytest
from django.utils import timezone

from images import queue, reports
from images.models import ImageJob, State, Studio
from tests.images.conftest import EACH, HTMX, money_of, state_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(order):
    """An order that came to nothing."""

    def failed(user, prompt="A heron"):
        [job] = order(user, prompt, steps=3)
        [claimed] = queue.claim(room=1)
        reports.finish(claimed, state=State.FAILED, error_code="upstream_failed")
        return job

    return failed


def test_cancelling_takes_the_tile_away_and_gives_the_money_back(as_alice, alice, order):
    [job] = order(alice)
    page = text_of(as_alice.post(f"/pictures/{job.pk}/cancel/", headers=HTMX))
    assert f'hx-target="#tile-{job.pk}" hx-swap="delete"' in page
    assert 'id="purse"' in page
    assert money_of(alice) == (0, 0)
    assert str(job.pk) not in text_of(as_alice.get("/pictures/"))


def test_cancelling_too_late_says_so_and_shows_how_it_stands(as_alice, alice, order):
    [job] = order(alice)
    queue.claim(room=1)
    answer = as_alice.post(f"/pictures/{job.pk}/cancel/", headers=HTMX)
    assert "Too late to cancel" in answer["HX-Trigger"]
    assert f'id="tile-{job.pk}"' in text_of(answer)
    assert money_of(alice) == (0, EACH)


def test_trying_again_orders_the_same_recipe_once_in_the_same_place(as_alice, alice, failed):
    job = failed(alice)
    for _ in range(2):
        page = text_of(as_alice.post(f"/pictures/{job.pk}/retry/", headers=HTMX))
    again = ImageJob.objects.exclude(pk=job.pk).get()
    assert (again.prompt, again.steps, again.state) == ("A heron", 3, State.QUEUED)
    assert f'hx-target="#tile-{job.pk}" hx-swap="outerHTML"' in page
    assert f'id="tile-{again.pk}"' in page
    assert money_of(alice) == (0, EACH)
    assert f"tile-{job.pk}" not in text_of(as_alice.get("/pictures/"))


def test_a_finished_picture_is_not_ordered_again(as_alice, alice, finished):
    job = finished(alice)
    as_alice.post(f"/pictures/{job.pk}/retry/", headers=HTMX)
    assert ImageJob.objects.count() == 1


def test_a_dismissed_failure_leaves_the_gallery_and_a_picture_stays(
    as_alice, alice, failed, finished
):
    gone, kept = failed(alice), finished(alice)
    for job in (gone, kept):
        as_alice.post(f"/pictures/{job.pk}/dismiss/")
    page = text_of(as_alice.get("/pictures/"))
    assert f"tile-{gone.pk}" not in page
    assert f"tile-{kept.pk}" in page


@pytest.mark.parametrize("verb", ["cancel", "retry", "dismiss"])
def test_only_its_owner_may(client, as_alice, bob, order, verb):
    [job] = order(bob)
    assert as_alice.post(f"/pictures/{job.pk}/{verb}/").status_code == 404
    assert as_alice.get(f"/pictures/{job.pk}/{verb}/").status_code == 405
    client.logout()
    assert client.post(f"/pictures/{job.pk}/{verb}/")["Location"].startswith("/accounts/login/")
    assert state_of(job) == State.QUEUED


def test_what_ended_while_one_was_away_is_told_once(as_alice, alice, finished, failed):
    as_alice.get("/pictures/")
    finished(alice)
    failed(alice)
    page = text_of(as_alice.get("/pictures/"))
    assert "1 picture was finished while you were away." in page
    assert "1 could not be made and cost nothing." in page
    assert page.count(" fresh") == 2
    assert "while you were away" not in text_of(as_alice.get("/pictures/"))


def test_what_one_saw_arriving_is_no_news(as_alice, alice, finished):
    as_alice.get("/pictures/")
    job = finished(alice)
    as_alice.post("/pictures/changes/", {"seen": f"{job.pk}:running:0"}, headers=HTMX)
    assert "while you were away" not in text_of(as_alice.get("/pictures/"))


def test_a_tile_says_when_it_takes_longer_than_usual(as_alice, alice, order):
    [job] = order(alice)
    queue.claim(room=1)
    ago = timezone.now() - timedelta(seconds=14)
    ImageJob.objects.update(state=State.RUNNING, jobid="1", submitted_at=ago, usual_seconds=9)
    assert "longer than the usual 9 s" in text_of(as_alice.get("/pictures/"))


def test_stored_bytes_are_counted(alice, finished):
    job = finished(alice)
    assert Studio.objects.get(user=alice).bytes_used == job.size_bytes > 0
