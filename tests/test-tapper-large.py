#!/usr/bin/env python3
"""test-tapper-large.py: a large report and a large file go out in pieces: memory stays flat

SPDX-License-Identifier: GPL-2.0-or-later

test-tapper-large.py POINTS MIB: a report with so many points, and an attachment of so many MiB
"""
import os
import pty
import re
import select
import subprocess
import sys

from bed import Tap
from server import Server
from submitter import Submitter, account, address

SUITE = b"[Suite]\nName=Nothing\nVersion=1\n[Case memory]\nCheck=host.memory\nleast=1\n"
MOST_MIB = 64


def submit(client, server, name):
    """(status, MiB at most, stdout, what a terminal saw)"""
    main_fd, terminal = pty.openpty()
    with open(os.path.join(client.folder, "stdout"), "w+b") as out:
        process = subprocess.Popen([client.cli, "report", "submit", *address(server), name], env=client.env, stdout=out,
                                   stderr=terminal, stdin=subprocess.DEVNULL)
        os.close(terminal)
        seen, peak = watch(process.pid, main_fd)
        status = process.wait()
        os.close(main_fd)
        out.seek(0)
        return status, peak, out.read().decode(), seen.decode(errors="replace")


def watch(pid, terminal):
    """(what the terminal saw, MiB at most) until the program ends. Its resource usage would tell the
    memory of the program that started it."""
    seen, peak = b"", 0
    while True:
        peak = max(peak, peak_mib(pid))
        if terminal in select.select([terminal], [], [], 0.02)[0]:
            try:
                data = os.read(terminal, 65536)
            except OSError:   # its other end is closed
                return seen, peak
            seen += data


def peak_mib(pid):
    with open("/proc/%d/status" % pid, encoding="ascii") as file:
        found = re.search(r"^VmHWM:\s+(\d+) kB", file.read(), re.M)
    return int(found[1]) / 1024 if found else 0   # none any more: it has ended


def large_report(points):
    head = "1..%d\n# Tapper-Suite-Name: Large\n# Tapper-Suite-Version: 1\n" % points
    tail = " - a point whose description makes the report as large as one of a whole long night of tests\n"
    return (head + "".join("ok %d%s" % (number, tail) for number in range(1, points + 1))).encode()


def make_run(client, mib):
    out = os.path.join(client.folder, "out")
    client.run("run", "--suite", client.file("nothing.suite", SUITE), "--host", "test:///default", "--output", out)
    with open(os.path.join(out, "job-01", "serial.log"), "wb") as file:
        for _ in range(mib):
            file.write(os.urandom(1024 * 1024))
    return out


def is_flat(tap, peak, least):
    """A sanitizer has memory of its own, so how much more than for a small one counts, too"""
    tap.point(peak - least < MOST_MIB / 2 and (least > MOST_MIB / 2 or peak < MOST_MIB),
              "memory stays flat: %.0f MiB at most, for a small one %.0f MiB" % (peak, least))


def main():
    tap = Tap()
    points, mib = int(sys.argv[1]), int(sys.argv[2])
    with Server() as server, Submitter(limits="60000:60000:10") as client:
        small = client.file("small.tap", b"1..1\nok 1 - small\n")
        _, least, _, _ = submit(client, server, small)
        data = large_report(points)
        status, peak, out, seen = submit(client, server, client.file("large.tap", data))
        tap.point(status == 0 and "stored: %d passed" % points in out, "a report of %d MB is confirmed" % (len(data) // 1000000), out, seen)
        is_flat(tap, peak, least)
        tap.point("large.tap: report, " in seen and " %" in seen, "progress is shown on a terminal", seen[-300:])
        run = make_run(client, mib)
        status, peak, out, seen = submit(client, server, run)
        tap.point(status == 0 and "2 of 2 attachments" in out, "a file of %d MiB is there, read back" % mib, out, seen[-500:])
        is_flat(tap, peak, least)
        with open(os.path.join(run, "job-01", "report.tap"), "rb") as file:
            wrong = account(server, client, [b"1..1\nok 1 - small\n", data, file.read()])
        tap.point(not wrong, "each is there once", *wrong)
    tap.exit()


if __name__ == "__main__":
    main()
