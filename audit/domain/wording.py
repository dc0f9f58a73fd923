"""What a published checklist asks, in words: conditions, limits, deadlines, for a page or a comparison."""

from dataclasses import dataclass
from decimal import Decimal

from audit.domain.canonical import decimal_text
from audit.domain.checklists import Checklist, Citation, Item, Part, Scheme
from audit.domain.conditions import Condition, spelled
from audit.domain.due import CorrectBy, DueRules
from audit.domain.history import Why, rule_words
from audit.domain.limits import Limit, age_words, bound_words, days_words
from audit.domain.measures import unit_words
from audit.domain.tongue import numeral, say, several, word
from audit.domain.values import listed, range_words

KIND_WORDS = {
    "law": word("law"),
    "model-code": word("model code"),
    "official-form": word("official form"),
    "guidance": word("guidance"),
}
CERTAINTY_WORDS = {
    "verified": word("verified"),
    "secondary": word("secondary, unconfirmed"),
    "recalled": word("recalled, unconfirmed"),
}
PART_WORDS = {"mark": word("mark"), "date": word("date"), "text": word("text")}


@dataclass(frozen=True)
class LimitLine:
    """One rule of a limit in words, under which circumstances it counts (or always), and where it stands."""

    words: str
    when: str = ""
    source: str = ""

    def __str__(self) -> str:
        told = (
            say("{limit} when {condition}", limit=self.words, condition=self.when)
            if self.when
            else self.words
        )
        return f"{told} ({self.source})" if self.source else told


def condition_words(condition: Condition | None, checklist: Checklist) -> str:
    """``Own autoclave is yes and Kind of site is not Mobile``; nothing for no condition."""
    if not condition:
        return ""
    ((kind, body),) = condition.items()
    if kind in ("all", "any"):
        parts = [
            _nested(part, checklist) if len(body) > 1 else condition_words(part, checklist) for part in body
        ]
        return _joined(parts, kind == "all")
    if kind == "not":
        return _denied(body, checklist)
    return _compared(kind, body["key"], body["value"], checklist)


def _joined(parts: list[str], every: bool) -> str:
    """Conditions in a row, with *and* or *or* between them."""
    told, *more = parts
    for part in more:
        if every:
            told = say("{first} and {second}", first=told, second=part)
        else:
            told = say("{first} or {second}", first=told, second=part)
    return told


def _nested(condition: Condition, checklist: Checklist) -> str:
    words = condition_words(condition, checklist)
    return f"({words})" if next(iter(condition)) in ("all", "any") else words


def _denied(condition: Condition, checklist: Checklist) -> str:
    ((kind, body),) = condition.items()
    if kind in ("equals", "at-least"):
        return _compared(kind, body["key"], body["value"], checklist, denied=True)
    return say("not ({condition})", condition=condition_words(condition, checklist))


def _compared(kind: str, key: str, value: object, checklist: Checklist, denied: bool = False) -> str:
    name, shown = _named(key, spelled(value), checklist)
    if kind == "at-least" and denied:
        return say("{name} is under {value}", name=name, value=shown)
    if kind == "at-least":
        return say("{name} is at least {value}", name=name, value=shown)
    if denied and isinstance(value, bool):
        return _compared(kind, key, not value, checklist)  # a yes or no that is not yes is no
    if denied:
        return say("{name} is not {value}", name=name, value=shown)
    return say("{name} is {value}", name=name, value=shown)


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
        own = condition_words(case.when, checklist) or (say("nothing above holds") if lines else "")
        both = say("{first} and {second}", first=when, second=own) if when and own else when or own
        lines += _limit_lines(case.limit, part, checklist, both)
    return lines


def _limit_words(limit: Limit, part: Part, checklist: Checklist) -> str:
    if limit.kind == "expires":
        return _with_warning(say("not expired on the day of the visit"), limit)
    if limit.kind == "max-age":
        return _with_warning(say("not older than {age}", age=age_words(limit)), limit)
    if limit.kind == "at-least-part":
        found = _part_at(limit.part, checklist)
        if not found:
            return say("at least a value")
        item, other = found
        return say("at least what {number} says under “{name}”", number=item.number, name=other.label)
    told = bound_words(limit.kind, limit.value or Decimal(0), part.unit)
    for unit, value in limit.also:
        quantity = f"{numeral(decimal_text(value))} {unit_words(unit)}"
        told = say("{limit} (printed as {quantity})", limit=told, quantity=quantity)
    return told


def _with_warning(told: str, limit: Limit) -> str:
    if not limit.warn_days:
        return told
    return say("{limit}, a warning from {days} before", limit=told, days=days_words(limit.warn_days))


def entered_words(part: Part) -> str:
    """What a part takes: ``number in °C or °F, 0 to 80 °C``, ``date``, ``one of Negative (IN) / Positive (OUT)``."""
    if part.kind == "choice":
        offered = (
            f"{option.label} ({option.mark})" if option.mark else option.label for option in part.options
        )
        words = say("one of {choices}", choices=" / ".join(offered))
    elif part.kind == "number":
        words = _number_words(part)
    else:
        words = say(PART_WORDS.get(part.kind, part.kind))
    return words if part.required or part.kind == "mark" else say("{words}, optional", words=words)


def _number_words(part: Part) -> str:
    units = listed([unit_words(unit) for unit in part.units]) if part.units else ""
    words = say("number in {units}", units=units) if units else say("number")
    bounds = range_words(part.low, part.high, unit_words(part.unit))
    return f"{words}, {bounds}" if bounds else words


def why_words(why: Why, checklist: Checklist | None = None) -> str:
    """A reason for the day of the next visit, with the numbers of the items that gave it."""
    numbers = [checklist.item(key).number for key in why.items if checklist and checklist.has(key)]
    return f"{why.words} ({', '.join(numbers)})" if numbers else why.words


def next_visit_rule(due: DueRules) -> str:
    """When a checklist asks for the next visit, and where that stands."""
    found = []
    if due.follow_up:
        found.append(_with_source(rule_words(due.follow_up), due.follow_up.source))
    elif due.next_visit_days:
        found.append(several("after {number} day", "after {number} days", due.next_visit_days))
    if due.placards:
        days = due.placards.working_days
        words = several(
            "within {number} working day after a placard that is no pass",
            "within {number} working days after a placard that is no pass",
            days,
        )
        found.append(_with_source(words, due.placards.source))
    words = "; ".join(found) or say("no interval is set")
    return words[:1].upper() + words[1:]


def _with_source(words: str, source: str) -> str:
    return f"{words} ({source})"


def correct_by_words(item: Item, due: DueRules) -> str:
    """When a finding of that item must be corrected, by its own rule or by its severity."""
    own = item.correct_by
    if own is None or (own.kind == "next_visit" and not own.stop and due.next_visit_days is None):
        days = CorrectBy("days", dict(due.severity_days)[item.severity])
        return say("{deadline}, by its severity", deadline=days.words)
    return own.words


def citation_words(citation: Citation) -> str:
    """``CA 119311(f): law, verified, California``"""
    kind, certainty = say(KIND_WORDS[citation.kind]), say(CERTAINTY_WORDS[citation.certainty])
    return f"{citation.ref}: {kind}, {certainty}, {citation.source}"


def scheme_words(scheme: Scheme) -> str:
    """How the number comes about, in a sentence."""
    weights = dict(scheme.weights)
    if scheme.kind == "percent":
        told = ", ".join(f"{say(severity)} {weight}" for severity, weight in weights.items())
        words = say("Percent of rated items that are IN; weighted {weights}", weights=told)
    else:
        told = ", ".join(
            say("{weight} for each {severity} finding", weight=weight, severity=say(severity))
            for severity, weight in weights.items()
        )
        words = say("100 less {weights}", weights=told)
    counts = (
        say("corrected on site counts too") if scheme.cos_deducts else say("corrected on site does not count")
    )
    return "; ".join((words, counts, *((say("it may read “pass”"),) if scheme.may_pass else ())))


def due_words(due: DueRules) -> str:
    """The deadlines by severity, for items without a rule of their own."""
    days = dict(due.severity_days)
    words = ", ".join(f"{say(severity)} {CorrectBy('days', count).words}" for severity, count in days.items())
    return words.capitalize()
