"""Conversations and their messages; an assistant message carries the state of its reply."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
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

    def before(self, message: "Message") -> Self:
        """The messages that precede one in its conversation."""
        return self.filter(conversation_id=message.conversation_id).filter(
            models.Q(created_at__lt=message.created_at)
            | models.Q(created_at=message.created_at, pk__lt=message.pk)
        )

    def with_receipts(self) -> Self:
        """Join what each reply cost, so that a page of turns takes the same few queries."""
        return self.prefetch_related("hold__usage_records")


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
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=9, choices=Role.choices)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True, help_text="The finished text, rendered once.")
    created_at = models.DateTimeField(default=timezone.now)
    # Made by the browser: a double click or a repeated POST finds the prompt it already sent.
    client_id = models.UUIDField(null=True)

    state = models.CharField(max_length=11, choices=State.choices, default=State.DONE)
    model = models.CharField(max_length=40, blank=True)
    hold = models.OneToOneField(Hold, null=True, on_delete=models.PROTECT, related_name="+")
    request_id = models.CharField(max_length=32, blank=True)
    finish_reason = models.CharField(max_length=20, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    prompt_tokens = models.PositiveIntegerField(default=0, help_text="Counted before sending.")
    output_cap = models.PositiveIntegerField(default=0, help_text="Tokens, as sent upstream.")

    # Fencing: only the process that owns this attempt may write, and only while its lease runs.
    attempt = models.PositiveSmallIntegerField(default=1)
    owner = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True)
    stop_requested = models.BooleanField(default=False)

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
        """What the reply used, as measured at its end; None while it runs."""
        return self._usage_records[0] if self._usage_records else None

    @property
    def charged(self) -> int:
        """What the reply cost in nano-USD, late corrections included."""
        return sum(record.charged for record in self._usage_records)

    @cached_property
    def _usage_records(self) -> list[UsageRecord]:
        if self.hold is None:
            return []
        return sorted(self.hold.usage_records.all(), key=lambda record: record.pk)
