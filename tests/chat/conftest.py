"""Conversations to try things on."""

import uuid

import pytest

from chat import admission


@pytest.fixture
def send():
    """Begin a reply as a person would: `send(alice, "Hello", conversation=…)`."""

    def begin(user, text="Hello", *, conversation=None, client_id=None, model="gpt-4o-mini"):
        return admission.begin(
            conversation,
            user=user,
            client_id=client_id or uuid.uuid4(),
            text=text,
            model=model,
            request_id=uuid.uuid4().hex,
        )

    return begin
