/* cvm-guest-keys.c: chords that a keyboard here would take for itself, to be sent to a guest
 *
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "cvm-guest-keys.h"

#include <glib/gi18n.h>

#define CTRL   GDK_KEY_Control_L
#define ALT    GDK_KEY_Alt_L
#define SYSRQ  ALT, GDK_KEY_Sys_Req

static const CvmGuestChord usual[] = {
  { "ctrl-alt-del", N_("Ctrl+Alt+Del"), { CTRL, ALT, GDK_KEY_Delete } },
  { "ctrl-alt-backspace", N_("Ctrl+Alt+Backspace"), { CTRL, ALT, GDK_KEY_BackSpace } },
  { "escape", N_("Escape"), { GDK_KEY_Escape } },
  { "print", N_("Print"), { GDK_KEY_Print } },
};

static const CvmGuestChord consoles[] = {
  { "ctrl-alt-f1", N_("Ctrl+Alt+F1"), { CTRL, ALT, GDK_KEY_F1 } },
  { "ctrl-alt-f2", N_("Ctrl+Alt+F2"), { CTRL, ALT, GDK_KEY_F2 } },
  { "ctrl-alt-f3", N_("Ctrl+Alt+F3"), { CTRL, ALT, GDK_KEY_F3 } },
  { "ctrl-alt-f4", N_("Ctrl+Alt+F4"), { CTRL, ALT, GDK_KEY_F4 } },
  { "ctrl-alt-f5", N_("Ctrl+Alt+F5"), { CTRL, ALT, GDK_KEY_F5 } },
  { "ctrl-alt-f6", N_("Ctrl+Alt+F6"), { CTRL, ALT, GDK_KEY_F6 } },
  { "ctrl-alt-f7", N_("Ctrl+Alt+F7"), { CTRL, ALT, GDK_KEY_F7 } },
};

static const CvmGuestChord magic[] = {
  { "sysrq-h", N_("Help (SysRq+H)"), { SYSRQ, GDK_KEY_h } },
  { "sysrq-s", N_("Write Disks (SysRq+S)"), { SYSRQ, GDK_KEY_s } },
  { "sysrq-t", N_("List Tasks (SysRq+T)"), { SYSRQ, GDK_KEY_t } },
  { "sysrq-w", N_("List Blocked Tasks (SysRq+W)"), { SYSRQ, GDK_KEY_w } },
  { "sysrq-u", N_("Mount Read-Only (SysRq+U)"), { SYSRQ, GDK_KEY_u } },
  { "sysrq-b", N_("Restart at Once (SysRq+B)"), { SYSRQ, GDK_KEY_b } },
};

static const struct
{
  const char          *title;    /* of a submenu; NULL: in the menu itself */
  const CvmGuestChord *chords;
  guint                n_chords;
} groups[] = {
  { NULL, usual, G_N_ELEMENTS (usual) },
  { N_("Text Consoles"), consoles, G_N_ELEMENTS (consoles) },
  { N_("Kernel (SysRq)"), magic, G_N_ELEMENTS (magic) },
};

const CvmGuestChord *
cvm_guest_chord_find (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    for (guint j = 0; j < groups[i].n_chords; j++)
      if (g_strcmp0 (groups[i].chords[j].id, id) == 0)
        return &groups[i].chords[j];

  return NULL;
}

static GMenu *
new_section (const CvmGuestChord *chords,
             guint                n_chords,
             const char          *action)
{
  GMenu *section = g_menu_new ();

  for (guint i = 0; i < n_chords; i++)
    {
      g_autoptr(GMenuItem) item = g_menu_item_new (_(chords[i].label), NULL);

      g_menu_item_set_action_and_target (item, action, "s", chords[i].id);
      g_menu_append_item (section, item);
    }

  return section;
}

GMenuModel *
cvm_guest_keys_new_menu (const char *action)
{
  GMenu *menu = g_menu_new ();

  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    {
      g_autoptr(GMenu) section = new_section (groups[i].chords, groups[i].n_chords, action);

      if (groups[i].title == NULL)
        g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
      else
        g_menu_append_submenu (menu, _(groups[i].title), G_MENU_MODEL (section));
    }

  return G_MENU_MODEL (menu);
}
