/* test-job-names.c: jobs by what tells them apart
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-job-names.h"

#include <string.h>

#include "cvm-host-titles.h"
#include "cvm-hosts.h"

#define SESSION "qemu:///session"
#define SYSTEM  "qemu:///system"
#define HERE    "This computer"
#define WHOLE   "This computer, system"
#define MAX_JOBS 3

typedef struct
{
  const char *id, *image, *host_uri, *suite, *hypervisor;
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
    { HERE, WHOLE } },
  { "suites", { { .id = "01", .image = "a", .host_uri = SESSION, .suite = "S" },
                { .id = "02", .image = "a", .host_uri = SESSION, .suite = "T" } }, { "S", "T" } },
  { "only-the-last", { { .id = "01", .image = "a", .host_uri = SESSION, .suite = "S" },
                       { .id = "02", .image = "a", .host_uri = SESSION, .suite = "S" },
                       { .id = "03", .image = "b", .host_uri = SYSTEM, .suite = "S" } },
    { "a\n" HERE, "a\n" HERE, "b\n" WHOLE } },
  { "all", { { .id = "01", .image = "a", .host_uri = SESSION, .suite = "S" },
             { .id = "02", .image = "b", .host_uri = SYSTEM, .suite = "T" } },
    { "a\n" HERE "\nS", "b\n" WHOLE "\nT" } },
  { "none", { { .id = "01", .image = "a", .host_uri = SESSION, .suite = "S" },
              { .id = "02", .image = "a", .host_uri = SESSION, .suite = "S" } }, { "a", "a" } },
  { "alone", { { .id = "01", .image = "a", .host_uri = SESSION } }, { "a" } },
  { "no-image", { { .id = "01" }, { .id = "02" } }, { "01", "02" } },
  { "no-host", { { .id = "01", .image = "a", .host_uri = "" },
                 { .id = "02", .image = "a", .host_uri = SESSION } }, { "a", HERE } },
  { "hostile", { { .id = "01", .image = "a\nb\033[1m" }, { .id = "02", .image = "b" } },
    { "a b [1m", "b" } },
};

static CvmJobResult
job_of (const Names *names)
{
  GPtrArray *facts = g_ptr_array_new_with_free_func (g_free);
  CvmDetail fact = { (char *)"hypervisor", (char *)names->hypervisor };

  g_ptr_array_add (facts, g_memdup2 (&fact, sizeof fact));

  return (CvmJobResult) { .id = (char *)names->id, .image = (char *)names->image,
                          .host_uri = (char *)names->host_uri, .suite = (char *)names->suite,
                          .facts = facts };
}

typedef char **(*NameJobs) (const CvmJobResult *const *jobs,
                            guint                      n_jobs);

static void
expect_names (NameJobs           name_jobs,
              const Names       *all,
              const char *const *expected)
{
  CvmJobResult jobs[MAX_JOBS];
  const CvmJobResult *borrowed[MAX_JOBS] = { NULL };
  g_auto(GStrv) names = NULL;
  guint n_jobs = 0;

  for (; n_jobs < MAX_JOBS && all[n_jobs].id != NULL; n_jobs++)
    {
      jobs[n_jobs] = job_of (&all[n_jobs]);
      borrowed[n_jobs] = &jobs[n_jobs];
    }

  names = name_jobs (borrowed, n_jobs);
  for (guint i = 0; i < n_jobs; i++)
    g_assert_cmpstr (names[i], ==, expected[i]);
  g_assert_cmpuint (g_strv_length (names), ==, n_jobs);

  for (guint i = 0; i < n_jobs; i++)
    g_ptr_array_unref (jobs[i].facts);
}

static void
test_short (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);

  expect_names (cvm_job_names_short, cases[i].jobs, cases[i].names);
}

/* What stands below each job's image */
static const struct
{
  Names       jobs[MAX_JOBS];
  const char *places[MAX_JOBS + 1];
} places[] = {
  { { { .id = "01", .image = "a", .host_uri = SESSION, .suite = "S" },
      { .id = "02", .image = "b", .host_uri = "qemu+ssh://lab/system", .suite = "S" } },
    { HERE, "Lab, third rack" } },
  { { { .id = "01", .image = "a", .host_uri = SESSION, .suite = "S" },
      { .id = "02", .image = "a", .host_uri = SESSION, .suite = "T" } },
    { HERE " · S", HERE " · T" } },
  { { { .id = "01", .host_uri = SESSION, .hypervisor = "qemu (kvm: no output)" },
      { .id = "02", .host_uri = SESSION, .hypervisor = "kvm" },
      { .id = "03", .host_uri = SESSION } },
    { HERE " · qemu", HERE " · kvm", HERE } },
  { { { .id = "01", .host_uri = SESSION, .hypervisor = "kvm" },
      { .id = "02", .host_uri = SESSION } }, { HERE, HERE } },
  { { { .id = "01", .host_uri = "", .suite = "S" } }, { "S" } },
  { { { .id = "01", .host_uri = "xen+ssh://a\nb" } }, { "xen+ssh://a b" } },
};

static void
test_places (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    expect_names (cvm_job_names_places, places[i].jobs, places[i].places);
}

static const struct
{
  Names       job;
  const char *name;
} wholes[] = {
  { { .id = "01", .image = "a", .host_uri = SESSION, .suite = "S" }, "a on this computer: S" },
  { { .id = "01", .image = "a", .host_uri = SESSION }, "a on this computer" },
  { { .id = "01", .image = "a", .host_uri = SYSTEM }, "a on this computer, system" },
  { { .id = "01", .image = "a", .host_uri = "test:///default" }, "a on libvirt’s test driver" },
  { { .id = "01", .image = "a", .host_uri = "xen:///system" }, "a on xen:///system" },
  { { .id = "01", .image = "a", .host_uri = "qemu+ssh://lab/system" }, "a on Lab, third rack" },
  { { .id = "01", .image = "a", .suite = "S" }, "a: S" },
  { { .id = "01", .image = "a", .host_uri = SESSION, .suite = "S", .hypervisor = "kvm" },
    "a on this computer, kvm: S" },
  { { .id = "01", .image = "a", .host_uri = SESSION, .hypervisor = "qemu (kvm: no output)" },
    "a on this computer, qemu" },
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
      g_ptr_array_unref (job.facts);
    }
}

/* What hosts.ini would tell */
static void
name_lab (void)
{
  CvmSavedHost lab = { .id = (char *)"lab", .title = (char *)"Lab,\nthird rack",
                       .uri = (char *)"qemu+ssh://lab/system" };
  g_autoptr(GPtrArray) hosts = g_ptr_array_new ();

  g_ptr_array_add (hosts, &lab);
  cvm_host_titles_learn (hosts);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  name_lab ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/job-names/short/", cases[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_short);
    }
  g_test_add_func ("/job-names/places", test_places);
  g_test_add_func ("/job-names/whole", test_whole);

  return g_test_run ();
}
