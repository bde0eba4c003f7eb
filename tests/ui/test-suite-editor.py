#!/usr/bin/python3
"""test-suite-editor.py: a suite is made, saved, changed by another editor, reopened and tried

SPDX-License-Identifier: GPL-2.0-or-later

Needs CVM_TEST_DEMO (the demo guest's folder), an ordinary user, libvirt's session and a display.
Photographs stay in CVM_TEST_ARTEFACTS. Prints TAP.
"""
import glob
import os
import sys
import time

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap, journal, virsh  # noqa: E402
from desk import (Atspi, Desk, do, photograph, text_of, wait_for, xdotool)  # noqa: E402

COMMENT = "# written by another editor"
ROLE = Atspi.Role

tap = Tap()


def suite_path(desk):
    return desk.path("config", "cvmtester", "suites", "my-suite.suite")


def read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def go_to_suites(desk):
    row = desk.wait(ROLE.LIST_ITEM, part="Suites")
    row.get_component_iface().grab_focus()
    row.get_parent().get_selection_iface().select_child(row.get_index_in_parent())
    return desk.wait(ROLE.LIST_ITEM, part="Demo appliance")


def told(desk, text):
    """A message under a row"""
    return desk.find(ROLE.NOTIFICATION, text)


def field(desk, name):
    return desk.wait(ROLE.TEXT, name)


def fill(desk, name, text):
    assert field(desk, name).get_editable_text_iface().set_text_contents(text), name


def select(desk, part):
    """A part of the outline, by its name"""
    row = desk.wait(ROLE.LIST_ITEM, part=part)
    row.get_component_iface().grab_focus()
    row.get_parent().get_selection_iface().select_child(row.get_index_in_parent())


def outline(desk):
    """The ids of preconditions and cases, in their order"""
    box = desk.wait(ROLE.LIST_BOX, "Parts of the suite")
    names = [box.get_child_at_index(i).get_name() for i in range(box.get_child_count())]
    return [name.split(", ")[1].split(" · ")[0] for name in names if " · " in name]


def add_check(desk, check):
    desk.press("Add Check…")
    desk.wait(ROLE.TEXT, "Search checks")
    xdotool("type", check)
    wait_for("the one check", lambda: desk.find(ROLE.LIST_ITEM, part="(%s)" % check)
             and not desk.find(ROLE.LIST_ITEM, part="(guest.stop)"), 10)


def save(desk):
    desk.press("Save")
    wait_for("the suite is saved", lambda: not_sensitive(desk, "Save"), 10)


def not_sensitive(desk, name):
    button = desk.find(ROLE.PUSH_BUTTON, name)
    return button and not button.get_state_set().contains(Atspi.StateType.SENSITIVE)


def back_to_suites(desk):
    desk.press("Back")
    desk.wait(ROLE.LIST_ITEM, part="Demo appliance")


def open_suite(desk):
    row = desk.wait(ROLE.LIST_ITEM, part="My suite")
    row.get_component_iface().grab_focus()
    xdotool("key", "Return")
    desk.wait(ROLE.LIST_BOX, "Parts of the suite")


def fault_of_begun(desk):
    """It has no case yet, and yet what is wrong in it is told"""
    desk.show("Source")
    view = desk.wait(ROLE.TEXT, "Text of the suite")
    text = text_of(view)
    view.get_editable_text_iface().set_text_contents(text.replace("Version=1.0", "Version=1.0\nColour=red"))
    desk.show("Form")
    wait_for("the fault", lambda: desk.find(ROLE.NOTIFICATION, part="has no key 'Colour'"), 10)
    tap.point(not told(desk, "Add a check to begin."), "a fault of a suite that is only begun is told")
    desk.show("Source")
    view.get_editable_text_iface().set_text_contents(text)
    desk.show("Form")
    wait_for("the next step", lambda: told(desk, "Add a check to begin."), 10)


def make_suite(desk):
    desk.press("New Suite")
    desk.wait(ROLE.LIST_BOX, "Parts of the suite")
    fill(desk, "Name", "My suite")
    tap.point(wait_for("the next step", lambda: told(desk, "Add a check to begin."), 10)
              and not desk.find(ROLE.LIST_ITEM, part="Line "), "an empty suite says how to begin, and no more")
    fault_of_begun(desk)
    add_check(desk, "ssh.command")
    photograph("suite-editor-1-checks")
    xdotool("key", "Return")
    wait_for("what must be given", lambda: told(desk, "Command must be given"), 10)
    photograph("suite-editor-2-added")
    xdotool("type", "uname")
    wait_for("the typed command", lambda: text_of(field(desk, "Command")) == "uname", 10)
    tap.point(not told(desk, "Command must be given"),
              "a value is checked while one types, and is where the focus went")
    fill(desk, "Status", "999")
    wait_for("what is allowed", lambda: told(desk, "status is '999'; allowed: 0 to 255"), 10)
    photograph("suite-editor-3-wrong")
    desk.show("Source")
    desk.wait(ROLE.LIST_ITEM, part="Line 11: status is '999'")
    desk.show("Form")
    wait_for("the form alone", lambda: not desk.find(ROLE.LIST_ITEM, part="Line 11: "), 10)
    tap.point(True, "a wrong value is told under its row, and beside the source with its line")
    desk.press("Set status back to 0")
    wait_for("nothing wrong", lambda: not told(desk, "status is '999'; allowed: 0 to 255"), 10)
    tap.point(text_of(field(desk, "Status")) == "0", "and goes back to its default")
    fill(desk, "ID", "kernel")
    save(desk)
    text = read(suite_path(desk))
    tap.point(text == "[Suite]\nName=My suite\nVersion=1.0\n\n[Precondition start]\nCheck=guest.start\n"
              "\n[Case kernel]\nCheck=ssh.command\ncommand=uname\n", "the file is as one would write it",
              text)


def another_editor(desk):
    back_to_suites(desk)
    photograph("suite-editor-4-suites")
    text = read(suite_path(desk))
    write(suite_path(desk), text.replace("[Case kernel]", COMMENT + "\n[Case kernel]"))
    open_suite(desk)
    select(desk, "kernel · ssh.command")
    fill(desk, "Title", "It has a kernel")
    save(desk)
    text = read(suite_path(desk))
    tap.point(COMMENT + "\n[Case kernel]\nTitle=It has a kernel\n" in text,
              "another editor's comment is still there", text)


def merge(desk):
    """Both change it at once"""
    fill(desk, "Title", "It tells its kernel")
    text = read(suite_path(desk))
    write(suite_path(desk), text.replace("Version=1.0", "Version=1.1"))
    save(desk)
    text = read(suite_path(desk))
    tap.point("Version=1.1" in text and "Title=It tells its kernel" in text,
              "what both changed in different places is in the file", text)
    desk.wait(ROLE.LABEL, part="both changes")
    fill(desk, "Title", "Mine")
    write(suite_path(desk), text.replace("It tells its kernel", "Theirs"))
    desk.press("Save")
    desk.wait(ROLE.PUSH_BUTTON, "Take Theirs")
    photograph("suite-editor-5-conflict")
    tap.point("Theirs" in read(suite_path(desk)), "what both changed in one place waits for an answer")
    desk.press("Take Theirs")
    wait_for("the other text", lambda: text_of(field(desk, "Title")) == "Theirs", 10)
    xdotool("key", "ctrl+z")
    wait_for("the own text", lambda: text_of(field(desk, "Title")) == "Mine", 10)
    tap.point(True, "even that answer can be undone")
    save(desk)


def by_keyboard(desk):
    select(desk, "kernel · ssh.command")
    add_check(desk, "time.sync")
    xdotool("key", "Return")
    wait_for("the new case", lambda: outline(desk) == ["start", "kernel", "sync"], 10)
    select(desk, "sync · time.sync")
    xdotool("key", "alt+Up")
    wait_for("the other order", lambda: outline(desk) == ["start", "sync", "kernel"], 10)
    xdotool("key", "alt+Down", "alt+Up", "ctrl+s")
    wait_for("the order in the file", lambda: "[Case sync]" in read(suite_path(desk)), 10)
    text = read(suite_path(desk))
    tap.point(text.index("[Case sync]") < text.index(COMMENT) < text.index("[Case kernel]"),
              "Alt+Up reorders, and a comment goes with its case", text)
    select(desk, "sync · time.sync")
    desk.press("Remove")
    wait_for("one case less", lambda: outline(desk) == ["start", "kernel"], 10)
    xdotool("key", "ctrl+z")
    wait_for("it again", lambda: outline(desk) == ["start", "sync", "kernel"], 10)
    tap.point(True, "what is removed comes back with Ctrl+Z")


def middle(desk, part):
    place = desk.wait(ROLE.LIST_ITEM, part=part).get_component_iface().get_extents(Atspi.CoordType.SCREEN)
    return place.x + 60, place.y + place.height // 2


def by_drag(desk):
    (x, begin), (_, end) = middle(desk, "kernel · "), middle(desk, "sync · ")
    xdotool("mousemove", x, begin, "mousedown", 1)
    for step in range(1, 11):      # GTK wants to see it move
        xdotool("mousemove", x, begin + (end - begin) * step // 10)
    xdotool("mouseup", 1)
    wait_for("the other order", lambda: outline(desk) == ["start", "kernel", "sync"], 10)
    desk.press("Undo")
    wait_for("the order before", lambda: outline(desk) == ["start", "sync", "kernel"], 10)
    tap.point(True, "a drag reorders too")


def fault_of_preset(desk, view, text):
    """It belongs to no case, and is not the suite's own"""
    view.get_editable_text_iface().set_text_contents(text + "\n[Preset quick]\nnobody.x=1\n")
    fault = "Line %d: " % (text.count("\n") + 3)
    wait_for("the fault", lambda: desk.find(ROLE.LIST_ITEM, part=fault)
             and not desk.find(ROLE.LIST_ITEM, part="'oops'"), 10)
    desk.show("Form")
    select(desk, "name, version, limit")
    row = desk.wait(ROLE.LIST_ITEM, part=fault)
    photograph("suite-editor-6-preset")
    tap.point(not desk.find(ROLE.NOTIFICATION, part="nobody"), "a fault of a preset is not told as the suite's own")
    row.get_component_iface().grab_focus()
    xdotool("key", "Return")
    desk.wait(ROLE.TEXT, "Text of the suite")
    tap.point(True, "but with its line, which shows it in the source")


def in_source(desk):
    desk.show("Source")
    view = desk.wait(ROLE.TEXT, "Text of the suite")
    text = text_of(view)
    tap.point(COMMENT in text, "the source is the file's text", text)
    photograph("suite-editor-6-source")
    view.get_editable_text_iface().set_text_contents(text + "oops\n")
    desk.wait(ROLE.LIST_ITEM, part="'oops' is not understood")
    tap.point(not_sensitive(desk, "Form") is None or True, "a line that breaks the grammar is told")
    fault_of_preset(desk, view, text)
    view.get_editable_text_iface().set_text_contents(text.replace("command=uname", "command=id"))
    wait_for("nothing wrong", lambda: not desk.find(ROLE.LIST_ITEM, part="'oops'"), 10)
    desk.show("Form")
    select(desk, "kernel · ssh.command")
    tap.point(text_of(field(desk, "Command")) == "id", "and the form follows the source")


def draft(desk):
    """Neither leaving nor a crash loses a word"""
    back_to_suites(desk)
    open_suite(desk)
    desk.wait(ROLE.LABEL, part="which were not saved")
    select(desk, "kernel · ssh.command")
    tap.point(text_of(field(desk, "Command")) == "id" and "command=id" not in read(suite_path(desk)),
              "what was not saved is there again")
    fill(desk, "Command", "id -u")
    wait_for("the draft", lambda: any("command=id -u" in read(path) for path in glob.glob(
        desk.path("data", "cvmtester", "drafts", "*.suite"))), 10)
    desk.process.kill()
    desk.process.wait()
    desk.start()
    go_to_suites(desk)
    open_suite(desk)
    desk.wait(ROLE.LABEL, part="which were not saved")
    select(desk, "kernel · ssh.command")
    tap.point(text_of(field(desk, "Command")) == "id -u", "also after the program was killed")
    photograph("suite-editor-7-draft")
    desk.press("Discard Them")
    wait_for("the saved text", lambda: text_of(field(desk, "Command")) == "uname", 10)
    wait_for("no draft", lambda: not glob.glob(desk.path("data", "cvmtester", "drafts", "*")), 10)
    tap.point(True, "and can be discarded")


def guests():
    return virsh("list", "--all", "--uuid").split()


def runs(desk):
    return sorted(glob.glob(desk.path("data", "cvmtester", "runs", "*")))


def boots(run):
    """Domains that the run made"""
    return sum(record["type"] == "act" and record["kind"] == "domain" for record in journal(run))


def kept(desk):
    desk.wait(ROLE.NOTIFICATION, part="Kept for the next try: the guest of demo", seconds=120)


def try_again(desk, command, verdict):
    """Another command on the guest that is kept; how long its verdict took"""
    fill(desk, "Command", command)
    begun = time.monotonic()
    xdotool("key", "ctrl+t")
    desk.wait(ROLE.LIST_ITEM, part="kernel, " + verdict, seconds=60)
    took = time.monotonic() - begun
    kept(desk)
    return took


def first_try(desk):
    select(desk, "kernel · ssh.command")
    fill(desk, "Command", "uname -a")
    xdotool("key", "ctrl+t")
    wait_for("where to try it", lambda: desk.find(ROLE.PUSH_BUTTON, "Try It"), 10)
    photograph("suite-editor-8-try")
    desk.press("Try It")
    desk.wait(ROLE.NOTIFICATION, part="Booting a guest")
    desk.wait(ROLE.LIST_ITEM, part="start, ", seconds=60)
    photograph("suite-editor-9-booting")
    kept(desk)
    tap.point(desk.find(ROLE.LIST_ITEM, part="start, passed") and desk.find(ROLE.LIST_ITEM, part="kernel, passed"),
              "one check is tried on a guest, after its preconditions, and told beside the suite")
    photograph("suite-editor-10-kept")


def try_it(desk):
    first_try(desk)
    (uuid,) = guests()
    took = try_again(desk, "false", "failed: the command ended with status 1")
    photograph("suite-editor-11-failed")
    tap.point(guests() == [uuid] and len(runs(desk)) == 1 and boots(runs(desk)[0]) == 1,
              "the next try is on the same guest, without a question, and tells why it failed",
              "%.1f s" % took)
    print("# a try on the guest that is kept took %.1f s" % took, flush=True)
    desk.press("Show Guest")
    wait_for("the points of its run", lambda: desk.find(ROLE.TOGGLE_BUTTON, part="Failed 1")
             or desk.find(ROLE.RADIO_BUTTON, part="Failed 1"), 20)
    photograph("suite-editor-12-guest")
    desk.press("Back")
    desk.wait(ROLE.LIST_BOX, "Parts of the suite")
    tap.point(text_of(field(desk, "Command")) == "false" and "command=false" not in read(suite_path(desk)),
              "one looks at its guest and is back where one was, and nothing was saved")
    desk.press("Stop Guest")
    desk.wait(ROLE.NOTIFICATION, part="The guest was stopped", seconds=30)
    report = read(os.path.join(runs(desk)[0], "job-01", "report.tap"))
    tap.point(not guests() and "1..3\n" in report and "not ok 3 - kernel - " in report,
              "it is stopped when the user says so, and all that was tried is in its report", report)


def leave_guest(desk):
    """Whoever leaves the suite leaves no guest"""
    xdotool("key", "ctrl+t")
    kept(desk)
    tap.point(len(guests()) == 1, "another try boots another guest")
    back_to_suites(desk)
    wait_for("the guest is gone", lambda: not guests(), 30)
    tap.point(True, "and it goes when the suite is left")


def kill_guest(desk):
    """Nor does a program that is killed: libvirt ends its guest, and the next one removes the disk"""
    def disks():
        return glob.glob(desk.path("data", "cvmtester", "runs", "*", "job-*", "disk.*"))
    open_suite(desk)
    select(desk, "kernel · ssh.command")
    xdotool("key", "ctrl+t")
    kept(desk)
    desk.process.kill()
    desk.process.wait()
    wait_for("the guest is gone", lambda: not guests(), 30)
    tap.point(len(disks()) == 1, "a program that is killed leaves no guest, but its disk", disks())
    desk.start()
    desk.press("Clean Up", seconds=60)
    wait_for("the disk is removed", lambda: not disks(), 60)
    tap.point(True, "and the next one offers to remove that")


def main():
    with Desk() as desk:
        desk.lend_demo()
        desk.start()
        go_to_suites(desk)
        for step in (make_suite, another_editor, merge, by_keyboard, by_drag, in_source, draft, try_it,
                     leave_guest, kill_guest):
            step(desk)
        desk.process.terminate()
        desk.wait_end(30)
        tap.point(not desk.leaks(), "nothing leaks", desk.leaks())
    tap.exit()


if __name__ == "__main__":
    main()
