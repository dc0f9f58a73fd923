"""GET …/checklists/{sha256}: a published checklist with each of its cards drawn once, empty."""

from typing import Any

from flask import Blueprint, Response, current_app, request

from audit.domain.checklists import Checklist
from audit.domain.tongue import language, speaking
from audit.languages import chosen, tongue
from audit.operations import checklists
from audit.web.api.answering import answer
from audit.web.cards import empty_card
from audit.web.faces import faces_of
from audit.web.gate import desk
from audit.web.keeping import Keeper

doors = Blueprint("checklists", __name__)
KEEP = "private, max-age=31536000, immutable"
SLUG = "SLUG"
_drawn: Keeper[dict[str, Any]] = Keeper(room=8)


@doors.get("/checklists/<sha256>")
def show(sha256: str) -> Response:
    """The published document and its cards, in a language.

    Under an address that names the build it never changes; without one a tablet asks again.
    """
    asked, build = request.args.get("lang"), current_app.extensions["assets"].build
    code = chosen([asked]) if asked else language()
    with speaking(tongue(code)):
        checklist = checklists.get(desk(), sha256)
        drawn = _drawn.get(
            (sha256, code), lambda: {"published": published(sha256, code), "cards": cards(checklist)}
        )
        found = answer(**drawn, language=code, build=build)
    found.headers["Cache-Control"] = (
        KEEP if asked and request.args.get("build") == build else "private, no-cache"
    )
    found.headers["Vary"] = "Cookie"
    found.set_etag(f"{sha256[:24]}-{code}-{build}")
    return found


def published(sha256: str, code: str) -> dict[str, Any]:
    """The published document as it reads in that language: a tablet says its words as they are."""
    return checklists.told(desk(), sha256, code)


def cards(checklist: Checklist) -> dict[str, str]:
    """Each item's card with one unit, under a slug that the tablet puts its own in for."""
    faces = faces_of(checklist)
    return {item.key: str(empty_card(item, faces[item.key], SLUG)) for item in checklist.items()}
