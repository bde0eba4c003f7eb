#!/usr/bin/env python3
"""test-guest-run.py: whole runs on the demo guest: what they leave in their folder, and how a cancel ends them

SPDX-License-Identifier: GPL-2.0-or-later
"""
import hashlib
import os
import re
import signal
import subprocess
import time

import bed

SUITES = os.path.join(bed.SOURCE, "data", "suites")
CANCEL_LIMIT = 5    # seconds from the signal to the guest's end

WAIT_SUITE = """
[Precondition start]
Check=guest.start
Timeout=1m
[Case never]
Check=serial.expect
pattern=this is never said
Timeout=5m
[Case login]
Check=ssh.login
"""


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() if hasattr(hashlib, "file_digest") \
            else hashlib.sha256(file.read()).hexdigest()


def proved(report):
    return subprocess.run(["prove", "-e", "cat", report], capture_output=True, text=True)


def whole_run(tap, test):
    disk = os.path.join(os.path.dirname(test.demo), "demo-disk.raw")
    before = sha256(disk)
    status, stdout, stderr, out = test.run(os.path.join(SUITES, "boots-and-answers.suite"))
    job = os.path.join(out, "job-01")

    tap.point(status == 0, "boots-and-answers passes on the demo", status, stdout, stderr)
    for name in ("plan.ini", "journal.jsonl", "job-01/report.tap", "job-01/domain.xml", "job-01/serial.log"):
        tap.point(os.path.getsize(os.path.join(out, name)) > 0, "the run's folder holds " + name)
    with open(os.path.join(job, "report.tap")) as report:
        tap.point(report.read() == stdout, "standard output is report.tap to the byte")
    verdict = proved(os.path.join(job, "report.tap"))
    tap.point(verdict.returncode == 0, "prove accepts the report", verdict.stdout, verdict.stderr)
    with open(os.path.join(job, "serial.log"), errors="replace") as serial:
        text = serial.read()
    tap.point("Linux version" in text and "CVMTESTER GUEST READY" in text, "serial.log has the boot from its first line")
    tap.point(sha256(disk) == before, "the image was not written")
    tap.point(not bed.leftovers(out), "nothing is left", *bed.leftovers(out))
    summary = test.command("tap", "summary", os.path.join(job, "report.tap"))
    tap.point(summary.returncode == 0, "tap summary agrees", summary.stdout, summary.stderr)


def cancel(tap, test, sign, case):
    title = "%s while %s" % (sign.name, case)
    process = test.start(test.suite(WAIT_SUITE))
    bed.wait_for(lambda: any(r["type"] == "act" and r["kind"] == "domain" for r in bed.journal(process.out))
                 if case == "start" else
                 any(r["type"] == "case.begin" and r["id"] == case for r in bed.journal(process.out)), 120, case)
    begun = time.monotonic()
    process.send_signal(sign)
    stdout, stderr = process.communicate(timeout=60)
    seconds = time.monotonic() - begun

    tap.point(process.returncode == 130, title + ": status 130", process.returncode, stderr)
    tap.point(seconds < CANCEL_LIMIT, title + ": over within %d s" % CANCEL_LIMIT, "%.1f s" % seconds)
    tap.point(not bed.leftovers(process.out), title + ": the guest is gone", *bed.leftovers(process.out))
    tap.point(re.search(r"^not ok \d+ - %s .*?reason: \"?cancelled" % case, stdout, re.M | re.S) and "# SKIP cancelled" in stdout,
              title + ": the report says cancelled", stdout)
    with open(os.path.join(process.out, "job-01", "report.tap")) as report:
        tap.point(report.read() == stdout, title + ": report.tap is whole")


def main():
    tap = bed.Tap()
    with bed.Bed() as test:
        whole_run(tap, test)
        cancel(tap, test, signal.SIGINT, "start")
        cancel(tap, test, signal.SIGINT, "never")
        cancel(tap, test, signal.SIGTERM, "never")
    tap.exit()


main()
