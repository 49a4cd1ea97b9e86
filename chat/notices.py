"""Rare news for a person's open pages: a reply began, the purse moved. Losing one loses nothing."""

import asyncio
import uuid
from collections.abc import Awaitable

import structlog
from channels.layers import get_channel_layer

logger = structlog.get_logger(__name__)

# Seconds; a bus that accepts and never answers must not hold up a reply.
_PATIENCE = 1.0


def group_of(user_id: int) -> str:
    """The group of all sockets of one person; the name comes from the server's own id alone."""
    return f"user.{user_id}"


async def listen(user_id: int, channel: str) -> None:
    """Let a socket hear the notices of its person."""
    await _on_the_bus("listen", get_channel_layer().group_add(group_of(user_id), channel))


async def forget(user_id: int, channel: str) -> None:
    await _on_the_bus("forget", get_channel_layer().group_discard(group_of(user_id), channel))


async def tell(
    user_id: int, kind: str, *, conversation_id: uuid.UUID, message_id: uuid.UUID
) -> None:
    """Send one notice to every open page of a person."""
    notice = {
        "type": "notice",
        "kind": kind,
        "conversation": str(conversation_id),
        "message": str(message_id),
    }
    await _on_the_bus(kind, get_channel_layer().group_send(group_of(user_id), notice))


async def _on_the_bus(what: str, work: Awaitable[None]) -> None:
    """A dead or silent bus is logged, never raised: replies and sockets do without it."""
    try:
        async with asyncio.timeout(_PATIENCE):
            await work
    except Exception as error:
        logger.warning("notice.lost", what=what, error=type(error).__name__)
