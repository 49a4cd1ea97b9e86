"""What must stand before serving: tables and collected static files. Quick when they do."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext

from credit import pool
from credit.models import PoolEntry
from credit.money import NANO_PER_USD

DEMO_POOL = 20 * NANO_PER_USD


def is_database_current() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def migrate_if_needed() -> None:
    if not is_database_current():
        call_command("migrate", interactive=False, verbosity=0)


def fill_demo_pool() -> None:
    """The simulator stands for a service at which somebody has credit."""
    pool.record(
        PoolEntry.Kind.TOP_UP,
        amount=DEMO_POOL,
        actor=None,
        reason=gettext("For the demo"),
        key="demo",
    )


def collect_static_if_changed() -> None:
    """Collect, hash and compress the static files, unless they are the ones of the last time."""
    stamp = settings.STATIC_ROOT / ".collected"
    fingerprint = _fingerprint()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(fingerprint)


def _fingerprint() -> str:
    """Of the name, size and time of every source file, and of how they are stored."""
    digest = hashlib.sha256(str(settings.STORAGES).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
