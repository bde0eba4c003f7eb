#!/usr/bin/env python3
# test-tap-cli.py: the verbs of TAP as their user meets them: archives, conversions, what to rerun
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: test-tap-cli.py CVMTESTER-CLI SOURCE-ROOT; prints TAP.
import gzip
import html.parser
import io
import json
import os
import resource
import shutil
import subprocess
import sys
import tarfile
import tempfile
import traceback
import xml.etree.ElementTree as xml
import zipfile

CLI, ROOT = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
HOME = tempfile.mkdtemp(prefix="cvm-tap-cli-")
TMP = os.path.join(HOME, "tmp")
GOLDEN = os.path.join(ROOT, "tests/golden/report/")
ENV = dict(os.environ, HOME=HOME, XDG_DATA_HOME=HOME + "/data", XDG_CONFIG_HOME=HOME + "/config",
           XDG_CACHE_HOME=HOME + "/cache", TMPDIR=TMP, LC_ALL="C.UTF-8", LANGUAGE="",
           CVMTESTER_DATA_DIR=ROOT + "/data")
os.mkdir(TMP)

PASS, FAIL, SKIP = "1..1\nok 1 - fine\n", "1..2\nok 1 - a\nnot ok 2 - b\n# why\n", "1..0 # SKIP no\n"
META = "---\nfile_order:\n  - t/b.t\n  - t/a.t\nstart_time: 1763726000\nstop_time: 1763726009\n"


def tap(*words, stdin=b"", **more):
    return subprocess.run([CLI, "tap", *words], env=ENV, cwd=HOME, input=stdin, timeout=120,
                          stdout=more.pop("stdout", subprocess.PIPE), stderr=subprocess.PIPE, **more)


def path(name):
    return os.path.join(HOME, name)


def write(name, text):
    with open(path(name), "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())
    return name


def expect(done, status):
    assert done.returncode == status, (done.args, done.returncode, done.stdout[:500], done.stderr)
    return done


def archive(name, members, **of):
    """MEMBERS: (name, text), or a TarInfo"""
    with tarfile.open(path(name), "w:gz", format=of.get("format", tarfile.GNU_FORMAT)) as tar:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                tar.addfile(member)
                continue
            info = tarfile.TarInfo(member[0])
            data = member[1].encode()
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return name


def special(name, kind, target=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


# Archives -----------------------------------------------------------------------------------------

def test_archive_summary():
    archive("a.tgz", [("./t/a.t", PASS), ("t/b.t", FAIL), ("meta.yml", META)])
    done = expect(tap("summary", "a.tgz"), 1)
    lines = done.stdout.decode().splitlines()
    assert lines[0] == "a.tgz:t/b.t: fail, 2 run, 1 failed", lines
    assert lines[1] == "  line 3: not ok 2 - b", lines
    assert lines[2] == "a.tgz:t/a.t: pass, 1 run, 0 failed", lines

    told = json.loads(expect(tap("summary", "--json", "a.tgz"), 1).stdout)
    assert [one["file"] for one in told] == ["a.tgz:t/b.t", "a.tgz:t/a.t"], told
    assert [one["verdict"] for one in told] == ["fail", "pass"]
    assert told[0]["failed_tests"] == [2]


def test_archive_worst_status():
    archive("good.tgz", [("t/a.t", PASS), ("t/b.t", SKIP), ("meta.yml", META)])
    expect(tap("summary", "good.tgz"), 0)
    archive("gone.tgz", [("t/a.t", PASS), ("meta.yml", META)])
    done = expect(tap("summary", "gone.tgz"), 1)
    assert b"it is missing from the archive" in done.stdout, done.stdout
    expect(tap("summary", "good.tgz", "gone.tgz", "nowhere.tgz"), 2)


def test_archive_from_pipe():
    archive("p.tgz", [("t/a.t", PASS), ("t/b.t", FAIL), ("meta.yml", META)])
    with open(path("p.tgz"), "rb") as file:
        packed = file.read()
    done = expect(tap("summary", "-", stdin=packed), 1)
    assert done.stdout.startswith(b"-:t/b.t: fail"), done.stdout
    with open(path("p.tgz"), "rb") as file:   # a file as standard input
        done = subprocess.run([CLI, "tap", "summary", "-"], env=ENV, cwd=HOME, stdin=file, timeout=60,
                              stdout=subprocess.PIPE)
    assert done.stdout.startswith(b"-:t/b.t: fail"), done.stdout
    os.mkfifo(path("fifo"))
    writer = subprocess.Popen(["cp", path("p.tgz"), path("fifo")])
    done = expect(tap("summary", "fifo"), 1)
    assert writer.wait(timeout=60) == 0 and done.stdout.startswith(b"fifo:t/b.t: fail"), done.stdout


def test_archive_plain_tar_and_pax():
    archive("x.tgz", [("t/ä.t", PASS), ("t/" + 120 * "long/" + "a.t", PASS)], format=tarfile.PAX_FORMAT)
    done = expect(tap("summary", "x.tgz"), 0)
    assert "x.tgz:t/ä.t: pass".encode() in done.stdout, done.stdout
    with gzip.open(path("x.tgz")) as file:
        write("x.tar", file.read())
    assert expect(tap("summary", "x.tar"), 0).stdout.count(b": pass") == 2


def zipped(name, members, packing=zipfile.ZIP_DEFLATED):
    """MEMBERS: (name, text), or with the bits of a mode"""
    with zipfile.ZipFile(path(name), "w", packing) as file:
        for member, text, *mode in members:
            info = zipfile.ZipInfo(member)
            info.compress_type, info.create_system = packing, 3
            info.external_attr = (mode[0] if mode else 0o100644) << 16
            file.writestr(info, text)
    with open(path(name), "rb") as file:
        return file.read()


def test_zip():
    for packing in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
        whole = zipped("a.zip", [("t/", "", 0o40755), ("t/a.t", PASS), ("t/b.t", FAIL), ("meta.yml", META)], packing)
        told = json.loads(expect(tap("summary", "--json", "a.zip"), 1).stdout)
        assert [(one["file"], one["run"]) for one in told] == [("a.zip:t/b.t", 2), ("a.zip:t/a.t", 1)], told
    told = json.loads(expect(tap("summary", "--json", "-", stdin=whole), 1).stdout)
    assert [one["run"] for one in told] == [2, 1], told


def test_zip_hostile():
    good = zipped("good.zip", [("t/a.t", FAIL * 50)])
    data = good.index(b"t/a.t") + 5
    zips = {
        "outside": zipped("x", [("../../x.t", PASS)]),
        "absolute": zipped("x", [("/etc/cron.d/x", PASS)]),
        "twice": zipped("x", [("t/a.t", PASS), ("./t/a.t", FAIL)]),
        "only-links": zipped("x", [("t/a.t", "/etc/passwd", 0o120777)]),
        "nothing": zipped("x", [("t/", "", 0o40755)]),
        "cut": good[:-30],
        "half": good[:len(good) // 2],
        "head": good[:4],
        "flipped": good[:data + 3] + bytes([good[data + 3] ^ 0x40]) + good[data + 4:],
        "locked": good.replace(b"PK\3\4\x14\0\0", b"PK\3\4\x14\0\1").replace(
            b"PK\1\2\x14\3\x14\0\0", b"PK\1\2\x14\3\x14\0\1"),
        "lzma": zipped("x", [("t/a.t", PASS)], zipfile.ZIP_LZMA),
        "bomb": zipped("x", [("t/a.t", bytes(64 * 1024 * 1024))]),
        "many-bombs": zipped("x", [("t/%d.t" % i, bytes(8 * 1024 * 1024)) for i in range(8)]),
        "many": zipped("x", [("%d" % i, "") for i in range(10001)]),
        "long-list": zipped("x", [("%d" % i + 60000 * "x", "") for i in range(300)]),
    }
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    for name, text in zips.items():
        write(name + ".zip", text)
        done = expect(tap("summary", name + ".zip"), 2)
        assert done.stdout == b"", (name, done.stdout)
        assert done.stderr.startswith(b"cvmtester-cli: %s.zip cannot be read: it" % name.encode()), (name, done.stderr)


    grown = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss - before
    assert grown < 200 << 10, grown


def test_zip_links_are_missing():
    zipped("l.zip", [("t/b.t", "/etc/passwd", 0o120777), ("t/a.t", PASS), ("meta.yml", META)])
    told = json.loads(expect(tap("summary", "--json", "l.zip"), 1).stdout)
    assert [one["run"] for one in told] == [0, 1], told


HOSTILE = {
    "outside": [("../../x.t", PASS)],
    "absolute": [("/etc/cron.d/x", PASS)],
    "inside-out": [("t/../../x", PASS)],
    "twice": [("t/a.t", PASS), ("t/a.t", FAIL)],
    "twice-by-dot": [("t/a.t", PASS), ("./t/a.t", FAIL)],
    "meta-outside": [("t/a.t", PASS), ("meta.yml", "---\nfile_order:\n  - ../../../etc/passwd\n")],
    "meta-broken": [("t/a.t", PASS), ("meta.yml", "---\nfile_order: [\n")],
    "meta-laughs": [("meta.yml", "---\na: &a [1,1,1,1,1,1,1,1,1]\n" + "".join(
        "%s: &%s [%s]\n" % (b, b, ",".join(9 * ["*" + a])) for a, b in zip("abcdefgh", "bcdefghi")))],
    "nothing": [],
    "only-links": [special("t/a.t", tarfile.SYMTYPE, "/etc/passwd")],
}


def test_archive_hostile():
    for name, members in HOSTILE.items():
        archive(name + ".tgz", members)
        for words in (["summary"], ["convert", "--to", "junit"], ["rerun-list"]):
            done = expect(tap(*words, name + ".tgz"), 2)
            assert done.stdout == b"", (name, done.stdout)
            assert done.stderr.startswith(b"cvmtester-cli: %s.tgz cannot be read: it" % name.encode()), \
                (name, done.stderr)


def test_archive_links_are_missing():
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
        archive("l.tgz", [special("t/b.t", kind, "/etc/passwd"), ("t/a.t", PASS), ("meta.yml", META)])
        told = json.loads(expect(tap("summary", "--json", "l.tgz"), 1).stdout)
        assert [one["run"] for one in told] == [0, 1], told


def test_archive_damaged():
    archive("whole.tgz", [("t/a.t", PASS * 200), ("t/b.t", FAIL), ("meta.yml", META)])
    with open(path("whole.tgz"), "rb") as file:
        whole = file.read()
    for name, bytes_ in (("half", whole[:len(whole) // 2]), ("short", whole[:-1]),
                         ("crc", whole[:-6] + bytes([whole[-6] ^ 1]) + whole[-5:]),
                         ("length", whole[:-1] + bytes([whole[-1] ^ 1])),
                         ("junk", whole + b"junk"), ("head", whole[:4]),
                         ("gz", gzip.compress(FAIL.encode()))):
        write(name, bytes_)
        done = expect(tap("summary", name), 2)
        assert done.stdout == b"" and b"cannot be read: " in done.stderr, (name, done)
        expect(tap("summary", "-", stdin=bytes_), 2)


def test_archive_bomb():
    """1 GiB of zeros in 1 MiB: refused at once, with little memory"""
    packer = gzip.GzipFile(path("bomb.tgz"), "wb", 9)
    info = tarfile.TarInfo("t/a.t")
    info.size = 1 << 30
    packer.write(info.tobuf())
    for _ in range(128):
        packer.write(bytes(8 << 20))
    packer.close()
    assert os.path.getsize(path("bomb.tgz")) < 2 << 20
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    done = expect(tap("summary", "bomb.tgz"), 2)
    assert b"far larger unpacked than packed" in done.stderr, done.stderr
    grown = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss - before
    assert grown < 200 << 10, grown


def test_archive_leaves_nothing():
    archive("n.tgz", [("t/a.t", PASS)])
    with open(path("n.tgz"), "rb") as file:
        expect(tap("summary", "-", stdin=file.read()), 0)
    assert os.listdir(TMP) == [], os.listdir(TMP)


# Convert ------------------------------------------------------------------------------------------

def test_convert_needs_format():
    write("f.tap", FAIL)
    assert b"tap13, tap14, json, junit, html" in expect(tap("convert", "f.tap"), 2).stderr
    assert b"allowed" in expect(tap("convert", "--to", "pdf", "f.tap"), 2).stderr
    expect(tap("convert", "--to", "junit"), 2)
    expect(tap("convert", "--to", "junit", "f.tap", "f.tap"), 2)
    expect(tap("convert", "--to", "junit", "nowhere"), 2)


def test_convert_junit():
    write("evil.tap", b"1..3\nnot ok 1 - <script>&\"' \x1b[31m\x01\xff\n  ---\n  reason: \"]]>\"\n  ...\n"
                      b"    ok 1 - in\n    1..1\nok 2 - group\nok 3 # SKIP no disk\n")
    done = expect(tap("convert", "--to", "junit", "evil.tap"), 1)
    suites = xml.fromstring(done.stdout)
    suite = suites.find("testsuite")
    assert suites.tag == "testsuites" and suite.get("name") == "evil.tap", done.stdout
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("4", "1", "1")
    cases = suite.findall("testcase")
    assert cases[0].get("name").startswith("<script>&\"' \\x1b[31m\\x01"), cases[0].get("name")
    assert cases[0].find("failure").get("message") == "]]>"
    assert cases[2].get("classname") == "evil_tap.group" and cases[2].get("name") == "in"
    assert cases[3].find("skipped").get("message") == "no disk"
    assert len({(case.get("classname"), case.get("name")) for case in cases}) == len(cases)


def test_convert_archive_to_junit():
    archive("j.tgz", [("t/a.t", PASS), ("t/b.t", FAIL), ("meta.yml", META + (
        "file_attributes:\n  - description: t/b.t\n    start_time: 1763726001.5\n"
        "    end_time: 1763726003.75\n"))])
    suites = xml.fromstring(expect(tap("convert", "--to", "junit", "j.tgz"), 1).stdout)
    assert [suite.get("name") for suite in suites] == ["t/b.t", "t/a.t"]
    assert suites[0].get("time") == "2.250" and suites[0].get("timestamp") == "2025-11-21T11:53:21"
    assert suites.get("tests") == "3"


class Page(html.parser.HTMLParser):
    """Which elements it has, and whether they nest"""
    EMPTY = {"meta"}

    def __init__(self, text):
        super().__init__()
        self.open, self.seen = [], []
        self.feed(text)
        assert self.open == [], self.open

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag


def test_convert_html():
    write("<b>.tap", b"1..2\nok 1 - a\nnot ok 2 - <script>alert(1)</script><img src=x>\n# </pre></div>\n")
    done = expect(tap("convert", "--to", "html", "-o", "page.html", "<b>.tap"), 1)
    assert done.stdout == b"", done.stdout
    with open(path("page.html"), encoding="utf-8") as file:
        text = file.read()
    page = Page(text)
    assert not {"script", "img", "link", "iframe"} & set(page.seen), page.seen
    assert text.index("What failed") < text.index("✔"), text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text and "<title>&lt;b&gt;.tap</title>" in text


def test_convert_json():
    write("f.tap", FAIL)
    told = json.loads(expect(tap("convert", "--to", "json", "f.tap"), 1).stdout)
    job = told["jobs"][0]
    assert (told["title"], told["status"], job["passed"], job["failed"]) == ("f.tap", 1, 1, 1), told
    assert job["points"][1]["details"] == [{"key": "output", "value": "# why"}], job
    assert [point["outcome"] for point in job["points"]] == ["pass", "fail"]


def test_convert_run_and_back():
    """A run's report is read as the run was: its JSON is that of its journal"""
    told = json.loads(expect(tap("convert", "--to", "json", GOLDEN + "mixed.tap"), 1).stdout)["jobs"][0]
    with open(GOLDEN + "mixed.json", encoding="utf-8") as file:
        run = json.load(file)["jobs"][0]
    for key in ("image", "host", "suite", "planned", "passed", "failed", "skipped"):
        assert told[key] == run[key], (key, told[key], run[key])

    def tree(points):
        return [(p["path"], p["id"], p["outcome"], p["ok"], p["directive"], tree(p["points"]))
                for p in points]
    assert tree(told["points"]) == tree(run["points"]), (tree(told["points"]), tree(run["points"]))


def test_convert_tap():
    write("k.tap", "KTAP version 1\n1..1\n  KTAP version 1\n  1..2\n  ok 1 a\n  not ok 2 b\nnot ok 1 s\n")
    for version in ("13", "14"):
        done = expect(tap("convert", "--to", "tap" + version, "k.tap"), 1)
        assert done.stdout.startswith(b"TAP version " + version.encode() + b"\n1..1\n"), done.stdout
        again = json.loads(expect(tap("summary", "--json", "-", stdin=done.stdout), 1).stdout)[0]
        assert (again["run"], again["failed"], again["version"]) == (1, 1, int(version)), again
    archive("t.tgz", [("t/a.t", PASS), ("t/b.t", FAIL), ("meta.yml", META)])
    done = expect(tap("convert", "--to", "tap14", "t.tgz"), 1)
    assert b"TAP version 14\n1..2\n    # Subtest: t/b.t\n    1..2\n" in done.stdout, done.stdout


def test_convert_tgz():
    archive("in.tgz", [("t/a.t", PASS), ("t/b.t", FAIL), ("meta.yml", META)])
    expect(tap("convert", "--to", "tgz", "-o", "out.tgz", "in.tgz"), 1)
    with tarfile.open(path("out.tgz")) as tar:
        assert tar.getnames() == ["t/b.t", "t/a.t", "meta.yml"], tar.getnames()
        assert tar.extractfile("t/b.t").read() == FAIL.encode()
        meta = tar.extractfile("meta.yml").read().decode()
        assert "file_order:\n  - t/b.t\n  - t/a.t\n" in meta, meta
    write("meta.yml", PASS)   # a name that no member may have
    done = expect(tap("convert", "--to", "tgz", "meta.yml"), 0)
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as tar:
        assert tar.getnames() == ["meta.yml.tap", "meta.yml"], tar.getnames()


def test_convert_output_is_whole_or_not():
    write("kept.xml", "what was there")
    expect(tap("convert", "--to", "junit", "-o", "kept.xml", "nowhere.tap"), 2)
    archive("bad.tgz", [("../x", PASS)])
    expect(tap("convert", "--to", "junit", "-o", "kept.xml", "bad.tgz"), 2)
    with open(path("kept.xml"), encoding="utf-8") as file:
        assert file.read() == "what was there"
    assert [name for name in os.listdir(HOME) if name.startswith(".goutput")] == []
    write("f.tap", FAIL)
    done = expect(tap("convert", "--to", "junit", "-o", "no/such/folder/x", "f.tap"), 2)
    assert b"cannot be written" in done.stderr, done.stderr
    with open("/dev/full", "wb") as full:
        done = expect(tap("convert", "--to", "html", "f.tap", stdout=full), 4)
    assert b"standard output cannot be written" in done.stderr, done.stderr


# What to rerun ------------------------------------------------------------------------------------

def rerun(*files, status=1):
    return expect(tap("rerun-list", *files), status).stdout.decode().split()


def test_rerun_list():
    assert rerun(GOLDEN + "mixed.tap") == ["self-test/2", "web"]
    assert rerun(GOLDEN + "joined.tap") == ["login"]           # of a job within
    assert rerun(GOLDEN + "passed.tap", status=0) == []
    assert rerun(GOLDEN + "mixed.tap", GOLDEN + "mixed.tap") == ["self-test/2", "web"]
    expect(tap("rerun-list", GOLDEN + "mixed.tap", "nowhere"), 2)


def test_rerun_list_kinds():
    write("k.tap", "1..6\nok 1 - a - A\nnot ok 2 - b - B # TODO later\nok 3 - c - C # SKIP no\n"
                   "not ok 4 - No Id\n        not ok 1 - deep\n        1..1\n    ok 1 - x\n"
                   "    not ok 2 - y\n    1..2\nnot ok 5 - e - E\nnot ok 6 - f-1 - F\n")
    done = expect(tap("rerun-list", "k.tap"), 1)
    assert done.stdout == b"e/1\ne/2\nf-1\n", done.stdout
    assert b"1 point that failed has no id" in done.stderr, done.stderr


def test_rerun_list_runs():
    """What it prints is what run --only takes"""
    write("s.suite", "[Suite]\nName=S\nVersion=1\n[Case self]\nCheck=tap.exec\nargv=cat;prog\n"
                     "[Case other]\nCheck=tap.exec\nargv=true\n")
    write("prog", "1..3\nok 1 - one\nnot ok 2 - two\nnot ok 3 - three\n")
    words = [CLI, "run", "-s", "./s.suite", "-H", "test:///default", "--allow-exec", "-o"]
    first = subprocess.run([*words, "one"], env=ENV, cwd=HOME, timeout=120, capture_output=True)
    assert first.returncode == 1, first
    wanted = rerun("one/job-01/report.tap")
    assert wanted == ["self/2", "self/3", "other"], wanted

    write("prog", "1..3\nok 1 - one\nok 2 - two\nnot ok 3 - three\n")
    again = subprocess.run([*words, "two", "--only", "self/2"], env=ENV, cwd=HOME, timeout=120,
                           capture_output=True)
    assert again.returncode == 0, again
    assert b"ok 2 - two\n" in again.stdout and b"ok 3 - three # SKIP not chosen\n" in again.stdout, again
    assert b"ok 2 - other - Run a test program on the host # SKIP not selected" in again.stdout, again


def test_run_formats():
    """A run is told by the same converters"""
    write("f.suite", "[Suite]\nName=S\nVersion=1\n[Case self]\nCheck=tap.exec\nargv=cat;prog\n")
    write("prog", "1..2\nok 1 - one\nnot ok 2 - <two>\n")
    words = [CLI, "run", "-s", "./f.suite", "-H", "test:///default", "--allow-exec", "--format"]
    done = subprocess.run([*words, "junit"], env=ENV, cwd=HOME, timeout=120, capture_output=True)
    suite = xml.fromstring(done.stdout).find("testsuite")
    assert done.returncode == 1 and suite.get("hostname") == "test:///default", done
    assert [case.get("name") for case in suite.findall("testcase")][1:] == ["one", "<two>"], done
    done = subprocess.run([*words, "html"], env=ENV, cwd=HOME, timeout=120, capture_output=True)
    assert done.returncode == 1 and "What failed" in done.stdout.decode(), done
    Page(done.stdout.decode())
    done = subprocess.run([*words, "pdf"], env=ENV, cwd=HOME, timeout=120, capture_output=True)
    assert done.returncode == 2 and b"allowed: tap, json, junit, html" in done.stderr, done


# --------------------------------------------------------------------------------------------------

def main():
    tests = [(name, test) for name, test in globals().items() if name.startswith("test_")]
    failed = 0
    print("1..%d" % len(tests))
    for number, (name, test) in enumerate(tests, 1):
        try:
            test()
            print("ok %d - %s" % (number, name), flush=True)
        except Exception:   # pylint: disable=broad-except
            failed += 1
            print("not ok %d - %s" % (number, name))
            for line in traceback.format_exc().splitlines():
                print("# " + line, flush=True)
    shutil.rmtree(HOME)
    return 1 if failed else 0


sys.exit(main())
