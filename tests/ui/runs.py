"""runs.py: writes the folders of runs as the engine would, for tests of the window

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import os


class Run:
    """The journal of a run that ended; jobs and cases are told one after the other"""

    def __init__(self, desk, name, title, hour=9):
        self.hour = hour
        self.folder = desk.path("data", "cvmtester", "runs", name)
        os.makedirs(self.folder)
        with open(os.path.join(self.folder, "id"), "w") as file:
            file.write(name + "\n")
        self.journal = open(os.path.join(self.folder, "journal.jsonl"), "w")
        self.seq = 0
        self.status = 0
        self.tell(None, "run.begin", title=title, version="0.1.0", jobs=1)

    def tell(self, job, event, **members):
        self.seq += 1
        second = 10 + self.seq // 1000
        head = dict(v=1, seq=self.seq, t="2026-11-20T%02d:%02d:%02d.%06dZ" % (
            self.hour + second // 3600, second // 60 % 60, second % 60, self.seq % 1000 * 1000), job=job, type=event)
        json.dump(dict(head, **members), self.journal)
        self.journal.write("\n")

    def begin_job(self, job, cases, image="demo", host="qemu:///session", suite="Boots and answers"):
        """CASES: (id, title, is_precondition)"""
        os.makedirs(os.path.join(self.folder, "job-" + job, "logs"))
        self.tell(job, "job.begin", image=image, host=host, suite=suite, points=len(cases))
        for number, (name, title, precondition) in enumerate(cases, 1):
            self.tell(job, "case.planned", number=number, id=name, title=title, precondition=precondition)

    def case(self, job, number, name, outcome="pass", ms=400, reason=None, details=None):
        self.tell(job, "case.begin", number=number, id=name, limit_ms=60000)
        more = dict(reason=reason) if reason else {}
        if details:
            more["details"] = details
        self.tell(job, "case.end", number=number, id=name, outcome=outcome, ms=ms, **more)
        if outcome == "fail":
            self.status = 1

    def evidence(self, job, case, name, text):
        path = "logs/%s-%s" % (case, name)
        with open(os.path.join(self.folder, "job-" + job, path), "w") as file:
            file.write(text)
        self.tell(job, "evidence", name=path, path=path, kind="text/plain", id=case)

    def point(self, job, number, path, ok, text, **more):
        self.tell(job, "point", number=number, path=path, ok=ok, text=text, **more)

    def end_job(self, job, status=None):
        self.tell(job, "job.end", status=self.status if status is None else status)

    def close(self):
        self.tell(None, "run.end", status=self.status)
        self.journal.close()
