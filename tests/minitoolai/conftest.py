"""A client and the raw upstream it talks to."""

import contextlib
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from minitoolai import Client, Deadlines, MiniToolAIError
from tests.minitoolai.upstream import Upstream

KEY = "canary-key-0123456789"

# Short enough for tests, long enough for a busy machine.
SHORT = Deadlines(connect=5, first_event=0.4, between_events=0.4, total=5, answer=0.4, download=0.4)


@pytest.fixture
async def upstream():
    server = Upstream()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def open_client(upstream):
    """Makes clients of the upstream; all are closed before the upstream is."""
    async with contextlib.AsyncExitStack() as stack:

        def _open(**options):
            client = Client(**{"api_key": KEY, "base_url": upstream.url, **options})
            stack.push_async_callback(client.aclose)
            return client

        yield _open


@pytest.fixture
def client(open_client):
    return open_client()


@pytest.fixture
def hasty(open_client):
    """A client with short deadlines."""
    return open_client(deadlines=SHORT)


@pytest.fixture
def listen():
    """Listens to a whole chat: its events and the error that ended it, if any."""

    async def _listen(client, **options):
        asked = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hi"}]}
        events = []
        try:
            async with contextlib.aclosing(client.chat(**{**asked, **options})) as chat:
                async for event in chat:
                    events.append(event)  # noqa: PERF401 -- kept when it breaks halfway
        except MiniToolAIError as error:
            return events, error
        return events, None

    return _listen


@pytest.fixture
async def self_signed(tmp_path):
    """An upstream whose certificate nobody vouches for."""
    server = Upstream()
    context = self_signed_context(tmp_path)
    context.sni_callback = lambda *hello: server.hellos.append(hello)
    await server.start(ssl=context)
    yield server
    await server.stop()


def self_signed_context(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = folder / "certificate.pem"
    pem.write_bytes(
        certificate.public_bytes(Encoding.PEM)
        + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context
