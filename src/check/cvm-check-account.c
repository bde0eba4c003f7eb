/* cvm-check-account.c: the names under which a job keeps the passwords it makes up
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-check-account.h"

char *
cvm_check_account (CvmContext *context,
                   const char *user)
{
  const CvmImage *image = cvm_context_get_image (context);

  return g_strconcat ("guest ", *user == '\0' && image != NULL ? image->user : user, NULL);
}

char *
cvm_check_web_account (const char *user)
{
  return g_strconcat ("web ", user, NULL);
}
