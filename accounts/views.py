"""Pages of one-time links and of one's own account."""

from typing import cast

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import links, people
from accounts.adapter import speak
from accounts.forms import ChoosePasswordForm, FirstAdminForm, ProfileForm
from accounts.http import AuthenticatedHttpRequest
from accounts.models import OneTimeLink, User

LINK_SESSION_KEY = "one_time_link"


@require_safe
@never_cache
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Move a working link's digest into the session, so that its token leaves the address bar.

    Nothing is used up yet: mail programs and chat previews open links too.
    """
    known = OneTimeLink.objects.for_token(token)
    link = known.live().first()
    if link is None:
        return _render_dead_link(request, status=410 if known.exists() else 404)
    request.session[LINK_SESSION_KEY] = link.digest
    response = redirect("accounts:choose_password")
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
def choose_password(request: HttpRequest) -> HttpResponse:
    digest = request.session.get(LINK_SESSION_KEY, "")
    link = OneTimeLink.objects.live().filter(digest=digest).select_related("user").first()
    if link is None:
        return _render_dead_link(request, status=410)
    form = _form_for(link, request)
    if request.method != "POST":
        return _render_choose_password(request, form)
    if not form.is_valid():
        return _render_choose_password(request, form, status=422)
    try:
        user = _redeem(link, form)
    except links.LinkSpentError:
        return _render_dead_link(request, status=410)
    del request.session[LINK_SESSION_KEY]
    return cast(HttpResponse, perform_login(request, user))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: AuthenticatedHttpRequest) -> HttpResponse:
    # The form writes into its own copy: a refused entry must not change who the page greets.
    person = User.objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST or None, instance=person)
    if request.method != "POST":
        return _render_profile(request, form)
    if not form.is_valid():
        return _render_profile(request, form, status=422)
    user = people.save(form.save(commit=False))
    messages.success(request, _("Saved."))
    response = redirect("accounts:profile")
    speak(response, language=user.language)
    return response


@login_required
@require_POST
def end_other_sessions(request: AuthenticatedHttpRequest) -> HttpResponse:
    people.end_other_sessions(request.user, request=request)
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("accounts:profile")


def _form_for(link: OneTimeLink, request: HttpRequest) -> FirstAdminForm | ChoosePasswordForm:
    data = request.POST if request.method == "POST" else None
    if link.user is None:
        return FirstAdminForm(data)
    return ChoosePasswordForm(link.user, data)


def _redeem(link: OneTimeLink, form: FirstAdminForm | ChoosePasswordForm) -> User:
    if isinstance(form, FirstAdminForm):
        return links.make_first_admin(link, admin=form.save(commit=False))
    return links.set_password(link, password=form.cleaned_data["new_password1"])


def _render_choose_password(
    request: HttpRequest, form: FirstAdminForm | ChoosePasswordForm, *, status: int = 200
) -> HttpResponse:
    person = form.user if isinstance(form, ChoosePasswordForm) else None
    context = {"form": form, "person": person}
    return render(request, "accounts/welcome.html", context, status=status)


def _render_dead_link(request: HttpRequest, *, status: int) -> HttpResponse:
    response = render(request, "accounts/dead_link.html", status=status)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _render_profile(
    request: AuthenticatedHttpRequest, form: ProfileForm, *, status: int = 200
) -> HttpResponse:
    return render(request, "accounts/profile.html", {"form": form}, status=status)
