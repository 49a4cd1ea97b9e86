"""A prompt answered by the real runner and client over a real socket, and what came of it."""

import asyncio
import uuid
from dataclasses import dataclass
from html import unescape

from django.conf import settings

from chat import admission, pages
from chat.models import Message
from chat.runner import Runner
from chat.threads import in_thread
from credit.models import Hold, UsageRecord
from minitoolai import Deadlines, shared_client, tokens

MINI_INPUT, MINI_OUTPUT = 150, 600  # nano-USD a token of the model that is asked

FREE = "Nothing was charged."
PATIENT = Deadlines()
# Silence is told apart within a second, yet a busy machine is given time to answer at all.
HASTY = Deadlines(first_event=20, between_events=1)
HASTY_AT_FIRST = Deadlines(first_event=1)


@dataclass
class Asked:
    """`page` is the whole turn as its person sees it, `seen` the passing words on the way there."""

    row: Message
    page: str
    seen: set[str]

    @property
    def estimate(self):
        """What prompt and kept text cost by our own count, in nano-USD."""
        counted = tokens.count_text(self.row.text)
        return self.row.prompt_tokens * MINI_INPUT + counted * MINI_OUTPUT

    @property
    def ending(self):
        return self.row.state, self.row.error_code, self.row.text


class Asking:
    """Asks as one person, each time in a conversation of its own."""

    def __init__(self, user):
        self._user = user
        self._used = set()

    async def __call__(self, text, *, url=None, deadlines=PATIENT):
        """Ask, and wait until the answer has ended and its rows are committed."""
        if url:
            settings.MINITOOLAI_BASE_URL = url  # the settings fixture puts it back
        self._used.add((settings.MINITOOLAI_BASE_URL, deadlines))
        runner = Runner(deadlines=deadlines)
        begun = await in_thread(admission.begin)(
            None,
            user=self._user,
            client_id=uuid.uuid4(),
            text=text,
            model="gpt-4o-mini",
            request_id=uuid.uuid4().hex,
        )
        runner.start(begun)
        seen = await asyncio.wait_for(_passing_words(runner.get(begun.reply.pk)), 120)
        assert await Message.objects.filter(pk=begun.prompt.pk, text=text).aexists()
        return await in_thread(_result)(begun.reply.pk, seen)

    async def hang_up(self):
        for url, deadlines in self._used:
            key = settings.MINITOOLAI_API_KEY
            await shared_client(base_url=url, api_key=key, deadlines=deadlines).aclose()


async def _passing_words(live):
    seen = set()
    while True:
        seen.add(live.notice)
        if live.ended:
            return seen - {""}
        await asyncio.sleep(0.02)


def _result(message_id, seen):
    row = Message.objects.with_receipts().get(pk=message_id)
    assert not row.is_live
    page = pages.ended_turn(message_id, language="en")["html"]
    assert row.html in page
    return Asked(row, unescape(page), seen)


async def the_record():
    """The one usage record there is, of the one hold."""
    await Hold.objects.aget()
    return await UsageRecord.objects.aget()


async def unbilled():
    """How many calls the admin is told of as perhaps billed upstream and charged to nobody."""
    return await UsageRecord.objects.unbilled().acount()


async def until(met):
    """Wait until a condition holds."""
    async with asyncio.timeout(60):
        while True:
            if met():
                return
            await asyncio.sleep(0.02)
