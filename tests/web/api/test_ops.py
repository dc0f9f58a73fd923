"""A batch of operations: one verdict each, every operation once, nothing wrong ever holds back what is right."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from audit.operations.inspections import open_visit
from tests.operations import worlds
from tests.operations.worlds import ANNA
from tests.web.api.conftest import OURS, Tablet

ITEM, PERMIT, LICENCE = "needles.single-use", "permit.expiry", "licence.displayed"


def kept(house, visit):
    return open_visit(house.world.desk(), visit).kept


def test_answers_are_kept_with_author_device_and_times(house, tablet, visit):
    results = tablet.send(visit, tablet.answer(ITEM, mark="IN"), tablet.answer(LICENCE, ANNA.id, mark="IN"))
    assert [(row["status"], row["rev"]) for row in results] == [("applied", 1), ("applied", 1)]
    found = {(row["item"], row["person"]): row for row in tablet.visit(visit)["answers"]}
    row = found[ITEM, None]
    assert row["value"] == {"mark": "IN"} and row["author_name"] == "Ines Field" and row["rev"] == 1
    assert row["client_time"] == "2026-03-03T08:59:30-08:00" and row["received_at"] == "2026-03-03T17:00:00Z"
    assert row["device"] == tablet.device and row["device_name"]
    assert (LICENCE, ANNA.id) in found


def test_sent_again_it_is_a_duplicate(house, tablet, visit, lost):
    op = tablet.answer(ITEM, mark="IN")
    assert tablet.verdicts(visit, op) == ["applied"]
    before = lost()
    (again,) = tablet.send(visit, op)
    assert again["status"] == "duplicate" and again["was"] == "applied" and again["rev"] == 1
    assert lost() == before


def test_twice_in_one_batch_is_once(tablet, visit):
    op = tablet.answer(ITEM, mark="IN")
    assert tablet.verdicts(visit, op, op) == ["applied", "duplicate"]


def test_what_says_the_same_is_remembered(house, tablet, visit):
    """Or it would come again as a conflict, when the answer to it was lost and something else is true meanwhile."""
    other = Tablet(house)
    tablet.send(visit, tablet.answer(ITEM, mark="IN"))
    same = other.answer(ITEM, mark="IN")
    assert other.verdicts(visit, same) == ["same"]
    tablet.send(visit, tablet.answer(ITEM, None, 1, mark="NO"))
    (again,) = other.send(visit, same)
    assert again["status"] == "duplicate" and again["was"] == "same"


def test_the_same_batch_eight_times_at_once_has_one_effect(house, tablet, visit, lost):
    batch = tablet.batch(*(tablet.answer(item, mark="IN") for item in (ITEM, "gloves.changed")))
    cookie = tablet.browser.client.get_cookie("session").value

    def send(_):
        client = house.app.test_client()
        client.set_cookie("session", cookie)
        return client.post(f"/api/v1/inspections/{visit}/ops", json=batch, headers=OURS)

    before = lost()
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(send, range(8)))
    assert {answer.status_code for answer in answers} == {200}
    told = [tuple(row["status"] for row in answer.get_json()["results"]) for answer in answers]
    assert sorted(told) == [("applied", "applied"), *[("duplicate", "duplicate")] * 7]
    # One line that the device joined, one for the answers.
    assert lost() == (before[0] + 2, before[1] + 2)


def test_a_name_used_again_for_something_else_is_refused(house, tablet, visit):
    op = tablet.answer(ITEM, mark="IN")
    tablet.send(visit, op)
    other = house.world.start().id
    assert tablet.verdicts(visit, {**op, "value": {"mark": "NO"}}) == ["rejected"]
    assert tablet.verdicts(other, op) == ["rejected"]
    assert kept(house, visit)[ITEM, None].raw.mark == "IN" and not kept(house, other)


def test_a_count_used_again_is_refused_here_and_within_a_batch(house, tablet, visit):
    first, second, third = (tablet.answer(item, mark="IN") for item in (ITEM, "gloves.changed", LICENCE))
    tablet.send(visit, first)
    second["device_seq"] = first["device_seq"]
    third["device_seq"] = (fourth := tablet.answer("gloves.changed", mark="NO"))["device_seq"]
    assert tablet.verdicts(visit, second, fourth, third) == ["rejected", "applied", "rejected"]
    assert kept(house, visit)["gloves.changed", None].raw.mark == "NO"


def test_the_count_of_one_device_is_no_matter_of_another(house, tablet, visit):
    other = Tablet(house)
    assert tablet.verdicts(visit, tablet.answer(ITEM, mark="IN")) == ["applied"]
    assert other.verdicts(visit, other.answer("gloves.changed", mark="IN")) == ["applied"]


def test_another_tablet_that_was_first_makes_a_conflict_that_keeps_both(house, tablet, visit):
    other = Tablet(house)
    tablet.send(visit, tablet.answer(ITEM, mark="IN"))
    op = other.answer(ITEM, mark="NO")
    (lost,) = other.send(visit, op)
    assert lost["status"] == "conflict" and lost["rev"] == 1
    assert lost["current"] == {
        "value": {"mark": "IN"},
        "author_name": "Ines Field",
        "at": "2026-03-03T17:00:00Z",
    }
    (clash,) = other.visit(visit)["conflicts"]
    assert (clash["op_id"], clash["value"], clash["item"]) == (op["op_id"], {"mark": "NO"}, ITEM)
    assert clash["client_time"] and clash["author_name"] == "Ines Field" and clash["device_name"]
    choice = tablet.op("resolve", ITEM, None, 1, keep=op["op_id"], reason="Seen again together.")
    assert tablet.verdicts(visit, choice) == ["applied"]
    assert tablet.visit(visit)["conflicts"] == []
    assert kept(house, visit)[ITEM, None].raw.mark == "NO"


def test_the_work_of_another_person_is_not_sent_for_them(house, tablet, visit):
    op = tablet.answer(ITEM, mark="IN") | {"author": worlds.OWNER.id}
    (row,) = tablet.send(visit, op)
    assert row["status"] == "rejected" and "another person" in row["words"]
    assert not kept(house, visit)


WRONG: list[object] = [
    None,
    7,
    [],
    {},
    {"op_id": 7},
    {"op_id": "x"},
    {"extra": 1},
    {"kind": "drop-table"},
    {"kind": 7},
    {"value": []},
    {"value": {"mark": 7}},
    {"value": {"mark": {"a": 1}}},
    {"value": {"role": "administrator"}},
    {"value": {"note": "\x00"}},
    {"value": {"note": "\ud800"}},
    {"value": {"\ud800": "x"}},
    {"value": {"note": "x" * 20_001}},
    {"value": {"values": {"a": 2**70}}},
    {"value": {"values": {"a": 0.5}}},
    {"value": {"values": [1]}},
    {"item": "no.such-item"},
    {"item": "\ud800"},
    {"item": 7},
    {"person": ANNA.id},
    {"person": 7},
    {"author": "\x00"},
    {"author": None},
    {"device_seq": 0},
    {"device_seq": -1},
    {"device_seq": 2**63},
    {"device_seq": "1"},
    {"device_seq": True},
    {"device_seq": 1.5},
    {"device_seq": None},
    {"base_rev": -1},
    {"base_rev": 2**40},
    {"base_rev": "x"},
    {"client_time": 5},
    {"client_time": "x" * 500},
]


def test_a_wrong_operation_is_refused_in_words_and_holds_back_nothing(house, tablet, visit):
    for rev, wrong in enumerate(WRONG):
        good, other = (tablet.answer(item, None, rev, note=f"{rev}.") for item in (ITEM, "gloves.changed"))
        bad = {**tablet.answer(PERMIT), **wrong} if isinstance(wrong, dict) and wrong else wrong
        rows = tablet.send(visit, good, bad, other)
        assert [row["status"] for row in rows] == ["applied", "rejected", "applied"], wrong
        assert rows[1]["words"], wrong
    assert set(kept(house, visit)) == {(ITEM, None), ("gloves.changed", None)}


def test_a_tablets_time_is_a_claim_and_no_reason_to_refuse(house, tablet, visit):
    for rev, claim in enumerate(("1970-01-01T00:00:00Z", "2100-01-01T00:00:00Z", "", "soon")):
        op = tablet.answer(ITEM, None, rev, note=f"{rev}.") | {"client_time": claim}
        assert tablet.verdicts(visit, op) == ["applied"]
        assert tablet.visit(visit)["answers"][0]["client_time"] == claim


def test_the_clock_of_the_device_is_kept_beside_its_claims(house, tablet, visit):
    tablet.send(visit, tablet.answer(ITEM, mark="IN"))
    shelf = house.world.desk().ledger.devices
    device = shelf.get(tablet.device)
    assert device.offset_seconds == 12 and device.person_id == worlds.INSPECTOR_PERSON.id
    assert shelf.clock(tablet.device, worlds.NOW) == 12


def test_a_clock_that_says_nothing_is_no_reason_to_refuse(house, tablet, visit):
    for sent_at in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "soon", "2026-03-03"):
        batch = tablet.batch(tablet.answer(ITEM, mark="IN")) | {"sent_at": sent_at}
        assert tablet.post(f"/inspections/{visit}/ops", batch).status_code == 200, sent_at


def test_what_is_not_theirs_or_not_there_reads_the_same(house, tablet):
    theirs = house.world.start(worlds.OWNER).id
    nowhere = str(uuid4())
    told = [tablet.send(one, tablet.answer(ITEM, mark="IN"))[0] for one in (theirs, nowhere)]
    assert told[0]["status"] == "rejected" and told[0]["words"] == told[1]["words"]
    assert tablet.get(f"/inspections/{theirs}").status_code == 404
    administrator = Tablet(house, worlds.ADMINISTRATOR)
    running = house.world.start().id
    assert administrator.verdicts(running, administrator.answer(ITEM, mark="IN")) == ["rejected"]


def test_after_the_seal_an_old_operation_is_a_duplicate_and_a_new_one_is_refused(house, tablet):
    from audit.operations import sealing

    started = house.world.start()
    old = tablet.answer(ITEM, mark="OUT", note="Two cartridges kept for a returning client.")
    tablet.send(started.id, old)
    house.world.answer(started, {key: raw for key, raw in worlds.COMPLETE.items() if key[0] != ITEM})
    house.world.sign(started)
    sealing.seal(house.world.desk(), started.id)
    assert tablet.verdicts(started.id, old, tablet.answer(ITEM, None, 1, mark="IN")) == [
        "duplicate",
        "rejected",
    ]
    whole = tablet.visit(started.id)
    assert whole["state"] == "sealed" and whole["writable"] is False


def test_what_changed_since(house, tablet, visit):
    tablet.send(visit, tablet.answer(ITEM, mark="IN"))
    seq = tablet.visit(visit)["seq"]
    other = Tablet(house)
    other.send(visit, other.answer("gloves.changed", mark="IN"))
    told = tablet.get(f"/inspections/{visit}/changes?since={seq}").told
    assert [row["item"] for row in told["answers"]] == ["gloves.changed"] and told["seq"] > seq
    assert tablet.get(f"/inspections/{visit}/changes?since={told['seq']}").told["answers"] == []
    for since in ("", "x", "-1", "9" * 40, "\u0662"):
        assert tablet.get(f"/inspections/{visit}/changes?since={since}").status_code == 400
