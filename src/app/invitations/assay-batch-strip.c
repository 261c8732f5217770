/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The batches, newest first. */
#include "config.h"

#include "assay-batch-strip.h"

#include <glib/gi18n.h>

#include "assay-batch-words.h"
#include "assay-format.h"

/* While thousands of invitations leave, their numbers need not be counted for each of them. */
#define READ_INTERVAL_MILLISECONDS 1000
#define N_SHOWN 50
/* So much of it is seen; the rest is scrolled to. */
#define MAX_HEIGHT 190

struct _AssayBatchStrip
{
  AdwBin parent_instance;

  AssayService *service;
  GCancellable *cancellable;
  GtkListBox *list;
  gboolean reading;
  guint read_id;
};

static guint activated_signal;

G_DEFINE_FINAL_TYPE (AssayBatchStrip, assay_batch_strip, ADW_TYPE_BIN)

static void read_soon (AssayBatchStrip *self);

/* ---- A row ---- */

typedef struct
{
  gint64 id;
  GtkLabel *title;
  GtkLabel *line;
  GtkProgressBar *bar;
} Parts;

static Parts *
get_parts (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "assay-parts");
}

static GtkWidget *
make_row (void)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  Parts *parts = g_new0 (Parts, 1);

  parts->title = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "ellipsize", PANGO_ELLIPSIZE_END, NULL);
  parts->line = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "ellipsize", PANGO_ELLIPSIZE_END, NULL);
  parts->bar = GTK_PROGRESS_BAR (gtk_progress_bar_new ());
  gtk_widget_add_css_class (GTK_WIDGET (parts->line), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (parts->line), "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (parts->line), "numeric");
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (parts->title));
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (parts->line));
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (parts->bar));
  gtk_widget_add_css_class (column, "batch");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), column);
  g_object_set_data_full (G_OBJECT (row), "assay-parts", parts, g_free);
  return row;
}

static void
show_batch (AssayBatchStrip *self, GtkListBoxRow *row, const AssayBatch *batch)
{
  Parts *parts = get_parts (row);
  gboolean active = assay_batch_is_active (batch);
  g_autofree char *summary = assay_batch_words_dup_summary (batch);
  g_autofree char *when = assay_format_relative_time (batch->created_at);
  g_autofree char *pace = assay_batch_words_dup_pace (batch, assay_service_get_offline (self->service));
  g_autofree char *line = g_strdup_printf ("%s · %s", summary, active ? pace : when);
  /* Translators: the assessment of a batch and how far it is, as a screen reader reads them */
  g_autofree char *spoken = g_strdup_printf (_("Batch: %s, %s"), batch->assessment_name, line);

  parts->id = batch->id;
  gtk_label_set_label (parts->title, batch->assessment_name);
  gtk_label_set_label (parts->line, line);
  gtk_progress_bar_set_fraction (parts->bar, assay_batch_words_get_fraction (batch));
  gtk_widget_set_visible (GTK_WIDGET (parts->bar), active);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

/* ---- Reading ---- */

static gpointer
read_batches (AssayDatabase *database, gpointer data, GError **error)
{
  return assay_batches_list (database, FALSE, error);
}

static void
read_batches_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) batches = assay_store_finish (ASSAY_STORE (object), result, &error);
  AssayBatchStrip *self;
  gint64 now = assay_time_now ();
  gboolean counting = FALSE;
  guint n_shown;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = user_data;
  self->reading = FALSE;
  /* The list beneath says what is wrong with the store. */
  if (batches == NULL)
    return;

  n_shown = MIN (batches->len, N_SHOWN);
  for (guint i = 0; i < n_shown; i++)
    {
      const AssayBatch *batch = g_ptr_array_index (batches, i);
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, (int) i);

      counting |= assay_batch_is_active (batch) && !batch->paused && batch->due_at > now;
      if (row == NULL)
        {
          row = GTK_LIST_BOX_ROW (make_row ());
          gtk_list_box_append (self->list, GTK_WIDGET (row));
        }
      show_batch (self, row, batch);
    }
  for (GtkListBoxRow *row; (row = gtk_list_box_get_row_at_index (self->list, (int) n_shown)) != NULL;)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  gtk_widget_set_visible (GTK_WIDGET (self), n_shown > 0);
  /* The seconds until one goes out pass although nothing changes. */
  if (counting)
    read_soon (self);
}

static void
read_now (gpointer user_data)
{
  AssayBatchStrip *self = user_data;

  self->read_id = 0;
  if (self->reading)
    {
      read_soon (self);
      return;
    }
  self->reading = TRUE;
  assay_store_read_async (assay_service_get_store (self->service), read_batches, NULL, NULL,
                          (GDestroyNotify) g_ptr_array_unref, self->cancellable, read_batches_cb, self);
}

static void
read_soon (AssayBatchStrip *self)
{
  if (self->read_id == 0)
    self->read_id = g_timeout_add_once (READ_INTERVAL_MILLISECONDS, read_now, self);
}

static void
store_changed_cb (AssayBatchStrip *self, const AssayChanges *changes)
{
  if (assay_changes_has_kind (changes, ASSAY_CHANGE_BATCHES))
    {
      g_clear_handle_id (&self->read_id, g_source_remove);
      read_now (self);
    }
  else if (assay_changes_has_kind (changes, ASSAY_CHANGE_OUTBOX | ASSAY_CHANGE_INVITATIONS))
    read_soon (self);
}

static void
row_activated_cb (AssayBatchStrip *self, GtkListBoxRow *row)
{
  g_signal_emit (self, activated_signal, 0, get_parts (row)->id);
}

void
assay_batch_strip_set_service (AssayBatchStrip *self, AssayService *service)
{
  g_return_if_fail (ASSAY_IS_BATCH_STRIP (self));
  g_return_if_fail (ASSAY_IS_SERVICE (service));
  g_return_if_fail (self->service == NULL);

  self->service = g_object_ref (service);
  g_signal_connect_object (assay_service_get_store (service), "changed", G_CALLBACK (store_changed_cb), self,
                           G_CONNECT_SWAPPED);
  read_now (self);
}

static void
assay_batch_strip_dispose (GObject *object)
{
  AssayBatchStrip *self = ASSAY_BATCH_STRIP (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->read_id, g_source_remove);
  g_clear_object (&self->service);

  G_OBJECT_CLASS (assay_batch_strip_parent_class)->dispose (object);
}

static void
assay_batch_strip_class_init (AssayBatchStripClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = assay_batch_strip_dispose;

  activated_signal = g_signal_new ("activated", ASSAY_TYPE_BATCH_STRIP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void
assay_batch_strip_init (AssayBatchStrip *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->cancellable = g_cancellable_new ();
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "navigation-sidebar");
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "batches");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Batches"), -1);
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (row_activated_cb), self);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), MAX_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->list));
  gtk_box_append (GTK_BOX (column), scroller);
  gtk_box_append (GTK_BOX (column), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  adw_bin_set_child (ADW_BIN (self), column);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
assay_batch_strip_new (void)
{
  return g_object_new (ASSAY_TYPE_BATCH_STRIP, NULL);
}
