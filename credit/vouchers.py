"""Vouchers: made in batches, shown once, redeemed so that exactly one try wins."""

import hashlib
import secrets
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts import trail
from accounts.models import User
from credit.errors import VoucherRefused
from credit.gifts import book
from credit.models import Account, Transfer, Voucher, VoucherBatch
from credit.money import check_amount
from credit.opening import open_account

MOST: Final = 1000  # vouchers in a batch
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that look alike
_LENGTH: Final = 16  # 80 bits
_AS_READ: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})


@transaction.atomic
def issue(
    name: str, *, amount: int, count: int, expires_at: datetime | None, actor: User | None
) -> list[str]:
    """The codes of a new batch, worth `amount` nano-USD each: shown once, written down nowhere.

    Raises ValueError for what is no amount, or more than MOST vouchers.
    """
    check_amount(amount, least=1)
    if not 1 <= count <= MOST:
        raise ValueError(f"a batch has from 1 to {MOST} vouchers, not {count}")
    batch = VoucherBatch.objects.create(
        name=name, amount=amount, expires_at=expires_at, actor=actor
    )
    codes = [_new_code() for _ in range(count)]
    Voucher.objects.bulk_create(Voucher(batch=batch, digest=_digest(code)) for code in codes)
    trail.record(
        trail.Kind.VOUCHERS,
        thing=f"vouchers:{batch.pk}",
        subject=batch,
        before={},
        after={"amount": amount, "count": count},
        actor=actor,
    )
    return codes


def redeem(user: User, code: str) -> Transfer:
    """Give a person what a voucher is worth, once in its life; raises VoucherRefused."""
    now = timezone.now()
    voucher = Voucher.objects.select_related("batch").filter(digest=_digest(code)).first()
    if voucher is None:
        raise VoucherRefused("unknown")
    if voucher.redeemed_at is None and voucher.batch.has_expired(now):
        raise VoucherRefused("expired")
    with transaction.atomic():
        if not Voucher.objects.take(voucher.pk, user=user, at=now):
            raise VoucherRefused("used")
        return book(
            open_account(user),
            voucher.batch.amount,
            house=Account.Kind.FUNDING,
            code=Transfer.Code.VOUCHER,
            cause=f"voucher:{voucher.pk}",
            reason=voucher.batch.name,
            key=f"voucher:{voucher.pk}",
        )


def _new_code() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    return "-".join(letters[start : start + 4] for start in range(0, _LENGTH, 4))


def _digest(code: str) -> str:
    """Of the code as it was meant, however it was typed."""
    return hashlib.sha256(code.upper().translate(_AS_READ).encode()).hexdigest()
