"""Links for clinics: made and ended by those who may, and the page they open, on a phone and without an account.

The secret stands in the path, so that a code on paper stays small; no log of ours keeps paths under ``/fix/``.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from audit.domain.problems import BadInput, NotFound, NotNow
from audit.domain.tongue import say
from audit.operations import fixing
from audit.operations.fixing import GivenOut, Opened
from audit.operations.inspections import open_visit
from audit.web.actions import answer_of, photos_after, row_shown, steps_shown
from audit.web.dates import day_words, moment_words
from audit.web.gate import desk
from audit.web.photos import SIZES, picture_of
from forms.actions import FixForm
from forms.visits import Confirm

doors = Blueprint("fixing", __name__)
Reply = str | Redirect | tuple[str, int]


# giving out ---------------------------------------------------------------------------------------------------


@doors.route("/visits/<uuid:visit_id>/fix-links", methods=["GET", "POST"])
def links(visit_id: UUID) -> Reply:
    """The links of a visit; posting makes one, and this answer alone shows it."""
    form, token, left = Confirm(), "", []
    if form.validate_on_submit():
        try:
            token = fixing.offer(desk(), str(visit_id))
        except NotNow as problem:
            left = [problem.words]
    page = _links_page(visit_id, token, [*(("", words) for words in left), *form.error_links()])
    return (page, 422) if form.is_submitted() and not token else page


@doors.post("/visits/<uuid:visit_id>/fix-links/end")
def end(visit_id: UUID) -> Reply:
    form = Confirm()
    if not form.validate_on_submit():
        return _links_page(visit_id, "", form.error_links()), 422
    fixing.revoke(desk(), str(visit_id), request.form.get("link", "")[:64])
    return redirect(url_for("fixing.links", visit_id=visit_id), 303)


def _links_page(visit_id: UUID, token: str, errors: list[tuple[str, str]]) -> str:
    visit = open_visit(desk(), str(visit_id))
    zone = visit.inspection.time_zone
    address = url_for("fixing.show", token=token, _external=True) if token else ""
    return render_template(
        "fixing/links.html",
        visit=visit,
        date=day_words(visit.inspection.inspected_on),
        links=[_link(row, zone) for row in fixing.given_out(desk(), str(visit_id))],
        made=address,
        code=fixing.code(address) if address else None,
        errors=errors,
    )


def _link(row: GivenOut, zone: str) -> dict[str, Any]:
    return {
        "id": row.link.id,
        "works": row.works,
        "by": _where(row),
        "made": moment_words(row.link.made_at, zone),
        "until": moment_words(row.link.revoked_at or row.link.expires_at, zone),
        "used": moment_words(row.last_used, zone) if row.last_used else "",
    }


def _where(row: GivenOut) -> str:
    """Who made a link, or where it stands."""
    if row.in_letter:
        return say("in the letter to {name}", name=row.by)
    return say("in the action plan") if row.in_report else row.by


# whoever holds it ---------------------------------------------------------------------------------------------


def _from() -> str:
    return request.remote_addr or ""


@doors.get("/fix/<token>")
def show(token: str) -> str:
    return _page(token, fixing.opened(desk(), token, _from()))


@doors.post("/fix/<token>/<uuid:action_id>")
def answer(token: str, action_id: UUID) -> Reply:
    shown = fixing.opened(desk(), token, _from())
    if str(action_id) not in (row.action.id for row, _ in shown.rows):
        raise NotFound(say("There is no such action."))
    form, left = FixForm(), []
    if form.validate_on_submit():
        try:
            fixing.answer(desk(), token, str(action_id), answer_of(form), _from())
            return redirect(url_for("fixing.show", token=token, _anchor=f"f-{action_id}"), 303)
        except BadInput as problem:
            left = form.take(problem)
        except NotNow as problem:
            left = [problem.words]
    return _page(token, fixing.opened(desk(), token, _from()), str(action_id), form, left), 422


def _page(
    token: str, shown: Opened, wrong: str = "", form: FixForm | None = None, left: list[str] | None = None
) -> str:
    cards = [
        {
            **row_shown(row),
            "action": row.action,
            "citations": row.citations,
            "before": before,
            "after": photos_after(row.action),
            "steps": steps_shown(row),
            "form": form if row.action.id == wrong and form else FixForm(formdata=None),
            "left": row_shown(row)["left"],
            "today": row.today.isoformat(),
            "post": url_for("fixing.answer", token=token, action_id=row.action.id),
        }
        for row, before in shown.rows
    ]
    return render_template(
        "fixing/show.html",
        clinic=shown.clinic_name,
        inspected=day_words(shown.inspected_on),
        until=day_words(shown.expires_on),
        cards=[card for card in cards if not card["action"].closed],
        closed=sum(card["action"].closed for card in cards),
        owed=shown.owed,
        photos=url_for("fixing.show", token=token) + "/photos/",
        errors=_errors(wrong, form, left or []),
    )


def _errors(wrong: str, form: FixForm | None, left: list[str]) -> list[tuple[str, str]]:
    found = form.error_links() if form else []
    return [
        *(("", words) for words in left),
        *((f"{place}-{wrong}" if place else "", words) for place, words in found),
    ]


@doors.get("/fix/<token>/photos/<sha256>/<size>")
def picture(token: str, sha256: str, size: str) -> Response:
    if size not in SIZES:
        raise NotFound(say("There is no such photo."))
    return picture_of(fixing.photo(desk(), token, sha256, size, _from()), sha256)
