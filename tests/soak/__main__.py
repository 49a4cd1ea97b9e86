"""A soak: people at their pages, an upstream with faults, and a server killed again and again.

At the end every page must show its row, every row must hold what the upstream said, and the books
must balance. The seed chooses what people, faults and kills do; how that meets is up to the clock.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import aiohttp

from tests.bench.streaming.report import milliseconds
from tests.bench.streaming.servers import database
from tests.soak import verdict
from tests.soak.person import Person
from tests.soak.server import ROOT, Process, Reaper, environment
from tests.soak.tape import Tape

REST = 60  # seconds within which every reply and hold has to be closed at the end


@contextlib.contextmanager
def simulator():
    """The bundled simulator; it ends when its stdin closes."""
    command = [sys.executable, "-m", "simulator", "--port", "0", "--exit-with-stdin"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield int(process.stdout.readline().rpartition(":")[2])
        process.stdin.close()


def processes_for(options, shared, log):
    serve = ("serve", "--prepare", "--server", options.server)
    if options.processes == 1:
        return [Process(serve, shared, log)]
    web = [Process((*serve, "--no-work"), shared, log) for _ in range(options.processes)]
    return [*web, Process(("work",), shared, log)]


def run(module, *arguments, shared, said=None):
    """The JSON that a module of ours prints."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(
        command, cwd=ROOT, env=shared, input=said, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout)


@contextlib.asynccontextmanager
async def running(options, shared, log):
    """The processes; whatever happens, none of them stays behind."""
    processes = processes_for(options, shared, log)
    try:
        for process in processes:
            await process.start()
        yield processes
    finally:
        for process in processes:
            await process.end(signal.SIGTERM)


def client():
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=60),
    )


async def live(options, processes, shared, say):
    """Let people live until the time is over; returns (pages, reaper, counts, wrong)."""
    dice = random.Random(options.seed)
    make = ("tests.bench.streaming.people", "make", options.people)
    seats = await asyncio.to_thread(run, *make, shared=shared)
    sites = [process.url for process in processes if process.url]
    counts, wrong, numbers = Counter(), [], itertools.count(1)
    until = time.monotonic() + options.minutes * 60
    reaper = Reaper(processes, random.Random(dice.random()), every=options.every)
    async with client() as http:
        in_common = {"numbers": numbers, "counts": counts, "wrong": wrong}
        people = [
            Person(http, sites, dice=random.Random(dice.random()), **in_common, **seat)
            for seat in seats
        ]
        telling = asyncio.create_task(tell(say, counts, reaper, wrong))
        await asyncio.gather(*(person.live(until) for person in people), reaper.run(until))
        telling.cancel()
    return [page for person in people for page in person.seen], reaper, counts, wrong


async def tell(say, counts, reaper, wrong):
    for minute in itertools.count(1):
        await asyncio.sleep(60)
        say(
            f"{minute:3} min: {counts['prompts']} prompts, {len(reaper.killed)} kills,"
            f" {reaper.ended} restarts, {counts['drop']} drops, {counts['reload']} reloads,"
            f" {len(wrong)} wrong"
        )


async def bill_of(port):
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"http://127.0.0.1:{port}/_control/bill?key=soak") as answer,
    ):
        return await answer.json()


async def at_rest(port, shared):
    """The bill and the rows, once all is closed or the time for that is over."""
    end = time.monotonic() + REST
    while True:
        bill = await bill_of(port)
        found = await asyncio.to_thread(
            run, "tests.soak.rows", shared=shared, said=json.dumps(bill)
        )
        if not found["broken"] or time.monotonic() > end:
            return bill, found
        await asyncio.sleep(5)


async def soak(options, say):
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="soak-")))
        log = options.log or folder / "server.log"
        port = stack.enter_context(simulator())
        more = {}
        if options.postgres:
            more["DATABASE_URL"] = stack.enter_context(database(options.postgres))
        if options.redis:
            more["REDIS_URL"] = options.redis
        async with Tape(port) as tape:
            shared = environment(folder, tape.url, **more)
            async with running(options, shared, log) as processes:
                pages, reaper, counts, wrong = await live(options, processes, shared, say)
                bill, found = await at_rest(port, shared)
            rows = found["replies"]
            wrong += verdict.faults_of_rows(rows, tape)
            wrong += verdict.faults_of_pages(pages, rows)
            wrong += verdict.faults_of_the_bill(found["reported"], bill)
            wrong += [found["broken"]] if found["broken"] else []
            wrong += [f"an orderly end exited with {code}" for code in reaper.failed]
            lost = verdict.losses(pages, rows, reaper.killed)
            wrong += [f"{s:.2f} s of text lost at a kill" for s in lost if s > verdict.GRACE]
            return {
                "minutes": options.minutes,
                "people": options.people,
                "seed": options.seed,
                "replies": len(rows),
                "states": dict(Counter(row["state"] for row in rows)),
                "pages": len(pages),
                "kills": len(reaper.killed),
                "restarts": reaper.ended,
                "killed_replies": len(lost),
                "lost_p50_ms": milliseconds(lost, 0.5),
                "lost_max_ms": milliseconds(lost, 1),
                "billed_nano": bill["total_nano"],
                "charged_nano": found["charged"],
                "events": dict(sorted(counts.items())),
                "complaints": complaints(log),
                "wrong": len(wrong),
                "what": wrong[:50],
            }


def complaints(log):
    """Errors in the servers' logs: how many of each event, and the last line of its traceback."""
    counts = Counter()
    for line in log.read_text().splitlines():
        with contextlib.suppress(ValueError):
            entry = json.loads(line)
            if entry.get("level") in ("error", "critical"):
                last = entry.get("exception", "").rstrip().rpartition("\n")[2]
                counts[f"{entry['event'][:60]} {last}".rstrip()] += 1
    return dict(counts)


def chosen():
    parser = argparse.ArgumentParser(prog="script/soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--every", type=float, default=45, help="seconds between kills, on average")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--log", type=Path, help="keep the servers' log here")
    parser.add_argument("--server", choices=("daphne", "uvicorn"), default="daphne")
    parser.add_argument("--processes", type=int, default=1, help="needs --postgres --redis")
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    for name, variable in (("postgres", "TEST_DATABASE_URL"), ("redis", "TEST_REDIS_URL")):
        found = os.environ.get(variable, "")
        text = f"the one that {variable} names"
        parser.add_argument(f"--{name}", action="store_const", const=found, help=text)
    options = parser.parse_args()
    if "" in (options.postgres, options.redis):
        parser.error("--postgres and --redis need their addresses in the environment; see --help")
    if options.processes > 1 and not (options.postgres and options.redis):
        parser.error("several processes need --postgres and --redis")
    return options


def main():
    options = chosen()

    def say(text):
        if not options.json:
            print(text, flush=True)

    say(f"{options.people} people for {options.minutes:g} minutes, seed {options.seed}")
    result = asyncio.run(soak(options, say))
    if options.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name}: {value}")
    sys.exit(result["wrong"] > 0)


if __name__ == "__main__":
    main()
