"""The languages of the product: catalogues of words, and how each writes days, times and numbers.

A catalogue is a ``.po`` file; it is compiled in memory when a language is first spoken, so nothing that was built can
lag behind what was translated.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.core import UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import get_decimal_symbol, get_group_symbol

from audit.domain.tongue import ENGLISH, Tongue

FOLDER = Path(__file__).parent
# Each in its own words, as a reader looks for it.
NAMES = {"en": "English", "es": "Español"}
_CODE = re.compile(r"[a-z]{2,3}")


class Catalogue(GNUTranslations, Tongue):
    """A tongue with the words of a ``.po`` file."""

    def __init__(self, code: str, compiled: BytesIO) -> None:
        super().__init__(compiled)
        self.code = code
        self.decimal_sign = get_decimal_symbol(locale(code))
        self.group_sign = get_group_symbol(locale(code))


def catalogue_of(code: str) -> Path:
    """Where the words of a language lie."""
    return FOLDER / code / "LC_MESSAGES" / "messages.po"


@lru_cache(maxsize=8)
def tongue(code: str) -> Tongue:
    """The tongue of a language; English for one that nobody translated."""
    if code not in NAMES or code == ENGLISH.code:
        return ENGLISH
    with catalogue_of(code).open("rb") as file:
        catalogue = read_po(file, locale=code)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Catalogue(code, compiled)


def words_of(code: str) -> dict[str, str | list[str]]:
    """Message to translation, for who says them elsewhere; a message with a plural to all its forms, in order.

    Empty for English, and what nobody translated is left out.
    """
    if tongue(code) is ENGLISH:
        return {}
    with catalogue_of(code).open("rb") as file:
        catalogue = read_po(file, locale=code)
    found: dict[str, str | list[str]] = {}
    for message in catalogue:
        said = message.string
        if not message.id or not said or message.fuzzy:
            continue
        if isinstance(message.id, str):
            found[message.id] = str(said)
        elif all(said):
            found[message.id[0]] = [str(form) for form in said]
    return found


@lru_cache(maxsize=8)
def locale(code: str) -> Locale:
    """What is known about a language: names of months, order of a date, direction."""
    try:
        return Locale.parse(code if _CODE.fullmatch(code) else ENGLISH.code)
    except UnknownLocaleError:
        return Locale.parse(ENGLISH.code)


def chosen(codes: Iterable[str]) -> str:
    """The first of these languages that the product speaks, else English; ``es-MX`` is answered with ``es``."""
    spoken = (code.replace("_", "-").partition("-")[0].lower() for code in codes)
    return next((code for code in spoken if code in NAMES), ENGLISH.code)
