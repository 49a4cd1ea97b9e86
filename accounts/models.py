"""People, the one-time links that let them choose a password, and who changed what."""

from __future__ import annotations

import hashlib
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class UserManager(DjangoUserManager["User"]):
    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """E-mail addresses are kept in lower case: sign-in looks them up that way."""
        return super().normalize_email(email).lower()

    def active_admins(self) -> models.QuerySet[User]:
        return self.filter(is_active=True, is_superuser=True)


class Group(models.Model):
    """People who belong together: a class, a team. Everybody is in one at most."""

    name = models.CharField(_("name"), max_length=80, unique=True)

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person who signs in; an admin is one with `is_staff` and `is_superuser`.

    Username and e-mail are kept in lower case; `first_name` holds the name others see.
    """

    first_name = models.CharField(
        _("name"),
        max_length=150,
        blank=True,
        help_text=_("How this person is shown. Empty: the username."),
    )
    email = models.EmailField(
        _("e-mail"), blank=True, help_text=_("Optional; works for signing in too.")
    )
    is_superuser = models.BooleanField(
        _("admin"),
        default=False,
        help_text=_("May open the admin panel and change everything in it."),
    )
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_(
            "Untick to lock this person out at once. People are not deleted: what they spent "
            "stays in the books."
        ),
    )
    group = models.ForeignKey(
        Group,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("group"),
    )
    language = models.CharField(_("language"), max_length=8, blank=True, default="")
    # Raised to end every session of this person: it is part of the session's hash.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                fields=["email"], condition=~models.Q(email=""), name="one_person_per_email"
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_name} ({self.username})" if self.first_name else self.username

    @classmethod
    def normalize_username(cls, username: str) -> str:
        return super().normalize_username(username).lower()

    @property
    def display_name(self) -> str:
        return self.first_name or self.username

    def get_short_name(self) -> str:
        return self.display_name

    def clean(self) -> None:
        super().clean()
        others = User.objects.exclude(pk=self.pk)
        if self.email and others.filter(email=self.email).exists():
            raise ValidationError({"email": _("Somebody else already uses this e-mail address.")})

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        return salted_hmac(
            "accounts.models.User.get_session_auth_hash",
            f"{self.password}:{self.session_epoch}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()


class OneTimeLinkQuerySet(models.QuerySet["OneTimeLink"]):
    def live(self) -> OneTimeLinkQuerySet:
        """Links that still work: unused, in time, and for a person who may sign in."""
        locked_out = models.Q(user__isnull=False, user__is_active=False)
        return self.filter(used_at=None, expires_at__gt=timezone.now()).exclude(locked_out)

    def for_token(self, token: str) -> OneTimeLinkQuerySet:
        return self.filter(digest=OneTimeLink.digest_of(token))

    def for_person(self, user: User) -> OneTimeLinkQuerySet:
        return self.filter(purpose=OneTimeLink.Purpose.SET_PASSWORD, user=user)


class OneTimeLink(models.Model):
    """Lets whoever holds its token choose a password, once; only the token's SHA-256 is kept."""

    class Purpose(models.TextChoices):
        FIRST_ADMIN = "first_admin", _("create the first admin")
        SET_PASSWORD = "set_password", _("choose a password")

    digest = models.CharField(max_length=64, unique=True, editable=False)
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="one_time_links",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    objects = OneTimeLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(purpose="first_admin", user=None)
                | models.Q(purpose="set_password", user__isnull=False),
                name="link_purpose_fits_user",
            )
        ]

    @staticmethod
    def digest_of(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()


class AuditEntry(models.Model):
    """Append-only by database trigger: who changed what, and what it was before.

    `thing` names what was changed for machines ("person:5"), `subject` as it was called then.
    `before` and `after` hold what differs, by the field's name; amounts in nano-USD.
    """

    class Kind(models.TextChoices):
        ACCESS = "access", _("Sign-in")
        ROLE = "role", _("Role")
        MEMBERSHIP = "membership", _("Group of a person")
        GROUP = "group", _("Group")
        KEY = "key", _("API key")
        BALANCE = "balance", _("Balance")
        LIMITS = "limits", _("Limits")
        PAUSE = "pause", _("Pause")
        PRICE = "price", _("Price")
        RULES = "rules", _("Money rules")
        ALLOWANCE = "allowance", _("Allowance")
        VOUCHERS = "vouchers", _("Vouchers")
        POOL = "pool", _("Pool")

    kind = models.CharField(_("what"), max_length=12, choices=Kind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    thing = models.CharField(max_length=64, db_index=True)
    subject = models.CharField(_("of"), max_length=200)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("entry of the audit log")
        verbose_name_plural = _("audit log")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject}"
