"""People in the admin panel."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from accounts.models import Group, OneTimeLink, User

from .conftest import PASSWORD

PEOPLE = "/admin/accounts/user/"
NEW = "polder-and-windmill-9"
SEM = {"username": "Sem", "first_name": "Sem de V.", "email": ""}


@pytest.fixture
def admin(client, admin_user, sign_in):
    sign_in("root")
    return client


def link_in(answer):
    return re.search(r'value="http://testserver(/welcome/[^"]+)"', answer.content.decode())[1]


def test_a_person_is_added_by_name_and_lets_themselves_in_by_the_link_shown(admin):
    answer = admin.post(f"{PEOPLE}add/", SEM)
    sem = User.objects.get(username="sem")
    assert not sem.has_usable_password()
    assert not sem.is_staff
    browser = Client()
    browser.get(link_in(answer))
    choice = {"new_password1": NEW, "new_password2": NEW}
    assert browser.post("/welcome/", choice)["Location"] == "/"
    assert browser.get("/accounts/profile/").status_code == 200


def test_the_link_is_shown_once_and_kept_nowhere(admin):
    token = link_in(admin.post(f"{PEOPLE}add/", SEM)).split("/")[-2]
    sem = User.objects.get(username="sem")
    page = admin.get(f"{PEOPLE}{sem.pk}/change/").content.decode()
    assert token not in page
    assert "A one-time link is waiting" in page
    assert token not in str(dict(admin.session)) + str(admin.cookies)


def test_the_configured_address_stands_in_the_link(admin, settings):
    settings.PUBLIC_URL = "https://chat.example.org"
    page = admin.post(f"{PEOPLE}add/", SEM).content.decode()
    assert 'value="https://chat.example.org/welcome/' in page


def test_adding_takes_no_password_and_gives_no_rights_by_the_back_door(admin):
    extra = {"password": "x", "password1": "x", "is_staff": "on", "session_epoch": "7"}
    admin.post(f"{PEOPLE}add/", SEM | extra)
    sem = User.objects.get(username="sem")
    assert (sem.is_staff, sem.is_superuser, sem.session_epoch) == (False, False, 0)
    assert not sem.has_usable_password()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"username": "ALICE"}, "already exists"),
        ({"email": "Alice@example.org"}, "Somebody else already uses"),
        ({"username": ""}, "required"),
    ],
)
def test_a_name_or_address_in_use_is_refused_beside_its_field(admin, alice, wrong, words):
    answer = admin.post(f"{PEOPLE}add/", SEM | wrong)
    assert words in answer.content.decode()
    assert User.objects.count() == 2


def test_a_new_link_replaces_the_old_and_is_written_down(admin, admin_user, alice):
    first = link_in(admin.post(f"{PEOPLE}{alice.pk}/link/"))
    second = link_in(admin.post(f"{PEOPLE}{alice.pk}/link/"))
    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 302
    assert OneTimeLink.objects.live().get().created_by == admin_user
    assert LogEntry.objects.filter(object_id=alice.pk).count() == 2
    assert admin.get(f"{PEOPLE}{alice.pk}/link/").status_code == 405


def test_people_are_not_deleted_but_locked_out(admin, alice):
    answer = admin.post(f"{PEOPLE}{alice.pk}/delete/", {"post": "yes"}, follow=True)
    assert "People are not deleted" in answer.content.decode()
    assert "delete_selected" not in admin.get(PEOPLE).content.decode()
    assert User.objects.filter(pk=alice.pk).exists()


def test_locking_out_ends_sessions_for_good(admin, alice):
    hers = Client()
    hers.force_login(alice)
    picked = {"_selected_action": [alice.pk]}
    admin.post(PEOPLE, picked | {"action": "lock_out"})
    assert hers.get("/accounts/profile/").status_code == 302
    admin.post(PEOPLE, picked | {"action": "let_in"})
    alice.refresh_from_db()
    assert alice.is_active
    assert hers.get("/accounts/profile/").status_code == 302


def test_nobody_locks_themselves_out_by_mistake(admin, admin_user):
    admin.post(PEOPLE, {"_selected_action": [admin_user.pk], "action": "lock_out"})
    admin_user.refresh_from_db()
    assert admin_user.is_active


@pytest.mark.parametrize("lost", ["is_superuser", "is_active"])
def test_the_last_admin_stays_admin(admin, admin_user, lost):
    form = {"username": "root", "is_superuser": "on", "is_active": "on"}
    del form[lost]
    answer = admin.post(f"{PEOPLE}{admin_user.pk}/change/", form)
    assert "This is the last admin" in answer.content.decode()
    admin_user.refresh_from_db()
    assert admin_user.is_superuser
    assert admin_user.is_active


def test_making_somebody_admin_opens_the_panel_to_them_and_back(admin, alice):
    page = f"{PEOPLE}{alice.pk}/change/"
    form = {"username": "alice", "is_active": "on"}
    admin.post(page, form | {"is_superuser": "on"})
    alice.refresh_from_db()
    assert (alice.is_staff, alice.is_superuser) == (True, True)
    admin.post(page, form)
    alice.refresh_from_db()
    assert (alice.is_staff, alice.is_superuser) == (False, False)


def test_touching_people_an_hour_after_sign_in_asks_for_the_password_and_goes_on(admin):
    session = admin.session
    session["password_shown_at"] -= 3601
    session.save()
    answer = admin.post(f"{PEOPLE}add/", SEM)
    assert answer["Location"].startswith("/accounts/reauthenticate/?next=")
    assert not User.objects.filter(username="sem").exists()
    wrong = admin.post(answer["Location"], {"password": "wrong", "next": f"{PEOPLE}add/"})
    assert "not your password" in wrong.content.decode()
    done = admin.post(answer["Location"], {"password": PASSWORD, "next": f"{PEOPLE}add/"})
    assert "/welcome/" in done.content.decode()
    assert User.objects.filter(username="sem").exists()


def test_password_hashes_cannot_be_searched_out(admin):
    assert admin.get(f"{PEOPLE}?password__startswith=a").status_code == 400


def test_the_panels_own_sign_in_and_password_pages_are_the_houses(client, admin_user, sign_in):
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/accounts/login/")
    by_hand = client.post("/admin/login/", {"username": "root", "password": PASSWORD})
    assert by_hand["Location"].startswith("/accounts/login/")
    sign_in("root")
    assert client.get("/admin/password_change/")["Location"] == "/accounts/password/change/"
    assert client.get("/admin/logout/")["Location"] == "/accounts/logout/"


def test_the_panel_allows_its_own_scripts_and_nothing_inline(admin, alice):
    for page in ("/admin/lists/", PEOPLE, f"{PEOPLE}add/", f"{PEOPLE}{alice.pk}/change/"):
        answer = admin.get(page)
        policy = answer["Content-Security-Policy"]
        assert "script-src 'self';" in policy + ";"
        assert "unsafe" not in policy
        text = answer.content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style| style=| on\w+=", text)


def test_the_rest_of_the_app_keeps_the_stricter_policy(client, alice):
    client.force_login(alice)
    policy = client.get("/accounts/profile/")["Content-Security-Policy"]
    assert "'strict-dynamic'" in policy


def test_models_this_house_does_not_use_are_not_shown(admin):
    page = admin.get("/admin/lists/").content.decode()
    assert PEOPLE in page
    assert "/admin/auth/group/" not in page
    assert "/admin/account/" not in page


def test_the_list_of_people_takes_the_same_queries_however_many(
    admin, django_assert_max_num_queries
):
    for n in range(20):
        User.objects.create_user(f"person{n}")
    with django_assert_max_num_queries(10):
        admin.get(PEOPLE)


def test_people_are_put_into_groups(admin):
    admin.post("/admin/accounts/group/add/", {"name": "4B"})
    group = Group.objects.get()
    admin.post(f"{PEOPLE}add/", SEM | {"group": group.pk})
    assert User.objects.get(username="sem").group == group
    assert '<td class="field-size">1</td>' in admin.get("/admin/accounts/group/").content.decode()
    assert admin.post(f"/admin/accounts/group/{group.pk}/delete/").status_code == 403


def test_mere_staff_see_no_groups(client, sign_in, bob):
    bob.is_staff = True
    bob.save()
    client.force_login(bob)
    assert client.get("/admin/accounts/group/").status_code == 403
