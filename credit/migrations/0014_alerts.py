import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("credit", "0013_own_limits"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alert",
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
                            ("pool", "Pool running out"),
                            ("refused", "Pool could not bear a call"),
                            ("limit", "Limit being reached"),
                            ("drift", "Drift from the AI service's bill"),
                            ("silence", "Pictures stand still"),
                            ("key", "Key refused by the AI service"),
                        ],
                        max_length=12,
                        verbose_name="what",
                    ),
                ),
                ("thing", models.CharField(max_length=64)),
                ("period", models.CharField(max_length=32)),
                ("level", models.PositiveSmallIntegerField(default=0, verbose_name="level")),
                ("facts", models.JSONField(default=dict)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="when"),
                ),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                ("told_at", models.DateTimeField(blank=True, null=True, verbose_name="told")),
            ],
            options={
                "verbose_name": "alert",
                "verbose_name_plural": "alerts",
                "indexes": [
                    models.Index(
                        condition=models.Q(("told_at", None)),
                        fields=["due_at"],
                        name="alert_untold",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "thing", "period", "level"), name="alert_once_per_period"
                    )
                ],
            },
        ),
    ]
