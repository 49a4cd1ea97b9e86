"""What can become of an order."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    QUEUED = "queued", _("in line")
    SUBMITTING = "submitting", _("handed over")
    RUNNING = "running", _("being made")
    SAVING = "saving", _("being saved")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    EXPIRED = "expired", _("took too long")
    UNKNOWN = "unknown", _("no answer")
    CANCELLED = "cancelled", _("cancelled")


IN_FLIGHT = (State.SUBMITTING, State.RUNNING, State.SAVING)
PENDING = (State.QUEUED, *IN_FLIGHT)
MEDIA_TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}
