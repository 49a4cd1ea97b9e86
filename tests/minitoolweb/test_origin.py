import pytest

from minitoolweb.origin import SameOriginOnly, is_same_origin


def handshake(origin=None, *, host="127.0.0.1:8000", scheme="ws", **more):
    headers = {"host": host, "origin": origin, **more}
    return {
        "type": "websocket",
        "scheme": scheme,
        "headers": [
            (name.replace("_", "-").encode(), value.encode())
            for name, value in headers.items()
            if value is not None
        ],
    }


def test_the_address_of_the_page_itself_is_let_in():
    assert is_same_origin(handshake("http://127.0.0.1:8000"))
    assert is_same_origin(handshake("http://localhost:8000", host="localhost:8000"))
    assert is_same_origin(handshake("http://[::1]:8000", host="[::1]:8000"))


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "",
        "https://127.0.0.1:8000",
        "http://127.0.0.1",
        "http://127.0.0.1:9000",
        "http://localhost:8000",
        "ftp://127.0.0.1:8000",
        "http://evil.example",
        "http://127.0.0.1:8000.evil.example",
        "http://127.0.0.1:8000/",
        "http://user@127.0.0.1:8000",
    ],
)
def test_any_other_origin_is_kept_out(origin):
    assert not is_same_origin(handshake(origin))


def test_two_origins_are_none():
    scope = handshake("http://127.0.0.1:8000")
    scope["headers"].append((b"origin", b"http://127.0.0.1:8000"))
    assert not is_same_origin(scope)


def test_a_name_that_is_not_ours_is_kept_out_even_when_it_leads_here():
    assert not is_same_origin(handshake("http://evil.example", host="evil.example"))


def test_with_a_public_address_only_that_one_is_let_in(settings):
    settings.PUBLIC_URL = "https://chat.example.org"
    settings.CSRF_TRUSTED_ORIGINS = ["https://chat.example.org"]
    settings.ALLOWED_HOSTS = ["chat.example.org", "127.0.0.1"]
    assert is_same_origin(handshake("https://chat.example.org", host="chat.example.org"))
    for origin in (
        "http://chat.example.org",
        "https://chat.example.org:8443",
        "https://sub.chat.example.org",
        "https://example.org",
        "http://127.0.0.1:8000",
    ):
        assert not is_same_origin(handshake(origin))


def test_behind_a_proxy_the_scheme_is_the_one_it_tells(settings):
    settings.BEHIND_PROXY = True
    told = handshake("https://localhost", host="localhost", x_forwarded_proto="https")
    assert is_same_origin(told)
    assert not is_same_origin(handshake("https://localhost", host="localhost"))


@pytest.mark.django_db  # Channels looks after its connections, even to refuse
async def test_a_strange_socket_is_refused_before_it_is_accepted():
    sent = []

    async def inner(scope, receive, send):
        raise AssertionError("the application was reached")

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        sent.append(message)
        raise ConnectionAbortedError  # the server hangs up after the refusal

    with pytest.raises(ConnectionAbortedError):
        await SameOriginOnly(inner)(handshake("http://evil.example"), receive, send)
    assert [message["type"] for message in sent] == ["websocket.close"]
