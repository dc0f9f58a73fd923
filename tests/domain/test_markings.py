"""The layer over a photo: kept in one spelling, or refused."""

import pytest

from audit.domain.markings import read, written

ARROW = {"kind": "arrow", "from": [0, 0], "to": [10_000, 7_500]}
CIRCLE = {"kind": "circle", "at": [5_000, 40], "r": 300}


def test_it_comes_back_as_it_went():
    assert read(written([ARROW, CIRCLE])) == [ARROW, CIRCLE]
    assert written([]) == written(None) == "" and read("") == []


@pytest.mark.parametrize(
    "wrong",
    [7, "x", {}, [7], [{}], [{"kind": "star"}], [ARROW] * 21, [ARROW | {"r": 1}], [ARROW | {"to": [1]}],
     [ARROW | {"to": [1, 0.5]}], [ARROW | {"to": [1, 10**6]}], [CIRCLE | {"r": True}], [CIRCLE | {"r": "1"}],
     [{"kind": "circle", "at": [1, 1]}], [{"kind": ["arrow"]}]],
)  # fmt: skip
def test_anything_else_is_refused(wrong):
    with pytest.raises(ValueError, match="marks"):
        written(wrong)
