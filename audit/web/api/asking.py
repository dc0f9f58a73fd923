"""Who may knock at the API, and reading what they bring: strictly, with limits, every refusal a 4xx with its reason.

No token: a page of another site can neither send the header nor these content types without asking first, and says
where it comes from. So work that waited for days in a basement is not refused because a token grew old.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn
from urllib.parse import urlsplit

from flask import request
from werkzeug.exceptions import BadRequest, Forbidden, UnsupportedMediaType

from audit.domain.acts import keepable
from audit.domain.tongue import say, word

HEADER = "X-Clinic-Audit"
DEEPEST = 20
SAFE = frozenset({"GET", "HEAD"})
NOT_OURS = word("This request does not come from a page of this server.")
JSON_ONLY = word("Send JSON (application/json).")
UNREADABLE = word("This is no JSON that can be read: {why}.")


def check() -> None:
    """Refuse what no page of ours would send. For every request that may change something.

    Raises:
        Forbidden: without our header, or from elsewhere.
    """
    if request.method in SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if HEADER not in request.headers or site not in ("same-origin", "none") or not _same_origin():
        raise Forbidden(say(NOT_OURS))


def _same_origin() -> bool:
    origin = request.headers.get("Origin")
    try:
        return origin is None or urlsplit(origin).netloc == request.host
    except ValueError:
        return False


def document() -> dict[str, Any]:
    """The JSON object of the request.

    Raises:
        UnsupportedMediaType: when it is not said to be JSON.
        BadRequest: when it is none, or nested too deep, or holds a name twice.
    """
    if request.mimetype != "application/json":
        raise UnsupportedMediaType(say(JSON_ONLY))
    return read(request.get_data(cache=False))


def read(body: bytes) -> dict[str, Any]:
    """A JSON object out of bytes; see ``document``."""
    try:
        found = json.loads(body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
    except RecursionError:
        _unreadable(say("it is nested too deep"))
    except (ValueError, UnicodeDecodeError) as error:
        _unreadable(str(error) if isinstance(error, _Twice) else say("it is damaged"))
    if not isinstance(found, dict):
        _unreadable(say("it is no object"))
    if _depth(found) > DEEPEST:
        _unreadable(say("it is nested too deep"))
    return found


class _Twice(ValueError):
    """A name stands twice in one object: nobody could tell which one was meant."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Twice(say("a name stands in it twice"))
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _unreadable(why: str) -> NoReturn:
    raise BadRequest(say(UNREADABLE, why=why))


def _depth(value: object) -> int:
    """How deep a value nests, without recursion: 1 for a flat object."""
    deep, level = 0, [value]
    while level:
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        deep += 1
    return deep - 1


# parts of a document --------------------------------------------------------------------------------------------


def text(found: Mapping[str, Any], name: str, most: int = 200) -> str:
    """A text of the document that can be kept.

    Raises:
        BadRequest: when there is none.
    """
    value = found.get(name)
    if not isinstance(value, str) or len(value) > most or not keepable(value):
        raise BadRequest(say("{name} is missing or is no text that can be kept.", name=name))
    return value


def rows(found: Mapping[str, Any], name: str, most: int) -> Sequence[Any]:
    """A list of the document.

    Raises:
        BadRequest: when there is none, or it is endless.
    """
    value = found.get(name)
    if not isinstance(value, list) or len(value) > most:
        raise BadRequest(say("{name} is missing or has more than {most} entries.", name=name, most=most))
    return value
