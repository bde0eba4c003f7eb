#!/usr/bin/python3
"""test-hosts.py: hosts are added, tried, signed in to and removed in the real window

SPDX-License-Identifier: GPL-2.0-or-later

One of them never answers, and one wants a password. Photographs stay in CVM_TEST_ARTEFACTS.
Prints TAP.
"""
import glob
import os
import socket
import sys
import time

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap  # noqa: E402
from desk import SOURCE, Atspi, Desk, GLib, children, do, photograph, text_of, wait_for, walk, xdotool  # noqa: E402

LOCKED = "<node><auth><user password='sesame'>ali</user></auth><cpu><nodes>1</nodes></cpu></node>"
tap = Tap()


def all_nodes(desk):
    """Of the window and of what lies over it"""
    application = desk.application()
    return [node for frame in children(application) for node in walk(frame)] if application else []


def find(desk, role, name=None, part=None):
    for node in all_nodes(desk):
        if node.get_role() == role and name in (None, node.get_name()) and (part or "") in node.get_name():
            return node
    return None


def wait(desk, role, name=None, part=None, seconds=20):
    return wait_for("%s %s" % (role.value_nick, name or part), lambda: find(desk, role, name, part), seconds)


def press(desk, name):
    def sensitive():
        button = find(desk, Atspi.Role.PUSH_BUTTON, name)
        return button if button and button.get_state_set().contains(Atspi.StateType.SENSITIVE) else None
    do(wait_for("the button " + name, sensitive, 20))


def entry_of(desk, label):
    """The entry that a label with a mnemonic is of"""
    for node in all_nodes(desk):
        if node.get_role() in (Atspi.Role.TEXT, Atspi.Role.PASSWORD_TEXT, Atspi.Role.SPIN_BUTTON):
            for relation in node.get_relation_set():
                if (relation.get_relation_type() == Atspi.RelationType.LABELLED_BY
                        and relation.get_target(0).get_name() == label):
                    return node
    return None


def fill(desk, label, text):
    entry = wait_for("the entry " + label, lambda: entry_of(desk, label), 20)
    entry.get_editable_text_iface().set_text_contents(text)


def go(desk, place):
    row = desk.wait(Atspi.Role.LIST_ITEM, part=place)
    row.get_component_iface().grab_focus()
    xdotool("key", "Return")


def name_of(node):
    """A row may go while it is looked at"""
    try:
        return node.get_name() if node.get_role() == Atspi.Role.LIST_ITEM else ""
    except GLib.Error:
        return ""


def row(desk, *parts, seconds=20):
    return wait_for("a row with " + ", ".join(parts), lambda: next(
        (node for node in desk.nodes() if all(part in name_of(node) for part in parts)), None), seconds)


def hosts_ini(desk):
    try:
        with open(desk.path("config", "cvmtester", "hosts.ini")) as file:
            return file.read()
    except FileNotFoundError:
        return ""


def expand(node):
    node.get_component_iface().grab_focus()
    xdotool("key", "Return")


def add(desk, uri, title):
    desk.press("Add Host…")
    desk.wait(Atspi.Role.PUSH_BUTTON, "Try Connection")
    fill(desk, "Computer", "lab-3")
    fill(desk, "Account", "me")
    shown = text_of(entry_of(desk, "URI"))
    tap.point(shown == "qemu+ssh://me@lab-3/system", "the form shows the URI that it makes", shown)
    fill(desk, "URI", uri)
    fill(desk, "Title", title)


def count(desk, place, seconds=20):
    """How much is in it, by its row in the sidebar; 0 where that does not say"""
    name = desk.wait(Atspi.Role.LIST_ITEM, part=place, seconds=seconds).get_name()
    return int(name.partition(": ")[2].split(",")[0] or 0)


def wait_count(desk, place, n):
    wait_for("%d in %s" % (n, place), lambda: count(desk, place) == n, 20)


def prepare(desk):
    images = desk.path("data", "cvmtester", "images")
    os.makedirs(images)
    for name in ("one", "two"):
        with open(os.path.join(images, name + ".image"), "w") as file:
            file.write("rubbish")


def count_places(desk):
    """Before any of them was looked at"""
    suites = len(glob.glob(os.path.join(SOURCE, "data", "suites", "*.suite")))
    wait_count(desk, "Images", 2)
    wait_count(desk, "Suites", suites)
    wait_for("hosts in the sidebar", lambda: count(desk, "Hosts") > 0, 20)
    tap.point(count(desk, "Reports") == 0, "the sidebar tells how much is in each place at once")


def count_again(desk):
    """What was made meanwhile, when the places are seen again"""
    n = count(desk, "Suites")
    xdotool("key", "ctrl+n")
    desk.wait(Atspi.Role.PUSH_BUTTON, "Start")
    folder = desk.path("config", "cvmtester", "suites")
    os.makedirs(folder)
    with open(os.path.join(folder, "mine.suite"), "w") as file:
        file.write("[Suite]\nName=Mine\nVersion=1\n")
    xdotool("key", "Escape")
    wait_count(desk, "Suites", n + 1)
    tap.point(True, "and counts anew when one comes back")


def found_ones(desk):
    n = count(desk, "Hosts")
    go(desk, "Hosts")
    known = row(desk, "libvirt's Test Driver", "1 guest")
    tap.point("test:///default" in known.get_name(), "what is found is there, and how busy it is", known.get_name())
    expand(known)
    row(desk, "It offers: test", "processors")
    tap.point(count(desk, "Hosts") == n, "and as many as were counted", (n, count(desk, "Hosts")))
    photograph("hosts-0-found")


def another_one(desk, port):
    """What is tried last is what is told of, though the one before is away for longer"""
    desk.press("Add Host…")
    desk.wait(Atspi.Role.PUSH_BUTTON, "Try Connection")
    fill(desk, "URI", "qemu+tcp://127.0.0.1:%d/system" % port)
    desk.press("Try Connection")
    desk.wait(Atspi.Role.LABEL, "Looking…")
    fill(desk, "URI", "test:///default")
    wait_for("nothing", lambda: not desk.find(Atspi.Role.LABEL, "Looking…"), 10)
    desk.press("Try Connection")
    desk.wait(Atspi.Role.LABEL, "It answers: TEST")
    over = time.monotonic() + 10     # the other is given up after 8
    wait_for("a while", lambda: time.monotonic() > over, 12)
    tap.point(desk.find(Atspi.Role.LABEL, "It answers: TEST"), "what is told is the answer to what is asked")
    photograph("hosts-1-another")
    xdotool("key", "Escape")
    desk.wait(Atspi.Role.PUSH_BUTTON, "Add Host…")


def silent_one(desk, port):
    add(desk, "nonsense", "Silent")
    wrong = desk.wait(Atspi.Role.LABEL, part="no libvirt URI").get_name()
    save = find(desk, Atspi.Role.PUSH_BUTTON, "Save")
    tap.point(not save.get_state_set().contains(Atspi.StateType.SENSITIVE), "what is no URI cannot be saved", wrong)
    fill(desk, "URI", "qemu+tcp://127.0.0.1:%d/system" % port)
    photograph("hosts-1-form")
    desk.press("Save")
    row(desk, "Silent", "Looking…")
    row(desk, "libvirt's Test Driver", "1 guest")
    tap.point(True, "one that hangs keeps no other waiting")
    photograph("hosts-2-looking")
    with desk.no_gap(0.1, "a host that never answers"):
        over = time.monotonic() + 3
        wait_for("a while", lambda: time.monotonic() > over, 5)
    away = row(desk, "Silent", "Does not answer", seconds=30)
    tap.point("[Host silent]" in hosts_ini(desk), "it is saved", hosts_ini(desk))
    row(desk, "It does not answer: ", "Check that libvirtd runs there")
    tap.point(away is not None, "and says what can be done")
    photograph("hosts-3-silent")


def sign_in(desk, password, name):
    fill(desk, "Name", "ali")
    fill(desk, "Password", password)
    photograph(name)
    press(desk, "Sign In")


def locked_one(desk):
    path = desk.path("locked.xml")
    with open(path, "w") as file:
        file.write(LOCKED)
    add(desk, "test://" + path, "Locked")
    desk.press("Try Connection")
    sign_in(desk, "wrong", "hosts-4-sign-in")
    wait(desk, Atspi.Role.LABEL, part="It did not take this")
    sign_in(desk, "sesame", "hosts-5-again")
    desk.wait(Atspi.Role.LABEL, "It answers: TEST")
    photograph("hosts-6-answers")
    tap.point(True, "the window asks for the password, twice where it is wrong")
    desk.press("Save")
    row(desk, "Locked", "guest")
    tap.point("sesame" not in hosts_ini(desk), "it is not asked again, and not written down", hosts_ini(desk))


def undo_and_remove(desk):
    n = count(desk, "Hosts")
    desk.press("Remove")
    wait_count(desk, "Hosts", n - 1)
    wait_for("no row", lambda: not any("Locked," in name_of(node) for node in desk.nodes()), 10)
    photograph("hosts-7-removed")
    desk.press("Undo")
    row(desk, "Locked", "guest")
    wait_count(desk, "Hosts", n)
    tap.point("[Host locked]" in hosts_ini(desk), "a removal is taken back", hosts_ini(desk))
    desk.press("Remove")
    wait_for("no row", lambda: not any("Locked," in name_of(node) for node in desk.nodes()), 10)
    with desk.slow_disk():
        before = desk.n_waited()
        xdotool("key", "ctrl+q")
        wait_for("the removal to wait for the disk", lambda: desk.n_waited() > before, 20)
        tap.point(not desk.ends_within(3), "a removal is waited for when the window goes")
    desk.wait_end(60)
    tap.point("[Host locked]" not in hosts_ini(desk) and "[Host silent]" in hosts_ini(desk),
              "and is done at the latest when the window goes", hosts_ini(desk))
    tap.point(desk.process.returncode == 0, "it ends well", desk.process.returncode)
    tap.point(not desk.leaks(), "and nothing leaked", desk.leaks())


with socket.create_server(("127.0.0.1", 0)) as server, Desk(probe=True) as here:
    prepare(here)
    here.set_slow_disk("config", "cvmtester", "hosts.ini")
    here.start()
    count_places(here)
    count_again(here)
    found_ones(here)
    expand(row(here, "libvirt's Test Driver"))
    another_one(here, server.getsockname()[1])
    silent_one(here, server.getsockname()[1])
    expand(row(here, "Silent"))
    locked_one(here)
    undo_and_remove(here)
tap.exit()
