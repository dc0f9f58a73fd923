"""Looks at photos, each in a process of its own, which memory and time limits guard: bytes in, copies out.

Run as a file with ``check`` or ``copies``: the photo comes on standard input. The answer is one line of JSON; after
it follow the copies, each as long as the line says. With ``serve`` and the number of a socket it stays: each socket
handed over brings a letter (``k`` check, ``c`` copies, ``l`` copies that may take their time) and a photo, and a process is split off for it, which spares
loading the decoders anew. Nothing else of this product is imported here.
"""

import json
import os
import signal
import socket
import sys
import warnings
from fractions import Fraction
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

MOST_PIXELS = 50_000_000
MEMORY_BYTES = 768 * 1024 * 1024  # 12 megapixels take 90 MB, a PNG of 49 megapixels 460
CPU_SECONDS = 10
CHECK, COPIES, SERVE = "check", "copies", "serve"
LATER = b"l"
ORDERS = {b"k": CHECK, b"c": COPIES, LATER: COPIES}
NICE, NICE_LATER = 5, 15  # answers go before photos, and photos before copies that nobody waits for
WALL_SECONDS = 60  # ends a decoder that waits instead of working
PIECE = 1 << 20
FORMATS = ["JPEG", "PNG", "WEBP"]
HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1")
LYING = range(5, 9)  # of the EXIF orientation
THUMB, SCREEN, PRINT = 240, 1280, 1000
PRINT_BYTES = 110_000
PRINT_QUALITIES = (82, 76, 70, 64, 58, 52)
SCREEN_QUALITY, THUMB_QUALITY = 80, 76


class Refused(Exception):
    """Why a photo is not taken: a code, as ``images.WORDS`` knows it."""


def limit_resources() -> None:
    """Let this process have so much memory and time, and no more (not to be had on Windows)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


def check(data: bytes) -> dict[str, Any]:
    """Decode a photo once, as small as its format allows, so that a damaged one is found.

    Returns format, upright width and height in pixels, and the camera's claims.

    Raises:
        Refused: with a code.
        OSError, MemoryError: when the file is damaged or needs too much.
    """
    image = _opened(data)
    claims = _claims(image)
    width, height = image.size
    if _lies(image):
        width, height = height, width
    kind = "JPEG" if image.format == "MPO" else str(image.format)
    image.draft("RGB", (THUMB, THUMB))  # only JPEG can: decodes at a fraction of the size
    image.load()
    return {"format": kind, "width": width, "height": height, "claims": claims}


def copies(data: bytes) -> dict[str, bytes]:
    """Upright copies without any metadata: thumb, screen, print as baseline RGB JPEG. Raises as ``check``."""
    image = _opened(data)
    image.draft("RGB", (SCREEN * 2, SCREEN * 2))
    image.load()
    profile = image.info.get("icc_profile")
    image.thumbnail((SCREEN, SCREEN), Image.Resampling.LANCZOS, reducing_gap=2.0)
    screen = _plain(ImageOps.exif_transpose(image), profile)
    return {
        "screen": _jpeg(screen, SCREEN_QUALITY),
        "print": _print_copy(screen),
        "thumb": _jpeg(_smaller(screen, THUMB), THUMB_QUALITY),
    }


def _lies(image: Image.Image) -> bool:
    """Whether the camera says that it was held on its side."""
    try:
        return image.getexif().get(0x0112) in LYING
    except (ValueError, TypeError, SyntaxError, OSError):
        return False


def _opened(data: bytes) -> Image.Image:
    """Everything that can be known before decoding is checked before decoding."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    formats = FORMATS
    if data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS:
        import pillow_heif  # few need it, and it takes its time

        pillow_heif.register_heif_opener()
        formats = ["HEIF"]
    try:
        image = Image.open(BytesIO(data), formats=formats)
        if image.width * image.height > MOST_PIXELS:
            raise Refused("pixels")
        if image.format == "PNG":
            image.verify()  # checks that no chunk is damaged and none is missing at the end
            image = Image.open(BytesIO(data), formats=formats)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("pixels") from error
    except UnidentifiedImageError as error:
        raise Refused("format") from error
    # Phones put a second, derived picture behind the photo itself (MPO); the first one is the photo.
    if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
        raise Refused("frames")
    return image


def _plain(image: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB in sRGB on white, whatever it was."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        return _in_srgb(white, profile)
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode == "RGB":
        return _in_srgb(image, profile)
    return image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Cameras use wider colour spaces; without their profile the colours would fade."""
    if not profile:
        return image
    try:
        return ImageCms.profileToProfile(image, BytesIO(profile), ImageCms.createProfile("sRGB")) or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a profile that cannot be read is none


def _smaller(image: Image.Image, side: int) -> Image.Image:
    copy = image.copy()
    copy.thumbnail((side, side), Image.Resampling.LANCZOS)
    return copy


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _print_copy(screen: Image.Image) -> bytes:
    """As good as fits into the size that keeps a report of sixty photos small."""
    image = _smaller(screen, PRINT)
    out = b""
    for quality in PRINT_QUALITIES:
        out = _jpeg(image, quality)
        if len(out) <= PRINT_BYTES:
            break
    return out


def _claims(image: Image.Image) -> dict[str, Any]:
    """What the camera says of time, place and itself. Junk in it is no reason to refuse the photo."""
    claims: dict[str, Any] = {}
    for read in (_taken_at, _position, _camera):
        try:
            claims.update(read(image.getexif()))
        except (ValueError, TypeError, KeyError, IndexError, ArithmeticError, SyntaxError, OSError):
            continue
    return claims


def _taken_at(exif: Any) -> dict[str, Any]:
    details = exif.get_ifd(0x8769)
    taken = details.get(0x9003) or exif.get(0x0132)
    if not isinstance(taken, str):
        return {}
    day, _, clock = taken.strip("\x00 ").partition(" ")
    offset = details.get(0x9011) or ""
    return {"taken_at": _short(f"{day.replace(':', '-')}T{clock}{offset}", 40)}


def _position(exif: Any) -> dict[str, Any]:
    place = exif.get_ifd(0x8825)
    latitude = _degrees(place[2], place[1], "S")
    longitude = _degrees(place[4], place[3], "W")
    if abs(latitude) > 90 or abs(longitude) > 180:
        return {}
    return {"latitude": round(latitude, 6), "longitude": round(longitude, 6)}


def _degrees(parts: Any, side: str, negative: str) -> float:
    degrees, minutes, seconds = (Fraction(float(part)) for part in parts)
    value = float(degrees + minutes / 60 + seconds / 3600)
    return -value if side.strip("\x00 ") == negative else value


def _camera(exif: Any) -> dict[str, Any]:
    words = " ".join(str(exif[tag]).strip("\x00 ") for tag in (0x010F, 0x0110) if tag in exif)
    return {"camera": _short(words, 100)} if words else {}


def _short(text: str, limit: int) -> str:
    return "".join(sign for sign in text if sign.isprintable() and not 0xD800 <= ord(sign) <= 0xDFFF)[:limit]


def answer(data: bytes, what: str) -> bytes:
    """What is said of a photo: the line, and the copies behind it."""
    told: dict[str, Any]
    made: dict[str, bytes] = {}
    try:
        if what == CHECK:
            told = check(data)
        else:
            made = copies(data)
            told = {"copies": {name: len(copy) for name, copy in made.items()}}
    except Refused as refusal:
        told = {"refused": str(refusal)}
    except MemoryError:
        told = {"refused": "memory"}
    except (OSError, SyntaxError, ValueError, EOFError) as error:  # how Pillow says that a file is damaged
        told = {"refused": "damaged", "why": repr(error)}
    return b"".join([json.dumps(told).encode(), b"\n", *made.values()])


def serve(control: socket.socket) -> None:
    """Split off a process for each socket that is handed over, until nobody is there to hand one over."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with the process it works for
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the ended
    Image.init()  # all decoders, before the first photo
    while True:
        _, handles, _, _ = socket.recv_fds(control, 1, 1)
        if not handles:
            return
        with socket.socket(fileno=handles[0]) as asked:
            if os.fork() == 0:
                control.close()
                _serve_one(asked)


def _serve_one(asked: socket.socket) -> None:
    limit_resources()
    signal.alarm(WALL_SECONDS)
    try:
        whole = b"".join(iter(lambda: asked.recv(PIECE), b""))
        os.nice(NICE_LATER if whole[:1] == LATER else NICE)
        asked.sendall(answer(whole[1:], ORDERS[whole[:1]]))
    finally:
        os._exit(0)


def main(what: str, handle: str = "") -> None:
    if what == SERVE:
        serve(socket.socket(fileno=int(handle)))
        return
    limit_resources()
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read(), what))


if __name__ == "__main__":
    main(*sys.argv[1:])
