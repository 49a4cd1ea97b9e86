"""What ended while somebody was away: told once, when they come back."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from images.models import ImageJob, Studio


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    done: int
    failed: int


def take(user: User, *, shown: Iterable[ImageJob]) -> News | None:
    """The news, which is none from then on; `shown` pictures that are part of it are marked."""
    studio = Studio.objects.of(user)
    ended = ImageJob.objects.for_user(user).shown().ended_since(studio.looked_at)
    states = dict(ended.values_list("pk", "state"))
    if not states:
        return None
    seen(user)
    for job in shown:
        job.is_news = job.pk in states
    done = sum(state == "done" for state in states.values())
    return News(done=done, failed=len(states) - done)


def seen(user: User) -> None:
    """The person looks at the gallery now."""
    Studio.objects.filter(user=user).update(looked_at=timezone.now())
