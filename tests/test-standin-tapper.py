"""test-standin-tapper.py: the stand-in behaves as a real Tapper server was seen to

SPDX-License-Identifier: GPL-2.0-or-later
"""
import gzip
import io
import json
import re
import socket
import tarfile
import time

from bed import Tap, wait_for
from server import DEMO, Server, read_all, read_line

PENDING_SAFE = "{ id => %d, suite_id => { \">\", 0 } }"


def tt(server, condition, path="/report"):
    request = "#! tt <<EOF\n[%% reportdata('%s :: %s').to_json %%]\nEOF\n" % (condition, path)
    return server.api(request.encode(), half_close=False)


def result(server, ident):
    """Of a report that is stored, its JSON"""
    text = wait_for(lambda: tt(server, PENDING_SAFE % ident).strip(), 10, "report %d is parsed" % ident)
    return json.loads(text)[0]


def newest(server):
    return server.reports()[-1]["id"]


def lost(server, ident):
    return wait_for(lambda: server.reports()[ident - 1]["is_lost"], 10, "report %d is lost" % ident)


def section_names(server, ident):
    page = server.get("/tapper/reports/id/%d" % ident)[2].decode()
    return re.findall(r'<tr class="test-run [^"]*" id="([^"]*)"', page)


def archive(members, order, meta_name="meta.yml"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        meta = "---\nfile_order:\n" + "".join("  - %s\n" % name for name in order)
        for name, text in [(meta_name, meta)] + members:
            info = tarfile.TarInfo(name)
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text.encode()))
    return out.getvalue()


# Receiver ----------------------------------------------------------------------------------------

def test_demo(tap, server):
    greeting, rest = server.submit(DEMO)
    tap.point(greeting == b"Tapper::Reports::Receiver. Protocol is TAP. Your report id: 1\n" and len(greeting) == 62 and rest == b"",
              "the greeting is 62 bytes, and nothing comes after it", greeting, rest)
    report = result(server, 1)
    expected = {"suite_name": "Tapper-Deployment", "suite_version": "1.001", "machine_name": "cernvm-host", "suite_id": 1,
                "successgrade": "PASS", "success_ratio": "100.00", "total": 2, "passed": 2, "failed": 0, "parse_errors": 0,
                "peerhost": "127.0.0.1", "starttime_test_program": None}
    tap.point({key: report[key] for key in expected} == expected, "the demo report is counted", report)
    tap.point(server.tap(1) == DEMO and server.get("/tapper/reports/tap/1")[2] == DEMO, "the demo report is kept to the byte")
    status, headers, page = server.get("/tapper/reports/id/1")
    tap.point(status == 200 and b"PASSED" in page and b"ok - Hello test world&nbsp;" in page and b"raw TAP report" in page,
              "the demo report has its page", page)
    page = server.get("/tapper/reports")[2]
    tap.point(b'href="/tapper/reports/id/1">r1</a>' in page and b'key="suite">Tapper-Deployment</a>' in page,
              "the demo report is in the list", page)
    feed = server.get("/tapper/rss")
    tap.point(b"<title>PASS 100.00% Tapper-Deployment @ cernvm-host</title>" in feed[2] and feed[1]["Content-Type"].startswith("text/html"),
              "the demo report is in the feed", feed[2])


def test_probe(tap, server):
    with server.connect("receiver") as connection:
        greeting = read_line(connection)
    ident = int(greeting.split()[-1])
    report = result(server, ident)
    tap.point((report["suite_name"], report["successgrade"], report["parse_errors"], report["success_ratio"]) ==
              ("unknown", "FAIL", 1, "100.00"), "a connection alone is a report that fails", report)


def test_unread_greeting(tap, server):
    """The kernel throws away what the server has not read yet when a client closes with the greeting unread"""
    server.faults(receiver={"stall": "greeted"})
    connection = server.connect("receiver")
    wait_for(lambda: connection.recv(1, socket.MSG_PEEK), 10, "greeting")
    data = b"1..1\nok 1 - first\n" + b"# filler\n" * 22225
    connection.sendall(data)
    connection.close()
    server.faults()
    ident = newest(server)
    report = result(server, ident)
    kept = server.tap(ident)
    tap.point(len(kept) < len(data) and data.startswith(kept), "a greeting unread costs the report its end", len(kept), report)


def test_lost_streams(tap, server):
    for title, data in (("a BOM", b"\xef\xbb\xbf1..1\nok 1\n"), ("UTF-8 at the start", b"ok - \xe2\x9c\x93\n1..1\n"),
                        ("an escape at the start", b"\x1b[1m1..1\nok 1\n"), ("NUL at the start", b"1..1\0\nok\n"),
                        ("hardwaredb-systems-id", b"1..1\n# Tapper-hardwaredb-systems-id: 1\nok 1\n"),
                        ("an archive that is none", gzip.compress(b"no tar")), ("./meta.yml", archive([], [], "./meta.yml"))):
        ident = int(server.submit(data)[0].split()[-1])
        lost(server, ident)
        page = server.get("/tapper/reports/id/%d" % ident)
        tap.point(page[2] == b"No such testsuite with id: " and page[0] == 200 and tt(server, PENDING_SAFE % ident) == b"\n"
                  and server.tap(ident) == data, "lost, its bytes kept: " + title, page[2])


def test_late_bytes(tap, server):
    data = b"1..1\n# Tapper-Suite-Name: late bytes of it\nok 1 - \xc3\xbc\xff\x00\x1b\n"
    ident = int(server.submit(data)[0].split()[-1])
    tap.point(result(server, ident)["successgrade"] == "PASS", "after 32 bytes anything goes")
    tap.point(server.get("/tapper/reports/tap/%d" % ident)[2] == data.decode("latin-1").encode("utf-8"),
              "raw TAP on the web is encoded twice")


def test_counts(tap, server):
    rows = (
        ("todo-is-a-pass", b"1..2\nnot ok 1 # TODO later\nok 2 # SKIP no net\n", "PASS", 2, 2, 0, 1, 0),
        ("failed", b"1..3\nok 1\nnot ok 2 - net\nok 3\n", "FAIL", 3, 2, 1, 0, 0),
        ("no-plan", b"ok 1 - without any plan at all, long\n", "FAIL", 1, 1, 0, 0, 1),
        ("wrong-plan", b"1..5\nok 1 - without the other four\n", "FAIL", 1, 1, 0, 0, 1),
        ("bail-out", b"1..3\nok 1\nBail out! no more of this\n", "FAIL", 1, 1, 0, 0, 1),
        ("no-tests", b"1..0 # SKIP nothing to check here at all\n", "NOTESTS", 0, 0, 0, 0, 0),
        ("trailing-plans", b"ok 1 - a first one of them\n1..1\nok 1 - another\n1..1\n", "FAIL", 2, 2, 0, 0, 2),
        ("windows", b"1..1\r\n# Tapper-Suite-Name: crlf \r\nok 1\r\n", "PASS", 1, 1, 0, 0, 0),
    )
    for name, data, grade, total, passed, failed, todo, errors in rows:
        report = result(server, int(server.submit(data)[0].split()[-1]))
        got = tuple(report[key] for key in ("successgrade", "total", "passed", "failed", "todo", "parse_errors"))
        tap.point(got == (grade, total, passed, failed, todo, errors), "counted: " + name, got)


def test_headers(tap, server):
    data = (b"1..1\n#tapper-suite-name:x\n# Tapper-Suite-Name: last wins \n  # Tapper-Suite-Name: indented\n# Tapper-Suite-Name: \n"
            b"# Tapper-Starttime-Test-Program: 2026-11-20 10:11:12\n# Tapper-Endtime-Test-Program: 2026-11-20T10:11:12Z\n"
            b"# Tapper-Reportgroup-Arbitrary: run-1\n# Tapper-CernVM-Version: 2.7\n# Tapper-Reportername: me\nok 1\n")
    ident = int(server.submit(data)[0].split()[-1])
    report = result(server, ident)
    tap.point(report["suite_name"] == "last wins" and report["reportgroup_arbitrary_id"] == "run-1" and report["reportername"] == "me",
              "headers: any case, trimmed, the last wins", report)
    tap.point(report["starttime_test_program"] == "2026-11-20 10:11:12" and report["endtime_test_program"] != "2026-11-20 10:11:12"
              and report["endtime_test_program"][:4].isdigit(), "a date in any other form is the time of receipt", report)
    meta = json.loads(tt(server, PENDING_SAFE % ident, "//meta"))[0]
    tap.point(meta["cernvm-version"] == "2.7", "unknown headers can be asked for", meta)


def test_sections(tap, server):
    rows = (
        ("one-plan", b"1..1\n# Tapper-Section: one\n# Tapper-Section: two words\nok 1\n", ["two-words"]),
        ("unnamed", b"1..1\nok 1 - and nothing says a name for it\n", ["section-000"]),
        ("plans-first", b"TAP version 13\n1..1\n# Tapper-Section: one\nok 1\n1..1\n# Tapper-Section: one\nok 1\n", ["one", "one1"]),
        ("explicit", b"# Tapper-explicit-section-start: a\nok 1\n1..1\n# Tapper-explicit-section-start: b\nok 1\n1..1\n", ["a", "b"]),
        ("archive", archive([("t/a.t", "1..1\n# Tapper-Section: first\nok 1\n"), ("./t/b.t", "1..1\nok 1\n")], ["t/a.t", "t/b.t", "t/c.t"]),
         ["first", "t/b.t", "t/c.t"]),
    )
    for name, data, expected in rows:
        ident = int(server.submit(data)[0].split()[-1])
        grade = result(server, ident)["successgrade"]
        got = section_names(server, ident)
        tap.point(got == expected and grade == ("FAIL" if name == "archive" else "PASS"), "sections: " + name, got, grade)


def test_pending(tap, server):
    server.faults(receiver={"parse_s": 60})
    ident = int(server.submit(DEMO)[0].split()[-1])
    wait_for(lambda: server.tap(ident), 10, "tap is stored")
    stale = json.loads(tt(server, "{ id => %d }" % ident))[0]
    tap.point(stale["suite_id"] is None and stale["successgrade"] == "" and tt(server, PENDING_SAFE % ident) == b"\n",
              "a report that is not parsed yet", stale)
    server.faults()
    result(server, ident)
    tap.point(json.loads(tt(server, "{ id => %d }" % ident))[0]["suite_id"] is None, "what was asked too early is stale for ever")
    server.faults(receiver={"store_s": 60})
    ident = int(server.submit(DEMO)[0].split()[-1])
    tap.point(server.get("/tapper/reports/tap/%d" % ident)[0] == 500, "raw TAP of a report that is not stored yet is 500")
    server.faults()
    result(server, ident)


# API ---------------------------------------------------------------------------------------------

def test_upload(tap, server):
    every = bytes(range(256)) * 100
    tap.point(server.api(b"#! upload 1 a.bin application/octet-stream\n" + every) == b"" and
              server.api(b"#! download 1 a.bin\n", False) == every, "an attachment comes back to the byte, at once")
    server.api(b"#! upload 1 a.bin\nsecond")
    server.api(b"#! upload 1 a.bin\nthird")
    got = [server.api(b"#! download 1 a.bin %d\n" % index) for index in (0, 1, 2, 3, -1)]
    tap.point(got == [every, b"second", b"third", b"", b"second"], "same names are kept, and told apart by an index", got[1:])
    server.api(b"#! upload 1 empty.txt text/plain\n")
    server.api(b"#! upload 1 two words.txt\nx")
    server.api(b"#!upload 1 nospace.txt\nx")
    names = [(name, kind) for name, kind, _ in server.files(1)]
    tap.point(("two", "words.txt") in names and not {"empty.txt", "nospace.txt"} & {name for name, _ in names},
              "a blank shifts, nothing empty is kept, and #! needs a blank", names)
    tap.point(server.api(b"#! download 1 %wo\n") == b"x" and server.api(b"#! download 0 a_bin 1\n") == b"second"
              and server.api(b"#! download 99 a.bin\n") == b"", "download takes wildcards, and 0 for any report")


def test_tt(tap, server):
    missing = [server.api(request) for request in (b"", b"#! nosuch 1\n", b"#! tt\nx\n", b"#! download 9 x\n", b"#! upload 1\n",
                                                   b"#! tt <<EOF\n[% nosuch() %]\nEOF\n")]
    tap.point(missing == [b""] * len(missing), "zero bytes for all that goes wrong", missing)
    tap.point(tt(server, "{ id => 99999 }") == b"\n" and tt(server, "{ suite_id => 1, id => 1 }") == b"",
              "an empty line for no match, zero bytes for an ambiguous column")
    several = json.loads(tt(server, "{ id => [1,2] }"))
    named = json.loads(tt(server, '{ "suite.name" => "Tapper-Deployment" }'))
    tap.point([report["id"] for report in several] == [1, 2] and named[0]["id"] == 1, "lists of reports", several)
    tap.point(tt(server, "{ id => 1 }").endswith(b"]\n\n") and server.api(b"#! mason <<EOF\nx\nEOF\n").startswith(b"Mason is not enabled."),
              "two line feeds after JSON; mason is off")
    server.faults(api={"tt": "off"})
    tap.point(tt(server, "{ id => 1 }") == b"Template Toolkit is not enabled\n", "templates may be off")
    server.faults()


# Web ---------------------------------------------------------------------------------------------

def test_web(tap, server):
    rows = (
        ("/tapper", 200, b'<meta http-equiv="refresh"'), ("/nosuch", 404, b"Bummer! Page not found"),
        ("/tapper/reports/id/99999", 200, b"No such report"), ("/tapper/reports/tap/99999", 200, b"Error: No report 99999."),
        ("/tapper/reportfile/id/99999", 200, b"Error: File with id 99999 does not exist."), ("/tapper/hardware", 500, b""),
        ("/tapper/reports/idlist/1", 500, b""), ("/tapper/reports/nosuch/1", 302, b""), ("/tapper/reports?json=1", 200, b""),
        ("/tapper/reports/success/100.00", 200, b"r1<"), ("/tapper/overview/suite", 200, b"/tapper/reports/suite/Tapper-Deployment"),
    )
    for path, status, text in rows:
        got = server.get(path)
        tap.point(got[0] == status and (text in got[2]), "web: " + path, got[0], got[2][:200])
    tap.point(server.get("/tapper/reports/info/lastid")[2] == b"%d" % newest(server), "the last id")
    server.submit(b"1..1\n# A title: the first 32 bytes are ASCII\n# Tapper-Suite-Name: \xc3\xbc & <b>\nok 1 - something\n")
    result(server, newest(server))
    page = server.get("/tapper/reports")[2]
    tap.point(b"\xc3\x83\xc2\xbc &amp; &lt;b&gt;" in page, "text that is not ASCII is encoded twice on pages")
    name, kind, data = server.files(1)[0]
    tap.point(server.get("/tapper/reportfile/id/1")[2] == data, "an attachment of a binary type is exact", name, kind)


def test_list_days(tap):
    with Server(generate=3000) as server:
        yesterday = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 86400))
        today = time.strftime("%Y-%m-%d", time.gmtime())
        count = lambda path: server.get(path)[2].count(b'href="/tapper/reports/id/')
        tap.point(count("/tapper/reports?report_date=%s&pager_interval=31" % today) == 3000 and
                  0 < count("/tapper/reports") < 200 and 80 < count("/tapper/reports?report_date=%s" % yesterday) < 120,
                  "5.x: days go by the query")
        tap.point(count("/tapper/reports/days/31") == count("/tapper/reports"), "5.x: days in the path have no effect")
        server.faults(web={"form": "3"})
        page = server.get("/tapper/reports/days/31?report_date=%s&pager_interval=1" % today)[2]
        tap.point(page.count(b">r") == 3000 and b'<table class="reportlist">' in page and b'href="/tapper/reports/suite/Suite-1"' in page,
                  "3.x: days go by the path, links have their address")
        tap.point(server.get("/tapper/reports/info/lastid")[0] == 404, "3.x: no last id")
        tap.point(len(json.loads(tt(server, '{ id => { ">", 2000 }, suite_id => { ">", 0 } }'))) == 1000, "1000 generated reports as JSON")


# Faults ------------------------------------------------------------------------------------------

def test_receiver_faults(tap, server):
    before = newest(server)
    server.faults(receiver={"greeting": "none"})
    with server.connect("receiver") as connection:
        tap.point(read_all(connection) == b"" and newest(server) == before, "no greeting: the end at once, and no report")
    server.faults(receiver={"greeting": "bytes", "times": 1})
    tap.point(server.submit(DEMO)[0].startswith(b"Tapper::Reports::Receiver."), "a greeting in single bytes")
    tap.point(server.submit(DEMO)[0].startswith(b"Tapper::Reports::Receiver."), "a fault that happens once is over")
    server.faults(receiver={"greeting": "wrong"})
    tap.point(server.submit(DEMO)[0].startswith(b"220 "), "a wrong greeting")
    server.faults(receiver={"reset": "receiving", "after": 50})
    with server.connect("receiver") as connection:
        read_line(connection)
        connection.sendall(DEMO)
        try:
            rest = read_all(connection)
        except ConnectionResetError:
            rest = "reset"
    ident = newest(server)
    wait_for(lambda: server.tap(ident), 10, "what came is stored")
    tap.point(rest == "reset" and server.tap(ident) == DEMO[:50], "a reset after 50 bytes leaves those", rest, server.tap(ident))
    server.faults()


def test_death(tap, server):
    for stage in ("accepted", "greeted", "receiving", "eof", "store", "parse", "parsed"):
        server.faults(receiver={"die": stage, "after": 80})
        try:
            server.submit(DEMO)
        except OSError:
            pass
        server.wait()
        ident = newest(server)
        ports = server.ports
        server.faults()
        server.start()
        row = server.reports()[-1]
        stored = stage in ("parse", "parsed")
        tap.point(row["id"] == ident and bool(server.tap(ident)) == stored and (row["suite_id"] is not None) == (stage == "parsed")
                  and {**server.ports, "pid": 0} == {**ports, "pid": 0}, "it dies at %s and comes back the same" % stage, row)
    server.submit(DEMO)
    tap.point(result(server, newest(server))["passed"] == 2, "and goes on")


def test_hostile(tap, server):
    for kind, size in (("row", 10_000_000), ("unclosed", 50_000), ("script", 50), ("entities", 50)):
        server.faults(web={"hostile": kind})
        page = server.get("/tapper/reports")[2]
        tap.point(len(page) > size and b"r4000000000<" in page and b">r1<" in page, "a hostile page: " + kind)
    server.faults()


def main():
    tap = Tap()
    with Server() as server:
        for test in (test_demo, test_probe, test_unread_greeting, test_lost_streams, test_late_bytes, test_counts, test_headers,
                     test_sections, test_pending, test_upload, test_tt, test_web, test_receiver_faults, test_death, test_hostile):
            test(tap, server)
    test_list_days(tap)
    tap.exit()


if __name__ == "__main__":
    main()
