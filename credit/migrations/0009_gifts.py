import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import credit.days


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_groups"),
        ("credit", "0008_pool_and_markup"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="transfer",
            name="code",
            field=models.CharField(
                choices=[
                    ("starting", "Starting credit"),
                    ("grant", "Credit added"),
                    ("charge", "Use"),
                    ("shortfall", "Shortfall"),
                    ("late", "Use, settled late"),
                    ("late_shortfall", "Shortfall, settled late"),
                    ("adjustment", "Adjustment"),
                    ("reversal", "Reversal"),
                    ("voucher", "Voucher"),
                    ("allowance", "Allowance"),
                    ("lapse", "Allowance, lapsed"),
                ],
                max_length=16,
                verbose_name="what for",
            ),
        ),
        migrations.CreateModel(
            name="VoucherBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("amount", models.BigIntegerField(verbose_name="worth each")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="expires")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="made"),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "batch of vouchers",
                "verbose_name_plural": "batches of vouchers",
            },
        ),
        migrations.CreateModel(
            name="Voucher",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("redeemed_at", models.DateTimeField(blank=True, null=True, verbose_name="used")),
                (
                    "redeemed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="used by",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vouchers",
                        to="credit.voucherbatch",
                        verbose_name="batch",
                    ),
                ),
            ],
            options={
                "verbose_name": "voucher",
                "verbose_name_plural": "vouchers",
            },
        ),
        migrations.CreateModel(
            name="Allowance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount", models.BigIntegerField(verbose_name="amount")),
                (
                    "period",
                    models.CharField(
                        choices=[("day", "Day"), ("month", "Month")],
                        default="month",
                        help_text="How often.",
                        max_length=8,
                        verbose_name="period",
                    ),
                ),
                (
                    "is_kept",
                    models.BooleanField(
                        default=False,
                        help_text="Unticked: what was not spent in its period lapses when the next one begins.",
                        verbose_name="what is left is kept",
                    ),
                ),
                ("starts_on", models.DateField(default=credit.days.today, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allowances",
                        to="accounts.group",
                        verbose_name="group",
                    ),
                ),
            ],
            options={
                "verbose_name": "allowance",
                "verbose_name_plural": "allowances",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="allowance_amount_positive"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="voucherbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="voucher_amount_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="voucher",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("redeemed_at", None), ("redeemed_by", None)),
                    models.Q(("redeemed_at__isnull", False), ("redeemed_by__isnull", False)),
                    _connector="OR",
                ),
                name="voucher_redeemed_by_somebody",
            ),
        ),
    ]
