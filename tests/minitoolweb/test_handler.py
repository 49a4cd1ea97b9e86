"""Pages under ASGI: one piece of work in a thread, answered whole, in pieces, or as an error."""

import io
import threading

import pytest
from asgiref.testing import ApplicationCommunicator
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.urls import path

from chat.threads import soon
from minitoolweb.handler import PageHandler

pytestmark = pytest.mark.urls(__name__)

BIG = bytes(range(256)) * 1024


def plain(request):
    return HttpResponse(
        f"{request.method} {request.body.decode()} {threading.current_thread().name}"
    )


def file(request):
    return FileResponse(io.BytesIO(BIG))


def pieces(request):
    return StreamingHttpResponse(iter(["one ", "two"]))


async def awaited(request):
    return HttpResponse("awaited")


def broken(request):
    raise RuntimeError("of this view")


def later(request):
    return HttpResponse(str(soon(CALLED.append, "by the loop")))


CALLED = []
urlpatterns = [
    path("plain", plain),
    path("file", file),
    path("pieces", pieces),
    path("awaited", awaited),
    path("broken", broken),
    path("later", later),
]


async def ask(address, *, body=b""):
    """The status, the headers, and each piece of the body."""
    scope = {
        "type": "http",
        "method": "GET",
        "path": address,
        "query_string": b"",
        "headers": [(b"host", b"testserver"), (b"content-length", str(len(body)).encode())],
    }
    asking = ApplicationCommunicator(PageHandler(), scope)
    await asking.send_input({"type": "http.request", "body": body})
    start = await asking.receive_output(5)
    sent = []
    while not sent or sent[-1].get("more_body"):
        sent.append(await asking.receive_output(5))
    await asking.wait()
    return start["status"], dict(start["headers"]), [each.get("body", b"") for each in sent]


async def test_a_view_runs_in_a_thread_with_the_body_it_was_sent():
    status, headers, [body] = await ask("/plain", body=b"a dike")
    assert status == 200
    assert body.startswith(b"GET a dike request_")
    assert b"X-Request-ID" in headers


async def test_a_file_is_read_in_large_pieces():
    status, _, body = await ask("/file")
    assert status == 200
    assert b"".join(body) == BIG
    assert len(body) == len(BIG) / PageHandler.chunk_size + 1


async def test_what_a_view_yields_arrives_in_order():
    _, _, body = await ask("/pieces")
    assert body == [b"one ", b"two", b""]


async def test_an_asynchronous_view_works_too():
    _, _, body = await ask("/awaited")
    assert body == [b"awaited"]


async def test_a_view_that_fails_is_a_page():
    status, _, body = await ask("/broken")
    assert status == 500
    assert b"of this view" not in b"".join(body)


async def test_a_view_can_leave_work_to_the_loop():
    CALLED.clear()
    _, _, body = await ask("/later")
    assert body == [b"True"]
    assert CALLED == ["by the loop"]


async def test_a_reader_that_goes_before_its_request_is_whole_is_no_error():
    asking = ApplicationCommunicator(PageHandler(), {"type": "http"})
    await asking.send_input({"type": "http.disconnect"})
    await asking.wait()
    assert await asking.receive_nothing()
