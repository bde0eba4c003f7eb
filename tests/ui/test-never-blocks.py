#!/usr/bin/python3
"""test-never-blocks.py: neither a disk or daemon that hangs nor a run of many points holds anybody up

SPDX-License-Identifier: GPL-2.0-or-later

The main loop is watched from inside (loop-probe.c) while keys scroll, search, filter and open runs,
and go through the places. The disk hangs by slow-disk.c for ten seconds, the daemon is this session's
libvirtd, which is stopped. Then a run of many points is opened, unfolded, filtered and searched.
Needs an ordinary user, libvirt's session and a display. Prints TAP.
"""
import os
import signal
import subprocess
import sys
import time

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap, URI  # noqa: E402
from desk import SOURCE, Atspi, Desk, photograph, wait_for, xdotool  # noqa: E402
from runs import Run  # noqa: E402

N_RUNS = 300
HANG_S = 10
N_POINTS = 60000
with open(os.environ["CVM_APP"], "rb") as program:
    LIMIT_S = 0.25 if b"__asan_init" in program.read() else 0.1    # a sanitizer costs two to three times

tap = Tap()


def use_the_window(seconds):
    """Keys alone: to look at the window over AT-SPI would itself cost its main loop"""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        xdotool("key", "Tab", "Tab", "Down", "Next", "Next", "Prior", "End", "Home")
        xdotool("key", "ctrl+f")
        xdotool("type", "--delay", "20", "demo")
        xdotool("key", "Escape")
        xdotool("key", "Return")
        xdotool("key", "Escape")
        xdotool("key", "ctrl+n")
        xdotool("key", "Escape")


def focus_runs(desk):
    box = desk.wait(Atspi.Role.LIST_BOX, "Runs, newest first", seconds=90)
    row = wait_for("a run", lambda: box.get_child_at_index(0), 90)
    row.get_component_iface().grab_focus()


def hold_the_disk(desk):
    focus_runs(desk)
    before = desk.n_waited()
    with desk.slow_disk(), desk.no_gap(LIMIT_S, "a disk that hangs for %d s" % HANG_S):
        use_the_window(HANG_S)
    tap.point(desk.n_waited() > before, "the disk did hang, for %d calls" % (desk.n_waited() - before))
    tap.point(True, "and held nothing up")
    photograph("never-blocks-1-disk")


def daemon():
    path = os.path.join(os.environ["XDG_RUNTIME_DIR"], "libvirt", "libvirtd.pid")
    with open(path) as file:
        return int(file.read())


def hold_the_daemon(desk):
    subprocess.run(["virsh", "-c", URI, "list"], check=True, capture_output=True, timeout=60)
    pid = daemon()
    xdotool("key", "Escape", "Escape")
    focus_runs(desk)
    os.kill(pid, signal.SIGSTOP)
    try:
        with desk.no_gap(LIMIT_S, "a daemon that hangs for %d s" % HANG_S):
            use_the_window(HANG_S)
    finally:
        os.kill(pid, signal.SIGCONT)
    tap.point(True, "a daemon that hangs for %d s holds nothing up" % HANG_S)
    photograph("never-blocks-2-daemon")


# A run of many points ------------------------------------------------------------------------

def write_large(desk):
    run = Run(desk, "2026-11-20T101112Z-beef", "demo: many points")
    run.begin_job("01", [("start", "The guest starts", True), ("many", "A program of many tests", False)])
    run.case("01", 1, "start", ms=12900)
    for number in range(1, N_POINTS + 1):
        run.point("01", 2, str(number), number % 1000 != 0, "the test of number %d" % number)
    run.case("01", 2, "many", "fail", 2000, "some failed")
    run.end_job("01")
    run.close()


def open_large(desk):
    """Twice: what is loaded once, is; gives the tree of checks"""
    focus_runs(desk)
    xdotool("key", "Return")
    desk.wait(Atspi.Role.TREE_TABLE, "Checks", seconds=60)
    xdotool("key", "Escape")
    focus_runs(desk)
    with desk.no_gap(LIMIT_S, "to open a run of %d points" % N_POINTS):
        xdotool("key", "Return")
        desk.wait(Atspi.Role.RADIO_BUTTON, part="All %d" % (N_POINTS + 2), seconds=60)
    tap.point(True, "a run of many points opens and holds nothing up")
    return desk.wait(Atspi.Role.TREE_TABLE, "Checks")


def unfold(desk, tree):
    """Of all rows as many as one may read; then they fold again. To look at the cells would make an
    object for each, so the rows are counted only."""
    def n_rows():
        return tree.get_table_iface().get_n_rows()
    tree.get_component_iface().grab_focus()
    xdotool("key", "Home", "Down", "Down")
    with desk.no_gap(LIMIT_S, "to unfold all of it"):
        xdotool("key", "asterisk")
        wait_for("many rows", lambda: n_rows() > 20000, 60)
    tap.point(n_rows() < 30000, "what unfolds has a limit", n_rows())
    photograph("never-blocks-3-unfolded")
    with desk.no_gap(LIMIT_S, "to fold it"):
        xdotool("key", "Left")
        wait_for("few rows", lambda: n_rows() < 10, 30)
    tap.point(True, "nothing holds up who unfolds and folds them")


def filter_and_find(desk):
    with desk.no_gap(LIMIT_S, "to filter and to find"):
        desk.show("Failed %d" % (N_POINTS // 1000 + 1))
        desk.show("All %d" % (N_POINTS + 2))
        xdotool("key", "ctrl+f")
        xdotool("type", "--delay", "20", "number %d" % (N_POINTS - 1))
        desk.wait(Atspi.Role.LABEL, part="1 of 1")
    tap.point(True, "nor who filters and looks for text")


with Desk(probe=True) as here:
    write_large(here)
    here.start()
    unfold(here, open_large(here))
    filter_and_find(here)
    xdotool("key", "ctrl+q")
    here.wait_end(60)

with Desk(probe=True) as here:
    here.set_slow_disk("data", "cvmtester")     # and not the libraries and icons that are read long since
    subprocess.run([os.path.join(SOURCE, "tests", "make-history"),
                    here.path("data", "cvmtester", "runs"), str(N_RUNS)], check=True)
    here.start()
    hold_the_disk(here)
    hold_the_daemon(here)
    xdotool("key", "ctrl+q")
    here.wait_end(60)
    tap.point(here.process.returncode == 0, "Ctrl+Q ends it", here.process.returncode)
tap.exit()
