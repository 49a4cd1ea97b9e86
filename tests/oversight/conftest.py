"""An admin who has shown their password, and people who spend."""

import time
from datetime import timedelta
from itertools import count

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Group, User
from credit import ledger, opening
from credit.endings import Ending, Outcome, Tokens
from tests.credit.books import LEASE

DOLLAR = 1_000_000_000
EACH = 600_000  # a thousand output tokens of gpt-4o-mini


@pytest.fixture
def root(db):
    return User.objects.create_superuser("root", password="dikes-and-tulips-7")


@pytest.fixture
def admin(client, root):
    client.force_login(root)
    session = client.session
    session["password_shown_at"] = time.time()
    session.save()
    return client


@pytest.fixture
def group(alice):
    """Alice is in class 4B."""
    alice.group = Group.objects.create(name="4B")
    alice.save()
    return opening.open_group(alice.group)


@pytest.fixture
def spend(db):
    """One call of a person, so many days ago, that costs so many times EACH."""
    numbers = count(1)

    def spend(user, *, times=1, days_ago=0, model="gpt-4o-mini", counted=False, key=None):
        kind = "image" if model == "realvision" else "chat"
        tokens = Tokens(0, 1000 * times)
        outcome = Outcome.PICTURE_DONE if kind == "image" else Outcome.DONE
        measure = {"counted": tokens} if counted else {"reported": tokens}
        with time_machine.travel(timezone.now() - timedelta(days=days_ago)):
            held = ledger.hold(
                user,
                kind=kind,
                model=model,
                amount=EACH * times * 20,
                cause=f"test:{next(numbers)}",
                request_id=f"request-{user}",
                lease=LEASE,
                key=key,
            )
            return ledger.settle(held.pk, ending=Ending(outcome=outcome, **measure))

    return spend
