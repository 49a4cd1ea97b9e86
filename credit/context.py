"""What every page shows of the signed-in person's money."""

from django.http import HttpRequest


def purse(request: HttpRequest) -> dict[str, object]:
    return {}
