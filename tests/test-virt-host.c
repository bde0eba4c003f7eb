/* test-virt-host.c: the host port, without a daemon: libvirt's test driver, and hosts that fail
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-host.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <libvirt/libvirt.h>
#include <string.h>

#include "cvm-engine-error.h"
#include "cvm-virt-call.h"
#include "cvm-wait.h"

#include "cvm-test-virt.h"

#define LIMIT_MS 30000
#define SOON     cvm_deadline_in_ms (LIMIT_MS)

static CvmHost *
open_test_driver (void)
{
  g_autoptr(GError) error = NULL;
  CvmHost *host = cvm_virt_host_open ("test:///default", SOON, NULL, &error);

  g_assert_no_error (error);

  return host;
}

static void
test_facts (gconstpointer data)
{
  CvmHost *host = open_test_driver ();
  const CvmHostFacts *facts = cvm_host_get_facts (host);

  g_assert_cmpstr (facts->uri, ==, "test:///default");
  g_assert_cmpstr (facts->driver, ==, "TEST");
  g_assert_cmpstr (facts->arch, ==, "i686");
  g_assert_true (g_regex_match_simple ("^\\d+\\.\\d+\\.\\d+$", facts->libvirt_version, 0, 0));
  g_assert_cmpuint (g_strv_length (facts->hypervisors), ==, 1);
  g_assert_cmpstr (facts->hypervisors[0], ==, "test");
  g_assert_true (facts->is_local);
  g_assert_cmpuint (facts->cpus, >, 0);
  g_assert_cmpuint (facts->memory_kib, >, 0);
  g_assert_finalize_object (host);
}

/* Guests ----------------------------------------------------------------------------------- */

static CvmGuestSpec *
test_spec (const char *hypervisor)
{
  CvmGuestSpec *spec = cvm_guest_spec_new ();

  spec->name = g_strdup ("cvmtester-run-01");
  spec->uuid = g_strdup ("11111111-2222-4333-8444-555555555555");
  spec->run_id = g_strdup ("run");
  spec->job_id = g_strdup ("01");
  spec->run_dir = g_strdup ("/a & b/'run'");
  spec->machine_id = g_strdup ("machine");
  spec->uid = 4711;
  spec->hypervisor = g_strdup (hypervisor);
  spec->arch = g_strdup ("i686");
  spec->memory_mib = 64;
  spec->cpus = 1;

  return spec;
}

static const CvmHostObject *
find_object (GPtrArray  *objects,
             const char *name)
{
  for (guint i = 0; i < objects->len; i++)
    {
      const CvmHostObject *object = g_ptr_array_index (objects, i);

      if (g_str_equal (object->name, name))
        return object;
    }

  return NULL;
}

static GPtrArray *
list (CvmHost *host)
{
  g_autoptr(GError) error = NULL;
  GPtrArray *objects = cvm_host_list_objects (host, SOON, NULL, &error);

  g_assert_no_error (error);

  return objects;
}

static CvmGuest *
new_guest (CvmHost *host)
{
  g_autoptr(CvmGuestSpec) spec = test_spec ("test");
  g_autoptr(CvmSerial) serial = cvm_serial_new (NULL, NULL);
  g_autoptr(GError) error = NULL;
  CvmGuest *guest = cvm_host_new_guest (host, spec, serial, &error);

  g_assert_no_error (error);
  g_assert_nonnull (strstr (cvm_guest_get_xml (guest), "cvmtester-run-01"));

  return guest;
}

static void
expect_nothing_left (CvmHost *host)
{
  g_autoptr(GPtrArray) objects = list (host);

  g_assert_cmpuint (objects->len, ==, 0);
}

static void
test_life (gconstpointer data)
{
  CvmHost *host = open_test_driver ();
  CvmGuest *guest = new_guest (host);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) objects = NULL;
  const CvmHostObject *object;

  expect_nothing_left (host);
  g_assert_false (cvm_guest_is_running (guest));
  g_assert_true (cvm_guest_start (guest, SOON, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (cvm_guest_is_running (guest));

  objects = list (host);
  g_assert_cmpuint (objects->len, ==, 1);
  object = g_ptr_array_index (objects, 0);
  g_assert_cmpstr (object->kind, ==, "domain");
  g_assert_cmpstr (object->uuid, ==, "11111111-2222-4333-8444-555555555555");
  g_assert_true (object->is_marked);
  g_assert_cmpstr (object->run_dir, ==, "/a & b/'run'");
  g_assert_cmpstr (object->machine_id, ==, "machine");
  g_assert_cmpuint (object->uid, ==, 4711);

  g_assert_true (cvm_guest_shut_down (guest, SOON, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (cvm_guest_is_running (guest));
  g_assert_true (cvm_guest_start (guest, SOON, NULL, &error));
  g_assert_true (cvm_guest_destroy (guest, SOON, &error));
  g_assert_true (cvm_guest_destroy (guest, SOON, &error));
  g_assert_no_error (error);

  expect_nothing_left (host);
  g_assert_finalize_object (guest);
  g_assert_finalize_object (host);
}

/* What a guest that is off, or is not QEMU's, says to each question */
static void
test_off (gconstpointer data)
{
  CvmHost *host = open_test_driver ();
  CvmGuest *guest = new_guest (host);
  g_autoptr(GError) error = NULL;

  g_assert_false (cvm_guest_reboot (guest, SOON, NULL, &error));
  g_assert_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_GUEST_LOST);
  g_clear_error (&error);
  g_assert_false (cvm_guest_send_serial (guest, "x", 1, &error));
  g_assert_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_GUEST_LOST);
  g_clear_error (&error);
  g_assert_cmpint (cvm_guest_host_port (guest, 22, SOON, NULL, &error), ==, -1);
  g_assert_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_cmpint (cvm_guest_open_display (guest, SOON, NULL, &error), ==, -1);
  g_assert_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_true (cvm_guest_shut_down (guest, SOON, NULL, &error));
  g_assert_no_error (error);

  g_assert_finalize_object (guest);
  g_assert_finalize_object (host);
}

/* Somebody else ends it: seen without asking */
static void
test_ended_by_others (gconstpointer data)
{
  CvmHost *host = open_test_driver ();
  CvmGuest *guest = new_guest (host);
  g_autoptr(GError) error = NULL;

  g_assert_true (cvm_guest_start (guest, SOON, NULL, NULL));
  g_assert_true (cvm_host_remove_object (host, "domain", "11111111-2222-4333-8444-555555555555", SOON, NULL, NULL));
  while (cvm_guest_is_running (guest))
    g_assert_true (cvm_wait_ms (10, SOON, NULL, NULL));

  g_assert_false (cvm_guest_reboot (guest, SOON, NULL, &error));
  g_assert_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_GUEST_LOST);
  g_assert_true (cvm_guest_destroy (guest, SOON, NULL));
  g_assert_finalize_object (guest);
  g_assert_finalize_object (host);
}

static void
test_not_offered (gconstpointer data)
{
  CvmHost *host = open_test_driver ();
  g_autoptr(CvmGuestSpec) spec = test_spec ("kvm");
  g_autoptr(CvmSerial) serial = cvm_serial_new (NULL, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (cvm_host_new_guest (host, spec, serial, &error));
  g_assert_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_UNSUPPORTED);
  g_assert_finalize_object (host);
}

/* Objects of others ------------------------------------------------------------------------ */

#define DOMAIN(name) \
  "<domain type='test'><name>" name "</name><memory unit='MiB'>8</memory><os><type>hvm</type></os></domain>"
#define NETWORK(name) "<network><name>" name "</name></network>"

/* What only has a name like ours is listed so; what has not, is not. Removing takes all of it,
 * and what is gone is removed. */
static void
test_others (gconstpointer data)
{
  CvmHost *host = open_test_driver ();
  virConnectPtr conn = virConnectOpen ("test:///default");   /* the same hosts' state */
  virDomainPtr defined = virDomainDefineXML (conn, DOMAIN ("cvmtester-like"));
  virDomainPtr foreign = virDomainDefineXML (conn, DOMAIN ("other-cvmtester-like"));
  virNetworkPtr network = virNetworkCreateXML (conn, NETWORK ("cvmtester-net"));
  g_autoptr(GPtrArray) objects = list (host);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (virDomainCreate (defined), ==, 0);
  g_assert_cmpuint (objects->len, ==, 2);
  g_assert_false (find_object (objects, "cvmtester-like")->is_marked);
  g_assert_cmpstr (find_object (objects, "cvmtester-net")->kind, ==, "network");

  for (guint round = 0; round < 2; round++)
    for (guint i = 0; i < objects->len; i++)
      {
        const CvmHostObject *object = g_ptr_array_index (objects, i);

        g_assert_true (cvm_host_remove_object (host, object->kind, object->uuid, SOON, NULL, &error));
        g_assert_no_error (error);
      }

  expect_nothing_left (host);
  g_assert_cmpint (virDomainIsPersistent (foreign), ==, 1);
  g_assert_false (cvm_host_remove_object (host, "volume", "u", SOON, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);

  virDomainUndefine (foreign);
  virDomainFree (foreign);
  virDomainFree (defined);
  virNetworkFree (network);
  virConnectClose (conn);
  g_assert_finalize_object (host);
}

#define NAT_UUID "66666666-2222-4333-8444-555555555555"

/* A network for one job: made, started, seen, removed */
static void
test_network (gconstpointer data)
{
  CvmHost *host = open_test_driver ();
  CvmNetworkSpec spec = { "cvmtester-run-01", NAT_UUID };
  g_autoptr(GError) error = NULL;
  g_autofree char *xml = cvm_host_network_xml (host, &spec, &error);
  g_autoptr(GPtrArray) objects = NULL;
  virConnectPtr conn = virConnectOpen ("test:///default");
  virNetworkPtr network;

  g_assert_true (cvm_host_check_xml (host, "network", xml, CVM_XML_COMPLETE, &error));
  g_assert_true (cvm_host_define_object (host, "network", xml, SOON, NULL, &error));
  g_assert_no_error (error);
  objects = list (host);
  g_assert_cmpstr (find_object (objects, "cvmtester-run-01")->uuid, ==, NAT_UUID);

  network = virNetworkLookupByUUIDString (conn, NAT_UUID);
  g_assert_cmpint (virNetworkIsActive (network), ==, 0);
  g_assert_true (cvm_host_start_network (host, NAT_UUID, SOON, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (virNetworkIsActive (network), ==, 1);
  g_assert_true (cvm_host_start_network (host, NAT_UUID, SOON, NULL, &error));

  g_assert_true (cvm_host_remove_object (host, "network", NAT_UUID, SOON, NULL, &error));
  g_assert_false (cvm_host_start_network (host, NAT_UUID, SOON, NULL, &error));
  g_assert_nonnull (error);
  expect_nothing_left (host);
  virNetworkFree (network);
  virConnectClose (conn);
  g_assert_finalize_object (host);
}

/* A domain that is defined first: started as it was told, and gone with remove_object */
static void
test_define (gconstpointer data)
{
  CvmHost *host = open_test_driver ();
  CvmGuest *guest = new_guest (host);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) objects = NULL;

  g_assert_true (cvm_host_define_object (host, "domain", cvm_guest_get_xml (guest), SOON, NULL, &error));
  g_assert_no_error (error);
  objects = list (host);
  g_assert_true (find_object (objects, "cvmtester-run-01")->is_marked);
  g_assert_true (cvm_guest_start (guest, SOON, NULL, &error));
  g_assert_true (cvm_guest_destroy (guest, SOON, &error));
  g_assert_no_error (error);
  g_assert_true (cvm_host_remove_object (host, "domain", "11111111-2222-4333-8444-555555555555", SOON, NULL,
                                         &error));
  expect_nothing_left (host);

  g_assert_false (cvm_host_define_object (host, "domain", "<domain/>", SOON, NULL, &error));
  g_assert_nonnull (error);
  g_assert_finalize_object (guest);
  g_assert_finalize_object (host);
}

/* Hosts that fail -------------------------------------------------------------------------- */

static void
expect_lost (const char *uri,
             const char *words)
{
  g_autoptr(GError) error = NULL;

  g_test_message ("%s", uri);
  g_assert_null (cvm_virt_host_open (uri, SOON, NULL, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_HOST_LOST);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_unreachable (gconstpointer data)
{
  expect_lost ("nonsense", "Check the URI");
  expect_lost ("nonsense:///x", "nonsense:///x");
  expect_lost ("qemu+unix:///session?socket=/nonexistent/libvirt-sock", "/nonexistent/libvirt-sock");
  expect_lost ("qemu+tcp://127.0.0.1:1/system", "refused");
  expect_lost ("test:///nonexistent.xml", "nonexistent");
}

/* ssh is told not to ask, and what it says is told (it ends when libvirt waits for an answer:
 * before that, libvirt knows only of a closed socket) */
static void
test_ssh (gconstpointer data)
{
  g_autofree char *dir = g_dir_make_tmp ("cvm-ssh-XXXXXX", NULL);
  g_autofree char *program = g_build_filename (dir, "ssh", NULL);
  g_autofree char *script = g_strdup_printf ("#!/bin/sh\necho \"$@\" > %s/arguments\n"
                                             "head -c 1 > /dev/null\n"
                                             "echo 'ssh: nowhere is unknown' >&2\nexit 255\n", dir);
  g_autofree char *arguments_file = g_build_filename (dir, "arguments", NULL);
  g_autofree char *uri = g_strdup_printf ("qemu+ssh://nowhere.invalid/system?command=%s", program);
  g_autofree char *arguments = NULL;

  g_assert_true (g_file_set_contents (program, script, -1, NULL));
  g_assert_cmpint (g_chmod (program, 0700), ==, 0);
  expect_lost (uri, "nowhere is unknown");
  g_assert_true (g_file_get_contents (arguments_file, &arguments, NULL, NULL));
  g_assert_nonnull (strstr (arguments, "BatchMode=yes"));

  g_unlink (arguments_file);
  g_unlink (program);
  g_rmdir (dir);
}

/* Accepts in the kernel, and says nothing, as long as it is open */
static GSocket *
silent_listener (char **uri)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new (address, 0);
  g_autoptr(GSocketAddress) bound = NULL;
  GSocket *listener = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, 0, NULL);

  g_assert_true (g_socket_bind (listener, any, TRUE, NULL));
  g_assert_true (g_socket_listen (listener, NULL));
  bound = g_socket_get_local_address (listener, NULL);
  *uri = g_strdup_printf ("qemu+tcp://127.0.0.1:%u/system",
                          g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));

  return listener;
}

static void
test_silent (gconstpointer data)
{
  g_autofree char *uri = NULL;
  g_autoptr(GSocket) listener = silent_listener (&uri);
  g_autoptr(GError) error = NULL;
  gint64 begin = g_get_monotonic_time ();

  g_assert_null (cvm_virt_host_open (uri, cvm_deadline_in_ms (300), NULL, &error));
  g_assert_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_HOST_LOST);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 5 * G_USEC_PER_SEC);
  g_assert_cmpuint (cvm_virt_orphans (), ==, 1);
  g_assert_true (g_socket_close (listener, NULL));
}

static gpointer
cancel_soon (gpointer cancellable)
{
  cvm_wait_ms (100, CVM_DEADLINE_NEVER, NULL, NULL);
  g_cancellable_cancel (cancellable);

  return NULL;
}

static void
test_cancelled (gconstpointer data)
{
  g_autofree char *uri = NULL;
  g_autoptr(GSocket) listener = silent_listener (&uri);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  GThread *thread = g_thread_new ("canceller", cancel_soon, cancellable);

  g_assert_null (cvm_virt_host_open (uri, cvm_deadline_in_ms (600000), cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  g_assert_true (g_socket_close (listener, NULL));
}

static void
test_load (gconstpointer data)
{
  CvmHost *host = open_test_driver ();
  g_autoptr(GError) error = NULL;
  CvmHostLoad load;

  g_assert_true (cvm_host_read_load (host, &load, SOON, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (load.guests, ==, 1);   /* the test driver's own */
  g_assert_true (load.has_memory);
  g_assert_cmpuint (load.memory_free_kib, <=, cvm_host_get_facts (host)->memory_kib);
  g_assert_cmpuint (load.cpu_percent, <=, 100);
  g_assert_finalize_object (host);
}

/* Who one is ------------------------------------------------------------------------------- */

typedef struct
{
  const char *user, *password;   /* what the person answers; NULL: declines */
  gint64      takes_ms;          /* over it */
  guint       n_asked;
} Person;

static gboolean
ask_person (CvmLogin      *login,
            gpointer       data,
            GCancellable  *cancellable,
            GError       **error)
{
  Person *person = data;

  person->n_asked++;
  g_assert_true (g_str_has_prefix (login->place, "test:///"));
  g_assert_false (login->has_user);
  if (!cvm_wait_ms ((guint)person->takes_ms, CVM_DEADLINE_NEVER, cancellable, error))
    return FALSE;

  login->user = g_strdup (person->user);
  login->password = g_strdup (person->password);

  return person->password != NULL;
}

static char *
locked_node (char **path)
{
  g_autoptr(GError) error = NULL;
  int fd = g_file_open_tmp ("cvm-node-XXXXXX", path, &error);

  g_assert_no_error (error);
  close (fd);
  g_assert_true (g_file_set_contents (*path, "<node><auth><user password='sesame'>ali</user></auth>"
                                             "<cpu><nodes>1</nodes></cpu></node>", -1, NULL));

  return g_strconcat ("test://", *path, NULL);
}

static const struct
{
  const char *name;
  Person      person;
  gboolean    is_let_in;
} logins[] = {
  { "right", { "ali", "sesame", 0, 0 }, TRUE },
  { "slow", { "ali", "sesame", 1500, 0 }, TRUE },   /* longer than the limit, which rests */
  { "wrong", { "ali", "open", 0, 0 }, FALSE },
  { "nobody", { "hassan", "sesame", 0, 0 }, FALSE },
  { "declined", { NULL, NULL, 0, 0 }, FALSE },
};

static void
test_logins (gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autofree char *uri = locked_node (&path);

  for (gsize i = 0; i < G_N_ELEMENTS (logins); i++)
    {
      Person person = logins[i].person;
      g_autoptr(GError) error = NULL;
      g_autoptr(CvmHost) host = cvm_virt_host_open_as (uri, ask_person, &person, NULL,
                                                       cvm_deadline_in_ms (1000), NULL, &error);

      g_test_message ("%s", logins[i].name);
      g_assert_cmpuint (person.n_asked, ==, 1);
      g_assert_cmpint (host != NULL, ==, logins[i].is_let_in);
      if (host == NULL)
        g_assert_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_UNAUTHORIZED);
    }

  g_remove (path);
}

static void
test_nobody_to_ask (gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autofree char *uri = locked_node (&path);
  g_autoptr(GError) error = NULL;

  g_assert_null (cvm_virt_host_open (uri, SOON, NULL, &error));
  g_assert_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_UNAUTHORIZED);
  g_remove (path);
}

/* A cancel ends the question too */
static void
test_login_cancelled (gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autofree char *uri = locked_node (&path);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  Person person = { "ali", "sesame", 600000, 0 };
  GThread *thread = g_thread_new ("canceller", cancel_soon, cancellable);

  g_assert_null (cvm_virt_host_open_as (uri, ask_person, &person, NULL, SOON, cancellable, &error));
  g_thread_join (thread);
  g_assert_true (cvm_virt_settle (SOON));
  g_assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
                 g_error_matches (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_UNAUTHORIZED));
  g_remove (path);
}

static const CvmTestCase cases[] = {
  { "facts", test_facts },
  { "life", test_life },
  { "off", test_off },
  { "ended-by-others", test_ended_by_others },
  { "not-offered", test_not_offered },
  { "others", test_others },
  { "network", test_network },
  { "define", test_define },
  { "unreachable", test_unreachable },
  { "ssh", test_ssh },
  { "silent", test_silent },
  { "cancelled", test_cancelled },
  { "load", test_load },
  { "logins", test_logins },
  { "nobody-to-ask", test_nobody_to_ask },
  { "login-cancelled", test_login_cancelled },
};

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  cvm_test_add_cases ("virt-host", cases, G_N_ELEMENTS (cases), cvm_test_run_case);

  return g_test_run ();
}
