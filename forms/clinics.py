"""A clinic and the people who work there."""

from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import DataRequired

from audit.domain.tongue import word
from forms.base import PageForm, line, paragraph
from forms.facts import FactsForm

ELSEWHERE = "other"


class ClinicForm(FactsForm):
    name = line(word("Name"), 200, word("Give the name of the clinic."))
    address = paragraph(word("Address"), 500)
    permit = line(word("Permit number"), 100)
    jurisdiction = SelectField(
        word("Jurisdiction"), [DataRequired(word("Say where the clinic is."))], validate_choice=False
    )
    elsewhere = line(word("Code of another place"), 40)
    time_zone = line(word("Time zone"), 64, word("Give the time zone of the clinic."))

    @property
    def place(self) -> str:
        """The jurisdiction that was chosen, or the code that was typed."""
        return self.text("elsewhere") if self.jurisdiction.data == ELSEWHERE else self.text("jurisdiction")


class _Practitioner(PageForm):
    name = line(word("Name"), 200, word("Give the name."))
    title = line(word("What they do"), 200)


class NewPractitioner(_Practitioner):
    """``made`` is made with the page, so that pressing twice adds one person."""

    made = HiddenField()


class PractitionerForm(_Practitioner):
    active = BooleanField(word("Works here now"))
