"""Looks at one photo in a process of its own, which memory and time limits guard: bytes in, copies out.

Run as a file: the photo comes on standard input. The answer is one line of JSON; after it follow the copies, each
as long as the line says. Nothing else of this product is imported here.
"""

import json
import sys
import warnings
from fractions import Fraction
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

MOST_PIXELS = 50_000_000
MEMORY_BYTES = 768 * 1024 * 1024  # 12 megapixels take 90 MB, a PNG of 49 megapixels 460
CPU_SECONDS = 10
FORMATS = ["JPEG", "PNG", "WEBP"]
HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1")
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


def look(data: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Check a photo and make its upright copies without any of its metadata.

    Returns format, upright width and height, and the camera's claims; and the copies thumb, screen, print as
    baseline RGB JPEG.

    Raises:
        Refused: with a code.
        OSError, MemoryError: when the file is damaged or needs too much.
    """
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    image = _opened(data)
    claims = _claims(image)
    kind = "JPEG" if image.format == "MPO" else str(image.format)
    width, height = image.size
    image.draft("RGB", (SCREEN * 2, SCREEN * 2))  # only JPEG can: decodes at a fraction of the size
    image.load()
    profile = image.info.get("icc_profile")
    image.thumbnail((SCREEN, SCREEN), Image.Resampling.LANCZOS, reducing_gap=2.0)
    upright = ImageOps.exif_transpose(image)
    if image.size != upright.size:
        width, height = height, width
    screen = _plain(upright, profile)
    copies = {
        "screen": _jpeg(screen, SCREEN_QUALITY),
        "print": _print_copy(screen),
        "thumb": _jpeg(_smaller(screen, THUMB), THUMB_QUALITY),
    }
    return {"format": kind, "width": width, "height": height, "claims": claims}, copies


def _opened(data: bytes) -> Image.Image:
    """Everything that can be known before decoding is checked before decoding."""
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


def main() -> None:
    limit_resources()
    copies: dict[str, bytes] = {}
    try:
        told, copies = look(sys.stdin.buffer.read())
        told["copies"] = {name: len(copy) for name, copy in copies.items()}
    except Refused as refusal:
        told = {"refused": str(refusal)}
    except MemoryError:
        told = {"refused": "memory"}
    except (OSError, SyntaxError, ValueError, EOFError) as error:  # how Pillow says that a file is damaged
        told = {"refused": "damaged", "why": repr(error)}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n")
    for copy in copies.values():
        sys.stdout.buffer.write(copy)


if __name__ == "__main__":
    main()
