"""One spelling for a document: the same content gives the same bytes, anywhere."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain.canonical import canonical, decimal_text, plain, sha256_of


def test_keys_are_sorted_by_code_point_and_nothing_is_spaced():
    document = {"b": [1, True, None], "a": "é", "Z": {"😀": Decimal("0.50"), "\uffff": date(2025, 3, 3)}}
    assert canonical(document).decode() == (
        '{"Z":{"\uffff":"2025-03-03","😀":"0.5"},"a":"é","b":["1",true,null]}'
    )


def test_the_fingerprint_is_that_of_the_bytes():
    assert sha256_of({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("121", "121"),
        ("100", "100"),
        ("1E+3", "1000"),
        ("0.50", "0.5"),
        ("-0", "0"),
        ("-0.00", "0"),
        ("-1.10", "-1.1"),
        ("1e-7", "0.0000001"),
        ("123456789012345678901234567890.1", "123456789012345678901234567890.1"),
    ],
)
def test_numbers_have_one_spelling(number, text):
    assert decimal_text(Decimal(number)) == text


def test_the_spelling_does_not_depend_on_the_context():
    with localcontext() as context:
        context.prec = 3
        assert decimal_text(Decimal("1234.5")) == "1234.5"


@pytest.mark.parametrize(
    "value",
    [1.5, float("nan"), Decimal("NaN"), Decimal("Infinity"), b"x", bytearray(b"x"), {1: 2}, {None: 1}, {"a"}, complex(1),
     datetime(2025, 3, 3), [{"a": 0.0}]],
    ids=repr,
)  # fmt: skip
def test_what_has_no_one_spelling_is_refused(value):
    with pytest.raises(TypeError):
        canonical(value)


def test_text_is_kept_as_typed():
    assert canonical("e\u0301") != canonical("\u00e9")


def test_instants_are_told_in_utc_to_the_second():
    pacific = timezone(timedelta(hours=-8))
    same = datetime(2026, 3, 3, 9, tzinfo=pacific), datetime(2026, 3, 3, 17, 0, 0, 999, tzinfo=UTC)
    assert [plain(instant) for instant in same] == ["2026-03-03T17:00:00Z"] * 2
    assert plain(datetime(987, 1, 1, tzinfo=UTC)) == "0987-01-01T00:00:00Z"


VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.text(),
        st.decimals(allow_nan=False, allow_infinity=False, places=3),
        st.dates(),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(), inner, max_size=4)),
    max_leaves=12,
)


@given(VALUES)
def test_plain_values_stay_and_bytes_are_read_back(value):
    spelled = plain(value)
    assert plain(spelled) == spelled
    assert json.loads(canonical(value)) == spelled
    assert canonical(json.loads(canonical(value))) == canonical(value)


@given(st.dictionaries(st.text(), VALUES, max_size=6), st.randoms())
def test_the_order_of_keys_makes_no_difference(value, random):
    keys = list(value)
    random.shuffle(keys)
    assert canonical({key: value[key] for key in keys}) == canonical(value)


@given(VALUES, VALUES)
def test_different_content_gives_different_bytes(one, other):
    assert (canonical(one) == canonical(other)) == (plain(one) == plain(other))


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6))
def test_equal_numbers_are_spelled_alike_and_exactly(number):
    assert Decimal(decimal_text(number)) == number
    assert decimal_text(number) == decimal_text(number * Decimal("1.00000"))
