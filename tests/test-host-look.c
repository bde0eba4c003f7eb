/* test-host-look.c: hosts that are looked at side by side, and whose the guests there are
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-host-look.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "cvm-engine-error.h"
#include "cvm-fake-ports.h"
#include "cvm-file.h"
#include "cvm-id.h"
#include "cvm-test-home.h"
#include "cvm-wait.h"

#define SILENT 20   /* more than any pool of threads has */

static gint n_silent;   /* hosts that are being asked and say nothing; atomic */

static CvmHost *
open_silent (const char    *uri,
             gint64         deadline_us,
             GCancellable  *cancellable,
             GError       **error)
{
  if (!g_str_has_prefix (uri, "silent"))
    return cvm_fake_ports ()->peek_host (uri, deadline_us, cancellable, error);

  g_atomic_int_inc (&n_silent);
  while (cvm_wait_ms (1000, deadline_us, cancellable, error))
    continue;

  return NULL;
}

static CvmHost *
open_locked (const char    *uri,
             gint64         deadline_us,
             GCancellable  *cancellable,
             GError       **error)
{
  g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_UNAUTHORIZED, "who are you?");

  return NULL;
}

typedef struct
{
  guint        n_done;
  CvmHostLook *look;    /* of the last that answered */
  GError      *error;   /* of the last that did not */
} Answers;

static void
on_looked (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  Answers *answers = data;
  g_autoptr(GError) error = NULL;
  CvmHostLook *look = cvm_host_look_finish (result, &error);

  answers->n_done++;
  if (look != NULL)
    {
      g_clear_pointer (&answers->look, cvm_host_look_free);
      answers->look = look;
    }
  else
    {
      g_clear_error (&answers->error);
      answers->error = g_steal_pointer (&error);
    }
}

static void
wait_for (Answers *answers,
          guint    n)
{
  while (answers->n_done < n)
    g_main_context_iteration (NULL, TRUE);
}

static void
answers_clear (Answers *answers)
{
  g_clear_pointer (&answers->look, cvm_host_look_free);
  g_clear_error (&answers->error);
}

/* Whose --------------------------------------------------------------------------------------- */

static void
make_domain (const char *world,
             const char *name,
             const char *run_dir,
             const char *machine,
             guint       uid)
{
  g_autofree char *path = g_strdup_printf ("%s/domain-%s", world, name);
  g_autofree char *text = g_strdup_printf ("%s\n%s\n%s\n%s\n%u\n", name,
                                           run_dir != NULL ? "run" : "",
                                           run_dir != NULL ? run_dir : "", machine, uid);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static CvmGuestOwner
owner_of (const CvmHostLook *look,
          const char        *name)
{
  for (guint i = 0; i < look->things->len; i++)
    {
      const CvmHostThing *thing = look->things->pdata[i];

      if (g_str_equal (thing->name, name))
        return thing->owner;
    }

  g_assert_not_reached ();
}

static void
test_owners (void)
{
  g_autofree char *world = g_dir_make_tmp ("cvm-world-XXXXXX", NULL);
  g_autofree char *live = g_dir_make_tmp ("cvm-live-XXXXXX", NULL);
  g_autofree char *dead = g_dir_make_tmp ("cvm-dead-XXXXXX", NULL);
  int lock = cvm_file_lock (live, NULL);
  Answers answers = { 0 };

  g_assert_cmpint (lock, >=, 0);
  cvm_fake_world.dir = world;
  make_domain (world, "live", live, cvm_id_machine (), getuid ());
  make_domain (world, "dead", dead, cvm_id_machine (), getuid ());
  make_domain (world, "gone", "/nowhere/run", cvm_id_machine (), getuid ());
  make_domain (world, "machine", dead, "0123", getuid ());
  make_domain (world, "user", dead, cvm_id_machine (), getuid () + 1);
  make_domain (world, "named", NULL, cvm_id_machine (), getuid ());

  cvm_host_look_async (cvm_fake_ports (), "fake:///", FALSE, NULL, on_looked, &answers);
  wait_for (&answers, 1);
  g_assert_no_error (answers.error);
  g_assert_cmpuint (answers.look->things->len, ==, 6);
  g_assert_cmpuint (answers.look->n_dead, ==, 2);
  g_assert_cmpint (owner_of (answers.look, "live"), ==, CVM_GUEST_OWNER_LIVES);
  g_assert_cmpint (owner_of (answers.look, "dead"), ==, CVM_GUEST_OWNER_DIED);
  g_assert_cmpint (owner_of (answers.look, "gone"), ==, CVM_GUEST_OWNER_DIED);
  g_assert_cmpint (owner_of (answers.look, "machine"), ==, CVM_GUEST_OWNER_UNKNOWN);
  g_assert_cmpint (owner_of (answers.look, "user"), ==, CVM_GUEST_OWNER_UNKNOWN);
  g_assert_cmpint (owner_of (answers.look, "named"), ==, CVM_GUEST_OWNER_UNKNOWN);
  g_assert_true (answers.look->has_load);
  g_assert_cmpuint (answers.look->load.guests, ==, 6);
  g_assert_cmpstr (answers.look->hypervisors, ==, "qemu");

  answers_clear (&answers);
  close (lock);
  cvm_test_remove_tree (world);
  cvm_test_remove_tree (live);
  cvm_test_remove_tree (dead);
}

/* Side by side -------------------------------------------------------------------------------- */

static void
test_side_by_side (void)
{
  g_autofree char *world = g_dir_make_tmp ("cvm-world-XXXXXX", NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  CvmPorts ports = *cvm_fake_ports ();
  Answers silent = { 0 }, answers = { 0 };

  cvm_fake_world.dir = world;
  ports.peek_host = open_silent;
  for (guint i = 0; i < SILENT; i++)
    cvm_host_look_async (&ports, "silent:///", FALSE, cancellable, on_looked, &silent);
  cvm_host_look_async (&ports, "fake:///", FALSE, NULL, on_looked, &answers);

  wait_for (&answers, 1);
  g_assert_no_error (answers.error);
  g_assert_cmpuint (silent.n_done, ==, 0);

  g_cancellable_cancel (cancellable);
  wait_for (&silent, SILENT);
  g_assert_error (silent.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_atomic_int_get (&n_silent), <=, SILENT);
  answers_clear (&silent);
  answers_clear (&answers);
  cvm_test_remove_tree (world);
}

/* Only who asked for it is asked */
static void
test_password (void)
{
  g_autofree char *world = g_dir_make_tmp ("cvm-world-XXXXXX", NULL);
  CvmPorts ports = *cvm_fake_ports ();
  Answers answers = { 0 };

  cvm_fake_world.dir = world;
  ports.peek_host = open_locked;
  cvm_host_look_async (&ports, "fake:///", FALSE, NULL, on_looked, &answers);
  wait_for (&answers, 1);
  g_assert_error (answers.error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_UNAUTHORIZED);

  cvm_host_look_async (&ports, "fake:///", TRUE, NULL, on_looked, &answers);
  wait_for (&answers, 2);
  g_assert_nonnull (answers.look);
  answers_clear (&answers);
  cvm_test_remove_tree (world);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/host-look/owners", test_owners);
  g_test_add_func ("/host-look/side-by-side", test_side_by_side);
  g_test_add_func ("/host-look/password", test_password);

  return g_test_run ();
}
