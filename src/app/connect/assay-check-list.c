/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The key and the permissions of a connection, ticked one by one. */
#include "config.h"

#include "assay-check-list.h"

#include <glib/gi18n.h>

#include "assay-check-row.h"

struct _AssayCheckList
{
  AdwBin parent_instance;

  const AssayConnectorDescription *description;   /* (nullable) until the first check */
  GPtrArray *rows;                                /* borrowed: the key, then the permissions */
  GPtrArray *warnings;                            /* borrowed: rows of what else isn't in order */
  AdwPreferencesGroup *group;                     /* borrowed */
};

G_DEFINE_FINAL_TYPE (AssayCheckList, assay_check_list, ADW_TYPE_BIN)

static char *
format_permission (const char *name,
                   const char *access)
{
  /* Translators: the first %s is a permission as the vendor calls it, such as "Job", the second its degree,
   * "Read" */
  return access != NULL && *access != '\0' ? g_strdup_printf (_("%s: %s"), name, access) : g_strdup (name);
}

static void
add_row (AssayCheckList *self,
         const char     *title)
{
  GtkWidget *row = assay_check_row_new (title);

  adw_preferences_group_add (self->group, row);
  g_ptr_array_add (self->rows, row);
}

static void
shorten (AssayCheckList *self,
         guint           length)
{
  while (self->rows->len > length)
    {
      adw_preferences_group_remove (self->group, g_ptr_array_index (self->rows, self->rows->len - 1));
      g_ptr_array_set_size (self->rows, self->rows->len - 1);
    }
}

static const AssayPermissionDescription *
find_permission (AssayCheckList        *self,
                 const AssayPermission *permission)
{
  const AssayPermissionDescription *descriptions = self->description->permissions;

  for (guint i = 0; descriptions[i].name != NULL; i++)
    if (g_strcmp0 (descriptions[i].name, permission->name) == 0 &&
        g_strcmp0 (descriptions[i].access, permission->access) == 0)
      return &descriptions[i];
  return NULL;
}

/* Whether the address or the key as such was refused, so that nothing is known of its permissions. */
static gboolean
key_is_bad (const AssayProbe *probe)
{
  if (probe->error == NULL || g_error_matches (probe->error, ASSAY_ERROR, ASSAY_ERROR_FORBIDDEN))
    return FALSE;
  for (guint i = 0; i < probe->permissions->len; i++)
    if (((const AssayPermission *) g_ptr_array_index (probe->permissions, i))->granted == ASSAY_GRANTED_YES)
      return FALSE;
  return TRUE;
}

/* Whether the check broke off, so that what isn't known wasn't looked at. */
static gboolean
broke_off (const AssayProbe *probe)
{
  return key_is_bad (probe) || g_error_matches (probe->error, ASSAY_ERROR, ASSAY_ERROR_UNAVAILABLE) ||
         g_error_matches (probe->error, ASSAY_ERROR, ASSAY_ERROR_RATE_LIMITED) ||
         g_error_matches (probe->error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE);
}

static void
show_key (AssayCheckList   *self,
          const AssayProbe *probe)
{
  AssayCheckRow *row = g_ptr_array_index (self->rows, 0);
  g_autofree char *account = NULL;

  if (key_is_bad (probe))
    {
      /* Whoever wasn't reached, or has no time, has said nothing of the key. */
      assay_check_row_set_state (row,
                                 g_error_matches (probe->error, ASSAY_ERROR, ASSAY_ERROR_RATE_LIMITED) ||
                                     g_error_matches (probe->error, ASSAY_ERROR, ASSAY_ERROR_UNAVAILABLE)
                                   ? ASSAY_CHECK_WAITING
                                   : ASSAY_CHECK_BAD,
                                 NULL);
      return;
    }
  if (probe->account != NULL)
    /* Translators: %s is whose account it is at the vendor's, such as a company's name */
    account = g_strdup_printf (_("The account of %s."), probe->account);
  assay_check_row_set_state (row, ASSAY_CHECK_GOOD, account);
}

static void
show_permission (AssayCheckList        *self,
                 AssayCheckRow         *row,
                 const AssayProbe      *probe,
                 const AssayPermission *permission)
{
  const AssayPermissionDescription *description = find_permission (self, permission);
  const char *purpose = description != NULL && description->purpose != NULL ? _(description->purpose) : NULL;

  if (permission->granted == ASSAY_GRANTED_YES)
    assay_check_row_set_state (row, ASSAY_CHECK_GOOD, purpose);
  else if (key_is_bad (probe) || (permission->granted == ASSAY_GRANTED_UNKNOWN && broke_off (probe)))
    assay_check_row_set_state (row, ASSAY_CHECK_WAITING, purpose);
  else if (permission->granted == ASSAY_GRANTED_NO && permission->needed)
    assay_check_row_set_state (row, ASSAY_CHECK_BAD, permission->remedy);
  else if (permission->granted == ASSAY_GRANTED_NO)
    assay_check_row_set_state (row, ASSAY_CHECK_SPARED, permission->remedy);
  else
    assay_check_row_set_state (row, ASSAY_CHECK_UNKNOWN, permission->remedy);
}

/* What the doctor has to say that no permission says. */
static void
add_findings (AssayCheckList *self,
              GPtrArray      *findings)
{
  for (guint i = 0; findings != NULL && i < findings->len; i++)
    {
      const AssayFinding *finding = g_ptr_array_index (findings, i);
      g_autofree char *sentence = NULL;
      GtkWidget *row;

      if (finding->severity < ASSAY_SEVERITY_WARNING || g_str_equal (finding->code, "key") ||
          g_str_equal (finding->code, "permission"))
        continue;
      sentence = g_strjoin (" ", finding->sentence != NULL ? finding->sentence : "", finding->remedy, NULL);
      row = assay_check_row_new (finding->title);
      assay_check_row_set_state (ASSAY_CHECK_ROW (row), ASSAY_CHECK_WARNING, sentence);
      adw_preferences_group_add (self->group, row);
      g_ptr_array_add (self->warnings, row);
    }
}

static void
clear_warnings (AssayCheckList *self)
{
  for (guint i = 0; i < self->warnings->len; i++)
    adw_preferences_group_remove (self->group, g_ptr_array_index (self->warnings, i));
  g_ptr_array_set_size (self->warnings, 0);
}

void
assay_check_list_begin (AssayCheckList                  *self,
                        const AssayConnectorDescription *description)
{
  g_return_if_fail (ASSAY_IS_CHECK_LIST (self));
  g_return_if_fail (description != NULL);

  self->description = description;
  clear_warnings (self);
  shorten (self, 0);
  add_row (self, _("Address and key"));
  for (guint i = 0; description->permissions[i].name != NULL; i++)
    {
      g_autofree char *permission =
        format_permission (_(description->permissions[i].name), _(description->permissions[i].access));

      add_row (self, permission);
    }
  assay_check_row_set_state (g_ptr_array_index (self->rows, 0), ASSAY_CHECK_RUNNING, NULL);
}

void
assay_check_list_tick (AssayCheckList   *self,
                       const AssayProbe *probe)
{
  const AssayPermissionDescription *descriptions;

  g_return_if_fail (ASSAY_IS_CHECK_LIST (self));
  g_return_if_fail (self->description != NULL && probe != NULL && probe->permissions->len > 0);

  show_key (self, probe);
  descriptions = self->description->permissions;
  for (guint i = 0; i < probe->permissions->len; i++)
    {
      const AssayPermission *permission = g_ptr_array_index (probe->permissions, i);
      const AssayPermissionDescription *description = find_permission (self, permission);
      guint row = description != NULL ? (guint) (description - descriptions) + 1 : 0;

      if (row == 0)
        continue;
      show_permission (self, g_ptr_array_index (self->rows, row), probe, permission);
      if (i + 1 == probe->permissions->len && row + 1 < self->rows->len)
        assay_check_row_set_state (g_ptr_array_index (self->rows, row + 1), ASSAY_CHECK_RUNNING, NULL);
    }
}

void
assay_check_list_show (AssayCheckList   *self,
                       const AssayProbe *probe,
                       GPtrArray        *findings)
{
  g_return_if_fail (ASSAY_IS_CHECK_LIST (self));
  g_return_if_fail (probe != NULL);

  /* The answer may know more permissions than the description, or fewer. */
  shorten (self, probe->permissions->len + 1);
  show_key (self, probe);
  for (guint i = 0; i < probe->permissions->len; i++)
    {
      const AssayPermission *permission = g_ptr_array_index (probe->permissions, i);
      g_autofree char *title = format_permission (permission->name, permission->access);

      if (i + 1 < self->rows->len)
        adw_preferences_row_set_title (g_ptr_array_index (self->rows, i + 1), title);
      else
        add_row (self, title);
      show_permission (self, g_ptr_array_index (self->rows, i + 1), probe, permission);
    }
  add_findings (self, findings);
}

void
assay_check_list_stop (AssayCheckList *self)
{
  g_return_if_fail (ASSAY_IS_CHECK_LIST (self));

  for (guint i = 0; i < self->rows->len; i++)
    assay_check_row_set_state (g_ptr_array_index (self->rows, i), ASSAY_CHECK_WAITING, NULL);
}

static void
assay_check_list_finalize (GObject *object)
{
  g_ptr_array_unref (ASSAY_CHECK_LIST (object)->rows);
  g_ptr_array_unref (ASSAY_CHECK_LIST (object)->warnings);
  G_OBJECT_CLASS (assay_check_list_parent_class)->finalize (object);
}

static void
assay_check_list_class_init (AssayCheckListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = assay_check_list_finalize;
}

static void
assay_check_list_init (AssayCheckList *self)
{
  self->rows = g_ptr_array_new ();
  self->warnings = g_ptr_array_new ();
  self->group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->group));
}
