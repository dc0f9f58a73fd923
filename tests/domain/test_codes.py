"""Codes of an app: the published examples, half a minute's slack, and never another key's."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain import codes

KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # "12345678901234567890", as in RFC 6238
# The eight digits of RFC 6238, appendix B, end in the six that are shown here.
EXAMPLES = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]


@pytest.mark.parametrize(("seconds", "code"), EXAMPLES)
def test_the_published_examples(seconds: int, code: str) -> None:
    assert codes.code_of(KEY, seconds // codes.SECONDS) == code


@given(st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1)), st.integers(-5, 5))
def test_a_code_fits_its_own_half_minute_and_its_neighbours(naive: datetime, off: int) -> None:
    at = naive.replace(tzinfo=UTC, microsecond=0)
    step = codes.step_of(at) + off
    found = codes.step_shown(KEY, codes.code_of(KEY, step), at)
    if abs(off) <= codes.SLACK:
        assert found is not None and codes.code_of(KEY, found) == codes.code_of(KEY, step)
    elif found is not None:  # one of three other codes may be the same by chance
        assert abs(found - codes.step_of(at)) <= codes.SLACK


@given(st.text(max_size=12))
def test_anything_typed_is_no_error(typed: str) -> None:
    at = datetime(2026, 3, 3, tzinfo=UTC)
    assert codes.step_shown(KEY, typed, at) in (
        None,
        codes.step_of(at),
        codes.step_of(at) - 1,
        codes.step_of(at) + 1,
    )


def test_a_damaged_key_is_refused() -> None:
    with pytest.raises(ValueError, match="base32"):
        codes.code_of("1", 1)


def test_codes_are_typed_as_they_are_read() -> None:
    assert codes.grouped("ABCDEFGH") == "ABCD EFGH"
    assert codes.ungrouped(" abcd-efgh\t") == "ABCDEFGH"
