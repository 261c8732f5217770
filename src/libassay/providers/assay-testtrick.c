/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TestTrick: the partner protocol with TestTrick's words.
 *
 * TestTrick publishes no API, so that there is no default address: the user enters what TestTrick's support names.
 * Documented by its help pages: one key for each account and integration; name and e-mail may be edited; a person can be
 * invited to an assessment once; the score is an average in percent. */
#include "config.h"

#include "assay-testtrick.h"

#include <glib/gi18n-lib.h>

#include "assay-partner.h"

const AssayConnectorDescription assay_testtrick_description = {
  .id = "testtrick",
  .name = "TestTrick",
  .role = ASSAY_ROLE_PROVIDER,
  .summary = N_ ("Skills assessments: invitations, progress, an average score in percent and a report"),
  .capabilities = ASSAY_CAN_EDIT_INVITEE | ASSAY_CAN_REPORT_PERCENT,
  .settings = (const AssaySettingDescription[]){ ASSAY_PARTNER_SETTINGS },
  .secrets =
    (const AssaySecretDescription[]){
      {
        .name = "api-key",
        .title = N_ ("API key"),
        .required = TRUE,
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
        .if_not = N_ ("Ask TestTrick's support for the address that precedes “/list_tests”."),
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
  .create = assay_partner_create,
};
