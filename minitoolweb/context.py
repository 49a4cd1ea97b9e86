"""What every template may ask about the site."""

from django.conf import settings
from django.http import HttpRequest

THEMES = ("light", "dark")


def site(request: HttpRequest) -> dict[str, object]:
    theme = request.COOKIES.get("theme", "")
    return {
        "site_name": "MiniToolAI",
        "demo": settings.DEMO,
        "theme": theme if theme in THEMES else "",  # none: as the system has it
    }
