-- SPDX-License-Identifier: GPL-3.0-or-later
-- The first schema. Times are Unix milliseconds, 0 for none. A later version is a file of its own (schema-2.sql …)
-- that is run on top of this one; none that has been released is ever changed.

PRAGMA application_id = 1095979353;  -- "ASAY": tells the file from any other program's

CREATE TABLE connection (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('ats', 'provider')),
  name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('saved', 'enabled', 'disabled', 'failing')),
  settings TEXT NOT NULL DEFAULT '{}',
  secret_id TEXT NOT NULL,             -- under which the keyring has its secrets
  account TEXT,
  reason_code TEXT,
  reason TEXT,
  remedy TEXT,
  last_contact_at INTEGER NOT NULL DEFAULT 0,
  complete_up_to INTEGER NOT NULL DEFAULT 0,
  cursor TEXT,
  removed INTEGER NOT NULL DEFAULT 0,  -- disconnected, its data kept
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE job (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  connection_id INTEGER NOT NULL REFERENCES connection (id) ON DELETE CASCADE,
  remote_id TEXT NOT NULL,
  title TEXT NOT NULL,
  status TEXT,
  open INTEGER NOT NULL DEFAULT 1,
  confidential INTEGER NOT NULL DEFAULT 0,
  department TEXT,
  location TEXT,
  url TEXT,
  updated_at INTEGER NOT NULL DEFAULT 0,
  UNIQUE (connection_id, remote_id)
) STRICT;

CREATE TABLE stage (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  job_id INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
  remote_id TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT,
  position INTEGER NOT NULL DEFAULT 0,
  UNIQUE (job_id, remote_id)
) STRICT;

CREATE TABLE application (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  connection_id INTEGER NOT NULL REFERENCES connection (id) ON DELETE CASCADE,
  remote_id TEXT NOT NULL,
  job_id INTEGER REFERENCES job (id) ON DELETE SET NULL,
  job_remote_id TEXT,
  job_title TEXT,                      -- the job's own where it is known: one table to list and to search
  stage_remote_id TEXT,
  stage_name TEXT,
  stage_kind TEXT,
  first_name TEXT,
  last_name TEXT,
  full_name TEXT NOT NULL,
  email TEXT,
  email_folded TEXT,                   -- as addresses are compared: assay_email_fold()
  phone TEXT,
  location TEXT,
  linkedin_url TEXT,
  source TEXT,
  summary TEXT,
  tags TEXT NOT NULL DEFAULT '[]',
  documents TEXT NOT NULL DEFAULT '[]',
  archived INTEGER NOT NULL DEFAULT 0,
  gone INTEGER NOT NULL DEFAULT 0,
  url TEXT,
  created_at INTEGER NOT NULL DEFAULT 0,
  updated_at INTEGER NOT NULL DEFAULT 0,
  -- of the latest invitation, kept here so that a list needs one table
  invitation_id INTEGER NOT NULL DEFAULT 0,
  invitation_status TEXT,
  unseen INTEGER NOT NULL DEFAULT 0,
  -- What a search can be narrowed by, as words of the search index that nobody can type (U+E000 is private use), so
  -- that a one-letter search within a job reads only that job's rows.
  facets TEXT NOT NULL GENERATED ALWAYS AS (
    char(57344) || 'c' || connection_id || ' ' ||
    char(57344) || 'j' || ifnull(job_id, 0) || ' ' ||
    char(57344) || 's' || iif(invitation_id = 0, 'none', replace(ifnull(invitation_status, 'unknown'), '-', '')) ||
    iif(archived = 0 AND gone = 0, ' ' || char(57344) || 'live', '')
  ) VIRTUAL,
  UNIQUE (connection_id, remote_id)
) STRICT;

-- Lists run backwards over one of these three and read nothing but the index until a row is shown.
CREATE INDEX application_by_update ON application
  (updated_at, id, archived, gone, connection_id, invitation_id, invitation_status, stage_name);
CREATE INDEX application_by_job ON application
  (job_id, updated_at, id, archived, gone, connection_id, invitation_id, invitation_status, stage_name);
CREATE INDEX application_by_status ON application
  (invitation_status, updated_at, id, archived, gone, connection_id, job_id, stage_name) WHERE invitation_id > 0;
CREATE INDEX application_without_job ON application (connection_id, job_remote_id) WHERE job_id IS NULL;
CREATE INDEX application_by_email ON application (email_folded) WHERE email_folded IS NOT NULL;

-- The search. Its tokenizer is the program's own: unicode61 without diacritics, each ideograph a word, and of a longer
-- word its first six letters, so that every beginning of a word is one entry of the index and none has to be put
-- together from many; longer words are compared on the rows that are found. No triggers
-- keep it, because those of a schema that isn't trusted may not write to it: whoever changes one of its columns does.
CREATE VIRTUAL TABLE application_search USING fts5 (
  full_name, email, job_title, stage_name, tags, facets,
  content = 'application', content_rowid = 'id', prefix = '1 2 3 4 5', detail = 'none', columnsize = 0, tokenize = 'assay'
);

CREATE TABLE assessment (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  connection_id INTEGER NOT NULL REFERENCES connection (id) ON DELETE CASCADE,
  remote_id TEXT NOT NULL,
  name TEXT NOT NULL,
  active INTEGER NOT NULL DEFAULT 1,
  refreshed_at INTEGER NOT NULL DEFAULT 0,
  UNIQUE (connection_id, remote_id)
) STRICT;

CREATE TABLE invitation (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  application_id INTEGER REFERENCES application (id) ON DELETE SET NULL,
  assessment_id INTEGER NOT NULL REFERENCES assessment (id) ON DELETE CASCADE,
  connection_id INTEGER NOT NULL REFERENCES connection (id) ON DELETE CASCADE,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  email TEXT NOT NULL,
  remote_id TEXT,
  status TEXT NOT NULL,
  status_text TEXT,
  error TEXT,
  score REAL,                       -- NULL for none
  score_max REAL,                   -- NULL where the provider names none
  score_unit TEXT,                  -- 'percent' or NULL
  scores TEXT NOT NULL DEFAULT '[]',
  flags TEXT NOT NULL DEFAULT '[]',
  report_url TEXT,
  raw TEXT,
  cause TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  sent_at INTEGER NOT NULL DEFAULT 0,
  updated_at INTEGER NOT NULL,
  completed_at INTEGER NOT NULL DEFAULT 0,
  checked_at INTEGER NOT NULL DEFAULT 0,
  next_check_at INTEGER NOT NULL DEFAULT 0  -- 0: nobody asks
) STRICT;

CREATE INDEX invitation_by_application ON invitation (application_id, created_at);
CREATE INDEX invitation_by_update ON invitation (updated_at, id);
CREATE INDEX invitation_by_status ON invitation (status, updated_at, id);
CREATE INDEX invitation_by_assessment ON invitation (assessment_id);
CREATE INDEX invitation_by_connection ON invitation (connection_id);
CREATE INDEX invitation_by_check ON invitation (next_check_at) WHERE next_check_at > 0;

CREATE TABLE invitation_event (
  id INTEGER PRIMARY KEY,
  invitation_id INTEGER NOT NULL REFERENCES invitation (id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  status TEXT NOT NULL,
  status_text TEXT,
  source TEXT NOT NULL
) STRICT;

CREATE INDEX invitation_event_by_invitation ON invitation_event (invitation_id, at, id);

-- The ledger of outside effects. A key that is taken stays taken until the row has failed for good or was discarded:
-- that is what makes a second invitation impossible, whichever copy of the program asks.
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  connection_id INTEGER REFERENCES connection (id) ON DELETE SET NULL,
  application_id INTEGER REFERENCES application (id) ON DELETE SET NULL,
  invitation_id INTEGER REFERENCES invitation (id) ON DELETE SET NULL,
  natural_key TEXT NOT NULL,          -- a digest: it outlives the data it was made from
  payload TEXT NOT NULL DEFAULT '{}',
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'done', 'failed', 'unsure', 'discarded')),
  cause TEXT NOT NULL,
  owner INTEGER NOT NULL DEFAULT 0,   -- which running copy of the program is sending it
  attempts INTEGER NOT NULL DEFAULT 0,
  last_error TEXT,
  evidence TEXT,
  due_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX outbox_natural_key ON outbox (natural_key) WHERE state NOT IN ('failed', 'discarded');
CREATE INDEX outbox_by_state ON outbox (state, due_at) WHERE state IN ('queued', 'sending', 'unsure');
CREATE INDEX outbox_by_invitation ON outbox (invitation_id);
CREATE INDEX outbox_by_application ON outbox (application_id) WHERE application_id IS NOT NULL;
CREATE INDEX outbox_by_connection ON outbox (connection_id) WHERE connection_id IS NOT NULL;

PRAGMA user_version = 1;
