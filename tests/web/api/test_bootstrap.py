"""What a tablet takes along: never more than its person may read."""

import pytest

from audit import languages
from audit.operations import sealing
from audit.web.api import bootstrap
from tests.operations import worlds
from tests.operations.worlds import HARBOUR, MISSION
from tests.web.api.conftest import Tablet


def test_an_inspector_takes_along_clinics_checklists_and_own_visits(house, tablet, visit):
    told = tablet.get("/bootstrap").told
    assert told["person"] == {"id": worlds.INSPECTOR_PERSON.id, "name": "Ines Field", "role": "inspector"}
    assert told["agency"]["name"] == "Bay County Health" and told["build"]
    assert {row["id"] for row in told["clinics"]} == {MISSION.id, HARBOUR.id}
    assert next(row for row in told["clinics"] if row["id"] == MISSION.id)["running"] == visit
    assert told["visits"] == [visit]
    assert {row["kind"] for row in told["checklists"]} == {"inspection", "self-audit"}
    assert all(row["newest"] and len(row["sha256"]) == 64 for row in told["checklists"])
    assert told["word_language"] == "en" and told["words"] == {}


def test_an_owner_takes_along_the_own_clinic_only(house, visit):
    theirs = house.world.start(worlds.OWNER).id
    told = Tablet(house, worlds.OWNER).get("/bootstrap").told
    assert [row["id"] for row in told["clinics"]] == [MISSION.id] and told["visits"] == [theirs]
    told = Tablet(house, worlds.OTHER_OWNER).get("/bootstrap").told
    assert [row["id"] for row in told["clinics"]] == [HARBOUR.id] and told["visits"] == []
    assert Tablet(house, worlds.ADMINISTRATOR).get("/bootstrap").told["visits"] == []


def test_a_sealed_visit_stays_at_hand_for_a_fortnight(house):
    started = house.world.start()
    house.world.answer(started, worlds.COMPLETE)
    house.world.sign(started)
    sealing.seal(house.world.desk(), started.id)
    house.world.later(days=13)
    assert Tablet(house).get("/bootstrap").told["visits"] == [started.id]
    house.world.later(days=2)
    assert Tablet(house).get("/bootstrap").told["visits"] == []


CATALOGUE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Save"
msgstr "Guardar"

msgid "{number} item"
msgid_plural "{number} items"
msgstr[0] "{number} punto"
msgstr[1] "{number} puntos"

msgid "Not translated yet"
msgstr ""

#, fuzzy
msgid "Guessed"
msgstr "Adivinado"
"""


@pytest.fixture
def spanish(tmp_path, monkeypatch):
    """A small catalogue in place of the whole one."""
    folder = tmp_path / "words" / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(CATALOGUE, encoding="utf-8")
    monkeypatch.setattr(languages, "FOLDER", tmp_path / "words")
    languages.tongue.cache_clear()
    bootstrap.spoken_words.cache_clear()
    yield
    languages.tongue.cache_clear()
    bootstrap.spoken_words.cache_clear()


def test_words_come_in_the_language_asked_for(tablet, spanish):
    told = tablet.get("/bootstrap?lang=es").told
    assert told["word_language"] == "es" and told["decimal_sign"] == ","
    assert told["words"] == {"Save": "Guardar", "{number} item": ["{number} punto", "{number} puntos"]}
    assert tablet.get("/bootstrap?lang=xx").told["word_language"] == "en"
