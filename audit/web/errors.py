"""Problems become pages in one place. Each page says what happened, why, and the way out; never a stack trace."""

import logging
from dataclasses import dataclass

from flask import Flask, g, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError

from audit.domain import problems

log = logging.getLogger("audit.web")
Answer = tuple[str, int] | tuple[str, int, dict[str, str]]


@dataclass(frozen=True)
class Words:
    """Title, what happened, and where to go: (address, words)."""

    title: str
    words: str
    way_out: tuple[str, str] = ("/visits", "Go to the visits")


PAGES = {
    400: Words(
        "This request could not be read",
        "The browser sent something that does not fit. Go back and try again.",
    ),
    403: Words("This is not yours to do", "You are signed in, but your role does not include this."),
    404: Words("There is nothing here", "The address may be mistyped, or what was here is not yours to see."),
    405: Words("This cannot be done here", "The page was asked in a way it does not know."),
    409: Words("Something changed meanwhile", "Look at what is there now, then decide."),
    413: Words(
        "That is too large",
        "One photo may have 8 MB, one page of answers 1 MB. Choose smaller photos, or fewer at once.",
    ),
    422: Words("Something does not fit", "Go back; what you typed is still there."),
    429: Words("Too many tries", "Wait a moment, then try again."),
    503: Words(
        "Nothing can be saved at the moment",
        "What was saved before is safe, and reading goes on. Try again in a moment.",
    ),
    500: Words(
        "That went wrong on our side",
        "Nothing was saved by this step. What was saved before is safe. Try again; if it happens again, tell the administrator the number below.",
    ),
}
STATUS: dict[type[problems.Problem], int] = {
    problems.NotFound: 404,
    problems.NotAllowed: 403,
    problems.NotNow: 409,
    problems.Stale: 409,
    problems.Differs: 409,
    problems.TooLarge: 413,
    problems.TooMany: 429,
    problems.BadInput: 422,
    problems.Busy: 503,
    problems.NoRoom: 503,
    problems.ReadOnly: 503,
    problems.Unfit: 503,
}


def page(status: int, words: str = "", headers: dict[str, str] | None = None) -> Answer:
    """The page for a status; ``words`` replace the general sentence when a problem has its own."""
    told = PAGES.get(status, PAGES[400])
    way_out = told.way_out if g.get("person") else ("/sign-in", "Sign in")
    text = render_template(
        "errors/page.html", told=told, words=words or told.words, way_out=way_out, status=status,
        request_id=g.get("request_id", ""),
    )  # fmt: skip
    return (text, status, headers or {})


def answer_to(problem: problems.Problem) -> tuple[int, str, dict[str, str]]:
    """The status of a problem, its words, and the headers that go with it."""
    status = next((code for kind, code in STATUS.items() if isinstance(problem, kind)), 500)
    if isinstance(problem, problems.BadInput):
        return status, " ".join(fault.words for fault in problem.faults), {}
    wait = problem.retry_after if isinstance(problem, problems.TooMany | problems.Busy) else None
    return status, problem.words, {"Retry-After": str(wait)} if wait else {}


def _problem(problem: problems.Problem) -> Answer:
    return page(*answer_to(problem))


def _http(error: HTTPException) -> Answer:
    status = error.code or 500
    if isinstance(error, InternalServerError) or status >= 500:
        log.error(
            "%s %s failed, request %s", request.method, request.path, g.get("request_id"), exc_info=error
        )
        return page(500)
    allowed = getattr(error, "valid_methods", None)  # only a 405 knows them
    return page(status, headers={"Allow": ", ".join(sorted(allowed))} if allowed else None)


def install(app: Flask) -> None:
    app.register_error_handler(problems.Problem, _problem)
    app.register_error_handler(HTTPException, _http)
