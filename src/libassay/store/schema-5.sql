-- SPDX-License-Identifier: GPL-3.0-or-later
-- What happened to connections, what the doctor found, and set-ups that were begun.

CREATE TABLE connection_event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  connection_id INTEGER NOT NULL REFERENCES connection (id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason_code TEXT,
  reason TEXT,
  remedy TEXT
) STRICT;

CREATE INDEX connection_event_by_connection ON connection_event (connection_id, id);

-- Those that are there already have a beginning too.
INSERT INTO connection_event (connection_id, at, state, reason_code, reason, remedy)
  SELECT id, updated_at, state, reason_code, reason, remedy FROM connection;

CREATE TRIGGER connection_begins AFTER INSERT ON connection
BEGIN
  INSERT INTO connection_event (connection_id, at, state, reason_code, reason, remedy)
    VALUES (new.id, new.created_at, new.state, new.reason_code, new.reason, new.remedy);
END;

-- Whoever changes the state: the log can't be forgotten. The last two hundred causes stay.
CREATE TRIGGER connection_changes AFTER UPDATE OF state, reason_code, reason ON connection
  WHEN new.state IS NOT old.state OR new.reason_code IS NOT old.reason_code OR new.reason IS NOT old.reason
BEGIN
  INSERT INTO connection_event (connection_id, at, state, reason_code, reason, remedy)
    VALUES (new.id, new.updated_at, new.state, new.reason_code, new.reason, new.remedy);
  DELETE FROM connection_event
    WHERE connection_id = new.id
      AND id <= (SELECT id FROM connection_event WHERE connection_id = new.id ORDER BY id DESC LIMIT 1 OFFSET 200);
END;

CREATE TABLE connection_finding (
  connection_id INTEGER NOT NULL REFERENCES connection (id) ON DELETE CASCADE,
  code TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('good', 'unknown', 'warning', 'bad')),
  title TEXT NOT NULL,
  sentence TEXT,
  remedy TEXT,
  position INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (connection_id, position)
) STRICT;

-- A set-up that was left half-way. Never a secret: those are in the keyring, with the connection.
CREATE TABLE draft (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  connection_id INTEGER REFERENCES connection (id) ON DELETE CASCADE,
  name TEXT,
  settings TEXT NOT NULL DEFAULT '{}',
  step TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

-- Enabled from anywhere, or disconnected: there is nothing left to finish.
CREATE TRIGGER draft_ends AFTER UPDATE OF state, removed ON connection
  WHEN new.state = 'enabled' OR new.removed = 1
BEGIN
  DELETE FROM draft WHERE connection_id = new.id;
END;

PRAGMA user_version = 5;
