from datetime import timedelta

import pytest
from django.utils import timezone

from credit import prices
from credit.models import Price
from minitoolai import catalog

pytestmark = pytest.mark.django_db


def test_every_model_of_the_catalog_has_its_list_price():
    for name, chat in catalog.CHAT_MODELS.items():
        price = prices.current(name, kind="chat").price
        assert (price.input_nano, price.output_nano) == (chat.input_nano, chat.output_nano)
    for name, image in catalog.IMAGE_MODELS.items():
        assert prices.current(name, kind="image").flat == image.flat_nano


def test_a_price_counts_from_its_date_on():
    soon = timezone.now() + timedelta(hours=1)
    Price.objects.create(model="gpt-4o", kind="chat", input_nano=9, effective_from=soon)
    assert prices.current("gpt-4o", kind="chat").price.input_nano == 2_500
    Price.objects.create(model="gpt-4o", kind="chat", input_nano=7)
    assert prices.current("gpt-4o", kind="chat").price.input_nano == 7


def test_f21_a_model_without_a_price_is_not_offered():
    with pytest.raises(prices.ModelNotPriced):
        prices.current("gpt-5", kind="chat")
    Price.objects.filter(model="gpt-4o").delete()
    assert prices.offered_models("chat") == [
        name for name in catalog.CHAT_MODELS if name != "gpt-4o"
    ]


def test_a_price_of_tomorrow_offers_no_model_today():
    tomorrow = timezone.now() + timedelta(days=1)
    Price.objects.filter(model="realvision").update(effective_from=tomorrow)
    assert "realvision" not in prices.offered_models("image")


def test_a_priced_model_that_the_catalog_does_not_know_is_not_offered():
    Price.objects.create(model="gpt-5", kind="chat", input_nano=1, output_nano=1)
    assert "gpt-5" not in prices.offered_models("chat")


def test_cost_is_tokens_times_price():
    price = prices.current("gpt-4o-mini", kind="chat")
    assert price.cost(prompt_tokens=31, completion_tokens=214) == 133_050
