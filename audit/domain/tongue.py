"""Words in the reader's language.

Every sentence of the product is written in English where it is used and looked up when it is said. The caller
(a page, a report, a command) chooses the tongue; without one the English stands. Only the standard library:
the catalogues are read elsewhere and handed in.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations


class Tongue(NullTranslations):
    """A language to speak: its code, the signs within its numbers, and (in a catalogue) its words."""

    code = "en"
    decimal_sign = "."
    group_sign = ","


ENGLISH = Tongue()
_tongue: ContextVar[NullTranslations] = ContextVar("tongue", default=ENGLISH)


def language() -> str:
    """The code of the language spoken at the moment, such as ``es``."""
    tongue = _tongue.get()
    return tongue.code if isinstance(tongue, Tongue) else ENGLISH.code


def numeral(number: str, /) -> str:
    """A number as it is written in the tongue of the moment: ``121.5`` is ``121,5`` to some."""
    tongue = _tongue.get()
    return number.replace(".", tongue.decimal_sign) if isinstance(tongue, Tongue) else number


def say(message: str, /, **values: object) -> str:
    """The message in the tongue of the moment, with ``{name}`` filled from ``values``."""
    words = _tongue.get().gettext(message)
    return words.format(**values) if values else words


def several(one: str, many: str, number: int, /, **values: object) -> str:
    """As ``say``, in the form that goes with ``number``; ``{number}`` is filled too."""
    return _tongue.get().ngettext(one, many, number).format(number=number, **values)


def word(message: str, /) -> str:
    """Marks a constant for translation; it is said later, with ``say(constant)``."""
    return message


def thousands(number: int, /) -> str:
    """A whole number with its thousands set apart: ``4,000`` or ``4.000``."""
    tongue = _tongue.get()
    return f"{number:,}".replace(",", tongue.group_sign if isinstance(tongue, Tongue) else ENGLISH.group_sign)


def speak(tongue: NullTranslations) -> None:
    """Say everything from now on in this tongue, until the request or the command ends."""
    _tongue.set(tongue)


@contextmanager
def speaking(tongue: NullTranslations) -> Iterator[None]:
    """Say everything inside in this tongue."""
    token = _tongue.set(tongue)
    try:
        yield
    finally:
        _tongue.reset(token)
