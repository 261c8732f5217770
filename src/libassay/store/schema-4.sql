-- SPDX-License-Identifier: GPL-3.0-or-later
-- Where a candidate begins, for invitations whose link is ours to hand on.

ALTER TABLE invitation ADD COLUMN link TEXT;

PRAGMA user_version = 4;
