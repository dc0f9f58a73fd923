"""The demo shows what the product does, is marked, and is loaded once."""

import io
import json
import shutil
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from hashlib import sha256

import pytest
from PIL import Image

from audit.cli import pictures
from audit.cli.common import desk_of
from audit.cli.demo_content import PEOPLE
from audit.domain.people import ROLES
from audit.operations import (
    actions,
    agency,
    clinics,
    closures,
    fixing,
    inspections,
    people,
    programmes,
    recalls,
    records,
    retention,
    schedule,
    signing_in,
)
from audit.operations.inspections import VisitFilter, open_visit
from tests.cli.conftest import contents


def test_it_is_marked_inside(demo):
    assert json.loads((demo / "demo.json").read_text("utf-8"))["format"] == "clinic-audit/demo/1"
    with desk_of(demo) as desk:
        assert "demo" in agency.get(desk).name.lower()


def test_a_second_run_changes_nothing(run, demo_copy):
    before = contents(demo_copy)
    told = run("demo", "--data", demo_copy).stdout
    assert told.startswith("Already loaded")
    assert PEOPLE[0].password in told
    assert contents(demo_copy) == before


def test_it_takes_no_folder_that_holds_something_else(run, empty, tmp_path):
    before = contents(empty)
    assert "a folder of its own" in run("demo", "--data", empty, code=1).stderr
    assert contents(empty) == before
    assert not list(tmp_path.glob(".*")), "nothing is left behind"


def test_its_folder_is_not_the_agency_s(run, demo, tmp_path, monkeypatch):
    shutil.copytree(demo, tmp_path / "clinic-audit-demo")
    monkeypatch.chdir(tmp_path)
    assert "Already loaded: clinic-audit-demo" in run("demo").stdout


def test_a_person_of_each_role_can_sign_in(demo_copy):
    assert {person.role for person in PEOPLE} == set(ROLES)
    with desk_of(demo_copy) as desk:
        for person in PEOPLE:
            assert len(person.password) >= 15
            assert (
                signing_in.sign_in(desk, person.login, person.password, "127.0.0.1").person.name
                == person.name
            )


def test_there_are_four_clinics_with_different_profiles(demo):
    with desk_of(demo) as desk:
        rows = [row.clinic for row in clinics.search(desk).rows]
    assert len(rows) == 4
    assert len({json.dumps(dict(clinic.profile), sort_keys=True) for clinic in rows}) == 4
    assert {clinic.jurisdiction for clinic in rows} == {"us-ca", "us-tx", "ca-on-toronto"}


def test_visits_are_sealed_and_running(visits):
    found = sorted((row["kind"], row["state"], row["status"] or "", row["findings"] or 0) for row in visits)
    assert found == [
        ("inspection", "running", "", 0),
        ("inspection", "sealed", "findings", 1),
        ("inspection", "sealed", "findings", 1),
        ("inspection", "sealed", "findings", 3),
        ("inspection", "sealed", "uncorrected-critical", 2),
        ("inspection", "sealed", "uncorrected-critical", 6),
        ("self-audit", "running", "", 0),
        ("self-audit", "sealed", "findings", 2),
        ("self-audit", "sealed", "findings", 2),
    ]


def test_dates_lie_around_the_day_of_loading(visits):
    today = datetime.now(UTC).date()
    days = sorted((today - datetime.fromisoformat(row["inspected_on"]).date()).days for row in visits)
    assert all(
        abs(found - wanted) <= 1
        for found, wanted in zip(days, (0, 0, 1, 8, 22, 36, 50, 360, 392), strict=True)
    )


def test_six_findings_and_four_photos_in_one_of_at_least_sixty_items(demo, visits):
    row = next(row for row in visits if row["findings"] == 6)
    with desk_of(demo) as desk:
        visit = open_visit(desk, row["id"])
    assert visit.journey.total >= 60
    assert sum(len(links) for links in visit.links.values()) == 4
    assert sum(finding.corrected_on_site for finding in visit.findings) == 2
    assert len(visit.inspection.practitioners) == 4
    ended = visit.inspection.finished_at
    assert ended is not None
    assert ended - visit.inspection.started_at > timedelta(hours=1)


def test_the_running_one_is_half_answered(demo, visits):
    row = next(row for row in visits if (row["kind"], row["state"]) == ("inspection", "running"))
    with desk_of(demo) as desk:
        journey = open_visit(desk, row["id"]).journey
    assert 0.4 < journey.answered / journey.total < 0.8
    assert not [entry for entry in journey.entries() if entry.reading.faults]


def test_what_was_found_is_being_fixed(demo, visits):
    """One of each: still owed, come in over the link with a photo, sent back, accepted."""
    row = next(row for row in visits if row["findings"] == 6)
    with desk_of(demo) as desk:
        owed = actions.of_visit(desk, row["id"])
        found = actions.find(desk, actions.Wanted()).rows
        given = fixing.given_out(replace(desk, actor=_inspector(desk)), row["id"])
        assert [one.in_report for one in given].count(False) == 1, "one that was given out by hand"
    assert sorted(told.action.state for told in owed) == ["accepted", "fixed", "open", "sent-back"]
    assert sum(bool(step.photos) for told in owed for step in told.action.steps) == 2
    here = [told.action for told in found if told.clinic_name == owed[0].clinic_name]
    earlier = [action.state for action in here if action.inspection_id != row["id"]]
    assert sorted(earlier) == ["confirmed", "confirmed", "confirmed", "found-again"], (
        "at the visits after theirs"
    )


def test_visits_are_kept_so_many_years_and_the_closed_one_for_its_hearing(demo):
    with desk_of(demo) as desk:
        kept = retention.standing(desk)
        assert kept.rules == {"inspection": 7, "self-audit": 3} and kept.due == ()
        (held,) = kept.holds
        assert "hearing" in held.reason and closures.of_visit(desk, held.inspection_id)


def test_something_is_planned_missed_closed_and_found_again(demo):
    with desk_of(demo) as desk:
        inside = replace(desk, actor=_inspector(desk))
        planned = schedule.find(inside, schedule.Wanted()).rows
        toronto = next(row for row in planned if row.clinic_name.startswith("Queen Street"))
        assert sorted(row.state for row in planned) == ["overdue", "planned", "planned", "planned"]
        assert toronto.planned.by_rule and toronto.planned.purpose == "follow-up"
        (closed,) = closures.of_clinic(inside, toronto.planned.clinic_id)
        assert (closed.scope, closed.subject) == ("service", "Scalp micropigmentation")
        follow_up = next(row for row in visits_of(inside) if row.purpose == "follow-up")
        document = records.standing(inside, follow_up.id).document
        assert [row["item"] for row in document["findings"] if row.get("repeats")] == ["premises.furniture"]
        assert len(document["former"]) == 3 and document["scope"]
        crown = next(row for row in planned if row.clinic_name.startswith("Crown")).planned.clinic_id
        assert len(programmes.of(inside, crown).missed) == 4


def test_letters_lie_in_the_outbox_and_lead_to_this_demo(demo):
    """The letter of the seal with its link, the recall's, and the reminders of a morning, one for each who is due."""
    found = [message_from_bytes(one.read_bytes(), policy=default) for one in (demo / "outbox").glob("*.eml")]
    to = Counter((str(one["To"]), _kind(str(one["Subject"]))) for one in found)
    assert to["studio@demo.example", "findings"] == 1 and to["owner@demo.example", "recall"] == 2
    assert {who for (who, kind) in to if kind == "due"} >= {
        "owner@demo.example",
        "inspector@demo.example",
        "artist@demo.example",
    }
    (letter,) = (one for one in found if "fix/" in one.get_content())
    token = letter.get_content().partition("http://localhost:8000/fix/")[2].split()[0]
    with desk_of(demo) as desk:
        # The demo is for reading only, so that nobody opens the link: that it is this visit's is enough.
        link = desk.ledger.fix_links.by_token(sha256(token.encode()).hexdigest())
        assert link is not None and link.works(desk.now)
        assert desk.ledger.letters.troubled() == 0


def _kind(subject):
    return next(
        (
            kind
            for kind, words in {"findings": "must be fixed", "recall": "Recall", "due": " due"}.items()
            if words in subject
        ),
        "",
    )


def test_a_recall_met_a_lot_that_was_in_use_at_a_visit(demo):
    with desk_of(demo) as desk:
        inside = replace(desk, actor=_inspector(desk))
        (row,) = recalls.listed(inside)
        told = recalls.get(inside, row.recall.id)
        assert sorted(one.concerned.state for one in told.clinics) == ["quarantined", "told"]
        assert any(hit.visits for hit in recalls.whereabouts(inside, row.recall))


def visits_of(desk):
    return inspections.visits(desk, VisitFilter()).rows


def _inspector(desk):
    return next(one for one in people.list_people(desk) if one.role == "inspector")


@pytest.mark.parametrize("draw", [pictures.tray, pictures.sharps_box, pictures.shelf, pictures.sink])
def test_pictures_are_photographs_in_size_and_the_same_each_time(draw):
    data = draw()
    image = Image.open(io.BytesIO(data))
    assert (image.format, image.size) == ("JPEG", (1600, 1200))
    assert 40_000 < len(data) < 500_000
    assert data == draw()
