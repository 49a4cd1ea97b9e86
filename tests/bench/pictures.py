"""How soon finished pictures are noticed with many in flight, and how fast a long gallery opens.

Fresh database, bundled simulator, `manage.py work` as people run it, on one core each. A picture
is noticed when its poller has heard that it is ready, and delivered when it is in the gallery:
fetched, verified, stored and charged. With several pollers (`--pollers 4 --postgres`) one is killed
by SIGKILL half-way.
"""

import argparse
import json
import os
import random
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from tests.bench import database

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 50
SOONEST, LATEST = 20, 60  # seconds that the upstream takes
USUAL = 1.5 + 0.6 * 4 * 256 * 256 / 1_000_000  # of the simulator at pace 1
PATIENCE = 600


def main():
    options = chosen()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        upstream = stack.enter_context(simulator(folder))
        stack.enter_context(database.fresh(folder, postgres=options.postgres, upstream=upstream))
        figures = poll(folder, jobs=options.jobs, pollers=options.pollers)
        figures |= gallery(options.pictures)
    print(json.dumps(figures) if options.json else report(figures))


def chosen():
    parser = argparse.ArgumentParser(prog="script/bench pictures", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    parser.add_argument("--jobs", type=int, default=1_000, help="in flight at the same time")
    parser.add_argument("--pictures", type=int, default=100_000, help="in the gallery")
    parser.add_argument("--pollers", type=int, default=1)
    parser.add_argument("--postgres", action="store_true", help="the one TEST_DATABASE_URL names")
    options = parser.parse_args()
    if options.pollers > 1 and not options.postgres:
        parser.error("several pollers need --postgres")
    return options


def report(figures):
    return "\n".join(f"{name:28} {value}" for name, value in figures.items())


# --- Pictures in flight ---------------------------------------------------------------------------


@contextmanager
def simulator(folder):
    command = [sys.executable, "-m", "simulator", "--port", "0", "--exit-with-stdin"]
    with subprocess.Popen(
        [*command, "--state", str(folder / "upstream.sqlite3")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        yield process.stdout.readline().split()[-1]
        process.stdin.close()


@contextmanager
def poller(folder, *, number, core):
    environment = os.environ | {
        "LOG_LEVEL": "INFO",
        "LOG_FORMAT": "json",
        "MAX_IMAGES_IN_FLIGHT": "100000",
        "MAX_IMAGES_IN_FLIGHT_PER_USER": "100000",
        "REDIS_URL": os.environ.get("TEST_REDIS_URL", "") if number else "",
    }
    with (folder / f"work-{number}.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "work"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            preexec_fn=lambda: os.sched_setaffinity(0, {core}),
        )
        yield process
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def poll(folder, *, jobs, pollers):
    from images.models import PENDING, ImageJob

    order(jobs)
    cores = sorted(os.sched_getaffinity(0))
    with ExitStack() as stack:
        several = pollers > 1
        running = [
            stack.enter_context(
                poller(folder, number=place + several, core=cores[place % len(cores)])
            )
            for place in range(pollers)
        ]
        waiting = ImageJob.objects.filter(batch__in=BATCHES, state__in=PENDING)
        end, is_killed = time.monotonic() + PATIENCE, not several
        while (left := waiting.count()) and time.monotonic() < end:
            if left < jobs // 2 and not is_killed:
                running[0].kill()
                is_killed = True
            time.sleep(1)
        cpu = sum(cpu_seconds(process.pid) for process in running if process.poll() is None)
    return outcome(folder) | {"cpu_s": round(cpu, 1), "pollers": pollers}


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


BATCHES = []


def order(count):
    from accounts.models import User
    from images import jobs
    from minitoolai import ImageRequest

    people = [User.objects.create(username=f"bench-{place}") for place in range(PEOPLE)]
    for place in range(count):
        pace = random.uniform(SOONEST, LATEST) / USUAL
        image = ImageRequest(
            model="realvision", prompt=f"A mill [[pace:{pace:.2f}]]", width=256, height=256
        )
        BATCHES.append(uuid.uuid4())
        jobs.submit(people[place % PEOPLE], batch=BATCHES[-1], image=image)


def outcome(folder):
    from credit.audit import first_difference
    from images.models import ImageJob, State

    with sqlite3.connect(folder / "upstream.sqlite3") as books:
        due = {str(number): at for number, at in books.execute("SELECT jobid, due FROM job")}
    rows = ImageJob.objects.filter(batch__in=BATCHES)
    done = list(rows.filter(state=State.DONE).values_list("jobid", "finished_at", "submitted_at"))
    jobids = {str(pk): jobid for pk, jobid in rows.values_list("pk", "jobid")}
    noticed = sorted(at - due[jobids[pk]] for pk, at in ready(folder) if jobids.get(pk) in due)
    delivered = sorted(finished.timestamp() - due[jobid] for jobid, finished, _ in done)
    handed = max(submitted for _, _, submitted in done).timestamp()
    return {
        "noticed_p50_s": round(statistics.median(noticed), 2),
        "noticed_p95_s": round(noticed[int(len(noticed) * 0.95) - 1], 2),
        "delivered_p95_s": round(delivered[int(len(delivered) * 0.95) - 1], 2),
        "most_in_flight": sum(at > handed for at in due.values()),
        "done_twice": len(due) - len({jobid for jobid, _, _ in done}) - unknown(rows),
        "lost": rows.count() - len(done) - unknown(rows),
        "refunded_unknown": unknown(rows),
        "books_balance": first_difference() is None,
    }


def ready(folder):
    """Which pictures the pollers heard to be ready, and when (Unix seconds)."""
    for log in folder.glob("work-*.log"):
        for line in log.read_text().splitlines():
            if '"image.ready"' in line:
                entry = json.loads(line)
                yield entry["job"], datetime.fromisoformat(entry["timestamp"]).timestamp()


def unknown(rows):
    from images.models import State

    return rows.filter(state=State.UNKNOWN).count()


# --- A long gallery -------------------------------------------------------------------------------


def gallery(count):
    from django.test import Client

    from accounts.models import User

    user = User.objects.create(username="bench-gallery")
    moment = database.fill_gallery(user, count=count)
    client = Client()
    client.force_login(user)
    cursor = int((moment - timedelta(days=300)).timestamp() * 1_000_000)
    addresses = {
        "first": "/pictures/",
        "middle": f"/pictures/?after={cursor}-{'0' * 32}",
    }
    times = {name: _median_ms(client, address) for name, address in addresses.items()}
    return {
        f"gallery_{count}_page_ms": max(times.values()),
        **{f"gallery_{name}_ms": value for name, value in times.items()},
    }


def _median_ms(client, address):
    client.get(address)
    times = []
    for _ in range(7):
        began = time.perf_counter()
        answer = client.get(address)
        times.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, answer
    return round(statistics.median(times), 1)


if __name__ == "__main__":
    main()
