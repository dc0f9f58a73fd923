"""People who may sign in (for administrators), and one's own password."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit.domain.people import ROLE_WORDS
from audit.domain.problems import BadInput
from audit.operations import clinics, people
from audit.web.gate import begin, desk, person
from forms.base import offered
from forms.people import NewPassword, NewPerson

doors = Blueprint("people", __name__)
Answer = str | Response | tuple[str, int]


@doors.get("/people")
def index() -> str:
    names = _clinic_names()
    rows = [
        {
            "name": row.name,
            "login": row.login,
            "role": ROLE_WORDS[row.role],
            "active": row.active,
            "clinics": ", ".join(sorted(names.get(one, "") for one in row.clinics)),
        }
        for row in people.list_people(desk())
    ]
    return render_template("people/list.html", people=rows)


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
    form.clinics.choices = offered(_clinic_names().items())
    left: list[str] = []
    if form.validate_on_submit():
        try:
            people.add_person(
                desk(),
                form.text("login"),
                form.text("name"),
                form.text("role"),
                form.text("password"),
                frozenset(form.clinics.data or ()),
            )
            return redirect(url_for("people.index"), 303)
        except BadInput as problem:
            left = form.take(problem)
    page = render_template(
        "people/new.html", form=form, errors=[*(("", words) for words in left), *form.error_links()]
    )
    return (page, 422) if form.is_submitted() else page


@doors.route("/account", methods=["GET", "POST"])
def account() -> Answer:
    form = NewPassword()
    left: list[str] = []
    if form.validate_on_submit():
        try:
            address = request.remote_addr or ""
            begin(people.change_password(desk(), form.text("old"), form.text("new"), address).token)
            return redirect(url_for("people.account", saved=1), 303)
        except BadInput as problem:
            left = form.take(problem)
    page = render_template(
        "people/account.html",
        form=form,
        role=ROLE_WORDS[person().role],
        saved=bool(request.args.get("saved")) and not form.is_submitted(),
        errors=[*(("", words) for words in left), *form.error_links()],
    )
    return (page, 422) if form.is_submitted() else page
