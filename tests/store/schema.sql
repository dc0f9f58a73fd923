CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name" ON "_sqlite_migrations" ("migration_set", "name");

CREATE TRIGGER action_photos_refuse_delete BEFORE DELETE ON action_photos WHEN NOT EXISTS (SELECT 1 FROM erasing) BEGIN SELECT RAISE(ABORT, 'action_photos only grows'); END;

CREATE TRIGGER action_photos_refuse_update BEFORE UPDATE ON action_photos BEGIN SELECT RAISE(ABORT, 'action_photos only grows'); END;

CREATE TABLE action_photos ( step INTEGER NOT NULL REFERENCES action_steps (seq), position INTEGER NOT NULL, sha256 TEXT NOT NULL REFERENCES photos (sha256), PRIMARY KEY (step, sha256) ) STRICT, WITHOUT ROWID;

CREATE INDEX action_photos_photo ON action_photos (sha256);

CREATE TRIGGER action_steps_move AFTER INSERT ON action_steps BEGIN UPDATE actions SET state = ifnull((SELECT t.kind FROM action_steps t WHERE t.action_id = NEW.action_id AND t.kind <> 'taken-back' AND NOT EXISTS ( SELECT 1 FROM action_steps b WHERE b.action_id = t.action_id AND b.kind = 'taken-back' AND b.visit = t.visit) ORDER BY t.seq DESC LIMIT 1), 'open') WHERE id = NEW.action_id; END;

CREATE TRIGGER action_steps_refuse_delete BEFORE DELETE ON action_steps WHEN NOT EXISTS (SELECT 1 FROM erasing) BEGIN SELECT RAISE(ABORT, 'action_steps only grows'); END;

CREATE TRIGGER action_steps_refuse_insert BEFORE INSERT ON action_steps WHEN CASE WHEN NEW.kind = 'taken-back' THEN (SELECT t.visit FROM action_steps t WHERE t.action_id = NEW.action_id ORDER BY t.seq DESC LIMIT 1) IS NOT NEW.visit OR ifnull((SELECT t.kind FROM action_steps t WHERE t.action_id = NEW.action_id AND t.kind <> 'taken-back' AND NOT EXISTS ( SELECT 1 FROM action_steps b WHERE b.action_id = t.action_id AND b.kind = 'taken-back' AND b.visit = t.visit) ORDER BY t.seq DESC LIMIT 1), 'open') = 'open' WHEN NEW.kind IN ('accepted', 'sent-back') THEN ifnull((SELECT t.kind FROM action_steps t WHERE t.action_id = NEW.action_id AND t.kind <> 'taken-back' AND NOT EXISTS ( SELECT 1 FROM action_steps b WHERE b.action_id = t.action_id AND b.kind = 'taken-back' AND b.visit = t.visit) ORDER BY t.seq DESC LIMIT 1), 'open') IS NOT 'fixed' WHEN NEW.kind = 'fixed' THEN ifnull((SELECT t.kind FROM action_steps t WHERE t.action_id = NEW.action_id AND t.kind <> 'taken-back' AND NOT EXISTS ( SELECT 1 FROM action_steps b WHERE b.action_id = t.action_id AND b.kind = 'taken-back' AND b.visit = t.visit) ORDER BY t.seq DESC LIMIT 1), 'open') NOT IN ('open', 'sent-back') ELSE ifnull((SELECT t.kind FROM action_steps t WHERE t.action_id = NEW.action_id AND t.kind <> 'taken-back' AND NOT EXISTS ( SELECT 1 FROM action_steps b WHERE b.action_id = t.action_id AND b.kind = 'taken-back' AND b.visit = t.visit) ORDER BY t.seq DESC LIMIT 1), 'open') NOT IN ('open', 'sent-back', 'fixed') END BEGIN SELECT RAISE(ABORT, 'this step does not follow'); END;

CREATE TRIGGER action_steps_refuse_update BEFORE UPDATE ON action_steps BEGIN SELECT RAISE(ABORT, 'action_steps only grows'); END;

CREATE TRIGGER fix_cells_less AFTER INSERT ON action_steps WHEN NEW.kind = 'taken-back' BEGIN INSERT INTO fix_cells SELECT a.kind, substr(s.at, 1, 7), i.inspector_id, k.key || '/' || k.pack, c.jurisdiction, a.severity, -1, -1 * ( ifnull((SELECT ifnull(done_on, substr(at, 1, 10)) FROM action_steps WHERE action_id = s.action_id AND kind = 'fixed' ORDER BY seq DESC LIMIT 1), substr(s.at, 1, 10)) <= a.correct_by), -1 * max(0, julianday( ifnull((SELECT ifnull(done_on, substr(at, 1, 10)) FROM action_steps WHERE action_id = s.action_id AND kind = 'fixed' ORDER BY seq DESC LIMIT 1), substr(s.at, 1, 10)) ) - julianday(i.inspected_on)) FROM action_steps s JOIN actions a ON a.id = s.action_id JOIN inspections i ON i.id = a.inspection_id JOIN checklists k ON k.sha256 = i.checklist_sha JOIN clinics c ON c.id = a.clinic_id WHERE s.action_id = NEW.action_id AND s.visit = NEW.visit AND s.kind = 'confirmed' ON CONFLICT DO UPDATE SET closed = closed + excluded.closed, in_time = in_time + excluded.in_time, days = days + excluded.days ; END;

CREATE TRIGGER fix_cells_more AFTER INSERT ON action_steps WHEN NEW.kind IN ('accepted', 'confirmed') BEGIN INSERT INTO fix_cells SELECT a.kind, substr(s.at, 1, 7), i.inspector_id, k.key || '/' || k.pack, c.jurisdiction, a.severity, 1, 1 * ( ifnull((SELECT ifnull(done_on, substr(at, 1, 10)) FROM action_steps WHERE action_id = s.action_id AND kind = 'fixed' ORDER BY seq DESC LIMIT 1), substr(s.at, 1, 10)) <= a.correct_by), 1 * max(0, julianday( ifnull((SELECT ifnull(done_on, substr(at, 1, 10)) FROM action_steps WHERE action_id = s.action_id AND kind = 'fixed' ORDER BY seq DESC LIMIT 1), substr(s.at, 1, 10)) ) - julianday(i.inspected_on)) FROM action_steps s JOIN actions a ON a.id = s.action_id JOIN inspections i ON i.id = a.inspection_id JOIN checklists k ON k.sha256 = i.checklist_sha JOIN clinics c ON c.id = a.clinic_id WHERE s.seq = NEW.seq ON CONFLICT DO UPDATE SET closed = closed + excluded.closed, in_time = in_time + excluded.in_time, days = days + excluded.days ; END;

CREATE TABLE "action_steps" ( seq INTEGER PRIMARY KEY AUTOINCREMENT, action_id TEXT NOT NULL REFERENCES actions (id), kind TEXT NOT NULL CHECK ( kind IN ('fixed', 'sent-back', 'accepted', 'confirmed', 'found-again', 'taken-back')), author TEXT NOT NULL, link TEXT REFERENCES fix_links (id), at TEXT NOT NULL, done_on TEXT, words TEXT NOT NULL, visit TEXT REFERENCES inspections (id), CHECK ((link IS NULL) = (author <> '')), CHECK ((visit IS NULL) = (kind NOT IN ('confirmed', 'found-again', 'taken-back'))) ) STRICT;

CREATE INDEX action_steps_action ON action_steps (action_id, seq);

CREATE TRIGGER actions_refuse_delete BEFORE DELETE ON actions WHEN NOT EXISTS (SELECT 1 FROM erasing WHERE inspection_id = OLD.inspection_id) BEGIN SELECT RAISE(ABORT, 'actions only grows'); END;

CREATE TRIGGER actions_refuse_insert BEFORE INSERT ON actions WHEN NEW.state <> 'open' BEGIN SELECT RAISE(ABORT, 'an action begins open'); END;

CREATE TRIGGER actions_refuse_update BEFORE UPDATE ON actions WHEN NOT (NEW.id IS OLD.id AND NEW.inspection_id IS OLD.inspection_id AND NEW.item IS OLD.item AND NEW.person IS OLD.person AND NEW.clinic_id IS OLD.clinic_id AND NEW.kind IS OLD.kind AND NEW.number IS OLD.number AND NEW.severity IS OLD.severity AND NEW.correct_by IS OLD.correct_by AND NEW.state IS ifnull((SELECT t.kind FROM action_steps t WHERE t.action_id = NEW.id AND t.kind <> 'taken-back' AND NOT EXISTS ( SELECT 1 FROM action_steps b WHERE b.action_id = t.action_id AND b.kind = 'taken-back' AND b.visit = t.visit) ORDER BY t.seq DESC LIMIT 1), 'open') ) BEGIN SELECT RAISE(ABORT, 'only the state of an action moves, with its steps'); END;

CREATE TABLE actions ( id TEXT PRIMARY KEY CHECK (length(id) = 36), inspection_id TEXT NOT NULL, item TEXT NOT NULL, person TEXT NOT NULL, clinic_id TEXT NOT NULL REFERENCES clinics (id), kind TEXT NOT NULL, number TEXT NOT NULL, severity TEXT NOT NULL CHECK (severity IN ('critical', 'major', 'minor')), correct_by TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'fixed', 'sent-back', 'accepted', 'confirmed', 'found-again')), turn INTEGER NOT NULL AS (CASE WHEN state IN ('open', 'sent-back') THEN 0 WHEN state = 'fixed' THEN 1 ELSE 2 END), grave INTEGER NOT NULL AS (CASE severity WHEN 'critical' THEN 0 WHEN 'major' THEN 1 ELSE 2 END), UNIQUE (inspection_id, item, person), FOREIGN KEY (inspection_id, item, person) REFERENCES findings (inspection_id, item, person) ) STRICT;

CREATE INDEX actions_clinic ON actions (clinic_id, kind, turn, correct_by, grave, number, id, severity);

CREATE INDEX actions_owed ON actions (kind, correct_by, clinic_id, severity, state) WHERE state IN ('open', 'sent-back');

CREATE INDEX actions_turn ON actions (kind, turn, correct_by, grave, number, id, clinic_id, severity);

CREATE TABLE agency ( id INTEGER PRIMARY KEY CHECK (id = 1), name TEXT NOT NULL, address TEXT NOT NULL, phone TEXT NOT NULL, logo TEXT, time_zone TEXT NOT NULL, paper TEXT NOT NULL CHECK (paper IN ('a4', 'letter')), statements TEXT NOT NULL CHECK (json_valid(statements)), appeal_route TEXT NOT NULL, public_authority INTEGER NOT NULL CHECK (public_authority IN (0, 1)) , language TEXT NOT NULL DEFAULT 'en', site TEXT NOT NULL DEFAULT '') STRICT;

CREATE TRIGGER amendments_refuse_delete BEFORE DELETE ON amendments WHEN NOT EXISTS (SELECT 1 FROM erasing WHERE inspection_id = OLD.inspection_id) BEGIN SELECT RAISE(ABORT, 'amendments only grows'); END;

CREATE TRIGGER amendments_refuse_insert BEFORE INSERT ON amendments WHEN NEW.number <> 1 + (SELECT count(*) FROM amendments WHERE inspection_id = NEW.inspection_id) OR EXISTS (SELECT 1 FROM amendments WHERE inspection_id = NEW.inspection_id AND kind = 'void') BEGIN SELECT RAISE(ABORT, 'an amendment is the next one of a visit that is not void'); END;

CREATE TRIGGER amendments_refuse_update BEFORE UPDATE ON amendments BEGIN SELECT RAISE(ABORT, 'amendments only grows'); END;

CREATE TRIGGER standing_amended AFTER INSERT ON amendments BEGIN INSERT INTO ending_cells SELECT kind, substr(day, 1, 7), inspector, checklist, area, status, CASE WHEN score < 0 THEN -1 ELSE score / 100 END, placard, -1 FROM standing_visits WHERE kind = (SELECT kind FROM records WHERE inspection_id = NEW.inspection_id) AND day = (SELECT inspected_on FROM records WHERE inspection_id = NEW.inspection_id) AND inspection_id = NEW.inspection_id ON CONFLICT DO UPDATE SET times = times + excluded.times ; INSERT INTO item_cells SELECT v.kind, iif(d.i, v.inspector, ''), iif(d.c, v.checklist, ''), iif(d.a, v.area, ''), substr(v.day, 1, 7), m.item, -1, -1 * m.failed FROM standing_visits v JOIN ( SELECT json_extract(value, '$.item') AS item, max(json_extract(value, '$.mark') = 'OUT') AS failed FROM json_each((SELECT ifnull((SELECT document FROM amendments WHERE inspection_id = NEW.inspection_id AND number < NEW.number ORDER BY number DESC LIMIT 1), (SELECT document FROM records WHERE inspection_id = NEW.inspection_id))), '$.answers') GROUP BY 1 HAVING failed OR max(json_extract(value, '$.mark') = 'IN') AND NOT max(json_extract(value, '$.mark') = 'NO') ) m JOIN (SELECT 0 AS i, 0 AS c, 0 AS a UNION ALL VALUES (0, 1, 0), (0, 0, 1), (0, 1, 1), (1, 1, 1)) d WHERE v.kind = (SELECT kind FROM records WHERE inspection_id = NEW.inspection_id) AND v.day = (SELECT inspected_on FROM records WHERE inspection_id = NEW.inspection_id) AND v.inspection_id = NEW.inspection_id ON CONFLICT DO UPDATE SET rated = rated + excluded.rated, failed = failed + excluded.failed ; DELETE FROM failed_items WHERE kind = (SELECT kind FROM records WHERE inspection_id = NEW.inspection_id) AND day = (SELECT inspected_on FROM records WHERE inspection_id = NEW.inspection_id) AND inspection_id = NEW.inspection_id AND item IN (SELECT item FROM findings WHERE inspection_id = NEW.inspection_id); DELETE FROM standing_visits WHERE kind = (SELECT kind FROM records WHERE inspection_id = NEW.inspection_id) AND day = (SELECT inspected_on FROM records WHERE inspection_id = NEW.inspection_id) AND inspection_id = NEW.inspection_id; INSERT INTO standing_visits SELECT r.kind, r.inspected_on, r.inspection_id, r.clinic_id, ifnull(json_extract(n.document, '$.inspector'), '') AS inspector, ifnull(json_extract(n.document, '$.checklist.key') || '/' || json_extract(n.document, '$.checklist.pack'), '') AS checklist, ifnull(json_extract(n.document, '$.clinic.jurisdiction'), '') AS area, n.status, ifnull(n.score_tenths, -1) AS score, ifnull(json_extract(n.document, '$.placard.standing'), '') AS placard FROM records r JOIN amendments n ON n.inspection_id = r.inspection_id WHERE r.inspection_id = NEW.inspection_id AND n.number = NEW.number AND NEW.kind <> 'void'; INSERT INTO ending_cells SELECT kind, substr(day, 1, 7), inspector, checklist, area, status, CASE WHEN score < 0 THEN -1 ELSE score / 100 END, placard, 1 FROM standing_visits WHERE kind = (SELECT kind FROM records WHERE inspection_id = NEW.inspection_id) AND day = (SELECT inspected_on FROM records WHERE inspection_id = NEW.inspection_id) AND inspection_id = NEW.inspection_id ON CONFLICT DO UPDATE SET times = times + excluded.times ; INSERT INTO item_cells SELECT v.kind, iif(d.i, v.inspector, ''), iif(d.c, v.checklist, ''), iif(d.a, v.area, ''), substr(v.day, 1, 7), m.item, 1, 1 * m.failed FROM standing_visits v JOIN ( SELECT json_extract(value, '$.item') AS item, max(json_extract(value, '$.mark') = 'OUT') AS failed FROM json_each(NEW.document, '$.answers') GROUP BY 1 HAVING failed OR max(json_extract(value, '$.mark') = 'IN') AND NOT max(json_extract(value, '$.mark') = 'NO') ) m JOIN (SELECT 0 AS i, 0 AS c, 0 AS a UNION ALL VALUES (0, 1, 0), (0, 0, 1), (0, 1, 1), (1, 1, 1)) d WHERE v.kind = (SELECT kind FROM records WHERE inspection_id = NEW.inspection_id) AND v.day = (SELECT inspected_on FROM records WHERE inspection_id = NEW.inspection_id) AND v.inspection_id = NEW.inspection_id ON CONFLICT DO UPDATE SET rated = rated + excluded.rated, failed = failed + excluded.failed ; INSERT INTO failed_items SELECT v.kind, m.item, v.day, v.inspection_id FROM standing_visits v JOIN ( SELECT json_extract(value, '$.item') AS item, max(json_extract(value, '$.mark') = 'OUT') AS failed FROM json_each(NEW.document, '$.answers') GROUP BY 1 HAVING failed OR max(json_extract(value, '$.mark') = 'IN') AND NOT max(json_extract(value, '$.mark') = 'NO') ) m WHERE m.failed AND v.kind = (SELECT kind FROM records WHERE inspection_id = NEW.inspection_id) AND v.day = (SELECT inspected_on FROM records WHERE inspection_id = NEW.inspection_id) AND v.inspection_id = NEW.inspection_id ; END;

CREATE TABLE amendments ( inspection_id TEXT NOT NULL REFERENCES records (inspection_id), number INTEGER NOT NULL CHECK (number > 0), kind TEXT NOT NULL CHECK (kind IN ('correction', 'void')), item TEXT NOT NULL, person TEXT NOT NULL, before TEXT NOT NULL CHECK (json_valid(before)), after TEXT NOT NULL CHECK (json_valid(after)), reason TEXT NOT NULL CHECK (reason <> ''), author TEXT NOT NULL CHECK (author <> ''), at TEXT NOT NULL, status TEXT NOT NULL, score_tenths INTEGER, findings INTEGER NOT NULL, open_findings INTEGER NOT NULL, sha256 TEXT NOT NULL CHECK (length(sha256) = 64), document TEXT NOT NULL CHECK (json_valid(document)), PRIMARY KEY (inspection_id, number) ) STRICT;

CREATE TRIGGER answers_refuse_delete BEFORE DELETE ON answers WHEN (SELECT state FROM inspections WHERE id = OLD.inspection_id) <> 'running' AND NOT EXISTS (SELECT 1 FROM erasing WHERE inspection_id = OLD.inspection_id) BEGIN SELECT RAISE(ABORT, 'the inspection is over'); END;

CREATE TRIGGER answers_refuse_insert BEFORE INSERT ON answers WHEN (SELECT state FROM inspections WHERE id = NEW.inspection_id) <> 'running' BEGIN SELECT RAISE(ABORT, 'the inspection is over'); END;

CREATE TRIGGER answers_refuse_update BEFORE UPDATE ON answers WHEN (SELECT state FROM inspections WHERE id = OLD.inspection_id) <> 'running' OR (SELECT state FROM inspections WHERE id = NEW.inspection_id) <> 'running' BEGIN SELECT RAISE(ABORT, 'the inspection is over'); END;

CREATE TABLE answers ( inspection_id TEXT NOT NULL REFERENCES inspections (id), item TEXT NOT NULL, person TEXT NOT NULL, rev INTEGER NOT NULL CHECK (rev > 0), value TEXT NOT NULL CHECK (json_valid(value)), author TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (inspection_id, item, person) ) STRICT, WITHOUT ROWID;

CREATE TRIGGER authorities_refuse_delete BEFORE DELETE ON authorities BEGIN SELECT RAISE(ABORT, 'authorities only grows'); END;

CREATE TRIGGER authorities_refuse_update BEFORE UPDATE ON authorities BEGIN SELECT RAISE(ABORT, 'authorities only grows'); END;

CREATE TABLE authorities ( sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64), certificate TEXT NOT NULL, since TEXT NOT NULL ) STRICT;

CREATE TABLE calendar_feeds ( id TEXT PRIMARY KEY CHECK (length(id) = 36), person_id TEXT NOT NULL REFERENCES people (id), token_hash TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64), made_at TEXT NOT NULL, ended_at TEXT ) STRICT;

CREATE UNIQUE INDEX calendar_feeds_working ON calendar_feeds (person_id) WHERE ended_at IS NULL;

CREATE TRIGGER checklists_refuse_delete BEFORE DELETE ON checklists BEGIN SELECT RAISE(ABORT, 'checklists only grows'); END;

CREATE TRIGGER checklists_refuse_update BEFORE UPDATE ON checklists BEGIN SELECT RAISE(ABORT, 'checklists only grows'); END;

CREATE TABLE checklists ( sha256 TEXT PRIMARY KEY, key TEXT NOT NULL, pack TEXT NOT NULL, version INTEGER NOT NULL CHECK (version > 0), kind TEXT NOT NULL CHECK (kind IN ('inspection', 'self-audit')), title TEXT NOT NULL, jurisdiction TEXT NOT NULL, published_at TEXT NOT NULL, document TEXT NOT NULL CHECK (json_valid(document)), UNIQUE (key, pack, version) ) STRICT;

CREATE TABLE clinics ( id TEXT PRIMARY KEY, name TEXT NOT NULL, address TEXT NOT NULL, jurisdiction TEXT NOT NULL, permit TEXT NOT NULL, time_zone TEXT NOT NULL, profile TEXT NOT NULL CHECK (json_valid(profile)), active INTEGER NOT NULL CHECK (active IN (0, 1)), sort_name TEXT NOT NULL, sought TEXT NOT NULL, name_likeness TEXT NOT NULL, address_likeness TEXT NOT NULL, permit_likeness TEXT NOT NULL ) STRICT;

CREATE INDEX clinics_address ON clinics (address_likeness);

CREATE INDEX clinics_area ON clinics (jurisdiction, id);

CREATE INDEX clinics_name ON clinics (name_likeness);

CREATE INDEX clinics_permit ON clinics (permit_likeness);

CREATE INDEX clinics_sort ON clinics (sort_name, id);

CREATE TRIGGER closures_refuse_delete BEFORE DELETE ON closures WHEN (SELECT state FROM inspections WHERE id = OLD.inspection_id) <> 'running' AND NOT EXISTS (SELECT 1 FROM erasing WHERE inspection_id = OLD.inspection_id) BEGIN SELECT RAISE(ABORT, 'the inspection is over'); END;

CREATE TRIGGER closures_refuse_insert BEFORE INSERT ON closures WHEN (SELECT state FROM inspections WHERE id = NEW.inspection_id) <> 'running' BEGIN SELECT RAISE(ABORT, 'the inspection is over'); END;

CREATE TRIGGER closures_refuse_update BEFORE UPDATE ON closures WHEN NOT (NEW.id IS OLD.id AND NEW.inspection_id IS OLD.inspection_id AND NEW.scope IS OLD.scope AND NEW.subject IS OLD.subject AND NEW.items IS OLD.items AND NEW.acts IS OLD.acts AND NEW.citation IS OLD.citation AND NEW.hearing IS OLD.hearing AND NEW.since IS OLD.since AND NEW.proposed_by IS OLD.proposed_by AND NEW.proposed_at IS OLD.proposed_at) OR OLD.reopened_by IS NOT NULL AND NOT EXISTS (SELECT 1 FROM amendments WHERE inspection_id = OLD.reopened_by AND kind = 'void') BEGIN SELECT RAISE(ABORT, 'only its end is added to a closure'); END;

CREATE TABLE closures ( id TEXT PRIMARY KEY CHECK (length(id) = 36), inspection_id TEXT NOT NULL REFERENCES inspections (id), scope TEXT NOT NULL CHECK (scope IN ('practitioner', 'service', 'area', 'facility')), subject TEXT NOT NULL, items TEXT NOT NULL CHECK (json_valid(items)), acts TEXT NOT NULL, citation TEXT NOT NULL, hearing TEXT NOT NULL, since TEXT NOT NULL, proposed_by TEXT NOT NULL, proposed_at TEXT NOT NULL, reopened_by TEXT REFERENCES inspections (id), reopened_on TEXT, CHECK ((reopened_by IS NULL) = (reopened_on IS NULL)) ) STRICT;

CREATE INDEX closures_reopened ON closures (reopened_by) WHERE reopened_by IS NOT NULL;

CREATE INDEX closures_visit ON closures (inspection_id);

CREATE TRIGGER credentials_refuse_delete BEFORE DELETE ON credentials BEGIN SELECT RAISE(ABORT, 'a paper stays'); END;

CREATE TABLE credentials ( id TEXT PRIMARY KEY CHECK (length(id) = 36), clinic_id TEXT NOT NULL REFERENCES clinics (id), holder TEXT NOT NULL, kind TEXT NOT NULL, number TEXT NOT NULL, issuer TEXT NOT NULL, issued TEXT, expires TEXT, covers TEXT NOT NULL CHECK (json_valid(covers)), place TEXT NOT NULL, displayed INTEGER CHECK (displayed IN (0, 1)), seen_on TEXT, scan TEXT REFERENCES photos (sha256), replaces TEXT REFERENCES credentials (id), removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)), entered_by TEXT NOT NULL, entered_at TEXT NOT NULL, rev INTEGER NOT NULL DEFAULT 1 ) STRICT;

CREATE INDEX credentials_clinic ON credentials (clinic_id, holder, kind);

CREATE UNIQUE INDEX credentials_replaces ON credentials (replaces) WHERE replaces IS NOT NULL AND removed = 0;

CREATE INDEX credentials_scan ON credentials (scan) WHERE scan IS NOT NULL;

CREATE TABLE current_checklists ( key TEXT NOT NULL, pack TEXT NOT NULL, sha256 TEXT NOT NULL REFERENCES checklists (sha256), PRIMARY KEY (key, pack) ) STRICT, WITHOUT ROWID;

CREATE TRIGGER device_clocks_refuse_delete BEFORE DELETE ON device_clocks BEGIN SELECT RAISE(ABORT, 'device_clocks only grows'); END;

CREATE TRIGGER device_clocks_refuse_update BEFORE UPDATE ON device_clocks BEGIN SELECT RAISE(ABORT, 'device_clocks only grows'); END;

CREATE TABLE device_clocks ( device TEXT NOT NULL, received_at TEXT NOT NULL, sent_at TEXT NOT NULL, offset_seconds INTEGER, PRIMARY KEY (device, received_at) ) STRICT, WITHOUT ROWID;

CREATE TABLE devices ( id TEXT PRIMARY KEY, name TEXT NOT NULL, person_id TEXT NOT NULL REFERENCES people (id), app_version TEXT NOT NULL, first_seen_at TEXT NOT NULL, seen_at TEXT NOT NULL, offset_seconds INTEGER, revoked_at TEXT, revoked_by TEXT NOT NULL ) STRICT;

CREATE INDEX devices_person ON devices (person_id, seen_at);

CREATE TABLE ending_cells ( kind TEXT NOT NULL, month TEXT NOT NULL, inspector TEXT NOT NULL, checklist TEXT NOT NULL, area TEXT NOT NULL, status TEXT NOT NULL, tens INTEGER NOT NULL, placard TEXT NOT NULL, times INTEGER NOT NULL, PRIMARY KEY (kind, month, inspector, checklist, area, status, tens, placard) ) STRICT, WITHOUT ROWID;

CREATE TABLE erasing (inspection_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TRIGGER erasures_refuse_delete BEFORE DELETE ON erasures BEGIN SELECT RAISE(ABORT, 'erasures only grows'); END;

CREATE TRIGGER erasures_refuse_update BEFORE UPDATE ON erasures BEGIN SELECT RAISE(ABORT, 'erasures only grows'); END;

CREATE TABLE erasures ( inspection_id TEXT PRIMARY KEY REFERENCES inspections (id), at TEXT NOT NULL, years INTEGER NOT NULL, status TEXT NOT NULL, score_tenths INTEGER, record TEXT NOT NULL, reports TEXT NOT NULL CHECK (json_valid(reports)), files TEXT NOT NULL CHECK (json_valid(files)), counts TEXT NOT NULL CHECK (json_valid(counts)) ) STRICT, WITHOUT ROWID;

CREATE TABLE factor_rule ( id INTEGER PRIMARY KEY CHECK (id = 1), required INTEGER NOT NULL CHECK (required IN (0, 1)) ) STRICT;

CREATE TABLE factors ( id TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES people (id), kind TEXT NOT NULL CHECK (kind IN ('app', 'passkey')), name TEXT NOT NULL, secret TEXT NOT NULL, credential TEXT NOT NULL DEFAULT '', counter INTEGER NOT NULL, made_at TEXT NOT NULL, used_at TEXT ) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX factors_credential ON factors (credential) WHERE credential <> '';

CREATE INDEX factors_person ON factors (person_id);

CREATE TABLE failed_items ( kind TEXT NOT NULL, item TEXT NOT NULL, day TEXT NOT NULL, inspection_id TEXT NOT NULL, PRIMARY KEY (kind, item, day, inspection_id) ) STRICT, WITHOUT ROWID;

CREATE TABLE familiar_browsers ( token_hash TEXT NOT NULL CHECK (length(token_hash) = 64), person_id TEXT NOT NULL REFERENCES people (id), seen_at TEXT NOT NULL, PRIMARY KEY (token_hash, person_id) ) STRICT, WITHOUT ROWID;

CREATE TRIGGER finding_services_refuse_delete BEFORE DELETE ON finding_services WHEN (SELECT state FROM inspections WHERE id = OLD.inspection_id) <> 'running' AND NOT EXISTS (SELECT 1 FROM erasing WHERE inspection_id = OLD.inspection_id) BEGIN SELECT RAISE(ABORT, 'the inspection is over'); END;

CREATE TRIGGER finding_services_refuse_insert BEFORE INSERT ON finding_services WHEN (SELECT state FROM inspections WHERE id = NEW.inspection_id) <> 'running' BEGIN SELECT RAISE(ABORT, 'the inspection is over'); END;

CREATE TRIGGER finding_services_refuse_update BEFORE UPDATE ON finding_services WHEN (SELECT state FROM inspections WHERE id = OLD.inspection_id) <> 'running' OR (SELECT state FROM inspections WHERE id = NEW.inspection_id) <> 'running' BEGIN SELECT RAISE(ABORT, 'the inspection is over'); END;

CREATE TABLE finding_services ( inspection_id TEXT NOT NULL REFERENCES inspections (id), item TEXT NOT NULL, person TEXT NOT NULL, service TEXT NOT NULL, PRIMARY KEY (inspection_id, item, person) ) STRICT, WITHOUT ROWID;

CREATE TRIGGER failed_items_erased AFTER DELETE ON findings BEGIN DELETE FROM failed_items WHERE kind = OLD.kind AND item = OLD.item AND inspection_id = OLD.inspection_id AND day = (SELECT inspected_on FROM inspections WHERE id = OLD.inspection_id); END;

CREATE TRIGGER findings_refuse_delete BEFORE DELETE ON findings WHEN NOT EXISTS (SELECT 1 FROM erasing WHERE inspection_id = OLD.inspection_id) BEGIN SELECT RAISE(ABORT, 'findings only grows'); END;

CREATE TRIGGER findings_refuse_insert BEFORE INSERT ON findings WHEN EXISTS (SELECT 1 FROM records WHERE inspection_id = NEW.inspection_id) AND NOT EXISTS (SELECT 1 FROM amendments WHERE inspection_id = NEW.inspection_id AND number = NEW.amendment) BEGIN SELECT RAISE(ABORT, 'the inspection is over'); END;

CREATE TRIGGER findings_refuse_update BEFORE UPDATE ON findings BEGIN SELECT RAISE(ABORT, 'findings only grows'); END;

CREATE TABLE findings ( inspection_id TEXT NOT NULL REFERENCES inspections (id), item TEXT NOT NULL, person TEXT NOT NULL, clinic_id TEXT NOT NULL REFERENCES clinics (id), kind TEXT NOT NULL, number TEXT NOT NULL, severity TEXT NOT NULL CHECK (severity IN ('critical', 'major', 'minor')), standing TEXT NOT NULL CHECK (standing IN ('official', 'recommended')), corrected_on_site INTEGER NOT NULL CHECK (corrected_on_site IN (0, 1)), correct_by TEXT NOT NULL, stop INTEGER NOT NULL CHECK (stop IN (0, 1)), note TEXT NOT NULL, corrective TEXT NOT NULL, repeats INTEGER NOT NULL DEFAULT 0 CHECK (repeats >= 0), amendment INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (inspection_id, item, person) ) STRICT, WITHOUT ROWID;

CREATE INDEX findings_open ON findings (clinic_id, kind, corrected_on_site, correct_by);

CREATE TABLE fix_cells ( kind TEXT NOT NULL, month TEXT NOT NULL, inspector TEXT NOT NULL, checklist TEXT NOT NULL, area TEXT NOT NULL, severity TEXT NOT NULL, closed INTEGER NOT NULL, in_time INTEGER NOT NULL, days REAL NOT NULL, PRIMARY KEY (kind, month, inspector, checklist, area, severity) ) STRICT, WITHOUT ROWID;

CREATE TABLE fix_links ( id TEXT PRIMARY KEY, token_hash TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64), inspection_id TEXT NOT NULL REFERENCES records (inspection_id), made_by TEXT NOT NULL, made_at TEXT NOT NULL, expires_at TEXT NOT NULL, revoked_at TEXT , place TEXT NOT NULL DEFAULT '', hidden TEXT NOT NULL DEFAULT '') STRICT;

CREATE INDEX fix_links_visit ON fix_links (inspection_id, made_at);

CREATE TRIGGER fix_uses_refuse_delete BEFORE DELETE ON fix_uses WHEN NOT EXISTS (SELECT 1 FROM erasing) BEGIN SELECT RAISE(ABORT, 'fix_uses only grows'); END;

CREATE TRIGGER fix_uses_refuse_update BEFORE UPDATE ON fix_uses BEGIN SELECT RAISE(ABORT, 'fix_uses only grows'); END;

CREATE TABLE fix_uses ( seq INTEGER PRIMARY KEY AUTOINCREMENT, link TEXT NOT NULL REFERENCES fix_links (id), at TEXT NOT NULL, deed TEXT NOT NULL CHECK (deed IN ('opened', 'answered')) ) STRICT;

CREATE INDEX fix_uses_link ON fix_uses (link, deed, at);

CREATE TABLE holds ( inspection_id TEXT PRIMARY KEY REFERENCES inspections (id), reason TEXT NOT NULL CHECK (reason <> ''), person_id TEXT NOT NULL REFERENCES people (id), since TEXT NOT NULL ) STRICT, WITHOUT ROWID;

CREATE TRIGGER inspections_refuse_delete BEFORE DELETE ON inspections BEGIN SELECT RAISE(ABORT, 'an inspection stays'); END;

CREATE TRIGGER inspections_refuse_update BEFORE UPDATE ON inspections WHEN OLD.state <> 'running' AND NOT EXISTS (SELECT 1 FROM erasing WHERE inspection_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'the inspection is over'); END;

CREATE TABLE inspections ( id TEXT PRIMARY KEY, clinic_id TEXT NOT NULL REFERENCES clinics (id), checklist_sha TEXT NOT NULL REFERENCES checklists (sha256), kind TEXT NOT NULL CHECK (kind IN ('inspection', 'self-audit')), purpose TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('running', 'sealed', 'set-aside')), started_at TEXT NOT NULL, finished_at TEXT, inspected_on TEXT NOT NULL, time_zone TEXT NOT NULL, inspector_id TEXT NOT NULL, inspector_name TEXT NOT NULL, profile TEXT NOT NULL CHECK (json_valid(profile)), facts TEXT NOT NULL CHECK (json_valid(facts)), practitioners TEXT NOT NULL CHECK (json_valid(practitioners)), present TEXT NOT NULL CHECK (json_valid(present)), remarks TEXT NOT NULL, set_aside_reason TEXT NOT NULL, rev INTEGER NOT NULL CHECK (rev > 0) , scope TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(scope))) STRICT;

CREATE INDEX inspections_clinic ON inspections (clinic_id, started_at, id, kind, state);

CREATE INDEX inspections_newest ON inspections (started_at, id, clinic_id, kind, state);

CREATE INDEX inspections_state ON inspections (state, started_at, id, clinic_id, kind);

CREATE TABLE intervals ( clinic_id TEXT NOT NULL REFERENCES clinics (id), kind TEXT NOT NULL, days INTEGER NOT NULL CHECK (days > 0), PRIMARY KEY (clinic_id, kind) ) STRICT, WITHOUT ROWID;

CREATE TABLE item_cells ( kind TEXT NOT NULL, inspector TEXT NOT NULL, checklist TEXT NOT NULL, area TEXT NOT NULL, month TEXT NOT NULL, item TEXT NOT NULL, rated INTEGER NOT NULL, failed INTEGER NOT NULL, PRIMARY KEY (kind, inspector, checklist, area, month, item) ) STRICT, WITHOUT ROWID;

CREATE TABLE item_months ( kind TEXT NOT NULL, clinic_id TEXT NOT NULL REFERENCES clinics (id), item TEXT NOT NULL, month TEXT NOT NULL, rated INTEGER NOT NULL, failed INTEGER NOT NULL, PRIMARY KEY (kind, clinic_id, item, month) ) STRICT, WITHOUT ROWID;

CREATE TABLE item_totals ( kind TEXT NOT NULL, item TEXT NOT NULL, rated INTEGER NOT NULL, failed INTEGER NOT NULL, PRIMARY KEY (kind, item) ) STRICT, WITHOUT ROWID;

CREATE TABLE letters ( id TEXT PRIMARY KEY, kind TEXT NOT NULL, person_id TEXT REFERENCES people (id), address TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL, until TEXT, state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')), written_at TEXT NOT NULL, due_at TEXT NOT NULL, claimed_until TEXT, tries INTEGER NOT NULL, fault TEXT NOT NULL DEFAULT '', ended_at TEXT , leave TEXT NOT NULL DEFAULT '') STRICT;

CREATE INDEX letters_due ON letters (state, due_at);

CREATE INDEX letters_person ON letters (person_id, kind);

CREATE TABLE links ( token_hash TEXT PRIMARY KEY CHECK (length(token_hash) = 64), purpose TEXT NOT NULL CHECK (purpose IN ('set-up', 'password')), person_id TEXT REFERENCES people (id), expires_at TEXT NOT NULL, CHECK ((purpose = 'set-up') = (person_id IS NULL)) ) STRICT, WITHOUT ROWID;

CREATE INDEX links_person ON links (person_id);

CREATE TRIGGER lots_refuse_delete BEFORE DELETE ON lots BEGIN SELECT RAISE(ABORT, 'a lot stays'); END;

CREATE TABLE lots ( id TEXT PRIMARY KEY CHECK (length(id) = 36), clinic_id TEXT NOT NULL REFERENCES clinics (id), kind TEXT NOT NULL, maker TEXT NOT NULL, product TEXT NOT NULL, lot TEXT NOT NULL, lot_likeness TEXT NOT NULL, expires TEXT, certificate TEXT NOT NULL, photo TEXT REFERENCES photos (sha256), received_on TEXT NOT NULL, used_up_on TEXT, author TEXT NOT NULL, at TEXT NOT NULL, removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)), rev INTEGER NOT NULL DEFAULT 1 , maker_likeness TEXT NOT NULL DEFAULT '') STRICT;

CREATE INDEX lots_clinic ON lots (clinic_id, received_on);

CREATE INDEX lots_lot ON lots (lot_likeness);

CREATE INDEX lots_photo ON lots (photo) WHERE photo IS NOT NULL;

CREATE TRIGGER operations_refuse_delete BEFORE DELETE ON operations WHEN NOT EXISTS (SELECT 1 FROM erasing WHERE inspection_id = OLD.inspection_id) BEGIN SELECT RAISE(ABORT, 'operations only grows'); END;

CREATE TRIGGER operations_refuse_insert BEFORE INSERT ON operations WHEN (SELECT state FROM inspections WHERE id = NEW.inspection_id) <> 'running' BEGIN SELECT RAISE(ABORT, 'the inspection is over'); END;

CREATE TRIGGER operations_refuse_update BEFORE UPDATE ON operations BEGIN SELECT RAISE(ABORT, 'operations only grows'); END;

CREATE TABLE operations ( seq INTEGER PRIMARY KEY AUTOINCREMENT, op_id TEXT NOT NULL UNIQUE, device TEXT NOT NULL, device_seq INTEGER, inspection_id TEXT NOT NULL REFERENCES inspections (id), item TEXT NOT NULL, person TEXT NOT NULL, kind TEXT NOT NULL, base_rev INTEGER NOT NULL, rev INTEGER NOT NULL, status TEXT NOT NULL, value TEXT NOT NULL CHECK (json_valid(value)), body_hash TEXT NOT NULL, author TEXT NOT NULL, client_time TEXT NOT NULL, received_at TEXT NOT NULL, UNIQUE (device, device_seq) ) STRICT;

CREATE INDEX operations_answer ON operations (inspection_id, item, person, seq);

CREATE INDEX operations_lost ON operations (inspection_id, seq) WHERE status = 'conflict';

CREATE TABLE "people" ( id TEXT PRIMARY KEY, login TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL CHECK (role IN ('administrator', 'inspector', 'owner', 'practitioner')), active INTEGER NOT NULL CHECK (active IN (0, 1)), password TEXT NOT NULL, language TEXT NOT NULL, email TEXT NOT NULL ) STRICT;

CREATE TABLE person_clinics ( person_id TEXT NOT NULL REFERENCES people (id), clinic_id TEXT NOT NULL REFERENCES clinics (id), PRIMARY KEY (person_id, clinic_id) ) STRICT, WITHOUT ROWID;

CREATE TABLE person_practitioners ( person_id TEXT NOT NULL REFERENCES people (id), practitioner_id TEXT NOT NULL REFERENCES practitioners (id), PRIMARY KEY (person_id, practitioner_id) ) STRICT, WITHOUT ROWID;

CREATE TABLE photo_bringers ( sha256 TEXT NOT NULL, person_id TEXT NOT NULL, PRIMARY KEY (sha256, person_id) ) STRICT, WITHOUT ROWID;

CREATE TABLE photo_claims ( sha256 TEXT PRIMARY KEY REFERENCES photos (sha256), taken_at TEXT, latitude REAL, longitude REAL, camera TEXT ) STRICT;

CREATE TRIGGER photo_links_refuse_delete BEFORE DELETE ON photo_links WHEN (SELECT state FROM inspections WHERE id = OLD.inspection_id) <> 'running' AND NOT EXISTS (SELECT 1 FROM erasing WHERE inspection_id = OLD.inspection_id) BEGIN SELECT RAISE(ABORT, 'the inspection is over'); END;

CREATE TRIGGER photo_links_refuse_insert BEFORE INSERT ON photo_links WHEN (SELECT state FROM inspections WHERE id = NEW.inspection_id) <> 'running' BEGIN SELECT RAISE(ABORT, 'the inspection is over'); END;

CREATE TRIGGER photo_links_refuse_update BEFORE UPDATE ON photo_links WHEN (SELECT state FROM inspections WHERE id = OLD.inspection_id) <> 'running' OR (SELECT state FROM inspections WHERE id = NEW.inspection_id) <> 'running' BEGIN SELECT RAISE(ABORT, 'the inspection is over'); END;

CREATE TABLE photo_links ( inspection_id TEXT NOT NULL REFERENCES inspections (id), item TEXT NOT NULL, person TEXT NOT NULL, sha256 TEXT NOT NULL REFERENCES photos (sha256), caption TEXT NOT NULL, position INTEGER NOT NULL, marks TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(marks)), PRIMARY KEY (inspection_id, item, person, sha256) ) STRICT, WITHOUT ROWID;

CREATE INDEX photo_links_photo ON photo_links (sha256);

CREATE TRIGGER photos_refuse_delete BEFORE DELETE ON photos WHEN NOT EXISTS (SELECT 1 FROM erasing) BEGIN SELECT RAISE(ABORT, 'photos only grows'); END;

CREATE TRIGGER photos_refuse_update BEFORE UPDATE ON photos BEGIN SELECT RAISE(ABORT, 'photos only grows'); END;

CREATE TABLE photos ( sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64), format TEXT NOT NULL, width INTEGER NOT NULL CHECK (width > 0), height INTEGER NOT NULL CHECK (height > 0), bytes INTEGER NOT NULL CHECK (bytes > 0), received_at TEXT NOT NULL, received_by TEXT NOT NULL ) STRICT;

CREATE TRIGGER planned_visits_refuse_delete BEFORE DELETE ON planned_visits BEGIN SELECT RAISE(ABORT, 'a planned visit stays'); END;

CREATE TRIGGER planned_visits_refuse_update BEFORE UPDATE ON planned_visits WHEN NOT (NEW.id IS OLD.id AND NEW.clinic_id IS OLD.clinic_id AND NEW.source IS OLD.source AND NEW.made_by IS OLD.made_by AND NEW.made_at IS OLD.made_at AND NEW.by_rule IS OLD.by_rule AND NEW.why IS OLD.why) BEGIN SELECT RAISE(ABORT, 'what was planned, and why, stays'); END;

CREATE TABLE planned_visits ( id TEXT PRIMARY KEY CHECK (length(id) = 36), clinic_id TEXT NOT NULL REFERENCES clinics (id), purpose TEXT NOT NULL, by_date TEXT NOT NULL, inspector TEXT REFERENCES people (id), reason TEXT NOT NULL, why TEXT NOT NULL CHECK (json_valid(why)), by_rule INTEGER NOT NULL CHECK (by_rule IN (0, 1)), source TEXT REFERENCES inspections (id), made_by TEXT NOT NULL, made_at TEXT NOT NULL, visit TEXT REFERENCES inspections (id), ended TEXT CHECK (ended IN ('done', 'cancelled', 'replaced')), ended_at TEXT, ended_words TEXT NOT NULL DEFAULT '', CHECK ((ended IS NULL) = (ended_at IS NULL)), CHECK (ended IS NOT 'done' OR visit IS NOT NULL) ) STRICT;

CREATE INDEX planned_by_visit ON planned_visits (visit) WHERE visit IS NOT NULL;

CREATE INDEX planned_clinic ON planned_visits (clinic_id, by_date, id);

CREATE INDEX planned_due ON planned_visits (by_date, id, inspector, clinic_id) WHERE ended IS NULL AND visit IS NULL;

CREATE INDEX planned_inspector ON planned_visits (inspector, by_date, id) WHERE ended IS NULL;

CREATE INDEX planned_open ON planned_visits (by_date, id) WHERE ended IS NULL;

CREATE TABLE practitioners ( id TEXT PRIMARY KEY, clinic_id TEXT NOT NULL REFERENCES clinics (id), name TEXT NOT NULL, title TEXT NOT NULL, active INTEGER NOT NULL CHECK (active IN (0, 1)) ) STRICT;

CREATE INDEX practitioners_clinic ON practitioners (clinic_id);

CREATE TABLE programmes ( id TEXT PRIMARY KEY CHECK (length(id) = 36), clinic_id TEXT NOT NULL REFERENCES clinics (id), every TEXT NOT NULL CHECK (every IN ('week', 'month', 'quarter')), since TEXT NOT NULL, made_by TEXT NOT NULL, made_at TEXT NOT NULL, ended_on TEXT ) STRICT;

CREATE UNIQUE INDEX programmes_running ON programmes (clinic_id) WHERE ended_on IS NULL;

CREATE TRIGGER public_cards_refuse_delete BEFORE DELETE ON public_cards BEGIN SELECT RAISE(ABORT, 'the name of a card stays'); END;

CREATE TRIGGER public_cards_refuse_update BEFORE UPDATE ON public_cards WHEN NEW.name IS NOT OLD.name OR NEW.clinic_id IS NOT OLD.clinic_id BEGIN SELECT RAISE(ABORT, 'the name of a card stays'); END;

CREATE TABLE public_cards ( clinic_id TEXT PRIMARY KEY REFERENCES clinics (id), name TEXT NOT NULL UNIQUE CHECK (length(name) >= 16), shown INTEGER NOT NULL CHECK (shown IN (0, 1)), inspector INTEGER NOT NULL CHECK (inspector IN (0, 1)) ) STRICT, WITHOUT ROWID;

CREATE TRIGGER quarantine_refuse_delete BEFORE DELETE ON quarantine WHEN NOT EXISTS (SELECT 1 FROM erasing WHERE inspection_id = OLD.inspection_id) BEGIN SELECT RAISE(ABORT, 'quarantine only grows'); END;

CREATE TABLE quarantine ( seq INTEGER PRIMARY KEY AUTOINCREMENT, op_id TEXT NOT NULL UNIQUE, device TEXT NOT NULL, inspection_id TEXT NOT NULL, document TEXT NOT NULL CHECK (json_valid(document)), received_at TEXT NOT NULL, released_at TEXT ) STRICT;

CREATE INDEX quarantine_device ON quarantine (device, seq) WHERE released_at IS NULL;

CREATE TRIGGER recall_clinics_refuse_delete BEFORE DELETE ON recall_clinics BEGIN SELECT RAISE(ABORT, 'who was told stays'); END;

CREATE TABLE recall_clinics ( recall_id TEXT NOT NULL REFERENCES recalls (id), clinic_id TEXT NOT NULL REFERENCES clinics (id), told_at TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'told' CHECK (state IN ('told', 'quarantined', 'used-up', 'not-here')), words TEXT NOT NULL DEFAULT '', answered_by TEXT NOT NULL DEFAULT '', answered_at TEXT, PRIMARY KEY (recall_id, clinic_id), CHECK ((state = 'told') = (answered_at IS NULL)) ) STRICT, WITHOUT ROWID;

CREATE INDEX recall_clinics_clinic ON recall_clinics (clinic_id);

CREATE TRIGGER recalls_refuse_delete BEFORE DELETE ON recalls BEGIN SELECT RAISE(ABORT, 'a recall stays'); END;

CREATE TRIGGER recalls_refuse_update BEFORE UPDATE ON recalls WHEN OLD.ended_at IS NOT NULL OR NOT (NEW.id IS OLD.id AND NEW.lot IS OLD.lot AND NEW.maker IS OLD.maker AND NEW.reason IS OLD.reason AND NEW.since IS OLD.since AND NEW.made_by IS OLD.made_by AND NEW.made_at IS OLD.made_at) BEGIN SELECT RAISE(ABORT, 'only its end is added to a recall'); END;

CREATE TABLE recalls ( id TEXT PRIMARY KEY CHECK (length(id) = 36), lot TEXT NOT NULL, lot_likeness TEXT NOT NULL CHECK (lot_likeness <> ''), maker TEXT NOT NULL, maker_likeness TEXT NOT NULL, reason TEXT NOT NULL, since TEXT NOT NULL, made_by TEXT NOT NULL, made_at TEXT NOT NULL, ended_at TEXT, ended_words TEXT NOT NULL DEFAULT '' ) STRICT;

CREATE INDEX recalls_lot ON recalls (lot_likeness) WHERE ended_at IS NULL;

CREATE TRIGGER record_persons_refuse_delete BEFORE DELETE ON record_persons WHEN NOT EXISTS (SELECT 1 FROM erasing WHERE inspection_id = OLD.inspection_id) BEGIN SELECT RAISE(ABORT, 'record_persons only grows'); END;

CREATE TRIGGER record_persons_refuse_update BEFORE UPDATE ON record_persons BEGIN SELECT RAISE(ABORT, 'record_persons only grows'); END;

CREATE TABLE record_persons ( inspection_id TEXT PRIMARY KEY REFERENCES inspections (id), persons TEXT NOT NULL CHECK (json_valid(persons)) ) STRICT;

CREATE TRIGGER records_refuse_delete BEFORE DELETE ON records WHEN NOT EXISTS (SELECT 1 FROM erasing WHERE inspection_id = OLD.inspection_id) BEGIN SELECT RAISE(ABORT, 'records only grows'); END;

CREATE TRIGGER records_refuse_insert BEFORE INSERT ON records WHEN (SELECT state FROM inspections WHERE id = NEW.inspection_id) <> 'sealed' BEGIN SELECT RAISE(ABORT, 'only a sealed inspection has a record'); END;

CREATE TRIGGER records_refuse_update BEFORE UPDATE ON records BEGIN SELECT RAISE(ABORT, 'records only grows'); END;

CREATE TRIGGER standing_erased AFTER DELETE ON records BEGIN DELETE FROM standing_visits WHERE kind = OLD.kind AND day = OLD.inspected_on AND inspection_id = OLD.inspection_id; END;

CREATE TRIGGER standing_sealed AFTER INSERT ON records BEGIN INSERT INTO standing_visits SELECT r.kind, r.inspected_on, r.inspection_id, r.clinic_id, ifnull(json_extract(n.document, '$.inspector'), '') AS inspector, ifnull(json_extract(n.document, '$.checklist.key') || '/' || json_extract(n.document, '$.checklist.pack'), '') AS checklist, ifnull(json_extract(n.document, '$.clinic.jurisdiction'), '') AS area, n.status, ifnull(n.score_tenths, -1) AS score, ifnull(json_extract(n.document, '$.placard.standing'), '') AS placard FROM records r JOIN records n ON n.inspection_id = r.inspection_id WHERE r.inspection_id = NEW.inspection_id; INSERT INTO ending_cells SELECT kind, substr(day, 1, 7), inspector, checklist, area, status, CASE WHEN score < 0 THEN -1 ELSE score / 100 END, placard, 1 FROM standing_visits WHERE kind = NEW.kind AND day = NEW.inspected_on AND inspection_id = NEW.inspection_id ON CONFLICT DO UPDATE SET times = times + excluded.times ; INSERT INTO item_cells SELECT v.kind, iif(d.i, v.inspector, ''), iif(d.c, v.checklist, ''), iif(d.a, v.area, ''), substr(v.day, 1, 7), m.item, 1, 1 * m.failed FROM standing_visits v JOIN ( SELECT json_extract(value, '$.item') AS item, max(json_extract(value, '$.mark') = 'OUT') AS failed FROM json_each(NEW.document, '$.answers') GROUP BY 1 HAVING failed OR max(json_extract(value, '$.mark') = 'IN') AND NOT max(json_extract(value, '$.mark') = 'NO') ) m JOIN (SELECT 0 AS i, 0 AS c, 0 AS a UNION ALL VALUES (0, 1, 0), (0, 0, 1), (0, 1, 1), (1, 1, 1)) d WHERE v.kind = NEW.kind AND v.day = NEW.inspected_on AND v.inspection_id = NEW.inspection_id ON CONFLICT DO UPDATE SET rated = rated + excluded.rated, failed = failed + excluded.failed ; INSERT INTO failed_items SELECT v.kind, m.item, v.day, v.inspection_id FROM standing_visits v JOIN ( SELECT json_extract(value, '$.item') AS item, max(json_extract(value, '$.mark') = 'OUT') AS failed FROM json_each(NEW.document, '$.answers') GROUP BY 1 HAVING failed OR max(json_extract(value, '$.mark') = 'IN') AND NOT max(json_extract(value, '$.mark') = 'NO') ) m WHERE m.failed AND v.kind = NEW.kind AND v.day = NEW.inspected_on AND v.inspection_id = NEW.inspection_id ; END;

CREATE TABLE records ( inspection_id TEXT PRIMARY KEY REFERENCES inspections (id), clinic_id TEXT NOT NULL REFERENCES clinics (id), kind TEXT NOT NULL CHECK (kind IN ('inspection', 'self-audit')), inspected_on TEXT NOT NULL, sealed_at TEXT NOT NULL, status TEXT NOT NULL, score_tenths INTEGER, findings INTEGER NOT NULL, open_findings INTEGER NOT NULL, sha256 TEXT NOT NULL CHECK (length(sha256) = 64), document TEXT NOT NULL CHECK (json_valid(document)) ) STRICT;

CREATE INDEX records_past ON records (clinic_id, inspected_on, sealed_at, kind);

CREATE INDEX records_trend ON records (clinic_id, kind, inspected_on, sealed_at, inspection_id, status, score_tenths, findings, open_findings);

CREATE TABLE recovery_codes ( person_id TEXT NOT NULL REFERENCES people (id), code_hash TEXT NOT NULL CHECK (length(code_hash) = 64), used_at TEXT, PRIMARY KEY (person_id, code_hash) ) STRICT, WITHOUT ROWID;

CREATE TABLE reminder_days ( person_id TEXT PRIMARY KEY REFERENCES people (id), day TEXT NOT NULL ) STRICT, WITHOUT ROWID;

CREATE TABLE reminder_links ( token_hash TEXT PRIMARY KEY CHECK (length(token_hash) = 64), person_id TEXT NOT NULL REFERENCES people (id), made_at TEXT NOT NULL ) STRICT, WITHOUT ROWID;

CREATE TABLE reminders ( person_id TEXT NOT NULL REFERENCES people (id), kind TEXT NOT NULL, about TEXT NOT NULL, notice TEXT NOT NULL, told_at TEXT NOT NULL, PRIMARY KEY (person_id, kind, about, notice) ) STRICT, WITHOUT ROWID;

CREATE TABLE reminders_off ( person_id TEXT NOT NULL REFERENCES people (id), kind TEXT NOT NULL, PRIMARY KEY (person_id, kind) ) STRICT, WITHOUT ROWID;

CREATE TRIGGER reports_refuse_delete BEFORE DELETE ON reports WHEN NOT EXISTS (SELECT 1 FROM erasing WHERE inspection_id = OLD.inspection_id) BEGIN SELECT RAISE(ABORT, 'reports only grows'); END;

CREATE TRIGGER reports_refuse_update BEFORE UPDATE ON reports BEGIN SELECT RAISE(ABORT, 'reports only grows'); END;

CREATE TABLE reports ( inspection_id TEXT NOT NULL REFERENCES inspections (id), kind TEXT NOT NULL, paper TEXT NOT NULL CHECK (paper IN ('a4', 'letter')), language TEXT NOT NULL, sha256 TEXT NOT NULL CHECK (length(sha256) = 64), bytes INTEGER NOT NULL CHECK (bytes > 0), made_at TEXT NOT NULL, number TEXT NOT NULL DEFAULT '', PRIMARY KEY (inspection_id, kind, paper, language) ) STRICT, WITHOUT ROWID;

CREATE INDEX reports_file ON reports (sha256);

CREATE UNIQUE INDEX reports_number ON reports (number) WHERE number <> '';

CREATE TABLE retention ( kind TEXT PRIMARY KEY CHECK (kind IN ('inspection', 'self-audit')), years INTEGER NOT NULL CHECK (years BETWEEN 3 AND 100) ) STRICT, WITHOUT ROWID;

CREATE TABLE sessions ( token_hash TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES people (id), address TEXT NOT NULL, created_at TEXT NOT NULL, seen_at TEXT NOT NULL, ended_at TEXT , device TEXT NOT NULL DEFAULT '', proved_at TEXT NOT NULL DEFAULT '', half INTEGER NOT NULL DEFAULT 0 CHECK (half IN (0, 1)), challenge TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;

CREATE INDEX sessions_person ON sessions (person_id, address);

CREATE TRIGGER settlements_refuse_delete BEFORE DELETE ON settlements WHEN NOT EXISTS (SELECT 1 FROM erasing) BEGIN SELECT RAISE(ABORT, 'settlements only grows'); END;

CREATE TRIGGER settlements_refuse_update BEFORE UPDATE ON settlements BEGIN SELECT RAISE(ABORT, 'settlements only grows'); END;

CREATE TABLE settlements ( op_id TEXT PRIMARY KEY REFERENCES operations (op_id), settled_by TEXT NOT NULL REFERENCES operations (op_id) ) STRICT;

CREATE TABLE shared_visits ( inspection_id TEXT PRIMARY KEY REFERENCES records (inspection_id), person_id TEXT NOT NULL REFERENCES people (id), since TEXT NOT NULL ) STRICT, WITHOUT ROWID;

CREATE TABLE sign_in_failures ( seq INTEGER PRIMARY KEY, at TEXT NOT NULL, login_hash TEXT NOT NULL, address TEXT NOT NULL ) STRICT;

CREATE INDEX sign_in_failures_address ON sign_in_failures (address, at);

CREATE INDEX sign_in_failures_login ON sign_in_failures (login_hash, at);

CREATE TRIGGER signatures_refuse_delete BEFORE DELETE ON signatures WHEN (SELECT state FROM inspections WHERE id = OLD.inspection_id) <> 'running' AND NOT EXISTS (SELECT 1 FROM erasing WHERE inspection_id = OLD.inspection_id) BEGIN SELECT RAISE(ABORT, 'the inspection is over'); END;

CREATE TRIGGER signatures_refuse_insert BEFORE INSERT ON signatures WHEN (SELECT state FROM inspections WHERE id = NEW.inspection_id) <> 'running' BEGIN SELECT RAISE(ABORT, 'the inspection is over'); END;

CREATE TRIGGER signatures_refuse_update BEFORE UPDATE ON signatures WHEN (SELECT state FROM inspections WHERE id = OLD.inspection_id) <> 'running' OR (SELECT state FROM inspections WHERE id = NEW.inspection_id) <> 'running' BEGIN SELECT RAISE(ABORT, 'the inspection is over'); END;

CREATE TABLE signatures ( inspection_id TEXT NOT NULL REFERENCES inspections (id), role TEXT NOT NULL CHECK (role IN ('inspector', 'person-in-charge')), state TEXT NOT NULL CHECK (state IN ('signed', 'refused', 'absent')), name TEXT NOT NULL, title TEXT NOT NULL, at TEXT, how TEXT NOT NULL CHECK (how IN ('typed', 'drawn')), strokes TEXT NOT NULL CHECK (json_valid(strokes)), seen TEXT NOT NULL, PRIMARY KEY (inspection_id, role) ) STRICT, WITHOUT ROWID;

CREATE TRIGGER stamps_refuse_delete BEFORE DELETE ON stamps BEGIN SELECT RAISE(ABORT, 'stamps only grows'); END;

CREATE TRIGGER stamps_refuse_update BEFORE UPDATE ON stamps BEGIN SELECT RAISE(ABORT, 'stamps only grows'); END;

CREATE TABLE stamps ( sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64), token TEXT NOT NULL, at TEXT NOT NULL, authority TEXT NOT NULL ) STRICT, WITHOUT ROWID;

CREATE TABLE standing_visits ( kind TEXT NOT NULL, day TEXT NOT NULL, inspection_id TEXT NOT NULL, clinic_id TEXT NOT NULL, inspector TEXT NOT NULL, checklist TEXT NOT NULL, area TEXT NOT NULL, status TEXT NOT NULL, score INTEGER NOT NULL, placard TEXT NOT NULL, PRIMARY KEY (kind, day, inspection_id) ) STRICT, WITHOUT ROWID;

CREATE INDEX standing_visits_clinic ON standing_visits (clinic_id, kind, day);

CREATE INDEX standing_visits_inspector ON standing_visits (kind, inspector, day, inspection_id);

CREATE INDEX standing_visits_placard ON standing_visits (kind, placard, day, inspection_id) WHERE placard <> '';

CREATE INDEX standing_visits_status ON standing_visits (kind, status, day, inspection_id);

CREATE TRIGGER tablet_starts_refuse_delete BEFORE DELETE ON tablet_starts WHEN NOT EXISTS (SELECT 1 FROM erasing WHERE inspection_id = OLD.inspection_id) BEGIN SELECT RAISE(ABORT, 'tablet_starts only grows'); END;

CREATE TRIGGER tablet_starts_refuse_update BEFORE UPDATE ON tablet_starts BEGIN SELECT RAISE(ABORT, 'tablet_starts only grows'); END;

CREATE TABLE tablet_starts ( inspection_id TEXT PRIMARY KEY REFERENCES inspections (id), device TEXT NOT NULL, op_id TEXT NOT NULL UNIQUE, inspected_on TEXT NOT NULL, client_time TEXT NOT NULL, received_at TEXT NOT NULL ) STRICT;

CREATE TRIGGER ticks_refuse_delete BEFORE DELETE ON ticks BEGIN SELECT RAISE(ABORT, 'what was logged stays'); END;

CREATE TABLE ticks ( id TEXT PRIMARY KEY CHECK (length(id) = 36), clinic_id TEXT NOT NULL REFERENCES clinics (id), kind TEXT NOT NULL, done_on TEXT NOT NULL, note TEXT NOT NULL, photo TEXT REFERENCES photos (sha256), author TEXT NOT NULL, at TEXT NOT NULL, removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)) , seen INTEGER NOT NULL CHECK (seen IN (0, 1)) DEFAULT 0) STRICT;

CREATE INDEX ticks_clinic ON ticks (clinic_id, kind, done_on);

CREATE INDEX ticks_photo ON ticks (photo) WHERE photo IS NOT NULL;

CREATE TRIGGER trail_refuse_delete BEFORE DELETE ON trail BEGIN SELECT RAISE(ABORT, 'trail only grows'); END;

CREATE TRIGGER trail_refuse_update BEFORE UPDATE ON trail BEGIN SELECT RAISE(ABORT, 'trail only grows'); END;

CREATE TABLE trail ( seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, actor TEXT NOT NULL, deed TEXT NOT NULL, object TEXT NOT NULL, detail TEXT NOT NULL CHECK (json_valid(detail)), previous TEXT NOT NULL CHECK (length(previous) = 64), hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64) ) STRICT;

CREATE INDEX trail_object ON trail (object, seq);
