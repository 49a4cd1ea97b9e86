"""Which hosts pictures may come from, and that only public addresses are connected to."""

import socket

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver

from minitoolai.addresses import AddressRefused, ImageHosts, Origin, PublicResolver, is_public
from minitoolai.errors import ImageUnusable

HOSTS = ImageHosts(
    base_url="https://minitoolai.com", allowed=["one.example", ".cdn.example", "Big.Example"]
)
LOCAL = ImageHosts(base_url="http://127.0.0.1:9000", allowed=["10.0.0.1"])


class Names(AbstractResolver):
    """A resolver that gives these answers in turn; the last one stays."""

    def __init__(self, *answers):
        self.answers = list(answers)

    async def resolve(self, host, port=0, family=socket.AF_UNSPEC):
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            {
                "hostname": host,
                "host": address,
                "port": port,
                "family": socket.AF_INET6 if ":" in address else socket.AF_INET,
                "proto": 0,
                "flags": 0,
            }
            for address in found
        ]

    async def close(self):
        pass


@pytest.mark.parametrize(
    "url",
    [
        "https://minitoolai.com/a.png",
        "https://MiniToolAI.com:443/a.png?x=1&y=%2F",
        "https://img.minitoolai.com/a.png",
        "https://one.example/a",
        "https://big.example/a",
        "https://cdn.example/a",
        "https://eu.cdn.example/a",
    ],
)
def test_the_upstream_and_the_listed_hosts_may_serve_pictures(url):
    HOSTS.check(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://minitoolai.com/a.png",
        "http://one.example/a",
        "https://minitoolai.com:8443/a.png",
        "https://other.example/a",
        "https://sub.one.example/a",
        "https://evilcdn.example/a",
        "https://minitoolai.com.evil.example/a",
        "https://minitoolai.com./a",
        "https://evil.example#.minitoolai.com/",
        "https://evil.example\\@minitoolai.com/",
        "https://minitoolai.com\\.evil.example/",
        "https://minitoolai.com@evil.example/",
        "https://user:secret@minitoolai.com/",
        "https://minitoolai.com/a\tb",
        "https://minitoolai.com/a b",
        "https://minitoolai.com/a#b",
        " https://minitoolai.com/a",
        "https:/minitoolai.com/a",
        "//minitoolai.com/a",
        "ftp://minitoolai.com/a",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "https://mınitoolai.com/a",
        "https:///a",
        "",
    ],
)
def test_all_else_is_refused(url):
    with pytest.raises(ImageUnusable):
        HOSTS.check(url)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.0.0.1",
        "[::1]",
        "2130706433",
        "0x7f.1",
        "0x7f000001",
        "127.1",
        "017700000001",
    ],
)
def test_a_listed_address_must_be_public_and_plainly_written(host):
    hosts = ImageHosts(base_url="https://minitoolai.com", allowed=[host.strip("[]")])
    with pytest.raises(ImageUnusable):
        hosts.check(f"https://{host}/a.png")


def test_a_stand_in_on_loopback_may_serve_its_own_pictures_only():
    LOCAL.check("http://127.0.0.1:9000/files/a.png")
    for url in ("http://127.0.0.1:9001/a", "https://127.0.0.1/a", "https://10.0.0.1/a"):
        with pytest.raises(ImageUnusable):
            LOCAL.check(url)


@pytest.mark.parametrize("url", ["minitoolai.com", "https://", "", "javascript:x"])
def test_a_base_address_must_be_a_url(url):
    with pytest.raises(ValueError):
        Origin.of(url)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8"]
)
def test_public_addresses(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "0.0.0.0",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:a9fe:a9fe",
        "::7f00:1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2001:db8::1",
        "2001::1",
    ],
)
def test_addresses_that_are_not_public(address):
    assert not is_public(address)


async def test_one_private_address_refuses_the_name():
    resolver = PublicResolver(Names(["8.8.8.8", "10.0.0.1"]))
    with pytest.raises(AddressRefused):
        await resolver.resolve("minitoolai.com", 443)


async def test_only_the_trusted_origin_may_be_private():
    trusted = Origin.of("http://simulator:9000")
    resolver = PublicResolver(Names(["172.18.0.5"]), trusted=trusted)
    assert len(await resolver.resolve("simulator", 9000)) == 1
    for host, port in (("simulator", 443), ("database", 9000)):
        with pytest.raises(AddressRefused):
            await resolver.resolve(host, port)


async def test_the_checked_address_is_the_one_connected_to(upstream):
    """A name that turns private after the check (rebinding) is looked up only once."""
    names = Names(["127.0.0.1"], ["127.0.0.2"])
    trusted = Origin.of(f"http://pictures.example:{upstream.port}")
    resolver = PublicResolver(names, trusted=trusted)
    async with (
        aiohttp.TCPConnector(resolver=resolver) as connector,
        aiohttp.ClientSession(connector=connector) as session,
    ):
        upstream.answers(answer_with_host)
        async with session.get(f"http://pictures.example:{upstream.port}/") as answer:
            assert await answer.read() == f"pictures.example:{upstream.port}".encode()
    assert names.answers == [["127.0.0.2"]]


async def test_a_name_that_leads_inside_is_never_connected_to(upstream):
    resolver = PublicResolver(Names(["127.0.0.1"]))
    async with (
        aiohttp.TCPConnector(resolver=resolver) as connector,
        aiohttp.ClientSession(connector=connector) as session,
    ):
        with pytest.raises(aiohttp.ClientConnectorError) as caught:
            await session.get(f"http://pictures.example:{upstream.port}/")
    assert isinstance(caught.value.os_error, AddressRefused)
    assert upstream.connections == 0


async def answer_with_host(connection):
    await connection.head()
    host = connection.request.headers["host"]
    await connection.send(host.encode())
