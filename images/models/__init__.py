"""The rows of the picture studio."""

from images.models.collections import Collection, CollectionItem, SavedSearch, ShareLink
from images.models.jobs import ImageJob
from images.models.lane import Lane
from images.models.questions import ImageJobQuerySet
from images.models.states import IN_FLIGHT, MEDIA_TYPES, PENDING, State
from images.models.studio import Preset, Studio

__all__ = [
    "IN_FLIGHT",
    "MEDIA_TYPES",
    "PENDING",
    "Collection",
    "CollectionItem",
    "ImageJob",
    "ImageJobQuerySet",
    "Lane",
    "Preset",
    "SavedSearch",
    "ShareLink",
    "State",
    "Studio",
]
