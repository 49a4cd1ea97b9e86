import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from accounts.append_only import protect, unprotect


def protect_entries(apps, schema_editor):
    protect(schema_editor, "accounts_auditentry")


def unprotect_entries(apps, schema_editor):
    unprotect(schema_editor, "accounts_auditentry")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_groups"),
        ("credit", "0002_append_only"),  # its function for PostgreSQL's triggers
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
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
                            ("access", "Sign-in"),
                            ("role", "Role"),
                            ("membership", "Group of a person"),
                            ("group", "Group"),
                            ("key", "API key"),
                            ("balance", "Balance"),
                            ("limits", "Limits"),
                            ("pause", "Pause"),
                            ("price", "Price"),
                            ("rules", "Money rules"),
                            ("allowance", "Allowance"),
                            ("vouchers", "Vouchers"),
                            ("pool", "Pool"),
                        ],
                        max_length=12,
                        verbose_name="what",
                    ),
                ),
                ("thing", models.CharField(db_index=True, max_length=64)),
                ("subject", models.CharField(max_length=200, verbose_name="of")),
                ("before", models.JSONField(default=dict, verbose_name="before")),
                ("after", models.JSONField(default=dict, verbose_name="after")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, verbose_name="when"
                    ),
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
                "verbose_name": "entry of the audit log",
                "verbose_name_plural": "audit log",
            },
        ),
        migrations.RunPython(protect_entries, unprotect_entries),
    ]
