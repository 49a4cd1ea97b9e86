"""`manage.py seed`: believable people and years of use, to try the demo at its full size."""

import random
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from credit import days
from minitoolweb.seeding import people, rows
from minitoolweb.seeding.books import Books, set_limits


class Command(BaseCommand):
    help = "Fills the demo with invented people and what they used."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people", type=int, default=200)
        parser.add_argument("--groups", type=int, default=8)
        parser.add_argument("--charges", type=int, default=20_000, help="paid calls in all")
        parser.add_argument("--days", type=int, default=200, help="spread over so many days")
        parser.add_argument("--dice", type=int, default=1, help="the same number, the same books")

    def handle(self, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("These books are real: only the demo's are filled with inventions.")
        if User.objects.filter(username__startswith=people.PREFIX).exists():
            raise CommandError("This database has been seeded. Begin with an empty one.")
        dice = random.Random(options["dice"])  # noqa: S311
        made = people.make(options["people"], groups=options["groups"], dice=dice)
        today = days.today()
        over = [today - timedelta(days=ago) for ago in reversed(range(options["days"]))]
        rows.allow_memory()
        Books(made, dice=dice).write(options["charges"], over=over)
        set_limits(made, dice=dice)
        self.stdout.write(f"{len(made):,} people made {options['charges']:,} calls.")
