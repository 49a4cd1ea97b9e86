"""How long and how much the client takes from the upstream at most."""

from dataclasses import dataclass

_MIB = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """In seconds, by the monotonic clock.

    An event is a whole server-sent event: neither single bytes nor comments push a deadline.
    """

    connect: float = 10
    first_event: float = 60
    between_events: float = 60
    total: float = 600
    answer: float = 60
    download: float = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """In bytes.

    `reply` is the text of a reply. `stream` is what carries it: each token comes in some 300
    bytes of JSON, so the longest reply (32,768 tokens) is about 10 MB on the wire.
    """

    event: int = _MIB
    reply: int = 8 * _MIB
    stream: int = 64 * _MIB
    answer: int = 64 * 1024
    image: int = 20 * _MIB
