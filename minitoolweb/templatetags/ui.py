"""Template tags of the design system."""

from functools import lru_cache

from django import template
from lucide.templatetags.lucide import lucide

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, *, size: int = 17) -> str:
    """A Lucide icon as inline SVG, `size` in pixels, hidden from screen readers."""
    return lucide(name, size=size, stroke_width="1.8", aria_hidden="true", focusable="false")
