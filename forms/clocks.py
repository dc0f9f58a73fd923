"""An entry in a clinic's log, and how often it does a thing of its own accord."""

from wtforms import HiddenField

from audit.domain.clocks import LONGEST_NOTE
from audit.domain.tongue import word
from forms.base import PageForm, line
from forms.credentials import day_of


class LogForm(PageForm):
    """``made`` is made with the page, so that pressing twice logs once; the photo is read from the request."""

    kind = HiddenField()
    on = line(word("Day it was done"), 10)
    note = line(word("Note"), LONGEST_NOTE)
    made = HiddenField()

    def validate_on(self, field: object) -> None:
        day_of(self.text("on"))


class IntervalForm(PageForm):
    days = line(word("Days from one time to the next"), 6)
