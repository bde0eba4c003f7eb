#!/usr/bin/python3
"""test-window.py: the demo in the real window, from the first click to the last

SPDX-License-Identifier: GPL-2.0-or-later

Needs CVM_TEST_DEMO (the demo guest's folder), an ordinary user, libvirt's session and a display.
Photographs stay in CVM_TEST_ARTEFACTS. Prints TAP.
"""
import glob
import os
import random
import subprocess
import sys
import time

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap, URI  # noqa: E402
from desk import SOURCE, Atspi, Desk, photograph, read, wait_for, xdotool  # noqa: E402

READY = "CVMTESTER GUEST READY"
WORD = "".join(random.choice("bcdfghjklmnpqrstvwxz") for _ in range(8))
# The run waits for the word as a case of its own, before the guest restarts and shuts down.
WORD_CASE = """[Case word]
Title=A person types a word
Check=serial.expect
pattern=%s
Timeout=4m

[Case restart]""" % WORD

tap = Tap()


def prepare(desk):
    desk.lend_demo()
    with open(os.path.join(SOURCE, "data", "suites", "demo.suite")) as file:
        suite = file.read().replace("[Case restart]", WORD_CASE, 1)
    desk.lend_suite(suite + "word.Timeout=10m\n")


def guests():
    done = subprocess.run(["virsh", "-c", URI, "list", "--name"], capture_output=True, text=True,
                          timeout=60)
    return [name for name in done.stdout.split() if name.startswith("cvmtester-")]


def pixels(extents):
    """The grey pixels of a part of the screen"""
    crop = "%dx%d+%d+%d" % (extents.width, extents.height, extents.x, extents.y)
    return subprocess.run(["import", "-window", "root", "-crop", crop, "-depth", "8", "gray:-"],
                          capture_output=True, check=True).stdout


def changed(before, after):
    return sum(abs(a - b) > 40 for a, b in zip(before, after))


def display_of(desk):
    return desk.wait(Atspi.Role.DRAWING_AREA, "Display of the guest", seconds=60)


def click_into(display):
    place = display.get_component_iface().get_extents(Atspi.CoordType.SCREEN)
    xdotool("mousemove", place.x + place.width // 2, place.y + place.height // 2, "click", 1)
    return place


def type_word(desk, run):
    """The word comes from the keyboard into the picture and out of the console"""
    wait_for("the case that waits for the word", lambda: any(
        r["type"] == "case.begin" and r["id"] == "word" for r in desk.records()), 120)
    display = display_of(desk)
    place = click_into(display)
    desk.wait(Atspi.Role.LABEL, part="The guest gets keys")

    first = pixels(place)
    time_of_blinks = time.monotonic() + 1.5
    most = wait_for("a while", lambda: time.monotonic() > time_of_blinks and pixels(place), 5)
    blinking = changed(first, most)
    tap.point(WORD not in read(run, "job-01", "serial.log"), "the word was not there before")

    xdotool("type", "--delay", "30", WORD)
    shown = wait_for("the word in the picture",
                     lambda: changed(first, pixels(place)) > 3 * blinking + 100, 20)
    tap.point(shown, "the word appears in the widget's pixels, and not before")
    photograph("window-2-typed")
    xdotool("key", "Return")
    wait_for("the word on the console", lambda: WORD in read(run, "job-01", "serial.log"), 20)
    tap.point(True, "the word appears in serial.log")
    xdotool("key", "shift+F12")
    desk.wait(Atspi.Role.LABEL, part="Click the picture")
    tap.point(True, "Shift+F12 takes the keys back")


def words_of_tree(desk):
    words = {"passed", "failed", "skipped", "cancelled", "running", "not begun", "known broken"}
    return [node.get_name() for node in desk.nodes()
            if node.get_role() == Atspi.Role.TABLE_CELL and node.get_name() in words]


def first_run(desk):
    desk.wait(Atspi.Role.PUSH_BUTTON, "Run the Demo")
    photograph("window-0-empty")
    desk.press("Run the Demo")
    run = desk.wait_run()
    wait_for("the guest's ready line", lambda: READY in read(run, "job-01", "serial.log"), 180)
    photograph("window-1-running")
    type_word(desk, run)

    frames = os.path.join(run, "job-01", "frames", "*.png")
    banner = desk.wait(Atspi.Role.LABEL, part="checks", seconds=300).get_name()
    photograph("window-3-ended")
    tap.point("All 13 checks passed" in banner, "every check passes", banner,
              read(run, "job-01", "report.tap"))
    words = words_of_tree(desk)
    tap.point(set(words) == {"passed"}, "the tree says so point by point", words)
    tap.point(any(name.endswith("-word.png") for name in glob.glob(frames)),
              "the engine's recorder was connected too, and saw the word",
              glob.glob(frames))
    for view in ("Serial", "Log", "Facts"):
        desk.show(view)
        what = {"Serial": (Atspi.Role.TERMINAL, None), "Log": (Atspi.Role.TREE_TABLE, None),
                "Facts": (Atspi.Role.LABEL, "suite version")}[view]
        desk.wait(*what, seconds=30)
        photograph("window-4-" + view.lower())
    return run


def stop_second_run(desk, first):
    desk.press("Run Again")
    run = desk.wait_run(after=first)
    wait_for("the guest's first line", lambda: read(run, "job-01", "serial.log"), 60)
    tap.point(len(guests()) == 1, "the second run has a guest", guests())
    begun = time.monotonic()
    desk.press("Stop")
    wait_for("no guest", lambda: not guests(), 20)
    took = time.monotonic() - begun
    tap.point(took < 5, "Stop: the guest is gone within 5 s", "%.1f s" % took)
    banner = desk.wait(Atspi.Role.LABEL, part="Stopped", seconds=30).get_name()
    tap.point("The guest is gone" in banner, "the window says so", banner)
    photograph("window-5-stopped")
    tap.point("cancel" in read(run, "job-01", "report.tap").lower(), "and so does the report",
              read(run, "job-01", "report.tap"))


def look_at_first_again(desk):
    desk.press("Back")
    rows = wait_for("both runs", lambda: [n for n in desk.nodes() if "13 passed" in n.get_name()
                                          and n.get_role() == Atspi.Role.LIST_ITEM], 20)
    wait_for("the other page gone", lambda: not desk.find(Atspi.Role.PUSH_BUTTON, "Back"), 10)
    photograph("window-6-runs")
    rows[0].get_component_iface().grab_focus()
    xdotool("key", "Return")
    desk.wait(Atspi.Role.LABEL, part="All 13 checks passed")
    words = words_of_tree(desk)
    tap.point(words and set(words) == {"passed"}, "an old run is shown as it was", words)
    photograph("window-7-past")
    desk.press("Back")


def settle(desk):
    """The run page has slid in"""
    def is_in_place():
        back = desk.find(Atspi.Role.PUSH_BUTTON, "Back")
        frame = desk.find_window().get_component_iface().get_extents(Atspi.CoordType.SCREEN)
        return (back and not desk.find(Atspi.Role.PUSH_BUTTON, "Start") and
                back.get_component_iface().get_extents(Atspi.CoordType.SCREEN).x < frame.x + 30)
    wait_for("the run page in its place", is_in_place, 10)


def click_close(desk):
    """The title bar's own buttons are not told to screen readers, whose users press Alt+F4"""
    frame = desk.find_window().get_component_iface().get_extents(Atspi.CoordType.SCREEN)
    xdotool("mousemove", frame.x + frame.width - 27, frame.y + 27, "click", 1)


def close_during_run(desk):
    desk.press("New Run")
    start = desk.wait(Atspi.Role.PUSH_BUTTON, "Start")
    wait_for("the choice", lambda: start.get_state_set().contains(Atspi.StateType.SENSITIVE), 20)
    wait_for("the other page gone", lambda: not desk.find(Atspi.Role.LIST_ITEM, "Runs"), 10)
    photograph("window-8-new-run")
    desk.press("Start")
    wait_for("a guest", guests, 60)
    settle(desk)
    begun = time.monotonic()
    click_close(desk)
    photograph("window-9-closing")
    wait_for("no guest", lambda: not guests(), 20)
    took = time.monotonic() - begun
    desk.wait_end(60)
    tap.point(took < 5, "closing the window: the guest is gone within 5 s", "%.1f s" % took)
    tap.point(desk.process.returncode == 130, "and the exit status is 130",
              desk.process.returncode)
    tap.point(not desk.leaks(), "and nothing leaked", desk.leaks())


def clean_up_after_death(desk):
    """The program is killed while its guest runs; the next one offers to clean up"""
    desk.start()
    desk.press("New Run")
    start = desk.wait(Atspi.Role.PUSH_BUTTON, "Start")
    wait_for("the choice", lambda: start.get_state_set().contains(Atspi.StateType.SENSITIVE), 20)
    desk.press("Start")
    wait_for("a guest", guests, 60)
    desk.process.kill()
    desk.process.wait()
    tap.point(len(guests()) == 1, "a killed program leaves its guest", guests())

    desk.start()
    desk.wait(Atspi.Role.LABEL, part="can be cleaned up.", seconds=60)
    photograph("window-10-died")
    desk.press("Clean Up")
    desk.wait(Atspi.Role.LABEL, part="Cleaned up", seconds=60)
    tap.point(not guests(), "one click in the next one removes it", guests())
    photograph("window-11-cleaned-up")
    desk.quit(tap)


with Desk() as here:
    prepare(here)
    here.start()
    xdotool("mousemove", 0, 0)
    one = first_run(here)
    stop_second_run(here, one)
    look_at_first_again(here)
    close_during_run(here)
    clean_up_after_death(here)
tap.exit()
