/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of libassay share: the sandbox as a process of its own, a keyring in a file, a service with both
 * connections, and waiting for conditions on the main context. Whatever fails here ends the test. */
#pragma once

#include <json-glib/json-glib.h>

#include "assay-http.h"
#include "assay-json.h"
#include "assay-service.h"

G_BEGIN_DECLS

/* g_test_init() and an environment without the user's desktop: directories of our own, a keyring in a file, no bus. */
void test_support_init (int *argc, char ***argv);

/* Around what writes into the keyring, or reads a damaged one: libsecret 0.20 forgets to free the old tag of its file
 * each time it writes a new one, and the content of one that it can't read, and there is no name in the stack by which
 * that could be suppressed. Leaks in between don't count. */
void test_begin_library_leak (void);
void test_end_library_leak (void);

/* ---- Waiting ---- */

/* Runs the main context until @condition holds; a minute without an end fails the test. */
void test_run_until (gboolean (*condition) (gpointer data), gpointer data);
/* A GAsyncReadyCallback that keeps the result in the `GAsyncResult *` that @user_data points to. */
void test_keep_result (GObject *source, GAsyncResult *result, gpointer user_data);
/* Runs until @result is there. */
void test_wait_result (GAsyncResult **result);

/* Calls `function (arguments…, test_keep_result, &result)`, waits, and leaves the result in a local `result`. */
#define TEST_CALL(result, function, ...) \
  G_STMT_START \
    { \
      g_clear_object (&result); \
      function (__VA_ARGS__, test_keep_result, &result); \
      test_wait_result (&result); \
    } \
  G_STMT_END

/* ---- Assertions ---- */

/* That @text is a sentence for people: a capital or a quotation mark first, a full stop last, one line. */
void test_assert_sentence (const char *text);
/* The same of an ASSAY_ERROR with that code; frees it. */
#define test_assert_error(error, expected) \
  G_STMT_START \
    { \
      g_assert_error (error, ASSAY_ERROR, expected); \
      test_assert_sentence ((error)->message); \
      g_clear_error (&error); \
    } \
  G_STMT_END

/* ---- Files ---- */

/* (transfer full): a new directory that test_remove_directory() removes with all that is in it */
char     *test_make_directory (void);
void      test_remove_directory (const char *directory);
/* Whether a file below @directory holds the bytes of @text. */
gboolean  test_directory_contains (const char *directory, const char *text);
/* (transfer full): the document in tests/fixtures/NAME */
JsonNode *test_load_fixture (const char *name);
/* (transfer full): of literal text */
JsonNode *test_parse (const char *text);

/* ---- The sandbox ---- */

typedef struct _TestSandbox TestSandbox;

/* Starts it with a clock that stands still and no rate limit; further options follow, ended by NULL. */
TestSandbox *test_sandbox_start (const char *first_option, ...) G_GNUC_NULL_TERMINATED;
void         test_sandbox_stop (TestSandbox *sandbox);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestSandbox, test_sandbox_stop)

/* (transfer none): of "pinpoint" or "testtrick" */
const char *test_sandbox_get_base_url (TestSandbox *sandbox, const char *kind);
const char *test_sandbox_get_key (TestSandbox *sandbox, const char *kind);
const char *test_sandbox_get_control (TestSandbox *sandbox);

/* One request to the control, which must be answered well. @body is a printf-style JSON object, or NULL. */
JsonNode *test_sandbox_ask (TestSandbox *sandbox, const char *method, const char *path, const char *body,
                            ...) G_GNUC_PRINTF (4, 5);
/* The next @times requests of @operation go wrong as @kind says. */
void      test_sandbox_fault (TestSandbox *sandbox, const char *vendor, const char *operation, const char *kind,
                              guint times);
void      test_sandbox_advance (TestSandbox *sandbox, guint seconds);
/* Somebody applies; (transfer full): their id at the vendor. @fields: members of a JSON object, or "". */
char     *test_sandbox_arrive (TestSandbox *sandbox, const char *fields);

/* From the sandbox's ledger: how many invitations of @email (NULL: of anybody) took effect. */
guint test_sandbox_count_effects (TestSandbox *sandbox, const char *email);
/* How many requests of @operation @vendor received, whatever came of them. */
guint test_sandbox_count_requests (TestSandbox *sandbox, const char *vendor, const char *operation);
/* That nothing happened that a careful client doesn't do. */
void  test_sandbox_assert_no_incidents (TestSandbox *sandbox);

/* ---- The store, read from outside ---- */

/* The single value of a literal query. */
gint64 test_query_int64 (AssayService *service, const char *sql);
/* (transfer full) (nullable) */
char  *test_query_text (AssayService *service, const char *sql);
/* Runs a literal statement, as only a test may. */
void   test_execute (AssayService *service, const char *sql);
/* Runs the main context until the query gives @expected. */
void   test_wait_int64 (AssayService *service, const char *sql, gint64 expected);
void   test_wait_text (AssayService *service, const char *sql, const char *expected);

/* ---- A service at work ---- */

typedef struct
{
  TestSandbox *sandbox;
  char *directory;
  AssayService *service;
  gint64 pinpoint;        /* connection ids */
  gint64 testtrick;
} TestBench;

/* A sandbox and a service on an empty directory, nothing connected. */
TestBench *test_bench_new_empty (const char *first_option, ...) G_GNUC_NULL_TERMINATED;
/* The same with both connections enabled and synced. */
TestBench *test_bench_new (const char *first_option, ...) G_GNUC_NULL_TERMINATED;
/* Ends the service and opens it again on the same files. No result of its calls may be kept: it holds the service. */
void       test_bench_reopen (TestBench *bench);
/* Ends the service only. */
void       test_bench_close (TestBench *bench);
void       test_bench_free (TestBench *bench);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestBench, test_bench_free)

/* A connection to the sandbox, saved; @key NULL: the sandbox's own; @settings: "name=value" pairs beyond the base
 * address, NULL-terminated, or NULL. */
gint64   test_bench_add (TestBench *bench, const char *kind, const char *base_url, const char *key,
                         const char *const *settings);
gboolean test_bench_enable (TestBench *bench, gint64 connection_id, GError **error);
/* With @key NULL the secrets stay. */
gboolean test_bench_set (TestBench *bench, gint64 connection_id, const char *key, const char *const *settings,
                         GError **error);
/* The only result of syncing one connection; (transfer full). */
AssaySyncResult *test_bench_sync (TestBench *bench, gint64 connection_id, gboolean full);

/* The ids of applications that can be invited, oldest first; fails where there are fewer than @index + 1. */
gint64 test_bench_get_candidate (TestBench *bench, guint index);
gint64 test_bench_get_assessment (TestBench *bench, guint index);
/* (transfer full) */
char  *test_bench_dup_email (TestBench *bench, gint64 application_id);

/* Queues; 0 with @error. */
gint64 test_bench_queue (TestBench *bench, gint64 application_id, gint64 assessment_id, GError **error);
/* Sends one (0: all that is due), and waits for its end. */
gboolean test_bench_send (TestBench *bench, gint64 invitation_id, GError **error);
/* (transfer none): the state of its row in the outbox */
const char *test_bench_get_outbox_state (TestBench *bench, gint64 invitation_id);
/* (transfer full) */
AssayInvitation *test_bench_get_invitation (TestBench *bench, gint64 invitation_id);
AssayConnection *test_bench_get_connection (TestBench *bench, gint64 connection_id);

G_END_DECLS
