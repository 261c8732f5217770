/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Greenhouse Assessment Partner protocol, which most assessment providers serve. */
#pragma once

#include "assay-provider-base.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_PARTNER (assay_partner_get_type ())
G_DECLARE_FINAL_TYPE (AssayPartner, assay_partner, ASSAY, PARTNER, AssayProviderBase)

/* Any provider that serves the protocol, by settings alone. */
extern const AssayConnectorDescription assay_partner_description;

/* Makes a connector from any description whose settings are those of ASSAY_PARTNER_SETTINGS. */
GObject *assay_partner_create (const AssayConnectorDescription *description,
                               const AssayConnectorContext     *context,
                               GError                         **error);

/* Where the list of assessments is unless the settings say otherwise. */
#define ASSAY_PARTNER_LIST_PATH "list_tests"

/* For the connector and its tests. (transfer full) (nullable); %ASSAY_ERROR_BAD_RESPONSE */
GPtrArray   *assay_partner_decode_tests (JsonNode *root, const char *vendor, GError **error);
AssayResult *assay_partner_decode_status (JsonNode *root, const char *vendor, AssayCapabilities capabilities,
                                          GError **error);
/* (transfer full): the body of send_test */
JsonNode    *assay_partner_encode_invitee (const AssayInvitee *invitee);

/* The settings of the protocol: the four addresses are registered one by one, so that each path may be anything. */
/* clang-format off */
/* Those that matter only with @applying (nullable), see AssaySettingDescription. */
#define ASSAY_PARTNER_PATHS(applying)                                                                     \
  {                                                                                                       \
    .name = "auth",                                                                                       \
    .title = N_ ("How the key is sent"),                                                                  \
    .description = N_ ("“basic”, “bearer”, or “header:” with the name of a header."),                     \
    .type = ASSAY_SETTING_CHOICE,                                                                         \
    .advanced = TRUE,                                                                                     \
    .default_value = "basic",                                                                             \
    .choices = (const char *const[]){ "basic", "bearer", "header:", NULL },                               \
    .only_with = applying,                                                                                \
  },                                                                                                      \
  {                                                                                                       \
    .name = "list-path",                                                                                  \
    .title = N_ ("Path of the list"),                                                                     \
    .type = ASSAY_SETTING_PATH,                                                                           \
    .advanced = TRUE,                                                                                     \
    .default_value = ASSAY_PARTNER_LIST_PATH,                                                             \
    .only_with = applying,                                                                                \
  },                                                                                                      \
  {                                                                                                       \
    .name = "send-path",                                                                                  \
    .title = N_ ("Path of the invitation"),                                                               \
    .type = ASSAY_SETTING_PATH,                                                                           \
    .advanced = TRUE,                                                                                     \
    .default_value = "send_test",                                                                         \
    .only_with = applying,                                                                                \
  },                                                                                                      \
  {                                                                                                       \
    .name = "status-path",                                                                                \
    .title = N_ ("Path of the status"),                                                                   \
    .type = ASSAY_SETTING_PATH,                                                                           \
    .advanced = TRUE,                                                                                     \
    .default_value = "test_status",                                                                       \
    .only_with = applying,                                                                                \
  }

#define ASSAY_PARTNER_SETTINGS                                                                            \
  {                                                                                                       \
    .name = "base-url",                                                                                   \
    .title = N_ ("Base address"),                                                                         \
    .description = N_ ("What precedes “/list_tests”. The provider's support tells it."),                  \
    .type = ASSAY_SETTING_URL,                                                                            \
    .required = TRUE,                                                                                     \
    .placeholder = "https://api.example.com/partner",                                                     \
  },                                                                                                      \
  {                                                                                                       \
    .name = "profile",                                                                                    \
    .title = N_ ("Profile"),                                                                              \
    .description = N_ ("How the provider is spoken to."),                                                 \
    .type = ASSAY_SETTING_CHOICE,                                                                         \
    .advanced = TRUE,                                                                                     \
    .default_value = "partner",                                                                           \
    .choices = (const char *const[]){ "partner", NULL },                                                  \
  },                                                                                                      \
  ASSAY_PARTNER_PATHS (NULL),                                                                             \
  { .name = NULL }

/* A key is all or nothing; whether it may invite shows only by inviting. */
#define ASSAY_PARTNER_PERMISSIONS                                                                         \
  {                                                                                                       \
    .name = "Assessments",                                                                                \
    .access = "Read",                                                                                     \
    .needed = TRUE,                                                                                       \
    .purpose = N_ ("Lists the assessments that you can send."),                                           \
    .remedy = N_ ("Copy the key again from the provider's integration settings, and make sure that the "  \
                  "integration is switched on there."),                                                   \
  },                                                                                                      \
  {                                                                                                       \
    .name = "Invitations",                                                                                \
    .access = "Write",                                                                                    \
    .needed = TRUE,                                                                                       \
    .purpose = N_ ("Sends an assessment to a candidate."),                                                \
    .remedy = N_ ("This can't be tried without inviting somebody. The first invitation that you send "    \
                  "shows it."),                                                                           \
  },                                                                                                      \
  { .name = NULL }

/* Nothing is documented: one request at a time, and a small gap. */
#define ASSAY_PARTNER_PACE { .per_second = 4, .burst = 4, .concurrency = 1 }
/* clang-format on */

G_END_DECLS
