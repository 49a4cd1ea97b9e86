"""Ordering: money and rows together or not at all, and only once."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from credit import ledger
from credit.errors import InsufficientCredit, ModelNotPriced
from credit.models import Hold, Price
from images import jobs
from images.models import ImageJob, State
from images.recipes import InvalidRecipe
from minitoolai import ImageRequest
from tests.images.conftest import EACH, money_of, open_holds

pytestmark = pytest.mark.django_db


def test_each_picture_is_queued_with_a_hold_of_its_own(alice, order):
    ordered = order(alice, count=4)
    assert [job.number for job in ordered] == [1, 2, 3, 4]
    assert {job.state for job in ordered} == {State.QUEUED}
    assert money_of(alice) == (0, 4 * EACH)
    causes = {f"images:job:{job.pk}" for job in ordered}
    assert set(Hold.objects.values_list("cause", flat=True)) == causes


def test_the_same_batch_buys_once(alice, order):
    batch = uuid.uuid4()
    first, again = order(alice, batch=batch, count=2), order(alice, batch=batch, count=2)
    assert [job.pk for job in first] == [job.pk for job in again]
    assert money_of(alice) == (0, 2 * EACH)


@pytest.mark.parametrize(
    "other", [{"prompt": "A tulip"}, {"count": 2}, {"steps": 8}, {"negative_prompt": "text"}]
)
def test_a_batch_id_used_for_other_pictures_is_refused(alice, order, other):
    batch = uuid.uuid4()
    order(alice, batch=batch)
    with pytest.raises(jobs.AlreadyOrdered):
        order(alice, batch=batch, **other)
    assert ImageJob.objects.count() == 1


def test_two_people_may_use_the_same_batch_id(alice, bob, order):
    batch = uuid.uuid4()
    order(alice, batch=batch)
    order(bob, "Another", batch=batch)
    assert ImageJob.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_double_click_in_the_same_instant_buys_once(alice, order):
    batch = uuid.uuid4()
    ledger.open_account(alice)

    def click(_):
        try:
            return [job.pk for job in order(alice, batch=batch, count=2)]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        bought = list(pool.map(click, range(4)))
    assert all(pks == bought[0] for pks in bought)
    assert ImageJob.objects.count() == open_holds() == 2
    assert money_of(alice) == (0, 2 * EACH)


def test_too_little_credit_orders_nothing_and_names_the_sum(alice, order):
    account = ledger.open_account(alice)
    ledger.hold(
        alice,
        kind="image",
        model="realvision",
        amount=account.available - 2 * EACH,
        cause="test:1",
        request_id="",
        lease=jobs.queue.HOLD_LEASE,
    )
    with pytest.raises(InsufficientCredit) as caught:
        order(alice, count=4)
    assert (caught.value.available, caught.value.needed) == (2 * EACH, 4 * EACH)
    assert not ImageJob.objects.exists()
    assert open_holds() == 1


def test_a_model_without_a_price_is_refused(alice, order):
    Price.objects.filter(model="realvision").delete()
    with pytest.raises(ModelNotPriced):
        order(alice)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("model", "gpt-4o"),
        ("scheduler", "Magic"),
        ("steps", 0),
        ("steps", 9),
        ("cfg_scale", 7.5),
        ("width", 255),
        ("height", 1345),
        ("prompt", "  "),
    ],
)
def test_what_the_catalog_does_not_know_is_refused(alice, order, field, value):
    with pytest.raises(InvalidRecipe) as caught:
        order(alice, **{field: value})
    assert caught.value.field == field
    assert not ImageJob.objects.exists()


def test_what_is_left_open_becomes_the_default(alice):
    [job] = jobs.submit(
        alice, batch=uuid.uuid4(), image=ImageRequest(model="reality", prompt="A dike")
    ).jobs
    assert (job.scheduler, job.steps, job.width, job.height) == ("DPM++ SDE", 4, 1024, 1024)
