#!/usr/bin/python3
"""test-photographs.py: every page in every look: light, dark, high contrast, long words, right to left

SPDX-License-Identifier: GPL-2.0-or-later

Usage: test-photographs.py [LOOK…]; without, those of USUAL

A look is right when the window fits into 1024 x 700 (that of a large screen: fills it), no text of ours is cut off (in the language
with long words), every control on every page has a name, and a picture of each page was taken.
Pictures stay in CVM_TEST_ARTEFACTS, as LOOK-PAGE.png of the window alone. Prints TAP.
"""
import os
import subprocess
import sys
import tempfile

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
import pseudo_locale  # noqa: E402
from bed import Tap  # noqa: E402
from desk import ARTEFACTS, SOURCE, Atspi, Desk, do, wait_for, walk, xdotool  # noqa: E402

SIZE = (1024, 700)
PLACES = ("runs", "images", "suites", "hosts", "reports", "setup")
LOOKS = {
    "light": {"theme": "Adwaita"},
    "dark": {"theme": "Adwaita:dark"},
    "contrast": {"theme": "HighContrast"},
    "long": {"theme": "Adwaita", "locale": (pseudo_locale.LANGUAGE, None)},
    "rtl": {"theme": "Adwaita", "is_rtl": True},
    "scale2": {"theme": "Adwaita", "scale": 2},
    "4k": {"theme": "Adwaita", "size": (3840, 2160)},
    "4k-scale2": {"theme": "Adwaita", "scale": 2, "size": (1920, 1080)},
}
USUAL = ("light", "dark", "long")

tap = Tap()


class Look:
    def __init__(self, name, options, folder):
        self.name = name
        self.is_long = "locale" in options
        if self.is_long:
            options = dict(options, locale=(pseudo_locale.LANGUAGE, folder))
        self.scale = options.get("scale", 1)
        self.size = options.get("size", SIZE)
        self.desk = Desk(look=options)
        self.desk.env["CVMTESTER_LOCALE_DIR"] = folder
        self.cut = []
        self.unnamed = []

    def window(self):
        out = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "."], check=True,
                             capture_output=True, text=True).stdout.split()
        return out[-1]

    def fit(self):
        """A window that cannot be made so small stays wider"""
        width, height = (side * self.scale for side in self.size)
        xdotool("windowsize", self.window(), width, height)
        try:
            return wait_for("%d x %d" % self.size, lambda: self.measure() == self.size, 10)
        except AssertionError:
            return False

    def measure(self):
        size = self.desk.find_window().get_component_iface().get_extents(Atspi.CoordType.WINDOW)
        return size.width, size.height

    def take(self, page):
        os.makedirs(ARTEFACTS, exist_ok=True)
        cut = self.desk.cut_labels()
        self.unnamed += [(page,) + control for control in self.desk.controls()[1]]
        path = os.path.join(ARTEFACTS, "%s-%s.png" % (self.name, page))
        subprocess.run(["import", "-window", self.window(), path], check=True)
        self.cut += ["%s: %s" % (page, text) for text in cut if pseudo_locale.MARK in text]


def make_data(desk):
    data = desk.path("data", "cvmtester")
    subprocess.run([os.path.join(SOURCE, "tests", "make-history"), os.path.join(data, "runs"), "40"], check=True)
    suites = desk.path("config", "cvmtester", "suites")
    os.makedirs(suites)
    with open(os.path.join(suites, "photographed.suite"), "w") as file:
        file.write("[Suite]\nName=Photographed\nVersion=1.0\n\n[Precondition start]\nCheck=guest.start\n\n"
                   "[Case login]\nCheck=ssh.login\n\n[Case shown]\nCheck=ssh.command\nstatus=256\nNeeds=login\n")


def places(desk):
    """The rows of the sidebar: it is the first list"""
    for node in desk.nodes():
        if node.get_role() == Atspi.Role.LIST_BOX:
            return [row for row in walk(node) if row.get_role() == Atspi.Role.LIST_ITEM]
    return []


def go_places(look):
    rows = wait_for("the places", lambda: places(look.desk), 20)
    tap.point(len(rows) == len(PLACES), "%s: all places are there" % look.name, [row.get_name() for row in rows])
    for i, place in enumerate(PLACES):
        places(look.desk)[i].get_component_iface().grab_focus()
        xdotool("key", "space")
        wait_for(place, lambda i=i: places(look.desk)[i].get_state_set().contains(Atspi.StateType.SELECTED), 10)
        look.take(place)


def open_pages(look):
    places(look.desk)[0].get_component_iface().grab_focus()
    xdotool("key", "space")
    xdotool("key", "ctrl+n")
    wait_for("new run", lambda: not places(look.desk) or len(places(look.desk)) != len(PLACES), 20)
    look.take("new-run")
    xdotool("key", "Escape")
    wait_for("the places", lambda: len(places(look.desk)) == len(PLACES), 20)
    for node in look.desk.nodes():
        if node.get_role() == Atspi.Role.LIST_ITEM and node.get_parent().get_role() == Atspi.Role.LIST_BOX \
                and node not in places(look.desk):
            node.get_component_iface().grab_focus()
            break
    xdotool("key", "Return")
    wait_for("a run", lambda: len(places(look.desk)) != len(PLACES), 20)
    look.take("run")


def edit_suite(look):
    """The first row of the place is the suite of one's own"""
    desk = look.desk
    places(desk)[PLACES.index("suites")].get_component_iface().grab_focus()
    xdotool("key", "space")
    row = wait_for("the suite", lambda: next((node for node in desk.nodes() if "Photographed" in node.get_name()
                                              and node.get_role() == Atspi.Role.LIST_ITEM), None), 20)
    row.get_component_iface().grab_focus()
    xdotool("key", "Return")
    last = wait_for("its parts", lambda: next((node for node in desk.nodes() if "shown · " in node.get_name()), None), 20)
    last.get_parent().get_selection_iface().select_child(last.get_index_in_parent())
    look.take("suite")
    xdotool("key", "Escape")
    wait_for("the places", lambda: len(places(desk)) == len(PLACES), 20)


def photograph(name, options, folder):
    look = Look(name, options, folder)
    with look.desk as desk:
        make_data(desk)
        desk.start()
        tap.point(look.fit(), "%s: the window is %d x %d" % ((name,) + look.size))
        go_places(look)
        open_pages(look)
        xdotool("key", "Escape")
        wait_for("the places", lambda: len(places(desk)) == len(PLACES), 20)
        edit_suite(look)
        tap.point(not look.unnamed, "%s: every control has a name" % name, look.unnamed)
        if look.is_long:    # what is data may be cut, and only here the two are told apart
            tap.point(not look.cut, "%s: no text is cut off" % name, look.cut)
        xdotool("key", "ctrl+q")
        desk.wait_end(60)
        tap.point(not desk.leaks(), "%s: nothing leaked" % name, desk.leaks())


with tempfile.TemporaryDirectory(prefix="cvm-locale-") as locale:
    pseudo_locale.make(locale)
    for wanted in sys.argv[1:] or USUAL:
        photograph(wanted, LOOKS[wanted], locale)
tap.exit()
