"""The two things a program can ask for, read strictly before any money is set apart."""

from dataclasses import dataclass, field
from typing import Any, Final, Literal, cast

from credit import prices
from gateway import sight
from gateway.fields import Fields
from gateway.refusals import bad_request
from images.forms import LONGEST_PROMPT
from minitoolai import ImageRequest, catalog, tokens
from minitoolai.catalog import CHAT_MODELS, ChatModel

ROLES: Final = ("developer", "user", "assistant")
DETAILS: Final = ("auto", "high", "low")
MOST_IMAGES: Final = 50
_LEAST_PER_MESSAGE: Final = tokens.PER_MESSAGE + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatAsk:
    """A valid chat request; `prompt_tokens` counts text and images, `cap` is what was asked."""

    model: str
    messages: list[dict[str, Any]] = field(repr=False)
    temperature: float | None
    cap: int
    prompt_tokens: int


def read_chat(body: dict[str, Any]) -> ChatAsk:
    """Raises Refused (400). Slow for long or illustrated prompts: call it in a thread."""
    known = ("model", "messages", "temperature", "max_completion_tokens")
    fields = Fields(body, known=known)
    name = fields.choice("model", among=prices.offered_models("chat"), code="model_not_offered")
    model = CHAT_MODELS[name]
    temperature = fields.number("temperature", within=catalog.TEMPERATURE)
    usual = catalog.DEFAULT_MAX_COMPLETION_TOKENS
    within = catalog.Range(1, model.max_output, usual)
    cap = fields.whole("max_completion_tokens", within=within)
    messages = fields.items("messages")
    if len(messages) * _LEAST_PER_MESSAGE > model.context_window:
        raise _too_long(model)
    sizes = _Images(model)
    for index, message in enumerate(messages):
        _check_message(message, at=f"messages[{index}]", images=sizes)
    return ChatAsk(
        model=name,
        messages=body["messages"],
        temperature=temperature,
        cap=usual if cap is None else cap,
        prompt_tokens=_count(body["messages"], model, images=sizes.tokens),
    )


def _count(messages: list[dict[str, Any]], model: ChatModel, *, images: int) -> int:
    counted = tokens.count_messages(messages) + images
    if counted >= model.context_window:
        raise _too_long(model)
    return counted


def _too_long(model: ChatModel) -> Exception:
    return bad_request(
        f"The messages are longer than the {model.context_window} tokens that {model.name} reads.",
        param="messages",
        code="context_length_exceeded",
    )


class _Images:
    """The images of one request: how many, and what they count for."""

    def __init__(self, model: ChatModel) -> None:
        self.model = model
        self.tokens = 0
        self._number = 0

    def add(self, value: object, *, at: str) -> None:
        fields = Fields(value, known=("url", "detail"), at=at)
        detail = "auto"
        if fields.optional_text("detail") is not None:
            detail = fields.choice("detail", among=DETAILS)
        self._number += 1
        if self._number > MOST_IMAGES:
            message = f"A request may hold {MOST_IMAGES} images at most."
            raise bad_request(message, param=at, code="too_many_images")
        width, height = sight.measure(fields.text("url"), at=fields.path("url"))
        how = cast(Literal["auto", "high", "low"], detail)
        self.tokens += tokens.count_image(self.model.name, width, height, how)


def _check_message(value: object, *, at: str, images: _Images) -> None:
    fields = Fields(value, known=("role", "content"), at=at)
    role = fields.choice("role", among=ROLES)
    if isinstance(fields.raw("content"), str):
        fields.text("content", blank=True)
        return
    for index, part in enumerate(fields.items("content")):
        _check_part(part, at=f"{at}.content[{index}]", role=role, images=images)


def _check_part(value: object, *, at: str, role: str, images: _Images) -> None:
    fields = Fields(value, known=("type", "text", "image_url"), at=at)
    kind = fields.choice("type", among=("text", "image_url"))
    Fields(value, known=("type", kind), at=at)
    if kind == "text":
        fields.text("text", blank=True)
        return
    if role != "user" or not images.model.sees_images:
        message = "Images may stand in a user's messages only, for a model that sees them."
        raise bad_request(message, param=at, code="image_not_allowed")
    images.add(fields.raw("image_url"), at=fields.path("image_url"))


def read_picture(body: dict[str, Any]) -> ImageRequest:
    """What is to be painted; raises Refused (400)."""
    fields = Fields(body, known=_PICTURE_FIELDS)
    offered = prices.offered_models("image")
    scheduler = None
    if fields.optional_text("scheduler") is not None:
        scheduler = fields.choice("scheduler", among=catalog.SCHEDULERS)
    return ImageRequest(
        model=fields.choice("model", among=offered, code="model_not_offered"),
        prompt=fields.text("prompt", longest=LONGEST_PROMPT),
        negative_prompt=fields.optional_text("negativePrompt", longest=LONGEST_PROMPT),
        scheduler=scheduler,
        steps=fields.whole("steps", within=catalog.STEPS),
        cfg_scale=fields.number("cfgScale", within=catalog.CFG_SCALE),
        width=fields.whole("width", within=catalog.SIZE),
        height=fields.whole("height", within=catalog.SIZE),
    )


_PICTURE_FIELDS: Final = (
    *("model", "prompt", "negativePrompt", "scheduler"),
    *("steps", "cfgScale", "width", "height"),
)


@dataclass(frozen=True, slots=True)
class StatusAsk:
    """Which picture, and the secret that opens it."""

    number: int | None
    signature: str = field(repr=False)


def read_status(body: dict[str, Any]) -> StatusAsk:
    """`jobid` may be a number or a string of one; raises Refused (400)."""
    fields = Fields(body, known=("jobid", "signature"))
    jobid = fields.raw("jobid")
    if isinstance(jobid, bool) or not isinstance(jobid, int | str):
        message = "'jobid' must be a number, or a string of digits."
        raise bad_request(message, param="jobid", code="invalid_type")
    digits = str(jobid) if isinstance(jobid, str) or 0 < jobid < 10**18 else ""
    is_number = digits.isascii() and digits.isdecimal() and len(digits) <= 18
    return StatusAsk(int(digits) if is_number else None, fields.text("signature", blank=True))
