"""A published document in another language: its words laid over the English ones.

The document carries them itself, under ``languages``, as a sparse copy of it: words only, and of a list of rows
those rows by name (``key``, of an option ``value``, of a source ``short``). ``references`` says where a source's
words read differently, wherever they stand.
"""

from collections.abc import Mapping
from typing import Any

Document = Mapping[str, Any]

ENGLISH = "en"
_NAMES = ("key", "value", "short")


def languages_of(document: Document) -> tuple[str, ...]:
    """The languages that a document can be read in; English first."""
    return (ENGLISH, *document.get("languages", ()))


def in_language(document: Document, code: str) -> dict[str, Any]:
    """The document as it reads in that language, without the others; what nobody translated stays English.

    Every item gains ``spellings``: each ready phrase in every language, in the order of ``phrases``.
    """
    words = document.get("languages", {}).get(code, {})
    plain = {name: value for name, value in document.items() if name != "languages"}
    told: dict[str, Any] = _laid(plain, words)
    references = words.get("references", {})
    spellings = _spellings(document)
    for section in told["sections"]:
        section["items"] = [
            {**_referring(item, references), "spellings": spellings[item["key"]]} for item in section["items"]
        ]
    return told


def _laid(plain: Any, words: Any) -> Any:
    """Words over what is written in English; both lie alike, but words may be missing."""
    if isinstance(plain, Mapping) and isinstance(words, Mapping):
        return {
            name: _laid(value, words[name]) if name in words else _copied(value)
            for name, value in plain.items()
        }
    if isinstance(plain, list) and isinstance(words, Mapping):
        return [_laid(row, words.get(_name(row), {})) for row in plain]
    return words


def _copied(value: Any) -> Any:
    """The parts that are written to later are the caller's own; the rest is shared."""
    return (
        [dict(row) if isinstance(row, Mapping) else row for row in value]
        if isinstance(value, list)
        else value
    )


def _name(row: Mapping[str, Any]) -> str:
    return next((str(row[name]) for name in _NAMES if name in row), "")


def _referring(item: dict[str, Any], references: Mapping[str, str]) -> dict[str, Any]:
    """An item whose citations and limits name their sources as the language does."""
    return item | {
        "citations": [_sourced(row, references) for row in item["citations"]],
        "parts": [
            part | {"limit": _limit(part["limit"], references)} if part["limit"] else part
            for part in item["parts"]
        ],
    }


def _limit(limit: Mapping[str, Any], references: Mapping[str, str]) -> dict[str, Any]:
    told = _sourced(limit, references)
    if "cases" in told:
        told["cases"] = [{**case, "limit": _limit(case["limit"], references)} for case in told["cases"]]
    return told


def _sourced(row: Mapping[str, Any], references: Mapping[str, str]) -> dict[str, Any]:
    source = row.get("source", "")
    return {**row, "source": references[source]} if source in references else dict(row)


def _spellings(document: Document) -> dict[str, list[list[str]]]:
    """Of each item, each ready phrase in every language."""
    found = {}
    for section in document["sections"]:
        told = [
            words.get("sections", {}).get(section["key"], {}).get("items", {})
            for words in document.get("languages", {}).values()
        ]
        for item in section["items"]:
            spoken = [words[item["key"]].get("phrases", ()) for words in told if item["key"] in words]
            found[item["key"]] = [
                [phrase, *(phrases[place] for phrases in spoken if place < len(phrases))]
                for place, phrase in enumerate(item["phrases"])
            ]
    return found
