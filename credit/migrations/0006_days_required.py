"""Every call has its day."""

from django.db import migrations, models

import credit.days
from accounts.append_only import protect


def protect_again(apps, schema_editor):
    protect(schema_editor, "credit_usagerecord")


class Migration(migrations.Migration):
    dependencies = [("credit", "0005_days")]

    operations = [
        migrations.AlterField(
            "hold", "day", models.DateField(default=credit.days.today, verbose_name="day")
        ),
        migrations.AlterField(
            "usagerecord", "day", models.DateField(db_index=True, verbose_name="day")
        ),
        migrations.RunPython(protect_again, protect_again),
    ]
