"""Make what was a list a tree: each message follows the one before it, the last is the tip."""

from django.db import migrations
from django.db.models import OuterRef, Q, Subquery


def link(apps, schema_editor):
    Message = apps.get_model("chat", "Message")
    Conversation = apps.get_model("chat", "Conversation")
    same = Message.objects.filter(conversation=OuterRef("conversation")).filter(
        Q(created_at__lt=OuterRef("created_at"))
        | Q(created_at=OuterRef("created_at"), pk__lt=OuterRef("pk"))
    )
    Message.objects.update(parent=Subquery(_newest(same)))
    said = Message.objects.filter(conversation=OuterRef("pk"))
    Conversation.objects.update(tip=Subquery(_newest(said)))


def _newest(messages):
    return messages.order_by("-created_at", "-id").values("pk")[:1]


class Migration(migrations.Migration):
    dependencies = [("chat", "0002_tree_and_attempts")]

    operations = [migrations.RunPython(link, migrations.RunPython.noop)]
