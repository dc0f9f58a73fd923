"""One line of JSON per request: who asked for what, how it ended, how long it took. No queries, no forms."""

import json
import logging
import secrets
import time

from flask import Flask, Response, g, request

SECRET = ("/fix/", "/calendar/", "/reminders/off/")
log = logging.getLogger("audit.web")


def _begin() -> None:
    g.request_id = secrets.token_hex(6)
    g.began = time.perf_counter()


def shown_path() -> str:
    """The path without what must stay a secret: a link that opens a visit's findings, the address of a calendar."""
    return next((f"{start}…" for start in SECRET if request.path.startswith(start)), request.path)


def _end(answer: Response) -> Response:
    answer.headers["X-Request-Id"] = g.request_id
    if log.isEnabledFor(logging.INFO) and request.endpoint != "assets.static":
        person = g.get("person")
        line = {
            "request": g.request_id,
            "method": request.method,
            "path": shown_path(),
            "status": answer.status_code,
            "ms": round((time.perf_counter() - g.began) * 1000, 1),
            "person": person.id if person else None,
        }
        log.info(json.dumps(line))
    return answer


def install(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_end)
