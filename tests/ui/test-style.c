/* test-style.c: the colours of verdicts can be read on every ground, in every look
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Needs a display. The ratios are those of WCAG 2: 4.5 for text, 3 for icons.
 */
#include <gtk/gtk.h>
#include <math.h>

typedef struct
{
  const char *name;
  const char *theme;
  gboolean    is_dark;
} Look;

static const Look looks[] = {
  { "light", "Adwaita", FALSE },
  { "dark", "Adwaita", TRUE },
  { "high-contrast", "HighContrast", FALSE },
  { "high-contrast-inverse", "HighContrastInverse", FALSE },
};

static const char *const verdicts[] = { "cvm_good", "cvm_bad", "cvm_odd" };

static double
linear (double value)
{
  return value <= 0.03928 ? value / 12.92 : pow ((value + 0.055) / 1.055, 2.4);
}

static double
luminance (const GdkRGBA *color)
{
  return 0.2126 * linear (color->red) + 0.7152 * linear (color->green)
         + 0.0722 * linear (color->blue);
}

static double
contrast (const GdkRGBA *a,
          const GdkRGBA *b)
{
  double one = luminance (a) + 0.05;
  double other = luminance (b) + 0.05;

  return MAX (one, other) / MIN (one, other);
}

static GtkWidget *
make_window (const Look *look)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();
  GtkWidget *window;

  g_object_set (gtk_settings_get_default (), "gtk-theme-name", look->theme,
                "gtk-application-prefer-dark-theme", look->is_dark, NULL);
  window = gtk_window_new (GTK_WINDOW_TOPLEVEL);
  gtk_css_provider_load_from_resource (provider, "/org/cvmtester/CvmTester/style.css");
  gtk_style_context_add_provider (gtk_widget_get_style_context (window),
                                  GTK_STYLE_PROVIDER (provider),
                                  GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);

  return window;
}

static GdkRGBA
color_of (GtkWidget  *widget,
          const char *name)
{
  GdkRGBA color = { 0 };

  g_assert_true (gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), name,
                                                 &color));
  g_assert_cmpfloat (color.alpha, ==, 1);

  return color;
}

static void
check_contrast (GtkWidget     *window,
                const char    *verdict,
                const char    *ground,
                const GdkRGBA *behind,
                double         least)
{
  GdkRGBA color = color_of (window, verdict);
  g_autofree char *text = gdk_rgba_to_string (&color);
  double ratio = contrast (&color, behind);

  g_test_message ("%s %s on %s: %.2f", verdict, text, ground, ratio);
  if (ratio < least)
    g_test_fail_printf ("%s %s on %s: %.2f < %.1f", verdict, text, ground, ratio, least);
}

/* As the selected rows of the list of runs are */
static GdkRGBA
selected_ground (GtkWidget *window)
{
  GdkRGBA base = color_of (window, "theme_base_color");
  GdkRGBA selected = color_of (window, "theme_selected_bg_color");

  return (GdkRGBA){ base.red * 0.75 + selected.red * 0.25, base.green * 0.75 + selected.green * 0.25,
                    base.blue * 0.75 + selected.blue * 0.25, 1 };
}

static void
test_contrast (const void *data)
{
  GtkWidget *window = make_window (data);
  GdkRGBA page = color_of (window, "theme_bg_color");
  GdkRGBA list = color_of (window, "theme_base_color");
  GdkRGBA selected = selected_ground (window);

  for (guint i = 0; i < G_N_ELEMENTS (verdicts); i++)
    {
      check_contrast (window, verdicts[i], "a page", &page, 4.5);
      check_contrast (window, verdicts[i], "a list", &list, 4.5);
      check_contrast (window, verdicts[i], "what is selected", &selected, 3);
    }
  gtk_widget_destroy (window);
}

/* Readable grey would be no verdict */
static void
test_hue (const void *data)
{
  GtkWidget *window = make_window (data);
  GdkRGBA good = color_of (window, "cvm_good");
  GdkRGBA bad = color_of (window, "cvm_bad");
  GdkRGBA odd = color_of (window, "cvm_odd");

  g_assert_cmpfloat (bad.red - MAX (bad.green, bad.blue), >=, 0.4);
  g_assert_cmpfloat (good.green - MAX (good.red, good.blue), >=, 0.15);
  g_assert_cmpfloat (odd.red - odd.green, >=, 0.15);
  g_assert_cmpfloat (odd.green - odd.blue, >=, 0.15);
  gtk_widget_destroy (window);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      g_autofree char *ratio = g_strdup_printf ("/style/contrast/%s", looks[i].name);
      g_autofree char *hue = g_strdup_printf ("/style/hue/%s", looks[i].name);

      g_test_add_data_func (ratio, &looks[i], test_contrast);
      g_test_add_data_func (hue, &looks[i], test_hue);
    }

  return g_test_run ();
}
