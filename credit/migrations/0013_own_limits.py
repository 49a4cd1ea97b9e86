from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_groups"),
        ("credit", "0012_oversight"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="own_day_limit",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="own limit a day"),
        ),
        migrations.AddField(
            model_name="account",
            name="own_month_limit",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="own limit a month"),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("own_day_limit", None), ("own_day_limit__gte", 0), _connector="OR"),
                    models.Q(
                        ("own_month_limit", None), ("own_month_limit__gte", 0), _connector="OR"
                    ),
                ),
                name="account_own_limits_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "user"),
                    models.Q(("own_day_limit", None), ("own_month_limit", None)),
                    _connector="OR",
                ),
                name="account_own_limits_are_a_persons",
            ),
        ),
    ]
