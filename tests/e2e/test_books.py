"""What people were charged is what the upstream bills, to the nano-dollar."""

import re
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import psutil
import requests

REPLIES, PICTURES = 50, 20
MODELS = ["gpt-4o-mini", "gpt-4o", "gpt-4.1", "gpt-4.1-mini", "gpt-4.1-nano"]
PROMPTS = [
    "Write a haiku about dikes [[pace:0]]",
    "Leg uit wat eb en vloed is, met een tabel [[pace:0]]",
    "A Python function for compound interest, please 👩‍👩‍👧 [[pace:0]]",
    "Exactly so many tokens [[tokens:77]] [[pace:0]]",
    "This one is refused [[fault:u5]]",
]


class Person:
    """A browser without a screen: the session of somebody who has signed in."""

    def __init__(self, site, state):
        self.url = site.url
        self.session = requests.Session()
        for cookie in state["cookies"]:
            self.session.cookies.set(cookie["name"], cookie["value"])

    def get(self, path):
        answer = self.session.get(self.url + path)
        answer.raise_for_status()
        return answer.text

    def post(self, path, page, **fields):
        fields["csrfmiddlewaretoken"] = re.search(
            r'csrfmiddlewaretoken" value="(\w+)"', self.get(page)
        )[1]
        answer = self.session.post(self.url + path, fields, headers={"Referer": self.url})
        answer.raise_for_status()
        return answer

    def ask(self, number):
        """A new conversation, watched until its answer has ended."""
        page = self.post(
            "/",
            "/",
            text=PROMPTS[number % len(PROMPTS)],
            model=MODELS[number % len(MODELS)],
            client_id=str(uuid.uuid4()),
        )
        until(lambda: 'data-state="streaming"' not in self.session.get(page.url).text)

    def make(self, count):
        form = {"prompt": "A mill at dusk", "model": "realvision", "size": "512x512"}
        form |= {"scheduler": "DPM++ SDE", "steps": "4", "cfg_scale": "2", "count": str(count)}
        self.post("/pictures/", "/pictures/", batch=str(uuid.uuid4()), **form)


def until(met, *, within=90):
    """Wait until a condition holds."""
    end = time.monotonic() + within
    while not met():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.2)


def simulators_bill(site):
    """The bill that the simulator beside the server keeps for the server's key."""
    [simulator] = [
        child
        for child in psutil.Process(site.process.pid).children()
        if "simulator" in child.cmdline()
    ]
    [listening] = {
        connection.laddr.port
        for connection in simulator.net_connections()
        if connection.status == psutil.CONN_LISTEN
    }
    return requests.get(f"http://127.0.0.1:{listening}/_control/bill", {"key": "demo"}).json()


def test_fifty_replies_and_twenty_pictures_are_booked_as_the_upstream_bills_them(site, admin):
    people = [Person(site, admin) for _ in range(3)]  # as many replies as one may have at once
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda n: people[n % 3].ask(n), range(REPLIES)))
    for _ in range(PICTURES // 4):
        people[0].make(4)
    until(lambda: simulators_bill(site)["pictures"] == PICTURES)
    until(lambda: 'id="poller" hx-post' not in people[0].get("/pictures/"))
    audit = site.manage("ledger_audit")
    assert audit.returncode == 0, audit.stdout + audit.stderr
    bill = simulators_bill(site)
    assert bill["replies"] == REPLIES * 4 // 5  # the refused ones were never begun
    assert Decimal(re.search(r"\$([\d.]+) used", audit.stdout)[1]) == Decimal(
        bill["total_nano"]
    ).scaleb(-9)
