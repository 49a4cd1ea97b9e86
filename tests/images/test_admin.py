"""The admin sees how the queue goes, and no word of what was asked for."""

import pytest

from images import queue, reports
from images.models import ImageJob
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/images/imagejob/"


@pytest.fixture
def as_admin(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def test_the_list_and_a_row_show_state_and_cost_but_no_prompt_and_no_secret(as_admin, alice, order):
    order(alice, "In confidence", negative_prompt="not this either")
    [claimed] = queue.claim(room=1)
    reports.accept(claimed, jobid="4711471147", signature="s3cr3t-signature")
    for address in (LIST, f"{LIST}{claimed.pk}/change/"):
        page = as_admin.get(address).content.decode()
        assert "being made" in page
        assert "alice" in page
        for secret in ("In confidence", "not this either", "4711471147", "s3cr3t-signature"):
            assert secret not in page


def test_nothing_can_be_changed_added_or_deleted(as_admin, alice, finished):
    job = finished(alice)
    assert as_admin.get(f"{LIST}add/").status_code == 403
    assert as_admin.post(f"{LIST}{job.pk}/change/", {"state": "failed"}).status_code == 403
    assert as_admin.post(f"{LIST}{job.pk}/delete/", {"post": "yes"}).status_code == 403
    assert ImageJob.objects.get().state == "done"


def test_members_do_not_get_in(client, alice):
    client.force_login(alice)
    assert client.get(LIST).status_code in (302, 403, 404)
