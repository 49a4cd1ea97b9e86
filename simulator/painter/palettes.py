"""The paint box: palettes by the light they stand for."""

from dataclasses import dataclass

from simulator.painter.colour import RGB, parse


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """A light: three colours of sky from top to horizon, the sun, clouds, land, water, accents."""

    name: str
    light: str  # day, dawn, dusk, night, mist, storm, snow
    sky: tuple[RGB, RGB, RGB]
    sun: RGB
    cloud: RGB
    far: RGB
    near: RGB
    water: RGB
    accents: tuple[RGB, RGB, RGB]
    paper: RGB

    def is_dark(self) -> bool:
        return self.light == "night"


def _palette(name: str, light: str, codes: str) -> Palette:
    colours = [parse(code) for code in codes.split()]
    sun, cloud, far, near, water = colours[3:8]
    return Palette(
        name=name,
        light=light,
        sky=(colours[0], colours[1], colours[2]),
        sun=sun,
        cloud=cloud,
        far=far,
        near=near,
        water=water,
        accents=(colours[8], colours[9], colours[10]),
        paper=colours[11],
    )


# name, light · sky top, middle, horizon · sun · cloud · far · near · water · accents · paper
_BOX = """
delft day 3f74b8 86b1dc dbe8ef fff6df f7f9fa 8fabc6 27435c 4d7ea8 d9602f f2c14e e9e4d6 f5f1e6
polder day 6fa3cf a9cbe2 eef0e2 fff3cf fbfaf4 a3b9a4 4b6b3a 7ba0b4 c8452f e9b23c f4efe2 f6f2e4
cumulus day 2f6fb5 6aa6da cfe4ee fffbe8 ffffff 7fa3b8 35563f 3d80a8 e2583e f6c945 f6f4ea f3f0e6
meadow day 79b4c9 b9dcd7 f3f0d3 fff2c4 fdfcf2 9fc0a0 3e6b45 6faeb0 e4572e f0b429 fbe3d6 f7f3e3
tropic day 1f8fb0 5cc0c7 f4ecc9 fff4c2 fbfdf6 5aa79b 14584f 23a0a8 f2545b f7b538 fdf0d5 fbf4e2
apricot dawn 7c9cc4 f0b8a0 fbe0b8 fff1cf fbd9c6 b39aa8 4a4a63 9c9fb8 d9573f f0a35e f8e4d4 fbf0e3
firstlight dawn 3f5f8f c78f9d f9d3a3 ffeec2 f3bfa8 8f8fae 2f3853 6f82a6 c9485b f2a65a f3e1d2 f8ece0
blossom dawn a9b8dd f1c7cf fdecd8 fff6e6 fdeef0 c1b3c9 6a5a78 b4b8d6 d46a84 f0b58a faf0ea fcf3ee
lemon dawn 8fc1c9 f6e0a0 fdf2c9 fffbe2 fff6dd b7c29a 55704f a5c6bd d9603b eeb33b f6efd8 faf5e2
ember dusk 2b2a4f a3405a f28f4b ffd98a d9665a 7a4660 1f1a2e 6a4566 f25c3d f7b267 f4d8b0 f7e6cf
amber dusk 54618f d98a6c f9c97c ffeab0 e9a184 9c7275 33283a 8f7b8c c7432f f0b04c f5dcb6 f9ecd3
plum dusk 27224f 7c4a8c e892a0 ffd0b0 b86b99 6b4f86 1d1836 56457f e4577a f2b07b f0d3dc f4e4ea
copper dusk 3a4a63 b0746a f0b070 ffe0a6 cf8f78 86697a 2a2430 6d6478 b8402e e39b48 f0d9b8 f5e6d0
rose dusk 4a5f93 c98aa6 fbcbb0 fff0cf eab3b8 957f9f 3a3350 8b83ab d94f6b f3b27a f9e2da fbeee8
moonlit night 0b1533 1d3562 4f6f9c eef3f8 3d5785 2c456f 0a1122 1d3863 f2c14e e07a3f cfdcec dfe6ee
polar night 071426 10344a 2f6f74 e6fbf0 215364 1c4355 060d18 12414e 6df0b2 a27cf2 cfeee6 e0efe9
indigo night 12103a 2c2568 74569b fbeecb 4a3f82 3a3272 0d0b23 2d2864 f26d85 f7c25f dcd5f0 e9e4f4
harbour night 0e1726 22364a 6a6a67 ffe3a6 34485c 2a3c4e 0a0f18 20384b f5a742 e2583e e4dccb eee7d9
pearl mist a7b6c0 cdd5d6 ecebe4 fffaf0 f0f1ee b3bfc2 4a5a60 a9b8bc b8523c d5a253 ece6da f3efe6
sage mist 9db0a6 c6d0c2 eef0e0 fffbe6 f0f2e6 a9b8a6 3c5148 a0b3a6 c2593a d9a441 e9e6d4 f2f0e2
lilacmist mist a9a8c3 cfc9d8 f2e8e4 fff6ec f3eef1 b5b0c6 4d4a66 aaa9c2 b9536b d9a066 efe6e6 f5efee
slate storm 2f3c47 5b6d78 b3b9b0 f4efd8 77858c 5f7078 1c262b 4a5e68 d9572f e6b24a d8d6c8 e6e3d6
gale storm 26343f 4f6a75 c9c3a6 f8efcb 8a969a 566a72 18222a 3c5a66 c8452f ecc15c dcd8c4 ebe7d8
winter snow 7fa3c4 bcd0de f3efe9 fff4dd f5f8fa adc0d0 41566b 9db7ca c24a3a dfae5b f6f6f2 f7f6f2
frost snow a3b8d6 d8dbe8 fbe9dc fff3e0 fafafb bcc6da 54607c b4c2da b94f5f e0a96a f7f4f4 f9f6f5
"""

PALETTES = tuple(_palette(*row.split(" ", 2)) for row in _BOX.strip().splitlines())
