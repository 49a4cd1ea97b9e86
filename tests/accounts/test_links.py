"""One-time links: kept as hashes, good once, and one winner however many try."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from accounts import links
from accounts.models import OneTimeLink, User

FIRST_ADMIN = OneTimeLink.Purpose.FIRST_ADMIN
SET_PASSWORD = OneTimeLink.Purpose.SET_PASSWORD
BASE = "http://127.0.0.1:8000"


def link_of(token):
    return OneTimeLink.objects.for_token(token).get()


def test_only_a_hash_of_a_long_token_is_kept(alice):
    token = links.issue(SET_PASSWORD, user=alice)
    assert len(token) >= 43  # 256 bits in base64
    row = OneTimeLink.objects.values().get()
    assert token not in str(row)
    assert len(row["digest"]) == 64


def test_a_newer_link_replaces_the_earlier_one_of_the_same_person(alice, bob):
    first = links.issue(SET_PASSWORD, user=alice)
    bobs = links.issue(SET_PASSWORD, user=bob)
    second = links.issue(SET_PASSWORD, user=alice)
    live = OneTimeLink.objects.live()
    assert not live.for_token(first).exists()
    assert live.for_token(second).exists()
    assert live.for_token(bobs).exists()


def test_a_link_runs_out(alice):
    with time_machine.travel("2026-11-23 12:00:00+00:00", tick=False) as clock:
        link = link_of(links.issue(SET_PASSWORD, user=alice))
        clock.shift(timedelta(days=7, seconds=1))
        with pytest.raises(links.LinkSpentError):
            links.set_password(link, password="polder-and-windmill-9")


def test_a_locked_person_has_no_working_link(alice):
    link = link_of(links.issue(SET_PASSWORD, user=alice))
    User.objects.filter(pk=alice.pk).update(is_active=False)
    with pytest.raises(links.LinkSpentError):
        links.set_password(link, password="polder-and-windmill-9")


def test_the_database_refuses_a_link_of_unclear_purpose(alice):
    with pytest.raises(IntegrityError), transaction.atomic():
        links.issue(FIRST_ADMIN, user=alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        links.issue(SET_PASSWORD)


def test_first_admin_link_is_new_at_each_start_until_an_active_admin_exists(db):
    first = links.first_admin_url(BASE)
    second = links.first_admin_url(BASE)
    assert first.startswith(f"{BASE}/welcome/")
    assert first != second
    assert OneTimeLink.objects.live().count() == 2  # each web process prints its own
    admin = User.objects.create_superuser("root")
    assert links.first_admin_url(BASE) is None
    User.objects.filter(pk=admin.pk).update(is_active=False)
    assert links.first_admin_url(BASE) is not None


def test_a_first_admin_link_is_worthless_once_an_admin_was_made_otherwise(db):
    link = link_of(links.issue(FIRST_ADMIN))
    User.objects.create_superuser("root")
    with pytest.raises(links.LinkSpentError):
        links.make_first_admin(link, admin=User(username="second"))
    assert User.objects.get().username == "root"


def race(redeem):
    """How each of eight threads ended that call `redeem(number)` at the same moment."""
    start = threading.Barrier(8)
    endings = []

    def run(number):
        start.wait()
        try:
            redeem(number)
            endings.append("won")
        except links.LinkSpentError:
            endings.append("lost")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(endings)


@pytest.mark.django_db(transaction=True)
def test_of_many_browsers_racing_on_the_first_link_exactly_one_makes_an_admin():
    link = link_of(links.issue(FIRST_ADMIN))
    endings = race(lambda n: links.make_first_admin(link, admin=User(username=f"admin{n}")))
    assert endings == ["lost"] * 7 + ["won"]
    assert User.objects.active_admins().count() == User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_browsers_racing_on_a_persons_link_exactly_one_sets_the_password(alice):
    link = link_of(links.issue(SET_PASSWORD, user=alice))
    endings = race(lambda n: links.set_password(link, password=f"polder-and-windmill-{n}"))
    assert endings == ["lost"] * 7 + ["won"]
