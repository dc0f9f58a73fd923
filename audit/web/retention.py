"""How long things are kept: the rules, visits kept in spite of them, and the notice that anybody may read."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit.domain.problems import BadInput
from audit.domain.tongue import say, several
from audit.operations import retention
from audit.operations.inspections import open_visit
from audit.web.dates import day_words
from audit.web.gate import desk
from forms.retention import HoldForm, RulesForm

doors = Blueprint("retention", __name__)
Answer = str | Response | tuple[str, int]


@doors.route("/agency/retention", methods=["GET", "POST"])
def rules() -> Answer:
    """How long visits are kept, and what that comes to today."""
    standing = retention.standing(desk())
    kept = {kind.replace("-", "_"): str(years) for kind, years in standing.rules.items()}
    form = RulesForm(data=kept)
    left: list[str] = []
    if form.validate_on_submit():
        try:
            retention.rule(desk(), form.years())
            return redirect(url_for("retention.rules", saved=1), 303)
        except BadInput as problem:
            left = form.take(problem)
    page = render_template(
        "retention/rules.html",
        form=form,
        due=several("{number} visit is due now.", "{number} visits are due now.", len(standing.due)),
        some=bool(standing.due),
        holds=[
            {
                "href": f"/visits/{one.inspection_id}/hold" if one.reason else "",
                "reason": one.reason or say("Self-audit"),
                "since": day_words(one.since.date()),
            }
            for one in standing.holds
        ],
        erased=standing.erased,
        classes=[(say(what), say(how_long)) for what, how_long in retention.CLASSES],
        saved=bool(request.args.get("saved")) and not form.is_submitted(),
        errors=[*(("", words) for words in left), *form.error_links()],
    )
    return (page, 422) if form.is_submitted() else page


@doors.route("/visits/<uuid:visit_id>/hold", methods=["GET", "POST"])
def hold(visit_id: UUID) -> Answer:
    """Keep a visit whatever the rule says, or let the rule decide again."""
    visit = open_visit(desk(), str(visit_id))
    held = retention.held(desk(), visit.inspection.id)
    form = HoldForm(data={"reason": held.reason if held else ""})
    left: list[str] = []
    if form.validate_on_submit():
        try:
            if "go" in request.form:
                retention.let_go(desk(), visit.inspection.id)
            else:
                retention.hold(desk(), visit.inspection.id, form.text("reason"))
            return redirect(f"/visits/{visit.inspection.id}", 303)
        except BadInput as problem:
            left = form.take(problem)
    page = render_template(
        "retention/hold.html",
        form=form,
        visit=visit,
        date=day_words(visit.inspection.inspected_on),
        since=day_words(held.since.date()) if held else "",
        errors=[*(("", words) for words in left), *form.error_links()],
    )
    return (page, 422) if form.is_submitted() else page


@doors.get("/privacy")
def privacy() -> str:
    """What is kept about people, why, how long, and whom to ask. For anybody."""
    notice = retention.notice(desk())
    return render_template(
        "retention/privacy.html",
        agency=notice.agency,
        years=[_years(notice.rules.get(kind)) for kind in retention.KINDS],
        classes=[(say(what), say(how_long)) for what, how_long in retention.CLASSES],
    )


def kept_for() -> list[tuple[str, str]]:
    """(kind of visit, how long), as the rules are now."""
    rules = retention.notice(desk()).rules
    words = {retention.KINDS[0]: say("Inspections"), retention.KINDS[1]: say("Self-audits")}
    return [(words[kind], _years(rules.get(kind))) for kind in retention.KINDS]


def _years(number: int | None) -> str:
    if number is None:
        return say("No end is set")
    return several("{number} year after the visit", "{number} years after the visit", number)
