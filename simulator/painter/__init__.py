"""Paints pictures with Pillow alone: the same wish gives the same picture, each model its own."""

from dataclasses import dataclass
from io import BytesIO

from simulator.asks import ImageAsk
from simulator.dice import Dice
from simulator.painter import finishes, subject
from simulator.painter.canvas import Canvas
from simulator.painter.palettes import PALETTES, Palette
from simulator.painter.scene import Scene
from simulator.painter.scenes import SCENES
from simulator.painter.styles import STYLES, Style
from simulator.painter.subject import ANY, GRAPHIC, Subject

_SAVING = {"JPEG": {"quality": 92, "subsampling": 0}, "PNG": {"compress_level": 4}}


@dataclass(frozen=True, slots=True)
class Picture:
    data: bytes
    content_type: str


def paint(ask: ImageAsk) -> Picture:
    """The picture as a file, exactly `width` × `height`. Under a second of work for 1024²."""
    style = STYLES[ask.model]
    asked = subject.read(ask.prompt, negative=ask.negative)
    wish = (ask.prompt, ask.negative, ask.scheduler, ask.steps, ask.cfg_scale, ask.model)
    dice = Dice("picture", *wish)
    canvas = Canvas(ask.width, ask.height, dice=dice, texture=style.texture)
    name = asked.scene or _default_scene(ask.prompt, ask.model)
    palette = _palette(asked, style, dice.fork("palette"), scene=name)
    scene = Scene(canvas, palette, style, asked)
    SCENES[name](scene)
    finishes.finish(canvas, style, palette, graphic=name in GRAPHIC)
    file = BytesIO()
    canvas.image.save(file, style.format, **_SAVING[style.format])
    return Picture(file.getvalue(), f"image/{style.format.lower()}")


def file_ending(model: str) -> str:
    return {"JPEG": "jpg", "PNG": "png"}[STYLES[model].format]


def _default_scene(prompt: str, model: str) -> str:
    if model in ("realgirls", "beautifulrealistic"):
        return "bust"
    return Dice("scene", prompt).pick(ANY)


def _palette(asked: Subject, style: Style, dice: Dice, *, scene: str) -> Palette:
    """By the light that the prompt names, else one that the model likes."""
    light = asked.light or ("night" if scene == "night" else dice.pick(style.lights))
    return dice.pick([palette for palette in PALETTES if palette.light == light])
