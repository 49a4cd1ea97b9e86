"""The coast: sea, dunes and a dike, a lighthouse, sails."""

import math

from simulator.painter import figures, land, sky
from simulator.painter.colour import RGB, mix, shade
from simulator.painter.scene import Scene


def draw(scene: Scene) -> None:
    canvas, dice = scene.canvas, scene.dice.fork("coast")
    horizon = canvas.height * (0.5 + 0.14 * (scene.style.framing - 0.5) + dice.between(-0.04, 0.06))
    spot = sky.draw_sky(scene, horizon=horizon, clouds=dice.between(0.45, 0.9))
    _draw_far_shore(scene, horizon)
    land.draw_sea(scene, horizon=horizon, light_x=spot[0])
    side = 1 if spot[0] < canvas.width / 2 else -1
    for index in range(_boats(scene)):
        x = canvas.width * (0.5 - side * dice.between(0.02, 0.36))
        size = canvas.unit * dice.between(0.05, 0.13) / (1 + index * 0.8)
        figures.draw_boat(scene, x, horizon + size * 0.45, size=size)
    if not scene.is_flat:
        sky.haze(canvas, scene.palette.sky[2], top=horizon * 0.86, bottom=horizon, opacity=0.35)
    _draw_headland(scene, horizon=horizon, side=side)
    sky.draw_birds(scene, horizon=horizon, count=dice.whole(4, 9))


def _boats(scene: Scene) -> int:
    dice = scene.dice.fork("boats")
    return dice.whole(2, 4) if scene.wants("boat") else dice.whole(0, 2)


def _draw_far_shore(scene: Scene, horizon: float) -> None:
    canvas = scene.canvas
    dice = scene.dice.fork("shore")
    line = land.ridge(canvas.width, base=horizon, height=canvas.unit * 0.02, rough=0.1, dice=dice)
    colour = mix(scene.depth(0.1), scene.palette.sky[2], 0.4)
    land.draw_ridge(scene, line, (colour, colour))


def _draw_headland(scene: Scene, *, horizon: float, side: int) -> None:
    """Dunes, or a green dike, coming in from one side; the lighthouse stands on it."""
    canvas = scene.canvas
    dice = scene.dice.fork("headland")
    grass = _grass_colour(scene)
    for layer in range(3):
        near = (layer + 1) / 3
        base = horizon + (canvas.height - horizon) * (0.1 + 0.3 * layer)
        rise = canvas.unit * (0.1 + 0.04 * layer)
        bumps = land.ridge(
            canvas.width, base=0, height=rise * 0.3, rough=0.15, dice=dice.fork(layer)
        )
        line = [
            base + bump - rise * _slope(index * 4 / canvas.width, side, reach=0.62 + 0.2 * layer)
            for index, bump in enumerate(bumps)
        ]
        top = mix(grass, scene.palette.far, 0.5 * (1 - near))
        if layer == 1 and (scene.wants("lighthouse") or not scene.wants("boat")):
            _draw_lighthouse_on(scene, line, side)
        land.draw_ridge(scene, line, (shade(top, 1.12), top, shade(top, 0.5)), relief=0.35)
    if not scene.is_flat:
        blades = (grass, shade(grass, 1.25), shade(grass, 0.7), mix(grass, scene.accent(1), 0.4))
        land.draw_grass(scene, top=canvas.height * 0.9, colours=blades, count=500)


def _draw_lighthouse_on(scene: Scene, line: list[float], side: int) -> None:
    canvas = scene.canvas
    x = canvas.width * (0.5 + side * scene.dice.fork("tower").between(0.2, 0.3))
    tall = min(canvas.unit * 0.42, line[int(x) // 4] * 0.72)
    figures.draw_lighthouse(scene, x, line[int(x) // 4] + tall * 0.06, tall=tall)


def _slope(place: float, side: int, *, reach: float) -> float:
    """High at one side of the picture, falling to below the frame at the other."""
    inward = place if side < 0 else 1 - place
    share = inward / reach
    return 1.15 * math.cos(min(math.pi, share * math.pi * 0.75)) if share < 1.33 else -1.2


def _grass_colour(scene: Scene) -> RGB:
    green: RGB = (86, 110, 62)
    return mix(scene.palette.near, green, 0.45 if scene.wants("dike") else 0.28)
