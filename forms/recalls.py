"""A recall as somebody types it, a clinic's answer to one, and its end."""

from wtforms import HiddenField, SelectField

from audit.domain.recalls import ANSWERS, STATE_WORDS
from audit.domain.tongue import word
from forms.base import PageForm, line, offered, paragraph
from forms.credentials import day_of


class RecallForm(PageForm):
    """``made`` is made with the page, so that pressing twice enters one recall."""

    lot = line(word("Lot number"), 200, word("Give the number of the lot."))
    maker = line(word("Maker"), 200)
    reason = paragraph(word("Why it is called back"), needed=True)
    since = line(word("Called back on"), 10, word("Give the day."))
    made = HiddenField()

    def validate_since(self, field: object) -> None:
        day_of(self.text("since"))


class RecallAnswerForm(PageForm):
    state = SelectField(
        word("What became of it"),
        choices=offered((state, STATE_WORDS[state]) for state in ANSWERS),
        validate_choice=False,
    )
    words = paragraph(word("In your words"))


class RecallEndForm(PageForm):
    words = paragraph(word("Why it ends"), needed=True)
