#!/usr/bin/env python3
"""test-hosts.py: hosts that are away, silent, stopped or missing, and a guest that never boots

SPDX-License-Identifier: GPL-2.0-or-later

Each ends with status 3 within the limit asked for, says why in the report, and leaves nothing behind.
"""
import os
import re
import signal
import socket
import subprocess
import tempfile
import time

import bed

LIMIT = 4       # seconds: the limit asked for
GRACE = 6       # what a slow machine and a sanitizer may add; far from any other limit of the program

SUITE = """
[Precondition start]
Check=guest.start
Timeout=%ds
[Case login]
Check=ssh.login
""" % LIMIT

BOOT_SUITE = """
[Precondition start]
Check=guest.start
Timeout=1m
[Precondition ready]
Check=serial.expect
Timeout=%ds
[Case login]
Check=ssh.login
""" % LIMIT


def reason(stdout, number):
    """Of a point, from its YAML diagnostics"""
    found = re.search(r"^not ok %d .*?\n  ---\n.*?  reason: \"(.*?)\"\n.*?  \.\.\.$" % number, stdout, re.M | re.S)
    return found.group(1) if found else ""


def expect(tap, title, test, suite, pattern, **rest):
    begun = time.monotonic()
    status, stdout, stderr, out = test.run(suite, **rest)
    seconds = time.monotonic() - begun
    why = reason(stdout, 1)
    tap.point(status == 3, title + ": status 3", status, stdout, stderr)
    tap.point(re.search(pattern, why), title + ": the report says why", "reason: %r" % why, stdout)
    tap.point(seconds < LIMIT + GRACE, title + ": within its limit", "%.1f s" % seconds)
    tap.point("ok 2 - login" in stdout and "# SKIP precondition" in stdout,
              title + ": the plan is whole", stdout)
    left = [thing for thing in bed.leftovers(out) if "process" in thing or "domain" in thing or ".qcow2" in thing]
    tap.point(not left, title + ": nothing is left", *left)


def silent_listener(tap, test):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        expect(tap, "a silent listener", test, test.suite(SUITE), r"not within|did not answer",
               uri="qemu+tcp://127.0.0.1:%d/system" % port)


def refused(tap, test):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    expect(tap, "a closed port", test, test.suite(SUITE), r"(?i)refused", uri="qemu+tcp://127.0.0.1:%d/system" % port)


class OwnDaemon:
    """A session libvirtd of this test's own, in a runtime folder of its own"""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="cvm-rt-")
        self.env = {"XDG_RUNTIME_DIR": self.folder.name, "XDG_CONFIG_HOME": self.folder.name + "/c",
                    "XDG_CACHE_HOME": self.folder.name + "/k"}
        self.process = subprocess.Popen(["libvirtd", "--timeout", "600"], env={**os.environ, **self.env},
                                        stderr=subprocess.DEVNULL)
        bed.wait_for(lambda: subprocess.run(["virsh", "-q", "-c", bed.URI, "uri"], env={**os.environ, **self.env},
                                            capture_output=True).returncode == 0, 30, "libvirtd answers")
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        self.process.wait(30)
        for name in os.listdir(self.folder.name + "/libvirt") if os.path.isdir(self.folder.name + "/libvirt") else []:
            if name == "virtlogd.pid":
                with open(self.folder.name + "/libvirt/" + name) as file:
                    os.kill(int(file.read()), signal.SIGTERM)
        self.folder.cleanup()


def stopped_daemon(tap, test):
    with OwnDaemon() as daemon:
        daemon.process.send_signal(signal.SIGSTOP)
        expect(tap, "a libvirtd that is stopped", test, test.suite(SUITE), r"not within|did not answer", env=daemon.env)


def daemon_stops_in_a_run(tap, test):
    """Stopped while a case runs: the host is blamed, the guest's report stays whole"""
    suite = test.suite(BOOT_SUITE.replace("%ds" % LIMIT, "1m") + "[Case off]\nCheck=guest.stop\nTimeout=10s\n")
    with OwnDaemon() as daemon:
        process = test.start(suite, env=daemon.env)
        bed.wait_for(lambda: any(r["type"] == "case.begin" and r["id"] == "login" for r in bed.journal(process.out)),
                     120, "the login begins")
        daemon.process.send_signal(signal.SIGSTOP)
        begun = time.monotonic()
        stdout, stderr = process.communicate(timeout=240)
        tap.point(process.returncode == 3, "a libvirtd stopped in a run: status 3", process.returncode, stdout, stderr)
        tap.point(re.search("(did|does) not answer", stdout), "a libvirtd stopped in a run: the host is blamed", stdout)
        tap.point(time.monotonic() - begun < 120, "a libvirtd stopped in a run: it ends", stdout)
        daemon.process.send_signal(signal.SIGCONT)
        bed.wait_for(lambda: not bed.processes_of("guest=cvmtester-" + bed.run_id(process.out)), 30,
                     "libvirtd ends the guest when it goes on, or sweep does")
        tap.point(True, "a libvirtd stopped in a run: its guest goes with the connection")
        swept = test.command("sweep", "--host", bed.URI, env=daemon.env)
        tap.point(swept.returncode == 0 and not bed.leftovers(process.out),
                  "a libvirtd stopped in a run: sweep removes the rest", swept.stdout, swept.stderr)


def no_daemon(tap, test):
    """No libvirtd is installed where the library looks for it"""
    with tempfile.TemporaryDirectory(prefix="cvm-rt-") as folder:
        expect(tap, "no libvirtd", test, test.suite(SUITE.replace("%ds" % LIMIT, "%ds" % (LIMIT + GRACE))), r"install",
               env={"XDG_RUNTIME_DIR": folder, "LIBVIRTD_PATH": "/nonexistent/libvirtd", "PATH": "/nonexistent",
                    "LIBVIRT_AUTOSTART": "1"})


def never_boots(tap, test):
    status, stdout, stderr, out = test.run(test.suite(BOOT_SUITE), "--kernel-args", "cvm.fault=no-boot")
    tap.point(status == 3, "a kernel that never boots: status 3", status, stdout, stderr)
    tap.point(re.search(r"not within %d s" % LIMIT, reason(stdout, 2)), "a kernel that never boots: the report says why", stdout)
    tap.point(not bed.leftovers(out), "a kernel that never boots: nothing is left", *bed.leftovers(out))


def main():
    tap = bed.Tap()
    with bed.Bed() as test:
        expect(tap, "an unknown host", test, test.suite(SUITE), r"nowhere\.invalid", uri="qemu+ssh://nowhere.invalid/system")
        refused(tap, test)
        silent_listener(tap, test)
        stopped_daemon(tap, test)
        no_daemon(tap, test)
        never_boots(tap, test)
        daemon_stops_in_a_run(tap, test)
    tap.exit()


main()
