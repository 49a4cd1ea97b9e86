"""Questions about the tree of a conversation's messages, asked of the database in one go."""

import uuid
from typing import Any

from django.db import connection
from django.db.models import Case, Func, IntegerField, Model, Q, QuerySet, Subquery, When
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.fields import UUIDField
from django.db.models.lookups import IsNull

_ANCESTORS = """
    WITH RECURSIVE path (id, parent_id, place) AS (
        SELECT id, parent_id, 1 FROM chat_message WHERE id = %s
        UNION ALL
        SELECT above.id, above.parent_id, place + 1
        FROM path JOIN chat_message above ON above.id = path.parent_id
        WHERE place < %s
    )
    SELECT id FROM path
"""

_DESCENDANTS = """
    WITH RECURSIVE branch (id) AS (
        SELECT id FROM chat_message WHERE id = %s
        UNION ALL
        SELECT below.id FROM branch JOIN chat_message below ON below.parent_id = branch.id
    )
    SELECT id FROM branch
"""


def ancestors(tip_id: uuid.UUID | None, at_most: int) -> RawSQL:
    """The ids of a message and of those above it, `at_most` in all."""
    return RawSQL(_ANCESTORS, [_prepared(tip_id), at_most])  # noqa: S611 -- constant text


def descendants(pk: uuid.UUID) -> RawSQL:
    """The ids of a message and of all below it."""
    return RawSQL(_DESCENDANTS, [_prepared(pk)])  # noqa: S611 -- constant text


def is_beside(conversation: Combinable, parent: Combinable) -> Q:
    """Next to another message: below the same parent, or first in the same conversation as it.

    Both halves are found by an index, and the second one is empty unless the other is a first.
    """
    where_it_is_first = Case(When(IsNull(parent, True), then=conversation))
    return Q(parent=parent) | Q(parent=None, conversation=where_it_is_first)


def is_before(created_at: Combinable, pk: Combinable) -> Q:
    """Older than another message, which stands at that place in time."""
    return Q(created_at__lt=created_at) | Q(created_at=created_at, pk__lt=pk)


def is_after(created_at: Combinable, pk: Combinable) -> Q:
    return Q(created_at__gt=created_at) | Q(created_at=created_at, pk__gt=pk)


def count(rows: QuerySet[Model]) -> Combinable:
    """How many rows a subquery finds; an aggregate of Django's would group them first."""
    counted: Any = rows.order_by().values(count=Func("pk", function="COUNT"))
    return Subquery(counted, output_field=IntegerField())


def _prepared(pk: uuid.UUID | None) -> Any:
    return UUIDField().get_db_prep_value(pk, connection)
