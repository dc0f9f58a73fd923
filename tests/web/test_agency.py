"""The agency's logo, from the form of an administrator to page 1 of a report."""

import io
import re
import subprocess
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from audit.domain.answers import Raw
from audit.domain.records import Sealed
from audit.operations import agency, records, reports, sealing
from audit.operations import photos as shown
from reports.front import logo_size
from tests.needs import tool
from tests.operations import worlds
from tests.reports import reading

SHAPES = {"wide": (1200, 200), "tall": (200, 900), "square": (500, 500)}


def logo(width: int, height: int) -> bytes:
    """A ring on a see-through ground."""
    image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((2, 2, width - 3, height - 3), outline=(20, 60, 120, 255), width=20)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def administrator(house):
    return house.browser(worlds.ADMINISTRATOR)


def put(browser, data: bytes, name: str = "logo.png"):
    page = browser.open("/agency/logo")
    form = next(form for form in page.forms if form.action == "/agency/logo")
    return browser.send(form.action, form.filled({"logo": (io.BytesIO(data), name)}))


def sealed_report(house, again: bool = False) -> tuple[Sealed, Path]:
    visit = house.world.start()
    more = {("records.last", None): Raw(mark="IN")} if again else {}
    house.world.answer(visit, worlds.COMPLETE | more)
    house.world.sign(visit)
    sealing.seal(house.world.desk(), visit.id)
    return records.sealed(house.world.desk(), visit.id), reports.report(
        house.world.desk(), visit.id, "record"
    ).path


def pictures_on_page_1(path: Path) -> list[tuple[int, int]]:
    """Width and height in pixels of each picture of page 1."""
    command = (tool("pdfimages"), "-list", "-f", "1", "-l", "1", str(path))
    told = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    rows = [re.split(r"\s+", line.strip()) for line in told.splitlines()[2:]]
    return [(int(row[3]), int(row[4])) for row in rows]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_logo_of_any_shape_reaches_the_record_and_page_1(house, administrator, shape):
    width, height = SHAPES[shape]
    page = administrator.follow(put(administrator, logo(width, height)))
    assert "Saved." in page.words
    kept = agency.get(house.world.desk()).logo
    assert kept is not None
    assert f"/photos/{kept}/screen" in page.text
    assert f"/photos/{kept}/screen" in administrator.open("/agency").text
    assert administrator.open(f"/photos/{kept}/screen").headers["Content-Type"] == "image/jpeg"
    with Image.open(shown.path(house.world.desk(), kept, "screen")) as copy:
        assert copy.getpixel((0, 0)) == (255, 255, 255)  # what was see-through is paper
    sealed, path = sealed_report(house)
    assert sealed.document["agency"]["logo"] == kept
    ((wide, tall),) = pictures_on_page_1(path)
    assert wide / tall == pytest.approx(width / height, rel=0.02)
    reading.check(path)
    assert "Bay County Health" in reading.text_of(path)


@pytest.mark.parametrize(("width", "height"), [*SHAPES.values(), (5000, 10), (10, 5000), (1, 1)])
def test_a_logo_keeps_its_shape_within_its_place(width, height):
    wide, tall = logo_size(width, height)
    assert wide / tall == pytest.approx(width / height)
    assert wide <= 120.001 and tall <= 38.001


def test_an_earlier_record_keeps_its_logo(house, administrator):
    put(administrator, logo(300, 300))
    kept = agency.get(house.world.desk()).logo
    sealed, _ = sealed_report(house)
    form = next(
        form
        for form in administrator.open("/agency/logo").forms
        if form.action == "/agency/logo/remove"
    )  # fmt: skip
    page = administrator.follow(administrator.send(form.action, form.filled({})))
    assert "/photos/" not in page.text and agency.get(house.world.desk()).logo is None
    inspection = str(sealed.document["id"])
    again = reports.report(house.world.desk(), inspection, "record", "a4")
    assert records.sealed(house.world.desk(), inspection).document["agency"]["logo"] == kept
    assert len(pictures_on_page_1(again.path)) == 1
    assert pictures_on_page_1(sealed_report(house, again=True)[1]) == []


def test_saving_the_agency_keeps_its_logo(house, administrator):
    put(administrator, logo(300, 300))
    kept = agency.get(house.world.desk()).logo
    assert administrator.open("/agency").submit({"phone": "+1 555 0199"}).status == 303
    assert agency.get(house.world.desk()).logo == kept


@pytest.mark.parametrize("data", [b"%PDF-1.7 no picture", b""])
def test_what_cannot_be_taken_is_refused_with_words(house, administrator, data):
    page = put(administrator, data)
    assert page.status == 422 and "#logo" in page.links
    assert agency.get(house.world.desk()).logo is None


def test_without_a_file_the_page_says_so(administrator):
    page = administrator.open("/agency/logo").submit({})
    assert page.status == 422 and "Choose a picture first." in page.words


def test_the_logo_is_for_administrators(house, inspector):
    assert inspector.open("/agency/logo").status == 403
    token = inspector.open("/account").form.values("csrf_token")
    assert inspector.send("/agency/logo/remove", {"csrf_token": token}).status == 403
