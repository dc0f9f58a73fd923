"""Photos of an answer: adding, removing, and showing them to those who may read the visit."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4, uuid5

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as Redirect

from audit.domain.answers import PhotoLink
from audit.domain.changes import PHOTO_LINK, PHOTO_UNLINK, REJECTED, Change
from audit.domain.checklists import Item
from audit.domain.problems import BadInput, NotFound, Problem
from audit.domain.tongue import say, word
from audit.domain.visits import Visit
from audit.operations import answers, photos
from audit.web.gate import desk
from audit.web.layers import layer
from audit.web.sections import DEVICE, running_visit
from audit.web.told import section_of
from forms.visits import Confirm

doors = Blueprint("photos", __name__)
doors.add_app_template_global(layer, "layer")
SIZES = ("thumb", "screen")
MOST_AT_ONCE = 12
WAY_OUT = word("Choose a JPEG, PNG, WebP or HEIC up to 8 MB.")
# A photo is opened as a document of its own: no script may run there, whatever the bytes claim to be.
ALONE = "default-src 'none'; img-src 'self'; sandbox"


def _subject(visit: Visit) -> tuple[Item, str | None]:
    """The item and practitioner a photo belongs to, as the address names them."""
    key, person = request.view_args["item"], request.args.get("person") or None  # type: ignore[index]
    for entry in visit.journey.entries():
        if entry.key == (key, person):
            return entry.item, person
    raise NotFound(say("This visit asks no such item."))


@doors.get("/visits/<uuid:visit_id>/items/<item>/photos")
def show(visit_id: UUID, item: str) -> str:
    visit = running_visit(visit_id)
    return _page(visit, *_subject(visit))


@doors.post("/visits/<uuid:visit_id>/items/<item>/photos")
def add(visit_id: UUID, item: str) -> Redirect | tuple[str, int]:
    visit = running_visit(visit_id)
    subject, person = _subject(visit)
    form = Confirm()
    caption = request.form.get("caption", "").strip()
    if not form.validate_on_submit():
        return _page(visit, subject, person, form.error_links(), caption), 422
    errors = _keep_all(visit, subject, person, caption)
    if errors:
        visit = running_visit(visit_id)
        return _page(visit, subject, person, [("photo", words) for words in errors], caption), 422
    return redirect(url_for("photos.show", visit_id=visit_id, item=item, person=person), 303)


def _keep_all(visit: Visit, item: Item, person: str | None, caption: str) -> list[str]:
    """Keep the photos sent; gives back why some were not. Those that could be kept are kept."""
    sent = [file for file in request.files.getlist("photo") if file.filename][:MOST_AT_ONCE]
    if not sent:
        return [say("Choose a photo first.")]
    errors: list[str] = []
    for file in sent:
        try:
            kept = photos.accept(desk(), visit.inspection.id, file.stream.read())
        except BadInput as problem:
            errors += [f"{file.filename}: {fault.words} {say(WAY_OUT)}" for fault in problem.faults]
            continue
        except Problem as problem:
            errors.append(f"{file.filename}: {problem.words}")
            continue
        errors += _link(visit, item, person, PHOTO_LINK, kept.sha256, caption)
    return errors


def _link(
    visit: Visit, item: Item, person: str | None, kind: str, sha256: str, caption: str = ""
) -> list[str]:
    value = {"sha256": sha256, **({"caption": caption} if kind == PHOTO_LINK else {})}
    change = Change(_op_id(sha256), kind, item.key, person, 0, value, DEVICE)
    (outcome,) = answers.take_in(desk(), visit.inspection.id, [change])
    return [outcome.words] if outcome.status == REJECTED else []


def _op_id(sha256: str) -> str:
    """One operation per page and photo: pressing twice links once."""
    try:
        return str(uuid5(UUID(request.form.get("op", "")), sha256))
    except ValueError:
        return str(uuid4())


@doors.post("/visits/<uuid:visit_id>/items/<item>/photos/remove")
def remove(visit_id: UUID, item: str) -> Redirect | tuple[str, int]:
    visit = running_visit(visit_id)
    subject, person = _subject(visit)
    form = Confirm()
    if not form.validate_on_submit():
        return _page(visit, subject, person, form.error_links()), 422
    _link(visit, subject, person, PHOTO_UNLINK, request.form.get("sha256", ""))
    return redirect(url_for("photos.show", visit_id=visit_id, item=item, person=person), 303)


def _page(
    visit: Visit,
    item: Item,
    person: str | None,
    errors: list[tuple[str, str]] | None = None,
    caption: str = "",
) -> str:
    found: tuple[PhotoLink, ...] = visit.links.get((item.key, person), ())
    section = section_of(visit.checklist, item.key)
    where: dict[str, Any] = {"visit_id": visit.inspection.id, "item": item.key, "person": person}
    return render_template(
        "visits/photos.html",
        item=item,
        person_name=visit.practitioner_name(person) if person else "",
        photos=found,
        op=str(uuid4()),
        caption=caption,
        errors=errors or [],
        back=url_for("sections.show", visit_id=visit.inspection.id, key=section, _anchor=f"i-{item.number}"),
        remove=url_for("photos.remove", **where),
    )


@doors.get("/photos/<sha256>/<size>")
def picture(sha256: str, size: str) -> Response:
    if size not in SIZES or len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise NotFound(say("There is no such photo."))
    return picture_of(photos.path(desk(), sha256, size), sha256)


def picture_of(path: Path, sha256: str) -> Response:
    """The copy of a photo as an answer of its own."""
    answer = send_file(path, "image/jpeg", conditional=True)
    answer.headers["Content-Security-Policy"] = ALONE
    answer.headers["Content-Disposition"] = f'inline; filename="{sha256[:12]}.jpg"'
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
