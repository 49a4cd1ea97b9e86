"""What MiniToolAI offers: models, ranges, defaults and list prices (integer nano-USD).

The facts come from the provider's own page; a price per token is a whole number of nano-USD.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from minitoolai.i18n import gettext_noop as _


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatModel:
    """Windows and outputs in tokens, prices in nano-USD per token."""

    name: str
    context_window: int
    max_output: int
    sees_images: bool
    input_nano: int
    output_nano: int
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageModel:
    """One checkpoint; a picture has one price whatever its size (nano-USD)."""

    name: str
    summary: str
    flat_nano: int = 1_500_000


@dataclass(frozen=True, slots=True)
class Range:
    """What a parameter may be, both ends included."""

    min: int
    max: int
    default: int

    def __contains__(self, value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return self.min <= value <= self.max


@dataclass(frozen=True, slots=True)
class SizePreset:
    """A named width and height in pixels."""

    name: str
    width: int
    height: int


_GPT_4O: Final = {"context_window": 128_000, "max_output": 16_384}
_GPT_41: Final = {"context_window": 1_047_576, "max_output": 32_768}

# The provider's page shows image input with gpt-4o-mini and gpt-4o as *examples* and excludes no
# model; OpenAI documents image input for the gpt-4.1 family too. So all five are said to see.
_CHAT: Final = (
    ChatModel(
        name="gpt-4o-mini",
        **_GPT_4O,
        sees_images=True,
        input_nano=150,
        output_nano=600,
        summary=_("Quick and cheap, good for most questions"),
    ),
    ChatModel(
        name="gpt-4o",
        **_GPT_4O,
        sees_images=True,
        input_nano=2_500,
        output_nano=10_000,
        summary=_("Versatile, and strong with pictures"),
    ),
    ChatModel(
        name="gpt-4.1",
        **_GPT_41,
        sees_images=True,
        input_nano=2_000,
        output_nano=8_000,
        summary=_("The most capable, for code and long documents"),
    ),
    ChatModel(
        name="gpt-4.1-mini",
        **_GPT_41,
        sees_images=True,
        input_nano=400,
        output_nano=1_600,
        summary=_("Close to the best at a fifth of the price"),
    ),
    ChatModel(
        name="gpt-4.1-nano",
        **_GPT_41,
        sees_images=True,
        input_nano=100,
        output_nano=400,
        summary=_("The cheapest and fastest, for short tasks"),
    ),
)

_IMAGES: Final = (
    ImageModel(name="realvision", summary=_("Photographic, an all-rounder")),
    ImageModel(name="juggernaut", summary=_("Cinematic photographs with rich light")),
    ImageModel(name="autismmix", summary=_("Anime and cartoon, clean lines")),
    ImageModel(name="dreamshaper", summary=_("Painterly fantasy and concept art")),
    ImageModel(name="valhalla", summary=_("Dramatic scenes, between photo and painting")),
    ImageModel(name="mixrealistic", summary=_("Realistic with a soft touch")),
    ImageModel(name="campursari", summary=_("A colourful mix of styles")),
    ImageModel(name="reality", summary=_("Everyday photographs")),
    ImageModel(name="extrarealistic", summary=_("Sharp photographs, much detail")),
    ImageModel(name="realism", summary=_("Natural light and skin")),
    ImageModel(name="realgirls", summary=_("Portraits of women")),
    ImageModel(name="realityreborn", summary=_("Modern photographs, crisp")),
    ImageModel(name="amigo", summary=_("Friendly, illustrated characters")),
    ImageModel(name="simplemix", summary=_("Simple shapes, calm colours")),
    ImageModel(name="beautifulrealistic", summary=_("Polished portraits")),
)

CHAT_MODELS: Final[Mapping[str, ChatModel]] = MappingProxyType({m.name: m for m in _CHAT})
IMAGE_MODELS: Final[Mapping[str, ImageModel]] = MappingProxyType({m.name: m for m in _IMAGES})

TEMPERATURE: Final = Range(0, 2, 1)
DEFAULT_MAX_COMPLETION_TOKENS: Final = 1_000

STEPS: Final = Range(1, 8, 4)
CFG_SCALE: Final = Range(1, 7, 2)
SIZE: Final = Range(256, 1_344, 1_024)

DEFAULT_SCHEDULER: Final = "DPM++ SDE"
SCHEDULERS: Final = (
    "Euler a",
    "Euler",
    "LMS",
    "Heun",
    "DPM2",
    "DPM2 a",
    "DPM++ 2S a",
    "DPM++ 2M",
    "DPM++ SDE",
    "DPM++ 2M SDE",
    "DPM fast",
    "LMS Karras",
    "DPM2 Karras",
    "DPM2 a Karras",
    "DPM++ 2S a Karras",
    "DPM++ 2M Karras",
    "DPM++ SDE Karras",
    "DPM++ 2M SDE Karras",
)

SIZE_PRESETS: Final = (
    SizePreset(_("Square"), 1_024, 1_024),
    SizePreset(_("Landscape"), 1_152, 768),
    SizePreset(_("Portrait"), 768, 1_152),
    SizePreset(_("Wide"), 1_344, 768),
    SizePreset(_("Tall"), 768, 1_344),
    SizePreset(_("Small"), 512, 512),
)
