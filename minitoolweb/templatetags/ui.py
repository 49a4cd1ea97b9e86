"""Template tags of the design system."""

from django import template
from django.utils.safestring import SafeString, mark_safe
from lucide import _render_icon  # the package's own tag cannot set aria-hidden by default

register = template.Library()


@register.simple_tag
def icon(name: str, *, size: int = 17) -> SafeString:
    """A Lucide icon as inline SVG, `size` in pixels, hidden from screen readers."""
    svg = _render_icon(name, size, stroke_width="1.8", aria_hidden="true", focusable="false")
    return mark_safe(svg)  # noqa: S308  the package's own files, no user text
