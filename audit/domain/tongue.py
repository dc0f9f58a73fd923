"""Words in the reader's language.

Every sentence of the product is written in English where it is used and looked up when it is said. The caller
(a page, a report, a command) chooses the tongue; without one the English stands. Only the standard library:
the catalogues are read elsewhere and handed in.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations

_ENGLISH = NullTranslations()
_tongue: ContextVar[NullTranslations] = ContextVar("tongue", default=_ENGLISH)


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


@contextmanager
def speaking(tongue: NullTranslations) -> Iterator[None]:
    """Say everything inside in this tongue."""
    token = _tongue.set(tongue)
    try:
        yield
    finally:
        _tongue.reset(token)
