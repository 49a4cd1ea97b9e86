"""Pages and actions of the chat. Sending is a POST; the answer comes over the socket."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import OperationalError
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import AuthenticatedHttpRequest
from chat import admission, again, history, pages, replies
from chat.admission import Begun
from chat.forms import AskForm, AttemptForm, PromptForm
from chat.models import Conversation, Message
from chat.notices import PathNotice, ReplyNotice, board
from chat.runner import runner
from chat.threads import soon
from credit import prices
from credit.errors import LedgerError, ModelNotPriced
from minitoolai.catalog import CHAT_MODELS


class Refused(Exception):
    """A prompt that was not sent, with the reason in words and the HTTP status to give it."""

    def __init__(self, reason: str, *, status: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: AuthenticatedHttpRequest) -> HttpResponse:
    """A new conversation: an empty page with the composer; its first POST begins it."""
    if request.method == "POST":
        return _send(request, None)
    return _render_page(request, None)


@login_required
@require_GET
def conversation(request: AuthenticatedHttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    found = _conversation_or_404(request, conversation_id)
    before = request.GET.get("before")
    if before is None:
        return _render_page(request, found)
    return _render_page(request, found, before=_message_or_404(request, found.pk, before))


@login_required
@require_GET
def message(request: AuthenticatedHttpRequest, message_id: uuid.UUID) -> HttpResponse:
    """Where a message stands: what the books know of it is its id alone."""
    return _redirect_to(get_object_or_404(Message.objects.for_user(request.user), pk=message_id))


@login_required
@require_GET
def conversations(request: AuthenticatedHttpRequest) -> HttpResponse:
    """More of the sidebar's list, after the conversation named by `after`."""
    last = _conversation_or_404(request, request.GET.get("after", ""))
    return render(request, "chat/list.html", {"listed": pages.listed(request.user, after=last)})


@login_required
@require_POST
def send(request: AuthenticatedHttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    return _send(request, _conversation_or_404(request, conversation_id))


@login_required
@require_POST
def stop(
    request: AuthenticatedHttpRequest, conversation_id: uuid.UUID, message_id: uuid.UUID
) -> HttpResponse:
    """Stop a reply; saying so twice, or too late, changes nothing."""
    message = _message_or_404(request, conversation_id, message_id)
    soon(runner.stop, message.pk)
    replies.request_stop(message)  # for when another process streams it
    if request.htmx:
        return HttpResponse(status=204)
    return redirect("chat:conversation", conversation_id)


@login_required
@require_POST
def retry(
    request: AuthenticatedHttpRequest, conversation_id: uuid.UUID, message_id: uuid.UUID
) -> HttpResponse:
    """The next attempt at a reply that was not completed: anew, or after what is there."""
    message = _message_or_404(request, conversation_id, message_id)
    try:
        begun = _begin_next(request, message)
    except Refused as refusal:
        return _render_refusal(request, message.conversation, refusal)
    return _start(request, begun)


@login_required
@require_POST
def another(
    request: AuthenticatedHttpRequest, conversation_id: uuid.UUID, message_id: uuid.UUID
) -> HttpResponse:
    """Another answer to the same prompt, beside the earlier ones."""
    message = _message_or_404(request, conversation_id, message_id)
    try:
        begun = _begin_another(request, message)
    except Refused as refusal:
        return _render_refusal(request, message.conversation, refusal)
    return _start(request, begun)


@login_required
@require_POST
def show(
    request: AuthenticatedHttpRequest, conversation_id: uuid.UUID, message_id: uuid.UUID
) -> HttpResponse:
    """Show this version of an answer and what followed it, here and on the other pages."""
    message = _message_or_404(request, conversation_id, message_id)
    again.show(message)
    notice = PathNotice(
        user_id=message.user_id, conversation_id=conversation_id, message_id=message.pk
    )
    soon(board.tell, notice)
    if not request.htmx:
        return _redirect_to(message)
    message.conversation.refresh_from_db()
    return _render_turns(request, pages.branch_turns(message))


def _send(request: AuthenticatedHttpRequest, found: Conversation | None) -> HttpResponse:
    try:
        begun = _begin(request, found)
    except Refused as refusal:
        return _render_refusal(request, found, refusal)
    return _start(request, begun, is_new=found is None)


def _start(
    request: AuthenticatedHttpRequest, begun: Begun, *, is_new: bool = False
) -> HttpResponse:
    soon(runner.start, begun)
    turns = _render_turns(request, [begun.prompt, begun.reply])
    notice = ReplyNotice(
        is_beginning=True,
        user_id=begun.reply.user_id,
        conversation_id=begun.reply.conversation_id,
        message_id=begun.reply.pk,
        html=turns.content.decode(),
        language=get_language() or "",
    )
    soon(board.tell, notice)
    if is_new:
        return redirect("chat:conversation", begun.reply.conversation_id)
    return turns if request.htmx else _redirect_to(begun.reply)


def _begin(request: AuthenticatedHttpRequest, found: Conversation | None) -> Begun:
    asked = _valid(PromptForm(request.POST))
    with _RefusalsInWords():
        return admission.begin(found, user=request.user, request_id=request.request_id, **asked)


def _begin_next(request: AuthenticatedHttpRequest, message: Message) -> Begun:
    seen = _valid(AttemptForm(request.POST))["attempt"]
    with _RefusalsInWords():
        return again.next_attempt(message, seen=seen, request_id=request.request_id)


def _begin_another(request: AuthenticatedHttpRequest, message: Message) -> Begun:
    asked = _valid(AskForm(request.POST))
    with _RefusalsInWords():
        return again.another(message, request_id=request.request_id, **asked)


def _valid(form: Form) -> dict[str, Any]:
    """What a form holds; raises Refused when it is filled wrongly or the server restarts."""
    if runner.draining:
        raise Refused(_("The server is restarting. Send it again in a moment."), status=503)
    if not form.is_valid():
        raise Refused(
            " ".join(str(e) for errors in form.errors.values() for e in errors), status=422
        )
    return form.cleaned_data


class _RefusalsInWords:
    """Turn what the domain refuses into a sentence for the person who asked."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        match error:
            case ModelNotPriced():
                raise Refused(error.message, status=422) from error
            case LedgerError():
                raise Refused(error.message, status=402) from error
            case admission.TooManyReplies():
                raise Refused(
                    _("You have as many answers under way as you may. Wait for one, or stop one."),
                    status=429,
                ) from error
            case admission.SentOtherwise():
                raise Refused(
                    _("This was sent before, in other words. Send it again if you want both."),
                    status=409,
                ) from error
            case OperationalError():
                raise Refused(
                    _("The database is busy. Send it again in a moment."), status=503
                ) from error
            case again.NotAgain():
                raise Refused(_("This answer can't be asked for again."), status=409) from error
            case history.PromptTooLong():
                raise Refused(
                    ngettext(
                        "This is too long for the model: it reads at most %(limit)d token.",
                        "This is too long for the model: it reads at most %(limit)d tokens.",
                        error.limit,
                    )
                    % {"limit": error.limit},
                    status=422,
                ) from error


def _conversation_or_404(
    request: AuthenticatedHttpRequest, conversation_id: uuid.UUID | str
) -> Conversation:
    return get_object_or_404(Conversation.objects.for_user(request.user), pk=_uuid(conversation_id))


def _message_or_404(
    request: AuthenticatedHttpRequest, conversation_id: uuid.UUID, message_id: uuid.UUID | str
) -> Message:
    return get_object_or_404(
        Message.objects.for_user(request.user).select_related("conversation", "parent"),
        conversation=conversation_id,
        pk=_uuid(message_id),
    )


def _uuid(value: uuid.UUID | str) -> uuid.UUID | None:
    """An id from an address; a malformed one finds nothing rather than failing."""
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None


def _render_page(
    request: AuthenticatedHttpRequest,
    found: Conversation | None,
    *,
    before: Message | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    turns = pages.newest_turns(found, before=before) if found else None
    context = {
        "area": "chat",
        "conversation": found,
        "current": found.pk if found else None,
        "turns": turns,
        "is_live": turns is not None and any(message.is_live for message in turns.messages),
        "before": before,
        "listed": pages.listed(request.user),
        "models": [CHAT_MODELS[name] for name in prices.offered_models("chat", user=request.user)],
        "model": found.model if found else "",
        "client_id": uuid.uuid4(),
        "text": request.POST.get("text", ""),
        "refusal": refusal.reason if refusal else "",
    }
    template = "chat/conversation.html"
    if before is not None and request.htmx:
        template += "#turns"
    return render(request, template, context, status=refusal.status if refusal else 200)


def _render_turns(request: AuthenticatedHttpRequest, turns: list[Message]) -> HttpResponse:
    return render(request, "chat/conversation.html#pair", {"messages": turns})


def _redirect_to(message: Message) -> HttpResponse:
    """The page, at this turn."""
    page = reverse("chat:conversation", args=[message.conversation_id])
    return HttpResponseRedirect(f"{page}#m-{message.pk}")


def _render_refusal(
    request: AuthenticatedHttpRequest, found: Conversation | None, refusal: Refused
) -> HttpResponse:
    if request.htmx:
        context = {"refusal": refusal.reason}
        return render(request, "chat/conversation.html#refusal", context, status=refusal.status)
    return _render_page(request, found, refusal=refusal)
