"""A program: asks as alice, one prompt of its arguments after another, and prints a line of JSON
for each: how the answer ended and by how many bytes the peak of memory rose meanwhile.
"""

import asyncio
import json
import resource
import sys

import django


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


async def main(prompts):
    from accounts.models import User
    from tests.faults.asking import Asking

    ask = Asking(await User.objects.aget(username="alice"))
    for prompt in prompts:
        before = peak()
        asked = await ask(prompt)
        told = {"state": asked.row.state, "code": asked.row.error_code, "rose": peak() - before}
        print(json.dumps(told), flush=True)
    await ask.hang_up()


if __name__ == "__main__":
    django.setup()
    asyncio.run(main(sys.argv[1:]))
