"""The ASGI application: HTTP by Django, websockets by Channels, each counted until it ends."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minitoolweb.settings")

from django.core.asgi import get_asgi_application

django_application = get_asgi_application()

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import WebsocketDenier  # noqa: E402
from django.urls import re_path  # noqa: E402

from chat.routing import websocket_urlpatterns  # noqa: E402
from minitoolweb.connections import Connections, lifespan  # noqa: E402
from minitoolweb.origin import SameOriginOnly  # noqa: E402

unknown = re_path(r"", WebsocketDenier.as_asgi())
sockets = AuthMiddlewareStack(URLRouter([*websocket_urlpatterns, unknown]))

application = Connections(
    ProtocolTypeRouter(
        {
            "http": django_application,
            "websocket": SameOriginOnly(sockets),
            "lifespan": lifespan,
        }
    )
)
