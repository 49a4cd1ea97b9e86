"""The scenes a painter knows, by name."""

from collections.abc import Callable, Mapping

from simulator.painter.scene import Scene
from simulator.painter.scenes import coast

SCENES: Mapping[str, Callable[[Scene], None]] = {
    "coast": coast.draw,
}
