"""The site's own calendar (TIME_ZONE): which day a call belongs to, and when a period ends."""

from datetime import UTC, date, datetime, time, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Period(models.TextChoices):
    DAY = "day", _("Day")
    MONTH = "month", _("Month")

    def start(self, day: date) -> date:
        """The first day of the period that a day is in."""
        return day if self == Period.DAY else day.replace(day=1)

    def end(self, day: date) -> date:
        """The first day of the next period."""
        if self == Period.DAY:
            return day + timedelta(days=1)
        return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def day_of(moment: datetime) -> date:
    """The day a moment falls on, whoever's time zone is active."""
    return timezone.localdate(moment, timezone.get_default_timezone())


def today() -> date:
    return day_of(timezone.now())


def midnight(day: date) -> datetime:
    """The moment a day begins; in UTC, as some days have no midnight by their own clock."""
    begins = datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())
    return begins.astimezone(UTC)
