/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where Pinpoint's attachments lie: another origin than the API's, and no place for its key.
 *
 * As with Pinpoint, an attachment's address is a signed blob that redirects to the storage behind it,
 * and both open without a key. A key that is sent here all the same is an incident. */

#include "config.h"

#include "sandbox-files.h"

#include <string.h>

struct _SandboxFiles
{
  GObject        parent_instance;

  SandboxWorld  *world;
  SandboxLedger *ledger;
  char          *origin;
};

static void vendor_iface_init (SandboxVendorInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SandboxFiles, sandbox_files, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SANDBOX_TYPE_VENDOR, vendor_iface_init))

#define BLOBS "/rails/active_storage/blobs/"
#define STORAGE "/storage/"

static char *
make_token (SandboxFiles *self,
            const char   *id)
{
  g_autofree char *text = g_strdup_printf ("%u %s", self->world->options.seed, id);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA1, text, -1);

  return g_strdup_printf ("%s--%s", id, digest);
}

char *
sandbox_files_dup_url (SandboxFiles       *self,
                       SandboxApplication *application)
{
  g_autofree char *id = g_strdup_printf ("%u", application->record.id);
  g_autofree char *token = make_token (self, id);
  g_autofree char *name = sandbox_application_dup_cv_name (application);
  g_autofree char *escaped = g_uri_escape_string (name, NULL, FALSE);

  return g_strdup_printf ("%s" BLOBS "%s/%s", self->origin, token, escaped);
}

/* One page of text in Helvetica. Lines are Latin letters only, since the standard fonts have no others. */
static GBytes *
make_pdf (const char *const *lines)
{
  GString *content = g_string_new ("BT /F1 22 Tf 72 770 Td 26 TL\n");
  GString *pdf = g_string_new ("%PDF-1.4\n");
  gsize offsets[6];
  gsize table;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_string_append_c (content, '(');
      for (const char *at = lines[i]; *at != '\0'; at++)
        {
          if (strchr ("()\\", *at) != NULL)
            g_string_append_c (content, '\\');
          g_string_append_c (content, *at >= ' ' && *at <= '~' ? *at : '?');
        }
      g_string_append (content, i == 0 ? ") Tj /F1 12 Tf 18 TL T* T*\n" : ") Tj T*\n");
    }
  g_string_append (content, "ET\n");

  offsets[1] = pdf->len;
  g_string_append (pdf, "1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n");
  offsets[2] = pdf->len;
  g_string_append (pdf, "2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n");
  offsets[3] = pdf->len;
  g_string_append (pdf, "3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
                        "/Resources << /Font << /F1 5 0 R >> >> >>\nendobj\n");
  offsets[4] = pdf->len;
  g_string_append_printf (pdf, "4 0 obj\n<< /Length %" G_GSIZE_FORMAT " >>\nstream\n%sendstream\nendobj\n",
                          content->len, content->str);
  offsets[5] = pdf->len;
  g_string_append (pdf, "5 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\nendobj\n");
  table = pdf->len;
  g_string_append (pdf, "xref\n0 6\n0000000000 65535 f \n");
  for (guint i = 1; i < G_N_ELEMENTS (offsets); i++)
    g_string_append_printf (pdf, "%010" G_GSIZE_FORMAT " 00000 n \n", offsets[i]);
  g_string_append_printf (
    pdf, "trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%" G_GSIZE_FORMAT "\n%%%%EOF\n", table);
  g_string_free (content, TRUE);
  return g_string_free_to_bytes (pdf);
}

GBytes *
sandbox_files_make_cv (SandboxApplication *application)
{
  g_autofree char *name = sandbox_application_dup_latin (application);
  g_autofree char *email = sandbox_application_dup_email (application);
  g_autofree char *phone = sandbox_application_dup_field (application, SANDBOX_FIELD_PHONE);
  g_autofree char *applied
    = g_strdup_printf ("Application %u for %s", application->record.id, application->job->title);
  const char *lines[]
    = { name, email, phone != NULL ? phone : "", applied, "Made up by the Assay sandbox.", NULL };

  if (application->changes != NULL && application->changes->cv != NULL)
    return g_bytes_ref (application->changes->cv);
  return make_pdf (lines);
}

static void
sandbox_files_answer_failure (SandboxVendor  *vendor,
                              SandboxRequest *request,
                              guint           status)
{
  sandbox_request_answer_text (request, status, "text/plain; charset=utf-8",
                               g_strdup ("There is no file here.\n"));
}

static void
sandbox_files_handle (SandboxVendor  *vendor,
                      SandboxRequest *request)
{
  SandboxFiles *self = SANDBOX_FILES (vendor);
  gboolean blob = g_str_has_prefix (request->path, BLOBS);
  g_auto (GStrv) parts = NULL;
  g_autofree char *id = NULL;
  g_autofree char *token = NULL;
  g_autoptr (GBytes) generated = NULL;
  SandboxApplication *application;

  if (sandbox_request_get_header (request, "X-API-KEY") != NULL
      || sandbox_request_get_header (request, "Authorization") != NULL)
    sandbox_ledger_add_incident (self->ledger, "files", "key-leak",
                                 "A key came with a request for an attachment.");
  if (!g_str_equal (request->method, "GET") || (!blob && !g_str_has_prefix (request->path, STORAGE)))
    {
      sandbox_files_answer_failure (vendor, request, 404);
      return;
    }
  parts = g_strsplit (request->path + strlen (blob ? BLOBS : STORAGE), "/", 2);
  id = g_strndup (parts[0], strcspn (parts[0], "-"));
  token = make_token (self, id);
  application = sandbox_world_find_application (self->world, id);
  if (application == NULL || parts[1] == NULL || !g_str_equal (token, parts[0]))
    {
      sandbox_files_answer_failure (vendor, request, 404);
      return;
    }
  if (blob)
    {
      g_autofree char *escaped = g_uri_escape_string (parts[1], NULL, FALSE);
      g_autofree char *target = g_strdup_printf ("%s" STORAGE "%s/%s", self->origin, token, escaped);

      sandbox_request_answer_text (request, 302, "text/html; charset=utf-8",
                                   g_strdup ("<p>See there.</p>\n"));
      soup_message_headers_replace (request->answer_headers, "Location", target);
      return;
    }
  generated = sandbox_files_make_cv (application);
  sandbox_request_answer (request, 200, "application/pdf", generated);
}

static char *
sandbox_files_dup_operation (SandboxVendor  *vendor,
                             SandboxRequest *request)
{
  if (g_str_has_prefix (request->path, BLOBS))
    return g_strdup ("blob");
  return g_strdup (g_str_has_prefix (request->path, STORAGE) ? "storage" : "unknown");
}

static const char *
sandbox_files_get_kind (SandboxVendor *vendor)
{
  return "files";
}

static void
sandbox_files_mount (SandboxVendor *vendor,
                     const char    *origin)
{
  SandboxFiles *self = SANDBOX_FILES (vendor);

  g_free (self->origin);
  self->origin = g_strdup (origin);
}

static void
vendor_iface_init (SandboxVendorInterface *iface)
{
  iface->get_kind = sandbox_files_get_kind;
  iface->dup_operation = sandbox_files_dup_operation;
  iface->handle = sandbox_files_handle;
  iface->answer_failure = sandbox_files_answer_failure;
  iface->mount = sandbox_files_mount;
}

static void
sandbox_files_finalize (GObject *object)
{
  g_free (SANDBOX_FILES (object)->origin);
  G_OBJECT_CLASS (sandbox_files_parent_class)->finalize (object);
}

static void
sandbox_files_class_init (SandboxFilesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sandbox_files_finalize;
}

static void
sandbox_files_init (SandboxFiles *self)
{
}

SandboxFiles *
sandbox_files_new (SandboxWorld  *world,
                   SandboxLedger *ledger)
{
  SandboxFiles *self = g_object_new (SANDBOX_TYPE_FILES, NULL);

  self->world = world;
  self->ledger = ledger;
  return self;
}
