"""Why a picture did not come, in words a person can use."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_REASONS: dict[str, Promise] = {
    "upstream_failed": _("The provider could not make this picture."),
    "unusable": _("The provider's answer was not a picture we can show."),
    "poisoned": _("This picture stopped the server several times, so we gave up on it."),
    "deadline": _("It took longer than ten minutes. If it still comes, it is yours for free."),
    "not_fetched": _("It was made, but could not be fetched. If it still comes, it is free."),
    "reservation_lapsed": _("It waited in line for too long."),
    "unanswered": _("The provider did not say whether it took the order, so we did not ask twice."),
    "unreachable": _("The provider could not be reached."),
    "untrusted": _("The provider could not prove its identity."),
    "unauthorized": _("The provider refused our key. An admin has to look at it."),
    "busy": _("The provider is too busy right now."),
    "bad_request": _("The provider did not accept this prompt or these settings."),
    "image_rejected": _("The provider did not accept this prompt or these settings."),
}
_OTHER = _("The provider did not deliver this picture.")


def of(error_code: str) -> Promise:
    return _REASONS.get(error_code, _OTHER)
