/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making, copying and freeing imported candidates. */
#include "config.h"

#include "assay-imported.h"

AssayImportedCandidate *
assay_imported_candidate_new (void)
{
  return g_new0 (AssayImportedCandidate, 1);
}

AssayImportedCandidate *
assay_imported_candidate_copy (const AssayImportedCandidate *candidate)
{
  AssayImportedCandidate *copy = assay_imported_candidate_new ();

  *copy = *candidate;
  copy->connection_name = g_strdup (candidate->connection_name);
  copy->first_name = g_strdup (candidate->first_name);
  copy->last_name = g_strdup (candidate->last_name);
  copy->email = g_strdup (candidate->email);
  copy->phone = g_strdup (candidate->phone);
  copy->location = g_strdup (candidate->location);
  copy->linkedin_url = g_strdup (candidate->linkedin_url);
  copy->role = g_strdup (candidate->role);
  copy->stage = g_strdup (candidate->stage);
  copy->origin = g_strdup (candidate->origin);
  for (guint i = 0; i < ASSAY_N_IMPORTED_DOCUMENTS; i++)
    {
      copy->documents[i].name = g_strdup (candidate->documents[i].name);
      copy->documents[i].file = g_strdup (candidate->documents[i].file);
    }
  return copy;
}

void
assay_imported_candidate_free (AssayImportedCandidate *candidate)
{
  if (candidate == NULL)
    return;
  g_free (candidate->connection_name);
  g_free (candidate->first_name);
  g_free (candidate->last_name);
  g_free (candidate->email);
  g_free (candidate->phone);
  g_free (candidate->location);
  g_free (candidate->linkedin_url);
  g_free (candidate->role);
  g_free (candidate->stage);
  g_free (candidate->origin);
  for (guint i = 0; i < ASSAY_N_IMPORTED_DOCUMENTS; i++)
    {
      g_free (candidate->documents[i].name);
      g_free (candidate->documents[i].file);
    }
  g_free (candidate);
}

char *
assay_imported_candidate_dup_name (const AssayImportedCandidate *candidate)
{
  return g_strdup_printf ("%s %s", candidate->first_name, candidate->last_name);
}
