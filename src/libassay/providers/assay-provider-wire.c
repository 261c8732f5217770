/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What provider connectors share in reading their vendors' answers. */
#include "config.h"

#include "assay-provider-wire.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static gboolean
is_web_address (const char *address)
{
  g_autoptr (GUri) uri = g_uri_parse (address, G_URI_FLAGS_NONE, NULL);

  /* GLib takes a host with a blank in it. */
  for (const char *p = address; *p != '\0'; p++)
    if (g_ascii_isspace (*p) || g_ascii_iscntrl (*p))
      return FALSE;
  return uri != NULL && g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0' &&
         (g_ascii_strcasecmp (g_uri_get_scheme (uri), "https") == 0 ||
          g_ascii_strcasecmp (g_uri_get_scheme (uri), "http") == 0);
}

char *
assay_provider_dup_web_address (JsonObject *object,
                                const char *member)
{
  const char *address = assay_json_get_string (object, member);

  return address != NULL && is_web_address (address) ? g_strdup (address) : NULL;
}

AssayScore *
assay_provider_read_score (JsonObject *object,
                           const char *member,
                           const char *name,
                           gboolean    percent)
{
  gboolean says_percent = FALSE;
  double value;

  if (!assay_json_get_number (object, member, &value, &says_percent) || !isfinite (value))
    return NULL;
  return percent || says_percent ? assay_score_new (name, value, 100, ASSAY_UNIT_PERCENT)
                                 : assay_score_new (name, value, NAN, ASSAY_UNIT_NONE);
}

const char *
assay_provider_get_finding (JsonObject *object,
                            const char *member)
{
  static const char *const nothing[] = { "", "not detected", "none", "no", "n/a", "false", "no issues detected" };
  const char *text = assay_json_get_string (object, member);

  for (guint i = 0; text != NULL && i < G_N_ELEMENTS (nothing); i++)
    if (g_ascii_strcasecmp (text, nothing[i]) == 0)
      return NULL;
  return text;
}

gboolean
assay_provider_is_of (JsonObject  *record,
                      const char  *folded_email,
                      const char  *what,
                      GError     **error)
{
  JsonNode *node = json_object_get_member (record, "email");
  const char *email = assay_json_get_string (record, "email");
  g_autofree char *folded = email != NULL ? assay_email_fold (email) : NULL;

  if (email == NULL && (node == NULL || !JSON_NODE_HOLDS_NULL (node)))
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                 /* Translators: %s is a list, such as "TestGorilla's list of candidates" */
                 _ ("%s doesn't say of whom an entry is. Try again later."), what);
  return g_strcmp0 (folded, folded_email) == 0;
}

static gboolean
says_already (const GError *error)
{
  guint status = assay_error_get_vendor_status (error);
  const char *detail = assay_error_get_vendor_detail (error);
  g_autofree char *folded = detail != NULL ? g_utf8_casefold (detail, -1) : NULL;

  return g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_INVALID) && status != 401 && status != 403 &&
         folded != NULL && strstr (folded, "already") != NULL;
}

GError *
assay_provider_judge_refusal (GError     *error,
                              const char *vendor)
{
  guint status = assay_error_get_vendor_status (error);
  const char *detail = assay_error_get_vendor_detail (error);
  GError *judged;

  if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_DUPLICATE) || says_already (error))
    judged = assay_error_new_from_vendor (
      ASSAY_ERROR_DUPLICATE, status, detail,
      _ ("%s says that this person was invited to this assessment already. Nothing was sent."), vendor);
  else if (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_INVALID) && detail != NULL)
    judged = assay_error_new_from_vendor (
      ASSAY_ERROR_INVALID, status, detail,
      /* Translators: %1$s is a provider's name, %2$s its own words */
      _ ("%1$s refuses the invitation: “%2$s” Nothing was sent. Correct what it names, then send again."), vendor,
      detail);
  else
    return error;
  g_error_free (error);
  return judged;
}

GError *
assay_provider_judge_preparation (GError *error)
{
  GError *judged;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAVAILABLE) ||
      g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_RATE_LIMITED) ||
      g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNAUTHORIZED) ||
      g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN) || assay_error_is_keyring (error))
    return error;
  judged = assay_error_new_from_vendor (ASSAY_ERROR_UNAVAILABLE, assay_error_get_vendor_status (error),
                                        assay_error_get_vendor_detail (error), "%s", error->message);
  g_error_free (error);
  return judged;
}

AssayProbe *
assay_provider_make_probe (const AssayPermissionDescription *permissions,
                           GError                           *error,
                           const char                       *refused,
                           const char                       *nothing_there)
{
  AssayProbe *probe = assay_probe_new ();
  AssayGranted granted = ASSAY_GRANTED_YES;

  probe->error = error;
  if (error != NULL)
    {
      guint status = assay_error_get_vendor_status (error);
      const char *detail = assay_error_get_vendor_detail (error);
      GError *said = NULL;

      granted = status == 401 || status == 403 ? ASSAY_GRANTED_NO : ASSAY_GRANTED_UNKNOWN;
      if (granted == ASSAY_GRANTED_NO)
        said = assay_error_new_from_vendor ((AssayError) error->code, status, detail, "%s", refused);
      else if (status == 404 || g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE))
        said = assay_error_new_from_vendor (ASSAY_ERROR_INVALID, status, detail, "%s", nothing_there);
      if (said != NULL)
        {
          g_error_free (error);
          probe->error = said;
        }
    }
  for (guint i = 0; permissions[i].name != NULL; i++)
    assay_probe_add (probe, &permissions[i], i == 0 ? granted : ASSAY_GRANTED_UNKNOWN);
  probe->ok = probe->error == NULL;
  return probe;
}
