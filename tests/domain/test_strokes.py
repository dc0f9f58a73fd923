"""A drawn signature is read or refused in words, whatever a page sends; nothing between."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain import strokes
from audit.domain.strokes import HIGH, MOST_LETTERS, MOST_LINES, MOST_POINTS, SMALLEST, WIDE

points = st.tuples(st.integers(0, WIDE), st.integers(0, HIGH))
lines = st.lists(st.lists(points, min_size=1, max_size=20).map(tuple), max_size=20).map(tuple)
ENDS = (((0, 0), (WIDE, HIGH)),)


@given(lines)
def test_a_drawing_comes_back_as_it_was(drawn):
    drawn = (*drawn, *ENDS)
    text = strokes.written(drawn)
    assert strokes.read(text) == drawn
    sealed = json.loads(json.dumps([[[str(x), str(y)] for x, y in line] for line in drawn]))
    assert strokes.restored(sealed) == drawn


def refused(text: str) -> str:
    with pytest.raises(ValueError) as problem:
        strokes.read(text)
    return str(problem.value)


numbers = st.one_of(st.integers(), st.floats(), st.text(max_size=3), st.none(), st.booleans())
documents = st.recursive(
    numbers, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=2), inner)
)
near = st.lists(st.lists(st.lists(st.integers(-2, WIDE + 2), max_size=3), max_size=4), max_size=4)


@given(st.one_of(st.text(), (documents | near).map(json.dumps), st.text(alphabet="[]0123456789,-.eE ")))
def test_anything_is_read_or_refused_in_words(text):
    try:
        drawn = strokes.read(text)
    except ValueError as problem:
        assert str(problem) in (strokes.UNREADABLE, strokes.TOO_MUCH, strokes.TOO_SMALL)
        return
    strokes.check(drawn)
    assert strokes.read(strokes.written(drawn)) == drawn
    assert all(type(x) is int and 0 <= x <= WIDE and 0 <= y <= HIGH for line in drawn for x, y in line)


@pytest.mark.parametrize(
    "text",
    ["[[]]", "[[[1]]]", "[[[1,2,3]]]", "[[[1.0,2]]]", "[[[true,2]]]", "[[[-1,2]]]", "[[[01,2]]]", "[[[NaN,2]]]",
     '[[["1","2"]]]', "{}", "null", "[[[1, 2]]]", "[[[1,2]],]", "[[[٣,2]]]", "[[[1,2]]]\n", "x", " ",
     f"[[[{WIDE + 1},0]]]", f"[[[0,{HIGH + 1}]]]", "[" * 50_000, "[" * 20_000 + "]" * 20_000, "9" * 50_000],
    ids=lambda text: text[:20],
)  # fmt: skip
def test_what_is_no_drawing_is_refused(text):
    assert refused(text) == strokes.UNREADABLE


def test_nothing_drawn_is_a_typed_signature():
    assert strokes.read("") == strokes.read("[]") == strokes.restored(None) == ()
    assert strokes.written(()) == ""


def test_a_drawing_has_bounds():
    long = tuple((at % WIDE, at % HIGH) for at in range(MOST_POINTS))
    strokes.check((long,))
    many = tuple(((at, at),) for at in range(MOST_LINES))
    strokes.check(many)
    for drawn in ((*long, (0, 0)),), (*many, ((0, 0),)):
        with pytest.raises(ValueError, match="more lines than can be kept"):
            strokes.check(drawn)
    assert refused("[" + " " * MOST_LETTERS) == strokes.TOO_MUCH


def test_a_hand_laid_down_is_no_signature():
    assert refused("[[[5000,2000]]]") == strokes.TOO_SMALL
    assert refused(f"[[[0,0],[{SMALLEST - 1},9]]]") == strokes.TOO_SMALL
    assert strokes.read(f"[[[0,0]],[[0,{SMALLEST}]]]")
