"""A paper of a clinic or practitioner as somebody types it."""

from datetime import date

from wtforms import HiddenField, SelectField, SelectMultipleField
from wtforms.validators import ValidationError

from audit.domain.tongue import say, word
from forms.base import PageForm, line


def day_of(text: str) -> date | None:
    """A day as browsers send it, or none when nothing was chosen.

    Raises:
        ValidationError: for what is no day.
    """
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValidationError(say("Give the day as year-month-day.")) from None


class PaperForm(PageForm):
    """``made`` is made with the page, so that pressing twice adds one paper; the scan is read from the request."""

    kind = SelectField(word("What paper this is"), validate_choice=False)
    holder = SelectField(word("Whose it is"), validate_choice=False)
    number = line(word("Number"), 200)
    issuer = line(word("Issued by"), 200)
    issued = line(word("Issued on"), 10)
    expires = line(word("Expires on"), 10)
    covers = SelectMultipleField(word("Procedures named on it"), validate_choice=False)
    place = line(word("Address on it"), 200)
    made = HiddenField()
    rev = HiddenField()

    def validate_issued(self, field: object) -> None:
        day_of(self.text("issued"))

    def validate_expires(self, field: object) -> None:
        day_of(self.text("expires"))
