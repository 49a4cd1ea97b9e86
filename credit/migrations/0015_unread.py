import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("credit", "0014_alerts"),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="unread",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="credit.transfer",
            ),
        ),
    ]
