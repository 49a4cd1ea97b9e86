"""Following one reply, whichever process streams it."""

import asyncio
import uuid
from collections.abc import AsyncIterator

from chat.live import Frame, LiveText
from chat.models import Message
from chat.runner import Runner, runner
from chat.threads import in_thread

# Seconds between two looks at the row of a reply that another process streams.
_ROW_INTERVAL = 0.5


async def frames(message_id: uuid.UUID, *, here: Runner = runner) -> AsyncIterator[Frame]:
    """The frames of a reply from its beginning to its end; the final row is committed by then.

    `here` is the runner of this process; a reply that it does not have is followed by its row.
    """
    live = here.get(message_id)
    if live is None:
        live = LiveText(message_id=message_id, attempt=0)
        copying = asyncio.create_task(_copy_row(live))
    else:
        copying = None
    try:
        async for frame in live.watch():
            yield frame
    finally:
        if copying:
            copying.cancel()


async def _copy_row(live: LiveText) -> None:
    """Keep a text equal to the row that another process writes, until the reply has ended."""
    while True:
        row = await in_thread(_row)(live.message_id)
        if row is None:
            break
        state, text = row
        if len(text) > len(live.text):
            live.append(text[len(live.text) :])
        if state != Message.State.STREAMING:
            break
        await asyncio.sleep(_ROW_INTERVAL)
    live.end()


def _row(message_id: uuid.UUID) -> tuple[str, str] | None:
    return Message.objects.filter(pk=message_id).values_list("state", "text").first()
