import gzip

from django.conf import settings
from django.contrib.staticfiles import finders

STATIC = settings.BASE_DIR / "static"


def weight(paths):
    return sum(len(gzip.compress(path.read_bytes())) for path in paths)


def test_our_own_javascript_stays_under_15_kb():
    assert weight((STATIC / "js").glob("*.js")) < 15_000


def test_all_styles_and_scripts_of_a_page_leave_room_for_it_in_60_kb():
    htmx = finders.find("django_htmx/htmx-4.min.js")
    with open(htmx, "rb") as file:
        bundled = len(gzip.compress(file.read()))
    assert (
        weight((STATIC / "css").glob("*.css")) + weight((STATIC / "js").glob("*.js")) + bundled
        < 40_000
    )
