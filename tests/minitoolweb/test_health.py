import os

import pytest
from channels.layers import channel_layers
from django.db import connection
from django.test import override_settings

from minitoolweb import health
from minitoolweb.version import VERSION

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def redis_at(settings):
    """Use the layer of the grown shape, on this address."""

    def redis_at(url):
        settings.REDIS_URL = url
        settings.CHANNEL_LAYERS = {
            "default": {
                "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
                "CONFIG": {"hosts": [url], "prefix": "test-readyz"},
            }
        }
        channel_layers.backends = {}

    yield redis_at
    channel_layers.backends = {}


def test_a_living_process_says_so_and_which_version_it_is(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert answer.json() == {"status": "ok", "version": VERSION}


async def test_it_is_ready_when_everything_works(async_client):
    answer = await async_client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "checks": {"database": "ok", "media": "ok", "channel_layer": "ok"},
    }
    assert "no-store" in answer["Cache-Control"]


def test_it_is_ready_under_the_synchronous_client_too(client):
    assert client.get("/readyz").status_code == 200


def test_a_media_folder_that_cannot_be_written_is_named(client, media):
    media.write_text("a file where the folder should be")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": "ok", "media": "failed", "channel_layer": "ok"}


@pytest.mark.sqlite  # whose file is the one that a test can take away
def test_a_database_that_does_not_answer_is_named(client, settings, tmp_path):
    name = settings.DATABASES["default"]["NAME"]
    try:
        connection.close()
        settings.DATABASES["default"]["NAME"] = str(tmp_path / "nowhere" / "db.sqlite3")
        answer = client.get("/readyz")
    finally:
        settings.DATABASES["default"]["NAME"] = name
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == "failed"


def test_a_redis_that_does_not_answer_is_named(client, redis_at):
    redis_at("redis://127.0.0.1:1/0")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["channel_layer"] == "failed"


@pytest.mark.redis
async def test_a_redis_that_answers_makes_it_ready(async_client, redis_at):
    redis_at(os.environ["TEST_REDIS_URL"])
    answer = await async_client.get("/readyz")
    assert answer.json()["checks"]["channel_layer"] == "ok"


def test_a_process_that_shuts_down_is_alive_but_not_ready(client):
    health.draining.set()
    try:
        assert client.get("/healthz").status_code == 200
        answer = client.get("/readyz")
    finally:
        health.draining.clear()
    assert answer.status_code == 503
    assert answer.json() == {"status": "draining"}


@override_settings(PUBLIC_URL="https://chat.example.org", SECURE_SSL_REDIRECT=True)
def test_a_probe_over_plain_http_is_not_sent_to_https(client):
    assert client.get("/healthz").status_code == 200
