/* cvm-template.c: what a domain template of the old test client asks for
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-template.h"

#include <string.h>

#include "cvm-file.h"
#include "cvm-keyfile.h"

#define SIZE_MAX_BYTES (1024 * 1024)
#define DEPTH_MAX      64

/* The element that is being read: its names from the root on, "domain/os/kernel" */
typedef struct
{
  CvmTemplate *template;
  GString     *path;
  guint        depth;
  guint64      unit_bytes;   /* of the memory element; KiB unless it says another */
} Reader;

static guint64
bytes_of_unit (const char *unit)
{
  static const struct { const char *names; guint64 bytes; } units[] = {
    { "b bytes", 1 }, { "KB", 1000 }, { "k KiB", 1024 }, { "MB", 1000000 }, { "M MiB", 1 << 20 },
    { "GB", 1000000000 }, { "G GiB", 1 << 30 },
  };

  for (gsize i = 0; unit != NULL && i < G_N_ELEMENTS (units); i++)
    {
      g_auto(GStrv) names = g_strsplit (units[i].names, " ", -1);

      if (g_strv_contains ((const char *const *)names, unit))
        return units[i].bytes;
    }

  return 1024;
}

/* The field that an attribute of the present element is, or NULL */
static char **
attribute_field (Reader     *self,
                 const char *name)
{
  if (g_str_equal (self->path->str, "domain/devices/interface/mac")
      && g_str_equal (name, "address"))
    return &self->template->mac;
  if (g_str_equal (self->path->str, "domain/devices/video/model") && g_str_equal (name, "vram"))
    return &self->template->video_kib;

  return NULL;
}

static void
begin_element (GMarkupParseContext  *context,
               const char           *name,
               const char          **names,
               const char          **values,
               gpointer              data,
               GError              **error)
{
  Reader *self = data;

  if (++self->depth > DEPTH_MAX)
    {
      g_set_error (error, G_MARKUP_ERROR, G_MARKUP_ERROR_PARSE,
                   "more than %d elements in one another", DEPTH_MAX);
      return;
    }

  g_string_append_printf (self->path, "%s%s", self->depth > 1 ? "/" : "", name);
  for (gsize i = 0; names[i] != NULL; i++)
    {
      char **field = attribute_field (self, names[i]);

      if (field != NULL && *field == NULL)
        *field = g_strdup (values[i]);
      if (g_str_equal (self->path->str, "domain/memory") && g_str_equal (names[i], "unit"))
        self->unit_bytes = bytes_of_unit (values[i]);
    }
}

static void
end_element (GMarkupParseContext  *context,
             const char           *name,
             gpointer              data,
             GError              **error)
{
  Reader *self = data;
  gsize len = strlen (name) + (self->depth > 1 ? 1 : 0);

  self->depth--;
  g_string_truncate (self->path, self->path->len - len);
}

static char **
text_field (Reader *self)
{
  CvmTemplate *template = self->template;
  const struct { const char *path; char **field; } fields[] = {
    { "domain/memory", &template->memory_kib }, { "domain/vcpu", &template->cpus },
    { "domain/os/kernel", &template->kernel },  { "domain/os/initrd", &template->initrd },
    { "domain/os/cmdline", &template->cmdline },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (g_str_equal (self->path->str, fields[i].path))
      return fields[i].field;

  return NULL;
}

static void
take_text (GMarkupParseContext  *context,
           const char           *text,
           gsize                 len,
           gpointer              data,
           GError              **error)
{
  Reader *self = data;
  char **field = text_field (self);
  g_autofree char *value = field != NULL ? g_strstrip (g_strndup (text, len)) : NULL;

  if (value == NULL || *value == '\0' || *field != NULL)
    return;

  *field = g_steal_pointer (&value);
}

/* In KiB, as the old settings are; text that is no number is left for who validates it */
static void
convert_memory (Reader *self)
{
  char **memory = &self->template->memory_kib;
  guint64 number;

  if (*memory == NULL || !g_ascii_string_to_unsigned (*memory, 10, 0, G_MAXUINT32, &number, NULL))
    return;

  g_free (*memory);
  *memory = g_strdup_printf ("%" G_GUINT64_FORMAT, number * self->unit_bytes / 1024);
}

static gboolean
parse (Reader      *self,
       const char  *data,
       gsize        len,
       const char  *path,
       GError     **error)
{
  static const GMarkupParser parser = { begin_element, end_element, take_text };
  g_autoptr(GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, self, NULL);
  g_autoptr(GError) local = NULL;
  int line;

  if (g_markup_parse_context_parse (context, data, (gssize)len, &local)
      && g_markup_parse_context_end_parse (context, &local))
    {
      convert_memory (self);
      return TRUE;
    }

  g_markup_parse_context_get_position (context, &line, NULL);
  g_set_error (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_INVALID, "%s:%d: this is no XML: %s",
               path, line, local->message);

  return FALSE;
}

CvmTemplate *
cvm_template_load (const char  *path,
                   GError     **error)
{
  g_autoptr(CvmTemplate) template = g_new0 (CvmTemplate, 1);
  g_autoptr(GString) element = g_string_new (NULL);
  Reader reader = { .template = template, .path = element, .unit_bytes = 1024 };
  g_autoptr(GError) local = NULL;
  gsize len;
  g_autofree char *data = cvm_file_read (path, SIZE_MAX_BYTES, &len, &local);

  if (data == NULL)
    {
      g_set_error_literal (error, CVM_KEYFILE_ERROR, CVM_KEYFILE_ERROR_UNREADABLE, local->message);
      return NULL;
    }

  return parse (&reader, data, len, path, error) ? g_steal_pointer (&template) : NULL;
}

void
cvm_template_free (CvmTemplate *self)
{
  g_free (self->memory_kib);
  g_free (self->cpus);
  g_free (self->video_kib);
  g_free (self->mac);
  g_free (self->kernel);
  g_free (self->initrd);
  g_free (self->cmdline);
  g_free (self);
}
