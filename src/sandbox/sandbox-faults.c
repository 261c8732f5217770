/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Misfortune on request: which requests go wrong next, and how. */

#include "config.h"

#include "sandbox-faults.h"

#include <gio/gio.h>
#include <string.h>

static const struct
{
  const char      *name;
  SandboxFaultKind kind;
  enum { NOTHING, NUMBER, STATUS, ADDRESS } argument;
  gboolean         effect;
} kinds[] = {
  { "status", SANDBOX_FAULT_STATUS, STATUS, FALSE },
  { "retry-after", SANDBOX_FAULT_RETRY_AFTER, NUMBER, FALSE },
  { "retry-after-date", SANDBOX_FAULT_RETRY_AFTER_DATE, NUMBER, FALSE },
  { "drop-before", SANDBOX_FAULT_DROP_BEFORE, NOTHING, FALSE },
  { "drop-after", SANDBOX_FAULT_DROP_AFTER, NOTHING, TRUE },
  { "truncate", SANDBOX_FAULT_TRUNCATE, NOTHING, TRUE },
  { "truncate-chunked", SANDBOX_FAULT_TRUNCATE_CHUNKED, NOTHING, TRUE },
  { "html", SANDBOX_FAULT_HTML, NOTHING, FALSE },
  { "empty", SANDBOX_FAULT_EMPTY, NOTHING, FALSE },
  { "redirect", SANDBOX_FAULT_REDIRECT, ADDRESS, FALSE },
  { "stall", SANDBOX_FAULT_STALL, NOTHING, FALSE },
  { "slow", SANDBOX_FAULT_SLOW, NOTHING, TRUE },
  { "delay", SANDBOX_FAULT_DELAY, NUMBER, TRUE },
  { "deep", SANDBOX_FAULT_DEEP, NOTHING, FALSE },
  { "huge", SANDBOX_FAULT_ENDLESS, NOTHING, FALSE },
  { "wrong-type", SANDBOX_FAULT_WRONG_TYPE, NOTHING, TRUE },
};

struct _SandboxFaults
{
  GPtrArray *faults;          /* (element-type SandboxFault), oldest first */
};

void
sandbox_fault_free (SandboxFault *fault)
{
  g_free (fault->vendor);
  g_free (fault->operation);
  g_free (fault->text);
  g_free (fault->url);
  g_free (fault);
}

SandboxFaults *
sandbox_faults_new (void)
{
  SandboxFaults *self = g_new0 (SandboxFaults, 1);

  self->faults = g_ptr_array_new_with_free_func ((GDestroyNotify) sandbox_fault_free);
  return self;
}

void
sandbox_faults_free (SandboxFaults *self)
{
  g_ptr_array_unref (self->faults);
  g_free (self);
}

void
sandbox_faults_clear (SandboxFaults *self)
{
  g_ptr_array_set_size (self->faults, 0);
}

static gboolean
parse_kind (SandboxFault *fault,
            const char   *text)
{
  const char *colon = strchr (text, ':');
  g_autofree char *name = colon != NULL ? g_strndup (text, (gsize) (colon - text)) : g_strdup (text);
  const char *argument = colon != NULL ? colon + 1 : NULL;
  guint64 status;
  char *end;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (!g_str_equal (kinds[i].name, name))
        continue;
      fault->kind = kinds[i].kind;
      fault->effect = kinds[i].effect;
      switch (kinds[i].argument)
        {
        case NOTHING:
          return argument == NULL;
        case NUMBER:
          if (argument == NULL || *argument == '\0')
            return FALSE;
          fault->amount = g_ascii_strtod (argument, &end);
          return *end == '\0';
        case STATUS:
          if (argument == NULL || !g_ascii_string_to_unsigned (argument, 10, 200, 599, &status, NULL))
            return FALSE;
          fault->status = (guint) status;
          return TRUE;
        case ADDRESS:
        default:
          fault->url = g_strdup (argument);
          fault->status = 302;
          return argument != NULL && *argument != '\0';
        }
    }
  return FALSE;
}

gboolean
sandbox_faults_add (SandboxFaults  *self,
                    JsonObject     *object,
                    GError        **error)
{
  static const char *const known[]
    = { "vendor", "operation", "kind", "times", "seconds", "after", "effect", "status", NULL };
  g_autoptr (SandboxFault) fault = g_new0 (SandboxFault, 1);
  g_autoptr (GList) members = json_object_get_members (object);
  const char *kind = sandbox_json_get_string (object, "kind");
  double seconds = sandbox_json_get_real (object, "seconds", 0);
  gint64 times = sandbox_json_get_integer (object, "times", seconds > 0 ? 0 : 1);

  for (GList *member = members; member != NULL; member = member->next)
    if (!g_strv_contains (known, member->data))
      {
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "A fault has no member “%s”",
                     (const char *) member->data);
        return FALSE;
      }
  if (kind == NULL || !parse_kind (fault, kind))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "There is no fault “%s”",
                   kind != NULL ? kind : "");
      return FALSE;
    }
  fault->text = g_strdup (kind);
  fault->vendor = g_strdup (sandbox_json_get_string (object, "vendor"));
  fault->operation = g_strdup (sandbox_json_get_string (object, "operation"));
  fault->after = (guint) CLAMP (sandbox_json_get_integer (object, "after", 0), 0, G_MAXINT);
  fault->times = (guint) CLAMP (times, 0, G_MAXINT);
  fault->until = seconds > 0 ? g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC) : 0;
  fault->effect = sandbox_json_get_boolean (object, "effect", fault->effect);
  fault->status = (guint) CLAMP (sandbox_json_get_integer (object, "status", fault->status), 0, 599);
  g_ptr_array_add (self->faults, g_steal_pointer (&fault));
  return TRUE;
}

SandboxFault *
sandbox_faults_take (SandboxFaults *self,
                     const char    *vendor,
                     const char    *operation)
{
  gint64 now = g_get_monotonic_time ();

  for (guint i = 0; i < self->faults->len; )
    {
      SandboxFault *fault = g_ptr_array_index (self->faults, i);
      SandboxFault *taken;

      if (fault->until != 0 && now >= fault->until)
        {
          g_ptr_array_remove_index (self->faults, i);
          continue;
        }
      if ((fault->vendor != NULL && !g_str_equal (fault->vendor, vendor))
          || (fault->operation != NULL && !g_str_equal (fault->operation, operation)))
        {
          i++;
          continue;
        }
      if (fault->after > 0)
        {
          fault->after--;
          i++;
          continue;
        }
      taken = g_new0 (SandboxFault, 1);
      *taken = *fault;
      taken->vendor = g_strdup (fault->vendor);
      taken->operation = g_strdup (fault->operation);
      taken->text = g_strdup (fault->text);
      taken->url = g_strdup (fault->url);
      if (fault->times > 0 && --fault->times == 0)
        g_ptr_array_remove_index (self->faults, i);
      return taken;
    }
  return NULL;
}

void
sandbox_faults_write (SandboxFaults *self,
                      SandboxJson   *json)
{
  sandbox_json_begin_array (json);
  for (guint i = 0; i < self->faults->len; i++)
    {
      SandboxFault *fault = g_ptr_array_index (self->faults, i);

      sandbox_json_begin_object (json);
      sandbox_json_member_string (json, "vendor", fault->vendor);
      sandbox_json_member_string (json, "operation", fault->operation);
      sandbox_json_member_string (json, "kind", fault->text);
      sandbox_json_member_integer (json, "times", fault->times);
      sandbox_json_end_object (json);
    }
  sandbox_json_end_array (json);
}
