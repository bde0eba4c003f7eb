#!/usr/bin/env python3
"""bench-browse.py: a server of 10 000 reports, listed by each way of asking it

SPDX-License-Identifier: GPL-2.0-or-later

Wanted: the first page within 200 ms, all pages within 5 s, less than 80 MiB. Most of the time is the
stand-in's, which is told beside: a ratio of the two holds on any machine.
"""
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from reader import Reader   # noqa: E402
from server import Server   # noqa: E402

NUMBER = 10000
PAGE_MS, ALL_MS, RSS_KIB = 200, 5000, 80 * 1024


def cpu_ms(pid):
    with open("/proc/%d/stat" % pid, encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def measure(server, reader, *words):
    """(ms, own ms of CPU, the server's, KiB, lines)"""
    before, start = cpu_ms(server.process.pid), time.monotonic()
    with subprocess.Popen([reader.cli, "report", "list", "--days", "30", *words], env=reader.env,
                          stdout=subprocess.PIPE) as process:
        lines = process.stdout.read().count(b"\n")
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, process.returncode
    return ((time.monotonic() - start) * 1000, (used.ru_utime + used.ru_stime) * 1000,
            cpu_ms(server.process.pid) - before, used.ru_maxrss, lines)


def best(times, *args):
    return min((measure(*args) for _ in range(times)), key=lambda one: one[0])


def report(title, one, limit_ms):
    is_fine = one[0] < limit_ms and one[3] < RSS_KIB
    print("%-14s %6.0f ms (below %d)  own CPU %5.0f ms, server's %5.0f ms  %3d MiB  %5d lines%s" % (
        title, one[0], limit_ms, one[1], one[2], one[3] // 1024, one[4], "" if is_fine else "  TOO MUCH"), flush=True)
    return is_fine


def main():
    is_fine = True
    with Server(NUMBER) as server:
        for way, ways in (("api", ("api", "web")), ("web", ("web",))):
            with Reader(os.environ["CVM_CLI"]) as reader:
                reader.add(server, ways=ways)
                first, whole = best(5, server, reader), best(3, server, reader, "--limit", "0")
                is_fine &= report(way + ": first", first, PAGE_MS) and report(way + ": all", whole, ALL_MS)
                assert first[4] == 50 and whole[4] == NUMBER, (first, whole)
    sys.exit(not is_fine)


main()
