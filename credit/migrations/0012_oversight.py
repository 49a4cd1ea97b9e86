from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_groups"),
        ("credit", "0009_gifts"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="daytotal",
            name="total_by_day",
        ),
        migrations.AddField(
            model_name="account",
            name="allowed_models",
            field=models.JSONField(blank=True, null=True, verbose_name="models allowed"),
        ),
        migrations.AddField(
            model_name="account",
            name="most_output",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="output tokens a reply"
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="most_pictures",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="pictures a day"),
        ),
        migrations.AddField(
            model_name="account",
            name="most_replies",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="replies at once"
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="paused_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="paused"),
        ),
        migrations.AddIndex(
            model_name="daytotal",
            index=models.Index(
                fields=["day", "kind", "model", "source", "group"], name="total_by_day_and_model"
            ),
        ),
        migrations.AddIndex(
            model_name="usagerecord",
            index=models.Index(
                condition=models.Q(("anomaly", ""), _negated=True),
                fields=["day"],
                name="usage_anomalies",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "group"),
                    models.Q(
                        ("allowed_models__isnull", True),
                        ("most_output__isnull", True),
                        ("most_pictures__isnull", True),
                        ("most_replies__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="account_rules_are_a_groups",
            ),
        ),
    ]
