/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hackajob.
 *
 * Facts: hackajob publishes no API, so that there is no address to ask and no request in this file; its candidates come
 * as files or are typed in. Documented by its knowledge base: only a Master account connects, under "Account settings, ATS
 * integrations"; a candidate is exported when they accept the request, with both the CV and the hackajob profile; each
 * hackajob stage is mapped to one of the ATS, or left blank. The names of its own stages aren't documented, which is why
 * they are a list to edit. */
#include "config.h"

#include "assay-hackajob.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Ours: the steps that every such exchange has. */
#define NEUTRAL_STAGES "Accepted, Interview, Offer, Hired"

struct _AssayHackajob
{
  GObject parent_instance;

  const AssayConnectorDescription *description;
};

static void assay_hackajob_provider_init (AssayProviderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayHackajob, assay_hackajob, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (ASSAY_TYPE_PROVIDER, assay_hackajob_provider_init))

static void
assay_hackajob_class_init (AssayHackajobClass *klass)
{
}

static void
assay_hackajob_init (AssayHackajob *self)
{
}

/* The settings */

char **
assay_hackajob_parse_stages (const char *setting,
                             GError    **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) names = g_strsplit (setting != NULL && *setting != '\0' ? setting : NEUTRAL_STAGES, ",", -1);

  for (guint i = 0; names[i] != NULL; i++)
    {
      const char *name = g_strstrip (names[i]);

      if (*name == '\0')
        continue;
      if (!g_hash_table_add (seen, g_utf8_casefold (name, -1)))
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                       _ ("“Stages” has “%s” twice. Keep one of them."), name);
          return NULL;
        }
      g_strv_builder_add (builder, name);
    }
  if (g_hash_table_size (seen) == 0 || g_hash_table_size (seen) > ASSAY_HACKAJOB_MAX_STAGES)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_INVALID,
                   _ ("“Stages” is a list of one to %u names with commas between them, such as “Accepted, Interview, "
                      "Offer, Hired”. Enter it again."),
                   ASSAY_HACKAJOB_MAX_STAGES);
      return NULL;
    }
  return g_strv_builder_end (builder);
}

const char *
assay_hackajob_find_stage (const char *const *stages,
                           const char        *stage)
{
  g_autofree char *folded = g_utf8_casefold (stage, -1);

  for (guint i = 0; stages[i] != NULL; i++)
    {
      g_autofree char *candidate = g_utf8_casefold (stages[i], -1);

      if (g_str_equal (candidate, folded))
        return stages[i];
    }
  return NULL;
}

/* There is nobody to ask: that the object could be made is all that can be known. */
static void
assay_hackajob_probe_async (AssayProvider       *provider,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  AssayHackajob *self = ASSAY_HACKAJOB (provider);
  g_autoptr (GTask) task = g_task_new (provider, cancellable, callback, user_data);
  AssayProbe *probe = assay_probe_new ();

  g_task_set_source_tag (task, assay_hackajob_probe_async);
  for (const AssayPermissionDescription *permission = self->description->permissions; permission->name != NULL; permission++)
    assay_probe_add (probe, permission,
                     g_str_equal (permission->access, "Send") ? ASSAY_GRANTED_NO : ASSAY_GRANTED_UNKNOWN);
  probe->ok = TRUE;
  g_task_return_pointer (task, probe, (GDestroyNotify) assay_probe_free);
}

/* It has none to send, which is an answer and no error. */
static void
assay_hackajob_list_assessments_async (AssayProvider       *provider,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (provider, cancellable, callback, user_data);

  g_task_set_source_tag (task, assay_hackajob_list_assessments_async);
  g_task_return_pointer (task, g_ptr_array_new_with_free_func ((GDestroyNotify) assay_assessment_free),
                         (GDestroyNotify) g_ptr_array_unref);
}

static void
assay_hackajob_provider_init (AssayProviderInterface *iface)
{
  iface->probe_async = assay_hackajob_probe_async;
  iface->list_assessments_async = assay_hackajob_list_assessments_async;
}

static GObject *
create_hackajob (const AssayConnectorDescription *description,
                 const AssayConnectorContext     *context,
                 GError                         **error)
{
  g_auto (GStrv) stages =
    assay_hackajob_parse_stages (assay_connection_get_setting (context->connection, "stages"), error);
  AssayHackajob *self;

  if (stages == NULL)
    return NULL;
  self = g_object_new (ASSAY_TYPE_HACKAJOB, NULL);
  self->description = description;
  return G_OBJECT (self);
}

const AssayConnectorDescription assay_hackajob_description = {
  .id = "hackajob",
  .name = "hackajob",
  .role = ASSAY_ROLE_PROVIDER,
  .summary = N_ ("Candidates who accepted your request, from a file or by hand, with CV and profile"),
  .capabilities = ASSAY_CAN_IMPORT,
  .settings =
    (const AssaySettingDescription[]){
      {
        .name = "stages",
        .title = N_ ("Stages"),
        .description = N_ ("The stages that your candidates have in hackajob, in their order, with commas between "
                           "them. hackajob doesn't publish its list: write them as you see them there."),
        .type = ASSAY_SETTING_TEXT,
        .default_value = NEUTRAL_STAGES,
        .placeholder = NEUTRAL_STAGES,
        .where_to_find =
          (const char *const[]){
            N_ ("In hackajob go to Source."),
            N_ ("Next to a live role, open the ⋮ menu and select Add ATS configuration."),
            N_ ("Under New configuration, the hackajob stages are those on the left. Copy their names."),
            NULL,
          },
      },
      { .name = NULL },
    },
  .secrets = (const AssaySecretDescription[]){ { .name = NULL } },
  .permissions =
    (const AssayPermissionDescription[]){
      {
        .name = "Accepted candidates",
        .access = "Import",
        .needed = FALSE,
        .purpose = N_ ("Takes candidates from a file, or as you enter them."),
        .remedy = N_ ("There is no API to ask, so only the settings were checked. Candidates come from a file or by hand."),
      },
      {
        .name = "Assessments",
        .access = "Send",
        .needed = FALSE,
        .purpose = N_ ("Nothing: hackajob has no assessments."),
        .remedy = N_ ("There are none to send, because hackajob finds candidates. Connect a provider such as TestTrick "
                      "for assessments."),
      },
      { .name = NULL },
    },
  .prerequisites =
    (const AssayPrerequisiteDescription[]){
      {
        .requirement = N_ ("You have a hackajob Master account."),
        .how_to_tell = N_ ("Log in to hackajob and go to Account settings. Under ATS integrations there are Connect "
                           "buttons under each ATS option."),
        .if_not = N_ ("Contact your hackajob Customer Success Manager."),
      },
      {
        .requirement = N_ ("No configuration in hackajob exports the same candidates into the ATS."),
        .how_to_tell = N_ ("In hackajob, under Source, the ⋮ menu next to the live role shows no ATS configuration."),
        .if_not = N_ ("Remove the ATS configuration there, or leave that role to hackajob. No mapping, no automation."),
      },
      {
        .requirement = N_ ("You can do without interview times from hackajob."),
        .how_to_tell = N_ ("They don't reach Pinpoint: Pinpoint does not support their synchronisation."),
        .if_not = N_ ("Enter interviews in the ATS."),
      },
      { .requirement = NULL },
    },
  .disconnect_steps =
    (const char *const[]){
      N_ ("In hackajob go to Account settings, then ATS integrations, and look that no other integration still exports "
          "what Assay did."),
      N_ ("Delete the files with candidates that you imported, where you don't need them any more."),
      NULL,
    },
  .help_urls = (const char *const[]){ "https://hackajob-knowledge-base.help.usepylon.com/", NULL },
  /* Nothing is asked; the slowest there is. */
  .pace = { .per_second = 1, .burst = 1, .concurrency = 1 },
  .create = create_hackajob,
};
