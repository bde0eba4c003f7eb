#!/usr/bin/env python3
# test-cli.py: the command line as its user meets it, without a guest
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: test-cli.py CVMTESTER-CLI SOURCE-ROOT; prints TAP.
import glob
import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

CLI, ROOT = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
HOST = "test:///default"            # libvirt's own driver in the program's process: no daemon
HOME = tempfile.mkdtemp(prefix="cvm-cli-")
HEAD = "[Suite]\nName=Test\nVersion=1\n"
HANG = HEAD + "[Case hang]\nCheck=tap.exec\nTimeout=20s\nargv=tail;-f;/dev/null\n"
ENV = dict(os.environ, HOME=HOME, XDG_DATA_HOME=HOME + "/data", XDG_CONFIG_HOME=HOME + "/config",
           XDG_CACHE_HOME=HOME + "/cache", CVMTESTER_DATA_DIR=ROOT + "/data",
           LC_ALL="C.UTF-8", LANGUAGE="")
for name in ("data", "config", "cache"):
    os.mkdir(os.path.join(HOME, name))


def cli(*words, stdin=b"", **more):
    return subprocess.run([CLI, *words], env=ENV, cwd=HOME, input=stdin, timeout=60,
                          stdout=more.pop("stdout", subprocess.PIPE), stderr=subprocess.PIPE, **more)


def write(name, text):
    path = os.path.join(HOME, name)
    with open(path, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())
    return path


def expect(done, status):
    assert done.returncode == status, (done.args, done.returncode, done.stdout, done.stderr)


# Help and manual ----------------------------------------------------------------------------------

def help_of(words):
    done = cli(*words, "--help")
    expect(done, 0)
    assert done.stderr == b"", done.stderr
    return done.stdout.decode()


def leaves(words=()):
    """The verbs that do something, by the help of those above them"""
    text = help_of(words)
    if "\nVerbs:\n" not in text:
        return [words]
    verbs = re.findall(r"^  (\S+)  ", text.split("\nVerbs:\n")[1], re.M)
    assert verbs, text
    return [leaf for verb in verbs for leaf in leaves((*words, verb))]


def manual():
    """Verb → its part of the manual, as plain text"""
    with open(ROOT + "/help/cvmtester-cli.1", encoding="utf-8") as file:
        text = re.sub(r"\\f.", "", file.read()).replace("\\-", "-")
    verbs = text.split("\n.SH VERBS\n")[1].split("\n.SH ")[0]
    return {part.split("\n", 1)[0]: part for part in verbs.split(".SS ")[1:]}


def options(text):
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text)) - {"--help", "--help-all"}


def test_help_and_manual_agree():
    pages = manual()
    verbs = {" ".join(leaf): leaf for leaf in leaves()}
    assert set(pages) == set(verbs), set(pages) ^ set(verbs)
    for name, words in verbs.items():
        told = options(help_of(words).split("Options:")[-1])
        heads = "\n".join(re.findall(r"^\.TP\n(.*)", pages[name], re.M))
        assert told == options(heads), (name, told ^ options(heads))


def test_manual_names_every_key():
    suite = write("keys.suite", HEAD + "[Case a]\nCheck=host.kvm\n")
    image = write("keys.image", "[Image]\nName=keys\nKernel=keys.suite\n")
    tap = write("keys.tap", "1..1\nok 1\n")
    pages = manual()
    for words, like in ((("checks", "list"), None), (("suites", "list"), None),
                        (("suites", "show", suite), None), (("checks", "show", "ssh.login"), "checks list"),
                        (("hosts", "list", "--host", HOST), None), (("hosts", "show", HOST), "hosts list"),
                        (("images", "show", image), "images list"), (("tap", "summary", tap), None)):
        done = cli(*words, "--json")
        expect(done, 0)
        objects = json.loads(done.stdout)
        assert isinstance(objects, list) and objects, words
        told = set(re.findall(r"^\.BR? (\w+)", pages[like or " ".join(words[:2])], re.M))
        assert set(objects[0]) <= told, (words, set(objects[0]) - told)


def test_version():
    done = cli("--version")
    expect(done, 0)
    assert re.fullmatch(rb"cvmtester \d+\.\d+\.\d+\n", done.stdout)


# Wrong usage --------------------------------------------------------------------------------------

GOOD = HEAD + "[Case a]\nCheck=host.memory\nleast=1\n"
GUEST = HEAD + "[Precondition start]\nCheck=guest.start\n[Case a]\nCheck=guest.stop\n"
USAGES = (
    ([], "name a verb"),
    (["frob"], "no verb"),
    (["suite"], "did you mean “suites”"),
    (["suites"], "name a verb"),
    (["suites", "lst"], "did you mean “list”"),
    (["run", "--frob"], "--frob"),
    (["run"], "--suite"),
    (["run", "--suite", "nobody"], "suites list"),
    (["run", "--suite", "./nowhere.suite"], "nowhere.suite"),
    (["run", "--suite", "{guest}"], "--image"),
    (["run", "--suite", "{guest}", "--image", "nobody"], "nobody"),
    (["run", "--suite", "{good}", "--hypervisor", "wine"], "allowed: auto, kvm"),
    (["run", "--suite", "{good}", "--format", "xml"], "allowed: tap, json"),
    (["run", "--suite", "{good}", "--parallel", "many"], "many"),
    (["run", "--suite", "{good}", "--parallel", "65"], "allowed: 1 to 64"),
    (["run", "--suite", "{good}", "--parallel", "-1"], "allowed: 1 to 64"),
    (["run", "--suite", "{good}", "--preset", "nobody"], "nobody"),
    (["run", "--suite", "{good}", "--set", "nonsense"], "ID.parameter=value"),
    (["run", "--suite", "{good}", "--set", "b.least=1"], "no case 'b'"),
    (["run", "--suite", "{good}", "--set", "a.least=0"], "least"),
    (["run", "--suite", "{good}", "--set", "a.lest=1"], "least"),
    (["run", "--suite", "{good}", "--only", "b"], "no case 'b'"),
    (["run", "--suite", "{good}", "extra"], "extra"),
    (["run", "--suite", "{good}", "--host", HOST, "--output", "{full}"], "full"),
    (["run", "--suite", "{hang}"], "hang.suite:"),
    (["suites", "show"], "SUITE"),
    (["suites", "show", "nobody"], "nobody"),
    (["suites", "validate", "{good}", "./nowhere.suite"], "nowhere.suite"),
    (["checks", "show", "ssh.lgoin"], "did you mean “ssh.login”"),
    (["images", "show", "nobody"], "nobody"),
    (["hosts", "add"], "URI"),
    (["hosts", "add", "lab-3"], "no libvirt URI"),
    (["hosts", "add", "qemu+ssh://root:secret@lab/system"], "leave the password out"),
    (["hosts", "add", "test:///default"], "has this URI already"),
    (["hosts", "rm", "nobody"], "qemu-session"),
    (["hosts", "show", "nobody"], "qemu-session"),
    (["run", "--suite", "{good}", "--host", "nobody"], "qemu-session"),
    (["sweep", "--host", "nobody"], "qemu-session"),
    (["doctor", "--host", "nobody"], "qemu-session"),
    (["tap", "summary"], "FILE"),
    (["tap", "summary", "nowhere.tap"], "nowhere.tap"),
    (["tap", "summary", "."], "cannot be read"),
    (["sweep", "extra"], "extra"),
)


def test_wrong_usages():
    names = {"good": write("good.suite", GOOD), "guest": write("guest.suite", GUEST),
             "hang": write("hang.suite", HANG), "full": os.path.join(HOME, "full")}
    os.makedirs(names["full"], exist_ok=True)
    write("full/something", "in it")
    for words, part in USAGES:
        done = cli(*(word.format(**names) for word in words))
        expect(done, 2)
        assert part in done.stderr.decode(), (words, part, done.stderr)
        assert not done.stdout or "validate" in words, (words, done.stdout)
    assert not glob.glob(HOME + "/data/cvmtester/runs/*"), "something was begun"


# Each is wrong in one line, and the message begins with it
HOSTILE = (
    ("empty", "", 1), ("no-suite", "[Case a]\nCheck=host.kvm\n", 1),
    ("no-version", "[Suite]\nName=a\n[Case a]\nCheck=host.kvm\n", 1),
    ("group", HEAD + "[Kase a]\nCheck=host.kvm\n", 4),
    ("key", HEAD + "[Case a]\nChek=host.kvm\n", 5),
    ("check", HEAD + "[Case a]\nCheck=host.fly\n", 5),
    ("parameter", HEAD + "[Case a]\nCheck=host.memory\nlest=1\n", 6),
    ("number", HEAD + "[Case a]\nCheck=host.memory\nleast=many\n", 6),
    ("range", HEAD + "[Case a]\nCheck=host.memory\nleast=0\n", 6),
    ("pattern", HEAD + "[Case a]\nCheck=serial.expect\npattern=(open\n", 6),
    ("choice", HEAD + "[Case a]\nCheck=serial.expect\nfrom=tomorrow\n", 6),
    ("duration", HEAD + "[Case a]\nCheck=host.kvm\nTimeout=soon\n", 6),
    ("forward-need", HEAD + "[Case a]\nCheck=host.kvm\nNeeds=b\n[Case b]\nCheck=host.kvm\n", 6),
    ("twice", HEAD + "[Case a]\nCheck=host.kvm\n[Case a]\nCheck=host.kvm\n", 6),
    ("id", HEAD + "[Case A!]\nCheck=host.kvm\n", 4),
    ("missing", HEAD + "[Case a]\nCheck=ssh.command\n", 4),
    ("file", HEAD + "[Case a]\nCheck=boot.errors\nmask=nowhere\n", 6),
    ("preset", HEAD + "[Case a]\nCheck=host.kvm\n[Preset p]\nb.Timeout=1\n", 7),
    ("latin1", HEAD.encode() + b"[Case a]\nTitle=caf\xe9\nCheck=host.kvm\n", 5),
    ("nul", HEAD.encode() + b"[Case a]\nTitle=a\0b\nCheck=host.kvm\n", 5),
    ("long-line", HEAD + "[Case a]\nTitle=" + "x" * 70000 + "\nCheck=host.kvm\n", 5),
    ("noise", bytes(range(256)) * 40960, None),
    ("newlines", b"\n" * (10 * 1024 * 1024), None),
)


def test_hostile_suites():
    for name, text, line in HOSTILE:
        path = write(name + ".suite", text)
        out = os.path.join(HOME, "out-" + name)
        done = cli("run", "--suite", path, "--host", HOST, "--output", out)
        expect(done, 2)
        said = done.stderr.decode()
        where = f"{path}:{line}: " if line else path
        assert where in said, (name, said[:300])
        assert len(said) < 2000, (name, len(said))
        assert not os.path.exists(out) and not done.stdout, name
        expect(cli("suites", "validate", path), 2)


# Runs on a host that needs nothing ----------------------------------------------------------------

def test_run():
    suite = write("run.suite", GOOD + "[Case b]\nCheck=host.answers\n")
    out = os.path.join(HOME, "run")
    done = cli("run", "--suite", suite, "--host", HOST, "--output", out)
    expect(done, 0)
    with open(out + "/job-01/report.tap", "rb") as file:
        assert file.read() == done.stdout
    assert done.stdout.startswith(b"TAP version 13\n1..2\n"), done.stdout
    for name in ("plan.ini", "journal.jsonl", "job-01/serial.log"):
        assert os.path.isfile(os.path.join(out, name)), name
    assert b"\r" not in done.stderr and out.encode() in done.stderr, done.stderr
    summary = cli("tap", "summary", out + "/job-01/report.tap")
    expect(summary, 0)
    assert b"pass, 2 run" in summary.stdout, summary.stdout


def test_run_failed():
    suite = write("failed.suite", GOOD)
    done = cli("run", "--suite", suite, "--host", HOST, "--set", "a.least=2147483647")
    expect(done, 1)
    assert b"\nnot ok 1 - a - " in done.stdout, done.stdout


def test_run_joined():
    suite = write("joined.suite", GOOD)
    done = cli("run", "--suite", suite, "--suite", suite, "--host", HOST)
    expect(done, 0)
    lines = done.stdout.decode().splitlines()
    assert lines[:2] == ["TAP version 13", "1..2"], lines
    assert sum(line.startswith("ok ") for line in lines) == 2, lines
    assert sum(line.startswith("    ok 1 - a - ") for line in lines) == 2, lines


def test_run_json():
    suite = write("json.suite", GOOD)
    done = cli("run", "--suite", suite, "--host", HOST, "--format", "json")
    expect(done, 0)
    result = json.loads(done.stdout)
    assert result["status"] == 0 and result["jobs"][0]["points"][0]["outcome"] == "pass", result


def test_plan_only():
    """Nothing is run, and what the options name is told: also for one of several suites"""
    one, two = write("one.suite", GOOD), write("two.suite", GOOD)
    done = cli("run", "--suite", one, "--suite", two, "--set", "two:a.least=7", "--cell", "test;" + HOST,
               "--cell", "auto;test:///other", "--repeat", "2", "--plan")
    expect(done, 0)
    text = done.stdout.decode()
    assert text.count("[Job ") == 8, text
    assert text.count("a.least=7") == 8 and text.count("Suite=two") == 4, text    # a value, and a set
    assert text.count("Hypervisor=auto") == 4 and text.count("Host=test:///other") == 4, text
    for words, message in (
            (("--set", "three:a.least=7"), b"there is no suite \xe2\x80\x9cthree\xe2\x80\x9d in this run"),
            (("--cell", "test"), b"--cell: "), (("--cell", "odd;test:///x"), b"--cell: "),
            (("--cell", "test;" + HOST, "--host", HOST), b"either --cell"),
            (("--repeat", "101"), b"--repeat is 101"), (("--failed",), b"--failed goes with --again"),
            (("--again", "x"), b"--again takes what is run from that run")):
        done = cli("run", "--suite", one, *words, "--plan")
        expect(done, 2)
        assert message in done.stderr, done.stderr


def test_preset():
    """A profile of the user's folder, by its name; what is said beside it counts first"""
    folder = os.path.join(ENV["XDG_CONFIG_HOME"], "cvmtester", "presets")
    os.makedirs(folder)
    suite = write("preset.suite", GOOD)
    with open(os.path.join(folder, "My preset.profile"), "w") as file:
        file.write("[Suite 1]\nSuite=%s\n[Set 1]\na.least=5\n[Profile]\nRepeat=2\n"
                   "[Cell 1]\nHost=test:///a\nHypervisor=test\n[Cell 2]\nHost=test:///b\n" % suite)
    done = cli("run", "--profile", "My preset", "--plan")
    expect(done, 0)
    text = done.stdout.decode()
    assert text.count("[Job ") == 4 and text.count("Host=test:///b\nHypervisor=auto") == 2, text
    done = cli("run", "--profile", "My preset", "--host", "test:///c", "--hypervisor", "qemu", "--set", "a.least=6",
               "--repeat", "1", "--plan")
    expect(done, 0)
    text = done.stdout.decode()
    assert text.count("[Job ") == 1 and "Host=test:///c\nHypervisor=qemu" in text and "a.least=6" in text, text


def test_again():
    suite = write("again.suite", GOOD)
    out = os.path.join(HOME, "again")
    expect(cli("run", "--suite", suite, "--host", HOST, "--set", "a.least=2147483647", "--output", out), 1)
    done = cli("run", "--again", out, "--failed", "--plan")
    expect(done, 0)
    assert b"[Set 01]\na.least=2147483647\n" in done.stdout, done.stdout
    done = cli("run", "--again", out)
    expect(done, 1)
    assert b"\nnot ok 1 - a - " in done.stdout, done.stdout
    write("again.suite", GOOD.replace("Check=host", "Timeout=77\nCheck=host"))    # mended meanwhile
    done = cli("run", "--again", out, "--plan")
    expect(done, 0)
    assert b"a.Timeout=77\n" in done.stdout and b"a.least=2147483647\n" in done.stdout, done.stdout
    done = cli("run", "--again", "nobody")
    expect(done, 2)
    assert b"there is no run" in done.stderr, done.stderr


def test_run_lost_host():
    suite = write("lost.suite", HEAD + "[Precondition a]\nCheck=host.answers\nTimeout=5\n"
                  "[Case b]\nCheck=host.kvm\n")
    done = cli("run", "--suite", suite, "--host", "nonsense:///")
    expect(done, 3)
    assert b"not ok 1 - a - " in done.stdout and b"reason: " in done.stdout, done.stdout


def test_exec_is_asked_for():
    suite = write("exec.suite", HEAD + "[Case a]\nCheck=tap.exec\nargv=printf;1..1\\\\nok 1\\\\n\n")
    done = cli("run", "--suite", suite, "--host", HOST)
    expect(done, 2)
    assert b"exec.suite:" in done.stderr and b"--allow-exec" in done.stderr, done.stderr
    done = cli("run", "--suite", suite, "--host", HOST, "--allow-exec")
    expect(done, 0)
    assert b"    ok 1\n" in done.stdout, done.stdout


def wait_for(stream, part, limit_s=30):
    """Reads until PART was said"""
    said = b""
    end = time.monotonic() + limit_s
    while part not in said:
        assert select.select([stream], [], [], max(0, end - time.monotonic()))[0], said
        more = os.read(stream, 65536)
        assert more, said
        said += more
    return said


def cancel(number):
    suite = write("hang.suite", HANG)
    run = subprocess.Popen([CLI, "run", "--suite", suite, "--host", HOST, "--allow-exec"], env=ENV,
                           cwd=HOME, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wait_for(run.stdout.fileno(), b"# suite: Test\n")
    begun = time.monotonic()
    run.send_signal(number)
    out, err = run.communicate(timeout=30)
    assert time.monotonic() - begun < 5
    assert run.returncode == 130, (run.returncode, out, err)
    assert b"not ok 1 - hang - " in out and b"cancelled" in out, out
    assert b"cancelled" in err, err


def test_interrupt():
    cancel(signal.SIGINT)


def test_terminate():
    cancel(signal.SIGTERM)


def test_progress_on_a_terminal():
    suite = write("hang.suite", HANG)
    own, theirs = pty.openpty()
    run = subprocess.Popen([CLI, "run", "--suite", suite, "--host", HOST, "--allow-exec"], cwd=HOME,
                           env=dict(ENV, TERM="xterm"), stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    said = wait_for(own, b"tail ends")
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=30)
    os.close(own)
    assert run.returncode == 130, run.returncode
    assert b"\r[0/1] hang " in said, said


# Standard output that takes nothing ----------------------------------------------------------------

def test_full_disk():
    if not os.path.exists("/dev/full"):
        return "no /dev/full here"
    suite = write("disk.suite", GOOD)
    with open("/dev/full", "wb") as full:
        for words in (["checks", "list"], ["run", "--suite", suite, "--host", HOST]):
            done = cli(*words, stdout=full)
            expect(done, 4)
            assert b"could not be written" in done.stderr, done.stderr


def test_closed_pipe():
    read, write_end = os.pipe()
    os.close(read)
    done = cli("checks", "list", "--json", stdout=write_end)
    os.close(write_end)
    expect(done, 4)
    assert b"could not be written" in done.stderr, done.stderr


# Listings and summaries ----------------------------------------------------------------------------

def test_listings():
    checks = json.loads(cli("checks", "list", "--json").stdout)
    assert {"ssh.login", "tap.guest", "guest.start"} <= {check["id"] for check in checks}
    suites = json.loads(cli("suites", "list", "--json").stdout)
    assert {"doctor", "boots-and-answers", "demo"} <= {suite["id"] for suite in suites}
    assert all(suite["error"] is None for suite in suites), suites
    names = [suite["id"] for suite in suites]
    expect(cli("suites", "validate", *names), 0)
    os.makedirs(HOME + "/config/cvmtester/suites", exist_ok=True)
    write("config/cvmtester/suites/broken.suite", "nonsense")
    broken = [s for s in json.loads(cli("suites", "list", "--json").stdout) if s["id"] == "broken"]
    assert "broken.suite:1: " in broken[0]["error"], broken


def test_hosts():
    done = cli("hosts", "show", HOST)
    expect(done, 0)
    assert b"TEST" in done.stdout
    done = cli("hosts", "show", "nonsense:///", "--json")
    expect(done, 3)
    host = json.loads(done.stdout)[0]
    assert host["answers"] is False and host["reason"], host


def ids_of_hosts():
    done = cli("hosts", "list", "--json")
    expect(done, 0)
    return {host["id"]: host for host in json.loads(done.stdout)}


def test_saved_hosts():
    node = write("node.xml", "<node><cpu><nodes>1</nodes></cpu></node>")
    done = cli("hosts", "add", "test://" + node, "--title", "A lab, pretended")
    expect(done, 0)
    assert done.stdout == b"a-lab-pretended\n", done.stdout
    assert cli("hosts", "add", "test:///nowhere.xml").stdout == b"test-nowhere-xml\n"
    hosts = ids_of_hosts()
    assert hosts["a-lab-pretended"]["answers"] and hosts["a-lab-pretended"]["title"] == "A lab, pretended", hosts
    assert not hosts["test-nowhere-xml"]["answers"] and hosts["test-nowhere-xml"]["reason"], hosts
    assert hosts["test-default"]["answers"] and "qemu-session" in hosts, hosts
    expect(cli("hosts", "show", "a-lab-pretended"), 0)
    expect(cli("run", "--suite", write("good.suite", GOOD), "--host", "a-lab-pretended"), 0)
    for ident in ("a-lab-pretended", "test-nowhere-xml", "test-default"):
        expect(cli("hosts", "rm", ident), 0)
    assert not {"a-lab-pretended", "test-nowhere-xml", "test-default"} & set(ids_of_hosts())
    expect(cli("hosts", "add", HOST), 0)
    assert "test-default" in ids_of_hosts()


LOCKED = "<node><auth><user password='sesame'>ali</user></auth><cpu><nodes>1</nodes></cpu></node>"


def type_at(words, *answers):
    """On a terminal of its own: what it prints, what the terminal saw, and the status"""
    own, theirs = pty.openpty()
    run = subprocess.Popen(["setsid", "--ctty", "--wait", CLI, *words], env=ENV, cwd=HOME, stdin=theirs,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    os.close(theirs)
    seen = b""
    for question, answer in answers:
        seen += wait_for(own, question)
        os.write(own, answer + b"\n")
    out, err = run.communicate(timeout=60)
    os.close(own)
    return run.returncode, out, seen


def test_host_asks_for_a_password():
    uri = "test://" + write("locked.xml", LOCKED)
    done = subprocess.run(["setsid", "--wait", CLI, "hosts", "show", uri], env=ENV, cwd=HOME, capture_output=True,
                          timeout=60, stdin=subprocess.DEVNULL)
    expect(done, 3)
    assert b"asks for a name and a password" in done.stdout, done.stdout
    status, out, seen = type_at(("hosts", "show", uri), (b"Name on ", b"ali"), (b"Password for ", b"wrong"),
                                (b"Name on ", b"ali"), (b"Password for ", b"sesame"))
    assert status == 0 and b"TEST" in out, (status, out, seen)
    assert b"did not take" in seen and b"sesame" not in seen + out, seen


def test_settings():
    settings = os.path.join(HOME, "config/cvmtester/settings.ini")
    os.makedirs(os.path.dirname(settings), exist_ok=True)
    good = write("good.suite", GOOD)
    write("elsewhere.image", "[Image]\nName=Found elsewhere\nKernel=elsewhere.image\n")
    with open(settings, "w") as file:
        file.write("[Images]\nFolder=%s\n[Runs]\nHypervisor=test\nKeepFailed=true\nJobs=3\n" % HOME)
    expect(cli("run", "--suite", good, "--host", HOST, "--output", "out-settings"), 0)
    plan = open(os.path.join(HOME, "out-settings", "plan.ini")).read()
    assert "test\n" in plan and "Parallel=3\n" in plan and "KeepFailed=true\n" in plan, plan
    assert b"Found elsewhere" in cli("images", "list").stdout or b"elsewhere" in cli("images", "list").stdout
    assert b"budget" not in cli("images", "list").stderr
    os.makedirs(os.path.join(HOME, "parts"), exist_ok=True)
    write("parts/half", "x" * 5000)
    with open(settings) as file:
        text = file.read()
    with open(settings, "w") as file:
        file.write(text.replace("[Runs]", "Budget=1K\n[Runs]"))
    assert b"more than their budget of 1.0" in cli("images", "list").stderr, cli("images", "list")
    with open(settings, "a") as file:
        file.write("Job=1\n")
    for words in (("run", "--suite", good), ("images", "verify")):
        done = cli(*words)
        expect(done, 2)
        assert b"settings.ini:8: " in done.stderr, done.stderr
    os.unlink(settings)


def test_doctor():
    done = cli("doctor", "--host", HOST)
    assert done.returncode in (0, 1), done
    lines = done.stdout.decode().splitlines()
    assert "✔ libvirt" in lines, lines
    at = [i for i, line in enumerate(lines) if line.startswith("✘ Image: No demo image was found in ")]
    assert at and lines[at[0] + 1].startswith("  to mend it: put demo.image into "), lines
    done = cli("doctor", "--host", HOST, "--json")
    assert json.loads(done.stdout)["jobs"][0]["planned"] >= 5


def test_sweep_of_nothing():
    done = cli("sweep", "--host", HOST)
    expect(done, 0)
    assert b"removed" not in done.stdout, done.stdout


KEYS = ["file", "version", "planned", "run", "passed", "failed", "todo", "todo_passed", "skipped",
        "parse_errors", "skip_all", "bailout", "verdict", "parse_error_kinds", "failed_tests",
        "sections", "headers"]
STREAMS = (
    ("1..2\nok 1\nok 2\n", 0, {"verdict": "pass", "run": 2, "planned": 2, "version": 12}),
    ("TAP version 13\n1..2\nok 1\nnot ok 2 - b\n", 1,
     {"verdict": "fail", "failed": 1, "failed_tests": [2], "version": 13}),
    ("1..0 # SKIP not here\n", 0, {"verdict": "notests", "skip_all": "not here"}),
    ("1..2\nok 1\nBail out! tired\n", 1, {"verdict": "fail", "bailout": "tired"}),
    ("ok 1\n", 1, {"verdict": "fail", "planned": None, "parse_error_kinds": {"no-plan": 1}}),
    ("1..2\nnot ok 1 # TODO later\nok 2 # SKIP never\n", 0, {"todo": 1, "skipped": 1}),
    ("1..1\n# Tapper-Section: a b\nok\n# Tapper-Owner: me\nTAP version 13\nnot ok\n", 1,
     {"headers": {"section": "a b", "owner": "me"},
      "sections": [{"name": "a-b", "planned": 1, "run": 2, "passed": 1, "failed": 1,
                    "headers": {"section": "a b", "owner": "me"}}]}),
    ("1..1\nok\n# Test-Owner: me\n1..0 # SKIP\n", 1,
     {"headers": {"owner": "me"},
      "sections": [{"name": "section-000", "planned": 1, "run": 1, "passed": 1, "failed": 0,
                    "headers": {"owner": "me"}},
                   {"name": "section-001", "planned": 0, "run": 0, "passed": 0, "failed": 0,
                    "headers": {}}]}),
)


def test_tap_summary():
    for text, status, wanted in STREAMS:
        done = cli("tap", "summary", "--json", "-", stdin=text.encode())
        expect(done, status)
        summary = json.loads(done.stdout)[0]
        assert list(summary) == KEYS, list(summary)
        assert {key: summary[key] for key in wanted} == wanted, (text, summary)
    done = cli("tap", "summary", "-", stdin=b"1..1\nnot ok 1 - \x1b[31mred\n  ---\n  why: so\n  ...\n")
    expect(done, 1)
    assert b"\x1b" not in done.stdout, done.stdout
    assert b"\n  line 2: not ok 1 - " in done.stdout and b"\n    why: so\n" in done.stdout, done.stdout


def test_tap_summary_alone():
    """Nothing is asked of another program: not one process is started."""
    if not shutil.which("strace"):
        return "no strace here"
    with tempfile.NamedTemporaryFile("w+") as log, tempfile.NamedTemporaryFile("w") as tap:
        tap.write("TAP version 13\n1..1\nnot ok 1\n  ---\n  a: 1\n  ...\n")
        tap.flush()
        trace = ["strace", "-f", "-o", log.name, "-e", "trace=process"]
        done = subprocess.run(trace + [CLI, "tap", "summary", tap.name], stdout=subprocess.PIPE,
                              env=dict(os.environ, ASAN_OPTIONS="detect_leaks=0"), timeout=60)
        if done.returncode != 1:
            return "strace may not trace here"
        calls = log.read()
    assert calls.count("execve(") == 1, calls
    assert not re.search(r"\b(v?fork)\(|\bclone3?\((?!.*CLONE_THREAD)", calls), calls


def libraries_of(program):
    return subprocess.run(["ldd", program], stdout=subprocess.PIPE, check=True).stdout.decode()


def test_no_gtk():
    if not shutil.which("ldd"):
        return "no ldd here"
    module = os.path.join(os.path.dirname(CLI), "..", "app", "wiring", "libcvmtester-reach.so")
    for program in (CLI, module):
        assert not re.search(r"libgtk|libgdk-3|libhandy|libvte", libraries_of(program)), libraries_of(program)
    assert not re.search(r"libvirt|libssh", libraries_of(CLI)), libraries_of(CLI)
    assert re.search(r"libvirt", libraries_of(module)), libraries_of(module)


def main():
    tests = [(name[5:], test) for name, test in globals().items() if name.startswith("test_")]
    print(f"TAP version 13\n1..{len(tests)}", flush=True)
    failed = 0
    for number, (name, test) in enumerate(tests, 1):
        try:
            skip = test()
            print(f"ok {number} - {name}" + (f" # SKIP {skip}" if skip else ""), flush=True)
        except Exception:
            failed += 1
            print(f"not ok {number} - {name}", flush=True)
            print("".join("# " + line + "\n" for line in traceback.format_exc()[-3000:].splitlines()),
                  end="", flush=True)
    shutil.rmtree(HOME)
    sys.exit(failed > 0)


main()
