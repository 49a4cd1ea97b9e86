"""/_control/…: the bill, faults, pace and reset, for tests; only for clients on this machine."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qs

from simulator.faults import FAULTS, NOTHING_TO_DO
from simulator.house import House
from simulator.refusals import bad_request, not_found
from simulator.wire import Wire

MAX_BODY = 10_000


async def bill(wire: Wire, house: House) -> None:
    """GET ?key=…: the account of one key, or of all keys in a list."""
    _refuse_strangers(wire)
    keys = parse_qs(wire.query).get("key")
    if keys:
        await wire.answer_json(house.books.bill(keys[0]))
    else:
        await wire.answer_json(
            {"keys": [house.books.bill(key) for key in house.books.known_keys()]}
        )


async def list_faults(wire: Wire, house: House) -> None:
    _refuse_strangers(wire)
    known = {
        fault.code: {"place": fault.place, "summary": fault.summary, "options": fault.options}
        for fault in FAULTS.values()
    }
    await wire.answer_json(
        {"armed": house.board.armed(), "known": known, "nothing_to_do": NOTHING_TO_DO}
    )


async def arm_fault(wire: Wire, house: House) -> None:
    """POST {"fault": "u3", "times": 2, "key": …, "after": …}."""
    body = await _read(wire)
    if str(body.get("fault")).lower() == "u1":
        _shut_doors(house, seconds=body.get("seconds", 2))
    else:
        house.board.arm(body)
    await wire.answer_json({"armed": house.board.armed()})


async def set_pace(wire: Wire, house: House) -> None:
    """POST {"pace": 0}."""
    pace = (await _read(wire)).get("pace")
    if isinstance(pace, bool) or not isinstance(pace, int | float) or not 0 <= pace <= 100:
        raise bad_request("'pace' must be a number from 0 to 100.", param="pace")
    house.pace = pace
    await wire.answer_json({"pace": house.pace})


async def reset(wire: Wire, house: House) -> None:
    """POST {}: an empty bill, no jobs, no faults."""
    await _read(wire)
    house.books.clear()
    house.board.clear()
    await wire.answer_json({"reset": True})


def _shut_doors(house: House, *, seconds: Any) -> None:
    if house.doors is None:
        raise bad_request("u1 needs the simulator's own server: `python -m simulator`.")
    house.doors.shut(float(seconds))


async def _read(wire: Wire) -> dict[str, Any]:
    """A JSON body. Its content type keeps pages in a browser from posting here unasked."""
    _refuse_strangers(wire)
    if not wire.headers.get("content-type", "").startswith("application/json"):
        raise bad_request("Send application/json.", status=415)
    return await wire.read_json(limit=MAX_BODY)


def _refuse_strangers(wire: Wire) -> None:
    if wire.client is None or not ip_address(wire.client[0]).is_loopback:
        raise not_found()
