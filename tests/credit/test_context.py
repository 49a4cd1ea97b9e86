import pytest
from django.contrib.auth.models import AnonymousUser

from credit.context import purse

pytestmark = pytest.mark.django_db


def test_a_signed_in_person_has_a_purse(rf, alice):
    request = rf.get("/")
    request.user = alice
    assert purse(request)["purse"].available == 1_000_000_000


def test_a_stranger_has_none(rf):
    request = rf.get("/")
    assert not purse(request)["purse"]
    request.user = AnonymousUser()
    assert not purse(request)["purse"]


def test_a_page_that_does_not_show_it_costs_no_query(rf, alice, django_assert_num_queries):
    request = rf.get("/")
    request.user = alice
    with django_assert_num_queries(0):
        purse(request)
