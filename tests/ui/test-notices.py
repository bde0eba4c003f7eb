#!/usr/bin/python3
"""test-notices.py: the desktop tells of a run that ended while nobody looked, and leads to it

SPDX-License-Identifier: GPL-2.0-or-later

This test is the desktop: it has org.freedesktop.Notifications on the bus of the session. The runs
need no guest: their checks wait until the test says how they end. Needs a display. Prints TAP.
"""
import os
import sys

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap  # noqa: E402
from desk import Atspi, Desk, GLib, photograph, wait_for, xdotool  # noqa: E402
from gi.repository import Gio  # noqa: E402
from neighbour import Neighbour  # noqa: E402

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
FACE = """<node><interface name="org.freedesktop.Notifications">
<method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/>
<arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
<arg type="as" direction="in"/><arg type="a{sv}" direction="in"/><arg type="i" direction="in"/>
<arg type="u" direction="out"/></method>
<method name="CloseNotification"><arg type="u" direction="in"/></method>
<method name="GetCapabilities"><arg type="as" direction="out"/></method>
<method name="GetServerInformation"><arg type="s" direction="out"/><arg type="s" direction="out"/>
<arg type="s" direction="out"/><arg type="s" direction="out"/></method>
<signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
<signal name="NotificationClosed"><arg type="u"/><arg type="u"/></signal>
</interface></node>"""
SUITE = """[Suite]
Name=Waits
Version=1
[Case told]
Title=It ends as it is told
Check=tap.exec
argv=/bin/cat;%s
"""
PRESET = "[Suite 1]\nSuite=%s\n[Cell 1]\nHost=test:///default\nHypervisor=test\n"
GOOD, BAD = "1..2\nok 1 - one\nok 2 - two\n", "1..2\nok 1 - one\nnot ok 2 - two\n"
tap = Tap()


class Desktop:
    """Keeps what it was asked to show"""

    def __init__(self):
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        self.shown = []      # (title, text, actions)
        self.bus.register_object(PATH, Gio.DBusNodeInfo.new_for_xml(FACE).interfaces[0], self.answer)
        self.bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                           "RequestName", GLib.Variant("(su)", (NAME, 0)), None, 0, -1)

    def answer(self, bus, sender, path, face, method, words, call):
        if method == "Notify":
            _, _, _, title, text, actions, _, _ = words.unpack()
            self.shown.append((title, text, actions))
            call.return_value(GLib.Variant("(u)", (len(self.shown),)))
        elif method == "GetCapabilities":
            call.return_value(GLib.Variant("(as)", (["actions", "body"],)))
        elif method == "GetServerInformation":
            call.return_value(GLib.Variant("(ssss)", ("desk", "test", "1", "1.2")))
        else:
            call.return_value(None)

    def click(self, number):
        """As a person clicks on the notice itself"""
        self.bus.emit_signal(None, PATH, NAME, "ActionInvoked",
                             GLib.Variant("(us)", (number, "default")))

    def wait(self, count):
        wait_for("%d notices" % count, lambda: len(self.shown) >= count, 30)
        return self.shown[-1]


def prepare(desk):
    os.mkfifo(desk.path("told"))
    presets = desk.path("config", "cvmtester", "presets")
    os.makedirs(presets)
    with open(desk.path("waits.suite"), "w") as file:
        file.write(SUITE % desk.path("told"))
    with open(os.path.join(presets, "Waits.profile"), "w") as file:
        file.write(PRESET % desk.path("waits.suite"))


def is_active(desk):
    return desk.find_window().get_state_set().contains(Atspi.StateType.ACTIVE)


def begin_first(desk):
    xdotool("key", "ctrl+n")
    presets = desk.wait(Atspi.Role.TOGGLE_BUTTON, "Presets")
    presets.get_action_iface().do_action(0)
    desk.press("Waits")
    desk.press("Allow")
    desk.press("Start")
    desk.wait(Atspi.Role.PUSH_BUTTON, "Stop")


def end(desk, how):
    with open(desk.path("told"), "w") as file:     # waits until it is read
        file.write(how)
    wait_for("the end", lambda: not desk.find(Atspi.Role.PUSH_BUTTON, "Stop"), 30)


def unseen(desk, desktop, neighbour):
    neighbour.take_focus()
    wait_for("the window not to be looked at", lambda: not is_active(desk), 10)
    end(desk, BAD)
    title, text, actions = desktop.wait(1)
    tap.point("Waits" in title and text.startswith("1 of 1 check"),
              "who looks elsewhere is told which run ended, and how", title, text)
    tap.point("default" in actions, "the notice can be clicked", actions)
    photograph("notices-1-unseen")


def click(desk, desktop):
    """From another page, and another window"""
    desk.press("Back")
    desk.wait(Atspi.Role.LIST_ITEM, part="1 failed")
    tap.point(not is_active(desk), "nothing takes the focus by itself")
    desktop.click(1)
    wait_for("the window to be in front", lambda: is_active(desk), 20)
    desk.wait(Atspi.Role.LABEL, part="1 of 1 check")
    tap.point(True, "a click raises the window, and opens the run")
    photograph("notices-2-clicked")


def begin_again(desk):
    xdotool("key", "ctrl+r")
    desk.wait(Atspi.Role.PUSH_BUTTON, "Stop")


def seen(desk, desktop, neighbour):
    """Of what is seen nothing is told: the next notice is of the next run"""
    begin_again(desk)
    end(desk, BAD)
    begin_again(desk)
    neighbour.take_focus()
    wait_for("the window not to be looked at", lambda: not is_active(desk), 10)
    end(desk, GOOD)
    _, text, _ = desktop.wait(2)
    tap.point(len(desktop.shown) == 2 and "passed" in text, "who looks at it is told nothing",
              desktop.shown)


with Desk() as here, Neighbour() as other:
    told = Desktop()
    prepare(here)
    here.start()
    xdotool("mousemove", 400, 300)
    begin_first(here)
    unseen(here, told, other)
    click(here, told)
    seen(here, told, other)
    here.process.terminate()
    here.wait_end(30)
    tap.point(not here.leaks(), "nothing leaked", here.leaks())
tap.exit()
