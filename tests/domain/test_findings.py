"""What is OUT becomes a finding with its words, its remedy and its day."""

from datetime import date

from audit.domain.answers import PhotoLink, Raw
from audit.domain.findings import by_deadline
from tests.domain import making
from tests.domain.making import ANNA, BEA, IN, OUT, OUT_COS

CARE = making.checklist(
    """
    [[item]]
    key = "floor.clean"
    severity = "minor"
    [[item]]
    key = "needles.single-use"
    severity = "critical"
    corrective = "Use each needle once."
    correct_by = { days = 0, stop = true }
    [[item]]
    key = "licence.shown"
    severity = "critical"
    per = "practitioner"
    [[item]]
    key = "lamp.bright"
    severity = "major"
    official = false
    correct_by = { working_days = 5 }
    """,
    pack="""
    [[correct_by]]
    item = "lamp.bright"
    days = 30
    """,
)


def findings(answers, **how):
    return making.visit(CARE, answers, **how).findings


def test_only_what_is_out_is_found_in_the_order_of_the_checklist():
    found = findings({("licence.shown", None): OUT, ("floor.clean", None): OUT, ("lamp.bright", None): IN})
    assert [row.item for row in found] == ["floor.clean", "licence.shown"]


def test_a_finding_carries_words_remedy_and_day():
    links = {("needles.single-use", None): (PhotoLink("ab" * 32, "the tray"),)}
    (row,) = findings({("needles.single-use", None): OUT}, links=links)
    assert (row.number, row.severity, row.standing) == ("A-02", "critical", "official")
    assert (row.note, row.corrective) == ("It was wrong.", "Use each needle once.")
    assert row.correct_by == making.DAY and row.stop and row.uncorrected_critical
    assert row.photos == (PhotoLink("ab" * 32, "the tray"),)


def test_one_line_for_each_practitioner_who_is_out():
    answers = {("licence.shown", ANNA): OUT, ("licence.shown", BEA): OUT_COS}
    found = findings(answers, people=[ANNA, BEA])
    assert [(row.person, row.corrected_on_site) for row in found] == [(ANNA, False), (BEA, True)]
    assert [row.uncorrected_critical for row in found] == [True, False]


def test_the_day_is_the_inspectors_else_the_packs_else_the_items_else_by_severity():
    own_day = Raw(mark="OUT", note="x", correct_by="2025-03-05")
    assert findings({("lamp.bright", None): own_day})[0].correct_by == date(2025, 3, 5)
    assert findings({("lamp.bright", None): OUT})[0].correct_by == date(2025, 4, 2)
    assert findings({("needles.single-use", None): OUT})[0].correct_by == date(2025, 3, 3)
    assert findings({("licence.shown", None): OUT})[0].correct_by == date(2025, 3, 10)
    assert findings({("floor.clean", None): OUT})[0].correct_by == date(2025, 3, 17)


def test_a_finding_of_a_recommended_item_says_so():
    assert findings({("lamp.bright", None): OUT})[0].standing == "recommended"


def test_the_plan_begins_with_what_is_open_and_due_first():
    answers = {
        ("floor.clean", None): OUT,
        ("needles.single-use", None): OUT_COS,
        ("licence.shown", ANNA): OUT,
        ("lamp.bright", None): Raw(mark="OUT", note="x", correct_by="2025-03-10"),
    }
    plan = by_deadline(findings(answers, people=[ANNA]))
    assert [row.item for row in plan] == ["licence.shown", "lamp.bright", "floor.clean", "needles.single-use"]
