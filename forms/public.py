"""Whether a clinic has a public card."""

from wtforms import BooleanField

from audit.domain.tongue import word
from forms.base import PageForm


class CardForm(PageForm):
    shown = BooleanField(word("Anybody may read the public card of this clinic"))
    inspector = BooleanField(word("It names the inspector"))
