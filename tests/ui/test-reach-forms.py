#!/usr/bin/python3
"""test-reach-forms.py: Tab comes to every control of what is filled in: the host form, signing in,
the import of an image and the pages of the preferences; each has a name, and keys alone fill it in,
and choose the files to import and to export

SPDX-License-Identifier: GPL-2.0-or-later

The host is libvirt's test driver, which asks for a password. Needs a display; no guest. Prints TAP.
"""
import os
import sys

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap  # noqa: E402
from chooser import choose_path  # noqa: E402
from desk import Atspi, Desk, read, text_of, wait_for, walk, xdotool  # noqa: E402
from ears import Ears  # noqa: E402
from reach import AT_MOST, BUTTON, ROW, Reach, find_in_front, front  # noqa: E402
from runs import Run  # noqa: E402

TEXT, SECRET, RADIO = Atspi.Role.TEXT, Atspi.Role.PASSWORD_TEXT, Atspi.Role.RADIO_BUTTON
LOCKED = "<node><auth><user password='sesame'>ali</user></auth><cpu><nodes>1</nodes></cpu></node>"
PAGES = (("Images", "Add Catalogue…"), ("Reports", "Add Server…"))    # of the preferences, and what opens a form
tap = Tap()


def prepare(desk):
    config = desk.path("config", "cvmtester")
    os.makedirs(config)
    for path, content in ((desk.path("small.qcow2"), b"QFI\xfb" + bytes(508)),
                          (desk.path("locked.xml"), LOCKED.encode()),
                          (os.path.join(config, "servers.ini"), b"[Server lab]\nReceiver=tapper.invalid:7357\n"),
                          (os.path.join(config, "settings.ini"), b"[Catalogue lab]\nLocation=/srv/lab\n")):
        with open(path, "wb") as file:
            file.write(content)


def write_run(desk):
    run = Run(desk, "2026-11-20T101112Z-beef", "Exported")
    run.begin_job("01", [("start", "The guest starts", False)])
    run.case("01", 1, "start")
    run.end_job("01")
    run.close()


def is_of(node, label):
    """Whether a label with a mnemonic is of that entry"""
    return any(relation.get_relation_type() == Atspi.RelationType.LABELLED_BY
               and relation.get_target(0).get_name() == label for relation in node.get_relation_set())


def tab_to_entry(ears, label):
    for _ in range(AT_MOST):
        last = ears.focus
        xdotool("key", "Tab")
        wait_for("the focus to leave " + ears.tell(), lambda: ears.focus != last and ears.has_focus(), 10)
        if is_of(ears.focus, label):
            return ears.focus
    raise AssertionError("no Tab comes to " + label)


def fill(ears, label, text):
    entry = tab_to_entry(ears, label)
    xdotool("key", "ctrl+a")
    xdotool("type", "--delay", "20", text)
    wait_for(text, lambda: text_of(entry) == text or entry.get_role() == SECRET, 20)


def export_run(desk, ears):
    """By the run's menu and a path that is typed; its ending is the format"""
    desk.wait(ROW, part="Boots and answers")
    ears.tab_to(ROW, "Boots and answers", AT_MOST)
    xdotool("key", "Return")
    desk.wait(Atspi.Role.TOGGLE_BUTTON, "Run Menu")
    ears.tab_to(Atspi.Role.TOGGLE_BUTTON, "Run Menu", AT_MOST)
    xdotool("key", "space")
    ears.tab_to(BUTTON, "Export…", AT_MOST)
    xdotool("key", "space")
    path = desk.path("night.tap")
    choose_path(desk, ears, path, "reach-Export-chooser")
    wait_for("the file", lambda: read(path).startswith("TAP version 13"), 20)
    tap.point("ok 1 - start" in read(path), "keys alone export a run", read(path))
    xdotool("key", "Escape")
    desk.wait(BUTTON, "New Run")


def import_disk(desk, ears, reach):
    ears.tab_to(ROW, "Runs", AT_MOST)
    xdotool("key", "Down")
    ears.wait_focus(ROW, "Images")
    ears.tab_to(BUTTON, "Import…", AT_MOST)
    xdotool("key", "space")
    choose_path(desk, ears, desk.path("small.qcow2"), "reach-Import-chooser")
    desk.wait(BUTTON, "Import")
    ears.wait_focus(TEXT)
    reach.look("Import")
    xdotool("key", "Escape")
    ears.wait_focus(BUTTON, "Import…")
    tap.point(True, "keys alone choose what is imported, and lead back")


def add_host(desk, ears, reach):
    ears.tab_to(ROW, "Images", AT_MOST)
    for place in ("Suites", "Hosts"):
        xdotool("key", "Down")
        ears.wait_focus(ROW, place)
    ears.tab_to(BUTTON, "Add Host…", AT_MOST)
    xdotool("key", "space")
    desk.wait(BUTTON, "Try Connection")
    ears.wait_focus(TEXT)
    reach.look("Host form empty")
    fill(ears, "URI", "test://" + desk.path("locked.xml"))
    reach.look("Host form")


def give_focus(desk, button):
    """To the dialog in front with that button. Where there is no window manager, the pointer gives it"""
    find_in_front(desk, BUTTON, button)
    place = wait_for("a place on the screen", lambda: front(desk).get_component_iface().get_extents(
        Atspi.CoordType.SCREEN), 10)
    xdotool("mousemove", place.x + place.width // 2, place.y + place.height // 2)


def sign_in(desk, ears, reach):
    ears.tab_to(BUTTON, "Try Connection", AT_MOST)
    xdotool("key", "space")
    give_focus(desk, "Sign In")
    ears.wait_focus(TEXT)
    xdotool("type", "--delay", "20", "ali")
    fill(ears, "Password", "wrong")
    reach.look("Sign in")
    ears.tab_to(BUTTON, "Sign In", AT_MOST)
    xdotool("key", "space")
    wait_for("a complaint", lambda: any("It did not take this" in node.get_name() for node in walk(front(desk))), 20)
    xdotool("key", "Escape")
    ears.wait_focus(BUTTON, "Try Connection")
    tap.point(True, "what did not sign in is where it was")
    xdotool("key", "Escape")
    desk.wait(BUTTON, "Add Host…")


def remove_and_undo(ears):
    ears.tab_to(BUTTON, "Remove “lab”", AT_MOST)
    xdotool("key", "space")
    ears.wait_focus(BUTTON, "Undo")
    xdotool("key", "space")
    ears.wait_focus(ROW, "lab")
    tap.point(True, "the focus goes with what is removed, and comes back with it")


def see_preferences(desk, ears, reach):
    xdotool("key", "ctrl+comma")
    find_in_front(desk, RADIO, "Images")
    for page, button in PAGES:
        ears.tab_to(RADIO, page, AT_MOST)
        xdotool("key", "space")
        find_in_front(desk, BUTTON, button)
        reach.look("Preferences " + page)
        ears.tab_to(BUTTON, button, AT_MOST)
        xdotool("key", "space")
        ears.wait_focus(TEXT)
        reach.look("Preferences %s form" % page)
        ears.tab_to(BUTTON, "Cancel", AT_MOST)
        xdotool("key", "space")
        ears.wait_focus(BUTTON, button)
        tap.point(True, "%s: what was not added is where it was" % page)
    remove_and_undo(ears)
    ears.tab_to(RADIO, "Passwords", AT_MOST)
    xdotool("key", "space")
    reach.look("Preferences Passwords")
    xdotool("key", "Escape")
    desk.wait(BUTTON, "Add Host…")


with Desk() as here:
    heard = Ears()
    prepare(here)
    write_run(here)
    here.start()
    around = Reach(tap, here, heard)
    export_run(here, heard)
    import_disk(here, heard, around)
    add_host(here, heard, around)
    sign_in(here, heard, around)
    see_preferences(here, heard, around)
    here.quit(tap)
    heard.close()
tap.exit()
