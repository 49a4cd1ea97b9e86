import json
import logging
import re

import pytest
import structlog
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.test import override_settings
from django.urls import include, path

HTMX = {"HX-Request": "true"}


async def asynchronous(request):
    structlog.get_logger("test").info("inside")
    return HttpResponse(request.request_id)


def synchronous(request):
    structlog.get_logger("test").info("inside")
    return HttpResponse(request.request_id)


async def streaming(request):
    async def pieces():
        yield b"one"

    return StreamingHttpResponse(pieces())


def saved(request):
    messages.success(request, "Saved “it”.")
    return HttpResponse("done")


def saved_and_moved(request):
    messages.success(request, "Saved.")
    answer = HttpResponseRedirect("/there/")
    answer.set_cookie("kept", "yes")
    return answer


def members_only(request):
    return HttpResponseRedirect("/accounts/login/?next=/fragment/")


def broken(request):
    raise RuntimeError("secret-in-the-message")


urlpatterns = [
    path("async/", asynchronous),
    path("sync/", synchronous),
    path("streaming/", streaming),
    path("saved/", saved),
    path("moved/", saved_and_moved),
    path("members/", members_only),
    path("broken/<str:token>/", broken),
    path("", include("minitoolweb.urls")),
]
handler404 = "minitoolweb.errors.not_found"
handler500 = "minitoolweb.errors.server_error"

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lines(caplog):
    """The structured lines that were logged so far."""
    caplog.set_level(logging.INFO)

    def lines(event=None):
        found = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
        return [line for line in found if event in (None, line["event"])]

    return lines


@pytest.mark.parametrize("page", ["/async/", "/sync/"])
async def test_the_id_reaches_view_log_and_answer(async_client, lines, page):
    answer = await async_client.get(page)
    request_id = answer["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{32}", request_id)
    assert answer.content.decode() == request_id
    assert {line["request_id"] for line in lines()} == {request_id}
    assert len(lines("inside")) == 1


@pytest.mark.parametrize("page", ["/async/", "/sync/"])
def test_the_synchronous_client_sees_the_same(client, lines, page):
    answer = client.get(page)
    assert answer.content.decode() == answer["X-Request-ID"]
    assert lines("request.finished")[0]["request_id"] == answer["X-Request-ID"]


def test_each_request_has_an_id_of_its_own(client):
    assert client.get("/sync/")["X-Request-ID"] != client.get("/sync/")["X-Request-ID"]


def test_an_id_from_outside_is_not_taken_over(client):
    assert client.get("/sync/", headers={"X-Request-ID": "mine"})["X-Request-ID"] != "mine"


def test_a_request_is_logged_once_by_route_and_never_by_path_or_query(client, lines, caplog):
    client.get("/i18n/setlang/?secret-in-the-query")
    client.get("/welcome/secret-in-the-path/")
    client.get("/secret-in-an-unknown-path/")
    routes = [line["route"] for line in lines("request.finished")]
    assert routes == ["/i18n/setlang/", "/welcome/<str:token>/", "unrouted"]
    assert "secret" not in str([record.getMessage() for record in caplog.records])


def test_status_method_and_time_are_logged(client, lines):
    client.post("/sync/")
    (line,) = lines("request.finished")
    assert (line["method"], line["status"]) == ("POST", 200)
    assert line["ms"] >= 0


async def test_a_stream_is_logged_when_it_begins(async_client, lines):
    answer = await async_client.get("/streaming/")
    assert answer["X-Request-ID"] == lines("request.streaming")[0]["request_id"]


def test_probes_and_static_files_make_no_noise(client, lines):
    client.get("/healthz")
    client.get("/static/css/nothing.css")
    assert lines() == []


def test_a_crash_shows_its_id_and_logs_no_path(client, lines, caplog):
    client.raise_request_exception = False
    answer = client.get("/broken/secret-in-the-path/")
    assert answer.status_code == 500
    assert answer["X-Request-ID"] in answer.content.decode()
    assert "secret-in-the-message" not in answer.content.decode()
    assert lines("request.finished")[0]["status"] == 500
    crash = next(record for record in caplog.records if record.name == "django.request")
    assert crash.exc_info


def test_a_page_keeps_its_messages_for_its_template(client):
    answer = client.get("/saved/")
    assert "HX-Trigger" not in answer


def test_messages_ride_along_with_a_fragment(client):
    answer = client.get("/saved/", headers=HTMX)
    assert answer.content == b"done"
    toast = {"messages": [{"level": "success", "text": "Saved “it”."}]}
    assert json.loads(answer["HX-Trigger"]) == {"toast": toast}


async def test_messages_ride_along_in_the_asynchronous_chain(async_client):
    answer = await async_client.get("/saved/", headers=HTMX)
    assert "toast" in json.loads(answer["HX-Trigger"])


def test_a_redirect_moves_the_whole_page_and_its_messages_wait_for_it(client):
    answer = client.get("/moved/", headers=HTMX)
    assert answer.status_code == 200
    assert answer["HX-Redirect"] == "/there/"
    assert "Location" not in answer
    assert "HX-Trigger" not in answer
    assert answer.cookies["kept"].value == "yes"
    later = client.get("/sync/", headers=HTMX)
    assert "Saved." in later["HX-Trigger"]


def test_without_htmx_a_redirect_stays_one(client):
    assert client.get("/moved/")["Location"] == "/there/"


def test_sign_in_leads_back_to_the_page_and_not_to_the_fragment(client):
    seen = {"HX-Current-URL": "http://testserver/c/1/?page=2"}
    answer = client.get("/members/", headers=HTMX | seen)
    assert answer["HX-Redirect"] == "/accounts/login/?next=%2Fc%2F1%2F%3Fpage%3D2"


def test_sign_in_never_leads_to_another_site(client):
    seen = {"HX-Current-URL": "https://evil.example/page"}
    answer = client.get("/members/", headers=HTMX | seen)
    assert answer["HX-Redirect"] == "/accounts/login/?next=/fragment/"


def test_caches_tell_a_fragment_from_a_page(client):
    assert "HX-Request" in client.get("/sync/")["Vary"]


def test_under_htmx_an_unknown_address_is_a_toast(client):
    answer = client.get("/nothing/", headers=HTMX)
    assert answer.status_code == 404
    assert answer["HX-Reswap"] == "none"
    (toast,) = json.loads(answer["HX-Trigger"])["toast"]["messages"]
    assert toast["level"] == "error"
    assert toast["request_id"] == answer["X-Request-ID"]


@override_settings(DEBUG=False)
def test_an_unknown_address_is_a_page_with_its_id(client):
    answer = client.get("/nothing/")
    assert answer.status_code == 404
    assert answer["X-Request-ID"] in answer.content.decode()
