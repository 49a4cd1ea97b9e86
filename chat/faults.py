"""What went wrong with a reply, in words for the person who asked."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chat.models import Message
from minitoolai import MiniToolAIError


@dataclass(frozen=True)
class Fault:
    """One sentence on what happened; `level` is "info" or "error"."""

    text: str | Promise
    level: str = "error"


def _messages(kind: type[MiniToolAIError]) -> dict[str, str]:
    """The client's own words for each error code, through the whole tree."""
    found = {kind.code: kind.message}
    for narrower in kind.__subclasses__():
        found |= _messages(narrower)
    return found


_MESSAGES = _messages(MiniToolAIError)
_BROKEN_HERE = _("Something went wrong on this server.")
_CUT_OFF = _("The answer was cut off when the server stopped.")


def explain(message: Message) -> Fault | None:
    """Why a reply is not whole; None for one that is."""
    if message.state == Message.State.FAILED:
        return Fault(_words(message.error_code, _BROKEN_HERE))
    if message.state == Message.State.STOPPED:
        return Fault(_("You stopped this answer."), level="info")
    if message.state == Message.State.INTERRUPTED:
        return Fault(_words(message.error_code, _CUT_OFF))
    if message.finish_reason == "length":
        return Fault(_("The answer reached its longest allowed length."), level="info")
    if message.finish_reason == "content_filter":
        return Fault(_("The model's content filter ended this answer."), level="info")
    return None


def _words(error_code: str, otherwise: str | Promise) -> str | Promise:
    return gettext(_MESSAGES[error_code]) if error_code in _MESSAGES else otherwise
