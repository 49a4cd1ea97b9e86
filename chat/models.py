"""Conversations and their messages; an assistant message carries the state of its reply.

The messages of a conversation are a tree: a prompt that is answered twice has two replies. Shown
is one path through it, the one that ends at the conversation's tip.
"""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chat import tree
from chat.receipts import Receipt, total
from credit.models import Hold, UsageRecord


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def for_user(self, user: User) -> Self:
        return self.filter(user=user)

    def newest_first(self) -> Self:
        return self.order_by("-updated_at", "-id")

    def after(self, updated_at: datetime, pk: uuid.UUID) -> Self:
        """The rows that follow one row of the newest-first order (keyset paging)."""
        return self.filter(
            models.Q(updated_at__lt=updated_at) | models.Q(updated_at=updated_at, pk__lt=pk)
        )

    def with_live(self) -> Self:
        """Mark the conversations that have a reply under way, as `is_live`."""
        live = Message.objects.filter(conversation=models.OuterRef("pk")).streaming()
        return self.annotate(is_live=models.Exists(live))


class Conversation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="conversations"
    )
    title = models.CharField(max_length=120)
    model = models.CharField(max_length=40)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    tip = models.ForeignKey(
        "Message",
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The last turn of the path that is shown; the next prompt follows it.",
    )

    objects = ConversationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["user", "-updated_at", "-id"], name="conversation_newest_first")
        ]

    def __str__(self) -> str:
        return self.title


class MessageQuerySet(models.QuerySet["Message"]):
    def for_user(self, user: User) -> Self:
        return self.filter(user=user)

    def streaming(self) -> Self:
        return self.filter(state=Message.State.STREAMING)

    def in_order(self) -> Self:
        return self.order_by("created_at", "id")

    def path_to(self, tip_id: uuid.UUID | None, *, at_most: int) -> list["Message"]:
        """The turns that lead to a message, oldest first, itself the last of them."""
        turns = {turn.pk: turn for turn in self.filter(pk__in=tree.ancestors(tip_id, at_most))}
        path, at = [], tip_id
        while at is not None and (turn := turns.get(at)):
            path.append(turn)
            at = turn.parent_id
        return path[::-1]

    def newest_below(self, pk: uuid.UUID) -> Self:
        """The message at the end of the newest branch that goes through one; none if it is gone."""
        ends = self.filter(pk__in=tree.descendants(pk), children=None)
        return ends.order_by("-created_at", "-id")[:1]

    def with_receipts(self) -> Self:
        """Join what each reply cost, so that a page of turns takes the same few queries."""
        past = models.Prefetch("past_attempts", PastAttempt.objects.select_related("hold"))
        return self.select_related("hold").prefetch_related(
            "hold__usage_records", past, "past_attempts__hold__usage_records"
        )

    def get_shown(self, message_id: uuid.UUID) -> "Message":
        """One message as `with_receipts` and `with_versions` give many; raises DoesNotExist."""
        message = self.select_related("hold").get(pk=message_id)
        beside = Message.objects.filter(conversation=message.conversation_id).filter(
            parent=message.parent_id
        )
        siblings = list(beside.in_order().ids())
        place = siblings.index(message.pk)
        message.version, message.versions = place + 1, len(siblings)
        message.version_before = siblings[place - 1] if place else None
        message.version_after = siblings[place + 1] if place + 1 < len(siblings) else None
        return message

    def ids(self) -> models.QuerySet["Message", uuid.UUID]:
        return self.values_list("pk", flat=True)

    def with_versions(self) -> Self:
        """Number each message among those that share its parent: `version` of `versions`.

        The first turns of a conversation share that they have none.

        `version_before` and `version_after` are the ids of its neighbours, None at the ends.
        """
        siblings = Message.objects.filter(
            tree.is_beside(OuterRef("conversation"), OuterRef("parent"))
        )
        before = siblings.filter(tree.is_before(OuterRef("created_at"), OuterRef("pk")))
        after = siblings.filter(tree.is_after(OuterRef("created_at"), OuterRef("pk")))
        return self.annotate(
            version=tree.count(before) + 1,
            versions=tree.count(siblings),
            version_before=before.order_by("-created_at", "-id").values("pk")[:1],
            version_after=after.order_by("created_at", "id").values("pk")[:1],
        )


class Message(models.Model):
    class Role(models.TextChoices):
        USER = "user", _("you")
        ASSISTANT = "assistant", _("the model")

    class State(models.TextChoices):
        STREAMING = "streaming", _("answering")
        DONE = "done", _("done")
        STOPPED = "stopped", _("stopped")
        FAILED = "failed", _("failed")
        INTERRUPTED = "interrupted", _("interrupted")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages"
    )
    parent = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.CASCADE,
        related_name="children",
        help_text="The turn before it.",
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=9, choices=Role.choices)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True, help_text="The finished text, rendered once.")
    created_at = models.DateTimeField(default=timezone.now)
    # Made for one sending: a double click or a repeated POST finds what it already began.
    client_id = models.UUIDField(null=True)

    state = models.CharField(max_length=11, choices=State.choices, default=State.DONE)
    model = models.CharField(max_length=40, blank=True)
    hold = models.OneToOneField(Hold, null=True, on_delete=models.PROTECT, related_name="+")
    request_id = models.CharField(max_length=32, blank=True)
    finish_reason = models.CharField(max_length=20, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    retry_at = models.DateTimeField(null=True, help_text="The upstream asked to wait until then.")
    prompt_tokens = models.PositiveIntegerField(default=0, help_text="Counted before sending.")
    output_cap = models.PositiveIntegerField(default=0, help_text="Tokens, as sent upstream.")

    # Fencing: only the process that owns this attempt may write, and only while its lease runs.
    attempt = models.PositiveSmallIntegerField(default=1)
    owner = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True)
    stop_requested = models.BooleanField(default=False)

    # How it stands among those that share its parent; see MessageQuerySet.with_versions.
    version: int
    versions: int
    version_before: uuid.UUID | None
    version_after: uuid.UUID | None

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "client_id"], name="message_sent_once"),
        ]
        indexes = [
            models.Index(fields=["conversation", "created_at", "id"], name="message_in_order"),
            models.Index(
                fields=["lease_until"],
                name="message_streaming",
                condition=models.Q(state="streaming"),
            ),
            models.Index(
                fields=["user"],
                name="message_streaming_by_user",
                condition=models.Q(state="streaming"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"

    @property
    def is_live(self) -> bool:
        return self.state == self.State.STREAMING

    @property
    def usage(self) -> UsageRecord | None:
        """What the latest attempt used, as measured at its end; None while it runs."""
        records = _records_of(self.hold)
        return records[0] if records else None

    @property
    def charged_last(self) -> int:
        """What the latest attempt cost in nano-USD, late corrections included."""
        return sum(record.charged for record in _records_of(self.hold))

    @property
    def charged(self) -> int:
        """What all attempts cost in nano-USD, late corrections included."""
        return self.receipt.charged

    @cached_property
    def receipt(self) -> Receipt:
        """What all attempts used and cost together."""
        past = self.past_attempts.all() if self.attempt > 1 else ()
        holds = (*(attempt.hold for attempt in past), self.hold)
        return total(record for hold in holds for record in _records_of(hold))


def _records_of(hold: Hold | None) -> list[UsageRecord]:
    """The records of one attempt, a late correction after what it corrects."""
    return sorted(hold.usage_records.all(), key=lambda record: record.pk) if hold else []


class PastAttempt(models.Model):
    """How an earlier attempt at a reply ended; the message itself tells of the latest one."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="past_attempts")
    number = models.PositiveSmallIntegerField()
    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, related_name="+")
    request_id = models.CharField(max_length=32, blank=True)
    state = models.CharField(max_length=11, choices=Message.State)
    finish_reason = models.CharField(max_length=20, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    length = models.PositiveIntegerField(
        help_text="Characters of text; the next one goes on there."
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="attempt_once"),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.message_id}"
