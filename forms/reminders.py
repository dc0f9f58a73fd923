"""What a person gets letters about."""

from wtforms import SelectMultipleField

from audit.domain.reminders import KINDS
from audit.domain.tongue import word
from forms.base import PageForm, offered


class RemindersForm(PageForm):
    kinds = SelectMultipleField(word("Letters about"), choices=offered(KINDS.items()), validate_choice=False)
