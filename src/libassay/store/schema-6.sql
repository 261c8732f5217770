-- SPDX-License-Identifier: GPL-3.0-or-later
-- Candidates that no vendor's API gave: from a file or by hand. Their documents are files beside the database.

CREATE TABLE imported_candidate (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  connection_id INTEGER NOT NULL REFERENCES connection (id) ON DELETE CASCADE,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  email TEXT NOT NULL,
  email_folded TEXT NOT NULL,          -- as addresses are compared: assay_email_fold()
  phone TEXT,
  location TEXT,
  linkedin_url TEXT,
  role TEXT,
  role_folded TEXT NOT NULL,           -- '' for none
  stage TEXT NOT NULL,
  origin TEXT,                         -- the file's name; NULL for "by hand"
  cv_name TEXT,                        -- as the file was called
  cv_file TEXT,                        -- as the copy is called
  profile_name TEXT,
  profile_file TEXT,
  accepted_at INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  -- The same person for the same role is on the list once.
  UNIQUE (connection_id, email_folded, role_folded)
) STRICT;

CREATE INDEX imported_candidate_by_time ON imported_candidate (created_at, id);

PRAGMA user_version = 6;
