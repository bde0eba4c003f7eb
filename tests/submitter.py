"""submitter.py: cvmtester-cli as it submits reports, for the tests that look at it from outside

SPDX-License-Identifier: GPL-2.0-or-later
"""
import concurrent.futures
import json
import os
import random
import shutil
import subprocess
import tempfile

from bed import SOURCE, wait_for

# Milliseconds, so that a test need not wait for minutes: settle, confirm, first pause
QUICK = "1000:3000:10"


class Submitter:
    def __init__(self, limits=QUICK):
        self.folder = tempfile.mkdtemp(prefix="cvm-submit-")
        self.cli = os.environ["CVM_CLI"]
        self.env = dict(os.environ, LC_ALL="C.UTF-8", CVMTESTER_DATA_DIR=os.path.join(SOURCE, "data"),
                        CVM_TEST_SPOOL_MS=limits)
        for name in ("DATA", "CONFIG", "STATE", "CACHE"):
            self.env["XDG_%s_HOME" % name] = os.path.join(self.folder, name.lower())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def spool(self):
        return os.path.join(self.folder, "data", "cvmtester", "spool")

    def file(self, name, data):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(data)
        return path

    def run(self, *argv, env=None, timeout=120, **more):
        done = subprocess.run([self.cli, *argv], env={**self.env, **(env or {})}, capture_output=True, timeout=timeout,
                              cwd=self.folder, **more)
        done.out, done.err = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
        return done

    def start(self, *argv, env=None):
        return subprocess.Popen([self.cli, *argv], env={**self.env, **(env or {})}, cwd=self.folder,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")

    def submit(self, server, *names, **more):
        return self.run("report", "submit", *address(server), *names, **more)

    def flush(self, **more):
        return self.run("report", "spool", "flush", **more)

    def listing(self, *more):
        done = self.run("report", "spool", "list", "--json", *more)
        if done.returncode != 0:
            raise AssertionError("spool list: %s" % done.err)
        return json.loads(done.out)

    def orphans(self):
        return self.listing("--orphans")

    def flush_until_empty(self, seconds):
        """As later starts of the program would; the last one's result"""
        def try_once():
            done = self.flush(timeout=seconds)
            return done if not self.listing() else None
        return wait_for(try_once, seconds, "the spool is empty")


def address(server, api=True, web=True):
    argv = ["--receiver", "127.0.0.1:%d" % server.ports["receiver"]]
    if api:
        argv += ["--api", "127.0.0.1:%d" % server.ports["api"]]
    if web:
        argv += ["--web", "http://127.0.0.1:%d/tapper" % server.ports["web"]]
    return argv


def preload(library, **env):
    return {"LD_PRELOAD": library, "ASAN_OPTIONS": "verify_asan_link_order=0:" + os.environ.get("ASAN_OPTIONS", ""), **env}


def report(number, lines=3):
    """TAP like no other"""
    head = "1..%d\n# Tapper-Suite-Name: Suite-%d\n# Tapper-Suite-Version: 1.%d\n" % (lines, number, number)
    tests = "".join("ok %d - point of report %d\n" % (line, number) for line in range(1, lines + 1))
    return (head + tests).encode()


def account(server, client, reports):
    """What is wrong: reports that the server has not exactly once, orphans that nobody named or that are none"""
    wrong = []
    on_server = {row["id"]: server.tap(row["id"]) for row in server.reports()}
    for number, data in enumerate(reports):
        ids = [ident for ident, tap in on_server.items() if tap == data]
        if len(ids) != 1:
            wrong.append("report %d is %s" % (number, "lost" if not ids else "doubled: %s" % ids))
    whole = {ident for ident, tap in on_server.items() if tap in reports}
    orphans = client.orphans()
    named = {orphan["report_id"] for orphan in orphans if orphan["report_id"]}
    nameless = len(orphans) - len([orphan for orphan in orphans if orphan["report_id"]])
    if named & whole:
        wrong.append("settled wrongly, for they are whole: %s" % sorted(named & whole))
    unnamed = set(on_server) - whole - named
    if len(unnamed) > nameless:
        wrong.append("orphans that are not told: %s, and %d without an id are" % (sorted(unnamed), nameless))
    if named - set(on_server):
        wrong.append("orphans that the server has not: %s" % sorted(named - set(on_server)))
    left = client.listing()
    if left:
        wrong.append("still in the spool: %s" % left)
    return wrong


class Points(list):
    """Points of a test that runs beside others"""

    def point(self, ok, title, *why):
        self.append((ok, title, *why))


def run_beside(tap, tests, workers=4):
    """Each test has a server of its own and mostly waits; their points come in order"""
    def run(test):
        points = Points()
        test(points)
        return points
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        for points in pool.map(run, tests):
            for point in points:
                tap.point(*point)


def seeds(argv, count):
    """The seeds that the command line gives, else COUNT new ones"""
    return [int(seed) for seed in argv] or [random.randrange(1 << 30) for _ in range(count)]
