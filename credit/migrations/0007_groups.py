import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_groups"),
        ("credit", "0006_days_required"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Window",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "period",
                    models.CharField(
                        choices=[("day", "Day"), ("month", "Month")],
                        max_length=8,
                        verbose_name="period",
                    ),
                ),
                ("start", models.DateField(verbose_name="from")),
                ("spent", models.BigIntegerField(default=0, verbose_name="spent")),
                ("held", models.BigIntegerField(default=0, verbose_name="reserved")),
            ],
            options={
                "verbose_name": "limit's use",
                "verbose_name_plural": "limits' use",
            },
        ),
        migrations.RemoveConstraint(
            model_name="account",
            name="account_person_or_house",
        ),
        migrations.RemoveConstraint(
            model_name="account",
            name="account_one_house_per_kind",
        ),
        migrations.RemoveConstraint(
            model_name="daytotal",
            name="total_once_per_day",
        ),
        migrations.AddField(
            model_name="account",
            name="day_limit",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="limit a day"),
        ),
        migrations.AddField(
            model_name="account",
            name="group",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="account",
                to="accounts.group",
                verbose_name="group",
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="key",
            field=models.UUIDField(blank=True, null=True, unique=True, verbose_name="API key"),
        ),
        migrations.AddField(
            model_name="account",
            name="month_limit",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="limit a month"),
        ),
        migrations.AddField(
            model_name="account",
            name="name",
            field=models.CharField(blank=True, max_length=80, verbose_name="name of the key"),
        ),
        migrations.AddField(
            model_name="account",
            name="terms",
            field=models.BigIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="daytotal",
            name="group",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="credit.account",
                verbose_name="group",
            ),
        ),
        migrations.AddField(
            model_name="daytotal",
            name="key",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="credit.account",
                verbose_name="API key",
            ),
        ),
        migrations.AddField(
            model_name="hold",
            name="group",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="credit.account",
                verbose_name="group",
            ),
        ),
        migrations.AddField(
            model_name="hold",
            name="key",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="credit.account",
                verbose_name="API key",
            ),
        ),
        migrations.AddField(
            model_name="usagerecord",
            name="group",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="credit.account",
                verbose_name="group",
            ),
        ),
        migrations.AddField(
            model_name="usagerecord",
            name="key",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="credit.account",
                verbose_name="API key",
            ),
        ),
        migrations.AlterField(
            model_name="account",
            name="kind",
            field=models.CharField(
                choices=[
                    ("user", "Person"),
                    ("group", "Group"),
                    ("key", "API key"),
                    ("funding", "Funding"),
                    ("usage", "Usage"),
                    ("shortfall", "Shortfall"),
                    ("correction", "Correction"),
                ],
                max_length=16,
                verbose_name="kind",
            ),
        ),
        migrations.AddIndex(
            model_name="daytotal",
            index=models.Index(
                condition=models.Q(("group__isnull", False)),
                fields=["group", "day"],
                name="total_by_group",
            ),
        ),
        migrations.AddIndex(
            model_name="daytotal",
            index=models.Index(
                condition=models.Q(("key__isnull", False)),
                fields=["key", "day"],
                name="total_by_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("allow_negative", False),
                        ("group", None),
                        ("key", None),
                        ("kind", "user"),
                        ("user__isnull", False),
                    ),
                    models.Q(
                        ("group__isnull", False),
                        ("key", None),
                        ("kind", "group"),
                        ("user", None),
                        ("allow_negative", False),
                        ("balance", 0),
                        ("held", 0),
                    ),
                    models.Q(
                        ("group", None),
                        ("key__isnull", False),
                        ("kind", "key"),
                        ("user", None),
                        ("allow_negative", False),
                        ("balance", 0),
                        ("held", 0),
                    ),
                    models.Q(
                        models.Q(("kind__in", ["user", "group", "key"]), _negated=True),
                        ("group", None),
                        ("key", None),
                        ("user", None),
                    ),
                    _connector="OR",
                ),
                name="account_has_one_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("day_limit__isnull", True), ("day_limit__gte", 0), _connector="OR"
                ),
                name="account_day_limit_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("month_limit__isnull", True), ("month_limit__gte", 0), _connector="OR"
                ),
                name="account_month_limit_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(
                condition=models.Q(("group", None), ("key", None), ("user", None)),
                fields=("kind",),
                name="account_one_house_per_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="daytotal",
            constraint=models.UniqueConstraint(
                models.F("user"),
                models.F("day"),
                models.F("kind"),
                models.F("model"),
                models.F("source"),
                django.db.models.functions.comparison.Coalesce("group", 0),
                django.db.models.functions.comparison.Coalesce("key", 0),
                name="total_once_per_day",
            ),
        ),
        migrations.AddField(
            model_name="window",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="windows",
                to="credit.account",
                verbose_name="account",
            ),
        ),
        migrations.AddConstraint(
            model_name="window",
            constraint=models.UniqueConstraint(
                fields=("account", "period", "start"), name="window_once_per_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="window",
            constraint=models.CheckConstraint(
                condition=models.Q(("held__gte", 0)), name="window_held_not_negative"
            ),
        ),
    ]
