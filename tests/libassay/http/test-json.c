/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The JSON guard against what it must take and must refuse, and the readers behind it. */
#include "config.h"

#include "assay-json.h"

#include <math.h>
#include <string.h>

static gboolean
guard (const char *text,
       gssize      length,
       gboolean    reject_duplicate_keys)
{
  gsize size = length < 0 ? strlen (text) : (gsize) length;
  /* Exactly as long as it says, so that a sanitizer sees a read beyond. */
  g_autofree char *copy = g_memdup2 (text, size);
  g_autoptr (GError) error = NULL;
  gboolean accepted = assay_json_guard (size > 0 ? copy : "", size, reject_duplicate_keys, &error);

  if (accepted)
    g_assert_no_error (error);
  else
    {
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE);
      g_assert_true (g_str_has_suffix (error->message, "."));
    }
  return accepted;
}

static const char *const accepted[] = {
  "{}",
  "[]",
  " \t\r\n[ ] \n",
  "null",
  "true",
  "false",
  "\"\"",
  "0",
  "-0",
  "-1",
  "9223372036854775807",
  "-9223372036854775808",
  "999999999999999999",
  "1.5",
  "-0.0",
  "0.1e-5",
  "1e5",
  "1E+5",
  "1e-400",
  "0e999999999999999999999",
  "0.0e99999",
  "1.7976931348623157e308",
  "-1.7976931348623157E+308",
  "17976931348623157e292",
  "0.00000000017976931348623157e318",
  "123456789012345678901234567890.5",
  "[1,2,3]",
  "[[[[]]],{}]",
  "{\"a\":1,\"b\":[true,false,null],\"c\":{\"d\":\"e\"}}",
  "{ \"a\" : 1 , \"b\" : [ true , null ] }",
  "{\"\":\"\"}",
  "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\"",
  "\"\\ud83d\\ude00\"",
  "\"\\uD83D\\uDE00\"",
  "\"a long text of plain characters, longer than a word of the machine, \xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 too\"",
  "\"\x7f\"",
  "\"\xef\xbf\xbf\"",
  "\"\xf4\x8f\xbf\xbf\"",
  "\"\xed\x9f\xbf\"",
  "\"\xee\x80\x80\"",
  "\"\\u0001\"",
  "{\"a\":1,\"a\":2}",
};

static void
test_accepted (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (accepted); i++)
    {
      g_autoptr (JsonNode) root = NULL;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", accepted[i]);
      g_assert_true (guard (accepted[i], -1, FALSE));
      /* And json-glib agrees. */
      root = assay_json_parse (accepted[i], strlen (accepted[i]), &error);
      g_assert_no_error (error);
      g_assert_nonnull (root);
      g_assert_true (json_node_is_immutable (root));
    }
}

static const char *const refused[] = {
  "",
  " ",
  "\n\t",
  "{",
  "[",
  "]",
  "}",
  "[1",
  "[1,",
  "[1,]",
  "[,1]",
  "[1 2]",
  "[1}",
  "{\"a\"}",
  "{\"a\":}",
  "{\"a\":1",
  "{\"a\":1,",
  "{\"a\":1,}",
  "{\"a\" 1}",
  "{a:1}",
  "{1:1}",
  "{'a':1}",
  "'a'",
  "{\"a\":1]",
  "[]]",
  "{}{}",
  "[] []",
  "[]x",
  "1 2",
  "// comment\n[]",
  "[] /* comment */",
  "var x = {}",
  "tru",
  "truee",
  "True",
  "nul",
  "nulL",
  "NaN",
  "Infinity",
  "-Infinity",
  "undefined",
  "01",
  "-01",
  "010",
  "00",
  "0x10",
  "1.",
  ".5",
  "-",
  "+1",
  "--1",
  "1e",
  "1e+",
  "1.e5",
  "1.5.5",
  "1e5.5",
  "1_000",
  "9223372036854775808",
  "-9223372036854775809",
  "92233720368547758079",
  "100000000000000000000",
  "1e309",
  "-1e309",
  "1e999",
  "1e99999999999999999999",
  "1.7976931348623158e308",
  "2e308",
  "0.001e312",
  "17976931348623158e292",
  "\"",
  "\"a",
  "\"\\",
  "\"\\\"",
  "\"\\x41\"",
  "\"\\a\"",
  "\"\\u\"",
  "\"\\u12\"",
  "\"\\u12G4\"",
  "\"\\u0000\"",
  "\"x\\u0000y\"",
  "{\"a\\u0000\":1}",
  "\"\\ud83d\"",
  "\"\\ude00\"",
  "\"\\ud83dx\"",
  "\"\\ud83d\\n\"",
  "\"\\ud83d\\ud83d\"",
  "\"\\ud83d\\u0041\"",
  "\"\x01\"",
  "\"a\nb\"",
  "\"tab\there, in a text longer than a word\"",
  "\"\x80\"",
  "\"\xbf\"",
  "\"\xc0\x80\"",
  "\"\xc1\xbf\"",
  "\"\xc3\"",
  "\"\xc3(\"",
  "\"\xe0\x80\x80\"",
  "\"\xe2\x82\"",
  "\"\xed\xa0\x80\"",
  "\"\xed\xbf\xbf\"",
  "\"\xf0\x80\x80\x80\"",
  "\"\xf0\x9f\x98\"",
  "\"\xf4\x90\x80\x80\"",
  "\"\xf5\x80\x80\x80\"",
  "\"\xff\"",
  "\xef\xbb\xbf[]",
  "[\xc2\xa0]",
  "[\v]",
  "[\f1]",
  "<html></html>",
};

static void
test_refused (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("number %" G_GSIZE_FORMAT, i);
      g_assert_false (guard (refused[i], -1, FALSE));
      g_assert_null (assay_json_parse (refused[i], strlen (refused[i]), &error));
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE);
    }
  /* A NUL byte: in a text, between values, and behind the end. */
  g_assert_false (guard ("\"a\0b\"", 5, FALSE));
  g_assert_false (guard ("[1,\0 2]", 7, FALSE));
  g_assert_false (guard ("[]\0", 3, FALSE));
}

/* Every beginning of a document is refused, and nothing beyond its end is read. */
static void
test_cut (void)
{
  static const char document[] =
    "{\"name\": \"Jonas \\u0160imek \xe6\x9d\x8e\\ud83d\\ude00\", \"n\": [1.5e3, -20, true, false, "
    "null, {\"x\": []}]}";

  g_assert_true (guard (document, -1, FALSE));
  for (gsize length = 0; length < sizeof document - 1; length++)
    g_assert_false (guard (document, (gssize) length, FALSE));
}

static char *
make_nested (char   open,
             char   close,
             guint  depth,
             gsize *length)
{
  char *text = g_malloc (depth * 2 + 1);

  memset (text, open, depth);
  memset (text + depth, close, depth);
  text[depth * 2] = '\0';
  *length = depth * 2;
  return text;
}

static void
test_depth (void)
{
  gsize length;
  g_autofree char *deepest = make_nested ('[', ']', ASSAY_JSON_MAX_DEPTH, &length);
  g_autofree char *too_deep = NULL;
  g_autofree char *bomb = NULL;
  g_autofree char *many = NULL;
  g_autoptr (GString) objects = g_string_new (NULL);
  g_autoptr (JsonNode) root = NULL;

  g_assert_true (guard (deepest, (gssize) length, FALSE));
  g_assert_true (guard (deepest, (gssize) length, TRUE));
  root = assay_json_parse (deepest, length, NULL);
  g_assert_nonnull (root);

  too_deep = make_nested ('[', ']', ASSAY_JSON_MAX_DEPTH + 1, &length);
  g_assert_false (guard (too_deep, (gssize) length, FALSE));
  /* What makes json-glib overflow its stack. */
  bomb = g_strnfill (160 * 1024, '[');
  g_assert_false (guard (bomb, -1, FALSE));
  many = g_strnfill (1000 * 1000, '[');
  g_assert_false (guard (many, -1, TRUE));

  for (guint i = 0; i < ASSAY_JSON_MAX_DEPTH; i++)
    g_string_append (objects, "{\"a\":");
  g_string_append (objects, "1");
  for (guint i = 0; i < ASSAY_JSON_MAX_DEPTH; i++)
    g_string_append (objects, "}");
  g_assert_true (guard (objects->str, -1, FALSE));
  g_assert_true (guard (objects->str, -1, TRUE));
  g_string_prepend (objects, "[");
  g_string_append (objects, "]");
  g_assert_false (guard (objects->str, -1, TRUE));
}

static void
test_duplicates (void)
{
  g_assert_true (guard ("{\"a\":1,\"b\":{\"a\":2},\"c\":[{\"a\":3},{\"a\":4}]}", -1, TRUE));
  g_assert_true (guard ("[{\"a\":1},{\"a\":1}]", -1, TRUE));
  g_assert_true (guard ("{\"x\":{\"a\":{}},\"y\":{\"a\":{}}}", -1, TRUE));
  g_assert_true (guard ("{\"a\":1,\"A\":2,\"\":3,\" a\":4}", -1, TRUE));
  g_assert_true (guard ("{\"\\ud83d\\ude00\":1,\"\\ud83d\\ude01\":2}", -1, TRUE));

  g_assert_false (guard ("{\"a\":1,\"a\":1}", -1, TRUE));
  g_assert_false (guard ("{\"\":1,\"\":1}", -1, TRUE));
  g_assert_false (guard ("{\"a\":{\"b\":1,\"b\":2}}", -1, TRUE));
  g_assert_false (guard ("[{\"a\":{}},{\"b\":{\"c\":[]},\"b\":1}]", -1, TRUE));
  for (guint n = 2; n < 200; n += 7)
    {
      g_autoptr (GString) text = g_string_new ("{\"nested\":{\"k0\":0},\"k0\":0");

      for (guint i = 1; i < n; i++)
        g_string_append_printf (text, ",\"k%u\":%u", i * 7919 % n, i);
      g_string_append (text, "}");
      g_assert_true (guard (text->str, -1, TRUE));
      g_string_truncate (text, text->len - 1);
      g_string_append_printf (text, ",\"k%u\":0}", n / 2);
      g_assert_false (guard (text->str, -1, TRUE));
      g_assert_true (guard (text->str, -1, FALSE));
    }
  /* The same name, spelt otherwise. */
  g_assert_false (guard ("{\"a\":1,\"\\u0061\":2}", -1, TRUE));
  g_assert_false (guard ("{\"/\\n\":1,\"\\/\\u000a\":2}", -1, TRUE));
  g_assert_false (guard ("{\"\xf0\x9f\x98\x80\":1,\"\\ud83d\\ude00\":2}", -1, TRUE));
  g_assert_false (guard ("{\"\\\"\":1,\"\\u0022\":2}", -1, TRUE));
}

/* The plain-text skipper looks at eight bytes at once: every kind of byte at every place among them. */
static void
test_alignment (void)
{
  for (guint byte = 1; byte < 256; byte++)
    for (guint before = 0; before < 20; before++)
      {
        g_autofree char *text = g_strnfill (before + 20, 'x');
        gboolean fine = byte >= 0x20 && byte != '"' && byte != '\\' && byte < 0x80;

        text[0] = '"';
        text[before + 18] = '"';
        text[before + 19] = '\0';
        text[before + 1] = (char) byte;
        /* A quote right before the last one leaves rubbish behind the document; one at the end is the end. */
        g_assert_cmpint (guard (text, -1, FALSE), ==, fine);
      }
}

static void
check_folder (const char *path,
              guint      *count)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  g_assert_nonnull (folder);
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        check_folder (child, count);
      else if (g_str_has_suffix (name, ".json"))
        {
          g_autofree char *text = NULL;
          g_autoptr (JsonNode) root = NULL;
          g_autoptr (GError) error = NULL;
          gsize length;

          g_assert_true (g_file_get_contents (child, &text, &length, NULL));
          g_test_message ("%s", child);
          g_assert_true (guard (text, (gssize) length, TRUE));
          root = assay_json_parse (text, length, &error);
          g_assert_no_error (error);
          g_assert_nonnull (root);
          (*count)++;
        }
    }
}

static void
test_fixtures (void)
{
  guint count = 0;

  check_folder (g_getenv ("ASSAY_FIXTURES"), &count);
  g_assert_cmpuint (count, >, 50);
}

static void
test_values (void)
{
  g_autoptr (GError) error = NULL;
  static const char text[] = "{\"max\": 9223372036854775807, \"min\": -9223372036854775808, \"pi\": 3.25, "
                             "\"text\": \"x\\ty\\ud83d\\ude00\"}";
  g_autoptr (JsonNode) root = assay_json_parse (text, strlen (text), &error);
  JsonObject *object;

  g_assert_no_error (error);
  object = assay_json_expect_object (root, "a document", &error);
  g_assert_no_error (error);
  g_assert_true (json_object_get_int_member (object, "max") == G_MAXINT64);
  g_assert_true (json_object_get_int_member (object, "min") == G_MININT64);
  g_assert_true (json_object_get_double_member (object, "pi") == 3.25);
  g_assert_cmpstr (assay_json_get_string (object, "text"), ==, "x\ty\xf0\x9f\x98\x80");
}

#define ASSERT_SHAPE_ERROR(error, member)                                            \
  G_STMT_START                                                                       \
    {                                                                                \
      g_assert_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_RESPONSE);                  \
      g_assert_nonnull (strstr (error->message, "the list of jobs"));                \
      if (member != NULL)                                                            \
        g_assert_nonnull (strstr (error->message, member));                          \
      g_clear_error (&error);                                                        \
    }                                                                                \
  G_STMT_END

static void
test_strict (void)
{
  static const char *const no_id[] = { "empty", "real", "truth", "null", "object", "array", "absent" };
  const char *none = NULL;
  const char *what = "the list of jobs";
  g_autoptr (GError) error = NULL;
  static const char text[] =
    "{\"object\": {}, \"array\": [{}, 1], \"id\": \"abc\", \"number\": 12, \"empty\": \"\", "
    "\"real\": 1.5, \"truth\": true, \"null\": null}";
  g_autoptr (JsonNode) root = assay_json_parse (text, strlen (text), NULL);
  JsonObject *object = assay_json_expect_object (root, what, &error);
  JsonArray *array;
  g_autofree char *id = NULL;
  g_autofree char *number = NULL;

  g_assert_nonnull (object);
  g_assert_null (assay_json_expect_array (root, what, &error));
  ASSERT_SHAPE_ERROR (error, none);
  g_assert_null (assay_json_expect_object (NULL, what, &error));
  ASSERT_SHAPE_ERROR (error, none);

  g_assert_nonnull (assay_json_expect_member_object (object, "object", what, &error));
  array = assay_json_expect_member_array (object, "array", what, &error);
  g_assert_no_error (error);
  g_assert_nonnull (assay_json_array_get_object (array, 0));
  g_assert_null (assay_json_array_get_object (array, 1));
  g_assert_null (assay_json_array_get_object (array, 2));
  g_assert_null (assay_json_expect_member_object (object, "array", what, &error));
  ASSERT_SHAPE_ERROR (error, "array");
  g_assert_null (assay_json_expect_member_array (object, "null", what, &error));
  ASSERT_SHAPE_ERROR (error, "null");
  g_assert_null (assay_json_expect_member_array (object, "absent", what, &error));
  ASSERT_SHAPE_ERROR (error, "absent");

  id = assay_json_expect_member_id (object, "id", what, &error);
  g_assert_cmpstr (id, ==, "abc");
  number = assay_json_expect_member_id (object, "number", what, &error);
  g_assert_cmpstr (number, ==, "12");
  for (gsize i = 0; i < G_N_ELEMENTS (no_id); i++)
    {
      g_assert_null (assay_json_expect_member_id (object, no_id[i], what, &error));
      ASSERT_SHAPE_ERROR (error, no_id[i]);
    }
}

static void
test_lenient (void)
{
  static const char text[] =
    "{\"text\": \"x\", \"int\": 12, \"real\": 1.5, \"yes\": true, \"no\": false, \"null\": null, \"object\": {\"a\": 1}, "
    "\"array\": []}";
  static const struct
  {
    const char *member;
    const char *value;
  } strings[] = {
    { "text", "x" },     { "int", "12" },   { "real", "1.5" },    { "yes", "true" },
    { "no", "false" },   { "null", NULL },  { "object", NULL },   { "absent", NULL },
  };
  g_autoptr (JsonNode) root = assay_json_parse (text, strlen (text), NULL);
  JsonObject *object = json_node_get_object (root);
  g_autofree char *again = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (strings); i++)
    {
      g_autofree char *value = assay_json_dup_string (object, strings[i].member);

      g_assert_cmpstr (value, ==, strings[i].value);
    }
  g_assert_cmpstr (assay_json_get_string (object, "text"), ==, "x");
  g_assert_null (assay_json_get_string (object, "int"));
  g_assert_null (assay_json_get_string (object, "absent"));
  g_assert_nonnull (assay_json_get_object (object, "object"));
  g_assert_null (assay_json_get_object (object, "array"));
  g_assert_null (assay_json_get_object (object, "null"));
  g_assert_nonnull (assay_json_get_array (object, "array"));
  g_assert_null (assay_json_get_array (object, "text"));
  g_assert_true (assay_json_get_boolean (object, "yes", FALSE));
  g_assert_false (assay_json_get_boolean (object, "no", TRUE));
  g_assert_true (assay_json_get_boolean (object, "null", TRUE));
  g_assert_false (assay_json_get_boolean (object, "text", FALSE));
  g_assert_true (assay_json_get_boolean (object, "absent", TRUE));
  g_assert_null (assay_json_get_object (NULL, "a"));
  g_assert_null (assay_json_array_get_object (NULL, 0));

  again = assay_json_to_text (root, 1000);
  g_assert_cmpstr (again, ==,
                   "{\"text\":\"x\",\"int\":12,\"real\":1.5,\"yes\":true,\"no\":false,\"null\":null,"
                   "\"object\":{\"a\":1},\"array\":[]}");
  g_assert_null (assay_json_to_text (root, strlen (again) - 1));
  g_assert_null (assay_json_to_text (NULL, 10));
}

static void
test_numbers (void)
{
  static const struct
  {
    const char *json;
    gboolean found;
    double value;
    gboolean is_percent;
  } cases[] = {
    { "84", TRUE, 84, FALSE },
    { "84.5", TRUE, 84.5, FALSE },
    { "\"84\"", TRUE, 84, FALSE },
    { "\"84%\"", TRUE, 84, TRUE },
    { "\" 84.5 % \"", TRUE, 84.5, TRUE },
    { "\"0.84\"", TRUE, 0.84, FALSE },
    { "\"-1e3\"", TRUE, -1000, FALSE },
    { "\"+5\"", TRUE, 5, FALSE },
    { "\".5\"", TRUE, 0.5, FALSE },
    { "\"\"", FALSE, 0, FALSE },
    { "\"%\"", FALSE, 0, FALSE },
    { "\"84,5\"", FALSE, 0, FALSE },
    { "\"inf\"", FALSE, 0, FALSE },
    { "\"nan\"", FALSE, 0, FALSE },
    { "\"0x10\"", FALSE, 0, FALSE },
    { "\"1e\"", FALSE, 0, FALSE },
    { "\"1e999\"", FALSE, 0, FALSE },
    { "\"84 points\"", FALSE, 0, FALSE },
    { "\"84%%\"", FALSE, 0, FALSE },
    { "null", FALSE, 0, FALSE },
    { "true", FALSE, 0, FALSE },
    { "[84]", FALSE, 0, FALSE },
    { "{}", FALSE, 0, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"score\": %s}", cases[i].json);
      g_autoptr (JsonNode) root = assay_json_parse (text, strlen (text), NULL);
      double value = -7;
      gboolean is_percent = 7;

      g_test_message ("%s", text);
      g_assert_cmpint (assay_json_get_number (json_node_get_object (root), "score", &value, &is_percent), ==,
                       cases[i].found);
      if (cases[i].found)
        {
          g_assert_cmpfloat (value, ==, cases[i].value);
          g_assert_cmpint (is_percent, ==, cases[i].is_percent);
          g_assert_true (assay_json_get_number (json_node_get_object (root), "score", &value, NULL));
        }
      else
        g_assert_cmpfloat (value, ==, -7);
    }
}

static void
test_times (void)
{
  static const struct
  {
    const char *json;
    gint64 value;
  } cases[] = {
    { "\"2023-11-14T22:13:20Z\"", 1700000000000 },
    { "\"2023-11-14T22:13:20.250Z\"", 1700000000250 },
    { "\"2023-11-15T00:13:20+02:00\"", 1700000000000 },
    { "\"2023-11-14T17:13:20.000-05:00\"", 1700000000000 },
    { "1700000000", 1700000000000 },
    { "1700000000.25", 1700000000250 },
    { "1700000000250", 1700000000250 },
    { "\"1700000000\"", 1700000000000 },
    { "\"2023-11-14T22:13:20\"", 0 },
    { "\"2023-13-14T22:13:20Z\"", 0 },
    { "\"0001-01-01T00:00:00Z\"", 0 },
    { "\"yesterday\"", 0 },
    { "\"\"", 0 },
    { "0", 0 },
    { "-5", 0 },
    { "9223372036854775807", 0 },
    { "1e300", 0 },
    { "null", 0 },
    { "true", 0 },
    { "[]", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"at\": %s}", cases[i].json);
      g_autoptr (JsonNode) root = assay_json_parse (text, strlen (text), NULL);

      g_test_message ("%s", text);
      g_assert_cmpint (assay_json_get_time (json_node_get_object (root), "at"), ==, cases[i].value);
    }
}

/* What is read is written as what can be read. */
static void
test_written (void)
{
  static const char *const cases[][2] = {
    { "{\"a\":6e62}", "{\"a\":6e+62}" },
    { "[9.5367431640625e-07,-1E22,0.5,1e2]", "[9.5367431640625e-07,-1e+22,0.5,100.0]" },
    { "[1.5e22,true,\"6e+62.0\",false]", "[1.5e+22,true,\"6e+62.0\",false]" },
    { "{\"e\":\"1e\\\".0\",\"1e.0\":[7,8.25]}", "{\"e\":\"1e\\\".0\",\"1e.0\":[7,8.25]}" },
    { "[9007199254740993,-1]", "[9007199254740993,-1]" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) root = assay_json_parse (cases[i][0], strlen (cases[i][0]), NULL);
      g_autofree char *text = assay_json_write (root);
      g_autofree char *kept = assay_json_to_text (root, 1000);

      g_assert_cmpstr (text, ==, cases[i][1]);
      g_assert_cmpstr (kept, ==, cases[i][1]);
      g_assert_true (assay_json_guard (text, strlen (text), TRUE, NULL));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json/guard/accepted", test_accepted);
  g_test_add_func ("/json/guard/refused", test_refused);
  g_test_add_func ("/json/guard/cut", test_cut);
  g_test_add_func ("/json/guard/depth", test_depth);
  g_test_add_func ("/json/guard/duplicates", test_duplicates);
  g_test_add_func ("/json/guard/alignment", test_alignment);
  g_test_add_func ("/json/fixtures", test_fixtures);
  g_test_add_func ("/json/values", test_values);
  g_test_add_func ("/json/written", test_written);
  g_test_add_func ("/json/readers/strict", test_strict);
  g_test_add_func ("/json/readers/lenient", test_lenient);
  g_test_add_func ("/json/readers/numbers", test_numbers);
  g_test_add_func ("/json/readers/times", test_times);

  return g_test_run ();
}
