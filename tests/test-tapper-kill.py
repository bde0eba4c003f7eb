#!/usr/bin/env python3
"""test-tapper-kill.py: nothing is lost and nothing doubled, whatever is killed, and when the disk is full

SPDX-License-Identifier: GPL-2.0-or-later

test-tapper-kill.py server REPORTS SEEDS [SEED…]   the server is killed and restarted while REPORTS are submitted
test-tapper-kill.py client MOMENTS [SEED]          the program is killed at MOMENTS of its steps while it submits
test-tapper-kill.py full MOMENTS [SEED]            the disk is full from MOMENTS of its steps on
"""
import concurrent.futures
import os
import random
import sys
import threading

from bed import Tap, wait_for
from server import Server
from submitter import Submitter, account, preload, report, seeds

SENDING = [("receiver", stage) for stage in ("accepted", "greeted", "receiving", "eof", "store", "parse", "parsed")]
ASKING = [("api", "asked"), ("api", "answering"), ("web", "asked"), (None, None)]
SUITE = b"[Suite]\nName=Nothing\nVersion=1\n[Case memory]\nCheck=host.memory\nleast=1\n"


# The server is killed ----------------------------------------------------------------------------

class Chaos:
    """Kills the server at a stage of what it does, or at any moment, and starts it again"""

    def __init__(self, server, chance):
        self.server = server
        self.chance = chance
        self.is_over = threading.Event()
        self.is_armed = threading.Event()   # what is sent now meets a fault
        self.hit = []
        self.failure = None
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        self.thread.join()
        if self.failure:
            raise self.failure

    def rounds(self):
        """In any order, but for the first: a seed with few kills is to hit each stage of a send all the same"""
        yield self.chance.sample(SENDING, len(SENDING)) + self.chance.sample(ASKING, len(ASKING))
        while True:
            yield self.chance.sample(SENDING + ASKING, len(SENDING + ASKING))

    def run(self):
        try:
            for stages in self.rounds():
                for service, stage in stages:
                    if self.is_over.is_set():
                        return
                    self.kill(service, stage)
        except Exception as error:   # told by the thread that waits for this one
            self.failure = error

    def kill(self, service, stage):
        if stage is not None:
            self.server.faults(**{service: {"die": stage, "after": self.chance.choice((0, 1, 20, 100, 130))}})
        self.is_armed.set()
        if self.is_dead_within(30 if stage is not None else self.chance.uniform(0, 0.5)):
            self.hit.append(stage)
        else:
            self.server.process.kill()
        self.is_armed.clear()
        self.server.wait()
        self.is_over.wait(self.chance.choice((0, 0, 0.05, 0.3)))
        self.server.faults()
        self.server.start()
        self.is_over.wait(self.chance.choice((0, 0, 0.1)))

    def is_dead_within(self, seconds):
        try:
            wait_for(lambda: self.is_over.is_set() or self.server.process.poll() is not None, seconds, "dead")
        except AssertionError:
            return False
        return self.server.process.poll() is not None


def submit_under_fire(count, seed):
    chance = random.Random(seed)
    with Server() as server, Submitter() as client:
        reports = [report(number, lines=chance.choice((1, 3, 500))) for number in range(count)]
        paths = [client.file("r%d.tap" % number, data) for number, data in enumerate(reports)]
        with Chaos(server, chance) as chaos:
            for at in range(0, count, 2):
                if chance.random() < 0.6:
                    chaos.is_armed.wait(30)
                done = client.submit(server, *paths[at:at + 2], timeout=300)
                if done.returncode not in (0, 3):
                    return ["submit ended with %d: %s" % (done.returncode, done.err)], []
        client.flush_until_empty(900)
        return account(server, client, reports), chaos.hit


def test_server(tap, count, wanted):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for seed, (wrong, hit) in zip(wanted, pool.map(lambda seed: submit_under_fire(count, seed), wanted)):
            tap.point(not wrong, "seed %d: %d reports, the server killed %d times: each is there once" % (seed, count, len(hit)),
                      *wrong)
            if count >= 100:
                missed = {stage for _, stage in SENDING} - set(hit)
                tap.point(not missed, "seed %d: each stage of a send was hit" % seed, missed)


# The program is killed, or finds no room ----------------------------------------------------------

def make_run(client):
    """A run's folder; (folder, its report, its plan)"""
    out = os.path.join(client.folder, "out")
    client.run("run", "--suite", client.file("nothing.suite", SUITE), "--host", "test:///default", "--output", out)
    with open(os.path.join(out, "job-01", "report.tap"), "rb") as tap, open(os.path.join(out, "plan.ini"), "rb") as plan:
        return out, tap.read(), plan.read()


def count_steps():
    with Server() as server, Submitter() as client:
        out, _, _ = make_run(client)
        steps = os.path.join(client.folder, "steps")
        done = client.submit(server, out, env=preload(os.environ["CVM_FAULT_AT_LIB"], CVM_FAULT="count", CVM_FAULT_STEPS=steps))
        if done.returncode != 0:
            raise AssertionError("a submit without a fault: %s" % done.err)
        with open(steps, encoding="ascii") as file:
            return len(file.readlines())


def submit_with_fault(fault):
    """(what is wrong, the status, what it said)"""
    with Server() as server, Submitter() as client:
        out, local, plan = make_run(client)
        done = client.submit(server, out, env=preload(os.environ["CVM_FAULT_AT_LIB"], CVM_FAULT=fault))
        was_kept = bool(client.listing()) or local in [server.tap(row["id"]) for row in server.reports()]
        if was_kept:
            client.flush_until_empty(60)
        else:
            again = client.submit(server, out)   # it never entered the spool, and its user saw that
            if again.returncode != 0:
                return ["again: " + again.err], done.returncode, done.err
        wrong = account(server, client, [local])
        files = [data for row in server.reports() for _, _, data in server.files(row["id"]) if data == plan]
        if len(files) != 1:
            wrong.append("the plan is attached %d times" % len(files))
        return wrong, done.returncode, done.err


def moments(count, chance, steps, kinds):
    every = ["%s:%d" % (kind, step) for step in range(1, steps + 1) for kind in kinds]
    return chance.sample(every, min(count, len(every)))


def test_client(tap, count, chance):
    steps = count_steps()
    faults = moments(count, chance, steps, ("before", "after"))
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        for fault, (wrong, status, said) in zip(faults, pool.map(submit_with_fault, faults)):
            tap.point(not wrong and status in (-9, 0), "killed %s of %d steps: the next start finishes" % (fault, steps),
                      status, said, *wrong)


def test_full(tap, count, chance):
    steps = count_steps()
    faults = moments(count, chance, steps, ("full",))
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        for fault, (wrong, status, said) in zip(faults, pool.map(submit_with_fault, faults)):
            is_told = status == 0 or (status == 3 and "No space left on device" in said)
            tap.point(not wrong and is_told, "no room, %s of %d steps: told, and nothing is lost" % (fault, steps),
                      status, said, *wrong)


def main():
    tap = Tap()
    mode, count = sys.argv[1], int(sys.argv[2])
    if mode == "server":
        test_server(tap, count, seeds(sys.argv[4:], int(sys.argv[3])))
    else:
        seed = seeds(sys.argv[3:], 1)[0]
        print("# seed %d" % seed)
        {"client": test_client, "full": test_full}[mode](tap, count, random.Random(seed))
    tap.exit()


if __name__ == "__main__":
    main()
