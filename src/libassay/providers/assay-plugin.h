/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A provider that serves Pinpoint's Integration Plugins Framework, Assay playing Pinpoint's part.
 *
 * Such a provider pushes progress to an address of Pinpoint's, which Assay hasn't: it is entered by hand. */
#pragma once

#include "assay-json.h"
#include "assay-provider-base.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_PLUGIN (assay_plugin_get_type ())
G_DECLARE_FINAL_TYPE (AssayPlugin, assay_plugin, ASSAY, PLUGIN, AssayProviderBase)

/* What such a connection can. */
#define ASSAY_PLUGIN_CAPABILITIES (ASSAY_CAN_EDIT_INVITEE | ASSAY_NEEDS_HAND_ENTRY)

/* The connector, from the setting "base-url" (the plugin's registered address) and the secret "api-key". */
GObject *assay_plugin_create (const AssayConnectorDescription *description,
                              const AssayConnectorContext     *context,
                              GError                         **error);

/* For the connector and its tests. */

/* What a plugin says of itself: where to send what. */
typedef struct
{
  char *form_path;         /* relative to the base address: asked for the form */
  char *header;            /* (nullable) the header that the key goes in, spelled as the plugin spells it */
  GHashTable *mappings;    /* a field's key → what Pinpoint puts into it: "{{candidate_email}}" */
} AssayPluginMeta;

void assay_plugin_meta_free (AssayPluginMeta *meta);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayPluginMeta, assay_plugin_meta_free)

/* The form of an invitation, and the assessments that can be chosen in it. */
typedef struct
{
  char *submit_path;       /* relative to the base address */
  GPtrArray *fields;       /* private to assay-plugin.c */
  GPtrArray *assessments;  /* (element-type AssayAssessment) */
} AssayPluginForm;

void assay_plugin_form_free (AssayPluginForm *form);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayPluginForm, assay_plugin_form_free)

/* (transfer full) (nullable): %ASSAY_ERROR_BAD_RESPONSE when it is none of a plugin's; @base_url is what an address in it has
 * to lie under, since the key goes there */
AssayPluginMeta *assay_plugin_decode_meta (JsonNode *root, const char *vendor, const char *base_url, GError **error);
/* (transfer full) (nullable): %ASSAY_ERROR_UNAUTHORIZED when the form says that something is wrong with the key,
 * %ASSAY_ERROR_INVALID when it wants what Assay can't give */
AssayPluginForm *assay_plugin_decode_form (JsonNode *root, const char *vendor, const char *base_url,
                                           const AssayPluginMeta *meta, GError **error);
/* (transfer full): the body of a submission; @uuid: (not nullable): a new one for each invitation */
JsonNode        *assay_plugin_encode_submission (const AssayPluginForm *form, const AssayInvitee *invitee,
                                                 const char *uuid);
/* (transfer full) (nullable): %ASSAY_ERROR_DUPLICATE or %ASSAY_ERROR_INVALID with the plugin's words when it refuses,
 * %ASSAY_ERROR_UNSURE when it isn't certain what it did */
AssayInvited    *assay_plugin_decode_submitted (JsonNode *root, const char *vendor, GError **error);

G_END_DECLS
