"""Refusals, downloads and exports of whoever is signed in go into the trail, by whatever door: none has to think of it."""

from functools import partial

from flask import Flask, Response, g, request

from audit.operations import noting
from audit.web.afterwards import after

TABLES_AND_PAPERS = frozenset({"application/pdf", "application/zip", "text/csv"})
# These leave a line of their own, in the entry of their deed.
THEIR_OWN = frozenset({"people.data", "people.own", "results.report"})


def _after(answer: Response) -> Response:
    if g.get("person") is None or request.endpoint is None:
        return answer
    door = request.endpoint
    if answer.status_code in (403, 404):
        # When the answer has gone out: it took no longer than one about nothing.
        writes = request.method not in ("GET", "HEAD")
        _refused(answer, _things(), door, writes, answer.status_code == 403)
    elif answer.status_code == 200 and answer.mimetype in TABLES_AND_PAPERS and door not in THEIR_OWN:
        after(answer, partial(noting.export, thing=next(iter(_things()), ""), door=door))
    return answer


def refused(*things: str) -> None:
    """Somebody was refused within an answer that says so of each part, as a tablet's batch."""
    if g.get("person") is not None:
        g.refused_within = things


def _within(answer: Response) -> Response:
    things = g.get("refused_within", ())
    if things:
        _refused(answer, list(things), request.endpoint or "", True, False)
    return answer


def _refused(answer: Response, things: list[str], door: str, writes: bool, by_role: bool) -> None:
    after(answer, partial(noting.refusal, things=things, door=door, to_write=writes, by_role=by_role))


def _things() -> list[str]:
    """The ids in the address."""
    named = [*(request.view_args or {}).values(), request.args.get("inspection", "")[:64]]
    return list(dict.fromkeys(f"{one}" for one in named if len(f"{one}") in (36, 64)))


def install(app: Flask) -> None:
    app.after_request(_after)
    app.after_request(_within)
