"""Pictures that programs order: the same queue and purse as the form's, opened by a signature."""

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from hmac import compare_digest
from typing import Any, Final

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet

from gateway.asks import StatusAsk
from gateway.models import ApiKey, PictureOrder, digest_of
from images import jobs
from images.models import ImageJob
from minitoolai import ImageRequest

LINK_LASTS: Final = timedelta(hours=24)
_SALT: Final = "gateway.pictures"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The order's number, and its signature: given out here and nowhere else."""

    number: int
    signature: str = field(repr=False)


def order(image: ImageRequest, *, key: ApiKey, request_id: str) -> Receipt:
    """Put a picture in the queue, paid for in advance. Raises what images.jobs.submit raises."""
    signature = secrets.token_urlsafe(24)
    with transaction.atomic():
        booked = jobs.submit(
            key.user, batch=uuid.uuid4(), image=image, request_id=request_id, key=key
        )
        row = PictureOrder.objects.create(
            job=booked.jobs[0], key=key, signature_digest=digest_of(signature)
        )
    return Receipt(row.pk, signature)


def find(ask: StatusAsk) -> PictureOrder | None:
    """The order of that number, for who has its signature and as long as its key works."""
    found = _open_orders().filter(pk=ask.number).first() if ask.number else None
    if found is None:
        return None
    return found if compare_digest(found.signature_digest, digest_of(ask.signature)) else None


def status(found: PictureOrder) -> str:
    """As the provider says it: "success", "error", and "pending" for anything in between."""
    if found.job.is_done:
        return "success"
    return "pending" if found.job.is_pending else "error"


def link_token(found: PictureOrder) -> str:
    """What opens the picture's file for LINK_LASTS, to whoever has it."""
    return signing.dumps(found.pk, salt=_SALT)


def job_for(token: str) -> ImageJob | None:
    """The finished picture that a token opens, if it still does."""
    try:
        number: Any = signing.loads(token, salt=_SALT, max_age=LINK_LASTS)
    except signing.BadSignature:
        return None
    found = _open_orders().filter(pk=number).first()
    return found.job if found is not None and found.job.is_done else None


def _open_orders() -> QuerySet[PictureOrder]:
    """Orders whose key works: a revoked one opens nothing any more."""
    usable = ApiKey.objects.usable()
    return PictureOrder.objects.filter(key__in=usable).select_related("job")
