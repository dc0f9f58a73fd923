"""What 'work' does once a day: the trail is anchored (and mailed), what is due is erased; reports are stamped."""

import json
from dataclasses import replace

import pytest

from audit.cli import daily
from audit.config import Settings
from audit.operations import post, retention, sealing, verify
from audit.store.links import LinkRow
from tests.operations import worlds
from tests.operations.test_verify import opened
from tests.operations.worlds import ADMINISTRATOR, COMPLETE, INSPECTOR_PERSON


@pytest.fixture
def world(tmp_path):
    return worlds.make(tmp_path / "data")


def test_the_trail_is_anchored_once_a_day_and_mailed(world):
    settings = Settings(data=world.data, anchor_mail="witness@office.example")
    with world.desk().entry() as entry:
        entry.links.give_out(LinkRow("b" * 64, "password", INSPECTOR_PERSON.id, world.now))
        entry.note("made", "")
    world.later(days=40)
    told = daily.daily(world.desk(ADMINISTRATOR), settings)
    assert told == "anchor: 2026-04-12.json"
    assert daily.daily(world.desk(ADMINISTRATOR), settings) == ""
    (letter,) = post.listed(world.desk(ADMINISTRATOR))
    anchored = json.loads((world.data / "anchors" / "2026-04-12.json").read_text())
    (text,) = (row.letter.text for row in world.desk().ledger.letters.newest(9))
    assert letter.letter.address == "witness@office.example" and anchored["head"] in text
    assert world.desk().ledger.links.get("b" * 64) is None
    found = verify.verify(world.desk(ADMINISTRATOR))
    assert found.faults == () and found.anchors == 1
    world.later(days=1)
    assert (
        daily.daily(world.desk(ADMINISTRATOR), replace(settings, anchor_mail="")) == "anchor: 2026-04-13.json"
    )
    assert len(post.listed(world.desk(ADMINISTRATOR))) == 1


def test_files_that_are_none_of_a_visits_are_told(world, run):
    visit = world.start()
    retention.rule(world.desk(ADMINISTRATOR), {"inspection": 3})
    db = opened(world.data)
    row = (visit.id, "9999-01-01T00:00:00Z", 3, "", "", "[]", '["../secret.key"]', "[]")
    db.execute("INSERT INTO erasures VALUES (?, ?, ?, ?, NULL, ?, ?, ?, ?)", row)
    db.close()
    fault = f"visit {visit.id} was erased, and its files stay: one is none of a visit's"
    told = daily.daily(world.desk(ADMINISTRATOR), Settings(data=world.data))
    assert told.startswith("anchor: ") and told.endswith(f"; FAULT: {fault}")
    assert fault in run("retention", "--data", world.data, code=1).stderr


def test_an_authority_that_is_away_is_said_in_one_line(world):
    visit = world.start()
    world.answer(visit, COMPLETE)
    world.sign(visit)
    sealing.seal(world.desk(), visit.id)
    desk = world.desk(ADMINISTRATOR)
    assert daily.stamps(desk, Settings(data=world.data)) == ""
    told = daily.stamps(desk, Settings(data=world.data, tsa_url="http://127.0.0.1:9/"))
    assert told.startswith("time stamps: 0, 1 wait: ") and "\n" not in told
