"""The project as an app: registers its system checks and turns WAL on after migrate."""

from typing import Any

from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.db import connections
from django.db.models.signals import post_migrate


def enable_wal(*, using: str, **kwargs: Any) -> None:
    """Set SQLite's write-ahead log once; processes that start together would fight over it."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=WAL")


class MiniToolWebConfig(AppConfig):
    name = "minitoolweb"

    def ready(self) -> None:
        from minitoolweb import checks  # noqa: F401  registers by import

        # Any app's signal will do but ours: Django sends none for an app without models.
        post_migrate.connect(enable_wal, sender=apps.get_app_config("accounts"))


class AdminConfig(DjangoAdminConfig):
    default_site = "accounts.admin_site.HouseAdminSite"
