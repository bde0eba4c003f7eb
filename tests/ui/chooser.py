"""chooser.py: GTK's own file chooser, by its keys

SPDX-License-Identifier: GPL-2.0-or-later

    choose_path(desk, ears, "/some/file")     # of a chooser that is about to come
"""
from desk import Atspi, GLib, children, is_showing, photograph, text_of, wait_for, walk, xdotool
from neighbour import Neighbour

LISTS = (Atspi.Role.LIST_ITEM, Atspi.Role.TABLE, Atspi.Role.TREE_TABLE, Atspi.Role.TEXT)


def find_focusable(desk):
    """In the chooser, once it is there"""
    windows = [window for window in children(desk.application()) if is_showing(window)]
    return len(windows) > 1 and next((node for node in walk(windows[-1]) if node.get_role() in LISTS
                                      and node.get_state_set().contains(Atspi.StateType.FOCUSABLE)), None)


def is_shown(node):
    try:
        return node.get_state_set().contains(Atspi.StateType.SHOWING)
    except GLib.Error:      # it went
        return False


def press_enter(entry):
    """GTK drops an Enter that comes while it looks the path up; a person presses it once more"""
    for _ in range(5):
        xdotool("key", "Return")
        try:
            return wait_for("the chooser to go", lambda: not is_shown(entry), 4)
        except AssertionError:
            continue
    raise AssertionError("the chooser stays")


def choose_path(desk, ears, path, picture):
    """The path is pasted: while it is typed GTK completes it, sooner or later"""
    place = wait_for("the chooser", lambda: find_focusable(desk), 20)
    place.get_component_iface().grab_focus()    # as a window manager would do; here is none
    xdotool("key", "ctrl+l")
    entry = ears.wait_focus(Atspi.Role.TEXT)
    xdotool("key", "ctrl+a")
    with Neighbour(path):
        xdotool("key", "ctrl+v")
        wait_for("the path", lambda: text_of(entry) == path, 20)
    photograph(picture)
    press_enter(entry)
