#!/usr/bin/python3
"""test-drops.py: files come by the mouse from another program, and by the file chooser and its keys

SPDX-License-Identifier: GPL-2.0-or-later

A real drag: another program offers its files, the pointer carries them into the window. Needs a
display. Photographs stay in CVM_TEST_ARTEFACTS. Prints TAP.
"""
import os
import sys

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap  # noqa: E402
from desk import Atspi, Desk, GLib, photograph, text_of, wait_for, xdotool  # noqa: E402
from ears import Ears  # noqa: E402
from neighbour import Neighbour  # noqa: E402

BUTTON, LABEL, CELL, TEXT = (Atspi.Role.PUSH_BUTTON, Atspi.Role.LABEL, Atspi.Role.TABLE_CELL,
                             Atspi.Role.TEXT)
MIDDLE = (560, 420)     # of the window
TAP = "TAP version 13\n1..2\nok 1 - boots\nnot ok 2 - answers on port 80\n"
SUITE = "[Suite]\nName=From outside\nVersion=1\n[Precondition start]\nCheck=guest.start\n"
tap = Tap()


def put(desk, name, content):
    path = desk.path(name)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    return path


def drop(what, *files):
    with Neighbour(*files) as neighbour:
        neighbour.drag_to(*MIDDLE)
        photograph("drops-%s-over" % what)
        return neighbour.drop()


def go_home(desk):
    xdotool("key", "Escape")
    desk.wait(BUTTON, "New Run")


def has_name(desk, part):
    return wait_for(part, lambda: next((node for node in desk.nodes() if part in node.get_name()), None), 20)


def drop_suite(desk):
    outcome = drop("suite", put(desk, "outside.suite", SUITE))
    has_name(desk, "From outside")
    desk.wait(BUTTON, "Save")
    tap.point(outcome == "ended", "a suite that is dropped is edited", outcome)
    photograph("drops-1-suite")
    go_home(desk)


def drop_results(desk):
    """Two at once: each is a page, the last is seen"""
    outcome = drop("results", put(desk, "first.tap", TAP.replace("port 80", "port 81")),
                   put(desk, "second.tap", TAP))
    desk.wait(CELL, part="answers on port 8")
    tap.point(outcome == "ended", "results that are dropped are shown", outcome)
    photograph("drops-2-results")
    xdotool("key", "Escape")
    desk.wait(CELL, part="answers on port 8")
    go_home(desk)
    tap.point(True, "each on a page of its own")


def drop_disk(desk):
    outcome = drop("disk", put(desk, "small 2.0-x86_64.qcow2", b"QFI\xfb" + bytes(508)))
    desk.wait(BUTTON, "Import")
    tap.point(outcome == "ended", "a disk that is dropped is about to be imported", outcome)
    photograph("drops-3-disk")
    go_home(desk)


def drop_nonsense(desk):
    drop("nonsense", put(desk, "notes.txt", "hello\n"), desk.path("gone.tap"))
    desk.wait(LABEL, part="cannot be opened")
    tap.point(desk.find(BUTTON, "New Run"), "what cannot be opened says so, and the page stays")


def paste_into_chooser(ears, path):
    """GTK's own. The path is pasted: while it is typed GTK completes it, sooner or later"""
    wait_for("the chooser", lambda: ears.has_focus(), 20)
    xdotool("key", "ctrl+l")
    entry = ears.wait_focus(TEXT)
    xdotool("key", "ctrl+a")
    with Neighbour(path):
        xdotool("key", "ctrl+v")
        wait_for("the path", lambda: text_of(entry) == path, 20)
    photograph("drops-4-chooser")
    press_enter(entry)


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


def choose(desk, ears):
    ears.focus = None
    xdotool("key", "ctrl+o")
    paste_into_chooser(ears, put(desk, "chosen.suite", SUITE.replace("outside", "afar")))
    has_name(desk, "From afar")
    tap.point(True, "Ctrl+O, a path and Enter open a file")
    ears.wait_focus(Atspi.Role.LIST_ITEM)
    photograph("drops-5-chosen")
    go_home(desk)


with Desk() as here:
    heard = Ears()
    here.start()
    drop_suite(here)
    drop_results(here)
    drop_disk(here)
    drop_nonsense(here)
    xdotool("mousemove", *MIDDLE)
    choose(here, heard)
    xdotool("key", "ctrl+q")
    here.wait_end(30)
    heard.close()
    tap.point(here.process.returncode == 0 and not here.leaks(), "nothing leaked",
              here.process.returncode, here.leaks())
tap.exit()
