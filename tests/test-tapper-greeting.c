/* test-tapper-greeting.c: what is a Tapper receiver's greeting, and what is not
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tapper-greeting.h"

#include <string.h>

typedef struct
{
  const char *name;
  const char *line;
  guint64     id;      /* 0: no greeting */
} Row;

#define TAPPER "Tapper::Reports::Receiver. Protocol is TAP. Your report id: "

static const Row rows[] = {
  { "of today", TAPPER "1\n", 1 },
  { "CR LF", TAPPER "1042\r\n", 1042 },
  { "no line end", TAPPER "7", 7 },
  { "before 2011", "Artemis::Reports::Receiver. Protocol is TAP. Your report id: 12\n", 12 },
  { "largest id", TAPPER "9223372036854775807\n", G_MAXINT64 },
  { "too large", TAPPER "9223372036854775808\n", 0 },
  { "id 0", TAPPER "0\n", 0 },
  { "no id", TAPPER "\n", 0 },
  { "no id, no end", TAPPER, 0 },
  { "negative", TAPPER "-1\n", 0 },
  { "signed", TAPPER "+1\n", 0 },
  { "more after the id", TAPPER "1 2\n", 0 },
  { "two lines", TAPPER "1\n2\n", 0 },
  { "another server", "220 mail.example.org ESMTP\n", 0 },
  { "only line ends", "\n\r\n", 0 },
  { "empty", "", 0 },
};

static void
check_row (gconstpointer data)
{
  const Row *row = data;
  guint64 id = 0;

  g_assert_cmpint (cvm_tapper_greeting_read (row->line, strlen (row->line), &id), ==, row->id != 0);
  if (row->id != 0)
    g_assert_cmpuint (id, ==, row->id);
}

static void
check_nul (void)
{
  const char line[] = TAPPER "1\0002\n";
  guint64 id = 0;

  g_assert_false (cvm_tapper_greeting_read (line, sizeof line - 1, &id));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strconcat ("/tapper-greeting/", rows[i].name, NULL);

      g_test_add_data_func (path, &rows[i], check_row);
    }
  g_test_add_func ("/tapper-greeting/NUL", check_nul);

  return g_test_run ();
}
