"""What an id is the id of, whatever it may be: for telling what somebody was refused."""

from sqlite_utils import Database

# Kind of thing: its table.
TABLES = {
    "visit": "inspections",
    "clinic": "clinics",
    "practitioner": "practitioners",
    "person": "people",
    "action": "actions",
    "paper": "credentials",
    "lot": "lots",
    "log": "ticks",
    "recall": "recalls",
    "planned visit": "planned_visits",
    "closure": "closures",
    "device": "devices",
}
PHOTO = "photo"


def kind_of(db: Database, thing: str) -> str:
    """The kind of thing that has this id, or this SHA-256; nothing when nothing has."""
    for kind, table in TABLES.items():
        if db.execute(f"SELECT 1 FROM {table} WHERE id = ?", (thing,)).fetchone():
            return kind
    known = db.execute("SELECT 1 FROM photos WHERE sha256 = ?", (thing,)).fetchone()
    return PHOTO if known else ""
