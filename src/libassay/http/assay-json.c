/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The JSON guard, the parser behind it, and the readers. */
#include "config.h"

#include "assay-json.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- The guard ----------------------------------------------------------------------------------
 *
 * One loop over the bytes with two places to be in: before a value, and after one. What encloses the place is
 * a bit per level (object or array), so neither the stack nor the heap grows with the document. Strings and
 * white space, where nearly all bytes are, are crossed eight bytes at a time. */

typedef enum
{
  FAULT_NONE,
  FAULT_EMPTY,
  FAULT_CUT,
  FAULT_SYNTAX,
  FAULT_TRAILING,
  FAULT_DEPTH,
  FAULT_UTF8,
  FAULT_ESCAPE,
  FAULT_NUL,
  FAULT_CONTROL,
  FAULT_NUMBER,
  FAULT_RANGE,
  FAULT_DUPLICATE,
} Fault;

G_STATIC_ASSERT (ASSAY_JSON_MAX_DEPTH == 64); /* the levels are the bits of one guint64 */

static const char *
fault_to_sentence (Fault fault)
{
  switch (fault)
    {
    case FAULT_EMPTY:
      return _("The answer is empty.");
    case FAULT_CUT:
      return _("The answer ends in the middle.");
    case FAULT_TRAILING:
      return _("Something follows the end of the JSON document.");
    case FAULT_DEPTH:
      return _("The JSON document is nested too deeply.");
    case FAULT_UTF8:
      return _("The JSON document isn't valid UTF-8.");
    case FAULT_ESCAPE:
      return _("The JSON document has an escape sequence that means nothing.");
    case FAULT_NUL:
      return _("The JSON document has a NUL character in a text.");
    case FAULT_CONTROL:
      return _("The JSON document has a bare control character in a text.");
    case FAULT_NUMBER:
      return _("The JSON document has a malformed number.");
    case FAULT_RANGE:
      return _("The JSON document has a number that is too big.");
    case FAULT_DUPLICATE:
      return _("The JSON document names the same member twice.");
    case FAULT_SYNTAX:
    case FAULT_NONE:
    default:
      return _("The answer isn't valid JSON.");
    }
}

#define ONES G_GUINT64_CONSTANT (0x0101010101010101)
#define HIGHS G_GUINT64_CONSTANT (0x8080808080808080)

/* Sets the high bit of each byte of @word that a string can't simply pass over: '"', '\\', control characters
 * and everything outside of ASCII. Borrows may mark bytes above a true hit as well; only the lowest one is
 * used. */
static inline guint64
mark_special (guint64 word)
{
  guint64 quote = word ^ (ONES * '"');
  guint64 backslash = word ^ (ONES * '\\');

  return ((quote - ONES) | (backslash - ONES) | (word - ONES * 0x20) | word) & HIGHS;
}

static inline const guchar *
skip_plain (const guchar *p,
            const guchar *end)
{
  while (end - p >= 8)
    {
      guint64 word;
      guint64 marks;

      memcpy (&word, p, sizeof word);
      word = GUINT64_FROM_LE (word);
      marks = mark_special (word);
      if (marks != 0)
        return p + (__builtin_ctzll (marks) >> 3);
      p += 8;
    }
  while (p < end && *p != '"' && *p != '\\' && *p >= 0x20 && *p < 0x80)
    p++;
  return p;
}

static inline gboolean
is_continuation (guchar byte)
{
  return (byte & 0xc0) == 0x80;
}

/* Steps over one character outside of ASCII; NULL if it is overlong, a surrogate, beyond U+10FFFF or cut. */
static inline const guchar *
skip_multibyte (const guchar *p,
                const guchar *end)
{
  guchar lead = *p;
  gsize left = (gsize) (end - p);

  if (lead < 0xc2)
    return NULL;
  if (lead < 0xe0)
    return left >= 2 && is_continuation (p[1]) ? p + 2 : NULL;
  if (lead < 0xf0)
    {
      if (left < 3 || !is_continuation (p[1]) || !is_continuation (p[2]))
        return NULL;
      if ((lead == 0xe0 && p[1] < 0xa0) || (lead == 0xed && p[1] >= 0xa0))
        return NULL;
      return p + 3;
    }
  if (lead < 0xf5)
    {
      if (left < 4 || !is_continuation (p[1]) || !is_continuation (p[2]) || !is_continuation (p[3]))
        return NULL;
      if ((lead == 0xf0 && p[1] < 0x90) || (lead == 0xf4 && p[1] >= 0x90))
        return NULL;
      return p + 4;
    }
  return NULL;
}

/* The four hexadecimal digits at @p, or -1. */
static int
read_hex4 (const guchar *p,
           const guchar *end)
{
  int value = 0;

  if (end - p < 4)
    return -1;
  for (guint i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value ((char) p[i]);

      if (digit < 0)
        return -1;
      value = value << 4 | digit;
    }
  return value;
}

/* @p is behind a backslash; returns what is behind the whole escape. */
static const guchar *
skip_escape (const guchar *p,
             const guchar *end,
             Fault        *fault)
{
  int unit;

  *fault = FAULT_CUT;
  if (p == end)
    return NULL;
  *fault = FAULT_ESCAPE;
  switch (*p)
    {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
      return p + 1;
    case 'u':
      break;
    default:
      return NULL;
    }

  unit = read_hex4 (p + 1, end);
  if (unit < 0)
    return NULL;
  p += 5;
  if (unit == 0)
    {
      *fault = FAULT_NUL;
      return NULL;
    }
  if (unit < 0xd800 || unit > 0xdfff)
    return p;

  /* A surrogate must be the first of a pair. */
  if (unit > 0xdbff || end - p < 6 || p[0] != '\\' || p[1] != 'u')
    return NULL;
  unit = read_hex4 (p + 2, end);
  if (unit < 0xdc00 || unit > 0xdfff)
    return NULL;
  return p + 6;
}

/* @p is behind the opening quote; returns what is behind the closing one. @has_escape is set where there is
 * one. */
static inline const guchar *
skip_string (const guchar *p,
             const guchar *end,
             gboolean     *has_escape,
             Fault        *fault)
{
  for (;;)
    {
      p = skip_plain (p, end);
      if (G_UNLIKELY (p == end))
        {
          *fault = FAULT_CUT;
          return NULL;
        }
      if (G_LIKELY (*p == '"'))
        return p + 1;
      if (*p == '\\')
        {
          *has_escape = TRUE;
          p = skip_escape (p + 1, end, fault);
          if (p == NULL)
            return NULL;
        }
      else if (*p >= 0x80)
        {
          p = skip_multibyte (p, end);
          if (p == NULL)
            {
              *fault = FAULT_UTF8;
              return NULL;
            }
        }
      else
        {
          *fault = *p == 0 ? FAULT_NUL : FAULT_CONTROL;
          return NULL;
        }
    }
}

/* Whether the integer of @length digits (no leading zero) fits. */
static gboolean
integer_fits (const guchar *digits,
              gsize         length,
              gboolean      negative)
{
  if (length != 19)
    return length < 19;
  return memcmp (digits, negative ? "9223372036854775808" : "9223372036854775807", 19) <= 0;
}

/* Whether a number with a fraction or an exponent is a finite double. Only its order of magnitude matters,
 * and at the very edge its first 17 digits; so the digits needn't be copied to where strtod () could stop at
 * a NUL. */
static gboolean
real_fits (const guchar *integer,
           gsize         n_integer,
           const guchar *fraction,
           gsize         n_fraction,
           gint64        exponent)
{
  static const char limit[] = "17976931348623157";
  gint64 magnitude;
  gsize skipped = 0;

  if (*integer != '0')
    magnitude = (gint64) n_integer - 1 + exponent;
  else
    {
      n_integer = 0;
      while (skipped < n_fraction && fraction[skipped] == '0')
        skipped++;
      if (skipped == n_fraction)
        return TRUE;
      magnitude = exponent - (gint64) skipped - 1;
    }

  if (magnitude != 308)
    return magnitude < 308;
  for (gsize i = 0; i < sizeof limit - 1; i++)
    {
      gsize at_fraction = i < n_integer ? 0 : skipped + i - n_integer;
      char digit = '0';

      if (i < n_integer)
        digit = (char) integer[i];
      else if (at_fraction < n_fraction)
        digit = (char) fraction[at_fraction];
      if (digit != limit[i])
        return digit < limit[i];
    }
  return TRUE;
}

static inline gboolean
is_digit (guchar byte)
{
  return (guchar) (byte - '0') < 10;
}

static inline const guchar *
skip_number (const guchar *p,
             const guchar *end,
             Fault        *fault)
{
  gboolean negative = *p == '-';
  const guchar *integer;
  const guchar *fraction = NULL;
  gsize n_integer;
  gsize n_fraction = 0;
  gint64 exponent = 0;

  if (negative)
    p++;
  integer = p;
  while (p < end && is_digit (*p))
    p++;
  n_integer = (gsize) (p - integer);

  *fault = p == end ? FAULT_CUT : FAULT_NUMBER;
  if (n_integer == 0)
    return NULL;
  *fault = FAULT_NUMBER;
  if (*integer == '0' && n_integer > 1)
    return NULL;

  if (G_LIKELY (p == end || (*p != '.' && (*p | 0x20) != 'e')))
    {
      *fault = FAULT_RANGE;
      return G_LIKELY (integer_fits (integer, n_integer, negative)) ? p : NULL;
    }

  if (*p == '.')
    {
      fraction = ++p;
      while (p < end && is_digit (*p))
        p++;
      n_fraction = (gsize) (p - fraction);
      if (n_fraction == 0)
        {
          *fault = p == end ? FAULT_CUT : FAULT_NUMBER;
          return NULL;
        }
    }
  if (p < end && (*p | 0x20) == 'e')
    {
      const guchar *start;
      gboolean minus = FALSE;

      p++;
      if (p < end && (*p == '+' || *p == '-'))
        minus = *p++ == '-';
      start = p;
      while (p < end && is_digit (*p))
        {
          /* Far beyond any length of digits that could make up for it. */
          if (exponent < G_GINT64_CONSTANT (1000000000000))
            exponent = exponent * 10 + (*p - '0');
          p++;
        }
      if (p == start)
        {
          *fault = p == end ? FAULT_CUT : FAULT_NUMBER;
          return NULL;
        }
      if (minus)
        exponent = -exponent;
    }

  *fault = FAULT_RANGE;
  return real_fits (integer, n_integer, fraction, n_fraction, exponent) ? p : NULL;
}

static inline gboolean
is_space (guchar byte)
{
  return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

static inline const guchar *
skip_space (const guchar *p,
            const guchar *end)
{
  /* Compact documents have none, pretty-printed ones a line break and a run of blanks. */
  if (G_LIKELY (p < end && *p > ' '))
    return p;
  while (p < end && is_space (*p))
    {
      p++;
      while (end - p >= 8)
        {
          guint64 word;

          memcpy (&word, p, sizeof word);
          if (word != ONES * ' ')
            break;
          p += 8;
        }
    }
  return p;
}

/* The name between the quotes, with its escapes undone, so that "a" and "\u0061" are the same. It has passed
 * skip_string (), so every escape is whole. */
static char *
decode_name (const guchar *p,
             const guchar *end)
{
  GString *name = g_string_sized_new ((gsize) (end - p));

  while (p < end)
    {
      if (*p != '\\')
        {
          g_string_append_c (name, (char) *p++);
          continue;
        }
      p++;
      switch (*p++)
        {
        case 'b':
          g_string_append_c (name, '\b');
          break;
        case 'f':
          g_string_append_c (name, '\f');
          break;
        case 'n':
          g_string_append_c (name, '\n');
          break;
        case 'r':
          g_string_append_c (name, '\r');
          break;
        case 't':
          g_string_append_c (name, '\t');
          break;
        case 'u':
          {
            gunichar character = (gunichar) read_hex4 (p, end);

            p += 4;
            if (character >= 0xd800 && character <= 0xdbff)
              {
                character =
                  0x10000 + ((character - 0xd800) << 10) + ((gunichar) read_hex4 (p + 2, end) - 0xdc00);
                p += 6;
              }
            g_string_append_unichar (name, character);
          }
          break;
        default:
          g_string_append_c (name, (char) p[-1]);
          break;
        }
    }
  return g_string_free (name, FALSE);
}

/* A name that was seen in an object that is still open. */
typedef struct
{
  const guchar *text; /* in the document, or in @decoded */
  gsize length;
  guint64 digest; /* some of its bytes; tells most names apart */
  char *decoded;  /* (owned) (nullable): if it had escapes */
} Name;

/* The names of all open objects, the innermost one's last. Nothing is allocated for a name without escapes,
 * and nothing depends on a hash function that a stranger could make collide. */
typedef struct
{
  Name *stack;
  gsize length;
  gsize size;
  gsize starts[ASSAY_JSON_MAX_DEPTH + 1];
} Names;

/* More members than this are sorted, fewer are compared with each other. */
#define FEW_NAMES 24

static guint64
digest_name (const guchar *text,
             gsize         length)
{
  guint64 head = 0;
  guint64 tail = 0;

  if (length >= 8)
    {
      memcpy (&head, text, 8);
      memcpy (&tail, text + length - 8, 8);
    }
  else if (length >= 4)
    {
      memcpy (&head, text, 4);
      memcpy (&tail, text + length - 4, 4);
    }
  else if (length > 0)
    head = (guint64) text[0] << 16 | (guint64) text[length / 2] << 8 | text[length - 1];
  return head ^ (tail << 32 | tail >> 32) ^ length;
}

static inline void
names_add (Names        *names,
           const guchar *start,
           const guchar *end,
           gboolean      has_escape)
{
  Name *name;

  if (G_UNLIKELY (names->length == names->size))
    {
      names->size = MAX (names->size * 2, 64);
      names->stack = g_renew (Name, names->stack, names->size);
    }
  name = &names->stack[names->length++];
  *name = (Name) { .text = start, .length = (gsize) (end - start) };
  if (has_escape)
    {
      name->decoded = decode_name (start, end);
      name->text = (const guchar *) name->decoded;
      name->length = strlen (name->decoded);
    }
  name->digest = digest_name (name->text, name->length);
}

static void
names_drop (Names *names,
            gsize  start)
{
  while (names->length > start)
    g_clear_pointer (&names->stack[--names->length].decoded, g_free);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  const Name *one = a;
  const Name *other = b;

  if (one->digest != other->digest)
    return one->digest < other->digest ? -1 : 1;
  if (one->length != other->length)
    return one->length < other->length ? -1 : 1;
  return memcmp (one->text, other->text, one->length);
}

/* The object at @depth is complete. Returns: FALSE if it has a name twice */
static gboolean
names_close (Names *names,
             guint  depth)
{
  gsize start = names->starts[depth];
  gsize count = names->length - start;
  Name *own;
  gboolean unique = TRUE;

  if (count == 0)
    return TRUE;
  own = names->stack + start;
  if (count > FEW_NAMES)
    {
      qsort (own, count, sizeof (Name), compare_names);
      for (gsize i = 1; i < count && unique; i++)
        unique = compare_names (&own[i - 1], &own[i]) != 0;
    }
  else
    for (gsize i = 1; i < count && unique; i++)
      for (gsize j = 0; j < i && unique; j++)
        unique = own[i].digest != own[j].digest || compare_names (&own[i], &own[j]) != 0;

  names_drop (names, start);
  return unique;
}

static inline gboolean
skip_literal (const guchar **p,
              const guchar  *end,
              const char    *literal,
              gsize          length,
              Fault         *fault)
{
  gsize left = (gsize) (end - *p);

  if (G_LIKELY (left >= length && memcmp (*p, literal, length) == 0))
    {
      *p += length;
      return TRUE;
    }
  *fault = left < length && memcmp (*p, literal, left) == 0 ? FAULT_CUT : FAULT_SYNTAX;
  return FALSE;
}

static Fault
check_document (const guchar *p,
                const guchar *end,
                Names        *names)
{
  Fault fault = FAULT_SYNTAX;
  guint64 in_object = 0; /* bit 0: the innermost level is an object; bit 1: the one around it; … */
  guint depth = 0;
  const guchar *name;
  gboolean has_escape;

  p = skip_space (p, end);
  if (p == end)
    return FAULT_EMPTY;

value:
  p = skip_space (p, end);
  if (G_UNLIKELY (p == end))
    return FAULT_CUT;
  switch (*p)
    {
    case '"':
      p = skip_string (p + 1, end, &has_escape, &fault);
      if (G_UNLIKELY (p == NULL))
        return fault;
      break;

    case '{':
      if (G_UNLIKELY (depth == ASSAY_JSON_MAX_DEPTH))
        return FAULT_DEPTH;
      depth++;
      in_object = in_object << 1 | 1;
      if (G_UNLIKELY (names != NULL))
        names->starts[depth] = names->length;
      p = skip_space (p + 1, end);
      if (p < end && *p == '}')
        goto close;
      goto name;

    case '[':
      if (G_UNLIKELY (depth == ASSAY_JSON_MAX_DEPTH))
        return FAULT_DEPTH;
      depth++;
      in_object <<= 1;
      p = skip_space (p + 1, end);
      if (p < end && *p == ']')
        goto close;
      goto value;

    case 't':
      if (!skip_literal (&p, end, "true", 4, &fault))
        return fault;
      break;
    case 'f':
      if (!skip_literal (&p, end, "false", 5, &fault))
        return fault;
      break;
    case 'n':
      if (!skip_literal (&p, end, "null", 4, &fault))
        return fault;
      break;

    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
      p = skip_number (p, end, &fault);
      if (G_UNLIKELY (p == NULL))
        return fault;
      break;

    default:
      return FAULT_SYNTAX;
    }

after_value:
  if (depth == 0)
    return skip_space (p, end) == end ? FAULT_NONE : FAULT_TRAILING;
  p = skip_space (p, end);
  if (G_UNLIKELY (p == end))
    return FAULT_CUT;
  if (*p == ',')
    {
      p++;
      if ((in_object & 1) == 0)
        goto value;
      p = skip_space (p, end);
      goto name;
    }
  if (*p != ((in_object & 1) != 0 ? '}' : ']'))
    return FAULT_SYNTAX;

close:
  if (G_UNLIKELY (names != NULL) && (in_object & 1) != 0 && !names_close (names, depth))
    return FAULT_DUPLICATE;
  p++;
  depth--;
  in_object >>= 1;
  goto after_value;

name:
  if (G_UNLIKELY (p == end))
    return FAULT_CUT;
  if (G_UNLIKELY (*p != '"'))
    return FAULT_SYNTAX;
  name = p + 1;
  has_escape = FALSE;
  p = skip_string (name, end, &has_escape, &fault);
  if (G_UNLIKELY (p == NULL))
    return fault;
  if (G_UNLIKELY (names != NULL))
    names_add (names, name, p - 1, has_escape);
  p = skip_space (p, end);
  if (G_UNLIKELY (p == end))
    return FAULT_CUT;
  if (G_UNLIKELY (*p != ':'))
    return FAULT_SYNTAX;
  p++;
  goto value;
}

gboolean
assay_json_guard (const char *data,
                  gsize       length,
                  gboolean    reject_duplicate_keys,
                  GError    **error)
{
  Names names = { 0 };
  Fault fault;

  g_return_val_if_fail (data != NULL || length == 0, FALSE);

  if (length == 0)
    fault = FAULT_EMPTY;
  else
    {
      fault = check_document ((const guchar *) data, (const guchar *) data + length,
                              reject_duplicate_keys ? &names : NULL);
      names_drop (&names, 0);
      g_free (names.stack);
    }

  if (fault == FAULT_NONE)
    return TRUE;
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE, fault_to_sentence (fault));
  return FALSE;
}

JsonNode *
assay_json_parse (const char *data,
                  gsize       length,
                  GError    **error)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GError) local_error = NULL;
  JsonNode *root;

  if (!assay_json_guard (data, length, FALSE, error))
    return NULL;

  parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, data, (gssize) length, &local_error))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE, "%s", fault_to_sentence (FAULT_SYNTAX));
      g_debug ("JsonParser refuses what the guard let pass: %s", local_error->message);
      return NULL;
    }
  root = json_parser_steal_root (parser);
  if (root == NULL)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE, fault_to_sentence (FAULT_EMPTY));
  return root;
}

/* ---- Strict readers --------------------------------------------------------------------------- */

static void
set_shape_error (GError    **error,
                 const char *what,
                 const char *member)
{
  if (member == NULL)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
                 /* Translators: %s is a document, such as "the list of jobs" */
                 _("The vendor's answer doesn't have the shape that is documented for %s."), what);
  else
    g_set_error (
      error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE,
      /* Translators: the first %s is a document, such as "the list of jobs", the second a field's name */
      _("The vendor's answer doesn't have the shape that is documented for %s: “%s” is missing or of "
        "another type."),
      what, member);
}

static JsonNode *
get_member (JsonObject *object,
            const char *member)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, member) : NULL;

  return node == NULL || JSON_NODE_HOLDS_NULL (node) ? NULL : node;
}

JsonObject *
assay_json_expect_object (JsonNode   *node,
                          const char *what,
                          GError    **error)
{
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);
  set_shape_error (error, what, NULL);
  return NULL;
}

JsonArray *
assay_json_expect_array (JsonNode   *node,
                         const char *what,
                         GError    **error)
{
  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    return json_node_get_array (node);
  set_shape_error (error, what, NULL);
  return NULL;
}

JsonObject *
assay_json_expect_member_object (JsonObject *object,
                                 const char *member,
                                 const char *what,
                                 GError    **error)
{
  JsonObject *value = assay_json_get_object (object, member);

  if (value == NULL)
    set_shape_error (error, what, member);
  return value;
}

JsonArray *
assay_json_expect_member_array (JsonObject *object,
                                const char *member,
                                const char *what,
                                GError    **error)
{
  JsonArray *value = assay_json_get_array (object, member);

  if (value == NULL)
    set_shape_error (error, what, member);
  return value;
}

char *
assay_json_expect_member_id (JsonObject *object,
                             const char *member,
                             const char *what,
                             GError    **error)
{
  JsonNode *node = get_member (object, member);

  if (node != NULL && JSON_NODE_HOLDS_VALUE (node))
    {
      if (json_node_get_value_type (node) == G_TYPE_INT64)
        return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
      if (json_node_get_value_type (node) == G_TYPE_STRING && *json_node_get_string (node) != '\0')
        return json_node_dup_string (node);
    }
  set_shape_error (error, what, member);
  return NULL;
}

/* ---- Lenient readers -------------------------------------------------------------------------- */

JsonObject *
assay_json_get_object (JsonObject *object,
                       const char *member)
{
  JsonNode *node = get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
assay_json_get_array (JsonObject *object,
                      const char *member)
{
  JsonNode *node = get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static char *
dup_real (double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_dtostr (buffer, sizeof buffer, value));
}

char *
assay_json_dup_string (JsonObject *object,
                       const char *member)
{
  JsonNode *node = get_member (object, member);
  GType type;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  type = json_node_get_value_type (node);
  if (type == G_TYPE_STRING)
    return json_node_dup_string (node);
  if (type == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  if (type == G_TYPE_DOUBLE)
    return dup_real (json_node_get_double (node));
  if (type == G_TYPE_BOOLEAN)
    return g_strdup (json_node_get_boolean (node) ? "true" : "false");
  return NULL;
}

const char *
assay_json_get_string (JsonObject *object,
                       const char *member)
{
  JsonNode *node = get_member (object, member);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

/* Reads "84", " 84.5 % ", "-1e3"; nothing that strtod () alone would take besides ("inf", "0x10", "1,5"). */
static gboolean
parse_number (const char *text,
              double     *value,
              gboolean   *is_percent)
{
  const char *p = text;
  const char *start;
  gboolean has_digit = FALSE;
  gboolean percent = FALSE;
  double number;

  while (g_ascii_isspace (*p))
    p++;
  start = p;
  if (*p == '-' || *p == '+')
    p++;
  for (; g_ascii_isdigit (*p); p++)
    has_digit = TRUE;
  if (*p == '.')
    for (p++; g_ascii_isdigit (*p); p++)
      has_digit = TRUE;
  if (!has_digit)
    return FALSE;
  if ((*p | 0x20) == 'e')
    {
      p++;
      if (*p == '-' || *p == '+')
        p++;
      if (!g_ascii_isdigit (*p))
        return FALSE;
      while (g_ascii_isdigit (*p))
        p++;
    }
  while (g_ascii_isspace (*p))
    p++;
  if (*p == '%')
    {
      percent = TRUE;
      p++;
    }
  while (g_ascii_isspace (*p))
    p++;
  if (*p != '\0')
    return FALSE;

  number = g_ascii_strtod (start, NULL);
  if (!isfinite (number))
    return FALSE;
  *value = number;
  if (is_percent != NULL)
    *is_percent = percent;
  return TRUE;
}

static gboolean
node_get_number (JsonNode *node,
                 double   *value,
                 gboolean *is_percent)
{
  GType type;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return FALSE;
  type = json_node_get_value_type (node);
  if (type == G_TYPE_STRING)
    return parse_number (json_node_get_string (node), value, is_percent);
  if (type == G_TYPE_INT64)
    *value = (double) json_node_get_int (node);
  else if (type == G_TYPE_DOUBLE)
    *value = json_node_get_double (node);
  else
    return FALSE;
  if (is_percent != NULL)
    *is_percent = FALSE;
  return TRUE;
}

gboolean
assay_json_get_number (JsonObject *object,
                       const char *member,
                       double     *value,
                       gboolean   *is_percent)
{
  return node_get_number (get_member (object, member), value, is_percent);
}

gboolean
assay_json_get_boolean (JsonObject *object,
                        const char *member,
                        gboolean    fallback)
{
  JsonNode *node = get_member (object, member);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return fallback;
  return json_node_get_boolean (node);
}

gint64
assay_json_get_time (JsonObject *object,
                     const char *member)
{
  JsonNode *node = get_member (object, member);
  const char *text = assay_json_get_string (object, member);
  double number;

  if (text != NULL)
    {
      g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);

      /* No vendor is that old: a date before 1970 is an empty field's default somewhere. */
      if (time != NULL)
        return MAX (g_date_time_to_unix (time) * 1000 + g_date_time_get_microsecond (time) / 1000, 0);
    }
  if (!node_get_number (node, &number, NULL) || number <= 0)
    return 0;
  /* As seconds this is the year 5138, as milliseconds 1973. */
  if (number < 1e11)
    number *= 1000;
  /* The last millisecond of the year 9999, which GDateTime ends with. */
  return number <= 253402300799999.0 ? (gint64) number : 0;
}

JsonObject *
assay_json_array_get_object (JsonArray *array,
                             guint      index)
{
  JsonNode *node;

  if (array == NULL || index >= json_array_get_length (array))
    return NULL;
  node = json_array_get_element (array, index);
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* Json-glib 1.6 lets no number with a fraction look like an integer, and so writes 6e62 as "6e+62.0", which is none. */
static void
mend_exponents (char *text)
{
  char *end = text;
  gboolean in_string = FALSE;
  gboolean in_number = FALSE;
  gboolean in_exponent = FALSE;

  for (const char *p = text; *p != '\0'; p++)
    {
      if (in_string)
        {
          in_string = *p != '"';
          if (*p == '\\')
            *end++ = *p++;
        }
      else
        {
          in_string = *p == '"';
          if (g_ascii_isdigit (*p) || *p == '-' || *p == '+')
            in_number = TRUE;
          else if (in_number && *p == 'e')
            in_exponent = TRUE;
          else if (in_exponent && g_str_has_prefix (p, ".0"))
            {
              p++;
              continue;
            }
          else if (*p != '.')
            in_number = in_exponent = FALSE;
        }
      *end++ = *p;
    }
  *end = '\0';
}

void
assay_json_add_string (JsonBuilder *builder,
                       const char  *member,
                       const char  *value)
{
  json_builder_set_member_name (builder, member);
  json_builder_add_string_value (builder, value);
}

JsonNode *
assay_json_new_with_string (const char *member,
                            const char *value)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  assay_json_add_string (builder, member, value);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

char *
assay_json_write (JsonNode *node)
{
  char *text;

  g_return_val_if_fail (node != NULL, NULL);

  text = json_to_string (node, FALSE);
  mend_exponents (text);
  return text;
}

char *
assay_json_to_text (JsonNode *node,
                    gsize     max_length)
{
  g_autofree char *text = NULL;

  if (node == NULL)
    return NULL;
  text = assay_json_write (node);
  return text != NULL && strlen (text) <= max_length ? g_steal_pointer (&text) : NULL;
}
