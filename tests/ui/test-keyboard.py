#!/usr/bin/python3
"""test-keyboard.py: a suite is run, its failure opened and its report sent, by the keyboard alone

SPDX-License-Identifier: GPL-2.0-or-later

Nothing but keys: no action of AT-SPI, no mouse. AT-SPI only tells where the focus is and what a
screen reader would say. Needs CVM_TEST_DEMO (the demo guest's folder), an ordinary user, libvirt's
session and a display. Photographs stay in CVM_TEST_ARTEFACTS. Prints TAP.
"""
import os
import subprocess
import sys

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap  # noqa: E402
from desk import Atspi, Desk, photograph, wait_for, xdotool  # noqa: E402
from ears import Ears  # noqa: E402
from server import Server  # noqa: E402

BUTTON, CHECK, ROW = Atspi.Role.PUSH_BUTTON, Atspi.Role.CHECK_BOX, Atspi.Role.LIST_ITEM
SUITE = """[Suite]
Name=By hand
Version=1.0
[Precondition start]
Title=The guest starts
Check=guest.start
Timeout=4m
[Case broken]
Title=It says that it is whole
Check=ssh.command
command=false
Timeout=5m
"""
tap = Tap()


def prepare(desk, server):
    desk.lend_demo()
    suites = desk.path("config", "cvmtester", "suites")
    os.makedirs(suites)
    with open(os.path.join(suites, "by-hand.suite"), "w") as file:
        file.write(SUITE)
    for place, name, text in (
            ("data/applications", "viewer.desktop", "[Desktop Entry]\nType=Application\nName=Viewer\n"
             "MimeType=image/png;\nExec=cp %%f %s\n" % desk.path("seen.png")),
            ("config", "mimeapps.list", "[Default Applications]\nimage/png=viewer.desktop\n")):
        os.makedirs(desk.path(place), exist_ok=True)
        with open(desk.path(place, name), "w") as file:
            file.write(text)
    subprocess.run([os.environ["CVM_CLI"], "report", "server", "add", "main", "--receiver",
                    "127.0.0.1:%d" % server.ports["receiver"], "--api", "127.0.0.1:%d" % server.ports["api"],
                    "--web", "http://127.0.0.1:%d/tapper" % server.ports["web"]], env=desk.env, check=True,
                   stdout=sys.stderr)


def is_on(node):
    return node.get_state_set().contains(Atspi.StateType.CHECKED)


def choose(desk, ears):
    """The choice is made with Tab and the space bar"""
    xdotool("key", "ctrl+n")
    ears.wait_focus(BUTTON, "Start")
    tap.point(True, "Ctrl+N leads to the choice, with the focus on Start")
    photograph("keyboard-0-choice")
    for name, wanted in (("By hand", True), ("Demo appliance", False)):
        count = ears.tab_to(CHECK, name, 12)
        box = ears.wait_focus(CHECK, name)
        if is_on(box) != wanted:
            xdotool("key", "space")
        wait_for("%s is %s" % (name, wanted), lambda: is_on(box) == wanted, 10)
        print("# %d Tabs to %s" % (count, name))
    desk.wait(Atspi.Role.LABEL, part="1 job")
    photograph("keyboard-1-chosen")
    xdotool("key", "alt+s")


def run(desk, ears):
    """Where the focus is when the page of the run comes, and what is said at its end"""
    ears.wait_focus(Atspi.Role.TREE_TABLE, "Checks", 60)
    tap.point(True, "the run's page has the focus on its checks")
    photograph("keyboard-2-running")
    said = ears.wait_said("1 of 2 checks failed", 400)
    tap.point(True, "the verdict is announced", said)
    ears.wait_focus(Atspi.Role.TREE_TABLE, "Checks")
    desk.wait(Atspi.Role.LABEL, part="the command ended")
    tap.point(True, "the focus is still there, and the failure is selected")
    photograph("keyboard-3-failed")


def read(desk, ears):
    """Into what is known of the failure, to its evidence, and back"""
    xdotool("key", "Return")
    wait_for("the details to have the focus", lambda: ears.has_focus(Atspi.Role.LABEL)
             or ears.has_focus(BUTTON), 10)
    print("# Return leads to " + ears.tell())
    count = ears.tab_to(BUTTON, "Screen", 6)
    photograph("keyboard-4-evidence")
    xdotool("key", "Return")
    wait_for("the picture in another program", lambda: os.path.exists(desk.path("seen.png")), 30)
    tap.point(True, "its evidence opens after Return and %d Tabs" % count)


def send(desk, ears, server):
    """By the page's menu"""
    xdotool("key", "F10")
    ears.wait_focus(BUTTON, "Run Again")
    photograph("keyboard-5-menu")
    xdotool("key", "Down", "Down")
    ears.wait_focus(BUTTON, "Send Report")
    xdotool("key", "Return")
    said = ears.wait_said("stored and confirmed", 60)
    number = server.reports()[-1]["id"]
    tap.point(said == "Sent as %d to “main”, stored and confirmed." % number,
              "the page's menu (F10) sends the report, which is announced", ears.said)
    tap.point(b"not ok 2 - broken - It says that it is whole" in server.tap(number), "the server has it",
              server.tap(number))
    desk.wait(Atspi.Role.LABEL, said)
    photograph("keyboard-6-sent")


def go_back(desk, ears):
    xdotool("key", "Escape")
    desk.wait(ROW, part="1 failed")
    ears.wait_focus(ROW, "By hand")
    photograph("keyboard-7-back")
    xdotool("key", "Return")
    ears.wait_focus(Atspi.Role.TREE_TABLE, "Checks")
    desk.wait(Atspi.Role.LABEL, part="the command ended")
    xdotool("key", "Escape")
    ears.wait_focus(ROW, "By hand")
    tap.point(True, "Escape goes back to the run's row, whether it was opened from there or not")
    photograph("keyboard-8-row")


with Server() as the_server, Desk() as here:
    heard = Ears()
    prepare(here, the_server)
    here.start()
    choose(here, heard)
    run(here, heard)
    read(here, heard)
    send(here, heard, the_server)
    go_back(here, heard)
    here.quit(tap)
    heard.close()
tap.exit()
