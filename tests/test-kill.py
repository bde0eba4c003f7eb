#!/usr/bin/env python3
"""test-kill.py: a run killed at chosen and random moments; sweep removes what is left, and nothing else

SPDX-License-Identifier: GPL-2.0-or-later

test-kill.py COUNT [SEED]: every act is hit twice, after it was journalled and before its end is told; the
rest of COUNT moments are spread over the journal at random (SEED is printed).
"""
import concurrent.futures
import datetime
import os
import random
import re
import sys
import tempfile

import bed

SUITE = """
[Precondition start]
Check=guest.start
Timeout=1m
[Case ready]
Check=serial.expect
Timeout=1m
[Case uname]
Check=ssh.command
command=uname -a
[Case off]
Check=guest.stop
Timeout=1m
[Case on]
Check=guest.start
Timeout=1m
"""

DECOY = """<domain type='qemu'><name>cvmtester-%s-decoy</name><memory>16384</memory>
<os><type arch='x86_64'>hvm</type></os></domain>"""


def when(record):
    return datetime.datetime.strptime(record["t"], "%Y-%m-%dT%H:%M:%S.%fZ").timestamp()


def moments(records, count, chance):
    """Where to kill: (CVM_KILL_AT, CVM_KILL_MS)"""
    found = []
    seen = {}
    for record in records:
        if record["type"] == "act":
            kind = record["kind"]
            seen[kind] = seen.get(kind, 0) + 1
            found.append(("after:act:%s:%d" % (kind, seen[kind]), 0))
            found.append(("before:acted:%s:%d" % (kind, seen[kind]), 0))
    while len(found) < count:
        record = chance.choice(records[:-1])
        left_ms = (when(records[-1]) - when(record)) * 1000
        found.append(("seq:%d" % record["seq"], chance.choice((0, 0, int(chance.uniform(0, left_ms / 2))))))
    return found[:count] if count >= len(found) else chance.sample(found, count)


def finished_points(stdout):
    return {int(n) for n in re.findall(r"^(?:not )?ok (\d+)", stdout, re.M)}


def kill_once(moment):
    """One run killed and swept, in a home of its own; what is wrong afterwards"""
    with bed.Bed() as test:
        return kill_and_sweep(test, *moment)


def kill_and_sweep(test, at, ms):
    wrong = []
    process = test.start(test.suite(SUITE), env={"LD_PRELOAD": os.environ["CVM_KILL_AT_LIB"], "CVM_KILL_AT": at,
                                     "CVM_KILL_MS": str(ms),
                                     "ASAN_OPTIONS": "verify_asan_link_order=0:" + os.environ.get("ASAN_OPTIONS", "")})
    stdout, stderr = process.communicate(timeout=120)
    if process.returncode != -9:
        return ["it ended with %d and was not killed: %s" % (process.returncode, stderr)]

    before = bed.journal(process.out)
    told = finished_points(stdout)
    kept = {record["number"] for record in before if record["type"] == "case.end"}
    if not told <= kept:
        wrong.append("points %s were told and are not in the journal" % sorted(told - kept))

    swept = test.command("sweep", "--host", bed.URI)
    if swept.returncode != 0:
        wrong.append("sweep ended with %d: %s%s" % (swept.returncode, swept.stdout, swept.stderr))
    wrong += bed.leftovers(process.out)
    after = bed.journal(process.out)
    if after[:len(before)] != before:
        wrong.append("sweep changed what the journal had")
    return wrong


def main():
    count = int(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(10**6)
    tap = bed.Tap()
    print("# seed %d" % seed, flush=True)

    with bed.Bed() as test, tempfile.NamedTemporaryFile("w", suffix=".xml") as xml:
        decoy = "cvmtester-%d-decoy" % os.getpid()
        xml.write(DECOY % os.getpid())
        xml.flush()
        bed.virsh("define", xml.name, check=True)
        try:
            status, stdout, stderr, out = test.run(test.suite(SUITE))
            tap.point(status == 0, "the run that is not killed passes", stdout, stderr)
            chosen = moments(bed.journal(out), count, random.Random(seed))
            with concurrent.futures.ThreadPoolExecutor(2) as pool:
                for moment, wrong in zip(chosen, pool.map(kill_once, chosen)):
                    tap.point(not wrong, "killed at %s + %d ms, swept" % moment, *wrong)
            tap.point(decoy in bed.virsh("list", "--all", "--name").split(), "a domain with a like name is untouched")
        finally:
            bed.virsh("undefine", decoy)
    tap.exit()


main()
