"""How long the admin's pages take over a year of books, in a temporary folder or a kept one.

Wall time tells what an admin waits for on an idle machine; processor time is the same with others
at work on it.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time

PEOPLE, GROUPS, DAYS = 1_000, 8, 250
TIMES = 7
PAGES = {
    "overview": "/admin/",
    "overview, 7 days": "/admin/?days=7",
    "overview, 90 days": "/admin/?days=90",
    "overview, one group's gpt-4o": "/admin/?group=1&kind=chat&model=gpt-4o",
    "people": "/admin/people/",
    "person": "/admin/people/12/",
    "groups": "/admin/groups/",
    "group": "/admin/groups/1/",
    "anomalies": "/admin/anomalies/",
    "use": "/admin/usage/",
    "use of one person": "/admin/usage/?user=12&days=90",
    "ledger": "/admin/ledger/",
    "ledger of one person": "/admin/ledger/?q=seed12",
    "prices": "/admin/prices/",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--charges", type=int, default=1_000_000)
    parser.add_argument("--data", help="a folder to keep the books in, or that has them")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = {"DATA_DIR": options.data or folder, "LOG_LEVEL": "ERROR"}
        os.environ |= told | {"DJANGO_SETTINGS_MODULE": "minitoolweb.settings"}
        figures = measure(options.charges)
    if options.json:
        print(json.dumps(figures))
        return
    for name, page in figures["pages"].items():
        print(
            "{:32} {wall_ms:6} ms  {cpu_ms:6} ms of CPU  {queries:3} queries".format(name, **page)
        )


def measure(charges):
    import django
    from django.core.management import call_command

    django.setup()
    from accounts.models import User

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    if User.objects.count() < PEOPLE:
        call_command(
            "seed", people=PEOPLE, groups=GROUPS, days=DAYS, charges=charges, stdout=sys.stderr
        )
    admin, _is_new = User.objects.get_or_create(
        username="bench", defaults={"is_staff": True, "is_superuser": True}
    )
    return {"charges": charges, "pages": {name: time_of(admin, url) for name, url in PAGES.items()}}


def time_of(admin, url):
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    client.force_login(admin)
    client.get(url)
    walls, cpus = [], []
    for _ in range(TIMES):
        started, worked = time.perf_counter(), time.process_time()
        answer = client.get(url)
        walls.append(time.perf_counter() - started)
        cpus.append(time.process_time() - worked)
        assert answer.status_code == 200, url
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    median = statistics.median
    return {
        "wall_ms": round(1000 * median(walls)),
        "cpu_ms": round(1000 * median(cpus)),
        "queries": len(captured),
    }


if __name__ == "__main__":
    main()
