import pytest
from django.core.management import CommandError, call_command

from accounts.models import Group, User
from credit.audit import first_difference
from credit.models import DayTotal, Hold, Outcome, UsageRecord
from gateway.models import ApiKey
from tests.credit.books import give, hold_for


def seed(**options):
    call_command("seed", verbosity=0, **{"people": 40, "groups": 3, "charges": 500, **options})


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True


@pytest.mark.django_db
def test_seeded_books_are_what_the_ledger_would_have_written():
    seed(days=70)
    assert first_difference() is None
    assert UsageRecord.objects.count() == 500


@pytest.mark.django_db
def test_people_are_in_groups_and_some_use_programs():
    seed()
    assert User.objects.filter(username__startswith="seed").count() == 40
    assert User.objects.filter(group=None).count() == 4
    assert Group.objects.count() == 3
    assert ApiKey.objects.count() == 2


@pytest.mark.django_db
def test_nobody_signs_in_as_an_invented_person():
    seed(charges=0)
    assert not any(person.has_usable_password() for person in User.objects.all())


@pytest.mark.django_db
def test_calls_end_in_many_ways():
    seed(charges=3000, days=3)
    ends = set(UsageRecord.objects.values_list("outcome", flat=True))
    assert ends >= {Outcome.DONE, Outcome.STOPPED, Outcome.REFUSED, Outcome.PICTURE_DONE}
    assert DayTotal.objects.values("day").distinct().count() == 3


@pytest.mark.django_db
def test_the_ledger_goes_on_after_it(alice):
    seed()
    newest = Hold.objects.order_by("-pk").first().pk
    give(alice, 10**9)
    assert hold_for(alice).pk > newest


@pytest.mark.django_db
def test_a_database_is_seeded_once():
    seed(charges=0)
    with pytest.raises(CommandError, match="empty one"):
        seed(charges=0)


@pytest.mark.django_db
def test_real_books_are_never_seeded(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="real"):
        seed()
    assert not User.objects.exists()
