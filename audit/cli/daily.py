"""What 'work' does for evidence and privacy: once a day it tidies, erases what is due and anchors; reports are stamped."""

from audit.config import Settings
from audit.domain.letters import Letter
from audit.operations import housekeeping, post, retention, stamping, verify
from audit.operations.desk import Desk

# The day of the last round; without it the round is made again, which is fine.
DONE = ".daily"


def daily(desk: Desk, settings: Settings) -> str:
    """Tidy, erase what is due under the rules, and anchor the trail; done once a day."""
    done = desk.data / DONE
    if done.exists() and done.read_text("utf-8") == f"{desk.now:%Y-%m-%d}":
        return ""
    housekeeping.tidy(desk)
    erased = retention.erase_due(desk)
    path = verify.anchor(desk)
    if settings.anchor_mail:
        with desk.entry() as entry:
            words = path.read_text("utf-8")
            post.write(entry, Letter("anchor", settings.anchor_mail, f"Anchor of {desk.now:%Y-%m-%d}", words))
            entry.note("anchor.mailed", path.name)
    done.write_text(f"{desk.now:%Y-%m-%d}", "utf-8")
    told = f"; {len(erased.visits)} visits erased under retention" if erased.visits else ""
    return "".join([f"anchor: {path.name}{told}", *(f"; FAULT: {fault}" for fault in erased.faults)])


def stamps(desk: Desk, settings: Settings) -> str:
    """Have reports stamped that were sealed since."""
    if not settings.tsa_url:
        return ""
    done = stamping.stamp_due(desk, settings.tsa_url)
    if not done.stamped and not done.trouble:
        return ""
    trouble = f", {done.waiting} wait: {done.trouble}" if done.trouble else ""
    return f"time stamps: {done.stamped}{trouble}"
