/* SPDX-License-Identifier: GPL-3.0-or-later */
/* application assessments, application download: what is asked for in the ATS itself, now. */
#include "config.h"

#include "ctl-commands.h"

#include <glib/gi18n.h>

#include "assay-ats.h"
#include "ctl-json.h"
#include "ctl-output.h"
#include "ctl-record.h"

static void
print_records (CtlContext *context,
               GPtrArray  *records)
{
  g_autoptr (CtlJson) json = NULL;
  g_autoptr (GString) text = NULL;

  if (context->json)
    {
      json = ctl_json_new ();
      ctl_json_begin_array (json);
    }
  else
    text = g_string_new (NULL);
  for (guint i = 0; i < records->len; i++)
    {
      const AssayAtsRecord *record = g_ptr_array_index (records, i);

      if (json != NULL)
        {
          ctl_json_begin_object (json);
          ctl_json_string (json, "remote_id", record->remote_id);
          ctl_json_member (json, "members");
          ctl_json_begin_array (json);
        }
      else if (i > 0)
        g_string_append_c (text, '\n');
      for (guint j = 0; j < record->names->len; j++)
        if (json != NULL)
          {
            ctl_json_begin_object (json);
            ctl_json_string (json, "name", g_ptr_array_index (record->names, j));
            ctl_json_string (json, "value", g_ptr_array_index (record->values, j));
            ctl_json_end_object (json);
          }
        else
          ctl_describe (text, g_ptr_array_index (record->names, j), g_ptr_array_index (record->values, j));
      if (json != NULL)
        {
          ctl_json_end_array (json);
          ctl_json_end_object (json);
        }
    }
  if (json != NULL)
    {
      ctl_json_end_array (json);
      ctl_output_json (json);
    }
  else if (records->len > 0)
    ctl_output_text (text->str);
  else
    ctl_output_text (_("The applicant tracking system has no assessments of this candidate.\n"));
}

gboolean
ctl_application_assessments (CtlContext    *context,
                             CtlArguments  *arguments,
                             GError       **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (AssayApplication) application = NULL;
  GError *local_error = NULL;
  AssayService *service;
  gint64 id;

  if (!ctl_parse_id (ctl_arguments_get_word (arguments, 0), ASSAY_ID_APPLICATION, &id, error))
    return FALSE;
  application = ctl_load_application (context, id, error);
  service = application != NULL ? ctl_context_get_service (context, error) : NULL;
  if (service == NULL)
    return FALSE;
  assay_service_list_own_assessments_async (service, id, context->cancellable, ctl_context_done, context);
  result = ctl_context_wait (context);
  records = assay_service_list_own_assessments_finish (service, result, &local_error);
  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_INVALID, local_error->message);
      g_error_free (local_error);
      return FALSE;
    }
  if (records == NULL)
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }
  print_records (context, records);
  return TRUE;
}

/* The document's place in the list, from 1; 0 with @error */
static guint
get_document (CtlArguments           *arguments,
              const AssayApplication *application,
              GError                **error)
{
  guint number = 1;

  if (!ctl_arguments_get_number (arguments, "document", 1, &number, error))
    return 0;
  if (number > application->documents->len)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                   ngettext ("%s has %u document. Give its number, or none.",
                             "%s has %u documents. Give the number of one of them.", application->documents->len),
                   application->full_name, application->documents->len);
      return 0;
    }
  return number;
}

gboolean
ctl_application_download (CtlContext    *context,
                          CtlArguments  *arguments,
                          GError       **error)
{
  const char *output = ctl_arguments_get (arguments, "output");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (AssayApplication) application = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GFile) file = NULL;
  AssayService *service;
  guint document;
  gsize length;
  gconstpointer data;
  gint64 id;

  /* A name that a stranger gave becomes no path here. */
  if (output == NULL)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, _("Say where the document goes, with --output FILE."));
      return FALSE;
    }
  if (!ctl_parse_id (ctl_arguments_get_word (arguments, 0), ASSAY_ID_APPLICATION, &id, error))
    return FALSE;
  application = ctl_load_application (context, id, error);
  document = application != NULL ? get_document (arguments, application, error) : 0;
  service = document != 0 ? ctl_context_get_service (context, error) : NULL;
  if (service == NULL)
    return FALSE;
  assay_service_download_document_async (service, id, document - 1, context->cancellable, ctl_context_done, context);
  result = ctl_context_wait (context);
  bytes = assay_service_download_document_finish (service, result, error);
  if (bytes == NULL)
    return FALSE;

  file = g_file_new_for_commandline_arg (output);
  data = g_bytes_get_data (bytes, &length);
  if (!g_file_replace_contents (file, data, length, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL, NULL, error))
    return FALSE;
  if (context->json)
    {
      const AssayDocument *saved = g_ptr_array_index (application->documents, document - 1);
      g_autoptr (CtlJson) json = ctl_json_new ();

      ctl_json_begin_object (json);
      ctl_json_string (json, "filename", saved->filename);
      ctl_json_integer (json, "bytes", (gint64) length);
      ctl_json_string (json, "output", output);
      ctl_json_end_object (json);
      ctl_output_json (json);
    }
  return TRUE;
}
