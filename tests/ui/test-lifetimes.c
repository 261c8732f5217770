/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the program opens is gone when it is closed: every window, dialog and page with all that is in it, also one that is
 * closed in the middle of something.
 *
 * A leak that something still refers to is none for the leak sanitizer. So the test puts a mark on each widget that it sees,
 * which goes when the widget is freed, and looks whether a mark is left. Each is opened again after that. */
#include "config.h"

#include <adwaita.h>
#include <string.h>

#include "assay-amend-dialog.h"
#include "assay-bulk-dialog.h"
#include "assay-connect-dialog.h"
#include "assay-connection-details.h"
#include "assay-import-dialog.h"
#include "assay-imported-dialog.h"
#include "assay-result-dialog.h"
#include "assay-send-dialog.h"
#include "assay-service-imported.h"
#include "assay-storage-window.h"
#include "assay-window.h"
#include "test-support.h"

#define ROUNDS 2
#define N_PEOPLE 3
/* Longer than anything here takes, also under sanitizers on a busy machine: only what is kept for good reaches it. */
#define PATIENCE 60

typedef struct
{
  TestBench *bench;
  GtkApplication *application;
  gint64 lever;          /* a connection that signs in through the browser */
  gint64 hackajob;       /* one that takes candidates from files */
  gint64 application_id; /* somebody who is invited already */
  gint64 invitation_id;
  gint64 batch_id;
  gboolean is_unsure;    /* the first of the batch; nobody has decided yet */
  GFile *people;         /* whom to invite */
  GFile *accepted;       /* whom to import */
} Life;

/* ---- Marks ---- */

static GHashTable *marked;   /* each that isn't freed → the name of its type */

static void
unmark (gpointer data)
{
  g_hash_table_remove (marked, data);
}

/* Not a weak reference: that one goes already when the object is disposed of. */
static void
mark (gpointer object)
{
  if (g_hash_table_contains (marked, object))
    return;
  g_hash_table_insert (marked, object, (gpointer) G_OBJECT_TYPE_NAME (object));
  g_object_set_data_full (G_OBJECT (object), "test-lifetimes-mark", object, unmark);
}

static void
mark_tree (GtkWidget *widget)
{
  /* GTK's own, the same for all windows. */
  if (strcmp (G_OBJECT_TYPE_NAME (widget), "GtkTooltipWindow") == 0)
    return;
  mark (widget);
  if (GTK_IS_LIST_VIEW (widget) && gtk_list_view_get_model (GTK_LIST_VIEW (widget)) != NULL)
    mark (gtk_list_view_get_model (GTK_LIST_VIEW (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    mark_tree (child);
}

/* Everything that there is now. */
static void
mark_all (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      mark_tree (window);
    }
}

static gboolean
is_nobody_marked (gpointer data)
{
  return g_hash_table_size (marked) == 0;
}

static void
fail_cb (gpointer user_data)
{
  GHashTableIter iter;
  gpointer object;
  gpointer name;

  g_hash_table_iter_init (&iter, marked);
  /* What GTK made for them goes with them. */
  while (g_hash_table_iter_next (&iter, &object, &name))
    if (GTK_IS_WINDOW (object) || g_str_has_prefix (name, "Assay"))
      g_test_message ("%s at %p is still there, with %u references", (const char *) name, object,
                    G_OBJECT (object)->ref_count);
  g_error ("%u objects outlive what they were in.", g_hash_table_size (marked));
}

/* Closes all windows, as a user does, and waits until nothing of them is left. */
static void
close_all (void)
{
  GListModel *windows = gtk_window_get_toplevels ();
  guint watchdog;

  mark_all ();
  while (g_list_model_get_n_items (windows) > 0)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, g_list_model_get_n_items (windows) - 1);

      gtk_window_close (window);
      /* Some ask first, or close a moment later; the end of the program doesn't wait for them. */
      gtk_window_destroy (window);
    }
  watchdog = g_timeout_add_once (PATIENCE * 1000, fail_cb, NULL);
  while (!is_nobody_marked (NULL))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
}

/* ---- Looking ---- */

static gboolean
has_text (GtkWidget  *widget,
          const char *text)
{
  if (!gtk_widget_get_mapped (widget))
    return FALSE;
  if (GTK_IS_LABEL (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (has_text (child, text))
      return TRUE;
  return FALSE;
}

static gboolean
is_text_seen (gpointer text)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (has_text (window, text))
        return TRUE;
    }
  return FALSE;
}

/* Until some window says @text; marks what there is by then. */
static void
await_text (const char *text)
{
  g_test_message ("Waiting for “%s”", text);
  test_run_until (is_text_seen, (gpointer) text);
  mark_all ();
}

/* (nullable): the first of that type, whether it shows or not */
static GtkWidget *
find_in (GtkWidget  *widget,
         const char *type_name)
{
  if (strcmp (G_OBJECT_TYPE_NAME (widget), type_name) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_in (child, type_name);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* (transfer none): in any window */
static GtkWidget *
find (const char *type_name)
{
  GListModel *windows = gtk_window_get_toplevels ();
  GtkWidget *found = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (windows) && found == NULL; i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      found = find_in (window, type_name);
    }
  g_assert_nonnull (found);
  return found;
}

/* (nullable): one that shows */
static GtkWidget *
find_button (GtkWidget  *widget,
             const char *label)
{
  if (!gtk_widget_get_mapped (widget))
    return NULL;
  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, label);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static gboolean
is_sensitive (gpointer widget)
{
  return gtk_widget_is_sensitive (widget);
}

static void
act (GtkWidget  *widget,
     const char *action)
{
  g_test_message ("%s", action);
  g_assert_true (gtk_widget_activate_action (widget, action, NULL));
}

static void
act_on (GtkWidget  *widget,
        const char *action,
        gint64      id)
{
  g_test_message ("%s %" G_GINT64_FORMAT, action, id);
  g_assert_true (gtk_widget_activate_action (widget, action, "x", id));
}

static void
present (GtkWindow *window)
{
  gtk_window_present (window);
  mark_all ();
}

/* ---- What is opened ---- */

static void
show_page (GtkWidget  *window,
           const char *page)
{
  g_test_message ("The page of %s", page);
  g_assert_true (gtk_widget_activate_action (window, "win.page", "s", page));
}

static GtkWidget *
open_window (Life *life)
{
  AssayWindow *window = assay_window_new (life->application, life->bench->service);

  present (GTK_WINDOW (window));
  /* Otherwise it is the page that was left last. */
  show_page (GTK_WIDGET (window), "candidates");
  return GTK_WIDGET (window);
}

static void
visit_window (Life *life)
{
  GtkWidget *window = open_window (life);

  await_text ("candidates");
  show_page (window, "invitations");
  mark_all ();
  assay_window_show_batch (ASSAY_WINDOW (window), life->batch_id);
  await_text ("of 3 sent");
  show_page (window, "connections");
  await_text ("Hackajob");
  show_page (window, "imported");
  await_text ("Ada Lovelace");
  show_page (window, "candidates");
  /* Last: whoever leaves this page for another one with the keyboard in it leaves a reference behind, see CONTRIBUTING.md. */
  act_on (window, "win.show-application", life->application_id);
  await_text ("Invitation");
  act_on (find ("AssayApplicationPage"), "invitation.show-details", life->invitation_id);
  mark_all ();
}

/* Nothing has been read yet. */
static void
visit_window_briefly (Life *life)
{
  open_window (life);
}

static void
visit_send (Life *life)
{
  GtkWidget *window = open_window (life);

  act_on (window, "win.show-application", life->application_id);
  await_text ("Invitation");
  act (window, "win.send-assessment");
  await_text ("Choose an assessment");
}

static void
visit_bulk (Life *life)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  GtkWindow *dialog;

  for (guint i = 0; i < N_PEOPLE; i++)
    {
      gint64 id = test_bench_get_candidate (life->bench, i);

      g_array_append_val (ids, id);
    }
  dialog = assay_bulk_dialog_new (life->bench->service, ids, "Engineers", 0);
  present (dialog);
  await_text ("can be invited");
  act (GTK_WIDGET (dialog), "bulk.forward");
  await_text ("Choose an assessment");
  act (GTK_WIDGET (dialog), "bulk.back");
  act (GTK_WIDGET (dialog), "bulk.connect");
  mark_all ();
}

static void
visit_bulk_of_file (Life *life)
{
  GtkWidget *window = open_window (life);

  assay_window_invite_from_file (ASSAY_WINDOW (window), life->people);
  await_text ("line is understood");
}

/* Of every system, as far as nothing is asked for. */
static void
visit_wizard (Life *life)
{
  const AssayConnectorDescription *const *kinds = assay_connector_get_kinds ();

  for (guint i = 0; kinds[i] != NULL; i++)
    {
      GtkWindow *dialog = assay_connect_dialog_new (life->bench->service, kinds[i]->id);

      present (dialog);
      act (GTK_WIDGET (dialog), "connect.next");
      mark_all ();
    }
  present (assay_connect_dialog_new (life->bench->service, NULL));
  await_text ("Enabled");
}

static void
visit_connection (Life *life)
{
  AssayService *service = life->bench->service;

  present (assay_connect_dialog_new_for_check (service, life->bench->pinpoint));
  await_text ("It is enabled.");
  present (assay_connect_dialog_new_for_key (service, life->bench->pinpoint));
  await_text ("Change the settings of");
  present (assay_connect_dialog_new_for_events (service, life->bench->pinpoint));
  await_text ("Done");
  present (assay_connection_details_new (service, life->bench->pinpoint));
  await_text ("Requests in hand");
}

/* The vendor is still asked. */
static void
visit_check_briefly (Life *life)
{
  present (assay_connect_dialog_new_for_check (life->bench->service, life->bench->pinpoint));
  await_text ("Checking");
}

/* The dialog goes while what it asked for is under way. */
static void
visit_enabling (Life *life)
{
  GtkWindow *dialog = assay_connect_dialog_new_for_check (life->bench->service, life->bench->pinpoint);

  present (dialog);
  await_text ("It is enabled.");
  gtk_widget_action_set_enabled (GTK_WIDGET (dialog), "connect.enable", TRUE);
  act (GTK_WIDGET (dialog), "connect.enable");
}

/* The browser is still waited for. */
static void
visit_sign_in (Life *life)
{
  GtkWindow *dialog = assay_connect_dialog_new_for_connection (life->bench->service, life->lever);

  present (dialog);
  await_text ("Change the settings of");
  act (GTK_WIDGET (dialog), "connect.next");
  await_text ("Open the browser");
  g_signal_emit_by_name (find_button (GTK_WIDGET (dialog), "Open the browser"), "clicked");
  await_text ("Waiting for the browser");
}

static void
visit_questions (Life *life)
{
  GtkWidget *window = open_window (life);

  show_page (window, "connections");
  await_text ("Hackajob");
  act (find ("AssayConnectionRow"), "connection.disconnect");
  await_text ("Disconnect");
  assay_window_show_batch (ASSAY_WINDOW (window), life->batch_id);
  await_text ("of 3 sent");
  gtk_widget_activate_action (find ("AssayBatchPage"), "batch.cancel", NULL);
  act_on (window, "win.show-application", life->application_id);
  await_text ("Invitation");
  gtk_widget_activate_action (find ("AssayApplicationPage"), "invitation.call-off", "x", life->invitation_id);
  gtk_widget_activate_action (find ("AssayApplicationPage"), "invitation.retake", "x", life->invitation_id);
  mark_all ();
}

/* The answers come when there is nothing left to show them in. */
static void
visit_decision (Life *life)
{
  GtkWidget *window = open_window (life);
  GtkWidget *page;

  assay_window_show_batch (ASSAY_WINDOW (window), life->batch_id);
  await_text ("of 3 sent");
  page = find ("AssayBatchPage");
  if (life->is_unsure)
    {
      GtkWidget *arrived, *send;

      await_text ("It Arrived");
      arrived = find_button (page, "It Arrived");
      send = find_button (page, "It Did Not: Send");
      test_run_until (is_sensitive, arrived);
      g_signal_emit_by_name (arrived, "clicked");
      /* Too late: it is settled. */
      g_signal_emit_by_name (send, "clicked");
      life->is_unsure = FALSE;
    }
  act (page, "batch.pause");
  act (page, "batch.resume");
}

static void
visit_forms (Life *life)
{
  GtkWidget *window = open_window (life);
  GtkWidget *page = find_in (window, "AssayApplicationPage");
  g_autoptr (AssayInvitation) invitation = test_bench_get_invitation (life->bench, life->invitation_id);

  assay_result_dialog_present (page, life->bench->service, invitation);
  await_text ("Enter the Result");
  assay_amend_dialog_present (page, life->bench->service, invitation);
  await_text ("First name");
  /* And one that isn't filled yet. */
  assay_amend_dialog_present (page, life->bench->service, invitation);
  mark_all ();
}

static void
visit_imported (Life *life)
{
  g_autoptr (AssayConnection) connection = test_bench_get_connection (life->bench, life->hackajob);

  present (assay_imported_dialog_new (life->bench->service, connection));
  present (assay_import_dialog_new (life->bench->service, life->hackajob, life->accepted));
  await_text ("Ada Lovelace");
}

static void
visit_choosers (Life *life)
{
  GtkWidget *window = open_window (life);
  GtkWindow *dialog;

  show_page (window, "connections");
  await_text ("Hackajob");
  act (window, "win.invite-csv");
  act (find ("AssayConnectionsPage"), "connections.export");
  act (find ("AssayConnectionsPage"), "connections.import");
  show_page (window, "imported");
  await_text ("Ada Lovelace");
  act (find ("AssayImportedPage"), "imported.from-first");
  dialog = assay_connect_dialog_new (life->bench->service, "lever");
  gtk_window_set_transient_for (dialog, GTK_WINDOW (window));
  present (dialog);
  act (GTK_WIDGET (dialog), "connect.hand-over");
  mark_all ();
}

static void
visit_sandbox (Life *life)
{
  GtkWidget *window = open_window (life);

  assay_window_try_sandbox (ASSAY_WINDOW (window));
}

static void
visit_storage (Life *life)
{
  g_autoptr (GError) error = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_STORAGE, "The disk is full.");

  present (assay_storage_window_new (life->application, error));
  await_text ("The disk is full.");
}

/* ---- The test ---- */

static GFile *
write_file (Life       *life,
            const char *name,
            const char *content)
{
  g_autofree char *path = g_build_filename (life->bench->directory, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, content, -1, &error);
  g_assert_no_error (error);
  return g_file_new_for_path (path);
}

static void
invite (Life *life)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  AssayInvitationDraft drafts[N_PEOPLE] = { 0 };

  life->application_id = test_bench_get_candidate (life->bench, N_PEOPLE);
  life->invitation_id = test_bench_queue (life->bench, life->application_id, test_bench_get_assessment (life->bench, 0), &error);
  g_assert_no_error (error);
  test_bench_send (life->bench, life->invitation_id, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < N_PEOPLE; i++)
    {
      drafts[i].application_id = test_bench_get_candidate (life->bench, i);
      drafts[i].assessment_id = test_bench_get_assessment (life->bench, 0);
    }
  TEST_CALL (result, assay_service_invite_batch_async, life->bench->service, drafts, N_PEOPLE, NULL, NULL);
  life->batch_id = assay_service_invite_batch_finish (life->bench->service, result, &error);
  g_assert_no_error (error);
  TEST_CALL (result, assay_service_prepare_batches_async, life->bench->service, NULL);
  assay_service_prepare_batches_finish (life->bench->service, result, &error);
  g_assert_no_error (error);
  test_sandbox_fault (life->bench->sandbox, "testtrick", "send_test", "drop-after", 1);
  test_bench_send (life->bench, 0, &error);
  g_assert_no_error (error);
  life->is_unsure = TRUE;
}

static gint64
connect_to (Life       *life,
            const char *kind,
            const char *name,
            GHashTable *settings,
            GHashTable *secrets)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id;

  TEST_CALL (result, assay_service_add_connection_async, life->bench->service, kind, name, settings, secrets, NULL);
  id = assay_service_add_connection_finish (life->bench->service, result, &error);
  g_assert_no_error (error);
  return id;
}

static void
connect_lever (Life *life)
{
  g_autoptr (GHashTable) settings = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) secrets = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (settings, (gpointer) "auth", (gpointer) "oauth");
  g_hash_table_insert (settings, (gpointer) "client-id", (gpointer) "sandbox-client");
  g_hash_table_insert (settings, (gpointer) "authorize-url", (gpointer) "http://127.0.0.1:9/authorize");
  g_hash_table_insert (settings, (gpointer) "token-url", (gpointer) "http://127.0.0.1:9/token");
  g_hash_table_insert (settings, (gpointer) "audience", (gpointer) "http://127.0.0.1:9/");
  g_hash_table_insert (settings, (gpointer) "base-url", (gpointer) "http://127.0.0.1:9/v1");
  g_hash_table_insert (secrets, (gpointer) "client-secret", (gpointer) "a secret of nobody");
  life->lever = connect_to (life, "lever", "Lever", settings, secrets);
}

static void
import (Life *life)
{
  g_autoptr (GHashTable) settings = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_hash_table_insert (settings, (gpointer) "stages", (gpointer) "Accepted, Offer");
  life->hackajob = connect_to (life, "hackajob", "Hackajob", settings, NULL);
  test_bench_enable (life->bench, life->hackajob, &error);
  g_assert_no_error (error);
  g_hash_table_insert (values, (gpointer) "first_name", (gpointer) "Ada");
  g_hash_table_insert (values, (gpointer) "last_name", (gpointer) "Lovelace");
  g_hash_table_insert (values, (gpointer) "email", (gpointer) "ada@example.test");
  TEST_CALL (result, assay_service_add_candidate_async, life->bench->service, life->hackajob, values, NULL);
  assay_service_add_candidate_finish (life->bench->service, result, &error);
  g_assert_no_error (error);
}

typedef void (*Visit) (Life *life);

static Life shared;

static void
test_visit (gconstpointer data)
{
  const Visit *visit = data;

  for (guint i = 0; i < ROUNDS; i++)
    {
      (*visit) (&shared);
      close_all ();
    }
}

static void
begin (void)
{
  shared.bench = test_bench_new (NULL, NULL);
  invite (&shared);
  import (&shared);
  connect_lever (&shared);
  shared.people = write_file (&shared, "people.csv", "Name,E-mail\nNobody Known,nobody@example.test\n");
  shared.accepted = write_file (&shared, "accepted.csv", "Name;E-mail;Stage\nAda Lovelace;ada2@example.test;Offer\n");
}

static void
end (void)
{
  g_object_unref (shared.people);
  g_object_unref (shared.accepted);
  /* This fails if anything holds the service. */
  test_bench_free (shared.bench);
}

static const struct
{
  const char *name;
  Visit visit;
} visits[] = {
  { "/lifetimes/window", visit_window },
  { "/lifetimes/window-briefly", visit_window_briefly },
  { "/lifetimes/send", visit_send },
  { "/lifetimes/bulk", visit_bulk },
  { "/lifetimes/bulk-of-file", visit_bulk_of_file },
  { "/lifetimes/wizard", visit_wizard },
  { "/lifetimes/connection", visit_connection },
  { "/lifetimes/check-briefly", visit_check_briefly },
  { "/lifetimes/enabling", visit_enabling },
  { "/lifetimes/sign-in", visit_sign_in },
  { "/lifetimes/questions", visit_questions },
  { "/lifetimes/decision", visit_decision },
  { "/lifetimes/forms", visit_forms },
  { "/lifetimes/imported", visit_imported },
  { "/lifetimes/choosers", visit_choosers },
  { "/lifetimes/sandbox", visit_sandbox },
  { "/lifetimes/storage", visit_storage },
};

int
main (int   argc,
      char *argv[])
{
  /* The desktop's own: a screen reader's hold on widgets is part of the test. */
  g_autofree char *bus = g_strdup (g_getenv ("DBUS_SESSION_BUS_ADDRESS"));
  g_autoptr (GError) error = NULL;
  int status;

  test_support_init (&argc, &argv);
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", bus, TRUE);
  /* Its keyring too: libsecret forgets a little whenever it writes a file. */
  g_unsetenv ("SECRET_BACKEND");
  shared.application = GTK_APPLICATION (adw_application_new (ASSAY_APP_ID, G_APPLICATION_NON_UNIQUE));
  g_application_register (G_APPLICATION (shared.application), NULL, &error);
  g_assert_no_error (error);
  g_application_set_default (G_APPLICATION (shared.application));
  marked = g_hash_table_new (NULL, NULL);
  begin ();

  for (guint i = 0; i < G_N_ELEMENTS (visits); i++)
    g_test_add_data_func (visits[i].name, &visits[i].visit, test_visit);
  status = g_test_run ();
  end ();
  g_hash_table_unref (marked);
  g_object_unref (shared.application);
  return status;
}
