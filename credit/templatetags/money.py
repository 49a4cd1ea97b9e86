"""Money in templates."""

from django import template

register = template.Library()
