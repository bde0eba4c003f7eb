#!/usr/bin/python3
"""test-loop-probe.py: the probe of the main loop sees a loop that stands still, and one that runs

SPDX-License-Identifier: GPL-2.0-or-later

Needs a display. Prints TAP.
"""
import os
import signal
import sys
import time

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap  # noqa: E402
from desk import Desk, wait_for  # noqa: E402

STILL_S = 0.4
tap = Tap()


def stand_still(desk):
    """Stopped by a signal, the loop cannot run; (when, until) at least"""
    desk.process.send_signal(signal.SIGSTOP)
    begun = time.monotonic()
    wait_for("some time", lambda: time.monotonic() > begun + STILL_S, 10)
    until = time.monotonic()
    desk.process.send_signal(signal.SIGCONT)
    return begun, until


with Desk(probe=True) as desk:
    desk.start()
    quiet = time.monotonic()
    wait_for("some time", lambda: time.monotonic() > quiet + STILL_S, 10)
    worst = max((own for _, _, own in desk.gaps(quiet)), default=0)
    tap.point(worst < STILL_S / 2, "a loop that runs has no long gap: %.0f ms" % (worst * 1000))

    begun, until = stand_still(desk)
    gaps = desk.gaps(begun)
    found = [own for when, gap, own in gaps if when <= begun + 0.05 and when + gap >= until]
    tap.point(len(found) == 1 and found[0] >= STILL_S / 2, "a loop that is held has one that covers it: %s" % gaps)

    try:
        with desk.no_gap(STILL_S / 2, "held"):
            stand_still(desk)
        told = ""
    except AssertionError as error:
        told = str(error)
    tap.point("held: the main loop stood still for 0." in told, "… and no_gap says so: " + told)
    with desk.no_gap(STILL_S / 2, "after it"):
        desk.find_window()
    tap.point(True, "what was before is not counted")
tap.exit()
