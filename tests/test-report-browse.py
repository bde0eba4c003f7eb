"""test-report-browse.py: a Tapper server's reports read on the command line

SPDX-License-Identifier: GPL-2.0-or-later

Usage: test-report-browse.py CVMTESTER-CLI; prints TAP.
"""
import calendar
import glob
import os
import re
import sys
import time

from bed import Tap, wait_for
from reader import Pages, Reader
from server import DEMO, Server

CLI = sys.argv[1]
NUMBER = 500
RSS_ONLY = {"api": {"tt": "off"}, "web": {"status": 500}}


def parsed(server, ident):
    return wait_for(lambda: server.reports()[ident - 1]["suite_id"], 10, "report %d is parsed" % ident)


def submit(server, data):
    server.submit(data)
    ident = server.reports()[-1]["id"]
    parsed(server, ident)
    return ident


def attach(server, ident, name, data, kind="application/octet-stream"):
    server.api(b"#! upload %d %s %s\n" % (ident, name.encode(), kind.encode()) + data)


def touched(server):
    """Connections of the receiver: each would be a report"""
    return [event for event in server.events() if event["event"] == "accepted"]


def asked(server, kind):
    return len([event for event in server.events() if event["event"] == kind])


# Servers -----------------------------------------------------------------------------------------

def test_servers(tap):
    with Server() as server, Reader(CLI) as reader:
        done = reader.run("list")
        tap.point(done.returncode == 2 and b"report server add" in done.stderr, "no server yet: what to do", done.stderr)
        reader.add(server)
        done = reader.run("server", "add", "far", "--receiver", "tapper.example", "--api", "tls://[::1]")
        tap.point(done.returncode == 0 and b"unencrypted" in done.stderr, "a warning before a network", done.stderr)
        listed = reader.json("server", "list")
        tap.point([(one["name"], one["default"]) for one in listed] == [("main", True), ("far", False)], "listed", listed)
        tap.point(listed[1]["receiver"] == "tapper.example:7357" and listed[1]["api"] == "tls://[::1]:7358", "default ports", listed)
        ways = reader.json("server", "test")
        tap.point([(way["way"], way["works"]) for way in ways] == [("api", True), ("web", True), ("rss", True)], "tested", ways)
        tap.point(touched(server) == [] and server.reports() == [], "and the receiver was not touched")
        server.faults(api={"tt": "off"})
        ways = reader.json("server", "test", "main")
        tap.point([way["works"] for way in ways] == [False, True, True] and "templates" in ways[0]["reason"], "one that is off", ways)
        server.kill()
        done = reader.run("server", "test")
        tap.point(done.returncode == 3 and done.stdout.count(b"\n") == 3, "none works: 3", done.stdout)
        tap.point(reader.run("server", "rm", "main").returncode == 0 and reader.run("server", "rm", "main").returncode == 2, "removed once")


def test_wrong_usage(tap):
    with Reader(CLI) as reader:
        for words, message in ((("list", "--days", "0"), "--days"), (("list", "--limit", "-1"), "--limit"), (("show", "x"), "number"),
                               (("list", "--success", "maybe"), "pass, fail"), (("list", "--page", "2", "--limit", "0"), "--page"),
                               (("show", "0", "--receiver", "h"), "number"), (("show", "1", "--receiver", "h:0"), "HOST:PORT"),
                               (("show", "1", "--receiver", "h", "--server", "x"), "--server"), (("show", "1", "--web", "http://h"), "--receiver"),
                               (("server", "add", "A b", "--receiver", "h"), "name"), (("server", "add", "a"), "--receiver"),
                               (("list", "--receiver", "127.0.0.1:9"), "neither its API nor its web")):
            done = reader.run(*words)
            tap.point(done.returncode == 2 and message in done.stderr.decode(), "refused: " + " ".join(words), done.returncode, done.stderr)
        os.makedirs(reader.path("config", "cvmtester"))
        with open(reader.path("config", "cvmtester", "servers.ini"), "w", encoding="ascii") as file:
            file.write("[Server a]\nReceiver=h\nPort=7\n")
        done = reader.run("list")
        tap.point(done.returncode == 2 and b"servers.ini:3: " in done.stderr, "file and line of a mistake", done.stderr)


# Lists -------------------------------------------------------------------------------------------

def compare_way(tap, server, reader, name):
    """Every list is what the database says, whatever way it came"""
    rows = [row for row in server.reports() if row["suite_id"]]
    newest = [row["id"] for row in reversed(rows)]
    pages = [reader.ids("--days", "30", "--limit", "37", "--page", str(page)) for page in (1, 2, 3)]
    tap.point(sum(pages, []) == newest[:111], name + ": pages follow one another", pages)
    tap.point(reader.ids("--days", "30", "--limit", "0") == newest, name + ": all of them")
    after = time.time() - 3 * 86400
    recent = [row["id"] for row in reversed(rows) if calendar.timegm(time.strptime(row["created_at"], "%Y-%m-%d %H:%M:%S")) > after + 60]
    found = reader.ids("--days", "3", "--limit", "0")
    tap.point(set(recent) <= set(found) and len(found) <= len(recent) + 1, name + ": of the last days", len(found), len(recent))
    for option, column, value in (("--suite", "suite_name", "Suite-3"), ("--machine", "machine_name", "machine-07"), ("--success", "successgrade", "FAIL")):
        wanted = [row["id"] for row in reversed(rows) if row[column] == value]
        tap.point(wanted and reader.ids("--days", "30", "--limit", "0", option, value) == wanted, "%s: %s" % (name, option))
    tap.point(reader.ids("--days", "30", "--suite", "nobody") == [], name + ": none")


def test_ways(tap):
    with Server(NUMBER) as server:
        newest = server.reports()[-1]
        for name, faults in (("api", {}), ("web 5", {"api": {"tt": "off"}}), ("web 3", {"api": {"tt": "silent"}, "web": {"form": "3"}})):
            with Reader(CLI) as reader:
                server.faults(**faults)
                reader.add(server)
                compare_way(tap, server, reader, name)
                report = reader.json("list", "--limit", "1")[0]
                tap.point(report["created"][:16] == newest["created_at"][:16].replace(" ", "T") and report["created"].endswith("Z"),
                          name + ": UTC in JSON", report, newest["created_at"])
                line = reader.run("list", "--limit", "1").stdout.decode()
                local = time.strftime("%Y-%m-%d %H:%M", time.gmtime(calendar.timegm(time.strptime(newest["created_at"][:16], "%Y-%m-%d %H:%M")) + 9 * 3600))
                tap.point(local in line, name + ": local for people", line, local)
                if name != "web 5":
                    owned = [row["id"] for row in reversed(server.reports()) if row["owner"] == "owner-1"]
                    tap.point(reader.ids("--days", "30", "--limit", "0", "--owner", "owner-1") == owned, name + ": --owner")
        tap.point(not [event for event in server.events() if event["event"] == "tt-error"], "no query was wrong")
        tap.point(touched(server) == [], "and the receiver was not touched")


def test_rss(tap):
    with Server(100) as server:
        def lists_fail(handler):
            handler.send_response(200 if "/rss" in handler.path else 500)
            handler.end_headers()
            if "/rss" in handler.path:
                handler.wfile.write(server.get(handler.path)[2])
        with Pages(lists_fail) as pages, Reader(CLI) as reader:
            reader.add(pages, ways=("web",))
            found = reader.ids("--days", "10", "--limit", "0")
            tap.point(found == sorted(found, reverse=True) and 25 <= len(found) <= 40, "by RSS when all else fails", found)
            listed = reader.json("list", "--limit", "1")[0]
            tap.point(listed["suite"].startswith("Suite-") and listed["machine"] and listed["total"] is None, "as much as it tells", listed)
            tap.point(reader.ids("--days", "10", "--limit", "0", "--suite", "Suite-1") == [one for one in found if (one - 1) % 5 == 1], "filtered here")
            done = reader.run("list", "--owner", "x")
            tap.point(done.returncode == 3 and b"whose" in done.stderr, "what it cannot tell is said", done.stderr)


def test_remembered(tap):
    with Server(20) as server, Reader(CLI) as reader:
        reader.add(server)
        server.faults(api={"tt": "off"})
        first = reader.ids()
        api = asked(server, "api")
        tap.point(api == 1 and reader.ids() == first and asked(server, "api") == api, "the way that works is not looked for again", api)
        server.faults(web={"status": 500})
        tap.point(reader.ids() == first and asked(server, "api") > api, "when it stops, another is found")
        server.faults(api={"reset": "asked"})
        tap.point(reader.ids() == first, "and back")
        server.faults(api={"tt": "broken"}, web={"status": 500})
        done = reader.run("list")
        tap.point(done.returncode == 3 and b"JSON" in done.stderr and b"500" in done.stderr, "all fail: each says why", done.stderr)


def test_hostile_names(tap):
    """The server evaluates what it is asked: nothing of a name may get there that is more than a word"""
    with Server() as server, Reader(CLI) as reader:
        names = ['a" => 1, "b', "x' } :: /report').to_json %] [% 1", "$ENV{HOME}", "@{[die]}", "a\\", "../exit", "%2e%2e/exit", "A B", "\u00fc"]
        for name in names:
            submit(server, b"1..1\nok 1\n" + b"# pad pad pad pad pad pad pad\n# Tapper-Suite-Name: " + name.encode() + b"\n")
        reader.add(server)
        for faults in ({}, {"api": {"tt": "off"}}):
            server.faults(**faults)
            for index, name in enumerate(names):
                tap.point(reader.ids("--suite", name) == [index + 1], "%s: found by %r" % (faults or "api", name))
        events = server.events()
        tap.point(not [event for event in events if event["event"] == "tt-error"], "no query was wrong")
        tap.point(not [event for event in events if "exit" in event.get("path", "")] and server.process.poll() is None, "no page was asked that ends it")


def test_hostile_pages(tap):
    with Server(30) as server, Reader(CLI) as reader:
        reader.add(server, ways=("web",))
        right = reader.ids("--limit", "5")
        for kind in ("row", "unclosed", "script", "entities"):
            server.faults(web={"hostile": kind})
            found = reader.ids("--limit", "5")
            tap.point(found == right and 666 not in found, kind, found)


def test_other_servers(tap):
    def endless(handler):
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"<table class='reportlist'><tr><td>" * 2000)

    def elsewhere(handler):
        handler.send_response(302)
        handler.send_header("Location", "http://localhost:%d/tapper/reports" % pages.ports["web"])
        handler.end_headers()

    def deadly(handler):
        handler.send_response(302)
        handler.send_header("Location", "/tapper/reports/exi%74")
        handler.end_headers()

    def cut(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        handler.wfile.write(b"<table class='reportlist'></table>")

    def login(handler):
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"<html><form action=/login>Password</form></html>")

    for answer, message in ((endless, b"more than"), (elsewhere, b"redirects"), (deadly, b"redirects"), (cut, b"broke off"), (login, b"login")):
        with Pages(answer) as pages, Reader(CLI) as reader:
            reader.add(pages, ways=("web",))
            done = reader.run("list")
            tap.point(done.returncode == 3 and message in done.stderr and done.stdout == b"", answer.__name__, done.returncode, done.stderr)
            tap.point(not [path for path in pages.paths if "exi" in path], "%s: no page was asked that ends it" % answer.__name__, pages.paths)


# One report --------------------------------------------------------------------------------------

def test_show(tap):
    with Server() as server, Reader(CLI) as reader:
        reader.add(server)
        ident = submit(server, DEMO)
        attach(server, ident, "console.log", b"line\n", "plain")
        shown = reader.json("show", str(ident))[0]
        tap.point((shown["suite"], shown["version"], shown["passed"], shown["total"], shown["grade"]) == ("Tapper-Deployment", "1.001", 2, 2, "PASS"),
                  "the demo report: suite, version, 2 of 2", shown)
        tap.point([file["name"] for file in shown["files"]] == ["console.log"] and shown["url"].endswith("/reports/id/1"), "its files and its page", shown)
        tap.point(reader.run("tap", "r1").stdout == DEMO, "its TAP, to the byte")
        server.faults(api={"tt": "off"})
        by_page = reader.json("show", str(ident))[0]
        same = ("suite", "version", "machine", "grade", "total", "passed", "failed", "url", "files")
        tap.point([by_page[key] for key in same] == [shown[key] for key in same], "the same from its page", by_page)
        people = reader.run("show", "1").stdout.decode()
        tap.point(re.search(r"^suite +Tapper-Deployment$", people, re.M) and "console.log" in people, "for people", people)
        done = reader.run("show", "99")
        tap.point(done.returncode == 3 and b"no report 99" in done.stderr, "one that is not there", done.stderr)
        done = reader.run("tap", "99")
        tap.point(done.returncode == 3 and b"99" in done.stderr, "nor its TAP", done.stderr)
        server.submit(b"ok - \xe2\x9c\x93\n1..1\n")
        wait_for(lambda: server.reports()[-1]["is_lost"], 10, "lost")
        done = reader.run("show", "2")
        tap.point(done.returncode == 3 and b"parsed" in done.stderr and 2 not in reader.ids(), "one that was not parsed", done.stderr)
        before = touched(server)
        tap.point(len(before) == 2, "the receiver was touched by the two submits alone", before)


def test_characters(tap):
    text = b"1..1\n# the first 32 bytes are ASCII\nok 1 - Gr\xc3\xbc\xc3\x9fe \xe2\x9c\x93\n# Tapper-Suite-Name: B\xc3\xa4r\n# Tapper-Machine-Name: \x1b[31mred\n"
    with Server() as server, Reader(CLI) as reader:
        reader.add(server, ways=("web",))
        ident = submit(server, text)
        attach(server, ident, "utf8.txt", "Grüße ✓\n".encode(), "text/plain")
        attach(server, ident, "any.bin", bytes(range(256)))
        tap.point(reader.run("tap", str(ident)).stdout == text, "TAP that the server encodes twice")
        tap.point(reader.json("list")[0]["suite"] == "B\u00e4r", "a name that it encodes twice", reader.json("list"))
        tap.point(b"\x1b" not in reader.run("list").stdout + reader.run("show", str(ident)).stdout, "nothing for the terminal")
        done = reader.run("fetch", str(ident), "out")
        tap.point(done.returncode == 0, "fetched", done.stderr)
        for name, data in (("utf8.txt", "Grüße ✓\n".encode()), ("any.bin", bytes(range(256))), ("report.tap", text)):
            with open(reader.path("out", name), "rb") as file:
                tap.point(file.read() == data, name + ": to the byte")


def test_fetch(tap):
    names = ("../../escape", "/etc/passwd", "a/b/serial.log", "..", ".hidden", "-rf", "report.tap", "serial.log", "x" * 300, "\u00fcber;$(id)")
    with Server() as server, Reader(CLI) as reader:
        reader.add(server)
        ident = submit(server, DEMO)
        for index, name in enumerate(names):
            attach(server, ident, name, b"file %d" % index)
        done = reader.run("fetch", "1", "sub/out")
        found = sorted(os.listdir(reader.path("sub", "out")))
        tap.point(done.returncode == 0 and len(found) == len(names) + 1, "a file each", done.stderr, found)
        tap.point(all(re.fullmatch(r"[A-Za-z0-9_+][A-Za-z0-9._+-]*", name) and len(name) < 200 for name in found), "safe names", found)
        bodies = {open(reader.path("sub", "out", name), "rb").read() for name in found}   # pylint: disable=consider-using-with
        tap.point(bodies == {b"file %d" % index for index in range(len(names))} | {DEMO}, "each with its bytes")
        outside = [path for path in glob.glob(reader.path("**"), recursive=True) if "/sub/out/" not in path and os.path.isfile(path) and "/cache/" not in path]
        tap.point(outside == [reader.path("config", "cvmtester", "servers.ini")], "nothing outside the folder", outside)
        with open(reader.path("sub", "out", "serial.log"), "w", encoding="ascii") as file:
            file.write("mine")
        done = reader.run("fetch", "1", "sub/out")
        tap.point(done.returncode == 3 and b"--force" in done.stderr, "not written over unasked", done.returncode, done.stderr)
        with open(reader.path("sub", "out", "serial.log"), encoding="ascii") as file:
            tap.point(file.read() == "mine", "what was there stays")
        done = reader.run("fetch", "1", "sub/out", "--force")
        tap.point(done.returncode == 0 and sorted(os.listdir(reader.path("sub", "out"))) == found, "unless told to", done.stderr)
        tap.point(not glob.glob(reader.path("sub", "out", ".fetch*")), "no temporary file stays")


def test_fetch_same(tap):
    """Names that are patterns to the API, and the same name twice; with the API and without it"""
    files = [("a_b.log", b"1"), ("axb.log", b"2"), ("A_B.log", b"3"), ("same.log", b"4"), ("same.log", b"5"), ("50%.log", b"6"),
             ("b\\.log", b"7"), ("large.txt", b"x" * 20_000_000 + b"\n"), ("bytes.txt", b"\xff\xfe\xc3\xbc\n")]
    with Server() as server:
        ident = submit(server, DEMO)
        for name, data in files:
            attach(server, ident, name, data, "text/plain")
        for ways in (("api", "web"), ("web",)):
            with Reader(CLI) as reader:
                reader.add(server, ways=ways)
                done = reader.run("fetch", str(ident), "out")
                bodies = []
                for name in os.listdir(reader.path("out")):
                    with open(reader.path("out", name), "rb") as file:
                        bodies.append(file.read())
                wanted = [data for _, data in files if "api" in ways or data != files[-1][1]]
                tap.point(done.returncode == 0 and len(bodies) == len(files) + 1 and all(data in bodies for data in wanted),
                          "each file its own bytes, by " + ways[0], done.stderr, os.listdir(reader.path("out")))


def test_wrong_address(tap):
    with Server(20) as server, Reader(CLI) as reader:
        server_words = ["--receiver", "127.0.0.1:9", "--web", "http://127.0.0.1:%d/elsewhere" % server.ports["web"]]
        done = reader.run("list", *server_words)
        tap.point(done.returncode == 3 and b"404" in done.stderr and b"/elsewhere/" in done.stderr, "a wrong web address", done.stderr)
        for path in ("/tapper/reports/exit", "/tapper/reports/%65xit", "/%00", "/%zz"):
            done = reader.run("list", "--receiver", "127.0.0.1:9", "--web", "http://127.0.0.1:%d%s" % (server.ports["web"], path))
            tap.point(done.returncode in (2, 3) and server.process.poll() is None, "a web address that is none: " + path, done.returncode, done.stderr)
        done = reader.run("list", *server_words, "--api", "127.0.0.1:%d" % server.ports["api"])
        tap.point(done.returncode == 0 and done.stdout.count(b"\n") == 5, "does not matter where the API answers", done.stdout, done.stderr)
        done = reader.run("list", "--suite", "nobody", *server_words, "--api", "127.0.0.1:%d" % server.ports["api"])
        tap.point(done.returncode == 0 and done.stdout == b"" and b"no such report" in done.stderr, "none: said, and no failure", done.stderr)


# The cache ---------------------------------------------------------------------------------------

def entries(reader, pattern):
    return glob.glob(reader.path("cache", "cvmtester", "reports", "*", pattern))


def test_cache(tap):
    with Server(200) as server, Reader(CLI) as reader:
        reader.add(server)
        shown, text = reader.json("show", "5"), reader.run("tap", "5").stdout
        before = asked(server, "web")
        tap.point(reader.json("show", "5") == shown and reader.run("tap", "5").stdout == text and asked(server, "web") == before,
                  "a report that was read is not asked for again")
        reader.json("show", "200")
        tap.point(entries(reader, "5.json") and not entries(reader, "200.json"), "but one of today is, since files may still come")
        kept = entries(reader, "5.tap")[0]
        for damage in (b"", b"cvmtester-cache 1 ", b"\xff" * 1000):
            with open(kept, "r+b") as file:
                file.truncate(0 if not damage else os.path.getsize(kept) - 1)
                file.write(damage)
            tap.point(reader.run("tap", "5").stdout == text, "a broken entry is fetched again", damage[:8])
        server.kill()
        tap.point(reader.json("show", "5") == shown and reader.run("tap", "5").stdout == text, "and read without the server")
        done = reader.run("list")
        tap.point(done.returncode == 3 and b"127.0.0.1" in done.stderr, "a list is not: where it was looked for", done.stderr)
        server.start()
        cache = reader.path("cache", "cvmtester")
        os.rename(cache, cache + ".old")
        with open(cache, "w", encoding="ascii"):
            pass
        tap.point(reader.run("tap", "5").stdout == text and len(reader.ids()) > 0, "a cache that cannot be written costs nothing")


def main():
    tap = Tap()
    for name, test in list(globals().items()):
        if name.startswith("test_") and (len(sys.argv) < 3 or name in sys.argv[2:]):
            test(tap)
    tap.exit()


main()
