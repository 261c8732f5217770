/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TestTrick, by one of three profiles.
 *
 * TestTrick publishes no API, so that there is no default address: the user enters what TestTrick's support names, and
 * chooses how to speak to it. "partner" is the protocol that most providers serve; "plugin" is what its integration with
 * Pinpoint is made of; "manual" needs nothing but an assessment's public link.
 * Documented by its help pages: one key for each account and integration; name and e-mail may be edited; a person can be
 * invited to an assessment once; the score is an average in percent. */
#include "config.h"

#include "assay-testtrick.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "assay-manual.h"
#include "assay-partner.h"
#include "assay-plugin.h"

#define CAPABILITIES (ASSAY_CAN_EDIT_INVITEE | ASSAY_CAN_REPORT_PERCENT)
#define WITH_ADDRESS "profile=partner|plugin"

/* The setting's value, as typed or by default. */
static const char *
get_profile (GHashTable *settings)
{
  const char *profile = g_hash_table_lookup (settings, "profile");

  return profile != NULL && *profile != '\0' ? profile : "partner";
}

static AssayCapabilities
get_capabilities (GHashTable *settings)
{
  const char *profile = get_profile (settings);

  if (strcmp (profile, "manual") == 0)
    return ASSAY_MANUAL_CAPABILITIES | ASSAY_CAN_REPORT_PERCENT;
  if (strcmp (profile, "plugin") == 0)
    return ASSAY_PLUGIN_CAPABILITIES | ASSAY_CAN_REPORT_PERCENT;
  return CAPABILITIES;
}

static GObject *
assay_testtrick_create (const AssayConnectorDescription *description,
                        const AssayConnectorContext     *context,
                        GError                         **error)
{
  const char *profile = get_profile (context->connection->settings);

  if (strcmp (profile, "manual") == 0)
    return assay_manual_create (description, context, error);
  if (strcmp (profile, "plugin") == 0)
    return assay_plugin_create (description, context, error);
  return assay_partner_create (description, context, error);
}

const AssayConnectorDescription assay_testtrick_description = {
  .id = "testtrick",
  .name = "TestTrick",
  .role = ASSAY_ROLE_PROVIDER,
  .summary = N_ ("Skills assessments: invitations, progress, an average score in percent and a report"),
  .capabilities = CAPABILITIES,
  .get_capabilities = get_capabilities,
  .settings =
    (const AssaySettingDescription[]){
      {
        .name = "profile",
        .title = N_ ("Profile"),
        .description = N_ ("How TestTrick is spoken to. “partner” asks its API for everything, “plugin” invites as its "
                           "integration with Pinpoint does, and “manual” only hands on an assessment's public link. With "
                           "the last two you enter status and score yourself."),
        .type = ASSAY_SETTING_CHOICE,
        .default_value = "partner",
        .choices = (const char *const[]){ "partner", "plugin", "manual", NULL },
      },
      {
        .name = "base-url",
        .title = N_ ("Base address"),
        .description = N_ ("What precedes “/list_tests”, or with the profile “plugin” the plugin's own address. TestTrick's "
                           "support tells it."),
        .type = ASSAY_SETTING_URL,
        .required = TRUE,
        .placeholder = "https://api.example.com/partner",
        .only_with = WITH_ADDRESS,
      },
      {
        .name = "assessments",
        .title = N_ ("Assessments and their links"),
        .description = N_ ("Write “Name=https://…” for each, with a semicolon and a blank between two. The link is the "
                           "public one that TestTrick shows for the assessment."),
        .type = ASSAY_SETTING_LINKS,
        .required = TRUE,
        .placeholder = "Java developer=https://example.com/t/1; Sales=https://example.com/t/2",
        .only_with = "profile=manual",
      },
      ASSAY_PARTNER_PATHS ("profile=partner"),
      { .name = NULL },
    },
  .secrets =
    (const AssaySecretDescription[]){
      {
        .name = "api-key",
        .title = N_ ("API key"),
        .required = TRUE,
        .only_with = WITH_ADDRESS,
        .where_to_find =
          (const char *const[]){
            N_ ("Sign in to TestTrick as an administrator."),
            N_ ("Open Settings, then Integrations."),
            N_ ("Find the Pinpoint integration and choose Enable."),
            N_ ("Copy the API key that appears."),
            NULL,
          },
      },
      { .name = NULL },
    },
  .permissions = (const AssayPermissionDescription[]){ ASSAY_PARTNER_PERMISSIONS },
  .prerequisites =
    (const AssayPrerequisiteDescription[]){
      {
        .requirement = N_ ("You have an active TestTrick account, and are an administrator there."),
        .how_to_tell = N_ ("You can see Settings, then Integrations, in TestTrick."),
        .if_not = N_ ("Ask an administrator of your TestTrick account to make you one, or to do this for you."),
      },
      {
        .requirement = N_ ("You know the base address of TestTrick's API."),
        .how_to_tell = N_ ("TestTrick publishes none, so its support has told you."),
        .if_not = N_ ("Ask TestTrick's support for the address that precedes “/list_tests”. Until you have it, the profile "
                      "“manual” works with an assessment's public link alone."),
      },
      { .requirement = NULL },
    },
  .disconnect_steps =
    (const char *const[]){
      N_ ("In TestTrick open Settings, then Integrations."),
      N_ ("Switch the integration off, and choose Disconnect."),
      NULL,
    },
  .help_urls = (const char *const[]){ "https://testtrick.com/ats-integrations/pinpoint-integration", NULL },
  .pace = ASSAY_PARTNER_PACE,
  .create = assay_testtrick_create,
};
