"""The words of prompts can be searched."""

from django.db import migrations

from images.search import PROMPTS


def install(apps, schema_editor):
    PROMPTS.install(schema_editor)


def remove(apps, schema_editor):
    PROMPTS.remove(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("images", "0003_collections")]

    operations = [migrations.RunPython(install, remove)]
