#!/usr/bin/python3
"""test-photographs.py: every page in every look: light, dark, high contrast, long words, right to left

SPDX-License-Identifier: GPL-2.0-or-later

Usage: test-photographs.py [LOOK…]; without, those of USUAL, and of BRIEF the runs and a run

A look is right when the window fits into 1024 x 700 (that of a large screen: fills it), no text of ours is cut off (in the language
with long words), every control on every page has a name, and a picture of each page was taken.
Pictures stay in CVM_TEST_ARTEFACTS, as LOOK-PAGE.png of the window alone. Prints TAP.
"""
import datetime
import glob
import json
import os
import subprocess
import sys
import tempfile

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
import pseudo_locale  # noqa: E402
from bed import Tap  # noqa: E402
from desk import ARTEFACTS, SOURCE, Atspi, Desk, do, text_of, wait_for, walk, xdotool  # noqa: E402
from runs import Run  # noqa: E402

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
N_FRAMES = 8
BOOT = ("Booting from Hard Disk...", "Linux version 6.1.0-18-amd64", "x86/fpu: Supporting XSAVE feature 0x001",
        "smpboot: CPU0: QEMU Virtual CPU", "Memory: 996712K/1048044K available", "virtio_blk virtio1: [vda] 20480 blocks",
        "EXT4-fs (vda1): mounted filesystem", "systemd[1]: Detected virtualization qemu.",
        "[  <tspan fill='#26a269'>OK</tspan>  ] Reached target Network.",
        "[  <tspan fill='#26a269'>OK</tspan>  ] Mounted /cvmfs.",
        "[  <tspan fill='#26a269'>OK</tspan>  ] Started OpenSSH Server.",
        "[  <tspan fill='#26a269'>OK</tspan>  ] Started Web Interface.", "", "CernVM 2.5.1 localhost tty1", "",
        "localhost login: _")
IMAGES = (("cernvm-2.5.1-basic", "2.5.1", "CernVM without a desktop"),
          ("cernvm-2.5.1-desktop", "2.5.1", "CernVM with its desktop"),
          ("debian-12-cloud", "12", "Debian for clouds"))
USUAL = ("light", "dark", "long")
BRIEF = ("contrast", "rtl")
TWO_JOBS = "Two images side by side"

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
        self.large = []

    def window(self):
        out = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "."], check=True,
                             capture_output=True, text=True).stdout.split()
        return out[-1]

    def fit(self):
        """A window that cannot be made so small stays wider"""
        width, height = (side * self.scale for side in self.size)
        xdotool("mousemove", 9999, 9999)    # it would bring up tooltips
        xdotool("windowsize", self.window(), width, height)
        try:
            return wait_for("%d x %d" % self.size, lambda: self.measure() == self.size, 10)
        except AssertionError:
            return False

    def measure(self):
        size = self.desk.find_window().get_component_iface().get_extents(Atspi.CoordType.WINDOW)
        return size.width, size.height

    def note_size(self, page):
        """A page that does not fit makes the window larger"""
        size = self.measure()
        if size[0] > self.size[0] or size[1] > self.size[1]:
            self.large.append((page,) + size)
            self.fit()

    def take(self, page):
        os.makedirs(ARTEFACTS, exist_ok=True)
        cut = self.desk.cut_labels()
        self.note_size(page)
        self.unnamed += [(page,) + control for control in self.desk.controls()[1]]
        path = os.path.join(ARTEFACTS, "%s-%s.png" % (self.name, page))
        subprocess.run(["import", "-window", self.window(), path], check=True)
        self.cut += ["%s: %s" % (page, text) for text in cut if pseudo_locale.MARK in text]


def write_day_before(desk):
    """What the run of two jobs is compared with"""
    run = Run(desk, "2026-11-20T081112Z-bead", "The same before", 8)
    run.begin_job("01", [("start", "The guest starts", True), ("log", "Nothing went wrong", False),
                         ("known", "It is as it was", False), ("long", "It takes its time", False)])
    for number, (case, ms) in enumerate((("start", 5900), ("log", 1100), ("known", 100), ("long", 20000)), 1):
        run.case("01", number, case, ms=ms)
    run.end_job("01")
    run.close()


def write_two_jobs(desk):
    """All filters have something to show, and what failed its lines and a file"""
    run = Run(desk, "2026-11-20T101112Z-beef", TWO_JOBS)
    for job, image, host in (("01", "demo", "qemu:///session"), ("02", "debian-12-cloud", "qemu:///system")):
        run.begin_job(job, [("start", "The guest starts", True), ("log", "Nothing went wrong", False),
                            ("known", "It is as it was", False), ("long", "It takes its time", False)], image, host)
        run.case(job, 1, "start", ms=12900)
        run.evidence(job, "log", "dmesg.log", "[    1.771234] EXT4-fs: planted error\n")
        run.case(job, 2, "log", "fail", 1200, "2 lines match /error/ and none is masked", [
            ["expected", "0 lines"], ["line", "[    1.771234] EXT4-fs: planted error (sda1)"]])
        run.point(job, 3, "1", False, "known", directive="todo", reason="later")
        run.case(job, 3, "known")
        run.case(job, 4, "long", ms=58000)
        run.end_job(job)
    run.close()


def draw_screen(n_lines, path):
    """A guest's screen, so far into its boot"""
    text = "".join('<text x="12" y="%d" xml:space="preserve">%s</text>' % (22 + 18 * i, line)
                   for i, line in enumerate(BOOT[:n_lines]))
    svg = ('<svg xmlns="http://www.w3.org/2000/svg" width="720" height="400"><rect width="720" height="400"/>'
           '<g font-family="monospace" font-size="14" fill="#c0c0c0">%s</g></svg>' % text)
    subprocess.run(["rsvg-convert", "-o", path], input=svg, text=True, check=True)


def film(run):
    """Of the first job of a run, which had a guest, from its begin to its end"""
    path = os.path.join(run, "journal.jsonl")
    with open(path) as file:
        items = [json.loads(line) for line in file]
    begin = next(i for i, item in enumerate(items) if item["type"] == "job.begin")
    items.insert(begin + 1, dict(v=1, seq=0, t=items[begin]["t"], job="01", type="evidence", path="domain.xml"))
    with open(path, "w") as file:
        for i, item in enumerate(items):
            file.write(json.dumps(dict(item, seq=i + 1), separators=(",", ":")) + "\n")
    times = [datetime.datetime.fromisoformat(item["t"].replace("Z", "+00:00")).timestamp()
             for item in items if item["job"] == "01"]
    frames = os.path.join(run, "job-01", "frames")
    os.makedirs(frames)
    for i in range(N_FRAMES):
        when = times[0] + (times[-1] - times[0]) * i / N_FRAMES
        draw_screen(i * len(BOOT) // (N_FRAMES - 1), os.path.join(frames, "film-%d.png" % (when * 1000)))


def add_images(images):
    os.makedirs(images)
    for name, version, about in IMAGES:
        with open(os.path.join(images, name + ".image"), "w") as file:
            file.write("[Image]\nName=%s\nVersion=%s\nDescription=%s\nKernel=%s.image\nMemory=512\n" % (
                name, version, about, name))


def make_data(desk):
    data = desk.path("data", "cvmtester")
    subprocess.run([os.path.join(SOURCE, "tests", "make-history"), os.path.join(data, "runs"), "40"], check=True)
    film(max(glob.glob(os.path.join(data, "runs", "*"))))
    write_day_before(desk)
    write_two_jobs(desk)
    add_images(os.path.join(data, "images"))
    desk.lend_suite("[Suite]\nName=Photographed\nVersion=1.0\n\n[Precondition start]\nCheck=guest.start\n\n"
                    "[Case login]\nCheck=ssh.login\n\n[Case shown]\nCheck=ssh.command\nstatus=256\nNeeds=login\n",
                    "photographed")


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
        if place == "images":
            check_filters(look)
        look.take(place)


def check_filters(look):
    """They say what they are set to"""
    wait_for("the images", lambda: any(IMAGES[0][2] in node.get_name() for node in look.desk.nodes()), 30)
    empty = [node.get_name() for node in look.desk.nodes() if node.get_role() == Atspi.Role.COMBO_BOX
             and node.get_selection_iface().get_n_selected_children() == 0]
    tap.point(not empty, "%s: no filter of the images is blank" % look.name, empty)


def open_pages(look):
    places(look.desk)[0].get_component_iface().grab_focus()
    xdotool("key", "space")
    xdotool("key", "ctrl+n")
    wait_for("new run", lambda: not places(look.desk) or len(places(look.desk)) != len(PLACES), 20)
    second = look.desk.wait(Atspi.Role.CHECK_BOX, IMAGES[1][0], seconds=30)
    do(second)    # the first is chosen already
    wait_for("an answer of the test driver", lambda: look.desk.find(Atspi.Role.CHECK_BOX, part=IMAGES[1][0] + ", test, "),
             30)
    look.take("new-run")
    xdotool("key", "Escape")
    wait_for("the places", lambda: len(places(look.desk)) == len(PLACES), 20)
    open_first_run(look)


def open_first_run(look):
    for node in look.desk.nodes():
        if node.get_role() == Atspi.Role.LIST_ITEM and node.get_parent().get_role() == Atspi.Role.LIST_BOX \
                and node not in places(look.desk):
            node.get_component_iface().grab_focus()
            break
    xdotool("key", "Return")
    wait_for("a run", lambda: len(places(look.desk)) != len(PLACES), 20)
    look.desk.wait(Atspi.Role.SLIDER, seconds=30)    # its film is there
    look.take("run")


def compare(look):
    """By the last entry of the run's menu, whatever its words"""
    desk = look.desk
    buttons = [node for node in desk.nodes() if node.get_role() == Atspi.Role.TOGGLE_BUTTON]
    known = {node.get_name() for node in desk.nodes()}
    do(buttons[0])
    entries = wait_for("the menu", lambda: [node for node in desk.nodes() if node.get_role() == Atspi.Role.PUSH_BUTTON
                                            and node.get_name() not in known][4:], 10)   # but for Run Again, a button too
    do(entries[-1])
    wait_for("both evidences", lambda: sum("planted error" in text_of(node) for node in desk.nodes()
                                           if node.get_role() == Atspi.Role.TEXT) == 1
             and desk.find(Atspi.Role.COMBO_BOX), 20)
    look.take("compare")
    xdotool("key", "Escape")
    wait_for("the run again", lambda: desk.find(Atspi.Role.LABEL, part="2 lines match"), 20)


def open_two_jobs(look):
    """Found among all runs; with what failed first, and then what differs"""
    desk = look.desk
    xdotool("key", "ctrl+f")
    xdotool("type", "--delay", "20", TWO_JOBS)
    row = wait_for(TWO_JOBS, lambda: next((node for node in desk.nodes() if TWO_JOBS in node.get_name()
                                           and node.get_role() == Atspi.Role.LIST_ITEM), None), 20)
    row.get_component_iface().grab_focus()
    xdotool("key", "Return")
    wait_for("the reason", lambda: desk.find(Atspi.Role.LABEL, part="2 lines match"), 20)
    look.take("run-jobs")
    desk.press("dmesg.log")
    wait_for("the evidence", lambda: any("planted error" in text_of(node) for node in desk.nodes()
                                         if node.get_role() == Atspi.Role.TEXT), 20)
    look.take("run-evidence")
    compare(look)
    xdotool("key", "ctrl+f")
    look.take("run-jobs-find")
    xdotool("key", "Escape", "Escape")
    wait_for("the places", lambda: len(places(desk)) == len(PLACES), 20)
    xdotool("key", "ctrl+f", "ctrl+a", "BackSpace", "Escape")


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
        open_two_jobs(look)
        edit_suite(look)
        judge(look)


def judge(look):
    tap.point(not look.large, "%s: every page fits into it" % look.name, look.large)
    tap.point(not look.unnamed, "%s: every control has a name" % look.name, look.unnamed)
    if look.is_long:    # what is data may be cut, and only here the two are told apart
        tap.point(not look.cut, "%s: no text is cut off" % look.name, look.cut)
    look.desk.quit(tap, "%s: nothing leaked" % look.name)


def photograph_briefly(name, options, folder):
    """What one looks at most; the other pages are made of the same"""
    look = Look(name, options, folder)
    with look.desk as desk:
        make_data(desk)
        desk.start()
        tap.point(look.fit(), "%s: the window is %d x %d" % ((name,) + look.size))
        wait_for("the runs", lambda: len([node for node in desk.nodes() if node.get_role() == Atspi.Role.LIST_ITEM])
                 > len(PLACES), 20)
        look.take("runs")
        open_first_run(look)
        judge(look)


with tempfile.TemporaryDirectory(prefix="cvm-locale-") as locale:
    pseudo_locale.make(locale)
    for wanted in sys.argv[1:] or USUAL:
        photograph(wanted, LOOKS[wanted], locale)
    for wanted in BRIEF if len(sys.argv) == 1 else ():
        photograph_briefly(wanted, LOOKS[wanted], locale)
tap.exit()
