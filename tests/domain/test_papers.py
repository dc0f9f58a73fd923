"""Papers with an end: which they are and how long each still holds."""

from datetime import date

import pytest

from audit.domain import papers
from audit.domain.answers import NOT_SHOWN, Answer
from audit.domain.limits import Limit
from tests.domain import making

TOML = """
    [[item]]
    key = "permit.expiry"
    prompt = "Expiry date of the facility permit"
    [[item.part]]
    key = "date"
    kind = "date"
    limit = { kind = "expires", warn_days = 30 }
    [[item]]
    key = "training.last"
    prompt = "Was everybody trained?"
    per = "practitioner"
    [[item.part]]
    key = "date"
    kind = "date"
    label = "Last training"
    limit = { kind = "max-age", months = 12, days = 1 }
    [[item]]
    key = "needles.expiry"
    [[item.part]]
    key = "date"
    kind = "date"
    limit = { kind = "expires", warn_days = 30 }
    [[item]]
    key = "licence.posted"
"""
MINI = making.checklist(TOML)
TODAY = date(2026, 3, 3)


def answer(item: str, day: str = "", person: str | None = None, absent: str | None = None) -> Answer:
    return Answer(
        item=item,
        person=person,
        mark="IN",
        derived=None,
        values={"date": day} if day else {},
        absent=absent,
        note="",
        reason="",
        corrected_on_site=False,
        correct_by=None,
    )


def test_only_dated_papers_are_papers_the_most_urgent_first():
    found = papers.held(
        MINI,
        [
            answer("permit.expiry", "2026-12-31"),
            answer("needles.expiry", "2026-03-01"),
            answer("licence.posted"),
            answer("training.last", "2025-02-28", making.ANNA),
            answer("training.last", "", making.BEA, NOT_SHOWN),
        ],
    )
    assert [(paper.name, paper.person, paper.ends) for paper in found] == [
        ("Last training", making.BEA, None),
        ("Last training", making.ANNA, date(2026, 3, 1)),
        ("Facility permit", None, date(2026, 12, 31)),
    ]
    assert [paper.state(TODAY) for paper in found] == ["missing", "over", "holds"]
    assert [paper.days_left(TODAY) for paper in found] == [None, -2, 303]


@pytest.mark.parametrize(
    ("ends", "state"),
    [
        (date(2026, 3, 2), "over"),
        (date(2026, 3, 3), "ending"),
        (date(2026, 4, 2), "ending"),
        (date(2026, 4, 3), "holds"),
    ],
)
def test_the_last_day_still_holds_and_its_limit_says_when_to_warn(ends, state):
    (paper,) = papers.held(MINI, [answer("permit.expiry", ends.isoformat())])
    assert paper.warn_days == 30 and paper.state(TODAY) == state


def test_a_limit_without_a_warning_warns_as_all_do():
    (paper,) = papers.held(MINI, [answer("training.last", "2025-04-01", making.ANNA)])
    assert paper.warn_days == papers.SOON


@pytest.mark.parametrize(
    ("day", "ends"),
    [("2024-02-29", date(2025, 3, 1)), ("2025-12-31", date(2027, 1, 1)), ("2025-01-31", date(2026, 2, 1))],
)
def test_an_age_in_months_ends_on_a_day_there_is(day, ends):
    limit, end = papers.end_of(MINI.item("training.last"), {"date": day}) or (None, None)
    assert isinstance(limit, Limit) and end == ends
