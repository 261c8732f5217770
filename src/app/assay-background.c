/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps the program running without a window while something is still to be sent.
 *
 * The portal is called over D-Bus directly: it is one call without an answer that would change anything here, for which a
 * library would be a dependency of its own. */
#include "config.h"

#include "assay-background.h"

#include <glib/gi18n.h>

#include "assay-batch-words.h"
#include "assay-format.h"
#include "assay-ledger.h"
#include "assay-window.h"

#define READ_INTERVAL_MILLISECONDS 500

#define PORTAL_NAME "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"
#define PORTAL_INTERFACE "org.freedesktop.portal.Background"

struct _AssayBackground
{
  GObject parent_instance;

  GApplication *application;    /* not owned */
  AssayService *service;
  GCancellable *cancellable;
  GHashTable *active;           /* ids of the batches of which something may still leave */
  gboolean working;
  gboolean holding;
  gboolean alone;
  gboolean asked;               /* the portal, since the last window went */
  gboolean reading;
  guint read_id;
};

G_DEFINE_FINAL_TYPE (AssayBackground, assay_background, G_TYPE_OBJECT)

static void read_soon (AssayBackground *self);

/* ---- The desktop ---- */

static void
portal_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);

  if (answer == NULL)
    g_debug ("Nobody was asked about running in the background: %s", error->message);
}

static void
call_portal (AssayBackground *self, const char *method, GVariant *parameters)
{
  GDBusConnection *bus = g_application_get_dbus_connection (self->application);
  gboolean sandboxed = g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS);

  if (bus == NULL)
    {
      g_variant_unref (g_variant_ref_sink (parameters));
      return;
    }
  /* Outside a sandbox nothing has to be asked; a portal that runs is told all the same. */
  g_dbus_connection_call (bus, PORTAL_NAME, PORTAL_PATH, PORTAL_INTERFACE, method, parameters, NULL,
                          sandboxed ? G_DBUS_CALL_FLAGS_NONE : G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, portal_cb,
                          NULL);
}

static void
ask_portal (AssayBackground *self)
{
  GVariantBuilder options;

  if (!self->alone || !self->working || self->asked)
    return;
  self->asked = TRUE;
  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "reason", g_variant_new_string (_("Invitations are still to be sent.")));
  g_variant_builder_add (&options, "{sv}", "autostart", g_variant_new_boolean (FALSE));
  call_portal (self, "RequestBackground", g_variant_new ("(sa{sv})", "", &options));
}

static void
tell_status (AssayBackground *self, guint left)
{
  g_autofree char *number = assay_format_count (left);
  /* Translators: %s is a number */
  g_autofree char *text = g_strdup_printf (ngettext ("%s invitation is still to be sent",
                                                     "%s invitations are still to be sent", left), number);
  GVariantBuilder options;

  if (!self->alone || !self->working || left == 0)
    return;
  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "message", g_variant_new_string (text));
  call_portal (self, "SetStatus", g_variant_new ("(a{sv})", &options));
}

static void
notify_done (AssayBackground *self, const AssayBatch *batch)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self->application));
  g_autofree char *summary = assay_batch_words_dup_summary (batch);
  g_autoptr (GNotification) notification = NULL;
  g_autofree char *id = NULL;

  if (batch->sent + batch->failed + batch->unsure == 0)
    return;
  /* Whoever looks at the window is told there, by the batch itself where that is shown. */
  if (window != NULL && gtk_window_is_active (window))
    {
      /* Translators: %s are an assessment and how its invitations went, as in "Python: 120 of 120 sent" */
      g_autofree char *text = g_strdup_printf (_("%s: %s"), batch->assessment_name, summary);

      /* A dialog has no messages of its own. */
      while (!ASSAY_IS_WINDOW (window) && gtk_window_get_transient_for (window) != NULL)
        window = gtk_window_get_transient_for (window);
      if (ASSAY_IS_WINDOW (window) && assay_window_shows_batch (ASSAY_WINDOW (window), batch->id))
        return;
      gtk_widget_activate_action (GTK_WIDGET (window), "win.message", "s", text);
      return;
    }

  notification = g_notification_new (batch->assessment_name);
  g_notification_set_body (notification, summary);
  g_notification_set_default_action_and_target (notification, "app.show-batch", "x", batch->id);
  id = assay_id_format (ASSAY_ID_BATCH, batch->id);
  g_application_send_notification (self->application, id, notification);
}

/* ---- What is still to be sent ---- */

typedef struct
{
  GArray *known;         /* ids of the batches that were active */
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_array_unref (question->known);
  g_free (question);
}

typedef struct
{
  gboolean waits;        /* an invitation may leave by itself */
  GPtrArray *active;
  GPtrArray *ended;
} Answer;

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  g_clear_pointer (&answer->active, g_ptr_array_unref);
  g_clear_pointer (&answer->ended, g_ptr_array_unref);
  g_free (answer);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Answer, answer_free)

static gboolean
contains (GPtrArray *batches, gint64 id)
{
  for (guint i = 0; i < batches->len; i++)
    if (((const AssayBatch *) g_ptr_array_index (batches, i))->id == id)
      return TRUE;
  return FALSE;
}

static gpointer
read_work (AssayDatabase *database, gpointer data, GError **error)
{
  const Question *question = data;
  g_autoptr (Answer) answer = g_new0 (Answer, 1);
  gint64 due;

  due = assay_ledger_get_next_due (database, error);
  if (due < 0)
    return NULL;
  answer->active = assay_batches_list (database, TRUE, error);
  if (answer->active == NULL)
    return NULL;

  answer->waits = due > 0;
  for (guint i = 0; i < answer->active->len; i++)
    {
      const AssayBatch *batch = g_ptr_array_index (answer->active, i);

      if (!batch->paused && batch->preparing + batch->sending > 0)
        answer->waits = TRUE;
    }

  answer->ended = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_batch_free);
  for (guint i = 0; i < question->known->len; i++)
    {
      gint64 id = g_array_index (question->known, gint64, i);
      AssayBatch *batch = contains (answer->active, id) ? NULL : assay_batches_get (database, id, NULL);

      if (batch != NULL)
        g_ptr_array_add (answer->ended, batch);
    }
  return g_steal_pointer (&answer);
}

static void
set_working (AssayBackground *self, gboolean working)
{
  self->working = working;
  if (working && !self->holding)
    g_application_hold (self->application);
  if (!working && self->holding)
    g_application_release (self->application);
  self->holding = working;
}

static void
read_work_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Answer) answer = assay_store_finish (ASSAY_STORE (object), result, &error);
  g_autoptr (AssayBackground) self = NULL;
  guint left = 0;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = g_object_ref (ASSAY_BACKGROUND (user_data));
  self->reading = FALSE;
  /* A store that can't be read is no reason to stay. */
  if (answer == NULL)
    {
      set_working (self, FALSE);
      return;
    }

  g_hash_table_remove_all (self->active);
  for (guint i = 0; i < answer->active->len; i++)
    {
      const AssayBatch *batch = g_ptr_array_index (answer->active, i);

      g_hash_table_add (self->active, g_memdup2 (&batch->id, sizeof batch->id));
      left += batch->paused ? 0 : batch->preparing + batch->waiting;
    }
  for (guint i = 0; i < answer->ended->len; i++)
    notify_done (self, g_ptr_array_index (answer->ended, i));
  if (answer->waits)
    {
      set_working (self, TRUE);
      ask_portal (self);
      tell_status (self, left);
    }
  else
    set_working (self, FALSE);
}

static void
read_now (gpointer user_data)
{
  AssayBackground *self = user_data;
  Question *question;
  GHashTableIter iter;
  gpointer key;

  self->read_id = 0;
  if (self->reading)
    {
      read_soon (self);
      return;
    }
  question = g_new0 (Question, 1);
  question->known = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_hash_table_iter_init (&iter, self->active);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_array_append_val (question->known, *(gint64 *) key);
  self->reading = TRUE;
  assay_store_read_async (assay_service_get_store (self->service), read_work, question, question_free, answer_free,
                          self->cancellable, read_work_cb, self);
}

static void
read_soon (AssayBackground *self)
{
  if (self->read_id == 0)
    self->read_id = g_timeout_add_once (READ_INTERVAL_MILLISECONDS, read_now, self);
}

static void
store_changed_cb (AssayBackground *self, const AssayChanges *changes)
{
  /* Something new is held on to at once: the window may be closed in the next moment. */
  if (!self->working && !self->reading &&
      assay_changes_has_kind (changes, ASSAY_CHANGE_BATCHES | ASSAY_CHANGE_OUTBOX))
    {
      g_clear_handle_id (&self->read_id, g_source_remove);
      read_now (self);
    }
  else if (assay_changes_has_kind (changes, ASSAY_CHANGE_BATCHES | ASSAY_CHANGE_OUTBOX | ASSAY_CHANGE_INVITATIONS |
                                              ASSAY_CHANGE_CONNECTIONS))
    read_soon (self);
}

gboolean
assay_background_is_working (AssayBackground *self)
{
  g_return_val_if_fail (ASSAY_IS_BACKGROUND (self), FALSE);

  return self->working;
}

void
assay_background_set_alone (AssayBackground *self, gboolean alone)
{
  g_return_if_fail (ASSAY_IS_BACKGROUND (self));

  self->alone = alone;
  if (!alone)
    self->asked = FALSE;
  ask_portal (self);
}

/* ---- The object ---- */

static void
assay_background_dispose (GObject *object)
{
  AssayBackground *self = ASSAY_BACKGROUND (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->read_id, g_source_remove);
  set_working (self, FALSE);
  g_clear_object (&self->service);

  G_OBJECT_CLASS (assay_background_parent_class)->dispose (object);
}

static void
assay_background_finalize (GObject *object)
{
  g_clear_pointer (&ASSAY_BACKGROUND (object)->active, g_hash_table_unref);

  G_OBJECT_CLASS (assay_background_parent_class)->finalize (object);
}

static void
assay_background_class_init (AssayBackgroundClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = assay_background_dispose;
  object_class->finalize = assay_background_finalize;
}

static void
assay_background_init (AssayBackground *self)
{
  self->cancellable = g_cancellable_new ();
  self->active = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

AssayBackground *
assay_background_new (GApplication *application, AssayService *service)
{
  AssayBackground *self;

  g_return_val_if_fail (G_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (ASSAY_IS_SERVICE (service), NULL);

  self = g_object_new (ASSAY_TYPE_BACKGROUND, NULL);
  self->application = application;
  self->service = g_object_ref (service);
  g_signal_connect_object (assay_service_get_store (service), "changed", G_CALLBACK (store_changed_cb), self,
                           G_CONNECT_SWAPPED);
  read_now (self);
  return self;
}
