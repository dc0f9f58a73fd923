"""What a new installation still needs before its first visit, told to its administrators on every page."""

from dataclasses import dataclass

from flask import g, url_for

from audit.domain.tongue import say
from audit.operations import agency, clinics, inspections, people
from audit.operations.inspections import VisitFilter
from audit.web.gate import desk

DONE, NEXT, LATER = "done", "next", "later"


@dataclass(frozen=True)
class Step:
    """One step: its name, how far it is, and for the one that is next what to do and where."""

    words: str
    state: str
    href: str = ""
    deed: str = ""


def first_steps() -> list[Step]:
    """The steps of the first day; none once there was a visit, and none for those who cannot take them."""
    person = g.get("person")
    if person is None or person.role != "administrator":
        return []
    if inspections.visits(desk(), VisitFilter(), None, 1).rows:
        return []
    found = [
        (say("Administrator"), True, "", ""),
        (say("Agency"), bool(agency.get(desk()).name), url_for("agency.edit"), say("Name the agency")),
        (
            say("First clinic"),
            bool(clinics.search(desk(), limit=1).rows),
            url_for("clinics.new"),
            say("Add the first clinic"),
        ),
        (say("Who inspects"), _somebody_inspects(), url_for("people.new"), say("Add an inspector")),
        (say("First visit"), False, "", say("The inspector starts it on the clinic's page, signed in.")),
    ]
    following = next(place for place, (_, done, _, _) in enumerate(found) if not done)
    return [
        Step(words, DONE if done else NEXT if place == following else LATER, href, deed)
        for place, (words, done, href, deed) in enumerate(found)
    ]


def _somebody_inspects() -> bool:
    return any(one.active and one.role == "inspector" for one in people.list_people(desk()))
