/* test-job-names.c: jobs by what tells them apart
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-job-names.h"

#include <string.h>

#define SESSION "qemu:///session"
#define SYSTEM  "qemu:///system"
#define MAX_JOBS 3

typedef struct
{
  const char *id, *image, *host_uri, *suite;
} Names;

static const struct
{
  const char *name;
  Names       jobs[MAX_JOBS];
  const char *names[MAX_JOBS + 1];
} cases[] = {
  { "images", { { .id = "01", .image = "a", .host_uri = SESSION, .suite = "S" },
                { .id = "02", .image = "b", .host_uri = SESSION, .suite = "S" } }, { "a", "b" } },
  { "hosts", { { .id = "01", .image = "a", .host_uri = SESSION, .suite = "S" },
               { .id = "02", .image = "a", .host_uri = SYSTEM, .suite = "S" } },
    { SESSION, SYSTEM } },
  { "suites", { { .id = "01", .image = "a", .host_uri = SESSION, .suite = "S" },
                { .id = "02", .image = "a", .host_uri = SESSION, .suite = "T" } }, { "S", "T" } },
  { "only-the-last", { { .id = "01", .image = "a", .host_uri = SESSION, .suite = "S" },
                       { .id = "02", .image = "a", .host_uri = SESSION, .suite = "S" },
                       { .id = "03", .image = "b", .host_uri = SYSTEM, .suite = "S" } },
    { "a\n" SESSION, "a\n" SESSION, "b\n" SYSTEM } },
  { "all", { { .id = "01", .image = "a", .host_uri = SESSION, .suite = "S" },
             { .id = "02", .image = "b", .host_uri = SYSTEM, .suite = "T" } },
    { "a\n" SESSION "\nS", "b\n" SYSTEM "\nT" } },
  { "none", { { .id = "01", .image = "a", .host_uri = SESSION, .suite = "S" },
              { .id = "02", .image = "a", .host_uri = SESSION, .suite = "S" } }, { "a", "a" } },
  { "alone", { { .id = "01", .image = "a", .host_uri = SESSION } }, { "a" } },
  { "no-image", { { .id = "01" }, { .id = "02" } }, { "01", "02" } },
  { "no-host", { { .id = "01", .image = "a", .host_uri = "" },
                 { .id = "02", .image = "a", .host_uri = SESSION } }, { "a", SESSION } },
  { "hostile", { { .id = "01", .image = "a\nb\033[1m" }, { .id = "02", .image = "b" } },
    { "a b [1m", "b" } },
};

static CvmJobResult
job_of (const Names *names)
{
  return (CvmJobResult) { .id = (char *)names->id, .image = (char *)names->image,
                          .host_uri = (char *)names->host_uri, .suite = (char *)names->suite };
}

static void
test_short (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  CvmJobResult jobs[MAX_JOBS];
  const CvmJobResult *borrowed[MAX_JOBS];
  g_auto(GStrv) names = NULL;
  guint n_jobs = 0;

  for (; n_jobs < MAX_JOBS && cases[i].jobs[n_jobs].id != NULL; n_jobs++)
    {
      jobs[n_jobs] = job_of (&cases[i].jobs[n_jobs]);
      borrowed[n_jobs] = &jobs[n_jobs];
    }

  names = cvm_job_names_short (borrowed, n_jobs);
  g_assert_true (g_strv_equal ((const char *const *)names, cases[i].names));
}

static const struct
{
  Names       job;
  const char *name;
} wholes[] = {
  { { .id = "01", .image = "a", .host_uri = SESSION, .suite = "S" }, "a on " SESSION ": S" },
  { { .id = "01", .image = "a", .host_uri = SESSION }, "a on " SESSION },
  { { .id = "01", .image = "a", .suite = "S" }, "a: S" },
  { { .id = "01", .image = "", .host_uri = "" }, "01" },
  { { .id = "01", .image = "a\nb", .suite = "S\tT" }, "a b: S T" },
};

static void
test_whole (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (wholes); i++)
    {
      CvmJobResult job = job_of (&wholes[i].job);
      g_autofree char *name = cvm_job_names_whole (&job);

      g_assert_cmpstr (name, ==, wholes[i].name);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/job-names/short/", cases[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_short);
    }
  g_test_add_func ("/job-names/whole", test_whole);

  return g_test_run ();
}
