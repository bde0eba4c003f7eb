#!/usr/bin/python3
"""test-suites.py: the place of the suites: listed, searched, copied, removed and taken back

SPDX-License-Identifier: GPL-2.0-or-later

Needs a display. Photographs stay in CVM_TEST_ARTEFACTS. Prints TAP.
"""
import os
import sys

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap  # noqa: E402
from desk import Atspi, Desk, do, photograph, wait_for, xdotool  # noqa: E402

ROLE = Atspi.Role
MINE = ("[Suite]\nName=Mine\nVersion=3\nDescription=What I look at\n[Precondition start]\nCheck=guest.start\n"
        "[Case login]\nCheck=ssh.login\n[Case again]\nCheck=ssh.login\nNeeds=login\n"
        "[Preset slow]\nlogin.Timeout=9m\n")
BROKEN = "[Suite]\nName=Broken\nVersion=1\n[Case login]\nCheck=ssh.logn\n"

tap = Tap()


def suites(desk, name):
    return desk.path("config", "cvmtester", "suites", name)


def prepare(desk):
    os.makedirs(suites(desk, ""))
    for name, text in (("mine.suite", MINE), ("broken.suite", BROKEN)):
        with open(suites(desk, name), "w") as file:
            file.write(text)


def rows(desk):
    box = desk.find(ROLE.LIST_BOX, "Suites")
    names = [box.get_child_at_index(i) for i in range(box.get_child_count())] if box else []
    return [row.get_name().split(",")[0] for row in names
            if row.get_state_set().contains(Atspi.StateType.SHOWING) and row.get_name()]


def choose(desk, suite, item):
    """Of a suite's menu"""
    do(desk.wait(ROLE.TOGGLE_BUTTON, "Actions for " + suite))
    do(wait_for("the menu", lambda: desk.find(ROLE.PUSH_BUTTON, item)
                or desk.find(ROLE.MENU_ITEM, item) or desk.find(ROLE.CHECK_BOX, item), 10))


def look(desk):
    desk.wait(ROLE.LIST_ITEM, part="Mine")
    photograph("suites-1-list")
    broken = desk.wait(ROLE.LIST_ITEM, part="Broken").get_name()
    tap.point("broken.suite:5: there is no check 'ssh.logn'" in broken,
              "what is wrong with a suite is told with its line", broken)
    tap.point(not desk.find(ROLE.PUSH_BUTTON, "Run Broken") and desk.find(ROLE.PUSH_BUTTON, "Run Mine"),
              "only what can run offers it")
    tap.point(set(rows(desk)[:2]) == {"Broken", "Mine"} and "Doctor" in rows(desk), "one's own come first",
              rows(desk))
    tap.point(not desk.controls()[1], "every control of the place has a name", desk.controls()[1])


def search(desk):
    xdotool("key", "ctrl+f")
    wait_for("the search", lambda: desk.find(ROLE.TEXT, part="earch"), 10)
    xdotool("type", "look at")
    wait_for("one suite", lambda: rows(desk) == ["Mine"], 10)
    tap.point(True, "a search looks in descriptions too")
    xdotool("key", "Escape")
    wait_for("all suites", lambda: len(rows(desk)) > 4, 10)


def copy(desk):
    choose(desk, "Demo appliance", "Duplicate to Edit")
    wait_for("the copy", lambda: "Demo appliance (copy)" in rows(desk), 10)
    with open(suites(desk, "demo-2.suite")) as file:
        text = file.read()
    with open(os.path.join(desk.env["CVMTESTER_DATA_DIR"], "suites", "demo.suite")) as file:
        original = file.read()
    tap.point(text == original.replace("Name=Demo appliance", "Name=Demo appliance (copy)"),
              "a copy has every byte but the name", text)


def remove(desk):
    choose(desk, "Demo appliance (copy)", "Remove")
    wait_for("one suite less", lambda: "Demo appliance (copy)" not in rows(desk), 10)
    photograph("suites-2-removed")
    desk.press("Undo")
    wait_for("it again", lambda: "Demo appliance (copy)" in rows(desk), 10)
    tap.point(os.path.exists(suites(desk, "demo-2.suite")), "what is removed can be taken back")
    choose(desk, "Demo appliance (copy)", "Remove")
    wait_for("one suite less", lambda: "Demo appliance (copy)" not in rows(desk), 10)
    choose(desk, "Mine", "Duplicate")
    wait_for("another copy", lambda: "Mine (copy)" in rows(desk), 10)
    choose(desk, "Mine (copy)", "Remove")
    wait_for("the first is gone", lambda: not os.path.exists(suites(desk, "demo-2.suite")), 15)
    tap.point(os.path.exists(suites(desk, "mine-2.suite")), "and goes when the next step is taken")


def remove_what_stays(desk):
    """In a folder that nothing can be taken from: the row comes back, and it is told why"""
    choose(desk, "Mine", "Remove")
    wait_for("one suite less", lambda: "Mine" not in rows(desk), 10)
    wait_for("the one before is gone", lambda: not os.path.exists(suites(desk, "mine-2.suite")), 15)
    os.chmod(suites(desk, ""), 0o555)
    desk.wait(ROLE.LABEL, part="mine.suite cannot be removed", seconds=20)
    wait_for("its row again", lambda: "Mine" in rows(desk), 10)
    photograph("suites-2-stays")
    os.chmod(suites(desk, ""), 0o755)
    tap.point(True, "what cannot be removed is shown again, with the reason")


def read_only(desk):
    row = desk.wait(ROLE.LIST_ITEM, part="CernVM release")
    row.get_component_iface().grab_focus()
    xdotool("key", "Return")
    desk.wait(ROLE.LABEL, part="Duplicate it to edit it")
    photograph("suites-3-read-only")
    tap.point(not desk.find(ROLE.PUSH_BUTTON, "Save") and not desk.find(ROLE.PUSH_BUTTON, "Add Check…"),
              "one that is installed can only be looked at")
    tap.point(not desk.controls()[1], "every control of the editor has a name", desk.controls()[1])
    desk.press("Duplicate to Edit")
    wait_for("the copy is saved", lambda: os.path.exists(suites(desk, "cernvm-release-2.suite")), 10)
    wait_for("its editor", lambda: desk.find(ROLE.PUSH_BUTTON, "Add Check…"), 10)
    tap.point(True, "and is duplicated from there")
    desk.press("Back")
    desk.press("Back")


def run_it(desk):
    """Its button leads to a new run of it"""
    do(desk.wait(ROLE.PUSH_BUTTON, "Run Mine"))
    box = wait_for("the suite", lambda: desk.find(ROLE.CHECK_BOX, part="Mine"), 10)
    other = desk.find(ROLE.CHECK_BOX, part="Boots and answers")
    photograph("suites-6-run")
    tap.point(box.get_state_set().contains(Atspi.StateType.CHECKED)
              and not other.get_state_set().contains(Atspi.StateType.CHECKED),
              "a new run of it has it chosen, and no other")
    desk.press("Back")
    desk.wait(ROLE.LIST_ITEM, part="Mine, ")


def presets(desk):
    row = desk.wait(ROLE.LIST_ITEM, part="Mine, ")
    row.get_component_iface().grab_focus()
    xdotool("key", "Return")
    box = desk.wait(ROLE.LIST_BOX, "Parts of the suite")
    part = desk.wait(ROLE.LIST_ITEM, part="slow, ")
    box.get_selection_iface().select_child(part.get_index_in_parent())
    desk.wait(ROLE.TEXT, "login.Timeout").get_editable_text_iface().set_text_contents("20m")
    photograph("suites-4-preset")
    part = desk.wait(ROLE.LIST_ITEM, part="again · ")
    box.get_selection_iface().select_child(part.get_index_in_parent())
    name = wait_for("the name of a preset", lambda: desk.find(ROLE.TEXT, "Preset"), 10)
    name.get_editable_text_iface().set_text_contents("late")
    desk.press("Add Value")
    desk.wait(ROLE.TEXT, "again.Timeout")
    photograph("suites-5-preset-added")
    tap.point(not desk.controls()[1], "every control of a preset has a name", desk.controls()[1])
    desk.press("Save")
    wait_for("the file", lambda: "[Preset late]" in open(suites(desk, "mine.suite")).read(), 10)
    with open(suites(desk, "mine.suite")) as file:
        text = file.read()
    tap.point(text == MINE.replace("=9m", "=20m") + "\n[Preset late]\nagain.Timeout=10m\n",
              "presets are changed and added", text)
    desk.press("Back")


def main():
    with Desk() as desk:
        prepare(desk)
        desk.start()
        row = desk.wait(ROLE.LIST_ITEM, part="Suites")
        row.get_parent().get_selection_iface().select_child(row.get_index_in_parent())
        row.get_component_iface().grab_focus()
        for step in (look, search, copy, remove, remove_what_stays, read_only, presets, run_it):
            step(desk)
        choose(desk, "Mine", "Remove")
        wait_for("one suite less", lambda: "Mine" not in rows(desk), 10)
        desk.process.terminate()
        desk.wait_end(30)
        tap.point(not os.path.exists(suites(desk, "mine.suite")),
                  "what was removed is gone, though the window went at once")
        tap.point(not desk.leaks(), "nothing leaks", desk.leaks())
    tap.exit()


if __name__ == "__main__":
    main()
