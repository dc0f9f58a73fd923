"""Publishing: versions grow, equal content adds nothing, inspections keep what they pinned."""

import json

import pytest

from audit.domain.problems import NotAllowed, NotFound
from audit.domain.tongue import Tongue, speaking
from audit.operations import checklists, inspections
from audit.operations.desk import OPERATOR
from tests.domain import making
from tests.operations import worlds


class Spanish(Tongue):
    code = "es"


ONE = making.published('[[item]]\nkey = "sink.soap"')
TWO = making.published('[[item]]\nkey = "sink.soap"\n[[item]]\nkey = "sink.towels"')


def test_publish_works_and_is_noted(desk, administrator, inspector) -> None:
    made = checklists.publish(desk(administrator), ONE)
    assert made.is_new
    assert (made.published.key, made.published.pack, made.published.version, made.published.current) == (
        "mini",
        "xx",
        1,
        True,
    )
    assert [item.key for item in checklists.get(desk(inspector), made.published.sha256).items()] == [
        "sink.soap"
    ]
    assert json.loads(checklists.document(desk(inspector), made.published.sha256)) == ONE
    (line,) = desk().ledger.trail.of(made.published.sha256)
    assert (line.deed, line.detail["version"]) == ("checklist.published", "1")


def test_equal_content_publishes_nothing(desk, administrator) -> None:
    first = checklists.publish(desk(administrator), ONE)
    again = checklists.publish(desk(administrator), dict(reversed(ONE.items())))
    assert (again.is_new, again.published) == (False, first.published)
    assert len(desk().ledger.trail.of(first.published.sha256)) == 1


def test_other_content_is_the_next_version(desk, administrator) -> None:
    first = checklists.publish(desk(administrator), ONE).published
    second = checklists.publish(desk(administrator), TWO).published
    assert (first.version, second.version) == (1, 2)
    assert checklists.find(desk(administrator), "mini", "xx").version == 2
    assert checklists.find(desk(administrator), "mini", "xx", 1).sha256 == first.sha256
    assert [
        (row.version, row.current) for row in checklists.published(desk(administrator)) if row.key == "mini"
    ] == [
        (2, True),
        (1, False),
    ]


def test_going_back_takes_the_version_it_was(desk, administrator) -> None:
    for document in (ONE, TWO, ONE):
        made = checklists.publish(desk(administrator), document)
    assert (made.is_new, made.published.version, made.published.current) == (False, 1, True)
    newest = [row for row in checklists.newest(desk(administrator)) if row.key == "mini"]
    assert [row.version for row in newest] == [1]


def test_shipped_ones_are_published_once_and_upgraded_on_command_only(desk) -> None:
    assert [row.version for row in checklists.publish_shipped(desk(OPERATOR), [ONE])] == [1]
    assert checklists.publish_shipped(desk(OPERATOR), [TWO]) == ()
    assert checklists.find(desk(OPERATOR), "mini", "xx").version == 1


@pytest.mark.parametrize("who", ["inspector", "owner"])
def test_publish_needs_role(desk, request, who: str) -> None:
    with pytest.raises(NotAllowed):
        checklists.publish(desk(request.getfixturevalue(who)), ONE)


def test_unknown_checklists_are_not_found(desk, inspector) -> None:
    with pytest.raises(NotFound):
        checklists.find(desk(inspector), "mini", "nowhere")
    with pytest.raises(NotFound):
        checklists.get(desk(inspector), "0" * 64)
    with pytest.raises(NotFound):
        checklists.document(desk(inspector), "0" * 64)
    with pytest.raises(NotFound):
        checklists.told(desk(inspector), "0" * 64, "es")


def test_a_document_is_told_in_one_language(desk, administrator, inspector) -> None:
    title = ONE["title"]
    document = ONE | {"languages": {"es": {"title": "Una"}}}
    sha256 = checklists.publish(desk(administrator), document).published.sha256
    told = {code: checklists.told(desk(inspector), sha256, code) for code in ("en", "es", "xx")}
    assert {code: row["title"] for code, row in told.items()} == {"en": title, "es": "Una", "xx": title}
    assert not any("languages" in row for row in told.values())
    with speaking(Spanish()):
        assert checklists.get(desk(inspector), sha256).title == "Una"
    assert checklists.get(desk(inspector), sha256).title == title


def test_a_visit_keeps_what_it_pinned(data, desk, administrator) -> None:
    world = worlds.World(data)
    visit = world.start()
    pinned = inspections.open_visit(world.desk(), visit.id).checklist
    document = json.loads(checklists.document(desk(administrator), pinned.sha256))
    checklists.publish(desk(administrator), document | {"title": "Another title"})
    assert inspections.open_visit(world.desk(), visit.id).checklist == pinned
    assert world.start().checklist_sha != pinned.sha256
