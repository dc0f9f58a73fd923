"""A clinic's look at itself beside the inspector's: item by item, who saw what.

Only IN and OUT can agree or differ; what one of both did not see, or what does not apply, compares with nothing. An
item answered for several practitioners counts as its worst mark.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from audit.domain.answers import IN, OUT, combine
from audit.domain.tongue import word

OVERLOOKED, LEFT_OUT, KNOWN, STRICTER, AGREED, UNSEEN = (
    "overlooked",
    "left-out",
    "known",
    "stricter",
    "agreed",
    "unseen",
)
# In the order in which they matter to the clinic.
CODES = (OVERLOOKED, LEFT_OUT, KNOWN, STRICTER, AGREED, UNSEEN)
CODE_WORDS = {
    OVERLOOKED: word("You said IN, the inspector found OUT"),
    LEFT_OUT: word("You did not judge it, the inspector found OUT"),
    KNOWN: word("You knew it, and the inspector found it still OUT"),
    STRICTER: word("You said OUT, the inspector found IN"),
    AGREED: word("Both said IN"),
    UNSEEN: word("Not judged by both"),
}
# The same for the agency, which reads it too where the clinic shares its self-audit.
AGENCY_WORDS = CODE_WORDS | {
    OVERLOOKED: word("The clinic said IN, the inspector found OUT"),
    LEFT_OUT: word("The clinic did not judge it, the inspector found OUT"),
    KNOWN: word("The clinic knew it, and the inspector found it still OUT"),
    STRICTER: word("The clinic said OUT, the inspector found IN"),
}


@dataclass(frozen=True)
class Pair:
    """One item: what the clinic said of itself, what the inspector found (marks, or none), and how they compare."""

    item: str
    said: str | None
    found: str | None

    @property
    def code(self) -> str:
        if self.found == OUT:
            return {IN: OVERLOOKED, OUT: KNOWN}.get(self.said or "", LEFT_OUT)
        if self.found == IN:
            return {IN: AGREED, OUT: STRICTER}.get(self.said or "", UNSEEN)
        return UNSEEN


@dataclass(frozen=True)
class Comparison:
    """All items of the inspection in its order."""

    pairs: tuple[Pair, ...]

    def of(self, code: str) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.pairs if pair.code == code)

    @property
    def judged(self) -> int:
        """Items that both rated IN or OUT."""
        return sum(pair.said in (IN, OUT) and pair.found in (IN, OUT) for pair in self.pairs)

    @property
    def alike(self) -> int:
        """Of those, the items both rated alike."""
        return sum(pair.said == pair.found and pair.said in (IN, OUT) for pair in self.pairs)


def compare(said: Mapping[str, str | None], found: Mapping[str, str | None]) -> Comparison:
    """Lay a self-audit beside an inspection. An item that only the self-audit asked has nothing to compare with."""
    return Comparison(tuple(Pair(item, said.get(item), mark) for item, mark in found.items()))


def marks_by_item(answers: Iterable[Mapping[str, str | None]]) -> dict[str, str | None]:
    """One mark for each item of a record's answers (``item``, ``mark``), in their order."""
    found: dict[str, list[str | None]] = {}
    for answer in answers:
        found.setdefault(str(answer["item"]), []).append(answer["mark"])
    return {item: combine(marks) for item, marks in found.items()}
