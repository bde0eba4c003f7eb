/* test-virt-call.c: calls that hang, come too late, or are not wanted any more
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-call.h"

#include "cvm-wait.h"

/* A call that ends when its gate is opened: what it saw outlives it */
typedef struct
{
  GMutex   lock;
  GCond    changed;
  gboolean is_open, has_begun, fails;
  guint    n_undone, n_cleared;
} Gate;

typedef struct
{
  CvmVirtCall call;
  Gate       *gate;
  int         answer;
} GateCall;

static gboolean
is_open (gpointer data)
{
  return ((Gate *)data)->is_open;
}

static gboolean
has_begun (gpointer data)
{
  return ((Gate *)data)->has_begun;
}

static gboolean
gate_run (CvmVirtCall  *call,
          GError      **error)
{
  GateCall *self = (GateCall *)call;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->gate->lock);

  self->gate->has_begun = TRUE;
  g_cond_broadcast (&self->gate->changed);
  cvm_wait_until (&self->gate->lock, &self->gate->changed, is_open, self->gate, CVM_DEADLINE_NEVER, NULL, NULL);
  self->answer = 42;
  if (self->gate->fails)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "as it was told to");

  return !self->gate->fails;
}

static void
gate_undo (CvmVirtCall *call)
{
  GateCall *self = (GateCall *)call;

  g_assert_false (cvm_virt_call_is_wanted (call));
  g_mutex_lock (&self->gate->lock);
  self->gate->n_undone++;
  g_mutex_unlock (&self->gate->lock);
}

static void
gate_clear (CvmVirtCall *call)
{
  GateCall *self = (GateCall *)call;

  g_mutex_lock (&self->gate->lock);
  self->gate->n_cleared++;
  g_mutex_unlock (&self->gate->lock);
}

static const CvmVirtCallClass gate_class = { sizeof (GateCall), gate_run, gate_undo, gate_clear };

static GateCall *
gate_call_new (Gate *gate)
{
  GateCall *call = cvm_virt_call_new (&gate_class);

  call->gate = gate;

  return call;
}

static void
gate_open (Gate *gate)
{
  g_mutex_lock (&gate->lock);
  gate->is_open = TRUE;
  g_cond_broadcast (&gate->changed);
  g_mutex_unlock (&gate->lock);
}

static void
gate_clear_all (Gate *gate)
{
  g_mutex_clear (&gate->lock);
  g_cond_clear (&gate->changed);
}

static void
test_done (void)
{
  Gate gate = { .is_open = TRUE };
  GateCall *call = gate_call_new (&gate);
  g_autoptr(GError) error = NULL;

  g_assert_true (cvm_virt_call_run (call, cvm_deadline_in_ms (10000), NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (call->answer, ==, 42);
  cvm_virt_call_unref (call);
  g_assert_true (cvm_virt_settle (cvm_deadline_in_ms (10000)));
  g_assert_cmpuint (gate.n_undone, ==, 0);
  gate_clear_all (&gate);
}

static void
test_failed (void)
{
  Gate gate = { .is_open = TRUE, .fails = TRUE };
  GateCall *call = gate_call_new (&gate);
  g_autoptr(GError) error = NULL;

  g_assert_false (cvm_virt_call_run (call, cvm_deadline_in_ms (10000), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  cvm_virt_call_unref (call);
  g_assert_true (cvm_virt_settle (cvm_deadline_in_ms (10000)));
  g_assert_cmpuint (gate.n_undone, ==, 0);
  g_assert_cmpuint (gate.n_cleared, ==, 1);
  gate_clear_all (&gate);
}

/* The end of an abandoned call: undone if it succeeded after all, and dropped in any case */
static void
end_abandoned (Gate     *gate,
               GateCall *call)
{
  cvm_virt_call_unref (call);
  g_assert_cmpuint (cvm_virt_orphans (), ==, 1);
  g_assert_false (cvm_virt_settle (cvm_deadline_in_ms (20)));
  g_assert_cmpuint (gate->n_cleared, ==, 0);

  gate_open (gate);
  g_assert_true (cvm_virt_settle (cvm_deadline_in_ms (10000)));
  g_assert_cmpuint (cvm_virt_orphans (), ==, 0);
  g_assert_cmpuint (gate->n_undone, ==, gate->fails ? 0 : 1);
  g_assert_cmpuint (gate->n_cleared, ==, 1);
  gate_clear_all (gate);
}

static void
test_timed_out (gconstpointer data)
{
  Gate gate = { .fails = GPOINTER_TO_INT (data) };
  GateCall *call = gate_call_new (&gate);
  g_autoptr(GError) error = NULL;
  gint64 begin = g_get_monotonic_time ();

  g_assert_false (cvm_virt_call_run (call, cvm_deadline_in_ms (50), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 50 * 1000);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 5 * G_USEC_PER_SEC);
  end_abandoned (&gate, call);
}

typedef struct
{
  Gate         *gate;
  GCancellable *cancellable;
} Canceller;

static gpointer
cancel_when_begun (gpointer data)
{
  Canceller *self = data;

  g_mutex_lock (&self->gate->lock);
  cvm_wait_until (&self->gate->lock, &self->gate->changed, has_begun, self->gate, CVM_DEADLINE_NEVER, NULL, NULL);
  g_mutex_unlock (&self->gate->lock);
  g_cancellable_cancel (self->cancellable);

  return NULL;
}

static void
test_cancelled (void)
{
  Gate gate = { 0 };
  GateCall *call = gate_call_new (&gate);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  Canceller canceller = { &gate, cancellable };
  GThread *thread = g_thread_new ("canceller", cancel_when_begun, &canceller);

  g_assert_false (cvm_virt_call_run (call, cvm_deadline_in_ms (60000), cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  end_abandoned (&gate, call);
}

/* Nothing is begun for a caller that has no time left */
static void
test_too_late (void)
{
  Gate gate = { 0 };
  GateCall *call = gate_call_new (&gate);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (cvm_virt_call_run (call, cvm_deadline_in_ms (10000), cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (cvm_virt_call_run (call, g_get_monotonic_time (), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);

  cvm_virt_call_unref (call);
  g_assert_false (gate.has_begun);
  g_assert_cmpuint (cvm_virt_orphans (), ==, 0);
  gate_clear_all (&gate);
}

static void
test_detached (void)
{
  Gate gate = { 0 };

  cvm_virt_call_detach (gate_call_new (&gate));
  g_assert_cmpuint (cvm_virt_orphans (), ==, 1);
  gate_open (&gate);
  g_assert_true (cvm_virt_settle (cvm_deadline_in_ms (10000)));
  g_assert_cmpuint (gate.n_cleared, ==, 1);
  gate_clear_all (&gate);
}

/* What succeeds at the very moment of the cancel is either the caller's or undone: never both,
 * never neither */
static void
test_race (void)
{
  for (guint round = 0; round < 200; round++)
    {
      Gate gate = { .is_open = TRUE };
      GateCall *call = gate_call_new (&gate);
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      Canceller canceller = { &gate, cancellable };
      GThread *thread = g_thread_new ("canceller", cancel_when_begun, &canceller);
      gboolean is_mine = cvm_virt_call_run (call, cvm_deadline_in_ms (60000), cancellable, NULL);

      cvm_virt_call_unref (call);
      g_thread_join (thread);
      g_assert_true (cvm_virt_settle (cvm_deadline_in_ms (10000)));
      g_assert_cmpuint (gate.n_undone, ==, is_mine ? 0 : 1);
      gate_clear_all (&gate);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/virt-call/done", test_done);
  g_test_add_func ("/virt-call/failed", test_failed);
  g_test_add_data_func ("/virt-call/timed-out", GINT_TO_POINTER (FALSE), test_timed_out);
  g_test_add_data_func ("/virt-call/timed-out-failed", GINT_TO_POINTER (TRUE), test_timed_out);
  g_test_add_func ("/virt-call/cancelled", test_cancelled);
  g_test_add_func ("/virt-call/too-late", test_too_late);
  g_test_add_func ("/virt-call/detached", test_detached);
  g_test_add_func ("/virt-call/race", test_race);

  return g_test_run ();
}
