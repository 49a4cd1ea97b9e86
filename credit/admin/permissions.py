"""Who may see the money."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest


class AdminsOnly(admin.ModelAdmin[Any]):
    """Money is for admins, not for mere staff; by default they read and nothing more."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
