"""Photos for tests, good and hostile, drawn here so that no file has to be trusted."""

import struct
import zlib
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image


def saved(image: Image.Image, kind: str = "JPEG", **how: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def halves(width: int = 640, height: int = 480) -> Image.Image:
    """Red on top, blue below, one green corner top left: every turn of it looks different."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (0, height // 2, width, height))
    image.paste("lime", (0, 0, width // 4, height // 4))
    return image


@cache
def photo() -> bytes:
    return saved(halves(), quality=90)


@cache
def noisy(width: int = 1600, height: int = 1200) -> bytes:
    return saved(Image.effect_noise((width, height), 60).convert("RGB"), quality=90)


def exif(orientation: int = 1, junk: bool = False) -> Image.Exif:
    """What a phone writes: which way is up, when, where and by what."""
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010F], tags[0x0110] = "Maker", "Phone 9"
    tags.get_ifd(0x8769)[0x9003] = "2026:03:03 09:15:00"
    tags.get_ifd(0x8769)[0x9011] = "-08:00"
    place: dict[int, Any] = {1: "N", 2: (36.0, 44.0, 15.0), 3: "W", 4: (119.0, 46.0, 30.0)}
    if junk:
        place = {1: "N", 2: (1.0,), 3: "W", 4: (1.0, 9e9, 0.0)}
        tags.get_ifd(0x8769)[0x9003] = "junk" * 4_000
    tags.get_ifd(0x8825).update(place)
    return tags


def png(width: int, height: int, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG of these chunks, whatever its header promises."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = [(b"IHDR", header), *chunks, (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def bomb(side: int) -> bytes:
    """A few kilobytes that open to side x side pixels."""
    packer, row = zlib.compressobj(9), bytes(1 + (side + 7) // 8)
    packed = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    return png(side, side, (b"IDAT", packed))


def moving(kind: str) -> bytes:
    frames = [Image.new("RGB", (60, 60), (shade, 0, 0)) for shade in range(0, 200, 20)]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:])
