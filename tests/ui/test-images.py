#!/usr/bin/python3
"""test-images.py: the place of the images: fetched, checked, imported, removed in the real window

SPDX-License-Identifier: GPL-2.0-or-later

Needs a display, and traffic to 127.0.0.1. Photographs stay in CVM_TEST_ARTEFACTS. Prints TAP.
"""
import hashlib
import os
import random
import re
import subprocess
import sys

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap  # noqa: E402
from desk import SOURCE, Atspi, Desk, children, do, photograph, wait_for, xdotool  # noqa: E402

sys.path.insert(0, os.path.join(SOURCE, "tests", "peer"))
from image_server import Served, Server  # noqa: E402

LARGE = 4_000_000
ROWS = Atspi.Role.LIST_ITEM
BUTTON = Atspi.Role.PUSH_BUTTON
LABEL = Atspi.Role.LABEL
tap = Tap()


def disk(size, seed):
    """A raw disk with a partition table, whose bytes do not pack"""
    bytes_ = bytearray(random.Random(seed).randbytes(size // 512 * 512))
    bytes_[446:510] = b"\x80\0\2\0\x83\0\2\0\1\0\0\0\x20\0\0\0" + bytes(48)
    bytes_[510:512] = b"\x55\xaa"
    return bytes(bytes_)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def serve(server):
    """A catalogue of a file that takes its time, one that is not what is promised, and many more"""
    files = {"slow-1.0-x86_64.hdd": disk(LARGE, 1), "wrong-1.0-x86_64.hdd": disk(200_000, 2)}
    for name, body in files.items():
        server.files[name] = Served(body)
    sums = "%s  slow-1.0-x86_64.hdd\n%s  wrong-1.0-x86_64.hdd\n" % (
        sha256(files["slow-1.0-x86_64.hdd"]), "0" * 64)
    many = ["many-1.%d-x86_64.hdd" % n for n in range(3000)]
    page = "".join('<a href="%s">%s</a>\n' % (name, name)
                   for name in [*files, *many, "SHA256SUMS"])
    server.files["SHA256SUMS"] = Served(sums.encode())
    server.files[""] = Served(("<html>" + page).encode())


def settings(desk, server):
    folder = desk.path("config", "cvmtester")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "settings.ini"), "w") as file:
        file.write("# mine\n[Images]\nBudget=1M\n[Catalogue near]\nLocation=%s/trickle/\n"
                   "[Catalogue silent]\nLocation=%s/silent/\n" % (server.url, server.url))


def images(desk, *names):
    return desk.path("data", "cvmtester", "images", *names)


def row(desk, part):
    return desk.find(ROWS, part=part)


def wait_row(desk, part, seconds=20):
    return desk.wait(ROWS, part=part, seconds=seconds)


def go(desk, place):
    """By the sidebar, whose row has the place's name"""
    def chosen():
        for node in desk.nodes():
            if node.get_role() == ROWS and re.split("[:,]", node.get_name())[0] == place:
                return node
        return None
    node = wait_for("the place " + place, chosen, 20)
    node.get_component_iface().grab_focus()
    xdotool("key", "Return")


def fetch_with_a_break(desk, server):
    desk.press("Fetch: slow-1.0-x86_64")
    found = wait_for("progress", lambda: (lambda node: node and re.search(
        r": ([1-9]\d?) %", node.get_name()) and node)(row(desk, "slow-1.0")), 20)
    tap.point(True, "a fetch shows how far it is", found.get_name())
    photograph("images-2-fetching")
    desk.press("Cancel: slow-1.0-x86_64")
    wait_row(desk, "slow-1.0-x86_64, 1.0 · x86_64 · kvm: Partly here")
    photograph("images-3-cancelled")
    mark = len(server.requests)
    desk.press("Resume: slow-1.0-x86_64")
    done = wait_for("both rows", lambda: [n for n in desk.nodes() if n.get_role() == ROWS and
                                          "slow-1.0" in n.get_name() and
                                          re.search("Here|Checked", n.get_name())][1:], 30)
    ranges = [headers.get("range") for path, headers in server.since(mark)
              if path.endswith("slow-1.0-x86_64.hdd")]
    tap.point(ranges and ranges[0] and ranges[0] != "bytes=0-", "Resume goes on where it was cancelled",
              ranges)
    tap.point(os.path.exists(images(desk, "slow-1.0-x86_64.image")), "and the image is there", done)
    wait_row(desk, "Checked: Today")
    tap.point(True, "and said to be checked, since its checksum was")
    photograph("images-4-here")


def fetch_what_is_wrong(desk):
    desk.press("Fetch: wrong-1.0-x86_64")
    wait_row(desk, "wrong-1.0-x86_64, 1.0 · x86_64 · kvm: Damaged")
    button = desk.wait(BUTTON, "Fetch Again: wrong-1.0-x86_64")
    said = [node.get_name() for node in desk.nodes() if "SHA-256" in node.get_name()]
    tap.point(button and said, "a file with another checksum is damaged, and the row says why", said)
    tap.point(not os.path.exists(images(desk, "wrong-1.0-x86_64.image")), "it is no image")
    photograph("images-5-wrong")


def anywhere(node, role, part):
    """Also what is not scrolled to"""
    if node.get_role() == role and part in node.get_name():
        return node
    found = (anywhere(child, role, part) for child in children(node))
    return next((node for node in found if node), None)


def list_many(desk):
    newest = desk.wait(Atspi.Role.CHECK_BOX, "Newest only")
    rows = [node for node in desk.nodes() if node.get_role() == ROWS and "many-" in node.get_name()]
    tap.point(len(rows) == 1 and "many-1.2999" in rows[0].get_name(), "only the newest is listed",
              [node.get_name() for node in rows])
    do(newest)
    more = wait_for("more", lambda: anywhere(desk.find_window(), BUTTON, "Show 2"), 10)
    more.get_component_iface().grab_focus()
    tap.point("Show 2977 More" == more.get_name(), "of thousands a page of rows is made",
              more.get_name())
    photograph("images-6-many")
    xdotool("key", "ctrl+f")
    xdotool("type", "--delay", "5", "1.1234")
    wait_for("the one row", lambda: len([n for n in desk.nodes() if n.get_role() == ROWS and
                                         "many-" in n.get_name()]) == 1, 10)
    tap.point(row(desk, "many-1.1234"), "the search finds one of them")
    photograph("images-7-found")
    xdotool("key", "Escape")
    do(desk.wait(Atspi.Role.CHECK_BOX, "Newest only"))


def damage(desk):
    """A byte of the disk changes: a check finds it"""
    with open(images(desk, "slow-1.0-x86_64.image")) as file:
        path = images(desk, re.search("^Disk=(.*)$", file.read(), re.M)[1])
    os.chmod(path, 0o644)
    with open(path, "r+b") as file:
        file.seek(1_000_000)
        file.write(b"?")
    open_menu(desk)
    desk.press("Check All Bytes")
    wait_row(desk, "MB: Damaged")
    desk.wait(Atspi.Role.LABEL, part="has another checksum")
    tap.point(True, "a check of all bytes finds one that changed")
    photograph("images-8-damaged")


def open_menu(desk):
    do(desk.wait(BUTTON, "More: slow-1.0-x86_64"))


def import_file(desk):
    """A file of this computer, handed over by a second start"""
    path = desk.path("mine-3.0-x86_64.img")
    with open(path, "wb") as file:
        file.write(disk(100_000, 3))
    subprocess.run([os.environ["CVM_APP"], path], env=desk.env, timeout=30, check=True)
    other = desk.path("other-3.0-x86_64.img")
    with open(other, "wb") as file:
        file.write(disk(100_000, 5))
    desk.wait(LABEL, path)
    subprocess.run([os.environ["CVM_APP"], other], env=desk.env, timeout=30, check=True)
    desk.wait(LABEL, other)
    desk.press("Back")
    desk.wait(LABEL, path)
    tap.point(True, "each of two files has a page of its own")
    name = field(desk, "Name")
    put(name, "no good name")
    desk.wait(Atspi.Role.NOTIFICATION, part="letters, digits")
    button = desk.wait(BUTTON, "Import")
    tap.point(not button.get_state_set().contains(Atspi.StateType.SENSITIVE),
              "a name that cannot be is told while it is typed")
    photograph("images-10-bad-name")
    put(name, "mine")
    put(field(desk, "Memory"), "128")
    desk.press("Import")
    wait_row(desk, "mine, ")
    tap.point(os.path.exists(images(desk, "mine.image")), "an import comes into the list")
    photograph("images-11-imported")
    with open(path, "wb") as file:
        file.write(disk(100_000, 4))
    subprocess.run([os.environ["CVM_APP"], path], env=desk.env, timeout=30, check=True)
    put(field(desk, "Name"), "mine")
    desk.press("Import")
    desk.wait(LABEL, part="there is another image called mine")
    desk.press("Dismiss: mine")
    wait_for("no row for it", lambda: not desk.find(BUTTON, "Dismiss: mine"), 10)
    tap.point(row(desk, "mine, "), "an import that fails says why, and is dismissed")


def field(desk, name):
    def shown():
        for node in desk.nodes():
            if node.get_role() == Atspi.Role.TEXT and node.get_name() == name:
                return node
        return None
    return wait_for("the field " + name, shown, 10)


def put(node, text):
    assert node.get_editable_text_iface().set_text_contents(text), text


def edit_settings(desk):
    """In the image's file, whose comments stay"""
    path = images(desk, "mine.image")
    with open(path, "a") as file:
        file.write("# by hand\n")
    found = wait_row(desk, "mine, ")
    found.get_component_iface().grab_focus()
    xdotool("key", "Return")
    desk.wait(LABEL, "Settings")
    desk.wait(Atspi.Role.COMBO_BOX, "Hypervisor to prepare the image for")
    photograph("images-12-details")
    put(field(desk, "Memory"), "8")
    desk.wait(Atspi.Role.NOTIFICATION, part="16 to")
    put(field(desk, "Memory"), "256")
    desk.press("Save")
    text = wait_for("the file", lambda: (lambda text: "Memory=256" in text and text)(
        open(path).read()), 10)
    tap.point("# by hand" in text, "a setting is written into the file, where all else stays", text)
    desk.press("Back")


def make_room(desk):
    desk.wait(LABEL, part=" of ")
    desk.press("Make Room")
    desk.wait(LABEL, part="removed")
    left = [n.get_name() for n in desk.nodes() if n.get_role() == ROWS and "4.0" in n.get_name()]
    tap.point(not left, "Make Room removes as many as the budget asks for", left)
    photograph("images-13-room")
    desk.press("Undo")


def change_catalogues(desk, server):
    desk.press("Remove the catalogue silent")
    settings_ini = desk.path("config", "cvmtester", "settings.ini")
    text = wait_for("the settings", lambda: (lambda text: "silent" not in text and text)(
        open(settings_ini).read()), 10)
    tap.point(text.startswith("# mine\n[Images]\n"), "a catalogue is removed; all else stays", text)
    do(desk.wait(Atspi.Role.TOGGLE_BUTTON, "Add Catalogue"))
    put(field(desk, "Name of the catalogue"), "broken")
    put(field(desk, "Address of the catalogue"), "nonsense")
    desk.wait(LABEL, part="an address is")
    photograph("images-14-catalogue")
    put(field(desk, "Address of the catalogue"), server.url + "/forbidden/")
    desk.press("Add")
    desk.wait(LABEL, part="403")
    desk.wait(BUTTON, "Try Again")
    tap.point(True, "one that does not answer says so in its own place")
    photograph("images-15-refused")


def remove_what_stays(desk):
    """From a folder that nothing can be taken from: the row comes back, and says why"""
    os.chmod(images(desk), 0o555)
    open_menu(desk)
    desk.press("Remove")
    desk.wait(LABEL, part="removed")
    wait_for("no row", lambda: not row(desk, "MB: Damaged"), 10)
    wait_row(desk, "MB: Damaged")
    said = desk.wait(LABEL, part="Cannot remove").get_name()
    os.chmod(images(desk), 0o755)
    tap.point(True, "what cannot be removed is shown again, with the reason", said)
    photograph("images-16-stays")


def remove_with_undo(desk):
    open_menu(desk)
    desk.press("Remove")
    desk.wait(Atspi.Role.LABEL, part="removed")
    tap.point(os.path.exists(images(desk, "slow-1.0-x86_64.image")), "what is removed is still there")
    photograph("images-9-removed")
    desk.press("Undo")
    wait_row(desk, "MB: Damaged")
    tap.point(True, "Undo brings its row back")
    open_menu(desk)
    desk.press("Remove")
    desk.wait(Atspi.Role.LABEL, part="removed")
    xdotool("key", "ctrl+q")
    desk.wait_end(20)
    tap.point(not os.path.exists(images(desk, "slow-1.0-x86_64.image")),
              "without it the image is gone, even when the program ends at once")
    tap.point(desk.process.returncode == 0 and not desk.leaks(), "nothing leaked",
              desk.process.returncode, desk.leaks())


def never_blocks(desk, server):
    """A catalogue that stalls, one of thousands, a fetch that stops halfway; scrolled and searched"""
    desk.start()
    wait_for("the place", lambda: any("Images" in n.get_name() for n in desk.nodes()), 20)
    with desk.no_gap(0.1, "catalogues that stall, and thousands of rows"):
        go(desk, "Images")
        wait_row(desk, "many-1.2999")
        desk.press("Fetch: slow-1.0-x86_64")
        do(desk.wait(Atspi.Role.CHECK_BOX, "Newest only"))
        wait_row(desk, "many-1.2998")
        for key in ("Tab", "Tab", "End", "Home", "Page_Down", "Page_Down", "Page_Up"):
            xdotool("key", key)
        xdotool("key", "ctrl+f")
        xdotool("type", "--delay", "20", "1.12")
        wait_row(desk, "many-1.1299")
        xdotool("key", "Escape")
        wait_row(desk, "many-1.2999")
    tap.point(True, "the window answers within 100 ms all the while")
    xdotool("key", "ctrl+q")
    desk.wait_end(30)


near = Server()
try:
    serve(near)
    with Desk() as here:
        settings(here, near)
        here.start()
        go(here, "Images")
        wait_row(here, "slow-1.0")
        tap.point(here.find(LABEL, "silent"), "a catalogue that does not answer keeps no other waiting")
        photograph("images-1-listed")
        fetch_with_a_break(here, near)
        fetch_what_is_wrong(here)
        list_many(here)
        change_catalogues(here, near)
        import_file(here)
        edit_settings(here)
        make_room(here)
        damage(here)
        remove_what_stays(here)
        remove_with_undo(here)
    near.counts.clear()
    with Desk(probe=True) as here:
        settings(here, near)
        never_blocks(here, near)
finally:
    near.close()
tap.exit()
