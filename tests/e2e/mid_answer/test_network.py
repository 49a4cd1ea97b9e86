"""A browser whose network fails while an answer arrives."""

from playwright.sync_api import expect

from tests.browser import NEEDS_CHROMIUM
from tests.e2e.mid_answer.conftest import ask, live_body, reconnecting

pytestmark = NEEDS_CHROMIUM


def test_a_page_cut_off_for_ten_seconds_shows_all_of_the_answer(tab, network, ended):
    page = tab()
    ask(page)
    network.cut()
    page.wait_for_timeout(10_000)
    expect(reconnecting(page)).to_be_visible()
    network.heal()
    [row] = ended(page)
    assert row["state"] == "done"
    expect(reconnecting(page)).to_be_hidden()


def test_a_page_offline_for_ten_seconds_shows_all_of_the_answer(tab, ended):
    page = tab()
    ask(page)
    page.context.set_offline(True)
    page.wait_for_timeout(10_000)
    page.context.set_offline(False)
    assert ended(page)[0]["state"] == "done"


def test_a_network_that_stalls_and_goes_on_leaves_no_trace(tab, network, ended):
    page = tab()
    ask(page)
    network.stall()
    page.wait_for_timeout(3_000)
    network.heal()
    assert ended(page)[0]["state"] == "done"


def test_a_connection_that_died_without_a_word_is_found_by_its_silence(tab, network, ended):
    page = tab(clock=True)
    ask(page)
    network.forget()
    stood = live_body(page).inner_text()
    page.wait_for_timeout(1_000)
    assert live_body(page).inner_text() == stood
    page.clock.fast_forward(45_000)
    assert ended(page)[0]["state"] == "done"


def test_a_network_that_came_back_is_used_at_once(tab, network, ended):
    page = tab()
    ask(page)
    network.forget()
    page.context.set_offline(True)
    page.context.set_offline(False)
    assert ended(page)[0]["state"] == "done"


def test_reconnecting_is_shown_after_two_seconds_and_not_before(tab, network, until):
    page = tab(clock=True)
    ask(page, tokens=20)
    page.clock.pause_at(page.evaluate("Date.now()") + 100)
    network.cut()
    settled = "sockets.every((socket) => socket.readyState === WebSocket.CLOSED)"
    until(page, lambda: page.evaluate(settled))
    for _ in range(19):
        page.clock.run_for(100)
        until(page, lambda: page.evaluate(settled))
    expect(reconnecting(page)).to_be_hidden()
    assert page.evaluate("sockets.length") > 2
    page.clock.run_for(150)
    expect(reconnecting(page)).to_be_visible()
    network.heal()
    page.clock.resume()
    expect(reconnecting(page)).to_be_hidden()


def test_where_sockets_do_not_pass_the_answer_comes_all_the_same(tab, network, ended):
    network.refuse_sockets()
    page = tab()
    page.get_by_label("Your message").fill("Explain the tides [[tokens:40]] [[slow:10]]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/c/*/")
    expect(page.locator('.turn[data-state="done"]')).to_have_count(1)
    expect(reconnecting(page)).to_be_visible()
    page.get_by_label("Your message").fill("Go on [[tokens:4000]] [[slow:10]]")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("You stopped this answer.")).to_be_visible()
    assert [row["state"] for row in ended(page, replies=2)] == ["done", "stopped"]
