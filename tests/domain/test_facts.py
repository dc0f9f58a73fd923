"""Facts as forms and documents carry them."""

import pytest

from audit.domain.facts import FactKey, FactOption, read_fact_key
from tests.domain import making

CLAVE = FactKey("autoclave", "profile", "bool", "Autoclave", "Is there an autoclave?")
STAFF = FactKey("staff", "profile", "int", "Staff", "How many work here?")
COUNTRY = FactKey(
    "country", "profile", "choice", "Country", "Where?", (FactOption("us", "United States"), FactOption("de", "Germany"))
)  # fmt: skip


@pytest.mark.parametrize(
    ("fact", "raw", "value"),
    [
        (CLAVE, True, True),
        (CLAVE, False, False),
        (CLAVE, "true", True),
        (CLAVE, " Yes ", True),
        (CLAVE, "no", False),
        (CLAVE, "", None),
        (CLAVE, None, None),
        (STAFF, 0, 0),
        (STAFF, "12", 12),
        (STAFF, " ", None),
        (COUNTRY, "de", "de"),
    ],
)
def test_facts_are_read(fact, raw, value):
    assert fact.reads(raw) is value or fact.reads(raw) == value
    assert type(fact.reads(raw)) is type(value)


@pytest.mark.parametrize(
    ("fact", "raw"),
    [
        (CLAVE, "maybe"),
        (CLAVE, 1),
        (STAFF, -1),
        (STAFF, "1.5"),
        (STAFF, "٣"),
        (STAFF, "²"),
        (STAFF, "1000000"),
        (STAFF, True),
        (COUNTRY, "fr"),
        (COUNTRY, True),
        (COUNTRY, 0),
    ],
)
def test_what_is_no_such_fact_is_refused_in_words(fact, raw):
    with pytest.raises(ValueError, match=r"^(Choose|Give)"):
        fact.reads(raw)


@pytest.mark.parametrize(
    ("fact", "value", "words"),
    [
        (CLAVE, True, "yes"),
        (CLAVE, "false", "no"),
        (STAFF, 3, "3"),
        (COUNTRY, "us", "United States"),
        (COUNTRY, "fr", "fr"),
    ],
)
def test_facts_are_shown_in_words(fact, value, words):
    assert fact.shown(value) == words


def test_declared_facts_are_published():
    found = making.checklist("""
        [[fact]]
        key = "country"
        kind = "choice"
        label = "Country"
        question = "Where?"
        options = [{ value = "us", label = "United States" }, { value = "de", label = "Germany" }]
        [[item]]
        key = "soap.there"
    """)
    assert found.fact("country") == COUNTRY and found.fact("moon") is None
    row = {"key": "a", "scope": "visit", "kind": "bool", "label": "A", "question": "A?"}
    assert read_fact_key(row).options == ()
