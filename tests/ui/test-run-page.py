#!/usr/bin/python3
"""test-run-page.py: the left side of a run's page, by keyboard, on real guests

SPDX-License-Identifier: GPL-2.0-or-later

A run of the past with many points: filters, text that is found, rows that unfold, the details of a
failure, its lines made known. Then a run of the demo guest with one check that fails and two that
would wait for ever: pause, more time, skip, fail now, continue; and the check that failed once more.
Needs CVM_TEST_DEMO (the demo guest's folder), an ordinary user, libvirt's session and a display.
Photographs stay in CVM_TEST_ARTEFACTS. Prints TAP.
"""
import calendar
import os
import struct
import sys
import zlib

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap  # noqa: E402
from desk import Atspi, Desk, children, do, photograph, text_of, wait_for, walk, xdotool  # noqa: E402
from runs import Run  # noqa: E402

WORDS = {"passed", "failed", "skipped", "cancelled", "running", "not begun", "known broken"}
SUITE = """[Suite]
Name=Waits
Version=1.0
Timeout=10m
[Precondition start]
Title=The guest starts
Check=guest.start
[Case command]
Title=A command that fails
Check=ssh.command
command=echo "evil <words>"; exit 3
[Case never]
Title=A line that never comes
Check=serial.expect
pattern=nobody says this
Timeout=100s
[Case also-never]
Title=Another that never comes
Check=serial.expect
pattern=nor this
Timeout=5m
[Case unwanted]
Title=Nobody wants this
Check=serial.expect
pattern=nor this
[Case last]
Title=A command that works
Check=ssh.command
command=true
"""

tap = Tap()


# A run of the past ---------------------------------------------------------------------------

def png(width, height, colour):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress((b"\0" + colour * width) * height)) + chunk(b"IEND", b""))


def write_past(desk):
    run = Run(desk, "2026-11-20T101112Z-beef", "demo: Boots and answers")
    run.begin_job("01", [("start", "The guest starts", True), ("login", "ssh lets in", False),
                         ("log", "Nothing went wrong", False), ("many", "A program of many tests", False),
                         ("stop", "It stops", False)])
    run.tell("01", "evidence", name="domain.xml", path="domain.xml", kind="application/xml")
    run.tell("01", "fact", name="host system", text="Debian of that day")
    run.case("01", 1, "start", ms=12900)
    run.case("01", 2, "login")
    run.evidence("01", "log", "dmesg.log", "a kernel\n" * 200 + "[    1.771234] EXT4-fs: planted error (sda1)\n")
    run.case("01", 3, "log", "fail", 1200, "2 lines match /error/ and none is masked", [
        ["expected", "0 lines"], ["line", "[    1.771234] EXT4-fs: planted error (sda1)"],
        ["line", "[    2.204111] ata2.00: another error"], ["masked", "4"]])
    for number in range(1, 1041):
        more = dict(details=[["diagnostics", "message: was odd\ngot: 3\nat:\n  file: t/one.t\n  line: 12\n"]])
        run.point("01", 4, str(number), number != 1020, "point %d" % number, **(more if number == 1020 else {}))
    run.point("01", 4, "1041", False, "known", directive="todo", reason="later")
    run.case("01", 4, "many", "fail", 2000, "1 of 1041 points failed")
    run.case("01", 5, "stop", "skip", 0, "needs log, which failed")
    run.end_job("01")
    run.close()
    job = os.path.join(run.folder, "job-01")
    os.makedirs(os.path.join(job, "frames"))
    begun = calendar.timegm((2026, 11, 20, 9, 0, 10)) * 1000
    for ms, colour in ((3, b"\0\0\x80"), (900, b"\0\x60\0")):
        with open(os.path.join(job, "frames", "film-%d.png" % (begun + ms)), "wb") as file:
            file.write(png(320, 200, colour))
    for name, text in (("serial.log", "a kernel of that day\r\nA GUEST WAS READY\r\n"), ("domain.xml", "<domain/>\n")):
        with open(os.path.join(job, name), "w") as file:
            file.write(text)


def cells(desk):
    return [node.get_name() for node in desk.nodes() if node.get_role() == Atspi.Role.TABLE_CELL]


def has_cell(desk, part):
    return any(part in name for name in cells(desk))


def see(desk, *parts):
    wait_for(" and ".join(parts), lambda: all(has_cell(desk, part) for part in parts), 30)


def menu_item(desk, name):
    """Menus are windows of their own"""
    def find():
        for window in children(desk.application()):
            for node in walk(window):
                if node.get_role() == Atspi.Role.MENU_ITEM and node.get_name() == name:
                    return node
        return None
    return wait_for("the menu's " + name, find, 20)


def label(desk, part, seconds=40):
    return desk.wait(Atspi.Role.LABEL, part=part, seconds=seconds)


def key(*names):
    for name in names:
        xdotool("key", name)


def open_past(desk):
    rows = wait_for("the run", lambda: [n for n in desk.nodes() if n.get_role() == Atspi.Role.LIST_ITEM
                                        and "failed" in n.get_name()], 20)
    rows[0].get_component_iface().grab_focus()
    key("Return")
    label(desk, "checks failed")
    see(desk, "Nothing went wrong")


def look_at_details(desk):
    label(desk, "2 lines match /error/ and none is masked")
    label(desk, "EXT4-fs: planted error (sda1)")
    label(desk, "0 lines")
    tap.point(desk.find(Atspi.Role.PUSH_BUTTON, "dmesg.log") is not None,
              "what failed first is selected, with its reason, lines and evidence")
    photograph("run-page-1-failure")


def look_at_guest(desk):
    """What a run of another day kept of its guest is there as that of a live one is"""
    desk.wait(Atspi.Role.SLIDER, "Moment of the film")
    label(desk, "The guest as it was at")
    photograph("run-page-1-past-display")
    desk.show("Serial")
    console = desk.wait(Atspi.Role.TERMINAL)
    wait_for("its console", lambda: "A GUEST WAS READY" in text_of(console), 20)
    desk.show("Facts")
    wait_for("its facts", lambda: any("Debian of that day" in node.get_name() or "Debian of that day" in text_of(node)
                                      for node in desk.nodes()), 20)
    tap.point(True, "a run of another day has its film, console and facts")
    photograph("run-page-1-past-facts")


def selected(desk, part):
    return [node for node in desk.nodes() if node.get_role() == Atspi.Role.TABLE_CELL and part in node.get_name()
            and node.get_state_set().contains(Atspi.StateType.SELECTED)]


def look_at_evidence(desk):
    """In the page, at the check's own lines"""
    desk.press("Show in Log")
    wait_for("the line of the check", lambda: selected(desk, "2 lines match"), 20)
    tap.point(True, "Show in Log leads to the check's line in the log of the page")
    photograph("run-page-1-log")
    desk.press("dmesg.log")
    text = desk.wait(Atspi.Role.TEXT, part="dmesg.log")
    wait_for("the line that was found", lambda: Atspi.Text.get_n_selections(text.get_text_iface()) == 1, 20)
    mark = Atspi.Text.get_selection(text.get_text_iface(), 0)
    tap.point(text_of(text)[mark.start_offset:mark.end_offset] == "[    1.771234] EXT4-fs: planted error (sda1)",
              "evidence that is text is shown in the page, at the line that was found", text_of(text), mark.start_offset)
    def is_seen():
        place = text.get_parent().get_component_iface().get_extents(Atspi.CoordType.SCREEN)
        line = Atspi.Text.get_character_extents(text.get_text_iface(), mark.start_offset, Atspi.CoordType.SCREEN)
        return place.y <= line.y < place.y + place.height and 0 < line.y < 1000
    wait_for("the line to be seen", is_seen, 20)
    photograph("run-page-1-evidence")
    unnamed = desk.controls()[1]
    tap.point(not unnamed, "every control beside it has a name", unnamed)
    do(desk.wait(Atspi.Role.TOGGLE_BUTTON, "File Menu"))
    wait_for("another program", lambda: desk.find(Atspi.Role.PUSH_BUTTON, "Open With Another Program")
             or desk.find(Atspi.Role.MENU_ITEM, "Open With Another Program"), 10)
    tap.point(True, "another program is in a menu")
    key("Escape")
    desk.press("Close File")
    wait_for("the log again", lambda: selected(desk, "2 lines match"), 20)
    tap.point(True, "and closing the file comes back to what was seen before")
    desk.show("Display")
    see(desk, "Nothing went wrong")
    desk.wait(Atspi.Role.TREE_TABLE, "Checks").get_component_iface().grab_focus()


def use_filters(desk):
    desk.show("Todo 1")
    wait_for("only the known one", lambda: has_cell(desk, "many tests") and not has_cell(desk, "ssh lets in"), 30)
    desk.show("Failed 3")
    wait_for("only what failed", lambda: has_cell(desk, "Nothing went wrong") and not has_cell(desk, "ssh lets"), 30)
    photograph("run-page-2-failed")
    desk.show("All 1046")
    see(desk, "ssh lets in", "A program of many tests")
    tap.point(True, "filters show what they say, and how much it is")


def find_text(desk):
    key("ctrl+f")
    desk.wait(Atspi.Role.TEXT, "Text to find")
    xdotool("type", "POINT 1020")
    label(desk, "1 of 1")
    see(desk, "point 1020", "point 1021")
    label(desk, "was odd")
    label(desk, "t/one.t")
    photograph("run-page-3-found")
    tap.point(has_cell(desk, "1001 – 1041"), "text is found in a subtest of a thousand others, which unfold",
              cells(desk))
    key("ctrl+a")
    xdotool("type", "error")
    label(desk, "1 of 1")
    label(desk, "2 lines match")
    key("ctrl+a")
    xdotool("type", "nowhere")
    label(desk, "Not found")
    key("Escape")
    wait_for("no bar", lambda: not desk.find(Atspi.Role.TEXT, "Text to find"), 30)
    tap.point(desk.find(Atspi.Role.PUSH_BUTTON, "Back") is not None, "Escape closes the bar, and not the page")


def fold_rows(desk):
    key("Home")
    wait_for("something", lambda: cells(desk), 30)
    key("Left")
    wait_for("preconditions folded", lambda: not has_cell(desk, "The guest starts"), 30)
    key("Right")
    see(desk, "The guest starts")
    tap.point(True, "arrows fold and unfold")


def mask_lines(desk):
    button = desk.wait(Atspi.Role.TOGGLE_BUTTON, "Mask These Lines…")
    do(button)
    desk.wait(Atspi.Role.CHECK_BOX, part="ata2.00")
    photograph("run-page-4-mask")
    desk.press("Mask")
    label(desk, "2 lines are known of demo")
    with open(desk.path("config", "cvmtester", "masks", "demo.mask")) as file:
        text = file.read()
    tap.point(text.endswith("EXT4-fs: planted error \\(sda1\\)\nata2\\.00: another error\n"),
              "the lines are in the user's mask of the image, each as a pattern of itself", text)


# A run of now --------------------------------------------------------------------------------

def ended(desk, case):
    return next((r for r in desk.records() if r["type"] == "case.end" and r["id"] == case), None)


def begun(desk, case):
    return any(r["type"] == "case.begin" and r["id"] == case for r in desk.records())


def logged(desk, part):
    return any(r["type"] == "log" and part in r["text"] for r in desk.records())


def pause_and_more(desk):
    desk.press("Run the Demo")
    wait_for("the check that waits", lambda: begun(desk, "never"), 180)
    label(desk, "nobody says this", 20)
    label(desk, "of 01:40", 20)
    key("ctrl+p")
    desk.press("2 More Minutes")
    label(desk, "of 03:40", 20)
    photograph("run-page-5-waiting")
    tap.point(logged(desk, "never: 120 s more, by the user"), "a check that waits says for what and until when; "
              "it gets two minutes more")


def fail_and_stay_paused(desk):
    desk.press("Fail Now")
    end = wait_for("its end", lambda: ended(desk, "never"), 20)
    tap.point(end["outcome"] == "fail" and end["reason"].startswith("ended by the user after"),
              "and is ended by one click", end)
    label(desk, "The next check begins when you continue", 20)
    photograph("run-page-6-paused")
    tap.point(not begun(desk, "also-never"), "paused: the next check does not begin")


def skip_by_keyboard(desk):
    key("ctrl+f")
    xdotool("type", "Nobody wants")
    label(desk, "1 of 1")
    key("Escape", "shift+F10")
    item = menu_item(desk, "Skip")
    photograph("run-page-7-menu")
    tap.point(item is not None, "the menu opens by keyboard")
    key("s")
    wait_for("the wish", lambda: logged(desk, "unwanted: the user skips it"), 30)
    key("ctrl+p")
    wait_for("the next check", lambda: begun(desk, "also-never"), 20)
    tap.point(logged(desk, "paused before also-never"), "it goes on, and the journal tells of the pause")
    key("ctrl+f", "ctrl+a")
    xdotool("type", "Another that")
    label(desk, "1 of 1")
    key("Escape", "shift+F10")
    menu_item(desk, "Skip")
    key("s")
    end = wait_for("its end", lambda: ended(desk, "also-never"), 20)
    tap.point(end["outcome"] == "skip" and end["reason"] == "skipped by the user", "the running one is skipped", end)


def look_at_end(desk):
    wait_for("the end", lambda: any(r["type"] == "run.end" for r in desk.records()), 60)
    outcomes = [(r["id"], r["outcome"]) for r in desk.records() if r["type"] == "case.end"]
    tap.point(outcomes == [("start", "pass"), ("command", "fail"), ("never", "fail"), ("also-never", "skip"),
                           ("unwanted", "skip"), ("last", "pass")], "all others ran", outcomes)
    label(desk, "2 of 6 checks failed", 20)
    key("ctrl+f", "ctrl+a")
    xdotool("type", "evil <words>")
    label(desk, "1 of 1")
    label(desk, "A command that fails")
    photograph("run-page-8-ended")
    key("Escape")
    tap.point(True, "the failure is found by what its program printed")


def run_it_again(desk):
    before = len(desk.runs())
    desk.press("Run This Again")
    wait_for("another run", lambda: len(desk.runs()) > before, 20)
    wait_for("its end", lambda: any(r["type"] == "run.end" for r in desk.records()), 180)
    ran = [r["id"] for r in desk.records() if r["type"] == "case.begin"]
    tap.point(ran == ["start", "command"], "that check alone is run again, with what it needs", ran)
    key("ctrl+q")
    desk.wait_end(60)
    tap.point(desk.process.returncode == 0 and not desk.leaks(), "nothing leaked", desk.leaks())


with Desk() as here:
    write_past(here)
    here.start()
    xdotool("mousemove", 0, 0)
    open_past(here)
    look_at_details(here)
    look_at_guest(here)
    look_at_evidence(here)
    mask_lines(here)
    use_filters(here)
    find_text(here)
    fold_rows(here)

with Desk() as here:
    here.lend_demo()
    here.lend_suite(SUITE)
    here.start()
    xdotool("mousemove", 0, 0)
    pause_and_more(here)
    fail_and_stay_paused(here)
    skip_by_keyboard(here)
    look_at_end(here)
    run_it_again(here)
tap.exit()
