"""The shipped content in Spanish: every word of it, the same numbers, and the same word for the same thing."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from audit.domain import checklists, publishing
from audit.domain.canonical import canonical
from audit.domain.overlay import in_language
from forms import library

GLOSSARY = Path(library.__file__).parent / "languages" / "es" / "GLOSSARY.md"
# What is no text, or stays as the law and the authority wrote it.
KEPT = {
    *(
        "format",
        "checklist",
        "kind",
        "pack",
        "jurisdiction",
        "key",
        "letter",
        "number",
        "severity",
        "standing",
    ),
    *(
        "marks",
        "mark",
        "applies_when",
        "when",
        "unit",
        "units",
        "low",
        "high",
        "value",
        "also",
        "part",
        "months",
    ),
    *(
        "days",
        "warn_days",
        "correct_by",
        "ref",
        "certainty",
        "scope",
        "threshold",
        "scheme",
        "due",
        "read_on",
    ),
}
SPELLINGS = "spellings"  # every language at once
# Citations, addresses and names: alike in both languages.
ALIKE = re.compile(
    r"California|NEHA Body Art Model Code|CA Title 8 s5193|Ala\. Admin\. Code [\d.-]+|"
    r"Toronto( \(BodySafe\)| BodySafe, types of inspection)?|toronto\.ca BodySafe [a-z-]+|"
    r"CDC \d{4}|(CA|SJ|OSHA|NEHA) [\d.]*(-\d+)?((, |-)\d+)*(\([a-zA-Z0-9]+\)-?)*|"
    r"[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?/[^ ]+(; [a-z0-9-]+(\.[a-z0-9-]+)+/[^ ]+)*"
)
NUMBER = re.compile(r"\d+(?:[.:]\d+)*")
DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")
# Cited by these very words; translated, they could not be found again.
CITED = {
    *(
        "CDC table 10",
        "FDA ink guidance, 25 Oct 2024",
        "NEHA annex",
        "San Joaquin plan form",
        "SJ older items",
    ),
    *("OSHA letter 15 Sep 1992", "OSHA letter 20 Jun 2016", "OSHA letter 29 Jul 2002"),
    *("NEHA (maker's cycle wins)", "NEHA temporary-event rule"),
}
PACKS = ("us", "us-ca", "us-al", "ca-on-toronto")


def told(value: Any, other: Any, place: str = "") -> Iterator[tuple[str, str, str]]:
    """Place, English and Spanish of every text, side by side."""
    if isinstance(value, dict):
        assert set(value) == set(other), place
        for name, entry in value.items():
            if name in KEPT:
                assert entry == other[name], f"{place}/{name}"
            elif name != SPELLINGS:
                yield from told(entry, other[name], f"{place}/{name}")
    elif isinstance(value, list):
        assert len(value) == len(other), place
        for index, (entry, also) in enumerate(zip(value, other, strict=True)):
            name = entry.get("key", index) if isinstance(entry, dict) else index
            yield from told(entry, also, f"{place}/{name}")
    elif isinstance(value, str):
        yield place, value, other
    else:
        assert value == other, place


@pytest.fixture(scope="module")
def documents() -> dict[str, dict[str, Any]]:
    found = library.read()
    return {pack: publishing.resolve(found, "smp-clinic-self-audit", pack) for pack in PACKS}


@pytest.fixture(scope="module")
def pairs(documents) -> list[tuple[str, str, str]]:
    return [
        row
        for document in documents.values()
        for row in told(in_language(document, "en"), in_language(document, "es"))
    ]


def test_every_text_has_its_spanish(pairs):
    assert len({english for _, english, _ in pairs}) > 1100
    alike = {english for _, english, spanish in pairs if english == spanish}
    assert {english for english in alike if not ALIKE.fullmatch(english)} == CITED


def test_what_keeps_its_english_name_is_cited_by_it(documents):
    sections = [section for document in documents.values() for section in document["sections"]]
    refs = [row["ref"] for section in sections for item in section["items"] for row in item["citations"]]
    for name in CITED:
        head = name.removesuffix("s").removesuffix(" item")
        assert any(ref.startswith(head) for ref in refs), name


@pytest.mark.parametrize(
    "text", ["Distance", "Mark", "Sharps and waste", "CDC table 10", "CA 119314(c) via SJ 5"]
)
def test_what_has_words_is_not_passed_as_alike(text):
    assert not ALIKE.fullmatch(text)


def test_english_and_spanish_hold_the_same_numbers(pairs):
    for place, english, spanish in pairs:
        assert sorted(NUMBER.findall(english)) == sorted(NUMBER.findall(DECIMAL_COMMA.sub(".", spanish))), (
            place
        )


def test_questions_are_asked_and_sentences_end_alike(pairs):
    for place, english, spanish in pairs:
        if ALIKE.fullmatch(english):
            continue
        assert english.count("?") == spanish.count("?") == spanish.count("¿"), place
        assert english.endswith(".") == spanish.endswith("."), place
        assert "  " not in spanish and spanish == spanish.strip(), place


def test_prompts_and_phrases_stay_short_enough_for_a_card(pairs):
    for place, _, spanish in pairs:
        assert not re.search("/(prompt|phrases/.)$", place) or len(spanish) <= 130, place


def glossary() -> dict[str, tuple[str, ...]]:
    rows = [
        line.strip("| \n").split(" | ")
        for line in GLOSSARY.read_text("utf-8").splitlines()
        if line[:2] == "| "
    ]
    return {english: tuple(spanish.split(" / ")) for english, spanish in rows[1:]}


GLOSSED = glossary()


@pytest.mark.parametrize("term", GLOSSED)
def test_one_thing_has_one_name(term, pairs):
    named = re.compile(rf"\b{re.escape(term)}s?\b", re.IGNORECASE)
    wrong = {
        (english, spanish)
        for _, english, spanish in pairs
        if named.search(english)
        and english != spanish
        and not any(word in spanish.lower() for word in GLOSSED[term])
    }
    assert not wrong


def test_every_term_of_the_glossary_is_used(pairs):
    texts = {english.lower() for _, english, _ in pairs}
    assert not [term for term in GLOSSED if not any(term in text for text in texts)]


def test_a_document_in_two_languages_stays_small(documents):
    """The tablet takes one language of it along; the ledger keeps all."""
    for document in documents.values():
        assert len(canonical(document)) < 300_000
        assert len(canonical(in_language(document, "es"))) < 220_000


def test_the_published_checklist_reads_in_spanish(documents):
    content = documents["us-ca"]
    spanish = checklists.read(content, 1, publishing.fingerprint(content)).in_language("es")
    needles = spanish.item("needles.single-use")
    assert needles.prompt == "¿Se usan las agujas y los cartuchos en un solo cliente y luego se desechan?"
    assert needles.number == "G-01"
    assert spanish.item("premises.floor-area").part("area").advice == (
        "al menos 80 pies² (NEHA 12.11) [EE. UU. (código modelo de la NEHA)]",
    )
