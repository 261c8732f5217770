-- SPDX-License-Identifier: GPL-3.0-or-later
-- What a set-up that was left half-way has in the keyring, and what the webhook of a connection is to report.

-- Without a reference: it stays when the draft goes, until the keyring has let go of the secret too.
CREATE TABLE draft_secret (
  draft_id INTEGER PRIMARY KEY,
  kept_at INTEGER NOT NULL
) STRICT;

CREATE TABLE connection_webhook (
  connection_id INTEGER PRIMARY KEY REFERENCES connection (id) ON DELETE CASCADE,
  events TEXT NOT NULL   -- those that are to be ticked, as the vendor spells them, a line each
) STRICT;

PRAGMA user_version = 7;
