/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exporting and importing connections from the window. */
#include "config.h"

#include "assay-portable-actions.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "assay-chooser.h"
#include "assay-queries.h"
#include "assay-question.h"
#include "assay-service-portable.h"

#define DEFAULT_NAME "assay-connections.json"

/* What goes from step to step. */
typedef struct
{
  GtkWidget *widget;      /* owned */
  AssayService *service;  /* owned */
  GFile *file;            /* (nullable) */
  char *text;             /* (nullable) */
  gsize length;
  GPtrArray *imports;     /* (nullable) (element-type AssayImport) */
} Job;

static Job *
job_new (GtkWidget    *widget,
         AssayService *service)
{
  Job *job = g_new0 (Job, 1);

  job->widget = g_object_ref (widget);
  job->service = g_object_ref (service);
  return job;
}

static void
job_free (Job *job)
{
  g_object_unref (job->widget);
  g_object_unref (job->service);
  g_clear_object (&job->file);
  g_clear_pointer (&job->imports, g_ptr_array_unref);
  g_free (job->text);
  g_free (job);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Job, job_free)

static void
say (Job        *job,
     const char *sentence)
{
  gtk_widget_activate_action (job->widget, "win.message", "s", sentence);
}

static GtkFileChooserNative *
make_chooser (GtkWidget            *widget,
              const char           *title,
              GtkFileChooserAction  action)
{
  return gtk_file_chooser_native_new (title, GTK_WINDOW (gtk_widget_get_root (widget)), action, NULL, NULL);
}

static gpointer
read_connections (AssayDatabase  *database,
                  gpointer        data,
                  GError        **error)
{
  return assay_connections_list (database, error);
}

/* ---- Exporting ---- */

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Job) job = user_data;
  g_autoptr (GError) error = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    say (job, _("The connections are exported. There is no key in the file."));
  else
    say (job, error->message);
}

static void
to_export_read_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (Job) job = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) connections = assay_store_finish (ASSAY_STORE (source), result, &error);
  g_autofree char *text = NULL;
  g_autoptr (GBytes) bytes = NULL;
  GFile *file = job->file;

  if (connections == NULL)
    {
      say (job, error->message);
      return;
    }
  text = assay_portable_export (connections);
  bytes = g_bytes_new (text, strlen (text));
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL, written_cb,
                                       g_steal_pointer (&job));
}

static void
export_chosen_cb (GFile    *file,
                  gpointer  user_data)
{
  const Job *asked = user_data;
  Job *job = job_new (asked->widget, asked->service);

  job->file = g_object_ref (file);
  assay_store_read_async (assay_service_get_store (job->service), read_connections, NULL, NULL,
                          (GDestroyNotify) g_ptr_array_unref, NULL, to_export_read_cb, job);
}

void
assay_portable_export_from (GtkWidget    *widget,
                            AssayService *service)
{
  GtkFileChooserNative *chooser = make_chooser (widget, _("Export Connections"), GTK_FILE_CHOOSER_ACTION_SAVE);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), DEFAULT_NAME);
  assay_chooser_show (chooser, export_chosen_cb, job_new (widget, service), (GDestroyNotify) job_free);
}

/* ---- Importing ---- */

static void
imported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (Job) job = user_data;
  g_autoptr (GError) error = NULL;
  gint64 done = assay_service_import_finish (ASSAY_SERVICE (source), result, &error);

  if (done < 0)
    say (job, error->message);
  else
    say (job, _("The connections are imported. Relink those that are new: a file has no keys."));
}

static void
import_response_cb (AdwMessageDialog *dialog,
                    const char       *response,
                    const Job        *asked)
{
  if (g_str_equal (response, "import"))
    assay_service_import_async (asked->service, asked->imports, NULL, imported_cb, job_new (asked->widget, asked->service));
}

static void
job_closure_free (gpointer  data,
                  GClosure *closure)
{
  job_free (data);
}

/* How the wizard calls the setting @name; a setting that the connector has no more keeps its name. */
static const char *
get_setting_title (const AssayConnectorDescription *description,
                   const char                      *name)
{
  for (const AssaySettingDescription *setting = description->settings; setting->name != NULL; setting++)
    if (g_str_equal (setting->name, name))
      return _(setting->title);
  return name;
}

static char *
describe (const AssayImport *import)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < import->differences->len; i++)
    {
      const AssayImportDifference *difference = g_ptr_array_index (import->differences, i);
      const char *title = get_setting_title (import->description, difference->name);

      if (i > 0)
        g_string_append_c (text, '\n');
      if (import->action == ASSAY_IMPORT_ADD)
        g_string_append_printf (text, "%s: %s", title, difference->after);
      else
        /* Translators: a setting (%1$s) changes from one value to another */
        g_string_append_printf (text, _("%1$s: %2$s → %3$s"), title,
                                difference->before != NULL ? difference->before : "–",
                                difference->after != NULL ? difference->after : "–");
    }
  return g_string_free (text, FALSE);
}

static GtkWidget *
make_differences (GPtrArray *imports)
{
  static const char *const words[] = { N_("New"), N_("Changes"), N_("As it is") };
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *group = adw_preferences_group_new ();

  for (guint i = 0; i < imports->len; i++)
    {
      const AssayImport *import = g_ptr_array_index (imports, i);
      g_autofree char *text = describe (import);
      GtkWidget *row = adw_action_row_new ();
      GtkWidget *word = gtk_label_new (_(words[import->action]));

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), import->name);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
      adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
      gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
      gtk_widget_add_css_class (word, "caption");
      gtk_widget_add_css_class (word, import->action == ASSAY_IMPORT_SAME ? "dim-label" : "accent");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), word);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
    }
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), group);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 320);
  return scrolled;
}

static void
here_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (Job) job = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) connections = assay_store_finish (ASSAY_STORE (source), result, &error);
  GtkRoot *root = gtk_widget_get_root (job->widget);
  gboolean anything = FALSE;
  AdwMessageDialog *dialog;

  if (connections != NULL)
    job->imports = assay_portable_compare (job->text, job->length, connections, &error);
  if (job->imports == NULL)
    {
      say (job, error->message);
      return;
    }
  for (guint i = 0; i < job->imports->len; i++)
    anything = anything ||
               ((const AssayImport *) g_ptr_array_index (job->imports, i))->action != ASSAY_IMPORT_SAME;
  if (!anything)
    {
      say (job, _("Everything in this file is here already."));
      return;
    }
  if (root == NULL)
    return;
  dialog = assay_question_new (GTK_WINDOW (root), _("Import These Connections?"),
                               _("Those that are new are saved without a key, and are to be relinked. None is "
                                 "removed."));
  adw_message_dialog_set_extra_child (dialog, make_differences (job->imports));
  adw_message_dialog_add_responses (dialog, "cancel", _("Cancel"), "import", _("Import"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "import", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_close_response (dialog, "cancel");
  adw_message_dialog_set_default_response (dialog, "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (import_response_cb), g_steal_pointer (&job), job_closure_free,
                         G_CONNECT_DEFAULT);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* A file that is too large is none of ours, and isn't read to its end. */
static gboolean
wants_more (const char *contents,
            goffset     size,
            gpointer    user_data)
{
  return size <= ASSAY_PORTABLE_MAX_SIZE;
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (Job) job = user_data;
  g_autoptr (GError) error = NULL;
  AssayStore *store = assay_service_get_store (job->service);

  if (!g_file_load_partial_contents_finish (G_FILE (source), result, &job->text, &job->length, NULL, &error))
    {
      say (job, error->message);
      return;
    }
  assay_store_read_async (store, read_connections, NULL, NULL, (GDestroyNotify) g_ptr_array_unref, NULL, here_read_cb,
                          g_steal_pointer (&job));
}

static void
import_chosen_cb (GFile    *file,
                  gpointer  user_data)
{
  const Job *asked = user_data;

  g_file_load_partial_contents_async (file, NULL, wants_more, loaded_cb, job_new (asked->widget, asked->service));
}

void
assay_portable_import_from (GtkWidget    *widget,
                            AssayService *service)
{
  GtkFileChooserNative *chooser = make_chooser (widget, _("Import Connections"), GTK_FILE_CHOOSER_ACTION_OPEN);

  assay_chooser_show (chooser, import_chosen_cb, job_new (widget, service), (GDestroyNotify) job_free);
}
