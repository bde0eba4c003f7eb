#!/usr/bin/env python3
"""bench-start.py: how long from `run` to the guest, and from there to its ready line, against virsh

SPDX-License-Identifier: GPL-2.0-or-later

Eight pairs, ours and `virsh create` of the same XML in turn. The time to the call that starts the guest is
the median of ours; the time from that call to the ready line is compared as the median of the pairs' ratios.
Exit status 1 when a limit is not held.
"""
import os
import re
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import bed  # noqa: E402

PAIRS = 8
TO_CALL_LIMIT = 0.5
RATIO_LIMIT = 1.05
READY = b"CVMTESTER GUEST READY"

SUITE = """
[Precondition start]
Check=guest.start
[Case ready]
Check=serial.expect
"""


def seconds_of(stamp):
    whole, micro = re.match(r"(.*)\.(\d+)Z", stamp).groups()
    return time.mktime(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) - time.timezone + int(micro) / 1e6


def ours(test):
    """(seconds to the call, seconds from the call to the ready line, the XML)"""
    begun = time.time()
    process = test.start(test.suite(SUITE))
    process.communicate(timeout=120)    # nothing looks on meanwhile: it would slow the guest down
    records = bed.journal(process.out)
    call = next(seconds_of(r["t"]) for r in records if r["type"] == "act" and r["kind"] == "domain")
    ready = next(seconds_of(r["t"]) for r in records if r["type"] == "case.end" and r["id"] == "ready")
    with open(os.path.join(process.out, "job-01", "domain.xml")) as file:
        return call - begun, ready - call, file.read()


def virsh(test, xml):
    """Seconds from `virsh create` to the ready line on its console"""
    overlay = re.search(r"<source file=\"([^\"]*)\"", xml).group(1)
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b",
                    os.path.join(os.path.dirname(test.demo), "demo-disk.raw"), overlay], check=True)
    path = os.path.join(test.folder, "virsh.xml")
    with open(path, "w") as file:
        file.write(xml)
    name = re.search(r"<name>([^<]*)</name>", xml).group(1)
    begun = time.time()
    bed.virsh("create", path, check=True)
    try:
        said = b""
        # not as the controlling terminal: its end would end this program
        console = os.open(bed.virsh("ttyconsole", name).strip(), os.O_RDONLY | os.O_NOCTTY)
        with os.fdopen(console, "rb", buffering=0) as file:
            while READY not in said:
                said = said[-4096:] + file.read(4096)
        return time.time() - begun
    finally:
        bed.virsh("destroy", name)
        os.unlink(overlay)


def main():
    calls, ratios, own, theirs = [], [], [], []
    with bed.Bed() as test:
        ours(test)
        for _ in range(PAIRS):
            to_call, to_ready, xml = ours(test)
            other = virsh(test, xml)
            calls.append(to_call)
            own.append(to_ready)
            theirs.append(other)
            ratios.append(to_ready / other)
    call, ratio = statistics.median(calls), statistics.median(ratios)
    print("from run to the call that starts the guest: %.3f s (limit %.1f s)" % (call, TO_CALL_LIMIT))
    print("from the call to the ready line: %.2f s; virsh create: %.2f s; ratio %.3f (limit %.2f)"
          % (statistics.median(own), statistics.median(theirs), ratio, RATIO_LIMIT))
    sys.exit(0 if call <= TO_CALL_LIMIT and ratio <= RATIO_LIMIT else 1)


main()
