"""Coming in by login and password, right or wrong, as the tests about people do."""

import pytest

from audit.domain.people import Person
from audit.domain.problems import NotAllowed
from audit.operations import signing_in
from tests.operations.conftest import PASSWORD

HOME, AWAY = "192.0.2.7", "198.51.100.9"
GOOD = "seven quiet herons wade"


def enter(desk, login: str = "ines", password: str = PASSWORD, address: str = HOME) -> signing_in.Session:
    return signing_in.sign_in(desk(), login, password, address)


def fail(desk, times: int, login: str = "ines", address: str = HOME) -> None:
    """Guess wrong as often as it is allowed to."""
    for _ in range(times):
        with pytest.raises(NotAllowed):
            enter(desk, login, "a wrong password", address)


def deeds(desk, person: Person) -> list[str]:
    return [line.deed for line in desk().ledger.trail.of(person.id)]
