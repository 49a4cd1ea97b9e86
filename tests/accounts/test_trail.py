import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, transaction

from accounts import links, people, trail
from accounts.models import AuditEntry, Group, OneTimeLink, User


def entries(kind):
    return list(AuditEntry.objects.filter(kind=kind).order_by("pk"))


@pytest.mark.django_db
def test_an_entry_says_who_changed_what_from_what_to_what(alice, bob):
    bob.is_superuser = True
    with trail.acting(lambda: alice):
        people.save(bob)
    (entry,) = entries("role")
    assert (entry.actor, entry.thing, entry.subject) == (alice, f"person:{bob.pk}", str(bob))
    assert (entry.before, entry.after) == ({"is_superuser": False}, {"is_superuser": True})


@pytest.mark.django_db
def test_what_stays_as_it_was_is_not_noted(alice):
    alice.first_name = "Alice"
    people.save(alice)
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db
def test_nobody_in_particular_is_the_system(bob):
    with trail.acting(AnonymousUser):
        people.lock_out(User.objects.filter(pk=bob.pk))
    assert entries("access")[0].actor is None


@pytest.mark.django_db
def test_acting_ends_with_the_request(alice, bob):
    with trail.acting(lambda: alice):
        pass
    people.lock_out(User.objects.filter(pk=bob.pk))
    assert entries("access")[0].actor is None


@pytest.mark.django_db
def test_a_change_that_does_not_happen_leaves_no_entry(alice):
    with transaction.atomic():
        people.lock_out(User.objects.filter(pk=alice.pk))
        transaction.set_rollback(True)
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db
def test_moving_to_a_group_and_renaming_it_are_noted(alice):
    group = people.save_group(Group(name="4B"))
    alice.group = group
    people.save(alice)
    group.name = "5B"
    people.save_group(group)
    assert entries("membership")[0].after == {"group__name": "4B"}
    assert [entry.before for entry in entries("group")] == [{}, {"name": "4B"}]


@pytest.mark.django_db
def test_locking_out_notes_those_who_were_let_in(alice, bob):
    people.lock_out(User.objects.filter(pk=bob.pk))
    people.lock_out(User.objects.all())
    assert [entry.thing for entry in entries("access")] == [
        f"person:{bob.pk}",
        f"person:{alice.pk}",
    ]


@pytest.mark.django_db
def test_a_link_for_somebody_is_noted_with_its_maker(alice, bob):
    links.issue(OneTimeLink.Purpose.SET_PASSWORD, user=bob, created_by=alice)
    (entry,) = entries("access")
    assert (entry.actor, entry.after) == (alice, {"link": True})


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["update", "delete"])
def test_entries_are_never_changed_or_removed(alice, change):
    people.lock_out(User.objects.filter(pk=alice.pk))
    found = AuditEntry.objects.all()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        found.update(reason="another") if change == "update" else found.delete()
    assert AuditEntry.objects.get().reason == ""
