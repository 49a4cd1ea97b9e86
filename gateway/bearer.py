"""Who a request is from: one function for every way of writing the key."""

from django.http import HttpRequest

from gateway import keys
from gateway.models import ApiKey
from gateway.refusals import unauthorized


def authenticate(request: HttpRequest) -> ApiKey:
    """The key a program sent, with its person; raises Refused (401).

    `Authorization: Bearer …`, its scheme in any case, or `X-API-Key`; never the query string, and
    no cookie is looked at. Two different keys are none.
    """
    offered = {_bearer(request.headers.get("Authorization", ""))}
    offered.add(request.headers.get("X-API-Key", "").strip())
    offered.discard("")
    key = keys.recognise(offered.pop()) if len(offered) == 1 else None
    if key is None:
        raise unauthorized()
    return key


def _bearer(header: str) -> str:
    scheme, _, secret = header.strip().partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""
