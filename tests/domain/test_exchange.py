"""The shape of the exchange document: what is taken, and what is refused with its place."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain import exchange
from audit.domain.problems import BadInput
from tests.domain.documents import document, faults_of


def refusal(data: bytes) -> list[str]:
    with pytest.raises(BadInput) as caught:
        exchange.loads(data)
    return [str(fault) for fault in caught.value.faults]


# JSON ---------------------------------------------------------------------------------------------------------


def test_numbers_are_read_exactly():
    assert exchange.loads(b'{"a": 0.1, "b": 121.50, "c": 7}') == {
        "a": Decimal("0.1"),
        "b": Decimal("121.50"),
        "c": 7,
    }


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "line 1, column 1"),
        (b'{"a": 1,}', "line 1, column"),
        (b'{\n "a": 1\n "b": 2}', "line 3, column 2"),
        (b'{"a": 1} {"b": 2}', "line 1, column 10"),
        (b'\xff\xfe{"a": 1}', "document: is not UTF-8 text"),
        (b'{"a": 1, "a": 2}', "document: the key a stands twice"),
        (b'{"x": {"a": 1, "b": 2, "a": 1}}', "document: the key a stands twice"),
        (b'{"a": NaN}', "document: NaN is no number"),
        (b'{"a": [Infinity]}', "document: Infinity is no number"),
        (b'{"a": -Infinity}', "document: -Infinity is no number"),
        (b"[" * 100_000, "document: is nested too deeply"),
        (b'{"a":' * 100_000, "document: is nested too deeply"),
        (b'{"a": ' + b"9" * 5000 + b"}", "document: a number has too many digits"),
        (b'{"a": ' + b"9" * 100 + b"}", "document: a number has too many digits"),
        (b'{"a": 1e999999999}', "document: a number has too many digits"),
        (b'{"a": 1e-999999999}', "document: a number has too many digits"),
        (b'{"a": 1e99999999999999999999999}', "document: a number has too many digits"),
        (b'{"a": 0.' + b"3" * 5000 + b"}", "document: a number has too many digits"),
        (b'{"\\ud800": 1}', "document: a key holds what is no character"),
    ],
    ids=lambda value: str(value[:20]),
)
def test_json_that_is_not_taken(data, words):
    (fault,) = refusal(data)
    assert fault.startswith(words)


def test_a_table_with_very_many_keys_is_read_in_a_moment():
    many = {f"k{number}": number for number in range(200_000)}
    data = json.dumps(many).encode()
    assert exchange.loads(data) == many
    (fault,) = refusal(data[:-1] + b', "k0": 1, "k1": 1}')
    assert fault == "document: the key k0, k1 stands twice in one table"


@given(st.binary(max_size=60))
def test_any_bytes_are_json_or_a_fault(data):
    try:
        exchange.loads(data)
    except BadInput as problem:
        assert problem.faults


# shape --------------------------------------------------------------------------------------------------------


def shape_faults(found) -> list[str]:
    try:
        exchange.read(found)
    except BadInput as problem:
        return [str(fault) for fault in problem.faults]
    return []


def test_a_sound_document_has_no_faults():
    assert shape_faults(document()) == [] and faults_of(document()) == []


@pytest.mark.parametrize("found", [[], "x", None, 3])
def test_a_document_is_a_table(found):
    assert shape_faults(found) == ["must be a table"]


@pytest.mark.parametrize(
    "key", ["format", "id", "clinic", "started_at", "inspector", "answers", "signatures"]
)
def test_what_must_be_there(key):
    assert shape_faults(document(**{key: None})) == [f"{key}: is missing"]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"format": "clinic-audit/inspection/2"}, "format"),
        ({"colour": "red"}, "colour"),
        ({"id": "11111111-2222-4333-8444-55555555555G"}, "id"),
        ({"id": "../../etc/passwd"}, "id"),
        ({"checklist": "../x"}, "checklist"),
        ({"checklist_version": 0}, "checklist_version"),
        ({"checklist_version": True}, "checklist_version"),
        ({"checklist_version": Decimal("1.0")}, "checklist_version"),
        ({"purpose": "curiosity"}, "purpose"),
        ({"started_at": "2025-03-03T17:00:00"}, "started_at"),
        ({"started_at": "2025-03-03T17:00:00+01:00"}, "started_at"),
        ({"started_at": "2025-03-03T17:00:60Z"}, "started_at"),
        ({"started_at": "0001-01-01T00:00:00Z"}, "started_at"),
        ({"finished_at": "9999-12-31T23:59:59Z"}, "finished_at"),
        ({"finished_at": "2025-03-03T16:59:59Z"}, "finished_at"),
        ({"inspected_on": "2025-03-04"}, "inspected_on"),
        ({"inspected_on": "3 March"}, "inspected_on"),
        ({"inspector": {"name": "  "}}, "inspector: name"),
        ({"inspector": {"name": "x" * 201}}, "inspector: name"),
        ({"inspector": {"name": "I", "badge": 7}}, "inspector: badge"),
        ({"practitioners": [{"name": "A", "id": "anna"}]}, "practitioners 1: id"),
        ({"practitioners": {"name": "A"}}, "practitioners"),
        ({"present": ["A", ""]}, "present 2"),
        ({"facts": {"procedure_observed": [1]}}, "facts.procedure_observed"),
        ({"facts": {"procedure_observed": Decimal("0.5")}}, "facts.procedure_observed"),
        ({"facts": []}, "facts"),
        ({"remarks": "x" * 4001}, "remarks"),
        ({"remarks": "a\x00b"}, "remarks"),
        ({"answers": {}}, "answers"),
        ({"answers": [{"mark": "IN"}]}, "answers 1: item"),
        ({"answers": [{"item": "soap.there", "mrak": "IN"}]}, "answers 1: mrak"),
        ({"answers": [{"item": "soap.there", "corrected_on_site": "yes"}]}, "answers 1: corrected_on_site"),
        ({"answers": [{"item": "soap.there", "correct_by": "soon"}]}, "answers 1: correct_by"),
        ({"answers": [{"item": "soap.there", "number": True}]}, "answers 1: number"),
        ({"answers": [{"item": "soap.there", "values": {"a": None}}]}, "answers 1: values.a"),
        ({"answers": [{"item": "soap.there", "photos": "tray.jpg"}]}, "answers 1: photos"),
        ({"answers": [{"item": "soap.there", "photos": [{"caption": "x"}]}]}, "answers 1: photos 1: file"),
        ({"signatures": [{"role": "witness", "name": "W"}]}, "signatures 1: role"),
        ({"signatures": []}, "signatures"),
        ({"signatures": [{"role": "inspector", "name": " "}]}, "signatures"),
        ({"signatures": [{"role": "inspector", "name": "I", "refused": True}]}, "signatures"),
        ({"signatures": [{"role": "inspector", "name": "I"}] * 2}, "signatures"),
    ],
    ids=str,
)
def test_faults_name_their_place(changes, place):
    found = shape_faults(document(**changes))
    assert [fault.split(":")[0] for fault in found] == [place.split(":")[0]], found
    assert found[0].startswith(f"{place}: ")


@pytest.mark.parametrize(
    "zone", ["", "Mars/Olympus", "../../etc/passwd", "America", "localtime", "posixrules", "x" * 300, 3]
)
def test_a_time_zone_is_one_that_everybody_knows(zone):
    clinic = document()["clinic"] | {"time_zone": zone}
    (fault,) = shape_faults(document(clinic=clinic))
    assert fault.startswith("clinic: time_zone: ")


@pytest.mark.parametrize(
    "name",
    ["", "../x.jpg", "a/b.jpg", "a\\b.jpg", "/etc/passwd", "C:x.jpg", ".hidden", "..", "a\x00.jpg", "a\n.jpg",
     "x" * 201, "🖋" * 64, "a\ud800.jpg", 7],
)  # fmt: skip
def test_a_photo_is_the_plain_name_of_a_file_beside_the_document(name):
    found = shape_faults(document(answers=[{"item": "soap.there", "photos": [name]}]))
    assert len(found) == 1 and found[0].startswith("answers 1: photos 1: ")


def test_all_faults_of_shape_come_at_once():
    found = shape_faults(document(purpose="x", id="y", answers=[{"item": 3}, {"item": "a.b", "x": 1}]))
    assert [fault.rsplit(":", 1)[0] for fault in found] == [
        "id",
        "purpose",
        "answers 1: item",
        "answers 2: x",
    ]


def test_the_local_day_of_the_start_is_the_day_of_the_visit():
    late = {"started_at": "2025-03-04T07:30:00Z", "finished_at": "2025-03-04T08:30:00Z"}
    assert shape_faults(document(**late)) == []  # half past eleven at night in California
    clinic = document()["clinic"] | {"time_zone": "Europe/Berlin"}
    (fault,) = shape_faults(document(**late, clinic=clinic))
    assert "2025-03-04" in fault


def test_two_practitioners_with_one_id_are_a_fault():
    twice = [{"id": making_id, "name": name} for name in "AB" for making_id in [document()["id"]]]
    assert shape_faults(document(practitioners=twice)) == [
        f"practitioners: the id {document()['id']} stands twice"
    ]


def test_no_more_practitioners_are_read_than_a_clinic_may_have():
    many = [{"id": f"{number:08x}-0000-4000-8000-000000000000", "name": "A"} for number in range(20_000)]
    assert shape_faults(document(practitioners=many[: exchange.MOST_PEOPLE])) == []
    (fault,) = shape_faults(document(practitioners=many))
    assert fault == "practitioners: has 20,000 entries; at most 200 are taken"


ODD = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.decimals(allow_nan=False)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=5), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(st.sampled_from(sorted(document())), ODD)
def test_any_odd_entry_is_a_fault_and_never_breaks(key, value):
    found = document() | {key: value}
    try:
        exchange.read(found)
    except BadInput as problem:
        assert all(fault.words for fault in problem.faults)


@given(st.integers(0, 6), st.sampled_from(["item", "mark", "values", "photos", "number", "odd"]), ODD)
def test_any_odd_answer_is_a_fault_and_never_breaks(place, key, value):
    answers = document()["answers"]
    answers[place] = answers[place] | {key: value}
    try:
        exchange.read(document(answers=answers))
    except BadInput as problem:
        assert all(fault.place.startswith("answers") for fault in problem.faults)
