"""Calls belong to the day they began on, and each day's use is summed up."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Q, Subquery, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.append_only import protect, unprotect

KEY = ("day", "user", "kind", "model", "source")
SUMS = ("prompt_tokens", "completion_tokens", "list_cost", "charged", "shortfall")


def fill(apps, schema_editor):
    hold, record = apps.get_model("credit", "Hold"), apps.get_model("credit", "UsageRecord")
    site = timezone.get_default_timezone()
    unprotect(schema_editor, "credit_usagerecord")
    hold.objects.update(day=TruncDate("created_at", tzinfo=site))
    of_hold = hold.objects.filter(pk=OuterRef("hold")).values("day")
    record.objects.update(day=Subquery(of_hold))
    protect(schema_editor, "credit_usagerecord")
    _sum_up(record, apps.get_model("credit", "DayTotal"))


def _sum_up(record, total):
    sums = {f"{name}_": Sum(name) for name in SUMS}
    sums["calls_"] = models.Count("pk", filter=Q(corrects=None))
    rows = record.objects.exclude(source="none", corrects=None).values(*KEY).annotate(**sums)
    total.objects.bulk_create(
        total(
            **{name: row[name] for name in KEY if name != "user"},
            user_id=row["user"],
            **{name: row[f"{name}_"] for name in (*SUMS, "calls")},
        )
        for row in rows.order_by(*KEY)
    )


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("credit", "0004_account_topped_up_to"),
    ]

    operations = [
        migrations.CreateModel(
            name="DayTotal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                (
                    "kind",
                    models.CharField(
                        choices=[("chat", "Chat"), ("image", "Picture")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("model", models.CharField(max_length=64, verbose_name="model")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("upstream", "Measured upstream"),
                            ("counted", "Counted here"),
                            ("recovered", "Recovered"),
                            ("flat", "Flat price"),
                            ("none", "Not charged"),
                        ],
                        max_length=12,
                        verbose_name="measured",
                    ),
                ),
                ("calls", models.BigIntegerField(verbose_name="calls")),
                ("prompt_tokens", models.BigIntegerField(verbose_name="prompt tokens")),
                ("completion_tokens", models.BigIntegerField(verbose_name="output tokens")),
                ("list_cost", models.BigIntegerField(verbose_name="list cost")),
                ("charged", models.BigIntegerField(verbose_name="charged")),
                ("shortfall", models.BigIntegerField(verbose_name="shortfall")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "day's total",
                "verbose_name_plural": "days' totals",
                "indexes": [models.Index(fields=["day"], name="total_by_day")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "day", "kind", "model", "source"),
                        name="total_once_per_day",
                    )
                ],
            },
        ),
        migrations.AddField("hold", "day", models.DateField(null=True, verbose_name="day")),
        migrations.AddField("usagerecord", "day", models.DateField(null=True, verbose_name="day")),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
