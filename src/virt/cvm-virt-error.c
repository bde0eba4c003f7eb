/* cvm-virt-error.c: what libvirt's errors mean to the engine
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-virt-error.h"

#include <errno.h>
#include <string.h>

#include "cvm-engine-error.h"
#include "cvm-virt-access.h"

typedef struct
{
  int virt;
  int engine;
} Meaning;

static const Meaning meanings[] = {
  { VIR_ERR_AUTH_FAILED,             CVM_ENGINE_ERROR_REFUSED },
  { VIR_ERR_AUTH_CANCELLED,          CVM_ENGINE_ERROR_REFUSED },
  { VIR_ERR_AUTH_UNAVAILABLE,        CVM_ENGINE_ERROR_REFUSED },
  { VIR_ERR_ACCESS_DENIED,           CVM_ENGINE_ERROR_REFUSED },
  { VIR_ERR_OPERATION_DENIED,        CVM_ENGINE_ERROR_REFUSED },
  { VIR_ERR_NO_MEMORY,               CVM_ENGINE_ERROR_REFUSED },
  { VIR_ERR_NO_SUPPORT,              CVM_ENGINE_ERROR_UNSUPPORTED },
  { VIR_ERR_CONFIG_UNSUPPORTED,      CVM_ENGINE_ERROR_UNSUPPORTED },
  { VIR_ERR_OPERATION_UNSUPPORTED,   CVM_ENGINE_ERROR_UNSUPPORTED },
  { VIR_ERR_ARGUMENT_UNSUPPORTED,    CVM_ENGINE_ERROR_UNSUPPORTED },
  { VIR_ERR_NO_CONNECT,              CVM_ENGINE_ERROR_HOST_LOST },
  { VIR_ERR_INVALID_CONN,            CVM_ENGINE_ERROR_HOST_LOST },
};

static const char *
words (const virError *last)
{
  return last != NULL && last->message != NULL ? last->message : "libvirt does not say why";
}

/* Files that QEMU could not open are told as an internal error */
static gboolean
is_refusal (const virError *last)
{
  return strstr (words (last), "Permission denied") != NULL
         || strstr (words (last), "No space left on device") != NULL;
}

static int
meaning (const virError *last)
{
  for (gsize i = 0; last != NULL && i < G_N_ELEMENTS (meanings); i++)
    if (meanings[i].virt == last->code)
      return meanings[i].engine;

  return is_refusal (last) ? (int)CVM_ENGINE_ERROR_REFUSED : -1;
}

gboolean
cvm_virt_error_is_gone (void)
{
  const virError *last = virGetLastError ();

  return last != NULL
         && (last->code == VIR_ERR_NO_DOMAIN || last->code == VIR_ERR_NO_NETWORK
             || last->code == VIR_ERR_OPERATION_INVALID);
}

static void
set_meant (const char      *doing,
           const virError  *last,
           int              engine,
           GError         **error)
{
  g_autofree char *advice = cvm_virt_access_advice (words (last));

  g_set_error (error, CVM_ENGINE_ERROR, engine, "Cannot %s: %s%s", doing, words (last), advice);
}

void
cvm_virt_error_take (const char  *doing,
                     GError     **error)
{
  const virError *last = virGetLastError ();
  int engine = meaning (last);

  if (engine >= 0)
    set_meant (doing, last, engine, error);
  else if (cvm_virt_error_is_gone ())
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "Cannot %s: %s", doing, words (last));
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Cannot %s: %s", doing, words (last));
}

/* What a person can do about a host that does not answer; by its URI, which tells most */
static const char *
host_advice (const char *uri)
{
  if (strstr (uri, "+ssh://") != NULL || strstr (uri, "+libssh") != NULL)
    return "Check the host's name, and that “ssh” reaches it without a question";

  if (strstr (uri, "+tcp://") != NULL || strstr (uri, "+tls://") != NULL)
    return "Check the host's name and port, and that libvirtd listens there";

  if (g_str_has_suffix (uri, "/session"))
    return "Check that libvirtd is installed, and that $XDG_RUNTIME_DIR is a folder of yours";

  return "Check the URI, and that libvirtd runs";
}

void
cvm_virt_error_take_open (const char  *uri,
                          GError     **error)
{
  const virError *last = virGetLastError ();
  int denied = last != NULL && last->code == VIR_ERR_SYSTEM_ERROR ? last->int1 : 0;

  if (meaning (last) == CVM_ENGINE_ERROR_REFUSED || denied == EACCES || denied == EPERM)
    g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED,
                 "The host %s refuses: %s. Ask for access to it (on most systems: the group "
                 "“libvirt”), or use qemu:///session", uri, words (last));
  else
    g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_HOST_LOST,
                 "The host %s cannot be reached: %s. %s", uri, words (last), host_advice (uri));
}
