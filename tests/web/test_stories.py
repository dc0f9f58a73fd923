"""What pages tell must be what the domain says: while a visit runs, and from its record once sealed."""

from dataclasses import replace

from audit.domain.answers import Raw
from audit.operations import records, sealing
from audit.operations.inspections import open_visit
from audit.web import stories
from audit.web.progress import progress_of
from tests.domain import making
from tests.operations import worlds
from tests.operations.worlds import COMPLETE

DEPENDENT = """
    [[item]]
    key = "cycle.minimum"
    [[item.part]]
    key = "minutes"
    kind = "number"
    [[item]]
    key = "cycle.time"
    [[item.part]]
    key = "minutes"
    kind = "number"
    limit = { kind = "at-least-part", part = "cycle.minimum#minutes" }
"""


def test_a_sealed_visit_tells_the_same_story_as_before_the_seal(house):
    visit = house.world.start(present=("Una Brook",))
    house.world.answer(visit, COMPLETE)
    house.world.photograph(visit, ("needles.single-use", None), "Tray")
    house.world.sign(visit)
    before = stories.running(open_visit(house.world.desk(), visit.id))
    record = sealing.seal(house.world.desk(), visit.id)
    opened = open_visit(house.world.desk(), visit.id)
    after = stories.sealed(opened.checklist, records.sealed(house.world.desk(), visit.id))
    assert after.sha256 == record.sha256
    assert dict(after.result.counts) == dict(before.result.counts)
    assert alike(after) == alike(before)
    assert set(before.names.items()) <= set(after.names.items())


def alike(story):
    """A story without what only one of the two sources has: the fingerprint, who else is named, and an order."""
    return replace(story, names={}, sha256="", result=replace(story.result, counts=()))


def in_short(visit):
    progress = progress_of(visit)
    return [(one.row.key, one.row.answered, one.row.total, one.row.state_words) for one in progress.sections]


def told_by_the_domain(visit):
    return [
        (state.section.key, state.answered, state.total, state.state.capitalize())
        for state in visit.journey.sections
    ]


def test_progress_is_what_the_journey_says_after_every_answer(house, inspector):
    visit = house.world.start(facts={"procedure_observed": False})
    raws = [
        {("needles.single-use", None): Raw(mark="OUT")},
        {("needles.single-use", None): Raw(mark="OUT", note="Seen.")},
        {("gloves.changed", None): Raw(mark="IN")},
        {("gloves.changed", None): Raw()},
        {("permit.expiry", None): Raw(values={"date": "2026-01-01"})},
        *({key: raw} for key, raw in COMPLETE.items()),
    ]
    with house.app.test_request_context():
        for raw in raws:
            house.world.answer(visit, raw)
            now = open_visit(house.world.desk(), visit.id)
            assert in_short(now) == told_by_the_domain(now)


def test_progress_follows_answers_of_other_sections(tmp_path, house, monkeypatch):
    files = making.files
    monkeypatch.setattr(
        making,
        "files",
        lambda items, **how: files(items, sections={"A": ["cycle.minimum"], "B": ["cycle.time"]}, **how),
    )
    world = worlds.make(tmp_path / "other", items=DEPENDENT)
    visit = world.start(facts={})
    with house.app.test_request_context():
        for minutes in ("4", "30", "", "8"):
            world.answer(visit, {("cycle.time", None): Raw(values={"minutes": "10"})})
            world.answer(visit, {("cycle.minimum", None): Raw(values={"minutes": minutes}, mark="IN")})
            now = open_visit(world.desk(), visit.id)
            assert in_short(now) == told_by_the_domain(now)
            section = progress_of(now).of("b")
            assert section.items[0].entries[0].reading == now.readings[("cycle.time", None)]
