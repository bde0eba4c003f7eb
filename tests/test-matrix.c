/* test-matrix.c: what can run where, what is chosen of it, and what it comes to
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-matrix.h"

#include <glib/gstdio.h>
#include <string.h>

#include "cvm-estimate.h"
#include "cvm-fake-ports.h"
#include "cvm-file.h"
#include "cvm-forecast.h"

static const CvmCheckInfo checks[] = {
  { "guest.start", "Starts", "", NULL, 1000, FALSE },
  { "look", "Looks", "", NULL, 1000, FALSE },
  { "tap.exec", "Runs", "", NULL, 1000, TRUE },
};

static const CvmCheckInfo *
lookup (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (checks); i++)
    if (g_str_equal (checks[i].id, id))
      return &checks[i];

  return NULL;
}

static const char *
disk_format (const char *hypervisor)
{
  return g_str_equal (hypervisor, "vbox")  ? "vdi"
         : g_str_equal (hypervisor, "lxc") ? NULL
                                           : "qcow2";
}

/* Judgement ----------------------------------------------------------------------------------- */

static const struct
{
  const char  *name, *image, *hypervisor, *host;   /* image and host: what is special of them */
  CvmCellState state;
  CvmCellMend  mend;
  const char  *text;
} cells[] = {
  { "plain", "", "qemu", "", CVM_CELL_READY, CVM_MEND_NONE, NULL },
  { "auto", "", "auto", "", CVM_CELL_READY, CVM_MEND_NONE, NULL },
  { "asking", "", "auto", "asking", CVM_CELL_ASKING, CVM_MEND_NONE, "has not answered" },
  { "no-connection", "", "auto", "dead", CVM_CELL_CANNOT, CVM_MEND_ASK_AGAIN | CVM_MEND_SETUP,
    "refused by lab" },
  { "no-connection-elsewhere", "", "auto", "dead-elsewhere", CVM_CELL_CANNOT, CVM_MEND_ASK_AGAIN,
    "refused by lab" },
  { "no-emulator", "", "auto", "bare", CVM_CELL_CANNOT, CVM_MEND_SETUP, "can start no guest" },
  { "no-emulator-without-image", NULL, "auto", "bare", CVM_CELL_READY, CVM_MEND_NONE, NULL },
  { "remote", "", "qemu", "remote", CVM_CELL_CANNOT, CVM_MEND_NONE, "“Lab” is another one" },
  { "remote-without-image", NULL, "qemu", "remote", CVM_CELL_READY, CVM_MEND_NONE, NULL },
  { "dead-without-image", NULL, "qemu", "dead", CVM_CELL_CANNOT, CVM_MEND_ASK_AGAIN | CVM_MEND_SETUP,
    "refused" },
  { "damaged", "damaged", "qemu", "asking", CVM_CELL_CANNOT, CVM_MEND_IMAGES, "line 3 is odd" },
  { "copies", "", "vbox", "", CVM_CELL_COPIES, CVM_MEND_NONE, "format vdi: each job makes a copy" },
  { "no-disk", "kernel", "vbox", "", CVM_CELL_CANNOT, CVM_MEND_NONE, "boots from a kernel" },
  { "kernel-on-qemu", "kernel", "qemu", "", CVM_CELL_READY, CVM_MEND_NONE, NULL },
  { "container", "", "lxc", "", CVM_CELL_CANNOT, CVM_MEND_NONE, "starts no disk images" },
  { "arch-kvm", "arm", "kvm", "", CVM_CELL_CANNOT, CVM_MEND_NONE, "for aarch64, and the host is x86_64" },
  { "arch-qemu", "arm", "qemu", "", CVM_CELL_READY, CVM_MEND_NONE, NULL },
  { "memory", "huge", "qemu", "", CVM_CELL_CANNOT, CVM_MEND_IMAGES, "needs 65536 MiB of memory" },
};

static void
test_judge (gconstpointer data)
{
  const typeof (cells[0]) *row = data;
  const char *kind = row->image != NULL ? row->image : "";
  CvmImage image = { .disk = g_str_equal (kind, "kernel") ? NULL : (char *)"/x",
                     .arch = (char *)(g_str_equal (kind, "arm") ? "aarch64" : "x86_64"),
                     .memory_mib = g_str_equal (kind, "huge") ? 65536 : 256 };
  CvmOption option = { .about = (char *)"line 3 is odd", .image = &image,
                       .is_usable = !g_str_equal (kind, "damaged"), .disk_bytes = 5000000 };
  char *types[] = { g_str_equal (row->host, "bare") ? NULL : (char *)"qemu", NULL };
  CvmHostFacts facts = { .arch = (char *)"x86_64", .hypervisors = types, .memory_kib = 4 << 20,
                         .is_local = !g_str_equal (row->host, "remote") };
  gboolean is_elsewhere = g_str_equal (row->host, "dead-elsewhere");
  CvmScouted known = { g_str_has_prefix (row->host, "dead") ? NULL : &facts,
                       (char *)"refused by lab" };
  CvmColumn column = { (char *)(is_elsewhere ? "qemu+ssh://lab/x" : "qemu:///x"), (char *)"Lab", (char *)row->hypervisor,
                       g_str_equal (row->host, "asking") ? NULL : &known };
  g_auto(CvmCell) cell = cvm_matrix_judge (row->image != NULL ? &option : NULL, &column, disk_format);

  g_assert_cmpint (cell.state, ==, row->state);
  g_assert_cmpint (cell.mend, ==, row->mend);
  g_assert_cmpint (cell.brief != NULL, ==, row->text != NULL);
  if (row->text == NULL)
    g_assert_null (cell.text);
  else
    g_assert_nonnull (strstr (cell.text, row->text));
}

/* The choice ---------------------------------------------------------------------------------- */

static CvmOption *
add_option (GPtrArray  *list,
            const char *id)
{
  CvmOption *option = g_new0 (CvmOption, 1);

  option->id = g_strdup (id);
  option->path = g_strconcat ("/some/", id, NULL);
  option->title = g_ascii_strup (id, -1);
  option->about = g_strdup ("");
  option->is_usable = TRUE;
  g_ptr_array_add (list, option);

  return option;
}

static void
host_free (CvmHostOption *host)
{
  g_free (host->uri);
  g_free (host->title);
  g_free (host);
}

static void
add_image (CvmChoices *choices,
           const char *id)
{
  CvmOption *option = add_option (choices->images, id);

  option->image = cvm_image_new ("/none");
  option->image->name = g_strdup (id);
  option->image->disk = g_strdup ("/x");
}

static CvmOption *
add_suite (CvmChoices *choices,
           const char *id,
           const char *text)
{
  CvmOption *option = add_option (choices->suites, id);
  g_autofree char *data = g_strconcat ("[Suite]\nName=S\nVersion=1\n", text, NULL);
  g_autoptr(GError) error = NULL;

  option->suite = cvm_suite_new_from_data (data, strlen (data), "/none/s.suite", lookup, &error);
  g_assert_no_error (error);
  option->need = cvm_order_image_need (option->suite);

  return option;
}

static void
add_host (CvmChoices *choices,
          const char *uri)
{
  CvmHostOption *host = g_new (CvmHostOption, 1);

  *host = (CvmHostOption) { g_strdup (uri), g_strdup (uri) };
  g_ptr_array_add (choices->hosts, host);
}

static CvmMatrix *
make_matrix (const char *const *uris)
{
  CvmChoices *choices = g_new0 (CvmChoices, 1);

  choices->images = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_option_free);
  choices->suites = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_option_free);
  choices->hosts = g_ptr_array_new_with_free_func ((GDestroyNotify)host_free);
  choices->hypervisor = g_strdup ("auto");
  add_image (choices, "one");
  add_image (choices, "two");
  add_suite (choices, "guest", "[Precondition a]\nCheck=guest.start\n[Case b]\nCheck=look\n[Case c]\nCheck=look\n"
             "[Case v]\nCheck=look\nDrivers=vbox\n");
  add_suite (choices, "host", "[Case h]\nCheck=look\n");
  for (gsize i = 0; uris[i] != NULL; i++)
    add_host (choices, uris[i]);

  return cvm_matrix_new (choices, disk_format);
}

static const CvmOption *
image_of (CvmMatrix *self,
          guint      index)
{
  return cvm_matrix_get_choices (self)->images->pdata[index];
}

static CvmSuiteChoice *
suite_of (CvmMatrix *self,
          guint      index)
{
  return cvm_matrix_get_suites (self)->pdata[index];
}

static const CvmColumn *
column_of (CvmMatrix *self,
           guint      index)
{
  return cvm_matrix_get_columns (self)->pdata[index];
}

static void
assert_command (CvmMatrix  *self,
                const char *expected)
{
  g_autoptr(CvmOrder) order = cvm_matrix_to_order (self);
  g_autofree char *command = cvm_order_to_command (order);

  g_assert_cmpstr (command, ==, expected);
}

static void
assert_problem (CvmMatrix  *self,
                const char *expected)
{
  g_autofree char *problem = cvm_matrix_find_problem (self);

  if (expected == NULL)
    g_assert_null (problem);
  else
    g_assert_nonnull (strstr (problem, expected));
}

static void
test_choice (void)
{
  static const char *const uris[] = { "qemu:///a", "vbox:///b", NULL };
  g_autoptr(CvmMatrix) self = make_matrix (uris);
  g_autoptr(GArray) jobs = NULL;
  g_autoptr(GPtrArray) rows = NULL;

  assert_problem (self, "Choose a suite");
  cvm_matrix_set_suite (self, suite_of (self, 0), TRUE);
  assert_problem (self, "“GUEST” starts a guest: choose an image");
  cvm_matrix_set_image (self, image_of (self, 0), TRUE);
  assert_problem (self, NULL);
  assert_command (self, "cvmtester-cli run --suite guest --image one --host qemu:///a --hypervisor auto");

  cvm_matrix_set_on (self, image_of (self, 0), column_of (self, 0), FALSE);
  assert_problem (self, "“GUEST” has no place to run");
  cvm_matrix_set_on (self, image_of (self, 0), column_of (self, 1), TRUE);
  cvm_matrix_set_image (self, image_of (self, 1), TRUE);
  cvm_matrix_set_suite (self, suite_of (self, 1), TRUE);
  assert_command (self, "cvmtester-cli run --suite guest --suite host --cell 'auto;qemu:///a;two;' "
                  "--cell 'auto;qemu:///a;' --cell 'auto;vbox:///b;one;'");
  rows = cvm_matrix_list_rows (self);
  g_assert_cmpuint (rows->len, ==, 3);
  g_assert_null (rows->pdata[2]);
  jobs = cvm_matrix_list_jobs (self);
  g_assert_cmpuint (jobs->len, ==, 3);

  /* what is for another driver is not counted, nor what was switched off */
  g_assert_cmpuint (cvm_matrix_n_checks (self, image_of (self, 0), column_of (self, 0)), ==, 3);
  g_assert_cmpuint (cvm_matrix_n_checks (self, image_of (self, 0), column_of (self, 1)), ==, 4);
  g_assert_cmpuint (cvm_matrix_n_checks (self, NULL, column_of (self, 0)), ==, 1);
}

static void
test_cases (void)
{
  static const char *const uris[] = { "qemu:///a", NULL };
  g_autoptr(CvmMatrix) self = make_matrix (uris);
  CvmSuiteChoice *suite = suite_of (self, 0);
  const CvmCase *a = cvm_suite_find_case (suite->option->suite, "a");
  const CvmCase *b = cvm_suite_find_case (suite->option->suite, "b");
  const CvmCase *c = cvm_suite_find_case (suite->option->suite, "c");
  const CvmCase *v = cvm_suite_find_case (suite->option->suite, "v");

  g_assert_false (cvm_suite_choice_set_on (suite, a, FALSE));    /* a precondition */
  g_assert_true (cvm_suite_choice_set_on (suite, b, FALSE));
  g_assert_true (cvm_suite_choice_set_on (suite, v, FALSE));
  g_assert_false (cvm_suite_choice_is_on (suite, b));
  g_assert_cmpuint (g_strv_length (suite->only), ==, 1);
  g_assert_false (cvm_suite_choice_set_on (suite, c, FALSE));    /* the last one */
  g_assert_true (cvm_suite_choice_is_on (suite, c));
  g_assert_true (cvm_suite_choice_set_on (suite, b, TRUE));
  g_assert_true (cvm_suite_choice_set_on (suite, v, TRUE));
  g_assert_null (suite->only[0]);                                /* all again */

  cvm_suite_choice_set_value (suite, "b", "Timeout", "5m");
  cvm_suite_choice_set_value (suite, "b", "Timeout", "6m");
  cvm_suite_choice_set_value (suite, "c", "Timeout", "1m");
  cvm_suite_choice_set_value (suite, "c", "Timeout", NULL);
  cvm_matrix_set_suite (self, suite, TRUE);
  cvm_matrix_set_image (self, image_of (self, 0), TRUE);
  assert_command (self, "cvmtester-cli run --suite guest --set b.Timeout=6m --image one --host qemu:///a "
                  "--hypervisor auto");
}

/* What an order says is chosen, and gives the same order; what is not there any more is left out */
static void
test_order (void)
{
  static const char *const uris[] = { "qemu:///a", "test:///b", NULL };
  g_autoptr(CvmMatrix) self = make_matrix (uris);
  g_autoptr(CvmOrder) order = cvm_order_new ();
  CvmOrderSuite *guest = cvm_order_add_suite (order, "guest");

  cvm_matrix_set_image (self, image_of (self, 1), TRUE);
  cvm_order_suite_set (guest, "b.Timeout=1m");
  cvm_order_suite_only (guest, "b/2");
  cvm_order_add_suite (order, "gone");
  cvm_order_add_cell (order, "/some/one", "test:///b", "auto");
  cvm_order_add_cell (order, "gone", "test:///b", "auto");
  cvm_order_add_cell (order, "one", "qemu:///elsewhere", "auto");
  cvm_matrix_take_order (self, order);

  g_assert_false (cvm_matrix_has_image (self, image_of (self, 1)));
  assert_command (self, "cvmtester-cli run --suite guest --set b.Timeout=1m --only b/2 --image one --host test:///b "
                  "--hypervisor auto");
}

/* A program of this host: not before the user allowed it */
static void
test_program (void)
{
  static const char *const uris[] = { "qemu:///a", NULL };
  g_autoptr(CvmMatrix) self = make_matrix (uris);
  CvmOption *host = cvm_matrix_get_choices (self)->suites->pdata[1];

  host->program = g_strdup ("'/bin/x'");
  cvm_matrix_set_suite (self, suite_of (self, 1), TRUE);
  assert_problem (self, "“HOST” has to be allowed to run '/bin/x' on this computer");
  g_clear_pointer (&host->program, g_free);
  assert_problem (self, NULL);
}

/* Hosts that answer --------------------------------------------------------------------------- */

static void
on_asked (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_assert_true (cvm_scout_ask_finish (result, NULL));
  *(gboolean *)data = TRUE;
}

static void
ask (const char *uri)
{
  const CvmBackend backend = { .ports = cvm_fake_ports () };
  gboolean is_done = FALSE;

  cvm_scout_ask_async (&backend, uri, FALSE, NULL, on_asked, &is_done);
  while (!is_done)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_learn (void)
{
  static const char *const uris[] = { "qemu:///many", "qemu:///one", "qemu:///dead", NULL };
  static const char *const many[] = { "kvm", "qemu", NULL };
  g_autoptr(CvmMatrix) self = make_matrix (uris);

  cvm_matrix_set_suite (self, suite_of (self, 0), TRUE);
  cvm_matrix_set_image (self, image_of (self, 0), TRUE);
  cvm_matrix_set_on (self, image_of (self, 0), column_of (self, 1), TRUE);
  cvm_matrix_set_on (self, image_of (self, 0), column_of (self, 2), TRUE);
  assert_command (self, "cvmtester-cli run --suite guest --image one --host qemu:///many --host qemu:///one "
                  "--host qemu:///dead --hypervisor auto");

  cvm_fake_world.hypervisors = many;
  ask ("qemu:///many");
  cvm_fake_world.hypervisors = NULL;
  ask ("qemu:///one");
  cvm_fake_world.host_refuses = TRUE;
  ask ("qemu:///dead");
  cvm_fake_world.host_refuses = FALSE;
  g_assert_null (cvm_scout_peek ("qemu:///dead")->facts);
  cvm_matrix_learn (self);

  /* the fastest, kvm and qemu; qemu alone; and what has no answer */
  g_assert_cmpuint (cvm_matrix_get_columns (self)->len, ==, 5);
  g_assert_cmpstr (column_of (self, 1)->hypervisor, ==, "kvm");
  g_assert_cmpstr (column_of (self, 3)->hypervisor, ==, "qemu");
  assert_command (self, "cvmtester-cli run --suite guest --cell 'auto;qemu:///many;one;' --cell 'qemu;qemu:///one;one;'");
}

/* Estimates ----------------------------------------------------------------------------------- */

static void
test_estimate (void)
{
  const CvmEstimateJob jobs[] = {
    { 60000, 100, 5, "a" }, { 30000, 300, 2, "b" }, { 40000, 200, 1, "a" }, { 0, 50, 0, "a" },
  };
  CvmEstimate two = cvm_estimate_jobs (jobs, 3, 2);
  CvmEstimate all = cvm_estimate_jobs (jobs, 4, 1);
  CvmEstimate none = cvm_estimate_jobs (NULL, 0, 2);

  g_assert_cmpint (two.ms, ==, 70000);    /* the third begins when the second ends */
  g_assert_false (two.is_at_least);
  g_assert_cmpuint (two.n_runs, ==, 5);
  g_assert_cmpuint (two.memory, ==, 500);
  g_assert_cmpint (all.ms, ==, 130000);
  g_assert_true (all.is_at_least);
  g_assert_cmpuint (all.memory, ==, 300);
  g_assert_cmpint (none.ms, ==, 0);
  g_assert_cmpuint (cvm_estimate_memory_on (jobs, 4, 2, "a"), ==, 300);
  g_assert_cmpuint (cvm_estimate_memory_on (jobs, 4, 9, "a"), ==, 350);
  g_assert_cmpuint (cvm_estimate_memory_on (jobs, 4, 9, "c"), ==, 0);
}

static void
on_forecast (gpointer data)
{
  *(gboolean *)data = TRUE;
}

/* What is not in the history yet, and a host that is too small for what it shall do at once */
static void
test_forecast (void)
{
  static const char *const uris[] = { "qemu:///small", NULL };
  g_autofree char *dir = g_dir_make_tmp ("forecast-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "history.db", NULL);
  g_autoptr(CvmMatrix) self = make_matrix (uris);
  g_autoptr(CvmHistory) history = NULL;
  g_autoptr(CvmForecast) forecast = NULL;
  g_autofree char *text = NULL, *calm = NULL, *warning = NULL;
  gboolean has_answered = FALSE;

  g_setenv ("XDG_DATA_HOME", dir, TRUE);
  history = cvm_history_new (path);
  forecast = cvm_forecast_new (history);
  g_signal_connect_swapped (forecast, "changed", G_CALLBACK (on_forecast), &has_answered);
  ask ("qemu:///small");
  cvm_scout_peek ("qemu:///small")->facts->memory_kib = 600 * 1024;
  cvm_matrix_learn (self);
  image_of (self, 0)->image->memory_mib = 400;
  cvm_matrix_set_suite (self, suite_of (self, 0), TRUE);
  cvm_matrix_set_image (self, image_of (self, 0), TRUE);

  cvm_forecast_look (forecast, self, 2, 1);
  while (!has_answered)
    g_main_context_iteration (NULL, TRUE);
  text = cvm_forecast_dup_text (forecast);
  g_assert_true (g_str_has_prefix (text, "2 jobs · "));
  g_assert_true (g_str_has_suffix (text, " · not run before"));
  calm = cvm_forecast_dup_warning (forecast);
  g_assert_null (calm);
  g_assert_cmpuint (cvm_forecast_find_parallel (forecast), ==, 0);

  cvm_forecast_look (forecast, self, 2, 2);    /* both at once */
  warning = cvm_forecast_dup_warning (forecast);
  g_assert_nonnull (strstr (warning, "“qemu:///small” has "));
  g_assert_nonnull (strstr (warning, "run fewer at once"));
  g_assert_cmpuint (cvm_forecast_find_parallel (forecast), ==, 1);

  has_answered = FALSE;
  while (!has_answered)
    g_main_context_iteration (NULL, TRUE);
  g_clear_object (&forecast);
  g_clear_object (&history);
  cvm_file_remove_tree (dir);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cells); i++)
    {
      g_autofree char *path = g_strconcat ("/matrix/judge/", cells[i].name, NULL);

      g_test_add_data_func (path, &cells[i], test_judge);
    }
  g_test_add_func ("/matrix/choice", test_choice);
  g_test_add_func ("/matrix/cases", test_cases);
  g_test_add_func ("/matrix/order", test_order);
  g_test_add_func ("/matrix/program", test_program);
  g_test_add_func ("/matrix/learn", test_learn);
  g_test_add_func ("/estimate", test_estimate);
  g_test_add_func ("/forecast", test_forecast);

  return g_test_run ();
}
