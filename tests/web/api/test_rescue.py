"""The rescue file: taken in by an administrator, as the work of whoever did it, by the rules of the tablet."""

import base64
import hashlib
from uuid import uuid4

from audit.domain.canonical import sha256_of
from tests.operations import worlds
from tests.web.api.conftest import OURS, Tablet
from tests.web.api.test_starts import start

ITEM = "needles.single-use"
DATA = worlds.jpeg(77)
NAME = hashlib.sha256(DATA).hexdigest()


def rescue_file(tablet, operations, photos=(), /, **changes):
    content = {
        "format": "clinic-audit rescue",
        "version": 1,
        "made_at": "2026-03-03T17:00:00.000Z",
        "device_id": tablet.device,
        "author": tablet.person.id,
        "author_name": tablet.person.name,
        "app_version": "2026-03-03.x",
        "operations": [{"inspection": visit, **op} for visit, op in operations],
        "photos": list(photos),
        **changes,
    }
    return content | {"sha256": sha256_of(content)}


def picture(visit):
    return {"sha256": NAME, "type": "image/jpeg", "size": len(DATA), "inspection": visit,
            "claims": {"latitude": "37.7000000", "longitude": "-122.4000000"},
            "base64": base64.b64encode(DATA).decode()}  # fmt: skip


def test_a_whole_visit_comes_out_of_a_file_once(house):
    tablet, administrator = Tablet(house), Tablet(house, worlds.ADMINISTRATOR)
    visit = str(uuid4())
    ops = [start(tablet), tablet.answer(ITEM, mark="IN"), tablet.op("photo-link", ITEM, sha256=NAME)]
    file = rescue_file(tablet, [(visit, op) for op in ops], [picture(visit)])
    told = administrator.post("/rescue", file).told
    assert [row["status"] for row in told["results"]] == ["applied"] * 3, told
    assert told["photos"] == [{"sha256": NAME, "words": ""}]
    whole = tablet.visit(visit)
    assert whole["inspector_name"] == "Ines Field" and whole["answers"][0]["author_name"] == "Ines Field"
    assert [row["sha256"] for row in whole["links"]] == [NAME]
    again = administrator.post("/rescue", file).told
    assert [row["status"] for row in again["results"]] == ["duplicate"] * 3
    assert tablet.verdicts(visit, *ops) == ["duplicate"] * 3
    (line,) = [one for one in house.world.desk().ledger.trail.of(visit) if one.deed == "inspection.started"]
    assert line.actor == worlds.ADMINISTRATOR.id


def test_the_rights_are_the_authors(house, visit):
    owner, administrator = Tablet(house, worlds.OWNER), Tablet(house, worlds.ADMINISTRATOR)
    file = rescue_file(owner, [(visit, owner.answer(ITEM, mark="IN"))], [picture(visit)])
    told = administrator.post("/rescue", file).told
    assert [row["status"] for row in told["results"]] == ["rejected"] and told["photos"][0]["words"]


def test_only_an_administrator_takes_a_file_in(house, tablet, visit, lost):
    before = lost()
    file = rescue_file(tablet, [(visit, tablet.answer(ITEM, mark="IN"))])
    assert tablet.post("/rescue", file).status_code == 403
    assert lost() == before


def test_what_others_send_is_not_even_read(house):
    """A file may have 256 MB: reading one would cost a worker its memory."""
    for person in (worlds.OWNER, worlds.INSPECTOR_PERSON, worlds.PRACTITIONER):
        answer = house.browser(person).client.post(
            "/api/v1/rescue", data=b"{" * 1000, content_type="application/json", headers=OURS
        )
        assert answer.status_code == 403, person.role


def test_a_file_that_is_damaged_or_none_is_refused(house, tablet, visit, lost):
    administrator, before = Tablet(house, worlds.ADMINISTRATOR), lost()
    ops = [(visit, tablet.answer(ITEM, mark="IN"))]
    good = rescue_file(tablet, ops)
    wrong = [
        {},
        good | {"author_name": "X"},
        good | {"sha256": "0" * 64},
        good | {"format": "x"},
        rescue_file(tablet, ops, author="nobody"),
        rescue_file(tablet, ops, author=7),
        rescue_file(tablet, ops, (), operations=7),
        rescue_file(tablet, ops, [{"sha256": NAME}]),
        rescue_file(tablet, ops, [7]),
        rescue_file(tablet, ops, [picture(visit) | {"base64": "*"}]),
        good | {"made_at": 1.5},
    ]
    for file in wrong:
        assert administrator.post("/rescue", file).status_code in (400, 422), file
    assert lost() == before
    odd = rescue_file(
        tablet, [], (), operations=[7, {"inspection": "x"}, {"inspection": visit, "op_id": "x"}]
    )
    rows = administrator.post("/rescue", odd).told["results"]
    assert [row["status"] for row in rows] == ["rejected"] * 3
