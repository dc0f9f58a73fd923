"""Amending a sealed visit: the reason that goes with every correction, and corrected remarks."""

from wtforms import HiddenField

from audit.domain.amendments import REASON_LIMIT, REMARKS_LIMIT
from audit.domain.tongue import word
from forms.base import PageForm, paragraph


class AmendForm(PageForm):
    """``seen`` counts the amendments that the page showed, so that nobody amends what they did not see."""

    seen = HiddenField()
    reason = paragraph(word("Reason"), REASON_LIMIT, needed=True)

    @property
    def seen_number(self) -> int:
        """What is no number was never shown by a page of ours."""
        text = self.seen.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1


class RemarksForm(AmendForm):
    remarks = paragraph(word("General remarks"), REMARKS_LIMIT)
