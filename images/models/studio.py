"""What the studio remembers of a person."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone

from accounts.models import User


class StudioQuerySet(models.QuerySet["Studio"]):
    def of(self, user: User) -> "Studio":
        """The person's row, made at the first call."""
        return self.get_or_create(user=user)[0]

    def for_user(self, user: User) -> Self:
        return self.filter(user=user)

    def add_bytes(self, user_id: int, count: int) -> None:
        """Count stored bytes, or with a negative number those that are gone."""
        if not self.filter(user_id=user_id).update(bytes_used=F("bytes_used") + count):
            self.get_or_create(user_id=user_id)
            self.filter(user_id=user_id).update(bytes_used=F("bytes_used") + count)


class Studio(models.Model):
    """One row a person: the settings of the form, what was seen, what is stored."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    looked_at = models.DateTimeField(
        default=timezone.now, help_text="Pictures that ended before were seen."
    )
    settings = models.JSONField(default=dict, help_text="The form as it was last used.")
    bytes_used = models.BigIntegerField(default=0, help_text="Originals, without thumbnails.")

    objects = StudioQuerySet.as_manager()


class Preset(models.Model):
    """The settings of the form under a name; the prompt is left to each picture."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="presets"
    )
    name = models.CharField(max_length=80)
    settings = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="preset_named_once")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
