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
from chooser import choose_path  # noqa: E402
from desk import Atspi, Desk, photograph, wait_for, xdotool  # noqa: E402
from ears import Ears  # noqa: E402
from neighbour import X, Y, Neighbour  # noqa: E402

BUTTON, LABEL, CELL = Atspi.Role.PUSH_BUTTON, Atspi.Role.LABEL, Atspi.Role.TABLE_CELL
MIDDLE = (560, 420)     # of the window
TAP = "TAP version 13\n1..2\nok 1 - boots\nnot ok 2 - answers on port 80\n"
SUITE = "[Suite]\nName=From outside\nVersion=1\n[Precondition start]\nCheck=guest.start\n"
HINT = "Drop to open"
tap = Tap()


def put(desk, name, content):
    path = desk.path(name)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    return path


def drop(desk, what, *files):
    with Neighbour(*files) as neighbour:
        neighbour.drag_to(*MIDDLE)
        desk.wait(LABEL, HINT)
        photograph("drops-%s-over" % what)
        outcome = neighbour.drop()
    wait_for("the hint to go", lambda: not desk.find(LABEL, HINT), 20)
    return outcome


def drag_and_leave(desk):
    """Away again, over what takes it otherwise, and by a source that dies"""
    with Neighbour(put(desk, "never.suite", SUITE)) as neighbour:
        neighbour.drag_to(*MIDDLE)
        desk.wait(LABEL, HINT)
        neighbour.move_to(X, Y)
        wait_for("the hint to go", lambda: not desk.find(LABEL, HINT), 20)
        tap.point(True, "what is dragged over the window is told that it can be dropped, until it leaves")
        neighbour.move_to(*MIDDLE)
        desk.wait(LABEL, HINT)
    xdotool("mousemove", MIDDLE[0] + 20, MIDDLE[1])
    wait_for("the hint to go", lambda: not desk.find(LABEL, HINT), 20)
    xdotool("mouseup", 1)
    tap.point(desk.find(BUTTON, "New Run"), "also when its source dies, and nothing is opened")


def go_home(desk):
    xdotool("key", "Escape")
    desk.wait(BUTTON, "New Run")


def has_name(desk, part):
    return wait_for(part, lambda: next((node for node in desk.nodes() if part in node.get_name()), None), 20)


def go(desk, place):
    desk.wait(Atspi.Role.LIST_ITEM, part=place).get_component_iface().grab_focus()
    xdotool("key", "space")


def drop_on_images(desk):
    """What is no disk is not imported there either"""
    go(desk, "Images")
    desk.wait(BUTTON, "Import…")
    outcome = drop(desk, "images", put(desk, "aside.suite", SUITE.replace("outside", "aside")))
    has_name(desk, "From aside")
    tap.point(outcome == "ended", "what is dropped on the images is opened as everywhere", outcome)
    go_home(desk)


def drop_suite(desk):
    outcome = drop(desk, "suite", put(desk, "outside.suite", SUITE))
    has_name(desk, "From outside")
    desk.wait(BUTTON, "Save")
    tap.point(outcome == "ended", "a suite that is dropped is edited", outcome)
    photograph("drops-1-suite")
    go_home(desk)


def drop_results(desk):
    """Two at once: each is a page, the last is seen"""
    outcome = drop(desk, "results", put(desk, "first.tap", TAP.replace("port 80", "port 81")),
                   put(desk, "second.tap", TAP))
    desk.wait(CELL, part="answers on port 8")
    tap.point(outcome == "ended", "results that are dropped are shown", outcome)
    photograph("drops-2-results")
    xdotool("key", "Escape")
    desk.wait(CELL, part="answers on port 8")
    go_home(desk)
    tap.point(True, "each on a page of its own")


def drop_disk(desk):
    outcome = drop(desk, "disk", put(desk, "small 2.0-x86_64.qcow2", b"QFI\xfb" + bytes(508)))
    desk.wait(BUTTON, "Import")
    tap.point(outcome == "ended", "a disk that is dropped is about to be imported", outcome)
    photograph("drops-3-disk")
    go_home(desk)


def drop_nonsense(desk):
    drop(desk, "nonsense", put(desk, "notes.txt", "hello\n"), desk.path("gone.tap"))
    desk.wait(LABEL, part="cannot be opened")
    tap.point(desk.find(BUTTON, "New Run"), "what cannot be opened says so, and the page stays")


def choose(desk, ears):
    xdotool("key", "ctrl+o")
    choose_path(desk, ears, put(desk, "chosen.suite", SUITE.replace("outside", "afar")), "drops-4-chooser")
    has_name(desk, "From afar")
    tap.point(True, "Ctrl+O, a path and Enter open a file")
    ears.wait_focus(Atspi.Role.LIST_ITEM)
    photograph("drops-5-chosen")
    go_home(desk)


with Desk() as here:
    heard = Ears()
    here.start()
    drag_and_leave(here)
    drop_suite(here)
    drop_results(here)
    drop_disk(here)
    drop_on_images(here)
    drop_nonsense(here)
    xdotool("mousemove", *MIDDLE)
    choose(here, heard)
    here.quit(tap)
    heard.close()
tap.exit()
