"""What the admin sees of pictures: how the queue goes and what it costs, never the prompts."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _

from credit.templatetags.money import money
from images.models import ImageJob


@admin.register(ImageJob)
class ImageJobAdmin(admin.ModelAdmin[ImageJob]):
    list_display = ("id", "state", "age", "user", "model", "cost", "error_code", "takeovers")
    list_filter = ("state", "model", "error_code")
    search_fields = ("=id", "user__username", "=request_id")
    ordering = ("-created_at",)
    date_hierarchy = "created_at"
    list_select_related = ("user",)
    show_full_result_count = False
    fields = (
        ("id", "batch", "number", "request_id"),
        ("user", "state", "error_code"),
        ("model", "scheduler", "steps", "cfg_scale", "width", "height"),
        ("created_at", "submitted_at", "finished_at", "due_at"),
        ("attempts", "takeovers", "usual_seconds"),
        ("cost", "late", "hold", "size_bytes", "sha256"),
    )
    readonly_fields = ("id", "cost")

    @admin.display(description=_("age"), ordering="created_at")
    def age(self, job: ImageJob) -> str:
        return timesince(job.created_at, job.finished_at or timezone.now())

    @admin.display(description=_("cost"), ordering="charged")
    def cost(self, job: ImageJob) -> str:
        return money(job.charged)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImageJob]:
        secrets = ("prompt", "negative_prompt", "signature", "image_url", "error_detail", "blur")
        return super().get_queryset(request).defer(*secrets)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ImageJob | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ImageJob | None = None) -> bool:
        return False
