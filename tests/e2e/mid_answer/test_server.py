"""The server dies, restarts or sends the browser away while an answer arrives."""

import signal

from playwright.sync_api import expect

from tests.browser import NEEDS_CHROMIUM
from tests.e2e.mid_answer.conftest import ask, conversation_of, live_body, query

pytestmark = NEEDS_CHROMIUM


def test_a_killed_server_keeps_the_text_and_the_page_says_so(tab, site, ended):
    page = tab()
    ask(page, tokens=2000)
    page.wait_for_timeout(1_000)
    seen = live_body(page).inner_text()
    site.end(signal.SIGKILL)
    site.start()
    expect(page.get_by_text("The answer was cut off when the server stopped.")).to_be_visible()
    [row] = ended(page)
    assert row["state"] == "interrupted"
    assert len(row["text"]) > len(seen) / 2
    assert "What had arrived is kept. It cost" in page.locator("[data-fault]").inner_text()


def test_a_restarted_server_is_found_again_and_the_page_goes_on(tab, site, ended):
    page = tab()
    ask(page, tokens=2000)
    code = site.end(signal.SIGTERM)
    site.start()
    assert code == 0
    assert page.evaluate("closings[0]") == 1012
    assert ended(page)[0]["state"] == "interrupted"
    ask(page, tokens=20)
    assert [row["state"] for row in ended(page, replies=2)] == ["interrupted", "done"]


def test_who_is_signed_out_elsewhere_is_asked_to_sign_in(tab):
    page = tab()
    ask(page, tokens=20)
    page.context.clear_cookies(name="session")
    page.evaluate("sockets.at(-1).close()")
    page.wait_for_url("**/accounts/login/**")


def test_a_conversation_that_is_gone_says_so_and_is_not_asked_for_again(tab, site):
    page = tab(clock=True)
    ask(page, tokens=20)
    for table, column in (("chat_message", "conversation_id"), ("chat_conversation", "id")):
        query(site, f"DELETE FROM {table} WHERE {column} = ?", conversation_of(page).hex)
    page.evaluate("sockets.at(-1).close()")
    expect(page.get_by_text("This conversation is not there any more.")).to_be_visible()
    sockets = page.evaluate("sockets.length")
    page.clock.run_for(60_000)
    assert page.evaluate("sockets.length") == sockets
