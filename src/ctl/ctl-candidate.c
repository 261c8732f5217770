/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Candidates that no vendor's API gives: assayctl candidate. */
#include "config.h"

#include "ctl-commands.h"

#include <glib/gi18n.h>

#include "assay-queries-imported.h"
#include "assay-service-imported.h"
#include "ctl-record.h"

/* ---- Printing ---- */

static void
add_document (CtlJson                      *json,
              CtlContext                   *context,
              const char                   *member,
              const AssayImportedCandidate *candidate,
              AssayImportedDocument         which)
{
  g_autofree char *path = assay_service_dup_candidate_document (context->service, candidate, which);

  ctl_json_member (json, member);
  if (path == NULL)
    {
      ctl_json_add_null (json);
      return;
    }
  ctl_json_begin_object (json);
  ctl_json_string (json, "filename", candidate->documents[which].name);
  ctl_json_string (json, "path", path);
  ctl_json_end_object (json);
}

static void
add_candidate (CtlJson                      *json,
               CtlContext                   *context,
               const AssayImportedCandidate *candidate)
{
  ctl_json_begin_object (json);
  ctl_json_id (json, "id", ASSAY_ID_IMPORTED, candidate->id);
  ctl_json_id (json, "connection", ASSAY_ID_CONNECTION, candidate->connection_id);
  ctl_json_string (json, "first_name", candidate->first_name);
  ctl_json_string (json, "last_name", candidate->last_name);
  ctl_json_string (json, "email", candidate->email);
  ctl_json_string (json, "phone", candidate->phone);
  ctl_json_string (json, "location", candidate->location);
  ctl_json_string (json, "linkedin_url", candidate->linkedin_url);
  ctl_json_string (json, "role", candidate->role);
  ctl_json_string (json, "stage", candidate->stage);
  ctl_json_time (json, "accepted_at", candidate->accepted_at);
  ctl_json_string (json, "file", candidate->origin);
  add_document (json, context, "cv", candidate, ASSAY_IMPORTED_CV);
  add_document (json, context, "profile", candidate, ASSAY_IMPORTED_PROFILE);
  ctl_json_time (json, "created_at", candidate->created_at);
  ctl_json_end_object (json);
}

static gpointer
read_candidate (AssayDatabase  *database,
                gpointer        data,
                GError        **error)
{
  return assay_imported_get (database, *(const gint64 *) data, error);
}

/* (transfer full) (nullable): with the service opened */
static AssayImportedCandidate *
load_candidate (CtlContext  *context,
                gint64       id,
                GError     **error)
{
  g_autofree char *text = assay_id_format (ASSAY_ID_IMPORTED, id);
  AssayImportedCandidate *candidate;
  GError *local_error = NULL;

  if (ctl_context_get_service (context, error) == NULL)
    return NULL;
  candidate = ctl_context_read (context, read_candidate, &id, &local_error);
  if (g_error_matches (local_error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    {
      g_clear_error (&local_error);
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                   _("There is no candidate %s; “assayctl candidate list” lists them."), text);
    }
  else if (local_error != NULL)
    g_propagate_error (error, local_error);
  return candidate;
}

static void
append_document (GString                      *text,
                 CtlContext                   *context,
                 const char                   *label,
                 const AssayImportedCandidate *candidate,
                 AssayImportedDocument         which)
{
  g_autofree char *path = assay_service_dup_candidate_document (context->service, candidate, which);

  ctl_describe (text, label, path);
}

static void
print_candidate (CtlContext                   *context,
                 const AssayImportedCandidate *candidate)
{
  g_autofree char *id = assay_id_format (ASSAY_ID_IMPORTED, candidate->id);
  g_autofree char *name = assay_imported_candidate_dup_name (candidate);
  g_autofree char *accepted = ctl_record_dup_time (candidate->accepted_at);
  g_autofree char *created = ctl_record_dup_time (candidate->created_at);
  g_autoptr (GString) text = g_string_new (NULL);

  if (context->json)
    {
      g_autoptr (CtlJson) json = ctl_json_new ();

      add_candidate (json, context, candidate);
      ctl_output_json (json);
      return;
    }
  ctl_describe (text, _("Id"), id);
  ctl_describe (text, _("Name"), name);
  ctl_describe (text, _("E-mail"), candidate->email);
  ctl_describe (text, _("Phone"), candidate->phone);
  ctl_describe (text, _("Location"), candidate->location);
  ctl_describe (text, _("LinkedIn"), candidate->linkedin_url);
  ctl_describe (text, _("Connection"), candidate->connection_name);
  ctl_describe (text, _("Role"), candidate->role);
  ctl_describe (text, _("Stage"), candidate->stage);
  ctl_describe (text, _("Accepted"), accepted);
  ctl_describe (text, _("Imported"), created);
  ctl_describe (text, _("From"), candidate->origin != NULL ? candidate->origin : _("entered by hand"));
  append_document (text, context, _("CV"), candidate, ASSAY_IMPORTED_CV);
  append_document (text, context, _("Profile"), candidate, ASSAY_IMPORTED_PROFILE);
  ctl_output_text (text->str);
}

/* ---- list, show, remove ---- */

static gpointer
read_candidates (AssayDatabase  *database,
                 gpointer        data,
                 GError        **error)
{
  return assay_imported_list (database, *(const gint64 *) data, error);
}

static void
add_row (CtlTable                     *table,
         const AssayImportedCandidate *candidate)
{
  g_autofree char *id = assay_id_format (ASSAY_ID_IMPORTED, candidate->id);
  g_autofree char *name = assay_imported_candidate_dup_name (candidate);
  g_autofree char *created = ctl_record_dup_time (candidate->created_at);

  ctl_table_add_row (table, id, name, candidate->email, candidate->role, candidate->stage, created,
                     candidate->origin != NULL ? candidate->origin : _("entered by hand"));
}

gboolean
ctl_candidate_list (CtlContext    *context,
                    CtlArguments  *arguments,
                    GError       **error)
{
  g_autoptr (GPtrArray) candidates = NULL;
  gint64 connection_id = 0;

  if (!ctl_arguments_get_id (arguments, "connection", ASSAY_ID_CONNECTION, &connection_id, error))
    return FALSE;
  if (connection_id != 0)
    {
      g_autoptr (AssayConnection) connection = ctl_load_connection (context, connection_id, error);

      if (connection == NULL)
        return FALSE;
    }
  if (ctl_context_get_service (context, error) == NULL)
    return FALSE;
  candidates = ctl_context_read (context, read_candidates, &connection_id, error);
  if (candidates == NULL)
    return FALSE;
  if (context->json)
    {
      g_autoptr (CtlJson) json = ctl_json_new ();

      ctl_json_begin_array (json);
      for (guint i = 0; i < candidates->len; i++)
        add_candidate (json, context, g_ptr_array_index (candidates, i));
      ctl_json_end_array (json);
      ctl_output_json (json);
    }
  else
    {
      g_autoptr (CtlTable) table =
        ctl_table_new (_("Id"), _("Name"), _("E-mail"), _("Role"), _("Stage"), _("Imported"), _("From"), NULL);

      for (guint i = 0; i < candidates->len; i++)
        add_row (table, g_ptr_array_index (candidates, i));
      ctl_table_print (table, _("Nobody is on the list yet; “assayctl candidate import” brings them here."));
    }
  return TRUE;
}

gboolean
ctl_candidate_show (CtlContext    *context,
                    CtlArguments  *arguments,
                    GError       **error)
{
  g_autoptr (AssayImportedCandidate) candidate = NULL;
  gint64 id;

  if (!ctl_parse_id (ctl_arguments_get_word (arguments, 0), ASSAY_ID_IMPORTED, &id, error))
    return FALSE;
  candidate = load_candidate (context, id, error);
  if (candidate == NULL)
    return FALSE;
  print_candidate (context, candidate);
  return TRUE;
}

gboolean
ctl_candidate_move (CtlContext    *context,
                    CtlArguments  *arguments,
                    GError       **error)
{
  g_autoptr (AssayImportedCandidate) candidate = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  AssayService *service;
  gint64 id;

  if (!ctl_parse_id (ctl_arguments_get_word (arguments, 0), ASSAY_ID_IMPORTED, &id, error))
    return FALSE;
  service = ctl_context_get_service (context, error);
  if (service == NULL)
    return FALSE;
  assay_service_set_candidate_stage_async (service, id, ctl_arguments_get_word (arguments, 1), context->cancellable,
                                           ctl_context_done, context);
  result = ctl_context_wait (context);
  if (!assay_service_set_candidate_stage_finish (service, result, error))
    return FALSE;
  candidate = load_candidate (context, id, error);
  if (candidate == NULL)
    return FALSE;
  print_candidate (context, candidate);
  return TRUE;
}

gboolean
ctl_candidate_remove (CtlContext    *context,
                      CtlArguments  *arguments,
                      GError       **error)
{
  g_autoptr (AssayImportedCandidate) candidate = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  gint64 id;

  if (!ctl_parse_id (ctl_arguments_get_word (arguments, 0), ASSAY_ID_IMPORTED, &id, error))
    return FALSE;
  candidate = load_candidate (context, id, error);
  if (candidate == NULL)
    return FALSE;
  assay_service_remove_candidate_async (context->service, id, context->cancellable, ctl_context_done, context);
  result = ctl_context_wait (context);
  if (!assay_service_remove_candidate_finish (context->service, result, error))
    return FALSE;
  if (context->json)
    {
      g_autoptr (CtlJson) json = ctl_json_new ();

      ctl_json_begin_object (json);
      ctl_json_id (json, "id", ASSAY_ID_IMPORTED, id);
      ctl_json_boolean (json, "removed", TRUE);
      ctl_json_end_object (json);
      ctl_output_json (json);
    }
  return TRUE;
}

/* ---- add ---- */

gboolean
ctl_candidate_add (CtlContext    *context,
                   CtlArguments  *arguments,
                   GError       **error)
{
  static const struct
  {
    const char *option;
    const char *member;
  } members[] = {
    { "first-name", "first_name" }, { "last-name", "last_name" }, { "email", "email" },
    { "phone", "phone" },           { "location", "location" },   { "linkedin-url", "linkedin_url" },
    { "role", "role" },             { "stage", "stage" },         { "accepted-at", "accepted_at" },
    { "cv", "cv" },                 { "profile", "profile" },
  };
  g_autoptr (GHashTable) values = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (AssayImportedCandidate) candidate = NULL;
  AssayService *service;
  gint64 connection_id = 0;
  gint64 id;

  if (!ctl_arguments_get_id (arguments, "connection", ASSAY_ID_CONNECTION, &connection_id, error))
    return FALSE;
  if (connection_id == 0)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("Say whose candidate it is, with --connection ID."));
      return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      const char *value = ctl_arguments_get (arguments, members[i].option);
      gboolean is_file = g_str_equal (members[i].option, "cv") || g_str_equal (members[i].option, "profile");

      if (value != NULL)
        g_hash_table_insert (values, (gpointer) members[i].member,
                             is_file ? g_canonicalize_filename (value, NULL) : g_strdup (value));
    }
  service = ctl_context_get_service (context, error);
  if (service == NULL)
    return FALSE;
  assay_service_add_candidate_async (service, connection_id, values, context->cancellable, ctl_context_done, context);
  result = ctl_context_wait (context);
  id = assay_service_add_candidate_finish (service, result, error);
  candidate = id != 0 ? load_candidate (context, id, error) : NULL;
  if (candidate == NULL)
    return FALSE;
  print_candidate (context, candidate);
  return TRUE;
}

/* ---- import ---- */

static const char *
get_kind_name (AssayCandidateKind kind)
{
  switch (kind)
    {
    case ASSAY_CANDIDATE_GOOD:
      return "understood";
    case ASSAY_CANDIDATE_TWICE:
      return "twice";
    case ASSAY_CANDIDATE_KNOWN:
      return "known";
    case ASSAY_CANDIDATE_PROBLEM:
    default:
      return "problem";
    }
}

static void
print_entries (CtlContext *context,
               GPtrArray  *entries,
               GArray     *ids)
{
  g_autoptr (CtlTable) table = ctl_table_new (_("Line"), _("Candidate"), _("Id"), _("Role"), _("Remark"), NULL);
  g_autoptr (CtlJson) json = ctl_json_new ();

  ctl_json_begin_object (json);
  ctl_json_integer (json, "imported", ids != NULL ? ids->len : 0);
  ctl_json_member (json, "entries");
  ctl_json_begin_array (json);
  for (guint i = 0; i < entries->len; i++)
    {
      const AssayCandidateEntry *entry = g_ptr_array_index (entries, i);
      gint64 id = ids != NULL && entry->candidate != NULL ? entry->candidate->id : 0;
      g_autofree char *line = g_strdup_printf ("%u", entry->line);
      g_autofree char *formatted = id != 0 ? assay_id_format (ASSAY_ID_IMPORTED, id) : NULL;

      ctl_table_add_row (table, line, entry->text, formatted, entry->candidate != NULL ? entry->candidate->role : NULL,
                         entry->sentence);
      ctl_json_begin_object (json);
      ctl_json_integer (json, "line", entry->line);
      ctl_json_string (json, "kind", get_kind_name (entry->kind));
      ctl_json_string (json, "row", entry->text);
      ctl_json_id (json, "id", ASSAY_ID_IMPORTED, id);
      ctl_json_string (json, "message", entry->sentence);
      ctl_json_end_object (json);
    }
  ctl_json_end_array (json);
  ctl_json_end_object (json);
  if (context->json)
    ctl_output_json (json);
  else
    ctl_table_print (table, "");
}

static void
set_refused (GPtrArray  *entries,
             GError    **error)
{
  guint n = assay_candidate_entries_count (entries, ASSAY_CANDIDATE_PROBLEM);

  for (guint i = 0; i < entries->len; i++)
    {
      const AssayCandidateEntry *entry = g_ptr_array_index (entries, i);
      g_autofree char *place = NULL;

      if (entry->kind != ASSAY_CANDIDATE_PROBLEM)
        continue;
      place = g_strdup_printf (entry->counted ? _("Candidate %u") : _("Line %u"), entry->line);
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   /* Translators: %1$u is a number of rows, %2$s "Line 7" or "Candidate 7", %3$s a whole sentence */
                   ngettext ("%1$u row of the file isn't understood, so nothing was imported. %2$s: %3$s",
                             "%1$u rows of the file aren't understood, so nothing was imported. %2$s: %3$s", n),
                   n, place, entry->sentence);
      return;
    }
}

gboolean
ctl_candidate_import (CtlContext    *context,
                      CtlArguments  *arguments,
                      GError       **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (ctl_arguments_get_word (arguments, 0));
  g_autoptr (GAsyncResult) result = NULL, imported = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GArray) ids = NULL;
  AssayService *service;
  gint64 connection_id = 0;

  if (!ctl_arguments_get_id (arguments, "connection", ASSAY_ID_CONNECTION, &connection_id, error))
    return FALSE;
  if (connection_id == 0)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           _("Say whose candidates the file has, with --connection ID."));
      return FALSE;
    }
  service = ctl_context_get_service (context, error);
  if (service == NULL)
    return FALSE;
  assay_service_read_candidates_async (service, connection_id, file, context->cancellable, ctl_context_done, context);
  result = ctl_context_wait (context);
  entries = assay_service_read_candidates_finish (service, result, error);
  if (entries == NULL)
    return FALSE;
  if (assay_candidate_entries_count (entries, ASSAY_CANDIDATE_PROBLEM) > 0 &&
      !ctl_arguments_has (arguments, "skip-problems"))
    {
      print_entries (context, entries, NULL);
      set_refused (entries, error);
      return FALSE;
    }
  if (!ctl_arguments_has (arguments, "dry-run"))
    {
      assay_service_import_candidates_async (service, connection_id, entries, context->cancellable, ctl_context_done,
                                             context);
      imported = ctl_context_wait (context);
      ids = assay_service_import_candidates_finish (service, imported, error);
      if (ids == NULL)
        return FALSE;
    }
  print_entries (context, entries, ids);
  return TRUE;
}
