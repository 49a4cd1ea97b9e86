"""Claims: fair, within the caps, under a lease, and nobody writes back without the token."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings as project
from django.db import connection
from django.utils import timezone

from images import files, queue, reports
from images.models import ImageJob, Lane, State
from minitoolai import AnswerLost, Busy
from tests.factories import UserFactory
from tests.faults.invariants import assert_invariants
from tests.images.conftest import (
    EACH,
    hurry,
    let_lease_run_out,
    money_of,
    open_holds,
    picture,
    state_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(order):
    """A claimed job that the upstream has accepted and is due for a look."""

    def running(user):
        order(user)
        [claimed] = queue.claim(room=1)
        reports.accept(claimed, jobid="1", signature="s")
        hurry()
        [claimed] = queue.claim(room=1)
        return claimed

    return running


def test_a_claim_says_that_the_order_is_being_handed_over(alice, order):
    order(alice)
    [claimed] = queue.claim(room=8)
    assert claimed.state == State.SUBMITTING
    assert claimed.due_at > timezone.now() + timedelta(minutes=1)
    assert queue.claim(room=8) == []


def test_users_take_turns_and_the_least_recently_served_goes_first(alice, bob, order, settings):
    settings.MAX_IMAGES_IN_FLIGHT = 3
    order(alice, count=2)
    for claimed in queue.claim(room=1):
        reports.finish(claimed, state=State.FAILED, error_code="refused")
    order(alice, count=4)
    order(bob, count=4)
    assert sorted(job.user.username for job in queue.claim(room=3)) == ["alice", "bob", "bob"]


def test_caps_in_flight_hold_for_each_user_and_for_all(alice, bob, order, settings):
    settings.MAX_IMAGES_IN_FLIGHT, settings.MAX_IMAGES_IN_FLIGHT_PER_USER = 5, 3
    order(alice, count=4)
    assert len(queue.claim(room=32)) == 3
    assert queue.claim(room=32) == []
    order(bob, count=4)
    assert [job.user for job in queue.claim(room=32)] == [bob, bob]
    assert queue.claim(room=32) == []


def test_a_person_at_the_cap_does_not_hide_the_others(alice, order, settings):
    settings.MAX_IMAGES_IN_FLIGHT, settings.MAX_IMAGES_IN_FLIGHT_PER_USER = 8, 2
    order(alice, count=4)
    order(alice, count=4)
    assert len(queue.claim(room=32)) == 2
    others = [UserFactory() for _ in range(5)]
    for other in others:
        order(other)
    assert {job.user for job in queue.claim(room=32)} == set(others)


@pytest.mark.django_db(transaction=True)
def test_pollers_that_race_share_the_jobs_and_keep_the_caps(order, settings):
    """G4"""
    settings.MAX_IMAGES_IN_FLIGHT, settings.MAX_IMAGES_IN_FLIGHT_PER_USER = 8, 3
    for _ in range(3):
        order(UserFactory(), count=4)
    claimed = _race(lambda: queue.claim(room=32))
    assert len(claimed) == len(set(claimed)) == 8
    assert sorted(ImageJob.objects.in_flight_by_user().values()) == [2, 3, 3]


@pytest.mark.django_db(transaction=True)
def test_without_the_claim_the_same_race_does_jobs_twice(order):
    """G4, negative control: merely reading what is due gives it to everybody."""
    order(UserFactory(), count=4)
    read = _race(lambda: list(ImageJob.objects.queued()))
    assert len(read) == 4 * len(set(read))


def _race(take):
    def poll(_):
        try:
            return [job.pk for job in take()]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        return [pk for pks in pool.map(poll, range(4)) for pk in pks]


@pytest.mark.django_db(transaction=True)
def test_two_that_deliver_the_same_picture_settle_once(alice, running):
    """G4"""
    claimed = running(alice)
    reports.note([reports.Look(claimed, "http://upstream/1.png")])
    [claimed] = queue.claim(room=0)
    stored = files.store(claimed, picture())

    def deliver(_):
        try:
            return reports.deliver(claimed, stored=stored)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(deliver, range(4))) == [False, False, False, True]
    assert money_of(alice) == (EACH, 0)


def test_who_lost_the_lease_writes_nothing(alice, running):
    stalled = running(alice)
    let_lease_run_out(stalled)
    [taken_over] = queue.claim(room=8)
    assert taken_over.takeovers == 1
    stored = files.store(stalled, picture())
    reports.note([reports.Look(stalled, "http://late/1.png")])
    assert not reports.deliver(stalled, stored=stored)
    assert not reports.finish(stalled, state=State.FAILED, error_code="late")
    reports.note([reports.Look(stalled)])
    reports.look_again(stalled)
    reports.retry_download(stalled)
    row = ImageJob.objects.get()
    assert (row.state, row.claim_token, row.image_url) == (
        State.RUNNING,
        taken_over.claim_token,
        "",
    )
    assert money_of(alice) == (0, EACH)


def test_a_cancelled_order_gives_its_money_back_and_is_never_sent(alice, order):
    first, second = order(alice, count=2)
    assert queue.cancel(first)
    assert not queue.cancel(first)
    assert [job.pk for job in queue.claim(room=8)] == [second.pk]
    assert (state_of(first), first.is_pending) == (State.CANCELLED, False)
    assert money_of(alice) == (0, EACH)


def test_what_was_handed_over_cannot_be_cancelled(alice, order):
    [job] = order(alice)
    queue.claim(room=1)
    assert not queue.cancel(job)
    assert state_of(job) == State.SUBMITTING
    assert money_of(alice) == (0, EACH)


@pytest.mark.django_db(transaction=True)
def test_cancels_that_race_with_claims_never_refund_what_is_sent(alice, order, settings):
    settings.MAX_IMAGES_IN_FLIGHT = settings.MAX_IMAGES_IN_FLIGHT_PER_USER = 32
    waiting = order(alice, count=8)

    def act(place):
        try:
            if place % 2:
                return [job.pk for job in queue.claim(room=2)]
            return [job.pk for job in waiting[place : place + 2] if queue.cancel(job)]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        taken = [pk for pks in pool.map(act, range(8)) for pk in pks]
    assert len(taken) == len(set(taken))
    sent = ImageJob.objects.filter(state=State.SUBMITTING).count()
    queued = ImageJob.objects.queued().count()
    assert sent + queued + ImageJob.objects.filter(state=State.CANCELLED).count() == 8
    assert money_of(alice) == (0, EACH * (sent + queued))


def test_a_hand_over_whose_process_died_is_refunded_and_not_repeated(alice, order):
    [job] = order(alice)
    queue.claim(room=8)
    let_lease_run_out(job)
    assert queue.claim(room=8) == []
    assert state_of(job) == State.UNKNOWN
    assert money_of(alice) == (0, 0)


def test_an_acceptance_after_the_refund_becomes_a_late_and_free_picture(alice, order):
    [job] = order(alice)
    [claimed] = queue.claim(room=8)
    let_lease_run_out(job)
    queue.claim(room=8)
    reports.accept(claimed, jobid="7", signature="s")
    assert (state_of(job), job.jobid) == (State.EXPIRED, "7")
    hurry()
    [again] = queue.claim(room=8)
    reports.note([reports.Look(again, "http://upstream/7.png")])
    [again] = queue.claim(room=0)
    assert reports.deliver(again, stored=files.store(again, picture()))
    assert (state_of(job), job.late, job.charged) == (State.DONE, True, 0)
    assert money_of(alice) == (0, 0)


def test_an_error_that_may_have_been_accepted_is_never_retried(alice, order):
    [job] = order(alice)
    [claimed] = queue.claim(room=8)
    reports.refuse(claimed, error=AnswerLost())
    assert (state_of(job), job.due_at) == (State.UNKNOWN, None)


def test_busy_keeps_every_poller_quiet_for_as_long_as_asked_but_a_minute_at_most(alice, bob, order):
    order(alice)
    order(bob)
    [claimed] = queue.claim(room=1)
    reports.refuse(claimed, error=Busy(retry_after=300))
    assert queue.claim(room=8) == []
    quiet = Lane.objects.get().quiet_until - timezone.now()
    assert timedelta(seconds=55) < quiet <= timedelta(seconds=60)


def test_usual_time_is_the_median_of_the_same_kind(alice, finished, order):
    for seconds in (4, 6, 20):
        job = finished(alice)
        end = job.submitted_at + timedelta(seconds=seconds)
        ImageJob.objects.filter(pk=job.pk).update(finished_at=end)
    order(alice)
    [claimed] = queue.claim(room=8)
    assert claimed.usual_seconds == 6


def test_an_idle_claim_writes_nothing(alice, finished, django_assert_num_queries):
    finished(alice)
    with django_assert_num_queries(1):
        assert queue.claim(room=8) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("point", "state", "spent"),
    [
        ("before the order is sent", State.UNKNOWN, 0),
        ("after it was accepted", State.DONE, EACH),
        ("after the files were written", State.DONE, EACH),
    ],
)
def test_a_killed_process_loses_nothing(
    alice, order, work, simulator, database_url, point, state, spent
):
    """G3 and P3: SIGKILL at each point; another process takes over when the lease has run out."""
    [job] = order(alice)
    if point != "before the order is sent":
        work(1)
        hurry()
    steps = "files.store(job, data)" if "files" in point else ""
    script = f"""
import django; django.setup()
import os, signal, sys
from images import files, queue
[job] = queue.claim(room=1)
data = sys.stdin.buffer.read()
{steps}
os.kill(os.getpid(), signal.SIGKILL)
"""
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    killed = subprocess.run(
        [sys.executable, "-c", script],
        cwd=project.BASE_DIR,
        env=environment,
        input=picture(format="JPEG"),
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    let_lease_run_out(job)
    work(3)
    assert state_of(job) == state
    assert money_of(alice) == (spent, 0)
    assert open_holds() == 0
    assert_invariants(simulator.bill())
