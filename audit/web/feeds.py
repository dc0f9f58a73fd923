"""Calendar feeds: the private address of a person's calendar, and what a calendar gets there."""

from datetime import timedelta

from flask import Blueprint, Response, redirect, render_template, request, url_for
from icalendar import Calendar, Event
from werkzeug.wrappers import Response as Redirect

from audit.domain.tongue import say
from audit.operations import agency, feeds
from audit.operations.feeds import Opened
from audit.operations.schedule import Told
from audit.web.dates import moment_words
from audit.web.gate import desk
from audit.web.told import PURPOSE_WORDS
from forms.visits import Confirm

doors = Blueprint("feeds", __name__)
Reply = str | Redirect | tuple[str, int]
MAKER = "-//clinic-audit//schedule//EN"


@doors.route("/schedule/feed", methods=["GET", "POST"])
def mine() -> Reply:
    """One's own address; posting makes one, and this answer alone shows it."""
    form, token = Confirm(), ""
    if form.validate_on_submit():
        token = feeds.offer(desk())
    page = _page(token, form)
    return (page, 422) if form.is_submitted() and not token else page


@doors.post("/schedule/feed/end")
def end() -> Reply:
    form = Confirm()
    if not form.validate_on_submit():
        return _page("", form), 422
    feeds.revoke(desk())
    return redirect(url_for("feeds.mine"), 303)


def _page(token: str, form: Confirm) -> str:
    feed = feeds.of(desk())
    zone = agency.get(desk()).time_zone
    return render_template(
        "schedule/feed.html",
        made=url_for("feeds.calendar", token=token, _external=True) if token else "",
        since=moment_words(feed.made_at, zone) if feed else "",
        errors=form.error_links(),
    )


@doors.get("/calendar/<token>.ics")
def calendar(token: str) -> Response:
    """What is planned, for a calendar program. The secret stands in the path; no log of ours keeps it."""
    opened = feeds.opened(desk(), token, request.remote_addr or "")
    answer = Response(_calendar(opened), content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "private, max-age=900"
    return answer


def _calendar(opened: Opened) -> bytes:
    made = Calendar()
    made.add("prodid", MAKER)
    made.add("version", "2.0")
    made.add("x-wr-calname", say("Visits: {name}", name=opened.person.name))
    made.add("refresh-interval;value=duration", "PT6H")
    for row in opened.rows:
        made.add_component(_event(row))
    for programme_id, clinic, time in opened.due:
        event = Event()
        event.add("uid", f"{programme_id}-{time.first.isoformat()}@clinic-audit")
        event.add("dtstamp", desk().now)
        event.add("dtstart", time.last)
        event.add("dtend", time.last + timedelta(days=1))
        event.add("summary", say("Self-audit due: {clinic}", clinic=clinic))
        made.add_component(event)
    return bytes(made.to_ical())


def _event(row: Told) -> Event:
    """A planned visit as a whole day: the last one for it, on the clinic's clock."""
    planned, event = row.planned, Event()
    purpose = say(PURPOSE_WORDS.get(planned.purpose, planned.purpose))
    event.add("uid", f"{planned.id}@clinic-audit")
    event.add("dtstamp", planned.made_at or desk().now)
    event.add("dtstart", planned.by)
    event.add("dtend", planned.by + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("summary", f"{purpose}: {row.clinic_name}")
    said = [say("By this day."), row.inspector_name or say("Nobody yet"), *row.reasons]
    event.add("description", "\n".join(said))
    event.add("url", url_for("schedule.show", planned_id=planned.id, _external=True))
    return event
