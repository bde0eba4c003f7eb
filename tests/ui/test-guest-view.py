#!/usr/bin/python3
"""test-guest-view.py: what is seen of a guest: its display, the film of its boot, its console

SPDX-License-Identifier: GPL-2.0-or-later

Needs CVM_TEST_DEMO (the demo guest's folder), an ordinary user, libvirt's session and a display.
Photographs stay in CVM_TEST_ARTEFACTS. Prints TAP.
"""
import glob
import os
import subprocess
import sys

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap  # noqa: E402
from desk import Atspi, Desk, children, do, photograph, text_of, wait_for, xdotool  # noqa: E402

READY = "CVMTESTER GUEST READY"
SUITE = """[Suite]
Name=Guest view
Version=1.0
[Precondition start]
Title=The guest starts
Check=guest.start
Timeout=2m
[Case ready]
Title=The console says that it is ready
Check=serial.expect
Timeout=2m
[Case never]
Title=A word that nobody types
Check=serial.expect
pattern=%s
Timeout=4m
"""

tap = Tap()


def prepare(desk, word):
    images = desk.path("data", "cvmtester", "images")
    os.symlink(os.path.abspath(os.environ["CVM_TEST_DEMO"]), images)
    suites = desk.path("config", "cvmtester", "suites")
    os.makedirs(suites)
    with open(os.path.join(suites, "demo.suite"), "w") as file:
        file.write(SUITE % word)


def newest_run(desk):
    runs = sorted(glob.glob(desk.path("data", "cvmtester", "runs", "*")), key=os.path.getmtime)
    return runs[-1] if runs else None


def read(*names):
    try:
        with open(os.path.join(*names), "rb") as file:
            return file.read().decode("latin-1")
    except OSError:
        return ""


def display_of(desk):
    return desk.wait(Atspi.Role.DRAWING_AREA, "Display of the guest", seconds=60)


def click_into(display):
    place = display.get_component_iface().get_extents(Atspi.CoordType.SCREEN)
    xdotool("mousemove", place.x + place.width // 2, place.y + place.height // 2, "click", 1)
    return place


def grab(desk, run):
    """View only until clicked; Ctrl+Alt is the way out, and reaches the guest as no more than that"""
    display = display_of(desk)
    desk.wait(Atspi.Role.LABEL, part="Click the picture")
    xdotool("type", "--delay", "20", "unheard")
    place = click_into(display)
    desk.wait(Atspi.Role.LABEL, part="The guest gets keys")
    photograph("guest-view-1-typing")
    xdotool("type", "--delay", "20", "heard")
    xdotool("key", "Return")
    said = wait_for("what was typed", lambda: "console: heard" in read(run, "job-01", "serial.log"), 20)
    tap.point(said and "unheard" not in read(run, "job-01", "serial.log"),
              "the guest gets keys after a click, and none before")
    xdotool("keydown", "ctrl", "keydown", "alt", "keyup", "alt", "keyup", "ctrl")
    desk.wait(Atspi.Role.LABEL, part="Click the picture")
    tap.point(True, "Ctrl+Alt takes them back")
    tap.point(place.width >= 640, "the display is at least 640 pixels wide", place.width)


def main():
    word = "neverword"
    with Desk() as desk:
        prepare(desk, word)
        desk.start()
        xdotool("mousemove", 0, 0)
        desk.press("Run the Demo")
        run = wait_for("the run's folder", lambda: newest_run(desk), 20)
        wait_for("the guest's ready line", lambda: READY in read(run, "job-01", "serial.log"), 180)
        photograph("guest-view-0-live")
        grab(desk, run)
        for node in desk.nodes():
            print("#", node.get_role().value_nick, repr(node.get_name())[:80], file=sys.stderr)
        desk.press("Stop")
        desk.wait(Atspi.Role.LABEL, part="Stopped", seconds=60)
        photograph("guest-view-9-stopped")
    tap.exit()


main()
