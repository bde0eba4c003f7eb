/* cvm-plan.c: what a run is to do: images × hosts × suites
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-plan.h"

#include <string.h>

#include "cvm-keyfile.h"

#define MAX_JOBS 999

struct _CvmPlan
{
  GObject    parent_instance;

  GPtrArray *jobs;      /* of CvmJobSpec */
  guint      parallel;
  gboolean   keep_failed;
  char      *server;
};

G_DEFINE_FINAL_TYPE (CvmPlan, cvm_plan, G_TYPE_OBJECT)

static void
job_free (CvmJobSpec *job)
{
  g_free (job->id);
  g_clear_pointer (&job->image, cvm_image_unref);
  g_free (job->host_uri);
  g_free (job->hypervisor);
  g_object_unref (job->suite);
  g_free (job);
}

static void
cvm_plan_finalize (GObject *object)
{
  g_ptr_array_unref (CVM_PLAN (object)->jobs);
  g_free (CVM_PLAN (object)->server);

  G_OBJECT_CLASS (cvm_plan_parent_class)->finalize (object);
}

static void
cvm_plan_class_init (CvmPlanClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cvm_plan_finalize;
}

static void
cvm_plan_init (CvmPlan *self)
{
  self->jobs = g_ptr_array_new_with_free_func ((GDestroyNotify)job_free);
  self->parallel = 2;
}

CvmPlan *
cvm_plan_new (void)
{
  return g_object_new (CVM_TYPE_PLAN, NULL);
}

void
cvm_plan_add_job (CvmPlan    *self,
                  CvmImage   *image,
                  const char *host_uri,
                  const char *hypervisor,
                  CvmSuite   *suite)
{
  CvmJobSpec *job;

  g_return_if_fail (self->jobs->len < MAX_JOBS);

  job = g_new (CvmJobSpec, 1);
  *job = (CvmJobSpec) {
    .id = g_strdup_printf ("%02u", self->jobs->len + 1),
    .image = image != NULL ? cvm_image_ref (image) : NULL,
    .host_uri = g_strdup (host_uri),
    .hypervisor = g_strdup (hypervisor),
    .suite = cvm_suite_for_host (suite, host_uri),
  };
  g_ptr_array_add (self->jobs, job);
}

guint
cvm_plan_n_jobs (CvmPlan *self)
{
  return self->jobs->len;
}

const CvmJobSpec *
cvm_plan_job (CvmPlan *self,
              guint    index)
{
  g_return_val_if_fail (index < self->jobs->len, NULL);

  return self->jobs->pdata[index];
}

guint
cvm_plan_get_parallel (CvmPlan *self)
{
  return self->parallel;
}

void
cvm_plan_set_parallel (CvmPlan *self,
                       guint    jobs)
{
  self->parallel = MAX (jobs, 1);
}

gboolean
cvm_plan_get_keep_failed (CvmPlan *self)
{
  return self->keep_failed;
}

void
cvm_plan_set_keep_failed (CvmPlan *self,
                          gboolean keep)
{
  self->keep_failed = keep;
}

const char *
cvm_plan_get_server (CvmPlan *self)
{
  return self->server;
}

void
cvm_plan_set_server (CvmPlan    *self,
                     const char *server)
{
  g_free (self->server);
  self->server = g_strdup (server);
}

static void
add (GString    *text,
     const char *key,
     const char *value)
{
  g_autofree char *escaped = value != NULL ? cvm_keyfile_escape (value) : NULL;

  if (value != NULL)
    g_string_append_printf (text, "%s=%s\n", key, escaped);
}

/* A URI may hold a password; a plan holds no secret. */
static char *
hide_password (const char *uri)
{
  g_autoptr(GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED, NULL);

  if (parsed == NULL || g_uri_get_password (parsed) == NULL)
    return g_strdup (uri);

  return g_uri_to_string_partial (parsed, G_URI_HIDE_PASSWORD);
}

static void
add_image (GString  *text,
           CvmImage *image)
{
  add (text, "Image", image->name);
  add (text, "ImagePath", image->path);
  add (text, "DiskSha256", image->disk_sha256);
  add (text, "KernelSha256", image->kernel_sha256);
  add (text, "InitrdSha256", image->initrd_sha256);
  add (text, "Cmdline", image->cmdline);
}

/* What --only would have to say, if not all is to run */
static void
add_only (GString  *text,
          CvmSuite *suite)
{
  g_autoptr(GPtrArray) only = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *raw = NULL;
  gboolean is_part = FALSE;

  for (guint i = 0; i < cvm_suite_n_cases (suite); i++)
    {
      const CvmCase *item = cvm_suite_case (suite, i);

      is_part = is_part || !item->is_selected || item->only != NULL;

      if (item->is_selected && item->only == NULL)
        g_ptr_array_add (only, g_strdup (item->id));
      for (gsize j = 0; item->only != NULL && item->only[j] != NULL; j++)
        g_ptr_array_add (only, g_strdup_printf ("%s/%s", item->id, item->only[j]));
    }

  g_ptr_array_add (only, NULL);
  raw = cvm_keyfile_join ((const char *const *)only->pdata);
  if (is_part)
    g_string_append_printf (text, "Only=%s\n", raw);
}

static void
add_values (GString       *text,
            const CvmCase *item)
{
  g_string_append_printf (text, "%s.Timeout=%" G_GINT64_FORMAT "\n", item->id,
                          (item->timeout_ms + 999) / 1000);

  for (const CvmParam *p = item->check->params; p != NULL && p->name != NULL; p++)
    {
      const char *value = g_hash_table_lookup (item->values, p->name);
      g_autofree char *key = g_strdup_printf ("%s.%s", item->id, p->name);

      /* A list is held as it stands in a file. */
      if (p->type == CVM_PARAM_ARGV && value != NULL)
        g_string_append_printf (text, "%s=%s\n", key, value);
      else
        add (text, key, value);
    }
}

/* What was set beside the file of the suite: all that counts once that file is another one */
static void
add_sets (GString          *text,
          const CvmJobSpec *job)
{
  const char *const *sets = cvm_suite_get_sets (job->suite);

  if (sets[0] != NULL)
    g_string_append_printf (text, "\n[Set %s]\n", job->id);

  for (gsize i = 0; sets[i] != NULL; i++)
    {
      const char *equals = strchr (sets[i], '=');
      g_autofree char *key = g_strndup (sets[i], equals - sets[i]);

      add (text, key, equals + 1);
    }
}

static void
add_job (GString          *text,
         const CvmJobSpec *job)
{
  g_autofree char *host = job->host_uri != NULL ? hide_password (job->host_uri) : NULL;

  g_string_append_printf (text, "\n[Job %s]\n", job->id);
  if (job->image != NULL)
    add_image (text, job->image);
  add (text, "Host", host);
  add (text, "Hypervisor", job->hypervisor);
  add (text, "Suite", cvm_suite_get_id (job->suite));
  add (text, "SuitePath", cvm_suite_get_path (job->suite));
  add (text, "SuiteSha256", cvm_suite_get_sha256 (job->suite));
  add (text, "Preset", cvm_suite_get_preset (job->suite));
  add_only (text, job->suite);

  for (guint i = 0; i < cvm_suite_n_cases (job->suite); i++)
    add_values (text, cvm_suite_case (job->suite, i));
  add_sets (text, job);
}

char *
cvm_plan_to_data (CvmPlan *self,
                  gsize   *len)
{
  GString *text = g_string_new ("[Plan]\nVersion=1\n");

  g_string_append_printf (text, "Program=cvmtester %s\nParallel=%u\nKeepFailed=%s\n", CVM_VERSION,
                          self->parallel, self->keep_failed ? "true" : "false");
  add (text, "Server", self->server);

  for (guint i = 0; i < self->jobs->len; i++)
    add_job (text, self->jobs->pdata[i]);

  if (len != NULL)
    *len = text->len;

  return g_string_free (text, FALSE);
}

char *
cvm_plan_dup_title (CvmPlan *self)
{
  const CvmJobSpec *first = self->jobs->len > 0 ? self->jobs->pdata[0] : NULL;
  g_autofree char *title = NULL;

  if (first == NULL)
    return g_strdup ("");

  title = g_strdup_printf ("%s%s%s", first->image != NULL ? first->image->name : "",
                           first->image != NULL ? ": " : "", cvm_suite_get_name (first->suite));

  return self->jobs->len == 1 ? g_steal_pointer (&title)
                              : g_strdup_printf ("%s +%u", title, self->jobs->len - 1);
}
