#!/usr/bin/python3
"""test-host-lost.py: libvirtd stops in a run and comes back: whom the window blames, what is left

SPDX-License-Identifier: GPL-2.0-or-later

Needs CVM_TEST_DEMO (the demo guest's folder), an ordinary user, a display, and a libvirt session that
no other test uses (build-aux/with-session): its daemon is ended, and started again by the test.
Photographs stay in CVM_TEST_ARTEFACTS. Prints TAP.
"""
import glob
import os
import signal
import subprocess
import sys

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap, URI, journal, virsh  # noqa: E402
from desk import Atspi, Desk, photograph, read, wait_for, xdotool  # noqa: E402

READY = "CVMTESTER GUEST READY"
SUITE = """[Suite]
Name=Host lost
Version=1.0
[Precondition start]
Title=The guest starts
Check=guest.start
Timeout=2m
[Case ready]
Title=The console says that it is ready
Check=serial.expect
Timeout=2m
[Case never]
Title=A word that nobody types
Check=serial.expect
pattern=neverword
Timeout=4m
[Case login]
Title=ssh answers
Check=ssh.login
Timeout=1m
"""

tap = Tap()


def daemons():
    """Of this session alone: their pid files are in its runtime folder"""
    paths = glob.glob(os.path.join(os.environ["XDG_RUNTIME_DIR"], "libvirt", "*.pid"))
    return [int(read(path)) for path in paths if os.path.basename(path) in
            ("libvirtd.pid", "virtqemud.pid") and read(path).strip()]


def is_alive(pid):
    try:
        os.kill(pid, 0)
        with open("/proc/%d/stat" % pid) as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def stop_daemon():
    pids = daemons()
    assert pids, "no libvirtd of this session"
    for pid in pids:
        os.kill(pid, signal.SIGTERM)
    wait_for("the daemon's end", lambda: not any(is_alive(pid) for pid in pids), 30)


def start_daemon():
    """A virsh that started it, and holds it"""
    holder = subprocess.Popen(["virsh", "-q", "-c", URI], env=dict(os.environ, LIBVIRT_AUTOSTART="1"),
                              stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    wait_for("the new daemon", daemons, 30)
    return holder


def case_end(run, case):
    return next((record for record in journal(run)
                 if record["type"] == "case.end" and record["id"] == case), None)


with Desk() as here:
    here.lend_demo()
    here.lend_suite(SUITE)
    here.start()
    xdotool("mousemove", 0, 0)
    here.press("Run the Demo")
    one = here.wait_run()
    wait_for("the guest's ready line", lambda: READY in read(one, "job-01", "serial.log"), 180)
    wait_for("the case that waits", lambda: '"for":"the console says /neverword/' in
             read(one, "journal.jsonl"), 60)
    stop_daemon()
    told = here.wait(Atspi.Role.LABEL, part="does not answer any more", seconds=60).get_name()
    photograph("host-lost-1")
    tap.point(URI in told, "the window says that the host is away", told)
    daemon = start_daemon()
    wait_for("the end of the run", lambda: '"run.end"' in read(one, "journal.jsonl"), 90)
    banner = here.wait(Atspi.Role.LABEL, part="nothing is wrong with the image", seconds=20)
    photograph("host-lost-2")
    tap.point(banner, "and that the image is not to blame")
    never, login = case_end(one, "never"), case_end(one, "login")
    tap.point("does not answer" in never["reason"] and login["outcome"] == "skip",
              "the check that ran tells of the host, later ones are skipped", never, login)
    tap.point(journal(one)[-1]["status"] == 3, "the status is that of the environment",
              journal(one)[-1])
    tap.point(not virsh("list", "--all", "--name").split(), "its guest went when the daemon was back")
    here.press("Run Again")
    two = here.wait_run(after=one)
    wait_for("its guest's ready line", lambda: READY in read(two, "job-01", "serial.log"), 180)
    tap.point(True, "another run has a guest as if nothing had been")
    here.press("Stop")
    here.wait(Atspi.Role.LABEL, part="Stopped", seconds=60)
    here.quit(tap)
    daemon.communicate()
tap.exit()
