"""What is taken as a photo, what comes of it, and what is refused before it can do harm."""

import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from audit.domain.problems import BadInput, Busy, Problem, TooLarge
from audit.store import images, splitting
from tests.store import pictures

RED, BLUE, LIME = (255, 0, 0), (0, 0, 255), (0, 255, 0)


def near(found: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(found, tuple)
    return all(abs(one - other) < 40 for one, other in zip(found, colour, strict=True))


def opened(copy: bytes) -> Image.Image:
    image = Image.open(BytesIO(copy), formats=["JPEG"])
    image.load()
    return image


def test_a_photo_gets_three_copies() -> None:
    photo = images.check(pictures.noisy())
    assert (photo.format, photo.width, photo.height, photo.data) == ("JPEG", 1600, 1200, pictures.noisy())
    sizes = {name: opened(copy).size for name, copy in images.copies(photo.data, hurry=False).items()}
    assert sizes == {"thumb": (240, 180), "screen": (1280, 960), "print": (1000, 750)}
    assert set(sizes) == set(images.SIZES)


def test_print_copies_are_plain_and_small() -> None:
    print_copy = opened(images.copies(pictures.noisy())["print"])
    assert print_copy.mode == "RGB"
    assert not print_copy.info.get("progressive")
    assert len(images.copies(pictures.photo())["print"]) < 110_000


def test_a_small_photo_is_not_blown_up() -> None:
    made = images.copies(pictures.saved(pictures.halves(40, 30)))
    assert {opened(copy).size for copy in made.values()} == {(40, 30)}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_copies_stand_upright(orientation: int) -> None:
    upright = pictures.halves()
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(back[orientation]) if orientation in back else upright
    photo = images.check(pictures.saved(stored, quality=95, exif=pictures.exif(orientation)))
    assert (photo.width, photo.height) == (640, 480)
    screen = opened(images.copies(photo.data)["screen"])
    assert screen.size == (640, 480)
    assert near(screen.getpixel((20, 20)), LIME)
    assert near(screen.getpixel((600, 20)), RED)
    assert near(screen.getpixel((20, 460)), BLUE)


def test_time_and_place_are_read_and_do_not_travel() -> None:
    photo = images.check(pictures.saved(pictures.halves(), exif=pictures.exif()))
    assert photo.claims == images.Claims("2026-03-03T09:15:00-08:00", 36.7375, -119.775, "Maker Phone 9")
    for copy in images.copies(photo.data).values():
        assert b"Exif" not in copy
        assert b"Phone 9" not in copy
        assert dict(opened(copy).getexif()) == {}


def test_junk_from_the_camera_is_no_reason_to_refuse() -> None:
    photo = images.check(pictures.saved(pictures.halves(), exif=pictures.exif(junk=True)))
    assert photo.claims.latitude is None
    assert photo.claims.camera == "Maker Phone 9"
    assert photo.claims.taken_at is None or len(photo.claims.taken_at) <= 40


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (pictures.saved(pictures.halves(), "PNG"), "PNG"),
        (pictures.saved(pictures.halves(), "WEBP", lossless=True), "WEBP"),
        (pictures.saved(pictures.halves(), "MPO", save_all=True, append_images=[pictures.halves()]), "JPEG"),
        (pictures.saved(pictures.halves().convert("RGBA"), "PNG"), "PNG"),
        (pictures.saved(pictures.halves().convert("P"), "PNG"), "PNG"),
        (pictures.photo() + b"PK\x03\x04 a zip behind it", "JPEG"),
    ],
    ids=["png", "webp", "two pictures of a phone", "see-through", "palette", "with a tail"],
)
def test_other_kinds_come_out_the_same(data: bytes, kind: str) -> None:
    photo = images.check(data)
    assert photo.format == kind
    screen = opened(images.copies(photo.data)["screen"])
    assert screen.mode == "RGB"
    assert near(screen.getpixel((20, 20)), LIME)
    assert near(screen.getpixel((320, 460)), BLUE)


def test_heic_is_taken() -> None:
    pillow_heif = pytest.importorskip("pillow_heif")
    out = BytesIO()
    pillow_heif.from_pillow(pictures.halves()).save(out, quality=90)
    photo = images.check(out.getvalue())
    assert (photo.format, photo.width, photo.height) == ("HEIF", 640, 480)
    assert near(opened(images.copies(photo.data)["screen"]).getpixel((20, 20)), LIME)


def test_what_shines_through_becomes_white() -> None:
    made = images.copies(pictures.saved(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG"))
    assert near(opened(made["thumb"]).getpixel((25, 25)), (255, 255, 255))


@pytest.mark.parametrize("mode", ["CMYK", "L"])
def test_other_colours_become_rgb(mode: str) -> None:
    made = images.copies(pictures.saved(pictures.halves().convert(mode)))
    assert opened(made["print"]).mode == "RGB"


def test_sixteen_bits_keep_their_shades() -> None:
    made = images.copies(pictures.saved(Image.new("I;16", (60, 60), 0x8000), "PNG"))
    assert near(opened(made["thumb"]).getpixel((30, 30)), (128, 128, 128))


TRUNCATED = [
    pytest.param(data[: int(len(data) * part)], id=f"{kind} cut at {part:.0%}")
    for kind, data in (
        ("jpeg", pictures.noisy(800, 600)),
        ("png", pictures.saved(Image.effect_noise((300, 200), 60), "PNG")),
        ("webp", pictures.saved(Image.effect_noise((300, 200), 60), "WEBP")),
    )
    for part in (0.1, 0.5, 0.99)
]


@pytest.mark.parametrize(
    "data",
    [
        *TRUNCATED,
        pytest.param(pictures.photo()[:-2], id="jpeg without its end"),
        pytest.param(pictures.saved(pictures.halves(), "PNG")[:-12], id="png without its end"),
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff", id="one byte"),
        pytest.param(b"<html><script>alert(1)</script>", id="html"),
        pytest.param(b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', id="svg"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run\n", id="eps"),
        pytest.param(pictures.saved(pictures.halves(), "TIFF"), id="tiff"),
        pytest.param(pictures.saved(pictures.halves(), "BMP"), id="bmp"),
        pytest.param(pictures.moving("GIF"), id="moving gif"),
        pytest.param(pictures.moving("WEBP"), id="moving webp"),
        pytest.param(pictures.moving("PNG"), id="moving png"),
        pytest.param(b"GIF89a/*" + b"A" * 20 + b"*/=alert(1)//;", id="gif that is a script"),
        pytest.param(
            pictures.png(1, 1, (b"zTXt", b"k\0\0" + zlib.compress(bytes(60_000_000), 1))), id="text bomb"
        ),
        pytest.param(b"\0\0\0\x18ftypheic" + bytes(400), id="heic in name only"),
    ],
)
def test_what_is_no_whole_photo_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        images.check(data)
    assert caught.value.faults[0].place == "photo"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(pictures.bomb(13_000), id="169 megapixels in 20 kilobytes"),
        pytest.param(pictures.png(65_000, 65_000), id="a header of 4 gigapixels"),
        pytest.param(pictures.saved(Image.new("L", (9000, 6000))), id="54 megapixels"),
        pytest.param(pictures.photo() + bytes(images.MOST_BYTES), id="9 megabytes"),
    ],
)
def test_what_is_too_large_is_refused_at_once(data: bytes) -> None:
    start = time.monotonic()
    with pytest.raises(TooLarge):
        images.check(data)
    assert time.monotonic() - start < 5


def test_a_splitting_process_that_was_killed_is_replaced() -> None:
    """The photo is not to blame: it is looked at again, not refused."""
    images.check(pictures.photo())
    (first,) = splitting._running
    first.process.kill()
    assert images.check(pictures.photo()).width == 640
    assert splitting._running[0].process.pid != first.process.pid


def test_many_are_looked_at_at_once() -> None:
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: images.check(pictures.noisy()).size, range(12)))
    assert found == [len(pictures.noisy())] * 12


def test_photos_that_would_wait_too_long_come_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than there is room for are refused at once, so that no thread of the server waits for them; copies that
    nobody waits for neither wait nor hold up a check."""
    data, begun, go_on = pictures.photo(), threading.Semaphore(0), threading.Event()
    ask = splitting.ask

    def slow(*given: Any) -> bytes:
        begun.release()
        assert go_on.wait(60)
        return ask(*given)

    monkeypatch.setattr(splitting, "ask", slow)
    room = images.AT_ONCE + images.MOST_WAITING
    with ThreadPoolExecutor(room + 1) as pool:
        taken = [pool.submit(images.check, data) for _ in range(room)]
        for _ in range(images.AT_ONCE):
            assert begun.acquire(timeout=60)
        later = pool.submit(images.copies, data, False)
        assert begun.acquire(timeout=60)  # it does not queue up
        while images._ROOM._value:  # all that may wait do
            time.sleep(0.01)
        with pytest.raises(Busy):
            images.check(data)
        go_on.set()
        assert all(one.result().width == 640 for one in taken) and later.result()
    assert images.check(data).width == 640


def test_a_decoder_that_breaks_down_takes_nothing_along(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    child = tmp_path / "child.py"
    child.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    monkeypatch.setattr(images, "_CHILD", child)
    with pytest.raises(BadInput):
        images.check(pictures.photo())


def test_a_decoder_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    child = tmp_path / "child.py"
    child.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(images, "_CHILD", child)
    monkeypatch.setattr(images, "SECONDS", 0.2)
    with pytest.raises(Problem):
        images.check(pictures.photo())
