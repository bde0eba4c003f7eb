#!/usr/bin/python3
"""test-never-blocks.py: a disk and a daemon that hang for ten seconds hold up nobody who looks

SPDX-License-Identifier: GPL-2.0-or-later

The main loop is watched from inside (loop-probe.c) while keys scroll, search, filter and open runs,
and go through the places. The disk hangs by slow-disk.c, the daemon is this session's libvirtd, which
is stopped. Needs an ordinary user, libvirt's session and a display. Prints TAP.
"""
import os
import signal
import subprocess
import sys
import time

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap, URI  # noqa: E402
from desk import SOURCE, Atspi, Desk, photograph, wait_for, xdotool  # noqa: E402

N_RUNS = 300
HANG_S = 10
LIMIT_S = 0.1

tap = Tap()


def set_slow_disk(desk):
    """The data, and not the libraries and icons that a desktop has read long since"""
    desk.flag, desk.told = desk.path("slow"), desk.path("waited")
    desk.env.update(LD_PRELOAD=os.environ["CVM_SLOW_DISK_LIB"], CVM_SLOW_WHILE=desk.flag,
                    CVM_SLOW_TOLD=desk.told, CVM_SLOW_FOLDER=desk.path("data", "cvmtester"))
    desk.env["ASAN_OPTIONS"] = "verify_asan_link_order=0:" + desk.env.get("ASAN_OPTIONS", "")


def n_waited(desk):
    return os.path.getsize(desk.told) if os.path.exists(desk.told) else 0


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
    before = n_waited(desk)
    with open(desk.flag, "w"):
        pass
    try:
        with desk.no_gap(LIMIT_S, "a disk that hangs for %d s" % HANG_S):
            use_the_window(HANG_S)
    finally:
        os.unlink(desk.flag)
    tap.point(n_waited(desk) > before, "the disk did hang, for %d calls" % (n_waited(desk) - before))
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


with Desk(probe=True) as here:
    set_slow_disk(here)
    subprocess.run([os.path.join(SOURCE, "tests", "make-history"),
                    here.path("data", "cvmtester", "runs"), str(N_RUNS)], check=True)
    here.start()
    hold_the_disk(here)
    hold_the_daemon(here)
    xdotool("key", "ctrl+q")
    here.wait_end(60)
    tap.point(here.process.returncode == 0, "Ctrl+Q ends it", here.process.returncode)
tap.exit()
