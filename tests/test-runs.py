#!/usr/bin/env python3
"""test-runs.py: the runs of the past as a user of the command line meets them

SPDX-License-Identifier: GPL-2.0-or-later

Usage: test-runs.py CVMTESTER-CLI SOURCE
"""
import fcntl
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import xml.etree.ElementTree as ET

CLI, ROOT = sys.argv[1], sys.argv[2]
GOLDEN = os.path.join(ROOT, "tests", "golden", "report")
LIMIT = 60    # seconds


def line(record, job=None, at="00", **members):
    return json.dumps({"v": 1, "seq": 1, "t": "2026-03-01T10:%s:00.000000Z" % at, "job": job, "type": record,
                       **members}) + "\n"


def journal(points, image="demo", host="qemu:///session", suite="Demo appliance", status=0, jobs=None):
    """Of one job a case a word, "login+": + passed, - failed, / skipped; JOBS: of several their points"""
    jobs = jobs or [points]
    text = line("run.begin", title="%s: %s" % (image, suite), version="0.1.0", jobs=len(jobs))
    for number, some in enumerate(jobs, 1):
        job, words = "%02d" % number, some.split()
        text += line("job.begin", job, image=image, host=host, suite=suite, points=len(words))
        for i, word in enumerate(words, 1):
            text += line("case.planned", job, number=i, id=word[:-1], title="The %s works" % word[:-1])
        for i, word in enumerate(words, 1):
            outcome = {"+": "pass", "-": "fail", "/": "skip"}[word[-1]]
            why = {"reason": "2 lines match"} if word[-1] == "-" else {}
            text += line("case.end", job, "01", number=i, id=word[:-1], outcome=outcome, ms=1500, **why)
        text += line("job.end", job, "02", status=1 if "-" in some else 0)
    return text + (line("run.end", None, "03", status=status) if status is not None else "")


class Box:
    """A home of its own, with folders of runs"""

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="cvm-runs-")
        self.env = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC",
                    "CVMTESTER_DATA_DIR": os.path.join(ROOT, "data")}
        for name in ("DATA", "CONFIG", "STATE", "CACHE"):
            self.env["XDG_%s_HOME" % name] = os.path.join(self.folder, name.lower())
        self.runs = os.path.join(self.folder, "data", "cvmtester", "runs")
        os.makedirs(self.runs)
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def add(self, name, text, where=None):
        folder = where or os.path.join(self.runs, name)
        os.makedirs(os.path.join(folder, "job-01", "logs"))
        for file, content in (("id", name + "\n"), ("journal.jsonl", text), ("plan.ini", "[Plan]\n"),
                              ("job-01/report.tap", "1..0\n"), ("job-01/logs/a.log", "a\n")):
            with open(os.path.join(folder, file), "w", encoding="utf-8") as out:
                out.write(content)
        if where:
            os.symlink(where, os.path.join(self.runs, name))
        return folder

    def add_some(self):
        self.add("2026-01-01T000000Z-aaaa", journal("start+ login+"))
        self.add("2026-01-02T000000Z-bbbb", journal("start+ login-", status=1))
        self.add("2026-02-02T000000Z-cccc", journal("start+", image="debian", host="test:///default"))

    def run(self, *argv, **more):
        env = {**self.env, **more.pop("env", {})}
        return subprocess.run([CLI, "runs", *argv], env=env, capture_output=True, text=more.pop("text", True),
                              timeout=LIMIT, **more)

    def ok(self, *argv, status=0):
        done = self.run(*argv)
        assert done.returncode == status, (argv, done)
        return done.stdout

    def json(self, *argv, status=0):
        return json.loads(self.ok(*argv, "--json", status=status))

    def ids(self, *argv):
        return [run["id"][-4:] for run in self.json("list", *argv)]


def expect(value, wanted):
    assert value == wanted, "%r, and not %r" % (value, wanted)


def test_list():
    with Box() as box:
        expect(box.ok("list"), "")
        expect(box.json("list"), [])
        box.add_some()
        expect(box.ids(), ["cccc", "bbbb", "aaaa"])
        run = box.json("list")[1]
        expect({key: run[key] for key in ("title", "state", "image", "suite", "host", "jobs", "passed", "failed",
                                          "skipped", "planned", "begun", "ms", "strip", "problem")},
               {"title": "demo: Demo appliance", "state": "failed", "image": "demo", "suite": "Demo appliance",
                "host": "qemu:///session", "jobs": 1, "passed": 1, "failed": 1, "skipped": 0, "planned": 2,
                "begun": "2026-03-01T10:00:00Z", "ms": 180000, "strip": "pf", "problem": None})
        row = box.ok("list").splitlines()[1]
        for word in ("2026-01-02T000000Z-bbbb", "failed", "1 of 2", "3:00", "demo", "Demo appliance", "pf"):
            assert word in row, (word, row)


def test_filters():
    with Box() as box:
        box.add_some()
        box.add("broken", "not a journal\n")
        for argv, wanted in (
                (["--image", "demo"], ["bbbb", "aaaa"]),
                (["--image", "dem"], []),
                (["--host", "test:///default"], ["cccc"]),
                (["--suite", "Demo appliance", "--state", "failed"], ["bbbb"]),
                (["--state", "unreadable"], ["oken"]),
                (["--search", "THE LOGIN"], ["bbbb"]),
                (["--search", "debian"], ["cccc"]),
                (["--limit", "1", "--image", "demo"], ["bbbb"]),
                (["--limit", "0", "--image", "demo"], ["bbbb", "aaaa"]),
                (["--since", "2026-03-01T09:59", "--image", "demo"], ["bbbb", "aaaa"]),
                (["--since", "2026-03-01T10:01", "--image", "demo"], []),
                (["--since", "2026-03-02", "--image", "demo"], []),
                (["--since", "9999d", "--image", "demo"], ["bbbb", "aaaa"]),
                (["--since", "2m", "--image", "demo"], []),
        ):
            expect((argv, box.ids(*argv)), (argv, wanted))
        assert "journal.jsonl:1:" in box.json("list", "--state", "unreadable")[0]["problem"]


def test_usage():
    with Box() as box:
        box.add_some()
        for argv, what in (
                (["list", "--state", "green"], "there is no “green”"),
                (["list", "--since", "yesterday"], "“yesterday” is no time"),
                (["list", "--since", "5"], "“5” is no time"),
                (["list", "--since", "-5d"], "“-5d” is no time"),
                (["list", "--limit", "-1"], "--limit"),
                (["list", "more"], "more"),
                (["show"], "RUN"),
                (["show", "nothing"], "there is no such run"),
                (["show", ""], "not the folder of a run"),
                (["show", "2026-01"], "several runs begin so"),
                (["show", "/nowhere"], "not the folder of a run"),
                (["show", box.folder + "/"], "not the folder of a run"),
                (["compare", "2026-01-01"], "one job"),
                (["compare", "a", "b", "c"], "too many"),
                (["export", "last", "--format", "pdf"], "there is no “pdf”"),
                (["export", "last", "-o", box.folder + "/none/x"], "none"),
                (["rm"], "--older-than"),
                (["rm", "--older-than", "soon"], "“soon” is no time"),
                (["frobnicate"], "frobnicate"),
        ):
            done = box.run(*argv)
            expect((argv, done.returncode), (argv, 2))
            assert what in done.stderr, (argv, done.stderr)
            expect((argv, done.stdout), (argv, ""))
        expect(len(box.ids()), 3)


def test_show():
    with Box() as box:
        box.add_some()
        for name in ("2026-01-02T000000Z-bbbb", "2026-01-02", box.runs + "/2026-01-02T000000Z-bbbb"):
            text = box.ok("show", name)
            for word in ("2026-01-02T000000Z-bbbb", "failed", "2 login - The login works: 2 lines match",
                         "1 of 2 passed, 1 failed, 0 skipped 2:00"):
                assert word in text, (word, text)
        assert "debian" in box.ok("show", "last")
        (run,) = box.json("show", "2026-01-02")
        (job,) = run["jobs"]
        expect((run["state"], job["status"], job["passed"], job["failed"], job["ms"]), ("failed", 1, 1, 1, 120000))
        expect(job["failures"], [{"path": "2", "id": "login", "title": "The login works", "outcome": "fail",
                                  "reason": "2 lines match", "ms": 1500}])


def test_show_what_is_not_in_the_history():
    with Box() as box:
        folder = box.add("2026-01-02T000000Z-bbbb", journal("start-"))
        copy = os.path.join(box.folder, "copy")
        shutil.move(folder, copy)
        assert "The start works" in box.ok("show", copy)
        expect(box.json("show", copy)[0]["id"], "2026-01-02T000000Z-bbbb")


def test_hostile_text():
    with Box() as box:
        box.add("2026-01-02T000000Z-bbbb", journal("st\x1b[31mart-", image="a\nb\x07"))
        for verb in (["list"], ["show", "last"]):
            text = box.ok(*verb)
            assert not any(ord(c) < 32 and c != "\n" for c in text), text


def test_folder_that_is_not_utf_8():
    with Box() as box:
        folder = box.add("2026-01-02T000000Z-bbbb", journal("start+"))
        os.rename(os.fsencode(folder), os.path.join(os.fsencode(box.runs), b"caf\xe9"))
        (run,) = box.json("list")
        expect(run["id"], "caf\\xe9")
        assert run["folder"].endswith("/caf\\xe9"), run
        expect(box.json("show", "last")[0]["folder"], run["folder"])
        box.ok("rm", "last")
        expect(box.ids(), [])


def test_damaged_journal():
    with Box() as box:
        folder = box.add("2026-01-02T000000Z-bbbb", journal("start+"))
        with open(os.path.join(folder, "journal.jsonl"), "a", encoding="utf-8") as out:
            out.write("[" * 50000 + "\n")
        for verb in ("show", "export", "compare"):
            done = box.run(verb, "last")
            expect((verb, done.returncode), (verb, 2))
            assert "journal.jsonl:" in done.stderr, done.stderr


def test_compare():
    with Box() as box:
        box.add("2026-01-01T000000Z-aaaa", journal("start+ login+ web- stop+"))
        box.add("2026-01-02T000000Z-bbbb", journal("start+ login- web+ stop+"))
        text = box.ok("compare", "2026-01-01", "2026-01-02", status=1)
        assert "before, job 01: demo on qemu:///session" in text and "stop" not in text, text
        rows = [row.split("  ")[0] for row in text.splitlines()[2:]]
        expect(rows, ["worse", "better"])
        assert "pass → fail" in text and "2 lines match" in text, text
        box.ok("compare", "2026-01-01", "2026-01-01")
        expect(box.json("compare", "2026-01-01", "2026-01-01"), [])
        expect([(row["id"], row["change"], [point["outcome"] for point in row["points"]])
                for row in box.json("compare", "2026-01-01", "2026-01-02", "--all", status=1)],
               [("start", "same", ["pass", "pass"]), ("login", "worse", ["pass", "fail"]),
                ("web", "better", ["fail", "pass"]), ("stop", "same", ["pass", "pass"])])


def test_compare_times():
    with Box() as box:
        box.add("2026-01-01T000000Z-aaaa", journal("start+ login+"))
        box.add("2026-01-02T000000Z-bbbb", journal("start+ login+").replace("1500", "9500"))
        text = box.ok("compare", "2026-01-01", "2026-01-02")
        assert "slower" in text and " s, then " in text and "pass → pass" in text, text


def test_compare_jobs():
    with Box() as box:
        box.add("2026-01-01T000000Z-aaaa", journal(None, jobs=["start+ login+", "start+ login+", "start+ login-"]))
        box.add("2026-01-02T000000Z-bbbb", journal(None, jobs=["start+", "start+"]))
        text = box.ok("compare", "2026-01-01", status=1)
        assert "job 03: demo" in text and "pass, pass, fail" in text and "start" not in text, text
        assert "no difference" in box.ok("compare", "2026-01-02")
        text = box.ok("compare", "2026-01-01", "2026-01-02")
        assert "the other run has no such job" in text and "pass → absent" in text, text


def test_export():
    with Box() as box:
        for name in ("mixed", "passed", "cancelled", "dead"):
            with open(os.path.join(GOLDEN, name + ".jsonl"), encoding="utf-8") as file:
                box.add("2026-01-01T000000Z-" + name, file.read())
            with open(os.path.join(GOLDEN, name + ".tap"), encoding="utf-8") as file:
                expect(box.ok("export", "2026-01-01T000000Z-" + name), file.read())
        out = os.path.join(box.folder, "out")
        box.ok("export", "2026-01-01T000000Z-mixed", "--format", "json", "--output", out)
        with open(out, encoding="utf-8") as file, open(os.path.join(GOLDEN, "mixed.json"), encoding="utf-8") as golden:
            expect(json.load(file), json.load(golden))
        assert ET.fromstring(box.ok("export", "2026-01-01T000000Z-mixed", "-f", "junit")).tag == "testsuites"
        assert box.ok("export", "2026-01-01T000000Z-mixed", "-f", "html").startswith("<!DOCTYPE html>")
        assert "has no end" in box.run("export", "2026-01-01T000000Z-dead").stderr


def test_export_several_jobs():
    with Box() as box:
        box.add("2026-01-01T000000Z-aaaa", journal(None, jobs=["start+ login+", "start+ login-"]))
        text = box.ok("export", "last")
        assert text.startswith("TAP version 13\n1..2\n") and "\nok 1 - " in text and "\nnot ok 2 - " in text, text
        done = box.run("export", "last", "-f", "archive", text=False)
        expect(done.returncode, 0)
        with tarfile.open(fileobj=io.BytesIO(done.stdout)) as tar:
            expect(sorted(tar.getnames()), ["job-01/report.tap", "job-02/report.tap", "meta.yml"])
            assert b"not ok 2 - login" in tar.extractfile("job-02/report.tap").read()
        summed = subprocess.run([CLI, "tap", "summary", "-"], input=done.stdout, capture_output=True, env=box.env,
                                timeout=LIMIT)
        expect(summed.returncode, 1)
        again = box.run("export", "last", "-f", "archive", text=False)
        expect(again.stdout == done.stdout, True)


def test_rm():
    with Box() as box:
        box.add_some()
        elsewhere = box.add("2026-02-03T000000Z-dddd", journal("start+"), os.path.join(box.folder, "elsewhere"))
        with open(os.path.join(elsewhere, "notes"), "w", encoding="utf-8") as out:
            out.write("mine\n")
        expect(box.ok("rm", "--dry-run", "2026-01-01", "last"),
               "would remove 2026-01-01T000000Z-aaaa\nwould remove 2026-02-03T000000Z-dddd\n")
        expect(len(box.ids()), 4)
        expect(box.run("rm", "2026-01-01", "nothing").returncode, 2)
        expect(len(box.ids()), 4)
        box.ok("rm", "2026-01-01", "2026-01-01T0", elsewhere)
        expect(box.ids(), ["cccc", "bbbb"])
        expect(os.listdir(elsewhere), ["notes"])
        expect(sorted(os.listdir(box.runs)), ["2026-01-02T000000Z-bbbb", "2026-02-02T000000Z-cccc"])


def test_rm_live():
    with Box() as box:
        folder = box.add("2026-01-01T000000Z-aaaa", journal("start+", status=None))
        fd = os.open(folder, os.O_RDONLY)
        fcntl.flock(fd, fcntl.LOCK_EX)
        expect(box.json("list")[0]["state"], "running")
        done = box.run("rm", "last")
        expect(done.returncode, 3)
        assert "the run is on" in done.stderr, done.stderr
        box.ok("rm", "--older-than", "1m")
        os.close(fd)
        expect(box.json("list")[0]["state"], "dead")
        expect(box.ok("rm", "--older-than", "1m"), "removed 2026-01-01T000000Z-aaaa\n")
        expect(box.ids(), [])


def test_rm_with_guest():
    with Box() as box:
        made = line("act", "01", kind="domain", name="guest", uuid="e5da8736-cea4-5ff4-a4df-8c87d097b528")
        made += line("acted", "01", kind="domain", name="guest", uuid="e5da8736-cea4-5ff4-a4df-8c87d097b528", ok=True)
        box.add("2026-01-01T000000Z-aaaa", journal("start+") + made)
        done = box.run("rm", "last")
        expect(done.returncode, 3)
        assert "guest" in done.stderr and "sweep" in done.stderr, done.stderr
        expect(box.ids(), ["aaaa"])
        box.ok("rm", "--force", "last")
        expect(box.ids(), [])


def preloaded(fault):
    return {"LD_PRELOAD": os.environ["CVM_FAULT_AT_LIB"], "CVM_FAULT": fault,
            "ASAN_OPTIONS": "verify_asan_link_order=0:" + os.environ.get("ASAN_OPTIONS", "")}


def steps_of_rm(where):
    """Numbers of the steps by which the disk changes for good"""
    with Box() as box:
        box.add("2026-01-01T000000Z-aaaa", journal("start+"), where and os.path.join(box.folder, where))
        box.ids()
        steps = os.path.join(box.folder, "steps")
        done = box.run("rm", "last", env={**preloaded("count"), "CVM_FAULT_STEPS": steps})
        expect(done.returncode, 0)
        with open(steps, encoding="ascii") as file:
            named = [step.split() for step in file]
        first = [name for _, name in named].index("rename")
        return [int(number) for number, name in named[first - 1:] if name in ("rename", "unlink", "sync")]


def test_rm_killed():
    """Whatever step it dies at: the run is whole in the list, or gone; and what is left goes with the next list"""
    for where in (None, "elsewhere"):
        n_whole = n_gone = n_left = 0
        for step in steps_of_rm(where):
            with Box() as box:
                folder = box.add("2026-01-01T000000Z-aaaa", journal("start+"), where and os.path.join(box.folder, where))
                box.ids()
                before = sorted(name for _, _, names in os.walk(folder) for name in names)
                expect(box.run("rm", "last", env=preloaded("before:%d" % step)).returncode, -signal.SIGKILL)
                is_whole = os.path.lexists(os.path.join(box.runs, "2026-01-01T000000Z-aaaa"))
                if is_whole:
                    expect(sorted(name for _, _, names in os.walk(folder) for name in names), before)
                n_left += not is_whole and os.listdir(box.runs) != []
                expect(box.ids(), ["aaaa"] if is_whole else [])
                expect((step, len(os.listdir(box.runs))), (step, 1 if is_whole else 0))
                expect((step, os.path.exists(folder)), (step, is_whole))
                n_whole += is_whole
                n_gone += not is_whole
        assert n_whole >= 1 and n_gone > 3 and n_left > 3, (where, n_whole, n_gone, n_left)


def test_full_disk():
    """From whatever step on there is no room: the list is whole, and it is told once that it will be made again"""
    n_told = 0
    for step in (1, 2, 3, 4, 6, 8, 12, 20):
        with Box() as box:
            box.add_some()
            done = box.run("list", "--json", env=preloaded("full:%d" % step))
            expect((step, done.returncode), (step, 0))
            expect((step, len(json.loads(done.stdout))), (step, 3))
            n_told += "kept in memory" in done.stderr
            expect(done.stderr.count("\n"), 1 if "kept in memory" in done.stderr else 0)
            expect(len(box.ids()), 3)
    assert n_told > 4, n_told


def test_read_only_index():
    with Box() as box:
        box.add_some()
        os.makedirs(os.path.join(box.folder, "data", "cvmtester", "history.db"))
        done = box.run("list")
        expect(done.returncode, 0)
        expect(len(done.stdout.splitlines()), 3)
        assert "kept in memory" in done.stderr, done.stderr


def main():
    tests = [(name[5:], test) for name, test in sorted(globals().items()) if name.startswith("test_")]
    failed = 0
    for number, (name, test) in enumerate(tests, 1):
        try:
            test()
            print("ok %d - %s" % (number, name), flush=True)
        except Exception as error:    # whatever it was, the next tests are run
            failed += 1
            print("not ok %d - %s" % (number, name))
            for text in repr(error).splitlines():
                print("# " + text[:2000], flush=True)
    print("1..%d" % len(tests))
    sys.exit(1 if failed else 0)


main()
