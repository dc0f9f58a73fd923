"""Pages and documents travel packed where the browser unpacks them: a checklist is a tenth of its size.

Nobody elsewhere can make a signed-in browser ask for a page and measure it: cookies are SameSite=Lax.
"""

import gzip

from flask import Flask, Response, request

from audit.web.cookies import vary

KINDS = frozenset({"text/html", "application/json", "text/javascript", "application/manifest+json"})
LEAST, LEVEL = 1400, 4  # bytes: what fits into one packet anyway; the level that still costs next to nothing


def _pack(answer: Response) -> Response:
    if answer.mimetype not in KINDS or answer.direct_passthrough or answer.is_streamed:
        return answer
    vary(answer, "Accept-Encoding")
    fits = request.accept_encodings.quality("gzip") > 0 and "Content-Encoding" not in answer.headers
    if not fits or answer.status_code == 304 or (answer.content_length or 0) < LEAST:
        return answer
    answer.set_data(gzip.compress(answer.get_data(), LEVEL, mtime=0))
    answer.headers["Content-Encoding"] = "gzip"
    return answer


def install(app: Flask) -> None:
    app.after_request(_pack)
