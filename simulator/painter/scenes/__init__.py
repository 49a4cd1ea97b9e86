"""The scenes a painter knows, by name."""

from collections.abc import Callable, Mapping

from simulator.painter.scene import Scene
from simulator.painter.scenes import (
    bust,
    cat,
    city,
    coast,
    flow,
    forest,
    geometric,
    hills,
    night,
    polder,
    still,
    watercolour,
)

SCENES: Mapping[str, Callable[[Scene], None]] = {
    "bust": bust.draw,
    "cat": cat.draw,
    "city": city.draw,
    "coast": coast.draw,
    "delft": geometric.draw_delft,
    "flow": flow.draw,
    "forest": forest.draw,
    "geometric": geometric.draw_bauhaus,
    "hills": hills.draw,
    "night": night.draw,
    "polder": polder.draw,
    "still": still.draw,
    "stijl": geometric.draw_stijl,
    "watercolour": watercolour.draw,
}
