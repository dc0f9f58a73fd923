"""Questions about facts: one field per declared key, so that a page asks what the checklists want to know."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import Field, RadioField, SelectField, StringField

from audit.domain.conditions import spelled
from audit.domain.facts import FactKey
from audit.domain.tongue import word
from forms.base import PageForm, offered, stripped

PREFIX = "fact_"
NOT_KNOWN = ("", word("Not known"))
_FEW = 4


def name_of(key: str) -> str:
    """The field's name; the prefix keeps keys such as ``data`` or ``errors`` from hiding the form's own."""
    return PREFIX + key


class FactsForm(PageForm):
    """A form whose subclass carries one field per fact, made by ``with_facts``."""

    @property
    def fact_fields(self) -> list[Field]:
        return [field for field in self if field.name.startswith(PREFIX)]

    @property
    def facts(self) -> dict[str, str]:
        """What was chosen, as text, by fact key; what is not known is left out."""
        found = {field.name.removeprefix(PREFIX): field.data or "" for field in self.fact_fields}
        return {key: value for key, value in found.items() if value}


def _field(fact: FactKey) -> Any:
    if fact.kind == "bool":
        return RadioField(
            fact.question,
            choices=offered([("true", word("Yes")), ("false", word("No")), NOT_KNOWN]),
            default="",
        )
    if fact.kind == "choice":
        choices = [(option.value, option.label) for option in fact.options]
        kind = RadioField if len(choices) < _FEW else SelectField
        return kind(fact.question, choices=offered([*choices, NOT_KNOWN]), default="")
    return StringField(fact.question, filters=[stripped])


def with_facts(form: type[FactsForm], facts: Iterable[FactKey]) -> type[FactsForm]:
    """The form class with a field for each of these facts."""
    return type(form.__name__, (form,), {name_of(fact.key): _field(fact) for fact in facts})


def fact_values(known: Mapping[str, object]) -> dict[str, str]:
    """Facts as the fields show them."""
    return {name_of(key): spelled(value) for key, value in known.items()}
