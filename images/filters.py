"""Which pictures of the gallery are shown: as its address says, and into addresses again."""

from dataclasses import dataclass, fields
from typing import Self
from urllib.parse import urlencode

from django.http import QueryDict

from images.models import IN_FLIGHT, ImageJobQuerySet, State
from images.search import PROMPTS
from minitoolai import catalog

STATES = {
    "done": (State.DONE,),
    "waiting": (State.QUEUED, *IN_FLIGHT),
    "failed": (State.FAILED, State.EXPIRED, State.UNKNOWN),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Each is empty or one of what is offered; nonsense in an address counts as empty."""

    q: str = ""
    model: str = ""
    scheduler: str = ""
    size: str = ""
    state: str = ""
    favourite: str = ""
    collection: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        values = {field.name: query.get(field.name, "").strip()[:200] for field in fields(cls)}
        allowed = {
            "model": values["model"] in catalog.IMAGE_MODELS,
            "scheduler": values["scheduler"] in catalog.SCHEDULERS,
            "size": all(side.isdecimal() for side in _sides(values["size"])),
            "state": values["state"] in STATES,
            "favourite": values["favourite"] == "1",
            "collection": values["collection"].isdecimal() and len(values["collection"]) < 19,
        }
        return cls(**{name: value for name, value in values.items() if allowed.get(name, True)})

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))

    @property
    def folded(self) -> int:
        """How many of those are set that are not always in sight."""
        return sum(bool(value) for value in (self.scheduler, self.size, self.state))

    @property
    def query(self) -> str:
        """As an address says it, without the question mark."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return urlencode({name: value for name, value in values.items() if value})

    def apply(self, rows: ImageJobQuerySet) -> ImageJobQuerySet:
        if self.model:
            rows = rows.filter(model=self.model)
        if self.scheduler:
            rows = rows.filter(scheduler=self.scheduler)
        if self.size:
            width, height = _sides(self.size)
            rows = rows.filter(width=min(int(width), 9_999), height=min(int(height), 9_999))
        if self.state:
            rows = rows.filter(state__in=STATES[self.state])
        if self.favourite:
            rows = rows.filter(is_favourite=True)
        if self.collection:
            rows = rows.filter(collections=int(self.collection))
        return PROMPTS.matching(rows, self.q)


def _sides(size: str) -> tuple[str, str]:
    width, _, height = size.partition("x")
    return width, height
