"""Questions about the tree of a conversation's messages, asked of the database in one go."""

import uuid
from typing import Any

from django.db import connection
from django.db.models import Count, Model, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.fields import UUIDField
from django.db.models.functions import Coalesce

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


def is_before(created_at: Combinable, pk: Combinable) -> Q:
    """Older than another message, which stands at that place in time."""
    return Q(created_at__lt=created_at) | Q(created_at=created_at, pk__lt=pk)


def is_after(created_at: Combinable, pk: Combinable) -> Q:
    return Q(created_at__gt=created_at) | Q(created_at=created_at, pk__gt=pk)


def count(rows: QuerySet[Model]) -> Combinable:
    """How many rows with one parent a subquery finds."""
    counted: Any = rows.order_by().values("parent").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), Value(0))


def _prepared(pk: uuid.UUID | None) -> Any:
    return UUIDField().get_db_prep_value(pk, connection)
