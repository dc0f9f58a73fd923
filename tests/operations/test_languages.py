"""A language is the person's own choice, or an administrator's for somebody; the agency's is that of new records."""

from dataclasses import replace

import pytest

from audit.domain.problems import BadInput, NotAllowed
from audit.operations import agency, languages, reports, sealing
from tests.operations import worlds
from tests.operations.worlds import ADMINISTRATOR, COMPLETE, INSPECTOR_PERSON, OWNER


@pytest.fixture
def world(tmp_path):
    return worlds.make(tmp_path / "data")


def test_a_person_chooses_for_themselves(world):
    chosen = languages.choose(world.desk(), "es")
    assert chosen.language == "es"
    assert world.desk().ledger.people.get(INSPECTOR_PERSON.id).language == "es"
    (line,) = [
        line for line in world.desk().ledger.trail.of(INSPECTOR_PERSON.id) if line.deed == "language.chosen"
    ]
    assert line.detail == {"language": "es"}
    languages.choose(world.desk(), "es")
    lines = [line.deed for line in world.desk().ledger.trail.of(INSPECTOR_PERSON.id)]
    assert lines.count("language.chosen") == 1


def test_administrators_choose_for_others_and_nobody_else_does(world):
    assert languages.choose_for(world.desk(ADMINISTRATOR), OWNER.id, "es").language == "es"
    with pytest.raises(NotAllowed):
        languages.choose_for(world.desk(), OWNER.id, "en")
    with pytest.raises(NotAllowed):
        languages.choose(world.desk(None), "es")


@pytest.mark.parametrize("code", ["xx", "ES", "es-MX", "../es"])
def test_a_language_that_is_not_spoken_here_is_refused(world, code):
    with pytest.raises(BadInput, match="language"):
        languages.choose(world.desk(), code)
    with pytest.raises(BadInput, match="language"):
        agency.save(world.desk(ADMINISTRATOR), replace(agency.get(world.desk()), language=code))


def test_the_agency_s_language_seals_and_draws_the_original(world):
    agency.save(world.desk(ADMINISTRATOR), replace(agency.get(world.desk()), language="es"))
    visit = world.start()
    world.answer(visit, COMPLETE)
    world.sign(visit)
    sealed = sealing.seal(world.desk(), visit.id)
    assert sealed.document["result"]["words"][0].startswith("Deducción: 100")
    assert reports.original_language(sealed) == "es"
    (issued,) = world.desk().ledger.reports.of(visit.id)
    assert (issued.kind, issued.language) == ("record", "es")
    assert reports.report(world.desk(), visit.id, "record").sha256 == issued.sha256
    english = reports.report(world.desk(), visit.id, "record", language="en")
    assert english.sha256 != issued.sha256 and english.filename.endswith("-record-en.pdf")
    with pytest.raises(BadInput, match="language"):
        reports.report(world.desk(), visit.id, "record", language="xx")
