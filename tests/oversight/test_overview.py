"""The admin's first page, and the rows behind its figures."""

import csv
import io
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from credit import days, pool
from credit.models import PoolEntry, UsageRecord
from oversight import house, listing, spending
from oversight.slices import Slice, SliceForm
from tests.credit.books import fill_pool, give, hold_for
from tests.oversight.conftest import DOLLAR, EACH

pytestmark = pytest.mark.django_db

OVERVIEW = "/admin/"
USAGE = reverse("oversight:usage")


def read(client, address, **query):
    answer = client.get(address, query)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def lines(answer):
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def charged(part):
    return sum(cell.charged for cell in spending.cells(part))


def this_month():
    return Slice(first=days.today() - timedelta(days=29), last=days.today())


def test_an_empty_house_says_so(admin):
    page = read(admin, OVERVIEW)
    assert "Nothing was spent in these days" in page
    assert "Not noted yet" in page


def test_it_is_where_the_admin_begins_and_the_lists_are_one_step_away(admin):
    assert reverse("admin:index") == OVERVIEW
    assert reverse("oversight:lists") in read(admin, OVERVIEW)
    assert reverse("admin:accounts_user_changelist") in read(admin, reverse("oversight:lists"))


def test_how_the_house_stands(admin, alice, bob):
    give(alice, 2 * DOLLAR)
    give(bob, 2 * DOLLAR)
    fill_pool(6 * DOLLAR)
    standing = house.standing(house.recent())
    page = read(admin, OVERVIEW)
    assert "$6.00" in page
    assert standing.coverage == round(100 * 6 * DOLLAR / standing.owed)
    assert f"the pool covers {standing.coverage} %" in page


def test_the_pool_runs_out_at_the_pace_of_the_last_days(alice, spend):
    give(alice, 10 * DOLLAR)
    for days_ago in range(1, 5):
        spend(alice, times=100, days_ago=days_ago)
    fill_pool(10 * 100 * EACH)
    spend(alice, times=50)  # today is not over yet, and no pace
    standing = house.standing(house.recent())
    assert standing.burn == 100 * EACH
    assert standing.runs_out == days.today() + timedelta(days=9)


def test_a_pool_that_lasts_is_not_dated(alice, spend):
    spend(alice, days_ago=1)
    fill_pool(1_000_000 * DOLLAR)
    assert house.standing(house.recent()).runs_out is None


def test_each_span_is_held_against_as_many_days_before(alice, spend):
    give(alice, 10 * DOLLAR)
    for days_ago, times in ((0, 4), (1, 2), (6, 10), (7, 8), (13, 1), (29, 3), (59, 7), (60, 90)):
        spend(alice, times=times, days_ago=days_ago)
    found = [
        (pace.length, pace.charged // EACH, pace.before // EACH) for pace in house.recent().paces
    ]
    assert found == [(1, 4, 2), (7, 16, 9), (30, 28, 7)]


def test_the_drift_is_what_the_site_shows_less_what_was_expected(admin, alice):
    fill_pool(6 * DOLLAR)
    for shown in (5_990_000_000, 5_970_000_000):
        pool.record(PoolEntry.Kind.SHOWN, amount=shown, actor=None, key=f"shown:{shown}")
    newest, oldest = house.drifts()
    assert (newest.entry.drift, newest.change) == (-30_000_000, -20_000_000)
    assert (oldest.entry.drift, oldest.change) == (-10_000_000, -10_000_000)
    assert "−$0.0300" in read(admin, OVERVIEW)


def test_money_set_apart_is_told_by_age(alice, bob):
    hold_for(alice, amount=5)
    assert house.open_holds().rows[0][1:] == (1, 5)
    assert house.open_holds().rows[2][1:] == (0, 0)


def test_spending_is_split_by_model_kind_group_person_and_measure(admin, alice, bob, group, spend):
    spend(alice, times=3)
    spend(alice, times=1, counted=True, days_ago=2)
    spend(bob, model="realvision")
    part = this_month()
    cells = spending.cells(part)
    table = spending.by_day(part, cells, spending.model_series(part))
    assert table.series == ["gpt-4o-mini", "Pictures"]
    assert dict(table.rows)[days.today()] == [3 * EACH, 1_500_000]
    assert spending.share_counted(cells) == 25
    people = [(who.name, who.charged) for who in spending.top_people(part)]
    assert people == [("alice", 4 * EACH), ("bob", 1_500_000)]
    page = read(admin, OVERVIEW)
    assert "25.00 % of the replies' cost was counted here" in page
    assert "4B" in page
    assert "In no group" in page


def test_the_smallest_models_are_drawn_together():
    part = this_month()
    found = [
        spending.Cell(part.last, "image", f"m{number}", "flat", None, 1, number, number)
        for number in range(1, 9)
    ]
    table = spending.by_day(part, found, lambda cell: cell.model)
    assert table.series == ["m8", "m7", "m6", "m5", "m4", "Others"]
    assert table.rows[-1] == (part.last, [8, 7, 6, 5, 4, 6])
    assert sorted(shade for _name, shade in table.legend) == [1, 2, 3, 4, 5, 6]


def test_what_is_shown_stands_in_the_address(admin, alice, bob, group, spend):
    spend(alice, times=3)
    spend(bob, times=5, days_ago=10)
    spend(bob, model="realvision", days_ago=1)
    assert charged(SliceForm({"group": group.group_id}).chosen()) == 3 * EACH
    assert charged(SliceForm({"days": "7"}).chosen()) == 3 * EACH + 1_500_000
    assert charged(SliceForm({"kind": "image"}).chosen()) == 1_500_000
    assert charged(SliceForm({"model": "gpt-4o-mini"}).chosen()) == 8 * EACH
    ten_ago = days.today() - timedelta(days=10)
    told = SliceForm({"since": str(ten_ago), "until": str(ten_ago)}).chosen()
    assert charged(told) == 5 * EACH
    page = read(admin, OVERVIEW, group=group.group_id, kind="chat")
    assert f'value="{group.group_id}" selected' in page
    assert f"&group={group.group_id}&kind=chat" in page


@pytest.mark.parametrize(
    "nonsense",
    [
        {"since": "2026-05-02", "until": "2026-05-01"},
        {"since": "2020-01-01", "until": "2026-01-01"},
        {"since": "soon"},
        {"days": "8"},
        {"group": "999"},
        {"kind": "cake"},
        {"model": "gpt-9"},
        {"user": "x"},
    ],
)
def test_what_makes_no_sense_shows_the_usual_days(admin, nonsense):
    part = SliceForm(nonsense).chosen()
    assert (part.length, part.last, part.kind) == (30, days.today(), "")
    assert admin.get(OVERVIEW, nonsense).status_code == 200
    assert admin.get(USAGE, nonsense).status_code == 200


@pytest.mark.parametrize("name", ["models", "measures", "kinds", "groups", "people", "drift"])
def test_every_table_has_csv(admin, alice, group, spend, name):
    spend(alice, times=3)
    fill_pool(DOLLAR)
    pool.record(PoolEntry.Kind.SHOWN, amount=1_800_000, actor=None, key="shown")
    answer = admin.get(reverse("oversight:table", args=[name]))
    head, *rows = lines(answer)
    assert answer["Content-Type"].startswith("text/csv")
    assert len(head) > 1
    assert "0.001800000" in str(rows)


def test_there_is_no_other_table(admin):
    assert admin.get(reverse("oversight:table", args=["secrets"])).status_code == 404


def test_the_page_takes_the_same_queries_however_many_spend(
    admin, alice, bob, group, spend, django_assert_num_queries
):
    spend(alice)
    admin.get(OVERVIEW)
    with django_assert_num_queries(22):
        admin.get(OVERVIEW)
    spend(bob, times=2)
    spend(bob, model="realvision", days_ago=3)
    with django_assert_num_queries(22):
        admin.get(OVERVIEW)


# --- The rows behind ------------------------------------------------------------------------------


def test_the_rows_behind_a_figure(admin, alice, bob, spend):
    spend(alice, times=3)
    spend(bob, times=2, days_ago=3)
    page = read(admin, USAGE, user=alice.pk)
    assert "$0.0018" in page
    assert "$0.0012" not in page
    assert "$0.0012" in read(admin, USAGE, since=days.today() - timedelta(days=3))


def test_a_call_is_found_by_its_request_or_cause_whenever_it_was(admin, alice, bob, spend):
    record = spend(alice, times=3, days_ago=200)
    spend(bob)
    for words in (record.request_id, record.cause):
        page = read(admin, USAGE, q=words)
        assert "$0.0018" in page
        assert "bob" not in page
    assert "No calls" in read(admin, USAGE, q="nothing")


def test_rows_come_in_pages_without_a_gap_or_a_repetition(alice, spend):
    records = [spend(alice, days_ago=number // 3) for number in range(7)]
    seen, after, pages = [], "", 0
    while after or not pages:
        page = listing.newest_days_first(UsageRecord.objects.all(), after=after, length=3)
        seen += page.rows
        after, pages = page.following, pages + 1
    assert seen == sorted(records, key=lambda record: (record.day, record.pk), reverse=True)
    assert pages == 3


@pytest.mark.parametrize("after", ["x", "2026-01-01", "2026-01-01.x", f"2026-01-01.{9**40}"])
def test_a_cursor_of_nonsense_fails_nothing(admin, after):
    assert admin.get(USAGE, {"after": after}).status_code == 200


def test_rows_as_csv(admin, alice, spend):
    record = spend(alice, times=3)
    (row,) = lines(admin.get(USAGE, {"csv": "1"}))[1:]
    assert row[1] == "alice"
    assert row[8] == "0.001800000"
    assert row[-2:] == [record.cause, record.request_id]


def test_a_page_of_rows_takes_the_same_queries_for_many(
    admin, alice, bob, spend, django_assert_num_queries
):
    spend(alice)
    admin.get(USAGE)
    with django_assert_num_queries(6):
        admin.get(USAGE)
    spend(bob)
    with django_assert_num_queries(6):
        admin.get(USAGE)
