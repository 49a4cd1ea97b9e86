"""What turns ask of their message."""

import uuid

from django import template

from chat import faults
from chat.models import Message

register = template.Library()


@register.filter
def fault(message: Message) -> faults.Fault | None:
    return faults.explain(message)


@register.simple_tag
def new_id() -> uuid.UUID:
    """An id for one sending, so that a double click is known as one."""
    return uuid.uuid4()


@register.filter
def seconds(milliseconds: int | None) -> float | None:
    """Milliseconds as seconds, to one decimal; None stays None."""
    return None if milliseconds is None else round(milliseconds / 1000, 1)
