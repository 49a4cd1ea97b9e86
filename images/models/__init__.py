"""The rows of the picture studio."""

from images.models.jobs import ImageJob
from images.models.lane import Lane
from images.models.questions import ImageJobQuerySet
from images.models.states import IN_FLIGHT, MEDIA_TYPES, PENDING, State
from images.models.studio import Studio

__all__ = [
    "IN_FLIGHT",
    "MEDIA_TYPES",
    "PENDING",
    "ImageJob",
    "ImageJobQuerySet",
    "Lane",
    "State",
    "Studio",
]
