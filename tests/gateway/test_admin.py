"""Admins see whose keys there are, and revoke a leaked one; they never see or make one."""

import pytest

from accounts.models import User
from gateway import keys
from gateway.models import ApiKey

pytestmark = pytest.mark.django_db

LIST = "/admin/gateway/apikey/"


@pytest.fixture
def admin(client):
    client.force_login(User.objects.create_superuser("root", password="x"))
    return client


@pytest.fixture
def key(alice):
    return keys.make(alice, name="laptop", lifetime=None).key


def test_the_list_shows_whose_key_it_is_and_no_more_of_it_than_may_be_seen(admin, key):
    page = admin.get(LIST).content.decode()
    assert "laptop" in page
    assert key.shown in page
    assert key.digest not in page
    assert key.digest not in admin.get(f"{LIST}{key.pk}/change/").content.decode()


def test_nothing_is_made_changed_or_deleted_there(admin, key):
    assert admin.get(f"{LIST}add/").status_code == 403
    assert admin.post(f"{LIST}{key.pk}/change/", {"name": "other"}).status_code == 403
    assert admin.post(f"{LIST}{key.pk}/delete/", {"post": "yes"}).status_code == 403
    key.refresh_from_db()
    assert key.name == "laptop"


def test_a_key_is_revoked_by_the_one_action_and_that_is_written_down(admin, key):
    entry = {"action": "revoke", "_selected_action": [key.pk]}
    page = admin.post(LIST, entry, follow=True).content.decode()
    assert "1 key revoked." in page
    assert not ApiKey.objects.live().exists()
    assert "Revoked." in admin.get(f"{LIST}{key.pk}/history/").content.decode()


def test_mere_staff_sees_no_keys(client, bob, key):
    User.objects.filter(pk=bob.pk).update(is_staff=True)
    client.force_login(bob)
    assert client.get(LIST).status_code == 403
    assert client.post(LIST, {"action": "revoke", "_selected_action": [key.pk]}).status_code == 403
