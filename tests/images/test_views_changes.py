"""What a page that shows waiting pictures is told."""

import re

import pytest

from images import queue, reports
from images.models import State
from tests.images.conftest import HTMX, text_of

pytestmark = pytest.mark.django_db


def shown(client):
    return re.findall(r'name="seen" value="([^"]+)"', client.get("/pictures/").content.decode())


def test_nothing_new_is_answered_with_no_content(as_alice, alice, order):
    order(alice, count=2)
    seen = shown(as_alice)
    assert len(seen) == 2
    answer = as_alice.post("/pictures/changes/", {"seen": seen}, headers=HTMX)
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_picture_that_landed_is_swapped_in_announced_and_paid(as_alice, alice, finished, order):
    [waiting] = order(alice)
    [claimed] = queue.claim(room=8)
    seen = [*shown(as_alice)]
    done = finished(alice, "A tulip field")
    seen.append(f"{done.pk}:running:0")
    answer = as_alice.post("/pictures/changes/", {"seen": seen}, headers=HTMX)
    page = text_of(answer)
    assert f'hx-target="#tile-{done.pk}"' in page
    assert f"tile-{waiting.pk}" not in page
    assert "Picture ready: A tulip field" in page
    assert 'id="purse"' in page
    assert 'hx-trigger="every 2s"' in page
    assert claimed.pk == waiting.pk


def test_the_poller_stops_when_nothing_waits(as_alice, alice, finished):
    job = finished(alice)
    seen = [f"{job.pk}:running:0"]
    page = text_of(as_alice.post("/pictures/changes/", {"seen": seen}, headers=HTMX))
    assert '<div id="poller"></div>' in page


def test_moving_up_in_line_is_a_change(as_alice, alice, order):
    first, second = order(alice, count=2)
    seen = shown(as_alice)
    queue.claim(room=1)
    page = text_of(as_alice.post("/pictures/changes/", {"seen": seen}, headers=HTMX))
    assert page.count('<hx-partial hx-target="#tile-') == 2
    assert "next in line" in page
    assert "data-elapsed" in page
    assert "picture-ready" not in page


def test_a_failure_is_said_with_its_reason_and_a_way_to_try_again(as_alice, alice, order):
    [job] = order(alice)
    seen = shown(as_alice)
    [claimed] = queue.claim(room=1)
    reports.finish(claimed, state=State.FAILED, error_code="upstream_failed", detail="<b>nsfw</b>")
    page = text_of(as_alice.post("/pictures/changes/", {"seen": seen}, headers=HTMX))
    assert "could not make this picture" in page
    assert "Nothing was charged." in page
    assert "&lt;b&gt;nsfw&lt;/b&gt;" in page
    assert f"/pictures/?from={job.pk}" in page


def test_strangers_tiles_and_nonsense_are_not_answered(as_alice, bob, order):
    [job] = order(bob, "In confidence")
    seen = [f"{job.pk}:done:0", "nonsense", "", ":::"]
    page = text_of(as_alice.post("/pictures/changes/", {"seen": seen}, headers=HTMX))
    assert "In confidence" not in page
    assert str(job.pk) not in page
