"""What every page shows of the signed-in person's money."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from credit import ledger
from credit.purses import Purse


def purse(request: HttpRequest) -> dict[str, object]:
    """`purse`, read only by the templates that show it; false for who is not signed in."""
    return {"purse": SimpleLazyObject(lambda: purse_of(getattr(request, "user", None)))}


def purse_of(user: object) -> Purse | None:
    """The purse of somebody who has signed in."""
    return ledger.purse(user) if isinstance(user, User) else None
