/* cvm-reach-load.c: loads what speaks with hosts and guests
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include <dlfcn.h>

#include "cvm-engine-error.h"
#include "cvm-reach.h"

/* Found by the program's own rpath: in the build tree, or where it was installed */
#ifdef __APPLE__
#define MODULE "@rpath/libcvmtester-reach.so"
#else
#define MODULE "libcvmtester-reach.so"
#endif

static GMutex lock;
static const CvmReach *loaded;   /* under the lock */

const CvmReach *
cvm_reach_load (CvmLoginAsk   ask,
                GError      **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&lock);
  void *module = loaded == NULL ? dlopen (MODULE, RTLD_LAZY | RTLD_LOCAL) : NULL;
  const CvmReach *reach = module != NULL ? dlsym (module, "cvm_reach") : loaded;

  if (reach == NULL)
    g_set_error (error, CVM_ENGINE_ERROR, CVM_ENGINE_ERROR_REFUSED,
                 "A part of cvmtester cannot be loaded: %s; install the program anew", dlerror ());
  else if (loaded == NULL)
    reach->set_ask (ask);
  loaded = reach;

  return reach;
}

const CvmReach *
cvm_reach_peek (void)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&lock);

  return loaded;
}
