"""Sets what the people of a group may use: which models, and how much of them, each person."""

from collections.abc import Collection

from django.db import transaction

from accounts import trail
from credit.models import Account

_NAMES = ("allowed_models", "most_pictures", "most_output", "most_replies")


@transaction.atomic
def set_rules(
    group: Account,
    *,
    models: Collection[str] | None,
    pictures: int | None,
    output: int | None,
    replies: int | None,
) -> None:
    """Models by name, pictures a day, output tokens a reply, replies at once; None: no bound."""
    before = Account.objects.values(*_NAMES).get(pk=group.pk)
    after = {
        "allowed_models": None if models is None else sorted(models),
        "most_pictures": pictures,
        "most_output": output,
        "most_replies": replies,
    }
    Account.objects.filter(pk=group.pk).update(**after)
    trail.record(trail.Kind.LIMITS, thing=group.thing, subject=group, before=before, after=after)
