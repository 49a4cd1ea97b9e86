"""One form, many pictures: choices, contact sheets, styles, and what is remembered."""

import pytest

from images.models import ImageJob
from tests.images.conftest import EACH, HTMX, entry, money_of, text_of

pytestmark = pytest.mark.django_db


def test_choices_are_ordered_each_with_the_price_before(as_alice, alice):
    sent = entry(prompt="{oil|ink|pastel} heron", count="2")
    shown = text_of(as_alice.post("/pictures/form/", sent, headers=HTMX))
    assert 'Make 6 pictures <span class="num">$0.0090</span>' in shown
    assert "3 prompts, the first: oil heron" in shown
    as_alice.post("/pictures/", sent, headers=HTMX)
    assert ImageJob.objects.filter(prompt="ink heron").count() == 2
    assert ImageJob.objects.values("batch").distinct().count() == 1
    assert money_of(alice) == (0, 6 * EACH)


def test_a_contact_sheet_asks_every_model_once_for_a_double_click(as_alice, alice):
    sent = entry(every_model="on")
    for _ in range(2):
        as_alice.post("/pictures/", sent, headers=HTMX)
    assert ImageJob.objects.values("model").distinct().count() == 15
    assert money_of(alice) == (0, 15 * EACH)


def test_too_many_at_once_are_refused_and_nothing_is_held(as_alice, alice):
    answer = as_alice.post("/pictures/", entry(prompt="{a|b|c} heron", every_model="on", count="4"))
    assert answer.status_code == 422
    assert "more than 120 pictures at once" in text_of(answer)
    assert not ImageJob.objects.exists()


def test_a_style_is_written_into_the_prompt(as_alice):
    as_alice.post("/pictures/", entry(style="oil", negative_prompt="text"))
    job = ImageJob.objects.get()
    assert job.prompt == "A lighthouse on Texel, oil painting on canvas, visible brush strokes"
    assert job.negative_prompt == "text, photo, photorealistic"
    assert as_alice.post("/pictures/", entry(style="nonsense")).status_code == 422


def test_settings_are_remembered_and_the_prompt_is_not(as_alice):
    as_alice.post("/pictures/", entry(model="amigo", count="8", steps="7"), headers=HTMX)
    page = text_of(as_alice.get("/pictures/"))
    assert '<option value="amigo" selected>' in page
    assert 'name="steps" value="7"' in page
    assert "Lighthouse" not in page.partition("</textarea>")[0]


def test_a_surprise_fills_the_prompt_only(as_alice):
    shown = text_of(as_alice.post("/pictures/form/", entry(surprise="1", steps="7"), headers=HTMX))
    assert "A lighthouse on Texel</textarea>" not in shown
    assert 'name="steps" value="7"' in shown
