"""Answers in words: what was marked, read, measured or missing, with limits and days left.

Works on the sealed record's answers (see ``audit.domain.records``); the judged values in it were frozen at
the seal, so nothing is judged again here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from audit.domain.answers import ENTERED, NOT_MEASURED, NOT_SHOWN
from audit.domain.checklists import Checklist, Citation, Item, Part
from audit.domain.conditions import holds
from audit.domain.limits import Limit
from audit.domain.papers import SOON, end_of, is_paper, short_name
from audit.domain.tongue import say, word
from audit.domain.wording import condition_words
from reports.values import Measure, PaperRow, Record, Term
from reports.wording import days, entered, measured, short_day, weekday

ABSENT = {NOT_SHOWN: word("not shown"), NOT_MEASURED: word("could not be measured")}
BRIEF = 200  # characters of a note where the whole of it stands elsewhere


def citations(item: Item) -> tuple[str, ...]:
    """The references as they may be printed, each once; from where, when inherited from a base."""
    return tuple(dict.fromkeys(citation_words(citation) for citation in item.citations))


def citation_words(citation: Citation) -> str:
    return citation.printed


def part_words(part: Part, values: Mapping[str, str]) -> str:
    """One value as it is read: ``250 °F (121.11 °C)``, ``3 Mar 2026``, the option's label, the text."""
    value = values[part.key]
    if part.kind == "number":
        base = measured(value, part.unit)
        other = values.get(part.key + ENTERED)
        return f"{entered(other)} ({base})" if other else base
    if part.kind == "date":
        return short_day(date.fromisoformat(value))
    if part.kind == "choice":
        return next((option.label for option in part.options if option.value == value), value)
    return value


def value_words(item: Item, answer: Record) -> str:
    """All values of an answer; labels only where an item has several."""
    parts = [part for part in item.value_parts if answer["values"].get(part.key)]
    if not parts:
        return _absent(answer)
    labelled = len(item.value_parts) > 1
    words = []
    for part in parts:
        value = part_words(part, answer["values"])
        finding = _judged(answer, part.key).get("finding", "")
        if finding:
            value = f"{value} ({finding})"
        words.append(f"{part.label}: {value}" if labelled else value)
    return "; ".join(words)


def said_words(item: Item, answer: Record) -> str:
    """All values, or that the mark was there before anybody looked: no procedure was under way."""
    return say("{mark} (preset)", mark=answer["mark"]) if answer.get("preset") else value_words(item, answer)


def _judged(answer: Record, part: str) -> Mapping[str, Any]:
    return next((row for row in answer.get("judged", ()) if row["part"] == part), {})


def override_words(answer: Record) -> str:
    """Why a person's mark stands against the one the value gives; both are printed."""
    derived, mark, reason = answer["derived"], answer["mark"], answer["reason"]
    if derived and mark and derived != mark:
        if not reason:
            return say("The value says {derived}.", derived=derived)
        return say(
            "The value says {derived}; marked {mark}: {reason}", derived=derived, mark=mark, reason=reason
        )
    return say("Reason: {reason}", reason=reason) if reason else ""


def _absent(answer: Record) -> str:
    return say(ABSENT[answer["absent"]]) if answer["absent"] else ""


def measures(
    checklist: Checklist,
    answers: Sequence[Record],
    names: Mapping[str, str],
    facts: Mapping[str, object] | None = None,
) -> tuple[Measure, ...]:
    """Numbers, dates and choices that are no papers, one line a value, in the checklist's order.

    ``facts``: what was known of the visit; a limit with cases says which of them counted.
    """
    rows = []
    known = {**(facts or {}), **_shared_values(answers)}
    for answer in answers:
        item = checklist.item(answer["item"])
        if is_paper(item):
            continue
        for part in item.value_parts:
            if part.kind != "text" and (answer["values"].get(part.key) or answer["absent"]):
                row = _measure(item, part, answer, names)
                own = {f"{item.key}#{key}": value for key, value in answer["values"].items()}
                case = _case(checklist, part, {**known, **own}) if row.limit else ""
                rows.append(replace(row, limit=f"{row.limit}, {case}" if case else row.limit))
    return tuple(rows)


def _shared_values(answers: Iterable[Record]) -> dict[str, str]:
    """The values that limits of other items may look at."""
    return {
        f"{answer['item']}#{key}": value
        for answer in answers
        if answer["person"] is None
        for key, value in answer["values"].items()
    }


def _case(checklist: Checklist, part: Part, known: Mapping[str, object]) -> str:
    """The condition of the case that counted, in the checklist's words; nothing for a limit without cases."""
    limit, said = part.limit, []
    while limit is not None and limit.kind == "cases":
        case = next((case for case in limit.cases if holds(case.when, known)), None)
        if case is None:
            return ""
        if case.when is not None:
            said.append(condition_words(case.when, checklist))
        limit = case.limit
    return "; ".join(said)


def _measure(item: Item, part: Part, answer: Record, names: Mapping[str, str]) -> Measure:
    judged = _judged(answer, part.key)
    value = part_words(part, answer["values"]) if answer["values"].get(part.key) else _absent(answer)
    what = part.label if part.label != "Value" else item.prompt
    if answer["person"]:
        what = f"{what}, {names.get(answer['person'], '')}"
    limit, source = judged.get("limit", ""), judged.get("source", "")
    limit = f"{limit} ({source})" if limit and source else limit
    mark = judged.get("mark") or ""
    return Measure(item.number, what, value, limit, "; ".join(part.advice), mark)


def papers(
    checklist: Checklist, answers: Iterable[Record], names: Mapping[str, str], on: date
) -> tuple[PaperRow, ...]:
    """Licences, permits, training and insurance: whose, held or not, until when."""
    rows: list[PaperRow] = []
    for answer in answers:
        item = checklist.item(answer["item"])
        if not is_paper(item) or not (answer["values"] or answer["absent"] or answer["person"]):
            continue
        end = end_of(item, answer["values"])
        left, tone = _left((end[1] - on).days, end[0]) if end else ("", "plain")
        whose = names.get(answer["person"], "") if answer["person"] else ""
        shown = [
            part_words(part, answer["values"]) for part in item.value_parts if answer["values"].get(part.key)
        ]
        words = "; ".join(shown) or _absent(answer)
        row = PaperRow(item.number, short_name(item), whose, answer["mark"] or "", words, left, tone)
        if rows and replace(rows[-1], whose=whose) == row:
            row = replace(
                row, whose=f"{rows.pop().whose}, {whose}"
            )  # the same for both: one line, both named
        rows.append(row)
    return tuple(rows)


def terms(
    checklist: Checklist, answers: Iterable[Record], names: Mapping[str, str], on: date
) -> tuple[Term, ...]:
    """Dated papers by the days they have left, the most urgent first; not shown ones before all."""
    found = []
    for answer in answers:
        item = checklist.item(answer["item"])
        if not is_paper(item):
            continue
        title = short_name(item)
        whose = names.get(answer["person"], "") if answer["person"] else ""
        end = end_of(item, answer["values"])
        if end:
            number = (end[1] - on).days
            left, tone = _left(number, end[0])
            on_day = short_day(end[1])
            until = say("until {date}", date=on_day) if number >= 0 else say("since {date}", date=on_day)
            until = until.replace(" ", "\u00a0")
            found.append(Term(title, whose, left, until, weekday(end[1]), number, tone))
        elif answer["absent"] == NOT_SHOWN:
            found.append(Term(title, whose, say("not shown"), "", "", -100_000, "bad"))
    return tuple(sorted(found, key=lambda term: (term.days, term.title, term.whose)))


def _left(number: int, limit: Limit) -> tuple[str, str]:
    if number < 0:
        return say("{days} over", days=days(-number)), "bad"
    tone = "warn" if number <= (limit.warn_days or SOON) else "good"
    return say("{days} left", days=days(number)), tone


def shortened(text: str, number: str, most: int = BRIEF, lines: int = 6) -> str:
    """The beginning of a note, in its own lines, with the place where it stands in full."""
    rows = [row for row in (" ".join(row.split()) for row in text.splitlines()) if row]
    kept = "\n".join(rows[:lines])
    if len(rows) <= lines and len(kept) <= most:
        return kept
    cut = kept[:most].rsplit(None, 1)[0] if len(kept) > most else kept
    return say("{beginning} … in full under {number}", beginning=cut, number=number)


def because_words(checklist: Checklist, because: Mapping[str, str]) -> str:
    """The fact that made an item inapplicable, in the words it was asked with."""
    fact = checklist.fact(because["key"])
    if fact is None:
        return say("{name} is {value}", name=because["key"], value=because["value"])
    return f"{fact.label}: {fact.shown(because['value'])}"


def remark_words(item: Item, answer: Record, brief: bool = False) -> tuple[str, ...]:
    """What stands under an item: the note, the reason for another mark, warnings, correction on site.

    ``brief``: a long note is only begun, because it is printed in full as a finding.
    """
    note = shortened(answer["note"], item.number) if brief else answer["note"]
    lines = [note, override_words(answer), *answer["warnings"]]
    if answer["corrected_on_site"]:
        lines.append(say("Corrected on site."))
    if answer["absent"] and answer["values"]:
        lines.append(_absent(answer))
    return tuple(line for line in lines if line)
