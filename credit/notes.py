"""What was changed by hand is told to the person once, wherever they are in the app."""

from django.utils.translation import gettext

from accounts.models import User
from credit.models import Account, Transfer
from credit.money import exact_dollars


def in_words(transfer: Transfer) -> str:
    """In the language of now; the reason stays as the admin wrote it."""
    gift = transfer.destination.user_id is not None
    amount = {"amount": exact_dollars(transfer.amount)}
    match transfer.code:
        case Transfer.Code.GRANT:
            return gettext("You were given %(amount)s.") % amount
        case Transfer.Code.REVERSAL if gift:
            return gettext("What was taken by mistake is back: %(amount)s.") % amount
        case Transfer.Code.REVERSAL:
            return gettext("What was given by mistake was taken back: %(amount)s.") % amount
    if gift:
        return gettext("Your balance was put right: %(amount)s more.") % amount
    return gettext("Your balance was put right: %(amount)s less.") % amount


def mark_read(user: User, transfer_id: int) -> bool:
    """False when it was read before, or another change has come since."""
    waiting = Account.objects.filter(user=user, unread=transfer_id)
    return waiting.update(unread=None) == 1
