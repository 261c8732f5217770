/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The choice of an assessment. */
#include "config.h"

#include "assay-assessment-picker.h"

#include <string.h>

#include <glib/gi18n.h>

#include "assay-assessment-row.h"
#include "assay-connect-dialog.h"
#include "assay-connection-row.h"
#include "assay-format.h"
#include "assay-last-assessment.h"
#include "assay-notice.h"
#include "assay-queries.h"
#include "assay-settings.h"

struct _AssayAssessmentPicker
{
  AdwBin parent_instance;

  AssayService *service;
  GCancellable *cancellable;
  GSettings *settings;               /* (nullable) where the program isn't installed whole */
  gint64 job_id;
  gint64 application_id;             /* for whom, or 0 */
  GPtrArray *connections;            /* (element-type AssayConnection) (nullable) until they were read */
  GPtrArray *assessments;            /* (element-type AssayAssessment) (nullable) likewise; those that can be sent */
  GError *load_error;                /* (nullable) why the store couldn't be read, while it never was */
  GError *refresh_error;             /* (nullable) why the lists couldn't be read again */
  gint64 refreshed_at;               /* when the oldest of the lists shown was read, 0 for none */
  gint64 failing_id;                 /* the provider that the notice speaks of, or 0 */
  gboolean has_provider;
  gboolean loading;
  gboolean load_again;               /* the store has changed while it was read */
  gboolean refreshing;

  GtkStack *refresh_stack;
  GtkSpinner *spinner;
  GtkButton *refresh_button;
  AssayAssessmentRow *row;
  AssayNotice *notice;
};

enum
{
  PICKED,
  LOADED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AssayAssessmentPicker, assay_assessment_picker, ADW_TYPE_BIN)

static void load (AssayAssessmentPicker *self);

void
assay_assessment_picker_remember (AssayAssessmentPicker *self)
{
  const AssayAssessment *picked;

  g_return_if_fail (ASSAY_IS_ASSESSMENT_PICKER (self));

  picked = assay_assessment_row_get_picked (self->row);
  if (picked != NULL)
    assay_last_assessment_set (self->settings, self->job_id, picked->id);
}

/* ---- What the store knows ---- */

typedef struct
{
  GPtrArray *connections;
  GPtrArray *assessments;
  gint64 job_id;
  GHashTable *invited;   /* a set: the ids of those that the person was invited to */
} Knowledge;

static void
knowledge_free (Knowledge *knowledge)
{
  g_clear_pointer (&knowledge->connections, g_ptr_array_unref);
  g_clear_pointer (&knowledge->assessments, g_ptr_array_unref);
  g_clear_pointer (&knowledge->invited, g_hash_table_unref);
  g_free (knowledge);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Knowledge, knowledge_free)

typedef struct
{
  gint64 application_id;
  gint64 job_id;
} Question;

/* Runs on a thread of the store. */
static gpointer
read_knowledge (AssayDatabase *database, gpointer data, GError **error)
{
  const Question *question = data;
  g_autoptr (Knowledge) knowledge = g_new0 (Knowledge, 1);
  g_autoptr (AssayApplication) application = NULL;

  knowledge->job_id = question->job_id;
  knowledge->connections = assay_connections_list (database, error);
  if (knowledge->connections == NULL)
    return NULL;
  knowledge->assessments = assay_assessments_list (database, 0, FALSE, error);
  if (knowledge->assessments == NULL)
    return NULL;
  if (question->application_id == 0)
    {
      knowledge->invited = g_hash_table_new (g_int64_hash, g_int64_equal);
      return g_steal_pointer (&knowledge);
    }
  application = assay_applications_get (database, question->application_id, error);
  if (application == NULL)
    return NULL;
  knowledge->job_id = application->job_id;
  knowledge->invited = assay_assessments_find_invited (database, application->email, knowledge->assessments, error);
  if (knowledge->invited == NULL)
    return NULL;
  return g_steal_pointer (&knowledge);
}

static const AssayConnection *
find_connection (AssayAssessmentPicker *self, gint64 id)
{
  for (guint i = 0; self->connections != NULL && i < self->connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (self->connections, i);

      if (connection->id == id)
        return connection;
    }
  return NULL;
}

static gboolean
is_usable (const AssayConnection *connection)
{
  return connection->role == ASSAY_ROLE_PROVIDER &&
         (assay_connector_get_capabilities (connection) & ASSAY_CAN_IMPORT) == 0 &&
         (connection->state == ASSAY_CONNECTION_ENABLED || connection->state == ASSAY_CONNECTION_FAILING);
}

static void
update (AssayAssessmentPicker *self)
{
  gtk_stack_set_visible_child_name (self->refresh_stack, self->refreshing ? "spinner" : "icon");
  gtk_spinner_set_spinning (self->spinner, self->refreshing);
}

/* What happens to the providers' lists is said beneath the drop-down; the lists stay usable. */
static void
show_notice (AssayAssessmentPicker *self)
{
  const char *unlock = g_error_matches (self->refresh_error, ASSAY_ERROR, ASSAY_ERROR_KEYRING_LOCKED)
                         ? _("Unlock") : NULL;

  self->failing_id = 0;
  for (guint i = 0; i < self->connections->len; i++)
    {
      const AssayConnection *connection = g_ptr_array_index (self->connections, i);
      g_autofree char *sentence = NULL;

      if (connection->role != ASSAY_ROLE_PROVIDER || connection->state != ASSAY_CONNECTION_FAILING)
        continue;
      self->failing_id = connection->id;
      sentence = assay_connection_row_dup_reason (connection);
      assay_notice_say (self->notice, ASSAY_NOTICE_WARNING, sentence, _("Fix…"));
      return;
    }

  if (self->refresh_error == NULL)
    assay_notice_clear (self->notice);
  else if (assay_error_is_keyring (self->refresh_error))
    assay_notice_say_error (self->notice, self->refresh_error, unlock);
  else if (self->refreshed_at != 0)
    {
      g_autofree char *time = assay_format_clock_time (self->refreshed_at);
      g_autofree char *sentence = NULL;

      /* Translators: the first %s is a sentence about what went wrong, the second a time such as 14:02 */
      sentence = g_strdup_printf (_("%s Until then this is the list of %s."), self->refresh_error->message, time);
      assay_notice_say (self->notice, ASSAY_NOTICE_WARNING, sentence, _("Try Again"));
    }
  else
    assay_notice_say_error (self->notice, self->refresh_error, _("Try Again"));
}

typedef struct
{
  char *key;
  gpointer assessment;   /* (transfer none) */
} Place;

static void
place_clear (gpointer data)
{
  g_free (((Place *) data)->key);
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  return strcmp (((const Place *) a)->key, ((const Place *) b)->key);
}

/* As people sort: by their language, and “Python 2” before “Python 10”. */
static void
sort_by_name (GPtrArray *assessments)
{
  g_autoptr (GArray) places = g_array_sized_new (FALSE, FALSE, sizeof (Place), assessments->len);

  g_array_set_clear_func (places, place_clear);
  for (guint i = 0; i < assessments->len; i++)
    {
      AssayAssessment *assessment = g_ptr_array_index (assessments, i);
      g_autofree char *folded = g_utf8_casefold (assessment->name, -1);
      Place place = { g_utf8_collate_key_for_filename (folded, -1), assessment };

      g_array_append_val (places, place);
    }
  /* Stable: those of one name stay as the store has them. */
  g_array_sort (places, compare_places);
  for (guint i = 0; i < assessments->len; i++)
    assessments->pdata[i] = g_array_index (places, Place, i).assessment;
}

static void
take_knowledge (AssayAssessmentPicker *self, Knowledge *knowledge)
{
  const AssayAssessment *picked = assay_assessment_row_get_picked (self->row);
  gint64 before = picked != NULL ? picked->id : 0;
  gint64 last;

  self->job_id = knowledge->job_id;
  last = assay_last_assessment_get (self->settings, self->job_id);
  if (g_hash_table_contains (knowledge->invited, &last))
    last = 0;
  g_clear_error (&self->load_error);
  g_clear_pointer (&self->connections, g_ptr_array_unref);
  g_clear_pointer (&self->assessments, g_ptr_array_unref);
  self->connections = g_steal_pointer (&knowledge->connections);
  self->assessments = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_assessment_free);
  self->refreshed_at = 0;
  self->has_provider = FALSE;
  for (guint i = 0; i < self->connections->len; i++)
    if (is_usable (g_ptr_array_index (self->connections, i)))
      self->has_provider = TRUE;

  for (guint i = 0; i < knowledge->assessments->len; i++)
    {
      const AssayAssessment *assessment = g_ptr_array_index (knowledge->assessments, i);
      const AssayConnection *connection = find_connection (self, assessment->connection_id);
      AssayAssessment *copy;

      if (!assessment->active || connection == NULL || !is_usable (connection))
        continue;
      if (self->refreshed_at == 0 || assessment->refreshed_at < self->refreshed_at)
        self->refreshed_at = assessment->refreshed_at;
      copy = assay_assessment_copy (assessment);
      if (copy->connection_name == NULL)
        copy->connection_name = g_strdup (connection->name);
      g_ptr_array_add (self->assessments, copy);
    }
  sort_by_name (self->assessments);
  /* The one used last stands first, unless this person was invited to it already. */
  for (guint i = 0; i < self->assessments->len; i++)
    if (((AssayAssessment *) g_ptr_array_index (self->assessments, i))->id == last)
      {
        g_ptr_array_insert (self->assessments, 0, g_ptr_array_steal_index (self->assessments, i));
        break;
      }
  assay_assessment_row_set_assessments (self->row, self->assessments, knowledge->invited);
  if (self->assessments->len == 1)
    {
      const AssayAssessment *only = g_ptr_array_index (self->assessments, 0);

      last = g_hash_table_contains (knowledge->invited, &only->id) ? 0 : only->id;
    }
  if (assay_assessment_row_get_picked (self->row) == NULL)
    assay_assessment_row_pick (self->row, last);
  show_notice (self);

  g_signal_emit (self, signals[LOADED], 0);
  picked = assay_assessment_row_get_picked (self->row);
  if ((picked != NULL ? picked->id : 0) != before)
    g_signal_emit (self, signals[PICKED], 0);
}

static void
load_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AssayAssessmentPicker *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (Knowledge) knowledge = assay_store_finish (ASSAY_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->loading = FALSE;
  if (knowledge != NULL)
    take_knowledge (self, knowledge);
  else
    {
      assay_notice_say_error (self->notice, error, NULL);
      if (self->connections == NULL)
        {
          g_clear_error (&self->load_error);
          self->load_error = g_steal_pointer (&error);
          g_signal_emit (self, signals[LOADED], 0);
        }
    }
  if (self->load_again)
    load (self);
}

static void
load (AssayAssessmentPicker *self)
{
  Question question = { .application_id = self->application_id, .job_id = self->job_id };

  self->load_again = self->loading;
  if (self->loading)
    return;
  self->loading = TRUE;
  assay_store_read_async (assay_service_get_store (self->service), read_knowledge,
                          g_memdup2 (&question, sizeof question), g_free, (GDestroyNotify) knowledge_free,
                          self->cancellable, load_cb, self);
}

static void
store_changed_cb (AssayAssessmentPicker *self, const AssayChanges *changes)
{
  if (assay_changes_has_kind (changes, ASSAY_CHANGE_CONNECTIONS | ASSAY_CHANGE_ASSESSMENTS) ||
      (self->application_id != 0 && assay_changes_has (changes, ASSAY_CHANGE_APPLICATIONS, self->application_id)))
    load (self);
}

/* ---- Reading the lists again ---- */

static void
refresh_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AssayAssessmentPicker *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!assay_service_refresh_assessments_finish (ASSAY_SERVICE (source), result, &error) &&
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->refreshing = FALSE;
  self->refresh_error = g_steal_pointer (&error);
  update (self);
  load (self);
}

void
assay_assessment_picker_refresh (AssayAssessmentPicker *self)
{
  g_return_if_fail (ASSAY_IS_ASSESSMENT_PICKER (self));

  if (self->refreshing)
    return;
  self->refreshing = TRUE;
  g_clear_error (&self->refresh_error);
  update (self);
  assay_service_refresh_assessments_async (self->service, 0, self->cancellable, refresh_cb, self);
}

static void
unlock_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  AssayAssessmentPicker *self = user_data;
  g_autoptr (GError) error = NULL;

  if (assay_service_unlock_keyring_finish (ASSAY_SERVICE (source), result, &error))
    assay_assessment_picker_refresh (self);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    assay_notice_say_error (self->notice, error, NULL);
}

static void
notice_activated_cb (AssayAssessmentPicker *self)
{
  GtkWindow *dialog;

  if (self->failing_id == 0 && g_error_matches (self->refresh_error, ASSAY_ERROR, ASSAY_ERROR_KEYRING_LOCKED))
    {
      assay_service_unlock_keyring_async (self->service, self->cancellable, unlock_cb, self);
      return;
    }
  if (self->failing_id == 0)
    {
      assay_assessment_picker_refresh (self);
      return;
    }
  dialog = assay_connect_dialog_new_for_connection (self->service, self->failing_id);
  gtk_window_set_transient_for (dialog, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))));
  gtk_window_present (dialog);
}

static void
row_picked_cb (AssayAssessmentPicker *self)
{
  g_signal_emit (self, signals[PICKED], 0);
}

/* ---- What others ask ---- */

gboolean
assay_assessment_picker_is_loaded (AssayAssessmentPicker *self)
{
  g_return_val_if_fail (ASSAY_IS_ASSESSMENT_PICKER (self), FALSE);

  return self->connections != NULL;
}

gboolean
assay_assessment_picker_has_provider (AssayAssessmentPicker *self)
{
  g_return_val_if_fail (ASSAY_IS_ASSESSMENT_PICKER (self), FALSE);

  return self->has_provider;
}

const GError *
assay_assessment_picker_get_error (AssayAssessmentPicker *self)
{
  g_return_val_if_fail (ASSAY_IS_ASSESSMENT_PICKER (self), NULL);

  return self->load_error;
}

GPtrArray *
assay_assessment_picker_get_connections (AssayAssessmentPicker *self)
{
  g_return_val_if_fail (ASSAY_IS_ASSESSMENT_PICKER (self), NULL);

  return self->connections;
}

const AssayAssessment *
assay_assessment_picker_get_picked (AssayAssessmentPicker *self)
{
  g_return_val_if_fail (ASSAY_IS_ASSESSMENT_PICKER (self), NULL);

  return assay_assessment_row_get_picked (self->row);
}

const AssayConnection *
assay_assessment_picker_get_provider (AssayAssessmentPicker *self)
{
  const AssayAssessment *picked;

  g_return_val_if_fail (ASSAY_IS_ASSESSMENT_PICKER (self), NULL);

  picked = assay_assessment_row_get_picked (self->row);
  return picked != NULL ? find_connection (self, picked->connection_id) : NULL;
}

gint64
assay_assessment_picker_get_any (AssayAssessmentPicker *self)
{
  const AssayAssessment *assessment;

  g_return_val_if_fail (ASSAY_IS_ASSESSMENT_PICKER (self), 0);

  assessment = assay_assessment_row_get_picked (self->row);
  if (assessment == NULL && self->assessments != NULL && self->assessments->len > 0)
    assessment = g_ptr_array_index (self->assessments, 0);
  return assessment != NULL ? assessment->id : 0;
}

void
assay_assessment_picker_set_job (AssayAssessmentPicker *self, gint64 job_id)
{
  g_return_if_fail (ASSAY_IS_ASSESSMENT_PICKER (self));

  self->job_id = job_id;
}

void
assay_assessment_picker_set_application (AssayAssessmentPicker *self, gint64 application_id)
{
  g_return_if_fail (ASSAY_IS_ASSESSMENT_PICKER (self));

  self->application_id = application_id;
}

void
assay_assessment_picker_set_service (AssayAssessmentPicker *self, AssayService *service)
{
  g_return_if_fail (ASSAY_IS_ASSESSMENT_PICKER (self));
  g_return_if_fail (ASSAY_IS_SERVICE (service));
  g_return_if_fail (self->service == NULL);

  self->service = g_object_ref (service);
  g_signal_connect_object (assay_service_get_store (service), "changed", G_CALLBACK (store_changed_cb), self,
                           G_CONNECT_SWAPPED);
  load (self);
  assay_assessment_picker_refresh (self);
}

/* ---- The object ---- */

static gboolean
assay_assessment_picker_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (ASSAY_ASSESSMENT_PICKER (widget)->row));
}

static void
assay_assessment_picker_dispose (GObject *object)
{
  AssayAssessmentPicker *self = ASSAY_ASSESSMENT_PICKER (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (assay_assessment_picker_parent_class)->dispose (object);
}

static void
assay_assessment_picker_finalize (GObject *object)
{
  AssayAssessmentPicker *self = ASSAY_ASSESSMENT_PICKER (object);

  g_clear_object (&self->service);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->connections, g_ptr_array_unref);
  g_clear_pointer (&self->assessments, g_ptr_array_unref);
  g_clear_error (&self->load_error);
  g_clear_error (&self->refresh_error);
  G_OBJECT_CLASS (assay_assessment_picker_parent_class)->finalize (object);
}

static void
assay_assessment_picker_class_init (AssayAssessmentPickerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = assay_assessment_picker_dispose;
  object_class->finalize = assay_assessment_picker_finalize;
  widget_class->grab_focus = assay_assessment_picker_grab_focus;

  signals[PICKED] = g_signal_new ("picked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
  signals[LOADED] = g_signal_new ("loaded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);

  g_type_ensure (ASSAY_TYPE_ASSESSMENT_ROW);
  g_type_ensure (ASSAY_TYPE_NOTICE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/assayapp/Assay/assay-assessment-picker.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayAssessmentPicker, refresh_stack);
  gtk_widget_class_bind_template_child (widget_class, AssayAssessmentPicker, spinner);
  gtk_widget_class_bind_template_child (widget_class, AssayAssessmentPicker, refresh_button);
  gtk_widget_class_bind_template_child (widget_class, AssayAssessmentPicker, row);
  gtk_widget_class_bind_template_child (widget_class, AssayAssessmentPicker, notice);
  gtk_widget_class_bind_template_callback (widget_class, assay_assessment_picker_refresh);
  gtk_widget_class_bind_template_callback (widget_class, row_picked_cb);
  gtk_widget_class_bind_template_callback (widget_class, notice_activated_cb);
}

static void
assay_assessment_picker_init (AssayAssessmentPicker *self)
{
  self->cancellable = g_cancellable_new ();
  self->settings = assay_settings_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
assay_assessment_picker_new (void)
{
  return g_object_new (ASSAY_TYPE_ASSESSMENT_PICKER, NULL);
}
