"""manage.py of an app that takes from a purse whatever it holds by then: for a negative control.

It looks at the purse first, as the real one does; what only the real one has is the condition under
which it takes.
"""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minitoolweb.settings")
django.setup()

from django.core.management import execute_from_command_line  # noqa: E402
from django.db.models import F  # noqa: E402

from credit.models.account import AccountQuerySet  # noqa: E402


def take(self, pk, *, amount, **terms):
    return self.filter(pk=pk).update(held=F("held") + amount) == 1


AccountQuerySet.reserve = take

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
