"""The pages about what must be fixed: lists, the answer, the inspector's word, and the page behind a link."""

import csv
import io
import logging
import re
from dataclasses import replace

import pytest

from audit.domain.answers import Raw
from audit.operations import actions, agency, inspections, sealing
from audit.operations.actions import Answer
from audit.web.tables import harmless
from tests.operations import worlds
from tests.operations.worlds import ANNA, BO, INSPECTOR_PERSON, MISSION, OTHER_OWNER, OWNER
from tests.reports import reading

CORRECTED = "Gloves kept on between two clients."
ANSWERS = worlds.COMPLETE | {
    ("gloves.changed", None): Raw(mark="OUT", note=CORRECTED, corrected_on_site=True),
    ("permit.expiry", None): Raw(values={"date": "2026-02-01"}, note="=1+1 is not the way to count days."),
    ("licence.displayed", ANNA.id): Raw(mark="OUT", note="Only a copy."),
    ("licence.displayed", BO.id): Raw(mark="IN"),
    ("records.last", None): Raw(mark="IN"),
}


def sealed(world):
    visit = world.start()
    asked = {entry.key for entry in inspections.open_visit(world.desk(), visit.id).journey.entries()}
    world.answer(visit, {key: raw for key, raw in ANSWERS.items() if key in asked})
    world.photograph(visit, ("needles.single-use", None), "Two open packs")
    world.sign(visit)
    sealing.seal(world.desk(), visit.id)
    return visit


@pytest.fixture
def visit(house):
    return sealed(house.world)


@pytest.fixture
def owner(house):
    return house.browser(OWNER)


def needle(house, visit):
    rows = actions.of_visit(house.world.desk(), visit.id)
    return next(row.action.id for row in rows if row.action.item == "needles.single-use")


def pictures(*shades):
    return [(io.BytesIO(worlds.jpeg(shade)), f"{shade}.jpg") for shade in shades]


def link_of(browser, visit):
    """Make a link as a person would, and give its path."""
    page = browser.open(f"/visits/{visit.id}/fix-links")
    form = page.forms[-1]
    made = browser.send(form.action, form.filled({}))
    assert made.status == 200, made.words
    return made.text.split('value="http://localhost', 1)[1].split('"', 1)[0]


def form_for(page, ending):
    return next(form for form in page.forms if form.action.endswith(ending))


def test_the_list_is_filtered_by_its_address(house, inspector, visit):
    page = inspector.open("/actions")
    assert page.words.count(MISSION.name) == 3
    assert "3 to fix" in page.words
    assert MISSION.name in inspector.open("/actions?severity=critical").words
    assert "Nothing fits" in inspector.open("/actions?state=closed").words
    assert "Nothing fits" in inspector.open("/actions?overdue=y").words
    here = inspector.open(f"/actions?clinic={MISSION.id}&person={ANNA.id}")
    assert sum("/actions/" in link for link in here.links) == 1
    assert house.browser(OTHER_OWNER).open(f"/actions?clinic={MISSION.id}").status == 404
    assert "Nothing must be fixed" in house.browser(OTHER_OWNER).open("/actions").words


def test_the_table_is_the_list_and_no_spreadsheet_runs_it(inspector, visit):
    answer = inspector.client.get("/actions.csv?state=owed")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(rows) == 3 and {row["Clinic"] for row in rows} == {MISSION.name}
    assert "'=1+1 is not the way to count days." in {row["What was seen"] for row in rows}
    assert harmless("-1") == "'-1" and harmless("12 days") == "12 days"


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("Bin full;=1+1", "Bin full;'=1+1"),
        ("Bin full; \t@SUM(A1)", "Bin full; \t'@SUM(A1)"),
        ("Two lines\r\n-2", "Two lines\r\n'-2"),
        ('Bin full;"=1+1"', 'Bin full;"\'=1+1"'),
        (" =1+1", " '=1+1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("A-1; B+C = D", "A-1; B+C = D"),
    ],
)
def test_nor_where_a_semicolon_parts_the_cells(cell, kept):
    assert harmless(cell) == kept


def test_owner_answers_inspector_sends_back_then_accepts(house, inspector, owner, visit):
    address = f"/actions/{needle(house, visit)}"
    assert "clinic's turn" in inspector.open(address).words
    empty = owner.open(address)
    form = form_for(empty, "/fix")
    refused = owner.send(form.action, form.filled({"on": "2026-13-01"}))
    assert refused.status == 422 and "year-month-day" in refused.words
    refused = owner.send(form.action, form.filled({}))
    assert refused.status == 422 and "Say what was done" in refused.words
    sent = form.filled({"words": "Thrown away.", "on": "2026-03-03"})
    assert owner.send(form.action, sent | {"photos": pictures(20, 30)}).status == 303
    queue = inspector.open("/actions?state=fixed")
    assert address in queue.links and "1 came in" in inspector.open("/visits").words
    page = inspector.open(address)
    assert page.text.count("/thumb") == 0 and page.text.count('/screen"><img') == 3, "one before, two after"
    form = form_for(page, "/judge")
    assert inspector.send(form.action, form.filled({"deed": "sent-back"})).status == 422
    words = {"deed": "sent-back", "words": "The lower drawer too."}
    assert inspector.send(form.action, form.filled(words)).status == 303
    page = owner.open(address)
    assert "The lower drawer too." in page.words and "Sent back" in page.words
    form = form_for(page, "/fix")
    assert owner.send(form.action, form.filled({"words": "Emptied."})).status == 303
    form = form_for(inspector.open(address), "/judge")
    assert inspector.send(form.action, form.filled({"deed": "accepted"})).status == 303
    assert "Accepted" in owner.open(address).words
    late = inspector.send(form.action, form.filled({"deed": "accepted"}))
    assert late.status == 422 and "Nothing more is to be done" in late.words


def test_the_pages_of_clinic_and_visit_lead_there(house, inspector, owner, visit):
    for browser in (inspector, owner):
        assert "3 to fix" in browser.open(f"/clinics/{MISSION.id}").words
        read = browser.open(f"/visits/{visit.id}")
        assert f"/actions/{needle(house, visit)}" in read.links
        assert f"/visits/{visit.id}/fix-links" in read.links
    assert (
        f"/visits/{visit.id}/fix-links"
        not in house.browser(worlds.ADMINISTRATOR).open(f"/visits/{visit.id}").links
    )


# without an account -------------------------------------------------------------------------------------------


def test_a_link_shows_what_must_be_fixed_and_nothing_else(house, owner, visit):
    path = link_of(owner, visit)
    page = house.browser().open(path)
    assert page.status == 200 and "3 findings must be fixed" in page.words
    record = house.world.desk().ledger.records.get(visit.id)
    hidden = {
        INSPECTOR_PERSON.name,
        OWNER.name,
        "Bo Li",
        MISSION.address,
        MISSION.permit,
        CORRECTED,
        str(record.document["result"]["score"]),
        record.sha256,
        visit.id,
    }
    assert not [words for words in hidden if words in page.text]
    own = [link for link in page.links if link.startswith("/") and not link.startswith(path)]
    assert set(own) <= {"/visits", "/privacy", "/verify"}, (
        "the sign in the corner asks for a sign-in; the rest is public"
    )
    foreign = sealed(house.world)
    for elsewhere in (f"/visits/{visit.id}", f"/actions/{needle(house, foreign)}", "/actions.csv"):
        assert house.browser().open(elsewhere).status == 303
    form = form_for(page, needle(house, visit))
    other = form.action.replace(needle(house, visit), needle(house, foreign))
    assert house.browser().send(other, form.filled({"words": "Done."})).status == 404


def test_a_clinic_answers_over_the_link_from_a_phone(house, inspector, owner, visit):
    path = link_of(owner, visit)
    phone = house.browser()
    form = form_for(phone.open(path), needle(house, visit))
    empty = phone.send(form.action, form.filled({}))
    assert empty.status == 422 and "Say what was done" in empty.words
    sent = phone.send(form.action, form.filled({"words": "Thrown away."}) | {"photos": pictures(60)})
    assert sent.status == 303 and sent.response.location.startswith(path)
    page = phone.open(path)
    assert "2 findings must be fixed" in page.words and "Said to be fixed" in page.words
    step = actions.get(house.world.desk(), needle(house, visit)).action.steps[-1]
    shown = f"{path}/photos/{step.photos[0]}/screen"
    assert phone.open(shown).response.mimetype == "image/jpeg"
    assert phone.open(f"{path}/photos/{'0' * 64}/screen").status == 404
    assert phone.open(f"/photos/{step.photos[0]}/screen").status == 303
    again = phone.send(form.action, form.filled({"words": "Again."}))
    assert again.status == 422 and "waits for the inspector" in again.words
    assert "over its link" in inspector.open(f"/actions/{needle(house, visit)}").words


def test_a_link_can_be_ended_and_is_shown_once(house, inspector, visit):
    path = link_of(inspector, visit)
    page = inspector.open(f"/visits/{visit.id}/fix-links")
    assert path not in page.text and "Works until" in page.words
    form = form_for(page, "/end")
    assert inspector.send(form.action, form.filled({})).status == 303
    gone = house.browser().open(path)
    assert gone.status == 404 and "does not work any more" in gone.words


def test_the_link_of_the_plan_is_listed_and_ended_like_any_other(house, owner, visit, tmp_path):
    at = house.world.desk(worlds.ADMINISTRATOR)
    agency.save(at, replace(agency.get(at), site="http://localhost"))
    with owner.client.get(f"/visits/{visit.id}/reports/owner.pdf") as answer:
        (tmp_path / "plan.pdf").write_bytes(answer.data)
    (path,) = re.findall(r"http://localhost(/fix/[\w-]{43})", reading.text_of(tmp_path / "plan.pdf"))
    assert "3 findings must be fixed" in house.browser().open(path).words
    page = owner.open(f"/visits/{visit.id}/fix-links")
    assert "in the action plan" in page.words and path not in page.text
    form = form_for(page, "/end")
    assert owner.send(form.action, form.filled({})).status == 303
    assert house.browser().open(path).status == 404


def test_no_log_keeps_the_secret_of_a_link(house, inspector, visit, caplog):
    path = link_of(inspector, visit)
    with caplog.at_level(logging.INFO, logger="audit.web"):
        house.browser().open(path)
        house.browser().open(path + "/nothing")
    assert path.rsplit("/", 1)[1] not in caplog.text and "/fix/" in caplog.text


def test_the_queue_counts_up_to_a_hundred(inspector, house, visit):
    from audit.operations.actions import Counts
    from audit.web.actions import counts_shown

    with house.app.test_request_context():
        assert [number for _, number, _ in counts_shown(Counts(100, 99, 0))] == ["99", "100+"]
    actions.fix(house.world.desk(OWNER), needle(house, visit), Answer("Done."))
    assert ("1", "came in, to look at") in [
        row[1:] for row in counts_shown(actions.counts(house.world.desk()))
    ]
