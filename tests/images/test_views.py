"""The gallery, its form, the viewer and the files: for the owner, a stranger and a guest."""

import re
import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from credit import ledger
from credit.models import Price
from images import queue
from images.models import ImageJob, State
from tests.images.conftest import EACH, money_of, picture

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def as_alice(client, alice):
    client.force_login(alice)
    return client


def entry(**changes):
    """What the form sends."""
    return {
        "batch": str(uuid.uuid4()),
        "prompt": "A lighthouse on Texel",
        "negative_prompt": "",
        "model": "realvision",
        "size": "1152x768",
        "count": "1",
        "scheduler": "DPM++ SDE",
        "steps": "4",
        "cfg_scale": "2",
    } | changes


def text_of(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


# --- Making --------------------------------------------------------------------------


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
    assert "<form" not in page


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


# --- What changed --------------------------------------------------------------------


def shown(client):
    return re.findall(r'name="seen" value="([^"]+)"', client.get("/pictures/").content.decode())


def test_nothing_new_is_answered_with_no_content(as_alice, alice, order):
    order(alice, count=2)
    seen = shown(as_alice)
    assert len(seen) == 2
    answer = as_alice.post("/pictures/changes/", {"seen": seen}, headers=HTMX)
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_picture_that_landed_is_swapped_in_announced_and_paid(as_alice, alice, finished, order):
    [waiting] = order(alice)
    [claimed] = queue.claim(room=8)
    seen = [*shown(as_alice)]
    done = finished(alice, "A tulip field")
    seen.append(f"{done.pk}:running:0")
    answer = as_alice.post("/pictures/changes/", {"seen": seen}, headers=HTMX)
    page = text_of(answer)
    assert f'hx-target="#tile-{done.pk}"' in page
    assert f"tile-{waiting.pk}" not in page
    assert "Picture ready: A tulip field" in page
    assert 'id="purse"' in page
    assert 'hx-trigger="every 2s"' in page
    assert claimed.pk == waiting.pk


def test_the_poller_stops_when_nothing_waits(as_alice, alice, finished):
    job = finished(alice)
    seen = [f"{job.pk}:running:0"]
    page = text_of(as_alice.post("/pictures/changes/", {"seen": seen}, headers=HTMX))
    assert '<div id="poller"></div>' in page


def test_moving_up_in_line_is_a_change(as_alice, alice, order):
    first, second = order(alice, count=2)
    seen = shown(as_alice)
    queue.claim(room=1)
    page = text_of(as_alice.post("/pictures/changes/", {"seen": seen}, headers=HTMX))
    assert page.count('<hx-partial hx-target="#tile-') == 2
    assert "next in line" in page
    assert "data-elapsed" in page
    assert "picture-ready" not in page


def test_a_failure_is_said_with_its_reason_and_a_way_to_try_again(as_alice, alice, order):
    [job] = order(alice)
    seen = shown(as_alice)
    [claimed] = queue.claim(room=1)
    queue.finish(claimed, state=State.FAILED, error_code="upstream_failed", detail="<b>nsfw</b>")
    page = text_of(as_alice.post("/pictures/changes/", {"seen": seen}, headers=HTMX))
    assert "could not make this picture" in page
    assert "Nothing was charged." in page
    assert "&lt;b&gt;nsfw&lt;/b&gt;" in page
    assert f"/pictures/?from={job.pk}" in page


def test_strangers_tiles_and_nonsense_are_not_answered(as_alice, bob, order):
    [job] = order(bob, "In confidence")
    seen = [f"{job.pk}:done:0", "nonsense", "", ":::"]
    page = text_of(as_alice.post("/pictures/changes/", {"seen": seen}, headers=HTMX))
    assert "In confidence" not in page
    assert str(job.pk) not in page


# --- The gallery ---------------------------------------------------------------------


def test_pictures_stand_by_month_newest_first(as_alice, alice, finished):
    for moment in ("2026-09-30T22:30", "2026-08-31T21:30"):  # UTC; in Amsterdam two hours later
        job = finished(alice, f"Made at {moment}")
        at = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("UTC"))
        ImageJob.objects.filter(pk=job.pk).update(created_at=at)
    page = text_of(as_alice.get("/pictures/"))
    assert page.index("October 2026") < page.index("Made at 2026-09") < page.index("August 2026")
    assert "September 2026" not in page


def test_a_page_takes_the_same_few_queries_however_many_pictures(
    as_alice, alice, order, django_assert_max_num_queries
):
    as_alice.get("/pictures/")  # opens the account
    with django_assert_max_num_queries(10) as few:
        as_alice.get("/pictures/")
    for _ in range(10):
        order(alice, count=4)
    with django_assert_max_num_queries(11) as many:
        as_alice.get("/pictures/")
    assert len(many) == len(few) + 1  # the places in line


def test_pages_neither_repeat_nor_skip_a_picture(as_alice, alice, order, monkeypatch):
    for _ in range(4):
        order(alice, count=4)
    monkeypatch.setattr("images.gallery.PAGE", 6)
    ids, address, pages = [], "/pictures/", 0
    while address:
        page = as_alice.get(address).content.decode()
        order(alice, "One more at the top")
        ids += re.findall(r'id="tile-([^"]+)"', page)
        following = re.search(r'href="(/pictures/\?after=[^"]+)"', page)
        address, pages = following and following[1], pages + 1
    assert pages == 3
    assert len(ids) == len(set(ids)) == 16


def test_the_next_page_goes_on_within_its_month(as_alice, alice, order, monkeypatch):
    order(alice, count=4)
    monkeypatch.setattr("images.gallery.PAGE", 2)
    first = as_alice.get("/pictures/").content.decode()
    [address] = set(re.findall(r'hx-get="(/pictures/\?after=[^"]+)"', first))
    more = text_of(as_alice.get(address, headers=HTMX))
    assert "<html" not in more
    assert "<h2" not in more
    assert "hx-target=\"[data-month='" in more
    assert more.count('class="tile wait"') == 2


@pytest.mark.parametrize("after", ["x", "1-2", "99999999999999999999999-" + "0" * 32, "-"])
def test_a_senseless_cursor_shows_the_newest(as_alice, alice, order, after):
    [job] = order(alice)
    assert f"tile-{job.pk}" in text_of(as_alice.get("/pictures/", {"after": after}))


def test_secrets_never_stand_in_a_page(as_alice, alice, order, finished):
    done = finished(alice)
    order(alice)
    [claimed] = queue.claim(room=1)
    queue.accept(claimed, jobid="4711471147", signature="s3cr3t-signature")
    pages = [as_alice.get(path) for path in ("/pictures/", f"/pictures/{done.pk}/")]
    for page in pages:
        assert "s3cr3t-signature" not in text_of(page)
        assert "4711471147" not in text_of(page)
        assert "http://upstream" not in text_of(page)


# --- One picture ---------------------------------------------------------------------


def test_the_viewer_tells_how_the_picture_was_made_and_what_it_cost(as_alice, alice, finished):
    older, job, newer = (finished(alice, name) for name in ("Older", "A heron", "Newer"))
    page = text_of(as_alice.get(f"/pictures/{job.pk}/"))
    for part in ("A heron", "realvision", "256 × 256", "DPM++ SDE", "$0.0015", "?download"):
        assert part in page
    assert f'href="/pictures/{newer.pk}/" rel="prev"' in page
    assert f'href="/pictures/{older.pk}/" rel="next"' in page
    assert f"/pictures/?from={job.pk}" in page


def test_a_waiting_picture_has_no_viewer_and_no_file(as_alice, alice, order):
    [job] = order(alice)
    assert as_alice.get(f"/pictures/{job.pk}/").status_code == 404
    assert as_alice.get(f"/pictures/{job.pk}/file/320").status_code == 404


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP"])
def test_a_file_is_served_as_it_came_and_cannot_act(as_alice, alice, finished, format):
    data = picture(format=format)
    job = finished(alice, data=data)
    answer = as_alice.get(f"/pictures/{job.pk}/file/original")
    assert answer.content == data
    assert answer["Content-Type"] == f"image/{format.lower()}"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    assert "Content-Disposition" not in answer
    download = as_alice.get(f"/pictures/{job.pk}/file/original?download")
    assert download["Content-Disposition"].startswith('attachment; filename="realvision-2')


def test_a_browser_that_has_the_file_gets_no_second_copy(as_alice, alice, finished):
    job = finished(alice)
    address = f"/pictures/{job.pk}/file/320"
    etag = as_alice.get(address)["ETag"]
    again = as_alice.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    other = as_alice.get(f"/pictures/{job.pk}/file/640", headers={"If-None-Match": etag})
    assert other.status_code == 200


@pytest.mark.parametrize(
    "size", ["100", "original.png", "..", "../320", "..%2f..%2fdb.sqlite3", "%2e%2e%2f320", ""]
)
def test_no_other_name_reaches_a_file(as_alice, alice, finished, size):
    job = finished(alice)
    assert as_alice.get(f"/pictures/{job.pk}/file/{size}").status_code == 404


def test_a_lost_file_is_not_found(as_alice, alice, finished, media):
    job = finished(alice)
    (media / job.path("320")).unlink()
    assert as_alice.get(f"/pictures/{job.pk}/file/320").status_code == 404


# --- Others --------------------------------------------------------------------------


def _addresses(job):
    return [f"/pictures/{job.pk}/", *(f"/pictures/{job.pk}/file/{s}" for s in ("original", "320"))]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_strangers_picture_is_like_one_that_never_was(as_alice, bob, finished, headers):
    job = finished(bob)
    for address in _addresses(job):
        assert as_alice.get(address, headers=headers).status_code == 404
    assert str(job.pk) not in text_of(as_alice.get("/pictures/", headers=headers))


def test_a_guest_is_sent_to_sign_in(client, alice, finished):
    job = finished(alice)
    for address in ("/pictures/", *_addresses(job)):
        answer = client.get(address)
        assert answer["Location"] == f"/accounts/login/?next={address}"
    for address in ("/pictures/", "/pictures/form/", "/pictures/changes/"):
        assert client.post(address, entry())["Location"].startswith("/accounts/login/")
        assert "HX-Redirect" in client.post(address, entry(), headers=HTMX)
    assert ImageJob.objects.count() == 1


@pytest.mark.parametrize("address", ["form/", "changes/"])
def test_fragments_answer_posts_only(as_alice, address):
    assert as_alice.get(f"/pictures/{address}").status_code == 405


def test_without_any_priced_model_the_page_still_stands(as_alice):
    Price.objects.filter(kind="image").delete()
    assert as_alice.get("/pictures/").status_code == 200
    assert as_alice.post("/pictures/", entry()).status_code == 422
    assert not ImageJob.objects.exists()
