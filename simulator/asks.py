"""The two requests of the API, read strictly: what the facts page does not allow is a 400."""

from dataclasses import dataclass
from typing import Any, Literal, cast

from minitoolai import catalog, tokens
from simulator import fields
from simulator.refusals import JOB_REFUSED, Refused, bad_request
from simulator.sight import Sight, look

ROLES = ("developer", "user", "assistant")
_CHAT_FIELDS = ("model", "messages", "temperature", "max_completion_tokens")
_IMAGE_FIELDS = (
    "model",
    "prompt",
    "negativePrompt",
    "scheduler",
    "steps",
    "cfgScale",
    "width",
    "height",
)


@dataclass(frozen=True, slots=True)
class Message:
    role: str
    text: str
    images: tuple[Sight, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatAsk:
    """A valid chat request; `prompt_tokens` counts text and images."""

    model: str
    messages: tuple[Message, ...]
    temperature: float
    max_tokens: int
    prompt_tokens: int

    def last_user(self) -> Message:
        """The newest message of the user; an empty one where there is none."""
        users = (message for message in reversed(self.messages) if message.role == "user")
        return next(users, Message("user", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageAsk:
    model: str
    prompt: str
    negative: str
    scheduler: str
    steps: int
    cfg_scale: float
    width: int
    height: int


def read_chat(body: dict[str, Any]) -> ChatAsk:
    """Slow for long or illustrated prompts (counting, decoding): run it in a thread."""
    fields.refuse_unknown(body, known=_CHAT_FIELDS)
    model = fields.one_of(fields.text(body, "model"), "model", allowed=catalog.CHAT_MODELS)
    facts = catalog.CHAT_MODELS[model]
    temperature = fields.number(body, "temperature", allowed=catalog.TEMPERATURE)
    cap = catalog.Range(1, facts.max_output, catalog.DEFAULT_MAX_COMPLETION_TOKENS)
    max_tokens = fields.whole(body, "max_completion_tokens", allowed=cap)
    messages, image_tokens = _read_messages(body, model=model)
    prompt_tokens = tokens.count_messages(body["messages"]) + image_tokens
    if prompt_tokens > facts.context_window:
        raise bad_request(
            f"This model's maximum context length is {facts.context_window} tokens. "
            f"However, your messages resulted in {prompt_tokens} tokens.",
            param="messages",
            code="context_length_exceeded",
        )
    return ChatAsk(
        model=model,
        messages=messages,
        temperature=temperature,
        max_tokens=max_tokens,
        prompt_tokens=prompt_tokens,
    )


def read_image(body: dict[str, Any]) -> ImageAsk:
    """A picture request; all that is wrong with it is told in the one way the page shows."""
    try:
        return _read_image(body)
    except Refused:
        raise Refused(400, body=JOB_REFUSED) from None


def _read_image(body: dict[str, Any]) -> ImageAsk:
    fields.refuse_unknown(body, known=_IMAGE_FIELDS)
    scheduler = fields.optional_text(body, "scheduler") or catalog.DEFAULT_SCHEDULER
    return ImageAsk(
        model=fields.one_of(fields.text(body, "model"), "model", allowed=catalog.IMAGE_MODELS),
        prompt=fields.text(body, "prompt"),
        negative=fields.optional_text(body, "negativePrompt") or "",
        scheduler=fields.one_of(scheduler, "scheduler", allowed=catalog.SCHEDULERS),
        steps=fields.whole(body, "steps", allowed=catalog.STEPS),
        cfg_scale=fields.number(body, "cfgScale", allowed=catalog.CFG_SCALE),
        width=fields.whole(body, "width", allowed=catalog.SIZE),
        height=fields.whole(body, "height", allowed=catalog.SIZE),
    )


def _read_messages(body: dict[str, Any], *, model: str) -> tuple[tuple[Message, ...], int]:
    entries = body.get("messages")
    if not isinstance(entries, list) or not entries:
        raise bad_request("'messages' must be a non-empty array.", param="messages")
    read = [_read_message(entry, model=model, at=index) for index, entry in enumerate(entries)]
    return tuple(message for message, _ in read), sum(count for _, count in read)


def _read_message(entry: object, *, model: str, at: int) -> tuple[Message, int]:
    name = f"messages[{at}]"
    if not isinstance(entry, dict):
        raise bad_request(f"Invalid type for '{name}': expected an object.", param=name)
    fields.refuse_unknown(entry, known=("role", "content"))
    role = fields.one_of(fields.text(entry, "role"), f"{name}.role", allowed=ROLES)
    content = entry.get("content")
    if isinstance(content, str):
        return Message(role, content), 0
    if not isinstance(content, list) or not content:
        raise bad_request(
            f"Invalid value for '{name}.content': expected a string or a list of parts.", param=name
        )
    return _read_parts(content, role=role, model=model, name=f"{name}.content")


def _read_parts(parts: list[object], *, role: str, model: str, name: str) -> tuple[Message, int]:
    texts: list[str] = []
    images: list[Sight] = []
    count = 0
    for part in parts:
        if not isinstance(part, dict):
            raise bad_request(f"Invalid part in '{name}': expected an object.", param=name)
        kind = fields.one_of(
            fields.text(part, "type"), f"{name}.type", allowed=("text", "image_url")
        )
        if kind == "text":
            fields.refuse_unknown(part, known=("type", "text"))
            texts.append(fields.text(part, "text", blank=True))
            continue
        sight, detail = _read_image_part(part, role=role, model=model, name=name)
        images.append(sight)
        count += tokens.count_image(model, sight.width, sight.height, detail)
    return Message(role, "\n".join(texts), tuple(images)), count


def _read_image_part(
    part: dict[str, Any], *, role: str, model: str, name: str
) -> tuple[Sight, Literal["auto", "high", "low"]]:
    fields.refuse_unknown(part, known=("type", "image_url"))
    if role != "user":
        raise bad_request("Image parts are only allowed in user messages.", param=name)
    if not catalog.CHAT_MODELS[model].sees_images:
        raise bad_request(f"The model '{model}' does not take image input.", param=name)
    inner = part.get("image_url")
    if not isinstance(inner, dict):
        raise bad_request(f"Invalid type for '{name}.image_url': expected an object.", param=name)
    fields.refuse_unknown(inner, known=("url", "detail"))
    detail = fields.optional_text(inner, "detail") or "auto"
    fields.one_of(detail, f"{name}.image_url.detail", allowed=("auto", "high", "low"))
    return look(fields.text(inner, "url")), cast(Literal["auto", "high", "low"], detail)
