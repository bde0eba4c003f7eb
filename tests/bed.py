"""bed.py: what the tests that run the program on real guests share

SPDX-License-Identifier: GPL-2.0-or-later

CVM_CLI is the program, CVM_TEST_DEMO the folder of the demo guest. The host is qemu:///session of
the user who runs the test; everything else (home, data, runs) is a folder of the test's own.
"""
import contextlib
import glob
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

URI = "qemu:///session"
SOURCE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Tap:
    """Points as they come; exit() ends the program with the verdict"""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def point(self, ok, title, *why):
        self.count += 1
        self.failed += not ok
        print("%s %d - %s" % ("ok" if ok else "not ok", self.count, title), flush=True)
        if not ok:
            for line in "\n".join(str(w) for w in why).splitlines():
                print("# " + line, flush=True)
        return ok

    def exit(self):
        print("1..%d" % self.count, flush=True)
        sys.exit(1 if self.failed else 0)


class Bed:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="cvm-bed-")
        self.cli = os.environ["CVM_CLI"]
        self.demo = os.path.join(os.environ["CVM_TEST_DEMO"], "demo.image")
        self.env = dict(os.environ)
        for name in ("DATA", "CONFIG", "STATE", "CACHE"):
            self.env["XDG_%s_HOME" % name] = os.path.join(self.folder, name.lower())
        self.env["CVMTESTER_DATA_DIR"] = os.path.join(SOURCE, "data")
        self.env["LC_ALL"] = "C.UTF-8"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def suite(self, text, name="test"):
        path = os.path.join(self.folder, name + ".suite")
        with open(path, "w") as file:
            file.write("[Suite]\nName=Test\nVersion=1\n" + text)
        return path

    def run_argv(self, suite, out, *more, uri=URI, image=None):
        return [self.cli, "run", "--suite", suite, "--image", image or self.demo, "--host", uri,
                "--output", out, *more]

    def start(self, suite, *more, env=None, uri=URI, image=None):
        """Starts a run; its output folder is .out, standard output and error are pipes"""
        out = tempfile.mkdtemp(prefix="out-", dir=self.folder)
        process = subprocess.Popen(self.run_argv(suite, out, *more, uri=uri, image=image), env={**self.env, **(env or {})},
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")
        process.out = out
        return process

    def run(self, suite, *more, timeout=180, **rest):
        """Runs to the end: (exit status, stdout, stderr, folder)"""
        process = self.start(suite, *more, **rest)
        stdout, stderr = process.communicate(timeout=timeout)
        return process.returncode, stdout, stderr, process.out

    def command(self, *argv, env=None, timeout=120):
        return subprocess.run([self.cli, *argv], env={**self.env, **(env or {})}, capture_output=True, text=True,
                              errors="replace", timeout=timeout)


def virsh(*argv, uri=URI, check=False):
    return subprocess.run(["virsh", "-q", "-c", uri, *argv], capture_output=True, text=True, check=check).stdout


def journal(out):
    """The whole lines of a journal, as objects"""
    try:
        with open(os.path.join(out, "journal.jsonl"), "rb") as file:
            lines = file.read().split(b"\n")[:-1]
    except FileNotFoundError:
        return []
    return [json.loads(line) for line in lines]


def wait_for(condition, seconds, what):
    """Until condition() is true; the one loop of the tests that looks again and again"""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError("not within %g s: %s" % (seconds, what))
        time.sleep(0.02)


def run_id(out):
    with open(os.path.join(out, "id")) as file:
        return file.read().strip()


def processes_of(mark):
    """Processes whose command line has MARK"""
    found = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        with contextlib.suppress(OSError), open(path, "rb") as file:
            if mark.encode() in file.read() and int(path.split("/")[2]) != os.getpid():
                found.append(int(path.split("/")[2]))
    return found


def leftovers(out, uri=URI):
    """What is still there of the run in OUT: domains, networks, QEMU processes (and so ports), overlays, sockets"""
    ident = run_id(out)
    found = ["domain " + name for name in virsh("list", "--all", "--name", uri=uri).split() if ident in name]
    found += ["network " + name for name in virsh("net-list", "--all", "--name", uri=uri).split() if ident in name]
    found += ["process %d" % pid for pid in processes_of("guest=cvmtester-" + ident)]
    for folder, _, files in os.walk(out):
        found += [os.path.join(folder, name) for name in files if name.endswith((".qcow2", ".sock"))]
    return found
