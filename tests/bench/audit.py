"""How long `manage.py ledger_audit` takes on years of books, in a temporary folder.

The books are written by a few large statements, as no site could live through them here; that the
audit finds them sound says that they are what the ledger would have written.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta

PEOPLE = 200
GROUPS = 8
DAYS = 250
TOP_UP = 10**15
COST = "((n % 500 + 1) * 150 + (n % 700 + 1) * 600)"

ROWS = """
WITH RECURSIVE numbers(n) AS (
    SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n < {last}
),
calls AS (
    SELECT numbers.n, person.account_id, person.user_id, person.group_id
    FROM numbers JOIN bench_people AS person ON person.place = numbers.n % {people}
)
"""
HOLDS = """
INSERT INTO credit_hold (id, account_id, group_id, kind, model, price_id, markup, amount, is_pooled,
    state, cause, request_id, lease_until, created_at, dispatched_at, closed_at, day)
{rows}
SELECT n, account_id, group_id, 'chat', 'gpt-4o-mini', {price}, 0, 2458800, {yes},
    'settled', 'bench:' || n, 'bench', {at}, {at}, {at}, {at}, {day}
FROM calls
"""
RECORDS = """
INSERT INTO credit_usagerecord (hold_id, user_id, group_id, kind, model, price_id, prompt_tokens,
    completion_tokens, source, list_cost, charged, shortfall, outcome, anomaly, cause, request_id,
    created_at, day)
{rows}
SELECT n, user_id, group_id, 'chat', 'gpt-4o-mini', {price}, n % 500 + 1,
    n % 700 + 1, CASE WHEN n % 50 = 0 THEN 'counted' ELSE 'upstream' END, {cost}, {cost}, 0,
    CASE WHEN n % 50 = 0 THEN 'stopped' ELSE 'done' END, '', 'bench:' || n, 'bench', {at}, {day}
FROM calls
"""
TRANSFERS = """
INSERT INTO credit_transfer (source_id, destination_id, amount, code, cause, reason, hold_id,
    idempotency_key, created_at)
{rows}
SELECT account_id, {usage}, {cost}, 'charge', 'bench:' || n, '', n,
    'hold:' || n || ':charge', {at}
FROM calls
"""
TOTALS = """
INSERT INTO credit_daytotal (day, user_id, group_id, kind, model, source, calls, prompt_tokens,
    completion_tokens, list_cost, charged, shortfall)
SELECT day, user_id, group_id, kind, model, source, COUNT(*), SUM(prompt_tokens),
    SUM(completion_tokens), SUM(list_cost), SUM(charged), 0
FROM credit_usagerecord WHERE request_id = 'bench'
GROUP BY day, user_id, group_id, kind, model, source
"""
BALANCES = """
UPDATE credit_account SET balance = balance - COALESCE((
    SELECT SUM(amount) FROM credit_transfer
    WHERE code = 'charge' AND source_id = credit_account.id), 0) + COALESCE((
    SELECT SUM(amount) FROM credit_transfer
    WHERE code = 'charge' AND destination_id = credit_account.id), 0)
"""
POOL = "UPDATE credit_pool SET balance = balance - (SELECT SUM(list_cost) FROM credit_usagerecord)"


def fill(charges):
    """Write so many charges, over people in groups and over days, into empty books."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        make_people(cursor)
        for day in range(DAYS):
            first, last = day * charges // DAYS + 1, (day + 1) * charges // DAYS
            if first <= last:
                write_day(cursor, DAYS - day, first=first, last=last)
        for statement in (TOTALS, BALANCES, POOL, "DROP TABLE bench_people"):
            cursor.execute(statement)


def make_people(cursor):
    from accounts.models import Group, User
    from credit import ledger, opening, pool
    from credit.models import PoolEntry

    cursor.execute(
        "CREATE TEMPORARY TABLE bench_people (place bigint PRIMARY KEY, account_id bigint,"
        " user_id bigint, group_id bigint)"
    )
    pool.record(PoolEntry.Kind.TOP_UP, amount=TOP_UP, actor=None, key="bench")
    groups = [opening.open_group(Group.objects.create(name=f"bench {n}")) for n in range(GROUPS)]
    for place in range(PEOPLE):
        group = groups[place % GROUPS]
        person = User.objects.create(username=f"bench{place}", group=group.group)
        ledger.grant(person, amount=TOP_UP, actor=None, reason="bench", key=f"bench:{place}")
        account = ledger.open_account(person)
        row = [place, account.pk, person.pk, group.pk]
        cursor.execute("INSERT INTO bench_people VALUES (%s, %s, %s, %s)", row)


def write_day(cursor, days_ago, *, first, last):
    from django.db import connection
    from django.utils import timezone

    from credit.models import Account, Price

    noon = timezone.now().replace(hour=12, minute=0) - timedelta(days=days_ago)
    at = connection.ops.adapt_datetimefield_value(noon)
    facts = {
        "rows": ROWS.format(first=first, last=last, people=PEOPLE),
        "price": Price.objects.get(model="gpt-4o-mini").pk,
        "usage": Account.objects.house(Account.Kind.USAGE).pk,
        "yes": "true",
        "at": f"'{at.isoformat() if isinstance(at, datetime) else at}'",
        "day": f"'{noon.date()}'",
        "cost": COST,
    }
    if connection.vendor == "postgresql":
        facts["at"] += "::timestamptz"
        facts["day"] += "::date"
    for statement in (HOLDS, RECORDS, TRANSFERS):
        cursor.execute(statement.format(**facts))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--charges", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "minitoolweb.settings"}
        figures = measure(options.charges)
    if options.json:
        print(json.dumps(figures))
    else:
        print(
            "{charges:,} charges: written in {fill_s} s, audited in {audit_s} s".format(**figures)
        )


def measure(charges):
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    fill(charges)
    filled = time.perf_counter()
    subprocess.run([sys.executable, "manage.py", "ledger_audit"], check=True, stdout=sys.stderr)
    audited = time.perf_counter()
    return {
        "charges": charges,
        "fill_s": round(filled - started, 1),
        "audit_s": round(audited - filled, 1),
    }


if __name__ == "__main__":
    main()
