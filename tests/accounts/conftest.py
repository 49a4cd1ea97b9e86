import pytest
from django.core.cache import cache

from accounts.models import User

PASSWORD = "dikes-and-tulips-7"


@pytest.fixture(autouse=True)
def _fresh_counts():
    """Counts of failed sign-ins live in the cache and would reach into the next test."""
    cache.clear()


@pytest.fixture
def alice(db):
    return User.objects.create_user(
        "alice", email="alice@example.org", password=PASSWORD, first_name="Alice"
    )


@pytest.fixture
def bob(db):
    return User.objects.create_user("bob", password=PASSWORD)


@pytest.fixture
def admin_user(db):
    return User.objects.create_superuser("root", password=PASSWORD)


@pytest.fixture
def sign_in(client):
    """Sign in through the page, as a person does."""

    def sign_in(name, password=PASSWORD, **extra):
        return client.post("/accounts/login/", {"login": name, "password": password}, **extra)

    return sign_in
