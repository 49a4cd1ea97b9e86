"""Sockets are opened from our own pages only: the Origin is compared whole, scheme and port too."""

from typing import Any

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import split_domain_port, validate_host

from minitoolweb.connections import Application, Receive, Scope, Send


class SameOriginOnly:
    """Refuse a websocket (403, before it is accepted) whose Origin is not this site's."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.denier: Any = WebsocketDenier.as_asgi()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        handler = self.application if is_same_origin(scope) else self.denier
        await handler(scope, receive, send)


def is_same_origin(scope: Scope) -> bool:
    """Whether the one Origin header names PUBLIC_URL (or a trusted origin), or else, when no
    PUBLIC_URL is set, exactly the scheme, host and port that the handshake itself came to.
    """
    origins = _header(scope, b"origin")
    if len(origins) != 1:
        return False
    if origins[0] in settings.CSRF_TRUSTED_ORIGINS:
        return True
    return not settings.PUBLIC_URL and origins[0] == _own_origin(scope)


def _own_origin(scope: Scope) -> str | None:
    hosts = _header(scope, b"host")
    if len(hosts) != 1:
        return None
    domain, _port = split_domain_port(hosts[0])
    if not validate_host(domain, settings.ALLOWED_HOSTS):
        return None
    return f"{'https' if _is_secure(scope) else 'http'}://{hosts[0]}"


def _is_secure(scope: Scope) -> bool:
    if settings.BEHIND_PROXY:
        return _header(scope, b"x-forwarded-proto") == ["https"]
    return scope.get("scheme") in ("wss", "https")


def _header(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1").lower() for key, value in scope["headers"] if key == name]
