#!/usr/bin/python3
"""test-runs.py: the place of the runs: history, search, filters, deleting, and a restart

SPDX-License-Identifier: GPL-2.0-or-later

Needs a display. Photographs stay in CVM_TEST_ARTEFACTS. Prints TAP.
"""
import json
import os
import subprocess
import sys

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap  # noqa: E402
from desk import SOURCE, Atspi, Desk, photograph, wait_for, walk, xdotool  # noqa: E402

N_RUNS = 300
IMAGE = "debian-12-cloud"
HOSTS = "[Host lab]\nTitle=Lab, third rack\nURI=qemu+ssh://lab-3/system\n"
ROW = Atspi.Role.LIST_ITEM

tap = Tap()


def runs_folder(desk):
    return desk.path("data", "cvmtester", "runs")


def make_history(desk):
    subprocess.run([os.path.join(SOURCE, "tests", "make-history"), runs_folder(desk), str(N_RUNS)],
                   check=True)
    os.makedirs(desk.path("config", "cvmtester"))
    with open(desk.path("config", "cvmtester", "hosts.ini"), "w") as file:
        file.write(HOSTS)


def rows(desk):
    """Names of the runs that have a row, from the top"""
    found = desk.find(Atspi.Role.LIST_BOX, "Runs, newest first")
    return [node.get_name() for node in walk(found) if node.get_role() == ROW] if found else []


def wait_rows(desk, what, check):
    return wait_for(what, lambda: (lambda names: names if check(names) else None)(rows(desk)), 60)


def focus_first(desk):
    box = desk.find(Atspi.Role.LIST_BOX, "Runs, newest first")
    row = [node for node in walk(box) if node.get_role() == ROW][0]
    row.get_component_iface().grab_focus()
    return row.get_name()


def look_for(desk):
    desk.start()
    names = wait_rows(desk, "the runs", lambda found: len(found) >= 3)
    tap.point(len(names) < N_RUNS / 2, "only the runs that may be seen have a row", len(names))
    wait_rows(desk, "a host by its name", lambda found: any("· kvm on Lab, third rack" in name for name in found))
    tap.point(not any("qemu+ssh" in name for name in rows(desk)), "a host is called what the user calls it")
    photograph("runs-1-list")
    xdotool("key", "ctrl+f")
    desk.wait(Atspi.Role.TEXT, "Search for")
    xdotool("type", "--delay", "5", IMAGE)
    wait_rows(desk, "those that were searched", lambda found: found and all(IMAGE in name for name in found))
    tap.point(True, "a search shows what has the text, and nothing else")
    photograph("runs-2-search")
    xdotool("key", "ctrl+a", "BackSpace")
    xdotool("type", "--delay", "5", "no such run")
    desk.wait(Atspi.Role.PUSH_BUTTON, "Show All Runs")
    photograph("runs-3-nothing")
    xdotool("key", "Escape")
    wait_rows(desk, "all runs", lambda found: len(found) >= 3)
    tap.point(True, "Escape ends the search")


def filter_them(desk):
    desk.show("Failed")
    names = wait_rows(desk, "those that failed",
                      lambda found: found and all("failed" in name for name in found))
    tap.point(True, "a filter shows the runs that failed, and nothing else")
    return names


def delete(desk):
    first = focus_first(desk)
    before = len(os.listdir(runs_folder(desk)))
    xdotool("key", "Delete")
    desk.wait(Atspi.Role.LABEL, "Run deleted")
    wait_rows(desk, "one row less", lambda found: found and found[0] != first)
    photograph("runs-4-deleted")
    tap.point(len(os.listdir(runs_folder(desk))) == before, "nothing is deleted while it can be taken back")
    desk.press("Undo")
    wait_rows(desk, "the row again", lambda found: found and found[0] == first)
    tap.point(True, "Undo brings it back")
    focus_first(desk)
    xdotool("key", "Delete")
    desk.wait(Atspi.Role.LABEL, "Run deleted")
    return before


def leave(desk):
    desk.quit(tap)


def visible_runs(desk):
    return [name for name in os.listdir(runs_folder(desk)) if not name.startswith(".")]


def restart(desk):
    """The filter, the size and the open run are as they were"""
    desk.start()
    names = wait_rows(desk, "the list", lambda found: found)
    tap.point(all("failed" in name for name in names), "the filter is as it was", names[:3])
    window = desk.find_window()
    xdotool("search", "--onlyvisible", "--name", "cvmtester", "windowsize", "1200", "800")
    wait_for("the new size", lambda: window.get_component_iface().get_extents(
        Atspi.CoordType.WINDOW).width >= 1200, 10)
    focus_first(desk)
    xdotool("key", "Return")
    desk.wait(Atspi.Role.PUSH_BUTTON, "Back")
    leave(desk)
    desk.start()
    desk.wait(Atspi.Role.PUSH_BUTTON, "Back")
    size = desk.find_window().get_component_iface().get_extents(Atspi.CoordType.WINDOW)
    tap.point(size.width >= 1200, "the size is as it was", size.width)
    photograph("runs-5-restart")
    tap.point(True, "and so is the run that was looked at")
    xdotool("key", "Escape")
    wait_rows(desk, "the list", lambda found: found)


def kill_a_run(desk):
    """The newest run has no end, and nobody holds its lock"""
    newest = sorted(visible_runs(desk))[-1]
    path = os.path.join(runs_folder(desk), newest, "journal.jsonl")
    with open(path) as file:
        lines = [line for line in file if json.loads(line)["type"] not in ("job.end", "run.end")]
    with open(path, "w") as file:
        file.writelines(lines[:-2])


with Desk() as here:
    make_history(here)
    look_for(here)
    filter_them(here)
    known = delete(here)
    leave(here)
    tap.point(len(visible_runs(here)) == known - 1, "what was deleted is gone, though the window went at once",
              known, len(visible_runs(here)))
    restart(here)
    leave(here)
    os.unlink(here.path("state", "cvmtester", "window.ini"))
    kill_a_run(here)
    here.start()
    here.wait(Atspi.Role.LABEL, part="ended unexpectedly", seconds=90)
    tap.point(True, "a run that was cut off is told")
    photograph("runs-6-cut-off")
    leave(here)
tap.exit()
