"""Keys that programs sign in with, and the numbers under which they ask for their pictures."""

import hashlib
import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from images.models import ImageJob


def digest_of(secret: str) -> str:
    """What is kept of a secret; it is random and long, so a plain SHA-256 gives nothing away."""
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def for_user(self, user: User) -> Self:
        return self.filter(user=user)

    def live(self) -> Self:
        """Neither revoked nor expired, whoever owns them."""
        lasting = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        return self.filter(lasting, revoked_at=None)

    def ended(self) -> Self:
        """Revoked or expired."""
        return self.filter(Q(revoked_at__isnull=False) | Q(expires_at__lte=timezone.now()))

    def usable(self) -> Self:
        """Live, and of a person who may sign in."""
        return self.live().filter(user__is_active=True)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")


class ApiKey(models.Model):
    """One program's way in, spending its person's credit; the key itself is kept nowhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="api_keys",
        verbose_name=_("person"),
    )
    name = models.CharField(_("name"), max_length=60)
    prefix = models.CharField(_("begins with"), max_length=8)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        indexes = [models.Index(fields=["user", "-created_at", "-id"], name="key_newest_first")]

    def __str__(self) -> str:
        return f"{self.name} ({self.shown})"

    @property
    def shown(self) -> str:
        """As much of the key as may be seen: enough to tell it from others."""
        return f"mt-{self.prefix}…"

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_live(self) -> bool:
        return self.revoked_at is None and not self.is_expired


class PictureOrder(models.Model):
    """A picture that a program ordered: its number (`jobid`) and the signature that opens it."""

    job = models.OneToOneField(ImageJob, on_delete=models.CASCADE, related_name="+")
    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="+")
    signature_digest = models.CharField(max_length=64, editable=False)

    def __str__(self) -> str:
        return f"{self.pk}"
