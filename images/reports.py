"""What came of a claimed picture, written back behind its token; money moves with the state.

A poller that lost its lease, or whose picture moved on, writes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from credit import alerts, ledger
from credit.endings import Ending, Outcome
from credit.models import Alert
from images import breaker, timing
from images.files import StoredImage
from images.models import IN_FLIGHT, ImageJob, State, Studio
from minitoolai import MiniToolAIError, Unauthorized

logger = structlog.get_logger(__name__)

LEASE = timedelta(minutes=2)  # longer than the client's deadlines for one visit together
MAX_ATTEMPTS = 6
HOPELESS_AFTER = 3  # answers in a row that will not change, such as a key refused

_USELESS = ("unusable", "poisoned")  # made, so perhaps billed, yet not delivered


@dataclass(frozen=True, slots=True)
class Look:
    """A picture that was asked after in vain, or with the address of the result."""

    job: ImageJob
    image_url: str = ""


def accept(job: ImageJob, *, jobid: str, signature: str) -> None:
    """The upstream took the order: remember its secrets, and when to look first."""
    secrets = {"jobid": jobid, "signature": signature, "claim_token": None, "attempts": 0}
    look = timezone.now() + timedelta(seconds=timing.first_look(job.usual_seconds))
    if ImageJob.objects.still(job).update(state=State.RUNNING, due_at=look, **secrets):
        breaker.close()
        logger.info("image.accepted", job=str(job.pk), model=job.model)
        return
    # Answered after the lease: it was refunded, so the picture will be a late and free one.
    ImageJob.objects.filter(pk=job.pk, state=State.UNKNOWN, jobid="").update(
        state=State.EXPIRED, due_at=look, **secrets
    )


def refuse(job: ImageJob, *, error: MiniToolAIError) -> None:
    """The order met an error: try again only if it was surely not accepted."""
    breaker.heed(error)
    if isinstance(error, Unauthorized):
        alerts.flag(Alert.Kind.KEY)
    if error.sent:
        finish(job, state=State.UNKNOWN, error_code=error.code)
    elif _may_retry(job, error):
        back = _backed_off(job, error)
        ImageJob.objects.still(job).update(state=State.QUEUED, **back)
    else:
        finish(job, state=State.FAILED, error_code=error.code)


def _may_retry(job: ImageJob, error: MiniToolAIError) -> bool:
    soon = error.retry_after is None or error.retry_after <= timing.DEADLINE
    return error.retryable and soon and job.attempts + 1 < MAX_ATTEMPTS


def _backed_off(job: ImageJob, error: MiniToolAIError | None) -> dict[str, object]:
    """What an error changes on the row."""
    attempts = min(job.attempts + 1, 1000)
    retry_after = error.retry_after if error else None
    wait = timedelta(seconds=timing.back_off(attempts, retry_after=retry_after))
    return {"attempts": attempts, "claim_token": None, "due_at": timezone.now() + wait}


def look_again(job: ImageJob, *, error: MiniToolAIError | None = None) -> None:
    """No answer, or the deadline has passed: come back later, or give up in time."""
    if error:
        breaker.heed(error)
    elapsed = _elapsed(job, now=timezone.now())
    is_hopeless = error is not None and not error.retryable and job.attempts + 1 >= HOPELESS_AFTER
    if elapsed >= timing.DEADLINE or is_hopeless:
        _slow_down(job, elapsed=elapsed, error_code=error.code if error else "deadline")
    elif error:
        ImageJob.objects.still(job).update(**_backed_off(job, error))
    else:
        note([Look(job)])


def is_overdue(job: ImageJob) -> bool:
    """Whether the next look that finds nothing ends it."""
    return _elapsed(job, now=timezone.now()) >= timing.DEADLINE


def note(looks: Iterable[Look]) -> None:
    """What looks found: not ready, so come back later; or ready, so fetch it next.

    One transaction for all, as nearly every look ends so. An address is kept, so that a crash
    costs no second look.
    """
    breaker.close()
    with transaction.atomic():
        for look in sorted(looks, key=lambda look: look.job.pk):
            ImageJob.objects.still(look.job).update(attempts=0, claim_token=None, **_found(look))


def _found(look: Look) -> dict[str, object]:
    job, now = look.job, timezone.now()
    if not look.image_url:
        wait = timing.next_look(_elapsed(job, now=now), usual_seconds=job.usual_seconds)
        return {"due_at": now + timedelta(seconds=wait)}
    logger.info("image.ready", job=str(job.pk), model=job.model)
    state = State.SAVING if job.state in IN_FLIGHT else job.state
    return {"due_at": now, "state": state, "image_url": look.image_url}


def _elapsed(job: ImageJob, *, now: datetime) -> float:
    return (now - (job.submitted_at or now)).total_seconds()


def _slow_down(job: ImageJob, *, elapsed: float, error_code: str) -> None:
    """Refund, yet keep asking for a day: a late picture is a free one."""
    every = timedelta(seconds=timing.SLOW_LANE_EVERY)
    due = timezone.now() + every if elapsed < timing.SLOW_LANE_UNTIL else None
    if job.state == State.EXPIRED:
        ImageJob.objects.still(job).update(claim_token=None, due_at=due)
    else:
        finish(job, state=State.EXPIRED, error_code=error_code, due_at=due)


def retry_download(job: ImageJob) -> None:
    """The picture exists but could not be fetched or kept: try again until the deadline."""
    elapsed = _elapsed(job, now=timezone.now())
    if elapsed >= timing.DEADLINE:
        _slow_down(job, elapsed=elapsed, error_code="not_fetched")
    else:
        ImageJob.objects.still(job).update(**_backed_off(job, None))


def finish(
    job: ImageJob,
    *,
    state: State,
    error_code: str,
    detail: str = "",
    due_at: datetime | None = None,
) -> bool:
    """End without a picture: state and refund in one transaction, once."""
    with transaction.atomic():
        ended = ImageJob.objects.still(job).update(
            state=state,
            error_code=error_code,
            error_detail=detail[:200],
            claim_token=None,
            due_at=due_at,
            finished_at=timezone.now(),
        )
        if ended:
            ledger.void(job.hold_id, outcome=_outcome(state, error_code))
    if ended:
        # An order without an answer may have been billed upstream: the admin is to know.
        log = logger.error if state == State.UNKNOWN else logger.warning
        log("image.ended", job=str(job.pk), model=job.model, state=state.value, code=error_code)
    return bool(ended)


def _outcome(state: State, error_code: str) -> Outcome:
    """What the books say of a refund; a picture we could not use was made all the same."""
    was_made = state == State.FAILED and error_code in _USELESS
    return Outcome.PICTURE_FAILED if state == State.FAILED and not was_made else Outcome.LOST


def deliver(job: ImageJob, *, stored: StoredImage) -> bool:
    """End with a picture: state and charge in one transaction, once; free if refunded before."""
    now = timezone.now()
    with transaction.atomic():
        ended = ImageJob.objects.still(job).update(
            state=State.DONE,
            late=job.state == State.EXPIRED,
            error_code="",
            image_url="",
            claim_token=None,
            due_at=None,
            finished_at=now,
            binned_at=None,  # somebody may have dismissed it before it came late
            media_type=stored.media_type,
            sha256=stored.sha256,
            size_bytes=stored.size_bytes,
            real_width=stored.width,
            real_height=stored.height,
            blur=stored.blur,
        )
        if ended:
            Studio.objects.add_bytes(job.user_id, stored.size_bytes)
        if ended and job.state != State.EXPIRED:
            _charge(job, now=now)
    if ended:
        logger.info("image.delivered", job=str(job.pk), model=job.model, bytes=stored.size_bytes)
    return bool(ended)


def _charge(job: ImageJob, *, now: datetime) -> None:
    took = now - (job.submitted_at or now)
    ending = Ending(outcome=Outcome.PICTURE_DONE, duration_ms=took // timedelta(milliseconds=1))
    ledger.settle(job.hold_id, ending=ending)
    receipt = ledger.receipt(job.hold_id)
    ImageJob.objects.filter(pk=job.pk).update(charged=receipt.charged if receipt else 0)
