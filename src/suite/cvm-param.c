/* cvm-param.c: what a case of a check can set
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-param.h"

#include "cvm-keyfile.h"
#include "cvm-text.h"

#include <string.h>

#define WEEK_MS (G_GINT64_CONSTANT (7) * 24 * 60 * 60 * 1000)
#define MAX_PATTERN 4096

const char *
cvm_param_type_name (CvmParamType type)
{
  static const char *const names[] = {
    "string", "integer", "boolean", "duration", "pattern", "choice", "file", "argv",
    "password",
  };

  return (guint)type < G_N_ELEMENTS (names) ? names[type] : "unknown";
}

const CvmParam *
cvm_param_find (const CvmParam *table,
                const char     *name)
{
  for (; table != NULL && table->name != NULL; table++)
    {
      if (g_str_equal (table->name, name))
        return table;
    }

  return NULL;
}

gboolean
cvm_param_parse_integer (const char *text,
                         gint64     *value)
{
  /* g_ascii_string_to_signed () takes a '+' and refuses spaces */
  return text[0] != '+' && g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, value, NULL);
}

gboolean
cvm_param_parse_boolean (const char *text,
                         gboolean   *value)
{
  *value = g_str_equal (text, "true");

  return *value || g_str_equal (text, "false");
}

gboolean
cvm_param_parse_duration (const char *text,
                          gint64     *ms)
{
  static const struct { char unit; gint64 ms; } units[] = {
    { '\0', 1000 }, { 's', 1000 }, { 'm', 60 * 1000 }, { 'h', 60 * 60 * 1000 },
  };
  gsize n_digits = strspn (text, "0123456789");
  gint64 number = g_ascii_strtoll (text, NULL, 10);

  if (n_digits == 0 || n_digits > 9 || strlen (text + n_digits) > 1)
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    {
      if (text[n_digits] == units[i].unit)
        {
          *ms = number * units[i].ms;
          return *ms <= WEEK_MS;
        }
    }

  return FALSE;
}

char **
cvm_param_parse_list (const char *text)
{
  return cvm_keyfile_split_text (text);
}

/* "NAME is 'VALUE'; allowed: …" */
static gboolean G_GNUC_PRINTF (4, 5)
refuse (const CvmParam  *param,
        const char      *value,
        GError         **error,
        const char      *allowed_format,
        ...)
{
  g_autofree char *shown = cvm_text_quote (value);
  g_autofree char *allowed = NULL;
  va_list args;

  va_start (args, allowed_format);
  allowed = g_strdup_vprintf (allowed_format, args);
  va_end (args);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s is %s; allowed: %s",
               param->name, shown, allowed);

  return FALSE;
}

static gboolean
validate_integer (const CvmParam  *param,
                  const char      *value,
                  GError         **error)
{
  gboolean has_limits = param->min != 0 || param->max != 0;
  gint64 number;

  if (cvm_param_parse_integer (value, &number) &&
      (!has_limits || (number >= param->min && number <= param->max)) &&
      (param->step == 0 || number % param->step == 0))
    return TRUE;

  if (!has_limits)
    return refuse (param, value, error, "a whole number");

  if (param->step != 0)
    return refuse (param, value, error, "%" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                   ", a multiple of %" G_GINT64_FORMAT, param->min, param->max, param->step);

  return refuse (param, value, error, "%" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                 param->min, param->max);
}

static gboolean
validate_pattern (const CvmParam  *param,
                  const char      *value,
                  GError         **error)
{
  g_autoptr(GError) local = NULL;
  g_autoptr(GRegex) regex = NULL;

  if (strlen (value) > MAX_PATTERN)
    return refuse (param, value, error, "a regular expression of at most %d bytes", MAX_PATTERN);

  regex = g_regex_new (value, 0, 0, &local);

  return regex != NULL ||
         refuse (param, value, error, "a regular expression (%s)", local->message);
}

static gboolean
validate_string (const CvmParam  *param,
                 const char      *value,
                 GError         **error)
{
  g_autofree char *whole = param->form != NULL ? g_strdup_printf ("\\A(?:%s)\\z", param->form)
                                               : NULL;

  return whole == NULL || g_regex_match_simple (whole, value, 0, 0)
         || refuse (param, value, error, "%s", param->form_help);
}

static gboolean
validate_choice (const CvmParam  *param,
                 const char      *value,
                 GError         **error)
{
  g_auto(GStrv) choices = g_strsplit (param->choices, ";", -1);
  g_autofree char *shown = NULL;

  if (g_strv_contains ((const char *const *)choices, value))
    return TRUE;

  shown = g_strjoinv (", ", choices);

  return refuse (param, value, error, "%s", shown);
}

static gboolean
validate_argv (const CvmParam  *param,
               const char      *value,
               GError         **error)
{
  g_auto(GStrv) argv = cvm_param_parse_list (value);

  return (argv[0] != NULL && argv[0][0] != '\0') ||
         refuse (param, value, error, "a program and its arguments, separated by ';'");
}

/* What is not allowed is not shown: it may well be a password */
static gboolean
validate_password (const CvmParam  *param,
                   const char      *value,
                   GError         **error)
{
  if (g_str_equal (value, "generated") || g_str_equal (value, "image")
      || g_str_equal (value, "image-web") || g_str_equal (value, "prompt")
      || (*value == '\0' && g_strcmp0 (param->default_value, "") == 0)
      || (g_str_has_prefix (value, CVM_PASSWORD_FILE) && value[strlen (CVM_PASSWORD_FILE)] != '\0')
      || (g_str_has_prefix (value, CVM_PASSWORD_KEYRING)
          && value[strlen (CVM_PASSWORD_KEYRING)] != '\0'))
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               "%s says where a password comes from, not the password; allowed: generated, image, "
               "image-web, prompt, file:PATH (of mode 0600), keyring:NAME", param->name);

  return FALSE;
}

gboolean
cvm_param_validate (const CvmParam  *param,
                    const char      *value,
                    GError         **error)
{
  gboolean is_true;
  gint64 ms;

  if (!g_utf8_validate (value, -1, NULL))
    return refuse (param, value, error, "UTF-8");

  switch (param->type)
    {
    case CVM_PARAM_INTEGER:
      return validate_integer (param, value, error);
    case CVM_PARAM_BOOLEAN:
      return cvm_param_parse_boolean (value, &is_true) ||
             refuse (param, value, error, "true, false");
    case CVM_PARAM_DURATION:
      return cvm_param_parse_duration (value, &ms) ||
             refuse (param, value, error, "seconds, or a number with s, m or h, up to a week");
    case CVM_PARAM_PATTERN:
      return validate_pattern (param, value, error);
    case CVM_PARAM_CHOICE:
      return validate_choice (param, value, error);
    case CVM_PARAM_ARGV:
      return validate_argv (param, value, error);
    case CVM_PARAM_PASSWORD:
      return validate_password (param, value, error);
    case CVM_PARAM_STRING:
      return validate_string (param, value, error);
    case CVM_PARAM_FILE:
      return TRUE;
    default:
      g_return_val_if_reached (FALSE);
    }
}
