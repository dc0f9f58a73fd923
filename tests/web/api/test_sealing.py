"""The seal from a tablet: both sides hold the same, the password once more, and the same answer when asked again."""

import hashlib
from typing import Any

from audit.domain import manifest
from audit.operations.inspections import open_visit
from audit.store.ledger import PASSKEY, Factor
from tests.operations import worlds
from tests.web.api.conftest import Tablet
from tests.web.api.test_starts import complete, signature
from tests.web.conftest import PASSWORD

ITEM = "needles.single-use"
INES = worlds.INSPECTOR_PERSON


def ready(house, tablet):
    visit = house.world.start().id
    complete(tablet, visit)
    both = (signature(tablet, visit), signature(tablet, visit, "person-in-charge", "Olu Adeyemi"))
    assert tablet.verdicts(visit, *both) == ["applied", "applied"]
    return visit


def said(house, visit, **changes):
    held = manifest.of(open_visit(house.world.desk(), visit))
    return {
        "manifest_hash": manifest.fingerprint(held),
        "answers": len(held["answers"]),
        "photos": sorted({row[2] for row in held["photos"]}),
        "signatures": held["signatures"],
        "password": PASSWORD,
        **changes,
    }


def finalize(tablet, visit, document):
    return tablet.post(f"/inspections/{visit}/finalize", document)


def test_it_is_sealed_once_and_says_so_again(house, tablet):
    visit = ready(house, tablet)
    document = said(house, visit)
    first = finalize(tablet, visit, document)
    assert first.status_code == 200 and first.told["duplicate"] is False
    assert first.told["address"] == f"/visits/{visit}/hand-over" and len(first.told["sha256"]) == 64
    again = finalize(tablet, visit, document | {"password": "whatever it is"})
    assert again.status_code == 200 and again.told["duplicate"] is True
    assert again.told["sha256"] == first.told["sha256"] and again.told["sealed_at"] == first.told["sealed_at"]
    assert tablet.visit(visit)["state"] == "sealed"


def test_another_password_seals_nothing(house, tablet):
    visit = ready(house, tablet)
    assert finalize(tablet, visit, said(house, visit, password="a wrong password")).status_code == 403
    for _ in range(5):
        status = finalize(tablet, visit, said(house, visit, password="a wrong password")).status_code
    assert status == 429
    assert tablet.visit(visit)["state"] == "running"


def test_a_passkey_that_does_not_fit_seals_nothing(house, tablet):
    visit = ready(house, tablet)
    ask = f"/inspections/{visit}/passkey"
    assert tablet.post(ask, {}).told["asked"] is None
    with house.world.desk(INES).entry() as entry:
        entry.factors.add(Factor("f1", INES.id, PASSKEY, "Key", "AAAA", house.world.now, "Y3JlZA", 1))
        entry.note("factor.added", INES.id)
    asked = tablet.post(ask, {}).told["asked"]
    assert asked["userVerification"] == "required" and asked["allowCredentials"][0]["id"] == "Y3JlZA"
    document = said(house, visit, passkey='{"id": "Y3JlZA"}') | {"password": None}
    assert finalize(tablet, visit, document).status_code == 403
    assert finalize(tablet, visit, document).status_code == 403  # and the challenge was taken by the first
    assert tablet.visit(visit)["state"] == "running"
    failed = [
        line for line in house.world.desk().ledger.trail.of(INES.id) if line.deed == "second-factor.failed"
    ]
    assert len(failed) == 1


def test_a_passkey_is_asked_only_of_who_may_seal(house, tablet):
    visit = ready(house, tablet)
    for person, status in ((worlds.OWNER, 404), (worlds.ADMINISTRATOR, 403)):
        assert Tablet(house, person).post(f"/inspections/{visit}/passkey", {}).status_code == status


def test_what_the_tablet_holds_and_the_server_does_not_is_named(house, tablet):
    visit, other = ready(house, tablet), Tablet(house)
    before = said(house, visit)
    held = manifest.of(open_visit(house.world.desk(), visit))
    other.send(visit, other.answer(ITEM, None, 1, mark="IN"))
    tablet.send(visit, lost := tablet.answer(ITEM, None, 1, mark="NO"))
    refused = finalize(tablet, visit, before | {"photos": ["0" * 64], "manifest": held})
    assert refused.status_code == 409 and refused.told["error"]["code"] == "differs"
    assert refused.told["missing_photos"] == ["0" * 64]
    assert refused.told["differing_answers"] == [[ITEM, ""]]
    assert refused.told["open_conflicts"] == [lost["op_id"]]
    assert tablet.visit(visit)["state"] == "running"


def test_a_photo_too_few_or_another_answer_is_said_in_words(house, tablet):
    visit = ready(house, tablet)
    for changes, word in (
        ({"manifest_hash": "0" * 64}, "answers"),
        ({"manifest_hash": "0" * 64, "photos": ["1" * 64]}, "photos"),
        ({"manifest_hash": "0" * 64, "signatures": []}, "signatures"),
    ):
        refused = finalize(tablet, visit, said(house, visit, **changes))
        assert refused.status_code == 409 and word in refused.told["error"]["words"]


def test_gaps_are_named(house, tablet, visit):
    tablet.send(visit, tablet.answer(ITEM, mark="IN"))
    refused = finalize(tablet, visit, said(house, visit))
    assert refused.status_code == 409 and ["gloves.changed", ""] in refused.told["gaps"]


def test_a_photo_goes_into_the_seal(house, tablet):
    visit = house.world.start().id
    complete(tablet, visit)
    data = worlds.jpeg(33)
    tablet.photo(visit, data)
    name = hashlib.sha256(data).hexdigest()
    tablet.send(visit, tablet.op("photo-link", ITEM, sha256=name, caption="Tray"))
    both = (signature(tablet, visit), signature(tablet, visit, "person-in-charge", "Olu Adeyemi"))
    assert tablet.verdicts(visit, *both) == ["applied", "applied"]
    assert finalize(tablet, visit, said(house, visit)).status_code == 200
    record = house.world.desk().ledger.records.get(visit)
    assert [row["sha256"] for row in record.document["photos"]] == [name]


def test_only_who_may_seal_it(house, tablet):
    visit = ready(house, tablet)
    document = said(house, visit)
    for person, status in ((worlds.OWNER, 404), (worlds.ADMINISTRATOR, 403)):
        assert finalize(Tablet(house, person), visit, document).status_code == status


WRONG: list[dict[str, Any]] = [
    {"password": None}, {"passkey": 7}, {"passkey": "x" * 30_000}, {"password": 7}, {"password": "x" * 5000}, {"answers": "x"}, {"answers": -1},
    {"photos": None}, {"photos": [7]}, {"photos": ["\ud800"]}, {"signatures": [7]}, {"signatures": [["\x00"]]},
    {"manifest_hash": 7}, {"manifest": 7}, {"manifest": {}}, {"manifest": {"answers": [7]}},
    {"manifest": {"answers": [["a", "b", "c"]]}}, {"manifest": {"answers": [[[], {}, 1]]}},
]  # fmt: skip


def test_what_cannot_be_read_is_refused(house, tablet, visit):
    for wrong in WRONG:
        assert finalize(tablet, visit, said(house, visit) | wrong).status_code in (400, 422), wrong
