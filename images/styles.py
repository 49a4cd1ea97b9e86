"""Styles as data: what each adds to a prompt and leaves out, and ideas for who has none."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Style:
    """`adds` follows the prompt; `avoids` joins what is to be left out."""

    key: str
    name: str
    adds: str
    avoids: str = ""


_PHOTO: Final = "painting, drawing, cartoon, 3d render"
_DRAWN: Final = "photo, photorealistic"

STYLES: Final = (
    Style("photo", _("Photograph"), "photograph, natural light, 50 mm lens, fine detail", _PHOTO),
    Style("portrait", _("Portrait photo"), "portrait photograph, 85 mm, soft light", _PHOTO),
    Style("cinema", _("Film still"), "cinematic film still, anamorphic, shallow focus", _PHOTO),
    Style("analog", _("Analogue film"), "analogue film photo, grain, faded colours", _PHOTO),
    Style("mono", _("Black and white"), "black and white photograph, high contrast", "colour"),
    Style("macro", _("Macro"), "macro photograph, extreme close-up, shallow focus", _PHOTO),
    Style("aerial", _("From the air"), "aerial photograph, drone view from high above", _PHOTO),
    Style("night", _("By night"), "night photograph, long exposure, city lights", "daylight"),
    Style("golden", _("Golden hour"), "golden hour, low warm sunlight, long shadows"),
    Style("fog", _("In the fog"), "dense morning fog, muted colours, quiet mood"),
    Style("oil", _("Oil painting"), "oil painting on canvas, visible brush strokes", _DRAWN),
    Style(
        "dutch", _("Dutch master"), "Dutch Golden Age painting, chiaroscuro, rich detail", _DRAWN
    ),
    Style("impression", _("Impressionist"), "impressionist painting, dabs of light", _DRAWN),
    Style("water", _("Watercolour"), "watercolour, wet on wet, white paper", _DRAWN),
    Style("gouache", _("Gouache"), "gouache illustration, flat opaque colour", _DRAWN),
    Style("pencil", _("Pencil drawing"), "graphite pencil drawing, hatching, sketchbook", _DRAWN),
    Style("ink", _("Ink drawing"), "ink drawing, bold line work, white background", _DRAWN),
    Style("charcoal", _("Charcoal"), "charcoal drawing, smudged, rough paper", _DRAWN),
    Style("woodcut", _("Woodcut"), "woodcut print, carved lines, two colours", _DRAWN),
    Style("lino", _("Linocut"), "linocut print, bold shapes, limited palette", _DRAWN),
    Style("ukiyo", _("Japanese print"), "ukiyo-e woodblock print, flat colour, outlines", _DRAWN),
    Style("deco", _("Art deco"), "art deco poster, geometric, gold and black", _DRAWN),
    Style("nouveau", _("Art nouveau"), "art nouveau poster, flowing lines, ornament", _DRAWN),
    Style("bauhaus", _("Bauhaus"), "Bauhaus poster, primary colours, geometric shapes", _DRAWN),
    Style("comic", _("Comic"), "comic book panel, ink outlines, halftone dots", _DRAWN),
    Style("anime", _("Anime"), "anime, clean lines, cel shading", _DRAWN),
    Style("child", _("Children's book"), "children's book illustration, gentle, warm", _DRAWN),
    Style("pixel", _("Pixel art"), "pixel art, 16-bit, limited palette", "blurry, smooth"),
    Style("low", _("Low poly"), "low poly 3d render, faceted, soft studio light", "photo"),
    Style("clay", _("Clay"), "clay model, stop motion, fingerprints, studio light", "drawing"),
    Style("paper", _("Paper cut"), "layered paper cut-out, soft shadows", "photo"),
    Style("isometric", _("Isometric"), "isometric illustration, tidy, pastel colours", "photo"),
    Style(
        "tile", _("Delft tile"), "blue and white Delft tile, tin glaze, hand painted", "colourful"
    ),
    Style("glass", _("Stained glass"), "stained glass window, lead lines, glowing colour", "photo"),
    Style("neon", _("Neon"), "neon lights, cyberpunk, wet reflections", "daylight"),
    Style("fantasy", _("Fantasy"), "fantasy concept art, epic scale, dramatic light", "photo"),
)
BY_KEY: Final = {style.key: style for style in STYLES}

IDEAS: Final = (
    _("A lighthouse on a small island in a storm, waves over the rocks"),
    _("A fox asleep in a field of tulips at dawn"),
    _("A library inside a hollow tree, lanterns between the shelves"),
    _("Skaters on a frozen canal, a windmill in the distance"),
    _("A tiny robot watering a garden on a windowsill"),
    _("A market on floating boats, heaps of fruit, morning mist"),
    _("An old bicycle leaning against a blue door, flowers in its basket"),
    _("A whale swimming through clouds above a sleeping town"),
    _("A heron in the reeds, first light, water like a mirror"),
    _("A train crossing a high bridge between snowy mountains"),
)


def apply(key: str, *, prompt: str, negative_prompt: str) -> tuple[str, str]:
    """Prompt and what to leave out, in that style; an unknown key changes nothing."""
    style = BY_KEY.get(key)
    if style is None:
        return prompt, negative_prompt
    avoided = ", ".join(part for part in (negative_prompt, style.avoids) if part)
    return f"{prompt}, {style.adds}", avoided
