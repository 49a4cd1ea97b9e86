"""What a streamed reply costs and how late it is, with many of them live, against a bare relay.

Each size runs on a fresh server with signed-in people, real money and real rows, and on a bare
Channels relay under the same server: first a burst in which everybody sends, 200 a second at most;
then as many live replies as the size says, ending and beginning evenly, 30 tokens a second each.
Only the CPU time of the server's own process counts.
"""

import argparse
import asyncio
import gc
import json
import os
import sys

from tests.bench.streaming import report
from tests.bench.streaming.load import Listener, Meter, Person, Plan, burst, client, pages, steady
from tests.bench.streaming.screen import Screen, Tape
from tests.bench.streaming.servers import helper, site
from tests.bench.streaming.upstream import PACE
from tests.bench.streaming.words import LONGEST

SIZES = "1,50,200,500"
IDLE = 500
BURST_TOKENS = 60
BURST_RATE = 200  # sends a second
FEW = 10  # below so many, replies are short and follow each other: else there is little to count


def plan_for(size):
    return Plan(size, 150, 8) if size < FEW else Plan(size, LONGEST, 2)


async def watch_site(running, plan, upstream, *, idle):
    """Warm up, burst, steady; returns (pairs, phases), a phase being (times, window, CPU)."""
    seats = running.people("make", plan.size + idle)
    urls = running.urls
    meter = Meter(running.pids)
    async with client() as http:
        everybody = [
            Person(
                http,
                site=urls[place % len(urls)],
                post_to=urls[place // len(urls) % len(urls)],
                **seat,
            )
            for place, seat in enumerate(seats)
        ]
        people = everybody[: plan.size]
        async with pages(everybody):
            watching = asyncio.create_task(meter.watch())
            number = plan.size * plan.asks
            await people[0].ask(number + plan.size, BURST_TOKENS)  # nothing is loaded yet
            loop = asyncio.get_running_loop()
            started = loop.time()
            await burst(people, first_number=number, count=BURST_TOKENS, rate=BURST_RATE)
            in_burst = (await _times(http, upstream), (started, loop.time()))
            window, cpu = await steady(people, plan, meter)
            in_steady = (await _times(http, upstream), window)
            watching.cancel()
        broken = sum(person.broken for person in everybody)
    return people, (in_burst, in_steady), cpu, meter, broken


async def watch_relay(url, pid, plan, upstream, *, idle):
    meter = Meter([pid])
    async with client() as http:
        everybody = [Listener(http, site=url, post_to=url) for _ in range(plan.size + idle)]
        people = everybody[: plan.size]
        async with pages(everybody):
            window, cpu = await steady(people, plan, meter)
            return people, (await _times(http, upstream), window), cpu


async def _times(http, upstream):
    async with http.get(f"{upstream}/times") as answer:
        return await answer.json(content_type=None)


def measure_site(plan, upstream, options, say):
    with site(
        upstream,
        server=options.server,
        processes=options.processes,
        postgres=options.postgres,
        redis=options.redis,
    ) as running:
        say(f"  server: process {', '.join(map(str, running.pids))}")
        people, phases, cpu, meter, broken = asyncio.run(
            watch_site(running, plan, upstream, idle=options.idle)
        )
        rows = running.people("rows")
        balanced = running.is_balanced()
        complaints = running.complaints()
    pairs = report.replay(people, Screen)
    in_burst, _, _ = report.timing(pairs, *phases[0])
    first, delays, arrived = report.timing(pairs, *phases[1])
    for ask, _shown in pairs:
        if ask.failure:
            say(f"  reply {ask.number}: {ask.failure}")
    if complaints:
        say(f"  the server's warnings: {complaints}")
    return {
        **report.faults(pairs, rows),
        "first_frame_p50_ms": report.milliseconds(first, 0.5),
        "first_frame_p95_ms": report.milliseconds(first, 0.95),
        "burst_first_frame_p95_ms": report.milliseconds(in_burst, 0.95),
        "delay_p50_ms": report.milliseconds(delays, 0.5),
        "delay_p95_ms": report.milliseconds(delays, 0.95),
        "delay_p99_ms": report.milliseconds(delays, 0.99),
        "cpu_s_per_1000_tokens": round(cpu / arrived * 1000, 4) if arrived else None,
        "cpu_cores": round(cpu / (phases[1][1][1] - phases[1][1][0]), 2),
        "rss_mib": round(meter.rss / 2**20, 1),
        "sockets_broken": broken,
        "books_balance": balanced,
        "bench_lag_p99_ms": report.milliseconds(meter.lag, 0.99),
        "upstream_lag_p99_ms": report.milliseconds(report.lateness(phases[1][0]), 0.99),
    }


def measure_relay(plan, upstream, options):
    with helper("relay", options.server, upstream) as (process, url):
        people, phase, cpu = asyncio.run(
            watch_relay(url, process.pid, plan, upstream, idle=options.idle)
        )
    pairs = report.replay(people, Tape)
    _, delays, arrived = report.timing(pairs, *phase)
    return {
        "relay_cpu_s_per_1000_tokens": round(cpu / arrived * 1000, 4) if arrived else None,
        "relay_delay_p95_ms": report.milliseconds(delays, 0.95),
        "relay_lost": sum(ask.count - len(shown.arrived if shown else ()) for ask, shown in pairs),
    }


def measure(size, options, say):
    plan = plan_for(size)
    say(f"{size} live, {options.idle} idle, {plan.count} tokens at {PACE:.0f}/s:")
    with helper("upstream") as (_, upstream):
        figures = measure_site(plan, upstream, options, say)
        gc.collect()
        figures |= measure_relay(plan, upstream, options)
    gc.collect()
    floor, ours = figures["relay_cpu_s_per_1000_tokens"], figures["cpu_s_per_1000_tokens"]
    figures["cpu_ratio"] = round(ours / floor, 2) if ours and floor else None
    figures["load_average"] = round(os.getloadavg()[0], 1)
    return figures


def chosen():
    parser = argparse.ArgumentParser(prog="script/bench replies", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    parser.add_argument("--sizes", default=SIZES, help=f"live replies, by default {SIZES}")
    parser.add_argument("--idle", type=int, default=IDLE, help="sockets with nothing to say")
    parser.add_argument("--server", choices=("daphne", "uvicorn"), default="daphne")
    parser.add_argument("--processes", type=int, default=1, help="needs --postgres --redis")
    for name, variable in (("postgres", "TEST_DATABASE_URL"), ("redis", "TEST_REDIS_URL")):
        parser.add_argument(
            f"--{name}",
            action="store_const",
            const=os.environ.get(variable, ""),
            help=f"the one that {variable} names",
        )
    options = parser.parse_args()
    for name in ("postgres", "redis"):
        if getattr(options, name) == "":
            parser.error(f"--{name} needs its address in the environment; see --help")
    if options.processes > 1 and not (options.postgres and options.redis):
        parser.error("several processes need --postgres and --redis")
    return options


def main():
    options = chosen()

    def say(text):
        if not options.json:
            print(text, flush=True)

    gc.disable()  # a pause of ours would count as the server's
    results = {}
    for size in map(int, options.sizes.split(",")):
        results[f"live_{size}"] = figures = measure(size, options, say)
        say(report.heading())
        say(report.line({"live": size, **figures}))
        say(f"  {json.dumps(figures)}")
    if options.json:
        print(json.dumps(results))
    if not all(figures["books_balance"] for figures in results.values()):
        sys.exit("the books do not balance")


if __name__ == "__main__":
    main()
