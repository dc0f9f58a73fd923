"""What is planned, when and by whom; how often a clinic looks at itself."""

from datetime import date

from wtforms import RadioField, SelectField
from wtforms.validators import ValidationError

from audit.domain.programmes import EVERY
from audit.domain.schedule import LONGEST_REASON
from audit.domain.tongue import say, word
from forms.base import PageForm, line, offered, paragraph


class PlanForm(PageForm):
    """A planned visit. What is valid, only the domain knows."""

    purpose = SelectField(word("Purpose"), validate_choice=False)
    by = line(word("By day"), 10, word("Choose a day."))
    inspector = SelectField(word("Inspector"), validate_choice=False)
    reason = paragraph(word("Reason or note"), LONGEST_REASON)

    @property
    def day(self) -> date:
        return date.fromisoformat(self.text("by"))

    def validate_by(self, field: object) -> None:
        try:
            self.day  # noqa: B018  # reading it judges it
        except ValueError:
            raise ValidationError(say("Give the day as year-month-day.")) from None


class CancelForm(PageForm):
    words = paragraph(word("Why it is not made"), LONGEST_REASON, needed=True)


class ProgrammeForm(PageForm):
    every = RadioField(
        word("How often"),
        choices=offered([*EVERY.items(), ("", word("No programme"))]),
        validate_choice=False,
    )
