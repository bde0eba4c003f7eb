/* cvm-catalogue-directory.c: links of a directory page, and what lies beside an image
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A scanner for <a href="…"> and nothing else: what a page means otherwise is of no interest, and
 * an HTML parser is a lot of code for bytes from anywhere. */
#include "cvm-catalogue-private.h"

#include <libsoup/soup.h>
#include <string.h>

#include "cvm-fetch-private.h"

#define MAX_TAG 8192

void
cvm_link_free (CvmLink *self)
{
  g_free (self->name);
  g_free (self->url);
  g_free (self);
}

void
cvm_sums_link_free (CvmSumsLink *self)
{
  g_free (self->url);
  g_free (self->signature_url);
  g_free (self);
}

void
cvm_links_add (GPtrArray  *links,
               const char *name,
               const char *url)
{
  CvmLink *link = g_new0 (CvmLink, 1);

  link->name = g_strdup (name);
  link->url = g_strdup (url);
  g_ptr_array_add (links, link);
}

gboolean
cvm_directory_is_page (const char *text,
                       gsize       len)
{
  gsize at = 0;

  while (at < len && (g_ascii_isspace (text[at]) || (guchar)text[at] >= 0x80))
    at++;

  return at < len && text[at] == '<';
}

/* Scanning ------------------------------------------------------------------------------------- */

typedef struct
{
  const char *text, *at, *end;
  const char *url;          /* of the page, or its path */
  GUri       *base;         /* NULL: a local page */
  GPtrArray  *links;
  GHashTable *by_name;      /* borrowed */
  GPtrArray  *warnings;
} Scan;

static void
warn (Scan       *scan,
      const char *what)
{
  guint line = 1;

  for (const char *c = scan->text; c < scan->at; c++)
    line += *c == '\n';
  cvm_catalogue_warn (scan->warnings, scan->url, line, "%s", what);
}

/* HREF with its few entities resolved, or NULL */
static char *
decode (const char *href,
        gsize       len)
{
  static const struct { const char *entity, *text; } entities[] = {
    { "&amp;", "&" }, { "&lt;", "<" }, { "&gt;", ">" }, { "&quot;", "\"" }, { "&#39;", "'" },
  };
  g_autoptr(GString) text = g_string_new_len (href, (gssize)len);

  if (memchr (href, '\0', len) != NULL || !g_utf8_validate (href, (gssize)len, NULL))
    return NULL;

  for (guint i = G_N_ELEMENTS (entities); i > 0; i--)
    g_string_replace (text, entities[i - 1].entity, entities[i - 1].text, 0);

  return g_strstrip (g_string_free (g_steal_pointer (&text), FALSE));
}

static char *
resolve (Scan       *scan,
         const char *href)
{
  g_autofree char *unescaped = NULL;
  g_autofree char *folder = NULL;
  char *url;

  if (scan->base != NULL)
    {
      g_autoptr(GUri) uri = g_uri_parse_relative (scan->base, href, SOUP_HTTP_URI_FLAGS, NULL);

      url = uri != NULL ? g_uri_to_string (uri) : NULL;
      if (url != NULL && !cvm_web_is_url (url))
        g_clear_pointer (&url, g_free);
      return url;
    }

  if (cvm_web_is_url (href))
    return g_strdup (href);

  unescaped = g_uri_unescape_string (href, "/");
  if (unescaped == NULL || strchr (unescaped, '/') != NULL)
    return NULL;

  folder = g_path_get_dirname (scan->url);

  return g_build_filename (folder, unescaped, NULL);
}

/* A link to a page above, to a way of sorting, to a script: of no interest */
static gboolean
is_boring (const char *href)
{
  return href[0] == '\0' || href[0] == '?' || href[0] == '#' ||
         href[strlen (href) - 1] == '/' || g_str_has_prefix (href, "mailto:") ||
         g_str_has_prefix (href, "javascript:");
}

static void
take_link (Scan       *scan,
           const char *raw,
           gsize       len)
{
  g_autofree char *href = decode (raw, len);
  g_autofree char *url = href != NULL && !is_boring (href) ? resolve (scan, href) : NULL;
  g_autofree char *name = url != NULL ? cvm_catalogue_file_name (url) : NULL;
  const CvmLink *known = name != NULL ? g_hash_table_lookup (scan->by_name, name) : NULL;

  if (href == NULL)
    {
      warn (scan, "a link is no UTF-8 text");
    }
  else if (known != NULL && !g_str_equal (known->url, url))
    {
      warn (scan, "a second file of the same name elsewhere; the first link is taken");
    }
  else if (name != NULL && known == NULL)
    {
      CvmLink *link;

      cvm_links_add (scan->links, name, url);
      link = g_ptr_array_index (scan->links, scan->links->len - 1);
      g_hash_table_insert (scan->by_name, link->name, link);
    }
}

/* One attribute at AT, which is moved behind it; FALSE at the tag's end */
static gboolean
next_attribute (const char **at,
                const char  *end,
                const char **name,
                gsize       *name_len,
                const char **value,
                gsize       *value_len)
{
  const char *c = *at;

  while (c < end && (g_ascii_isspace (*c) || *c == '/'))
    c++;
  *name = c;
  while (c < end && !g_ascii_isspace (*c) && *c != '=')
    c++;
  *name_len = (gsize)(c - *name);
  while (c < end && g_ascii_isspace (*c))
    c++;

  *value_len = 0;
  if (c < end && *c == '=')
    {
      char quote;

      for (c++; c < end && g_ascii_isspace (*c); c++)
        ;
      quote = c < end && (*c == '"' || *c == '\'') ? *c++ : '\0';
      *value = c;
      while (c < end && (quote != '\0' ? *c != quote : !g_ascii_isspace (*c)))
        c++;
      *value_len = (gsize)(c - *value);
      if (quote != '\0' && c < end)
        c++;
    }

  *at = c;

  return *name_len > 0;
}

/* The end of the tag that begins at AT: its '>', quotes respected; NULL where there is none */
static const char *
find_tag_end (const Scan *scan)
{
  const char *last = scan->at + MIN (scan->end - scan->at, MAX_TAG);
  char quote = '\0';

  for (const char *c = scan->at; c < last; c++)
    {
      if (quote != '\0')
        quote = *c == quote ? '\0' : quote;
      else if (*c == '"' || *c == '\'')
        quote = *c;
      else if (*c == '>')
        return c;
    }

  return NULL;
}

static void
scan_anchor (Scan       *scan,
             const char *tag_end)
{
  const char *at = scan->at + 2;   /* behind "<a" */
  const char *name, *value = NULL;
  gsize name_len, value_len;

  while (next_attribute (&at, tag_end, &name, &name_len, &value, &value_len))
    {
      if (name_len == 4 && g_ascii_strncasecmp (name, "href", 4) == 0 && value_len > 0)
        {
          take_link (scan, value, value_len);
          return;
        }
    }
}

/* Moves on by one tag or comment; FALSE at the end */
static gboolean
scan_tag (Scan *scan)
{
  gsize left;
  const char *tag_end;

  scan->at = memchr (scan->at, '<', (gsize)(scan->end - scan->at));
  if (scan->at == NULL)
    return FALSE;

  left = (gsize)(scan->end - scan->at);
  if (left >= 4 && memcmp (scan->at, "<!--", 4) == 0)
    {
      const char *comment_end = memmem (scan->at, left, "-->", 3);

      if (comment_end == NULL)
        warn (scan, "a comment does not end; what follows is passed over");
      scan->at = comment_end != NULL ? comment_end + 3 : scan->end;
      return comment_end != NULL;
    }

  if (left < 3 || (scan->at[1] != 'a' && scan->at[1] != 'A') || !g_ascii_isspace (scan->at[2]))
    {
      scan->at++;
      return TRUE;
    }

  tag_end = find_tag_end (scan);
  if (tag_end != NULL)
    scan_anchor (scan, tag_end);
  else
    warn (scan, "a link does not end within 8192 bytes");
  scan->at = tag_end != NULL ? tag_end + 1 : scan->at + 1;

  return TRUE;
}

GPtrArray *
cvm_directory_parse (const char *text,
                     gsize       len,
                     const char *url,
                     GPtrArray  *warnings)
{
  GPtrArray *links = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_link_free);
  g_autoptr(GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GUri) base = cvm_web_is_url (url) ? g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL) : NULL;
  Scan scan = { text, text, text + len, url, base, links, by_name, warnings };

  while (scan.at < scan.end && scan_tag (&scan))
    {
      if (links->len >= CVM_CATALOGUE_MAX_ENTRIES)
        {
          warn (&scan, "there are more than 20000 links; what follows is passed over");
          break;
        }
    }

  return links;
}

/* Entries -------------------------------------------------------------------------------------- */

static const char *const sum_suffixes[] = { ".sha256", ".sha256sum", ".sha256.txt", NULL };
static const char *const signature_suffixes[] = { ".asc", ".sig", ".gpg", ".sign", NULL };

/* The URL of the first NAME+SUFFIX that is there */
static const char *
find_beside (GHashTable         *by_name,
             const char         *name,
             const char *const  *suffixes)
{
  for (guint i = 0; suffixes[i] != NULL; i++)
    {
      g_autofree char *beside = g_strconcat (name, suffixes[i], NULL);
      const CvmLink *link = g_hash_table_lookup (by_name, beside);

      if (link != NULL)
        return link->url;
    }

  return NULL;
}

static gboolean
is_list_of_sums (const char *name)
{
  static const char *const names[] = {
    "sha256sums", "sha256sums.txt", "sha256sum", "sha256sum.txt",
    "checksum", "checksum.sha256", "sha256", "sha256.txt", NULL
  };
  g_autofree char *lower = g_ascii_strdown (name, -1);

  return g_strv_contains (names, lower) || g_str_has_suffix (lower, "-checksum");
}

static CvmCatalogueEntry *
make_entry (const CvmLink *link,
            GHashTable    *by_name)
{
  CvmCatalogueEntry *entry = cvm_catalogue_entry_new ();

  entry->url = g_strdup (link->url);
  entry->sha256_url = g_strdup (find_beside (by_name, link->name, sum_suffixes));
  entry->signature_url = g_strdup (find_beside (by_name, link->name, signature_suffixes));
  cvm_catalogue_describe (entry, link->name);

  return entry;
}

static void
add_sums (GPtrArray      *sums,
          const CvmLink  *link,
          const char     *signature_url)
{
  CvmSumsLink *list = g_new0 (CvmSumsLink, 1);

  list->url = g_strdup (link->url);
  list->signature_url = g_strdup (signature_url);
  g_ptr_array_add (sums, list);
}

GPtrArray *
cvm_links_to_entries (GPtrArray  *links,
                      GPtrArray **sums)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_catalogue_entry_unref);
  g_autoptr(GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);

  *sums = g_ptr_array_new_with_free_func ((GDestroyNotify)cvm_sums_link_free);

  for (guint i = 0; i < links->len; i++)
    {
      CvmLink *link = g_ptr_array_index (links, i);

      g_hash_table_insert (by_name, link->name, link);
    }

  for (guint i = 0; i < links->len; i++)
    {
      const CvmLink *link = g_ptr_array_index (links, i);

      if (cvm_catalogue_is_image (link->name))
        g_ptr_array_add (entries, make_entry (link, by_name));
      else if (is_list_of_sums (link->name))
        add_sums (*sums, link, find_beside (by_name, link->name, signature_suffixes));
    }

  return entries;
}
