"""X6: frames that are too long, senseless or too many; the process and the others go on."""

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.faults.app import WITHIN
from tests.faults.rows import the_reply_of

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Tell of the tides [[tokens:4000]] [[slow:10]]"
CUT = 1006
WATCH = '{"watch": []}'


def closed_with(person, app, conversation, *said):
    """The code that a socket is closed with which says this, however often."""
    url = f"ws{app.url[4:]}/ws/c/{conversation}/"
    with connect(url, origin=app.url, additional_headers=person.cookies) as hostile:
        try:
            for message in said:
                hostile.send(message)
            while True:
                hostile.recv(timeout=WITHIN)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else CUT


@pytest.mark.parametrize("backend", ["daphne", "uvicorn"])
def test_x6_hostile_frames(start, wanda, bert, invariants, backend):
    app = start("serve", "--server", backend)
    page = wanda.open(app, wanda.ask(app, LONG))
    mine = bert.ask(app, "Hello")
    hostile = {
        "too long": ["x" * 70_000],
        "no JSON": ["hello"],
        "unknown": ['{"shout": []}'],
        "deep": ["[" * 60_000],
        "bytes": [b"\x00\xff"],
        "many": [WATCH] * 1000,
    }
    codes = {name: closed_with(bert, app, mine, *said) for name, said in hostile.items()}
    assert codes == {
        "too long": 1009,
        "no JSON": 4400,
        "unknown": 4400,
        "deep": 4400,
        "bytes": 4400,
        "many": 4429,
    }
    # Whoever is still sending when the server hangs up may miss why.
    assert closed_with(bert, app, mine, "x" * 10_000_000) in (1009, CUT)
    page.until_it_grows(the_reply_of(wanda))
    assert page.codes == []
    wanda.stop_and_see(app, page)
    assert not app.logged("socket.failed")
    invariants()
