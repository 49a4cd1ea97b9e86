"""The ledger's page, and the page of anomalies."""

import pytest
from django.urls import reverse

from credit import ledger
from tests.credit.books import give
from tests.oversight.conftest import DOLLAR
from tests.oversight.test_overview import lines, read

pytestmark = pytest.mark.django_db

LEDGER = reverse("oversight:ledger")
ANOMALIES = reverse("oversight:anomalies")


def test_transfers_are_found_by_person_cause_and_request(admin, alice, bob, spend):
    record = spend(alice, times=3)
    spend(bob, times=5)
    for words in ("alice", record.cause, record.request_id):
        page = read(admin, LEDGER, q=words)
        assert "$0.0018" in page
        assert "$0.0030" not in page
    assert "No transfers" in read(admin, LEDGER, q="nothing")


def test_transfers_of_one_kind(admin, alice, spend):
    spend(alice, times=3)
    ledger.grant(alice, amount=7, actor=None, reason="For the fair", key="k")
    assert "For the fair" in read(admin, LEDGER, code="grant")
    assert "$0.0018" not in read(admin, LEDGER, code="grant")
    assert "$0.0018" in read(admin, LEDGER, code="nonsense")


def test_the_ledger_is_read_only(admin, alice, spend):
    spend(alice)
    assert admin.post(LEDGER).status_code == 405


def test_transfers_as_csv(admin, alice, spend):
    record = spend(alice, times=3)
    rows = lines(admin.get(LEDGER, {"csv": "1", "q": record.cause}))
    assert rows[1][2:5] == ["alice", "Usage", "0.001800000"]
    assert rows[1][-1] == record.request_id


def test_the_ledger_takes_the_same_queries_for_many(
    admin, alice, bob, spend, django_assert_num_queries
):
    spend(alice)
    admin.get(LEDGER)
    with django_assert_num_queries(5):
        admin.get(LEDGER)
    spend(bob)
    with django_assert_num_queries(5):
        admin.get(LEDGER)


def test_quiet_books_show_no_anomaly(admin):
    assert "Nothing stands out" in read(admin, ANOMALIES)


def test_an_anomaly_is_shown_with_its_reason_and_a_way_to_pause(admin, alice, spend):
    spend(alice, times=1, counted=True)
    give(alice, 10 * DOLLAR)
    spend(alice, times=600)
    page = read(admin, ANOMALIES)
    assert "Much counted, not measured" in page
    assert "context window" in page
    assert reverse("oversight:pause", args=[alice.account.pk]) in page
    rows = lines(admin.get(ANOMALIES, {"csv": "1"}))
    assert {row[1] for row in rows[1:]} >= {"Much counted, not measured", "Usage that cannot be"}
