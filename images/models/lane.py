"""What all pollers share."""

from django.db import models


class Lane(models.Model):
    """The one row that every poller updates first while it claims.

    It makes claims of several processes take turns, so that the caps in flight hold exactly, and
    remembers until when the upstream asked for quiet.
    """

    claimed_at = models.DateTimeField(null=True)
    quiet_until = models.DateTimeField(null=True)
    strikes = models.PositiveIntegerField(default=0, help_text="Failures since the last answer.")
