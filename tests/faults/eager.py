"""The server with a planted fault: it names operations before they are kept. The oracle has to notice."""

import sys
import threading
from dataclasses import replace

from audit.cli import main
from audit.domain.acts import Act
from audit.domain.changes import APPLIED
from audit.operations import tablet
from audit.operations.desk import Desk, open_desk
from audit.operations.tablet import Batch, Verdict

LATER_SECONDS = 0.5
receive = tablet.receive


def too_soon(desk: Desk, inspection_id: str, batch: Batch) -> tuple[Verdict, ...]:
    """Acknowledge now, keep it later."""

    def keep() -> None:
        receive(replace(open_desk(desk.data, desk.actor, desk.now)), inspection_id, batch)

    if any(isinstance(act, Act) and act.change.kind != "answer" for act in batch.acts):
        return receive(desk, inspection_id, batch)
    threading.Timer(LATER_SECONDS, keep).start()
    acts = [act for act in batch.acts if isinstance(act, Act)]
    return tuple(Verdict(act.change.op_id, APPLIED, act.change.base_rev + 1) for act in acts)


if __name__ == "__main__":
    tablet.receive = too_soon
    main(sys.argv[1:])
