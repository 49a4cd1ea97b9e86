"""Transfers and usage records can be added, never changed or removed."""

from django.db import migrations

TABLES = ("credit_transfer", "credit_usagerecord")

SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION credit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""

POSTGRESQL = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
FOR EACH ROW EXECUTE FUNCTION credit_refuse_change()
"""


def create_statements(vendor):
    """The SQL that installs the triggers on a database that has none."""
    template = SQLITE if vendor == "sqlite" else POSTGRESQL
    return [
        template.format(table=table, verb=verb) for table in TABLES for verb in ("UPDATE", "DELETE")
    ]


def drop_statements(vendor):
    on_table = "" if vendor == "sqlite" else " ON {table}"
    return [
        f"DROP TRIGGER {table}_no_{verb}{on_table.format(table=table)}"
        for table in TABLES
        for verb in ("UPDATE", "DELETE")
    ]


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_FUNCTION, params=None)
    for statement in create_statements(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def uninstall(apps, schema_editor):
    for statement in drop_statements(schema_editor.connection.vendor):
        schema_editor.execute(statement)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION credit_refuse_change()")


class Migration(migrations.Migration):
    dependencies = [("credit", "0001_initial")]

    operations = [migrations.RunPython(install, uninstall)]
