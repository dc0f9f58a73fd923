"""The number of a report: typed by people, from paper, and never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain.numbers import number_from, read_number
from audit.domain.problems import BadInput

BITS = st.integers(0, (1 << 128) - 1)
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@given(BITS)
def test_a_number_is_read_back_as_it_is(bits: int) -> None:
    number = number_from(bits)
    assert [len(group) for group in number.split("-")] == [9, 9, 9]
    assert read_number(number) == number


@given(BITS)
def test_however_it_is_typed_it_is_the_same_number(bits: int) -> None:
    number = number_from(bits)
    typed = f" {number.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')}\n"
    assert read_number(typed) == number


@given(BITS, st.integers(0, 26), st.sampled_from(LETTERS))
def test_every_single_wrong_letter_is_found(bits: int, place: int, letter: str) -> None:
    plain = number_from(bits).replace("-", "")
    wrong = plain[:place] + letter + plain[place + 1 :]
    if wrong == plain:
        assert read_number(wrong).replace("-", "") == plain
    else:
        with pytest.raises(BadInput, match="wrong"):
            read_number(wrong)


@given(st.integers(0, (1 << 129) - 1), st.integers(0, (1 << 129) - 1))
def test_two_sets_of_bits_are_two_numbers(one: int, other: int) -> None:
    if max(one, other) >= 1 << 128:
        with pytest.raises(ValueError, match="128"):
            number_from(max(one, other))
    else:
        assert (number_from(one) == number_from(other)) == (one == other)


@pytest.mark.parametrize("typed", ["", "ABC", "U" * 27, "0" * 28, "0" * 26, "é" * 27, "<script>" * 9])
def test_what_is_no_number_is_told_in_words(typed: str) -> None:
    with pytest.raises(BadInput):
        read_number(typed)
