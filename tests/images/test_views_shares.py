"""Links for whoever has them: they show what was shared, as long as they should."""

import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from images.models import ShareLink
from tests.images.conftest import picture, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def link_to(as_alice):
    """The address of a new link, as the list of links shows it."""

    def link_to(**data):
        as_alice.post("/pictures/shares/new/", data)
        page = text_of(as_alice.get("/pictures/shares/"))
        [address] = set(re.findall(r"/pictures/shared/[-\w:]+/", page))
        return address

    return link_to


@pytest.fixture
def guest():
    return Client()


def test_a_guest_sees_the_picture_and_no_recipe_unless_it_is_shared(
    alice, finished, link_to, guest
):
    job, other = finished(alice, "In confidence"), finished(alice)
    address = link_to(job=job.pk)
    answer = guest.get(address)
    assert "In confidence" not in text_of(answer)
    assert answer["X-Robots-Tag"] == "noindex"
    assert guest.get(f"{address}{job.pk}/640").status_code == 200
    assert guest.get(f"{address}{other.pk}/640").status_code == 404
    assert guest.get(f"{address}{job.pk}/../320").status_code == 404
    ShareLink.objects.update(shows_recipe=True)
    assert "In confidence" in text_of(guest.get(address))


def test_a_shared_file_carries_metadata_only_with_the_recipe(alice, finished, link_to, guest):
    job = finished(alice, "A heron", data=picture(format="PNG"))
    address = f"{link_to(job=job.pk)}{job.pk}/original"

    def metadata():
        with Image.open(io.BytesIO(guest.get(address).content)) as image:
            return dict(image.info)

    assert metadata() == {}
    ShareLink.objects.update(shows_recipe=True)
    assert metadata()["parameters"].startswith("A heron")


def test_revoked_and_expired_links_show_nothing(as_alice, alice, finished, link_to, guest):
    job = finished(alice)
    address = link_to(job=job.pk, days="7")
    row = ShareLink.objects.get()
    assert timedelta(days=6) < row.expires_at - timezone.now() < timedelta(days=8)
    ShareLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert guest.get(address).status_code == 404
    ShareLink.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert guest.get(address).status_code == 200
    as_alice.post(f"/pictures/shares/{row.pk}/revoke/")
    assert guest.get(address).status_code == 404
    assert guest.get(f"{address}{job.pk}/320").status_code == 404


def test_what_is_in_the_bin_and_whose_owner_is_locked_out_is_not_shown(
    alice, finished, link_to, guest
):
    job = finished(alice)
    address = link_to(job=job.pk)
    job.binned_at = timezone.now()
    job.save()
    assert "Nothing to see any more" in text_of(guest.get(address))
    alice.is_active = False
    alice.save()
    assert guest.get(address).status_code == 404


def test_nobody_shares_or_revokes_what_is_not_theirs(as_alice, bob, finished):
    job = finished(bob)
    assert as_alice.post("/pictures/shares/new/", {"job": job.pk}).status_code == 404
    assert as_alice.post("/pictures/shares/new/", {}).status_code == 404
    link = ShareLink.objects.create(user=bob, job=job, expires_at=timezone.now())
    as_alice.post(f"/pictures/shares/{link.pk}/revoke/")
    link.refresh_from_db()
    assert link.revoked_at is None


@pytest.mark.parametrize("token", ["x", "a:b:c", "InNvbWV0aGluZyI:1x:sig"])
def test_a_made_up_token_opens_nothing(guest, token):
    assert guest.get(f"/pictures/shared/{token}/").status_code == 404
