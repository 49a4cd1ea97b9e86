"""Which hosts a picture may be fetched from, and which addresses those may have.

The check and the connection use the same lookup: aiohttp connects to what `PublicResolver`
returns, so a name cannot show one address to the check and another to the socket.
"""

import ipaddress
import re
import socket
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from aiohttp.abc import AbstractResolver, ResolveResult

from minitoolai.errors import ImageUnusable

# Stricter than any URL parser, so that no two parsers can read what passes differently: no user,
# no backslash, no blank, no fragment, nothing but printable ASCII.
_URL: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?"
    r"(?:/[!-\[\]-~]*)?",
    re.IGNORECASE,
)

_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


class AddressRefused(OSError):
    """A name leads to an address that is not public."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port of a URL, in lower case."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> "Origin":
        """Raises ValueError for what is not a plain http or https URL."""
        match = _URL.fullmatch(url)
        if match is None or "#" in url:
            raise ValueError("not a plain http or https URL")
        scheme = match["scheme"].lower()
        port = int(match["port"] or (443 if scheme == "https" else 80))
        return cls(scheme, match["host"].lower().strip("[]"), port)


class ImageHosts:
    """The hosts that finished pictures may come from.

    The API's own origin always may, and when that is plain http or loopback (a stand-in on one's
    own machine or network) at a private address too. Its subdomains and the given hosts may by
    https on port 443, at public addresses. `example.com` allows just that host, `.example.com`
    also every host below it.
    """

    def __init__(self, *, base_url: str, allowed: Collection[str] = ()) -> None:
        self._own = Origin.of(base_url)
        self._allowed = {f".{self._own.host}", *(host.lower() for host in allowed)}

    @property
    def trusted(self) -> Origin | None:
        """The one origin that may have a private address, if any."""
        is_local = self._own.scheme == "http" or self._own.host in _LOOPBACK
        return self._own if is_local else None

    def check(self, url: str) -> None:
        """Raises ImageUnusable unless `url` may be fetched, as far as its text tells."""
        try:
            origin = Origin.of(url)
            allowed = origin == self.trusted or self._is_allowed(origin)
        except ValueError:
            allowed = False
        if not allowed:
            raise ImageUnusable

    def _is_allowed(self, origin: Origin) -> bool:
        if origin.scheme != "https" or not self._is_listed(origin):
            return False
        return is_public(origin.host) if _is_address(origin.host) else True

    def _is_listed(self, origin: Origin) -> bool:
        if origin == self._own:
            return True
        return origin.port == 443 and any(
            origin.host == entry.removeprefix(".")
            or (entry.startswith(".") and origin.host.endswith(entry))
            for entry in self._allowed
        )


class PublicResolver(AbstractResolver):
    """Looks names up by `inner` and refuses a name with any address that is not public."""

    def __init__(self, inner: AbstractResolver, *, trusted: Origin | None = None) -> None:
        self._inner = inner
        self._trusted = (trusted.host, trusted.port) if trusted else None

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Raises AddressRefused, an OSError as aiohttp expects from a resolver."""
        found = await self._inner.resolve(host, port, family)
        if (host, port) != self._trusted and not all(is_public(entry["host"]) for entry in found):
            raise AddressRefused(None, "the name leads to an address that is not public")
        return found

    async def close(self) -> None:
        await self._inner.close()


def is_public(address: str) -> bool:
    """Is this literal address reachable by everyone? Tunnels to IPv4 count as what they reach.

    Raises ValueError for anything but a literal address in its usual form.
    """
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        embedded = ip.ipv4_mapped or ip.sixtofour
        if embedded is not None:
            return is_public(str(embedded))
    # `is_reserved` covers ::/8, and with it NAT64 (64:ff9b::) and IPv4-compatible addresses.
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


def _is_address(host: str) -> bool:
    """Would some resolver read this as an address? Also 127.1, 2130706433 and 0x7f.1."""
    if ":" in host:
        return True
    return re.fullmatch(r"(0x[0-9a-f]*|[0-9]+)", host.rstrip(".").rpartition(".")[2]) is not None
