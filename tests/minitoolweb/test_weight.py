import gzip

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

STATIC = settings.BASE_DIR / "static"
AREAS = {
    "chat": ("chat", "connection", "growing", "again", "posting"),
    "pictures": ("gallery",),
}
NOT_ON_PAGES = ("admin", "oversight", "charts", "spend", "styleguide")


def weight(paths):
    return sum(len(gzip.compress(path.read_bytes())) for path in paths)


def test_our_own_javascript_stays_under_15_kb():
    assert weight((STATIC / "js").glob("*.js")) < 15_000


@pytest.mark.parametrize("area", AREAS)
def test_all_styles_and_scripts_of_a_page_leave_room_for_it_in_60_kb(area):
    others = {stem for name, stems in AREAS.items() if name != area for stem in stems}
    needless = others - set(AREAS[area]) | set(NOT_ON_PAGES)
    ours = [*(STATIC / "css").glob("*.css"), *(STATIC / "js").glob("*.js")]
    loaded = [path for path in ours if path.stem not in needless]
    htmx = finders.find("django_htmx/htmx-4.min.js")
    with open(htmx, "rb") as file:
        bundled = len(gzip.compress(file.read()))
    assert weight(loaded) + bundled < 41_000
