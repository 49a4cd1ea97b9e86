"""The hand of each model: which light it likes, how it grades, how it finishes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """`finish` names the last treatment; the numbers are factors around 1 or shares from 0 to 1.

    texture: how much cloud, grain of rock and ripple the scene shows (0 = flat shapes).
    """

    lights: tuple[str, ...]
    finish: str
    texture: float = 1.0
    saturation: float = 1.0
    contrast: float = 1.0
    warmth: float = 0.0
    hue: float = 0.0
    grain: float = 0.3
    vignette: float = 0.25
    bloom: float = 0.2
    framing: float = 0.5
    format: str = "JPEG"


STYLES = {
    "realvision": Style(lights=("day", "dusk"), finish="photo", grain=0.25, vignette=0.22),
    "juggernaut": Style(
        lights=("dusk", "storm"),
        finish="cinema",
        saturation=1.1,
        contrast=1.15,
        bloom=0.5,
        vignette=0.5,
        warmth=0.06,
        framing=0.35,
    ),
    "autismmix": Style(
        lights=("day", "dawn"),
        finish="cel",
        texture=0.55,
        saturation=1.3,
        contrast=1.05,
        grain=0.0,
        vignette=0.0,
        bloom=0.25,
        hue=0.01,
        format="PNG",
    ),
    "dreamshaper": Style(
        lights=("dusk", "night"),
        finish="brush",
        saturation=1.2,
        bloom=0.55,
        vignette=0.3,
        hue=0.03,
        grain=0.1,
        framing=0.6,
    ),
    "valhalla": Style(
        lights=("storm", "night"),
        finish="brush",
        saturation=0.8,
        contrast=1.2,
        vignette=0.6,
        warmth=-0.06,
        bloom=0.3,
        grain=0.35,
        framing=0.3,
    ),
    "mixrealistic": Style(
        lights=("mist", "dawn"),
        finish="soft",
        saturation=0.95,
        contrast=0.94,
        bloom=0.45,
        grain=0.12,
        vignette=0.1,
    ),
    "campursari": Style(
        lights=("dusk", "day"),
        finish="dots",
        saturation=1.35,
        contrast=1.05,
        warmth=0.05,
        grain=0.0,
        vignette=0.0,
        hue=-0.02,
        framing=0.7,
    ),
    "reality": Style(
        lights=("day", "mist"),
        finish="faded",
        saturation=0.85,
        contrast=0.92,
        grain=0.45,
        vignette=0.15,
        bloom=0.1,
        warmth=0.03,
    ),
    "extrarealistic": Style(
        lights=("storm", "day"),
        finish="sharp",
        texture=1.2,
        contrast=1.1,
        grain=0.2,
        vignette=0.3,
        bloom=0.1,
        framing=0.4,
    ),
    "realism": Style(
        lights=("dawn", "day"),
        finish="photo",
        saturation=0.92,
        warmth=0.05,
        grain=0.3,
        vignette=0.3,
        bloom=0.25,
        framing=0.55,
    ),
    "realgirls": Style(
        lights=("dawn", "dusk"),
        finish="bokeh",
        saturation=1.0,
        contrast=0.96,
        warmth=0.04,
        bloom=0.5,
        grain=0.08,
        vignette=0.12,
        hue=-0.01,
    ),
    "realityreborn": Style(
        lights=("snow", "day"),
        finish="sharp",
        saturation=1.05,
        contrast=1.12,
        warmth=-0.05,
        grain=0.08,
        vignette=0.1,
        bloom=0.1,
        framing=0.65,
    ),
    "amigo": Style(
        lights=("day", "dawn"),
        finish="cutout",
        texture=0.0,
        saturation=1.25,
        contrast=1.0,
        warmth=0.04,
        grain=0.0,
        vignette=0.0,
        bloom=0.0,
        format="PNG",
    ),
    "simplemix": Style(
        lights=("mist", "dawn"),
        finish="print",
        texture=0.0,
        saturation=0.88,
        contrast=0.98,
        grain=0.0,
        vignette=0.0,
        bloom=0.0,
        format="PNG",
    ),
    "beautifulrealistic": Style(
        lights=("dusk", "dawn"),
        finish="bokeh",
        saturation=1.08,
        warmth=0.08,
        bloom=0.6,
        grain=0.05,
        vignette=0.28,
        framing=0.6,
    ),
}
