"""What a scene is given to work with."""

from dataclasses import dataclass

from simulator.dice import Dice
from simulator.painter.canvas import Canvas
from simulator.painter.colour import RGB, mix, parse
from simulator.painter.palettes import Palette
from simulator.painter.styles import Style
from simulator.painter.subject import Subject


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture under way."""

    canvas: Canvas
    palette: Palette
    style: Style
    subject: Subject

    @property
    def dice(self) -> Dice:
        return self.canvas.dice

    @property
    def is_flat(self) -> bool:
        """Shapes without texture, as cut from paper."""
        return self.canvas.texture < 0.6

    def wants(self, *things: str) -> bool:
        return any(thing in self.subject.things for thing in things)

    def accent(self, index: int = 0) -> RGB:
        """The colour that the prompt names, else one of the palette's."""
        if index == 0 and self.subject.colour:
            return parse(self.subject.colour)
        return self.palette.accents[index % 3]

    def depth(self, share: float) -> RGB:
        """The colour of land from far (0) to near (1)."""
        return mix(self.palette.far, self.palette.near, share)
