"""Passkeys: as a second factor, and as the proof before what cannot be taken back.

A challenge is asked of one session, kept with it, and taken away with the first answer, right or wrong.
"""

import base64
import json
import secrets
import uuid
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from audit.domain.people import Person
from audit.domain.problems import BadInput, Fault, NotAllowed
from audit.domain.tongue import say, word
from audit.operations import factors
from audit.operations.desk import Desk
from audit.operations.signing_in import Session
from audit.store.ledger import PASSKEY, Factor

CHALLENGE_BYTES = 32
LONGEST_ANSWER = 20_000
WRONG = word("The passkey was not taken. Open the page anew and try again.")
# What the library raises for an answer that does not fit, and for one that is no answer at all.
_UNFIT = (WebAuthnException, ValueError, KeyError, TypeError, RecursionError)


@dataclass(frozen=True)
class Place:
    """Where this is reached: the host a passkey belongs to, and the origin the browser speaks of."""

    host: str
    origin: str


def any_of(desk: Desk, person: Person) -> bool:
    """Does this person have a passkey?"""
    return bool(_own(desk, person))


def _own(desk: Desk, person: Person) -> list[Factor]:
    return [one for one in desk.ledger.factors.of(person.id) if one.kind == PASSKEY]


def _descriptors(found: list[Factor]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential)) for one in found]


# asking -------------------------------------------------------------------------------------------------------


def offer_new(desk: Desk, token: str, place: Place) -> str:
    """What the browser needs to make a passkey, as JSON."""
    person = _myself(desk)
    options = webauthn.generate_registration_options(
        rp_id=place.host,
        rp_name=desk.ledger.agency.get().name or "clinic-audit",
        user_id=uuid.UUID(person.id).bytes,
        user_name=person.login,
        user_display_name=person.name,
        challenge=_asked(desk, token),
        exclude_credentials=_descriptors(_own(desk, person)),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return webauthn.options_to_json(options)


def offer(desk: Desk, person: Person, token: str, place: Place, alone: bool) -> str:
    """What the browser needs to use one of the person's passkeys, as JSON; empty without one. ``alone``: nothing else
    is asked, so it has to make sure by itself who holds it (by a PIN, a finger or a face)."""
    own = _own(desk, person)
    if not own:
        return ""
    options = webauthn.generate_authentication_options(
        rp_id=place.host,
        challenge=_asked(desk, token),
        allow_credentials=_descriptors(own),
        user_verification=UserVerificationRequirement.REQUIRED
        if alone
        else UserVerificationRequirement.PREFERRED,
    )
    return webauthn.options_to_json(options)


def _asked(desk: Desk, token: str) -> bytes:
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    with desk.ledger.upkeep() as sessions:
        sessions.ask(_hash(token), bytes_to_base64url(challenge))
    return challenge


def _taken(desk: Desk, token: str) -> bytes:
    """What was asked of this session last; it is asked no more.

    Raises:
        NotAllowed: when nothing was.
    """
    with desk.ledger.upkeep() as sessions:
        challenge = sessions.take_challenge(_hash(token))
    if not challenge:
        raise NotAllowed(say(WRONG))
    return base64url_to_bytes(challenge)


# answers ------------------------------------------------------------------------------------------------------


def add(desk: Desk, token: str, place: Place, answer: str, name: str) -> tuple[str, ...]:
    """Keep the passkey that the browser made. The first factor brings recovery codes, shown this once.

    Raises:
        NotAllowed: when it does not fit what was asked.
        BadInput: when there are too many, it is here already, or the name is endless.
    """
    person = _myself(desk)
    challenge = _taken(desk, token)
    try:
        made = webauthn.verify_registration_response(
            credential=_read(answer),
            expected_challenge=challenge,
            expected_rp_id=place.host,
            expected_origin=place.origin,
        )
    except _UNFIT as error:
        raise NotAllowed(say(WRONG)) from error
    credential = bytes_to_base64url(made.credential_id)
    if desk.ledger.factors.by_credential(credential):
        raise BadInput([Fault("name", say("This passkey is here already."))])
    called = " ".join(name.split()) or say("Passkey")
    key = base64.b64encode(made.credential_public_key).decode()
    factor = Factor(str(uuid.uuid4()), person.id, PASSKEY, called, key, desk.now, credential, made.sign_count)
    return factors.keep(desk, factor)


def prove(desk: Desk, token: str, place: Place, answer: str) -> None:
    """Take a passkey as the proof that the person at the desk is who they are; it counts for a while.

    Raises:
        NotAllowed: when it is not theirs, or did not make sure who holds it.
    """
    person = _myself(desk)
    _check(desk, person, token, place, answer, alone=True)
    with desk.ledger.upkeep() as sessions:
        sessions.proved(_hash(token), desk.now)


def complete(desk: Desk, token: str, place: Place, answer: str) -> Session:
    """Finish signing in with a passkey.

    Raises:
        NotAllowed: when nobody is half signed in, or it is no passkey of theirs.
    """
    person = factors.half_of(desk, token)
    _check(replace(desk, actor=person), person, token, place, answer, alone=False)
    return factors.finish(desk, token, person, PASSKEY)


def _check(desk: Desk, person: Person, token: str, place: Place, answer: str, alone: bool) -> None:
    """The answer is right, of a passkey of this person, and of no earlier use. A wrong one is noted."""
    challenge = _taken(desk, token)
    try:
        right = _is_right(desk, person, place, _read(answer), challenge, alone)
    except _UNFIT:
        right = False
    if not right:
        with desk.entry() as entry:
            entry.note("second-factor.failed", person.id, {"kind": PASSKEY})
        raise NotAllowed(say(WRONG))


def _is_right(
    desk: Desk, person: Person, place: Place, given: dict[str, Any], challenge: bytes, alone: bool
) -> bool:
    factor = desk.ledger.factors.by_credential(str(given["id"]))
    if factor is None or factor.person_id != person.id:
        return False
    verified = webauthn.verify_authentication_response(
        credential=given,
        expected_challenge=challenge,
        expected_rp_id=place.host,
        expected_origin=place.origin,
        credential_public_key=base64.b64decode(factor.secret),
        credential_current_sign_count=factor.counter,
        require_user_verification=alone,
    )
    with desk.entry() as entry:
        used = entry.factors.use(factor.id, verified.new_sign_count, desk.now)
        entry.note("passkey.used" if used else "second-factor.failed", person.id, {"factor": factor.id})
    return used


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise ValueError("too long")
    found = json.loads(answer)
    if not isinstance(found, dict):
        raise TypeError("no object")
    return found


def _myself(desk: Desk) -> Person:
    if desk.actor is None:
        raise NotAllowed(say("Sign in first."))
    return desk.actor


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
