"""The server with a clock that a file moves: it holds how many seconds it is ahead."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from audit.app import create_app
from audit.cli import main, servers
from audit.config import Settings


def application_with(file: Path) -> Any:
    def now() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=int(file.read_text("ascii") or 0))

    def application(settings: Settings) -> Any:
        return create_app(settings, clock=now)

    return application


if __name__ == "__main__":
    servers.application = application_with(Path(sys.argv[1]))
    main(sys.argv[2:])
