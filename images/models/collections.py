"""How pictures are kept together, found again and shown to others."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from images.models.jobs import ImageJob


class CollectionQuerySet(models.QuerySet["Collection"]):
    def for_user(self, user: User) -> Self:
        return self.filter(user=user)

    def with_covers(self) -> Self:
        """Each with `size`, and `cover`: the key of the picture put in last."""
        items = CollectionItem.objects.filter(collection=OuterRef("pk"), job__binned_at=None)
        last = items.order_by("-pk").values("job")[:1]
        shown = Count("items", filter=Q(items__job__binned_at=None))
        return self.annotate(size=shown, cover=Subquery(last, output_field=models.UUIDField()))


class Collection(models.Model):
    """Pictures that somebody put together; a picture may be in many."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    created_at = models.DateTimeField(default=timezone.now)
    jobs = models.ManyToManyField(ImageJob, through="CollectionItem", related_name="collections")

    objects = CollectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="collection_named_once")
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CollectionItem(models.Model):
    """One picture in one collection; its number tells the order of adding."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="items")
    job = models.ForeignKey(ImageJob, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collection", "job"], name="collected_once")]


class SavedSearch(models.Model):
    """A search with a name: what the address of the gallery says after its question mark."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches"
    )
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="search_named_once")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ShareLinkQuerySet(models.QuerySet["ShareLink"]):
    def for_user(self, user: User) -> Self:
        return self.filter(user=user)

    def working(self, now: datetime) -> Self:
        """Neither revoked nor expired, of somebody who may sign in."""
        return self.filter(revoked_at=None, expires_at__gt=now, user__is_active=True)


class ShareLink(models.Model):
    """Lets whoever has its address see a picture, a contact sheet or a collection for a while."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    job = models.ForeignKey(ImageJob, on_delete=models.CASCADE, null=True, related_name="+")
    collection = models.ForeignKey(
        Collection, on_delete=models.CASCADE, null=True, related_name="+"
    )
    batch = models.UUIDField(null=True)
    shows_recipe = models.BooleanField(_("with the recipe"), default=False)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("until"))
    revoked_at = models.DateTimeField(null=True)

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(job__isnull=False, collection=None, batch=None)
                | Q(job=None, collection__isnull=False, batch=None)
                | Q(job=None, collection=None, batch__isnull=False),
                name="share_shows_one_thing",
            )
        ]
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_working(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

    def pictures(self) -> models.QuerySet[ImageJob]:
        """What it shows now: a collection grows, and what is in the bin is not shown."""
        rows = ImageJob.objects.for_user(self.user).shown().done()
        if self.job_id:
            return rows.filter(pk=self.job_id)
        if self.batch:
            return rows.filter(batch=self.batch).order_by("number")
        return rows.filter(collections=self.collection_id).newest_first()
