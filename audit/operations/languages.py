"""Which language pages and reports speak to a person: chosen by the person, or by an administrator for somebody."""

from dataclasses import replace

from audit.domain.people import Person
from audit.domain.problems import BadInput, Fault, NotAllowed
from audit.domain.tongue import say
from audit.languages import NAMES
from audit.operations.desk import Desk


def choose(desk: Desk, language: str) -> Person:
    """Be spoken to in this language from now on; none leaves it to the browser.

    Raises:
        NotAllowed: when nobody is signed in.
        BadInput: for a language that is not spoken here.
    """
    if desk.actor is None or not desk.actor.active:
        raise NotAllowed(say("Sign in first."))
    return _keep(desk, desk.actor.id, language)


def choose_for(desk: Desk, person_id: str, language: str) -> Person:
    """The same for somebody else.

    Raises:
        NotFound: when there is no such person.
        BadInput: for a language that is not spoken here.
    """
    desk.must("person.edit")
    return _keep(desk, person_id, language)


def check(language: str) -> None:
    """Refuse a language that is not spoken here.

    Raises:
        BadInput: in words for the field ``language``.
    """
    if language not in ("", *NAMES):
        raise BadInput([Fault("language", say("Choose a language."))])


def _keep(desk: Desk, person_id: str, language: str) -> Person:
    check(language)
    before = desk.ledger.people.get(person_id)
    person = replace(before, language=language)
    if person != before:
        with desk.entry() as entry:
            entry.people.change(person)
            entry.note("language.chosen", person.id, {"language": language})
    return person
