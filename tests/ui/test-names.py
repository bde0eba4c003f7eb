#!/usr/bin/python3
"""test-names.py: every control of the window has a name and can be reached by the keyboard

SPDX-License-Identifier: GPL-2.0-or-later

Walks over every page that can be shown without a guest: the empty place, the list of runs, and a
run of the past, whose journal is written here. Needs a display. Prints TAP.
"""
import json
import os
import sys

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap  # noqa: E402
from desk import Atspi, Desk, photograph, wait_for, xdotool  # noqa: E402

EVENTS = [
    (None, "run.begin", dict(title="demo: Boots and answers", version="0.1.0", jobs=1)),
    ("01", "job.begin", dict(image="demo", host="qemu:///session", suite="Boots and answers", points=4)),
    ("01", "case.planned", dict(number=1, id="start", title="The guest starts", precondition=True)),
    ("01", "case.planned", dict(number=2, id="login", title="ssh lets in", precondition=False)),
    ("01", "case.planned", dict(number=3, id="log", title="Nothing went wrong", precondition=False)),
    ("01", "case.planned", dict(number=4, id="stop", title="It <b>stops</b> & more \x07",
                                precondition=False)),
    ("01", "case.begin", dict(number=1, id="start", limit_ms=60000)),
    ("01", "fact", dict(name="hypervisor", text="qemu (kvm: <no output> within 10 s)")),
    ("01", "case.end", dict(number=1, id="start", outcome="pass", ms=900)),
    ("01", "case.begin", dict(number=2, id="login", limit_ms=60000)),
    ("01", "point", dict(number=2, path="1", ok=True, text="a subtest & its <title>")),
    ("01", "case.end", dict(number=2, id="login", outcome="pass", ms=400)),
    ("01", "case.begin", dict(number=3, id="log", limit_ms=60000)),
    ("01", "evidence", dict(name="logs/log-dmesg.log", path="logs/log-dmesg.log", kind="text/plain",
                            id="log")),
    ("01", "evidence", dict(name="passwd", path="../../../etc/passwd", kind="text/plain", id="log")),
    ("01", "log", dict(kind="info", text="a <line> of the log")),
    ("01", "case.end", dict(number=3, id="log", outcome="fail", ms=1200,
                            reason="2 lines look like errors", details=[["line", "EXT4-fs: <error>"]])),
    ("01", "case.end", dict(number=4, id="stop", outcome="skip", ms=0, reason="needs log")),
    ("01", "job.end", dict(status=1)),
    (None, "run.end", dict(status=1)),
]

tap = Tap()


def make_run(desk):
    name = "2026-11-20T101112Z-beef"
    folder = desk.path("data", "cvmtester", "runs", name)
    os.makedirs(os.path.join(folder, "job-01", "logs"))
    with open(os.path.join(folder, "id"), "w") as file:
        file.write(name + "\n")
    with open(os.path.join(folder, "job-01", "serial.log"), "w") as file:
        file.write("[    0.1] a kernel\r\nA GUEST IS READY\r\n")
    with open(os.path.join(folder, "journal.jsonl"), "w") as file:
        for i, (job, kind, more) in enumerate(EVENTS):
            event = dict(v=1, seq=i + 1, t="2026-11-20T10:11:%02d.000000Z" % (12 + i), job=job, type=kind)
            file.write(json.dumps(dict(event, **more), separators=(",", ":")) + "\n")


def check_names(desk, where):
    count, unnamed = desk.controls()
    tap.point(count and not unnamed, "%s: all %d controls have a name" % (where, count), unnamed)


def focused(desk):
    for node in desk.nodes():
        if node.get_state_set().contains(Atspi.StateType.FOCUSED):
            return node
    return None


def tab_through(desk, where, wanted):
    """Tab comes to everything that is WANTED"""
    seen = set()
    for _ in range(40):
        xdotool("key", "Tab")
        node = wait_for("a focus", lambda: focused(desk), 5)
        seen.add(node.get_name() or node.get_role().value_nick)
        if wanted <= seen:
            break
    tap.point(wanted <= seen, "%s: Tab comes to everything" % where, wanted - seen, seen)


def look_at_choice(desk):
    xdotool("key", "ctrl+n")
    start = desk.wait(Atspi.Role.PUSH_BUTTON, "Start")
    wait_for("the page to settle", lambda: not desk.find(Atspi.Role.LIST_ITEM, "Runs"), 10)
    check_names(desk, "new run")
    tap.point(desk.find(Atspi.Role.LABEL, part="There is no image yet"), "it says that no image is there")
    tap.point(not start.get_state_set().contains(Atspi.StateType.SENSITIVE), "and cannot be started")
    photograph("names-0-new-run")
    xdotool("key", "Escape")
    desk.wait(Atspi.Role.PUSH_BUTTON, "Run the Demo")


def look_at_empty():
    with Desk() as desk:
        desk.start()
        desk.wait(Atspi.Role.PUSH_BUTTON, "Run the Demo")
        check_names(desk, "empty place")
        tab_through(desk, "empty place", {"New Run", "Run the Demo", "Main menu"})
        desk.press("Run the Demo")
        message = desk.wait(Atspi.Role.LABEL, part="'demo'").get_name()
        tap.point("image" in message, "the demo without its image says what is missing", message)
        photograph("names-0-no-demo")
        look_at_choice(desk)
        desk.quit(tap)


def look_at_run(desk):
    row = desk.wait(Atspi.Role.LIST_ITEM, part="1 failed")
    tap.point("demo" in row.get_name() and "failed" in row.get_name(), "a row says all of a run",
              row.get_name())
    check_names(desk, "list of runs")
    row.get_component_iface().grab_focus()
    xdotool("key", "Return")
    desk.wait(Atspi.Role.LABEL, part="1 of 4 checks failed")
    desk.wait(Atspi.Role.LABEL, "2 lines look like errors")
    for view in ("Display", "Serial", "Log", "Facts"):
        desk.show(view)
        wait_for("the page to settle", lambda: not desk.find(Atspi.Role.LIST_ITEM, "Runs"), 10)
        check_names(desk, "run page, " + view)
        photograph("names-1-" + view.lower())
    names = [node.get_name() for node in desk.nodes()]
    tap.point("dmesg.log" in names and not any("passwd" in name for name in names),
              "evidence can be opened, and nothing outside its folder", names)
    tap.point(any("It <b>stops</b> & more" in name for name in names), "a title is no markup", names)
    filters(desk)
    xdotool("key", "Escape")
    desk.wait(Atspi.Role.LIST_ITEM, part="1 failed")
    tap.point(True, "Escape goes back")
    desk.quit(tap)


def titles(desk):
    found = " ".join(node.get_name() for node in desk.nodes()
                     if node.get_role() == Atspi.Role.TABLE_CELL)
    return [word for word in ("guest starts", "ssh lets in", "went wrong", "stops") if word in found]


def filters(desk):
    desk.show("Facts")
    desk.show("Failed 1")
    wait_for("the failed one alone", lambda: titles(desk) == ["went wrong"], 10)
    desk.show("Skipped 1")
    wait_for("the skipped one alone", lambda: titles(desk) == ["stops"], 10)
    desk.show("All 5")
    wait_for("all", lambda: len(titles(desk)) == 4, 10)
    tap.point(True, "the filters show what they say")


look_at_empty()
with Desk() as here:
    make_run(here)
    here.start()
    look_at_run(here)
tap.exit()
