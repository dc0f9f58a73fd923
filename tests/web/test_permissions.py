"""Who gets what by which door: every door, by every method, about every kind of thing, as everybody.

The answers stand in ``permitted.txt``, one line a door, method and thing, one column a person. A door without a line
fails, so that nobody opens one without saying for whom. All things belong to the clinic of the owner; the other
owner has another one.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from audit.app import create_app
from audit.config import Settings
from audit.operations import desk as desks
from audit.operations import noting, passwords
from audit.web.gate import PUBLIC
from tests.operations import worlds
from tests.web.api.conftest import OURS
from tests.web.conftest import PASSWORD, Browser
from tests.web.walking import METHODS, NOWHERE, ROLES, Knock, addresses, furnish, walk

TABLE = Path(__file__).with_name("permitted.txt")
COLUMNS = [*ROLES, "nobody"]
WHERE = tuple[str, str, str]


def permitted() -> dict[WHERE, dict[str, int]]:
    rows = {}
    for line in TABLE.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            where, answers = line.rsplit(":", 1)
            endpoint, method, thing = where.split(maxsplit=2)
            rows[endpoint, method, thing.strip()] = dict(zip(COLUMNS, map(int, answers.split()), strict=True))
    return rows


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, dict[str, str]]]:
    world = worlds.make(tmp_path_factory.mktemp("furnished") / "data")
    kept = passwords.CHEAP.hash(PASSWORD)
    with world.desk(worlds.ADMINISTRATOR).entry() as entry:
        for person in ROLES.values():
            entry.people.keep_password(person.id, kept)
        entry.note("passwords.set", "")
    things = furnish(world)
    desks.close(world.data)
    return world.data, things


@pytest.fixture(autouse=True)
def _everything_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever walks past every door is refused more often than is written down."""
    monkeypatch.setattr(noting, "MOST_AN_HOUR", 10_000)


@pytest.fixture
def place(furnished: Any, tmp_path: Path) -> Iterator[Any]:
    """The furnished agency, in a folder of its own."""
    data = Path(shutil.copytree(furnished[0], tmp_path / "data"))
    world = worlds.World(data)
    app = create_app(Settings(data=data), clock=lambda: world.now)
    app.testing = False
    yield SimpleNamespace(world=world, app=app, things=furnished[1])
    desks.close(data)


@dataclass(frozen=True)
class Walk:
    """What every door answered one person, and the lines of the trail that this left."""

    knocks: list[Knock]
    told: list[Any]


WalkOf = Callable[[str], Walk]


@pytest.fixture(scope="module")
def walked() -> dict[str, Walk]:
    """The walks that were made; each takes seconds, and several tests look at one."""
    return {}


@pytest.fixture
def walk_of(walked: dict[str, Walk], request: pytest.FixtureRequest) -> Callable[[str], Walk]:
    """``walk_of(role)`` is a walk through an agency that nobody else walked in."""

    def made(role: str) -> Walk:
        if role not in walked:
            place = request.getfixturevalue("place")
            before = len(lines(place))
            knocks = list(walk(place.app, Browser(place.app, ROLES.get(role)), place.things))
            walked[role] = Walk(knocks, lines(place)[: -before or None])
        return walked[role]

    return made


def test_every_door_has_its_lines_and_no_line_is_left_over(place: Any) -> None:
    with place.app.test_request_context():
        there = {knock[:3] for knock in addresses(place.app, place.things)}
    assert there == set(permitted())


@pytest.mark.parametrize("role", COLUMNS)
def test_everybody_gets_what_the_table_says(walk_of: WalkOf, role: str) -> None:
    expected = {where: answers[role] for where, answers in permitted().items()}
    found = {(one.endpoint, one.method, one.thing): one.status for one in walk_of(role).knocks}
    wrong = {where: (status, expected[where]) for where, status in found.items() if status != expected[where]}
    assert not wrong, "door, method, thing: (answered, permitted)"


def test_things_of_others_are_as_if_they_were_not_there(walk_of: WalkOf, furnished: Any) -> None:
    """Not by status, not by a single word; and nothing of theirs moved."""
    missing, others = {}, []
    for one in walk_of("other owner").knocks:
        if one.thing == "missing":
            missing[one.endpoint, one.method] = (one.status, one.body)
        elif one.thing != "-":
            others.append(one)
    assert len(others) > 100
    for one in others:
        assert (one.status, one.body) == missing[one.endpoint, one.method], one
    things = furnished[1]
    theirs = {value for found in things.values() for value in found.values()}
    written = [line for line in walk_of("other owner").told if line.actor == worlds.OTHER_OWNER.id]
    assert {line.deed for line in written if line.object in theirs} == {"visit.refused", "thing.refused"}
    # Whatever they asked for in vain stands in the trail; an action or photo of what cannot be named does too.
    asked = {value for found in things.values() for name, value in found.items() if name != "missing"}
    assert asked <= {line.object for line in written}


def test_a_practitioner_meets_nothing_but_their_own(walk_of: WalkOf) -> None:
    """A colleague's papers, the clinic's visits and actions: word for word as if they were not there."""
    found = walk_of("practitioner").knocks
    missing = {(one.endpoint, one.method): (one.status, one.body) for one in found if one.thing == "missing"}
    own = {"action of the practitioner", "paper"}
    others = [one for one in found if one.thing not in ("-", "missing", *own)]
    assert len(others) > 200
    for one in others:
        assert (one.status, one.body) == missing[one.endpoint, one.method], one


@pytest.mark.parametrize("role", ["administrator", "owner"])
def test_whatever_is_taken_along_leaves_a_line(place: Any, walk_of: WalkOf, role: str) -> None:
    """Each door whose address ends like a table, a paper or a packed folder, and a new one by itself."""
    takes = {
        rule.endpoint
        for rule in place.app.url_map.iter_rules()
        if rule.rule.endswith((".csv", ".pdf", ".zip")) and "GET" in (rule.methods or ())
    }
    given = {one.endpoint for one in walk_of(role).knocks if one.method == "GET" and one.status == 200}
    told = {line.detail["door"] for line in walk_of(role).told if line.deed == "export.taken"}
    assert len(takes & given) > 5
    assert takes & given - {"results.report"} <= told
    assert "report.taken" in {line.deed for line in walk_of(role).told}


@pytest.mark.parametrize("role", ["administrator", "inspector"])
def test_a_self_audit_that_was_shown_is_read_and_never_written(
    walk_of: WalkOf, furnished: Any, role: str
) -> None:
    found = {(one.endpoint, one.method): one.status for one in walk_of(role).knocks if one.thing == "shown"}
    assert found["visits.show", "GET"] == found["results.report", "GET"] == 200
    ids = {furnished[1][name]["shown"] for name in ("visit_id",)}
    told = [line.deed for line in walk_of(role).told if line.object in ids]
    assert set(told) <= {"report.drawn", "report.taken", "visit.refused"}, told


@pytest.mark.parametrize("role", ["administrator", "inspector"])
def test_the_agency_sees_nothing_inside_a_self_audit(walk_of: WalkOf, role: str) -> None:
    found = {(one.endpoint, one.method, one.thing): (one.status, one.body) for one in walk_of(role).knocks}
    inside = [where for where in found if "self-audit" in where[2]]
    assert len(inside) > 60
    for where in inside:
        assert found[where] == found[*where[:2], "missing"], where


def test_nobody_gets_only_what_is_public() -> None:
    for (endpoint, method, thing), answers in permitted().items():
        if endpoint.startswith("sign_in."):
            continue  # nobody is asked here who they are
        closed = 303 if method == "GET" and not endpoint.startswith("api.") else 401
        assert (answers["nobody"] == closed) == (endpoint not in PUBLIC), (endpoint, method, thing)


def test_a_method_that_is_not_offered_is_refused(place: Any) -> None:
    browser = Browser(place.app, worlds.INSPECTOR_PERSON)
    with place.app.test_request_context():
        every = [row for row in addresses(place.app, place.things) if row[2] in ("-", "missing")]
    offered: dict[str, set[str]] = {}
    for _, method, _, address in every:
        offered.setdefault(address.partition("?")[0], set()).add(method)
    for address, methods in offered.items():
        unoffered = set(METHODS) - methods - ({"HEAD"} if "GET" in methods else set())
        for method in unoffered:
            status = browser.client.open(address, method=method).status_code
            assert status == 405, (method, address)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_methods_without_a_body_tell_no_more(place: Any, method: str) -> None:
    """Of others' things they answer as of missing ones: the same status and the same headers."""
    browser = Browser(place.app, worlds.OTHER_OWNER)
    with place.app.test_request_context():
        every = [row for row in addresses(place.app, place.things) if row[1] == "GET" and row[2] != "-"]
    told: dict[tuple[str, str], tuple[int, dict[str, str]]] = {}
    for endpoint, _, thing, address in every:
        answer = browser.client.open(address, method=method, headers=OURS, buffered=True)
        assert not answer.data
        varying = {"Set-Cookie", "X-Request-Id", "Content-Length"}
        told[endpoint, thing] = (
            answer.status_code,
            {name: value for name, value in answer.headers.items() if name not in varying},
        )
    others = [one for one in told if one[1] != "missing"]
    assert len(others) > 80
    for endpoint, thing in others:
        assert told[endpoint, thing] == told[endpoint, "missing"], (endpoint, thing)


def test_the_missing_id_is_nobodys(furnished: Any) -> None:
    ids = [value for found in furnished[1].values() for name, value in found.items() if name != "missing"]
    assert NOWHERE not in ids and len(ids) == len(set(ids))


def lines(place: Any) -> list[Any]:
    return list(place.world.desk().ledger.trail.newest(10_000))
