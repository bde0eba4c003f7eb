#!/usr/bin/python3
"""test-first-green.py: from the first start to the first green result on the demo, in few actions

SPDX-License-Identifier: GPL-2.0-or-later

Needs CVM_TEST_DEMO (the demo guest's folder), an ordinary user, libvirt's session and a display.
Prints TAP.
"""
import os
import sys

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap  # noqa: E402
from desk import Atspi, Desk, photograph, wait_for  # noqa: E402

AT_MOST = 5
SUITE = """[Suite]
Name=Demo appliance
Version=1.0
[Precondition start]
Check=guest.start
Timeout=3m
[Case ready]
Title=The console says that it is ready
Check=serial.expect
Timeout=4m
[Case login]
Title=Somebody may log in
Check=ssh.login
Timeout=4m
"""

tap = Tap()


class Actions:
    """Counts what a person does"""

    def __init__(self, desk):
        self.desk = desk
        self.done = []

    def press(self, name):
        self.done.append(name)
        self.desk.press(name, 60)


def is_green(desk):
    """What the page says at the end; a failure is told at once"""
    bad = desk.find(Atspi.Role.LABEL, part="failed")
    assert not bad, bad.get_name()
    return desk.find(Atspi.Role.LABEL, part="passed")


with Desk() as here:
    here.lend_demo()
    here.lend_suite(SUITE)
    here.start()
    one = Actions(here)
    one.press("New Run")
    here.wait(Atspi.Role.CHECK_BOX, "demo")
    wait_for("the choice", lambda: here.find(Atspi.Role.LABEL, part="1 job"), 30)
    photograph("first-green-0-choice")
    one.press("Start")
    wait_for("a green result", lambda: is_green(here), 400)
    photograph("first-green-1-green")
    tap.point(len(one.done) <= AT_MOST, "from the first start to a green result in %d actions: %s"
              % (len(one.done), ", ".join(one.done)), one.done)
    here.quit(tap)
tap.exit()
