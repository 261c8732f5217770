/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A store in a folder of its own, and people to put into it. */
#pragma once

#include "assay-queries.h"
#include "assay-store.h"

G_BEGIN_DECLS

/* (transfer full): a new, empty folder */
char       *store_fixture_make_directory (void);
void        store_fixture_remove_directory (const char *directory);
AssayStore *store_fixture_open (const char *directory);
/* Closes it and asserts that nobody else holds it. */
void        store_fixture_close (AssayStore *store);

/* These run in an AssayStoreFunc and fail the test on any error. */
gint64            store_fixture_add_connection (AssayDatabase *database, const char *kind, AssayRole role,
                                                const char *name);
gint64            store_fixture_add_job (AssayDatabase *database, gint64 connection_id, const char *remote_id,
                                         const char *title);
/* (transfer full): with a stage, an e-mail made from @remote_id and @updated_at as given */
AssayApplication *store_fixture_make_application (const char *remote_id, const char *job_remote_id, const char *name,
                                                  gint64 updated_at);
guint             store_fixture_upsert (AssayDatabase *database, gint64 connection_id, AssayApplication *application);
/* People number @first to @first + @n - 1, in one job with remote id "1", updated in that order. */
void              store_fixture_add_people (AssayDatabase *database, gint64 connection_id, guint first, guint n);
gint64            store_fixture_add_invitation (AssayDatabase *database, gint64 application_id, gint64 assessment_id,
                                                gint64 connection_id, AssayInvitationStatus status);
gint64            store_fixture_add_assessment (AssayDatabase *database, gint64 connection_id, const char *name);

/* Runs the main context until @condition holds; fails the test after a minute. */
void store_fixture_wait (gboolean (*condition) (gpointer data), gpointer data);
/* Whether any file in @directory holds @text. */
gboolean store_fixture_files_contain (const char *directory, const char *text);

G_END_DECLS
