/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the played assessment providers share. */

#include "config.h"

#include "sandbox-provider.h"

#include <string.h>

#define REPORT_STYLE                                                                                         \
  "body{font:16px/1.5 system-ui,sans-serif;max-width:38em;margin:3em auto;padding:0 1em;color:#241f31}"      \
  "h1{font-size:1.6em;margin-bottom:0}p.sub{color:#5e5c64;margin-top:.2em}"                                  \
  "table{border-collapse:collapse;width:100%;margin-top:1.5em}td{padding:.5em 0;border-top:1px solid "       \
  "#deddda}"                                                                                                 \
  "td:last-child{text-align:right;font-variant-numeric:tabular-nums}.score{font-size:3em;font-weight:700}"   \
  "@media(prefers-color-scheme:dark){body{background:#241f31;color:#fff}p.sub{color:#c0bfbc}td{border-"      \
  "color:#5e5c64}}"

gboolean
sandbox_provider_is_email (const char *text)
{
  const char *at = strchr (text, '@');

  return at != NULL && at != text && at[1] != '\0' && strchr (at + 1, '@') == NULL
         && strpbrk (text, " \t\r\n") == NULL;
}

void
sandbox_provider_answer_report (SandboxRequest    *request,
                                SandboxInvitation *invitation,
                                const char *const  sections[3])
{
  gboolean named = invitation->first_name[0] != '\0' || invitation->last_name[0] != '\0';
  g_autofree char *name = named ? g_markup_printf_escaped ("%s %s", invitation->first_name, invitation->last_name)
                                : g_markup_escape_text (invitation->email, -1);
  g_autofree char *title = g_markup_escape_text (invitation->test_name, -1);
  GString *page = g_string_new (NULL);

  g_string_append_printf (page,
                          "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">"
                          "<meta name=\"viewport\" content=\"width=device-width\"><title>%s – %s</title>"
                          "<style>%s</style></head><body><h1>%s</h1><p class=\"sub\">%s</p>"
                          "<p class=\"score\">%u %%</p><table>",
                          name, title, REPORT_STYLE, name, title, invitation->score);
  for (guint i = 0; i < G_N_ELEMENTS (invitation->sections); i++)
    g_string_append_printf (page, "<tr><td>%s</td><td>%u %%</td></tr>", sections[i], invitation->sections[i]);
  g_string_append_printf (page, "</table><p class=\"sub\">Made up by the Assay sandbox.</p></body></html>\n");
  sandbox_request_answer_text (request, 200, "text/html; charset=utf-8", g_string_free (page, FALSE));
}

void
sandbox_provider_answer_no_report (SandboxRequest *request)
{
  sandbox_request_answer_text (
    request, 404, "text/html; charset=utf-8",
    g_strdup ("<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>No report"
              "</title><p>There is no report here yet.</p></html>\n"));
}

char *
sandbox_provider_dup_between (const char *path,
                              const char *before,
                              const char *after)
{
  gsize length = strlen (path), n_before = strlen (before), n_after = strlen (after);
  g_autofree char *found = NULL;

  if (!g_str_has_prefix (path, before) || !g_str_has_suffix (path, after) || length <= n_before + n_after)
    return NULL;
  found = g_strndup (path + n_before, length - n_before - n_after);
  return strchr (found, '/') == NULL ? g_steal_pointer (&found) : NULL;
}

void
sandbox_provider_answer_detail (SandboxRequest *request,
                                guint           status,
                                const char     *detail)
{
  SandboxJson *json = sandbox_json_new ();

  sandbox_json_begin_object (json);
  sandbox_json_member_string (json, "detail", detail);
  sandbox_json_end_object (json);
  sandbox_request_answer_json (request, status, "application/json", json);
}

void
sandbox_provider_answer_failure_detail (SandboxRequest *request,
                                        guint           status)
{
  sandbox_provider_answer_detail (request, status,
                                  status == 401   ? "Invalid token."
                                  : status == 403 ? "You do not have permission to perform this action."
                                  : status == 404 ? "Not found."
                                  : status == 429 ? "Request was throttled."
                                  : status >= 500 ? "The service is having a problem."
                                                  : "The request was refused.");
}
