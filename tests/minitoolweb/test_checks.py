import pytest
from django.core.checks import run_checks
from django.test import override_settings


def ids():
    return [message.id for message in run_checks() if message.id.startswith("minitoolweb.")]


def test_the_defaults_are_fine():
    assert ids() == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"WRONG_VARIABLES": {"PORT": "is no number"}}, "E001"),
        ({"PUBLIC_URL": "chat.example.org"}, "E002"),
        ({"PUBLIC_URL": "ftp://chat.example.org"}, "E002"),
        ({"PUBLIC_URL": "https://chat.example.org/chat"}, "E002"),
        ({"PUBLIC_URL": "https://user@chat.example.org"}, "E002"),
        ({"PUBLIC_URL": "https://chat.example.org:port"}, "E002"),
        ({"MINITOOLAI_BASE_URL": "minitoolai.com"}, "E003"),
        ({"MINITOOLAI_BASE_URL": "", "DEMO": False}, "E003"),
        ({"STARTING_CREDIT_USD": "a lot"}, "E004"),
        ({"STARTING_CREDIT_USD": "-1"}, "E004"),
        ({"STARTING_CREDIT_USD": "NaN"}, "E004"),
        ({"STARTING_CREDIT_USD": "1e300"}, "E004"),
        ({"STARTING_CREDIT_USD": "0.0000000001"}, "E004"),
        ({"LOG_FORMAT": "xml"}, "E005"),
        ({"LOG_LEVEL": "LOUD"}, "E005"),
        ({"REDIS_URL": "http://127.0.0.1:6379"}, "E006"),
        ({"SECRET_KEY": "short"}, "E008"),
        ({"SECRET_KEY": "a" * 64}, "E008"),
        ({"SECRET_KEY_FALLBACKS": ["short"]}, "E008"),
        ({"DEBUG": True, "HTTPS": True}, "E009"),
        ({"HOST": "0.0.0.0"}, "W001"),
    ],
)
def test_a_wrong_setting_is_told(wrong, told):
    with override_settings(**wrong):
        assert f"minitoolweb.{told}" in ids()


def test_the_layer_that_drops_messages_is_refused(settings):
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer"}}
    assert ids() == ["minitoolweb.E007"]


@pytest.mark.parametrize(
    "fine",
    [
        {"PUBLIC_URL": "https://chat.example.org"},
        {"PUBLIC_URL": "http://192.168.1.4:8000"},
        {"MINITOOLAI_BASE_URL": "http://127.0.0.1:9000/v2"},
        {"STARTING_CREDIT_USD": "0"},
        {"STARTING_CREDIT_USD": "0.000000001"},
        {"REDIS_URL": "rediss://cache.example.org:6379/0"},
        {"HOST": "0.0.0.0", "PUBLIC_URL": "https://chat.example.org"},
    ],
)
def test_a_right_setting_is_not(fine):
    with override_settings(**fine):
        assert ids() == []
