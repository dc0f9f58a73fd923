"""Starting, setting up, signing and setting aside a visit."""

from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import ValidationError

from audit.domain import strokes
from audit.domain.strokes import Strokes
from audit.domain.tongue import word
from forms.base import PageForm, line, offered, paragraph
from forms.facts import FactsForm

CHARGE_STATES = [
    ("signed", word("Signs")),
    ("refused", word("Refuses to sign")),
    ("absent", word("Is not there")),
]


FORMER, WHOLE = "former", "whole"
SCOPES = [(FORMER, word("Former findings only")), (WHOLE, word("The whole checklist"))]


class PeopleForm(FactsForm):
    """Who is there and what the day is like."""

    practitioners = SelectMultipleField(word("Practitioners on duty"))
    present = paragraph(word("Also present"), 8000)

    @property
    def names(self) -> tuple[str, ...]:
        """The people named, one a line."""
        return tuple(name.strip() for name in (self.present.data or "").splitlines() if name.strip())


class StartForm(PeopleForm):
    """``visit_id`` is made with the page, so that pressing twice starts one visit."""

    visit_id = HiddenField()
    planned = HiddenField()  # the planned visit that this one is
    purpose = SelectField(word("Purpose"))
    scope = RadioField(word("What a follow-up looks at"), choices=offered(SCOPES), validate_choice=False)


class SetUpForm(PeopleForm):
    base_rev = HiddenField()
    purpose = SelectField(word("Purpose"))
    remarks = paragraph(word("General remarks"))


class StrokesField(HiddenField):
    """A drawn signature, as a page with scripts sends it; none without. What is valid, only the domain knows."""

    strokes: Strokes = ()

    def pre_validate(self, form: Any) -> None:
        try:
            self.strokes = strokes.read(self.data or "")
        except ValueError as error:
            raise ValidationError(str(error)) from error

    @property
    def kept(self) -> str:
        """What the page draws again: a drawing that was refused is not given back."""
        return "" if self.errors else self.data or ""


class SignForm(PageForm):
    """Typed names sign; a drawing beside a name is the person's choice."""

    seen = HiddenField()  # what the page showed, so that nobody signs what they did not see
    inspector = line(word("Your name"), 200, word("Type your name to sign."))
    inspector_strokes = StrokesField(word("Your drawn signature"))
    other_name = BooleanField(word("Sign with another name"))
    charge_state = RadioField(
        word("The person in charge"), choices=offered(CHARGE_STATES), validate_choice=False
    )
    charge_name = line(word("Name of the person in charge"))
    charge_title = line(word("Title"))
    charge_strokes = StrokesField(word("Drawn signature of the person in charge"))


class SetAsideForm(PageForm):
    reason = paragraph(word("Reason"), 1000, needed=True)


class Confirm(PageForm):
    """A button that only needs the page to be ours."""
