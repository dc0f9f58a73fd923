"""Starting, setting up, signing and setting aside a visit."""

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField

from forms.base import PageForm, line, offered, paragraph
from forms.facts import FactsForm

CHARGE_STATES = [
    ("signed", "Signs"),
    ("refused", "Refuses to sign"),
    ("absent", "Is not there"),
]


class PeopleForm(FactsForm):
    """Who is there and what the day is like."""

    practitioners = SelectMultipleField("Practitioners on duty")
    present = paragraph("Also present", 8000)

    @property
    def names(self) -> tuple[str, ...]:
        """The people named, one a line."""
        return tuple(name.strip() for name in (self.present.data or "").splitlines() if name.strip())


class StartForm(PeopleForm):
    """``visit_id`` is made with the page, so that pressing twice starts one visit."""

    visit_id = HiddenField()
    purpose = SelectField("Purpose")


class SetUpForm(PeopleForm):
    base_rev = HiddenField()
    purpose = SelectField("Purpose")
    remarks = paragraph("General remarks")


class SignForm(PageForm):
    inspector = line("Your name", 200, "Type your name to sign.")
    charge_state = RadioField("The person in charge", choices=offered(CHARGE_STATES))
    charge_name = line("Name of the person in charge")
    charge_title = line("Title")


class SetAsideForm(PageForm):
    reason = paragraph("Reason", 1000)


class Confirm(PageForm):
    """A button that only needs the page to be ours."""
