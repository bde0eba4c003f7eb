#!/usr/bin/python3
"""test-two-by-two.py: two images on two hosts, of which one image fails a check: found, read, run again

SPDX-License-Identifier: GPL-2.0-or-later

Needs CVM_TEST_DEMO (the demo guest's folder), an ordinary user, libvirt's session and a display.
Photographs stay in CVM_TEST_ARTEFACTS. Prints TAP.
"""
import os
import sys

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap  # noqa: E402
from desk import Atspi, Desk, do, photograph, wait_for, xdotool  # noqa: E402

SUITE = """[Suite]
Name=Two by two
Version=1.0
[Precondition start]
Title=The guest starts
Check=guest.start
Timeout=4m
[Case healthy]
Title=It was not told to be sick
Check=ssh.command
command=! grep sick /proc/cmdline
Timeout=5m
[Case login]
Title=Somebody may log in
Check=ssh.login
Timeout=4m
"""
HOSTS = """[Host second]
Title=Second
URI=qemu+unix:///session
"""
OTHERS = ("Boots and answers", "CernVM release", "Demo appliance")

tap = Tap()


def set_viewer(desk):
    """What opens pictures here only copies them"""
    for place, name, text in (
            ("data/applications", "viewer.desktop", "[Desktop Entry]\nType=Application\nName=Viewer\n"
             "MimeType=image/png;\nExec=cp %%f %s\n" % desk.path("seen.png")),
            ("config", "mimeapps.list", "[Default Applications]\nimage/png=viewer.desktop\n")):
        os.makedirs(desk.path(place), exist_ok=True)
        with open(desk.path(place, name), "w") as file:
            file.write(text)


def prepare(desk):
    """The demo, and the same with a word on its command line; the session, and a second way to it"""
    images = desk.lend_demo()
    with open(os.path.join(images, "demo.image")) as file:
        text = file.read()
    with open(os.path.join(images, "sick.image"), "w") as file:
        file.write(text.replace("Name=demo", "Name=sick").replace("Cmdline=", "Cmdline=sick "))
    set_viewer(desk)
    for place, name, text in (("suites", "two.suite", SUITE), (".", "hosts.ini", HOSTS)):
        folder = desk.path("config", "cvmtester", place)
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)


def is_on(box):
    return box.get_state_set().contains(Atspi.StateType.CHECKED)


def turn(desk, name, wanted):
    box = desk.wait(Atspi.Role.CHECK_BOX, name, seconds=60)
    if is_on(box) != wanted:
        do(box)
    wait_for("%s is %s" % (name, wanted), lambda: is_on(box) == wanted, 10)


def cells(desk):
    return [node for node in desk.nodes() if node.get_role() == Atspi.Role.CHECK_BOX
            and any(node.get_name().startswith(image + ", qemu, ") for image in ("demo", "sick"))]


def choose(desk):
    xdotool("key", "ctrl+n")
    for name in ("demo", "sick", "Two by two"):
        turn(desk, name, True)
    for name in OTHERS:
        turn(desk, name, False)
    boxes = wait_for("two hosts that answer", lambda: cells(desk) if len(cells(desk)) == 4 else None, 60)
    for box in boxes:
        if not is_on(box):
            do(box)
    desk.wait(Atspi.Role.LABEL, part="4 jobs")
    photograph("two-by-two-0-choice")
    desk.press("Start")


def wait_end(desk, count):
    wait_for("a run", lambda: len(desk.runs()) == count, 60)
    wait_for("its end", lambda: any(r["type"] == "run.end" for r in desk.records()), 500)
    return [r for r in desk.records() if r["type"] == "case.end"]


def failures(ends):
    return sorted((r["job"], r["id"]) for r in ends if r["outcome"] == "fail")


def find_failure(desk):
    ends = wait_end(desk, 1)
    failed = failures(ends)
    tap.point(len(failed) == 2 and {case for _, case in failed} == {"healthy"},
              "the sick image fails its check on both hosts, and no other fails", failed)
    photograph("two-by-two-1-ended")
    rows = wait_for("the jobs that failed", lambda: [
        node for node in desk.nodes() if node.get_role() == Atspi.Role.LIST_ITEM
        and "sick" in node.get_name() and "failed" in node.get_name()] or None, 30)
    names = [row.get_name() for row in rows]
    tap.point(len(names) == 2, "the list of jobs says which failed", names)
    tap.point(all(any(host in name for name in names) for host in ("This computer", "Second")),
              "and calls each host as the user does", names)


def read_failure(desk):
    reason = desk.wait(Atspi.Role.LABEL, part="the command ended", seconds=30).get_name()
    tap.point("1" in reason, "the page turned to the failure, and tells its reason", reason)
    verdict = desk.wait(Atspi.Role.LABEL, part="1 of 3 checks failed", seconds=20).get_name()
    tap.point(verdict.startswith("sick · "), "of several jobs the verdict says whose it is", verdict)
    photograph("two-by-two-2-failure")
    do(wait_for("its evidence", lambda: next(
        (node for node in desk.nodes() if node.get_role() == Atspi.Role.PUSH_BUTTON
         and node.get_name() == "Screen"), None), 20))
    wait_for("the picture in another program", lambda: os.path.exists(desk.path("seen.png")), 30)
    with open(desk.path("seen.png"), "rb") as file:
        tap.point(file.read(8) == b"\x89PNG\r\n\x1a\n", "its evidence opens in the user's program for pictures")


def again(desk):
    xdotool("key", "F5")
    ends = wait_end(desk, 2)
    tap.point(sorted({r["id"] for r in ends if r["outcome"] != "skip"}) == ["healthy", "start"],
              "F5 runs again what failed, with what it needs, and nothing else", ends)
    tap.point(len(failures(ends)) == 2, "in the two jobs where it did", failures(ends))
    photograph("two-by-two-4-again")


with Desk() as here:
    prepare(here)
    here.start()
    xdotool("mousemove", 0, 0)
    choose(here)
    find_failure(here)
    read_failure(here)
    again(here)
    here.quit(tap)
tap.exit()
