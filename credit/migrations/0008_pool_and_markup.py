import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from accounts.append_only import protect, unprotect


def protect_entries(apps, schema_editor):
    protect(schema_editor, "credit_usagerecord", "credit_poolentry")


def unprotect_entries(apps, schema_editor):
    unprotect(schema_editor, "credit_poolentry")


class Migration(migrations.Migration):
    dependencies = [
        ("credit", "0007_groups"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Pool",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("balance", models.BigIntegerField(default=0, verbose_name="balance")),
                ("held", models.BigIntegerField(default=0, verbose_name="reserved")),
            ],
            options={
                "verbose_name": "pool",
                "verbose_name_plural": "pool",
            },
        ),
        migrations.CreateModel(
            name="PoolEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("top_up", "Topped up at the AI service"),
                            ("correction", "Correction"),
                            ("shown", "Balance shown there"),
                        ],
                        max_length=12,
                        verbose_name="what",
                    ),
                ),
                ("amount", models.BigIntegerField(verbose_name="amount")),
                ("expected", models.BigIntegerField(verbose_name="expected before")),
                ("in_flight", models.BigIntegerField(verbose_name="reserved for calls under way")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "idempotency_key",
                    models.CharField(max_length=128, unique=True, verbose_name="idempotency key"),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="when"),
                ),
            ],
            options={
                "verbose_name": "pool entry",
                "verbose_name_plural": "pool entries",
            },
        ),
        migrations.AddField(
            model_name="hold",
            name="is_pooled",
            field=models.BooleanField(default=False, verbose_name="in the pool"),
        ),
        migrations.AddField(
            model_name="hold",
            name="markup",
            field=models.PositiveIntegerField(default=0, verbose_name="markup"),
        ),
        migrations.AddField(
            model_name="policy",
            name="markup",
            field=models.PositiveIntegerField(
                default=0,
                help_text="On all list prices, in hundredths of a percent: 10% is 1000.",
                verbose_name="markup",
            ),
        ),
        migrations.AddField(
            model_name="price",
            name="is_offered",
            field=models.BooleanField(
                default=True,
                help_text="Untick to switch the model off from this date on.",
                verbose_name="offered",
            ),
        ),
        migrations.AddField(
            model_name="price",
            name="markup",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="In hundredths of a percent: 10% is 1000. Empty: as the money rules say.",
                null=True,
                verbose_name="markup",
            ),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.CheckConstraint(
                condition=models.Q(("markup__lte", 100000)), name="policy_markup_bounded"
            ),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.CheckConstraint(
                condition=models.Q(("markup", None), ("markup__lte", 100000), _connector="OR"),
                name="price_markup_bounded",
            ),
        ),
        migrations.AddConstraint(
            model_name="pool",
            constraint=models.CheckConstraint(
                condition=models.Q(("pk", 1)), name="pool_single_row"
            ),
        ),
        migrations.AddConstraint(
            model_name="pool",
            constraint=models.CheckConstraint(
                condition=models.Q(("held__gte", 0)), name="pool_held_not_negative"
            ),
        ),
        migrations.AddField(
            model_name="poolentry",
            name="actor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddConstraint(
            model_name="poolentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "correction"),
                    models.Q(("amount__gt", 0), ("kind", "top_up")),
                    ("kind", "shown"),
                    _connector="OR",
                ),
                name="pool_entry_top_up_positive",
            ),
        ),
        migrations.AddConstraint(
            model_name="poolentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "correction"), _negated=True),
                    models.Q(
                        models.Q(("reason", ""), _negated=True),
                        models.Q(("amount", 0), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="pool_entry_correction_has_reason",
            ),
        ),
        migrations.RunPython(protect_entries, unprotect_entries),
    ]
