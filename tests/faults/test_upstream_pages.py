"""U2 to U19 at once, through servers, sockets and pages: each page shows what became of it."""

from html import unescape

import pytest

from chat.models import Message
from minitoolai import (
    Busy,
    ErrorInStream,
    StreamInterrupted,
    TooLarge,
    Unauthorized,
    UnexpectedAnswer,
    UpstreamFault,
)
from tests.faults.app import until
from tests.faults.invariants import assert_invariants
from tests.upstream import KEY

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "kwartelkoning"  # a word of every prompt
FREE = {
    "u2": ("failed", Unauthorized),
    "u4": ("failed", Busy),
    "u5": ("failed", UpstreamFault),
    "u6": ("failed", UnexpectedAnswer),
    "u19": ("failed", UnexpectedAnswer),
}
PAID = {
    "u3 times=1 retry_after=1": ("done", None),
    "u7 after=20": ("interrupted", StreamInterrupted),
    "u8 after=20": ("interrupted", StreamInterrupted),
    "u9 after=20 seconds=1": ("done", None),
    "u11": ("done", None),
    "u12 after=20 count=3": ("interrupted", StreamInterrupted),
    "u13 after=20": ("interrupted", ErrorInStream),
    "u14": ("done", None),
    "u14 as=invalid": ("done", None),
    "u15": ("done", None),
    "u16": ("done", None),
    "u17 after=20 megabytes=3": ("interrupted", TooLarge),
    "u18 as=huge": ("done", None),
}


def ask_for_trouble(person, app, seen_by):
    """A page for each fault, all open at once."""
    return {
        fault: person.open(
            seen_by, person.ask(app, f"Tell of the {SECRET} [[tokens:200]] [[fault:{fault}]]")
        )
        for fault in FREE | PAID
    }


def assert_page_tells(page, state, error):
    """As the page came or grew, and as it is when loaded anew."""
    rows = Message.objects.filter(conversation=page.conversation, role=Message.Role.ASSISTANT)
    reply = until(lambda: rows.exclude(state=Message.State.STREAMING).first())
    page.until_it_shows(reply)
    assert (reply.state, reply.error_code) == (state, error.code if error else "")
    kept = page.glass.replies[str(reply.pk)].end_html or page.loaded
    anew = page.person.get(f"{page.url}/c/{page.conversation}/").text
    for shown in (kept, anew):
        assert reply.html in shown
        assert error is None or error.message in unescape(shown)


def assert_all_told(pages, simulator, *apps):
    for fault, page in pages.items():
        assert_page_tells(page, *(FREE | PAID)[fault])
    until(lambda: simulator.bill()["replies"] == len(PAID))
    assert_invariants(simulator.bill())
    for app in apps:
        assert KEY not in app.log.read_text()
        assert SECRET not in app.log.read_text()


def test_u2_to_u19_each_page_tells_what_became_of_its_answer(start, wanda, simulator):
    app = start(MAX_LIVE_REPLIES_PER_USER="20", MAX_OUTPUT_TOKENS="300")
    assert_all_told(ask_for_trouble(wanda, app, app), simulator, app)


@pytest.mark.redis
@pytest.mark.postgresql
@pytest.mark.redis
def test_u2_to_u19_pages_of_another_process_tell_the_same(start, grown, wanda, simulator):
    limits = {"MAX_LIVE_REPLIES_PER_USER": "20", "MAX_OUTPUT_TOKENS": "300"}
    app, other = (start("serve", "--no-work", **grown, **limits) for _ in range(2))
    assert_all_told(ask_for_trouble(wanda, app, other), simulator, app, other)
