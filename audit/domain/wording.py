"""What a published checklist asks, in words: conditions, limits, deadlines, for a page or a comparison."""

from dataclasses import dataclass
from decimal import Decimal

from audit.domain.canonical import decimal_text
from audit.domain.checklists import Checklist, Citation, Item, Part, Scheme
from audit.domain.conditions import Condition, spelled
from audit.domain.due import CorrectBy, DueRules
from audit.domain.limits import Limit, age_words, days_words
from audit.domain.measures import unit_words

KIND_WORDS = {
    "law": "law",
    "model-code": "model code",
    "official-form": "official form",
    "guidance": "guidance",
}
CERTAINTY_WORDS = {
    "verified": "verified",
    "secondary": "secondary, unconfirmed",
    "recalled": "recalled, unconfirmed",
}


@dataclass(frozen=True)
class LimitLine:
    """One rule of a limit in words, under which circumstances it counts (or always), and where it stands."""

    words: str
    when: str = ""
    source: str = ""

    def __str__(self) -> str:
        when, source = f" when {self.when}" if self.when else "", f" ({self.source})" if self.source else ""
        return f"{self.words}{when}{source}"


def condition_words(condition: Condition | None, checklist: Checklist) -> str:
    """``Own autoclave is yes and Kind of site is not Mobile``; nothing for no condition."""
    if not condition:
        return ""
    ((kind, body),) = condition.items()
    if kind in ("all", "any"):
        parts = [
            _nested(part, checklist) if len(body) > 1 else condition_words(part, checklist) for part in body
        ]
        return (" and " if kind == "all" else " or ").join(parts)
    if kind == "not":
        return _denied(body, checklist)
    return _compared(kind, body["key"], body["value"], checklist)


def _nested(condition: Condition, checklist: Checklist) -> str:
    words = condition_words(condition, checklist)
    return f"({words})" if next(iter(condition)) in ("all", "any") else words


def _denied(condition: Condition, checklist: Checklist) -> str:
    ((kind, body),) = condition.items()
    if kind in ("equals", "at-least"):
        return _compared(kind, body["key"], body["value"], checklist, denied=True)
    return f"not ({condition_words(condition, checklist)})"


def _compared(kind: str, key: str, value: object, checklist: Checklist, denied: bool = False) -> str:
    name, shown = _named(key, spelled(value), checklist)
    if kind == "at-least":
        return f"{name} is {'under' if denied else 'at least'} {shown}"
    if denied and isinstance(value, bool):
        return _compared(kind, key, not value, checklist)  # a yes or no that is not yes is no
    return f"{name} is {'not ' if denied else ''}{shown}"


def _named(key: str, value: str, checklist: Checklist) -> tuple[str, str]:
    """A key and its value as people know them: a fact's label, or the number of an item and what is entered."""
    fact = checklist.fact(key)
    if fact:
        return fact.label, fact.shown(value)
    found = _part_at(key, checklist)
    if found is None:
        return key, value
    item, part = found
    label = next((option.label for option in part.options if option.value == value), value)
    return f"{item.number} {part.label}", f"{label} {unit_words(part.unit)}".strip()


def _part_at(name: str, checklist: Checklist) -> tuple[Item, Part] | None:
    """The item and part that ``item.key#part`` names."""
    item_key, _, part_key = name.partition("#")
    if not checklist.has(item_key):
        return None
    item = checklist.item(item_key)
    return next(((item, part) for part in item.parts if part.key == part_key), None)


def limit_lines(part: Part, checklist: Checklist) -> tuple[LimitLine, ...]:
    """Every rule of a part's limit, one line each, in the order in which they are tried."""
    return tuple(_limit_lines(part.limit, part, checklist, "")) if part.limit else ()


def _limit_lines(limit: Limit, part: Part, checklist: Checklist, when: str) -> list[LimitLine]:
    if limit.kind != "cases":
        return [LimitLine(_limit_words(limit, part, checklist), when, limit.source)]
    lines: list[LimitLine] = []
    for case in limit.cases:
        own = condition_words(case.when, checklist) or ("nothing above holds" if lines else "")
        lines += _limit_lines(case.limit, part, checklist, " and ".join(filter(None, (when, own))))
    return lines


def _limit_words(limit: Limit, part: Part, checklist: Checklist) -> str:
    warning = f", a warning from {days_words(limit.warn_days)} before" if limit.warn_days else ""
    if limit.kind == "expires":
        return f"not expired on the day of the visit{warning}"
    if limit.kind == "max-age":
        return f"not older than {age_words(limit)}{warning}"
    if limit.kind == "at-least-part":
        found = _part_at(limit.part, checklist)
        return (
            f"at least what {found[0].number} says under “{found[1].label}”" if found else "at least a value"
        )
    also = "".join(f" (printed as {decimal_text(value)} {unit_words(unit)})" for unit, value in limit.also)
    bound = f"{decimal_text(limit.value or Decimal(0))} {unit_words(part.unit)}".strip()
    return f"at {'most' if limit.kind == 'at-most' else 'least'} {bound}{also}"


def entered_words(part: Part) -> str:
    """What a part takes: ``number in °C or °F, 0 to 80 °C``, ``date``, ``one of Negative (IN) / Positive (OUT)``."""
    if part.kind == "choice":
        offered = (
            f"{option.label} ({option.mark})" if option.mark else option.label for option in part.options
        )
        words = f"one of {' / '.join(offered)}"
    elif part.kind == "number":
        units = " or ".join(unit_words(unit) for unit in part.units)
        words = "number" + (f" in {units}" if units else "") + _bounds(part)
    else:
        words = part.kind
    return words if part.required or part.kind == "mark" else f"{words}, optional"


def _bounds(part: Part) -> str:
    unit = f" {unit_words(part.unit)}".rstrip()
    if part.low is not None and part.high is not None:
        return f", {decimal_text(part.low)} to {decimal_text(part.high)}{unit}"
    if part.low is not None:
        return f", {decimal_text(part.low)}{unit} or more"
    return f", {decimal_text(part.high)}{unit} or less" if part.high is not None else ""


def correct_by_words(item: Item, due: DueRules) -> str:
    """When a finding of that item must be corrected, by its own rule or by its severity."""
    own = item.correct_by
    if own is None or (own.kind == "next_visit" and not own.stop and due.next_visit_days is None):
        return f"{CorrectBy('days', dict(due.severity_days)[item.severity]).words}, by its severity"
    return own.words


def citation_words(citation: Citation) -> str:
    """``CA 119311(f): law, verified, California``"""
    return f"{citation.ref}: {KIND_WORDS[citation.kind]}, {CERTAINTY_WORDS[citation.certainty]}, {citation.source}"


def scheme_words(scheme: Scheme) -> str:
    """How the number comes about, in a sentence."""
    weights = dict(scheme.weights)
    if scheme.kind == "percent":
        told = ", ".join(f"{severity} {weight}" for severity, weight in weights.items())
        words = f"Percent of rated items that are IN; weighted {told}"
    else:
        told = ", ".join(f"{weight} for each {severity} finding" for severity, weight in weights.items())
        words = f"100 less {told}"
    words += "; corrected on site counts too" if scheme.cos_deducts else "; corrected on site does not count"
    return f"{words}; it may read “pass”" if scheme.may_pass else words


def due_words(due: DueRules) -> str:
    """The deadlines by severity, for items without a rule of their own."""
    days = dict(due.severity_days)
    words = ", ".join(f"{severity} {CorrectBy('days', count).words}" for severity, count in days.items())
    return words.capitalize()
