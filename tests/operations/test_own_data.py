"""A person's data: all of theirs, nothing of others, no secrets, and a line in the trail."""

import io
import json
import zipfile

import pytest

from audit.domain.problems import NotAllowed, NotFound
from audit.operations import actions, disclosing, factors, own_data, retention
from audit.store.ledger import APP, Factor
from audit.store.personal import ALSO
from tests.operations import worlds
from tests.operations.entering import enter
from tests.operations.test_chronicle import sealed


def opened(packed: bytes) -> dict:
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        assert sorted(file.namelist()) == ["README.txt", "person.json"]
        return json.loads(file.read("person.json"))


@pytest.fixture
def world(data) -> worlds.World:
    return worlds.World(data)


def test_it_holds_what_is_kept_about_the_person(desk, world, inspector) -> None:
    enter(desk)
    sealed(world)
    kept = opened(own_data.of_myself(desk(inspector)))["kept"]
    assert kept["people"][0]["login"] == "ines" and kept["sessions"][0]["address"]
    assert kept["inspections"][0]["inspector_name"] == "Ines Field"
    assert {"answers", "trail"} <= set(kept)


def test_it_holds_no_secret_and_nothing_of_others(desk, world, inspector, owner) -> None:
    session = enter(desk)
    enter(desk, "olu")
    key = factors.new_key()
    with desk(inspector).entry() as entry:
        entry.factors.add(Factor("f1", inspector.id, APP, "Phone", key, desk().now))
        entry.note("factor.added", inspector.id)
    packed = own_data.of_myself(desk(inspector))
    text = json.dumps(opened(packed))
    assert key not in text and session.token not in text and "argon2" not in text
    assert owner.id not in text and "Olu" not in text
    assert '"Phone"' in text


def test_a_practitioner_gets_their_papers(desk, practitioner) -> None:
    assert opened(own_data.of_myself(desk(practitioner)))["kept"]["person_practitioners"]


def test_the_words_beside_it_say_when_something_is_left_out(desk, administrator, owner) -> None:
    def words(packed: bytes) -> str:
        with zipfile.ZipFile(io.BytesIO(packed)) as file:
            return file.read("README.txt").decode()

    assert "self-audits" in words(own_data.of_person(desk(administrator), owner.id))
    assert "self-audits" not in words(own_data.of_myself(desk(owner)))


def test_giving_it_out_is_told_and_the_administrators_alone(desk, administrator, owner, inspector) -> None:
    own_data.of_person(desk(administrator), owner.id)
    line = desk().ledger.trail.of(owner.id)[-1]
    assert (line.deed, line.actor) == ("person.exported", administrator.id)
    with pytest.raises(NotAllowed):
        own_data.of_person(desk(inspector), owner.id)
    with pytest.raises(NotAllowed):
        own_data.of_myself(desk())
    with pytest.raises(NotFound):
        own_data.of_person(desk(administrator), "nobody")


def test_what_a_self_audit_says_stays_with_its_clinic(desk, world, administrator, owner) -> None:
    visit = sealed(world, owner)
    (first, *_) = actions.of_visit(desk(owner), visit)
    actions.fix(desk(owner), first.action.id, actions.Answer("Mended in secret."))
    retention.hold(desk(owner), visit, "A quarrel in secret.")

    def told(packed: bytes) -> tuple[int, bool]:
        document = opened(packed)
        lines = [line for line in document["kept"]["trail"] if line["object"] in (visit, first.action.id)]
        assert lines
        said = json.dumps(document["kept"]).count("in secret.")
        return said, all(line["detail"] == "{}" for line in lines)

    assert told(own_data.of_myself(desk(owner))) == (2, False)
    assert told(own_data.of_person(desk(administrator), owner.id)) == (0, True)
    assert [one.reason for one in retention.standing(desk(administrator)).holds] == [""]
    disclosing.disclose(desk(owner), visit)
    assert told(own_data.of_person(desk(administrator), owner.id)) == (2, False)
    assert [one.reason for one in retention.standing(desk(administrator)).holds] == ["A quarrel in secret."]


def test_work_that_waits_in_quarantine_is_theirs_too(desk, world, administrator, inspector, owner) -> None:
    """What it says of a self-audit, or of a visit nobody knows, is for its author alone."""
    known, unknown = world.start().id, "dddddddd-0000-4000-8000-00000000000d"
    said = [(inspector, known, "Seen."), (owner, unknown, "In secret."), (inspector, unknown, "Who knows.")]
    with desk(administrator).entry() as entry:
        for number, (author, visit, note) in enumerate(said):
            document = {"op_id": f"op-{number}", "author": author.id, "value": {"note": note}}
            entry.devices.set_apart("a-tablet", visit, document, world.now)
        entry.note("tablet.apart", "a-tablet")

    def told(packed: bytes) -> list[str]:
        return [row["document"] for row in opened(packed)["kept"]["quarantine"]]

    mine = told(own_data.of_myself(desk(inspector)))
    assert ["Seen." in mine[0], "Who knows." in mine[1], len(mine)] == [True, True, 2]
    theirs = told(own_data.of_person(desk(administrator), inspector.id))
    assert "Seen." in theirs[0] and theirs[1:] == ["{}"]
    assert told(own_data.of_person(desk(administrator), owner.id)) == ["{}"]


def test_every_table_that_names_people_is_looked_at(desk) -> None:
    """A new table with a column for a person has to be named there, or be left out on purpose."""
    named = {
        "author",
        "actor",
        "inspector_id",
        "inspector",
        "made_by",
        "answered_by",
        "entered_by",
        "received_by",
        "proposed_by",
    }
    # Operations are there as answers, once they count; a card says whether it names the inspector, not whom.
    # Sums and rows of visits name the inspector whose visits are there anyway.
    summed = {"standing_visits", "ending_cells", "item_cells", "fix_cells"}
    by_others = {"operations", "public_cards", *summed}
    found = {
        table.name for table in desk().ledger._db.tables if named & {column.name for column in table.columns}
    }
    assert found - by_others == set(ALSO) - {"people"}
