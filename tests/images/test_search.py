"""Finding pictures again: words, filters, saved searches, months."""

import re

import pytest
from django.http import QueryDict

from images.filters import Filters
from images.models import ImageJob, SavedSearch
from images.search import PROMPTS
from tests.images.conftest import HTMX, text_of

pytestmark = pytest.mark.django_db


def found(text):
    rows = PROMPTS.matching(ImageJob.objects.all(), text)
    return sorted(rows.values_list("prompt", flat=True))


def test_each_word_has_to_begin_a_word_of_the_prompt(alice, order):
    order(alice, "A lighthouse on Texel, long exposure")
    order(alice, "A light on the dike")
    assert found("light") == ["A light on the dike", "A lighthouse on Texel, long exposure"]
    assert found("TEXEL light") == ["A lighthouse on Texel, long exposure"]
    assert found("house") == []


@pytest.mark.parametrize(
    "text", ['"', "a' OR 1=1 --", "NEAR(", "light:* & !", "(((", "%", "*", "-"]
)
def test_no_text_is_taken_for_a_command(alice, order, text):
    order(alice, "A heron")
    assert found(text) in ([], ["A heron"])


def test_no_words_find_everything(alice, order):
    order(alice, "A heron")
    assert found("  ") == found("...") == ["A heron"]


def test_a_changed_and_a_removed_prompt_are_followed(alice, order):
    [job] = order(alice, "A heron")
    ImageJob.objects.filter(pk=job.pk).update(prompt="A tulip")
    assert (found("heron"), found("tulip")) == ([], ["A tulip"])
    job.delete()
    assert found("tulip") == []


def test_the_gallery_shows_what_its_address_says_and_pages_keep_to_it(
    as_alice, alice, order, finished, monkeypatch
):
    monkeypatch.setattr("images.gallery.PAGE", 1)
    kept = [finished(alice, "A mill", model="amigo") for _ in range(2)]
    finished(alice, "A mill", model="realvision")
    finished(alice, "A heron", model="amigo")
    page = text_of(as_alice.get("/pictures/?q=mill&model=amigo"))
    assert f"tile-{kept[1].pk}" in page
    assert page.count('<figure class="tile') == 1
    assert 'hx-get="/pictures/?q=mill&amp;model=amigo&amp;after=' in page


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("favourite=1", 1),
        ("state=waiting", 1),
        ("state=done", 2),
        ("size=256x256", 2),
        ("size=512x256", 1),
        ("scheduler=Euler", 0),
        ("model=gpt-4o&state=nonsense&size=big&collection=x", 3),
    ],
)
def test_filters_narrow_and_nonsense_is_ignored(as_alice, alice, order, finished, query, count):
    finished(alice)
    loved = finished(alice)
    ImageJob.objects.filter(pk=loved.pk).update(is_favourite=True)
    order(alice, width=512)
    page = text_of(as_alice.get(f"/pictures/?{query}"))
    assert page.count('<figure class="tile') == count


def test_a_search_in_vain_says_so(as_alice, alice, finished):
    finished(alice)
    page = text_of(as_alice.get("/pictures/?q=zeppelin"))
    assert "No picture fits" in page
    assert "Make your first picture" not in page


def test_filters_of_an_address_survive_the_round_trip():
    filters = Filters.read(QueryDict("q=two+words&model=amigo&favourite=1&after=7"))
    assert filters.query == "q=two+words&model=amigo&favourite=1"
    assert not Filters.read(QueryDict("after=7"))


def test_a_search_is_saved_under_a_name_and_forgotten(as_alice, alice, bob):
    sent = {"name": "Mills", "query": "q=mill&model=amigo&evil=1"}
    as_alice.post("/pictures/searches/", sent)
    search = SavedSearch.objects.get(user=alice)
    assert search.query == "q=mill&model=amigo"
    assert "?q=mill&amp;model=amigo" in text_of(as_alice.get("/pictures/"))
    other = SavedSearch.objects.create(user=bob, name="Mine", query="q=x")
    for pk in (search.pk, other.pk):
        as_alice.post(f"/pictures/searches/{pk}/forget/")
    assert list(SavedSearch.objects.all()) == [other]


def test_a_month_is_one_click_away(as_alice, alice, finished):
    for at in ("2026-09-15T12:00Z", "2026-07-15T12:00Z"):
        job = finished(alice, f"Made {at}")
        ImageJob.objects.filter(pk=job.pk).update(created_at=at)
    page = text_of(as_alice.get("/pictures/"))
    names = dict(re.findall(r'href="/pictures/\?after=([^"]+)">(\w+ 2026)<', page))
    assert [name[:3] for name in names.values()][-3:] == ["Sep", "Aug", "Jul"]
    [july] = [cursor for cursor, name in names.items() if name.startswith("Jul")]
    shown = text_of(as_alice.get("/pictures/", {"after": july}))
    assert "Made 2026-07" in shown
    assert "Made 2026-09" not in shown


def test_the_viewers_neighbours_keep_to_the_search(as_alice, alice, finished):
    older = finished(alice, "A mill")
    finished(alice, "A heron")
    newest = finished(alice, "A mill again")
    page = text_of(as_alice.get(f"/pictures/{newest.pk}/?q=mill"))
    assert f'href="/pictures/{older.pk}/?q=mill" rel="next"' in page


def test_a_search_by_htmx_brings_the_gallery(as_alice, alice, finished):
    finished(alice, "A mill")
    page = text_of(as_alice.get("/pictures/?q=mill", headers=HTMX))
    assert 'id="gallery"' in page
