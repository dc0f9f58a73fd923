"""Problems become pages in one place. Each page says what happened, why, and the way out; never a stack trace."""

import json
import logging
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask, current_app, g, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError

from audit.domain import problems
from audit.domain.canonical import instant_text
from audit.domain.tongue import say, word
from audit.web.gate import home
from audit.web.languages import answer_in_theirs
from audit.web.logs import shown_path

log = logging.getLogger("audit.web")
Answer = tuple[str, int] | tuple[str, int, dict[str, str]]
API = "/api/"
RETRY_SECONDS = 5
WORTH_ANOTHER_TRY = frozenset({409, 413, 422, 429, 503})
# What a tablet decides by; the words are for people.
CODES = {
    400: "unreadable",
    401: "signed-out",
    403: "not-allowed",
    404: "not-found",
    405: "no-such-method",
    409: "not-now",
    410: "erased",
    413: "too-large",
    415: "wrong-kind",
    422: "does-not-fit",
    426: "too-old",
    429: "too-many",
    500: "our-fault",
    503: "cannot-save",
}


@dataclass(frozen=True)
class Words:
    """Title, what happened, and where to go: (address, words)."""

    title: str
    words: str
    way_out: tuple[str, str] = ("/visits", word("Go to the visits"))


PAGES = {
    400: Words(
        word("This request could not be read"),
        word("The browser sent something that does not fit. Go back and try again."),
    ),
    403: Words(
        word("This is not yours to do"), word("You are signed in, but your role does not include this.")
    ),
    404: Words(
        word("There is nothing here"),
        word("The address may be mistyped, or what was here is not yours to see."),
    ),
    405: Words(word("This cannot be done here"), word("The page was asked in a way it does not know.")),
    409: Words(word("Something changed meanwhile"), word("Look at what is there now, then decide.")),
    410: Words(word("This was erased"), word("Its time was over; only its hashes are kept.")),
    413: Words(
        word("That is too large"),
        word("One photo may have 8 MB, one page of answers 1 MB. Choose smaller photos, or fewer at once."),
    ),
    422: Words(word("Something does not fit"), word("Go back; what you typed is still there.")),
    429: Words(word("Too many tries"), word("Wait a moment, then try again.")),
    503: Words(
        word("Nothing can be saved at the moment"),
        word("What was saved before is safe, and reading goes on. Try again in a moment."),
    ),
    500: Words(
        word("That went wrong on our side"),
        word(
            "Nothing was saved by this step. What was saved before is safe. Try again; if it happens again, tell the administrator the number below."
        ),
    ),
}
STATUS: dict[type[problems.Problem], int] = {
    problems.Erased: 410,
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
    """The page for a status; ``words`` replace the general sentence when a problem has its own.

    A tablet gets the same as JSON: ``{"error": {"code", "words"}, "server_time"}``.
    """
    told = PAGES.get(status, PAGES[400])
    answer_in_theirs()  # it may have gone wrong before anybody knew whose request this is
    if request.path.startswith(API):
        return _document(status, words or say(told.words), headers or {})
    way_out = _way_out(status, told)
    text = render_template(
        "errors/page.html", told=told, words=words or say(told.words), way_out=way_out, status=status,
        request_id=g.get("request_id", ""),
    )  # fmt: skip
    return (text, status, headers or {})


def _document(status: int, words: str, headers: dict[str, str]) -> Answer:
    at = instant_text(current_app.config["CLOCK"]())
    document = {"error": {"code": CODES.get(status, "refused"), "words": words}, "server_time": at}
    text = json.dumps(document, ensure_ascii=False)
    if status == 503:
        headers = {"Retry-After": str(RETRY_SECONDS), **headers}
    return f"{text}\n", status, {"Content-Type": "application/json", **headers}


def _way_out(status: int, told: Words) -> tuple[str, str]:
    """Back to the page the form came from where trying again makes sense, else to somewhere that is there."""
    if not g.get("person"):
        return "/sign-in", word("Sign in")
    came_from = urlsplit(request.referrer or "")
    if status in WORTH_ANOTHER_TRY and came_from.netloc == request.host and came_from.path:
        return came_from.path, word("Go back to where you were")
    if home(g.person) != told.way_out[0] == Words.way_out[0]:
        return home(g.person), word("Go to your papers")
    return told.way_out


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
            "%s %s failed, request %s", request.method, shown_path(), g.get("request_id"), exc_info=error
        )
        return page(500)
    allowed = getattr(error, "valid_methods", None)  # only a 405 knows them
    return page(status, _own_words(error), headers={"Allow": ", ".join(sorted(allowed))} if allowed else None)


def _own_words(error: HTTPException) -> str:
    """What the API says of its refusals; the framework's own sentences are none of ours."""
    ours = request.path.startswith(API) and error.description != type(error).description
    return error.description or "" if ours else ""


def install(app: Flask) -> None:
    app.register_error_handler(problems.Problem, _problem)
    app.register_error_handler(HTTPException, _http)
