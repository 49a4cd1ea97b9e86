"""What people do while an answer arrives: reload, look from elsewhere, sleep, go away, stop it."""

import pytest
from playwright.sync_api import expect

from tests.browser import NEEDS_CHROMIUM
from tests.e2e.mid_answer.conftest import ask, live_body, path_of
from tests.upstream import KEY

pytestmark = NEEDS_CHROMIUM

PRESS = """() => {
    const button = document.querySelector("[data-stop]");
    button.click();
    return button.disabled && Boolean(document.querySelector("[data-stopping]"));
}"""


def test_reloading_over_and_over_loses_and_doubles_nothing(tab, ended):
    page = tab()
    ask(page)
    for _ in range(5):
        page.reload()
        expect(live_body(page)).not_to_be_empty()
    assert ended(page)[0]["state"] == "done"


def test_a_tab_opened_in_the_middle_shows_the_same(tab, ended):
    page = tab()
    ask(page)
    second = tab(path_of(page))
    expect(live_body(second)).not_to_be_empty()
    assert ended(page) == ended(second)


def test_a_frozen_tab_shows_the_answer_when_it_wakes(tab, rows, until, ended):
    page = tab()
    ask(page, tokens=150)
    browser = page.context.new_cdp_session(page)
    browser.send("Page.setWebLifecycleState", {"state": "frozen"})
    until(page, lambda: rows(page)[0]["state"] == "done")
    browser.send("Page.setWebLifecycleState", {"state": "active"})
    ended(page)


def test_a_tab_that_slept_long_sees_what_came_meanwhile(tab, network, rows, until, ended):
    """Its connection died unnoticed, and elsewhere a second prompt was sent and answered."""
    page = tab(clock=True)
    ask(page, tokens=100)
    network.forget()
    other = tab(path_of(page))
    until(other, lambda: rows(other)[0]["state"] == "done")
    ask(other, tokens=30)
    until(other, lambda: rows(other)[1]["state"] == "done")
    expect(page.locator(".turn.me")).to_have_count(1)
    page.clock.fast_forward(600_000)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    ended(page, replies=2)


@pytest.mark.parametrize("replies", [1, 2])
def test_going_away_and_back_shows_all(tab, ended, replies):
    page = tab()
    for _ in range(replies):
        expect(page.get_by_role("button", name="Send")).to_be_visible()
        ask(page, tokens=80)
    page.goto("/pictures/")
    page.go_back()
    ended(page, replies=replies)


def test_stop_shows_before_the_server_has_answered(tab, network, ended):
    page = tab()
    ask(page, tokens=4000)
    network.stall()
    assert page.evaluate(PRESS)
    network.heal()
    assert ended(page)[0]["state"] == "stopped"


def test_stop_hangs_up_on_the_upstream(tab, upstream, until, ended):
    page = tab()
    ask(page, tokens=4000)
    lines = len(upstream.bill(KEY)["lines"])
    page.get_by_role("button", name="Stop").click()
    until(page, lambda: len(upstream.bill(KEY)["lines"]) > lines)
    line = upstream.bill(KEY)["lines"][-1]
    assert line["ending"] == "client hung up"
    [row] = ended(page)
    assert row["state"] == "stopped"
    assert row["text"]


def test_a_stop_that_did_not_get_through_is_told_and_can_be_said_again(tab, network, ended):
    page = tab()
    ask(page, tokens=2000)
    network.cut()
    stop = page.get_by_role("button", name="Stop")
    stop.click()
    expect(page.get_by_role("alert").get_by_text("server cannot be reached")).to_be_visible()
    expect(stop).to_be_enabled()
    network.heal()
    stop.click()
    assert ended(page)[0]["state"] == "stopped"
