"""What an answer costs, seen before and after it, in every tab; and a limit of one's own."""

import re

from playwright.sync_api import expect

from tests.browser import NEEDS_CHROMIUM, violations
from tests.e2e.test_journeys import amount, ask, credit_left, wait_for_end

pytestmark = NEEDS_CHROMIUM


def test_the_cost_is_seen_before_and_after_and_in_another_tab(open_page, admin):
    page = open_page("/", state=admin)
    gallery = page.context.new_page()
    gallery.goto("/pictures/")
    before = credit_left(gallery)
    page.get_by_label("Model").select_option("gpt-4o")
    page.get_by_label("Your message").fill("What is a dike?")
    expect(page.locator("#cost")).to_have_text(re.compile(r"\$[\d.]+ – \$[\d.]+"))
    page.get_by_role("button", name="Use it").click()
    expect(page.get_by_label("Model")).to_have_value("gpt-4.1-nano")
    expect(page.locator("#hint")).to_have_text("")
    assert violations(page) == []
    ask(page, "What is a dike?")
    page.wait_for_url("**/c/*/")
    wait_for_end(page)
    paid = page.locator(".receipt [popovertarget=bill]")
    charged = amount(paid.inner_text())
    expect(page.get_by_role("link", name="this chat")).to_contain_text(f"${charged}")
    expect(gallery.locator("#purse b")).to_have_text(f"${before - charged}", timeout=20_000)
    paid.click()
    expect(page.locator("#bill tfoot")).to_contain_text(f"${charged}")
    assert violations(page) == []


def test_ones_own_limit_keeps_the_prompt_and_is_lifted_from_there(open_page, admin):
    page = open_page("/spend/", state=admin, expected=["402", "422"])
    code = page.get_by_label("Code of the voucher")
    code.fill("1234")
    page.get_by_role("button", name="Redeem").click()
    expect(page.get_by_text("There is no such voucher")).to_be_visible()
    expect(code).to_be_focused()
    assert violations(page) == []
    page.get_by_label("At most a day, in dollars").fill("0")
    page.locator("#own").get_by_role("button").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.goto("/")
    ask(page, "Please keep this.")
    expect(page.get_by_role("alert").first).to_contain_text("that you allow yourself")
    expect(page.get_by_label("Your message")).to_have_value("Please keep this.")
    page.get_by_role("link", name="Change my limit").click()
    page.get_by_label("At most a day, in dollars").fill("")
    page.locator("#own").get_by_role("button").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
