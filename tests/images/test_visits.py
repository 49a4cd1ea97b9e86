"""A picture's way through the upstream: every fault lands as a state, and money moves once."""

import pytest

from credit import ledger
from images import files, queue
from images.models import ImageJob, Lane, State
from tests.faults.invariants import assert_invariants
from tests.images.conftest import (
    EACH,
    age,
    hurry,
    let_lease_run_out,
    money_of,
    open_holds,
    picture,
    state_of,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_pictures_come_and_cost_what_the_upstream_bills(alice, order, work, simulator, media):
    ordered = order(alice, count=4) + order(alice, "A tulip field", model="dreamshaper")
    work(8)
    assert {state_of(job) for job in ordered} == {State.DONE}
    assert money_of(alice) == (5 * EACH, 0)
    bill = simulator.bill()
    assert (bill["pictures"], bill["total_nano"]) == (5, 5 * EACH)
    assert all(len(list((media / job.folder).iterdir())) == 3 for job in ordered)


def test_a_delivered_row_keeps_the_facts_and_forgets_the_address(alice, order, work):
    [job] = order(alice, width=512, height=256)
    work()
    job.refresh_from_db()
    assert (job.real_width, job.real_height, job.charged) == (512, 256, EACH)
    assert job.blur.startswith("data:image/webp;base64,")
    assert (len(job.sha256), job.image_url, job.claim_token, job.due_at) == (64, "", None, None)


def test_an_order_whose_answer_was_lost_is_refunded_and_never_sent_again(
    alice, order, work, simulator
):
    """G1"""
    [job] = order(alice, "A lighthouse [[fault:g1]]")
    work(6)
    assert state_of(job) == State.UNKNOWN
    assert simulator.bill()["pictures"] == 1
    assert money_of(alice) == (0, 0)
    assert_invariants(simulator.bill())


@pytest.mark.parametrize("fault", ["u5 status=500", "u5 status=502", "u6"])
def test_an_answer_that_leaves_it_open_is_taken_for_accepted(alice, order, work, simulator, fault):
    [job] = order(alice, f"A lighthouse [[fault:{fault}]]")
    work(6)
    assert state_of(job) == State.UNKNOWN
    assert money_of(alice) == (0, 0)
    assert open_holds() == 0


def test_a_job_that_never_ends_is_refunded_at_the_deadline(alice, order, work):
    """G2"""
    [job] = order(alice, "A lighthouse [[fault:g2]]")
    work(3)
    assert state_of(job) == State.RUNNING
    assert money_of(alice) == (0, EACH)
    age(job, minutes=11)
    work(1)
    assert state_of(job) == State.EXPIRED
    assert money_of(alice) == (0, 0)
    assert job.due_at is not None


def test_a_late_picture_is_still_delivered_free_and_marked(alice, order, work, simulator):
    """G2"""
    [job] = order(alice, "A lighthouse [[fault:g2 late=1]]")
    work(1)
    age(job, minutes=11)
    work(1)
    assert state_of(job) == State.EXPIRED
    for _ in range(100):
        work(1)
        if state_of(job) == State.DONE:
            break
    assert (job.state, job.late, job.charged) == (State.DONE, True, 0)
    assert money_of(alice) == (0, 0)
    assert simulator.bill()["pictures"] == 1
    assert_invariants(simulator.bill())


def test_the_slow_lane_ends_after_a_day(alice, order, work):
    [job] = order(alice, "A lighthouse [[fault:g2]]")
    work(1)
    age(job, minutes=11)
    work(1)
    age(job, hours=25)
    work(1)
    assert (state_of(job), job.due_at) == (State.EXPIRED, None)


def test_a_process_killed_between_download_and_commit_delivers_once(
    alice, order, work, simulator, media
):
    """G3: the files are there, the row still says saving under a lease that has run out."""
    [job] = order(alice)
    work(1)
    hurry()
    [claimed] = queue.claim(room=1)
    assert claimed.state == State.RUNNING
    files.store(claimed, picture(format="JPEG"))
    let_lease_run_out(job)
    work(3)
    assert (state_of(job), job.takeovers) == (State.DONE, 1)
    assert money_of(alice) == (EACH, 0)
    assert simulator.bill()["pictures"] == 1
    assert_invariants(simulator.bill())
    assert len(list((media / job.folder).iterdir())) == 3
    assert (media / job.path("original")).read_bytes() != picture(format="JPEG")


@pytest.mark.parametrize("result", ["404", "private", "big", "svg", "html", "text", "bomb"])
def test_a_useless_result_is_refunded_and_no_byte_of_it_kept(
    alice, order, work, simulator, media, result
):
    """G5"""
    [job] = order(alice, f"A lighthouse [[fault:g5 as={result}]]")
    work()
    assert state_of(job) == State.FAILED
    assert money_of(alice) == (0, 0)
    assert_invariants(simulator.bill())
    assert "not a picture" in job.reason
    assert not [path for path in media.rglob("*") if path.is_file()]


@pytest.mark.parametrize("fault", ["failed", "refused", "u2"])
def test_what_the_upstream_refuses_or_fails_costs_nothing(alice, order, work, fault):
    [job] = order(alice, f"A lighthouse [[fault:{fault}]]")
    work()
    assert state_of(job) == State.FAILED
    assert job.reason
    assert money_of(alice) == (0, 0)


def test_a_busy_upstream_is_left_in_peace_and_asked_again(alice, order, work, simulator):
    simulator.arm("u3", retry_after=1)
    [job] = order(alice)
    work(1)
    assert state_of(job) == State.QUEUED
    assert Lane.objects.get().quiet_until is not None
    work(2)
    assert state_of(job) == State.QUEUED
    Lane.objects.update(quiet_until=None)
    work()
    assert state_of(job) == State.DONE
    assert money_of(alice) == (EACH, 0)
    assert simulator.bill()["pictures"] == 1


def test_a_hopeless_retry_after_ends_at_once(alice, order, work):
    [job] = order(alice, "A lighthouse [[fault:u4]]")
    work(1)
    assert (state_of(job), job.error_code) == (State.FAILED, "busy")
    assert money_of(alice) == (0, 0)


def test_an_unreachable_upstream_is_tried_six_times(alice, order, work, simulator, settings):
    [job] = order(alice)
    simulator.url, running = "http://127.0.0.1:9", simulator.url
    try:
        for _ in range(8):
            work(1)
            Lane.objects.update(quiet_until=None)
    finally:
        simulator.url = running
    assert (state_of(job), job.error_code) == (State.FAILED, "unreachable")
    assert money_of(alice) == (0, 0)
    assert simulator.bill()["pictures"] == 0


def test_an_error_while_asking_does_not_end_the_picture(alice, order, work, simulator):
    [job] = order(alice)
    simulator.arm("u5", on="status")
    work(2)
    assert state_of(job) == State.RUNNING
    assert job.attempts == 1
    work()
    assert state_of(job) == State.DONE
    assert money_of(alice) == (EACH, 0)


def test_a_download_that_broke_is_tried_again(alice, order, work, simulator):
    [job] = order(alice)
    simulator.arm("u5", on="download")
    work(2)
    assert state_of(job) == State.SAVING
    assert job.image_url
    work()
    assert state_of(job) == State.DONE
    assert money_of(alice) == (EACH, 0)


def test_a_full_disk_keeps_the_picture_for_later(alice, order, work, media):
    [job] = order(alice)
    media.write_text("a file where the folder should be")
    work(3)
    assert state_of(job) == State.SAVING
    media.unlink()
    work()
    assert state_of(job) == State.DONE


def test_a_job_that_was_taken_over_five_times_is_given_up(alice, order, work):
    [job] = order(alice, "A lighthouse [[fault:g2]]")
    work(1)
    ImageJob.objects.update(takeovers=5)
    work(1)
    assert (state_of(job), job.error_code) == (State.FAILED, "poisoned")
    assert money_of(alice) == (0, 0)


def test_a_queue_that_outlived_its_reservation_sends_nothing(alice, order, work, simulator):
    [job] = order(alice)
    ledger.void(job.hold_id)
    work()
    assert (state_of(job), job.error_code) == (State.EXPIRED, "reservation_lapsed")
    assert simulator.bill()["pictures"] == 0


def test_secrets_stay_out_of_the_log(alice, order, work, caplog, capsys):
    [job] = order(alice, "A lighthouse [[fault:g2]] in confidence")
    work(2)
    job.refresh_from_db()
    written = caplog.text + "".join(capsys.readouterr())
    assert str(job.pk) in written
    assert job.signature not in written
    assert "in confidence" not in written


def test_failures_in_a_row_open_the_breaker_for_every_poller_and_an_answer_closes_it(
    alice, bob, order, work, simulator
):
    order(alice, "A lighthouse [[fault:u5 status=500]]", count=3)
    work(1)
    assert Lane.objects.get().strikes == 3
    [other] = order(bob)
    work(3)
    assert state_of(other) == State.QUEUED
    Lane.objects.update(quiet_until=None)
    work(4)
    assert state_of(other) == State.DONE
    assert Lane.objects.get().strikes == 0
    assert_invariants(simulator.bill())
