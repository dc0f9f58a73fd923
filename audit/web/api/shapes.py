"""The shapes of what goes over the wire, as JSON Schema. What is not named in an answer is not in it."""

from typing import Any

from audit.domain import acts
from audit.domain.changes import APPLIED, CONFLICT, DUPLICATE, REJECTED, SAME
from audit.domain.inspections import PURPOSES, SIGNATURE_ROLES, SIGNATURE_STATES, STATES
from audit.operations.tablet import MOST_ACTS, QUARANTINED
from audit.web.errors import CODES

Shape = dict[str, Any]
SHA = "^[0-9a-f]{64}$"

text: Shape = {"type": "string"}
whole: Shape = {"type": "integer"}
yes_no: Shape = {"type": "boolean"}
uuid: Shape = {"type": "string", "format": "uuid"}
sha256: Shape = {"type": "string", "pattern": SHA}
instant: Shape = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"}
day: Shape = {"type": "string", "format": "date"}
anything: Shape = {"type": "object"}
facts: Shape = {"type": "object", "additionalProperties": {"type": ["boolean", "integer", "string"]}}


def ref(name: str) -> Shape:
    return {"$ref": f"#/components/schemas/{name}"}


def maybe(shape: Shape) -> Shape:
    """The shape, or null."""
    return {"anyOf": [shape, {"type": "null"}]}


def listed(shape: Shape) -> Shape:
    return {"type": "array", "items": shape}


def one_of(words: Any) -> Shape:
    return {"type": "string", "enum": list(words)}


def table(_optional: tuple[str, ...] = (), /, **fields: Shape) -> Shape:
    """An object with exactly these fields, all of them unless optional."""
    return {
        "type": "object",
        "properties": fields,
        "required": [name for name in fields if name not in _optional],
        "additionalProperties": False,
    }


def answer(_optional: tuple[str, ...] = (), /, **fields: Shape) -> Shape:
    """An answer: such an object with the server's time."""
    return table(_optional, **fields, server_time=instant)


_RESULT = (APPLIED, SAME, DUPLICATE, CONFLICT, REJECTED, QUARANTINED)
_PHOTO = table(sha256=sha256, caption=text)
# What was entered for an item, by whom and when: of the answer that counts and of one that lost.
_ENTERED: dict[str, Shape] = {
    "item": text,
    "person": maybe(text),
    "value": anything,
    "author": text,
    "author_name": text,
    "device_name": text,
    "at": instant,
    "client_time": text,
}
_PAST = listed(
    table(
        inspected_on=day,
        purpose=text,
        outs={"type": "object", "additionalProperties": yes_no},
        asked=maybe(listed(text)),
    )
)
_FORMER = listed(
    table(
        item=text,
        number=text,
        person=maybe(text),
        person_name=text,
        severity=text,
        note=text,
        corrective=text,
        correct_by=day,
        stop=yes_no,
        photos=listed(_PHOTO),
        found_on=maybe(day),
        waits=maybe(table(words=text, tone=text)),
        steps=listed(table(shape=text, title=text, by=text, at=text, on=text, words=text)),
        after=listed(sha256),
    )
)
_ON_FILE = listed(
    table(
        item=text,
        person=maybe(text),
        before=listed(text),
        part=text,
        issued=maybe(day),
        expires=maybe(day),
        after=listed(text),
        ahead=yes_no,
    )
)
_REPEATS = {"type": "object", "additionalProperties": listed(day)}
_PEOPLE = listed(table(id=text, name=text, title=text, active=yes_no))
_STROKES = maybe(listed(listed(listed(whole))))

SCHEMAS: dict[str, Shape] = {
    "Refusal": answer(error=table(code=one_of([*CODES.values(), "refused"]), words=text)),
    "Bootstrap": answer(
        build=text,
        person=table(id=text, name=text, role=text),
        agency=table(
            name=text, address=text, phone=text, time_zone=text, paper=text, public_authority=yes_no
        ),
        words={"type": "object", "additionalProperties": {"anyOf": [text, listed(text)]}},
        word_language=text,
        decimal_sign=text,
        group_sign=text,
        clinics=listed(
            table(
                id=uuid,
                name=text,
                address=text,
                jurisdiction=text,
                permit=text,
                time_zone=text,
                last_result=maybe(text),
                last_on=maybe(day),
                open_findings=whole,
                running=maybe(uuid),
            )
        ),
        visits=listed(uuid),
        checklists=listed(
            table(
                sha256=sha256,
                key=text,
                kind=text,
                pack=text,
                jurisdiction=text,
                title=text,
                version=whole,
                newest=yes_no,
            )
        ),
        seq=whole,
    ),
    "Kit": answer(
        clinic=table(
            id=uuid,
            name=text,
            address=text,
            jurisdiction=text,
            permit=text,
            time_zone=text,
            profile=facts,
        ),
        practitioners=_PEOPLE,
        checklists={"type": "object", "additionalProperties": sha256},
        visits_before=whole,
        repeats=_REPEATS,
        last_visit=maybe(
            table(
                id=uuid,
                kind=text,
                inspected_on=day,
                status=text,
                score=maybe(text),
                findings=whole,
                report=text,
            )
        ),
        past=_PAST,
        open_findings=_FORMER,
        older_findings=_FORMER,
        follow_up=listed(text),
        on_file=_ON_FILE,
    ),
    "Checklist": answer(
        published=anything,
        cards={"type": "object", "additionalProperties": text},
        language=text,
        build=text,
    ),
    "Visit": answer(
        id=uuid,
        seq=whole,
        writable=yes_no,
        clinic_id=uuid,
        checklist_sha=sha256,
        kind=text,
        purpose=one_of(PURPOSES),
        state=one_of(STATES),
        started_at=instant,
        finished_at=maybe(instant),
        inspected_on=day,
        time_zone=text,
        inspector_id=text,
        inspector_name=text,
        profile=facts,
        facts=facts,
        practitioners=listed(text),
        present=listed(text),
        remarks=text,
        set_aside_reason=text,
        rev=whole,
        scope=listed(text),
        repeats=_REPEATS,
        past=_PAST,
        services=listed(listed(maybe(text))),
        clinic=table(id=uuid, name=text, address=text),
        people=_PEOPLE,
        answers=listed(table(**_ENTERED, rev=whole, device=text, received_at=instant)),
        links=listed(
            table(item=text, person=maybe(text), sha256=sha256, caption=text, marks=listed(anything))
        ),
        conflicts=listed(table(**_ENTERED, op_id=text)),
        signatures=listed(
            table(
                role=one_of(SIGNATURE_ROLES),
                state=one_of(SIGNATURE_STATES),
                name=text,
                title=text,
                how=text,
                at=maybe(instant),
                strokes=_STROKES,
                covers=yes_no,
            )
        ),
        manifest_hash=sha256,
    ),
    "Operation": table(
        ("item", "person", "base_rev", "client_time"),
        op_id=uuid,
        device_seq={"type": "integer", "minimum": 1, "maximum": acts.MOST_SEQ},
        author=text,
        item=text,
        person=maybe(text),
        kind=one_of(acts.KINDS),
        base_rev={"type": "integer", "minimum": 0, "maximum": acts.MOST_REV},
        value=anything,
        client_time=text,
    ),
    "Batch": {
        "type": "object",
        "properties": {
            "device_id": uuid,
            "app_version": text,
            "sent_at": text,
            "ops": {"type": "array", "items": ref("Operation"), "maxItems": MOST_ACTS},
        },
        "required": ["device_id", "app_version", "sent_at", "ops"],
    },
    "Results": answer(
        results=listed(
            table(
                ("words", "was", "current"),
                op_id=text,
                status=one_of(_RESULT),
                rev=whole,
                words=text,
                was=one_of(_RESULT),
                current=table(value=anything, author_name=text, at=maybe(instant)),
            )
        ),
        seq=whole,
    ),
    "Photo": answer(sha256=sha256, size=whole),
    "Finalize": {
        "type": "object",
        "properties": {
            "manifest_hash": sha256,
            "answers": {"type": "integer", "minimum": 0},
            "photos": listed(sha256),
            "signatures": listed(listed(text)),
            "password": text,
            "passkey": text,
            "manifest": anything,
        },
        "required": ["manifest_hash", "answers", "photos", "signatures"],
        "anyOf": [{"required": ["password"]}, {"required": ["passkey"]}],
    },
    "Passkey": answer(asked=maybe(anything)),
    "Sealed": answer(sealed_at=instant, sha256=sha256, duplicate=yes_no, address=text),
    "Differences": answer(
        error=table(code={"const": "differs"}, words=text),
        missing_photos=listed(text),
        differing_answers=listed(listed(text)),
        open_conflicts=listed(text),
        gaps=listed(listed(text)),
        manifest=anything,
    ),
    "RescueFile": {
        "type": "object",
        "properties": {
            "format": {"const": "clinic-audit rescue"},
            "device_id": text,
            "author": text,
            "operations": listed(anything),
            "photos": listed(anything),
            "sha256": sha256,
        },
        "required": ["format", "device_id", "author", "operations", "photos", "sha256"],
    },
    "Rescued": answer(
        results=listed(table(op_id=text, status=one_of(_RESULT), rev=whole, words=text)),
        photos=listed(table(sha256=text, words=text)),
    ),
}
