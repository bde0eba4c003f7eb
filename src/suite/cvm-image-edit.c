/* cvm-image-edit.c: settings of an image changed in its file, which otherwise stays as it is
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-image-edit.h"

#include <string.h>

#include "cvm-file.h"
#include "cvm-image.h"
#include "cvm-keyfile.h"

#define NOWHERE "/dev/null"   /* a file that is there, for a kernel that is not told yet */

gboolean
cvm_image_edit (const char         *path,
                const char *const  *settings,
                GError            **error)
{
  g_autoptr(CvmKeyfile) file = cvm_keyfile_load (path, error);
  g_autoptr(CvmImage) image = NULL;
  g_autofree char *text = NULL;
  gsize len;

  if (file == NULL)
    return FALSE;

  for (gsize i = 0; settings[i] != NULL && settings[i + 1] != NULL; i += 2)
    cvm_keyfile_set (file, "Image", "", settings[i],
                     *settings[i + 1] != '\0' ? settings[i + 1] : NULL);

  image = cvm_image_new_from_keyfile (file, error);
  if (image == NULL)
    return FALSE;

  text = cvm_keyfile_to_data (file, &len);

  return cvm_file_write (path, text, (gssize)len, 0644, error);
}

/* "NAME:LINE: what" without the place, which there is none of */
static char *
without_place (const char *message)
{
  const char *colon = strstr (message, ": ");

  return g_strdup (colon != NULL ? colon + 2 : message);
}

char *
cvm_image_check_setting (const char *key,
                         const char *value)
{
  g_autoptr(CvmKeyfile) file = cvm_keyfile_new_from_data ("", 0, "/image", NULL);
  g_autoptr(CvmImage) image = NULL;
  g_autoptr(GError) error = NULL;

  if (*value == '\0')
    return NULL;

  cvm_keyfile_set (file, "Image", "", "Kernel", NOWHERE);
  cvm_keyfile_set (file, "Image", "", key, value);
  image = cvm_image_new_from_keyfile (file, &error);

  return image == NULL ? without_place (error->message) : NULL;
}
