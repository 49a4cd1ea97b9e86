"""`manage.py work`: the work loops alone, for an installation of several processes."""

import asyncio
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from minitoolweb import lifecycle, work
from minitoolweb.management.commands.serve import claim_if_alone, get_ready


class Command(BaseCommand):
    help = "Does the background work: pictures, and replies and holds left behind."

    def handle(self, **options: Any) -> None:
        if not settings.MINITOOLAI_BASE_URL:
            raise CommandError(
                "No MINITOOLAI_API_KEY is set, and `work` starts no simulator of its own.\n"
                "Set the key, or point MINITOOLAI_BASE_URL at a running `python -m simulator`."
            )
        self.lock = claim_if_alone()
        get_ready(prepare_first=False)
        connections.close_all()  # this thread asks no more, and keeps nothing from the pool
        asyncio.run(lifecycle.work_until_told(work.all_loops(), greet=self.greet))

    def greet(self) -> None:
        self.stdout.write("MiniToolAI Web is working in the background.")
        self.stdout.flush()
