/* test-reach.c: a program that has loaded what speaks with hosts and guests
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <sys/wait.h>
#include <unistd.h>

#include "cvm-reach.h"

static pid_t child_of;    /* the process whose children are watched */
static int n_allocated;   /* in this child */

/* Called by a sanitizer, where there is one (sanitizer/allocator_interface.h) */
void __sanitizer_malloc_hook (const volatile void *bytes, size_t size);

void
__sanitizer_malloc_hook (const volatile void *bytes,
                         size_t               size)
{
  n_allocated += child_of != 0 && getpid () != child_of;
}

static gpointer
fork_once (gpointer data)
{
  int status = -1;
  pid_t pid = fork ();

  if (pid == 0)
    _exit (n_allocated);
  waitpid (pid, &status, 0);

  return GINT_TO_POINTER (status);
}

/* A child of a thread that has not forked before: its libraries' handlers run, up to where another
 * program would be executed. What they allocated could wait for ever for a lock that was held in
 * another thread, and who waits for the child's first sign with it. */
static void
test_fork (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_nonnull (cvm_reach_load (NULL, &error));
  g_assert_no_error (error);
  child_of = getpid ();
  g_assert_cmpint (GPOINTER_TO_INT (g_thread_join (g_thread_new ("fork", fork_once, NULL))), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/reach/fork", test_fork);

  return g_test_run ();
}
