#!/usr/bin/env python3
"""test-demo-faults.py: the demo suite is green on the demo guest, and each fault of it makes one point fail

SPDX-License-Identifier: GPL-2.0-or-later

Faults are planted by the kernel command line (tests/guest/README). A fault's own limits are short
where it shows as a wait that is over.
"""
import concurrent.futures
import os
import re

import bed

SUITE = os.path.join(bed.SOURCE, "data", "suites", "demo.suite")
AT_ONCE = 2

# fault: the point that finds it, what its reason says, the exit status, and its limits
FAULTS = {
    None: (None, "", 0, ()),
    "no-boot": ("answers", "not within 8 s", 3, ("answers.Timeout=8s",)),
    "panic": ("answers", "not within 8 s|went off", 3, ("answers.Timeout=8s",)),
    "no-ready": ("ready", "not within 3 s", 1, ("ready.Timeout=3s",)),
    "ssh-refuses-key": ("login", "key", 1, ()),
    "command-fails": ("services", "ended with status 3; expected: 0", 1, ()),
    "http-500": ("page", "HTTP status 500; expected: 200", 1, ()),
    "boot-error": ("boot-log", "1 line matches", 1, ()),
    "clock-off": ("clock", r"3[56]\d\d\.\d s ahead of the host's", 1, ()),
    "self-test-fails": ("self-test", "", 1, ()),
    "disk-readonly": ("self-test", "", 1, ()),
    "no-reboot": ("restart", "not within 5 s|did not restart", 1, ("restart.Timeout=5s",)),
    "no-shutdown": ("stop", "not within 5 s", 1, ("stop.Timeout=5s",)),
}
SUBTESTS = {"self-test-fails": "configuration is in place", "disk-readonly": "data disk keeps what is written"}


def run(test, fault):
    _, _, _, limits = FAULTS[fault]
    more = ["--hypervisor", "qemu"]
    if fault:
        more += ["--kernel-args", "cvm.fault=" + fault]
    for limit in limits:
        more += ["--set", limit]
    return fault, test.run(SUITE, *more)


def failures(report):
    """Id → the YAML of each point that is not ok"""
    return dict(re.findall(r"^not ok \d+ - (\S+) - .*\n((?:  .*\n)*)", report, re.M))


def judge(tap, fault, status, stdout, stderr, out):
    point, reason, expected, _ = FAULTS[fault]
    title = fault or "no fault"
    failed = failures(stdout)

    tap.point(set(failed) == ({point} if point else set()), "%s: %s" % (title, point or "all pass"),
              stdout, stderr)
    tap.point(status == expected, "%s: status %d" % (title, expected), status, stderr)
    if reason:
        tap.point(re.search("reason: .*(%s)" % reason, failed.get(point, "")), title + ": says why", stdout)
    if fault in SUBTESTS:
        tap.point(re.search(r"^    not ok \d+ - " + SUBTESTS[fault], stdout, re.M)
                  and len(re.findall("^    not ok", stdout, re.M)) == 1, title + ": in its own subtest", stdout)
    left = bed.leftovers(out)
    tap.point(not left, title + ": nothing is left", *left)


def is_rich_enough(report):
    """The least that a green run must have shown"""
    plan = int(re.search(r"^1\.\.(\d+)$", report, re.M).group(1))
    return plan >= 10 and len(re.findall("^ok ", report, re.M)) == plan and re.search("^    ok 1 - ", report, re.M)


def main():
    tap = bed.Tap()
    with bed.Bed() as test, concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for fault, (status, stdout, stderr, out) in pool.map(lambda fault: run(test, fault), FAULTS):
            judge(tap, fault, status, stdout, stderr, out)
            if fault is None:
                tap.point(is_rich_enough(stdout), "the demo suite shows 10 points, one with subtests", stdout)
    tap.exit()


main()
