"""What a clinic says was done about a finding, and what the inspector says to that."""

from datetime import date

from wtforms.validators import ValidationError

from audit.domain.actions import LONGEST_WORDS
from audit.domain.tongue import say, word
from forms.base import PageForm, line, paragraph


class FixForm(PageForm):
    """Photos are read from the request: a form of several findings has one such form for each."""

    words = paragraph(word("What was done"), LONGEST_WORDS)
    on = line(word("Day it was done"), 10)

    @property
    def day(self) -> date | None:
        """The day that was chosen, or none; ``validate`` has refused what is no day."""
        return date.fromisoformat(self.text("on")) if self.text("on") else None

    def validate_on(self, field: object) -> None:
        try:
            self.day  # noqa: B018  # reading it judges it
        except ValueError:
            raise ValidationError(say("Give the day as year-month-day.")) from None


class JudgeForm(PageForm):
    words = paragraph(word("Words for the clinic"), LONGEST_WORDS)
