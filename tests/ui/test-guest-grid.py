#!/usr/bin/python3
"""test-guest-grid.py: two guests of a run side by side, one of which panics

SPDX-License-Identifier: GPL-2.0-or-later

Needs CVM_TEST_DEMO (the demo guest's folder), an ordinary user, libvirt's session and a display.
Photographs stay in CVM_TEST_ARTEFACTS. Prints TAP.
"""
import glob
import os
import sys

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap  # noqa: E402
from desk import Atspi, Desk, do, photograph, read, wait_for, xdotool  # noqa: E402

SUITE = """[Suite]
Name=Guest grid
Version=1.0
[Precondition start]
Title=The guest starts
Check=guest.start
Timeout=2m
[Case ready]
Title=The console says that it is ready
Check=serial.expect
Timeout=5m
[Case never]
Title=A word that nobody types
Check=serial.expect
pattern=neverword
Timeout=5m
"""

tap = Tap()


def prepare(desk):
    """The demo, and another that panics at its start"""
    images = desk.lend_demo()
    with open(os.path.join(images, "demo.image")) as file:
        text = file.read()
    with open(os.path.join(images, "broken.image"), "w") as file:
        file.write(text.replace("Name=demo", "Name=broken").replace("Cmdline=", "Cmdline=cvm.fault=panic "))
    desk.lend_suite(SUITE, "grid")


def turn(desk, name, is_on):
    box = desk.wait(Atspi.Role.CHECK_BOX, name, seconds=30)
    def state():
        return box.get_state_set().contains(Atspi.StateType.CHECKED)
    if state() != is_on:
        do(box)
    wait_for("%s is %s" % (name, is_on), lambda: state() == is_on, 5)


def start_two(desk):
    xdotool("key", "ctrl+n")
    desk.wait(Atspi.Role.CHECK_BOX, "demo", seconds=30)
    turn(desk, "demo", True)
    turn(desk, "broken", True)
    turn(desk, "Guest grid", True)
    for other in ("Boots and answers", "CernVM release", "Demo appliance"):
        turn(desk, other, False)
    desk.wait(Atspi.Role.LABEL, part="2 jobs")
    photograph("guest-grid-0-new-run")
    desk.press("Start")


def tiles(desk):
    return [n for n in desk.nodes() if n.get_role() in (Atspi.Role.LIST_ITEM, Atspi.Role.PANEL)
            and " of 3" in n.get_name()]


def displays(desk):
    return [n for n in desk.nodes() if n.get_name() == "Display of the guest"]


def grid_takes_the_place(desk):
    """The pictures share the width, and no job looks chosen"""
    widths = [node.get_component_iface().get_extents(Atspi.CoordType.WINDOW).width for node in displays(desk)]
    room = desk.find_window().get_component_iface().get_extents(Atspi.CoordType.WINDOW).width
    tap.point(sum(widths) > 0.7 * room, "the pictures take the width there is", (widths, room))
    chosen = [row.get_name() for row in desk.nodes() if row.get_role() == Atspi.Role.LIST_ITEM
              and row.get_parent().get_name() == "Jobs" and row.get_state_set().contains(Atspi.StateType.SELECTED)]
    tap.point(not chosen, "no job looks chosen beside all guests", chosen)


with Desk() as here:
    prepare(here)
    here.start()
    xdotool("mousemove", 0, 0)
    start_two(here)
    here.press("All Guests", seconds=60)
    wait_for("two displays", lambda: len(displays(here)) == 2, 120)
    tap.point(True, "both guests are seen live")
    grid_takes_the_place(here)
    wait_for("the ready line", lambda: "CVMTESTER GUEST READY" in "".join(
        read(path) for path in glob.glob(here.path("data", "cvmtester", "runs", "*", "*", "serial.log"))), 120)
    photograph("guest-grid-1")
    found = [n for n in here.nodes() if "broken on " in n.get_name() and " of 3" in n.get_name()]
    tap.point(found, "a tile tells how far its job is",
              [(n.get_role().value_nick, n.get_name()) for n in here.nodes() if " of 3" in n.get_name()])
    found[0].get_component_iface().grab_focus()
    xdotool("key", "Return")
    told = here.wait(Atspi.Role.LABEL, part="The guest's kernel gave up", seconds=120).get_name()
    tap.point("Kernel panic" in told, "a guest that panicked is told of, with what it said", told)
    here.wait(Atspi.Role.PUSH_BUTTON, "2 More Minutes")
    photograph("guest-grid-2-panic")
    journals = glob.glob(here.path("data", "cvmtester", "runs", "*", "journal.jsonl"))
    with open(journals[0]) as file:
        tap.point('"kind":"guest-panic"' in file.read(), "and so does the journal")
    here.press("Stop the Run")
    here.wait(Atspi.Role.LABEL, part="Stopped", seconds=60)
    here.quit(tap)
tap.exit()
