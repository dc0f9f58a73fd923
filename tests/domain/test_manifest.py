"""What tablet and server agree on before a visit is sealed."""

from dataclasses import replace

import pytest

from audit.domain import manifest
from audit.domain.answers import PhotoLink
from audit.domain.canonical import canonical
from audit.domain.inspections import INSPECTOR, Signature
from tests.domain import making
from tests.domain.making import ANNA

LIST = making.checklist(
    """
    [[item]]
    key = "soap.there"
    [[item]]
    key = "gloves.changed"
    per = "practitioner"
    """
)
VISIT = making.visit(
    LIST,
    {("soap.there", None): making.OUT, ("gloves.changed", ANNA): making.IN},
    people=[ANNA],
    links={("soap.there", None): (PhotoLink("bb" * 32, "the sink"), PhotoLink("aa" * 32))},
)


def test_the_manifest_of_a_visit_names_everything_in_order():
    assert manifest.of(VISIT) == {
        "inspection": VISIT.inspection.id,
        "checklist_sha": LIST.sha256,
        "answers": [["gloves.changed", ANNA, 1], ["soap.there", "", 1]],
        "photos": [["soap.there", "", "aa" * 32], ["soap.there", "", "bb" * 32]],
        "signatures": [
            ["inspector", "signed", "Ines Spector"],
            ["person-in-charge", "signed", "Percy Charge"],
        ],
    }


def test_it_is_spelled_in_one_way():
    rows = [("b.b", None, 10), ("b.b", "p", 9), ("a.a", None, 2)]
    one, other = (manifest.manifest("i", "c", some, [], []) for some in (rows, rows[::-1]))
    assert canonical(one) == canonical(other)
    assert canonical(one).startswith(b'{"answers":[["a.a","","2"],["b.b","","10"],["b.b","p","9"]],')


KEPT = VISIT.kept["soap.there", None]


@pytest.mark.parametrize(
    "other",
    [
        replace(VISIT, kept={**VISIT.kept, ("soap.there", None): replace(KEPT, rev=2)}),
        replace(VISIT, kept={("soap.there", None): KEPT}),
        replace(VISIT, links={}),
        replace(VISIT, signatures=VISIT.signatures[:1]),
        replace(VISIT, checklist=replace(LIST, sha256="00" * 32)),
    ],
)
def test_whatever_changes_changes_the_fingerprint(other):
    assert manifest.fingerprint(manifest.of(other)) != manifest.fingerprint(manifest.of(VISIT))


def test_a_signature_can_be_tried_on():
    signing = [Signature(INSPECTOR, "signed", "Ines Spector")]
    assert manifest.of(VISIT, signing)["signatures"] == [["inspector", "signed", "Ines Spector"]]
