/* cvm-checks.c: every check that the program knows
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-checks.h"

#include "cvm-check-families.h"

static const CvmCheck *const families[] = {
  cvm_check_image,
  cvm_check_guest,
  cvm_check_domain,
  cvm_check_serial,
  cvm_check_ssh,
  cvm_check_web,
  cvm_check_appliance,
  cvm_check_boot,
  cvm_check_time,
  cvm_check_network,
  cvm_check_cvmfs,
  cvm_check_exec,
  cvm_check_host,
};

const CvmCheck *
cvm_checks_find (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    for (const CvmCheck *check = families[i]; check->info.id != NULL; check++)
      if (g_str_equal (check->info.id, id))
        return check;

  return NULL;
}

const CvmCheckInfo *
cvm_checks_lookup (const char *id)
{
  const CvmCheck *check = cvm_checks_find (id);

  return check != NULL ? &check->info : NULL;
}

GPtrArray *
cvm_checks_list (void)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    for (const CvmCheck *check = families[i]; check->info.id != NULL; check++)
      g_ptr_array_add (list, (gpointer)&check->info);

  return g_steal_pointer (&list);
}
