-- SPDX-License-Identifier: GPL-3.0-or-later
-- Inviting many at once: a batch, its people until they are in the outbox, and who goes first.

CREATE TABLE batch (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  title TEXT NOT NULL,
  assessment_id INTEGER NOT NULL REFERENCES assessment (id) ON DELETE CASCADE,
  cause TEXT NOT NULL,
  total INTEGER NOT NULL,             -- how many people were asked for
  paused INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER NOT NULL,            -- until then all of it can be undone
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX batch_by_assessment ON batch (assessment_id);

-- People who are still to be put into the outbox (no verdict), or won't be (why). Those who are in it have no row here.
CREATE TABLE batch_person (
  id INTEGER PRIMARY KEY,
  batch_id INTEGER NOT NULL REFERENCES batch (id) ON DELETE CASCADE,
  application_id INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
  first_name TEXT,
  last_name TEXT,
  email TEXT,
  again INTEGER NOT NULL DEFAULT 0,
  verdict TEXT,
  sentence TEXT
) STRICT;

CREATE INDEX batch_person_by_batch ON batch_person (batch_id, verdict, id);
CREATE INDEX batch_person_by_application ON batch_person (application_id);

ALTER TABLE outbox ADD COLUMN batch_id INTEGER REFERENCES batch (id) ON DELETE SET NULL;
-- 0: somebody waits for it; 1: one of many
ALTER TABLE outbox ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
-- not to leave now: its batch is paused
ALTER TABLE outbox ADD COLUMN held INTEGER NOT NULL DEFAULT 0;

CREATE INDEX outbox_by_batch ON outbox (batch_id, state, updated_at) WHERE batch_id IS NOT NULL;
-- What leaves next, a connection at a time.
CREATE INDEX outbox_waiting ON outbox (connection_id, priority, due_at, id) WHERE state = 'queued' AND held = 0;

PRAGMA user_version = 3;
