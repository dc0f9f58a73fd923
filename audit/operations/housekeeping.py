"""What nobody needs any more goes once a day: old browsers, spent links, letters that are files; secrets of old are hidden."""

from datetime import timedelta

from audit.operations import links
from audit.operations.carriers import OUTBOX, ToFolder
from audit.operations.desk import Desk
from audit.operations.people import PASSWORD_LINK

BROWSER_LASTS, LINK_LASTS = timedelta(days=400), timedelta(days=30)
REMINDER_LINK_LASTS = timedelta(days=90)
# A letter that is a file waits for somebody who carries it on; by then no link in it lets anybody in.
FILE_LASTS = links.LASTS[PASSWORD_LINK]


def tidy(desk: Desk) -> dict[str, int]:
    """Remove what is past its time and hide what stands open; gives how many of each, of those there were.

    Raises:
        NotAllowed: for all but administrators.
    """
    desk.must("retention.erase")
    with desk.entry() as entry:
        found = {
            "browsers": entry.sessions.prune_browsers(desk.now - BROWSER_LASTS),
            "links": entry.links.prune(desk.now - LINK_LASTS),
            "reminder links": entry.reminders.prune_links(desk.now - REMINDER_LINK_LASTS),
            "keys": entry.factors.hide_open_ones(),
            "letters": ToFolder(desk.data / OUTBOX).prune(desk.now - FILE_LASTS),
        }
        done = {what: number for what, number in found.items() if number}
        if done:
            entry.note("housekeeping.done", "", done)
    return done
