"""The public card: what anybody reads who scans the code on a clinic's wall, and the page that switches it on."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from audit.operations import clinics, public
from audit.operations.public import PAPERS, Told
from audit.web.dates import age_words, day_words
from audit.web.gate import can, desk
from forms.public import CardForm

doors = Blueprint("public", __name__)
PAPER_WORDS = {"a4": "A4", "letter": "Letter", "a5": "A5"}


@doors.get("/card/<name>")
def card(name: str) -> str:
    told = public.look(desk(), name[:80], request.remote_addr or "")
    return render_template("public/card.html", card=_shown(told))


def _shown(told: Told) -> dict[str, Any]:
    return {
        "clinic": told.clinic,
        "address": told.address,
        "agency": told.agency,
        "headline": public.headline(told),
        "stale": told.stale,
        "result": told.result,
        "fixed": public.fixed_words(told),
        "day": day_words(told.inspected_on) if told.inspected_on else "",
        "age": age_words(told.inspected_on, told.today) if told.inspected_on and told.today else "",
        "inspector": told.inspector,
        "authority": told.authority,
    }


@doors.route("/clinics/<uuid:clinic_id>/card", methods=["GET", "POST"])
def settings(clinic_id: UUID) -> str | Redirect | tuple[str, int]:
    """Whether there is a card, and where; the agency decides, the clinic takes it along."""
    clinic = clinics.get(desk(), str(clinic_id))
    if request.method == "POST":
        desk().must("card.decide", clinic.id)
    kept = public.card(desk(), clinic.id)
    form = CardForm(data={"shown": kept.shown, "inspector": kept.inspector})
    if form.validate_on_submit():
        public.decide(desk(), clinic.id, bool(form.shown.data), bool(form.inspector.data))
        return redirect(url_for("public.settings", clinic_id=clinic.id, saved=1), 303)
    address = public.address_of(desk(), kept.name) if kept.shown else ""
    page = render_template(
        "public/settings.html",
        clinic=clinic,
        kept=kept,
        form=form,
        decides=can("card.decide", clinic.id),
        address=address,
        code=public.code(address) if address else None,
        papers=[(paper, PAPER_WORDS[paper]) for paper in PAPERS],
        saved=bool(request.args.get("saved")),
        errors=form.error_links(),
    )
    return (page, 422) if form.is_submitted() else page


@doors.get("/clinics/<uuid:clinic_id>/card.pdf")
def placard(clinic_id: UUID) -> Response:
    data = public.draw(desk(), str(clinic_id), request.args.get("paper", ""))
    answer = Response(data, content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="public-card.pdf"'
    return answer
