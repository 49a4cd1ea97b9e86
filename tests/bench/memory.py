"""How much memory the server has after thousands of short replies: it must not grow with them.

People ask one after the other, as fast as they are answered, each on an open page. The process is
looked at after every thousandth reply, when it has come to rest.
"""

import argparse
import asyncio
import json
import sys

import psutil

from tests.bench.streaming.load import Person, client, pages
from tests.bench.streaming.servers import helper, site

PEOPLE = 40
TOKENS = 10  # of a reply
STEP = 1000
REST = 3.0  # seconds for the process to come to rest
MOST_GROWTH = 0.05


async def ask_on(people, *, first_number, count):
    numbers = iter(range(first_number, first_number + count))

    async def one(person):
        for number in numbers:
            await person.ask(number, TOKENS)
            person.frames.clear()

    await asyncio.gather(*(one(person) for person in people))


async def watch(running, replies, say):
    """RSS in MiB after each thousand replies, and how many were not answered."""
    [url], process = running.urls, psutil.Process(running.pids[0])
    sizes = []
    async with client() as http:
        seats = running.people("make", PEOPLE)
        people = [Person(http, site=url, post_to=url, **seat) for seat in seats]
        async with pages(people):
            for done in range(0, replies, STEP):
                await ask_on(people, first_number=done, count=STEP)
                await asyncio.sleep(REST)
                sizes.append(round(process.memory_info().rss / 2**20, 1))
                say(f"{done + STEP:>6} replies: {sizes[-1]:.1f} MiB")
    return sizes, sum(bool(ask.failure) for person in people for ask in person.asks)


def main():
    parser = argparse.ArgumentParser(prog="script/bench memory", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    parser.add_argument("--replies", type=int, default=11_000)
    parser.add_argument("--server", choices=("daphne", "uvicorn"), default="daphne")
    options = parser.parse_args()
    say = (lambda _: None) if options.json else print
    with (
        helper("upstream") as (_, upstream),
        site(upstream, server=options.server, processes=1, postgres="", redis="") as running,
    ):
        sizes, failed = asyncio.run(watch(running, options.replies, say))
    growth = sizes[-1] / sizes[0] - 1
    figures = {"rss_mib": sizes, "growth": round(growth, 4), "failed": failed}
    print(json.dumps(figures))
    if failed or growth > MOST_GROWTH:
        sys.exit("the memory grows, or a reply failed")


if __name__ == "__main__":
    main()
