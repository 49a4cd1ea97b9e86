"""The form that orders pictures; every choice and range comes from the catalog."""

import re
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from images import prompts, styles
from images.models import ImageJob
from minitoolai import ImageRequest, catalog

COUNTS = (1, 2, 4, 8)
MOST_AT_ONCE = 120  # pictures an order
REMEMBERED = (
    "model",
    "size",
    "count",
    "style",
    "negative_prompt",
    "scheduler",
    "steps",
    "cfg_scale",
)
LONGEST_PROMPT = 4000
_SIZE = re.compile(r"(\d{1,4})x(\d{1,4})", re.ASCII)


_LIMITS = {
    "min_value": gettext_lazy("At least %(limit_value)s."),
    "max_value": gettext_lazy("At most %(limit_value)s."),
}


_SPENT = gettext_lazy("This form could not be used. Press the button again.")


class SizeField(forms.CharField):
    """`1152x768` to a pair of pixels within the catalog's range."""

    def to_python(self, value: object) -> Any:
        match = _SIZE.fullmatch(str(value or ""))
        pair = tuple(int(side) for side in match.groups()) if match else ()
        if not pair or any(side not in catalog.SIZE for side in pair):
            raise forms.ValidationError(
                _("Choose a size from %(min)s to %(max)s pixels."),
                params={"min": catalog.SIZE.min, "max": catalog.SIZE.max},
            )
        return pair


def _input(**attrs: object) -> dict[str, Any]:
    return {"class": "input", **attrs}


class MakeForm(forms.Form):
    """What to make, in which shape, how often; `batch` is the id that orders it only once."""

    batch = forms.UUIDField(error_messages={"invalid": _SPENT, "required": _SPENT})
    prompt = forms.CharField(
        label=gettext_lazy("Prompt"),
        max_length=LONGEST_PROMPT,
        widget=forms.Textarea(
            attrs=_input(rows="4", placeholder=gettext_lazy("What should the picture show?"))
        ),
        error_messages={"required": gettext_lazy("Say what the picture should show.")},
    )
    model = forms.ChoiceField(label=gettext_lazy("Model"))
    size = SizeField(label=gettext_lazy("Shape"), widget=forms.Select(attrs=_input()))
    count = forms.TypedChoiceField(
        label=gettext_lazy("How many"),
        choices=[(count, str(count)) for count in COUNTS],
        coerce=int,
        widget=forms.RadioSelect,
    )
    every_model = forms.BooleanField(
        label=gettext_lazy("Contact sheet: the same by each model"), required=False
    )
    style = forms.ChoiceField(
        label=gettext_lazy("Style"), required=False, widget=forms.Select(attrs=_input())
    )
    negative_prompt = forms.CharField(
        label=gettext_lazy("Leave out"),
        required=False,
        max_length=LONGEST_PROMPT,
        widget=forms.Textarea(
            attrs=_input(rows="2", placeholder=gettext_lazy("For example: text, blurry hands"))
        ),
    )
    scheduler = forms.ChoiceField(
        label=gettext_lazy("Scheduler"),
        choices=[(name, name) for name in catalog.SCHEDULERS],
        widget=forms.Select(attrs=_input()),
    )
    steps = forms.IntegerField(
        label=gettext_lazy("Steps"),
        min_value=catalog.STEPS.min,
        max_value=catalog.STEPS.max,
        help_text=gettext_lazy("More steps take longer and show more detail."),
        error_messages=_LIMITS,
        widget=forms.NumberInput(attrs=_input(inputmode="numeric")),
    )
    cfg_scale = forms.DecimalField(
        label=gettext_lazy("Closeness to the prompt"),
        min_value=Decimal(catalog.CFG_SCALE.min),
        max_value=Decimal(catalog.CFG_SCALE.max),
        max_digits=3,
        decimal_places=1,
        help_text=gettext_lazy("cfgScale: below 4 the model is freer, above 4 it keeps closer."),
        error_messages=_LIMITS,
        widget=forms.NumberInput(attrs=_input(step="0.5", inputmode="decimal")),
    )

    FOLDED = ("negative_prompt", "scheduler", "steps", "cfg_scale")

    def __init__(self, *, prices: Mapping[str, int], **kwargs: Any) -> None:
        """`prices` are those of the models offered, in nano-USD, in the order to show them."""
        super().__init__(auto_id="make-%s", label_suffix="", **kwargs)
        model = cast(forms.ChoiceField, self.fields["model"])
        model.choices = [(name, name) for name in prices]
        self.offered = [catalog.IMAGE_MODELS[name] for name in prices]
        self.prices = prices
        style = cast(forms.ChoiceField, self.fields["style"])
        style.choices = [("", _("None")), *((s.key, _(s.name)) for s in styles.STYLES)]
        size = cast(forms.Select, self.fields["size"].widget)
        size.choices = size_choices(str(self["size"].value() or ""))

    @property
    def batch_now(self) -> str:
        """The id to send next; a new one where this one cannot be used."""
        return str(uuid.uuid4()) if self["batch"].errors else str(self["batch"].value())

    @property
    def count_now(self) -> int:
        """How many the form asks for as it stands, right or wrong."""
        value = str(self["count"].value())
        return int(value) if value in map(str, COUNTS) else COUNTS[0]

    @property
    def steps_now(self) -> int:
        value = str(self["steps"].value())
        return int(value) if value.isdecimal() else catalog.STEPS.default

    @property
    def model_now(self) -> str:
        """The model that stands in the form: the chosen one, else the first offered."""
        names = [model.name for model in self.offered]
        chosen = str(self["model"].value() or "")
        return chosen if chosen in names else next(iter(names), "")

    @property
    def price_each(self) -> int:
        """One picture of that model, in nano-USD."""
        return self.prices.get(self.model_now, 0)

    @property
    def is_unfolded(self) -> bool:
        """Whether something under "More settings" wants to be seen."""
        usual = defaults()
        return any(
            self[name].errors or str(self[name].value() or "") != str(usual[name])
            for name in self.FOLDED
        )

    @property
    def variants(self) -> list[str]:
        """The prompts that the prompt stands for, as it is now."""
        return prompts.expand(str(self["prompt"].value() or ""))

    @property
    def number_now(self) -> int:
        """How many pictures the form orders as it stands."""
        return self.count_now * len(self.variants) * len(self._models_now())

    @property
    def price_now(self) -> int:
        """What they cost, in nano-USD."""
        each = sum(self.prices.get(name, 0) for name in self._models_now())
        return each * self.count_now * len(self.variants)

    def _models_now(self) -> list[str]:
        is_sheet = self["every_model"].value() in (True, "on", "True")
        return [model.name for model in self.offered] if is_sheet else [self.model_now]

    def clean(self) -> dict[str, Any]:
        if self.number_now > MOST_AT_ONCE:
            text = _("That is more than %(most)s pictures at once: leave some choices out.")
            raise forms.ValidationError(text % {"most": MOST_AT_ONCE})
        return self.cleaned_data

    def images(self) -> list[ImageRequest]:
        """What the valid form orders: each variant by each model, as often as asked."""
        return [
            self._image(prompt, model=model)
            for prompt in self.variants
            for model in self._models_now()
            for _place in range(self.cleaned_data["count"])
        ]

    def _image(self, prompt: str, *, model: str) -> ImageRequest:
        data = self.cleaned_data
        width, height = data["size"]
        wanted, avoided = styles.apply(
            data["style"], prompt=prompt, negative_prompt=data["negative_prompt"]
        )
        return ImageRequest(
            model=model,
            prompt=wanted,
            negative_prompt=avoided or None,
            scheduler=data["scheduler"],
            steps=data["steps"],
            cfg_scale=float(data["cfg_scale"]),
            width=width,
            height=height,
        )

    def remembered(self) -> dict[str, str]:
        """The settings to begin with next time; the prompt is not one of them."""
        return {name: str(self[name].value() or "") for name in REMEMBERED}


def defaults() -> dict[str, Any]:
    return {
        "batch": uuid.uuid4(),
        "prompt": "",
        "negative_prompt": "",
        "size": "1152x768",
        "count": 1,
        "style": "",
        "every_model": False,
        "scheduler": catalog.DEFAULT_SCHEDULER,
        "steps": catalog.STEPS.default,
        "cfg_scale": catalog.CFG_SCALE.default,
    }


def from_job(job: ImageJob) -> dict[str, Any]:
    """The recipe of an earlier picture, to make another of; there is no seed, so never the same."""
    return {
        **defaults(),
        "prompt": job.prompt,
        "negative_prompt": job.negative_prompt,
        "model": job.model,
        "size": f"{job.width}x{job.height}",
        "scheduler": job.scheduler,
        "steps": job.steps,
        "cfg_scale": job.cfg_scale.normalize(),
    }


def swapped(size: str) -> str:
    """The same shape on its side."""
    match = _SIZE.fullmatch(size)
    return f"{match[2]}x{match[1]}" if match else size


def size_choices(chosen: str) -> list[tuple[str, str]]:
    """The presets, and the chosen size if it is none of them."""
    choices = [
        (f"{p.width}x{p.height}", f"{p.width} × {p.height} · {_(p.name)}")
        for p in catalog.SIZE_PRESETS
    ]
    if _SIZE.fullmatch(chosen) and chosen not in dict(choices):
        choices.append((chosen, chosen.replace("x", " × ")))
    return choices
