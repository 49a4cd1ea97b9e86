"""The catalog says what the provider's page says."""

import pytest

from minitoolai import catalog

# USD per million tokens, as on the page.
PAGE = {
    "gpt-4o-mini": ("0.15", "0.60"),
    "gpt-4o": ("2.50", "10.00"),
    "gpt-4.1": ("2.00", "8.00"),
    "gpt-4.1-mini": ("0.40", "1.60"),
    "gpt-4.1-nano": ("0.10", "0.40"),
}


def _nano_per_token(dollars_per_million):
    whole, cents = dollars_per_million.split(".")
    return (int(whole) * 100 + int(cents)) * 10


@pytest.mark.parametrize(("name", "prices"), PAGE.items())
def test_chat_prices_equal_the_page(name, prices):
    model = catalog.CHAT_MODELS[name]
    assert (model.input_nano, model.output_nano) == tuple(map(_nano_per_token, prices))


def test_the_chat_models_are_those_of_the_page():
    assert catalog.CHAT_MODELS.keys() == PAGE.keys()
    assert all(name == model.name for name, model in catalog.CHAT_MODELS.items())


@pytest.mark.parametrize("name", PAGE)
def test_windows_are_those_of_the_model_family(name):
    model = catalog.CHAT_MODELS[name]
    known = (1_047_576, 32_768) if name.startswith("gpt-4.1") else (128_000, 16_384)
    assert (model.context_window, model.max_output) == known


def test_fifteen_checkpoints_at_one_price():
    assert len(catalog.IMAGE_MODELS) == 15
    assert {model.flat_nano for model in catalog.IMAGE_MODELS.values()} == {1_500_000}


def test_eighteen_schedulers_and_the_default_is_one_of_them():
    assert len(set(catalog.SCHEDULERS)) == 18
    assert catalog.DEFAULT_SCHEDULER in catalog.SCHEDULERS


@pytest.mark.parametrize(
    ("allowed", "inside", "outside"),
    [
        (catalog.STEPS, (1, 4, 8), (0, 9, True, "4", None)),
        (catalog.CFG_SCALE, (1, 2.5, 7), (0.9, 7.1)),
        (catalog.SIZE, (256, 1_024, 1_344), (255, 1_345)),
        (catalog.TEMPERATURE, (0, 0.7, 2), (-0.1, 2.1)),
    ],
)
def test_ranges_hold_their_ends_and_default(allowed, inside, outside):
    assert allowed.default in allowed
    assert all(value in allowed for value in inside)
    assert not any(value in allowed for value in outside)


@pytest.mark.parametrize("preset", catalog.SIZE_PRESETS, ids=lambda preset: preset.name)
def test_presets_are_sizes_the_service_takes(preset):
    assert preset.width in catalog.SIZE
    assert preset.height in catalog.SIZE


def test_the_catalog_cannot_be_changed_in_passing():
    with pytest.raises(TypeError):
        catalog.CHAT_MODELS["gpt-5"] = None
