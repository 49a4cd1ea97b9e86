"""Rows written as fast as the database takes them: no model instances, many a statement."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of these attributes, given as the database keeps them; the rest is default."""
    others = [field for field in _columns(model) if field.attname not in names]
    fixed = [field.get_db_prep_save(field.get_default(), connection) for field in others]
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    fields = [*(by_name[name] for name in names), *others]
    quoted = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    values = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {table} ({quoted}) VALUES ({values})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, [(*row, *fixed) for row in rows])


def allow_memory() -> None:
    """SQLite spills a long transaction to its file unless it may keep much in memory."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size = -262144")  # KiB


def next_key(model: type[models.Model]) -> int:
    """The first primary key that nobody has had."""
    newest = model._base_manager.order_by("-pk").values_list("pk", flat=True).first()
    return 1 + (newest or 0)


def go_on_after(*tables: type[models.Model]) -> None:
    """Let the database number on after the keys that were given by hand."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)


def _columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """All but the key, which the database gives unless it is named."""
    return [field for field in model._meta.concrete_fields if not field.primary_key]
