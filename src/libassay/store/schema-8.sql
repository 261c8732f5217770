-- SPDX-License-Identifier: GPL-3.0-or-later
-- Until when an invitation is valid, as it was asked for or as the provider says; 0: for ever, or nobody knows.

ALTER TABLE invitation ADD COLUMN deadline INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batch_person ADD COLUMN deadline INTEGER NOT NULL DEFAULT 0;

PRAGMA user_version = 8;
