"""A clinic and the people who work there."""

from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import DataRequired

from forms.base import PageForm, line, paragraph
from forms.facts import FactsForm

ELSEWHERE = "other"


class ClinicForm(FactsForm):
    name = line("Name", 200, "Give the name of the clinic.")
    address = paragraph("Address", 500)
    permit = line("Permit number", 100)
    jurisdiction = SelectField(
        "Jurisdiction", [DataRequired("Say where the clinic is.")], validate_choice=False
    )
    elsewhere = line("Code of another place", 40)
    time_zone = line("Time zone", 64, "Give the time zone of the clinic.")

    @property
    def place(self) -> str:
        """The jurisdiction that was chosen, or the code that was typed."""
        return self.text("elsewhere") if self.jurisdiction.data == ELSEWHERE else self.text("jurisdiction")


class _Practitioner(PageForm):
    name = line("Name", 200, "Give the name.")
    title = line("What they do", 200)


class NewPractitioner(_Practitioner):
    """``made`` is made with the page, so that pressing twice adds one person."""

    made = HiddenField()


class PractitionerForm(_Practitioner):
    active = BooleanField("Works here now")
