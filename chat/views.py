"""Pages and actions of the chat. Sending is a POST; the answer comes over the socket."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import AuthenticatedHttpRequest
from chat import admission, history, notices, pages, replies
from chat.admission import Begun
from chat.forms import PromptForm
from chat.models import Conversation, Message
from chat.runner import runner
from chat.threads import in_thread
from credit import prices
from credit.errors import LedgerError
from minitoolai.catalog import CHAT_MODELS


class Refused(Exception):
    """A prompt that was not sent, with the reason in words and the HTTP status to give it."""

    def __init__(self, reason: str, *, status: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
async def home(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    """A new conversation: an empty page with the composer; its first POST begins it."""
    if request.method == "POST":
        return await _send(request, None)
    return await in_thread(_render_page)(request, None)


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
def conversations(request: AuthenticatedHttpRequest) -> HttpResponse:
    """More of the sidebar's list, after the conversation named by `after`."""
    last = _conversation_or_404(request, request.GET.get("after", ""))
    return render(request, "chat/list.html", {"listed": pages.listed(request.user, after=last)})


@login_required
@require_POST
async def send(request: AuthenticatedHttpRequest, conversation_id: uuid.UUID) -> HttpResponseBase:
    return await _send(request, conversation_id)


@login_required
@require_POST
async def stop(
    request: AuthenticatedHttpRequest, conversation_id: uuid.UUID, message_id: uuid.UUID
) -> HttpResponseBase:
    """Stop a reply; saying so twice, or too late, changes nothing."""
    message = await in_thread(_message_or_404)(request, conversation_id, message_id)
    if not runner.stop(message.pk):
        await in_thread(replies.request_stop)(message)
    return _render_done(request, conversation_id)


@login_required
@require_POST
async def retry(
    request: AuthenticatedHttpRequest, conversation_id: uuid.UUID, message_id: uuid.UUID
) -> HttpResponseBase:
    """Ask again for a reply that failed before its first word."""
    message = await in_thread(_message_or_404)(request, conversation_id, message_id)
    try:
        begun = await in_thread(_begin_again)(request, message)
    except Refused as refusal:
        return await in_thread(_render_refusal)(request, message.conversation, refusal)
    return await _start(request, begun)


async def _send(
    request: AuthenticatedHttpRequest, conversation_id: uuid.UUID | None
) -> HttpResponseBase:
    found = (
        await in_thread(_conversation_or_404)(request, conversation_id) if conversation_id else None
    )
    try:
        begun = await in_thread(_begin)(request, found)
    except Refused as refusal:
        return await in_thread(_render_refusal)(request, found, refusal)
    return await _start(request, begun, is_new=found is None)


async def _start(
    request: AuthenticatedHttpRequest, begun: Begun, *, is_new: bool = False
) -> HttpResponseBase:
    runner.start(begun)
    await notices.tell(
        begun.reply.user_id,
        "reply.begun",
        conversation_id=begun.reply.conversation_id,
        message_id=begun.reply.pk,
    )
    if is_new or not request.htmx:
        return redirect("chat:conversation", begun.reply.conversation_id)
    return await in_thread(_render_turns)(request, begun)


def _begin(request: AuthenticatedHttpRequest, found: Conversation | None) -> Begun:
    if runner.draining:
        raise Refused(_("The server is restarting. Send it again in a moment."), status=503)
    form = PromptForm(request.POST)
    if not form.is_valid():
        raise Refused(
            " ".join(str(e) for errors in form.errors.values() for e in errors), status=422
        )
    with _RefusalsInWords():
        return admission.begin(
            found, user=request.user, request_id=request.request_id, **form.cleaned_data
        )


def _begin_again(request: AuthenticatedHttpRequest, message: Message) -> Begun:
    with _RefusalsInWords():
        return admission.begin_again(message, request_id=request.request_id)


class _RefusalsInWords:
    """Turn what the domain refuses into a sentence for the person who asked."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        match error:
            case LedgerError():
                raise Refused(error.message, status=402) from error
            case admission.TooManyReplies():
                raise Refused(
                    _("You have as many answers under way as you may. Wait for one, or stop one."),
                    status=429,
                ) from error
            case admission.NotAgain():
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
        Message.objects.for_user(request.user).select_related("conversation"),
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
        "models": [CHAT_MODELS[name] for name in prices.offered_models("chat")],
        "model": found.model if found else "",
        "client_id": uuid.uuid4(),
        "text": request.POST.get("text", ""),
        "refusal": refusal.reason if refusal else "",
    }
    template = "chat/conversation.html"
    if before is not None and request.htmx:
        template += "#turns"
    return render(request, template, context, status=refusal.status if refusal else 200)


def _render_turns(request: AuthenticatedHttpRequest, begun: Begun) -> HttpResponse:
    context = {"messages": [begun.prompt, begun.reply]}
    return render(request, "chat/conversation.html#pair", context)


def _render_refusal(
    request: AuthenticatedHttpRequest, found: Conversation | None, refusal: Refused
) -> HttpResponse:
    if request.htmx:
        context = {"refusal": refusal.reason}
        return render(request, "chat/conversation.html#refusal", context, status=refusal.status)
    return _render_page(request, found, refusal=refusal)


def _render_done(request: AuthenticatedHttpRequest, conversation_id: uuid.UUID) -> HttpResponseBase:
    if request.htmx:
        return HttpResponse(status=204)
    return redirect("chat:conversation", conversation_id)
