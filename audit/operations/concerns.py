"""Which service of a clinic each finding of a running visit concerns: a placard scheme closes the service, or all."""

from collections.abc import Mapping

from audit.domain.answers import Key
from audit.domain.problems import BadInput, Fault
from audit.domain.tongue import say
from audit.operations.desk import Desk
from audit.operations.inspections import load, writable


def decide(desk: Desk, inspection_id: str, services: Mapping[Key, str]) -> None:
    """Say which service findings concern; empty is the whole establishment. What was signed has to be signed again.

    Raises:
        NotFound, NotAllowed, NotNow: as for any change of a running visit.
        BadInput: for a service the clinic does not offer, or what is no finding.
    """
    with desk.entry() as entry:
        visit = load(entry, writable(desk, inspection_id, shelves=entry))
        found = {finding.key for finding in visit.findings}
        if not set(services) <= found or not set(services.values()) <= {"", *visit.services_offered}:
            raise BadInput([Fault("", say("Choose a service of this clinic for each finding."))])
        changed = {key: name for key, name in services.items() if visit.services.get(key, "") != name}
        if not changed:
            return
        for key, name in changed.items():
            entry.closures.concern(inspection_id, key, name)
        entry.inspections.void_signatures(inspection_id)
        told = [[item, whose or "", name] for (item, whose), name in sorted(changed.items(), key=str)]
        entry.note(f"{visit.inspection.kind}.services", inspection_id, {"services": told})
