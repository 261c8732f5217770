-- SPDX-License-Identifier: GPL-3.0-or-later
-- What waits for a person's word: how many applications a sync would have marked as gone (0: nothing is asked), of how
-- many, and whether it read everything.

ALTER TABLE connection ADD COLUMN removals INTEGER NOT NULL DEFAULT 0;
ALTER TABLE connection ADD COLUMN removals_of INTEGER NOT NULL DEFAULT 0;
ALTER TABLE connection ADD COLUMN removals_full INTEGER NOT NULL DEFAULT 0;

PRAGMA user_version = 2;
