"""store.py: what the stand-in server keeps in its folder, so that it can be killed and started again

SPDX-License-Identifier: GPL-2.0-or-later

    tapper.db      reports, attachments, and the cache of the reports API
    received/ID    every byte that the receiver took in, written as it came
    files/FID      the attachments
    ports.json     so that it comes back at the same ports
    faults.json    what shall go wrong (faults.py)
    events.jsonl   what it did, a line each
"""
import contextlib
import json
import os
import sqlite3
import threading
import time

from . import tap

SCHEMA = """
CREATE TABLE IF NOT EXISTS suite (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, type TEXT);
CREATE TABLE IF NOT EXISTS report (
  id INTEGER PRIMARY KEY AUTOINCREMENT, suite_id INTEGER, suite_version TEXT, reportername TEXT DEFAULT '',
  peeraddr TEXT DEFAULT '', peerport TEXT DEFAULT '', peerhost TEXT DEFAULT '', successgrade TEXT DEFAULT '',
  success_ratio TEXT DEFAULT '', starttime_test_program TEXT, endtime_test_program TEXT, machine_name TEXT DEFAULT '',
  machine_description TEXT DEFAULT '', total INTEGER, passed INTEGER, failed INTEGER, skipped INTEGER, todo INTEGER,
  todo_passed INTEGER, parse_errors INTEGER, reportgroup_arbitrary_id TEXT, reportgroup_testrun_id INTEGER,
  owner TEXT, created_at TEXT, updated_at TEXT, tap_len INTEGER, is_archive INTEGER DEFAULT 0, is_generated INTEGER DEFAULT 0,
  is_lost INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS reportfile (
  id INTEGER PRIMARY KEY AUTOINCREMENT, report_id INTEGER, filename TEXT, contenttype TEXT, created_at TEXT);
CREATE TABLE IF NOT EXISTS cache (path TEXT, report_id INTEGER, data TEXT, PRIMARY KEY (path, report_id));
CREATE INDEX IF NOT EXISTS report_created ON report (created_at);
CREATE INDEX IF NOT EXISTS file_report ON reportfile (report_id);
"""
JOIN = ("SELECT me.*, suite.name AS suite_name, suite.type AS suite_type FROM report me "
        "LEFT JOIN suite ON suite.id = me.suite_id")


def now():
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())


def valid_date(text):
    """Anything but YYYY-MM-DD HH:MM:SS silently becomes the time of receipt"""
    if text is None:
        return None
    try:
        time.strptime(text, "%Y-%m-%d %H:%M:%S")
        return text
    except ValueError:
        return now()


class Store:
    def __init__(self, folder):
        self.folder = folder
        for name in ("received", "files"):
            os.makedirs(os.path.join(folder, name), exist_ok=True)
        self.lock = threading.RLock()
        self.db = sqlite3.connect(self.path("tapper.db"), check_same_thread=False, isolation_level=None)
        self.db.row_factory = sqlite3.Row
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=OFF")   # a killed process loses nothing, only a power cut would
        self.db.executescript(SCHEMA)

    def path(self, *names):
        return os.path.join(self.folder, *(str(name) for name in names))

    def event(self, event, **more):
        line = json.dumps({"t": time.time(), "event": event, **more}) + "\n"
        with self.lock, open(self.path("events.jsonl"), "a", encoding="ascii") as file:
            file.write(line)

    def rows(self, sql, *values):
        with self.lock:
            return self.db.execute(sql, values).fetchall()

    def row(self, sql, *values):
        found = self.rows(sql, *values)
        return found[0] if found else None

    def insert(self, sql, *values):
        with self.lock:
            return self.db.execute(sql, values).lastrowid

    # Reports

    def new_report(self, peer):
        stamp = now()
        return self.insert("INSERT INTO report (peerhost, peerport, created_at, updated_at) VALUES (?, ?, ?, ?)",
                           peer[0], str(peer[1]), stamp, stamp)

    def report(self, ident):
        return self.row(JOIN + " WHERE me.id = ?", ident)

    def keep_tap(self, ident, length, is_archive):
        self.insert("UPDATE report SET tap_len = ?, is_archive = ? WHERE id = ?", length, is_archive, ident)

    def tap(self, ident):
        """The raw bytes; None when they are not stored (yet)"""
        row = self.report(ident)
        if row is None or row["tap_len"] is None:
            return None
        if row["is_generated"]:
            return generated_tap(row)
        with open(self.path("received", ident), "rb") as file:
            return file.read(row["tap_len"])

    def suite(self, name, kind):
        with self.lock:
            self.insert("INSERT OR IGNORE INTO suite (name, type) VALUES (?, ?)", name, kind or "unknown")
            return self.row("SELECT id FROM suite WHERE name = ?", name)["id"]

    def keep_parsed(self, ident, parsed):
        headers = parsed.headers
        testrun = headers.get("reportgroup-testrun")
        values = {
            "suite_id": self.suite(headers.get("suite-name", "unknown"), headers.get("suite-type")),
            "suite_version": headers.get("suite-version", "unknown"),
            "machine_name": headers.get("machine-name", ""),
            "machine_description": headers.get("machine-description", ""),
            "reportername": headers.get("reportername", ""),
            "starttime_test_program": valid_date(headers.get("starttime-test-program")),
            "endtime_test_program": valid_date(headers.get("endtime-test-program")),
            "reportgroup_arbitrary_id": headers.get("reportgroup-arbitrary"),
            "reportgroup_testrun_id": int(testrun) if testrun and testrun.isdigit() else None,
            "owner": headers.get("owner"),
            "success_ratio": parsed.ratio, "successgrade": parsed.grade, "updated_at": now(), **parsed.counts,
        }
        names = ", ".join("%s = ?" % name for name in values)
        self.insert("UPDATE report SET %s WHERE id = ?" % names, *values.values(), ident)

    def keep_lost(self, ident):
        self.insert("UPDATE report SET is_lost = 1 WHERE id = ?", ident)

    def generate(self, number):
        """NUMBER reports over the last 30 days, each with a TAP of its own"""
        suites = [self.suite("Suite-%d" % index, "generated") for index in range(5)]
        last = int(time.time())
        rows = []
        for index in range(number):
            stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(last - (number - 1 - index) * 29 * 86400 // number))
            failed = 1 if index % 7 == 0 else 0
            rows.append((suites[index % 5], "1.%d" % (index % 10), "machine-%02d" % (index % 20),
                         "FAIL" if failed else "PASS", "90.00" if failed else "100.00", 10, 10 - failed, failed,
                         stamp, stamp, "owner-%d" % (index % 3)))
        with self.lock:
            self.db.execute("BEGIN")
            self.db.executemany(
                "INSERT INTO report (suite_id, suite_version, machine_name, successgrade, success_ratio, total, passed, "
                "failed, created_at, updated_at, owner, skipped, todo, todo_passed, parse_errors, peerhost, peerport, "
                "tap_len, is_generated) VALUES (?,?,?,?,?,?,?,?,?,?,?,0,0,0,0,'127.0.0.1','1',1,1)", rows)
            self.db.execute("COMMIT")

    # Attachments

    def add_file(self, report, name, kind, temporary):
        with self.lock:
            self.db.execute("BEGIN")
            ident = self.insert("INSERT INTO reportfile (report_id, filename, contenttype, created_at) VALUES (?,?,?,?)",
                                report, name, kind, now())
            os.rename(temporary, self.path("files", ident))
            self.db.execute("COMMIT")
        return ident

    def files(self, report):
        return self.rows("SELECT * FROM reportfile WHERE report_id = ? ORDER BY id", report)

    def content(self, ident):
        with contextlib.suppress(FileNotFoundError), open(self.path("files", ident), "rb") as file:
            return file.read()
        return b""


def generated_tap(row):
    lines = ["1..10", "# Tapper-Suite-Name: %s" % row["suite_name"], "# Tapper-Suite-Version: %s" % row["suite_version"],
             "# Tapper-Machine-Name: %s" % row["machine_name"], "# generated report %d" % row["id"]]
    lines += ["%sok - test %d" % ("not " if number <= row["failed"] else "", number) for number in range(1, 11)]
    return ("\n".join(lines) + "\n").encode("ascii")


def process(store, ident, length, wait):
    """What the forked child does after the end of a report; WAIT is called between its steps"""
    with open(store.path("received", ident), "rb") as file:
        data = file.read(length)
    wait("store")
    store.keep_tap(ident, length, tap.looks_like_archive(data))
    wait("parse")
    try:
        store.keep_parsed(ident, tap.parse(data))
    except tap.Lost as error:
        store.keep_lost(ident)
        store.event("lost", id=ident, why=str(error))
        return
    wait("parsed")
    store.event("parsed", id=ident)
