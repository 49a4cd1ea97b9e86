"""What the shell does in a browser, tried on the style guide."""

import re

import pytest
from django.conf import settings

from tests.browser import NEEDS_CHROMIUM, SMALL, open_page, violations

pytestmark = NEEDS_CHROMIUM

COUNT_WHAT_IS_SENT = """() => {
    window.sent = 0;
    document.addEventListener("submit", (event) => {
        if (event.target.method !== "dialog") { event.preventDefault(); window.sent += 1; }
    });
}"""


@pytest.fixture
def page(live_server, client, alice):
    alice.is_staff = True
    alice.save()
    client.force_login(alice)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    with open_page(live_server.url, session=session) as page:
        yield page


@pytest.fixture
def guide(page):
    page.goto("/styleguide/")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_wide_screen(guide, scheme):
    guide.emulate_media(color_scheme=scheme)
    assert violations(guide) == []
    guide.get_by_role("button", name="Rename…").click()
    assert violations(guide) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_phone(guide, scheme):
    guide.emulate_media(color_scheme=scheme)
    guide.set_viewport_size(SMALL)
    assert violations(guide) == []
    guide.get_by_role("button", name="Open the side bar").click()
    guide.get_by_role("button", name="alice").click()
    assert violations(guide) == []


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_page_never_scrolls_sideways(guide, width):
    guide.set_viewport_size({"width": width, "height": 700})
    assert guide.evaluate("document.documentElement.scrollWidth") == width
    assert (
        guide.evaluate("(s => s.scrollWidth - s.clientWidth)(document.querySelector('.scroll'))")
        == 0
    )


TRANSITIONS_END = """Promise.all(
    document.getAnimations()
        .filter((each) => each instanceof CSSTransition)
        .map((each) => each.finished)
)"""


def test_a_chosen_theme_holds_on_the_next_page(guide):
    guide.get_by_role("button", name="alice").click()
    guide.get_by_label("Dark").check()
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    guide.evaluate(TRANSITIONS_END)
    dark = guide.evaluate(paper)
    guide.reload()
    assert guide.evaluate("document.documentElement.dataset.theme") == "dark"
    assert guide.evaluate(paper) == dark
    guide.get_by_role("button", name="alice").click()
    guide.get_by_label("System").check()
    guide.reload()
    assert guide.evaluate("document.documentElement.dataset.theme") is None


def test_the_drawer_keeps_the_focus_and_escape_gives_it_back(guide):
    guide.set_viewport_size(SMALL)
    button = guide.get_by_role("button", name="Open the side bar")
    button.click()
    seen = set()
    for _ in range(26):
        seen.add(guide.evaluate("document.activeElement.closest('main') !== null"))
        guide.keyboard.press("Tab")
    assert seen == {False}
    guide.keyboard.press("Escape")
    assert not guide.get_by_role("navigation", name="Sections").is_visible()
    assert guide.evaluate("document.activeElement.getAttribute('popovertarget')") == "side"
    assert not guide.evaluate("document.getElementById('main').inert")


def test_the_menu_opens_beside_its_button_and_within_the_window(guide):
    guide.get_by_role("button", name="alice").click()
    menu = guide.locator("#account-menu").bounding_box()
    button = guide.locator(".who").bounding_box()
    assert menu["y"] >= 0
    assert menu["y"] + menu["height"] <= button["y"]
    assert abs(menu["x"] - button["x"]) < 2


def test_enter_sends_once_and_shift_enter_breaks_the_line(guide):
    guide.evaluate(COUNT_WHAT_IS_SENT)
    area = guide.locator("#g-message")
    area.fill("one")
    area.press("Shift+Enter")
    area.press_sequentially("two")
    assert area.input_value() == "one\ntwo"
    assert guide.evaluate("window.sent") == 0
    area.press("Enter")
    area.press("Enter")
    assert guide.evaluate("window.sent") == 1
    area.fill("   ")
    area.press("Enter")
    assert guide.evaluate("window.sent") == 1


def test_the_composer_grows_with_its_text(guide):
    area = guide.locator("#g-message")
    before = area.bounding_box()["height"]
    area.fill("a line\n" * 8)
    assert area.bounding_box()["height"] > before * 3


def test_copy_takes_the_code_and_says_so(guide):
    guide.context.grant_permissions(["clipboard-read", "clipboard-write"])
    guide.get_by_role("button", name="Copy", exact=True).click()
    guide.wait_for_function("document.getElementById('announcer').textContent === 'Copied'")
    assert guide.evaluate("navigator.clipboard.readText()").startswith("@cache\ndef crest_height(")


def test_copy_works_without_a_clipboard_object_as_on_plain_http(page):
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.goto("/styleguide/")
    page.evaluate(
        "document.addEventListener('copy', () => { window.taken = document.activeElement.value; })"
    )
    page.get_by_role("button", name="Copy", exact=True).click()
    assert page.evaluate("window.taken").startswith("@cache\n")


def test_an_answer_can_bring_toasts_that_stay_when_they_matter(guide):
    guide.clock.install()
    guide.evaluate(
        """() => htmx.trigger(document.body, "toast", { messages: [
            { level: "success", text: "<b>Saved</b>" },
            { level: "error", text: "Broken", request_id: "abc123" },
        ] })"""
    )
    toasts = guide.locator("#toasts [data-toast]")
    assert toasts.first.locator("span").text_content() == "<b>Saved</b>"
    assert toasts.last.get_attribute("role") == "alert"
    assert "abc123" in toasts.last.text_content()
    guide.clock.fast_forward(7000)
    assert toasts.count() == 1
    toasts.get_by_role("button", name="Dismiss").click()
    assert toasts.count() == 0


def test_a_form_that_asks_first_is_sent_only_after_a_yes(guide):
    guide.evaluate(COUNT_WHAT_IS_SENT)
    delete = guide.locator("#overlays").get_by_role("button", name="Delete")
    dialog = guide.get_by_role("dialog", name=re.compile("^Delete"))
    delete.click()
    dialog.get_by_role("button", name="Cancel").click()
    delete.click()
    guide.keyboard.press("Escape")
    assert guide.evaluate("window.sent") == 0
    delete.click()
    dialog.get_by_role("button", name="Delete").click()
    assert guide.evaluate("window.sent") == 1


def test_htmx_evaluates_no_code_in_attributes(guide):
    guide.evaluate(
        """() => {
            addEventListener("htmx:error", ({ detail }) => { window.refused = `${detail.error}`; });
            console.error = () => {};
            document.querySelector(".guide").insertAdjacentHTML(
                "beforeend", "<button id='evil' hx-on:click='window.pwned = true'>x</button>");
            htmx.process(document.getElementById("evil"));
        }"""
    )
    guide.locator("#evil").click()
    guide.wait_for_function("window.refused")
    assert "may not evaluate" in guide.evaluate("window.refused")
    assert guide.evaluate("window.pwned") is None


def proportions(page):
    """For each tile of the grid: the drawn ratio over the picture's own, its top and its height."""
    return page.evaluate(
        """() => [...document.querySelectorAll("#pictures .grid > .tile")].map((tile) => {
            const { width, height, top } = tile.getBoundingClientRect();
            return [width / height / (tile.dataset.width / tile.dataset.height), top, height];
        })"""
    )


def assert_whole_and_in_rows(tiles):
    heights = {}
    for off, top, height in tiles:
        assert off == pytest.approx(1, abs=0.01)
        heights.setdefault(round(top), []).append(height)
    assert max(map(len, heights.values())) > 1
    for row in heights.values():
        assert max(row) - min(row) < 1.5


@pytest.mark.parametrize("width", [320, 390, 1280, 1920])
def test_pictures_stand_whole_in_even_rows(guide, width):
    guide.set_viewport_size({"width": width, "height": 900})
    assert_whole_and_in_rows(proportions(guide))


def test_pictures_do_so_too_where_css_cannot_read_attributes(page):
    def without_typed_attr(route):
        css = route.fetch().text()
        route.fulfill(
            body=css.replace("attr(data-width", "none(data-width"), content_type="text/css"
        )

    page.route("**/css/pictures.css", without_typed_attr)
    page.add_init_script(
        """const real = CSS.supports;
        CSS.supports = (...given) => !`${given}`.includes("attr(") && real.apply(CSS, given);"""
    )
    page.goto("/styleguide/")
    assert_whole_and_in_rows(proportions(page))


THREAD = """<!doctype html><html lang="en"><title>A long thread</title>
<link rel="stylesheet" href="/static/css/reset.css">
<link rel="stylesheet" href="/static/css/layout.css">
<link rel="stylesheet" href="/static/css/utilities.css">
<div class="main" id="frame">
  <header></header>
  <div class="scroll"><div class="thread" data-stick></div></div>
  <div class="dock"><button data-jump hidden>Latest</button></div>
</div>
<script src="/static/django_htmx/htmx-4.min.js" defer></script>
<script src="/static/js/app.js" defer></script>"""


def test_the_view_sticks_to_the_end_until_one_scrolls_up_to_read(page):
    page.route("**/thread/", lambda route: route.fulfill(body=THREAD, content_type="text/html"))
    page.goto("/thread/")
    page.evaluate("document.getElementById('frame').style.height = '400px'")
    grow = """() => new Promise((done) => {
        document.querySelector(".thread").insertAdjacentHTML("beforeend", "<p>line</p>".repeat(40));
        requestAnimationFrame(() => requestAnimationFrame(done));
    })"""
    left = """() => {
        const scroll = document.querySelector(".scroll");
        return Math.round(scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight);
    }"""
    for _ in range(3):
        page.evaluate(grow)
    assert page.evaluate(left) == 0
    assert page.locator("[data-jump]").is_hidden()
    page.locator(".scroll").hover()
    page.mouse.wheel(0, -600)
    page.locator("[data-jump]").wait_for(state="visible")
    top = page.evaluate("document.querySelector('.scroll').scrollTop")
    page.evaluate(grow)
    assert page.evaluate("document.querySelector('.scroll').scrollTop") == top
    page.locator("[data-jump]").click()
    assert page.evaluate(left) == 0
    page.evaluate(grow)
    assert page.evaluate(left) == 0
