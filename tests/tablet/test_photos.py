"""Photos on the tablet: smaller, upright, named by content; what the camera says travels as a claim."""

import io

from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from tests.tablet.yards import jpeg

EXIF, GPS = 0x8769, 0x8825


def from_camera(size=(2600, 1300), orientation=6) -> bytes:
    """A photo as a camera writes it: lying on its side, with time and place."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif.get_ifd(EXIF).update({0x9003: "2026:03:02 10:20:30", 0x9011: "-08:00"})
    third = IFDRational(48, 1)
    exif.get_ifd(GPS).update({1: "N", 2: (36.0, 44.0, third), 3: "W", 4: (119.0, 47.0, IFDRational(30, 1))})
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, "JPEG", exif=exif, quality=80)
    return out.getvalue()


def test_a_photo_is_made_smaller_and_upright_and_its_claims_travel_apart(yard, shared):
    tablet = shared
    visit = tablet.start()
    sha256 = tablet.photo(visit, from_camera())
    thumb = tablet.do("return (await store.thumb(given)).bytes.byteLength", sha256)
    assert 0 < thumb < 20_000
    tablet.settled()
    desk = yard.desk()
    facts = desk.ledger.photos.facts(sha256)
    assert (facts.width, facts.height) == (1000, 2000)
    assert yard.links(visit) == [sha256]
    claims = desk.ledger.photos.claims(sha256)
    assert claims.taken_at == "2026-03-02T10:20:30-08:00"
    assert round(claims.latitude, 4) == 36.7467 and round(claims.longitude, 4) == -119.7917
    row = tablet.do("return await store.photo(given)", sha256)
    assert row["sent"] and "bytes" not in row  # its thumbnail stays, its bytes have gone


def test_claims_are_read_or_left_out_never_a_fault(shared):
    tablet = shared
    whole = from_camera((64, 64))
    read = "return exif.claimsOf(new Uint8Array(given).buffer)"
    assert tablet.do(read, list(whole))["latitude"].startswith("36.7466")
    assert tablet.do(read, list(jpeg(1))) == {}
    for end in (0, 1, 3, 12, 20, 40, 80, 120, 200):
        assert isinstance(tablet.do(read, list(whole[:end])), dict)
    for place in range(12, 160, 7):
        spoiled = whole[:place] + bytes([255, 255]) + whole[place + 2 :]
        assert isinstance(tablet.do(read, list(spoiled)), dict)


def test_what_is_no_photo_is_said_at_once_and_not_kept(shared):
    tablet = shared
    visit = tablet.start()
    said = tablet.do(
        """const file = new File(["words"], "words.txt", { type: "text/plain" });
        const heard = [];
        await photos.takeAll([file], given, { item: "x" }, (result) => heard.push(result.message));
        return heard;""",
        visit,
    )
    assert said == ["This is not a photo. Choose a JPEG, PNG, WebP or HEIC file."]
    tablet.settled()


def test_a_link_goes_after_its_photo_and_what_concerns_it_after_that(yard, shared):
    tablet = shared
    tablet.context.set_offline(True)
    visit = tablet.start(answers=1)
    item = yard.items[0].key
    sha256 = tablet.photo(visit, jpeg(40), item)
    tablet.do(
        """await outbox.give(given.visit, { kind: "caption", item: given.item, photo: given.sha256,
            value: { sha256: given.sha256, caption: "Tray" } })""",
        {"visit": visit, "item": item, "sha256": sha256},
    )
    yard.front.heal()
    tablet.context.set_offline(False)
    tablet.send()
    tablet.settled()
    order = [method for method, path in yard.front.seen if path.startswith("/api/") and method != "GET"]
    assert order[:3] == ["POST", "PUT", "POST"]
    [links] = yard.desk().ledger.inspections.links(visit).values()
    assert [(link.sha256, link.caption) for link in links] == [(sha256, "Tray")]
    shown = tablet.do("return (await store.load(given)).visit.links", visit)
    assert [(one["caption"], one["pending"]) for one in shown] == [("Tray", False)]
