"""Every address of the app, tried by a guest and by a member: what is not listed stays shut."""

import uuid
from urllib.parse import urlsplit

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import get_converters
from django.utils.regex_helper import normalize

# What a guest may read, by name; whatever else answers a guest with a page fails the test.
PUBLIC = {
    "account_login",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "accounts:welcome",
    "accounts:choose_password",
    "gateway:picture_status",  # opened by a signature instead
    "images:shared",  # opened by its unguessable address
    "images:shared_file",
    "gateway:picture_file",  # opened by its unguessable address
    "healthz",
    "readyz",
    "set_language",
}
SIGN_IN = {"/accounts/login/", "/admin/login/", "/admin/"}
DUMMIES = {"int": "1", "uuid": str(uuid.UUID(int=1)), "path": "1", "str": "1", "slug": "1"}


def example_of(pattern):
    """The text of one address that a route or regular expression matches."""
    if not hasattr(pattern, "_route"):
        text, names = normalize(pattern.regex.pattern)[0]
        return text % dict.fromkeys(names, "1")
    text = str(pattern._route)
    names = {type(converter): name for name, converter in get_converters().items()}
    for argument, converter in pattern.converters.items():
        kind = names[type(converter)]
        for written in (f"<{kind}:{argument}>", f"<{argument}>"):
            text = text.replace(written, DUMMIES.get(kind, "1"))
    return text


def addresses(resolver, *, prefix="/", namespaces=()):
    for entry in resolver.url_patterns:
        path = prefix + example_of(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from addresses(entry, prefix=path, namespaces=inner)
        elif isinstance(entry, URLPattern):
            yield ":".join((*namespaces, entry.name or path)), path


EVERY = sorted(set(addresses(get_resolver())))
SHUT = [(name, path) for name, path in EVERY if name not in PUBLIC]


def test_the_walk_finds_the_rooms():
    names = {name for name, _ in EVERY}
    assert {"admin:accounts_user_changelist", "accounts:profile", "account_login"} <= names
    assert len(EVERY) > 30


def test_every_listed_exception_still_exists():
    assert {name for name, _ in EVERY} >= PUBLIC


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("name", "path"), SHUT, ids=[f"{name}" for name, _ in SHUT])
def test_a_guest_is_sent_to_sign_in_or_refused(client, db, name, path, method, headers):
    answer = getattr(client, method)(path, headers=headers)
    if answer.status_code in (401, 403, 405):
        return
    to = answer.get("Location") or answer.get("HX-Redirect")
    assert to, f"{method} {path} answered a guest with {answer.status_code}"
    assert urlsplit(to).path in SIGN_IN, f"{method} {path} sent a guest to {to}"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("name", "path"),
    [row for row in EVERY if row[0].startswith(("admin:", "oversight:"))],
    ids=lambda row: row,
)
def test_a_member_sees_nothing_of_the_admin_panel(client, bob, name, path, method):
    client.force_login(bob)
    answer = getattr(client, method)(path, follow=True)
    assert answer.status_code == 403


@pytest.mark.parametrize("method", ["get", "post"])
def test_staff_without_the_admins_rights_cannot_touch_people(client, bob, alice, method):
    type(bob).objects.filter(pk=bob.pk).update(is_staff=True)
    client.force_login(bob)
    for page in ("", "add/", f"{alice.pk}/change/", f"{alice.pk}/delete/", f"{alice.pk}/link/"):
        answer = getattr(client, method)(f"/admin/accounts/user/{page}")
        assert answer.status_code in (403, 405)
