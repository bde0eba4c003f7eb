#!/usr/bin/env python3
# test-images.py: images fetched, kept, verified and removed, from servers that misbehave
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: test-images.py CVMTESTER-CLI SOURCE-ROOT; prints TAP.
import gzip
import hashlib
import json
import os
import pty
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback

CLI, ROOT = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
sys.path.insert(0, ROOT + "/tests/peer")
from image_server import DO, Served, Server  # noqa: E402

TOP = tempfile.mkdtemp(prefix="cvm-images-")
STORE = ""
ENV = {}
SERVER = Server()


def fresh_home():
    global STORE, ENV
    home = tempfile.mkdtemp(dir=TOP)
    STORE = home + "/data/cvmtester/images"
    ENV = dict(os.environ, HOME=home, XDG_DATA_HOME=home + "/data", XDG_CONFIG_HOME=home + "/config",
               XDG_CACHE_HOME=home + "/cache", XDG_RUNTIME_DIR=home, TMPDIR=home,
               CVMTESTER_DATA_DIR=ROOT + "/data", LC_ALL="C.UTF-8", LANGUAGE="")
    os.mkdir(home + "/config")


def cli(*words, timeout=60):
    return subprocess.run([CLI, "images", *words], env=ENV, timeout=timeout, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def expect(done, status, said=None):
    assert done.returncode == status, (done.args, done.returncode, done.stdout, done.stderr)
    if said is not None:
        assert said in done.stderr, (said, done.stderr)
    assert "Sanitizer" not in done.stderr and "CRITICAL" not in done.stderr, done.stderr
    return done


def fetch(*words, status=0, said=None):
    return json.loads(expect(cli("fetch", "--json", *words), status, said).stdout)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def disk(size=300_000, seed=1):
    """A raw disk with a partition table, whose bytes do not pack"""
    bytes_ = bytearray(random.Random(seed).randbytes(size // 512 * 512))
    bytes_[446:510] = b"\x80\0\2\0\x83\0\2\0\1\0\0\0\x20\0\0\0" + bytes(48)
    bytes_[510:512] = b"\x55\xaa"
    return bytes(bytes_)


def left():
    """What lies in the store, by its kinds"""
    return {kind: sorted(os.listdir(f"{STORE}/{kind}")) for kind in ("disks", "parts", "work")}


def names():
    return sorted(name for name in os.listdir(STORE) if name.endswith(".image"))


def nothing_left(parts=0):
    now = left()
    assert now["work"] == [] and now["disks"] == [] and names() == [], (now, names())
    assert len([p for p in now["parts"] if not p.endswith(".note")]) == parts, now


def serve(name, *states):
    SERVER.files[name] = Served(*states)
    return states[-1]


def stored(name="vm"):
    text = open(f"{STORE}/{name}.image", encoding="utf-8").read()
    path = re.search(r"^Disk=(.*)$", text, re.M)[1]
    with open(os.path.join(STORE, path), "rb") as file:
        return file.read()


# Fetching ---------------------------------------------------------------------------------------

def test_fetch_and_unpack():
    raw = disk()
    packed = serve("vm.hdd.gz", gzip.compress(raw))
    done = fetch(SERVER.url + "/good/vm.hdd.gz")
    assert done[0]["sha256"] == sha256(packed) and done[0]["bytes"] == len(packed), done
    assert done[0]["error"] is None and done[0]["was_here"] is False and done[0]["breaks"] == 0, done
    assert stored() == raw
    assert left() == {"disks": [sha256(raw)], "parts": [], "work": []}, left()
    expect(cli("verify"), 0)
    text = open(f"{STORE}/vm.image", encoding="utf-8").read()
    assert f"DiskSha256={sha256(raw)}\n" in text and "Format=raw\n" in text, text


def test_the_same_disk_is_kept_once():
    raw = disk()
    serve("vm.hdd.gz", gzip.compress(raw))
    serve("vm.hdd", raw)
    fetch(SERVER.url + "/good/vm.hdd.gz", "--as", "one")
    fetch(SERVER.url + "/good/vm.hdd", "--as", "two")
    assert left()["disks"] == [sha256(raw)] and names() == ["one.image", "two.image"], left()
    mark = len(SERVER.requests)
    done = fetch(SERVER.url + "/good/vm.hdd", "--sha256", sha256(raw), "--as", "two")
    assert done[0]["was_here"] and SERVER.since(mark) == [], done
    expect(cli("rm", "one"), 0)
    assert stored("two") == raw
    expect(cli("rm", "two"), 0)
    nothing_left()


def test_a_name_that_is_taken():
    first, second = disk(seed=1), disk(seed=2)
    serve("vm.hdd", first)
    fetch(SERVER.url + "/good/vm.hdd")
    serve("vm.hdd", second)
    fetch(SERVER.url + "/good/vm.hdd", status=2, said="there is an image called vm already")
    assert stored() == first
    fetch(SERVER.url + "/good/vm.hdd", "--replace")
    assert stored() == second and left()["disks"] == [sha256(second)], left()
    fetch(SERVER.url + "/good/vm.hdd", "--as", "../vm", status=2, said="an image cannot be called so")


def test_damaged_is_fetched_again():
    """Other bytes of the same size: with a sum or without, what is fetched takes their place"""
    raw = serve("vm.hdd", disk())
    fetch(SERVER.url + "/good/vm.hdd")
    path = f"{STORE}/disks/{sha256(raw)}/vm.hdd"
    for words in ((), ("--sha256", sha256(raw))):
        os.chmod(path, 0o644)
        with open(path, "r+b") as file:
            file.write(b"?")
        expect(cli("verify"), 1)
        done = fetch(SERVER.url + "/good/vm.hdd", "--replace", *words)
        assert not done[0]["was_here"] and stored() == raw, done
        expect(cli("verify"), 0)
    assert left() == {"disks": [sha256(raw)], "parts": [], "work": []}, left()


def test_wrong_sum():
    good, bad = disk(seed=1), disk(seed=2)
    serve("vm.hdd", good)
    fetch(SERVER.url + "/good/vm.hdd", "--sha256", sha256(good))
    serve("vm.hdd", bad)
    fetch(SERVER.url + "/good/vm.hdd", "--sha256", sha256(disk(seed=3)), "--replace", status=3,
          said=f"its SHA-256 is {sha256(bad)}, and {sha256(disk(seed=3))} was promised")
    assert stored() == good and left() == {"disks": [sha256(good)], "parts": [], "work": []}, left()


def test_wrong_sum_of_a_damaged_packing():
    packed = bytearray(gzip.compress(disk()))
    promised = sha256(packed)
    packed[len(packed) // 2] ^= 1
    serve("vm.hdd.gz", bytes(packed))
    fetch(SERVER.url + "/good/vm.hdd.gz", "--sha256", promised, status=3,
          said=f"its SHA-256 is {sha256(packed)}, and {promised} was promised")
    nothing_left()
    fetch(SERVER.url + "/good/vm.hdd.gz", status=3, said="vm: ")
    nothing_left()


def test_local_path():
    raw = disk()
    path = os.path.join(TOP, "my disk.img")
    with open(path, "wb") as file:
        file.write(raw)
    done = fetch(path)
    assert done[0]["name"] == "my-disk" and stored("my-disk") == raw, done
    fetch("file://" + path.replace(" ", "%20"), "--as", "again")
    assert left()["disks"] == [sha256(raw)] and os.path.exists(path), left()
    fetch(TOP + "/none.img", status=3, said="none.img: No such file")
    fetch(TOP, "--as", "x", status=3, said="is not a regular file")


def test_several_at_once():
    for n in (1, 2):
        serve(f"vm{n}.hdd", disk(seed=n))
    # Neither gets its file before both have asked for theirs.
    done = fetch(SERVER.url + "/slow/vm1.hdd", SERVER.url + "/slow/vm2.hdd")
    assert [d["error"] for d in done] == [None, None], done
    assert names() == ["vm1.image", "vm2.image"] and left()["work"] == [], left()


def test_one_of_two_fails():
    serve("vm.hdd", disk())
    done = fetch(SERVER.url + "/good/vm.hdd", SERVER.url + "/none/b.hdd", status=3,
                 said="b: Cannot fetch '" + SERVER.url + "/none/b.hdd': the server answers 404 Not Found")
    assert done[0]["error"] is None and done[1]["error"], done
    assert names() == ["vm.image"]


# Breaks -----------------------------------------------------------------------------------------

def test_cut_off_ten_times():
    raw = disk(12 << 20)
    packed = serve("vm.hdd.gz", gzip.compress(raw, 1))
    mark = len(SERVER.requests)
    done = fetch(SERVER.url + "/cut/10/vm.hdd.gz", "--sha256", sha256(packed))
    assert done[0]["breaks"] == 10 and done[0]["bytes"] == len(packed), done
    assert stored() == raw
    ranges = [int(headers["range"][6:-1]) for _, headers in SERVER.since(mark)[1:]]
    assert len(ranges) == 10 and ranges == sorted(set(ranges)) and ranges[0] > 0, ranges
    tags = {headers["if-range"] for _, headers in SERVER.since(mark)[1:]}
    assert tags == {SERVER.files["vm.hdd.gz"].tag}, tags


def test_cut_off_by_a_server_without_ranges():
    raw = serve("vm.hdd", disk())
    done = fetch(SERVER.url + "/cut-whole/vm.hdd")
    assert done[0]["breaks"] == 2 and stored() == raw, done


def test_stalls():
    raw = serve("vm.hdd", disk())
    began = time.monotonic()
    done = fetch(SERVER.url + "/stall/vm.hdd", "--patience", "4s")
    assert done[0]["breaks"] == 1 and stored() == raw and time.monotonic() - began < 20, done


def test_changes_in_the_middle():
    old, new = disk(seed=1), disk(seed=2)
    serve("vm.hdd", old, new)
    done = fetch(SERVER.url + "/changing/vm.hdd")
    assert stored() == new and left() == {"disks": [sha256(new)], "parts": [], "work": []}, done


def test_a_later_process_goes_on():
    raw = serve("vm.hdd", disk())
    fetch(SERVER.url + "/cut-always/vm.hdd", "--patience", "1s", status=3, said="given up after")
    nothing_left(parts=1)
    have = max(os.path.getsize(f"{STORE}/parts/{name}") for name in left()["parts"] if "." not in name)
    assert 1000 <= have < len(raw), have
    # The same place serves it well now.
    mark = len(SERVER.requests)
    DO["cut-always"], kept = DO["good"], DO["cut-always"]
    try:
        done = fetch(SERVER.url + "/cut-always/vm.hdd")
    finally:
        DO["cut-always"] = kept
    assert SERVER.since(mark)[0][1]["range"] == f"bytes={have}-", SERVER.since(mark)
    assert done[0]["sha256"] == sha256(raw) and stored() == raw and left()["parts"] == [], done


def test_killed_and_gone_on_with():
    raw = serve("vm.hdd", disk())
    process = subprocess.Popen([CLI, "images", "fetch", SERVER.url + "/stall/vm.hdd"], env=ENV,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while not (os.path.isdir(STORE + "/parts") and
               any(os.path.getsize(f"{STORE}/parts/{n}") >= len(raw) // 2 for n in os.listdir(STORE + "/parts"))):
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert len(left()["work"]) == 1 and names() == [], left()
    mark = len(SERVER.requests)
    fetch(SERVER.url + "/stall/vm.hdd")
    assert SERVER.since(mark)[0][1]["range"] == f"bytes={len(raw) // 2}-", SERVER.since(mark)
    assert stored() == raw and left() == {"disks": [sha256(raw)], "parts": [], "work": []}, left()


def test_interrupted():
    serve("vm.hdd", disk())
    process = subprocess.Popen([CLI, "images", "fetch", SERVER.url + "/silent/vm.hdd"], env=ENV,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    while not any(path == "/silent/vm.hdd" for path, _ in SERVER.requests):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=20)[1]
    assert process.returncode == 130, (process.returncode, said)
    nothing_left(parts=1)


def test_two_processes_fetch_the_same():
    raw = serve("vm.hdd", disk())
    first = subprocess.Popen([CLI, "images", "fetch", SERVER.url + "/silent/vm.hdd"], env=ENV,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while not (os.path.isdir(STORE + "/parts") and os.listdir(STORE + "/parts")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    fetch(SERVER.url + "/silent/vm.hdd", status=3, said="another process is fetching it now")
    first.send_signal(signal.SIGTERM)
    assert first.wait(20) == 130
    assert raw


# Liars ------------------------------------------------------------------------------------------

LIARS = (
    ("loop", 3, "the server redirects more than 10 times: in a loop, it seems"),
    ("to-file", 3, "the server redirects to what is neither http nor https"),
    ("to-nowhere", 3, "the server redirects, and does not say where to"),
    ("to-rubbish", 3, "the server redirects to what is no URL"),
    ("too-long", 3, "the connection broke, and the server says nothing to go on from there by"),
    ("chunks-cut", 3, "the connection broke, and the server says nothing to go on from there by"),
    ("huge", 3, "it has 1125899906842624 bytes; at most 1099511627776 are taken"),
    ("full", 3, "it has 1048575 MiB, and the disk of"),
    ("wrong-range", 3, "the server was asked to go on at byte 149760, and answers with another part"),
    ("forbidden", 3, "the server answers 403 Forbidden"),
    ("none", 3, "the server answers 404 Not Found"),
    ("silent", 3, "given up after"),
    ("drip-head", 3, "the server does not answer"),
    ("nothing", 3, "given up after"),
    ("rubbish", 3, "given up after"),
)


def test_liars():
    serve("vm.hdd", disk())
    for fault, status, said in LIARS:
        fresh_home()
        SERVER.counts.clear()
        fetch(f"{SERVER.url}/{fault}/vm.hdd", "--patience", "2s", status=status, said=said)
        now = left()
        assert now["disks"] == [] and now["work"] == [] and names() == [], (fault, now)


def test_too_short():
    raw = serve("vm.hdd", disk())
    fetch(SERVER.url + "/too-short/vm.hdd", "--sha256", sha256(raw), status=3, said="its SHA-256 is ")
    nothing_left()


def test_without_a_length():
    raw = serve("vm.hdd", disk())
    fetch(SERVER.url + "/no-length/vm.hdd", "--sha256", sha256(raw))
    assert stored() == raw


def test_busy_server():
    raw = serve("vm.hdd", disk())
    SERVER.counts.clear()
    done = fetch(SERVER.url + "/busy/vm.hdd")
    assert done[0]["breaks"] == 2 and stored() == raw, done


def test_redirects_within_the_limit():
    raw = serve("vm.hdd", disk())
    fetch(SERVER.url + "/chain/9/vm.hdd")
    assert stored() == raw


def test_nobody_there():
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    expect(cli("fetch", f"http://127.0.0.1:{port}/vm.hdd"), 3, "Connection refused")
    expect(cli("list", "--catalogue", f"http://127.0.0.1:{port}/"), 3, "Connection refused")
    for url in ("http://", "http:///x.img", "ftp://h/x.img", "http://h/a b.img"):
        assert cli("fetch", url).returncode in (2, 3), url


# Catalogues -------------------------------------------------------------------------------------

RELEASES = ("1;2.5.1;1;64;{0}/good/cernvm-basic-2.5.1.hdd.gz;Basic (QEMU,KVM)\r\n"
            "2;2.6.0;1;64;{0}/good/cernvm-basic-2.6.0.hdd.gz;Basic (QEMU,KVM)\r\n"
            "2;2.6.0;1;32;{0}/good/cernvm-basic-2.6.0-x86.vdi.gz;VirtualBox Image\r\n"
            "rubbish\r\n")


def listing(*words, status=0, said=None):
    done = expect(cli("list", "--json", *words), status, said)
    return json.loads(done.stdout) if status == 0 else None


def test_release_page():
    raw = disk()
    serve("releases.cgi", RELEASES.format(SERVER.url).encode())
    serve("cernvm-basic-2.6.0.hdd.gz", gzip.compress(raw))
    page = SERVER.url + "/good/releases.cgi"
    entries = listing("--catalogue", page, said="releases.cgi:4: it has too few fields")
    assert [e["version"] for e in entries] == ["2.6.0", "2.6.0", "2.5.1"], entries
    entries = listing("--catalogue", page, "--hypervisor", "qemu", "--arch", "x86_64", "--type", "basic",
                      "--newest")
    assert [(e["release"], e["version"], e["hypervisor"]) for e in entries] == [("2", "2.6.0", "kvm")], entries
    assert listing("--catalogue", page, "--release", "1")[0]["version"] == "2.5.1"
    assert listing("--catalogue", page, "--version", "3*") == []
    done = fetch("cernvm-basic", "--catalogue", page, "--hypervisor", "kvm")
    assert done[0]["name"] == "cernvm-basic-2.6.0" and stored("cernvm-basic-2.6.0") == raw, done
    expect(cli("fetch", "nothing-like-it", "--catalogue", page), 2, "no catalogue lists an image like")


def directory_page(*files):
    return ("<html><a href=\"?C=M;O=A\">x</a><a href=\"../\">up</a>" +
            "".join(f'<a href="{file}">{file}</a>\n' for file in files)).encode()


def test_directory_page():
    raw = disk()
    packed = serve("vm-1.10.hdd.gz", gzip.compress(raw))
    serve("vm-1.9.hdd", disk(seed=2))
    serve("SHA256SUMS", f"{sha256(packed)}  vm-1.10.hdd.gz\n".encode())
    serve("vm-1.9.hdd.sha256", f"SHA256 (vm-1.9.hdd) = {'0' * 64}\n".encode())
    serve("", directory_page("vm-1.9.hdd", "vm-1.9.hdd.sha256", "vm-1.10.hdd.gz", "SHA256SUMS"))
    page = SERVER.url + "/good/"
    entries = listing("--catalogue", page)
    assert [e["name"] for e in entries] == ["vm-1.10", "vm-1.9"], entries
    assert entries[0]["sha256"] == sha256(packed) and entries[1]["sha256"] is None, entries
    fetch("vm", "--catalogue", page)
    assert stored("vm-1.10") == raw
    fetch("vm-1.9", "--catalogue", page, status=3, said="and " + "0" * 64 + " was promised")
    assert names() == ["vm-1.10.image"] and left()["parts"] == [], left()


def test_settings():
    serve("releases.cgi", RELEASES.format(SERVER.url).encode())
    folder = ENV["XDG_CONFIG_HOME"] + "/cvmtester"
    os.mkdir(folder)
    expect(cli("list", "--available"), 2, "there is no catalogue; give one with --catalogue")
    with open(folder + "/settings.ini", "w", encoding="utf-8") as file:
        file.write(f"[Other x]\nKey=1\n[Catalogue cern]\nLocation={SERVER.url}/good/releases.cgi\n")
    assert len(listing("--available")) == 3 and len(listing("--catalogue", "cern")) == 3
    expect(cli("list", "--newest"), 2, "needs --catalogue or --available")
    with open(folder + "/settings.ini", "w", encoding="utf-8") as file:
        file.write("[Catalogue cern]\nUrl=x\n")
    expect(cli("list", "--available"), 2, "settings.ini:2: a catalogue has no key 'Url'")


OSINFO = """<libosinfo version="0.0.1"><os id="http://example.org/vm/1">
<short-id>vm1</short-id><name>VM</name><version>1.5</version>
<image arch="x86_64" format="qcow2" cloud-init="true"><url>http://127.0.0.1/vm.qcow2</url></image>
<image arch="x86_64" format="containerdisk"><url>quay.io/x/vm:1</url></image>
<image arch="i686" format="box"><url>http://127.0.0.1/vm.box</url></image></os></libosinfo>"""


def test_osinfo():
    folder = os.path.join(ENV["HOME"], "osinfo")
    os.makedirs(folder + "/os/example.org")
    with open(folder + "/os/example.org/vm-1.xml", "w", encoding="utf-8") as file:
        file.write(OSINFO)
    with open(ENV["HOME"] + "/leaks", "w", encoding="utf-8") as file:
        file.write("leak:libosinfo-1.0.so\n")          # its loader forgets some; not ours
    ENV.update(OSINFO_SYSTEM_DIR=folder, OSINFO_LOCAL_DIR=folder + "/none", OSINFO_USER_DIR=folder + "/none",
               LSAN_OPTIONS=f"suppressions={ENV['HOME']}/leaks:print_suppressions=0")
    entries = listing("--catalogue", "osinfo:")
    assert [(e["name"], e["version"], e["arch"], e["type"], e["release"]) for e in entries] == \
        [("vm", "1.5", "x86_64", "cloud", "vm1")], entries


BAD_CATALOGUES = (
    ("loop", "the server redirects more than 10 times"),
    ("to-file", "the server redirects to what is neither http nor https"),
    ("endless", "the page is larger than 4096 KiB"),
    ("drip", "The time limit was reached"),
    ("drip-head", "The time limit was reached"),
    ("silent", "The time limit was reached"),
    ("none", "the server answers 404 Not Found"),
    ("forbidden", "the server answers 403 Forbidden"),
    ("rubbish", "Cannot read "),
    ("nothing", "Cannot read "),
    ("too-long", "the server stopped after 11 of 111 bytes"),
    ("chunks-cut", "Cannot read "),
    ("good", "is no catalogue: neither lines of releases, nor a page with links to images, nor a folder"),
)


def test_bad_catalogues():
    serve("page", b"just words\n")
    for fault, said in BAD_CATALOGUES:
        began = time.monotonic()
        done = cli("list", "--catalogue", f"{SERVER.url}/{fault}/page", "--timeout", "2s")
        assert done.returncode in (2, 3), (fault, done)
        expect(done, done.returncode, said)
        assert time.monotonic() - began < 15, fault
        assert f"/{fault}/page" in done.stderr and done.stdout == "", done


# The store --------------------------------------------------------------------------------------

def the_disk():
    folder = f"{STORE}/disks/{left()['disks'][0]}"
    return [os.path.join(folder, name) for name in os.listdir(folder) if name != "contents.ini"][0]


def verify(status, *words):
    return [(c["change"], c["image"]) for c in json.loads(expect(cli("verify", "--json", *words), status).stdout)]


def test_verify():
    serve("vm.hdd", disk())
    fetch(SERVER.url + "/good/vm.hdd")
    assert verify(0) == [] and verify(0, "vm") == []
    path = the_disk()
    os.chmod(path, 0o644)
    with open(path, "r+b") as file:
        file.seek(1000)
        file.write(b"changed")
    assert verify(1) == [("sum", "vm")]
    with open(path, "ab") as file:
        file.write(b"x")
    assert verify(1, "vm") == [("size", "vm")]
    os.remove(path)
    assert verify(1) == [("missing", "vm")]
    open(os.path.dirname(path) + "/new", "w").close()
    assert sorted(verify(1)) == [("extra", "vm"), ("missing", "vm")]
    os.remove(os.path.dirname(path) + "/contents.ini")
    assert verify(1) == [("unreadable", "vm")]
    shutil.rmtree(os.path.dirname(path))
    assert verify(1) == [("missing", "vm")]
    expect(cli("verify", "none"), 2, "has no image of that name")


def test_rm_stays_inside():
    raw = serve("vm.hdd", disk())
    fetch(SERVER.url + "/good/vm.hdd")
    outside = os.path.join(TOP, "outside.img")
    with open(outside, "wb") as file:
        file.write(raw)
    for name, path in (("a", outside), ("b", "../../../../../../../.." + outside), ("c", "disks/../../x"),
                       ("d", "disks")):
        with open(f"{STORE}/{name}.image", "w", encoding="utf-8") as file:
            file.write(f"[Image]\nDisk={path}\nFormat=raw\n")
        expect(cli("rm", name), 0)
    assert os.path.exists(outside) and stored() == raw
    os.symlink(TOP, f"{STORE}/disks/link")
    with open(f"{STORE}/e.image", "w", encoding="utf-8") as file:
        file.write("[Image]\nDisk=disks/link/outside.img\nFormat=raw\n")
    expect(cli("rm", "e"), 0)
    assert os.path.exists(outside)
    for name in ("../vm", "/etc/passwd", "..", "x/y", "none"):
        expect(cli("rm", name), 2, "has no image of that name")


def test_rm_keeps_what_may_be_needed():
    raw = serve("vm.hdd", disk())
    fetch(SERVER.url + "/good/vm.hdd")
    with open(f"{STORE}/other.image", "w", encoding="utf-8") as file:
        file.write("[Image\n")
    expect(cli("rm", "vm"), 0)
    assert left()["disks"] == [sha256(raw)], left()


# Signatures -------------------------------------------------------------------------------------

def make_keys():
    home = tempfile.mkdtemp(dir=TOP)
    env = dict(os.environ, GNUPGHOME=home)

    def gpg(*words):
        return subprocess.run(["gpg", "--batch", "--quiet", "--no-tty", *words], env=env, check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE).stdout
    gpg("--passphrase", "", "--quick-gen-key", "Tester <t@example.org>", "ed25519", "sign", "0")
    ring = os.path.join(home, "ring.gpg")
    with open(ring, "wb") as file:
        file.write(gpg("--export"))

    def sign(data):
        path = os.path.join(home, "data")
        with open(path, "wb") as file:
            file.write(data)
        return gpg("--yes", "--output", "-", "--detach-sign", path)
    return ring, sign, lambda: subprocess.run(["gpgconf", "--kill", "all"], env=env, check=False)


def test_signatures():
    if not shutil.which("gpg"):
        return "no gpg here"
    ring, sign, stop = make_keys()
    strangers, stranger_signs, stop_strangers = make_keys()
    try:
        raw = serve("vm.hdd", disk())
        serve("sums.hdd", disk(seed=2))
        sums = serve("SHA256SUMS", f"{sha256(disk(seed=2))}  sums.hdd\n".encode())
        serve("", directory_page("vm.hdd", "vm.hdd.sig", "sums.hdd", "SHA256SUMS", "SHA256SUMS.gpg"))
        page = ("--catalogue", SERVER.url + "/good/", "--keyring", ring)
        serve("SHA256SUMS.gpg", sign(sums))
        for signature, said in ((sign(b"another"), "Signature of "),
                                (stranger_signs(raw), "which the keyring does not have"),
                                (b"no signature", "it is no signature")):
            serve("vm.hdd.sig", signature)
            fetch("vm", *page, status=3, said=said)
            nothing_left()
        serve("vm.hdd.sig", sign(raw))
        done = fetch("vm", *page)
        assert done[0]["signature"] == "a good signature by 'Tester <t@example.org>'", done
        assert fetch("sums", *page)[0]["signature"] is not None
        serve("SHA256SUMS.gpg", sign(b"another list"))
        expect(cli("rm", "sums"), 0)
        fetch("sums", *page, status=3, said="the file is not what 'Tester <t@example.org>' signed")
        fetch(SERVER.url + "/good/vm.hdd", "--keyring", ring, "--as", "x", status=3,
              said="offers no signature, and one is wanted")
        expect(cli("fetch", "vm", *page[:3], TOP + "/none.gpg", "--as", "y"), 3, "There is no file")
    finally:
        stop()
        stop_strangers()
    return None


# The terminal -----------------------------------------------------------------------------------

def test_progress_line():
    serve("vm.hdd", disk())
    master, slave = pty.openpty()
    process = subprocess.Popen([CLI, "images", "fetch", SERVER.url + "/stall/vm.hdd", "--patience", "4s"],
                               env=dict(ENV, TERM="xterm"), stdout=subprocess.DEVNULL, stderr=slave)
    os.close(slave)
    seen = b""
    while True:
        try:
            more = os.read(master, 4096)
        except OSError:
            break
        if not more:
            break
        seen += more
    os.close(master)
    assert process.wait(20) == 0, seen
    assert re.search(rb"\r\[0/1\]  vm \d+ %, [^\r]*/s", seen), seen
    assert seen.endswith(b"\r\x1b[K"), seen
    # None in a pipe
    serve("vm.hdd", disk(seed=2))
    assert "%" not in expect(cli("fetch", SERVER.url + "/good/vm.hdd", "--replace"), 0).stderr


def main():
    tests = [(name[5:], test) for name, test in globals().items() if name.startswith("test_")]
    if len(sys.argv) > 3:
        tests = [(name, test) for name, test in tests if name in sys.argv[3:]]
    print(f"TAP version 13\n1..{len(tests)}", flush=True)
    failed = 0
    for number, (name, test) in enumerate(tests, 1):
        try:
            fresh_home()
            SERVER.counts.clear()
            skip = test()
            print(f"ok {number} - {name}" + (f" # SKIP {skip}" if skip else ""), flush=True)
        except Exception:
            failed += 1
            print(f"not ok {number} - {name}", flush=True)
            print("".join("# " + line + "\n" for line in traceback.format_exc()[-3000:].splitlines()),
                  end="", flush=True)
    SERVER.close()
    shutil.rmtree(TOP)
    sys.exit(failed > 0)


main()
