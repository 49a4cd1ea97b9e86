"""The ASGI application: routes requests, turns refusals into answers."""

import asyncio
from collections.abc import Awaitable, Callable, Collection

from simulator import chat, control, pictures
from simulator.books import Books
from simulator.faults import Board
from simulator.house import House
from simulator.refusals import Refused, error_body, not_found
from simulator.studio import Studio
from simulator.wire import HungUp, Receive, Scope, Send, Wire

Endpoint = Callable[[Wire, House], Awaitable[None]]


async def greet(wire: Wire, _house: House) -> None:
    await wire.answer_json(
        {
            "service": "MiniToolAI simulator",
            "endpoints": [f"{method} {path}" for method, path in ROUTES],
        }
    )


ROUTES: dict[tuple[str, str], Endpoint] = {
    ("GET", "/"): greet,
    ("POST", "/api/chat-completions/"): chat.complete,
    ("POST", "/api/texttoimage/"): pictures.submit,
    ("POST", "/api/texttoimage/jobs/"): pictures.ask_after,
    ("GET", "/_control/bill"): control.bill,
    ("GET", "/_control/faults"): control.list_faults,
    ("POST", "/_control/faults"): control.arm_fault,
    ("POST", "/_control/pace"): control.set_pace,
    ("POST", "/_control/reset"): control.reset,
}


class App:
    """A faithful stand-in of the MiniToolAI API."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(Wire(scope, receive=receive, send=send))

    async def _answer(self, wire: Wire) -> None:
        try:
            await _route(wire)(wire, self.house)
        except Refused as refused:
            await wire.refuse(refused)
        except HungUp:
            pass
        finally:
            wire.stop_watching()

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await asyncio.to_thread(self.house.studio.close)
                self.house.books.close()
                await send({"type": "lifespan.shutdown.complete"})
                return


def create_app(
    *, keys: Collection[str] | None = None, state: str | None = None, pace: float = 1.0
) -> App:
    """The application. `keys` None accepts any bearer key; `state` names a file that keeps bills
    and jobs over a restart; `pace` is a factor on all waiting, 0 for as fast as possible."""
    return App(House(keys, pace, Books(state), Board(), Studio()))


def _route(wire: Wire) -> Endpoint:
    if wire.method == "GET" and wire.path.startswith("/images/"):
        return pictures.fetch
    endpoint = ROUTES.get((wire.method, wire.path))
    if endpoint:
        return endpoint
    allowed = [method for method, path in ROUTES if path == wire.path]
    if not allowed:
        raise not_found()
    message = f"Not allowed to {wire.method[:20]} on {wire.path}."
    raise Refused(405, body=error_body(message), headers={"allow": ", ".join(allowed)})
