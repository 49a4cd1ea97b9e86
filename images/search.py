"""Words in texts: one function for FTS5 and tsvector, kept up to date by the database itself."""

import re
from dataclasses import dataclass
from typing import TypeVar

from django.db import connections, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.expressions import RawSQL

MOST_WORDS = 12
Rows = TypeVar("Rows", bound="models.QuerySet[models.Model]")

# An own number for each row: VACUUM may change the rowid of a table whose key is no integer.
_SQLITE = (
    "CREATE TABLE {index}_row (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE)",
    "CREATE VIRTUAL TABLE {index} USING fts5"
    "(words, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')",
    """CREATE TRIGGER {index}_added AFTER INSERT ON {table} BEGIN
         INSERT INTO {index}_row (key) VALUES (new.{key});
         INSERT INTO {index} (rowid, words)
           SELECT number, new.{column} FROM {index}_row WHERE key = new.{key};
       END""",
    """CREATE TRIGGER {index}_changed AFTER UPDATE OF {column} ON {table} BEGIN
         UPDATE {index} SET words = new.{column}
           WHERE rowid = (SELECT number FROM {index}_row WHERE key = new.{key});
       END""",
    """CREATE TRIGGER {index}_removed AFTER DELETE ON {table} BEGIN
         DELETE FROM {index}
           WHERE rowid = (SELECT number FROM {index}_row WHERE key = old.{key});
         DELETE FROM {index}_row WHERE key = old.{key};
       END""",
    "INSERT INTO {index}_row (key) SELECT {key} FROM {table}",
    """INSERT INTO {index} (rowid, words)
         SELECT own.number, {table}.{column}
         FROM {table} JOIN {index}_row AS own ON own.key = {table}.{key}""",
)
_SQLITE_AWAY = (
    *(f"DROP TRIGGER IF EXISTS {{index}}_{event}" for event in ("added", "changed", "removed")),
    "DROP TABLE IF EXISTS {index}",
    "DROP TABLE IF EXISTS {index}_row",
)
_SQLITE_FOUND = """
SELECT {index}_row.key FROM {index} JOIN {index}_row ON {index}_row.number = {index}.rowid
WHERE {index} MATCH %s
"""
_POSTGRESQL = (
    "CREATE INDEX {index} ON {table} USING gin (to_tsvector('simple'::regconfig, {column}))",
)
_POSTGRESQL_AWAY = ("DROP INDEX IF EXISTS {index}",)
_POSTGRESQL_FOUND = """
SELECT {key} FROM {table}
WHERE to_tsvector('simple'::regconfig, {column}) @@ to_tsquery('simple'::regconfig, %s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextIndex:
    """The words of one column of a table.

    SQLite drops a table's triggers when a migration rebuilds it: such a migration installs the
    index again.
    """

    table: str
    column: str
    key: str = "id"

    def matching(self, rows: Rows, text: str) -> Rows:
        """Those of the rows in which each word of `text` begins a word; all if it has none."""
        words = re.findall(r"\w+", text)[:MOST_WORDS]
        if not words:
            return rows
        if connections[rows.db].vendor == "sqlite":
            found, query = _SQLITE_FOUND, " ".join(f'"{word}"*' for word in words)
        else:
            found, query = _POSTGRESQL_FOUND, " & ".join(f"'{word}':*" for word in words)
        return rows.filter(pk__in=RawSQL(self._sql(found), [query]))  # noqa: S611  names are ours

    def install(self, schema_editor: BaseDatabaseSchemaEditor) -> None:
        """For migrations; what is there already is made anew."""
        self.remove(schema_editor)
        self._execute(schema_editor, sqlite=_SQLITE, postgresql=_POSTGRESQL)

    def remove(self, schema_editor: BaseDatabaseSchemaEditor) -> None:
        self._execute(schema_editor, sqlite=_SQLITE_AWAY, postgresql=_POSTGRESQL_AWAY)

    def _execute(
        self,
        schema_editor: BaseDatabaseSchemaEditor,
        *,
        sqlite: tuple[str, ...],
        postgresql: tuple[str, ...],
    ) -> None:
        is_sqlite = schema_editor.connection.vendor == "sqlite"
        for statement in sqlite if is_sqlite else postgresql:
            schema_editor.execute(self._sql(statement))

    def _sql(self, template: str) -> str:
        index = f"{self.table}_{self.column}_words"
        return template.format(index=index, table=self.table, column=self.column, key=self.key)


PROMPTS = TextIndex(table="images_imagejob", column="prompt")
