"""A whole visit in Spanish, from the sign-in to the paper: no English sentence of the product is left on the way."""

import re
import subprocess

import pytest

from audit.domain.answers import Raw
from tests.languages import extracting
from tests.operations.worlds import ANNA, BO, COMPLETE, INSPECTOR_PERSON, MISSION
from tests.web.conftest import PASSWORD
from tests.web.pages import Page

SPANISH = {"headers": {"Accept-Language": "es-419,es;q=0.9"}}
WORDS = re.compile(r"[^\W\d_]+")


@pytest.fixture(scope="module")
def english():
    """Every sentence of three words and more that reads differently in Spanish."""
    found = set()
    for message in extracting.read("es"):
        plain = isinstance(message.id, str) and "{" not in message.id
        if plain and message.string != message.id and len(WORDS.findall(str(message.id))) > 2:
            found.add(str(message.id))
    assert len(found) > 400
    return found


def left_in(text: str, english: set[str]) -> set[str]:
    plain = " ".join(text.split())
    return {sentence for sentence in english if re.search(rf"\b{re.escape(sentence)}(?!\w)", plain)}


def heard(page: Page) -> str:
    """The words of a page, and those for who does not see it."""
    labels = re.findall(r'\b(?:alt|aria-label|placeholder|title)="([^"]*)"', page.text)
    return " ".join([page.words, *labels])


def test_a_visit_from_the_sign_in_to_the_paper(house, english, require_tool, tmp_path):
    pages: list[Page] = []
    browser = house.browser()

    def see(page: Page) -> Page:
        assert page.status == 200 and 'lang="es"' in page.text, (page.address, page.status)
        pages.append(page)
        return page

    def follow(page: Page) -> Page:
        assert page.status == 303, page.words
        return see(browser.open(page.response.location, **SPANISH))

    page = see(browser.open("/sign-in", **SPANISH))
    follow(page.submit({"login": INSPECTOR_PERSON.login, "password": PASSWORD}))
    see(browser.open(f"/clinics/{MISSION.id}", **SPANISH))
    start = see(browser.open(f"/clinics/{MISSION.id}/start", **SPANISH))
    assert "Iniciar una inspección" in start.words and "No se sabe" in start.words
    chosen = {"fact_procedure_observed": "true", "practitioners": [ANNA.id, BO.id]}
    hub = follow(browser.send(start.address, start.form.filled(chosen), **SPANISH))
    assert "0 de 6 respondidos" in hub.words or "respondidos" in hub.words
    (visit,) = {link.split("/")[2] for link in hub.links if link.startswith("/visits/")}
    at = f"/visits/{visit}"
    house.world.answer(type("Known", (), {"id": visit})(), {("gloves.changed", None): Raw(mark="IN")})
    section = see(browser.open(f"{at}/sections/a", **SPANISH))
    assert "Corregido en el lugar" in section.words
    house.world.answer(type("Known", (), {"id": visit})(), COMPLETE)
    for step in ("sections/a", "check", "result"):
        see(browser.open(f"{at}/{step}", **SPANISH))
    sign = see(browser.open(f"{at}/sign", **SPANISH))
    signed = {
        "inspector": INSPECTOR_PERSON.name, "charge_state": "signed", "charge_name": "Olu Adeyemi",
    }  # fmt: skip
    seal = follow(browser.send(f"{at}/sign", sign.form.filled(signed), **SPANISH))
    assert "¿Sellar esta visita?" in seal.words
    done = follow(browser.send(f"{at}/seal", seal.form.filled({}), **SPANISH))
    assert "2 hallazgos en total" in done.words
    see(browser.open(at, **SPANISH))
    left = {page.address: left_in(heard(page), english) for page in pages}
    assert not {address: words for address, words in left.items() if words}
    for kind in ("record", "owner"):
        paper = browser.client.get(f"{at}/reports/{kind}.pdf?language=es", buffered=True)
        file = tmp_path / f"{kind}.pdf"
        file.write_bytes(paper.data)
        told = subprocess.run(
            [require_tool("pdftotext"), str(file), "-"], capture_output=True, text=True, check=True
        ).stdout
        assert "de marzo de 2026" in told and ("ACTA DE INSPECCIÓN" in told or "PLAN DE ACCIÓN" in told)
        assert not left_in(told, english)


def test_numbers_are_read_with_either_sign(house):
    """What was typed is kept; a comma and a dot before the decimals are the same number."""
    from audit.domain import values
    from audit.domain.checklists import Part

    part = Part("n", "number", "Value", unit="C", units=("C",))
    assert values.number("37,5", "C", part) == values.number("37.5", "C", part)
