import gzip

from django.conf import settings
from django.contrib.staticfiles import finders

STATIC = settings.BASE_DIR / "static"
NOT_ON_PAGES = ("admin", "oversight", "charts", "spend", "styleguide")


def weight(paths):
    return sum(len(gzip.compress(path.read_bytes())) for path in paths)


def test_our_own_javascript_stays_under_15_kb():
    assert weight((STATIC / "js").glob("*.js")) < 15_000


def test_all_styles_and_scripts_of_a_page_leave_room_for_it_in_60_kb():
    ours = [*(STATIC / "css").glob("*.css"), *(STATIC / "js").glob("*.js")]
    loaded = [path for path in ours if path.stem not in NOT_ON_PAGES]
    htmx = finders.find("django_htmx/htmx-4.min.js")
    with open(htmx, "rb") as file:
        bundled = len(gzip.compress(file.read()))
    assert weight(loaded) + bundled < 40_000
