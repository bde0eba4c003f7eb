#!/usr/bin/python3
"""test-reports.py: reports are sent, browsed and opened in the window, by the keyboard alone, while
the Tapper server comes, goes and hangs

SPDX-License-Identifier: GPL-2.0-or-later

Against the stand-in server, with a run of the past that is written here; no guest. Needs a display.
Prints TAP.
"""
import json
import os
import signal
import subprocess
import sys
import time

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap  # noqa: E402
from desk import Atspi, Desk, children, is_showing, photograph, text_of, wait_for, walk, xdotool  # noqa: E402
from server import Server  # noqa: E402

REPORT = """TAP version 13
1..3
# Tapper-Suite-Name: Boots and answers
# Tapper-Suite-Version: 1.0
# Tapper-Machine-Name: demo
# Tapper-CernVM-Name: demo-1
ok 1 - start - The guest starts
not ok 2 - login - ssh lets in
ok 3 - stop - It stops
"""
ONE_ERROR = b"1..2\n# Tapper-Suite-Name: Short\n# Tapper-Machine-Name: demo\nok 1 - alone\n"
tap = Tap()


def make_run(desk, number, status):
    name = "2026-11-2%dT101112Z-beef" % number
    folder = desk.path("data", "cvmtester", "runs", name)
    os.makedirs(os.path.join(folder, "job-01"))
    with open(os.path.join(folder, "id"), "w") as file:
        file.write(name + "\n")
    with open(os.path.join(folder, "job-01", "serial.log"), "w") as file:
        file.write("[    0.1] a kernel\r\nA GUEST IS READY\r\n")
    with open(os.path.join(folder, "job-01", "report.tap"), "w") as file:
        file.write(REPORT)
    events = [
        (None, "run.begin", dict(title="demo %d: Boots and answers" % number, version="0.1.0", jobs=1)),
        ("01", "job.begin", dict(image="demo-%d" % number, host="qemu:///session", suite="Boots and answers",
                                 points=3)),
        ("01", "case.planned", dict(number=1, id="start", title="The guest starts", precondition=True)),
        ("01", "case.planned", dict(number=2, id="login", title="ssh lets in", precondition=False)),
        ("01", "case.planned", dict(number=3, id="stop", title="It stops", precondition=False)),
        ("01", "case.end", dict(number=1, id="start", outcome="pass", ms=900)),
        ("01", "case.end", dict(number=2, id="login", outcome="fail", ms=900, reason="refused")),
        ("01", "case.end", dict(number=3, id="stop", outcome="pass", ms=900)),
        ("01", "job.end", dict(status=status)), (None, "run.end", dict(status=status))]
    with open(os.path.join(folder, "journal.jsonl"), "w") as file:
        for i, (job, kind, more) in enumerate(events):
            event = dict(v=1, seq=i + 1, t="2026-11-2%dT10:11:%02d.000000Z" % (number, 12 + i), job=job, type=kind)
            file.write(json.dumps(dict(event, **more), separators=(",", ":")) + "\n")
    return folder


def add_server(desk, server):
    subprocess.run([os.environ["CVM_CLI"], "report", "server", "add", "main", "--receiver",
                    "127.0.0.1:%d" % server.ports["receiver"], "--api", "127.0.0.1:%d" % server.ports["api"],
                    "--web", "http://127.0.0.1:%d/tapper" % server.ports["web"]], env=desk.env, check=True,
                   stdout=sys.stderr)


def controls(node):
    """What can be seen, without the cells of a table"""
    if node.get_role() != Atspi.Role.APPLICATION and not is_showing(node):
        return
    yield node
    if node.get_role() != Atspi.Role.TABLE:
        for child in children(node):
            yield from controls(child)


def tab_to(desk, role, name):
    """Tab, until that has the focus"""
    for _ in range(40):
        wanted = next((node for node in controls(desk.find_window())
                       if node.get_role() == role and node.get_name() == name), None)
        if wanted and wanted.get_state_set().contains(Atspi.StateType.FOCUSED):
            return wanted
        xdotool("key", "Tab")
    raise AssertionError("Tab does not come to %s %s" % (role.value_nick, name))


def go_to_reports(desk):
    tab_to(desk, Atspi.Role.LIST_ITEM, "Runs")
    xdotool("key", "Down", "Down", "Down", "Down")
    desk.wait(Atspi.Role.TABLE, "Reports")


def cell(desk, part, seconds=30):
    return desk.wait(Atspi.Role.TABLE_CELL, part=part, seconds=seconds)


def has_cell(desk, part):
    return desk.find(Atspi.Role.TABLE_CELL, part=part)


def label(desk, part, seconds=30):
    return desk.wait(Atspi.Role.LABEL, part=part, seconds=seconds).get_name()


def rows_of(desk):
    """The texts of the rows that are seen, a list each"""
    table = desk.find(Atspi.Role.TABLE, "Reports")
    cells = [node.get_name() for node in walk(table) if node.get_role() == Atspi.Role.TABLE_CELL] if table else []
    return [cells[i:i + 6] for i in range(0, len(cells) - 5, 6)]


def send_first(desk, server):
    """A run that was not sent goes by one key, and all say so"""
    cell(desk, "not sent")
    tab_to(desk, Atspi.Role.TABLE, "Reports")
    xdotool("key", "Home")
    desk.wait(Atspi.Role.PUSH_BUTTON, "Send")
    photograph("reports-1-mine")
    xdotool("key", "alt+s")
    said = label(desk, "stored and confirmed")
    number = server.reports()[-1]["id"]
    tap.point(said == "Sent as %d to “main”, stored and confirmed." % number, "one key sends it, and says as what", said)
    cell(desk, "report %d" % number)
    tap.point(server.tap(number).decode() == REPORT, "the server has it to the byte")
    files = {name for name, _, _ in server.files(number)}
    tap.point("serial.log" in files, "and what is attached to it", files)
    photograph("reports-2-sent")
    return number


def wait_for_server(desk, server):
    """Sent while the server is away, it waits, and goes by itself when the server is back"""
    server.kill()
    tab_to(desk, Atspi.Role.TABLE, "Reports")
    xdotool("key", "End")
    desk.wait(Atspi.Role.PUSH_BUTTON, "Send")
    xdotool("key", "alt+s")
    said = label(desk, "1 report waits")
    tap.point(said.startswith("1 report waits for the server “main”: connection refused."), "a report waits", said)
    cell(desk, "waits: connection refused")
    desk.wait(Atspi.Role.LIST_ITEM, part="Reports: 1", seconds=10)
    photograph("reports-3-waiting")
    server.start()
    wait_for("the report to go by itself", lambda: not desk.find(Atspi.Role.LABEL, part="1 report waits"), 30)
    number = server.reports()[-1]["id"]
    cell(desk, "report %d" % number)
    tap.point(server.tap(number).decode() == REPORT, "when the server is back it goes by itself")


def remove(desk, server):
    """Taken out of the spool, taken back, and sent on demand"""
    server.kill()
    xdotool("key", "alt+s")
    cell(desk, "waits:")
    tab_to(desk, Atspi.Role.TABLE, "Reports")
    xdotool("key", "Home")
    desk.wait(Atspi.Role.PUSH_BUTTON, "Remove")
    xdotool("key", "Delete")
    wait_for("the row to go", lambda: not has_cell(desk, "waits:"), 10)
    photograph("reports-4-removed")
    desk.press("Undo")
    cell(desk, "waits:")
    tap.point(True, "what was removed comes back by Undo")
    tab_to(desk, Atspi.Role.TABLE, "Reports")
    xdotool("key", "Home", "Delete")
    wait_for("the spool to be empty", lambda: not desk.find(Atspi.Role.LABEL, part="1 report waits"), 30)
    spool = desk.path("data", "cvmtester", "spool")
    left = [name for name in os.listdir(spool) if name.isdigit() and name != "last-number"]
    tap.point(not left, "and without it the report leaves the spool, unsent", left)
    server.start()


def browse(desk):
    """What the server has, filtered and searched"""
    xdotool("key", "alt+e")
    cell(desk, "report 602")
    label(desk, "reports, and older ones")
    photograph("reports-5-server")
    tab_to(desk, Atspi.Role.TEXT, "Suite")
    xdotool("type", "Suite-3")
    wait_for("only that suite", lambda: rows_of(desk) and all(row[2] == "Suite-3" for row in rows_of(desk)), 20)
    tap.point(True, "the server is asked for one suite")
    xdotool("key", "ctrl+f")
    xdotool("type", "Machine-08")
    wait_for("only that machine", lambda: rows_of(desk) and all(row[3] == "machine-08" for row in rows_of(desk)), 20)
    photograph("reports-6-searched")
    tap.point(" of " in label(desk, " reports"), "what is typed is looked for in all that was read")
    xdotool("key", "Escape")
    tab_to(desk, Atspi.Role.TEXT, "Suite")
    xdotool("key", "ctrl+a", "BackSpace")
    cell(desk, "report 602")


def save_as(desk, path):
    """Into the file chooser, which is GTK's: its entry is filled and its button pressed"""
    def entry():
        for window in children(desk.application()):
            for node in walk(window) if window.get_role() in (Atspi.Role.FILE_CHOOSER, Atspi.Role.DIALOG) else ():
                if node.get_role() == Atspi.Role.TEXT and node.get_editable_text_iface():
                    return node
        return None
    node = wait_for("the file chooser", entry, 20)
    node.get_editable_text_iface().set_text_contents(path)
    wait_for("its text", lambda: text_of(node) == path, 10)
    node.get_component_iface().grab_focus()
    xdotool("key", "Return")
    wait_for("the file", lambda: os.path.exists(path), 20)


def again(desk):
    """What failed in a report of anybody is chosen for a run here, as far as there is what it needs"""
    desk.press("Attachments")
    desk.press("Run Failed Again")
    said = label(desk, "The image “demo-1” is not here")
    tap.point("Fetch or import it in Images" in said, "what a report needs and is not here is told, and how to mend it",
              said)
    suites = wait_for("the suite", lambda: [node for node in desk.nodes() if node.get_role() == Atspi.Role.CHECK_BOX
                                            and node.get_state_set().contains(Atspi.StateType.CHECKED)
                                            and "Boots and answers" in node.get_name()], 20)
    photograph("reports-9-again")
    desk.press("Settings of “Boots and answers”")
    chosen = wait_for("its checks", lambda: [node.get_name() for node in desk.nodes()
                                             if node.get_role() == Atspi.Role.CHECK_BOX
                                             and node.get_state_set().contains(Atspi.StateType.CHECKED)], 20)
    tap.point(suites and any("ssh lets its user in" in name for name in chosen)
              and not any("clock" in name for name in chosen), "of the suite only what failed is chosen", chosen)
    xdotool("key", "Escape")
    label(desk, "The image “demo-1” is not here")
    xdotool("key", "Escape")
    label(desk, "Report 602")


def open_report(desk):
    """A report is looked at as a run is, and its attachments are shown and saved"""
    tab_to(desk, Atspi.Role.TABLE, "Reports")
    xdotool("key", "Home", "Return")
    label(desk, "Report 602")
    cell(desk, "ssh lets in")
    photograph("reports-7-opened")
    tap.point(True, "a report of the server opens in the page of a run")
    desk.press("Show serial.log")
    wait_for("the attachment's text", lambda: any("A GUEST IS READY" in text_of(node) for node in desk.nodes()
                                                  if node.get_role() == Atspi.Role.TEXT), 20)
    photograph("reports-8-attachment")
    tap.point(True, "an attachment is shown")
    path = desk.path("here.log")
    desk.press("Save…")
    save_as(desk, path)
    with open(path) as file:
        tap.point(file.read() == "[    0.1] a kernel\nA GUEST IS READY\n", "and saved where the user says")
    label(desk, "Saved as")
    again(desk)
    xdotool("key", "Escape")
    desk.wait(Atspi.Role.TABLE, "Reports")


def keep_saying(desk, said):
    """Neither a search nor a report that cannot be opened hides that the server is away"""
    xdotool("key", "ctrl+f")
    xdotool("type", "Machine-08")
    wait_for("only that machine", lambda: rows_of(desk) and all(row[3] == "machine-08" for row in rows_of(desk)), 20)
    searched = desk.find(Atspi.Role.LABEL, said) and desk.find(Atspi.Role.PUSH_BUTTON, "Ask Again")
    xdotool("key", "Escape")
    cell(desk, "report 602")
    tab_to(desk, Atspi.Role.TABLE, "Reports")
    xdotool("key", "Home", "Return")
    label(desk, "The report cannot be read")
    tap.point(searched and desk.find(Atspi.Role.LABEL, said) and desk.find(Atspi.Role.PUSH_BUTTON, "Ask Again"),
              "whatever is done meanwhile, it stays said, with a button to ask again", bool(searched))


def go_on_without(desk, server):
    """While the server is away its list is the one that was read last, and says so"""
    server.kill()
    xdotool("key", "alt+i")
    cell(desk, "demo-1")
    xdotool("key", "alt+e")
    said = label(desk, "The server is away")
    tap.point(said.startswith("As of Today ") and has_cell(desk, "report 602"), "without the server its last list is there",
              said)
    photograph("reports-9-away")
    keep_saying(desk, said)
    server.start()
    desk.press("Ask Again")
    label(desk, "reports, and older ones")
    tap.point(True, "and it is asked again")


def never_block(desk, server):
    """A server that says nothing keeps nobody waiting"""
    table = tab_to(desk, Atspi.Role.TABLE, "Reports")
    server.process.send_signal(signal.SIGSTOP)
    try:
        with desk.no_gap(0.1, "a server that hangs for 10 s"):
            until = time.monotonic() + 10
            while time.monotonic() < until:
                xdotool("key", "Next", "Next", "End", "Home", "Down", "Return")
                xdotool("key", "ctrl+f")
                xdotool("type", "5")
                xdotool("key", "Escape")
                xdotool("key", "alt+i", "alt+e")
                table.get_component_iface().grab_focus()    # to look for it would cost the loop more
    finally:
        server.process.send_signal(signal.SIGCONT)
    tap.point(True, "a server that hangs for 10 s holds nothing up")


def one_error(desk):
    tab_to(desk, Atspi.Role.TABLE, "Reports")
    xdotool("key", "Home", "Return")
    said = label(desk, "in the TAP")
    tap.point(said == "1 of 1 passed, 1 error in the TAP", "one error is told of as one", said)
    xdotool("key", "Escape")
    desk.wait(Atspi.Role.TABLE, "Reports")


def by_keyboard(server):
    with Desk() as desk:
        desk.env["CVM_TEST_SPOOL_MS"] = "300:5000:4000"
        make_run(desk, 0, 1)
        make_run(desk, 1, 1)
        add_server(desk, server)
        desk.start()
        go_to_reports(desk)
        send_first(desk, server)
        wait_for_server(desk, server)
        remove(desk, server)
        browse(desk)
        open_report(desk)
        go_on_without(desk, server)
        desk.quit(tap)


def with_probe(server):
    with Desk(probe=True) as desk:
        make_run(desk, 0, 1)
        add_server(desk, server)
        server.submit(ONE_ERROR)
        desk.start()
        go_to_reports(desk)
        xdotool("key", "alt+e")
        label(desk, "reports, and older ones")
        one_error(desk)
        never_block(desk, server)


with Server(generate=600) as the_server:
    by_keyboard(the_server)
    with_probe(the_server)
tap.exit()
