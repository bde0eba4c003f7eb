#!/usr/bin/python3
"""test-differences.py: two jobs of a run, and two runs: what differs between them, side by side

SPDX-License-Identifier: GPL-2.0-or-later

Needs a display; no guest. Photographs stay in CVM_TEST_ARTEFACTS. Prints TAP.
"""
import json
import os
import sys

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap  # noqa: E402
from desk import Atspi, Desk, do, photograph, text_of, wait_for, walk, xdotool  # noqa: E402
from runs import Run  # noqa: E402

CASES = (("start", "The guest starts", "pass", "pass"), ("login", "ssh lets in", "pass", "pass"),
         ("log", "Nothing went wrong at boot", "pass", "fail"), ("stop", "It shuts down", "pass", "skip"))

THEN_AND_NOW = (("start", "The guest starts", ("pass", 2000), ("pass", 9000)),
                ("login", "ssh lets in", ("pass", 2000), ("pass", 2200)),
                ("log", "Nothing went wrong at boot", ("pass", 400), ("fail", 400)),
                ("web", "The web server answers", ("fail", 400), ("pass", 400)))

tap = Tap()


def make_then_and_now(desk):
    """Two runs of one kind; between them one of another image, and one that was stopped"""
    for name, hour, image, status in (("then", 6, "debian", 0), ("other", 7, "cernvm", 0),
                                      ("stopped", 8, "debian", 130), ("now", 9, "debian", 0)):
        run = Run(desk, "2026-11-20T%02d0000Z-0%03d" % (hour, hour), "Debian " + name, hour)
        run.begin_job("01", [(case, title, False) for case, title, *_ in THEN_AND_NOW], image=image)
        for number, (case, _, before, after) in enumerate(THEN_AND_NOW, 1):
            outcome, ms = after if name == "now" else before
            if case == "log":
                run.evidence("01", case, "found.log", "found by %s\n" % name)
            run.case("01", number, case, outcome, ms, reason="2 lines" if outcome == "fail" else None)
        run.status = status or run.status
        run.end_job("01")
        run.close()


def job_events(job, image, outcomes):
    yield job, "job.begin", dict(image=image, host="qemu:///session", suite="Demo", points=len(CASES))
    for number, (case, title, *_) in enumerate(CASES, 1):
        yield job, "case.planned", dict(number=number, id=case, title=title, precondition=False)
    for number, (case, outcome) in enumerate(zip([row[0] for row in CASES], outcomes), 1):
        yield job, "case.begin", dict(number=number, id=case, limit_ms=60000)
        if case in ("login", "log"):
            path = "logs/%s-found.log" % case
            yield job, "evidence", dict(name=path, path=path, kind="text/plain", id=case)
        more = dict(reason="2 lines look like errors") if outcome == "fail" else {}
        yield job, "case.end", dict(number=number, id=case, outcome=outcome, ms=10, **more)
    yield job, "job.end", dict(status=1 if "fail" in outcomes else 0)


def make_run(desk):
    name = "2026-11-20T101112Z-beef"
    folder = desk.path("data", "cvmtester", "runs", name)
    events = [(None, "run.begin", dict(title="Two images", version="0.1.0", jobs=2)),
              *job_events("01", "debian", [row[2] for row in CASES]),
              *job_events("02", "cernvm", [row[3] for row in CASES]),
              (None, "run.end", dict(status=1))]
    for job in ("job-01", "job-02"):
        os.makedirs(os.path.join(folder, job, "logs"))
        for case in ("login", "log"):
            with open(os.path.join(folder, job, "logs", case + "-found.log"), "w") as file:
                file.write("found by %s\n" % job)
    with open(os.path.join(folder, "id"), "w") as file:
        file.write(name + "\n")
    with open(os.path.join(folder, "journal.jsonl"), "w") as file:
        for i, (job, kind, more) in enumerate(events):
            event = dict(v=1, seq=i + 1, t="2026-11-20T10:11:%02d.000000Z" % min(12 + i, 59), job=job, type=kind)
            file.write(json.dumps(dict(event, **more), separators=(",", ":")) + "\n")


def listed_runs(desk):
    """Of then and now, newest first"""
    return wait_for("all runs", lambda: [node for node in desk.nodes() if node.get_role() == Atspi.Role.LIST_ITEM
                                         and "Boots and answers" in node.get_name()] or None, 20)


def click(node, *keys, button=1):
    def where():
        place = node.get_component_iface().get_extents(Atspi.CoordType.SCREEN)
        return place if place.x >= 0 else None
    place = wait_for("a place on the screen", where, 10)
    for key in keys:
        xdotool("keydown", key)
    xdotool("mousemove", place.x + 60, place.y + place.height // 2, "click", button)
    for key in keys:
        xdotool("keyup", key)


def item(desk, name):
    """An entry of a menu that is open"""
    def find():
        for node in walk(desk.find_window()):
            if node.get_name() == name and node.get_role() in (Atspi.Role.PUSH_BUTTON, Atspi.Role.MENU_ITEM):
                return node
        return None
    return wait_for("the entry " + name, find, 10)


def compared(desk):
    """Titles of the checks in the table, as soon as there are some"""
    names = [case[1] for case in THEN_AND_NOW]
    return wait_for("what differs", lambda: [row.get_name() for row in rows(desk) if row.get_name() in names], 20)


def rows(desk):
    table = desk.find(Atspi.Role.TREE_TABLE, "What differs") or desk.find(Atspi.Role.TABLE, "What differs")
    return [] if table is None else [node for node in desk.nodes() if node.get_parent() == table
                                     and node.get_role() == Atspi.Role.TABLE_CELL]


def titles(desk):
    return [row.get_name() for row in rows(desk) if row.get_name() in [case[1] for case in CASES]]


def check_runs(here):
    make_then_and_now(here)
    here.start()
    wait_for("all runs", lambda: len(listed_runs(here)) == 4, 20)
    listed_runs(here)[0].get_component_iface().grab_focus()
    xdotool("key", "shift+F10")
    do(item(here, "Compare With Previous Run"))
    tap.point(compared(here) == ["Nothing went wrong at boot", "The web server answers", "The guest starts"],
              "what got worse comes first, then what passes now, then what takes longer", compared(here))
    here.wait(Atspi.Role.LABEL, "1 worse · 1 better · 1 slower")
    tap.point({"worse", "better", "slower"} <= {row.get_name() for row in rows(here)}, "each change has its word")
    sides = [wait_for(word, lambda: [node for node in here.nodes() if node.get_role() == Atspi.Role.TEXT
                                     and node.get_name().startswith(word)], 10)[0]
             for word in ("Before:", "After:")]
    wait_for("both evidences", lambda: "found by then" in text_of(sides[0])
             and "found by now" in text_of(sides[1]), 10)
    tap.point(True, "the stopped run and that of another image were passed over; both evidences are shown")
    count, unnamed = here.controls()
    tap.point(count and not unnamed, "all %d controls have a name" % count, unnamed)
    photograph("then-and-now")
    xdotool("key", "Escape")


def check_selected(here):
    listed = listed_runs(here)
    click(listed[0], button=3)
    do(item(here, "Select to Compare"))
    wait_for("one is selected", lambda: listed[0].get_state_set().contains(Atspi.StateType.SELECTED), 10)
    click(listed[2], "ctrl")
    here.wait(Atspi.Role.LABEL, "2 runs selected")
    click(listed[2], "ctrl")
    wait_for("no bar", lambda: not here.find(Atspi.Role.LABEL, "2 runs selected"), 10)
    click(listed[3], "ctrl")
    here.wait(Atspi.Role.LABEL, "2 runs selected")
    tap.point(True, "Ctrl and a click selects and opens nothing; the menu can do that too")
    photograph("two-selected")
    here.press("Compare")
    tap.point(compared(here)[0] == "Nothing went wrong at boot", "two selected runs are compared, the older one first")
    xdotool("key", "Escape")
    here.press("Clear Selection")
    wait_for("no bar", lambda: not here.find(Atspi.Role.PUSH_BUTTON, "Clear Selection"), 10)
    listed[0].get_component_iface().grab_focus()
    xdotool("key", "ctrl+space", "ctrl+Down", "ctrl+Down", "ctrl+space")
    here.wait(Atspi.Role.LABEL, "2 runs selected")
    chosen = [row.get_state_set().contains(Atspi.StateType.SELECTED) for row in listed]
    here.press("Clear Selection")
    wait_for("no bar", lambda: not here.find(Atspi.Role.PUSH_BUTTON, "Clear Selection"), 10)
    tap.point(chosen == [True, False, True, False], "the keyboard selects too, and the selection can be cleared", chosen)


def check_first(here):
    """From the page of the first of all runs: there is none before it"""
    listed_runs(here)[3].get_component_iface().grab_focus()
    xdotool("key", "Return")
    do(here.wait(Atspi.Role.TOGGLE_BUTTON, "Run Menu"))
    do(item(here, "Compare With Previous Run"))
    here.wait(Atspi.Role.PUSH_BUTTON, "Go Back")
    tap.point(True, "the first of its kind says that there is none before it")
    photograph("no-earlier-run")
    here.quit(tap)


def check_details(here):
    """Two jobs that passed the same check alike: each has its own evidence"""
    for image, job in (("cernvm", "job-02"), ("debian", "job-01")):
        here.wait(Atspi.Role.LIST_ITEM, part=image).get_component_iface().grab_focus()
        xdotool("key", "Return")
        here.wait(Atspi.Role.TREE_TABLE, "Checks").get_component_iface().grab_focus()
        xdotool("key", "ctrl+f", "ctrl+a")
        xdotool("type", "ssh lets in")
        here.wait(Atspi.Role.LABEL, "1 of 1")
        xdotool("key", "Escape")
        here.press("found.log")
        text = here.wait(Atspi.Role.TEXT, part="found.log")
        wait_for("a text", lambda: "found by" in text_of(text), 10)
        tap.point(job in text_of(text), "the details are those of the job of " + image, text_of(text))
        here.press("Close File")
    photograph("details-of-a-job")


with Desk() as runs:
    check_runs(runs)
    check_selected(runs)
    check_first(runs)

with Desk() as here:
    make_run(here)
    here.start()
    row = here.wait(Atspi.Role.LIST_ITEM, part="Two images")
    row.get_component_iface().grab_focus()
    xdotool("key", "Return")
    here.press("Differences")
    wait_for("the table", lambda: titles(here), 10)
    tap.point(titles(here) == ["Nothing went wrong at boot", "It shuts down"],
              "only what differs is there", titles(here))
    words = [row.get_name() for row in rows(here)]
    tap.point({"passed", "failed", "skipped"} <= set(words), "each job says its word", words)
    heads = [node.get_name() for node in here.nodes() if node.get_role() == Atspi.Role.TABLE_COLUMN_HEADER]
    tap.point(heads == ["Check", "debian", "cernvm"], "the heads say what the jobs differ in", heads)
    first = [row for row in rows(here) if row.get_name() == "Nothing went wrong at boot"][0]
    first.get_component_iface().grab_focus()
    xdotool("key", "Home")
    left = here.wait(Atspi.Role.TEXT, "debian")
    right = here.wait(Atspi.Role.TEXT, "cernvm")
    wait_for("both evidences", lambda: "found by job-01" in text_of(left)
             and "found by job-02" in text_of(right), 10)
    tap.point("2 lines look like errors" in text_of(right), "both evidences are side by side",
              text_of(left), text_of(right))
    count, unnamed = here.controls()
    tap.point(count and not unnamed, "all %d controls have a name" % count, unnamed)
    photograph("differences")
    check_details(here)
    here.quit(tap)
tap.exit()
