"""Backups of the data folder, and checking that one can be restored."""

from pathlib import Path

from audit.operations.desk import Desk
from audit.store.ledger import Made, Verdict, verify_backup


def backup(desk: Desk, target: Path) -> Made:
    """Back up everything to a folder outside the data folder; see ``audit.store.backups``."""
    desk.must("backup.make")
    made = desk.ledger.back_up(target, desk.now)
    with desk.entry() as entry:
        entry.note("backup.made", "backup", {"files": made.files, "trail_head": made.trail_head})
    return made


def verify(folder: Path) -> Verdict:
    """Check a backup by itself; needs no ledger and changes nothing."""
    return verify_backup(folder)
