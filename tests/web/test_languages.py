"""Pages speak the reader's language, all of them, and nothing on them is said past the catalogue."""

import json
import re
from collections.abc import Iterator

import pytest
from babel import Locale

from audit import languages
from audit.domain import tongue
from audit.domain.answers import Raw
from audit.operations import reports, sealing
from audit.operations.languages import choose
from audit.web import languages as doors
from tests.operations import worlds
from tests.operations.worlds import ADMINISTRATOR, ANNA, BO, COMPLETE, INSPECTOR_PERSON, MISSION, OWNER

ECHO = "eo"  # a language that is known and not spoken here stands for one that says every message in brackets
WORD = re.compile(r"[^\W\d_]{3,}")
# Codes, names of things, and what is typed: the same in every language.
SAME = {
    "clinic",
    "audit",
    "out",
    "cos",
    "pdf",
    "jpeg",
    "png",
    "webp",
    "heic",
    "sha",
    "json",
    "los",
    "angeles",
    "tray",
}


class Echo(tongue.Tongue):
    code = ECHO

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, one: str, many: str, number: int) -> str:
        return f"⟦{one if number == 1 else many}⟧"


@pytest.fixture
def echo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A house in which every message is heard as one."""
    monkeypatch.setitem(languages.NAMES, ECHO, "Echo")
    for room in (doors, reports):
        monkeypatch.setattr(room, "tongue", lambda code: Echo() if code == ECHO else languages.tongue(code))
    yield


def unsaid(text: str) -> str:
    """What is left of a text without its messages; messages may stand in messages."""
    while "⟦" in text:
        text, before = re.sub(r"⟦[^⟦⟧]*⟧", " ", text), text
        assert text != before, text
    return re.sub(r"\b[0-9a-f]{12,}\b", " ", text)


def shown(page) -> list[str]:
    """Every text a person meets on a page: between tags, in titles of pictures, in labels for those who listen."""
    bare = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", page.text, flags=re.DOTALL)
    labels = re.findall(r'\b(?:alt|aria-label|placeholder|title)="([^"]*)"', page.text)
    return [re.sub(r"<[^>]*>", " ", bare), *labels]


def content(house) -> set[str]:
    """Words that are nobody's sentences: those of checklists, clinics, people and dates."""
    documents = [
        house.world.desk().ledger.checklists.document(row.sha256)
        for row in house.world.desk().ledger.checklists.newest()
    ]
    named = [MISSION, worlds.HARBOUR, ANNA, BO, OWNER, INSPECTOR_PERSON, ADMINISTRATOR, worlds.OTHER_OWNER]
    answers = [raw.note for raw in COMPLETE.values()]
    calendar = Locale.parse(ECHO)
    dates = [
        *calendar.days["format"]["abbreviated"].values(),
        *calendar.months["format"]["abbreviated"].values(),
    ]
    known = " ".join(
        [*documents, *map(str, named), *answers, *dates, *languages.NAMES.values(), "Bay County Health"]
    )
    return {word.lower() for word in WORD.findall(known)} | SAME


def speaks(house, person, code: str):
    choose(house.world.desk(person), code)
    return house.browser(person)


def sealed(house, language: str = "en", again: bool = False) -> str:
    visit = house.world.start()
    house.world.answer(visit, COMPLETE | ({("records.last", None): Raw(mark="IN")} if again else {}))
    house.world.photograph(visit, ("needles.single-use", None), "tray")
    house.world.sign(visit)
    if language != "en":
        with house.world.desk(ADMINISTRATOR).entry() as entry:
            agency = entry.agency.get()
            entry.agency.keep(type(agency)(**{**agency.__dict__, "language": language}))
            entry.note("agency.changed", "agency")
    sealing.seal(house.world.desk(), visit.id)
    return visit.id


def addresses(house) -> dict[str, list[str]]:
    done = sealed(house)
    house.world.later(days=40)
    running = house.world.start()
    house.world.answer(
        running, {("gloves.changed", None): Raw(mark="OUT"), ("permit.expiry", None): Raw(mark="IN")}
    )
    audit = house.world.start(OWNER)
    visit, clinic = f"/visits/{running.id}", f"/clinics/{MISSION.id}"
    return {
        "inspector": [
            "/visits", "/visits?text=nowhere", "/clinics", "/clinics?text=nowhere", clinic, f"{clinic}/start",
            f"{clinic}/edit", f"{clinic}/practitioners/new", "/clinics/new", visit, f"{visit}/sections/a",
            f"{visit}/check", f"{visit}/result", f"{visit}/seal", f"{visit}/set-up", f"{visit}/set-aside",
            f"{visit}/items/gloves.changed/photos", f"/visits/{done}", f"/visits/{done}/hand-over", "/account",
            "/checklists", "/checklists/mini-inspection/xx/1",
            "/checklists/mini-inspection/xx/1?against=mini-self-audit/xx/1", f"/visits/{'0' * 8}-0000-4000-8000-{'0' * 12}",
        ],
        "administrator": [
            "/agency", "/agency/logo", "/people", "/people?text=nowhere", "/people/new", f"/people/{OWNER.id}",
        ],
        "owner": ["/visits", clinic, f"/visits/{audit.id}", f"/visits/{audit.id}/result", f"/visits/{done}"],
    }  # fmt: skip


def test_every_word_of_every_page_is_a_message(house, echo):
    every, known = addresses(house), content(house)
    people = {"inspector": INSPECTOR_PERSON, "administrator": ADMINISTRATOR, "owner": OWNER}
    left: dict[str, set[str]] = {}
    for role, person in people.items():
        browser = speaks(house, person, ECHO)
        for address in every[role]:
            page = browser.open(address)
            assert page.status in (200, 404) and f'lang="{ECHO}"' in page.text and "⟦" in page.text, address
            words = {word.lower() for text in shown(page) for word in WORD.findall(unsaid(text))}
            if words - known:
                left[address] = words - known
    assert not left


def test_what_a_page_complains_of_is_a_message_too(house, echo):
    visit = house.world.start()
    browser, known = speaks(house, INSPECTOR_PERSON, ECHO), content(house)
    page = browser.open(f"/visits/{visit.id}/sections/a")
    page = page.submit({"a_A02-mark": "OUT", "a_A03-v.date": "soon", "go": "next"})
    assert page.status == 422
    assert "⟦Say what you saw: an OUT needs words.⟧" in page.text
    words = {word.lower() for text in shown(page) for word in WORD.findall(unsaid(text))}
    assert words <= known | {"soon"}
    page = browser.open("/clinics/new").submit({"name": "", "elsewhere": "x" * 50})
    assert "⟦Give the name of the clinic.⟧" in page.text and "⟦Keep it to ⟦" not in page.text
    assert (
        not {word.lower() for text in shown(page) for word in WORD.findall(unsaid(text))} - known - {"x" * 50}
    )


def test_a_browser_is_answered_in_its_language_until_the_person_chooses(house):
    stranger = house.browser()
    spanish = {"headers": {"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}}
    page = stranger.open("/sign-in", **spanish)
    assert 'lang="es"' in page.text and "Iniciar sesión" in page.words and "Sign in" not in page.words
    assert 'lang="en"' in stranger.open("/sign-in").text
    assert 'lang="en"' in stranger.open("/sign-in", headers={"Accept-Language": "fr"}).text
    browser = house.browser(INSPECTOR_PERSON)
    assert "Visitas" in browser.open("/visits", **spanish).words
    account = browser.open("/account")
    form = next(form for form in account.forms if form.action == "/account/language")
    saved = browser.send("/account/language", form.filled({"language": "es"}))
    assert "Guardado." in browser.follow(saved).words
    assert "Visitas" in browser.open("/visits", headers={"Accept-Language": "en"}).words
    wrong = browser.send("/account/language", form.filled({"language": "xx"}))
    assert "Guardado." not in browser.follow(wrong).words


def test_one_visit_is_read_in_two_languages_at_once(house):
    visit = house.world.start()
    house.world.answer(visit, COMPLETE)
    english, spanish = house.browser(INSPECTOR_PERSON), speaks(house, INSPECTOR_PERSON, "es")
    section = f"/visits/{visit.id}/sections/a"
    assert "Corregido en el lugar" in spanish.open(section).words
    choose(house.world.desk(), "en")
    assert "Corrected on site" in english.open(section).words
    choose(house.world.desk(), "es")
    assert "Corregido en el lugar" in spanish.open(section).words
    assert "2 hallazgos en total" in spanish.open(f"/visits/{visit.id}/result").words


def test_what_was_sealed_in_english_is_retold_in_spanish_and_the_other_way(house):
    done = sealed(house)
    browser = speaks(house, INSPECTOR_PERSON, "es")
    page = browser.open(f"/visits/{done}")
    assert "Deducción: 100" in page.words and "303 días de plazo" in page.words
    record = house.world.desk().ledger.records.get(done).document
    assert record["result"]["words"][0].startswith("Deduction: 100")
    assert "Two cartridges kept for a returning client." in page.words
    house.world.later(days=1)
    other = sealed(house, "es", again=True)
    kept = house.world.desk().ledger.records.get(other).document
    assert kept["agency"]["language"] == "es" and kept["result"]["words"][0].startswith("Deducción: 100")
    choose(house.world.desk(), "en")
    assert "Deduction: 100" in house.browser(INSPECTOR_PERSON).open(f"/visits/{other}").words


def test_reports_are_kept_by_language_and_the_first_is_the_original(house):
    done = sealed(house)
    browser = speaks(house, INSPECTOR_PERSON, "es")
    page = browser.open(f"/visits/{done}/hand-over")
    links = [link for link in page.links if "/reports/" in link]
    assert len(links) == 2 + 6 and f"/visits/{done}/reports/record.pdf?language=es" in links
    assert page.words.count("el original") == 1
    drawn = browser.client.get(f"/visits/{done}/reports/record.pdf?language=es", buffered=True)
    assert drawn.status_code == 200 and "-es.pdf" in drawn.headers["Content-Disposition"]
    again = browser.client.get(f"/visits/{done}/reports/record.pdf?language=es", buffered=True)
    original = browser.client.get(f"/visits/{done}/reports/record.pdf", buffered=True)
    assert drawn.data == again.data != original.data
    issued = {(row.kind, row.language) for row in house.world.desk().ledger.reports.of(done)}
    assert issued == {("record", "en"), ("record", "es")}
    assert browser.open(f"/visits/{done}/reports/record.pdf?language=xx").status == 422
    assert json.dumps(house.world.desk().ledger.records.get(done).document)
