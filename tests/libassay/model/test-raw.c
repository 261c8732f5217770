/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a provider answered: kept without secrets, and listed line by line. */
#include "config.h"

#include "assay-raw.h"

#include <string.h>

static void
test_clean (void)
{
  g_autofree char *cleaned = assay_raw_clean (
    "{\"status\":\"done\",\"token\":\"T1\",\"user\":{\"accessToken\":\"T2\",\"API-Key\":7,\"name\":\"Ada\"},"
    "\"list\":[{\"client_secret\":\"T3\",\"x\":null},\"T\"],\"tokens_used\":4}");

  g_assert_cmpstr (cleaned, ==,
                   "{\"status\":\"done\",\"user\":{\"name\":\"Ada\"},\"list\":[{\"x\":null},\"T\"],\"tokens_used\":4}");
}

static void
test_clean_refuses (void)
{
  g_autofree char *filler = g_strnfill (ASSAY_RAW_MAX_LENGTH, 'x');
  g_autofree char *long_text = g_strdup_printf ("{\"a\":\"%s\"}", filler);
  g_autoptr (GString) deep = g_string_new (NULL);

  for (guint i = 0; i < 100000; i++)
    g_string_append_c (deep, '[');

  g_assert_null (assay_raw_clean (NULL));
  g_assert_null (assay_raw_clean (""));
  g_assert_null (assay_raw_clean ("<html>"));
  g_assert_null (assay_raw_clean (long_text));
  g_assert_null (assay_raw_clean (deep->str));
}

static void
test_list (void)
{
  static const struct
  {
    const char *name;
    const char *value;
  } expected[] = {
    { "status", "Submitted" }, { "score", "81.5" }, { "parts[0].title", "Two Sum" }, { "parts[0].ok", "true" },
    { "parts[1]", "null" },    { "empty", "{}" },   { "none", "[]" },
  };
  guint n_members = 0;
  const char *raw = "{\"status\":\"Submitted\",\"score\":81.5,\"parts\":[{\"title\":\"Two Sum\",\"ok\":true},null],"
                    "\"empty\":{},\"none\":[]}";
  g_autoptr (GPtrArray) all = assay_raw_list_members (raw, 100, &n_members);
  g_autoptr (GPtrArray) some = NULL;
  g_autoptr (GPtrArray) nothing = NULL;

  g_assert_cmpuint (n_members, ==, G_N_ELEMENTS (expected));
  g_assert_cmpuint (all->len, ==, n_members);
  for (guint i = 0; i < all->len; i++)
    {
      const AssayRawMember *member = g_ptr_array_index (all, i);

      g_assert_cmpstr (member->name, ==, expected[i].name);
      g_assert_cmpstr (member->value, ==, expected[i].value);
    }

  some = assay_raw_list_members (raw, 2, &n_members);
  g_assert_cmpuint (some->len, ==, 2);
  g_assert_cmpuint (n_members, ==, G_N_ELEMENTS (expected));
  nothing = assay_raw_list_members ("no JSON", 10, &n_members);
  g_assert_cmpuint (nothing->len, ==, 0);
  g_assert_cmpuint (n_members, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/raw/clean", test_clean);
  g_test_add_func ("/raw/clean-refuses", test_clean_refuses);
  g_test_add_func ("/raw/list", test_list);
  return g_test_run ();
}
