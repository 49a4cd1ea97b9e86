"""Who makes which picture when: claims under a lease, in fair turn, and leaving the line.

Nothing here waits for the network. A row's `due_at` pushed forward is the lease and `claim_token`
the fence: a poller that lost its lease writes nothing any more.
"""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, PositiveSmallIntegerField, When
from django.utils import timezone

from credit import ledger
from credit.endings import Outcome
from images import reports, timing
from images.models import ImageJob, ImageJobQuerySet, Lane, State
from images.reports import LEASE

HOLD_LEASE = timedelta(days=2)  # a queue that stands still longer gives the money back
MAX_TAKEOVERS = 5


def claim(*, room: int, fetches: int = 8) -> list[ImageJob]:
    """Take up to `room` jobs whose time has come; queued ones count as handed over from here on.

    Besides, up to `fetches` of those that are ready to be fetched.
    Handed-over jobs go first: somebody has been waiting for them longest.
    """
    now = timezone.now()
    if room + fetches < 1 or not ImageJob.objects.filter(due_at__lte=now).exists():
        return []
    token, lapsed = uuid.uuid4(), list[ImageJob]()
    _give_up_unanswered(now)
    with transaction.atomic():
        lane = _take_turn(now)
        if lane.quiet_until is None or lane.quiet_until <= now:
            due = ImageJob.objects.due(now)
            _claim(due.exclude(image_url=""), now=now, token=token, room=fetches)
            taken = _claim(due.filter(image_url=""), now=now, token=token, room=room)
            lapsed = _hand_out(now, token=token, room=room - taken)
    for job in lapsed:  # each in a transaction of its own, as the money asks
        reports.finish(job, state=State.EXPIRED, error_code="reservation_lapsed")
    return list(ImageJob.objects.filter(claim_token=token))


def cancel(job: ImageJob) -> bool:
    """Out of the line, with the money back; False when it was handed over before.

    Claims wait meanwhile: nobody hands over what is being cancelled.
    """
    now = timezone.now()
    with transaction.atomic():
        _take_turn(now)
        cancelled = (
            ImageJob.objects.queued()
            .filter(pk=job.pk)
            .update(state=State.CANCELLED, due_at=None, finished_at=now, binned_at=now)
        )
        if cancelled:
            ledger.void(job.hold_id, outcome=Outcome.NOT_SENT)
    return bool(cancelled)


def _take_turn(now: datetime) -> Lane:
    """Lock the one lane until the end of the transaction."""
    if not Lane.objects.filter(pk=1).update(claimed_at=now):
        Lane.objects.bulk_create([Lane(pk=1)], ignore_conflicts=True)
        Lane.objects.filter(pk=1).update(claimed_at=now)
    return Lane.objects.get(pk=1)


def _give_up_unanswered(now: datetime) -> None:
    """A hand-over whose poller died may have been accepted: it is never sent again."""
    for job in ImageJob.objects.due(now).filter(state=State.SUBMITTING):
        reports.finish(job, state=State.UNKNOWN, error_code="unanswered")


def _claim(rows: ImageJobQuerySet, *, now: datetime, token: uuid.UUID, room: int) -> int:
    """How many of the rows are ours now."""
    due = rows.values_list("pk", flat=True)[: max(0, room)]
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
    usual = _UsualTimes()
    for job in ImageJob.objects.next_in_turn(now, per_user=cap)[: room + flying]:
        if not room or in_flight.get(job.user_id, 0) >= cap:
            continue
        if not ledger.dispatch(job.hold_id):
            lapsed.append(job)
        elif _hand_over(job, now=now, token=token, usual=usual(job)):
            in_flight[job.user_id] = in_flight.get(job.user_id, 0) + 1
            room -= 1
    return lapsed


def _hand_over(job: ImageJob, *, now: datetime, token: uuid.UUID, usual: float | None) -> bool:
    """Commit to sending this one."""
    return bool(
        ImageJob.objects.still(job).update(
            state=State.SUBMITTING,
            claim_token=token,
            due_at=now + LEASE,
            submitted_at=now,
            usual_seconds=usual,
        )
    )


class _UsualTimes:
    """The usual time of each kind, in seconds, read once for all jobs of a claim."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int, int, int], float | None] = {}

    def __call__(self, job: ImageJob) -> float | None:
        kind = (job.model, job.steps, job.width, job.height)
        if kind not in self._known:
            names = ("model", "steps", "width", "height")
            times = ImageJob.objects.recent_times(**dict(zip(names, kind, strict=True)))  # type: ignore[arg-type]
            self._known[kind] = timing.usual(times)
        return self._known[kind]
