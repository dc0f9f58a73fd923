"""The public page that says whether a report is unchanged since its issue."""

import re

from flask import Blueprint, render_template, request

from audit.domain.problems import BadInput, Fault
from audit.domain.scoring import tenths_words
from audit.domain.tongue import say, word
from audit.operations import asked
from audit.operations.asked import Question, Told
from audit.web.dates import day_words
from audit.web.gate import desk
from audit.web.told import STATUS_WORDS
from forms.verify import AskForm

doors = Blueprint("verify", __name__)
_SHA256 = re.compile(r"[0-9a-f]{64}")
# The reason of a seal stands in the file as plain text; its hyphens may be spelled by their number.
_NUMBER = re.compile(
    rb"Report ([0-9A-HJKMNP-TV-Z]{9})(?:-|\\055)([0-9A-HJKMNP-TV-Z]{9})(?:-|\\055)([0-9A-HJKMNP-TV-Z]{9})"
)
_SAID = {
    asked.ISSUED: (
        word("Issued here"),
        word("A report of this number was issued here. Give the file too, to see whether it is unchanged."),
        "",
    ),
    asked.UNCHANGED: (
        word("Unchanged since issue"),
        word("This is, byte for byte, the file that was issued."),
        "good",
    ),
    asked.SUPERSEDED: (
        word("Superseded by an amendment"),
        word("The record was amended after this report was issued. Ask for the report as amended."),
        "warn",
    ),
    asked.CHANGED: (
        word("Changed after sealing"),
        word("This is not the file that was issued under this number."),
        "warn",
    ),
    asked.FOREIGN: (word("Not our file"), word("No such report was issued here."), "warn"),
}
# A file that was rewritten as a whole bears nothing any more by which it could be known.
_BY_FILE = word(
    "No such file was issued here. If a report number stands on its page 1, type it and choose the file again: a changed"
    " report is then told from a foreign one."
)


@doors.route("/verify", methods=["GET", "POST"])
def show() -> str | tuple[str, int]:
    """A number alone may come in the address, from the code on the paper; a file is sent or, better, hashed there."""
    number = request.args.get("n", "")[:60]
    form = AskForm(data={"number": number})
    told, left = None, []
    if form.validate_on_submit() or (number and not form.is_submitted()):
        try:
            told = _ask(form)
        except BadInput as problem:
            left = form.take(problem)
    errors = [*(("", words) for words in left), *form.error_links()]
    shown = _shown(told, form.text("number")) if told else None
    page = render_template("verify/show.html", form=form, errors=errors, told=shown)
    return (page, 422) if errors else page


def _ask(form: AskForm) -> Told:
    file = form.file.data.stream.read() if form.file.data else b""
    sha256 = form.sha256.data or ""
    found = _NUMBER.search(file)
    number = form.text("number") or (b"-".join(found.groups()).decode("ascii") if found else "")
    if not (file or sha256 or number):
        raise BadInput([Fault("number", say("Type the number, or choose the file."))])
    question = Question(number, sha256 if _SHA256.fullmatch(sha256) else "", file)
    return asked.ask(desk(), question, request.remote_addr or "")


def _shown(told: Told, number: str) -> dict[str, str]:
    title, words, tone = _SAID[told.state]
    return {
        "title": say(title),
        "words": say(words if number or told.state != asked.FOREIGN else _BY_FILE),
        "tone": tone,
        "clinic": told.clinic,
        "date": day_words(told.inspected_on) if told.inspected_on else "",
        "result": say("Void") if told.void else say(STATUS_WORDS[told.status]) if told.status else "",
        "number": tenths_words(told.score) or "" if told.score is not None and not told.void else "",
        "report": told.number,
        "stamped": f"{told.stamped_at:%Y-%m-%d %H:%M:%S} UTC · {told.stamped_by}" if told.stamped_at else "",
        "erased": day_words(told.erased_on) if told.erased_on else "",
    }
