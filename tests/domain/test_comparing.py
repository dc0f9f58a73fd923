"""A self-audit beside the inspection after it: every pair of marks has one meaning, and nothing is counted twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain.answers import MARKS
from audit.domain.comparing import CODE_WORDS, CODES, Pair, compare, marks_by_item

mark = st.sampled_from([*MARKS, None])


@pytest.mark.parametrize(
    ("said", "found", "code"),
    [
        ("IN", "OUT", "overlooked"),
        ("OUT", "OUT", "known"),
        ("NO", "OUT", "left-out"),
        ("NA", "OUT", "left-out"),
        (None, "OUT", "left-out"),
        ("OUT", "IN", "stricter"),
        ("IN", "IN", "agreed"),
        ("NO", "IN", "unseen"),
        ("OUT", "NO", "unseen"),
        ("IN", None, "unseen"),
    ],
)
def test_what_a_pair_means(said: str | None, found: str | None, code: str) -> None:
    assert Pair("an.item", said, found).code == code


@given(st.dictionaries(st.integers(), mark), st.dictionaries(st.integers(), mark))
def test_every_item_of_the_inspection_stands_in_one_group(
    said: dict[int, str | None], found: dict[int, str | None]
) -> None:
    comparison = compare(
        {str(item): one for item, one in said.items()}, {str(item): one for item, one in found.items()}
    )
    grouped = [pair.item for code in CODES for pair in comparison.of(code)]
    assert sorted(grouped) == sorted(map(str, found))
    assert comparison.alike <= comparison.judged <= len(found)
    different = len(comparison.of("overlooked")) + len(comparison.of("stricter"))
    assert comparison.judged - comparison.alike == different


def test_an_item_of_several_practitioners_counts_as_its_worst() -> None:
    answers: list[dict[str, str | None]] = [
        {"item": "licence", "mark": "IN"},
        {"item": "licence", "mark": "OUT"},
        {"item": "gloves", "mark": "IN"},
        {"item": "mask", "mark": "IN"},
        {"item": "mask", "mark": None},
    ]
    assert marks_by_item(answers) == {"licence": "OUT", "gloves": "IN", "mask": None}


def test_every_group_has_words() -> None:
    assert set(CODE_WORDS) == set(CODES)
