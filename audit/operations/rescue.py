"""Work that comes another way: a rescue file of a tablet, or what a revoked one sent, taken in by an administrator.

The rules are those of the tablet: each act is judged as its author's, with its author's rights, and none counts twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from audit.domain import acts as kinds
from audit.domain.acts import Act, Unreadable
from audit.domain.changes import APPLIED, CONFLICT, DUPLICATE, REJECTED, SAME
from audit.domain.people import Person
from audit.domain.problems import BadInput, Fault, NotNow, Problem
from audit.domain.tongue import say
from audit.operations import photos
from audit.operations.desk import Desk
from audit.operations.photos import Claimed
from audit.operations.tablet import Taker, Verdict, words_of

KEPT = (APPLIED, SAME, CONFLICT, DUPLICATE)


@dataclass(frozen=True)
class Rescued:
    """A photo out of a file: its name, the visit it belongs to, its bytes, and what the camera said."""

    sha256: str
    inspection_id: str
    data: bytes
    claimed: Claimed | None = None


@dataclass(frozen=True)
class Taken:
    """What became of everything: verdicts by operation, and for each photo nothing or why it was not kept."""

    verdicts: tuple[Verdict, ...]
    photos: Mapping[str, str]


def take_in(
    desk: Desk,
    device: str,
    author: str,
    acts: Sequence[tuple[str, Act | Unreadable]],
    pictures: Sequence[Rescued] = (),
) -> Taken:
    """Take in the work of somebody as it stands in their rescue file: (visit, act) in the order of the tablet.

    Raises:
        NotAllowed: for anybody but an administrator.
        BadInput: when nobody here has that name.
    """
    desk.must("device.administer")
    found = desk.ledger.people.find(author)
    if found is None:
        raise BadInput([Fault("author", say("Nobody here did the work in this file."))])
    return _Bringing(desk, device, found).all(acts, pictures)


@dataclass
class _Bringing:
    """Brings the acts of one author from one device."""

    desk: Desk
    device: str
    author: Person
    pictures: dict[str, str] = field(default_factory=dict)

    @property
    def theirs(self) -> Desk:
        """The author's desk. Who left since did this work while they were here."""
        return replace(self.desk, actor=replace(self.author, active=True))

    def all(self, acts: Sequence[tuple[str, Act | Unreadable]], pictures: Sequence[Rescued]) -> Taken:
        """A visit has to be started before its photos, and photos are there before they are shown."""
        verdicts: dict[int, Verdict] = {}
        for visit in dict.fromkeys(visit for visit, _ in acts):
            of_visit = [(place, act) for place, (one, act) in enumerate(acts) if one == visit]
            starts = [row for row in of_visit if _is_start(row[1])]
            verdicts |= self._some(visit, starts)
            self._photos(row for row in pictures if row.inspection_id == visit)
            verdicts |= self._some(visit, [row for row in of_visit if row not in starts])
        self._photos(row for row in pictures if row.sha256 not in self.pictures)
        return Taken(tuple(verdicts[place] for place in range(len(acts))), self.pictures)

    def _some(self, visit: str, rows: Sequence[tuple[int, Act | Unreadable]]) -> dict[int, Verdict]:
        if not rows:
            return {}
        with self.desk.entry() as entry:
            found = Taker(entry, self.theirs, visit).take(self.device, [act for _, act in rows])
            kept = [row.op_id for row in found if row.status in KEPT]
            if entry.noted or self._waits():
                entry.devices.release(kept, self.desk.now)
                entry.note("tablet.rescued", visit, {"author": self.author.id, "device": self.device})
        return dict(zip((place for place, _ in rows), found, strict=True))

    def _waits(self) -> bool:
        return bool(self.desk.ledger.devices.apart(self.device))

    def _photos(self, rows: Iterable[Rescued]) -> None:
        for row in rows:
            try:
                photos.accept_named(self.theirs, row.inspection_id, row.sha256, row.data, row.claimed)
                self.pictures[row.sha256] = ""
            except Problem as problem:
                self.pictures[row.sha256] = words_of(problem)


def _is_start(act: Act | Unreadable) -> bool:
    return isinstance(act, Act) and act.change.kind == kinds.START


def release(desk: Desk, device_id: str) -> Taken:
    """Take in after all what a revoked device sent; what is refused stays in quarantine.

    Raises:
        NotNow: when nothing of it waits.
    """
    desk.must("device.administer")
    waiting = desk.ledger.devices.apart(device_id)
    if not waiting:
        raise NotNow(say("Nothing of this device waits in quarantine."))
    verdicts: list[Verdict] = []
    rows = [(visit, kinds.read(document, device_id)) for visit, document in waiting]
    for author in dict.fromkeys(act.author for _, act in rows if isinstance(act, Act)):
        of_author = [row for row in rows if isinstance(row[1], Act) and row[1].author == author]
        verdicts += take_in(desk, device_id, author, of_author).verdicts
    return Taken(tuple(verdicts), {})


def refused(taken: Taken) -> int:
    """How many operations could not be taken in."""
    return sum(row.status == REJECTED for row in taken.verdicts)
