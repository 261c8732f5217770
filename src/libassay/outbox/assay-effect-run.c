/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Carries out one effect by a connector. */
#include "config.h"

#include "assay-effect-run.h"

#include <glib/gi18n-lib.h>

#include "assay-ats.h"
#include "assay-provider.h"

gboolean
assay_effect_is_supported (const AssayLedgerItem *item,
                           GObject               *connector,
                           GError               **error)
{
  AssayAtsInterface *ats = ASSAY_IS_ATS (connector) ? ASSAY_ATS_GET_IFACE (connector) : NULL;
  AssayProviderInterface *provider = ASSAY_IS_PROVIDER (connector) ? ASSAY_PROVIDER_GET_IFACE (connector) : NULL;
  gboolean supported = FALSE;

  switch (item->effect->kind)
    {
    case ASSAY_EFFECT_TAG:
      supported = ats != NULL && ats->add_tags_async != NULL;
      break;
    case ASSAY_EFFECT_UNTAG:
      supported = ats != NULL && ats->remove_tag_async != NULL;
      break;
    case ASSAY_EFFECT_NOTE:
      supported = ats != NULL && ats->add_note_async != NULL;
      break;
    case ASSAY_EFFECT_MOVE:
      supported = ats != NULL && ats->move_stage_async != NULL;
      break;
    case ASSAY_EFFECT_DOCUMENT:
      supported = ats != NULL && ats->attach_document_async != NULL;
      break;
    case ASSAY_EFFECT_SCORE:
      supported = ats != NULL && ats->set_score_async != NULL;
      break;
    case ASSAY_EFFECT_CREATE:
      supported = ats != NULL && ats->create_application_async != NULL;
      break;
    case ASSAY_EFFECT_RESEND:
      supported = provider != NULL && provider->resend_async != NULL && item->invitation->remote_id != NULL;
      break;
    case ASSAY_EFFECT_CANCEL:
      supported = provider != NULL && provider->cancel_async != NULL && item->invitation->remote_id != NULL;
      break;
    default:
      break;
    }
  if (!supported)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                 /* Translators: %s is a connection's name */
                 _ ("“%s” can't do that for other programs. Do it there by hand."), item->connection_name);
  return supported;
}

/* Looking */

static gboolean
is_seen_in_application (AssayEffectKind kind)
{
  return kind == ASSAY_EFFECT_TAG || kind == ASSAY_EFFECT_UNTAG || kind == ASSAY_EFFECT_MOVE;
}

gboolean
assay_effect_needs_look (const AssayLedgerItem *item)
{
  return item->application != NULL && is_seen_in_application (item->effect->kind) &&
         (item->effect->kind == ASSAY_EFFECT_MOVE || item->attempts > 0);
}

static gboolean
has_tag (const AssayApplication *application,
         const char             *tag)
{
  for (guint i = 0; application->tags[i] != NULL; i++)
    if (g_strcmp0 (application->tags[i], tag) == 0)
      return TRUE;
  return FALSE;
}

static void
looked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  const AssayLedgerItem *item = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (AssayApplication) now = assay_ats_get_application_finish (ASSAY_ATS (source), result, &error);
  gboolean in_effect;

  if (now == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (item->effect->kind == ASSAY_EFFECT_MOVE)
    {
      if (now->job_remote_id != NULL && item->application->job_remote_id != NULL &&
          !g_str_equal (now->job_remote_id, item->application->job_remote_id))
        {
          g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                                   /* Translators: %1$s is a person, %2$s a stage */
                                   _ ("The application of %1$s belongs to another job now, which has no such stage "
                                      "“%2$s”. Sync, then choose another one."),
                                   item->application->full_name, item->effect->stage_name);
          return;
        }
      in_effect = g_strcmp0 (now->stage_remote_id, item->effect->stage_remote_id) == 0;
    }
  else
    in_effect = has_tag (now, item->effect->text) == (item->effect->kind == ASSAY_EFFECT_TAG);
  g_task_return_int (task, in_effect);
}

void
assay_effect_look_async (const AssayLedgerItem *item,
                         GObject               *connector,
                         GCancellable          *cancellable,
                         GAsyncReadyCallback    callback,
                         gpointer               user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, assay_effect_look_async);
  g_task_set_task_data (task, (gpointer) item, NULL);
  assay_ats_get_application_async (ASSAY_ATS (connector), item->application->remote_id, cancellable, looked_cb, task);
}

gboolean
assay_effect_look_finish (GAsyncResult *result,
                          gboolean     *in_effect,
                          GError      **error)
{
  gssize answer = g_task_propagate_int (G_TASK (result), error);

  *in_effect = answer == 1;
  return answer >= 0;
}

/* Doing */

static void
return_boolean (GTask    *task,
                gboolean  done,
                GError   *error)
{
  if (done)
    g_task_return_pointer (task, NULL, NULL);
  else
    g_task_return_error (task, error);
}

/* One callback for each call, because each has a finish function of its own. */
#define DEFINE_DONE(name, Type, TYPE) \
  static void \
  name##_done_cb (GObject      *source, \
                  GAsyncResult *result, \
                  gpointer      user_data) \
  { \
    g_autoptr (GTask) task = user_data; \
    GError *error = NULL; \
    gboolean done = assay_##Type##_##name##_finish (ASSAY_##TYPE (source), result, &error); \
\
    return_boolean (task, done, error); \
  }

DEFINE_DONE (add_tags, ats, ATS)
DEFINE_DONE (remove_tag, ats, ATS)
DEFINE_DONE (move_stage, ats, ATS)
DEFINE_DONE (attach_document, ats, ATS)
DEFINE_DONE (set_score, ats, ATS)
DEFINE_DONE (resend, provider, PROVIDER)
DEFINE_DONE (cancel, provider, PROVIDER)

static void
add_note_done_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autofree char *note_id = NULL;

  if (assay_ats_add_note_finish (ASSAY_ATS (source), result, &note_id, &error))
    g_task_return_pointer (task, g_steal_pointer (&note_id), g_free);
  else
    g_task_return_error (task, error);
}

static void
create_application_done_cb (GObject      *source,
                            GAsyncResult *result,
                            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  char *remote_id = assay_ats_create_application_finish (ASSAY_ATS (source), result, &error);

  if (remote_id != NULL)
    g_task_return_pointer (task, remote_id, g_free);
  else
    g_task_return_error (task, error);
}

static AssayUpload
make_upload (const AssayEffect *effect)
{
  AssayUpload upload = {
    .name = effect->file_name,
    .media_type = effect->media_type != NULL ? effect->media_type : "application/octet-stream",
    .bytes = effect->bytes,
  };

  return upload;
}

static void
create_application (const AssayEffect *effect,
                    AssayAts          *ats,
                    GTask             *task)
{
  AssayUpload cv = make_upload (effect);
  AssayNewApplication person = {
    .job_remote_id = effect->job_remote_id,
    .stage_remote_id = effect->stage_remote_id,
    .first_name = effect->first_name,
    .last_name = effect->last_name,
    .email = effect->email,
    .phone = effect->phone,
    .source = effect->source,
    .cv = effect->bytes != NULL ? &cv : NULL,
  };

  assay_ats_create_application_async (ats, &person, NULL, create_application_done_cb, task);
}

void
assay_effect_perform_async (const AssayLedgerItem *item,
                            GObject               *connector,
                            GAsyncReadyCallback    callback,
                            gpointer               user_data)
{
  const AssayEffect *effect = item->effect;
  const char *remote_id = item->application != NULL ? item->application->remote_id : NULL;
  const char *const tags[] = { effect->text, NULL };
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  AssayUpload upload;

  g_task_set_source_tag (task, assay_effect_perform_async);
  switch (effect->kind)
    {
    case ASSAY_EFFECT_TAG:
      assay_ats_add_tags_async (ASSAY_ATS (connector), remote_id, tags, NULL, add_tags_done_cb, task);
      break;
    case ASSAY_EFFECT_UNTAG:
      assay_ats_remove_tag_async (ASSAY_ATS (connector), remote_id, effect->text, NULL, remove_tag_done_cb, task);
      break;
    case ASSAY_EFFECT_NOTE:
      assay_ats_add_note_async (ASSAY_ATS (connector), remote_id, effect->text, NULL, add_note_done_cb, task);
      break;
    case ASSAY_EFFECT_MOVE:
      assay_ats_move_stage_async (ASSAY_ATS (connector), remote_id, effect->stage_remote_id, NULL, move_stage_done_cb,
                                  task);
      break;
    case ASSAY_EFFECT_DOCUMENT:
      upload = make_upload (effect);
      assay_ats_attach_document_async (ASSAY_ATS (connector), remote_id, &upload, NULL, attach_document_done_cb, task);
      break;
    case ASSAY_EFFECT_SCORE:
      assay_ats_set_score_async (ASSAY_ATS (connector), remote_id, effect->field, effect->text, NULL,
                                 set_score_done_cb, task);
      break;
    case ASSAY_EFFECT_CREATE:
      create_application (effect, ASSAY_ATS (connector), task);
      break;
    case ASSAY_EFFECT_RESEND:
      assay_provider_resend_async (ASSAY_PROVIDER (connector), item->invitation->remote_id, NULL, resend_done_cb, task);
      break;
    case ASSAY_EFFECT_CANCEL:
    default:
      assay_provider_cancel_async (ASSAY_PROVIDER (connector), item->invitation->remote_id, NULL, cancel_done_cb, task);
      break;
    }
}

gboolean
assay_effect_perform_finish (GAsyncResult *result,
                             char        **created,
                             GError      **error)
{
  g_autoptr (GError) local_error = NULL;
  char *id = g_task_propagate_pointer (G_TASK (result), &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  *created = id;
  return TRUE;
}
