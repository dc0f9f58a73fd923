"""The placard (d3) with its six cases, and what must always hold."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain.due import Calendar
from audit.domain.placard import (
    CLOSED,
    CONDITIONAL,
    ORDER,
    PASS,
    PASS_WITH_NOTES,
    SERVICES_CLOSED,
    Infraction,
    Placard,
    placard,
)

FRIDAY, TUESDAY = date(2025, 3, 7), date(2025, 3, 11)
SERVICES = ("smp", "nails")


def judged(*infractions: Infraction, minor_only: str = PASS_WITH_NOTES) -> Placard:
    return placard(infractions, SERVICES, FRIDAY, Calendar(), minor_only)


EXAMPLES = [
    ("none", [], PASS, None),
    ("one major", [Infraction("major")], CONDITIONAL, TUESDAY),
    ("one critical corrected", [Infraction("critical", True)], CONDITIONAL, TUESDAY),
    ("critical in one service", [Infraction("critical", False, "smp")], SERVICES_CLOSED, TUESDAY),
    ("sewage back-up", [Infraction("critical")], CLOSED, TUESDAY),
    ("two minor only", [Infraction("minor"), Infraction("minor")], PASS_WITH_NOTES, None),
]


@pytest.mark.parametrize(
    ("name", "infractions", "standing", "again"), EXAMPLES, ids=[row[0] for row in EXAMPLES]
)
def test_the_worked_examples_of_the_placard(
    name: str, infractions: list[Infraction], standing: str, again: date | None
) -> None:
    found = judged(*infractions)
    assert (found.standing, found.come_back_by) == (standing, again)


def test_the_service_that_is_not_concerned_passes() -> None:
    found = judged(Infraction("critical", False, "smp"))
    assert dict(found.services) == {"smp": CLOSED, "nails": PASS}
    assert found.closed == ("smp",)


def test_every_service_closed_closes_the_establishment() -> None:
    assert judged(*(Infraction("critical", False, one) for one in SERVICES)).standing == CLOSED


def test_what_minor_findings_alone_come_to_is_a_setting() -> None:
    assert judged(Infraction("minor"), minor_only=PASS).standing == PASS


INFRACTIONS = st.builds(
    Infraction,
    st.sampled_from(["critical", "major", "minor"]),
    st.booleans(),
    st.sampled_from([None, *SERVICES]),
)


@given(st.lists(INFRACTIONS), INFRACTIONS)
def test_another_infraction_never_makes_it_better(every: list[Infraction], more: Infraction) -> None:
    assert ORDER.index(judged(*every, more).standing) >= ORDER.index(judged(*every).standing)


@given(st.lists(INFRACTIONS))
def test_never_a_pass_with_an_uncorrected_critical(every: list[Infraction]) -> None:
    open_critical = any(one.severity == "critical" and not one.corrected_on_site for one in every)
    assert (judged(*every).standing in (SERVICES_CLOSED, CLOSED)) == open_critical
