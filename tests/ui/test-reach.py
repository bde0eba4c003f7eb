#!/usr/bin/python3
"""test-reach.py: Tab comes to every control of every page and dialog, each has a name, and none holds
the keys back

SPDX-License-Identifier: GPL-2.0-or-later

With forty runs, a suite, an image and a host, none of which is used; no guest. Of a list one row
is enough, since the arrows go on from there. Needs a display. Prints TAP.
"""
import os
import subprocess
import sys

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap  # noqa: E402
from desk import SOURCE, Atspi, Desk, children, is_showing, photograph, wait_for, walk, xdotool  # noqa: E402
from ears import Ears  # noqa: E402

ROW, BUTTON = Atspi.Role.LIST_ITEM, Atspi.Role.PUSH_BUTTON
KEYED = {BUTTON, Atspi.Role.TOGGLE_BUTTON, Atspi.Role.RADIO_BUTTON, Atspi.Role.CHECK_BOX,
         Atspi.Role.COMBO_BOX, Atspi.Role.TEXT, Atspi.Role.PASSWORD_TEXT, Atspi.Role.SPIN_BUTTON,
         Atspi.Role.SLIDER, Atspi.Role.TABLE, Atspi.Role.TREE_TABLE, ROW, Atspi.Role.LINK,
         Atspi.Role.TERMINAL}
PLACES = (("Images", "Boots nothing", "Back"), ("Suites", "Mine", "Save"), ("Hosts", "Far", None),
          ("Reports", None, None), ("Set-Up", None, None))    # a row there, and a sign of its page
AT_MOST = 45    # Tabs around a page, however long its lists are
SUITE = "[Suite]\nName=Mine\nVersion=1.0\n[Precondition start]\nCheck=guest.start\n[Case login]\nCheck=ssh.login\n"
tap = Tap()


def prepare(desk):
    data, config = desk.path("data", "cvmtester"), desk.path("config", "cvmtester")
    subprocess.run([os.path.join(SOURCE, "tests", "make-history"), os.path.join(data, "runs"), "40"],
                   check=True)
    os.makedirs(os.path.join(data, "images"))
    os.makedirs(os.path.join(config, "suites"))
    for path, text in ((os.path.join(data, "images", "demo.image"),
                        "[Image]\nName=demo\nKernel=demo.image\nDescription=Boots nothing\n"),
                       (os.path.join(config, "suites", "mine.suite"), SUITE),
                       (os.path.join(config, "hosts.ini"), "[Host far]\nTitle=Far\nURI=qemu+tcp://far.invalid/system\n")):
        with open(path, "w") as file:
            file.write(text)


def front(desk):
    """The window or dialog that is in front"""
    windows = [node for node in children(desk.application()) if is_showing(node)]
    return windows[-1]


def has(node, *states):
    return all(node.get_state_set().contains(state) for state in states)


def wanted(window):
    return [node for node in walk(window) if node.get_role() in KEYED
            and has(node, Atspi.StateType.FOCUSABLE, Atspi.StateType.SENSITIVE, Atspi.StateType.VISIBLE)]


def tell(node):
    return "%s '%s' in '%s'" % (node.get_role().value_nick, node.get_name(), node.get_parent().get_name())


def go_around(ears):
    """All that Tab comes to, until it is where it was"""
    passed = []
    for _ in range(AT_MOST):
        last = ears.focus
        xdotool("key", "Tab")
        wait_for("the focus to leave " + ears.tell(), lambda: ears.focus != last and ears.has_focus(), 10)
        if ears.focus in passed:
            return passed
        passed.append(ears.focus)
    raise AssertionError("Tab does not come around: " + ", ".join(map(tell, passed)))


def above(node):
    while node is not None:
        yield node
        node = node.get_parent()


def is_reached(node, passed):
    """Itself, what is in it, what it is in (the arrows of a spin button); or, in a list, another row of its"""
    lists = {(row.get_parent()) for row in passed if row.get_role() == ROW}
    return (node in passed or any(node in above(other) for other in passed)
            or any(other in passed and other.get_role() != ROW for other in above(node))
            or any(row.get_role() == ROW and row.get_parent() in lists for row in above(node)))


def check_names(desk, where):
    window = front(desk)
    count, unnamed = desk.controls_of(window)
    tap.point(count and not unnamed, "%s: all %d controls have a name" % (where, count), unnamed)
    return window


def look(desk, ears, where):
    window = check_names(desk, where)
    passed = go_around(ears)
    missed = [tell(node) for node in wanted(window) if not is_reached(node, passed)]
    tap.point(not missed, "%s: %d Tabs come to all" % (where, len(passed)), missed, [tell(node) for node in passed])
    photograph("reach-" + where.replace(" ", "-"))


def open_row(desk, ears, part, sign):
    """A row's page, and back to the row"""
    ears.tab_to(ROW, part, AT_MOST)
    xdotool("key", "Return")
    wait_for(sign, lambda: next((node for node in desk.nodes() if sign in node.get_name()), None), 20)


def leave(ears, role, part):
    xdotool("key", "Escape")
    ears.wait_focus(role, part)


def go_places(desk, ears):
    """By the sidebar's arrows; and what opens from a row there"""
    desk.wait(ROW, part="failed", seconds=30)
    look(desk, ears, "Runs")
    for i, (place, part, sign) in enumerate(PLACES):
        ears.tab_to(ROW, PLACES[i - 1][0] if i else "Runs", AT_MOST)
        xdotool("key", "Down")
        ears.wait_focus(ROW, place)
        if part:
            desk.wait(ROW, part=part, seconds=30)
        look(desk, ears, place)
        if sign:
            open_row(desk, ears, part, sign)
            look(desk, ears, place + " opened")
            leave(ears, ROW, part)


def open_dialogs(desk, ears):
    ears.tab_to(Atspi.Role.TOGGLE_BUTTON, "Main menu", AT_MOST)
    for keys, sign, has_tabs in (("ctrl+comma", "Appearance", True), ("ctrl+question", "Run all again", False)):
        before = ears.focus
        xdotool("key", keys)
        wait_for(sign, lambda sign=sign: next((node for node in walk(front(desk)) if sign in node.get_name()),
                                              None), 20)
        if has_tabs:
            look(desk, ears, "Preferences")
        else:
            check_names(desk, "Shortcuts")    # there is one control, where Tab stays
        xdotool("key", "Escape")
        wait_for("the focus where it was", lambda before=before: ears.focus == before and ears.has_focus(), 10)


def open_others(desk, ears):
    xdotool("key", "ctrl+n")
    ears.wait_focus(BUTTON, "Start")
    look(desk, ears, "New run")
    ears.tab_to(BUTTON, "Settings of “Mine”", AT_MOST)
    xdotool("key", "space")
    desk.wait(Atspi.Role.TOGGLE_BUTTON, part="Parameters of", seconds=20)
    look(desk, ears, "Settings")
    leave(ears, BUTTON, "Settings of “Mine”")
    xdotool("key", "Escape")
    desk.wait(BUTTON, "New Run")


with Desk() as here:
    heard = Ears()
    prepare(here)
    here.start()
    open_dialogs(here, heard)
    go_places(here, heard)
    open_others(here, heard)
    xdotool("key", "ctrl+q")
    here.wait_end(60)
    heard.close()
    tap.point(here.process.returncode == 0 and not here.leaks(), "it ends well, and nothing leaked", here.leaks())
tap.exit()
