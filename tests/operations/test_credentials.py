"""Papers: entered, renewed, seen, removed; and who may work by them."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from audit.domain.problems import BadInput, NotAllowed, NotFound, NotNow, Stale
from audit.operations import actions, clinics, credentials, photos, walls
from audit.operations.credentials import PaperFields
from tests.operations import papering, worlds
from tests.operations.papering import BLOODBORNE, LICENCE, PERMIT, TODAY, fit, paper
from tests.operations.test_clocks import inspect
from tests.operations.worlds import (
    ADMINISTRATOR,
    ANNA,
    BO,
    INSPECTOR_PERSON,
    MISSION,
    OTHER_OWNER,
    OWNER,
    PRACTITIONER,
)


@pytest.fixture
def world(tmp_path):
    return papering.make(tmp_path / "data")


def board(world, person=OWNER):
    return credentials.board(world.desk(person), MISSION.id)


def of(world, practitioner=ANNA):
    return next(one for one in board(world).people if one.practitioner.id == practitioner.id)


def states(world, practitioner=ANNA):
    return {one.kind: one.standing.state for one in of(world, practitioner).papers}


def test_what_the_checklist_asks_for_and_nobody_entered_is_missing(world):
    assert states(world) == {LICENCE: "missing", BLOODBORNE: "missing", "hepatitis-b": "missing"}, (
        "training that no rule asks for is not among them"
    )
    assert [one.kind for one in board(world).stopped] == [PERMIT]
    assert of(world).allowed == ()


def test_with_the_papers_that_stop_work_somebody_may_work(world):
    fit(world)
    assert of(world).allowed == ("smp", "tattoo") and of(world, BO).allowed == ()
    assert not board(world).stopped, "hepatitis B has ten working days and stops nobody"
    assert {reason.split(":")[0] for reason in of(world, BO).may["smp"].reasons} == {
        "Practitioner licence or registration",
        "Bloodborne pathogen certificate",
    }


def test_a_licence_for_one_procedure_lets_nobody_do_the_other(world):
    fit(world)
    found = next(one.paper for one in of(world).papers if one.kind == LICENCE)
    credentials.edit(
        world.desk(OWNER), found.id, PaperFields(LICENCE, ANNA.id, covers=("smp",)), None, found.rev
    )
    assert of(world).allowed == ("smp",)


def test_a_certificate_without_an_end_holds_as_long_as_the_pack_says(world):
    made = paper(world, BLOODBORNE, days=None, issued=date(2025, 3, 2))
    page = credentials.get(world.desk(OWNER), made.id)
    assert page.told.paper and page.told.paper.expires == date(2026, 3, 2)
    assert page.told.standing.state == "expired"
    assert credentials.typed(world.desk(OWNER), made.id).expires is None


def test_a_permit_for_another_address_does_not_cover_this_one(world):
    paper(world, PERMIT, "", place="2 Other Street")
    assert [one.standing.words for one in board(world).own] == ["Names another address"]
    assert board(world).stopped
    again = paper(world, PERMIT, "", place="1 Mission St., San Francisco", days=300)
    assert again.id in {one.paper.id for one in board(world).own}
    assert not board(world).stopped, "the one that ends last counts"


def test_renewing_keeps_the_old_paper_and_forgets_what_hung_there(world):
    old = paper(world, days=5)
    credentials.see(world.desk(), old.id, True)
    seen = credentials.get(world.desk(OWNER), old.id).told.paper
    assert seen and seen.displayed is True and seen.seen_on == TODAY
    number = str(uuid4())
    wanted = PaperFields("insurance", "", number="N-2", expires=TODAY + timedelta(days=370))
    new = credentials.renew(world.desk(OWNER), old.id, wanted, None, number)
    assert credentials.renew(world.desk(OWNER), old.id, wanted, None, number) == new, "pressed twice"
    assert (new.kind, new.holder) == (LICENCE, ANNA.id), "a renewed paper is of the same kind and person"
    assert new.as_entered and new.displayed is None
    assert [one.paper.id for one in of(world).papers if one.kind == LICENCE] == [new.id]
    assert credentials.get(world.desk(OWNER), new.id).earlier == (seen,)
    assert not credentials.get(world.desk(OWNER), old.id).counts
    with pytest.raises(NotNow):
        credentials.renew(world.desk(OWNER), old.id, wanted)
    credentials.remove(world.desk(OWNER), new.id)
    assert [one.paper.id for one in of(world).papers if one.kind == LICENCE] == [old.id]


def test_a_renewed_paper_ends_later(world):
    old = paper(world, days=5)
    with pytest.raises(BadInput, match="later"):
        credentials.renew(world.desk(OWNER), old.id, PaperFields("", expires=old.expires))


def test_a_paper_that_was_renewed_is_history(world):
    old = paper(world, days=5)
    new = credentials.renew(world.desk(OWNER), old.id, PaperFields("", expires=TODAY + timedelta(days=400)))
    for deed in (
        lambda: credentials.edit(world.desk(OWNER), old.id, PaperFields(LICENCE, ANNA.id), None, old.rev),
        lambda: credentials.remove(world.desk(OWNER), old.id),
        lambda: credentials.see(world.desk(), old.id, True),
    ):
        with pytest.raises(NotNow, match="renewed already"):
            deed()
    credentials.see(world.desk(), new.id, True)
    credentials.remove(world.desk(OWNER), new.id)
    credentials.remove(world.desk(OWNER), old.id)  # what followed was a mistake


def test_a_change_has_to_be_seen_again_and_meets_no_older_one(world):
    made = paper(world)
    credentials.see(world.desk(), made.id, False)
    assert states(world)[LICENCE] == "not-displayed"
    wanted = PaperFields(LICENCE, ANNA.id, number="N-1", issuer="County", expires=made.expires)
    same = credentials.edit(world.desk(OWNER), made.id, wanted, None, 1)
    assert same.rev == 1 and states(world)[LICENCE] == "not-displayed", "nothing was changed"
    changed = credentials.edit(world.desk(OWNER), made.id, replace(wanted, number="N-9"), None, 1)
    assert changed.rev == 2 and states(world)[LICENCE] == "valid"
    with pytest.raises(Stale):
        credentials.edit(world.desk(OWNER), made.id, replace(wanted, number="N-8"), None, 1)


def test_no_word_and_no_picture_about_health(world):
    for wrong in ({"number": "HBsAb 120"}, {"scan": worlds.jpeg()}):
        with pytest.raises(BadInput, match="medical"):
            paper(world, "hepatitis-b", **wrong)
    assert paper(world, "hepatitis-b", days=None).number == ""


def test_a_scan_goes_the_way_of_photos_and_a_pdf_is_refused_in_words(world):
    with pytest.raises(BadInput, match="This is a PDF"):
        paper(world, scan=b"%PDF-1.7\n...")
    with pytest.raises(BadInput, match="scan"):
        paper(world, scan=b"GIF89a")
    made = paper(world, scan=worlds.jpeg(33))
    for person in (OWNER, INSPECTOR_PERSON, ADMINISTRATOR):
        assert photos.path(world.desk(person), made.scan or "", "thumb").is_file()
    with pytest.raises(NotFound):
        photos.path(world.desk(OTHER_OWNER), made.scan or "", "thumb")


def test_other_peoples_papers_do_not_exist(world):
    made = paper(world)
    other = world.desk(OTHER_OWNER)
    for deed in (
        lambda: credentials.get(other, made.id),
        lambda: credentials.renew(other, made.id, PaperFields("")),
        lambda: credentials.remove(other, made.id),
        lambda: credentials.get(other, str(uuid4())),
    ):
        with pytest.raises(NotFound, match=r"^There is no such paper\.$"):
            deed()
    with pytest.raises(NotFound, match="clinic"):
        credentials.add(other, MISSION.id, PaperFields(LICENCE, ANNA.id))
    with pytest.raises(NotAllowed):
        credentials.see(world.desk(OWNER), made.id, True)


def test_every_deed_is_in_the_trail_without_a_name(world):
    made = paper(world)
    credentials.see(world.desk(), made.id, True)
    new = credentials.renew(world.desk(OWNER), made.id, PaperFields("", expires=TODAY + timedelta(days=900)))
    credentials.remove(world.desk(OWNER), new.id)
    lines = list(
        world.desk().ledger.trail.told(("paper.added", "paper.seen", "paper.renewed", "paper.removed"))
    )
    assert [line.deed for line in lines] == ["paper.added", "paper.seen", "paper.renewed", "paper.removed"]
    assert lines[0].detail == {"clinic": MISSION.id, "kind": LICENCE, "holder": ANNA.id}
    assert world.desk().ledger.differences() == ()


def test_the_wall_sheet_names_those_who_may_work(world):
    assert walls.wall(world.desk(OWNER), MISSION.id).stopped
    fit(world)
    wall = walls.wall(world.desk(OWNER), MISSION.id)
    assert [(one.name, one.licence) for one in wall.workers] == [("Anna Quill", "N-1")]
    assert not wall.stopped and ("Facility permit", "BA-1, until Sat 19 Sep 2026") in wall.permits
    data = walls.draw(world.desk(OWNER), MISSION.id, "a4")
    assert data.startswith(b"%PDF-") and data == walls.draw(world.desk(OWNER), MISSION.id, "a4")
    with pytest.raises(BadInput):
        walls.draw(world.desk(OWNER), MISSION.id, "a7")


def test_a_practitioner_keeps_own_papers_and_sees_no_others(world):
    hers, his, permit = paper(world, days=5), paper(world, holder=BO.id), paper(world, PERMIT, "")
    at = world.desk(PRACTITIONER)
    ((found, one),) = credentials.own(at)
    assert found.clinic == world.desk().ledger.clinics.get(MISSION.id) and one.practitioner == ANNA
    new = credentials.renew(at, hers.id, PaperFields("", expires=TODAY + timedelta(days=400)))
    page = credentials.get(at, new.id)
    assert page.told.entered_by == "Anna Quill" and page.may_edit and new.as_entered
    for other in (his, permit):
        with pytest.raises(NotFound, match=r"^There is no such paper\.$"):
            credentials.get(at, other.id)
    assert credentials.holders(at, page.clinic) == (ANNA,)
    with pytest.raises(NotFound, match="clinic"):
        paper(world, holder=BO.id, person=PRACTITIONER)
    with pytest.raises(NotFound, match="clinic"):
        credentials.edit(at, new.id, PaperFields(LICENCE, BO.id), None, 1)
    with pytest.raises(NotAllowed):
        credentials.own(world.desk(OWNER))


def test_whoever_left_the_clinic_keeps_nothing_there_any_more(world):
    hers, owner = paper(world, days=5), world.desk(OWNER)

    def now():
        return world.desk(world.desk().ledger.people.get(PRACTITIONER.id))

    assert credentials.get(now(), hers.id).may_edit
    clinics.edit_practitioner(owner, ANNA.id, ANNA.name, ANNA.title, active=False)
    at = now()
    assert at.actor.practitioners == {ANNA.id} and not at.actor.clinics
    assert credentials.own(at) == () and actions.find(at, actions.Wanted()).rows == ()
    for deed in (
        lambda: credentials.get(at, hers.id),
        lambda: credentials.remove(at, hers.id),
        lambda: paper(world, BLOODBORNE, person=at.actor),
    ):
        with pytest.raises(NotFound):
            deed()
    clinics.edit_practitioner(owner, ANNA.id, ANNA.name, ANNA.title)
    assert credentials.get(now(), hers.id).may_edit


def test_an_inspection_tells_what_hangs_on_the_wall(world):
    hers, his = paper(world), paper(world, holder=BO.id)
    visit = inspect(world)
    seen = [credentials.typed(world.desk(OWNER), one.id) for one in (hers, his)]
    assert [(one.displayed, one.seen_on) for one in seen] == [(True, TODAY), (False, TODAY)]
    (line, _) = world.desk().ledger.trail.told(("paper.seen",))
    assert line.object == hers.id and line.detail == {"displayed": True, "visit": visit.id}
    assert states(world, BO)[LICENCE] == "not-displayed"
