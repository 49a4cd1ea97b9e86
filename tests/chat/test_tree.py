"""Conversations of before the tree become one path; a path is read in the order of its turns."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from chat.models import Conversation, Message

first_path = import_module("chat.migrations.0003_first_path")


@pytest.fixture
def talk(alice):
    """Makes a conversation of so many turns that nothing links, and gives both."""

    def make(turns):
        conversation = Conversation.objects.create(user=alice, title="t", model="gpt-4o-mini")
        now = timezone.now()
        made = [
            Message(
                conversation=conversation,
                user=alice,
                role="user",
                text=str(number),
                created_at=now + timedelta(seconds=number // 2),  # pairs share their moment
            )
            for number in range(turns)
        ]
        Message.objects.bulk_create(made)
        return conversation, made

    return make


def test_what_was_a_list_becomes_one_path(talk):
    (first, turns), (second, others), (empty, _) = talk(5), talk(3), talk(0)
    first_path.link(apps, None)
    for conversation, made in ((first, turns), (second, others)):
        conversation.refresh_from_db()
        path = Message.objects.path_to(conversation.tip_id, at_most=10)
        in_time = sorted(made, key=lambda turn: (turn.created_at, turn.pk.hex))
        assert [turn.pk for turn in path] == [turn.pk for turn in in_time]
    empty.refresh_from_db()
    assert Message.objects.path_to(empty.tip_id, at_most=10) == []


def test_a_path_keeps_its_order_when_the_clock_went_back(talk):
    conversation, turns = talk(6)
    for parent, turn in zip(turns, turns[1:], strict=False):
        turn.parent = parent
        turn.created_at = parent.created_at - timedelta(hours=1)
        turn.save()
    path = Message.objects.path_to(turns[-1].pk, at_most=4)
    assert [turn.text for turn in path] == ["2", "3", "4", "5"]


def test_a_path_takes_one_query_and_leaves_other_branches_out(talk, django_assert_num_queries):
    _, (root, one, other, leaf) = talk(4)
    for turn, parent in ((one, root), (other, root), (leaf, other)):
        Message.objects.filter(pk=turn.pk).update(parent=parent)
    with django_assert_num_queries(1):
        path = Message.objects.path_to(leaf.pk, at_most=400)
    assert [turn.pk for turn in path] == [root.pk, other.pk, leaf.pk]


def versions(turn):
    """Its number, how many there are, and those beside it; both ways of asking agree."""
    rows = Message.objects.with_versions().get(pk=turn.pk), Message.objects.get_shown(turn.pk)
    listed, shown = (
        (row.version, row.versions, row.version_before, row.version_after) for row in rows
    )
    assert listed == shown
    return listed


def test_first_turns_are_versions_within_their_own_conversation(talk):
    (_, (one, below, two)), (_, (alone,)) = talk(3), talk(1)
    Message.objects.filter(pk=below.pk).update(parent=one)
    assert versions(one) == (1, 2, None, two.pk)
    assert versions(two) == (2, 2, one.pk, None)
    assert versions(alone) == (1, 1, None, None)


def test_other_turns_are_versions_below_the_same_one(talk):
    _, (root, one, leaf, two) = talk(4)
    for turn, parent in ((one, root), (two, root), (leaf, two)):
        Message.objects.filter(pk=turn.pk).update(parent=parent)
    assert versions(root) == versions(leaf) == (1, 1, None, None)
    assert versions(one) == (1, 2, None, two.pk)
    assert versions(two) == (2, 2, one.pk, None)
