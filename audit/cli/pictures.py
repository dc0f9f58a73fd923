"""Drawn photographs for the demo: they look like what an inspector points a camera at, and show nobody.

Each is the same on every run: a JPEG of 1600 by 1200 pixels, drawn at twice that size and made smaller.
"""

import io
from collections.abc import Sequence
from typing import Literal

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

WIDTH, HEIGHT = 1600, 1200
FINER = 2  # drawn this much larger, so that edges come out smooth
QUALITY = 82
SHADE_BLUR, COARSER = 18, 4  # shadows are soft: a quarter of the pixels will do

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]
Point = tuple[float, float]

WHITE, INK, STEEL, LIGHT_STEEL = (250, 250, 248), (42, 46, 52), (150, 158, 166), (214, 220, 226)


class Scene:
    """A picture under way. All measures are in pixels of the finished picture."""

    def __init__(self, top: Colour, bottom: Colour) -> None:
        self.image = _blend((WIDTH * FINER, HEIGHT * FINER), top, bottom)
        self.draw = ImageDraw.Draw(self.image)

    def rect(self, box: Box, fill: Colour, radius: float = 0, line: Colour | None = None) -> None:
        self.draw.rounded_rectangle(_fine(box), radius * FINER, fill, line, 2 * FINER if line else 0)

    def lit(self, box: Box, top: Colour, bottom: Colour, radius: float = 0) -> None:
        """A rounded box that is lighter where the light falls."""
        left, upper, right, lower = (round(value) for value in _fine(box))
        size = right - left, lower - upper
        mask = Image.new("L", size, 0)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), radius * FINER, 255)
        self.image.paste(_blend(size, top, bottom), (left, upper), mask)

    def shade(self, box: Box, radius: float = 10, depth: float = 0.45) -> None:
        """The soft shadow of a thing that covers ``box``, worked out coarsely and only around it."""
        left, upper, right, lower = (round(value) for value in box)
        around = SHADE_BLUR * 3
        size = right - left + 2 * around, lower - upper + 2 * around
        rough = Image.new("L", (size[0] // COARSER, size[1] // COARSER), 255)
        inner = [value / COARSER for value in (around, around, size[0] - around, size[1] - around)]
        ImageDraw.Draw(rough).rounded_rectangle(inner, radius / COARSER, round(255 * (1 - depth)))
        soft = rough.filter(ImageFilter.GaussianBlur(SHADE_BLUR / COARSER))
        self._multiply(
            soft.resize((size[0] * FINER, size[1] * FINER)),
            ((left - around) * FINER, (upper - around) * FINER),
        )

    def oval(self, box: Box, fill: Colour, line: Colour | None = None) -> None:
        self.draw.ellipse(_fine(box), fill, line, 2 * FINER if line else 0)

    def shape(self, points: Sequence[Point], fill: Colour) -> None:
        self.draw.polygon([(x * FINER, y * FINER) for x, y in points], fill)

    def line(self, points: Sequence[Point], fill: Colour, width: float = 3) -> None:
        self.draw.line([(x * FINER, y * FINER) for x, y in points], fill, round(width * FINER), joint="curve")

    def words(
        self, at: Point, text: str, size: float, fill: Colour = INK, anchor: Literal["mm", "lm"] = "mm"
    ) -> None:
        font = ImageFont.load_default(size * FINER)
        self.draw.text((at[0] * FINER, at[1] * FINER), text, fill, font, anchor)

    def jpeg(self) -> bytes:
        """The finished picture: corners a little darker, as from a lens."""
        corners = Image.radial_gradient("L").point([255 - max(0, value - 130) // 3 for value in range(256)])
        self._multiply(corners.resize(self.image.size))
        finished = self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        held = io.BytesIO()
        finished.save(held, "JPEG", quality=QUALITY, optimize=True)
        return held.getvalue()

    def _multiply(self, grey: Image.Image, at: tuple[int, int] = (0, 0)) -> None:
        """Darken the picture by a grey one that is laid on it."""
        region = at[0], at[1], at[0] + grey.width, at[1] + grey.height
        darker = ImageChops.multiply(self.image.crop(region), Image.merge("RGB", (grey, grey, grey)))
        self.image.paste(darker, at)


def _fine(box: Box) -> Box:
    left, upper, right, lower = box
    return left * FINER, upper * FINER, right * FINER, lower * FINER


def _blend(size: tuple[int, int], top: Colour, bottom: Colour) -> Image.Image:
    ramp = Image.linear_gradient("L").resize(size)
    return Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), ramp)


def tray() -> bytes:
    """An instrument tray: sealed cartridge packs, the machine, and a bag with a used cartridge kept for later."""
    scene = Scene((206, 214, 216), (150, 160, 163))
    scene.shade((170, 250, 1450, 1010), 60)
    scene.lit((150, 220, 1430, 980), LIGHT_STEEL, STEEL, 60)
    scene.lit((185, 255, 1395, 945), (188, 196, 203), (222, 227, 232), 40)
    for place in range(4):
        _sealed_pack(scene, 240 + place * 175, 310)
    scene.shade((250, 690, 830, 790), 40)
    scene.lit((240, 670, 700, 770), (88, 92, 100), (38, 40, 46), 45)  # the machine
    scene.lit((690, 690, 830, 750), (200, 60, 60), (140, 30, 34), 12)
    scene.shape([(830, 705), (905, 715), (905, 725), (830, 735)], STEEL)
    for ring in range(5):
        scene.rect((300 + ring * 60, 670, 310 + ring * 60, 770), (58, 60, 68))
    _kept_bag(scene)
    return scene.jpeg()


def _sealed_pack(scene: Scene, left: float, top: float) -> None:
    scene.shade((left, top, left + 150, top + 280), 12, 0.3)
    scene.lit((left, top, left + 150, top + 280), WHITE, (228, 234, 240), 10)
    scene.rect((left, top, left + 150, top + 62), (36, 104, 150), 10)
    scene.words((left + 75, top + 31), "STERILE", 22, WHITE)
    scene.lit((left + 48, top + 95, left + 102, top + 190), (236, 240, 244), (188, 200, 210), 14)
    scene.rect((left + 66, top + 180, left + 84, top + 222), (120, 128, 136), 4)
    scene.words((left + 75, top + 246), "EXP  LOT", 15)


def _kept_bag(scene: Scene) -> None:
    scene.shade((985, 330, 1345, 820), 16, 0.35)
    scene.lit((975, 310, 1335, 800), (238, 243, 245), (206, 216, 220), 16)
    scene.rect((975, 310, 1335, 346), (70, 130, 178), 12)
    scene.rect((1010, 400, 1300, 520), WHITE, 6, (190, 190, 186))
    scene.words((1155, 436), "keep for", 32)
    scene.words((1155, 484), "2nd session", 32)
    scene.lit((1105, 590, 1205, 690), (60, 62, 70), (30, 31, 36), 18)
    scene.shape([(1130, 690), (1180, 690), (1160, 760), (1150, 760)], (90, 96, 102))


def sharps_box(full: bool = True) -> bytes:
    """A sharps container on the counter: filled over its line, or a new one."""
    scene = Scene((222, 226, 224), (198, 203, 202))
    scene.lit((0, 880, WIDTH, HEIGHT), (170, 140, 112), (128, 102, 80))
    scene.line([(0, 880), (WIDTH, 880)], (110, 88, 70), 4)
    scene.shade((530, 330, 1130, 1080), 40)
    scene.shape([(500, 330), (1100, 330), (1060, 1040), (540, 1040)], (236, 188, 40))
    scene.shape([(500, 330), (560, 330), (590, 1040), (540, 1040)], (247, 208, 84))
    scene.shape([(1040, 330), (1100, 330), (1060, 1040), (1010, 1040)], (206, 158, 24))
    scene.shape([(520, 410), (1080, 410), (1074, 560), (528, 560)], (214, 170, 60))
    if full:
        _needles(scene)
    scene.line([(512, 560), (1086, 560)], (180, 30, 30), 8)
    scene.words((690, 590), "FILL LINE  3/4", 28, (150, 24, 24))
    _box_label(scene)
    scene.lit((470, 250, 1130, 345), (204, 48, 44), (150, 26, 26), 26)
    scene.rect((680, 275, 920, 318), (60, 16, 16), 16)
    if full:
        scene.line([(830, 290), (980, 170)], STEEL, 16)
        scene.line([(760, 300), (700, 190)], (90, 96, 104), 14)
    return scene.jpeg()


def _needles(scene: Scene) -> None:
    for place in range(14):
        left = 540 + place * 37
        lean = (place * 53) % 90 - 45
        colour = ((70, 76, 84), (120, 128, 136), (58, 104, 146))[place % 3]
        scene.line([(left, 555 - place % 3 * 8), (left + lean, 430 + (place * 31) % 50)], colour, 14)
        scene.oval((left - 13, 532, left + 13, 558), (46, 50, 58))


def _box_label(scene: Scene) -> None:
    scene.rect((620, 650, 980, 970), (224, 92, 28), 14)
    scene.words((800, 700), "SHARPS WASTE", 40, INK)
    for x, y in ((800, 775), (758, 848), (842, 848)):
        scene.oval((x - 48, y - 48, x + 48, y + 48), INK)
        scene.oval((x - 31, y - 31, x + 31, y + 31), (224, 92, 28))
    scene.oval((782, 808, 818, 844), INK)
    scene.words((800, 936), "BIOHAZARD", 34, INK)


def shelf() -> bytes:
    """A shelf of products: most bottles labelled, two refilled ones without any label."""
    scene = Scene((232, 230, 224), (206, 204, 198))
    for board in (520, 1020):
        scene.shade((60, board + 20, 1560, board + 64), 4, 0.5)
        scene.lit((40, board, 1560, board + 46), (186, 142, 98), (142, 104, 68), 4)
    names = ("Green soap", "Wipes", "Scalp prep", "Barrier gel", "Saline")
    for place, name in enumerate(names):
        _bottle(scene, 110 + place * 290, 520, (72, 138 - place * 14, 130 + place * 18), name)
    for place, name in enumerate(("Pigment 3", "", "", "Pigment 7", "Toner")):
        _bottle(scene, 110 + place * 290, 1020, (120, 88 + place * 10, 70), name)
    return scene.jpeg()


def _bottle(scene: Scene, left: float, foot: float, colour: Colour, name: str) -> None:
    lighter = (min(255, colour[0] + 70), min(255, colour[1] + 70), min(255, colour[2] + 70))
    body, deep = ((244, 244, 242), (206, 208, 208)) if not name else (lighter, colour)
    scene.shade((left + 6, foot - 350, left + 186, foot), 24, 0.35)
    scene.lit((left + 58, foot - 410, left + 122, foot - 330), (80, 84, 92), (44, 46, 52), 10)
    scene.lit((left, foot - 345, left + 180, foot), body, deep, 26)
    scene.rect((left + 18, foot - 320, left + 32, foot - 30), _gleam(body), 7)
    if name:
        scene.rect((left + 14, foot - 250, left + 166, foot - 90), WHITE, 8)
        scene.words((left + 90, foot - 205), name, 25)
        scene.words((left + 90, foot - 160), "opened ____", 18)
        scene.words((left + 90, foot - 125), "LOT   EXP", 18)


def _gleam(colour: Colour) -> Colour:
    return min(255, colour[0] + 28), min(255, colour[1] + 28), min(255, colour[2] + 28)


def sink() -> bytes:
    """A hand sink with an empty towel dispenser and a bar of soap."""
    scene = Scene((226, 234, 236), (206, 216, 219))
    for step in range(1, 11):
        scene.line([(step * 160, 0), (step * 160, 760)], (196, 206, 209), 3)
        if step < 6:
            scene.line([(0, step * 150), (WIDTH, step * 150)], (196, 206, 209), 3)
    scene.shade((1080, 150, 1430, 520), 16, 0.3)
    scene.lit((1070, 130, 1420, 500), (246, 247, 247), (216, 219, 220), 18)  # the dispenser, empty
    scene.rect((1110, 400, 1380, 470), (52, 56, 60), 8)
    scene.words((1245, 215), "TOWELS", 36, (120, 128, 132))
    scene.lit((0, 740, WIDTH, HEIGHT), (238, 238, 234), (198, 198, 194))
    scene.shade((330, 770, 1130, 1090), 150)
    scene.oval((320, 740, 1120, 1080), (252, 252, 251), (206, 208, 208))
    scene.oval((385, 780, 1055, 1045), (224, 229, 231), (204, 209, 211))
    scene.oval((685, 930, 755, 965), (110, 116, 122), (84, 90, 96))
    scene.shade((690, 480, 790, 760), 30, 0.3)
    scene.lit((680, 500, 760, 770), LIGHT_STEEL, STEEL, 30)
    scene.lit((655, 470, 785, 530), (230, 235, 239), (158, 166, 173), 28)
    scene.lit((690, 500, 750, 800), (216, 222, 227), (138, 146, 153), 26)
    scene.shade((1200, 850, 1400, 950), 40, 0.3)
    scene.lit((1190, 830, 1390, 930), (240, 226, 170), (212, 192, 126), 40)  # a bar of soap
    return scene.jpeg()


def certificate(title: str, lines: Sequence[str]) -> bytes:
    """A framed certificate on a wall, with the words given."""
    scene = Scene((212, 218, 212), (190, 197, 191))
    scene.shade((190, 130, 1450, 1110), 10, 0.5)
    scene.lit((170, 100, 1430, 1080), (120, 84, 56), (84, 56, 36), 8)
    scene.lit((215, 145, 1385, 1035), (252, 250, 242), (242, 238, 226))
    scene.rect((245, 175, 1355, 1005), (250, 248, 240), 0, (176, 150, 96))
    scene.rect((257, 187, 1343, 993), (250, 248, 240), 0, (206, 186, 140))
    scene.words((800, 265), "SPECIMEN  ·  DEMO", 28, (160, 60, 50))
    scene.words((800, 355), title, 62, (40, 58, 92))
    scene.line([(520, 410), (1080, 410)], (176, 150, 96), 3)
    for place, line in enumerate(lines):
        scene.words((800, 490 + place * 74), line, 38)
    scene.oval((1090, 810, 1240, 960), (186, 148, 62), (142, 108, 36))
    scene.oval((1115, 835, 1215, 935), (206, 170, 88), (158, 124, 50))
    scene.line([(340, 930), (640, 930)], INK, 2)
    scene.line([(360, 905), (420, 880), (450, 920), (520, 870), (560, 912), (610, 885)], (40, 52, 110), 5)
    scene.words((490, 958), "signed", 22)
    return scene.jpeg()
