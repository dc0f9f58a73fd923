"""How long visits are kept, and keeping one in particular."""

from typing import Any

from wtforms import SelectField

from audit.domain.tongue import say, several, word
from forms.base import PageForm, offered, paragraph

# Steps that people choose from; a rule set otherwise stays choosable.
YEARS = (3, 4, 5, 6, 7, 10, 15, 20, 30)
FOR_EVER = ""


class RulesForm(PageForm):
    """Years by kind of visit, or for ever."""

    inspection = SelectField(word("Inspections"), validate_choice=False)
    self_audit = SelectField(word("Self-audits"), validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in (self.inspection, self.self_audit):
            years = sorted({*YEARS, *({self.whole(field.name)} - {-1})})
            field.choices = offered(
                [
                    (FOR_EVER, say("For ever: nothing is erased")),
                    *((str(one), several("{number} year", "{number} years", one)) for one in years),
                ]
            )

    def years(self) -> dict[str, int | None]:
        """What was chosen; what is no number is none that anybody may choose."""
        return {
            kind: self.whole(field.name) if field.data else None
            for kind, field in (("inspection", self.inspection), ("self-audit", self.self_audit))
        }


class HoldForm(PageForm):
    reason = paragraph(word("Why it is kept"), 500, needed=True)
