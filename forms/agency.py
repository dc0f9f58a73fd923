"""The agency on whose behalf visits are made."""

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField

from forms.base import PageForm, line, offered, paragraph

PAPER_WORDS = [("a4", "A4"), ("letter", "Letter")]


class AgencyForm(PageForm):
    name = line("Name", 200, "Give the name of the agency.")
    address = paragraph("Address", 500)
    phone = line("Phone", 60)
    public_authority = BooleanField("This is a public authority")
    time_zone = line("Time zone", 64, "Give a time zone.")
    paper = RadioField("Paper of reports", choices=offered(PAPER_WORDS), default="letter")
    statements = paragraph("Statements", 4000)
    appeal_route = paragraph("How to object", 2000)


class LogoForm(PageForm):
    logo = FileField("Picture", [FileRequired("Choose a picture first.")])
