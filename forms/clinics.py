"""A clinic and the people who work there."""

from wtforms import BooleanField

from forms.base import PageForm, line, paragraph
from forms.facts import FactsForm


class ClinicForm(FactsForm):
    name = line("Name", 200, "Give the name of the clinic.")
    address = paragraph("Address", 500)
    permit = line("Permit number", 100)
    jurisdiction = line("Jurisdiction", 40, "Say where the clinic is.")
    time_zone = line("Time zone", 64, "Give the time zone of the clinic.")


class NewPractitioner(PageForm):
    name = line("Name", 200, "Give the name.")
    title = line("What they do", 200)


class PractitionerForm(NewPractitioner):
    active = BooleanField("Works here now")
