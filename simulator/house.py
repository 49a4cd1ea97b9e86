"""What all endpoints share: the keys, the books, the faults, the pace and the studio."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from simulator.books import Books
from simulator.faults import Board
from simulator.refusals import unauthorized
from simulator.studio import Studio
from simulator.wire import Wire


class Doors(Protocol):
    """The listening socket, for the fault that closes it."""

    def shut(self, seconds: float) -> None: ...


@dataclass(slots=True)
class House:
    """`keys` None: any key will do. `pace` is a factor on all waiting, 0 for none."""

    keys: Collection[str] | None
    pace: float
    books: Books
    board: Board
    studio: Studio
    doors: Doors | None = None

    def authenticate(self, wire: Wire) -> str:
        """The key of the request; refused with 401 without a good one."""
        scheme, _, rest = wire.headers.get("authorization", "").partition(" ")
        key = rest.strip()
        if (
            scheme.lower() != "bearer"
            or not key
            or (self.keys is not None and key not in self.keys)
        ):
            raise unauthorized()
        return key
