/* cvm-tryout.c: checks tried one at a time, on a guest that is kept for it
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-tryout.h"

#include <string.h>

#include "cvm-file.h"
#include "cvm-job-private.h"

#define JOB     "01"
#define IDLE_MS (10 * 60 * 1000)

struct _CvmTryout
{
  GObject          parent_instance;

  const CvmPorts  *ports;
  CvmCheckFind     find;
  gint64           idle_ms;
  CvmTryoutState   state;
  CvmTryoutReason  reason;
  CvmRun          *run;          /* the guest's, or the last one's; or NULL */
  CvmPlan         *plan;         /* that RUN began with */
  char            *made_of;      /* what its suite made the guest of */
  GHashTable      *passed;       /* cases, as they stood, that have passed on the guest */
  CvmSuite        *suite;        /* whose case is tried now, or was last */
  guint            n_tries;      /* on this guest */
  CvmPlan         *next;         /* for another guest, when this one is gone; or NULL */
  GCancellable    *cancellable;
};

enum { MADE, CHANGED, FAILED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CvmTryout, cvm_tryout, G_TYPE_OBJECT)

static void
set_state (CvmTryout       *self,
           CvmTryoutState   state,
           CvmTryoutReason  reason)
{
  self->state = state;
  self->reason = reason;
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Cases ----------------------------------------------------------------------------------- */

/* All that says what a case does; two that read the same do the same */
static char *
dup_text (const CvmCase *item)
{
  g_autoptr(GList) names = g_list_sort (g_hash_table_get_keys (item->values),
                                        (GCompareFunc)strcmp);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "[%s]\n%s\n", item->id, item->check->id);
  for (GList *l = names; l != NULL; l = l->next)
    g_string_append_printf (text, "%s=%s\n", (const char *)l->data,
                            (const char *)g_hash_table_lookup (item->values, l->data));

  return g_string_free (text, FALSE);
}

static gboolean
makes_guest (const CvmCase *item)
{
  return item->is_precondition && item->check->makes_guest;
}

static char *
dup_made_of (CvmSuite *suite)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < cvm_suite_n_cases (suite); i++)
    {
      const CvmCase *item = cvm_suite_case (suite, i);
      g_autofree char *one = makes_guest (item) ? dup_text (item) : NULL;

      g_string_append (text, one != NULL ? one : "");
    }

  return g_string_free (text, FALSE);
}

/* What a try runs on a guest that is there */
typedef struct
{
  GHashTable *passed;
  const char *id;       /* what is tried: also when it has passed */
} Wish;

static gboolean
is_wanted (const CvmCase *item,
           gpointer       data)
{
  const Wish *wish = data;
  g_autofree char *text = dup_text (item);

  return item->is_selected && (g_str_equal (item->id, wish->id)
                               || !g_hash_table_contains (wish->passed, text));
}

/* Ports are forwarded when a guest is made */
static gboolean
has_port (CvmTryout     *self,
          const CvmCase *item)
{
  CvmSuite *suite = cvm_plan_job (self->plan, 0)->suite;
  const char *port = g_hash_table_lookup (item->values, "port");
  gboolean found = port == NULL || g_str_equal (port, "22");

  for (guint i = 0; !found && i < cvm_suite_n_cases (suite); i++)
    found = g_strcmp0 (g_hash_table_lookup (cvm_suite_case (suite, i)->values, "port"), port) == 0;

  return found;
}

static gboolean
is_same_place (const CvmJobSpec *a,
               const CvmJobSpec *b)
{
  return g_str_equal (a->host_uri, b->host_uri) && g_str_equal (a->hypervisor, b->hypervisor)
         && a->image != NULL && b->image != NULL
         && g_strcmp0 (a->image->name, b->image->name) == 0
         && g_strcmp0 (a->image->disk, b->image->disk) == 0
         && g_strcmp0 (a->image->kernel, b->image->kernel) == 0
         && g_strcmp0 (a->image->initrd, b->image->initrd) == 0
         && g_strcmp0 (a->image->cmdline, b->image->cmdline) == 0
         && a->image->memory_mib == b->image->memory_mib && a->image->cpus == b->image->cpus;
}

/* Why the guest that is kept does not do; CVM_TRYOUT_NEW: it does, and MORE is what to run there */
static CvmTryoutReason
why_another (CvmTryout   *self,
             CvmPlan     *plan,
             const char  *id,
             CvmSuite   **more)
{
  const CvmJobSpec *job = cvm_plan_job (plan, 0);
  g_autofree char *made_of = dup_made_of (job->suite);
  g_autofree char *suffix = g_strdup_printf (".%u", self->n_tries + 1);
  Wish wish = { self->passed, id };
  g_autoptr(CvmSuite) picked = cvm_suite_pick (job->suite, is_wanted, &wish, suffix);

  if (!is_same_place (job, cvm_plan_job (self->plan, 0)))
    return CVM_TRYOUT_ELSEWHERE;
  if (!g_str_equal (made_of, self->made_of))
    return CVM_TRYOUT_OTHER_GUEST;

  for (guint i = 0; i < cvm_suite_n_cases (picked); i++)
    {
      if (makes_guest (cvm_suite_case (picked, i)))
        return CVM_TRYOUT_OTHER_GUEST;
      if (!has_port (self, cvm_suite_case (picked, i)))
        return CVM_TRYOUT_NO_PORT;
    }

  *more = g_steal_pointer (&picked);

  return CVM_TRYOUT_NEW;
}

/* The run --------------------------------------------------------------------------------- */

/* "kernel.3" is the case "kernel" of the third try */
static void
note_end (CvmTryout       *self,
          const CvmRecord *record)
{
  g_autofree char *id = g_strndup (record->id, strcspn (record->id, "."));
  const CvmCase *item = cvm_suite_find_case (self->suite, id);
  g_autofree char *text = item != NULL ? dup_text (item) : NULL;

  if (text == NULL)
    return;

  /* What was passed over made nothing: another guest would be no different */
  if (record->outcome == CVM_OUTCOME_PASS || (record->ok && makes_guest (item)))
    g_hash_table_add (self->passed, g_steal_pointer (&text));
  else
    g_hash_table_remove (self->passed, text);
}

static gboolean
is_busy (CvmTryout *self)
{
  return self->state == CVM_TRYOUT_BOOTING || self->state == CVM_TRYOUT_TRYING;
}

static gboolean
is_news (const CvmRecord *record,
         const char      *kind)
{
  return record->type == CVM_RECORD_LOG && g_strcmp0 (record->kind, kind) == 0;
}

static void
on_records (CvmTryout *self,
            GPtrArray *records)
{
  for (guint i = 0; i < records->len; i++)
    {
      const CvmRecord *record = records->pdata[i];

      if (record->type == CVM_RECORD_CASE_PLANNED && self->state == CVM_TRYOUT_TRYING)
        g_clear_object (&self->next);   /* the guest took it */
      else if (record->type == CVM_RECORD_CASE_END && record->id != NULL)
        note_end (self, record);
      else if (is_news (record, CVM_LOG_KEPT) && is_busy (self))
        self->state = CVM_TRYOUT_KEPT;
      else if (is_news (record, CVM_LOG_UNUSED))
        self->reason = CVM_TRYOUT_UNUSED;
    }

  g_signal_emit (self, signals[CHANGED], 0);
}

static void make (CvmTryout *self,
                  CvmPlan   *plan);

static void
on_finished (CvmTryout *self)
{
  g_autoptr(CvmPlan) next = g_steal_pointer (&self->next);
  gboolean is_told = self->state == CVM_TRYOUT_STOPPING || self->reason == CVM_TRYOUT_UNUSED;
  gboolean was_kept = self->state == CVM_TRYOUT_KEPT || self->n_tries > 1;

  if (next != NULL && self->state == CVM_TRYOUT_TRYING)
    self->reason = CVM_TRYOUT_GONE;
  if (next != NULL)
    make (self, next);
  else
    set_state (self, CVM_TRYOUT_EMPTY, is_told ? self->reason
                                                 : was_kept ? CVM_TRYOUT_GONE : CVM_TRYOUT_NEW);
}

static void
forget_run (CvmTryout *self)
{
  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  g_clear_object (&self->run);
  g_hash_table_remove_all (self->passed);
}

static void
take_run (CvmTryout *self,
          CvmRun    *run)
{
  forget_run (self);
  self->run = run;
  g_set_object (&self->plan, cvm_run_get_plan (run));
  g_set_object (&self->suite, cvm_plan_job (self->plan, 0)->suite);
  g_free (self->made_of);
  self->made_of = dup_made_of (self->suite);
  self->n_tries = 1;

  cvm_run_keep_open (run, self->idle_ms);
  g_signal_connect_object (run, "records", G_CALLBACK (on_records), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (run, "finished", G_CALLBACK (on_finished), self, G_CONNECT_SWAPPED);
  g_signal_emit (self, signals[MADE], 0, run);
  if (self->state == CVM_TRYOUT_STOPPING)
    cvm_run_cancel (run);
}

static void
on_made (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autofree GWeakRef *asker = data;
  g_autoptr(CvmTryout) self = g_weak_ref_get (asker);
  g_autoptr(GError) error = NULL;
  g_autoptr(CvmRun) run = g_task_propagate_pointer (G_TASK (result), &error);

  g_weak_ref_clear (asker);
  if (self == NULL || self->cancellable == NULL)
    return;

  if (run != NULL)
    {
      take_run (self, g_steal_pointer (&run));
      return;
    }

  set_state (self, CVM_TRYOUT_EMPTY, CVM_TRYOUT_NEW);
  g_signal_emit (self, signals[FAILED], 0, error->message);
}

/* What a thread is given */
typedef struct
{
  CvmPlan        *plan;
  const CvmPorts *ports;
  CvmCheckFind    find;
} Order;

static void
order_free (Order *order)
{
  g_object_unref (order->plan);
  g_free (order);
}

/* Nobody waits for it any more, and nothing of it has begun */
static void
discard_run (gpointer run)
{
  cvm_file_remove_tree (cvm_run_get_dir (run));
  g_object_unref (run);
}

static void
make_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  const Order *order = data;
  GError *error = NULL;
  CvmRun *run = cvm_run_new (order->plan, order->ports, order->find, NULL, &error);

  if (run != NULL)
    g_task_return_pointer (task, run, discard_run);
  else
    g_task_return_error (task, error);
}

/* A run's folder is made on the disk. The thread holds no reference to SELF, so that the last one
 * is never dropped there. */
static void
make (CvmTryout *self,
      CvmPlan   *plan)
{
  GWeakRef *asker = g_new (GWeakRef, 1);
  g_autoptr(GTask) task = g_task_new (NULL, self->cancellable, on_made, asker);
  Order *order = g_new (Order, 1);

  g_weak_ref_init (asker, self);
  *order = (Order) { g_object_ref (plan), self->ports, self->find };
  g_task_set_source_tag (task, make);
  g_task_set_task_data (task, order, (GDestroyNotify)order_free);
  set_state (self, CVM_TRYOUT_BOOTING, self->reason);
  g_task_run_in_thread (task, make_in_thread);
}

/* Object ---------------------------------------------------------------------------------- */

static void
cvm_tryout_dispose (GObject *object)
{
  CvmTryout *self = CVM_TRYOUT (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->run != NULL)
    cvm_run_cancel (self->run);
  forget_run (self);
  g_clear_object (&self->plan);
  g_clear_object (&self->suite);
  g_clear_object (&self->next);

  G_OBJECT_CLASS (cvm_tryout_parent_class)->dispose (object);
}

static void
cvm_tryout_finalize (GObject *object)
{
  CvmTryout *self = CVM_TRYOUT (object);

  g_hash_table_unref (self->passed);
  g_free (self->made_of);

  G_OBJECT_CLASS (cvm_tryout_parent_class)->finalize (object);
}

static void
cvm_tryout_class_init (CvmTryoutClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = cvm_tryout_dispose;
  G_OBJECT_CLASS (klass)->finalize = cvm_tryout_finalize;

  signals[MADE] = g_signal_new ("made", CVM_TYPE_TRYOUT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, CVM_TYPE_RUN);
  signals[CHANGED] = g_signal_new ("changed", CVM_TYPE_TRYOUT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", CVM_TYPE_TRYOUT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
cvm_tryout_init (CvmTryout *self)
{
  self->idle_ms = IDLE_MS;
  self->passed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->cancellable = g_cancellable_new ();
}

CvmTryout *
cvm_tryout_new (const CvmPorts *ports,
                CvmCheckFind    find)
{
  CvmTryout *self = g_object_new (CVM_TYPE_TRYOUT, NULL);

  self->ports = ports;
  self->find = find;

  return self;
}

void
cvm_tryout_set_idle_ms (CvmTryout *self,
                        gint64     idle_ms)
{
  g_return_if_fail (idle_ms > 0);

  self->idle_ms = idle_ms;
}

static gboolean
try_on_kept (CvmTryout *self,
             CvmPlan   *plan,
             CvmSuite  *more)
{
  if (!cvm_run_offer (self->run, JOB, more))
    return FALSE;

  self->n_tries++;
  g_set_object (&self->next, plan);   /* where this guest goes before it takes it */
  g_set_object (&self->suite, cvm_plan_job (plan, 0)->suite);
  set_state (self, CVM_TRYOUT_TRYING, CVM_TRYOUT_NEW);

  return TRUE;
}

gboolean
cvm_tryout_try (CvmTryout  *self,
                CvmPlan    *plan,
                const char *id)
{
  g_autoptr(CvmSuite) more = NULL;

  g_return_val_if_fail (cvm_plan_n_jobs (plan) == 1, FALSE);

  if (self->state == CVM_TRYOUT_EMPTY)
    {
      make (self, plan);
      return TRUE;
    }
  if (self->state != CVM_TRYOUT_KEPT)
    return FALSE;

  self->reason = why_another (self, plan, id, &more);
  if (more != NULL && try_on_kept (self, plan, more))
    return TRUE;

  /* the guest is ended first: two at once may be more than the host has room for */
  if (more != NULL)
    self->reason = CVM_TRYOUT_GONE;
  g_set_object (&self->next, plan);
  cvm_run_cancel (self->run);
  set_state (self, CVM_TRYOUT_BOOTING, self->reason);

  return TRUE;
}

void
cvm_tryout_stop (CvmTryout *self)
{
  if (self->state == CVM_TRYOUT_EMPTY || self->state == CVM_TRYOUT_STOPPING)
    return;

  g_clear_object (&self->next);
  if (self->run != NULL)
    cvm_run_cancel (self->run);
  set_state (self, CVM_TRYOUT_STOPPING, CVM_TRYOUT_STOPPED);
}

CvmTryoutState
cvm_tryout_get_state (CvmTryout *self)
{
  return self->state;
}

gboolean
cvm_tryout_is_busy (CvmTryout *self)
{
  return is_busy (self);
}

CvmTryoutReason
cvm_tryout_get_reason (CvmTryout *self)
{
  return self->reason;
}

CvmRun *
cvm_tryout_get_run (CvmTryout *self)
{
  return self->run;
}
