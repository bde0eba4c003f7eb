#!/usr/bin/env python3
"""test-tapper.py: reports submitted to a Tapper server's stand-in, as a user does it

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import os
import re
import sys
import time

from bed import Tap, wait_for
from server import DEMO, Server
from submitter import Submitter, account, address, report, run_beside

HEAD = "[Suite]\nName=Nothing\nVersion=1.5\n"
PASSES = HEAD + "[Case memory]\nCheck=host.memory\nleast=1\n"
FAILS = PASSES + "[Case more]\nCheck=host.memory\nleast=999999999\n"


def single(tap, title, server, client, reports, done=None):
    wrong = account(server, client, reports)
    tap.point(not wrong, title, *wrong, *([done.out, done.err] if done else []))


# What a user does --------------------------------------------------------------------------------

def test_demo(tap):
    with Server() as server, Submitter() as client:
        done = client.submit(server, client.file("demo.tap", DEMO))
        tap.point(done.returncode == 0 and re.search(r"^demo\.tap: sent as 1 and stored: 2 passed", done.out), "the id, confirmed",
                  done.out, done.err)
        tap.point("http://127.0.0.1:%d/tapper/reports/id/1" % server.ports["web"] in done.out and done.out.count("\n") == 1
                  and done.err == "", "one line, with the web address", done.out, done.err)
        tap.point(server.tap(1) == DEMO and len(DEMO) == 161, "the 161 bytes arrived exactly")
        single(tap, "once, and the spool is empty", server, client, [DEMO], done)
        shown = client.run("report", "show", *address(server), "1", "--json")
        told = json.loads(shown.out)[0] if shown.returncode == 0 else {}
        tap.point([told.get(key) for key in ("suite", "version", "total", "passed", "machine")] ==
                  ["Tapper-Deployment", "1.001", 2, 2, "cernvm-host"], "report show: the suite, its version, 2 of 2", told, shown.err)
        raw = client.run("report", "tap", *address(server), "1")
        tap.point(raw.stdout == DEMO, "report tap: the same 161 bytes", raw.stdout, raw.err)
        accepted = [event for event in server.events() if event["event"] == "accepted"]
        tap.point(len(accepted) == 1, "no connection was made that would be a report", accepted)


def test_refused(tap):
    with Server() as server, Submitter() as client:
        for title, data in (("a BOM", b"\xef\xbb\xbf1..1\nok 1\n"), ("UTF-8 at its start", b"ok - \xe2\x9c\x93\n1..1\n"),
                            ("hardwaredb-systems-id", b"1..1\n# Tapper-Hardwaredb-Systems-Id: 3\nok 1\n"),
                            ("gzip that is no archive", b"\x1f\x8b\x08\x00 no archive at all, and long enough\n")):
            done = client.submit(server, client.file("lost.tap", data))
            tap.point(done.returncode == 2 and "lost.tap" in done.err and not client.listing(),
                      "refused, for the server would lose it: " + title, done.returncode, done.err)
        done = client.submit(server, "nowhere.tap")
        tap.point(done.returncode == 2 and "nowhere.tap" in done.err, "a file that is not there", done.err)
        done = client.submit(server, "/dev/zero")
        tap.point(done.returncode == 2, "a device", done.err)
        tap.point(server.reports() == [], "nothing reached the server")
        latin = b"1..1\n# Tapper-Suite-Name: after byte 32\nok 1 - \xfc\x00\x1b[1m\r\n"
        done = client.submit(server, client.file("latin.tap", latin))
        tap.point(done.returncode == 0 and server.tap(1) == latin, "what the server takes goes out unchanged", done.err)
        done = client.submit(server, "nowhere.tap", client.file("two.tap", report(2)))
        tap.point(done.returncode == 2 and "two.tap: sent as 2" in done.out, "one that is refused does not keep another back", done.err)


def test_away(tap):
    with Server() as server, Submitter() as client:
        server.kill()
        done = client.submit(server, client.file("one.tap", report(1)), client.file("two.tap", report(2)))
        entries = client.listing()
        tap.point(done.returncode == 3 and "wait in the spool" in done.err and len(entries) == 2, "a server that is away costs nothing",
                  done.err)
        tap.point([entry["title"] for entry in entries] == ["one.tap", "two.tap"] and entries[0]["state"] == "queued"
                  and entries[0]["why"], "the spool says why", entries)
        shown = client.run("report", "spool", "show", str(entries[0]["number"]))
        tap.point(shown.returncode == 0 and "one.tap" in shown.out, "one of them is shown", shown.out)
        server.start()
        done = client.submit(server, client.file("three.tap", report(3)))
        tap.point(done.returncode == 0 and "one.tap: sent as" in done.err and "three.tap: sent as" in done.out,
                  "a later submit sends the earlier ones, too, and says so", done.out, done.err)
        single(tap, "each once", server, client, [report(1), report(2), report(3)], done)
        tap.point([row["suite_name"] for row in server.reports()] == ["Suite-1", "Suite-2", "Suite-3"], "in their order")


def test_drop(tap):
    with Server() as server, Submitter() as client:
        server.kill()
        client.submit(server, client.file("one.tap", report(1)), client.file("two.tap", report(2)))
        number = str(client.listing()[0]["number"])
        dropped = client.run("report", "spool", "drop", number)
        again = client.run("report", "spool", "drop", number)
        tap.point(dropped.returncode == 0 and again.returncode == 2 and [e["title"] for e in client.listing()] == ["two.tap"],
                  "one is dropped, once", dropped.err, again.err)
        server.start()
        client.flush()
        single(tap, "and is not sent", server, client, [report(2)])
        for words in (("show", "99"), ("retry", "99"), ("drop", "nonsense"), ("show", "-1")):
            done = client.run("report", "spool", *words)
            tap.point(done.returncode == 2 and done.err, "wrong: spool " + " ".join(words), done.returncode, done.err)


def test_run(tap):
    with Server() as server, Submitter() as client:
        for text, status in ((PASSES, 0), (FAILS, 1)):
            suite = client.file("nothing.suite", text.encode())
            out = os.path.join(client.folder, "out-%d" % status)
            done = client.run("run", "--suite", suite, "--host", "test:///default", "--output", out, "--submit", *address(server))
            with open(os.path.join(out, "job-01", "report.tap"), "rb") as file:
                local = file.read()
            row = server.reports()[-1]
            with open(os.path.join(out, "id"), encoding="ascii") as file:
                ident = file.read().strip()
            tap.point(done.returncode == status and done.stdout == local, "run --submit: status %d and the output are the run's" % status,
                      done.returncode, done.out, done.err)
            tap.point(server.tap(row["id"]) == local and local.isascii(), "the server has report.tap to the byte")
            tap.point(re.search(r"sent as %d and stored: .*http://.*/tapper/reports/id/%d$" % (row["id"], row["id"]), done.err, re.M),
                      "one line with the id and the web address", done.err)
            tap.point((row["suite_name"], row["suite_version"], row["reportgroup_arbitrary_id"], row["passed"], row["failed"]) ==
                      ("Nothing", "1.5", ident, 1, status), "the server's page shows what the run showed", row)
            tap.point(row["starttime_test_program"][:4] in local.decode() and row["machine_name"] and row["reportername"]
                      and row["endtime_test_program"] >= row["starttime_test_program"], "who, where and when", row)
            names = {name: kind for name, kind, _ in server.files(row["id"])}
            tap.point("plan.ini" in names, "what was run goes with it", names)
        again = client.submit(server, out)
        tap.point(again.returncode == 0 and "sent as 3" in again.out, "a run is submitted again by its folder", again.err)
        server.kill()
        done = client.run("run", "--suite", suite, "--host", "test:///default", "--submit", *address(server))
        tap.point(done.returncode == 1 and "is not sent" in done.err, "with the server away the status is the run's, and it is said", done.err)
        done = client.run("run", "--suite", suite, "--server", "nobody")
        tap.point(done.returncode == 2 and "--submit" in done.err, "a server without --submit", done.err)
        done = client.run("run", "--suite", suite, "--submit", "--server", "nobody")
        tap.point(done.returncode == 2 and "nobody" in done.err, "an unknown server, before anything starts", done.err)


def test_hostile_run(tap):
    """A run's folder of a stranger: its journal names files that are not its own"""
    with Server() as server, Submitter() as client:
        suite = client.file("nothing.suite", PASSES.encode())
        out = os.path.join(client.folder, "out")
        client.run("run", "--suite", suite, "--host", "test:///default", "--output", out)
        secret = client.file("secret.txt", b"a secret")
        os.symlink(secret, os.path.join(out, "job-01", "link.log"))
        with open(os.path.join(out, "journal.jsonl"), "rb") as file:
            lines = file.read().split(b"\n")
        for path in ("../../secret.txt", secret, "link.log", "/etc/passwd", "."):
            record = {"v": 1, "seq": 3, "t": "2026-11-21T07:25:01.001000Z", "job": "01", "type": "evidence", "name": "x",
                      "path": path, "kind": "text/plain; x=\n#! evil"}
            lines.insert(2, json.dumps(record).encode())
        client.file("out/journal.jsonl", b"\n".join(lines))
        done = client.submit(server, out)
        files = [name for row in server.reports() for name, _, _ in server.files(row["id"])]
        tap.point(done.returncode == 0 and files == ["plan.ini"], "no file from outside a run's folder goes out", files, done.err)


def test_exposed(tap):
    with Server() as server, Submitter() as client:
        suite = client.file("nothing.suite", PASSES.encode())
        out = os.path.join(client.folder, "out")
        client.run("run", "--suite", suite, "--host", "test:///default", "--output", out)
        done = client.submit(server, out)
        tap.point("unencrypted" not in done.err, "no warning on this machine", done.err)
        done = client.run("report", "submit", "--receiver", "tapper.invalid:7357", "--api", "tapper.invalid:7358", out)
        tap.point(done.returncode == 3 and "unencrypted" in done.err, "a warning where files would cross a network unencrypted", done.err)
        done = client.run("report", "submit", *address(server, api=False), out)
        tap.point("are not sent" in done.err, "without an API it says that no files go", done.err)


# Each stage of a send ----------------------------------------------------------------------------

STAGES = [(stage, 0) for stage in ("accepted", "greeted", "eof", "store", "parse", "parsed")] + \
    [("receiving", after) for after in (0, 1, 60, len(report(1)) - 1, len(report(1)))]


def test_stages(tap):
    """The server dies, or the connection is reset, at each stage of a send"""
    for fault in ("die", "reset"):
        for stage, after in STAGES:
            if fault == "reset" and stage in ("store", "parse", "parsed"):
                continue
            with Server() as server, Submitter() as client:
                server.faults(receiver={fault: stage, "after": after, "times": 1})
                done = client.submit(server, client.file("one.tap", report(1)))
                if fault == "die":
                    server.wait()
                    server.faults()
                    server.start()
                server.faults()
                client.flush_until_empty(60)
                single(tap, "%s at %s, after %d bytes: once" % (fault, stage, after), server, client, [report(1)], done)


def test_stored_late(tap):
    """The connection breaks at its end, and the server stores what it got only a while later: it is whole then"""
    with Server() as server, Submitter(limits="4000:3000:10") as client:
        server.faults(receiver={"reset": "receiving", "after": len(report(1)), "store_s": 1, "times": 1})
        done = client.submit(server, client.file("one.tap", report(1)))
        wait_for(lambda: ("parsed", 1) in [(event["event"], event.get("id")) for event in server.events()], 30, "it is parsed")
        single(tap, "stored late: it is waited for, not sent again", server, client, [report(1)], done)


def test_keeps_breaking(tap):
    """Each send breaks off, and leaves an orphan: it is not tried for ever"""
    for stage in ("greeted", "receiving"):
        with Server() as server, Submitter() as client:
            server.faults(receiver={"reset": stage, "after": 50})
            done = client.submit(server, client.file("one.tap", report(1)), timeout=30)
            tap.point(done.returncode == 3 and len(server.reports()) <= 2, "a server that resets each connection, %s: it stops" % stage,
                      done.err, len(server.reports()))
            flushes = 0
            while flushes == 0 or flushes < 4 and not client.orphans():    # the reset may overtake the greeting, and its id
                client.flush(timeout=30)
                flushes += 1
            tap.point(len(server.reports()) <= 2 + 2 * flushes and len(client.orphans()) >= 1, "later, too",
                      flushes, server.reports(), client.orphans())
            server.faults()
            client.flush_until_empty(60)
            single(tap, "and then it goes, once", server, client, [report(1)])


def test_greetings(tap):
    for fault in ({"greeting": "none"}, {"greeting": "wrong"}, {"greeting": "cut", "after": 0}, {"greeting": "cut", "after": 40},
                  {"greeting": "cut", "after": 61}):
        with Server() as server, Submitter() as client:
            server.faults(receiver=fault)
            done = client.submit(server, client.file("one.tap", report(1)))
            why = client.listing()[0]["why"]
            tap.point(done.returncode == 3 and why, "a greeting that is no good: %s" % fault, done.err)
            server.faults()
            client.flush_until_empty(60)
            tap.point([row["id"] for row in server.reports() if server.tap(row["id"]) == report(1)] != [] and not client.listing(),
                      "and the next time it goes")
    with Server() as server, Submitter() as client:
        server.faults(receiver={"greeting": "bytes"})
        done = client.submit(server, client.file("one.tap", report(1)))
        single(tap, "a greeting in single bytes", server, client, [report(1)], done)


def test_lost(tap):
    """The server's parser dies of a report: its bytes are there, its numbers never come"""
    with Server() as server, Submitter() as client:
        server.faults(receiver={"parse_s": 1})
        done = client.submit(server, client.file("late.tap", report(1)))
        tap.point(done.returncode == 0 and "stored: 3 passed" in done.out, "a report that is parsed late is waited for", done.out, done.err)
        server.faults(receiver={"lost": True})
        client.submit(server, client.file("lost.tap", report(2)))
        copies = [row["id"] for row in server.reports() if server.tap(row["id"]) == report(2)]
        tap.point(len(copies) == 1, "one that the server cannot parse is not sent twice", copies)
    with Server() as server, Submitter() as client:
        server.faults(receiver={"lost": "tap", "times": 1})
        client.submit(server, client.file("lost.tap", report(1)))
        client.flush_until_empty(90)
        single(tap, "one that the server did not store is sent again", server, client, [report(1)])


def test_api_faults(tap):
    for fault in ({"tt": "off"}, {"tt": "silent"}, {"tt": "broken"}, {"reset": "asked"}, {"reset": "answering", "after": 10}):
        with Server() as server, Submitter(limits="1500:1000:10") as client:
            server.faults(api=fault)
            done = client.submit(server, client.file("one.tap", report(1)))
            server.faults()
            if client.listing():
                client.flush_until_empty(60)
            single(tap, "an API that does not answer well: %s" % fault, server, client, [report(1)], done)


def test_attachments(tap):
    for fault in (None, {"upload": "lost", "times": 2}, {"upload": "corrupt", "times": 2}, {"reset": "uploading", "after": 5, "times": 2},
                  {"die": "uploading", "after": 5}, {"die": "uploaded"}):
        with Server() as server, Submitter() as client:
            suite = client.file("nothing.suite", PASSES.encode())
            out = os.path.join(client.folder, "out")
            client.run("run", "--suite", suite, "--host", "test:///default", "--output", out)
            with open(os.path.join(out, "plan.ini"), "rb") as file:
                plan = file.read()
            with open(os.path.join(out, "job-01", "report.tap"), "rb") as file:
                local = file.read()
            server.faults(**({"api": fault} if fault else {}))
            done = client.submit(server, out)
            if fault and "die" in fault:
                server.wait()
                server.faults()
                server.start()
            server.faults()
            if client.listing():
                client.flush_until_empty(60)
            ident = next(row["id"] for row in server.reports() if server.tap(row["id"]) == local)
            files = server.files(ident)
            tap.point([data for name, _, data in files if name.startswith("plan") and data == plan] == [plan],
                      "attachments come through, once: %s" % fault, [(name, kind, len(data)) for name, kind, data in files], done.err)
            single(tap, "and the report, too: %s" % fault, server, client, [local], done)


# Disks and clocks --------------------------------------------------------------------------------

def test_spool_read_only(tap):
    with Server() as server, Submitter() as client:
        os.makedirs(os.path.dirname(client.spool))
        with open(client.spool, "wb"):
            pass
        done = client.submit(server, client.file("one.tap", report(1)))
        tap.point(done.returncode == 3 and client.spool in done.err and server.reports() == [],
                  "no spool can be made: said, and nothing is sent", done.returncode, done.err)


def test_clock(tap):
    """The clock was set back a year, after a failure whose pause had begun: it does not wait for a year"""
    with Server() as server, Submitter() as client:
        server.kill()
        client.submit(server, client.file("one.tap", report(1)))
        later = time.time() + 365 * 86400
        for folder, _, names in os.walk(client.spool):
            for name in names:
                path = os.path.join(folder, name)
                os.utime(path, (later, later))
                if name == "state.json":
                    with open(path, encoding="utf-8") as file:
                        state = json.load(file)
                    for key, value in state.items():
                        if isinstance(value, int) and value > 1_600_000_000:
                            state[key] = int(later)
                    with open(path, "w", encoding="utf-8") as file:
                        json.dump(state, file)
        server.start()
        done = client.submit(server, client.file("two.tap", report(2)))
        single(tap, "a clock that was set back keeps nothing back", server, client, [report(1), report(2)], done)


TESTS = (test_demo, test_refused, test_away, test_drop, test_run, test_hostile_run, test_exposed, test_stages, test_stored_late, test_keeps_breaking, test_greetings, test_lost,
         test_api_faults, test_attachments, test_spool_read_only, test_clock)


def main():
    tap = Tap()
    run_beside(tap, [test for test in TESTS if len(sys.argv) < 2 or test.__name__ in sys.argv[1:]])
    tap.exit()


if __name__ == "__main__":
    main()
