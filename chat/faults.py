"""Why a reply is not whole, in words for the person who asked: what happened, what to do."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chat import again
from chat.admission import longest_output
from chat.models import Message
from chat.replies import SERVER_STOPPED
from minitoolai import MiniToolAIError
from minitoolai.catalog import CHAT_MODELS

Words = str | Promise

# A wait shorter than this is "a moment".
_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """`level` is "info" or "error"; `suggests_model` when another one may do better."""

    text: Words
    advice: Words = ""
    level: str = "error"
    can_go_on: bool = False
    suggests_model: bool = False


def _messages(kind: type[MiniToolAIError]) -> dict[str, str]:
    """The client's own words for each error code, through the whole tree."""
    found = {kind.code: kind.message}
    for narrower in kind.__subclasses__():
        found |= _messages(narrower)
    return found


_MESSAGES = _messages(MiniToolAIError)
_HERE: dict[str, Words] = {
    "internal": _("Something went wrong on this server."),
    SERVER_STOPPED: _("The answer was cut off when the server stopped."),
    "": _("The answer was cut off when the server stopped."),  # of rows that have no code yet
}
_IF_IT_STAYS = _("If this happens again, please tell the administrator.")
_ASK_OTHERWISE = _("Ask in other words, or choose another model.")
_ADVICE: dict[str, Words] = {
    "internal": _IF_IT_STAYS,
    "unreachable": _IF_IT_STAYS,
    "untrusted": _("Please tell the administrator."),
    "unexpected_answer": _IF_IT_STAYS,
    "bad_request": _ASK_OTHERWISE,
    "busy": _("Please try again in a moment."),
}


def explain(reply: Message) -> Fault | None:
    """Why a reply is not whole; None for one that is, or is under way."""
    if reply.is_live:
        return None
    if reply.error_code or reply.state in (Message.State.FAILED, Message.State.INTERRUPTED):
        return _broken(reply)
    if reply.state == Message.State.STOPPED:
        return Fault(text=_("You stopped this answer."), level="info", can_go_on=True)
    if reply.finish_reason == "length":
        return _cut_to_length(reply)
    if reply.finish_reason == "content_filter":
        return Fault(
            text=_("The model's content filter ended this answer."),
            advice=_ASK_OTHERWISE,
            level="info",
            suggests_model=True,
        )
    return None


def _broken(reply: Message) -> Fault:
    code = reply.error_code
    text = gettext(_MESSAGES[code]) if code in _MESSAGES else _HERE.get(code, _HERE["internal"])
    return Fault(
        text=text,
        advice=_when(reply) or _ADVICE.get(code, ""),
        can_go_on=again.can_go_on(reply),
        suggests_model=_ADVICE.get(code) is _ASK_OTHERWISE,
    )


def _when(reply: Message) -> str:
    """When to try again, if the upstream asked to wait for long."""
    if reply.retry_at is None or reply.retry_at - timezone.now() < _MOMENT:
        return ""
    moment = timezone.localtime(reply.retry_at)
    is_today = moment.date() == timezone.localdate()
    when = formats.date_format(moment, "TIME_FORMAT" if is_today else "SHORT_DATETIME_FORMAT")
    return gettext("It asks to wait until %(when)s.") % {"when": when}


def _cut_to_length(reply: Message) -> Fault:
    if reply.model in CHAT_MODELS and reply.output_cap < longest_output(reply.model):
        return Fault(
            text=_("The answer became as long as your credit allowed."),
            advice=_("Ask the administrator for more credit to hear the rest."),
            level="info",
            can_go_on=True,
        )
    return Fault(
        text=_("The answer reached its longest allowed length."), level="info", can_go_on=True
    )
