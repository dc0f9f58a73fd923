"""The layer over a photo: kept in one spelling, or refused."""

import pytest

from audit.domain.canonical import plain
from audit.domain.markings import lines, read, recorded, written

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


def test_a_record_gives_it_back():
    """Canonical records have text for numbers."""
    kept = written([ARROW, CIRCLE])
    assert recorded(plain(read(kept))) == recorded(read(kept)) == kept
    with pytest.raises(ValueError, match="marks"):
        recorded([CIRCLE | {"r": "wide"}])


def test_an_arrow_is_a_line_and_a_head_at_its_end():
    shaft, head = lines([{"kind": "arrow", "from": [1_000, 2_000], "to": [5_000, 2_000]}])
    assert shaft == ((1_000, 2_000), (5_000, 2_000))
    left, tip, right = head
    assert tip == (5_000, 2_000) and left == (4_605, 1_784) and right == (4_605, 2_216)


def test_a_circle_closes_at_its_radius():
    (ring,) = lines([CIRCLE])
    assert ring[0] == ring[-1] == (5_300, 40)
    assert all(abs(((x - 5_000) ** 2 + (y - 40) ** 2) ** 0.5 - 300) < 1 for x, y in ring)
