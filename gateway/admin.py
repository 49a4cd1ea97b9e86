"""Keys in the admin panel: seen, and revoked when one has leaked; never made or changed there."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from credit.admin import AdminsOnly
from gateway import keys
from gateway.models import ApiKey


@admin.register(ApiKey)
class ApiKeyAdmin(AdminsOnly):
    list_display = ("user", "name", "shown_", "created_at", "last_used_at", "expires_at", "works")
    list_select_related = ("user",)
    search_fields = ("user__username", "name", "=prefix")
    ordering = ("-created_at", "-id")
    fields = ("user", "name", "shown_", "created_at", "last_used_at", "expires_at", "revoked_at")
    actions = ("revoke",)

    @admin.display(description=_("key"))
    def shown_(self, key: ApiKey) -> str:
        return key.shown

    @admin.display(description=_("works"), boolean=True)
    def works(self, key: ApiKey) -> bool:
        return key.is_live and key.user.is_active

    @admin.action(description=_("Revoke"), permissions=["view"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        """At once and without asking for a password: a leaked key spends money meanwhile."""
        for key in queryset.filter(revoked_at=None):
            self.log_change(request, key, gettext("Revoked."))
        count = keys.revoke(queryset)
        said = ngettext("%(count)d key revoked.", "%(count)d keys revoked.", count)
        messages.success(request, said % {"count": count})
