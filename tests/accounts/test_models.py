"""What is true of every person's row, however it was made."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from accounts.models import User

from .conftest import PASSWORD


def test_createsuperuser_without_questions_makes_an_admin_who_can_sign_in(db, monkeypatch, sign_in):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command(
        "createsuperuser", "--noinput", username="Root", email="Root@Example.org", verbosity=0
    )
    assert User.objects.active_admins().get().email == "root@example.org"
    assert sign_in("Root")["Location"] == "/"


def test_the_database_refuses_two_people_with_one_address_but_not_two_without(alice, bob):
    User.objects.create_user("carol")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("alice2", email="ALICE@example.org")


def test_a_person_is_shown_by_name_and_without_one_by_username(alice, bob):
    assert (alice.display_name, str(alice)) == ("Alice", "Alice (alice)")
    assert (bob.display_name, str(bob)) == ("bob", "bob")
