"""The agency's record: on whose behalf visits are made."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit.domain.agency import Agency
from audit.domain.problems import BadInput, Problem
from audit.operations import agency
from audit.web import retention
from audit.web.clinics import zones
from audit.web.gate import desk
from forms.agency import AgencyForm, LogoForm
from forms.visits import Confirm

doors = Blueprint("agency", __name__)


@doors.route("/agency", methods=["GET", "POST"])
def edit() -> str | Response | tuple[str, int]:
    desk().must("agency.edit")
    kept = agency.get(desk())
    form = AgencyForm(data=_shown(kept))
    left: list[str] = []
    if form.validate_on_submit():
        try:
            agency.save(desk(), _read(form, kept))
            return redirect(url_for("agency.edit", saved=1), 303)
        except BadInput as problem:
            left = form.take(problem)
    page = render_template(
        "agency/edit.html",
        form=form,
        kept=kept,
        kept_for=retention.kept_for(),
        zones=zones(),
        saved=bool(request.args.get("saved")) and not form.is_submitted(),
        errors=[*(("", words) for words in left), *form.error_links()],
    )
    return (page, 422) if form.is_submitted() else page


def _shown(kept: Agency) -> dict[str, object]:
    return {
        "name": kept.name,
        "address": kept.address,
        "phone": kept.phone,
        "public_authority": kept.public_authority,
        "time_zone": kept.time_zone,
        "paper": kept.paper,
        "language": kept.language,
        "site": kept.site,
        "statements": "\n\n".join(kept.statements),
        "appeal_route": kept.appeal_route,
    }


def _read(form: AgencyForm, kept: Agency) -> Agency:
    statements = [words.strip() for words in (form.statements.data or "").split("\n\n")]
    return Agency(
        name=form.name.data or "",
        address=form.address.data or "",
        phone=form.phone.data or "",
        logo=kept.logo,
        time_zone=form.time_zone.data or "",
        paper=form.paper.data or kept.paper,
        statements=tuple(words for words in statements if words),
        appeal_route=form.appeal_route.data or "",
        public_authority=bool(form.public_authority.data),
        language=form.language.data or kept.language,
        site=form.site.data or "",
    )


@doors.route("/agency/logo", methods=["GET", "POST"])
def logo() -> str | Response | tuple[str, int]:
    """The picture before the agency's name: shown, put there, or taken away."""
    desk().must("agency.edit")
    form = LogoForm()
    errors: list[tuple[str, str]] = []
    if form.validate_on_submit():
        try:
            agency.take_logo(desk(), form.logo.data.stream.read())
            return redirect(url_for("agency.logo", saved=1), 303)
        except Problem as problem:
            errors = [("logo", problem.words)]
    page = render_template(
        "agency/logo.html",
        agency=agency.get(desk()),
        form=form,
        saved=bool(request.args.get("saved")) and not form.is_submitted(),
        errors=[*errors, *form.error_links()],
    )
    return (page, 422) if form.is_submitted() else page


@doors.post("/agency/logo/remove")
def remove_logo() -> Response:
    desk().must("agency.edit")
    if Confirm().validate_on_submit():
        agency.drop_logo(desk())
    return redirect(url_for("agency.logo"), 303)
