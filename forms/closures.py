"""What a visit closes, and which service a finding concerns."""

from wtforms import RadioField, SelectMultipleField

from audit.domain.closure import LONGEST_ACTS, SCOPES
from audit.domain.tongue import word
from forms.base import PageForm, line, offered, paragraph


class ClosureForm(PageForm):
    """The notice of a closure. What is missing, only the domain knows."""

    scope = RadioField(word("What is closed"), choices=offered(SCOPES.items()), validate_choice=False)
    subject = line(word("Which practitioner, service or area"))
    items = SelectMultipleField(word("Findings that are the reason"), validate_choice=False)
    acts = paragraph(word("Acts or omissions"), LONGEST_ACTS, needed=True)
    citation = paragraph(word("Law"), LONGEST_ACTS, needed=True)
    hearing = paragraph(word("Right to a hearing"), LONGEST_ACTS, needed=True)
