import pytest
from django.test import RequestFactory

from minitoolweb.context import site


def seen_by(**cookies):
    request = RequestFactory().get("/")
    request.COOKIES.update(cookies)
    return site(request)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_theme_is_kept(theme):
    assert seen_by(theme=theme)["theme"] == theme


@pytest.mark.parametrize("theme", ["", "pink", '"><script>'])
def test_any_other_theme_is_the_systems(theme):
    assert seen_by(theme=theme)["theme"] == ""


@pytest.mark.django_db
def test_the_theme_stands_on_the_page_from_its_first_byte(client):
    assert "data-theme" not in client.get("/accounts/login/").content.decode()
    client.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in client.get("/accounts/login/").content.decode()


def test_pages_know_that_this_is_a_demo(settings):
    settings.DEMO = True
    assert seen_by()["demo"] is True
    settings.DEMO = False
    assert seen_by()["demo"] is False


@pytest.mark.django_db
def test_a_chosen_language_holds_for_the_next_page(client):
    answer = client.post("/i18n/setlang/", {"language": "nl", "next": "/accounts/login/"})
    assert answer["Location"] == "/accounts/login/"
    assert client.get("/accounts/login/")["Content-Language"] == "nl"


@pytest.mark.django_db
def test_the_language_switch_leads_to_no_other_site(client):
    answer = client.post("/i18n/setlang/", {"language": "nl", "next": "https://evil.example/"})
    assert "evil.example" not in answer["Location"]


@pytest.mark.django_db
def test_a_browser_is_answered_in_its_own_language(client):
    answer = client.get("/accounts/login/", headers={"Accept-Language": "nl-BE,nl;q=0.9"})
    assert answer["Content-Language"] == "nl"
