"""Papers of a clinic and its practitioners: the lists, one paper, entering and renewing, and the wall sheet."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from audit.domain.agency import PAPERS
from audit.domain.clinics import Clinic
from audit.domain.credentials import (
    KINDS,
    OF_CLINIC,
    OF_PERSON,
    PROCEDURES,
    WITHOUT_DETAIL,
    Credential,
)
from audit.domain.problems import BadInput, NotFound, NotNow, Stale
from audit.domain.tongue import say
from audit.operations import credentials, walls
from audit.operations.credentials import Board, OfPerson, PaperFields, Told
from audit.web.dates import day_words, moment_words
from audit.web.gate import can, desk
from audit.web.tables import table_of
from forms.base import offered
from forms.credentials import PaperForm, day_of
from forms.visits import Confirm

doors = Blueprint("credentials", __name__)
TONES = {
    "valid": "fine",
    "expiring": "soon",
    "expired": "over",
    "missing": "over",
    "not-covering": "over",
    "not-displayed": "soon",
}
Reply = str | Response | tuple[str, int]


# lists --------------------------------------------------------------------------------------------------------


@doors.get("/clinics/<uuid:clinic_id>/papers")
def index(clinic_id: UUID) -> str:
    board = credentials.board(desk(), str(clinic_id))
    edits = can("paper.edit", board.clinic.id)
    return render_template(
        "credentials/list.html",
        clinic=board.clinic,
        today=day_words(board.today),
        stopped=[shown(one) for one in board.stopped],
        own=[_row(one, board, edits) for one in board.own],
        people=[_person(one, board, edits) for one in board.people],
        edits=edits,
    )


@doors.get("/clinics/<uuid:clinic_id>/practitioners/<uuid:practitioner_id>/papers")
def person(clinic_id: UUID, practitioner_id: UUID) -> str:
    board = credentials.board(desk(), str(clinic_id))
    found = next((one for one in board.people if one.practitioner.id == str(practitioner_id)), None)
    if found is None:
        raise NotFound(say("There is no such practitioner here."))
    edits = can("paper.edit", board.clinic.id)
    return render_template(
        "credentials/person.html", clinic=board.clinic, one=_person(found, board, edits), edits=edits
    )


@doors.get("/clinics/<uuid:clinic_id>/papers.csv")
def table(clinic_id: UUID) -> Response:
    """Every paper that is on file or asked for: the clinic's own, then by practitioner."""
    board = credentials.board(desk(), str(clinic_id))
    heads = (
        say("Whose"),
        say("Paper"),
        say("Number"),
        say("Issued by"),
        say("Covers"),
        say("Expires"),
        say("Standing"),
    )
    every = [(board.clinic.name, one) for one in board.own]
    every += [(one.practitioner.name, told) for one in board.people for told in one.papers]
    rows = (
        (whose, row["kind"], row["number"], row["issuer"], row["covers"], _expires(told), row["words"])
        for whose, told in every
        for row in (shown(told),)
    )
    return table_of("papers", heads, rows)


def _expires(told: Told) -> str:
    return told.paper.expires.isoformat() if told.paper and told.paper.expires else ""


def _person(found: OfPerson, board: Board, edits: bool) -> dict[str, Any]:
    return {
        "id": found.practitioner.id,
        "name": found.practitioner.name,
        "title": found.practitioner.title,
        "papers": [_row(one, board, edits) for one in found.papers],
        "pressing": any(TONES[one.standing.state] == "over" and one.required for one in found.papers),
        **may_words(found, board),
    }


def may_words(found: OfPerson, board: Board) -> dict[str, Any]:
    """May this person work today: in words, with a tone, and the reasons when not."""
    allowed, every = found.allowed, len(board.procedures)
    reasons = list(dict.fromkeys(words for one in found.may.values() for words in one.reasons))
    if board.stopped:
        state, tone = say("May not work: the clinic's own papers"), "over"
    elif not allowed:
        state, tone = say("May not work today"), "over"
    elif len(allowed) < every:
        names = ", ".join(say(PROCEDURES[key]) for key in allowed)
        state, tone = say("May work: {procedures}", procedures=names), "soon"
    else:
        state, tone = say("May work today"), "fine"
    return {"may": state, "tone": tone, "reasons": reasons}


def shown(told: Told) -> dict[str, Any]:
    """A paper in words."""
    paper = told.paper
    return {
        "kind": say(KINDS[told.kind]),
        "words": told.standing.words,
        "tone": TONES[told.standing.state] if told.required or paper else "soon",
        "day": day_words(paper.expires) if paper and paper.expires else "",
        "number": paper.number if paper else "",
        "issuer": paper.issuer if paper else "",
        "covers": ", ".join(say(PROCEDURES[key]) for key in paper.covers) if paper else "",
        "unseen": bool(paper and paper.as_entered),
        "asked": told.required,
    }


def _row(told: Told, board: Board, edits: bool) -> dict[str, Any]:
    href = f"/papers/{told.paper.id}" if told.paper else ""
    if not href and edits:
        asked = {"kind": told.kind, **({"holder": told.holder} if told.holder else {})}
        href = f"/clinics/{board.clinic.id}/papers/new?{urlencode(asked)}"
    return {**shown(told), "href": href}


@doors.get("/papers")
def mine() -> str:
    """What somebody who works on clients has to keep: their own papers, in each clinic."""
    found = [(board.clinic, _person(one, board, edits=True)) for board, one in credentials.own(desk())]
    return render_template("credentials/mine.html", found=found)


# one paper ----------------------------------------------------------------------------------------------------


@doors.get("/papers/<uuid:paper_id>")
def show(paper_id: UUID) -> str:
    return _page(str(paper_id))


def _page(paper_id: str, errors: list[tuple[str, str]] | None = None) -> str:
    page = credentials.get(desk(), paper_id)
    paper, told = page.told.paper, page.told
    assert paper is not None and told.entered_at is not None
    return render_template(
        "credentials/show.html",
        clinic=page.clinic,
        papers=_list_of(page.clinic),
        holder=page.holder_name,
        paper=paper,
        row=shown(told),
        issued=day_words(paper.issued) if paper.issued else "",
        seen=day_words(paper.seen_on) if paper.seen_on else "",
        entered=moment_words(told.entered_at, page.clinic.time_zone),
        by=told.entered_by,
        earlier=[_earlier(one) for one in page.earlier],
        counts=page.counts,
        edits=page.counts and page.may_edit,
        sees=page.counts and can("paper.see", page.clinic.id),
        errors=errors or [],
    )


def _earlier(paper: Credential) -> dict[str, str]:
    number = paper.number or say("without a number")
    return {"href": f"/papers/{paper.id}", "number": number, "day": _end_words(paper)}


def _end_words(paper: Credential) -> str:
    return day_words(paper.expires) if paper.expires else say("no end given")


@doors.route("/clinics/<uuid:clinic_id>/papers/new", methods=["GET", "POST"])
def new(clinic_id: UUID) -> Reply:
    form = PaperForm(data=_begun())
    clinic = credentials.clinic_for(desk(), str(clinic_id), form.holder.data or "")
    left: list[str] = []
    if form.validate_on_submit():
        try:
            made = credentials.add(desk(), clinic.id, _fields(form), _scan(), _id_of(form))
            return redirect(f"/papers/{made.id}", 303)
        except BadInput as problem:
            left = form.take(problem)
    return _form_page(form, clinic, say("Add a paper"), _list_of(clinic), left)


def _begun() -> dict[str, Any]:
    """What the address of a page for a missing paper says of it already."""
    found = {name: request.args.get(name, "")[:64] for name in ("kind", "holder")}
    return {**found, "made": str(uuid4())}


@doors.route("/papers/<uuid:paper_id>/edit", methods=["GET", "POST"])
def edit(paper_id: UUID) -> Reply:
    page = credentials.get(desk(), str(paper_id))
    _must_edit(page)
    paper = page.told.paper
    assert paper is not None
    form = PaperForm(data=_kept(paper, credentials.typed(desk(), paper.id)))
    left: list[str] = []
    if form.validate_on_submit():
        try:
            credentials.edit(desk(), paper.id, _fields(form), _scan(), form.whole("rev"))
            return redirect(f"/papers/{paper.id}", 303)
        except BadInput as problem:
            left = form.take(problem)
        except (Stale, NotNow) as problem:
            left = [problem.words]
    return _form_page(form, page.clinic, say("Correct a paper"), f"/papers/{paper.id}", left)


def _must_edit(page: credentials.Page) -> None:
    desk().must("paper.edit", page.clinic.id, practitioner=page.told.holder)


def _kept(paper: Credential, typed: Credential) -> dict[str, Any]:
    """The paper as it was typed: an end that a rule worked out is not among it."""
    return {
        "kind": paper.kind,
        "holder": paper.holder or "",
        "number": paper.number,
        "issuer": paper.issuer,
        "issued": paper.issued.isoformat() if paper.issued else "",
        "expires": typed.expires.isoformat() if typed.expires else "",
        "covers": list(paper.covers),
        "place": paper.place,
        "rev": str(paper.rev),
    }


@doors.route("/papers/<uuid:paper_id>/renew", methods=["GET", "POST"])
def renew(paper_id: UUID) -> Reply:
    page = credentials.get(desk(), str(paper_id))
    _must_edit(page)
    paper = page.told.paper
    assert paper is not None
    kept = _kept(paper, paper) | {"issued": "", "expires": "", "made": str(uuid4())}
    form = PaperForm(data=kept)
    left: list[str] = []
    if form.validate_on_submit():
        try:
            made = credentials.renew(desk(), paper.id, _fields(form), _scan(), _id_of(form))
            return redirect(f"/papers/{made.id}", 303)
        except BadInput as problem:
            left = form.take(problem)
        except NotNow as problem:
            left = [problem.words]
    title = say("Renew: {paper}", paper=say(KINDS[paper.kind]))
    return _form_page(form, page.clinic, title, f"/papers/{paper.id}", left, paper)


def _fields(form: PaperForm) -> PaperFields:
    return PaperFields(
        kind=form.kind.data or "",
        holder=form.holder.data or "",
        number=form.text("number"),
        issuer=form.text("issuer"),
        issued=day_of(form.text("issued")),
        expires=day_of(form.text("expires")),
        covers=tuple(form.covers.data or ()),
        place=form.text("place"),
    )


def _scan() -> bytes | None:
    file = request.files.get("scan")
    return file.stream.read() if file and file.filename else None


def _id_of(form: PaperForm) -> str:
    """The page's own number, so that pressing twice adds one paper."""
    try:
        return str(UUID(form.text("made")))
    except ValueError:
        return str(uuid4())


def _list_of(clinic: Clinic) -> str:
    """Where this person reads papers: the clinic's list, or a practitioner's own."""
    return f"/clinics/{clinic.id}/papers" if can("paper.read", clinic.id) else "/papers"


def _form_page(
    form: PaperForm, clinic: Clinic, title: str, back: str, left: list[str], renewed: Credential | None = None
) -> Reply:
    kinds = dict.fromkeys((*OF_CLINIC, *OF_PERSON))
    form.kind.choices = offered([("", say("Choose")), *((key, say(KINDS[key])) for key in kinds)])
    people = [
        (one.id, one.name) if one else ("", say("The clinic")) for one in credentials.holders(desk(), clinic)
    ]
    form.holder.choices = offered(people)
    form.covers.choices = offered((key, say(words)) for key, words in PROCEDURES.items())
    page = render_template(
        "credentials/edit.html",
        clinic=clinic,
        papers=_list_of(clinic),
        form=form,
        title=title,
        back=back,
        renewed=renewed,
        holder=dict(people).get(form.holder.data, "") if form.holder.data else "",
        detail=form.kind.data != WITHOUT_DETAIL,
        errors=[*(("", words) for words in left), *form.error_links()],
    )
    return (page, 422) if form.is_submitted() else page


@doors.post("/papers/<uuid:paper_id>/seen")
def see(paper_id: UUID) -> Reply:
    desk_now, form = desk(), Confirm()
    credentials.get(desk_now, str(paper_id))
    desk_now.must("paper.see")
    if not form.validate_on_submit():
        return _page(str(paper_id), form.error_links()), 422
    credentials.see(desk_now, str(paper_id), request.form.get("displayed") == "y")
    return redirect(f"/papers/{paper_id}", 303)


@doors.post("/papers/<uuid:paper_id>/remove")
def withdraw(paper_id: UUID) -> Reply:
    page = credentials.get(desk(), str(paper_id))
    _must_edit(page)
    form = Confirm()
    if not form.validate_on_submit():
        return _page(str(paper_id), form.error_links()), 422
    credentials.remove(desk(), str(paper_id))
    return redirect(_list_of(page.clinic), 303)


# the wall -----------------------------------------------------------------------------------------------------


@doors.get("/clinics/<uuid:clinic_id>/wall")
def wall(clinic_id: UUID) -> str:
    return render_template(
        "credentials/wall.html",
        clinic_id=str(clinic_id),
        wall=walls.wall(desk(), str(clinic_id)),
        papers=PAPERS,
    )


@doors.get("/clinics/<uuid:clinic_id>/wall.pdf")
def wall_pdf(clinic_id: UUID) -> Response:
    data = walls.draw(desk(), str(clinic_id), request.args.get("paper", ""))
    answer = Response(data, content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="wall-sheet.pdf"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
