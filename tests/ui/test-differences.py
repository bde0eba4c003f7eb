#!/usr/bin/python3
"""test-differences.py: two jobs of a run: what differs between them, side by side

SPDX-License-Identifier: GPL-2.0-or-later

Needs a display; no guest. Photographs stay in CVM_TEST_ARTEFACTS. Prints TAP.
"""
import json
import os
import sys

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap  # noqa: E402
from desk import Atspi, Desk, photograph, text_of, wait_for, xdotool  # noqa: E402

CASES = (("start", "The guest starts", "pass", "pass"), ("login", "ssh lets in", "pass", "pass"),
         ("log", "Nothing went wrong at boot", "pass", "fail"), ("stop", "It shuts down", "pass", "skip"))

tap = Tap()


def job_events(job, image, outcomes):
    yield job, "job.begin", dict(image=image, host="qemu:///session", suite="Demo", points=len(CASES))
    for number, (case, title, *_) in enumerate(CASES, 1):
        yield job, "case.planned", dict(number=number, id=case, title=title, precondition=False)
    for number, (case, outcome) in enumerate(zip([row[0] for row in CASES], outcomes), 1):
        yield job, "case.begin", dict(number=number, id=case, limit_ms=60000)
        if case == "log":
            yield job, "evidence", dict(name="logs/log-found.log", path="logs/log-found.log",
                                        kind="text/plain", id="log")
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
        with open(os.path.join(folder, job, "logs", "log-found.log"), "w") as file:
            file.write("found by %s\n" % job)
    with open(os.path.join(folder, "id"), "w") as file:
        file.write(name + "\n")
    with open(os.path.join(folder, "journal.jsonl"), "w") as file:
        for i, (job, kind, more) in enumerate(events):
            event = dict(v=1, seq=i + 1, t="2026-11-20T10:11:%02d.000000Z" % min(12 + i, 59), job=job, type=kind)
            file.write(json.dumps(dict(event, **more), separators=(",", ":")) + "\n")


def rows(desk):
    table = desk.find(Atspi.Role.TREE_TABLE, "What differs") or desk.find(Atspi.Role.TABLE, "What differs")
    return [] if table is None else [node for node in desk.nodes() if node.get_parent() == table
                                     and node.get_role() == Atspi.Role.TABLE_CELL]


def titles(desk):
    return [row.get_name() for row in rows(desk) if row.get_name() in [case[1] for case in CASES]]


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
    first = [row for row in rows(here) if row.get_name() == "Nothing went wrong at boot"][0]
    first.get_component_iface().grab_focus()
    xdotool("key", "Home")
    left = here.wait(Atspi.Role.TEXT, "debian on qemu:///session")
    right = here.wait(Atspi.Role.TEXT, "cernvm on qemu:///session")
    wait_for("both evidences", lambda: "found by job-01" in text_of(left)
             and "found by job-02" in text_of(right), 10)
    tap.point("2 lines look like errors" in text_of(right), "both evidences are side by side",
              text_of(left), text_of(right))
    count, unnamed = here.controls()
    tap.point(count and not unnamed, "all %d controls have a name" % count, unnamed)
    photograph("differences")
    xdotool("key", "ctrl+q")
    here.wait_end(60)
    tap.point(not here.leaks(), "nothing leaked", here.leaks())
tap.exit()
