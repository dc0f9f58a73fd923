"""From the sealed record to the words of a report. Pure: the same record gives the same values.

``record`` is the sealed document, ``persons`` its people's part (names may be gone), ``photos`` maps a
photo's SHA-256 to its print copy. Nothing reads a clock; days are counted from the visit's local date.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from audit.domain import markings
from audit.domain.answers import combine
from audit.domain.checklists import Checklist, Item
from audit.domain.history import Why
from audit.domain.papers import SOON
from audit.domain.placard import SERVICES
from audit.domain.tongue import say, several, word
from audit.domain.wording import why_words
from reports import amended, annex, answers, delta, outcome, standing
from reports.values import (
    CheckRow,
    CheckSection,
    Content,
    Deadline,
    Finding,
    Head,
    Pair,
    PersonLine,
    Record,
    Shot,
    Step,
    Strip,
    Term,
)
from reports.wording import DASH, SEVERITIES, clock, days, findings_words, listed, moment, short_day, weekday

MOST_TERMS = 8
OWN = word("Owner's own audit")
PURPOSES = {
    "routine": word("Routine visit"),
    "follow-up": word("Follow-up visit"),
    "complaint": word("Visit after a complaint"),
    "pre-opening": word("Visit before opening"),
    "investigation": word("Investigation"),
    "change-of-owner": word("Visit after a change of owner"),
    "temporary-event": word("Visit to a temporary event"),
    "self-audit": word("Self-audit"),
    "other": word("Visit"),
}


def compliance(
    record: Record,
    persons: Mapping[str, Mapping[str, object]],
    checklist: Checklist,
    photos: Mapping[str, Path],
    record_sha256: str,
) -> Content:
    """Everything a report can say about one sealed visit.

    Raises:
        NotFound: when the record answers an item that the checklist does not hold.
    """
    return _Teller(record, persons, checklist, photos, record_sha256).tell()


class _Teller:
    """Holds what all parts need: the record, the names, the photo numbers."""

    def __init__(
        self,
        record: Record,
        persons: Mapping[str, Mapping[str, object]],
        checklist: Checklist,
        photos: Mapping[str, Path],
        record_sha256: str,
    ) -> None:
        self.record, self.checklist, self.photos = record, checklist, photos
        self.persons, self.sha256 = persons, record_sha256
        self.on = date.fromisoformat(record["inspected_on"])
        self.zone = record["time_zone"]
        self.self_audit = record["kind"] == "self-audit"
        self.authority = bool(record["agency"]["public_authority"]) and not self.self_audit
        self.names = {key: annex.name_of(key, persons) for key in record["persons"]}
        order = {item.key: place for place, item in enumerate(checklist.items())}
        self.answers = sorted(
            record["answers"],
            key=lambda row: (order.get(row["item"], len(order)), self.names.get(row["person"] or "", "")),
        )
        self.by_item: dict[str, list[Record]] = {}
        for answer in self.answers:
            self.by_item.setdefault(answer["item"], []).append(answer)
        self.shots = self._shots()

    def tell(self) -> Content:
        findings = self._findings()
        terms = answers.terms(self.checklist, self.answers, self.names, self.on)
        deadlines = _deadlines(findings, self.on)
        return Content(
            head=self._head(),
            verdict=outcome.verdict(self.record),
            counts=outcome.counts(self.record),
            tally=outcome.tally(self.record, self.by_item.values()),
            terms=terms[:MOST_TERMS],
            more_terms=max(0, len(terms) - MOST_TERMS),
            steps=self._steps(deadlines, terms),
            strips=self._strips(),
            people=annex.people(self.record, self.names, self.persons),
            visit=annex.visit(self.record, self.checklist),
            deadlines=deadlines,
            findings=findings,
            sections=tuple(self._section(section.key) for section in self.checklist.sections),
            inapplicable=self._inapplicable(),
            measures=answers.measures(
                self.checklist,
                self.answers,
                self.names,
                {**self.record["clinic"]["profile"], **self.record["facts"]},
            ),
            papers=answers.papers(self.checklist, self.answers, self.names, self.on),
            signatures=annex.signatures(self.record, self.persons, self.names),
            # What the agency says under its own records, and how to object to them, is not a self-audit's.
            statements=() if self.self_audit else tuple(self.record["agency"]["statements"]),
            appeal="" if self.self_audit else self.record["agency"]["appeal_route"],
            lines=self._lines(),
            set_aside=tuple(
                self._row(self.checklist.item(row["item"]), [row], aside=True)
                for row in self.record["kept_aside"]
            ),
            how_to_check=say(annex.HOW_TO_CHECK),
            annex=annex.pairs(self.record, self.persons, self.checklist, self.sha256),
            sources=annex.sources(self.checklist),
            own_sources=annex.sources(self.checklist, self._cited()),
            wins=annex.wins(self.checklist, self.authority),
            shots=tuple(shot for shots in self.shots.values() for shot in shots),
            amended=amended.amended(self.record, self.persons, self.names, self.checklist),
            sign=standing.sign(self.record),
            notices=standing.notices(self.record, self.checklist),
            delta=delta.told(self.record, self.names, self.checklist, self.photos, findings),
        )

    # page 1 -----------------------------------------------------------------------------------------------

    def _head(self) -> Head:
        record, agency, clinic = self.record, self.record["agency"], self.record["clinic"]
        start, end = (clock(record[key], self.zone) for key in ("started_at", "finished_at"))
        place = moment(record["finished_at"], self.zone).rpartition(" ")[2]
        permit = say("Permit {permit}", permit=clinic["permit"]) if clinic["permit"] else ""
        purpose = say(PURPOSES.get(record["purpose"], str(record["purpose"])))
        inspector = annex.with_title(record["inspector"], self.names, self.persons)
        behalf = (
            say("Made by {name} for the clinic itself. A self-audit is not an inspection.", name=inspector)
            if self.self_audit
            else self._behalf(inspector, agency["name"])
        )
        return Head(
            title=self._title(),
            self_audit=self.self_audit,
            agency=clinic["name"] if self.self_audit else agency["name"],
            agency_line=say(OWN) if self.self_audit else _joined(agency["address"], agency["phone"]),
            clinic=clinic["name"],
            clinic_line=_joined(clinic["address"], permit),
            visit_line=say(
                "{purpose} on {day}, {time}",
                purpose=purpose,
                day=weekday(self.on),
                time=f"{start}{DASH}{end} {place}",
            ),
            behalf=behalf,
            short_id=record["id"][:8].upper(),
            date=short_day(self.on),
            sealed=self._sealed(),
            made_at=self._made_at(),
            identity=self.sha256,
            logo=None if self.self_audit else self.photos.get(agency["logo"] or ""),
        )

    def _title(self) -> str:
        if self.self_audit:
            return say("Self-audit")
        return say("Inspection record, amended") if self.record.get("amends") else say("Inspection record")

    def _made_at(self) -> str:
        """When the words of this record were last settled: at the seal, or at its newest amendment."""
        rows = self.record.get("amendments")
        return str(rows[-1]["at"] if rows else self.record["sealed_at"])

    def _sealed(self) -> str:
        sealed = moment(self.record["sealed_at"], self.zone)
        if not self.record.get("amends"):
            return say("Sealed {moment}", moment=sealed)
        return say(
            "Sealed {moment}, amended {amended}", moment=sealed, amended=moment(self._made_at(), self.zone)
        )

    def _behalf(self, inspector: str, agency: str) -> str:
        if self.authority:
            return say(
                "Audited by {name} on behalf of {agency}, a public authority.", name=inspector, agency=agency
            )
        return say(
            "Audited by {name} on behalf of {agency}, not a public authority.", name=inspector, agency=agency
        )

    def _steps(self, deadlines: tuple[Deadline, ...], terms: tuple[Term, ...]) -> tuple[Step, ...]:
        steps = []
        for deadline in deadlines:
            still = [finding for finding in deadline.findings if not finding.corrected]
            if still:
                numbers = listed(dict.fromkeys(finding.number for finding in still))
                tone = "bad" if any(finding.severity == "critical" for finding in still) else "warn"
                when = f"{deadline.words[:1].upper()}{deadline.words[1:]}"
                what = say("{when}: correct {numbers}", when=when, numbers=numbers)
                steps.append(Step(deadline.due, what, tone))
        for term in [term for term in terms if 0 <= term.days <= SOON][:3]:
            steps.append(Step(term.day, ", ".join(filter(None, (term.title, term.left, term.whose))), "warn"))
        after = self.record["result"]["next_visit"]
        if after:
            steps.append(self._coming_back(date.fromisoformat(after)))
        elif not (self.self_audit and steps):
            steps.append(
                Step(say("No date set"), say("The rules of this checklist set no date for the next visit."))
            )
        return tuple(steps)

    def _coming_back(self, day: date) -> Step:
        """The next visit, and why it is earlier than the routine one where it is."""
        result = self.record["result"]
        if not result.get("next_check"):
            after_this = say("Next routine visit, {days} after this one", days=days((day - self.on).days))
            return Step(weekday(day), after_this)
        why = [Why(row["code"], tuple(row["items"])) for row in result["next_why"]]
        told = " ".join(why_words(one, self.checklist) for one in why)
        return Step(weekday(day), say("Re-inspection by this day. {reasons}", reasons=told), "warn")

    def _strips(self) -> tuple[Strip, ...]:
        strips = []
        for section in self.checklist.sections:
            marks = tuple(self._mark(item) for item in section.items if item.key in self.by_item)
            if marks:
                strips.append(Strip(section.letter, section.title, marks))
        return tuple(strips)

    def _mark(self, item: Item) -> str:
        return combine(row["mark"] for row in self.by_item.get(item.key, ())) or ""

    # findings ---------------------------------------------------------------------------------------------

    def _shots(self) -> dict[tuple[str, str | None], tuple[Shot, ...]]:
        """Photos numbered once for the whole report: those of findings first, in the order they are told."""
        told = {(row["item"], row["person"]): place for place, row in enumerate(self._told())}
        last = len(told)
        found: dict[tuple[str, str | None], tuple[Shot, ...]] = {}
        arrived = {row["sha256"]: row.get("received_at") for row in self.record["photos"]}
        number = 0
        for answer in sorted(self.answers, key=lambda row: told.get((row["item"], row["person"]), last)):
            shots = []
            where = self.checklist.item(answer["item"]).number
            for photo in answer["photos"]:
                number += 1
                sha = photo["sha256"]
                when = self._received(arrived.get(sha))
                drawn = tuple(markings.lines(markings.read(markings.recorded(photo.get("marks")))))
                shots.append(Shot(number, self.photos.get(sha), photo["caption"], where, sha, when, drawn))
            if shots:
                found[answer["item"], answer["person"]] = tuple(shots)
        return found

    def _received(self, at: str | None) -> str:
        """When a photo reached the server; older records do not say."""
        return say("received {moment}", moment=moment(at, self.record["time_zone"])) if at else ""

    def _told(self) -> list[Record]:
        """Findings by deadline, the gravest first; those corrected on site last."""
        return sorted(
            self.record["findings"],
            key=lambda row: (
                row["corrected_on_site"],
                row["correct_by"],
                not row["stop"],
                SEVERITIES.index(row["severity"]),
                row["number"],
            ),
        )

    def _findings(self) -> tuple[Finding, ...]:
        return tuple(self._finding(row) for row in self._told())

    def _cited(self) -> tuple[str, ...]:
        keys = dict.fromkeys(row["item"] for row in self.record["findings"])
        return tuple(cite.ref for key in keys for cite in self.checklist.item(key).citations)

    def _finding(self, row: Record) -> Finding:
        item = self.checklist.item(row["item"])
        answer = next(
            (found for found in self.by_item.get(item.key, ()) if found["person"] == row["person"]), None
        )
        due = date.fromisoformat(row["correct_by"])
        return Finding(
            number=row["number"],
            severity=row["severity"],
            prompt=item.prompt,
            person=self.names.get(row["person"], "") if row["person"] else "",
            observed=row["note"],
            values=answers.value_words(item, answer) if answer else "",
            required=row["corrective"],
            reason=item.reason,
            citations=answers.citations(item),
            due=weekday(due),
            due_words=_due_words((due - self.on).days, row["stop"]),
            due_key=(row["correct_by"], bool(row["stop"])),
            corrected=row["corrected_on_site"],
            recommended=row["standing"] == "recommended",
            override=answers.override_words(answer) if answer else "",
            shots=self.shots.get((item.key, row["person"]), ()),
            repeats=listed(short_day(date.fromisoformat(day)) for day in row.get("repeats", ())),
            service=say(SERVICES[row["service"]]) if row.get("service") in SERVICES else "",
        )

    # checklist --------------------------------------------------------------------------------------------

    def _section(self, key: str) -> CheckSection:
        section = self.checklist.section(key)
        rows = tuple(
            self._row(item, self.by_item[item.key]) for item in section.items if item.key in self.by_item
        )
        outs = sum(row.mark == "OUT" for row in rows)
        items = several("{number} item", "{number} items", len(rows))
        summary = f"{items}, {findings_words(outs)}" if outs else items
        return CheckSection(section.letter, section.title, summary, rows)

    def _row(self, item: Item, rows: list[Record], aside: bool = False) -> CheckRow:
        shared = [row for row in rows if row["person"] is None]
        own = [row for row in rows if row["person"] is not None]
        remarks = [
            line for row in shared for line in answers.remark_words(item, row, self._told_in_full(row, aside))
        ]
        keys = [] if aside else [(item.key, row["person"]) for row in rows]
        shots = [shot for key in keys for shot in self.shots.get(key, ())]
        return CheckRow(
            number=item.number,
            mark=combine(row["mark"] for row in rows) or "",
            severity=item.severity,
            recommended=item.standing == "recommended",
            prompt=item.prompt,
            citations="; ".join(answers.citations(item)),
            answer="; ".join(filter(None, (answers.said_words(item, row) for row in shared))),
            remarks=tuple(remarks),
            photos=_photo_words(shots),
            people=self._people(item, own, aside),
        )

    def _told_in_full(self, row: Record, aside: bool) -> bool:
        """Does the note stand in full with a finding?"""
        return not aside and any(
            (found["item"], found["person"]) == (row["item"], row["person"])
            for found in self.record["findings"]
        )

    def _people(self, item: Item, rows: list[Record], aside: bool) -> tuple[PersonLine, ...]:
        """One line for all practitioners with the same answer, every one of them named."""
        found: dict[tuple[str, str], list[str]] = {}
        for row in rows:
            remarks = answers.remark_words(item, row, self._told_in_full(row, aside))
            words = " · ".join(filter(None, (answers.said_words(item, row), *remarks)))
            found.setdefault((row["mark"] or "", words), []).append(self.names.get(row["person"], ""))
        return tuple(PersonLine(listed(names), mark, words) for (mark, words), names in found.items())

    def _inapplicable(self) -> tuple[Pair, ...]:
        """Each inapplicable item once, gathered under the fact that decided."""
        found: dict[str, list[str]] = {}
        for row in self.record["inapplicable"]:
            item = self.checklist.item(row["item"])
            why = answers.because_words(self.checklist, row["because"])
            found.setdefault(why, []).append(f"{item.number}\u00a0{item.prompt}")
        return tuple(Pair(why, " · ".join(items)) for why, items in found.items())

    def _lines(self) -> tuple[Pair, ...]:
        """The lines behind the number: what each finding that counts took from it."""
        lines = []
        for row in self.record["result"]["lines"]:
            if row["mark"] == "OUT":
                taken = (
                    say("nothing deducted")
                    if row["deducted"] in ("0", 0)
                    else say("{number} deducted", number=row["deducted"])
                )
                told = say("{severity}, weight {weight}", severity=say(row["severity"]), weight=row["weight"])
                site = f", {say('corrected on site')}" if row["corrected_on_site"] else ""
                lines.append(Pair(row["number"], f"{told}{site}: {taken}"))
        return tuple(lines)


def _joined(*words: str) -> str:
    return " · ".join(filter(None, words))


def _photo_words(shots: list[Shot]) -> str:
    if not shots:
        return ""
    numbers = listed(str(shot.number) for shot in shots)
    return (
        say("Photos {numbers}", numbers=numbers) if len(shots) > 1 else say("Photo {number}", number=numbers)
    )


def _due_words(number: int, stop: bool) -> str:
    if stop:
        return say("before any further procedure")
    return say("at once") if number <= 0 else say("{days} after the visit", days=days(number))


def _deadlines(findings: tuple[Finding, ...], on: date) -> tuple[Deadline, ...]:
    """Findings gathered by deadline; those corrected on site stand last, in a group of their own."""
    groups: dict[tuple[str, bool, bool], list[Finding]] = {}
    for finding in findings:
        key = ("", False, True) if finding.corrected else (*finding.due_key, False)
        groups.setdefault(key, []).append(finding)
    made = []
    for (_iso, _stop, corrected), some in sorted(groups.items(), key=lambda group: (group[0][2],)):
        first = some[0]
        if corrected:
            made.append(
                Deadline(
                    say("Corrected on site"), first.due, say("seen to be put right; keep it so"), tuple(some)
                )
            )
        else:
            made.append(Deadline(say("By {date}", date=first.due), first.due, first.due_words, tuple(some)))
    return tuple(made)
