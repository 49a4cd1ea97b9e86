"""manage.py with a wall clock that jumps: SIGUSR1 puts it an hour on, SIGUSR2 an hour back.

Only the wall clock: the monotonic one cannot jump.
"""

import os
import signal
import sys
from datetime import timedelta

import time_machine

HOUR = timedelta(hours=1)


def jump(by):
    """Travel from where the clock is now, and go on ticking there."""
    return lambda _number, _frame: time_machine.travel(by, tick=True).start()


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, jump(HOUR))
    signal.signal(signal.SIGUSR2, jump(-HOUR))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minitoolweb.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
