"""Who makes which picture when: claims under a lease, and every write-back behind its token.

Nothing here waits for the network. A row's `due_at` pushed forward is the lease and `claim_token`
the fence: a poller that lost its lease writes nothing any more.
"""

import uuid
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, PositiveSmallIntegerField, Q, When
from django.utils import timezone

from credit import ledger
from credit.endings import Ending, Outcome
from images import timing
from images.files import StoredImage
from images.models import IN_FLIGHT, ImageJob, ImageJobQuerySet, Lane, State
from minitoolai import MiniToolAIError

logger = structlog.get_logger(__name__)

LEASE = timedelta(minutes=4)  # longer than the client's deadlines for one visit together
HOLD_LEASE = timedelta(days=2)  # a queue that stands still longer gives the money back
MAX_TAKEOVERS = 5
MAX_ATTEMPTS = 6
HOPELESS_AFTER = 3  # answers in a row that will not change, such as a key refused
LONGEST_QUIET = 60.0

_OUTCOMES = {
    State.FAILED: Outcome.PICTURE_FAILED,
    State.EXPIRED: Outcome.LOST,
    State.UNKNOWN: Outcome.LOST,
}


def claim(*, room: int) -> list[ImageJob]:
    """Take up to `room` jobs whose time has come; queued ones count as handed over from here on.

    Handed-over jobs go first: somebody has been waiting for them longest.
    """
    now = timezone.now()
    if room < 1 or not ImageJob.objects.filter(due_at__lte=now).exists():
        return []
    token, lapsed = uuid.uuid4(), list[ImageJob]()
    _give_up_unanswered(now)
    with transaction.atomic():
        lane = _take_turn(now)
        if lane.quiet_until is None or lane.quiet_until <= now:
            taken = _claim_due(now, token=token, room=room)
            lapsed = _hand_out(now, token=token, room=room - taken)
    for job in lapsed:  # each in a transaction of its own, as the money asks
        finish(job, state=State.EXPIRED, error_code="reservation_lapsed")
    return list(ImageJob.objects.filter(claim_token=token))


def _take_turn(now: datetime) -> Lane:
    """Lock the one lane until the end of the transaction."""
    if not Lane.objects.filter(pk=1).update(claimed_at=now):
        Lane.objects.bulk_create([Lane(pk=1)], ignore_conflicts=True)
        Lane.objects.filter(pk=1).update(claimed_at=now)
    return Lane.objects.get(pk=1)


def _give_up_unanswered(now: datetime) -> None:
    """A hand-over whose poller died may have been accepted: it is never sent again."""
    for job in ImageJob.objects.due(now).filter(state=State.SUBMITTING):
        finish(job, state=State.UNKNOWN, error_code="unanswered")


def _claim_due(now: datetime, *, token: uuid.UUID, room: int) -> int:
    due = ImageJob.objects.due(now).values_list("pk", flat=True)[:room]
    return ImageJob.objects.filter(pk__in=list(due), due_at__lte=now).update(
        claim_token=token,
        due_at=now + LEASE,
        takeovers=Case(
            When(claim_token=None, then=F("takeovers")),
            default=F("takeovers") + 1,
            output_field=PositiveSmallIntegerField(),
        ),
    )


def _hand_out(now: datetime, *, token: uuid.UUID, room: int) -> list[ImageJob]:
    """Claim queued rows in fair turn, within the caps in flight of all and of each user.

    Answers those without money reserved any more: they are not sent.
    """
    in_flight = ImageJob.objects.in_flight_by_user()
    flying = sum(in_flight.values())
    room = min(room, settings.MAX_IMAGES_IN_FLIGHT - flying)
    cap = settings.MAX_IMAGES_IN_FLIGHT_PER_USER
    lapsed = list[ImageJob]()
    if room < 1:
        return lapsed
    for job in ImageJob.objects.next_in_turn(now, per_user=cap)[: room + flying]:
        if not room or in_flight.get(job.user_id, 0) >= cap:
            continue
        if not ledger.dispatch(job.hold_id):
            lapsed.append(job)
        elif _hand_over(job, now=now, token=token):
            in_flight[job.user_id] = in_flight.get(job.user_id, 0) + 1
            room -= 1
    return lapsed


def _hand_over(job: ImageJob, *, now: datetime, token: uuid.UUID) -> bool:
    """Commit to sending this one."""
    times = ImageJob.objects.recent_times(
        model=job.model, steps=job.steps, width=job.width, height=job.height
    )
    return bool(
        _mine(job).update(
            state=State.SUBMITTING,
            claim_token=token,
            due_at=now + LEASE,
            submitted_at=now,
            usual_seconds=timing.usual(times),
        )
    )


def _mine(job: ImageJob) -> ImageJobQuerySet:
    """The row, if nobody took it over or moved it on since `job` was read."""
    return ImageJob.objects.filter(pk=job.pk, claim_token=job.claim_token, state=job.state)


def accept(job: ImageJob, *, jobid: str, signature: str) -> None:
    """The upstream took the order: remember its secrets, and when to look first."""
    secrets = {"jobid": jobid, "signature": signature, "claim_token": None, "attempts": 0}
    look = timezone.now() + timedelta(seconds=timing.first_look(job.usual_seconds))
    if _mine(job).update(state=State.RUNNING, due_at=look, **secrets):
        logger.info("image.accepted", job=str(job.pk), model=job.model)
        return
    # Answered after the lease: it was refunded, so the picture will be a late and free one.
    ImageJob.objects.filter(pk=job.pk, state=State.UNKNOWN, jobid="").update(
        state=State.EXPIRED, due_at=look, **secrets
    )


def refuse(job: ImageJob, *, error: MiniToolAIError) -> None:
    """The order met an error: try again only if it was surely not accepted."""
    if error.sent:
        finish(job, state=State.UNKNOWN, error_code=error.code)
    elif _may_retry(job, error):
        back = _backed_off(job, error)
        _mine(job).update(state=State.QUEUED, **back)
    else:
        finish(job, state=State.FAILED, error_code=error.code)


def _may_retry(job: ImageJob, error: MiniToolAIError) -> bool:
    soon = error.retry_after is None or error.retry_after <= timing.DEADLINE
    return error.retryable and soon and job.attempts + 1 < MAX_ATTEMPTS


def _backed_off(job: ImageJob, error: MiniToolAIError | None) -> dict[str, object]:
    """What an error changes on the row; one that asks for quiet is heeded by every poller."""
    attempts = min(job.attempts + 1, 1000)
    retry_after = error.retry_after if error else None
    now = timezone.now()
    if retry_after:
        quiet = now + timedelta(seconds=min(retry_after, LONGEST_QUIET))
        Lane.objects.filter(Q(quiet_until=None) | Q(quiet_until__lt=quiet)).update(
            quiet_until=quiet
        )
    wait = timedelta(seconds=timing.back_off(attempts, retry_after=retry_after))
    return {"attempts": attempts, "claim_token": None, "due_at": now + wait}


def look_again(job: ImageJob, *, error: MiniToolAIError | None = None) -> None:
    """Not ready, or no answer: come back later, or give up in time."""
    now = timezone.now()
    elapsed = _elapsed(job, now=now)
    is_hopeless = error is not None and not error.retryable and job.attempts + 1 >= HOPELESS_AFTER
    if elapsed >= timing.DEADLINE or is_hopeless:
        _slow_down(job, elapsed=elapsed, error_code=error.code if error else "deadline")
        return
    wait = timing.next_look(elapsed, usual_seconds=job.usual_seconds)
    again = {"attempts": 0, "claim_token": None, "due_at": now + timedelta(seconds=wait)}
    _mine(job).update(**(_backed_off(job, error) if error else again))


def _elapsed(job: ImageJob, *, now: datetime) -> float:
    return (now - (job.submitted_at or now)).total_seconds()


def _slow_down(job: ImageJob, *, elapsed: float, error_code: str) -> None:
    """Refund, yet keep asking for a day: a late picture is a free one."""
    every = timedelta(seconds=timing.SLOW_LANE_EVERY)
    due = timezone.now() + every if elapsed < timing.SLOW_LANE_UNTIL else None
    if job.state == State.EXPIRED:
        _mine(job).update(claim_token=None, due_at=due)
    else:
        finish(job, state=State.EXPIRED, error_code=error_code, due_at=due)


def retry_download(job: ImageJob) -> None:
    """The picture exists but could not be fetched or kept: try again until the deadline."""
    elapsed = _elapsed(job, now=timezone.now())
    if elapsed >= timing.DEADLINE:
        _slow_down(job, elapsed=elapsed, error_code="not_fetched")
    else:
        _mine(job).update(**_backed_off(job, None))


def save(job: ImageJob, *, image_url: str) -> bool:
    """The upstream has finished: keep the address, so that a crash costs no second look."""
    state = State.SAVING if job.state in IN_FLIGHT else job.state
    changed = _mine(job).update(state=state, image_url=image_url, due_at=timezone.now() + LEASE)
    job.state, job.image_url = state, image_url
    return bool(changed)


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
        ended = _mine(job).update(
            state=state,
            error_code=error_code,
            error_detail=detail[:200],
            claim_token=None,
            due_at=due_at,
            finished_at=timezone.now(),
        )
        if ended:
            ledger.void(job.hold_id, outcome=_OUTCOMES[state])
    if ended:
        # An order without an answer may have been billed upstream: the admin is to know.
        log = logger.error if state == State.UNKNOWN else logger.warning
        log("image.ended", job=str(job.pk), model=job.model, state=state.value, code=error_code)
    return bool(ended)


def deliver(job: ImageJob, *, stored: StoredImage) -> bool:
    """End with a picture: state and charge in one transaction, once; free if refunded before."""
    now = timezone.now()
    with transaction.atomic():
        ended = _mine(job).update(
            state=State.DONE,
            late=job.state == State.EXPIRED,
            error_code="",
            image_url="",
            claim_token=None,
            due_at=None,
            finished_at=now,
            media_type=stored.media_type,
            sha256=stored.sha256,
            size_bytes=stored.size_bytes,
            real_width=stored.width,
            real_height=stored.height,
            blur=stored.blur,
        )
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
