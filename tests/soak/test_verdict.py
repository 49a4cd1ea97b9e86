"""The soak sees every fault that it says there were none of."""

import random
import time
from collections import Counter
from urllib.parse import urlsplit

import aiohttp
import pytest

from minitoolai import tokens
from tests.soak import verdict
from tests.soak.person import Page
from tests.soak.tape import Tape

REPLY = "0f9a1f6e-8f0c-4b5e-9d68-6f2f3f1f7c11"
OTHER = "5d2f0d6e-2b1f-4c3a-9e55-0a8f6a1b2c33"
PATH = "/c/6a0e/"


class Said:
    """A tape on which each prompt has these answers."""

    def __init__(self, *answers):
        self.answers = answers

    def said(self, number):
        return self.answers


def row(text="One two", *, state="done", reply=REPLY, died=False):
    html = f"<p>{text}</p>"
    prompt = "reply 1 of the soak"
    return {
        "id": reply,
        "path": PATH,
        "prompt": prompt,
        "state": state,
        "died": died,
        "text": text,
        "html": html,
    }


def turn(state, body=""):
    return f'<article data-reply="{REPLY}" data-state="{state}"><div>{body}</div></article>'


@pytest.fixture
def page():
    """A page on which a reply has begun."""
    shown = Page(None, "http://site", "key", PATH, random.Random(1), Counter())
    shown.place(f"<article>reply 1 of the soak</article>{turn('streaming')}")
    return shown


def step(page, html, **more):
    change = [0, html, 0]
    page.hear({"t": "step", "n": 1, "id": REPLY, "reset": True, "change": change, **more})


def end(page, html):
    page.hear({"t": "end", "id": REPLY, "html": turn("done", html), "ok": True})


@pytest.mark.parametrize(
    ("found", "answers"),
    [
        (row(state="streaming"), ["One two"]),
        (row("One"), ["One two"]),
        (row("One two three", state="stopped"), ["One two"]),
        (row("One three", state="interrupted"), ["One two three"]),
    ],
)
def test_a_row_that_is_not_what_the_upstream_said_is_wrong(found, answers):
    assert len(list(verdict.faults_of_rows([found], Said(*answers)))) == 1


@pytest.mark.parametrize(
    ("found", "answers"),
    [
        (row(), ["", "One two"]),
        (row("One", state="stopped"), ["One two"]),
        (row("", state="failed"), []),
    ],
)
def test_a_row_that_is_what_the_upstream_said_is_right(found, answers):
    assert list(verdict.faults_of_rows([found], Said(*answers))) == []


def test_a_page_that_shows_its_rows_is_right(page):
    step(page, "<p>One two</p>", whole=True)
    end(page, "<p>One two</p>")
    assert list(verdict.faults_of_pages([(page, True)], [row()])) == []


def test_a_page_whose_steps_came_to_something_else_is_wrong(page):
    step(page, "<p>One one two</p>", whole=True)
    end(page, "<p>One two</p>")
    [fault] = verdict.faults_of_pages([(page, True)], [row()])
    assert fault.startswith(f"{REPLY} differs on a page: other steps")


def test_a_page_on_which_an_answer_never_ends_is_wrong(page):
    step(page, "<p>One two</p>", whole=True)
    [fault] = verdict.faults_of_pages([(page, True)], [row()])
    assert fault == f"{REPLY} differs on a page: not ended"


def test_a_page_that_lacks_an_answer_is_wrong_if_it_must_show_all(page):
    end(page, "<p>One two</p>")
    rows = [row(), row(reply=OTHER)]
    assert list(verdict.faults_of_pages([(page, True)], rows)) == [f"{OTHER} not on the page"]
    assert list(verdict.faults_of_pages([(page, False)], rows)) == []


def test_text_that_stood_on_a_page_and_is_gone_after_a_kill_is_lost(page):
    step(page, "<p>One</p>")
    step(page, f"<p>One {'two ' * 20}</p>")
    shown = page.grown[REPLY][1][0]
    kept = row("One", state="interrupted", died=True)
    [lost] = verdict.losses([(page, True)], [kept], [shown + 0.5])
    assert lost == pytest.approx(0.5)
    assert verdict.losses([(page, True)], [kept], [shown - 0.5]) == []
    assert verdict.losses([(page, True)], [row("One")], [time.monotonic()]) == []


def test_what_the_upstream_reported_is_on_its_bill_once():
    bill = {"lines": [{"prompt_tokens": 5, "completion_tokens": 7}]}
    assert list(verdict.faults_of_the_bill([[5, 7]], bill)) == []
    assert len(list(verdict.faults_of_the_bill([[5, 7], [5, 7]], bill))) == 1


@pytest.mark.parametrize("fault", ["", "u8 as=cut", "u8 as=close", "u15"])
async def test_the_tape_holds_what_the_upstream_said_however_it_said_it(simulator, fault):
    wish = f"[[fault:{fault} after=20]]" if fault else ""
    body = {
        "model": "gpt-4o-mini",
        "messages": [{"role": "user", "content": f"reply 7 of the soak [[tokens:40]] {wish}"}],
    }
    async with Tape(urlsplit(simulator.url).port) as tape, aiohttp.ClientSession() as http:
        headers = {"Authorization": "Bearer test-key"}
        address = f"{tape.url}/api/chat-completions/"
        try:
            async with http.post(address, json=body, headers=headers) as answer:
                await answer.read()
        except aiohttp.ClientError:
            assert fault == "u8 as=cut"
        [said] = tape.said(7)
    sent = simulator.bill()["lines"][0]["completion_tokens"]
    assert tokens.count_text(said) == sent
