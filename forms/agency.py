"""The agency on whose behalf visits are made."""

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField

from audit.domain.tongue import word
from audit.languages import NAMES
from forms.base import PageForm, line, offered, paragraph

PAPER_WORDS = [("a4", "A4"), ("letter", "Letter")]


class AgencyForm(PageForm):
    name = line(word("Name"), 200, word("Give the name of the agency."))
    address = paragraph(word("Address"), 500)
    phone = line(word("Phone"), 60)
    public_authority = BooleanField(word("This is a public authority"))
    time_zone = line(word("Time zone"), 64, word("Give a time zone."))
    paper = RadioField(word("Paper of reports"), choices=offered(PAPER_WORDS), default="letter")
    language = RadioField(
        word("Language of records and reports"), choices=offered(NAMES.items()), default="en"
    )
    site = line(word("Address of this installation"), 200)
    statements = paragraph(word("Statements"), 4000)
    appeal_route = paragraph(word("How to object"), 2000)


class LogoForm(PageForm):
    logo = FileField(word("Picture"), [FileRequired(word("Choose a picture first."))])
