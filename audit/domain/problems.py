"""The small family of things that can go wrong, each with a sentence an inspector understands."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing wrong with what was handed in: where (a field, or a path such as ``answers[3].date``) and why."""

    place: str
    words: str

    def __str__(self) -> str:
        return f"{self.place}: {self.words}" if self.place else self.words


class Problem(Exception):
    """Base of all problems the domain and the deeds raise; ``words`` is shown to people as it is."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class NotFound(Problem):
    """There is no such thing, or it is not this person's to see: both read the same on purpose."""


class Erased(NotFound):
    """It was here, and its time is over; the words say when it went."""


class NotAllowed(Problem):
    """The person is known, the deed is not theirs."""


class NotNow(Problem):
    """The thing is in the wrong state for this deed, for example sealed."""


class Stale(Problem):
    """Somebody else changed it first."""


class Differs(Problem):
    """The same name was handed in before with other content."""


class TooLarge(Problem):
    """More bytes, pixels or letters than the product takes in."""


class TooMany(Problem):
    """Asked too often; ``retry_after`` is in seconds."""

    def __init__(self, words: str, retry_after: int) -> None:
        super().__init__(words)
        self.retry_after = retry_after


class BadInput(Problem):
    """What was handed in has faults; all of them are listed at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(str(fault) for fault in self.faults))


class Busy(Problem):
    """Somebody else is writing for longer than is worth waiting; worth a second try in ``retry_after`` seconds."""

    retry_after = 2


class NoRoom(Problem):
    """The disk is full. Nothing that was acknowledged is lost, and reading goes on."""


class ReadOnly(Problem):
    """The disk takes no changes at the moment. Reading goes on."""


class Unfit(Problem):
    """This machine's SQLite, or this data folder, must not be used as it is; the words say the way out."""
