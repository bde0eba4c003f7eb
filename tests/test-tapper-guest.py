#!/usr/bin/env python3
"""test-tapper-guest.py: a real guest's run, submitted with all that was kept of it

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import re

import bed
from server import Server
from submitter import address

SUITE = """
[Precondition start]
Check=guest.start
Timeout=1m
[Case ready]
Check=serial.expect
Timeout=1m
[Case wrong]
Check=ssh.command
command=false
"""


def main():
    tap = bed.Tap()
    with bed.Bed() as test, Server() as server:
        status, stdout, stderr, out = test.run(test.suite(SUITE), "--submit", *address(server))
        row = server.reports()[-1]
        with open(os.path.join(out, "job-01", "report.tap"), "rb") as file:
            local = file.read()
        tap.point(status == 1 and stdout.encode() == local, "the status and the output are the run's", status, stderr)
        tap.point(server.tap(row["id"]) == local and (row["passed"], row["failed"], row["successgrade"]) == (2, 1, "FAIL"),
                  "the server has report.tap to the byte, and counts as the run did", row)
        tap.point(re.search(r"sent as 1 and stored: .*http://\S+/tapper/reports/id/1$", stderr, re.M), "one line says so", stderr)
        tap.point(row["reportgroup_arbitrary_id"] == bed.run_id(out), "its group is the run", row)
        for header in ("KVM-Guest-Description", "CernVM-Image-Path", "CernVM-Architecture", "Uname", "Osname", "Cpuinfo", "Ram"):
            tap.point(re.search(r"^# Tapper-%s: \S" % header, stdout, re.M), "it tells of its " + header, stdout)
        files = {name: data for name, _, data in server.files(row["id"])}
        for name in ("serial.log", "domain.xml"):
            with open(os.path.join(out, "job-01", name), "rb") as file:
                tap.point(files.get(name) == file.read(), name + " goes with it", list(files))
        tap.point(any(name.endswith(".png") and data.startswith(b"\x89PNG") for name, data in files.items()),
                  "a picture of its screen, too", list(files))
        page = server.get("/tapper/reports/id/%d" % row["id"])[2]
        tap.point(b"FAILED" in page and b"not ok 3 - wrong" in page and b"serial.log" in page, "the report's page shows it all")
    tap.exit()


if __name__ == "__main__":
    main()
