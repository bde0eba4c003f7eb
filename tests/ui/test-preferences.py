#!/usr/bin/python3
"""test-preferences.py: the preferences, read and written while others edit the same files

SPDX-License-Identifier: GPL-2.0-or-later

Photographs stay in CVM_TEST_ARTEFACTS. Prints TAP.
"""
import os
import sys

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap  # noqa: E402
from desk import Atspi, Desk, GLib, children, do, photograph, wait_for, walk, xdotool  # noqa: E402

tap = Tap()
SETTINGS = "# mine\n[Runs]\nJobs=3\n[Catalogue lab]\n# theirs\nLocation=/srv/lab\n"


def nodes(desk):
    application = desk.application()
    return [node for frame in children(application) for node in walk(frame)] if application else []


def find(desk, role, name=None, part=""):
    for node in nodes(desk):
        try:
            if node.get_role() == role and name in (None, node.get_name()) and part in node.get_name():
                return node
        except GLib.Error:
            continue
    return None


def wait(desk, role, name=None, part="", seconds=20):
    return wait_for("%s %s" % (role.value_nick, name or part), lambda: find(desk, role, name, part), seconds)


def press(desk, name):
    do(wait(desk, Atspi.Role.PUSH_BUTTON, name))


def read(desk, name):
    try:
        with open(desk.path("config", "cvmtester", name)) as file:
            return file.read()
    except FileNotFoundError:
        return ""


def wait_for_line(desk, name, line):
    wait_for(line, lambda: line in read(desk, name).split("\n"), 20)


def set_number(desk, name, number):
    face = wait(desk, Atspi.Role.SPIN_BUTTON, name)
    assert face.get_value_iface().set_current_value(number), name


def turn_to(desk, page):
    do(wait(desk, Atspi.Role.RADIO_BUTTON, page))


def fill(desk, label, text):
    for node in nodes(desk):
        if node.get_role() == Atspi.Role.TEXT:
            for relation in node.get_relation_set():
                if (relation.get_relation_type() == Atspi.RelationType.LABELLED_BY
                        and relation.get_target(0).get_name() == label):
                    return node.get_editable_text_iface().set_text_contents(text)
    raise AssertionError("no entry " + label)


def general(desk):
    xdotool("key", "ctrl+comma")
    jobs = wait(desk, Atspi.Role.SPIN_BUTTON, "Jobs at once")
    wait_for("what the file says", lambda: jobs.get_value_iface().get_current_value() == 3, 10)
    photograph("preferences-0-general")
    set_number(desk, "Jobs at once", 5)
    wait_for_line(desk, "settings.ini", "Jobs=5")
    do(wait(desk, Atspi.Role.TOGGLE_BUTTON, "Keep guests that failed"))
    wait_for_line(desk, "settings.ini", "KeepFailed=true")
    kept = read(desk, "settings.ini")
    tap.point(kept.startswith("# mine\n[Runs]\nJobs=5\n") and "# theirs\nLocation=/srv/lab\n" in kept,
              "a change is written at once, and nothing else is lost", kept)


def catalogues(desk):
    turn_to(desk, "Images")
    set_number(desk, "Disk budget", 200)
    wait_for_line(desk, "settings.ini", "Budget=200G")
    wait(desk, Atspi.Role.LIST_ITEM, part="lab, /srv/lab")
    photograph("preferences-1-images")
    press(desk, "Remove “lab”")
    wait(desk, Atspi.Role.LIST_ITEM, part="“lab” removed")
    press(desk, "Undo")
    wait(desk, Atspi.Role.LIST_ITEM, part="lab, /srv/lab")
    tap.point("[Catalogue lab]\n# theirs\n" in read(desk, "settings.ini"), "a removal is taken back to the byte")


def servers(desk):
    turn_to(desk, "Reports")
    press(desk, "Add Server…")
    fill(desk, "Name", "cern")
    fill(desk, "Receiver", "nonsense:x")
    press(desk, "Save")
    wrong = wait(desk, Atspi.Role.LABEL, part="nonsense").get_name()
    tap.point("[Server cern]" not in read(desk, "servers.ini"), "what is no address is told, and not written", wrong)
    photograph("preferences-2-wrong")
    fill(desk, "Receiver", "tapper.example:7357")
    press(desk, "Save")
    wait(desk, Atspi.Role.LIST_ITEM, part="cern, default")
    tap.point("[Server cern]" in read(desk, "servers.ini"), "a server is added, the first as the default",
              read(desk, "servers.ini"))
    photograph("preferences-3-server")
    press(desk, "Remove “cern”")
    wait(desk, Atspi.Role.LIST_ITEM, part="“cern” removed")
    turn_to(desk, "Passwords")
    wait_for("the keyring, or that there is none", lambda: find(desk, Atspi.Role.LABEL, "None.")
             or find(desk, Atspi.Role.LABEL, part="no keyring answers"), 20)
    photograph("preferences-4-passwords")


def closed(desk):
    xdotool("key", "Escape")
    wait_for("no preferences", lambda: not find(desk, Atspi.Role.RADIO_BUTTON, "Passwords"), 20)
    wait_for("the server gone", lambda: "[Server cern]" not in read(desk, "servers.ini"), 20)
    tap.point(True, "a removal is done at the latest when the window closes")


def end(desk):
    desk.quit(tap)


def shortcuts(desk):
    """In a program of their own, whose end is not looked at: when GtkShortcutsWindow is destroyed
    while a screen reader listens, GTK 3.24 warns about its own accessible"""
    xdotool("key", "ctrl+question")
    wait(desk, Atspi.Role.LABEL, "New run")
    photograph("preferences-5-shortcuts")
    xdotool("key", "Escape")
    wait_for("no shortcuts", lambda: not find(desk, Atspi.Role.LABEL, "New run"), 20)
    tap.point(True, "the shortcuts are shown")


with Desk() as here:
    os.makedirs(here.path("config", "cvmtester"))
    with open(here.path("config", "cvmtester", "settings.ini"), "w") as file:
        file.write(SETTINGS)
    here.start()
    general(here)
    catalogues(here)
    servers(here)
    closed(here)
    end(here)
with Desk() as here:
    here.start()
    shortcuts(here)
tap.exit()
