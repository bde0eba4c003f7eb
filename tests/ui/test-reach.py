#!/usr/bin/python3
"""test-reach.py: Tab comes to every control of every page and dialog, each has a name, and none holds
the keys back

SPDX-License-Identifier: GPL-2.0-or-later

With forty runs, a suite, an image and a host, none of which is used; no guest. What is filled in is
test-reach-forms.py's. Needs a display. Prints TAP.
"""
import os
import subprocess
import sys

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap  # noqa: E402
from desk import SOURCE, Atspi, Desk, wait_for, walk, xdotool  # noqa: E402
from ears import Ears  # noqa: E402
from reach import AT_MOST, BUTTON, ROW, Reach, front  # noqa: E402

PLACES = (("Images", "Boots nothing", "Back"), ("Suites", "Mine", "Save"), ("Hosts", "Far", None),
          ("Reports", None, None), ("Set-Up", None, None))    # a row there, and a sign of its page
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


def open_row(desk, ears, part, sign):
    """A row's page, and back to the row"""
    ears.tab_to(ROW, part, AT_MOST)
    xdotool("key", "Return")
    wait_for(sign, lambda: next((node for node in desk.nodes() if sign in node.get_name()), None), 20)


def leave(ears, role, part):
    xdotool("key", "Escape")
    ears.wait_focus(role, part)


def go_places(desk, ears, reach):
    """By the sidebar's arrows; and what opens from a row there"""
    desk.wait(ROW, part="failed", seconds=30)
    reach.look("Runs")
    for i, (place, part, sign) in enumerate(PLACES):
        ears.tab_to(ROW, PLACES[i - 1][0] if i else "Runs", AT_MOST)
        xdotool("key", "Down")
        ears.wait_focus(ROW, place)
        if part:
            desk.wait(ROW, part=part, seconds=30)
        reach.look(place)
        if sign:
            open_row(desk, ears, part, sign)
            reach.look(place + " opened")
            leave(ears, ROW, part)


def open_dialogs(desk, ears, reach):
    ears.tab_to(Atspi.Role.TOGGLE_BUTTON, "Main menu", AT_MOST)
    for keys, sign, has_tabs in (("ctrl+comma", "Appearance", True), ("ctrl+question", "Run all again", False)):
        before = ears.focus
        xdotool("key", keys)
        wait_for(sign, lambda sign=sign: next((node for node in walk(front(desk)) if sign in node.get_name()),
                                              None), 20)
        if has_tabs:
            reach.look("Preferences")
        else:
            reach.check_names("Shortcuts")    # there is one control, where Tab stays
        xdotool("key", "Escape")
        wait_for("the focus where it was", lambda before=before: ears.focus == before and ears.has_focus(), 10)


def open_others(desk, ears, reach):
    xdotool("key", "ctrl+n")
    ears.wait_focus(BUTTON, "Start")
    reach.look("New run")
    ears.tab_to(BUTTON, "Settings of “Mine”", AT_MOST)
    xdotool("key", "space")
    desk.wait(Atspi.Role.TOGGLE_BUTTON, part="Parameters of", seconds=20)
    reach.look("Settings")
    leave(ears, BUTTON, "Settings of “Mine”")
    xdotool("key", "Escape")
    desk.wait(BUTTON, "New Run")


with Desk() as here:
    heard = Ears()
    prepare(here)
    here.start()
    around = Reach(tap, here, heard)
    open_dialogs(here, heard, around)
    go_places(here, heard, around)
    open_others(here, heard, around)
    here.quit(tap)
    heard.close()
tap.exit()
