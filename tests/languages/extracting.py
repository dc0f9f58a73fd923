"""Finds every message of the product. ``make words`` runs this file and brings the catalogues up to date."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from audit.domain.tongue import ENGLISH
from audit.languages import NAMES, catalogue_of

ROOT = Path(__file__).parents[2]
ROOMS = ("audit", "forms", "reports", "templates")
KEYWORDS = {"say": None, "word": None, "several": (1, 2), "_": None, "lazy": None}
METHODS = [("**.html", "jinja2"), ("**.js", "javascript")]
# A template that cannot be read would silently lose its words, and the catalogue their translations.
OPTIONS = {"**.html": {"trimmed": "true", "silent": "false", "extensions": "audit.web.fragments.Kept"}}
WIDTH = 110


def found() -> Iterator[tuple[str, int, str | tuple[str, ...]]]:
    """Every message with the file and line where it stands."""
    for room in ROOMS:
        messages = extract_from_dir(
            ROOT / room, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=(), strip_comment_tags=True
        )
        for name, line, message, _comments, _context in messages:
            if message and (message[0] if isinstance(message, tuple) else message):
                yield f"{room}/{name}", line, message
        for path in sorted((ROOT / room).rglob("*.py")):
            for line, message in _in_python(path):
                yield path.relative_to(ROOT).as_posix(), line, message


def _in_python(path: Path) -> Iterator[tuple[int, str | tuple[str, ...]]]:
    """Messages within f-strings are found too; the tokens that Babel reads hide them before Python 3.12."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if not isinstance(node, ast.Call) or name not in KEYWORDS:
            continue
        words = [
            arg.value for arg in node.args[: 2 if name == "several" else 1] if isinstance(arg, ast.Constant)
        ]
        texts = tuple(text for text in words if isinstance(text, str))
        if name == "several" and len(texts) == 2:
            yield node.lineno, texts
        elif name != "several" and texts:
            yield node.lineno, texts[0]


def template() -> Catalog:
    """All messages, in the order of files, without line numbers: a moved line is no change."""
    catalogue = Catalog(project="clinic-audit", fuzzy=False)
    for file, _line, message in sorted(found(), key=lambda one: (one[0], one[1])):
        catalogue.add(message, locations=[(file, 0)])
    return catalogue


def read(code: str) -> Catalog:
    with catalogue_of(code).open("rb") as file:
        return read_po(file, locale=code)


def bring_up_to_date(code: str) -> int:
    """Write the catalogue of a language anew with the messages of today; returns how many wait for a translation.

    What is no longer said is dropped. Nothing is guessed from a similar message.
    """
    path = catalogue_of(code)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue = read(code) if path.exists() else Catalog(locale=code, project="clinic-audit", fuzzy=False)
    catalogue.update(
        template(), no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False
    )
    catalogue.header_comment = (
        f"# The words of clinic-audit: {NAMES[code]}. Brought up to date by 'make words'."
    )
    catalogue.obsolete.clear()
    with path.open("wb") as file:
        write_po(file, catalogue, width=WIDTH, include_lineno=False, ignore_obsolete=True, omit_header=False)
    return sum(1 for message in catalogue if message.id and not _is_said(message.string))


def _is_said(words: object) -> bool:
    return all(words) if isinstance(words, tuple | list) else bool(words)


if __name__ == "__main__":
    waiting = {code: bring_up_to_date(code) for code in NAMES if code != ENGLISH.code}
    for code, count in waiting.items():
        print(f"{code}: {count} messages wait for a translation in {catalogue_of(code).relative_to(ROOT)}")
    sys.exit(any(waiting.values()))
