"""People in the admin panel: added by name, let in by a one-time link, locked out, not deleted."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.forms import UsernameField
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts import freshness, links, people
from accounts.http import AuthenticatedHttpRequest
from accounts.models import Group, OneTimeLink, User


class PersonForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ("username", "first_name", "email", "group", "is_superuser", "is_active")
        field_classes = {"username": UsernameField}
        help_texts = {
            "username": _("To sign in with. Letters, digits and @ . + - _; capitals become small.")
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        stays_admin = cleaned.get("is_superuser") and cleaned.get("is_active", True)
        others = User.objects.active_admins().exclude(pk=self.instance.pk)
        was_admin = self.initial.get("is_superuser") and self.initial.get("is_active")
        if was_admin and not stays_admin and not others.exists():
            raise ValidationError(_("This is the last admin. Make somebody else admin first."))
        return cleaned


@admin.register(User)
class PersonAdmin(admin.ModelAdmin[User]):
    form = PersonForm
    change_form_template = "admin/accounts/user/change_form.html"
    list_display = (
        "username",
        "first_name",
        "email",
        "group",
        "is_superuser",
        "is_active",
        "last_login",
    )
    list_filter = ("is_active", "is_superuser", "group")
    list_select_related = ("group",)
    search_fields = ("username", "first_name", "email")
    ordering = ("username",)
    readonly_fields = ("sign_in", "last_login", "date_joined")
    actions = ("lock_out", "let_in")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        who = ("username", "first_name", "email", "group", "is_superuser")
        if obj is None:
            return [(None, {"fields": who})]
        state = {"fields": ("is_active", "sign_in", "last_login", "date_joined")}
        return [(None, {"fields": who}), (_("Sign-in"), state)]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.new_link_view)
        return [
            path("<path:object_id>/link/", view, name="accounts_user_link"),
            *super().get_urls(),
        ]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    # Whoever may touch people may make themselves anything: that is for admins, not mere staff.

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_module_permission(request):
            raise PermissionDenied
        freshness.require(request)
        buttons = {"show_save_and_add_another": False, "show_save_and_continue": False}
        context = buttons | (extra_context or {})
        return super().changeform_view(request, object_id, form_url, context)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        person = self._person(request, object_id)
        messages.error(request, gettext("People are not deleted. Untick “Active” instead."))
        return redirect("admin:accounts_user_change", person.pk)

    def save_model(
        self, request: HttpRequest, obj: User, form: forms.ModelForm[User], change: bool
    ) -> None:
        obj.is_staff = obj.is_superuser
        if not change:
            obj.set_unusable_password()
        people.save(obj)
        if not obj.is_active:
            people.lock_out(User.objects.filter(pk=obj.pk))

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._issue_link(request, obj)

    @method_decorator(require_POST)
    def new_link_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        person = self._person(request, object_id)
        freshness.require(request)
        self.log_change(request, person, gettext("Made a new one-time link."))
        return self._issue_link(request, person)

    @admin.action(description=_("Lock out"), permissions=["change"])
    def lock_out(self, request: AuthenticatedHttpRequest, queryset: QuerySet[User]) -> None:
        freshness.require(request)
        if queryset.filter(pk=request.user.pk).exists():
            messages.error(request, gettext("You cannot lock yourself out."))
            return
        self._log_each(request, queryset, gettext("Locked out."))
        self._say_count(request, people.lock_out(queryset))

    @admin.action(description=_("Let in again"), permissions=["change"])
    def let_in(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        freshness.require(request)
        self._log_each(request, queryset, gettext("Let in again."))
        self._say_count(request, people.let_in(queryset))

    @admin.display(description=_("Password"))
    def sign_in(self, person: User) -> str:
        link = OneTimeLink.objects.live().for_person(person).first()
        if link:
            until = date_format(localtime(link.expires_at), "SHORT_DATETIME_FORMAT")
            return gettext("A one-time link is waiting until %(until)s") % {"until": until}
        if person.has_usable_password():
            return gettext("Chosen.")
        return gettext("None yet, and no working link. Make a new one.")

    def _log_each(self, request: HttpRequest, queryset: QuerySet[User], words: str) -> None:
        for person in queryset:
            self.log_change(request, person, words)

    def _say_count(self, request: HttpRequest, count: int) -> None:
        said = ngettext("%(count)d person changed.", "%(count)d people changed.", count)
        messages.success(request, said % {"count": count})

    def _person(self, request: HttpRequest, object_id: str) -> User:
        if not self.has_change_permission(request):
            raise PermissionDenied
        person = self.get_object(request, unquote(object_id))
        if person is None:
            raise Http404
        return person

    def _issue_link(self, request: HttpRequest, person: User) -> HttpResponse:
        """Show the link in the answer itself: kept nowhere, it cannot be shown again."""
        purpose = OneTimeLink.Purpose.SET_PASSWORD
        token = links.issue(purpose, user=person, created_by=cast(User, request.user))
        context = self.admin_site.each_context(request) | {
            "title": gettext("One-time link"),
            "person": person,
            "link": links.url(token, base=links.base_url(request)),
            "days": links.LIFETIMES[purpose].days,
            "opts": self.opts,
            "back": reverse("admin:accounts_user_changelist"),
        }
        return TemplateResponse(request, "admin/accounts/user/link.html", context)


@admin.register(Group)
class GroupAdmin(admin.ModelAdmin[Group]):
    """Who is in a group is told on each person's page."""

    list_display = ("name", "size")
    search_fields = ("name",)
    fields = ("name",)

    def save_model(
        self, request: HttpRequest, obj: Group, form: forms.ModelForm[Group], change: bool
    ) -> None:
        people.save_group(obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        return super().get_queryset(request).annotate(people=Count("members"))

    @admin.display(description=_("people"), ordering="people")
    def size(self, group: Group) -> int:
        people: int = group.people  # type: ignore[attr-defined]
        return people

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return False
