#!/usr/bin/python3
"""bench-frames.py: how far apart frames are while two guests boot and 5 000 points a second arrive

SPDX-License-Identifier: GPL-2.0-or-later

The real window, and a run of two jobs. Both guests boot again and again: each restarts as soon as its
kernel is up. A program of the first job's suite prints points, which come through the engine as any
do. Looked at are the unfolded points beside the picture of a guest, with keys that go through them,
and then both pictures. The frames of the window's clock are noted from inside (frame-probe.c).

Exit status 1 when frames are 50 ms apart or more at the 95th percentile, or fewer points arrived.
Needs CVM_TEST_DEMO (the demo guest's folder), an ordinary user, libvirt's session and a display.
"""
import glob
import os
import sys
import tempfile
import time

sys.path[:0] = [os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), *more)
                for more in ((), ("ui",))]
from desk import Atspi, Desk, do, photograph, wait_for, xdotool  # noqa: E402

PER_SECOND = 5000
WATCH_S = 15
LIMIT_MS = 50
SUITE = """[Suite]
Name=Points
Version=1.0
[Precondition start]
Title=The guest starts
Check=guest.start
Timeout=2m
[Case points]
Title=A program of many tests
Check=tap.exec
argv=/usr/bin/python3;print-points.py
Timeout=10m
[Case never]
Title=A word that nobody types
Check=serial.expect
pattern=neverword
Timeout=10m
"""
# The first job takes the lock and prints until it is stopped; another has nothing to say
PRINTER = """import os, sys, time
try:
    os.mkdir("taken")
except FileExistsError:
    print("1..1\\nok 1 - somebody else prints")
    sys.exit(0)
begun, number = time.monotonic(), 0
while True:
    due = int((time.monotonic() - begun) * %d)
    sys.stdout.write("".join("%%s %%d - virDomainGetInfo of guest %%d\\n"
                     %% ("not ok" if n %% 1000 == 999 else "ok", n + 1, n) for n in range(number, due)))
    sys.stdout.flush()
    number = due
    time.sleep(0.01)
""" % PER_SECOND


def prepare(desk):
    """Two images whose kernel restarts instead of going on"""
    images = desk.lend_demo()
    with open(os.path.join(images, "demo.image")) as file:
        text = file.read()
    os.unlink(os.path.join(images, "demo.image"))
    lines = [line + " rdinit=/bin/busybox -- reboot -f" if line.startswith("Cmdline=") else line
             for line in text.splitlines()]
    for name in ("demo", "other"):
        with open(os.path.join(images, name + ".image"), "w") as file:
            file.write("\n".join(lines).replace("Name=demo", "Name=" + name) + "\n")
    suites = desk.path("config", "cvmtester", "suites")
    os.makedirs(suites)
    with open(os.path.join(suites, "points.suite"), "w") as file:
        file.write(SUITE)
    with open(os.path.join(suites, "print-points.py"), "w") as file:
        file.write(PRINTER)


def set_frame_probe(desk):
    number, path = tempfile.mkstemp(prefix="cvm-frames-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
    os.close(number)
    desk.env["GTK_MODULES"] = os.environ["CVM_FRAME_PROBE_MODULE"]
    desk.env["CVM_FRAME_PROBE"] = path
    return path


def turn(desk, name, is_on):
    box = desk.wait(Atspi.Role.CHECK_BOX, name, seconds=60)
    def state():
        return box.get_state_set().contains(Atspi.StateType.CHECKED)
    if state() != is_on:
        do(box)
    wait_for("%s is %s" % (name, is_on), lambda: state() == is_on, 10)


def start_two(desk):
    xdotool("key", "ctrl+n")
    for name in ("demo", "other", "Points"):
        turn(desk, name, True)
    for other in ("Boots and answers", "CernVM release", "Demo appliance"):
        turn(desk, other, False)
    desk.wait(Atspi.Role.LABEL, part="2 jobs")
    desk.press("Start")


class Arriving:
    """Counts the points that have come into the journal since it was asked last"""

    def __init__(self, desk):
        paths = desk.path("data", "cvmtester", "runs", "*", "journal.jsonl")
        self.file = open(wait_for("the journal", lambda: glob.glob(paths), 60)[0], "rb")

    def count(self):
        return self.file.read().count(b'"type":"point"')


def boots(desk):
    """How often the guests' kernels have begun"""
    found = 0
    for path in glob.glob(desk.path("data", "cvmtester", "runs", "*", "job-*", "serial.log")):
        with open(path, "rb") as file:
            found += file.read().count(b"Linux version")
    return found


def unfold(desk):
    """Down to the points that come just now; they are in ranges"""
    desk.wait(Atspi.Role.TREE_TABLE, "Checks").get_component_iface().grab_focus()
    xdotool("key", "--delay", "120", "End", "Up", "Right", "End", "Up", "Right")


def use_keys():
    """As somebody who looks through them"""
    xdotool("key", "--delay", "100", "End", "Up", "Right", "Prior", "Up", "Down", "Next", "Next")


def frames(path, since, until):
    """(gap, own) in ms of each frame painted between"""
    with open(path) as file:
        lines = [line.split() for line in file.read().split("\n")[:-1]]
    return [(int(gap) / 1000, max(int(gap) - int(wait), 0) / 1000) for when, gap, wait in lines
            if since < int(when) / 1e6 <= until]


def percentile(values, part):
    return sorted(values)[int(len(values) * part)]


def watch(desk, path, arriving, what):
    """Whether the limit was held"""
    booted = boots(desk)
    arriving.count()
    begun = time.monotonic()
    while time.monotonic() < begun + WATCH_S:
        use_keys()
    until = time.monotonic()
    points = arriving.count() / (until - begun)
    seen = frames(path, begun, until)
    gaps, own = zip(*seen)
    print("%s: %u frames, %.0f points a second, %u boots" % (what, len(seen), points, boots(desk) - booted))
    for title, values in (("apart", gaps), ("of that its own", own)):
        print("    ms %-16s p50 %6.1f   p95 %6.1f   p99 %6.1f   max %6.1f"
              % (title, percentile(values, .5), percentile(values, .95), percentile(values, .99), max(values)))
    return percentile(gaps, .95) < LIMIT_MS and points > PER_SECOND * .95


def main():
    with Desk() as desk:
        prepare(desk)
        path = set_frame_probe(desk)
        desk.start()
        xdotool("mousemove", 0, 0)
        start_two(desk)
        arriving = Arriving(desk)
        wait_for("points", arriving.count, 120)
        unfold(desk)
        held = [watch(desk, path, arriving, "points and a guest")]
        photograph("frames-1-points")
        desk.press("All Guests")
        held.append(watch(desk, path, arriving, "both guests"))
        photograph("frames-2-guests")
        desk.press("Stop")
        desk.wait(Atspi.Role.LABEL, part="Stopped", seconds=60)
        xdotool("key", "ctrl+q")
        desk.wait_end(60)
    os.unlink(path)
    sys.exit(0 if all(held) else 1)


main()
