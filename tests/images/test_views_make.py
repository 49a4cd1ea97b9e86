"""The form that orders pictures, with and without script."""

import re
import uuid
from datetime import timedelta

import pytest

from credit import ledger
from images.models import ImageJob
from tests.images.conftest import EACH, HTMX, entry, money_of, text_of

pytestmark = pytest.mark.django_db


def test_an_empty_gallery_says_how_to_begin(as_alice):
    page = text_of(as_alice.get("/pictures/"))
    assert "Make your first picture" in page
    assert "$0.0015" in page


def test_making_without_script_comes_back_to_the_gallery_with_the_form_filled(as_alice, alice):
    answer = as_alice.post("/pictures/", entry(count="2"))
    assert answer.status_code == 302
    page = text_of(as_alice.get(answer["Location"]))
    assert page.count("next in line") == 1
    assert "1 of yours before it" in page
    assert ">\nA lighthouse on Texel</textarea>".replace("\n", " ") in page
    assert money_of(alice) == (0, 2 * EACH)


def test_making_with_htmx_answers_with_tiles_of_the_final_size(as_alice):
    answer = as_alice.post("/pictures/", entry(count="4"), headers=HTMX)
    assert answer.status_code == 200
    page = text_of(answer)
    assert page.count('data-width="1152" data-height="768"') == 4
    assert 'hx-target="#newest" hx-swap="afterbegin"' in page
    assert 'hx-trigger="every 2s"' in page
    assert 'id="purse"' in page
    assert 'id="make-form"' not in page


def test_each_answer_brings_a_new_batch_id(as_alice):
    sent = entry()
    answer = as_alice.post("/pictures/", sent, headers=HTMX)
    [fresh] = re.findall(r'name="batch" id="make-batch" value="([^"]+)"', answer.content.decode())
    assert uuid.UUID(fresh) != uuid.UUID(sent["batch"])


def test_sending_the_same_form_twice_buys_once(as_alice):
    sent = entry(count="2")
    as_alice.post("/pictures/", sent, headers=HTMX)
    again = as_alice.post("/pictures/", sent, headers=HTMX)
    assert again["HX-Refresh"] == "true"
    assert as_alice.post("/pictures/", sent).status_code == 302
    assert ImageJob.objects.count() == 2


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"prompt": " "}, "Say what the picture should show."),
        ({"steps": "9"}, "At most 8."),
        ({"cfg_scale": "0.5"}, "At least 1."),
        ({"size": "4000x4000"}, "Choose a size from 256 to 1344 pixels."),
        ({"size": "1024"}, "Choose a size from 256 to 1344 pixels."),
        ({"model": "gpt-4o"}, "Select a valid choice."),
        ({"count": "100"}, "Select a valid choice."),
        ({"batch": "x"}, "Press the button again."),
        ({"prompt": "a" * 4001}, "at most 4000 characters"),
    ],
)
def test_a_wrong_entry_is_refused_and_what_was_typed_is_kept(as_alice, headers, wrong, said):
    answer = as_alice.post("/pictures/", entry(negative_prompt="blurry", **wrong), headers=headers)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert "blurry</textarea>" in text_of(answer)
    assert ("<html" in text_of(answer)) is not bool(headers)
    assert not ImageJob.objects.exists()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_too_little_credit_is_said_with_what_is_left(as_alice, alice, headers):
    account = ledger.open_account(alice)
    ledger.hold(
        alice,
        kind="image",
        model="realvision",
        amount=account.available - EACH,
        cause="test:1",
        request_id="",
        lease=timedelta(hours=1),
    )
    answer = as_alice.post("/pictures/", entry(count="4"), headers=headers)
    assert answer.status_code == 422
    assert "this needs $0.0060 and you have $0.0015" in text_of(answer)
    assert "A lighthouse on Texel</textarea>" in text_of(answer)
    assert not ImageJob.objects.exists()


def test_a_form_that_showed_errors_is_drawn_anew_once_it_is_right(as_alice):
    answer = as_alice.post("/pictures/", entry(was_refused="1"), headers=HTMX)
    assert "<form" in text_of(answer)
    assert "errorlist" not in text_of(answer)


def test_an_old_form_with_other_words_gets_a_new_id_and_orders_nothing(as_alice):
    sent = entry()
    as_alice.post("/pictures/", sent)
    answer = as_alice.post("/pictures/", sent | {"prompt": "A tulip field"})
    assert answer.status_code == 422
    assert "was sent before" in text_of(answer)
    assert sent["batch"] not in text_of(answer)
    assert ImageJob.objects.count() == 1


def test_the_button_names_the_price_of_what_stands_in_the_form(as_alice):
    answer = as_alice.post("/pictures/form/", entry(count="4"), headers=HTMX)
    assert 'Make 4 pictures <span class="num">$0.0060</span>' in text_of(answer)
    assert not ImageJob.objects.exists()


def test_the_shape_is_laid_on_its_side(as_alice):
    answer = as_alice.post("/pictures/form/", entry(swap="1"), headers=HTMX)
    assert '<option value="768x1152" selected>' in text_of(answer)
    answer = as_alice.post("/pictures/form/", entry(swap="1", size="1344x256"), headers=HTMX)
    assert '<option value="256x1344" selected>' in text_of(answer)


def test_remix_fills_the_form_with_the_whole_recipe(as_alice, alice, order):
    [job] = order(
        alice,
        "A heron",
        negative_prompt="text",
        model="amigo",
        width=640,
        height=320,
        scheduler="Euler a",
        steps=8,
        cfg_scale=3.5,
    )
    page = text_of(as_alice.get(f"/pictures/?from={job.pk}"))
    for part in (
        "A heron</textarea>",
        "text</textarea>",
        '<option value="amigo" selected>',
        '<option value="640x320" selected>640 × 320</option>',
        '<option value="Euler a" selected>',
        'name="steps" value="8"',
        'name="cfg_scale" value="3.5"',
        '<details class="more-settings" open>',
    ):
        assert part in page


def test_remix_of_a_strangers_picture_tells_nothing(as_alice, bob, order):
    [job] = order(bob, "In confidence")
    assert "In confidence" not in text_of(as_alice.get(f"/pictures/?from={job.pk}"))
    assert as_alice.get("/pictures/?from=nonsense").status_code == 200
