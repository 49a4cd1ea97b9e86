"""What a browser keeps of a person once they have gone."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def forgetting(view: View) -> View:
    """Let the answer to a POST empty the browser's cache: pictures are kept there for good."""

    @wraps(view)
    def forget(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            response["Clear-Site-Data"] = '"cache"'
        return response

    return forget
