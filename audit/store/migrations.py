"""Every change of the schema, in order. A released one is never edited: another one is added below it."""

from collections import Counter
from collections.abc import Iterator, Sequence

from sqlite_utils import Database, Migrations

from audit.store.database import in_transaction, many, told

LEDGER = Migrations("clinic_audit")

YES_NO = "INTEGER NOT NULL CHECK ({0} IN (0, 1))"


def pending(db: Database) -> tuple[str, ...]:
    """The names of the changes that this ledger has not seen yet."""
    return tuple(change.name for change in LEDGER.pending(db))


def apply(db: Database) -> tuple[str, ...]:
    """Bring the ledger up to date: all pending changes or none. Returns their names.

    Two processes may try at once: the second waits, and finds nothing left to do.

    Raises:
        RuntimeError: when a change left rows that point nowhere.
    """
    db.execute("PRAGMA query_only=OFF")
    db.execute("PRAGMA foreign_keys=OFF")  # cannot be switched inside a transaction; checked below instead
    try:
        with told():
            return _apply(db)
    finally:
        if in_transaction(db):
            db.execute("ROLLBACK")
        db.execute("PRAGMA foreign_keys=ON")
        db.execute("PRAGMA query_only=ON")


def _apply(db: Database) -> tuple[str, ...]:
    db.execute("BEGIN IMMEDIATE")
    names = pending(db)
    if names:
        LEDGER.apply(db)
        lost = db.execute("PRAGMA foreign_key_check").fetchall()
        if lost:
            raise RuntimeError(f"a change of the schema left {len(lost)} rows that point nowhere")
    db.execute("COMMIT")
    return names


def _run(db: Database, *statements: str) -> None:
    for statement in statements:
        db.execute(statement)


def _refuse(table: str, deed: str, words: str, when: str = "") -> str:
    """A trigger that refuses INSERT, UPDATE or DELETE on a table."""
    condition = f" WHEN {when}" if when else ""
    return (
        f"CREATE TRIGGER {table}_refuse_{deed.lower()} BEFORE {deed} ON {table}{condition}"
        f" BEGIN SELECT RAISE(ABORT, '{words}'); END"
    )


def _append_only(db: Database, table: str) -> None:
    for deed in ("UPDATE", "DELETE"):
        db.execute(_refuse(table, deed, f"{table} only grows"))


def _frozen_with_its_inspection(db: Database, table: str) -> None:
    """Nothing of an inspection that is over is added, changed or removed."""
    over = "(SELECT state FROM inspections WHERE id = {0}.inspection_id) <> 'running'"
    new, old = over.format("NEW"), over.format("OLD")
    words = "the inspection is over"
    _run(
        db,
        _refuse(table, "INSERT", words, new),
        _refuse(table, "UPDATE", words, f"{old} OR {new}"),
        _refuse(table, "DELETE", words, old),
    )


@LEDGER()
def m001_trail(db: Database) -> None:
    _run(
        db,
        """
        CREATE TABLE trail (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL,
            actor TEXT NOT NULL,
            deed TEXT NOT NULL,
            object TEXT NOT NULL,
            detail TEXT NOT NULL CHECK (json_valid(detail)),
            previous TEXT NOT NULL CHECK (length(previous) = 64),
            hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64)
        ) STRICT
        """,
        "CREATE INDEX trail_object ON trail (object, seq)",
    )
    _append_only(db, "trail")


@LEDGER()
def m002_people_and_clinics(db: Database) -> None:
    _run(
        db,
        f"""
        CREATE TABLE agency (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            name TEXT NOT NULL,
            address TEXT NOT NULL,
            phone TEXT NOT NULL,
            logo TEXT,
            time_zone TEXT NOT NULL,
            paper TEXT NOT NULL CHECK (paper IN ('a4', 'letter')),
            statements TEXT NOT NULL CHECK (json_valid(statements)),
            appeal_route TEXT NOT NULL,
            public_authority {YES_NO.format("public_authority")}
        ) STRICT
        """,
        f"""
        CREATE TABLE people (
            id TEXT PRIMARY KEY,
            login TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            role TEXT NOT NULL CHECK (role IN ('administrator', 'inspector', 'owner')),
            active {YES_NO.format("active")},
            password TEXT NOT NULL
        ) STRICT
        """,
        # What is searched and compared is stored as such: SQLite folds the case of ASCII letters only.
        f"""
        CREATE TABLE clinics (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            address TEXT NOT NULL,
            jurisdiction TEXT NOT NULL,
            permit TEXT NOT NULL,
            time_zone TEXT NOT NULL,
            profile TEXT NOT NULL CHECK (json_valid(profile)),
            active {YES_NO.format("active")},
            sort_name TEXT NOT NULL,
            sought TEXT NOT NULL,
            name_likeness TEXT NOT NULL,
            address_likeness TEXT NOT NULL,
            permit_likeness TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX clinics_sort ON clinics (sort_name, id)",
        "CREATE INDEX clinics_name ON clinics (name_likeness)",
        "CREATE INDEX clinics_address ON clinics (address_likeness)",
        "CREATE INDEX clinics_permit ON clinics (permit_likeness)",
        """
        CREATE TABLE person_clinics (
            person_id TEXT NOT NULL REFERENCES people (id),
            clinic_id TEXT NOT NULL REFERENCES clinics (id),
            PRIMARY KEY (person_id, clinic_id)
        ) STRICT, WITHOUT ROWID
        """,
        f"""
        CREATE TABLE practitioners (
            id TEXT PRIMARY KEY,
            clinic_id TEXT NOT NULL REFERENCES clinics (id),
            name TEXT NOT NULL,
            title TEXT NOT NULL,
            active {YES_NO.format("active")}
        ) STRICT
        """,
        "CREATE INDEX practitioners_clinic ON practitioners (clinic_id)",
        """
        CREATE TABLE sessions (
            token_hash TEXT PRIMARY KEY,
            person_id TEXT NOT NULL REFERENCES people (id),
            address TEXT NOT NULL,
            created_at TEXT NOT NULL,
            seen_at TEXT NOT NULL,
            ended_at TEXT
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX sessions_person ON sessions (person_id, address)",
        """
        CREATE TABLE sign_in_failures (
            seq INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            login_hash TEXT NOT NULL,
            address TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX sign_in_failures_login ON sign_in_failures (login_hash, at)",
        "CREATE INDEX sign_in_failures_address ON sign_in_failures (address, at)",
    )


@LEDGER()
def m003_checklists(db: Database) -> None:
    _run(
        db,
        """
        CREATE TABLE checklists (
            sha256 TEXT PRIMARY KEY,
            key TEXT NOT NULL,
            pack TEXT NOT NULL,
            version INTEGER NOT NULL CHECK (version > 0),
            kind TEXT NOT NULL CHECK (kind IN ('inspection', 'self-audit')),
            title TEXT NOT NULL,
            jurisdiction TEXT NOT NULL,
            published_at TEXT NOT NULL,
            document TEXT NOT NULL CHECK (json_valid(document)),
            UNIQUE (key, pack, version)
        ) STRICT
        """,
        # Which version new visits take. Publishing an earlier content again points back to it.
        """
        CREATE TABLE current_checklists (
            key TEXT NOT NULL,
            pack TEXT NOT NULL,
            sha256 TEXT NOT NULL REFERENCES checklists (sha256),
            PRIMARY KEY (key, pack)
        ) STRICT, WITHOUT ROWID
        """,
    )
    _append_only(db, "checklists")


@LEDGER()
def m004_inspections(db: Database) -> None:
    _run(
        db,
        """
        CREATE TABLE inspections (
            id TEXT PRIMARY KEY,
            clinic_id TEXT NOT NULL REFERENCES clinics (id),
            checklist_sha TEXT NOT NULL REFERENCES checklists (sha256),
            kind TEXT NOT NULL CHECK (kind IN ('inspection', 'self-audit')),
            purpose TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('running', 'sealed', 'set-aside')),
            started_at TEXT NOT NULL,
            finished_at TEXT,
            inspected_on TEXT NOT NULL,
            time_zone TEXT NOT NULL,
            inspector_id TEXT NOT NULL,
            inspector_name TEXT NOT NULL,
            profile TEXT NOT NULL CHECK (json_valid(profile)),
            facts TEXT NOT NULL CHECK (json_valid(facts)),
            practitioners TEXT NOT NULL CHECK (json_valid(practitioners)),
            present TEXT NOT NULL CHECK (json_valid(present)),
            remarks TEXT NOT NULL,
            set_aside_reason TEXT NOT NULL,
            rev INTEGER NOT NULL CHECK (rev > 0)
        ) STRICT
        """,
        # Each holds all that the list of visits asks for, so that it is read alone.
        "CREATE INDEX inspections_newest ON inspections (started_at, id, clinic_id, kind, state)",
        "CREATE INDEX inspections_clinic ON inspections (clinic_id, started_at, id, kind, state)",
        "CREATE INDEX inspections_state ON inspections (state, started_at, id, clinic_id, kind)",
        _refuse("inspections", "UPDATE", "the inspection is over", "OLD.state <> 'running'"),
        _refuse("inspections", "DELETE", "an inspection stays"),
        """
        CREATE TABLE operations (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            op_id TEXT NOT NULL UNIQUE,
            device TEXT NOT NULL,
            device_seq INTEGER,
            inspection_id TEXT NOT NULL REFERENCES inspections (id),
            item TEXT NOT NULL,
            person TEXT NOT NULL,
            kind TEXT NOT NULL,
            base_rev INTEGER NOT NULL,
            rev INTEGER NOT NULL,
            status TEXT NOT NULL,
            value TEXT NOT NULL CHECK (json_valid(value)),
            body_hash TEXT NOT NULL,
            author TEXT NOT NULL,
            client_time TEXT NOT NULL,
            received_at TEXT NOT NULL,
            UNIQUE (device, device_seq)
        ) STRICT
        """,
        "CREATE INDEX operations_answer ON operations (inspection_id, item, person, seq)",
        "CREATE INDEX operations_lost ON operations (inspection_id, seq) WHERE status = 'conflict'",
        _refuse(
            "operations",
            "INSERT",
            "the inspection is over",
            "(SELECT state FROM inspections WHERE id = NEW.inspection_id) <> 'running'",
        ),
        # A value that lost stays in operations; this says which operation chose about it.
        """
        CREATE TABLE settlements (
            op_id TEXT PRIMARY KEY REFERENCES operations (op_id),
            settled_by TEXT NOT NULL REFERENCES operations (op_id)
        ) STRICT
        """,
        """
        CREATE TABLE answers (
            inspection_id TEXT NOT NULL REFERENCES inspections (id),
            item TEXT NOT NULL,
            person TEXT NOT NULL,
            rev INTEGER NOT NULL CHECK (rev > 0),
            value TEXT NOT NULL CHECK (json_valid(value)),
            author TEXT NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (inspection_id, item, person)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE signatures (
            inspection_id TEXT NOT NULL REFERENCES inspections (id),
            role TEXT NOT NULL CHECK (role IN ('inspector', 'person-in-charge')),
            state TEXT NOT NULL CHECK (state IN ('signed', 'refused', 'absent')),
            name TEXT NOT NULL,
            title TEXT NOT NULL,
            at TEXT,
            how TEXT NOT NULL CHECK (how IN ('typed', 'drawn')),
            strokes TEXT NOT NULL CHECK (json_valid(strokes)),
            seen TEXT NOT NULL,
            PRIMARY KEY (inspection_id, role)
        ) STRICT, WITHOUT ROWID
        """,
    )
    _append_only(db, "operations")
    _append_only(db, "settlements")
    _frozen_with_its_inspection(db, "answers")
    _frozen_with_its_inspection(db, "signatures")


@LEDGER()
def m005_photos(db: Database) -> None:
    _run(
        db,
        """
        CREATE TABLE photos (
            sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
            format TEXT NOT NULL,
            width INTEGER NOT NULL CHECK (width > 0),
            height INTEGER NOT NULL CHECK (height > 0),
            bytes INTEGER NOT NULL CHECK (bytes > 0),
            received_at TEXT NOT NULL,
            received_by TEXT NOT NULL
        ) STRICT
        """,
        # What the camera says of itself, of time and place: a claim, shown to nobody by default.
        """
        CREATE TABLE photo_claims (
            sha256 TEXT PRIMARY KEY REFERENCES photos (sha256),
            taken_at TEXT,
            latitude REAL,
            longitude REAL,
            camera TEXT
        ) STRICT
        """,
        """
        CREATE TABLE photo_links (
            inspection_id TEXT NOT NULL REFERENCES inspections (id),
            item TEXT NOT NULL,
            person TEXT NOT NULL,
            sha256 TEXT NOT NULL REFERENCES photos (sha256),
            caption TEXT NOT NULL,
            position INTEGER NOT NULL,
            PRIMARY KEY (inspection_id, item, person, sha256)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX photo_links_photo ON photo_links (sha256)",
    )
    _append_only(db, "photos")
    _frozen_with_its_inspection(db, "photo_links")


@LEDGER()
def m006_records(db: Database) -> None:
    _run(
        db,
        """
        CREATE TABLE records (
            inspection_id TEXT PRIMARY KEY REFERENCES inspections (id),
            clinic_id TEXT NOT NULL REFERENCES clinics (id),
            kind TEXT NOT NULL CHECK (kind IN ('inspection', 'self-audit')),
            inspected_on TEXT NOT NULL,
            sealed_at TEXT NOT NULL,
            status TEXT NOT NULL,
            score_tenths INTEGER,
            findings INTEGER NOT NULL,
            open_findings INTEGER NOT NULL,
            sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
            document TEXT NOT NULL CHECK (json_valid(document))
        ) STRICT
        """,
        # Holds all that a clinic's trend shows, so that the long documents are not touched.
        """
        CREATE INDEX records_trend ON records
            (clinic_id, kind, inspected_on, sealed_at, inspection_id, status, score_tenths, findings, open_findings)
        """,
        # Names, titles and strokes apart: they may have to go one day, the document never.
        """
        CREATE TABLE record_persons (
            inspection_id TEXT PRIMARY KEY REFERENCES inspections (id),
            persons TEXT NOT NULL CHECK (json_valid(persons))
        ) STRICT
        """,
        """
        CREATE TABLE findings (
            inspection_id TEXT NOT NULL REFERENCES inspections (id),
            item TEXT NOT NULL,
            person TEXT NOT NULL,
            clinic_id TEXT NOT NULL REFERENCES clinics (id),
            kind TEXT NOT NULL,
            number TEXT NOT NULL,
            severity TEXT NOT NULL CHECK (severity IN ('critical', 'major', 'minor')),
            standing TEXT NOT NULL CHECK (standing IN ('official', 'recommended')),
            corrected_on_site INTEGER NOT NULL CHECK (corrected_on_site IN (0, 1)),
            correct_by TEXT NOT NULL,
            stop INTEGER NOT NULL CHECK (stop IN (0, 1)),
            note TEXT NOT NULL,
            corrective TEXT NOT NULL,
            PRIMARY KEY (inspection_id, item, person)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX findings_open ON findings (clinic_id, kind, corrected_on_site, correct_by)",
        """
        CREATE TABLE item_months (
            kind TEXT NOT NULL,
            clinic_id TEXT NOT NULL REFERENCES clinics (id),
            item TEXT NOT NULL,
            month TEXT NOT NULL,
            rated INTEGER NOT NULL,
            failed INTEGER NOT NULL,
            PRIMARY KEY (kind, clinic_id, item, month)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE item_totals (
            kind TEXT NOT NULL,
            item TEXT NOT NULL,
            rated INTEGER NOT NULL,
            failed INTEGER NOT NULL,
            PRIMARY KEY (kind, item)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE reports (
            inspection_id TEXT NOT NULL REFERENCES inspections (id),
            kind TEXT NOT NULL,
            paper TEXT NOT NULL CHECK (paper IN ('a4', 'letter')),
            sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
            bytes INTEGER NOT NULL CHECK (bytes > 0),
            made_at TEXT NOT NULL,
            PRIMARY KEY (inspection_id, kind, paper)
        ) STRICT, WITHOUT ROWID
        """,
        _refuse(
            "records",
            "INSERT",
            "only a sealed inspection has a record",
            "(SELECT state FROM inspections WHERE id = NEW.inspection_id) <> 'sealed'",
        ),
        _refuse(
            "findings",
            "INSERT",
            "the inspection is over",
            "EXISTS (SELECT 1 FROM records WHERE inspection_id = NEW.inspection_id)",
        ),
    )
    for table in ("records", "record_persons", "findings", "reports"):
        _append_only(db, table)


@LEDGER()
def m007_links(db: Database) -> None:
    _run(
        db,
        """
        CREATE TABLE links (
            token_hash TEXT PRIMARY KEY CHECK (length(token_hash) = 64),
            purpose TEXT NOT NULL CHECK (purpose IN ('set-up', 'password')),
            person_id TEXT REFERENCES people (id),
            expires_at TEXT NOT NULL,
            CHECK ((purpose = 'set-up') = (person_id IS NULL))
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX links_person ON links (person_id)",
    )


@LEDGER()
def m008_tablets(db: Database) -> None:
    _run(
        db,
        """
        CREATE TABLE devices (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            person_id TEXT NOT NULL REFERENCES people (id),
            app_version TEXT NOT NULL,
            first_seen_at TEXT NOT NULL,
            seen_at TEXT NOT NULL,
            offset_seconds INTEGER,
            revoked_at TEXT,
            revoked_by TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX devices_person ON devices (person_id, seen_at)",
        # A tablet's times are claims; what its clock said on sending dates them.
        """
        CREATE TABLE device_clocks (
            device TEXT NOT NULL,
            received_at TEXT NOT NULL,
            sent_at TEXT NOT NULL,
            offset_seconds INTEGER,
            PRIMARY KEY (device, received_at)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE tablet_starts (
            inspection_id TEXT PRIMARY KEY REFERENCES inspections (id),
            device TEXT NOT NULL,
            op_id TEXT NOT NULL UNIQUE,
            inspected_on TEXT NOT NULL,
            client_time TEXT NOT NULL,
            received_at TEXT NOT NULL
        ) STRICT
        """,
        # Work of a revoked device, unjudged. The visit may be one that nobody ever heard of.
        """
        CREATE TABLE quarantine (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            op_id TEXT NOT NULL UNIQUE,
            device TEXT NOT NULL,
            inspection_id TEXT NOT NULL,
            document TEXT NOT NULL CHECK (json_valid(document)),
            received_at TEXT NOT NULL,
            released_at TEXT
        ) STRICT
        """,
        "CREATE INDEX quarantine_device ON quarantine (device, seq) WHERE released_at IS NULL",
        _refuse("quarantine", "DELETE", "what is in quarantine stays"),
        "ALTER TABLE photo_links ADD COLUMN marks TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(marks))",
    )
    for table in ("device_clocks", "tablet_starts"):
        _append_only(db, table)


@LEDGER()
def m009_languages(db: Database) -> None:
    _run(
        db,
        "ALTER TABLE people ADD COLUMN language TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE agency ADD COLUMN language TEXT NOT NULL DEFAULT 'en'",
        "ALTER TABLE reports RENAME TO reports_in_english",
        """
        CREATE TABLE reports (
            inspection_id TEXT NOT NULL REFERENCES inspections (id),
            kind TEXT NOT NULL,
            paper TEXT NOT NULL CHECK (paper IN ('a4', 'letter')),
            language TEXT NOT NULL,
            sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
            bytes INTEGER NOT NULL CHECK (bytes > 0),
            made_at TEXT NOT NULL,
            PRIMARY KEY (inspection_id, kind, paper, language)
        ) STRICT, WITHOUT ROWID
        """,
        """
        INSERT INTO reports
        SELECT inspection_id, kind, paper, 'en', sha256, bytes, made_at FROM reports_in_english
        """,
        "DROP TABLE reports_in_english",
    )
    _append_only(db, "reports")


@LEDGER()
def m010_amendments(db: Database) -> None:
    _run(
        db,
        # Each carries the record as it then stood: what is shown was worked out once, by the rules of that day.
        """
        CREATE TABLE amendments (
            inspection_id TEXT NOT NULL REFERENCES records (inspection_id),
            number INTEGER NOT NULL CHECK (number > 0),
            kind TEXT NOT NULL CHECK (kind IN ('correction', 'void')),
            item TEXT NOT NULL,
            person TEXT NOT NULL,
            before TEXT NOT NULL CHECK (json_valid(before)),
            after TEXT NOT NULL CHECK (json_valid(after)),
            reason TEXT NOT NULL CHECK (reason <> ''),
            author TEXT NOT NULL CHECK (author <> ''),
            at TEXT NOT NULL,
            status TEXT NOT NULL,
            score_tenths INTEGER,
            findings INTEGER NOT NULL,
            open_findings INTEGER NOT NULL,
            sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
            document TEXT NOT NULL CHECK (json_valid(document)),
            PRIMARY KEY (inspection_id, number)
        ) STRICT
        """,
        _refuse(
            "amendments",
            "INSERT",
            "an amendment is the next one of a visit that is not void",
            "NEW.number <> 1 + (SELECT count(*) FROM amendments WHERE inspection_id = NEW.inspection_id)"
            " OR EXISTS (SELECT 1 FROM amendments WHERE inspection_id = NEW.inspection_id AND kind = 'void')",
        ),
    )
    _append_only(db, "amendments")


@LEDGER()
def m011_actions(db: Database) -> None:
    of_the_past = " AND ".join(
        f"NEW.{column} IS OLD.{column}"
        for column in (
            "id",
            "inspection_id",
            "item",
            "person",
            "clinic_id",
            "kind",
            "number",
            "severity",
            "correct_by",
        )
    )
    newest = "(SELECT kind FROM action_steps WHERE action_id = NEW.{0} ORDER BY seq DESC LIMIT 1)"
    _run(
        db,
        # The state follows from the steps and is kept for the lists; what an action is about stands in findings.
        """
        CREATE TABLE actions (
            id TEXT PRIMARY KEY CHECK (length(id) = 36),
            inspection_id TEXT NOT NULL,
            item TEXT NOT NULL,
            person TEXT NOT NULL,
            clinic_id TEXT NOT NULL REFERENCES clinics (id),
            kind TEXT NOT NULL,
            number TEXT NOT NULL,
            severity TEXT NOT NULL CHECK (severity IN ('critical', 'major', 'minor')),
            correct_by TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'open' CHECK
                (state IN ('open', 'fixed', 'sent-back', 'accepted', 'confirmed', 'found-again')),
            turn INTEGER NOT NULL AS (CASE WHEN state IN ('open', 'sent-back') THEN 0 WHEN state = 'fixed' THEN 1 ELSE 2 END),
            grave INTEGER NOT NULL AS (CASE severity WHEN 'critical' THEN 0 WHEN 'major' THEN 1 ELSE 2 END),
            UNIQUE (inspection_id, item, person),
            FOREIGN KEY (inspection_id, item, person) REFERENCES findings (inspection_id, item, person)
        ) STRICT
        """,
        "CREATE INDEX actions_turn ON actions (kind, turn, correct_by, grave, number, id, clinic_id, severity)",
        "CREATE INDEX actions_clinic ON actions (clinic_id, kind, turn, correct_by, grave, number, id, severity)",
        """
        CREATE TABLE action_steps (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            action_id TEXT NOT NULL REFERENCES actions (id),
            kind TEXT NOT NULL CHECK (kind IN ('fixed', 'sent-back', 'accepted', 'confirmed', 'found-again')),
            author TEXT NOT NULL,
            link TEXT REFERENCES fix_links (id),
            at TEXT NOT NULL,
            done_on TEXT,
            words TEXT NOT NULL,
            visit TEXT REFERENCES inspections (id),
            CHECK ((link IS NULL) = (author <> '')),
            CHECK ((visit IS NULL) = (kind NOT IN ('confirmed', 'found-again')))
        ) STRICT
        """,
        "CREATE INDEX action_steps_action ON action_steps (action_id, seq)",
        """
        CREATE TABLE action_photos (
            step INTEGER NOT NULL REFERENCES action_steps (seq),
            position INTEGER NOT NULL,
            sha256 TEXT NOT NULL REFERENCES photos (sha256),
            PRIMARY KEY (step, sha256)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX action_photos_photo ON action_photos (sha256)",
        """
        CREATE TABLE fix_links (
            id TEXT PRIMARY KEY,
            token_hash TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64),
            inspection_id TEXT NOT NULL REFERENCES records (inspection_id),
            made_by TEXT NOT NULL,
            made_at TEXT NOT NULL,
            expires_at TEXT NOT NULL,
            revoked_at TEXT
        ) STRICT
        """,
        "CREATE INDEX fix_links_visit ON fix_links (inspection_id, made_at)",
        # What a link was used for; also how often lately.
        """
        CREATE TABLE fix_uses (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            link TEXT NOT NULL REFERENCES fix_links (id),
            at TEXT NOT NULL,
            deed TEXT NOT NULL CHECK (deed IN ('opened', 'answered'))
        ) STRICT
        """,
        "CREATE INDEX fix_uses_link ON fix_uses (link, deed, at)",
        _refuse("actions", "INSERT", "an action begins open", "NEW.state <> 'open'"),
        _refuse("actions", "DELETE", "an action stays"),
        _refuse(
            "actions",
            "UPDATE",
            "only the state of an action moves, with its steps",
            f"NOT ({of_the_past} AND NEW.state IS {newest.format('id')})",
        ),
        _refuse(
            "action_steps",
            "INSERT",
            "this step does not follow",
            f"CASE WHEN NEW.kind IN ('accepted', 'sent-back') THEN {newest.format('action_id')} IS NOT 'fixed'"
            f" WHEN NEW.kind = 'fixed' THEN ifnull({newest.format('action_id')}, 'open') NOT IN ('open', 'sent-back')"
            f" ELSE ifnull({newest.format('action_id')}, 'open') NOT IN ('open', 'sent-back', 'fixed') END",
        ),
        """
        CREATE TRIGGER action_steps_move AFTER INSERT ON action_steps BEGIN
            UPDATE actions SET state = NEW.kind WHERE id = NEW.action_id;
        END
        """,
        # What the last visit before left open has its action from now on; what came earlier, that visit looked at.
        """
        INSERT INTO actions (id, inspection_id, item, person, clinic_id, kind, number, severity, correct_by)
        SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a'
                     || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))),
               f.inspection_id, f.item, f.person, f.clinic_id, f.kind, f.number, f.severity, f.correct_by
        FROM findings f JOIN records r ON r.inspection_id = f.inspection_id
        WHERE f.corrected_on_site = 0 AND NOT EXISTS (
            SELECT 1 FROM records later WHERE later.clinic_id = r.clinic_id AND later.kind = r.kind
            AND (later.inspected_on, later.sealed_at) > (r.inspected_on, r.sealed_at))
        """,
    )
    for table in ("action_steps", "action_photos", "fix_uses"):
        _append_only(db, table)


@LEDGER()
def m012_evidence(db: Database) -> None:
    _run(
        db,
        """
        CREATE TABLE authorities (
            sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
            certificate TEXT NOT NULL,
            since TEXT NOT NULL
        ) STRICT
        """,
        # Reports drawn before this have no number and no seal.
        "ALTER TABLE reports ADD COLUMN number TEXT NOT NULL DEFAULT ''",
        "CREATE UNIQUE INDEX reports_number ON reports (number) WHERE number <> ''",
        "CREATE INDEX reports_file ON reports (sha256)",
        # Where this installation is found from outside: printed in reports, with the way to check them.
        "ALTER TABLE agency ADD COLUMN site TEXT NOT NULL DEFAULT ''",
    )
    _append_only(db, "authorities")


@LEDGER()
def m013_gate(db: Database) -> None:
    _run(
        db,
        # Who was signed in stays so; the password was asked when the session began.
        "ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE sessions ADD COLUMN proved_at TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE sessions ADD COLUMN half INTEGER NOT NULL DEFAULT 0 CHECK (half IN (0, 1))",
        "UPDATE sessions SET proved_at = created_at",
        """
        CREATE TABLE familiar_browsers (
            token_hash TEXT NOT NULL CHECK (length(token_hash) = 64),
            person_id TEXT NOT NULL REFERENCES people (id),
            seen_at TEXT NOT NULL,
            PRIMARY KEY (token_hash, person_id)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE factors (
            id TEXT PRIMARY KEY,
            person_id TEXT NOT NULL REFERENCES people (id),
            kind TEXT NOT NULL CHECK (kind IN ('app', 'passkey')),
            name TEXT NOT NULL,
            secret TEXT NOT NULL,
            credential TEXT NOT NULL DEFAULT '',
            counter INTEGER NOT NULL,
            made_at TEXT NOT NULL,
            used_at TEXT
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX factors_person ON factors (person_id)",
        "CREATE UNIQUE INDEX factors_credential ON factors (credential) WHERE credential <> ''",
        """
        CREATE TABLE recovery_codes (
            person_id TEXT NOT NULL REFERENCES people (id),
            code_hash TEXT NOT NULL CHECK (length(code_hash) = 64),
            used_at TEXT,
            PRIMARY KEY (person_id, code_hash)
        ) STRICT, WITHOUT ROWID
        """,
        # Must those who inspect and administer have a second factor? One row, made when somebody decides.
        """
        CREATE TABLE factor_rule (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            required INTEGER NOT NULL CHECK (required IN (0, 1))
        ) STRICT
        """,
    )


@LEDGER()
def m014_papers(db: Database) -> None:
    _run(
        db,
        # A renewed paper stays; its successor names it. What an inspector saw of it on the wall, and when.
        """
        CREATE TABLE credentials (
            id TEXT PRIMARY KEY CHECK (length(id) = 36),
            clinic_id TEXT NOT NULL REFERENCES clinics (id),
            holder TEXT NOT NULL,
            kind TEXT NOT NULL,
            number TEXT NOT NULL,
            issuer TEXT NOT NULL,
            issued TEXT,
            expires TEXT,
            covers TEXT NOT NULL CHECK (json_valid(covers)),
            place TEXT NOT NULL,
            displayed INTEGER CHECK (displayed IN (0, 1)),
            seen_on TEXT,
            scan TEXT REFERENCES photos (sha256),
            replaces TEXT REFERENCES credentials (id),
            removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)),
            entered_by TEXT NOT NULL,
            entered_at TEXT NOT NULL,
            rev INTEGER NOT NULL DEFAULT 1
        ) STRICT
        """,
        "CREATE INDEX credentials_clinic ON credentials (clinic_id, holder, kind)",
        "CREATE INDEX credentials_scan ON credentials (scan) WHERE scan IS NOT NULL",
        "CREATE UNIQUE INDEX credentials_replaces ON credentials (replaces) WHERE replaces IS NOT NULL AND removed = 0",
        _refuse("credentials", "DELETE", "a paper stays"),
        # What the clinic logged as done, and the interval it keeps to where its pack names none or a longer one.
        """
        CREATE TABLE ticks (
            id TEXT PRIMARY KEY CHECK (length(id) = 36),
            clinic_id TEXT NOT NULL REFERENCES clinics (id),
            kind TEXT NOT NULL,
            done_on TEXT NOT NULL,
            note TEXT NOT NULL,
            photo TEXT REFERENCES photos (sha256),
            author TEXT NOT NULL,
            at TEXT NOT NULL,
            removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1))
        ) STRICT
        """,
        "CREATE INDEX ticks_clinic ON ticks (clinic_id, kind, done_on)",
        "CREATE INDEX ticks_photo ON ticks (photo) WHERE photo IS NOT NULL",
        _refuse("ticks", "DELETE", "what was logged stays"),
        """
        CREATE TABLE intervals (
            clinic_id TEXT NOT NULL REFERENCES clinics (id),
            kind TEXT NOT NULL,
            days INTEGER NOT NULL CHECK (days > 0),
            PRIMARY KEY (clinic_id, kind)
        ) STRICT, WITHOUT ROWID
        """,
        # Needles, cartridges and pigments by lot; the likeness finds a lot however it is spelled.
        """
        CREATE TABLE lots (
            id TEXT PRIMARY KEY CHECK (length(id) = 36),
            clinic_id TEXT NOT NULL REFERENCES clinics (id),
            kind TEXT NOT NULL,
            maker TEXT NOT NULL,
            product TEXT NOT NULL,
            lot TEXT NOT NULL,
            lot_likeness TEXT NOT NULL,
            expires TEXT,
            certificate TEXT NOT NULL,
            photo TEXT REFERENCES photos (sha256),
            received_on TEXT NOT NULL,
            used_up_on TEXT,
            author TEXT NOT NULL,
            at TEXT NOT NULL,
            removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)),
            rev INTEGER NOT NULL DEFAULT 1
        ) STRICT
        """,
        "CREATE INDEX lots_clinic ON lots (clinic_id, received_on)",
        "CREATE INDEX lots_lot ON lots (lot_likeness)",
        "CREATE INDEX lots_photo ON lots (photo) WHERE photo IS NOT NULL",
        _refuse("lots", "DELETE", "a lot stays"),
    )


@LEDGER()
def m015_people_and_post(db: Database) -> None:
    _run(
        db,
        # A rule of a column cannot be changed: the table is made anew, and what points at it keeps pointing.
        f"""
        CREATE TABLE people_anew (
            id TEXT PRIMARY KEY,
            login TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            role TEXT NOT NULL CHECK (role IN ('administrator', 'inspector', 'owner', 'practitioner')),
            active {YES_NO.format("active")},
            password TEXT NOT NULL,
            language TEXT NOT NULL,
            email TEXT NOT NULL
        ) STRICT
        """,
        "INSERT INTO people_anew SELECT id, login, name, role, active, password, language, '' FROM people",
        "DROP TABLE people",
        "ALTER TABLE people_anew RENAME TO people",
        # Who somebody with the role of a practitioner is, in each clinic they work in.
        """
        CREATE TABLE person_practitioners (
            person_id TEXT NOT NULL REFERENCES people (id),
            practitioner_id TEXT NOT NULL REFERENCES practitioners (id),
            PRIMARY KEY (person_id, practitioner_id)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE letters (
            id TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            person_id TEXT REFERENCES people (id),
            address TEXT NOT NULL,
            subject TEXT NOT NULL,
            text TEXT NOT NULL,
            until TEXT,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
            written_at TEXT NOT NULL,
            due_at TEXT NOT NULL,
            claimed_until TEXT,
            tries INTEGER NOT NULL,
            fault TEXT NOT NULL DEFAULT '',
            ended_at TEXT
        ) STRICT
        """,
        "CREATE INDEX letters_due ON letters (state, due_at)",
        "CREATE INDEX letters_person ON letters (person_id, kind)",
        # Self-audits whose content the clinic shows to the agency, for as long as the row is there.
        """
        CREATE TABLE shared_visits (
            inspection_id TEXT PRIMARY KEY REFERENCES records (inspection_id),
            person_id TEXT NOT NULL REFERENCES people (id),
            since TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        # What a passkey signs, asked of this session and used once.
        "ALTER TABLE sessions ADD COLUMN challenge TEXT NOT NULL DEFAULT ''",
    )


@LEDGER()
def m016_coming_back(db: Database) -> None:
    same = " AND ".join(
        f"NEW.{column} IS OLD.{column}"
        for column in ("id", "clinic_id", "source", "made_by", "made_at", "by_rule", "why")
    )
    said = " AND ".join(
        f"NEW.{column} IS OLD.{column}"
        for column in (
            "id",
            "inspection_id",
            "scope",
            "subject",
            "items",
            "acts",
            "citation",
            "hearing",
            "since",
            "proposed_by",
            "proposed_at",
        )
    )
    _run(
        db,
        # The items a follow-up looks at, where it looks at some only; an empty list is the whole checklist.
        "ALTER TABLE inspections ADD COLUMN scope TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(scope))",
        # At how many visits before, without a break, the item was OUT too.
        "ALTER TABLE findings ADD COLUMN repeats INTEGER NOT NULL DEFAULT 0 CHECK (repeats >= 0)",
        "CREATE INDEX records_past ON records (clinic_id, inspected_on, sealed_at, kind)",
        # The schedule. ``why`` is what a rule said, ``reason`` what a person says; ``visit`` is the one that came of it.
        """
        CREATE TABLE planned_visits (
            id TEXT PRIMARY KEY CHECK (length(id) = 36),
            clinic_id TEXT NOT NULL REFERENCES clinics (id),
            purpose TEXT NOT NULL,
            by_date TEXT NOT NULL,
            inspector TEXT REFERENCES people (id),
            reason TEXT NOT NULL,
            why TEXT NOT NULL CHECK (json_valid(why)),
            by_rule INTEGER NOT NULL CHECK (by_rule IN (0, 1)),
            source TEXT REFERENCES inspections (id),
            made_by TEXT NOT NULL,
            made_at TEXT NOT NULL,
            visit TEXT REFERENCES inspections (id),
            ended TEXT CHECK (ended IN ('done', 'cancelled', 'replaced')),
            ended_at TEXT,
            ended_words TEXT NOT NULL DEFAULT '',
            CHECK ((ended IS NULL) = (ended_at IS NULL)),
            CHECK (ended IS NOT 'done' OR visit IS NOT NULL)
        ) STRICT
        """,
        "CREATE INDEX planned_open ON planned_visits (by_date, id) WHERE ended IS NULL",
        "CREATE INDEX planned_clinic ON planned_visits (clinic_id, by_date, id)",
        "CREATE INDEX planned_inspector ON planned_visits (inspector, by_date, id) WHERE ended IS NULL",
        "CREATE INDEX planned_by_visit ON planned_visits (visit) WHERE visit IS NOT NULL",
        _refuse("planned_visits", "DELETE", "a planned visit stays"),
        _refuse("planned_visits", "UPDATE", "what was planned, and why, stays", f"NOT ({same})"),
        # How often a clinic looks at itself, and since which day.
        """
        CREATE TABLE programmes (
            id TEXT PRIMARY KEY CHECK (length(id) = 36),
            clinic_id TEXT NOT NULL REFERENCES clinics (id),
            every TEXT NOT NULL CHECK (every IN ('week', 'month', 'quarter')),
            since TEXT NOT NULL,
            made_by TEXT NOT NULL,
            made_at TEXT NOT NULL,
            ended_on TEXT
        ) STRICT
        """,
        "CREATE UNIQUE INDEX programmes_running ON programmes (clinic_id) WHERE ended_on IS NULL",
        """
        CREATE TABLE calendar_feeds (
            id TEXT PRIMARY KEY CHECK (length(id) = 36),
            person_id TEXT NOT NULL REFERENCES people (id),
            token_hash TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64),
            made_at TEXT NOT NULL,
            ended_at TEXT
        ) STRICT
        """,
        "CREATE UNIQUE INDEX calendar_feeds_working ON calendar_feeds (person_id) WHERE ended_at IS NULL",
        # Which service of the clinic a finding concerns; without a line it concerns the whole establishment.
        """
        CREATE TABLE finding_services (
            inspection_id TEXT NOT NULL REFERENCES inspections (id),
            item TEXT NOT NULL,
            person TEXT NOT NULL,
            service TEXT NOT NULL,
            PRIMARY KEY (inspection_id, item, person)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE closures (
            id TEXT PRIMARY KEY CHECK (length(id) = 36),
            inspection_id TEXT NOT NULL REFERENCES inspections (id),
            scope TEXT NOT NULL CHECK (scope IN ('practitioner', 'service', 'area', 'facility')),
            subject TEXT NOT NULL,
            items TEXT NOT NULL CHECK (json_valid(items)),
            acts TEXT NOT NULL,
            citation TEXT NOT NULL,
            hearing TEXT NOT NULL,
            since TEXT NOT NULL,
            proposed_by TEXT NOT NULL,
            proposed_at TEXT NOT NULL,
            reopened_by TEXT REFERENCES inspections (id),
            reopened_on TEXT,
            CHECK ((reopened_by IS NULL) = (reopened_on IS NULL))
        ) STRICT
        """,
        "CREATE INDEX closures_visit ON closures (inspection_id)",
        "CREATE INDEX closures_reopened ON closures (reopened_by) WHERE reopened_by IS NOT NULL",
        _refuse(
            "closures",
            "INSERT",
            "the inspection is over",
            "(SELECT state FROM inspections WHERE id = NEW.inspection_id) <> 'running'",
        ),
        _refuse(
            "closures",
            "DELETE",
            "the inspection is over",
            "(SELECT state FROM inspections WHERE id = OLD.inspection_id) <> 'running'",
        ),
        _refuse(
            "closures",
            "UPDATE",
            "only its end is added to a closure",
            f"NOT ({said}) OR OLD.reopened_by IS NOT NULL",
        ),
    )
    _frozen_with_its_inspection(db, "finding_services")


@LEDGER()
def m017_retention(db: Database) -> None:
    over = "(SELECT state FROM inspections WHERE id = OLD.inspection_id) <> 'running'"
    of_this_visit = "NOT EXISTS (SELECT 1 FROM erasing WHERE inspection_id = OLD.inspection_id)"
    of_any = "NOT EXISTS (SELECT 1 FROM erasing)"
    _run(
        db,
        # How many years visits of a kind are kept; without a row for ever.
        """
        CREATE TABLE retention (
            kind TEXT PRIMARY KEY CHECK (kind IN ('inspection', 'self-audit')),
            years INTEGER NOT NULL CHECK (years BETWEEN 3 AND 100)
        ) STRICT, WITHOUT ROWID
        """,
        # Visits that somebody asked to keep whatever the rule says, for as long as the row is there.
        """
        CREATE TABLE holds (
            inspection_id TEXT PRIMARY KEY REFERENCES inspections (id),
            reason TEXT NOT NULL CHECK (reason <> ''),
            person_id TEXT NOT NULL REFERENCES people (id),
            since TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        # What remains of a visit whose time was over: hashes, counts and what it came to; nobody by name.
        """
        CREATE TABLE erasures (
            inspection_id TEXT PRIMARY KEY REFERENCES inspections (id),
            at TEXT NOT NULL,
            years INTEGER NOT NULL,
            status TEXT NOT NULL,
            score_tenths INTEGER,
            record TEXT NOT NULL,
            reports TEXT NOT NULL CHECK (json_valid(reports)),
            files TEXT NOT NULL CHECK (json_valid(files)),
            counts TEXT NOT NULL CHECK (json_valid(counts))
        ) STRICT, WITHOUT ROWID
        """,
        # The visit whose rows go in this very entry; empty before and after it.
        "CREATE TABLE erasing (inspection_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
    )
    _append_only(db, "erasures")
    frozen = {
        "operations": "", "records": "", "record_persons": "", "findings": "", "reports": "", "amendments": "",
        "actions": "", "tablet_starts": "", "quarantine": "", "answers": over, "signatures": over,
        "photo_links": over, "finding_services": over, "closures": over,
    }  # fmt: skip
    for table, when in frozen.items():
        words = "the inspection is over" if when else f"{table} only grows"
        db.execute(f"DROP TRIGGER {table}_refuse_delete")
        db.execute(_refuse(table, "DELETE", words, " AND ".join(filter(None, (when, of_this_visit)))))
    for table in ("settlements", "photos", "action_steps", "action_photos", "fix_uses"):
        db.execute(f"DROP TRIGGER {table}_refuse_delete")
        db.execute(_refuse(table, "DELETE", f"{table} only grows", of_any))
    db.execute("DROP TRIGGER inspections_refuse_update")
    gone = "NOT EXISTS (SELECT 1 FROM erasing WHERE inspection_id = OLD.id)"
    db.execute(
        _refuse("inspections", "UPDATE", "the inspection is over", f"OLD.state <> 'running' AND {gone}")
    )


@LEDGER()
def m018_reminders(db: Database) -> None:
    _run(
        db,
        # Told once for each thing and notice; a thing done anew has another name.
        """
        CREATE TABLE reminders (
            person_id TEXT NOT NULL REFERENCES people (id),
            kind TEXT NOT NULL,
            about TEXT NOT NULL,
            notice TEXT NOT NULL,
            told_at TEXT NOT NULL,
            PRIMARY KEY (person_id, kind, about, notice)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE reminder_days (
            person_id TEXT PRIMARY KEY REFERENCES people (id),
            day TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE reminders_off (
            person_id TEXT NOT NULL REFERENCES people (id),
            kind TEXT NOT NULL,
            PRIMARY KEY (person_id, kind)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE reminder_links (
            token_hash TEXT PRIMARY KEY CHECK (length(token_hash) = 64),
            person_id TEXT NOT NULL REFERENCES people (id),
            made_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        # Where a letter's reader ends letters of its kind.
        "ALTER TABLE letters ADD COLUMN leave TEXT NOT NULL DEFAULT ''",
    )


@LEDGER()
def m019_standing(db: Database) -> None:
    # A document that somebody damaged from outside must still be found and named.
    placard = "iif(json_valid(document), json_extract(document, '$.placard.standing'), NULL)"
    fixed_on = """
        (SELECT ifnull(done_on, substr(at, 1, 10)) FROM action_steps WHERE action_id = {0} AND kind = 'fixed'
         ORDER BY seq DESC LIMIT 1)
    """
    counted = """
        SELECT a.kind, a.severity, substr(s.at, 1, 7),
               1, ifnull({fixed}, substr(s.at, 1, 10)) <= a.correct_by,
               max(0, julianday(ifnull({fixed}, substr(s.at, 1, 10))) - julianday(i.inspected_on))
        FROM {source} JOIN actions a ON a.id = s.action_id JOIN inspections i ON i.id = a.inspection_id
    """
    _run(
        db,
        # Where everything stands, over all clinics and some months: read from indexes and monthly sums alone.
        "CREATE INDEX records_period ON records (kind, inspected_on, status, score_tenths, inspection_id)",
        f"CREATE INDEX records_placard ON records (kind, {placard}, inspected_on) WHERE {placard} IS NOT NULL",
        # A score of none is -1 here, a placard of none is empty: keys are never NULL.
        """
        CREATE TABLE ending_months (
            kind TEXT NOT NULL,
            month TEXT NOT NULL,
            status TEXT NOT NULL,
            score INTEGER NOT NULL,
            placard TEXT NOT NULL,
            times INTEGER NOT NULL,
            PRIMARY KEY (kind, month, status, score, placard)
        ) STRICT, WITHOUT ROWID
        """,
        f"""
        INSERT INTO ending_months
        SELECT kind, substr(inspected_on, 1, 7), status, ifnull(score_tenths, -1), ifnull({placard}, ''), count(*)
        FROM records GROUP BY 1, 2, 3, 4, 5
        """,
        """
        CREATE TRIGGER ending_months_more AFTER INSERT ON records BEGIN
            INSERT INTO ending_months
            VALUES (NEW.kind, substr(NEW.inspected_on, 1, 7), NEW.status, ifnull(NEW.score_tenths, -1),
                    ifnull(json_extract(NEW.document, '$.placard.standing'), ''), 1)
            ON CONFLICT DO UPDATE SET times = times + 1;
        END
        """,
        "CREATE INDEX inspections_made ON inspections (kind, state, inspected_on, inspector_id)",
        "CREATE INDEX findings_item ON findings (kind, item, inspection_id)",
        """
        CREATE INDEX actions_owed ON actions (kind, correct_by, clinic_id, severity, state)
        WHERE state IN ('open', 'sent-back')
        """,
        """
        CREATE TABLE item_periods (
            kind TEXT NOT NULL,
            month TEXT NOT NULL,
            item TEXT NOT NULL,
            rated INTEGER NOT NULL,
            failed INTEGER NOT NULL,
            PRIMARY KEY (kind, month, item)
        ) STRICT, WITHOUT ROWID
        """,
        """
        INSERT INTO item_periods
        SELECT kind, month, item, sum(rated), sum(failed) FROM item_months GROUP BY kind, month, item
        """,
        """
        CREATE TRIGGER item_periods_more AFTER INSERT ON item_months BEGIN
            INSERT INTO item_periods VALUES (NEW.kind, NEW.month, NEW.item, NEW.rated, NEW.failed)
            ON CONFLICT DO UPDATE SET rated = rated + excluded.rated, failed = failed + excluded.failed;
        END
        """,
        """
        CREATE TRIGGER item_periods_change AFTER UPDATE ON item_months BEGIN
            UPDATE item_periods SET rated = rated + NEW.rated - OLD.rated, failed = failed + NEW.failed - OLD.failed
            WHERE kind = NEW.kind AND month = NEW.month AND item = NEW.item;
        END
        """,
        # How long closed actions took: days from the inspection to the day it was fixed (or seen to be).
        """
        CREATE TABLE fix_months (
            kind TEXT NOT NULL,
            severity TEXT NOT NULL,
            month TEXT NOT NULL,
            closed INTEGER NOT NULL,
            in_time INTEGER NOT NULL,
            days REAL NOT NULL,
            PRIMARY KEY (kind, severity, month)
        ) STRICT, WITHOUT ROWID
        """,
        f"""
        INSERT INTO fix_months
        {counted.format(fixed=fixed_on.format("s.action_id"), source="action_steps s")}
        WHERE s.kind IN ('accepted', 'confirmed')
        ON CONFLICT DO UPDATE SET closed = closed + excluded.closed, in_time = in_time + excluded.in_time,
            days = days + excluded.days
        """,
        f"""
        CREATE TRIGGER fix_months_more AFTER INSERT ON action_steps WHEN NEW.kind IN ('accepted', 'confirmed') BEGIN
            INSERT INTO fix_months
            {counted.format(fixed=fixed_on.format("s.action_id"), source="action_steps s")} WHERE s.seq = NEW.seq
            ON CONFLICT DO UPDATE SET closed = closed + excluded.closed, in_time = in_time + excluded.in_time,
                days = days + excluded.days;
        END
        """,
        # The public card of a clinic: a name in the address that tells nothing, and what the agency decided.
        """
        CREATE TABLE public_cards (
            clinic_id TEXT PRIMARY KEY REFERENCES clinics (id),
            name TEXT NOT NULL UNIQUE CHECK (length(name) >= 16),
            shown INTEGER NOT NULL CHECK (shown IN (0, 1)),
            inspector INTEGER NOT NULL CHECK (inspector IN (0, 1))
        ) STRICT, WITHOUT ROWID
        """,
        _refuse("public_cards", "DELETE", "the name of a card stays"),
        _refuse(
            "public_cards",
            "UPDATE",
            "the name of a card stays",
            "NEW.name IS NOT OLD.name OR NEW.clinic_id IS NOT OLD.clinic_id",
        ),
    )


@LEDGER()
def m020_stamps(db: Database) -> None:
    _run(
        db,
        # What a time-stamp authority said of a report's file, which stays as it was sealed.
        """
        CREATE TABLE stamps (
            sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
            token TEXT NOT NULL,
            at TEXT NOT NULL,
            authority TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
    )
    _append_only(db, "stamps")


@LEDGER()
def m021_amended_findings(db: Database) -> None:
    _run(
        db,
        # The amendment that found it; none for what stood in the record from the seal.
        "ALTER TABLE findings ADD COLUMN amendment INTEGER NOT NULL DEFAULT 0",
        "DROP TRIGGER findings_refuse_insert",
        _refuse(
            "findings",
            "INSERT",
            "the inspection is over",
            "EXISTS (SELECT 1 FROM records WHERE inspection_id = NEW.inspection_id) AND NOT EXISTS"
            " (SELECT 1 FROM amendments WHERE inspection_id = NEW.inspection_id AND number = NEW.amendment)",
        ),
    )


@LEDGER()
def m022_photo_bringers(db: Database) -> None:
    _run(
        db,
        # Who had the bytes of a photo: its fingerprint alone, which reports print, lets nobody show it.
        """
        CREATE TABLE photo_bringers (
            sha256 TEXT NOT NULL,
            person_id TEXT NOT NULL,
            PRIMARY KEY (sha256, person_id)
        ) STRICT, WITHOUT ROWID
        """,
        "INSERT INTO photo_bringers SELECT sha256, received_by FROM photos WHERE received_by <> ''",
    )


# What a document says of its items: one mark over all practitioners, as ``domain.answers.combine`` has it.
_RATED = """
    SELECT json_extract(value, '$.item') AS item, max(json_extract(value, '$.mark') = 'OUT') AS failed
    FROM json_each({document}, '$.answers') GROUP BY 1
    HAVING failed OR max(json_extract(value, '$.mark') = 'IN') AND NOT max(json_extract(value, '$.mark') = 'NO')
"""
# A row of a visit as a document has it, as columns of ``standing_visits``.
_STANDS = """
    SELECT r.kind, r.inspected_on, r.inspection_id, r.clinic_id,
           ifnull(json_extract(n.document, '$.inspector'), '') AS inspector,
           ifnull(json_extract(n.document, '$.checklist.key') || '/' || json_extract(n.document, '$.checklist.pack'),
                  '') AS checklist,
           ifnull(json_extract(n.document, '$.clinic.jurisdiction'), '') AS area,
           n.status, ifnull(n.score_tenths, -1) AS score,
           ifnull(json_extract(n.document, '$.placard.standing'), '') AS placard
"""
_ENDED = """
    INSERT INTO ending_cells SELECT kind, substr(day, 1, 7), inspector, checklist, area, status,
        CASE WHEN score < 0 THEN -1 ELSE score / 100 END, placard, {by}
    FROM standing_visits WHERE {which}
    ON CONFLICT DO UPDATE SET times = times + excluded.times
"""
# Each item is counted in five cells: of all, of its checklist, of its area, of both, and of its inspector in both.
_CELLS = "(SELECT 0 AS i, 0 AS c, 0 AS a UNION ALL VALUES (0, 1, 0), (0, 0, 1), (0, 1, 1), (1, 1, 1))"
_COUNTED = """
    INSERT INTO item_cells SELECT v.kind, iif(d.i, v.inspector, ''), iif(d.c, v.checklist, ''), iif(d.a, v.area, ''),
        substr(v.day, 1, 7), m.item, {by}, {by} * m.failed
    FROM standing_visits v JOIN ({rated}) m JOIN {cells} d WHERE {which}
    ON CONFLICT DO UPDATE SET rated = rated + excluded.rated, failed = failed + excluded.failed
"""
_FAILED = """
    INSERT INTO failed_items SELECT v.kind, m.item, v.day, v.inspection_id
    FROM standing_visits v JOIN ({rated}) m WHERE m.failed AND {which}
"""


# How a closed action was fixed: days from the inspection to the day it was fixed (or seen to be).
_FIXED_ON = """
    ifnull((SELECT ifnull(done_on, substr(at, 1, 10)) FROM action_steps WHERE action_id = s.action_id AND kind = 'fixed'
            ORDER BY seq DESC LIMIT 1), substr(s.at, 1, 10))
"""
_FIXED = f"""
    INSERT INTO fix_cells
    SELECT a.kind, substr(s.at, 1, 7), i.inspector_id, k.key || '/' || k.pack, c.jurisdiction, a.severity,
           {{by}}, {{by}} * ({_FIXED_ON} <= a.correct_by),
           {{by}} * max(0, julianday({_FIXED_ON}) - julianday(i.inspected_on))
    FROM action_steps s JOIN actions a ON a.id = s.action_id JOIN inspections i ON i.id = a.inspection_id
    JOIN checklists k ON k.sha256 = i.checklist_sha JOIN clinics c ON c.id = a.clinic_id WHERE {{which}}
    ON CONFLICT DO UPDATE SET closed = closed + excluded.closed, in_time = in_time + excluded.in_time,
        days = days + excluded.days
"""


@LEDGER()
def m023_standing_now(db: Database) -> None:
    """Where everything stands follows from one row for each visit, as amended, and from sums of those rows."""
    for name in ("ending_months_more", "item_periods_more", "item_periods_change", "fix_months_more"):
        db.execute(f"DROP TRIGGER {name}")
    for name in ("records_placard", "records_period", "findings_item", "inspections_made"):
        db.execute(f"DROP INDEX {name}")
    for name in ("ending_months", "item_periods", "fix_months"):
        db.execute(f"DROP TABLE {name}")
    _run(
        db,
        # A score of none is -1, a placard of none is empty. Void visits have no row.
        """
        CREATE TABLE standing_visits (
            kind TEXT NOT NULL,
            day TEXT NOT NULL,
            inspection_id TEXT NOT NULL,
            clinic_id TEXT NOT NULL,
            inspector TEXT NOT NULL,
            checklist TEXT NOT NULL,
            area TEXT NOT NULL,
            status TEXT NOT NULL,
            score INTEGER NOT NULL,
            placard TEXT NOT NULL,
            PRIMARY KEY (kind, day, inspection_id)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX standing_visits_clinic ON standing_visits (clinic_id, kind, day)",
        "CREATE INDEX standing_visits_inspector ON standing_visits (kind, inspector, day, inspection_id)",
        "CREATE INDEX standing_visits_status ON standing_visits (kind, status, day, inspection_id)",
        # What is planned and neither over nor under way, and the clinics of an area.
        "CREATE INDEX planned_due ON planned_visits (by_date, id, inspector, clinic_id) WHERE ended IS NULL AND visit IS NULL",
        "CREATE INDEX clinics_area ON clinics (jurisdiction, id)",
        "CREATE INDEX standing_visits_placard ON standing_visits (kind, placard, day, inspection_id) WHERE placard <> ''",
        # The tens of the score (9 for 90.0 to 99.9), -1 for none.
        """
        CREATE TABLE ending_cells (
            kind TEXT NOT NULL,
            month TEXT NOT NULL,
            inspector TEXT NOT NULL,
            checklist TEXT NOT NULL,
            area TEXT NOT NULL,
            status TEXT NOT NULL,
            tens INTEGER NOT NULL,
            placard TEXT NOT NULL,
            times INTEGER NOT NULL,
            PRIMARY KEY (kind, month, inspector, checklist, area, status, tens, placard)
        ) STRICT, WITHOUT ROWID
        """,
        # An empty name stands for all of them.
        """
        CREATE TABLE item_cells (
            kind TEXT NOT NULL,
            inspector TEXT NOT NULL,
            checklist TEXT NOT NULL,
            area TEXT NOT NULL,
            month TEXT NOT NULL,
            item TEXT NOT NULL,
            rated INTEGER NOT NULL,
            failed INTEGER NOT NULL,
            PRIMARY KEY (kind, inspector, checklist, area, month, item)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE failed_items (
            kind TEXT NOT NULL,
            item TEXT NOT NULL,
            day TEXT NOT NULL,
            inspection_id TEXT NOT NULL,
            PRIMARY KEY (kind, item, day, inspection_id)
        ) STRICT, WITHOUT ROWID
        """,
        # What has been amended stands by its newest amendment. A document damaged from outside is told elsewhere.
        f"""
        INSERT INTO standing_visits
        {_STANDS} FROM records r JOIN records n ON n.inspection_id = r.inspection_id
        WHERE json_valid(r.document)
        """,
        f"""
        INSERT OR REPLACE INTO standing_visits
        {_STANDS} FROM records r JOIN amendments n ON n.inspection_id = r.inspection_id
        WHERE n.number = (SELECT max(number) FROM amendments WHERE inspection_id = n.inspection_id)
        """,
        """
        DELETE FROM standing_visits
        WHERE inspection_id IN (SELECT inspection_id FROM amendments WHERE kind = 'void')
        """,
        _ENDED.format(by=1, which="true"),
    )
    _count_items(db)
    _run(
        db,
        """
        INSERT INTO item_cells SELECT kind, '', iif(d.c, checklist, ''), iif(d.a, area, ''), month, item,
            sum(rated), sum(failed)
        FROM item_cells JOIN (SELECT 0 AS c, 0 AS a UNION ALL VALUES (1, 0), (0, 1), (1, 1)) d
        WHERE inspector <> '' GROUP BY 1, 2, 3, 4, 5, 6
        """,
        *_kept_standing(),
        """
        CREATE TABLE fix_cells (
            kind TEXT NOT NULL,
            month TEXT NOT NULL,
            inspector TEXT NOT NULL,
            checklist TEXT NOT NULL,
            area TEXT NOT NULL,
            severity TEXT NOT NULL,
            closed INTEGER NOT NULL,
            in_time INTEGER NOT NULL,
            days REAL NOT NULL,
            PRIMARY KEY (kind, month, inspector, checklist, area, severity)
        ) STRICT, WITHOUT ROWID
        """,
        _FIXED.format(which="s.kind IN ('accepted', 'confirmed')", by=1),
        f"""
        CREATE TRIGGER fix_cells_more AFTER INSERT ON action_steps WHEN NEW.kind IN ('accepted', 'confirmed') BEGIN
            {_FIXED.format(which="s.seq = NEW.seq", by=1)};
        END
        """,
    )


def _count_items(db: Database) -> None:
    """Read every document once."""
    visits = """
        SELECT v.kind, v.inspector, v.checklist, v.area, v.day, v.inspection_id,
               ifnull((SELECT document FROM amendments WHERE inspection_id = v.inspection_id ORDER BY number DESC LIMIT 1),
                      (SELECT document FROM records WHERE inspection_id = v.inspection_id)) AS document
        FROM standing_visits v
    """
    rated: Counter[tuple[str, ...]] = Counter()
    failed: Counter[tuple[str, ...]] = Counter()
    for row in db.execute(visits):
        cell = row["kind"], row["inspector"], row["checklist"], row["area"], row["day"][:7]
        outs = []
        for mark in db.execute(_RATED.format(document="?"), (row["document"],)):
            rated[*cell, mark["item"]] += 1
            if mark["failed"]:
                failed[*cell, mark["item"]] += 1
                outs.append((row["kind"], mark["item"], row["day"], row["inspection_id"]))
        many(db, "INSERT INTO failed_items VALUES (?, ?, ?, ?)", outs)
    many(
        db,
        "INSERT INTO item_cells VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(*key, times, failed[key]) for key, times in rated.items()],
    )


def _kept_standing() -> Iterator[str]:
    """The triggers: a seal counts a visit, an amendment takes it out by what was said before and counts it anew."""
    before = """(SELECT ifnull((SELECT document FROM amendments WHERE inspection_id = NEW.inspection_id
                 AND number < NEW.number ORDER BY number DESC LIMIT 1),
                 (SELECT document FROM records WHERE inspection_id = NEW.inspection_id)))"""
    this = "v.kind = {kind} AND v.day = {day} AND v.inspection_id = NEW.inspection_id"
    sealed = this.format(kind="NEW.kind", day="NEW.inspected_on")
    kind, day = (
        f"(SELECT {column} FROM records WHERE inspection_id = NEW.inspection_id)"
        for column in ("kind", "inspected_on")
    )
    amended = this.format(kind=kind, day=day)
    counted = (_ENDED, _COUNTED, _FAILED)

    def count(by: int, document: str, which: str, statements: Sequence[str]) -> str:
        rated = _RATED.format(document=document)
        return "".join(
            f"{one.format(by=by, rated=rated, cells=_CELLS, which=_own(one, which))};\n" for one in statements
        )

    def _own(statement: str, which: str) -> str:
        return which.replace("v.", "") if statement is _ENDED else which

    yield f"""
        CREATE TRIGGER standing_sealed AFTER INSERT ON records BEGIN
            INSERT INTO standing_visits {_STANDS} FROM records r JOIN records n ON n.inspection_id = r.inspection_id
            WHERE r.inspection_id = NEW.inspection_id;
            {count(1, "NEW.document", sealed, counted)}
        END
    """
    yield f"""
        CREATE TRIGGER standing_amended AFTER INSERT ON amendments BEGIN
            {count(-1, before, amended, (_ENDED, _COUNTED))}
            DELETE FROM failed_items WHERE kind = {kind} AND day = {day} AND inspection_id = NEW.inspection_id
            AND item IN (SELECT item FROM findings WHERE inspection_id = NEW.inspection_id);
            DELETE FROM standing_visits WHERE {amended.replace("v.", "")};
            INSERT INTO standing_visits {_STANDS} FROM records r JOIN amendments n ON n.inspection_id = r.inspection_id
            WHERE r.inspection_id = NEW.inspection_id AND n.number = NEW.number AND NEW.kind <> 'void';
            {count(1, "NEW.document", amended, counted)}
        END
    """
    # An erased visit stays in the sums and leaves the lists. Findings and records go only then.
    yield """
        CREATE TRIGGER failed_items_erased AFTER DELETE ON findings BEGIN
            DELETE FROM failed_items WHERE kind = OLD.kind AND item = OLD.item AND inspection_id = OLD.inspection_id
            AND day = (SELECT inspected_on FROM inspections WHERE id = OLD.inspection_id);
        END
    """
    yield """
        CREATE TRIGGER standing_erased AFTER DELETE ON records BEGIN
            DELETE FROM standing_visits
            WHERE kind = OLD.kind AND day = OLD.inspected_on AND inspection_id = OLD.inspection_id;
        END
    """


@LEDGER()
def m024_recalls(db: Database) -> None:
    _run(
        db,
        # A lot that is called back, and the clinics whose log names it, each with what became of it there.
        """
        CREATE TABLE recalls (
            id TEXT PRIMARY KEY CHECK (length(id) = 36),
            lot TEXT NOT NULL,
            lot_likeness TEXT NOT NULL CHECK (lot_likeness <> ''),
            maker TEXT NOT NULL,
            maker_likeness TEXT NOT NULL,
            reason TEXT NOT NULL,
            since TEXT NOT NULL,
            made_by TEXT NOT NULL,
            made_at TEXT NOT NULL,
            ended_at TEXT,
            ended_words TEXT NOT NULL DEFAULT ''
        ) STRICT
        """,
        "CREATE INDEX recalls_lot ON recalls (lot_likeness) WHERE ended_at IS NULL",
        """
        CREATE TABLE recall_clinics (
            recall_id TEXT NOT NULL REFERENCES recalls (id),
            clinic_id TEXT NOT NULL REFERENCES clinics (id),
            told_at TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'told' CHECK (state IN ('told', 'quarantined', 'used-up', 'not-here')),
            words TEXT NOT NULL DEFAULT '',
            answered_by TEXT NOT NULL DEFAULT '',
            answered_at TEXT,
            PRIMARY KEY (recall_id, clinic_id),
            CHECK ((state = 'told') = (answered_at IS NULL))
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX recall_clinics_clinic ON recall_clinics (clinic_id)",
        _refuse("recalls", "DELETE", "a recall stays"),
        _refuse("recall_clinics", "DELETE", "who was told stays"),
        _refuse(
            "recalls",
            "UPDATE",
            "only its end is added to a recall",
            "OLD.ended_at IS NOT NULL OR NOT (NEW.id IS OLD.id AND NEW.lot IS OLD.lot AND NEW.maker IS OLD.maker"
            " AND NEW.reason IS OLD.reason AND NEW.since IS OLD.since AND NEW.made_by IS OLD.made_by"
            " AND NEW.made_at IS OLD.made_at)",
        ),
        "ALTER TABLE lots ADD COLUMN maker_likeness TEXT NOT NULL DEFAULT ''",
        # What the agency entered into a clinic's log.
        f"ALTER TABLE ticks ADD COLUMN seen {YES_NO.format('seen')} DEFAULT 0",
    )
    makers = {row["maker"] for row in db.execute("SELECT DISTINCT maker FROM lots")}
    many(
        db,
        "UPDATE lots SET maker_likeness = ? WHERE maker = ?",
        [
            ("".join(letter for letter in maker.casefold() if letter.isalnum()), maker)
            for maker in sorted(makers)
        ],
    )


@LEDGER()
def m025_void_counts_nowhere(db: Database) -> None:
    """What a visit said of earlier actions and closures is taken back when it is declared void."""
    # The kind of the last step that holds: none of a visit whose word was taken back, nor the taking back itself.
    holds = """
        ifnull((SELECT t.kind FROM action_steps t WHERE t.action_id = {0} AND t.kind <> 'taken-back' AND NOT EXISTS (
            SELECT 1 FROM action_steps b WHERE b.action_id = t.action_id AND b.kind = 'taken-back' AND b.visit = t.visit)
            ORDER BY t.seq DESC LIMIT 1), 'open')
    """
    now = holds.format("NEW.action_id")
    of_the_past = " AND ".join(
        f"NEW.{column} IS OLD.{column}"
        for column in ("id", "inspection_id", "item", "person", "clinic_id", "kind", "number", "severity")
    )
    columns = "seq, action_id, kind, author, link, at, done_on, words, visit"
    for name in ("refuse_update", "refuse_delete", "refuse_insert", "move"):
        db.execute(f"DROP TRIGGER action_steps_{name}")
    db.execute("DROP TRIGGER actions_refuse_update")
    db.execute("DROP TRIGGER fix_cells_more")
    _run(
        db,
        # A rule of a column cannot be changed: the table is made anew, and what points at it keeps pointing.
        """
        CREATE TABLE action_steps_anew (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            action_id TEXT NOT NULL REFERENCES actions (id),
            kind TEXT NOT NULL CHECK (
                kind IN ('fixed', 'sent-back', 'accepted', 'confirmed', 'found-again', 'taken-back')),
            author TEXT NOT NULL,
            link TEXT REFERENCES fix_links (id),
            at TEXT NOT NULL,
            done_on TEXT,
            words TEXT NOT NULL,
            visit TEXT REFERENCES inspections (id),
            CHECK ((link IS NULL) = (author <> '')),
            CHECK ((visit IS NULL) = (kind NOT IN ('confirmed', 'found-again', 'taken-back')))
        ) STRICT
        """,
        f"INSERT INTO action_steps_anew ({columns}) SELECT {columns} FROM action_steps",
        "DROP TABLE action_steps",
        "ALTER TABLE action_steps_anew RENAME TO action_steps",
        "CREATE INDEX action_steps_action ON action_steps (action_id, seq)",
        _refuse("action_steps", "UPDATE", "action_steps only grows"),
        _refuse("action_steps", "DELETE", "action_steps only grows", "NOT EXISTS (SELECT 1 FROM erasing)"),
        _refuse(
            "action_steps",
            "INSERT",
            "this step does not follow",
            f"CASE WHEN NEW.kind = 'taken-back' THEN (SELECT t.visit FROM action_steps t"
            f" WHERE t.action_id = NEW.action_id ORDER BY t.seq DESC LIMIT 1) IS NOT NEW.visit OR {now} = 'open'"
            f" WHEN NEW.kind IN ('accepted', 'sent-back') THEN {now} IS NOT 'fixed'"
            f" WHEN NEW.kind = 'fixed' THEN {now} NOT IN ('open', 'sent-back')"
            f" ELSE {now} NOT IN ('open', 'sent-back', 'fixed') END",
        ),
        f"""
        CREATE TRIGGER action_steps_move AFTER INSERT ON action_steps BEGIN
            UPDATE actions SET state = {now} WHERE id = NEW.action_id;
        END
        """,
        _refuse(
            "actions",
            "UPDATE",
            "only the state of an action moves, with its steps",
            f"NOT ({of_the_past} AND NEW.correct_by IS OLD.correct_by AND NEW.state IS {holds.format('NEW.id')})",
        ),
        f"""
        CREATE TRIGGER fix_cells_more AFTER INSERT ON action_steps WHEN NEW.kind IN ('accepted', 'confirmed') BEGIN
            {_FIXED.format(which="s.seq = NEW.seq", by=1)};
        END
        """,
        f"""
        CREATE TRIGGER fix_cells_less AFTER INSERT ON action_steps WHEN NEW.kind = 'taken-back' BEGIN
            {_FIXED.format(which="s.action_id = NEW.action_id AND s.visit = NEW.visit AND s.kind = 'confirmed'", by=-1)};
        END
        """,
        "DROP TRIGGER closures_refuse_update",
    )
    said = " AND ".join(
        f"NEW.{column} IS OLD.{column}"
        for column in (
            "id",
            "inspection_id",
            "scope",
            "subject",
            "items",
            "acts",
            "citation",
            "hearing",
            "since",
        )
    )
    db.execute(
        _refuse(
            "closures",
            "UPDATE",
            "only its end is added to a closure",
            f"NOT ({said} AND NEW.proposed_by IS OLD.proposed_by AND NEW.proposed_at IS OLD.proposed_at)"
            " OR OLD.reopened_by IS NOT NULL AND NOT EXISTS ("
            "SELECT 1 FROM amendments WHERE inspection_id = OLD.reopened_by AND kind = 'void')",
        )
    )


@LEDGER()
def m026_links_in_reports(db: Database) -> None:
    """A link may stand in a report or a letter; what a report shows again is kept hidden."""
    for column in ("place", "hidden"):
        db.execute(f"ALTER TABLE fix_links ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
