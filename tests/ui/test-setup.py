#!/usr/bin/python3
"""test-setup.py: what this computer lacks is listed, and mended by a command that is shown first

SPDX-License-Identifier: GPL-2.0-or-later

qemu-img and sudo are the test's own: a sudo that tells what it was asked to run, and makes a
qemu-img. Photographs stay in CVM_TEST_ARTEFACTS. Prints TAP.
"""
import os
import sys

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap  # noqa: E402
from desk import Atspi, Desk, GLib, photograph, read, wait_for, xdotool  # noqa: E402

SUDO = """#!/bin/sh
printf '%s\\n' "$*" > "$(dirname "$0")/asked"
printf '#!/bin/sh\\necho qemu-img version 0\\n' > "$(dirname "$0")/qemu-img"
chmod +x "$(dirname "$0")/qemu-img"
"""
tap = Tap()


def write(path, text):
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, 0o755)


def prepare(desk):
    """A PATH of the test's own, that has no qemu-img"""
    folder = desk.path("bin")
    os.mkdir(folder)
    write(os.path.join(folder, "sudo"), SUDO)
    for name in ("sh", "dirname", "chmod"):
        os.symlink("/bin/" + name, os.path.join(folder, name))
    desk.env["PATH"] = folder
    return folder


def name_of(node):
    """A row may go while it is looked at"""
    try:
        return node.get_name() if node.get_role() == Atspi.Role.LIST_ITEM else ""
    except GLib.Error:
        return ""


def row(desk, *parts, seconds=30):
    return wait_for("a row with " + ", ".join(parts), lambda: next(
        (node for node in desk.nodes() if all(part in name_of(node) for part in parts)), None), seconds)


def go_to_setup(desk):
    place = desk.wait(Atspi.Role.LIST_ITEM, part="Set-Up")
    place.get_component_iface().grab_focus()
    xdotool("key", "Return")


def text_with(desk, part):
    return desk.wait(Atspi.Role.LABEL, part=part).get_name()


def press_mend(desk):
    """The button of the row about qemu-img"""
    line = row(desk, "qemu-img: failed")
    buttons = [line.get_child_at_index(i) for i in range(line.get_child_count())]
    button = next(node for node in buttons if node.get_role() == Atspi.Role.PUSH_BUTTON)
    button.get_action_iface().do_action(0)


def mend(desk, folder):
    asked = os.path.join(folder, "asked")
    press_mend(desk)
    command = text_with(desk, "sudo ")
    photograph("setup-1-command")
    tap.point("qemu" in command and not os.path.exists(asked), "the command is shown before it runs", command)
    desk.press("Run in Terminal")
    words = wait_for("the command", lambda: read(asked).strip(), 20)
    tap.point("sudo " + words == command, "what was shown is what is run", words)
    row(desk, "qemu-img: passed", "version 0")
    photograph("setup-2-mended")
    tap.point(True, "and it is looked at again")


def main():
    with Desk() as desk:
        folder = prepare(desk)
        desk.start()
        go_to_setup(desk)
        failed = row(desk, "qemu-img: failed").get_name()
        tap.point("To mend it: " in failed, "a check that fails says how to mend it", failed)
        row(desk, "Memory: passed", "GiB")
        text_with(desk, "missing for running guests")
        photograph("setup-0-list")
        runs = desk.runs()
        tap.point(not runs, "looking is no run of the user's", runs)
        mend(desk, folder)
        desk.quit(tap)
    tap.exit()


main()
