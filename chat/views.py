"""Pages and actions of the chat. Sending is a POST; the answer comes over the socket."""

import uuid
from contextlib import suppress
from typing import Any

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import reswap

from accounts.http import AuthenticatedHttpRequest
from chat import admission, again, estimates, history, pages, replies
from chat.admission import Begun
from chat.estimates import Fit
from chat.forms import AskForm, AttemptForm, PromptForm
from chat.models import Conversation, Message
from chat.notices import PathNotice, ReplyNotice, board
from chat.refusals import Refused, in_words
from chat.runner import runner
from chat.threads import soon
from credit.errors import ModelNotPriced


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
def estimate(
    request: AuthenticatedHttpRequest, conversation_id: uuid.UUID | None = None
) -> HttpResponse:
    """What the prompt as typed would cost; nothing where that cannot be said."""
    found = _conversation_or_404(request, conversation_id) if conversation_id else None
    if not ratelimit.consume(request, action="estimate"):
        return reswap(HttpResponse(status=429), "none")
    form, estimated = PromptForm(request.POST), None
    with suppress(ModelNotPriced, history.PromptTooLong):
        if form.is_valid():
            estimated = estimates.of(
                request.user,
                text=form.cleaned_data["text"],
                after=found.tip_id if found else None,
                model=form.cleaned_data["model"],
            )
    return render(request, "chat/conversation.html#estimate", {"estimate": estimated})


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
        line=pages.begun_line(begun.reply.conversation),
        language=get_language() or "",
    )
    soon(board.tell, notice)
    if is_new:
        return redirect("chat:conversation", begun.reply.conversation_id)
    return turns if request.htmx else _redirect_to(begun.reply)


def _begin(request: AuthenticatedHttpRequest, found: Conversation | None) -> Begun:
    asked = _valid(PromptForm(request.POST))
    with in_words():
        return admission.begin(found, user=request.user, request_id=request.request_id, **asked)


def _begin_next(request: AuthenticatedHttpRequest, message: Message) -> Begun:
    seen = _valid(AttemptForm(request.POST))["attempt"]
    with in_words():
        return again.next_attempt(message, seen=seen, request_id=request.request_id)


def _begin_another(request: AuthenticatedHttpRequest, message: Message) -> Begun:
    asked = _valid(AskForm(request.POST))
    with in_words():
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
        "charged": pages.charged(request.user, found.pk) if found else 0,
        "is_live": turns is not None and any(message.is_live for message in turns.messages),
        "before": before,
        "listed": pages.listed(request.user),
        "models": pages.choices(request.user),
        "model": found.model if found else "",
        "client_id": uuid.uuid4(),
        "text": request.POST.get("text", ""),
        "refusal": refusal,
        "fit": _fit(request, found, refusal) if refusal else None,
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
        context = {"refusal": refusal, "fit": _fit(request, found, refusal)}
        return render(request, "chat/conversation.html#refusal", context, status=refusal.status)
    return _render_page(request, found, refusal=refusal)


def _fit(
    request: AuthenticatedHttpRequest, found: Conversation | None, refusal: Refused
) -> Fit | None:
    """What of a refused prompt could still be had; nothing for what was no prompt."""
    text = request.POST.get("text", "").strip()
    after = found.tip_id if found else None
    return refusal.fits(request.user, text=text, after=after) if text else None
