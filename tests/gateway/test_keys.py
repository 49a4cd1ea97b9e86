"""A key's life in the database: random, hashed, noted when used, revoked for good."""

import hashlib
from datetime import timedelta

import pytest
import time_machine
from django.core import serializers
from django.utils import timezone

from gateway import keys
from gateway.models import ApiKey

pytestmark = pytest.mark.django_db


def make(user, **more):
    return keys.make(user, **{"name": "test", "lifetime": None, **more})


def test_only_the_hash_and_eight_characters_are_kept(alice):
    made = make(alice)
    row = serializers.serialize("json", ApiKey.objects.all())
    assert made.secret not in row
    assert made.secret.removeprefix("mt-")[8:] not in row
    assert made.key.digest == hashlib.sha256(made.secret.encode()).hexdigest()
    assert made.key.shown == f"{made.secret[:11]}…"
    assert made.secret not in repr(made)


def test_what_is_unseen_of_a_key_has_far_more_than_128_bits(alice):
    secrets = {make(alice).secret for _ in range(keys.MOST_LIVE)}
    assert len(secrets) == keys.MOST_LIVE
    assert all(len(secret) - len("mt-") - 8 == 32 for secret in secrets)


def test_a_key_is_recognised_with_its_person(alice, django_assert_num_queries):
    made = make(alice)
    keys.recognise(made.secret)
    with django_assert_num_queries(1):
        assert keys.recognise(made.secret).user == alice


def test_use_is_noted_at_most_once_a_minute(alice):
    made = make(alice)
    start = timezone.now()
    noted = []
    for seconds in (0, 30, 59, 61, 90):
        with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
            keys.recognise(made.secret)
            noted.append(ApiKey.objects.get().last_used_at - start)
    assert [round(past.total_seconds()) for past in noted] == [0, 0, 0, 61, 61]


def test_revoking_twice_keeps_the_first_time(alice):
    made = make(alice)
    assert keys.revoke(ApiKey.objects.all()) == 1
    first = ApiKey.objects.get().revoked_at
    assert keys.revoke(ApiKey.objects.all()) == 0
    assert ApiKey.objects.get().revoked_at == first
    assert keys.recognise(made.secret) is None


def test_a_person_has_twenty_working_keys_at_most(alice, bob):
    for _ in range(keys.MOST_LIVE):
        make(alice)
    with pytest.raises(keys.TooManyKeys):
        make(alice)
    make(bob)
    keys.revoke(ApiKey.objects.for_user(alice))
    make(alice)
