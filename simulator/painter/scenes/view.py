"""One scene within another: what is seen through a window, or printed on a cloth."""

from collections.abc import Callable
from dataclasses import replace

from PIL import Image

from simulator.dice import Dice
from simulator.painter.canvas import Canvas
from simulator.painter.palettes import PALETTES
from simulator.painter.scene import Scene
from simulator.painter.scenes import night


def view_of(
    scene: Scene, paint: Callable[[Scene], None], size: tuple[int, int], dice: Dice
) -> Image.Image:
    """Another scene in the same hand, as an image. A dark palette keeps its own light."""
    canvas = Canvas(*size, dice=dice.fork("view"), texture=scene.canvas.texture)
    palette = scene.palette
    if paint is night.draw and not palette.is_dark():
        palette = dice.pick([each for each in PALETTES if each.is_dark()])
    paint(replace(scene, canvas=canvas, palette=palette))
    return canvas.image
