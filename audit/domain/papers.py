"""Papers with an end: permits, licences, insurance, training. Which they are, and how long each still holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from audit.domain.answers import NOT_SHOWN, Answer
from audit.domain.checklists import Checklist, Item
from audit.domain.limits import Limit, months_before
from audit.domain.tongue import say, word

# Items about documents that people and places must hold; all other values are measurements and logs.
FAMILIES = ("permit.", "licence.", "insurance.", "training.", "health.", "competence.", "roster.", "plan.")
SOON = 60  # days: a paper that ends sooner is named as such where its limit sets no warning of its own
OVER, MISSING, ENDING, HOLDS = "over", "missing", "ending", "holds"
# How the names of dated papers begin, as the checklists of a language write them.
_DATE_WORDS = word("Expiry date of the |Expiry date of this |Date of the last |Date of the ")
_SHORT_NAME = 90


@dataclass(frozen=True)
class Paper:
    """A paper of a visit: whose (or the clinic's), and the last day it holds; none when it was not shown."""

    item: str
    number: str
    name: str
    person: str | None
    ends: date | None
    warn_days: int = SOON

    def days_left(self, today: date) -> int | None:
        """Days until the end; negative when it is over, none when nobody saw the paper."""
        return (self.ends - today).days if self.ends else None

    def state(self, today: date) -> str:
        """``over``, ``missing``, ``ending`` (within its days of warning) or ``holds``."""
        left = self.days_left(today)
        if left is None:
            return MISSING
        if left < 0:
            return OVER
        return ENDING if left <= self.warn_days else HOLDS


def is_paper(item: Item) -> bool:
    return item.key.startswith(FAMILIES)


def short_name(item: Item) -> str:
    """A paper's name: the item without the words that only say that a date is asked."""
    for start in (*say(_DATE_WORDS).split("|"), *_DATE_WORDS.split("|")):
        if item.prompt.startswith(start) and len(item.prompt) <= _SHORT_NAME:
            name = item.prompt.removeprefix(start).removesuffix("?")
            return name[:1].upper() + name[1:]
    part = next((part for part in item.value_parts if part.kind == "date"), None)
    return part.label if part and item.prompt.endswith("?") else item.prompt


def end_of(item: Item, values: Mapping[str, str]) -> tuple[Limit, date] | None:
    """The last day a dated paper holds, and the limit that says so."""
    for part in item.value_parts:
        value, limit = values.get(part.key), part.limit
        if part.kind != "date" or not value or limit is None:
            continue
        if limit.kind == "expires":
            return limit, date.fromisoformat(value)
        if limit.kind == "max-age" and (limit.months or limit.days):
            last = months_before(date.fromisoformat(value), -limit.months)
            return limit, last + timedelta(days=limit.days)
    return None


def held(checklist: Checklist, answers: Iterable[Answer]) -> tuple[Paper, ...]:
    """The dated papers of a visit: those nobody saw first, then by their end."""
    found = []
    for answer in answers:
        item = checklist.item(answer.item)
        if not is_paper(item):
            continue
        end = end_of(item, answer.values)
        if end:
            warning = end[0].warn_days or SOON
            found.append(Paper(item.key, item.number, short_name(item), answer.person, end[1], warning))
        elif answer.absent == NOT_SHOWN:
            found.append(Paper(item.key, item.number, short_name(item), answer.person, None))
    return tuple(sorted(found, key=lambda paper: (paper.ends or date.min, paper.number, paper.person or "")))
