import pytest
from asgiref.sync import async_to_sync
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpResponse
from django.test import AsyncClient, Client
from django.urls import path


def forbidden(request):
    raise PermissionDenied


def suspicious(request):
    raise SuspiciousOperation


def broken(request):
    raise RuntimeError


def busy(request):
    raise OperationalError("database is locked")


def form(request):
    return HttpResponse("sent")


urlpatterns = [
    path("forbidden/", forbidden),
    path("suspicious/", suspicious),
    path("broken/", broken),
    path("busy/", busy),
    path("form/", form),
]
handler400 = "minitoolweb.errors.bad_request"
handler403 = "minitoolweb.errors.permission_denied"
handler404 = "minitoolweb.errors.not_found"
handler500 = "minitoolweb.errors.server_error"

pytestmark = pytest.mark.urls(__name__)


@pytest.mark.parametrize(
    ("page", "status"),
    [("suspicious", 400), ("forbidden", 403), ("nothing", 404), ("broken", 500)],
)
def test_every_error_has_a_page_with_its_number_and_id(page, status):
    answer = Client(raise_request_exception=False).get(f"/{page}/")
    assert answer.status_code == status
    assert f'<p class="status">{status}</p>' in answer.content.decode()
    assert answer["X-Request-ID"] in answer.content.decode()


def test_a_database_that_is_away_is_not_asked_for_the_page_that_says_so(
    django_assert_num_queries, db
):
    with django_assert_num_queries(0):
        answer = Client(raise_request_exception=False).get("/busy/")
    assert answer.status_code == 503
    assert "<h1>503</h1>" in answer.content.decode()
    assert answer["X-Request-ID"] in answer.content.decode()


@pytest.mark.parametrize("client", [Client, AsyncClient])
def test_a_database_that_is_away_is_told_as_busy(client):
    get = client(raise_request_exception=False).get
    if client is AsyncClient:
        get = async_to_sync(get)
    answer = get("/busy/", headers={"HX-Request": "true"})
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert answer["HX-Reswap"] == "none"
    assert "The database is busy." in answer.content.decode()


def test_a_form_without_its_token_is_told_in_words():
    answer = Client(enforce_csrf_checks=True).post("/form/")
    assert answer.status_code == 403
    assert "Reload it and try again." in answer.content.decode()


def test_a_crash_in_the_error_page_itself_still_shows_the_id(settings):
    settings.TEMPLATES[0]["OPTIONS"]["context_processors"].append(f"{__name__}.missing")
    settings.TEMPLATES = [*settings.TEMPLATES]
    try:
        answer = Client(raise_request_exception=False).get("/broken/")
    finally:
        settings.TEMPLATES[0]["OPTIONS"]["context_processors"].pop()
    assert answer.status_code == 500
    assert answer["X-Request-ID"] in answer.content.decode()
    assert "<h1>500</h1>" in answer.content.decode()
