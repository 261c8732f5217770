/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happens once one presses Send. */
#include "config.h"

#include "assay-outcome.h"

#include <glib/gi18n.h>

#include "assay-format.h"

static gboolean
mails (const AssayConnection *provider)
{
  return (assay_connector_get_capabilities (provider) & ASSAY_MAILS_NOBODY) == 0;
}

char *
assay_outcome_dup_for_one (const AssayConnection *provider, const char *email, gboolean offline, guint undo_seconds)
{
  g_return_val_if_fail (provider != NULL, NULL);
  g_return_val_if_fail (email != NULL, NULL);

  if (mails (provider) && offline)
    /* Translators: %s are the name of an assessment provider and an e-mail address */
    return g_strdup_printf (_("%s will e-mail %s when you are back online; until then you can undo it."), provider->name,
                            email);
  if (mails (provider))
    return g_strdup_printf (ngettext ("%s will e-mail %s in %u second, unless you undo it.",
                                      "%s will e-mail %s in %u seconds, unless you undo it.", undo_seconds),
                            provider->name, email, undo_seconds);
  if (offline)
    /* Translators: %s are the name of an assessment provider and an e-mail address */
    return g_strdup_printf (_("%s mails nobody: you get the link when you are back online, and hand it on to %s. "
                              "Until then you can undo it."),
                            provider->name, email);
  return g_strdup_printf (ngettext ("%s mails nobody: you get the link in %u second, unless you undo it, and hand it "
                                    "on to %s.",
                                    "%s mails nobody: you get the link in %u seconds, unless you undo it, and hand it "
                                    "on to %s.",
                                    undo_seconds),
                          provider->name, undo_seconds, email);
}

char *
assay_outcome_dup_for_many (const AssayConnection *provider, guint n_people, gboolean offline, guint undo_seconds)
{
  g_autofree char *number = assay_format_count (n_people);

  g_return_val_if_fail (provider != NULL, NULL);

  if (mails (provider) && offline)
    return g_strdup_printf (
      /* Translators: %s are the name of an assessment provider and a number */
      ngettext ("%s will e-mail %s person when you are back online; until then you can undo it.",
                "%s will e-mail %s people when you are back online; until then you can undo it.", n_people),
      provider->name, number);
  if (mails (provider))
    return g_strdup_printf (
      /* Translators: %s are the name of an assessment provider and a number */
      ngettext ("%s will e-mail %s person, from %u seconds after you send. Until then you can undo it.",
                "%s will e-mail %s people, from %u seconds after you send. Until then you can undo it.", n_people),
      provider->name, number, undo_seconds);
  if (offline)
    return g_strdup_printf (
      /* Translators: %s are the name of an assessment provider and a number */
      ngettext ("%s mails nobody: you get the link of %s person when you are back online, and hand it on. Until then "
                "you can undo it.",
                "%s mails nobody: you get the links of %s people when you are back online, and hand them on. Until then "
                "you can undo it.",
                n_people),
      provider->name, number);
  return g_strdup_printf (
    /* Translators: %s are the name of an assessment provider and a number */
    ngettext ("%s mails nobody: you get the link of %s person, from %u seconds after you send, and hand it on. Until "
              "then you can undo it.",
              "%s mails nobody: you get the links of %s people, from %u seconds after you send, and hand them on. Until "
              "then you can undo it.",
              n_people),
    provider->name, number, undo_seconds);
}
