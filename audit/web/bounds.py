"""Doors whose answers cost work: who goes through them too often waits, and is told for how long. A door belongs to them
by how its address ends, so a new one does by itself."""

from flask import Flask, Response, request

from audit.operations import bounds
from audit.operations.bounds import CALENDARS, PAPERS, TABLES
from audit.operations.desk import Desk
from audit.web.afterwards import after
from audit.web.gate import desk

ENDS = {".csv": TABLES, ".ics": CALENDARS, ".pdf": PAPERS, "/data": TABLES}


def kind_of(address: str) -> str:
    """What a door gives out, by the rule of its address; empty for pages and all that costs little."""
    return next((kind for end, kind in ENDS.items() if address.endswith(end)), "")


def _asked() -> str:
    return kind_of(request.url_rule.rule) if request.url_rule else ""


def _before() -> None:
    if kind := _asked():
        bounds.check(desk(), kind, request.remote_addr or "")


def _after(answer: Response) -> Response:
    kind, address = _asked(), request.remote_addr or ""
    if kind and answer.status_code < 300:

        def count(at: Desk) -> None:
            bounds.count(at, kind, address)

        after(answer, count)
    return answer


def install(app: Flask) -> None:
    app.before_request(_before)
    app.after_request(_after)
