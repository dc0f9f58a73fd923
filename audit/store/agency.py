"""The agency's one row."""

from typing import Any

from sqlite_utils import Database

from audit.domain.agency import Agency
from audit.store.rows import from_json, marks_for, to_json


class AgencyShelf:
    """The agency of this data folder."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self) -> Agency:
        """The agency as last saved; a nameless one before that."""
        row = self._db.execute("SELECT * FROM agency").fetchone()
        return _agency(row) if row else Agency(name="")

    def keep(self, agency: Agency) -> None:
        row = _row(agency)
        self._db.execute(
            f"INSERT OR REPLACE INTO agency ({', '.join(row)}) VALUES ({marks_for(row)})", [*row.values()]
        )


def _row(agency: Agency) -> dict[str, Any]:
    return {
        "id": 1,
        "name": agency.name,
        "address": agency.address,
        "phone": agency.phone,
        "logo": agency.logo,
        "time_zone": agency.time_zone,
        "paper": agency.paper,
        "statements": to_json(agency.statements),
        "appeal_route": agency.appeal_route,
        "public_authority": int(agency.public_authority),
        "language": agency.language,
        "site": agency.site,
    }


def _agency(row: Any) -> Agency:
    return Agency(
        name=row["name"],
        address=row["address"],
        phone=row["phone"],
        logo=row["logo"],
        time_zone=row["time_zone"],
        paper=row["paper"],
        statements=tuple(from_json(row["statements"])),
        appeal_route=row["appeal_route"],
        public_authority=bool(row["public_authority"]),
        language=row["language"],
        site=row["site"],
    )
