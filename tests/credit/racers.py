"""Processes with connections of their own that do one thing to the ledger at the same moment.

Run as `python -m tests.credit.racers NAME '{"processes": 12, …}'` with DATABASE_URL set; prints
what each process answers as one JSON list.
"""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

from django.db import transaction


def race(name, *, database_url, processes, **arguments):
    """Start the processes, let them go together, and answer what each came back with."""
    told = json.dumps({"processes": processes, **arguments})
    done = subprocess.run(
        [sys.executable, "-m", "tests.credit.racers", name, told],
        env={**os.environ, "DATABASE_URL": database_url, "DATABASE_POOL": "2"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def hold(number, *, users, tries, amount, key=None):
    """Try to hold, each process for one of the people; answers how often which end came."""
    from accounts.models import User
    from credit import ledger
    from gateway.models import ApiKey
    from tests.credit.books import hold_for

    ends = Counter()
    person = User.objects.get(pk=users[number % len(users)])
    by = ApiKey.objects.get(pk=key) if key else None
    for attempt in range(tries):
        try:
            hold_for(person, amount=amount, cause=f"race:{number}:{attempt}", key=by)
            ends["admitted"] += 1
        except (ledger.InsufficientCredit, ledger.LimitReached, ledger.ServiceOutOfCredit):
            ends["refused"] += 1
        except Exception as error:
            ends[f"{type(error).__name__}: {error}"] += 1
    return ends


def alert(number):
    """Find and tell, as the work loop does; answers of how many was told."""
    from credit import alerts, telling

    alerts.look()
    return telling.tell_due()


def give_to_many(number, *, accounts):
    """Some forwards, some backwards, all the same gift; answers how many people it reached."""
    from credit import bulk
    from credit.models import Account

    people = list(Account.objects.filter(pk__in=accounts).order_by("pk" if number % 2 else "-pk"))
    wish = bulk.Wish(act=bulk.Act.GRANT, key="same", amount=7, reason="Well done")
    return len(bulk.carry_out(wish, people).included)


def hold_carelessly(number, *, window, limit, amount):
    """As one must not: look whether it fits, and only then take; answers whether it was taken."""
    from django.db.models import F

    from credit.models import Window

    seen = Window.objects.get(pk=window)
    together.wait(60)
    if fits := seen.spent + seen.held + amount <= limit:
        Window.objects.filter(pk=window).update(held=F("held") + amount)
    return fits


def finish(number, *, holds):
    """Settle, void or sweep each hold, by turns; answers which holds this process closed."""
    from datetime import timedelta

    from django.utils import timezone

    from credit import ledger
    from credit.endings import Ending, Outcome, Tokens

    won = []
    for pk in holds:
        if number % 3 == 0:
            ending = Ending(outcome=Outcome.DONE, reported=Tokens(100, 100))
            won += [pk] if ledger.settle(pk, ending=ending) else []
        elif number % 3 == 1:
            won += [pk] if ledger.void(pk) else []
        else:
            won += ["swept"] * ledger.sweep(timezone.now() + timedelta(days=1))
    return won


def grant(number, *, user, key):
    from accounts.models import User
    from credit import ledger

    person = User.objects.get(pk=user)
    return ledger.grant(person, amount=7, actor=None, reason="webhook", key=key).pk


def redeem(number, *, users, code):
    from accounts.models import User
    from credit import vouchers
    from credit.errors import VoucherRefused

    try:
        vouchers.redeem(User.objects.get(pk=users[number]), code)
    except VoucherRefused as refusal:
        return refusal.why
    return "redeemed"


def give_due(number):
    from credit import allowances

    return allowances.give_due()


def churn(number, *, users, rounds, group=None):
    """Hold, then end each call in another way, overruns among them; answers the errors.

    With a group the first process sets and lifts its limits meanwhile.
    """
    import random

    from accounts.models import User
    from credit import ledger
    from credit.endings import Ending, Outcome, Tokens
    from tests.credit.books import hold_for

    chance, errors = random.Random(number), []
    person = User.objects.get(pk=users[number % len(users)])
    for turn in range(rounds):
        try:
            if group and number == 0:
                _set_limits(group, turn)
                continue
            held = hold_for(
                person, amount=chance.randint(1, 50_000), cause=f"churn:{number}:{turn}"
            )
            if chance.random() < 0.2:
                ledger.void(held.pk)
                continue
            ledger.dispatch(held.pk)
            tokens = Tokens(chance.randint(0, 100), chance.randint(0, 250))
            ledger.settle(held.pk, ending=Ending(outcome=Outcome.DONE, reported=tokens))
        except ledger.LimitReached:
            continue
        except ledger.InsufficientCredit:
            ledger.grant(person, amount=100_000, actor=None, reason="more", key=f"{number}:{turn}")
        except Exception as error:
            errors.append(f"{type(error).__name__}: {error}")
    return errors


def _set_limits(group, turn):
    from credit.limits import set_limits
    from credit.models import Account

    limits = [(None, None), (10**9, None), (None, 40_000), (60_000, 10**9)][turn % 4]
    set_limits(Account.objects.get(pk=group), day=limits[0], month=limits[1])


def die(number, *, user, during):
    """Get as far as told with one call, and be killed there."""
    from accounts.models import User
    from credit import ledger
    from credit.endings import Ending, Outcome, Tokens
    from tests.credit.books import LEASE, hold_for

    person = User.objects.get(pk=user)
    with transaction.atomic() if during == "holding" else nullcontext():
        held = hold_for(person)
        if during in ("streaming", "settling"):
            ledger.dispatch(held.pk)
            ledger.heartbeat([held.pk], lease=LEASE, progress={held.pk: Tokens(30, 200)})
        if during in ("settling", "settled"):
            with transaction.atomic() if during == "settling" else nullcontext():
                ledger.settle(
                    held.pk, ending=Ending(outcome=Outcome.DONE, reported=Tokens(31, 214))
                )
                os.kill(os.getpid(), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)


together = None
RUNS = (alert, give_to_many, hold, hold_carelessly, finish, grant, redeem, give_due, churn, die)
RACES = {run.__name__: run for run in RUNS}


def _racer(run, number, arguments, barrier, results):
    from django.db import connection

    global together  # noqa: PLW0603  for races that meet again half-way
    together = barrier
    connection.ensure_connection()
    barrier.wait(60)
    results.put(run(number, **arguments))
    connection.close()


def _main(name, *, processes, **arguments):
    import django

    django.setup()
    fork = multiprocessing.get_context("fork")
    barrier, results = fork.Barrier(processes), fork.Queue()
    racers = [
        fork.Process(target=_racer, args=(RACES[name], number, arguments, barrier, results))
        for number in range(processes)
    ]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(100)
    lived = sum(racer.exitcode == 0 for racer in racers)
    print(json.dumps([results.get() for _ in range(lived)]))


if __name__ == "__main__":
    _main(sys.argv[1], **json.loads(sys.argv[2]))
