"""The ASGI application: HTTP by Django, websockets by Channels, each counted until it ends."""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minitoolweb.settings")

from django.conf import settings
from django.core.asgi import get_asgi_application

programs: Any = get_asgi_application()

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import WebsocketDenier  # noqa: E402
from django.urls import re_path  # noqa: E402

from chat.routing import websocket_urlpatterns  # noqa: E402
from minitoolweb.connections import (  # noqa: E402
    Connections,
    Receive,
    Scope,
    Send,
    lifespan,
    past_the_session,
)
from minitoolweb.handler import PageHandler  # noqa: E402
from minitoolweb.origin import SameOriginOnly  # noqa: E402

# Answers that take long wait on the loop, not in a thread; and a probe waits for no page.
ASYNCHRONOUS = ("/api/", "/healthz", "/readyz", settings.STATIC_URL)
people: Any = PageHandler()


async def http(scope: Scope, receive: Receive, send: Send) -> None:
    application = programs if scope["path"].startswith(ASYNCHRONOUS) else people
    await application(scope, receive, send)


unknown = re_path(r"", WebsocketDenier.as_asgi())
sockets = AuthMiddlewareStack(past_the_session(URLRouter([*websocket_urlpatterns, unknown])))

application = Connections(
    ProtocolTypeRouter(
        {
            "http": http,
            "websocket": SameOriginOnly(sockets),
            "lifespan": lifespan,
        }
    )
)
