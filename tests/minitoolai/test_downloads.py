"""Fetching finished pictures: row G5 of the fault matrix, and the rules for server-side fetches."""

import pytest

from minitoolai import (
    AnswerLost,
    Caps,
    Client,
    ImageUnusable,
    Stalled,
    Unreachable,
    UpstreamFault,
)
from tests.minitoolai.conftest import KEY
from tests.minitoolai.upstream import cut, flood, plain, stall, stream

PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"


@pytest.mark.parametrize(
    "data", [PNG, b"\xff\xd8\xff\xe0 jpeg", b"RIFF\x10\x00\x00\x00WEBPVP8 "], ids=repr
)
async def test_a_picture_is_fetched_without_the_key(upstream, client, data):
    upstream.answers(plain(data, headers={"Content-Type": "text/html"}))
    assert await client.download_image(f"{upstream.url}/files/a.png?sign=x") == data
    [request] = upstream.requests
    assert (request.method, request.path) == ("GET", "/files/a.png?sign=x")
    assert "authorization" not in request.headers
    assert KEY not in str(request.headers)


async def test_a_picture_may_lack_a_length(upstream, client):
    upstream.answers(stream(PNG[:4], PNG[4:]))
    assert await client.download_image(f"{upstream.url}/a") == PNG


@pytest.mark.parametrize(
    "script",
    [
        plain("gone", status=404),
        plain("no", status=403),
        plain("", status=302, headers={"Location": "http://169.254.169.254/"}),
        plain("<svg xmlns='http://www.w3.org/2000/svg'/>", headers={"Content-Type": "image/png"}),
        plain("<!DOCTYPE html>", headers={"Content-Type": "image/png"}),
        plain(b"GIF89a"),
        plain(b"RIFF\x10\x00\x00\x00WAVE"),
        plain(b""),
        plain(PNG, headers={"Content-Encoding": "gzip"}),
        plain(PNG, headers={"Content-Length": 2_000_000_000}),
        stream(PNG, then=flood),
    ],
)
async def test_g5_what_is_no_picture_is_unusable(upstream, open_client, script):
    upstream.answers(script)
    with pytest.raises(ImageUnusable) as caught:
        await open_client(caps=Caps(image=100_000)).download_image(f"{upstream.url}/a")
    assert not caught.value.retryable
    assert len(upstream.requests) == 1


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (cut, AnswerLost),
        (stall, Stalled),
        (plain(PNG, headers={"Content-Length": 500}), Stalled),
        (plain("", status=500), UpstreamFault),
    ],
)
async def test_what_the_network_broke_may_be_fetched_again(upstream, hasty, script, kind):
    upstream.answers(script)
    with pytest.raises(kind) as caught:
        await hasty.download_image(f"{upstream.url}/a")
    assert caught.value.retryable


@pytest.mark.parametrize("base_url", ["https://minitoolai.com", "http://127.0.0.1:1"])
async def test_a_host_that_is_not_listed_is_never_asked(upstream, open_client, base_url):
    upstream.answers(plain(PNG))
    with pytest.raises(ImageUnusable):
        await open_client(base_url=base_url).download_image(f"{upstream.url}/a")
    assert upstream.connections == 0


async def test_a_listed_name_with_a_private_address_is_never_asked():
    client = Client(api_key=KEY, base_url="https://minitoolai.com", image_hosts=["localhost"])
    with pytest.raises(ImageUnusable):
        await client.download_image("https://localhost/a.png")
    await client.aclose()


async def test_a_listed_name_that_does_not_exist_may_be_tried_again():
    client = Client(api_key=KEY, image_hosts=[".invalid"])
    with pytest.raises(Unreachable):
        await client.download_image("https://no-such-host.invalid/a.png")
    await client.aclose()
