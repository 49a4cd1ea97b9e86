"""A group's page: its people, what they may use and spend."""

import re

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, Group
from credit.limits import set_limits
from credit.models import Account
from minitoolai.catalog import CHAT_MODELS, IMAGE_MODELS
from tests.oversight.conftest import DOLLAR
from tests.oversight.test_overview import read

pytestmark = pytest.mark.django_db

GROUPS = reverse("oversight:groups")
HTMX = {"HX-Request": "true"}
EVERY = [*CHAT_MODELS, *IMAGE_MODELS]


def page_of(group):
    return reverse("oversight:group", args=[group.group_id])


def set_rules(client, group, headers=None, **rules):
    told = {"models": EVERY, "pictures": "", "replies": "", "output": ""} | rules
    return client.post(reverse("oversight:rules", args=[group.group_id]), told, headers=headers)


def test_groups_are_listed_with_their_people_and_what_they_spent(admin, alice, group, spend):
    assert "4B" in read(admin, GROUPS)
    spend(alice, times=3)
    assert "$0.0018" in read(admin, GROUPS)


def test_a_house_without_groups_says_what_they_are_for(admin):
    assert "No groups yet" in read(admin, GROUPS)


def test_a_group_that_never_had_an_account_is_shown(admin):
    made = Group.objects.create(name="New")
    assert "New" in read(admin, GROUPS)
    assert "Nobody yet" in read(admin, reverse("oversight:group", args=[made.pk]))


@pytest.mark.parametrize("headers", [None, HTMX], ids=["page", "htmx"])
def test_what_its_people_may_use_is_set_in_place(admin, root, group, headers):
    answer = set_rules(
        admin, group, headers, models=["gpt-4o-mini"], pictures="5", replies="1", output="500"
    )
    assert answer.status_code == (200 if headers else 302)
    group.refresh_from_db()
    assert group.allowed_models == ["gpt-4o-mini"]
    assert (group.most_pictures, group.most_replies, group.most_output) == (5, 1, 500)
    entry = AuditEntry.objects.get(thing=f"group:{group.group_id}", actor=root)
    assert entry.after["most_pictures"] == 5
    ticked = re.findall(r'value="([^"]+)"[^>]* checked>', read(admin, page_of(group)))
    assert [name for name in ticked if name in EVERY] == ["gpt-4o-mini"]


def test_every_model_ticked_is_no_rule(admin, group):
    set_rules(admin, group, models=["gpt-4o"])
    set_rules(admin, group)
    group.refresh_from_db()
    assert group.allowed_models is None


def test_no_model_at_all_is_a_rule(admin, group):
    set_rules(admin, group, models=[])
    group.refresh_from_db()
    assert group.allowed_models == []


@pytest.mark.parametrize(
    "wrong", [{"models": ["gpt-9"]}, {"pictures": "-1"}, {"replies": "0"}, {"output": "many"}]
)
@pytest.mark.parametrize("headers", [None, HTMX], ids=["page", "htmx"])
def test_rules_that_make_no_sense_change_nothing(admin, group, wrong, headers):
    assert set_rules(admin, group, headers, **wrong).status_code == 422
    group.refresh_from_db()
    assert group.most_replies is None


def test_what_they_may_spend_together_is_set_in_place(admin, group):
    url = reverse("oversight:limit_group", args=[group.group_id])
    assert admin.post(url, {"day": "", "month": "3"}).status_code == 302
    assert Account.objects.get(pk=group.pk).month_limit == 3 * DOLLAR
    assert "$0.0000 of $3.0000" in read(admin, page_of(group))
    assert admin.post(url, {"day": "x"}, headers=HTMX).status_code == 422


def test_the_admins_password_is_asked_first(client, root, group):
    client.force_login(root)
    assert "reauthenticate" in set_rules(client, group)["Location"]
    group.refresh_from_db()
    assert group.allowed_models is None


def test_a_group_is_paused_on_its_page(admin, group):
    answer = admin.post(reverse("oversight:pause", args=[group.pk]))
    assert answer["Location"] == page_of(group)
    assert "paused since" in read(admin, page_of(group))


def test_the_pages_take_the_same_queries_however_many_people(
    admin, alice, bob, group, spend, django_assert_num_queries
):
    set_limits(group, day=DOLLAR, month=DOLLAR)
    spend(alice)
    admin.get(page_of(group))
    for url, most in ((GROUPS, 6), (page_of(group), 13)):
        with django_assert_num_queries(most):
            admin.get(url)
    bob.group = alice.group
    bob.save()
    spend(bob)
    for url, most in ((GROUPS, 6), (page_of(group), 13)):
        with django_assert_num_queries(most):
            admin.get(url)
