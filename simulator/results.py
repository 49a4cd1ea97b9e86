"""Useless results of a picture job (fault g5): what a careful client must not take."""

import struct
import zlib
from collections.abc import Iterator

from simulator.refusals import not_found
from simulator.wire import Wire

_SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512">'
    b"<script>alert(document.domain)</script><rect width='512' height='512'/></svg>"
)
_HTML = b"<!DOCTYPE html><html><script>alert(document.domain)</script><p>Expired</p></html>"
_BIG = 2_000_000_000
_BLOCK = bytes(1_000_000)
_BOMB_SIDE = 14_000


async def spoil(wire: Wire, *, kind: str) -> None:
    if kind == "svg":
        await wire.answer(200, body=_SVG, headers={"content-type": "image/svg+xml"})
    elif kind == "html":
        await wire.answer(200, body=_HTML, headers={"content-type": "text/html"})
    elif kind == "text":
        await wire.answer(200, body=b"not an image at all", headers={"content-type": "image/png"})
    elif kind == "bomb":
        body = b"".join(_bomb())
        await wire.answer(200, body=body, headers={"content-type": "image/png"})
    elif kind == "big":
        await _send_big(wire)
    else:
        raise not_found()


async def _send_big(wire: Wire) -> None:
    await wire.start(200, headers={"content-type": "image/png", "content-length": str(_BIG)})
    for _ in range(_BIG // len(_BLOCK)):
        await wire.write(_BLOCK)
        await wire.pause(0)
    await wire.finish()


def _bomb() -> Iterator[bytes]:
    """A valid PNG of 14,000 × 14,000 pixels in some 25 kB."""
    packer = zlib.compressobj(9)
    row = bytes(1 + _BOMB_SIDE // 8)
    rows = b"".join(packer.compress(row) for _ in range(_BOMB_SIDE)) + packer.flush()
    yield b"\x89PNG\r\n\x1a\n"
    yield _png_chunk(b"IHDR", struct.pack(">IIBBBBB", _BOMB_SIDE, _BOMB_SIDE, 1, 0, 0, 0, 0))
    yield _png_chunk(b"IDAT", rows)
    yield _png_chunk(b"IEND", b"")


def _png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
