#!/usr/bin/python3
"""test-files.py: files opened with the program: at its start, by a second start, by the chooser

SPDX-License-Identifier: GPL-2.0-or-later

Needs a display. Photographs stay in CVM_TEST_ARTEFACTS. Prints TAP.
"""
import io
import os
import subprocess
import sys
import tarfile
import zipfile

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap  # noqa: E402
from desk import Atspi, Desk, photograph, wait_for  # noqa: E402

BUTTON, LABEL, CELL = Atspi.Role.PUSH_BUTTON, Atspi.Role.LABEL, Atspi.Role.TABLE_CELL
TAP = """TAP version 13
1..3
ok 1 - boots
not ok 2 - answers on port 80
  ---
  reason: connection refused
  ...
ok 3 - stops # SKIP not asked
"""
CFG = """# An old configuration
export CVM_TS_SUITENAME="Old-Tests"
export CVM_TS_SUITEVERSION="1.00"
export CVM_TS_DOWNLOAD_PAGE="http://127.0.0.1:9/releases.cgi"
export CVM_PRECONDITION_TEST_LIST="0 1"
export CVM_TEST_CASE_LIST="0"
export CVM_VM_HYPERVISOR="kvm"
export CVM_VM_IMAGE_VERSION="2.5.1"
export CVM_VM_IMAGE_TYPE="basic"
export CVM_VM_ARCH="x86_64"
"""
tap = Tap()


MEMBERS = {"t/first.t": "1..1\nok 1 - one\n", "t/second.t": "1..1\nnot ok 1 - two\n",
           "meta.yml": "---\nfile_order:\n  - t/first.t\n  - t/second.t\n"}


def archive():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as file:
        for name, text in MEMBERS.items():
            info = tarfile.TarInfo(name)
            info.size = len(text)
            file.addfile(info, io.BytesIO(text.encode()))
    return out.getvalue()


def zipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in MEMBERS.items():
            file.writestr(name, text)
    return out.getvalue()


def put(desk, name, content):
    path = desk.path(name)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    return path


def hand_over(desk, *words, folder=None):
    """A second start, which ends at once"""
    done = subprocess.run([os.environ["CVM_APP"], *words], env=desk.env, cwd=folder, timeout=30,
                          capture_output=True, text=True)
    return done.returncode


def open_at_start(desk):
    desk.start(put(desk, "report one.tap", TAP))
    desk.wait(CELL, part="answers on port 80")
    desk.wait(LABEL, part="connection refused")
    tap.point(True, "TAP is shown as a run: the point that failed is open")
    photograph("files-1-tap")


def open_by_second(desk):
    put(desk, "all.tgz", archive())
    status = hand_over(desk, "all.tgz", folder=desk.folder)
    desk.wait(CELL, part="one")
    tap.point(status == 0, "a second start hands over a file named from its folder, and ends",
              status)
    jobs = [n.get_name() for n in desk.nodes() if n.get_role() == Atspi.Role.LIST_ITEM]
    tap.point(len(jobs) == 2 and "t/second.t" in jobs[1], "each file of an archive is a job to choose", jobs)
    photograph("files-2-archive")


def open_zip(desk):
    jobs = ("t/first.t", "t/second.t")
    hand_over(desk, put(desk, "zipped.zip", zipped()))
    desk.wait(Atspi.Role.LABEL, part="zipped")
    found = wait_for("its jobs", lambda: [n.get_name() for n in desk.nodes()
                                          if n.get_role() == Atspi.Role.LIST_ITEM][1:] and [
        n.get_name() for n in desk.nodes() if n.get_role() == Atspi.Role.LIST_ITEM], 20)
    tap.point(len(found) == 2 and all(job in row for job, row in zip(jobs, found)),
              "a zip of the same is opened as the archive is", found)
    photograph("files-2-zip")


def open_disk(desk):
    hand_over(desk, put(desk, "small-2.0-x86_64.qcow2", b"QFI\xfb" + bytes(508)))
    desk.wait(BUTTON, "Import")
    shown = wait_for("its name", lambda: [n for n in desk.nodes() if n.get_role() == Atspi.Role.TEXT
                                          and "Name" in n.get_name()], 10)
    tap.point(shown, "a disk is about to be imported")
    photograph("files-3-disk")


def open_suite(desk):
    """Edited where it is"""
    path = put(desk, "outside.suite", "# outside\n[Suite]\nName=From outside\nVersion=1\n"
               "[Precondition start]\nCheck=guest.start\n")
    hand_over(desk, path)
    wait_for("the editor", lambda: [n for n in desk.nodes() if "From outside" in n.get_name() or
                                    "outside.suite" in n.get_name()], 20)
    desk.wait(BUTTON, "Save")
    tap.point(True, "a suite is edited")
    photograph("files-5-suite")


def open_cfg(desk):
    """An old configuration becomes a suite of the user's own, and the choice of a new run"""
    hand_over(desk, put(desk, "old.cfg", CFG))
    made = wait_for("a suite", lambda: [name for name in os.listdir(
        desk.path("config", "cvmtester", "suites")) if name.endswith(".suite")]
        if os.path.isdir(desk.path("config", "cvmtester", "suites")) else None, 20)
    desk.wait(BUTTON, "Start")
    chosen = wait_for("the suite's row", lambda: [
        n for n in desk.nodes() if n.get_role() == Atspi.Role.CHECK_BOX and
        "Old-Tests" in n.get_name() and n.get_state_set().contains(Atspi.StateType.CHECKED)], 20)
    tap.point(made and chosen, "a configuration becomes a suite, which is chosen for a run", made)
    photograph("files-6-cfg")


def open_what_is_none(desk):
    hand_over(desk, put(desk, "notes.txt", "hello\n"))
    said = desk.wait(LABEL, part="notes.txt cannot be opened").get_name()
    tap.point("TAP" in said and "suite" in said, "what cannot be opened says so, and what can",
              said)
    hand_over(desk, desk.path("gone.tap"))
    desk.wait(LABEL, part="gone.tap cannot be opened")
    tap.point(True, "and so does a file that is not there")
    photograph("files-4-none")


with Desk() as here:
    open_at_start(here)
    open_by_second(here)
    open_zip(here)
    open_disk(here)
    open_what_is_none(here)
    open_suite(here)
    open_cfg(here)
    here.quit(tap)
tap.exit()
