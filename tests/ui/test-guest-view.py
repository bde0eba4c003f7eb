#!/usr/bin/python3
"""test-guest-view.py: what is seen of a guest: its display, the film of its boot, its console

SPDX-License-Identifier: GPL-2.0-or-later

Needs CVM_TEST_DEMO (the demo guest's folder), an ordinary user, libvirt's session and a display.
Photographs stay in CVM_TEST_ARTEFACTS. Prints TAP.
"""
import glob
import os
import re
import sys

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap  # noqa: E402
from desk import Atspi, Desk, children, do, photograph, read, text_of, wait_for, xdotool  # noqa: E402

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
    click_into(display)    # closes the entry of the checks, which look for what was typed
    place = click_into(display)
    desk.wait(Atspi.Role.LABEL, part="The guest gets keys")
    photograph("guest-view-1-typing")
    xdotool("type", "--delay", "20", "heard")
    xdotool("key", "Return")
    # under load the keyboard repeats a key that is held too long
    said = wait_for("what was typed",
                    lambda: re.search("console: h+e+a+r+d+", read(run, "job-01", "serial.log")), 20)
    tap.point(said and "unheard" not in read(run, "job-01", "serial.log"),
              "the guest gets keys after a click, and none before")
    xdotool("keydown", "ctrl", "keydown", "alt", "keyup", "alt", "keyup", "ctrl")
    desk.wait(Atspi.Role.LABEL, part="Click the picture")
    tap.point(True, "Ctrl+Alt takes them back")
    tap.point(place.width >= 640, "the display is at least 640 pixels wide", place.width)


def tools(desk, run):
    """Chords that this keyboard would keep, and a picture that becomes evidence"""
    do(desk.wait(Atspi.Role.TOGGLE_BUTTON, "Send Keys"))
    do(desk.wait(Atspi.Role.PUSH_BUTTON, "Kernel (SysRq)"))
    photograph("guest-view-2-keys")
    do(wait_for("the item", lambda: desk.find(Atspi.Role.PUSH_BUTTON, "Write Disks (SysRq+S)"), 10))
    heard = wait_for("the kernel's answer",
                     lambda: "Emergency Sync" in read(run, "job-01", "serial.log"), 20)
    tap.point(heard, "a chord of the menu reaches the guest's kernel")

    desk.press("Screenshot")
    desk.wait(Atspi.Role.LABEL, part="Kept with the run as screenshot-")
    desk.wait(Atspi.Role.PUSH_BUTTON, "Save Elsewhere…")
    photograph("guest-view-3-screenshot")
    shots = glob.glob(os.path.join(run, "job-01", "frames", "screenshot-*.png"))
    told = wait_for("the record", lambda: "frames/screenshot-" in read(run, "journal.jsonl"), 10)
    tap.point(told and len(shots) == 1 and read(shots[0])[1:4] == "PNG",
              "a screenshot is kept as evidence of the run", shots)


def full_screen(desk):
    def frames():
        return [n for n in children(desk.application()) if n.get_name() == "Display of the guest"]
    desk.press("Full Screen")
    frame = wait_for("the full screen", frames, 20)[0]
    wait_for("its display", lambda: [n for n in children(frame)], 20)
    place = frame.get_component_iface().get_extents(Atspi.CoordType.SCREEN)
    tap.point((place.width, place.height) == (1440, 1000), "full screen is the whole screen",
              place.width, place.height)
    photograph("guest-view-4-full-screen")
    xdotool("key", "F11")
    wait_for("the window again", lambda: not frames(), 20)
    tap.point(True, "F11 leaves it")


def film_of(desk):
    return desk.wait(Atspi.Role.SLIDER, "Moment of the film")


def move(desk, seconds):
    film_of(desk).get_value_iface().set_current_value(seconds)


def length(desk):
    return film_of(desk).get_value_iface().get_maximum_value()


def film_live(desk, run):
    frames = os.path.join(run, "job-01", "frames", "film-*.png")
    wait_for("pictures of the boot", lambda: len(glob.glob(frames)) >= 2, 30)
    move(desk, 0)
    desk.wait(Atspi.Role.LABEL, part="No picture was there yet")
    wait_for("a film of some seconds", lambda: length(desk) >= 4, 30)
    move(desk, length(desk) * 0.7)
    desk.wait(Atspi.Role.LABEL, part="The guest as it was at")
    desk.wait(Atspi.Role.PUSH_BUTTON, "Back to Now")
    photograph("guest-view-5-film-live")
    tap.point(True, "the film shows a moment of the boot while the guest runs")
    desk.press("Back to Now")
    desk.wait(Atspi.Role.LABEL, part="Click the picture")
    tap.point(True, "and goes back to now")


def film_past(desk):
    """The same of a run of the past: picture, console and check of one moment"""
    desk.wait(Atspi.Role.LABEL, part="The guest as it was at")
    photograph("guest-view-6-past")
    film = film_of(desk)
    film.get_component_iface().grab_focus()
    xdotool("key", "Home")
    wait_for("the first moment", lambda: film.get_value_iface().get_current_value() == 0, 10)
    xdotool("key", "Right", "Right")
    wait_for("a later moment", lambda: film.get_value_iface().get_current_value() > 0.3, 10)
    told = wait_for("the check of that moment", lambda: desk.find(Atspi.Role.LABEL, part=" · 1 The guest starts")
                    or desk.find(Atspi.Role.LABEL, part=" · 2 The console says"), 20)    # on a fast machine
    tap.point(told, "the arrow keys move through it, and the check of the moment is told")
    desk.show("Serial")
    console = desk.wait(Atspi.Role.TERMINAL, seconds=10)
    wait_for("the console of that moment", lambda: READY not in text_of(console), 10)
    photograph("guest-view-7-past-serial")
    xdotool("key", "End")
    wait_for("the whole console", lambda: READY in text_of(console), 10)
    tap.point(True, "the console follows the moment")


def every(node):
    """Also what is not scrolled to"""
    yield node
    for child in children(node):
        yield from every(child)


def find_hidden(node, name):
    return next((one for one in every(node) if one.get_name() == name), None)


def views(desk):
    """The log by what is in it, and the facts with the files"""
    desk.show("Log")
    entry = desk.wait(Atspi.Role.TEXT, "Show lines with this text")
    photograph("guest-view-9-log")
    entry.get_editable_text_iface().set_text_contents("domain.xml")
    desk.wait(Atspi.Role.LABEL, part="1 of ")
    tap.point(True, "the log shows the lines that have a text")
    desk.show("Facts")
    row = wait_for("the file", lambda: find_hidden(desk.find_window(), "domain.xml"), 10)
    row.get_component_iface().grab_focus()
    wait_for("the row that has the focus", lambda: row.get_state_set().contains(
        Atspi.StateType.FOCUSED), 10)
    do(wait_for("the expander", lambda: find_hidden(desk.find_window(), "Domain XML"), 10))
    def xml():
        return next((n for n in every(desk.find_window())
                     if n.get_role() == Atspi.Role.TEXT and n.get_name() == "Domain XML"), None)
    wait_for("the XML", lambda: xml() and "<domain" in text_of(xml()), 10)
    photograph("guest-view-10-facts")
    tap.point(True, "the facts have the files and the domain's XML")


def main():
    word = "neverword"
    with Desk() as desk:
        desk.lend_demo()
        desk.lend_suite(SUITE % word)
        desk.start()
        xdotool("mousemove", 0, 0)
        desk.press("Run the Demo")
        run = desk.wait_run()
        wait_for("the guest's ready line", lambda: READY in read(run, "job-01", "serial.log"), 180)
        photograph("guest-view-0-live")
        grab(desk, run)
        tools(desk, run)
        full_screen(desk)
        film_live(desk, run)
        desk.press("Stop")
        desk.wait(Atspi.Role.LABEL, part="Stopped", seconds=60)
        photograph("guest-view-8-stopped")
        xdotool("key", "ctrl+q")
        desk.wait_end(60)
        desk.start()
        film_of(desk)      # the window opens where it was left
        film_past(desk)
        views(desk)
        desk.quit(tap)
    tap.exit()


main()
