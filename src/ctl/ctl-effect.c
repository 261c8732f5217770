/* SPDX-License-Identifier: GPL-3.0-or-later */
/* assayctl application tag, untag, note, move and attach; assayctl invitation resend and cancel */
#include "config.h"

#include "ctl-commands.h"

#include <glib/gi18n.h>

#include "assay-error.h"
#include "assay-local-file.h"
#include "ctl-record.h"

/* Queues @effect, and waits for its end unless told not to. */
static gboolean
carry_out (CtlContext         *context,
           CtlArguments       *arguments,
           const AssayEffect  *effect,
           GError            **error)
{
  AssayService *service = ctl_context_get_service (context, error);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (AssayOutboxRow) row = NULL;
  g_autoptr (GError) local_error = NULL;
  gint64 id;

  if (service == NULL)
    return FALSE;
  /* Not to be interrupted: whether it was queued must be known. */
  assay_service_queue_effect_async (service, effect, NULL, ctl_context_done, context);
  result = ctl_context_wait (context);
  id = assay_service_queue_effect_finish (service, result, error);
  if (id == 0)
    return FALSE;
  if (ctl_arguments_has (arguments, "no-wait"))
    return ctl_print_outbox_row (context, id, error);
  row = ctl_load_outbox_row (context, id, error);
  if (row == NULL)
    return FALSE;
  if (ctl_send_row (context, row, &local_error))
    return TRUE;
  ctl_explain_failed_row (context, row, local_error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
print_application (CtlContext  *context,
                   gint64       id,
                   GError     **error)
{
  g_autoptr (AssayApplication) application = ctl_load_application (context, id, error);

  if (application == NULL)
    return FALSE;
  if (context->json)
    {
      g_autoptr (CtlJson) json = ctl_json_new ();

      ctl_record_add_application (json, application);
      ctl_output_json (json);
    }
  else
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *tags = g_strjoinv (", ", application->tags);

      ctl_describe (text, _("Candidate"), application->full_name);
      ctl_describe (text, _("Job"), application->job_title);
      ctl_describe (text, _("Stage"), application->stage_name);
      ctl_describe (text, _("Tags"), tags);
      ctl_output_text (text->str);
    }
  return TRUE;
}

/* The application that the first word names; NULL with an error. */
static AssayApplication *
load_subject (CtlContext    *context,
              CtlArguments  *arguments,
              GError       **error)
{
  gint64 id;

  if (!ctl_parse_id (ctl_arguments_get_word (arguments, 0), ASSAY_ID_APPLICATION, &id, error))
    return NULL;
  return ctl_load_application (context, id, error);
}

static gboolean
change_application (CtlContext      *context,
                    CtlArguments    *arguments,
                    AssayEffectKind  kind,
                    GError         **error)
{
  g_autoptr (AssayApplication) application = load_subject (context, arguments, error);
  g_autoptr (AssayEffect) effect = assay_effect_new (kind);

  if (application == NULL)
    return FALSE;
  effect->application_id = application->id;
  effect->text = g_strdup (ctl_arguments_get_word (arguments, 1));
  if (!carry_out (context, arguments, effect, error))
    return FALSE;
  return ctl_arguments_has (arguments, "no-wait") || print_application (context, application->id, error);
}

gboolean
ctl_application_tag (CtlContext    *context,
                     CtlArguments  *arguments,
                     GError       **error)
{
  return change_application (context, arguments, ASSAY_EFFECT_TAG, error);
}

gboolean
ctl_application_untag (CtlContext    *context,
                       CtlArguments  *arguments,
                       GError       **error)
{
  return change_application (context, arguments, ASSAY_EFFECT_UNTAG, error);
}

gboolean
ctl_application_note (CtlContext    *context,
                      CtlArguments  *arguments,
                      GError       **error)
{
  return change_application (context, arguments, ASSAY_EFFECT_NOTE, error);
}

static gpointer
read_job (AssayDatabase  *database,
          gpointer        data,
          GError        **error)
{
  return assay_jobs_get (database, *(const gint64 *) data, error);
}

/* The stage of the application's job that @text names; else the id that it is, which the ledger judges; 0 with an error. */
static gint64
find_stage (CtlContext              *context,
            const AssayApplication  *application,
            const char              *text,
            GError                 **error)
{
  g_autoptr (AssayJob) job = NULL;
  g_autofree char *folded = g_utf8_casefold (text, -1);
  gint64 id;

  if (application->job_id != 0)
    {
      job = ctl_context_read (context, read_job, (gpointer) &application->job_id, error);
      if (job == NULL)
        return 0;
    }
  for (guint i = 0; job != NULL && i < job->stages->len; i++)
    {
      const AssayStage *stage = g_ptr_array_index (job->stages, i);
      g_autofree char *name = g_utf8_casefold (stage->name, -1);

      if (g_str_equal (name, folded))
        return stage->id;
    }
  if (assay_id_parse (text, ASSAY_ID_STAGE, &id))
    return id;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
               /* Translators: %1$s is a job's title, %2$s a stage's name */
               _("The job “%1$s” has no stage “%2$s”; “assayctl job list --json” shows its stages."),
               application->job_title != NULL ? application->job_title : "", text);
  return 0;
}

gboolean
ctl_application_move (CtlContext    *context,
                      CtlArguments  *arguments,
                      GError       **error)
{
  g_autoptr (AssayApplication) application = load_subject (context, arguments, error);
  g_autoptr (AssayEffect) effect = assay_effect_new (ASSAY_EFFECT_MOVE);

  if (application == NULL)
    return FALSE;
  effect->application_id = application->id;
  effect->stage_id = find_stage (context, application, ctl_arguments_get_word (arguments, 1), error);
  if (effect->stage_id == 0 || !carry_out (context, arguments, effect, error))
    return FALSE;
  return ctl_arguments_has (arguments, "no-wait") || print_application (context, application->id, error);
}

gboolean
ctl_application_attach (CtlContext    *context,
                        CtlArguments  *arguments,
                        GError       **error)
{
  g_autoptr (AssayApplication) application = load_subject (context, arguments, error);
  g_autoptr (AssayEffect) effect = assay_effect_new (ASSAY_EFFECT_DOCUMENT);
  const char *path = ctl_arguments_get_word (arguments, 1);
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);
  g_autoptr (GError) local_error = NULL;
  g_autofree char *type = NULL;

  if (application == NULL)
    return FALSE;
  effect->bytes = assay_local_file_load (file, ASSAY_EFFECT_MAX_DOCUMENT, context->cancellable, &local_error);
  if (effect->bytes == NULL)
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      else
        g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                     _("“%s” is larger than 8 MB, so it can't be attached."), path);
      return FALSE;
    }
  effect->application_id = application->id;
  effect->file_name = g_file_get_basename (file);
  /* By the name alone: what a stranger's file holds isn't looked into. */
  type = g_content_type_guess (effect->file_name, NULL, 0, NULL);
  effect->media_type = g_content_type_get_mime_type (type);
  if (!carry_out (context, arguments, effect, error))
    return FALSE;
  return ctl_arguments_has (arguments, "no-wait") || print_application (context, application->id, error);
}

static gboolean
change_invitation (CtlContext      *context,
                   CtlArguments    *arguments,
                   AssayEffectKind  kind,
                   GError         **error)
{
  g_autoptr (AssayInvitation) invitation = NULL;
  g_autoptr (AssayEffect) effect = assay_effect_new (kind);
  gint64 id;

  if (!ctl_parse_id (ctl_arguments_get_word (arguments, 0), ASSAY_ID_INVITATION, &id, error))
    return FALSE;
  invitation = ctl_load_invitation (context, id, error);
  if (invitation == NULL)
    return FALSE;
  effect->invitation_id = id;
  if (!carry_out (context, arguments, effect, error))
    return FALSE;
  return ctl_arguments_has (arguments, "no-wait") || ctl_print_invitation (context, id, error);
}

gboolean
ctl_invitation_resend (CtlContext    *context,
                       CtlArguments  *arguments,
                       GError       **error)
{
  return change_invitation (context, arguments, ASSAY_EFFECT_RESEND, error);
}

gboolean
ctl_invitation_cancel (CtlContext    *context,
                       CtlArguments  *arguments,
                       GError       **error)
{
  return change_invitation (context, arguments, ASSAY_EFFECT_CANCEL, error);
}
