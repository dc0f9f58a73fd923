"""People who may sign in (for administrators), and one's own password."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit.domain.people import ROLE_WORDS, Person
from audit.domain.problems import BadInput, NotNow
from audit.domain.tongue import say, word
from audit.operations import clinics, factors, languages, links, own_data, people, post
from audit.web.gate import begin, desk, device_words, person
from forms.base import offered
from forms.people import HandOver, Language, NewPassword, NewPerson, PersonForm
from forms.visits import Confirm

doors = Blueprint("people", __name__)
Answer = str | Response | tuple[str, int]
DEEDS = {
    "administrator": word("People, clinics, checklists and retention; changes no evidence."),
    "inspector": word("Inspects every clinic of the agency."),
    "owner": word("Audits the own clinics, answers findings, keeps papers."),
    "practitioner": word("Keeps the own papers, answers what is given to them."),
}
SAVED = {
    "person": word("Saved."),
    "factors": word("Taken away, and every session of this person has ended."),
    "off": word("Switched off. Every session of this person has ended."),
    "handed": word("Handed over. Both owners sign in anew."),
    "on": word("Switched on. Earlier one-time links stay dead; make a new one if the password is lost."),
}


@doors.get("/people")
def index() -> str:
    text = request.args.get("text", "").strip()[:200]
    names = _clinic_names()
    every = people.list_people(desk())
    return render_template(
        "people/list.html",
        text=text,
        rows=[_row(one, names) for one in every if _fits(one, text)],
        saved=request.args.get("saved", ""),
        troubled=post.troubled(desk()),
    )


def _fits(one: Person, text: str) -> bool:
    """Does every word of the search stand in the name or the login?"""
    where = f"{one.name} {one.login}".casefold()
    return all(part in where for part in text.casefold().split())


def _row(one: Person, names: dict[str, str]) -> dict[str, Any]:
    return {
        "href": url_for("people.edit", person_id=one.id),
        "name": one.name,
        "login": one.login,
        "role": say(ROLE_WORDS[one.role]),
        "active": one.active,
        "clinics": ", ".join(sorted(names.get(clinic, "") for clinic in one.clinics)),
    }


def _clinic_names() -> dict[str, str]:
    found: dict[str, str] = {}
    after: str | None = None
    while True:
        page = clinics.search(desk(), "", after, 200)
        found |= {row.clinic.id: row.clinic.name for row in page.rows}
        after = page.next
        if after is None:
            return found


@doors.route("/people/new", methods=["GET", "POST"])
def new() -> Answer:
    desk().must("person.add")
    form = NewPerson()
    _offer(form)
    left: list[str] = []
    if form.validate_on_submit():
        try:
            return _added(form)
        except BadInput as problem:
            left = form.take(problem)
    page = render_template(
        "people/new.html",
        form=form,
        deeds=deeds(),
        errors=[*(("", words) for words in left), *form.error_links()],
    )
    return (page, 422) if form.is_submitted() else page


def _offer(form: PersonForm, one: Person | None = None) -> None:
    """What there is to tick: every clinic, and everybody who works in one, or did as this person."""
    names = _clinic_names()
    form.clinics.choices = offered(names.items())
    everybody = people.practitioners(desk(), one.practitioners if one else ())
    form.practitioners.choices = offered(
        (one.id, f"{one.name} · {names.get(one.clinic, '')}") for one in everybody
    )


def _added(form: NewPerson) -> Answer:
    who = form.text("login"), form.text("name"), form.text("role")
    rest = form.text("email"), frozenset(form.practitioners.data or ())
    places = frozenset(form.clinics.data or ())
    if form.text("password"):
        added = people.add_person(desk(), *who, form.text("password"), places, *rest)
        languages.choose_for(desk(), added.id, form.text("language"))
        return redirect(url_for("people.index"), 303)
    one, token = links.invite(desk(), *who, places, *rest, form.text("language"), _address_of)
    return _link_page(one, token)


def _address_of(token: str) -> str:
    return url_for("links.password", key=token, _external=True)


def _link_page(one: Person, token: str) -> str:
    """The link, shown this once: only its hash is kept."""
    days = links.LASTS[people.PASSWORD_LINK].days
    return render_template("people/link.html", one=one, address=_address_of(token), days=days)


@doors.route("/people/<uuid:person_id>", methods=["GET", "POST"])
def edit(person_id: UUID) -> Answer:
    one = people.get(desk(), str(person_id))
    desk().must("person.edit")
    form = PersonForm(data=_shown(one))
    _offer(form, one)
    left: list[str] = []
    if form.validate_on_submit():
        try:
            people.edit_person(
                desk(),
                one.id,
                form.text("name"),
                form.text("role"),
                frozenset(form.clinics.data or ()),
                one.active,
                form.text("login"),
                form.text("email"),
                frozenset(form.practitioners.data or ()),
            )
            languages.choose_for(desk(), one.id, form.text("language"))
            return redirect(url_for("people.edit", person_id=one.id, saved="person"), 303)
        except BadInput as problem:
            left = form.take(problem)
        except NotNow as problem:
            form.role.errors = [problem.words]
    errors = [*(("", words) for words in left), *form.error_links()]
    return _edit_page(one, form, errors, 422 if form.is_submitted() else 200)


def _shown(one: Person) -> dict[str, Any]:
    return {
        "name": one.name,
        "login": one.login,
        "role": one.role,
        "clinics": [*one.clinics] if one.role == "owner" else [],
        "practitioners": [*one.practitioners],
        "email": one.email,
        "language": one.language,
    }


def deeds() -> dict[str, str]:
    """What each role is for, in a line."""
    return {role: say(words) for role, words in DEEDS.items()}


def _edit_page(one: Person, form: PersonForm, errors: list[tuple[str, str]], status: int) -> Answer:
    page = render_template(
        "people/edit.html",
        one=one,
        role=say(ROLE_WORDS[one.role]),
        deeds=deeds(),
        form=form,
        errors=errors,
        myself=one.id == person().id,
        has_factor=factors.has(desk(), one.id),
        saved=SAVED.get(request.args.get("saved", ""), "") if status == 200 else "",
    )
    return page if status == 200 else (page, status)


@doors.post("/people/<uuid:person_id>/switch")
def switch(person_id: UUID) -> Answer:
    """Let somebody sign in no more, or again."""
    desk().must("person.edit")
    one = people.get(desk(), str(person_id))
    on = request.form.get("to") == "on"
    if Confirm().validate_on_submit():
        try:
            people.switch(desk(), one.id, on)
        except NotNow as problem:
            return _again(one, [("switch", problem.words)])
    saved = "on" if on else "off"
    return redirect(url_for("people.edit", person_id=one.id, saved=saved), 303)


@doors.post("/people/<uuid:person_id>/link")
def link(person_id: UUID) -> Answer:
    """A one-time link to a new password."""
    desk().must("person.reset")
    one = people.get(desk(), str(person_id))
    if not Confirm().validate_on_submit():
        return redirect(url_for("people.edit", person_id=one.id), 303)
    try:
        return _link_page(one, links.offer_password(desk(), one.id, _address_of))
    except NotNow as problem:
        return _again(one, [("link", problem.words)])


@doors.post("/people/<uuid:person_id>/second-factors")
def take_factors(person_id: UUID) -> Answer:
    """For somebody who lost their phone and their recovery codes."""
    desk().must("person.reset")
    one = people.get(desk(), str(person_id))
    if Confirm().validate_on_submit():
        factors.take_away(desk(), one.id)
        return redirect(url_for("people.edit", person_id=one.id, saved="factors"), 303)
    return redirect(url_for("people.edit", person_id=one.id), 303)


@doors.route("/people/<uuid:person_id>/hand-over", methods=["GET", "POST"])
def hand_over(person_id: UUID) -> Answer:
    """Another owner answers for clinics of this one from now on."""
    desk().must("person.edit")
    one, form = people.get(desk(), str(person_id)), HandOver()
    names = _clinic_names()
    form.clinics.choices = offered((clinic, names.get(clinic, "")) for clinic in sorted(one.clinics))
    owners = [other for other in people.list_people(desk()) if other.role == "owner" and other.active]
    form.to.choices = offered(
        [("", say("Choose")), *((other.id, other.name) for other in owners if other.id != one.id)]
    )
    left: list[str] = []
    if form.validate_on_submit():
        try:
            people.hand_over(desk(), one.id, form.text("to"), form.clinics.data or ())
            return redirect(url_for("people.edit", person_id=one.id, saved="handed"), 303)
        except BadInput as problem:
            left = form.take(problem)
    errors = [*(("", words) for words in left), *form.error_links()]
    page = render_template("people/hand_over.html", one=one, form=form, errors=errors)
    return (page, 422) if form.is_submitted() else page


@doors.post("/people/<uuid:person_id>/data")
def data(person_id: UUID) -> Answer:
    """Somebody's data, who asked for it."""
    desk().must("person.export")
    one = people.get(desk(), str(person_id))
    if not Confirm().validate_on_submit():
        return redirect(url_for("people.edit", person_id=one.id), 303)
    return _as_zip(own_data.of_person(desk(), one.id))


@doors.post("/account/data")
def own() -> Answer:
    """One's own data."""
    if not Confirm().validate_on_submit():
        return redirect(url_for("people.account"), 303)
    return _as_zip(own_data.of_myself(desk()))


def _as_zip(packed: bytes) -> Response:
    answer = Response(packed, content_type="application/zip")
    answer.headers["Content-Disposition"] = "attachment; filename=personal-data.zip"
    return answer


def _again(one: Person, errors: list[tuple[str, str]]) -> Answer:
    """The person's page as it is kept, with what stands in the way."""
    form = PersonForm(formdata=None, data=_shown(one))
    _offer(form)
    return _edit_page(one, form, errors, 409)


@doors.route("/account", methods=["GET", "POST"])
def account() -> Answer:
    form = NewPassword()
    left: list[str] = []
    if form.validate_on_submit():
        try:
            address = request.remote_addr or ""
            words = form.text("old"), form.text("new")
            begin(people.change_password(desk(), *words, address, device_words()))
            return redirect(url_for("people.account", saved=1), 303)
        except BadInput as problem:
            left = form.take(problem)
    page = render_template(
        "people/account.html",
        form=form,
        languages=Language(formdata=None, data={"language": person().language}),
        chosen=bool(request.args.get("chosen")) and not form.is_submitted(),
        role=say(ROLE_WORDS[person().role]),
        saved=bool(request.args.get("saved")) and not form.is_submitted(),
        errors=[*(("", words) for words in left), *form.error_links()],
    )
    return (page, 422) if form.is_submitted() else page


@doors.post("/account/language")
def language() -> Response:
    """Which language pages and reports speak to the person at work."""
    form = Language()
    if not form.validate_on_submit():
        return redirect(url_for("people.account"), 303)
    languages.choose(desk(), form.text("language"))
    return redirect(url_for("people.account", chosen=1), 303)
