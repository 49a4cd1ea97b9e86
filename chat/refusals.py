"""Why a prompt was not sent, in words for the person who sent it, and what they can do instead."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from chat import admission, again, estimates, history
from chat.estimates import Fit
from credit.errors import InsufficientCredit, LedgerError, LimitReached, ModelNotPriced


class Refused(Exception):
    """With the reason in words and the HTTP status to give it; `error` is the money's, if any."""

    def __init__(self, reason: str, *, status: int, error: LedgerError | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status
        self.error = error

    @property
    def can_get_credit(self) -> bool:
        """Whether a voucher would help."""
        return isinstance(self.error, InsufficientCredit)

    @property
    def is_own_limit(self) -> bool:
        """Whether they set the limit themselves, and may raise it."""
        return isinstance(self.error, LimitReached) and self.error.whose == "own"

    def fits(self, user: User, *, text: str, after: uuid.UUID | None) -> Fit | None:
        """A model that can still answer the prompt, where money is what is wanting."""
        if not isinstance(self.error, InsufficientCredit | LimitReached):
            return None
        return estimates.fits(user, text=text, after=after)


@contextmanager
def in_words() -> Iterator[None]:
    """Turn what the domain refuses into a sentence."""
    try:
        yield
    except ModelNotPriced as error:
        raise Refused(error.message, status=422) from error
    except LedgerError as error:
        raise Refused(error.message, status=402, error=error) from error
    except admission.TooManyReplies as error:
        raise Refused(
            _("You have as many answers under way as you may. Wait for one, or stop one."),
            status=429,
        ) from error
    except admission.SentOtherwise as error:
        raise Refused(
            _("This was sent before, in other words. Send it again if you want both."),
            status=409,
        ) from error
    except OperationalError as error:
        raise Refused(_("The database is busy. Send it again in a moment."), status=503) from error
    except again.NotAgain as error:
        raise Refused(_("This answer can't be asked for again."), status=409) from error
    except history.PromptTooLong as error:
        raise Refused(_too_long(error.limit), status=422) from error


def _too_long(limit: int) -> str:
    words = ngettext(
        "This is too long for the model: it reads at most %(limit)d token.",
        "This is too long for the model: it reads at most %(limit)d tokens.",
        limit,
    )
    return words % {"limit": limit}
