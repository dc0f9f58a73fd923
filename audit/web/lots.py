"""The log of lots of a clinic, one lot, and the look-up when a recall comes."""

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit.domain.lots import ENDING, FINE, GONE, KINDS, OVER, RECALLED, UNPROVED, Lot, sought
from audit.domain.problems import BadInput, Stale
from audit.domain.tongue import say
from audit.operations import clinics, lots
from audit.operations.lots import Hit, LotFields, Told
from audit.web.dates import day_words
from audit.web.gate import can, desk
from audit.web.tables import table_of
from audit.web.visits import row_shown
from forms.base import offered
from forms.credentials import day_of
from forms.lots import LotForm
from forms.visits import Confirm

doors = Blueprint("lots", __name__)
TONES = {RECALLED: "over", OVER: "over", UNPROVED: "soon", ENDING: "soon", FINE: "fine", GONE: "set-aside"}
Reply = str | Response | tuple[str, int]


@doors.get("/clinics/<uuid:clinic_id>/lots")
def index(clinic_id: UUID) -> str:
    page = lots.of_clinic(desk(), str(clinic_id))
    return render_template(
        "lots/list.html",
        clinic=page.clinic,
        rows=[_shown(one) for one in page.lots],
        edits=can("log.edit", page.clinic.id),
    )


@doors.get("/clinics/<uuid:clinic_id>/lots.csv")
def table(clinic_id: UUID) -> Response:
    page = lots.of_clinic(desk(), str(clinic_id))
    heads = (
        say("Kind"),
        say("Lot"),
        say("Maker"),
        say("Product"),
        say("Certificate"),
        say("Received"),
        say("Expires"),
        say("Used up"),
        say("Standing"),
    )
    return table_of("lots", heads, map(_cells, page.lots))


def _cells(told: Told) -> tuple[str, ...]:
    lot = told.row.lot
    days = (day.isoformat() if day else "" for day in (lot.received_on, lot.expires, lot.used_up_on))
    return (
        say(KINDS[lot.kind]),
        lot.lot,
        lot.maker,
        lot.product,
        lot.certificate,
        *days,
        told.standing.words,
    )


def _shown(told: Told) -> dict[str, Any]:
    lot, called_back = told.row.lot, told.standing.state == RECALLED
    return {
        "href": f"/lots/{lot.id}",
        "kind": say(KINDS[lot.kind]),
        "lot": lot.lot,
        "what": " · ".join(filter(None, (lot.maker, lot.product))),
        "certificate": lot.certificate,
        # A reason may be long: it has a line of its own, under the name.
        "words": say("Called back") if called_back else told.standing.words,
        "reason": lot.recall if called_back else "",
        "tone": TONES[told.standing.state],
        "ends": day_words(lot.expires) if lot.expires else "",
        "clinic": told.row.clinic_name,
        "clinic_id": lot.clinic_id,
        "since": day_words(lot.received_on),
        "until": day_words(lot.used_up_on) if lot.used_up_on else "",
    }


@doors.get("/lots")
def look_up() -> str:
    desk().must("lot.search")
    text = request.args.get("lot", "").strip()[:200]
    hits = lots.look_up(desk(), text)
    return render_template(
        "lots/look_up.html",
        text=text,
        short=bool(text) and not sought(text),
        hits=[hit_shown(one) for one in hits],
        most=lots.MOST_FOUND if len(hits) >= lots.MOST_FOUND else 0,
    )


def hit_shown(hit: Hit) -> dict[str, Any]:
    return {**_shown(hit.told), "visits": [row_shown(one) for one in hit.visits]}


@doors.route("/clinics/<uuid:clinic_id>/lots/new", methods=["GET", "POST"])
def new(clinic_id: UUID) -> Reply:
    clinic = clinics.get(desk(), str(clinic_id))
    desk().must("log.edit", clinic.id)
    form = LotForm(data={"made": str(uuid4())})
    left: list[str] = []
    if form.validate_on_submit():
        try:
            lots.add(desk(), clinic.id, _fields(form), _photo(), _id_of(form))
            return redirect(url_for("lots.index", clinic_id=clinic_id), 303)
        except BadInput as problem:
            left = form.take(problem)
    return _form_page(form, clinic.id, clinic.name, None, left)


@doors.route("/lots/<uuid:lot_id>", methods=["GET", "POST"])
def show(lot_id: UUID) -> Reply:
    """One lot: read by those who may, changed by the clinic."""
    clinic, row = lots.get(desk(), str(lot_id))
    form = LotForm(data=_kept(row.lot))
    left: list[str] = []
    if form.is_submitted():
        desk().must("log.edit", clinic.id)
    if form.validate_on_submit():
        try:
            lots.edit(desk(), row.lot.id, _fields(form), _photo(), form.whole("rev"))
            return redirect(url_for("lots.index", clinic_id=clinic.id), 303)
        except BadInput as problem:
            left = form.take(problem)
        except Stale as problem:
            left = [problem.words]
    return _form_page(form, clinic.id, clinic.name, row.lot, left)


@doors.post("/lots/<uuid:lot_id>/remove")
def withdraw(lot_id: UUID) -> Response:
    clinic, _ = lots.get(desk(), str(lot_id))
    desk().must("log.edit", clinic.id)
    if Confirm().validate_on_submit():
        lots.remove(desk(), str(lot_id))
    return redirect(url_for("lots.index", clinic_id=clinic.id), 303)


def _kept(lot: Lot) -> dict[str, str]:
    days = {
        name: day.isoformat() if (day := getattr(lot, name)) else ""
        for name in ("received_on", "expires", "used_up_on")
    }
    texts = {name: getattr(lot, name) for name in ("kind", "lot", "maker", "product", "certificate")}
    return {**texts, **days, "rev": str(lot.rev)}


def _days(lot: Lot) -> dict[str, str]:
    """Field -> its day in words, where there is one."""
    found = {name: getattr(lot, name) for name in ("received_on", "expires", "used_up_on")}
    return {name: day_words(day) for name, day in found.items() if day}


def _fields(form: LotForm) -> LotFields:
    return LotFields(
        kind=form.kind.data or "",
        lot=form.text("lot"),
        maker=form.text("maker"),
        product=form.text("product"),
        received_on=day_of(form.text("received_on")),
        expires=day_of(form.text("expires")),
        certificate=form.text("certificate"),
        used_up_on=day_of(form.text("used_up_on")),
    )


def _photo() -> bytes | None:
    file = request.files.get("photo")
    return file.stream.read() if file and file.filename else None


def _id_of(form: LotForm) -> str:
    try:
        return str(UUID(form.text("made")))
    except ValueError:
        return str(uuid4())


def _form_page(form: LotForm, clinic_id: str, name: str, lot: Lot | None, left: list[str]) -> Reply:
    kinds = [("", say("Choose")), *((key, say(words)) for key, words in KINDS.items())]
    form.kind.choices = offered(kinds)
    page = render_template(
        "lots/edit.html",
        clinic_id=clinic_id,
        clinic_name=name,
        lot=lot,
        form=form,
        edits=can("log.edit", clinic_id),
        kinds=dict(kinds),
        days=_days(lot) if lot else {},
        errors=[*(("", words) for words in left), *form.error_links()],
    )
    return (page, 422) if form.is_submitted() else page
