/* test-gio.c: threads that open the first sockets of a program at once
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-gio.h"

#include <gio/gio.h>

#define N_TRIES  60     /* without the preparation 3 of 48 lock up here (GLib 2.74) */
#define LIMIT_US (20 * G_USEC_PER_SEC)

static int n_ready;

static void
meet (void)
{
  g_atomic_int_inc (&n_ready);
  while (g_atomic_int_get (&n_ready) < 2)
    ;
}

/* The initialiser of its class asks for the type of socket addresses */
static gpointer
make_client (gpointer data)
{
  meet ();
  g_object_unref (g_socket_client_new ());

  return NULL;
}

/* Makes the type of sockets known, and that of their addresses */
static gpointer
know_sockets (gpointer data)
{
  meet ();
  for (volatile int i = 0; i < GPOINTER_TO_INT (data); i++)
    ;
  g_type_ensure (G_TYPE_SOCKET);

  return NULL;
}

/* In a process of its own, since a type becomes known once */
static void
test_one (gconstpointer data)
{
  GThread *client, *sockets;

  cvm_gio_prepare ();
  client = g_thread_new ("client", make_client, NULL);
  sockets = g_thread_new ("sockets", know_sockets, (gpointer)data);
  g_thread_join (client);
  g_thread_join (sockets);
}

static void
test_all (void)
{
  for (int i = 0; i < N_TRIES; i++)
    {
      g_autofree char *path = g_strdup_printf ("/gio/subprocess/%d", i);

      g_test_trap_subprocess (path, LIMIT_US, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/gio/first-sockets", test_all);
  for (int i = 0; i < N_TRIES; i++)
    {
      g_autofree char *path = g_strdup_printf ("/gio/subprocess/%d", i);

      g_test_add_data_func (path, GINT_TO_POINTER (i * 100), test_one);
    }

  return g_test_run ();
}
