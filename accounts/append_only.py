"""The triggers that let rows of the books and the audit log be added, never changed or removed.

SQLite drops a table's triggers when a migration rebuilds it: such a migration protects it again.
"""

from collections.abc import Iterable
from typing import Final

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES: Final = (
    "credit_transfer",
    "credit_usagerecord",
    "credit_poolentry",
    "accounts_auditentry",
)
_VERBS: Final = ("update", "delete")

_SQLITE: Final = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
_POSTGRESQL: Final = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
FOR EACH ROW EXECUTE FUNCTION credit_refuse_change()
"""


def triggers(tables: Iterable[str] = TABLES) -> list[str]:
    """The names of the triggers that must be there."""
    return [f"{table}_no_{verb}" for table in tables for verb in _VERBS]


def create_statements(vendor: str, tables: Iterable[str] = TABLES) -> list[str]:
    """The SQL that installs the triggers where there are none."""
    template = _SQLITE if vendor == "sqlite" else _POSTGRESQL
    return [template.format(table=table, verb=verb) for table in tables for verb in _VERBS]


def drop_statements(vendor: str, tables: Iterable[str] = TABLES) -> list[str]:
    on_table = "" if vendor == "sqlite" else " ON {table}"
    return [
        f"DROP TRIGGER IF EXISTS {table}_no_{verb}{on_table.format(table=table)}"
        for table in tables
        for verb in _VERBS
    ]


def protect(schema_editor: BaseDatabaseSchemaEditor, *tables: str) -> None:
    """For migrations; tables that are protected already stay so."""
    vendor = schema_editor.connection.vendor
    unprotect(schema_editor, *tables)
    for statement in create_statements(vendor, tables):
        schema_editor.execute(statement)


def unprotect(schema_editor: BaseDatabaseSchemaEditor, *tables: str) -> None:
    """For migrations that fill a new column."""
    for statement in drop_statements(schema_editor.connection.vendor, tables):
        schema_editor.execute(statement)
