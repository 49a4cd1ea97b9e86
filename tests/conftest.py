"""The test database and the people in it.

DATABASE_URL chooses the database; by default it is SQLite in a file, so that other threads and
processes see the same rows. A transactional test is followed by a flush: it lifts the append-only
triggers (production has no such way) and puts back the rows that the migrations made.
"""

import os
from collections.abc import Generator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection, models, transaction
from django.db.models.signals import post_migrate
from django.utils import translation
from pytest_django import DjangoDbBlocker

from accounts import append_only
from accounts.models import User
from tests.factories import UserFactory
from tests.upstream import Simulator

SERVICES = {"postgres": "TEST_DATABASE_URL", "redis": "TEST_REDIS_URL"}
DATABASE = {"db", "transactional_db", "live_server"}
STARTED_ONCE = {"site", "grown", "migrated"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks the test database: only that is worth trying on another one.

    And keep the tests together that share what takes long to start.
    """
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or DATABASE & fixtures:
            item.add_marker("database")
        if STARTED_ONCE & fixtures:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out what needs a service that is not there; script/test says so aloud."""
    for mark, variable in SERVICES.items():
        if item.get_closest_marker(mark) and not os.environ.get(variable):
            pytest.skip(f"{variable} is not set")
    for vendor in ("sqlite", "postgresql"):
        if item.get_closest_marker(vendor) and connection.vendor != vendor:
            pytest.skip("DATABASE_URL names another database")


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """No rate limit or cached page of another test."""
    cache.clear()


@pytest.fixture(autouse=True)
def _usual_language() -> Generator[None, None, None]:
    """A request in Dutch leaves its thread Dutch until the next request; the next test is not."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A file, one for each worker, in place of SQLite's in-memory test database."""
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        folder: Path = tmp_path_factory.mktemp("database")
        database.setdefault("TEST", {})["NAME"] = str(folder / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Generator[None, None, None]:
    with django_db_blocker.unblock():
        seeds = _rows_made_by_migrations()

    def put_seeds_back(**kwargs: object) -> None:
        with transaction.atomic():
            for model, rows in seeds:
                model._base_manager.bulk_create(rows)

    post_migrate.connect(put_seeds_back, sender=apps.get_app_config("credit"))
    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "sqlite":
            _let_flush_through(patch)
        yield
    post_migrate.disconnect(put_seeds_back, sender=apps.get_app_config("credit"))
    with django_db_blocker.unblock():
        _end_other_sessions()


def _rows_made_by_migrations() -> list[tuple[type[models.Model], list[models.Model]]]:
    ours = [app for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR]
    tables = [model for app in ours for model in app.get_models()]
    return [(model, rows) for model in tables if (rows := list(model._base_manager.all()))]


def _let_flush_through(patch: pytest.MonkeyPatch) -> None:
    """SQLite flushes by DELETE, which the triggers refuse; PostgreSQL truncates."""
    operations = type(connection.ops)
    flush = operations.sql_flush

    def sql_flush(self, *args, **kwargs):
        return [
            *append_only.drop_statements("sqlite"),
            *flush(self, *args, **kwargs),
            *append_only.create_statements("sqlite"),
        ]

    patch.setattr(operations, "sql_flush", sql_flush)


def _end_other_sessions() -> None:
    """Threads that asynchronous tests used keep theirs open; PostgreSQL then drops no database."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """The test database's address, for processes that a test starts."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{quote(database['NAME'])}"
    user = f"{database['USER']}:{database['PASSWORD']}".rstrip(":")
    host = f"{database['HOST']}:{database['PORT']}".rstrip(":")
    return f"postgres://{user}@{host}/{database['NAME']}"


@pytest.fixture
def alice(db: None) -> User:
    return UserFactory(username="alice")


@pytest.fixture
def bob(db: None) -> User:
    return UserFactory(username="bob")


@pytest.fixture(scope="session")
def _simulator() -> Generator[Simulator, None, None]:
    with Simulator() as running:
        yield running


@pytest.fixture
def simulator(_simulator: Simulator) -> Simulator:
    """The upstream over a real socket, with an empty bill."""
    _simulator.reset()
    return _simulator
