/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fuzz target: a file that somebody says has accepted candidates. Whatever the bytes are, each entry is somebody with a name
 * and an address, or a sentence; and no path leads to a document, since there is no folder. */
#include "config.h"

#include "assay-candidate-file.h"

#include "fuzz.h"

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  static const char *const stages[] = { "Accepted", "Interview", "Hired", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = assay_candidate_file_parse ((const char *) data, size, NULL, stages, &error);

  fuzz_check ((entries == NULL) == (error != NULL));
  if (entries == NULL)
    {
      fuzz_check (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  fuzz_check (entries->len > 0 && entries->len <= ASSAY_CANDIDATE_FILE_MAX_ENTRIES);
  for (guint i = 0; i < entries->len; i++)
    {
      const AssayCandidateEntry *entry = g_ptr_array_index (entries, i);

      fuzz_check (entry->line > 0 && g_utf8_validate (entry->text, -1, NULL));
      fuzz_check ((entry->kind == ASSAY_CANDIDATE_PROBLEM) == (entry->candidate == NULL));
      fuzz_check ((entry->sentence != NULL) == (entry->candidate == NULL));
      fuzz_check (entry->paths[ASSAY_IMPORTED_CV] == NULL && entry->paths[ASSAY_IMPORTED_PROFILE] == NULL);
      if (entry->sentence != NULL)
        fuzz_check (g_utf8_validate (entry->sentence, -1, NULL));
      if (entry->candidate != NULL)
        fuzz_check (entry->candidate->first_name != NULL && entry->candidate->last_name != NULL &&
                    assay_email_is_plausible (entry->candidate->email) && entry->candidate->stage != NULL);
    }
  return 0;
}
