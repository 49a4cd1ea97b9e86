"""What turns ask of their message."""

from django import template

from chat import faults
from chat.models import Message

register = template.Library()


@register.filter
def fault(message: Message) -> faults.Fault | None:
    return faults.explain(message)


@register.filter
def seconds(milliseconds: int | None) -> float | None:
    """Milliseconds as seconds, to one decimal; None stays None."""
    return None if milliseconds is None else round(milliseconds / 1000, 1)
