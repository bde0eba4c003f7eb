#!/usr/bin/env python3
"""test-appliance-faults.py: the test appliance passes its suite, and each fault of it makes one point fail

SPDX-License-Identifier: GPL-2.0-or-later

Faults are planted by the kernel command line (tests/guest/README). A fault's own limits are short
where it shows as a wait that is over. Names on the command line: only these faults.
"""
import concurrent.futures
import os
import re
import sys

import bed

SUITE = os.path.join(bed.SOURCE, "tests", "guest", "appliance.suite")
AT_ONCE = 2

# fault: the point that finds it, what its reason says, whether that ends the job, and its limits
FAULTS = {
    None: (None, "", False, ()),
    "wrong-title": ("present", "title is 'Some other appliance'; expected: CernVM", True, ()),
    "web-down": ("present", "not within 20 s: .*8004", True, ("present.Timeout=20s",)),
    "login-refused": ("first-login", "login as admin: HTTP status 403", True, ()),
    "proxy-refused": ("configure", "proxy: HTTP status 403", True, ()),
    "csrf-refused": ("configure", "admin password: HTTP status 403", True, ()),
    "user-refused": ("configure", "user: the appliance says .*no more users can be made", True, ()),
    "desktop-refused": ("configure", "desktop: the appliance says .*no such edition", True, ()),
    "experiment-refused": ("configure", "experiment: the appliance says .*no such organisation", True, ()),
    "apply-ignored": ("configure", "not within 20 s: apply: .*its console stayed silent", True,
                      ("configure.Timeout=20s",)),
    "password-lost": ("new-login", "login as admin: HTTP status 403", True, ()),
    "user-lost": ("user-key", "did not accept the password for alice", True, ()),
    "key-refused": ("user-key", "the key was put there and does not open: .* key .* for alice", True, ()),
    "root-password-refused": ("root-password", "the root password was not accepted", True, ()),
    "root-password-lost": ("root-key", "did not accept the password for root", True, ()),
    "boot-error": ("boot-log", "1 line matches", False, ()),
    "boot-log-error": ("boot-log", "1 line matches", False, ()),
    "clock-off": ("clock", r"3[56]\d\d\.\d s ahead of the host's", False, ()),
    "ntpd-missing": ("clock", "no time daemon runs", False, ()),
    "second-user-refused": ("create-user", "no more users can be made", False, ()),
    "second-user-lost": ("second-login", "did not accept the password for bob", False, ()),
    "restart-ignored": ("restart", "not within 20 s: the guest did not restart: its console stayed silent", False,
                        ("restart.Timeout=20s",)),
    "restart-lost": ("restart", "not within 40 s: the guest booted, or began to, and did not get ready", False,
                     ("restart.Timeout=40s",)),
    "restart-error": ("restart", "1 line matches", False, ()),
    "network-hang": ("network", "without its network: .*did not get ready", False, ("network.Timeout=40s",)),
    "cvmfs-missing": ("automount", "alice.cern.ch could not be entered", False, ()),
    "automount-wrong": ("automount", "leads to .*/var/elsewhere", False, ()),
    "cvmfs-dead": ("automount", "no cvmfs2 process runs", False, ()),
    "cvmfs-cache-broken": ("cache", "could not be listed before the restart: status 1", False, ()),
    "cvmfs-cache-lost": ("cache", "could not be listed after the restart: status 1", False, ()),
    "experiment-ignored": ("other-automount", "lhcb.cern.ch could not be entered", False, ()),
    "group-ignored": ("group", "not within 5 s: alice is still in the group alice; expected: lhcb", False,
                      ("group.Timeout=5s",)),
}


def run(test, fault):
    more = ["--hypervisor", "qemu"]
    if fault:
        more += ["--kernel-args", "cvm.fault=" + fault]
    for limit in FAULTS[fault][3]:
        more += ["--set", limit]
    image = os.path.join(os.environ["CVM_TEST_DEMO"], "appliance.image")
    return fault, test.run(SUITE, *more, image=image, timeout=400)


def failures(report):
    """Id → the YAML of each point that is not ok"""
    return dict(re.findall(r"^not ok \d+ - (\S+) - .*\n((?:  .*\n)*)", report, re.M))


def secrets_in(out):
    """Files of a run that hold the first password, and keys that were left"""
    with open(os.path.join(os.environ["CVM_TEST_DEMO"], "appliance-password"), "rb") as file:
        secret = file.read().strip()
    found = []
    for folder, _, files in os.walk(out):
        for name in files:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                content = file.read()
            if secret in content or b"PRIVATE KEY" in content:
                found.append(path)
    return found


def judge(tap, fault, status, stdout, stderr, out):
    point, reason, is_end, _ = FAULTS[fault]
    title = fault or "no fault"
    failed = failures(stdout)
    expected = 0 if fault is None else 3 if is_end else 1

    tap.point(set(failed) == ({point} if point else set()), "%s: %s" % (title, point or "all pass"),
              stdout, stderr)
    tap.point(status == expected, "%s: status %d" % (title, expected), status, stderr)
    if reason:
        text = re.sub(r"\\x[0-9a-fA-F]{2}", ".", failed.get(point, ""))
        tap.point(re.search("reason: .*(%s)" % reason, text), title + ": says why", stdout)
    left = bed.leftovers(out) + secrets_in(out)
    tap.point(not left, title + ": nothing is left", *left)


def main():
    tap = bed.Tap()
    chosen = sys.argv[1:] or FAULTS
    with bed.Bed() as test, concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for fault, (status, stdout, stderr, out) in pool.map(lambda fault: run(test, fault), chosen):
            judge(tap, fault, status, stdout, stderr, out)
            if fault is None:
                tap.point(len(re.findall("^ok ", stdout, re.M)) == 22 and "SKIP" not in stdout,
                          "no fault: all 22 points are looked at", stdout)
    tap.exit()


main()
