"""The house's accounts, the money rules, and the catalog's list prices."""

from datetime import UTC, datetime

from django.conf import settings
from django.db import migrations

from credit.money import from_usd
from minitoolai.catalog import CHAT_MODELS, IMAGE_MODELS

HOUSE = ("funding", "usage", "shortfall", "correction")
LIST_PRICES_FROM = datetime(2025, 1, 1, tzinfo=UTC)


def seed(apps, schema_editor=None):
    """Add what is not there yet; safe to run again."""
    account = apps.get_model("credit", "Account")
    for kind in HOUSE:
        account.objects.get_or_create(kind=kind, user=None, defaults={"allow_negative": True})
    starting_credit = from_usd(settings.STARTING_CREDIT_USD)
    apps.get_model("credit", "Policy").objects.get_or_create(
        pk=1, defaults={"starting_credit": starting_credit}
    )
    price = apps.get_model("credit", "Price")
    for kind, model, costs in _list_prices():
        price.objects.get_or_create(
            model=model, effective_from=LIST_PRICES_FROM, defaults={"kind": kind, **costs}
        )


def _list_prices():
    for chat in CHAT_MODELS.values():
        yield "chat", chat.name, {"input_nano": chat.input_nano, "output_nano": chat.output_nano}
    for image in IMAGE_MODELS.values():
        yield "image", image.name, {"flat_nano": image.flat_nano}


class Migration(migrations.Migration):
    dependencies = [("credit", "0002_append_only")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
