"""A person's data, given out to that person or to who looks after people: JSON in a zip."""

import io
import json
import zipfile
from typing import Any

from audit.domain.canonical import instant_text
from audit.domain.people import Person
from audit.domain.problems import NotAllowed
from audit.domain.tongue import say
from audit.operations.desk import Desk

FILE, README = "person.json", "README.txt"


def of_myself(desk: Desk) -> bytes:
    """The zip with everything kept about the person at the desk.

    Raises:
        NotAllowed: when nobody is signed in.
    """
    if desk.actor is None:
        raise NotAllowed(say("Sign in first."))
    return _zip(desk, desk.ledger.people.get(desk.actor.id), whole=True)


def of_person(desk: Desk, person_id: str) -> bytes:
    """The same about somebody else, who asked for it; without what they say in self-audits that the clinic does not
    show: that is for themselves to take.

    Raises:
        NotFound: when there is no such person.
    """
    desk.must("person.export")
    return _zip(desk, desk.ledger.people.get(person_id), whole=False)


def _zip(desk: Desk, person: Person, whole: bool) -> bytes:
    with desk.ledger.reading() as ledger:
        document: dict[str, Any] = {
            "made_at": instant_text(desk.now),
            "agency": ledger.agency.get().name,
            "whole": whole,
            "kept": ledger.personal.about(person.id, whole),
            "papers": ledger.personal.papers(person.practitioners),
            "said_by_the_trail": ledger.personal.trail_about(person.id),
        }
    with desk.entry() as entry:
        entry.note("person.exported", person.id)
    words = say(
        "Everything this installation keeps about {name}, as it stands in its database. Left out is what opens"
        " something: passwords, keys, codes and links. Names in sealed records stay there as long as the records are"
        " kept.",
        name=person.name,
    )
    if not whole:
        words += " " + say(
            "What self-audits say is left out too, unless the clinic shows them to the agency."
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(FILE, json.dumps(document, ensure_ascii=False, indent=1))
        packed.writestr(README, f"{words}\n")
    return out.getvalue()
