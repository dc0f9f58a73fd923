"""The sealed record: one canonical document, people in a part of their own."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given

from audit.domain import records
from audit.domain.canonical import canonical, sha256_of
from audit.domain.records import PhotoFacts
from tests.domain import making
from tests.domain.documents import arrive, document, documents, dumped, sealed
from tests.domain.making import ANNA, BEA

SEALED_AT = datetime(2025, 3, 3, 18, 10, tzinfo=UTC)


def visit():
    return arrive(document())[0]


def build(of, salt="5a17"):
    salts = dict.fromkeys(records.people_in(of), salt)
    return records.build(of, SEALED_AT, [PhotoFacts("aa" * 32, 640, 480, 1234)], salts)


def leaves(value):
    if isinstance(value, dict):
        for key, entry in value.items():
            assert isinstance(key, str)
            yield from leaves(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from leaves(entry)
    else:
        yield value


def test_the_document_is_plain_and_its_fingerprint_can_be_computed_again():
    record = build(visit())
    assert all(leaf is None or isinstance(leaf, bool | str) for leaf in leaves(record.document))
    assert json.loads(canonical(record.document)) == record.document
    assert sha256_of(record.document) == record.sha256


def test_the_same_visit_has_the_same_fingerprint_and_another_salt_changes_only_the_hashes():
    one, again, other = build(visit()), build(visit()), build(visit(), salt="0ff")
    assert one.sha256 == again.sha256 != other.sha256
    assert {**one.document, "persons": None} == {**other.document, "persons": None}


def test_names_of_people_stand_in_their_own_part_only():
    record = build(visit())
    text = canonical(record.document).decode()
    names = ["Anna Quill", "Bea Stone", "Ines Spector", "Percy Charge", "Wim Witness"]
    assert [name for name in names if name in text] == []
    assert sorted(person["name"] for person in record.persons.values()) == names
    assert set(record.persons) == {"inspector-1", "person-in-charge", "present-1", ANNA, BEA}


def test_each_person_is_vouched_for_by_a_salted_hash():
    record = build(visit())
    for key, person in record.persons.items():
        assert record.document["persons"][key] == records.person_hash(person)
        assert records.person_hash({**person, "name": "Somebody"}) != record.document["persons"][key]


def test_a_person_without_a_salt_is_not_sealed():
    with pytest.raises(KeyError):
        records.build(visit(), SEALED_AT, (), {})


def test_a_signature_written_otherwise_does_not_rename_the_inspector():
    of = visit()
    quick = replace(of.signatures[0], name="I. Sp.")
    record = build(replace(of, signatures=(quick, *of.signatures[1:])))
    assert record.persons[record.document["inspector"]]["name"] == "Ines Spector"
    signer = record.document["signatures"][0]["person"]
    assert record.persons[signer]["name"] == "I. Sp." and signer in record.document["persons"]
    written = json.loads(dumped(record))
    assert written["inspector"] == {"name": "Ines Spector"} and written["signatures"][0]["name"] == "I. Sp."
    assert dumped(sealed(arrive(dumped(record))[0])) == dumped(record)


def test_strokes_go_with_the_person():
    of = visit()
    drawn = replace(of.signatures[0], how="drawn", strokes=(((0, 0), (120, 40)),))
    record = build(replace(of, signatures=(drawn, *of.signatures[1:])))
    assert record.persons["inspector-1"]["strokes"] == [[["0", "0"], ["120", "40"]]]
    assert record.document["signatures"][0]["how"] == "drawn"


def test_what_stands_in_the_record():
    record = build(visit()).document
    assert record["checklist"]["sha256"] == visit().checklist.sha256
    assert (record["inspected_on"], record["sealed_at"]) == ("2025-03-03", "2025-03-03T18:10:00Z")
    assert record["clinic"]["profile"] == {"autoclave": True, "stations": "2"}
    assert [row["item"] for row in record["findings"]] == ["soap.there", "training.done"]
    soap = record["answers"][0]
    assert (soap["mark"], soap["rev"], soap["by"]) == ("OUT", "1", "inspector-1")
    assert soap["photos"][1] == {"sha256": "bb" * 32, "caption": "the sink"}
    temp = next(row for row in record["answers"] if row["item"] == "sink.temp")
    assert temp["values"] == {"temp": "37.78", "temp@entered": "100 F"}
    assert temp["judged"][0]["limit"] == "at least 100 °F"
    assert record["photos"] == [
        {"sha256": "aa" * 32, "width": "640", "height": "480", "bytes": "1234", "received_at": None}
    ]


def test_the_result_unfolds_into_its_lines():
    result = build(visit()).document["result"]
    taken = sum(int(line["deducted"]) for line in result["lines"])
    assert result["score"] == f"{100 - taken}.0" == "94.0"
    assert result["status"] == "findings" and result["counts"]["COS"] == "1"
    assert result["words"][0] == "Deduction: 100 − 1 critical × 5 − 1 minor × 1 = 94"  # noqa: RUF001


def test_what_does_not_apply_and_what_is_kept_aside_stand_apart():
    clinic = document()["clinic"] | {"profile": {"autoclave": False}}
    record = build(arrive(document(clinic=clinic))[0]).document
    assert record["inapplicable"] == [
        {"item": "clave.spores", "number": "B-02", "because": {"key": "autoclave", "value": "false"}}
    ]
    assert [row["item"] for row in record["kept_aside"]] == ["clave.spores"]
    assert "clave.spores" not in [row["item"] for row in record["answers"]]


def test_a_preset_says_that_nobody_entered_it():
    answers = [row for row in document()["answers"] if row["item"] != "gloves.changed"]
    of = arrive(document(answers=answers, facts={"procedure_observed": False}))[0]
    gloves = next(row for row in build(of).document["answers"] if row["item"] == "gloves.changed")
    assert (gloves["mark"], gloves["preset"], gloves["by"], gloves["rev"]) == ("NO", True, None, "0")


def test_the_next_visit_is_told_for_inspections_only():
    yearly = "next_visit_days = 365"
    item = '[[item]]\nkey = "soap.there"'
    for kind, day in (("inspection", "2026-03-03"), ("self-audit", None)):
        of = making.visit(making.checklist(item, pack=yearly, kind=kind), {("soap.there", None): making.IN})
        assert build(of).document["result"]["next_visit"] == day


def test_a_visit_sealed_at_once_ends_then():
    of = making.visit(making.checklist('[[item]]\nkey = "soap.there"'))
    assert build(of).document["finished_at"] == "2025-03-03T18:10:00Z"


@given(documents())
def test_any_visit_becomes_a_canonical_document(found):
    record = sealed(arrive(found)[0])
    assert sha256_of(json.loads(canonical(record.document))) == record.sha256
    shown = {row["item"] for row in record.document["answers"] + record.document["inapplicable"]}
    assert shown == {item.key for item in arrive(found)[0].checklist.items()}
    outs = [row for row in record.document["answers"] if row["mark"] == "OUT"]
    assert len(outs) == len(record.document["findings"])
