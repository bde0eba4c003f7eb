/* cvm-profile.c: what to run on what, read from a file
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-profile.h"

#include <string.h>

#include "cvm-file.h"
#include "cvm-keyfile.h"
#include "cvm-text.h"

#define ALL_KEYS "Suite, Preset, Only, Host, Hypervisor, Receiver, Server, Repeat, Parallel, " \
                 "KeepFailed, KernelArgs"

typedef struct
{
  CvmKeyfile    *file;
  CvmOrder      *order;
  CvmOrderSuite *main_suite;    /* of [Profile] and [Set]; the order's, once it is known */
  GHashTable    *numbered;      /* N → CvmOrderSuite of [Suite N] */
  char          *host, *hypervisor;
} Reader;

static void
reader_clear (Reader *self)
{
  g_clear_object (&self->file);
  g_clear_pointer (&self->order, cvm_order_free);
  g_clear_pointer (&self->numbered, g_hash_table_unref);
  g_free (self->host);
  g_free (self->hypervisor);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

static void
take_string (char                  **field,
             const CvmKeyfileEntry  *entry)
{
  g_free (*field);
  *field = g_strdup (entry->value);
}

static gboolean
take_number (Reader                 *self,
             const CvmKeyfileEntry  *entry,
             guint                   max,
             guint                  *number,
             GError                **error)
{
  gint64 value;

  if (cvm_param_parse_integer (entry->value, &value) && value >= 1 && value <= max)
    {
      *number = value;
      return TRUE;
    }

  cvm_keyfile_error_at (self->file, entry->line, error, "%s is no number from 1 to %u", entry->key,
                        max);

  return FALSE;
}

static gboolean
take_boolean (Reader                 *self,
              const CvmKeyfileEntry  *entry,
              gboolean               *is_on,
              GError                **error)
{
  if (cvm_param_parse_boolean (entry->value, is_on))
    return TRUE;

  cvm_keyfile_error_at (self->file, entry->line, error, "%s is neither true nor false",
                        entry->key);

  return FALSE;
}

static gboolean
refuse_key (Reader                 *self,
            const char             *group,
            const CvmKeyfileEntry  *entry,
            const char             *allowed,
            GError                **error)
{
  g_autofree char *shown = cvm_text_quote (entry->key);

  cvm_keyfile_error_at (self->file, entry->line, error, "[%s] has no key %s; allowed: %s", group,
                        shown, allowed);

  return FALSE;
}

/* A file's name is relative to the profile's folder, another word is a suite's name */
static char *
place_suite (Reader     *self,
             const char *suite)
{
  if (!g_str_has_suffix (suite, ".suite"))
    return g_strdup (suite);

  return cvm_file_beside (cvm_keyfile_get_name (self->file), suite);
}

static gboolean
take_of_suite (Reader                 *self,
               CvmOrderSuite          *suite,
               const CvmKeyfileEntry  *entry)
{
  if (g_str_equal (entry->key, "Suite"))
    {
      g_free (suite->suite);
      suite->suite = place_suite (self, entry->value);
    }
  else if (g_str_equal (entry->key, "Preset"))
    {
      take_string (&suite->preset, entry);
    }
  else if (g_str_equal (entry->key, "Only"))
    {
      g_strfreev (suite->only);
      suite->only = cvm_keyfile_split (self->file, entry);
    }
  else
    {
      return FALSE;
    }

  return TRUE;
}

static gboolean
take_profile (Reader                 *self,
              const CvmKeyfileEntry  *entry,
              GError                **error)
{
  CvmOrder *order = self->order;
  const struct { const char *key; char **field; } strings[] = {
    { "Host", &self->host }, { "Hypervisor", &self->hypervisor },
    { "Receiver", &order->receiver }, { "Server", &order->server },
    { "KernelArgs", &order->kernel_args },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (strings); i++)
    {
      if (!g_str_equal (strings[i].key, entry->key))
        continue;

      take_string (strings[i].field, entry);
      return TRUE;
    }

  if (take_of_suite (self, self->main_suite, entry))
    return TRUE;
  if (g_str_equal (entry->key, "Repeat"))
    return take_number (self, entry, CVM_ORDER_MAX_REPEAT, &order->repeat, error);
  if (g_str_equal (entry->key, "Parallel"))
    return take_number (self, entry, CVM_PLAN_MAX_PARALLEL, &order->parallel, error);
  if (g_str_equal (entry->key, "KeepFailed"))
    return take_boolean (self, entry, &order->keep_failed, error);

  return refuse_key (self, "Profile", entry, ALL_KEYS, error);
}

static gboolean
take_suite (Reader                 *self,
            CvmOrderSuite          *suite,
            const CvmKeyfileEntry  *entry,
            GError                **error)
{
  return take_of_suite (self, suite, entry)
         || refuse_key (self, "Suite", entry, "Suite, Preset, Only", error);
}

static gboolean
take_cell (Reader                 *self,
           CvmOrderCell           *cell,
           const CvmKeyfileEntry  *entry,
           GError                **error)
{
  const struct { const char *key; char **field; } strings[] = {
    { "Image", &cell->image }, { "Host", &cell->host_uri }, { "Hypervisor", &cell->hypervisor },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (strings); i++)
    {
      if (!g_str_equal (strings[i].key, entry->key))
        continue;

      take_string (strings[i].field, entry);
      return TRUE;
    }

  return refuse_key (self, "Cell", entry, "Image, Host, Hypervisor", error);
}

static void
take_set (CvmOrderSuite         *suite,
          const CvmKeyfileEntry *entry)
{
  g_autofree char *set = g_strconcat (entry->key, "=", entry->value, NULL);

  cvm_order_suite_set (suite, set);
}

static CvmOrderSuite *
numbered_suite (Reader                 *self,
                const CvmKeyfileGroup  *group,
                GError                **error)
{
  CvmOrderSuite *suite = g_hash_table_lookup (self->numbered, group->id);

  if (suite == NULL)
    cvm_keyfile_error_at (self->file, group->line, error,
                          "there is no [Suite %s] above for this [Set %s]", group->id, group->id);

  return suite;
}

typedef enum { GROUP_PROFILE, GROUP_SET, GROUP_SUITE, GROUP_CELL } GroupKind;

static gboolean
find_kind (Reader                 *self,
           const CvmKeyfileGroup  *group,
           GroupKind              *kind,
           GError                **error)
{
  static const char *const names[] = { "Profile", "Set", "Suite", "Cell" };
  g_autofree char *shown = cvm_text_quote (group->kind);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i], group->kind))
      {
        *kind = i;
        return TRUE;
      }

  cvm_keyfile_error_at (self->file, group->line, error, "there is no kind of group %s; allowed: "
                        "[Profile], [Set], [Suite N], [Set N], [Cell N]", shown);

  return FALSE;
}

/* The suite that a group is about; NULL with an error where there is none */
static CvmOrderSuite *
suite_of_group (Reader                 *self,
                const CvmKeyfileGroup  *group,
                GroupKind               kind,
                GError                **error)
{
  CvmOrderSuite *suite;

  if (kind == GROUP_SET && *group->id != '\0')
    return numbered_suite (self, group, error);

  if (kind != GROUP_SUITE)
    return self->main_suite;

  suite = cvm_order_add_suite (self->order, NULL);
  g_hash_table_insert (self->numbered, g_strdup (group->id), suite);

  return suite;
}

static gboolean
read_group (Reader  *self,
            guint    index,
            GError **error)
{
  const CvmKeyfileGroup *group = cvm_keyfile_group (self->file, index);
  CvmOrderSuite *suite;
  CvmOrderCell *cell = NULL;
  GroupKind kind;
  gboolean is_taken = TRUE;

  if (!find_kind (self, group, &kind, error))
    return FALSE;

  suite = suite_of_group (self, group, kind, error);
  if (suite == NULL)
    return FALSE;

  if (kind == GROUP_CELL)
    {
      cvm_order_add_cell (self->order, NULL, NULL, NULL);
      cell = self->order->cells->pdata[self->order->cells->len - 1];
    }

  for (guint i = 0; is_taken && i < cvm_keyfile_n_entries (self->file, index); i++)
    {
      const CvmKeyfileEntry *entry = cvm_keyfile_entry (self->file, index, i);

      if (kind == GROUP_SET)
        take_set (suite, entry);
      else
        is_taken = kind == GROUP_PROFILE ? take_profile (self, entry, error)
                   : kind == GROUP_SUITE ? take_suite (self, suite, entry, error)
                                         : take_cell (self, cell, entry, error);
    }

  return is_taken;
}

/* [Profile] may name none when there are [Suite N] */
static gboolean
check_suites (Reader  *self,
              GError **error)
{
  GPtrArray *suites = self->order->suites;

  if (suites->len > 1 && self->main_suite->suite == NULL && self->main_suite->sets[0] == NULL)
    {
      g_ptr_array_remove_index (suites, 0);
      self->main_suite = NULL;
    }

  for (guint i = 0; i < suites->len; i++)
    {
      const CvmOrderSuite *suite = suites->pdata[i];

      if (suite->suite != NULL && *suite->suite != '\0')
        continue;

      cvm_keyfile_error_at (self->file, 1, error,
                            "the profile names no suite; write [Profile] and Suite=FILE.suite");
      return FALSE;
    }

  return TRUE;
}

CvmOrder *
cvm_profile_load (const char  *path,
                  GError     **error)
{
  g_auto(Reader) self = { .file = cvm_keyfile_load (path, error) };

  if (self.file == NULL)
    return NULL;

  self.order = cvm_order_new ();
  self.main_suite = cvm_order_add_suite (self.order, NULL);
  self.numbered = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < cvm_keyfile_n_groups (self.file); i++)
    if (!read_group (&self, i, error))
      return NULL;

  if (!check_suites (&self, error))
    return NULL;

  if (self.order->cells->len == 0 && (self.host != NULL || self.hypervisor != NULL))
    cvm_order_add_cell (self.order, NULL, self.host, self.hypervisor);

  return g_steal_pointer (&self.order);
}
