"""The pictures in docs/screenshots, taken anew of a demo: `python -m tests.e2e.screenshots`."""

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect, sync_playwright

from tests.browser import CHROMIUM, CHROMIUM_ARGUMENTS, SMALL, WIDE
from tests.e2e.conftest import PASSWORD, ROOT, Site

FOLDER = ROOT / "docs" / "screenshots"
SCHEMES = ("light", "dark")

# Oldest first: what is asked, of which model, and how many days ago it seems to be.
PROMPTS = [
    ("Explain compound interest with a formula and an example", "gpt-4.1", 3),
    ("Compare a heat pump, a gas boiler and district heating in a table", "gpt-4o", 3),
    ("Leg in het kort uit hoe een schutsluis werkt", "gpt-4o-mini", 1),
    ("A poem for grandma's eightieth birthday", "gpt-4.1-mini", 1),
    ("Plan a weekend on Texel for four, with a packing list", "gpt-4o-mini", 0),
    ("What did the Romans call the Rhine delta?", "gpt-4.1-nano", 0),
    (
        "Write a haiku about dikes, then show a Python function with a table of its results",
        "gpt-4.1",
        0,
    ),
]
PICTURES = [
    ("Abstract waves of copper and teal, flowing silk", "campursari", "1024x1024"),
    ("Misty pine forest at dawn, rays of light", "valhalla", "768x1152"),
    ("Still life with lemons and a blue jug", "beautifulrealistic", "1152x768"),
    ("Geometric composition in red, yellow and blue", "simplemix", "1024x1024"),
    ("Portrait of an old fisherman, marble bust", "realism", "768x1152"),
    ("Rotterdam by night in the rain, neon on wet streets", "juggernaut", "1344x768"),
    ("Starry night above snowy hills and a small cabin", "realityreborn", "1152x768"),
    ("A cat asleep on a windowsill, cartoon", "amigo", "1024x1024"),
    ("Wild flowers in a vase, watercolour", "dreamshaper", "1152x768"),
    ("Tulip fields and a windmill under great clouds", "realvision", "1344x768"),
    ("Rolling green hills in spring, small farms", "reality", "1152x768"),
    ("A lighthouse on Texel at first light", "realvision", "1152x768"),
]
AGE = """
from datetime import timedelta
from django.db.models import F
from chat.models import Conversation
for title, days in {ages!r}:
    Conversation.objects.filter(title__startswith=title).update(
        updated_at=F("updated_at") - timedelta(days=days))
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Site(Path(folder), LOG_LEVEL="WARNING")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        try:
            page = browser.new_page(base_url=site.url, viewport=WIDE)
            move_in(page, site.first_link())
            make_pictures(page)
            conversation = ask_all(page)
            site.manage("shell", "-c", AGE.format(ages=[(p[:30], days) for p, _, days in PROMPTS]))
            state = page.context.storage_state()
            for scheme in SCHEMES:
                take_all(browser, site.url, state, scheme=scheme, conversation=conversation)
        finally:
            browser.close()
            site.end()


def move_in(page, link):
    page.goto(link)
    page.get_by_label("Username").fill("anna")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("The same once more").fill(PASSWORD)
    page.get_by_role("button", name="Create the admin account").click()
    page.wait_for_url("**/")
    page.goto("/accounts/profile/")
    page.get_by_label("Name", exact=True).fill("Anna de Vries")
    page.get_by_role("button", name="Save").click()


def make_pictures(page):
    page.goto("/pictures/")
    for count, (prompt, model, size) in enumerate(PICTURES, start=1):
        page.locator("[name=prompt]").fill(prompt)
        page.locator("[name=model]").select_option(model)
        page.locator("[name=size]").select_option(size)
        page.locator("#make").click()
        page.locator(".tile").nth(count - 1).wait_for()
    expect(page.locator(".tile.wait")).to_have_count(0, timeout=120_000)


def ask_all(page):
    """Ask every question, each in a conversation of its own; the address of the last."""
    for prompt, model, _ in PROMPTS:
        page.goto("/")
        page.locator("[name=model]").select_option(model)
        page.get_by_label("Your message").fill(prompt)
        page.keyboard.press("Enter")
        page.wait_for_url("**/c/*/")
        page.wait_for_selector(".receipt", timeout=120_000)
    return page.url


def take_all(browser, url, state, *, scheme, conversation):
    for prefix, viewport, scale in (("", WIDE, 1.5), ("phone-", SMALL, 2)):
        context = browser.new_context(
            base_url=url,
            storage_state=state,
            viewport=viewport,
            device_scale_factor=scale,
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        page = context.new_page()
        for name, address in (("chat", conversation), ("pictures", "/pictures/")):
            page.goto(address, wait_until="networkidle")
            page.evaluate("Promise.all([...document.images].map((image) => image.decode()))")
            save(page.screenshot(), FOLDER / f"{prefix}{name}-{scheme}.webp")
        context.close()


def save(png, path):
    path.parent.mkdir(exist_ok=True)
    Image.open(io.BytesIO(png)).convert("RGB").save(path, quality=78, method=6)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
