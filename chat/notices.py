"""Rare news for a person's open pages: a reply began, the purse moved. Losing one loses nothing."""

import asyncio
import uuid

import structlog
from channels.layers import get_channel_layer

logger = structlog.get_logger(__name__)

# Seconds; a bus that accepts and never answers must not hold up a reply.
_PATIENCE = 1.0


def group_of(user_id: int) -> str:
    """The group of all sockets of one person; the name comes from the server's own id alone."""
    return f"user.{user_id}"


async def tell(
    user_id: int, kind: str, *, conversation_id: uuid.UUID, message_id: uuid.UUID
) -> None:
    """Send one notice to every open page of a person; a dead bus is logged, never raised."""
    notice = {
        "type": "notice",
        "kind": kind,
        "conversation": str(conversation_id),
        "message": str(message_id),
    }
    try:
        async with asyncio.timeout(_PATIENCE):
            await get_channel_layer().group_send(group_of(user_id), notice)
    except Exception as error:
        logger.warning("notice.lost", kind=kind, error=type(error).__name__)
