#!/usr/bin/env python3
"""test-images-import.py: images import and images prepare as a user meets them

SPDX-License-Identifier: GPL-2.0-or-later

Usage: test-images-import.py CVMTESTER-CLI SOURCE
"""
import gzip
import hashlib
import io
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import zipfile

CLI, ROOT = sys.argv[1], sys.argv[2]
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGxYy1 tester@example\n"
LIMIT = 60    # seconds


class Box:
    """A home of its own, and a folder to put files in"""

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="cvm-import-")
        self.env = {**os.environ, "LC_ALL": "C.UTF-8", "CVMTESTER_DATA_DIR": os.path.join(ROOT, "data")}
        for name in ("DATA", "CONFIG", "STATE", "CACHE"):
            self.env["XDG_%s_HOME" % name] = os.path.join(self.folder, name.lower())
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, data):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "wb") as file:
            file.write(data)
        return self.path(name)

    def run(self, *argv, **more):
        return subprocess.run([CLI, "images", *argv], env=self.env, capture_output=True, text=True, errors="replace",
                              timeout=LIMIT, **more)

    def import_json(self, *argv):
        done = self.run("import", "--json", *argv)
        assert done.returncode == 0, done.stderr
        (image,) = json.loads(done.stdout)
        return image

    def store(self):
        """What lies in the user's folder, but for its own bookkeeping"""
        top = os.path.join(self.folder, "data", "cvmtester", "images")
        return sorted(os.path.relpath(os.path.join(folder, name), top) for folder, _, names in os.walk(top)
                      for name in names if name not in ("lock", ".lock"))


def disk(mark=b"the disk"):
    """1 MiB with a boot sector's mark"""
    data = bytearray(1 << 20)
    data[510:512] = b"\x55\xaa"
    data[700000:700000 + len(mark)] = mark
    return bytes(data)


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def tar(entries, mode="w"):
    """Bytes of a tar; entries are (name, data), or a TarInfo"""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for entry in entries:
            if isinstance(entry, tarfile.TarInfo):
                archive.addfile(entry)
            else:
                info = tarfile.TarInfo(entry[0])
                info.size = len(entry[1])
                archive.addfile(info, io.BytesIO(entry[1]))
    return out.getvalue()


def zipped(entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()


OVF = b"""<?xml version="1.0"?><Envelope xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"><References>
<File ovf:href="box.img" ovf:id="f1"/></References><DiskSection><Disk ovf:diskId="d" ovf:fileRef="f1"/></DiskSection></Envelope>"""

GOOD = {
    "box.img": disk(),
    "box.img.gz": gzip.compress(disk()),
    "box.tar.gz": tar([("./README", b"hello"), ("./sub/box.img", disk())], "w:gz"),
    "box.tar.xz": tar([("box.img", disk())], "w:xz"),
    "box.zip": zipped([("README", b"hello"), ("box.img", disk())]),
    "box.ova": tar([("box.ovf", OVF), ("box.img", disk()), ("other.img", disk(b"not this one"))]),
}


def test_good():
    for name, data in GOOD.items():
        with Box() as box:
            image = box.import_json(box.write("from/" + name, data))
            assert image["name"] == "box", (name, image)
            assert image["format"] == "raw", (name, image)
            with open(image["disk"], "rb") as file:
                assert file.read() == disk(), name
            assert box.run("verify").returncode == 0, name
            assert len(box.store()) == 3, (name, box.store())    # the disk, its sums, and box.image


def test_folder():
    with Box() as box:
        box.write("from/README", b"hello")
        box.write("from/first.img", disk(b"first"))
        assert box.import_json(box.path("from"), "--as", "one")["name"] == "one"
        box.write("from/second.img", disk(b"second"))
        refused = box.run("import", box.path("from"), "--as", "two")
        assert refused.returncode == 2, refused
        assert "there are 2 disks in it, so say which one is meant: 'first.img', 'second.img'" in refused.stderr
        image = box.import_json(box.path("from"), "--as", "two", "--disk", "second.img")
        with open(image["disk"], "rb") as file:
            assert file.read() == disk(b"second")


def test_split():
    with Box() as box:
        raw = box.write("raw", disk())
        os.mkdir(box.path("from"))
        subprocess.run(["qemu-img", "convert", "-q", "-f", "raw", "-O", "vmdk", "-o", "subformat=twoGbMaxExtentFlat", raw,
                        box.path("from/box.vmdk")], check=True)
        image = box.import_json(box.path("from/box.vmdk"))
        subprocess.run(["qemu-img", "compare", "-q", "-f", "raw", "-F", "vmdk", raw, image["disk"]], check=True)


def test_name_taken():
    with Box() as box:
        box.import_json(box.write("a/box.img", disk(b"first")))
        other = box.write("b/box.img", disk(b"second"))
        before = box.store()
        taken = box.run("import", other)
        assert taken.returncode == 2, taken
        assert box.store() == before
        assert box.import_json(other, "--replace")["name"] == "box"


def link(name, target, kind=tarfile.SYMTYPE):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def damaged(data):
    changed = bytearray(data)
    changed[-6] ^= 1
    return bytes(changed)


BACKED = b"# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\ncreateType=\"monolithicFlat\"\n\nRW 2048 FLAT \"/etc/passwd\" 0\n"

# file name → bytes, what the message says, exit status
BAD = {
    "dots.tar": (tar([("../escaped", b"x")]), "'../escaped' points outside the folder", 2),
    "absolute.zip": (zipped([("/tmp/escaped", b"x")]), "points outside the folder", 2),
    "link.tar": (tar([link("out", "/tmp"), ("out/escaped", b"x")]), "'out' is a symbolic link", 2),
    "hard.tar": (tar([link("disk", "/etc/passwd", tarfile.LNKTYPE)]), "'disk' is a hard link", 2),
    "sum.img.gz": (damaged(gzip.compress(disk())), "the gz data has the wrong checksum", 2),
    "cut.img.gz": (gzip.compress(disk())[:-20], "the gz data ends too early", 2),
    "cut.tar": (tar([("box.img", disk())])[:5120], "'box.img' is damaged or cut off", 2),
    "twice.tar": (tar([("box.img", disk()), ("box.img", disk(b"2"))]), "'box.img' is there twice", 2),
    "nested.tar": (tar([("box.tar.gz", GOOD["box.tar.gz"])]), "'box.tar.gz' is packed once more", 2),
    "none.tar": (tar([("README", b"hello")]), "there is no disk in it; there is: 'README'", 2),
    "backed.tar": (tar([("box.vmdk", BACKED)]), "it draws on", 3),
    "README": (b"hello", "there is no disk in it", 2),
    "empty.img": (b"", "there is nothing in it", 2),
}


def test_bad():
    for name, (data, what, status) in BAD.items():
        with Box() as box:
            path = box.write("from/" + name, data)
            done = box.run("import", path)
            assert done.returncode == status, (name, done)
            assert what in done.stderr and path in done.stderr, (name, done.stderr)
            assert done.stdout == "", (name, done.stdout)
            assert box.store() == [], (name, box.store())
            assert not os.path.exists(box.path("escaped")) and not os.path.exists("/tmp/escaped"), name


def test_no_file():
    with Box() as box:
        os.mkfifo(box.path("fifo"))
        done = box.run("import", box.path("fifo"))
        assert done.returncode == 2 and "neither a file nor a folder" in done.stderr, done
        done = box.run("import", box.path("nothing"))
        assert done.returncode == 2 and "No such file" in done.stderr, done
        assert box.run("import", box.write("x.img", disk()), "--as", "../x").returncode == 2
        assert box.run("import").returncode == 2
        assert box.store() == []


def test_too_large():
    """A file that may not grow is as good as a full disk"""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300000, 300000))

    with Box() as box:
        path = box.write("from/box.img.gz", gzip.compress(disk()))
        done = box.run("import", path, preexec_fn=limit)
        assert done.returncode == 3, done
        assert "box.img" in done.stderr, done.stderr
        assert box.store() == []


# images prepare -----------------------------------------------------------------------------------


def prepared(box, *argv):
    done = box.run("prepare", "--json", *argv)
    assert done.returncode == 0, done.stderr
    (made,) = json.loads(done.stdout)
    return made


def test_prepare():
    with Box() as box:
        image = box.import_json(box.write("from/box.img", disk()))
        before = sha256(image["disk"])
        key = box.write("key", b"private")
        box.write("key.pub", KEY.encode())
        user_data = box.write("user-data", b"[amiconfig]\nsecret=sesame\n")
        for hypervisor, kind in (("qemu", "qcow2"), ("vbox", "vdi"), ("vmware", "vmdk"), ("xen", "raw")):
            out = box.path(hypervisor)
            os.mkdir(out)
            made = prepared(box, "box", "--for", hypervisor, "--user", "debian", "--key", key, "--user-data", user_data,
                            "--output", out)
            assert made["format"] == kind and made["hypervisor"] == hypervisor, made
            assert sorted(os.listdir(out)) == sorted(["box." + kind, "box-seed.iso", "box-context.iso", "box.image"])
            subprocess.run(["qemu-img", "compare", "-q", "-f", "raw", "-F", kind, image["disk"], made["disk"]], check=True)

            done = box.run("show", made["image"], "--json")
            assert done.returncode == 0, done.stderr
            (shown,) = json.loads(done.stdout)
            assert shown["seed"] == made["seed"] and shown["context"] == made["context"] and shown["user"] == "debian"
            assert shown["disk"] == (image["disk"] if kind == "qcow2" else made["disk"]), shown
            assert sha256(image["disk"]) == before, hypervisor

            again = box.run("prepare", "box", "--for", hypervisor, "--output", out)
            assert again.returncode == 2 and "is there already" in again.stderr, again


def test_prepare_beside():
    """The folder of the image itself is none to prepare into"""
    with Box() as box:
        image = box.import_json(box.write("from/box.img", disk()))
        before = sha256(image["path"]), box.store()
        done = box.run("prepare", "box", "--for", "vbox", "--output", os.path.dirname(image["path"]))
        assert done.returncode == 2 and "box.image is there already" in done.stderr, done
        assert (sha256(image["path"]), box.store()) == before


def test_names():
    """Names that are not ASCII, as three kinds of archives write them, in a locale that knows none of it"""
    for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, None):
        with Box() as box:
            box.env["LC_ALL"] = "C"
            name = "b\u00fcx \u65e5.img"
            out = io.BytesIO()
            if form is None:
                out.write(zipped([(name, disk())]))
            else:
                with tarfile.open(fileobj=out, mode="w", format=form) as archive:
                    info = tarfile.TarInfo(name)
                    info.size = 1 << 20
                    archive.addfile(info, io.BytesIO(disk()))
            image = box.import_json(box.write("from/box.tar", out.getvalue()))
            assert os.path.basename(image["disk"]) == name, (form, image)


def test_prepare_refused():
    with Box() as box:
        box.import_json(box.write("from/box.img", disk()))
        private = box.write("wrong.pub", b"-----BEGIN OPENSSH PRIVATE KEY-----\nsesame\n")
        box.write("key.pub", KEY.encode())
        large = box.write("large", b"x" * 20000)
        os.mkdir(box.path("out"))
        for argv, what in (
                (["box", "--for", "bhyve"], "'bhyve' is no hypervisor"),
                (["box", "--user", "debian"], "no key to log in with"),
                (["box", "--key", private], "that is a private key"),
                (["box", "--key", box.path("none")], "none.pub"),
                (["box", "--key", box.path("key"), "--user", "a b"], "'a b' is no user's name"),
                (["box", "--key", box.path("key"), "--host-name", "a_b"], "'a_b' is no host name"),
                (["box", "--user-data", large], "CernVM takes 1 to 16384"),
                (["nobody"], "There is no image 'nobody'"),
        ):
            done = box.run("prepare", *argv, "--output", box.path("out"))
            assert done.returncode == 2, (argv, done)
            assert what in done.stderr and "sesame" not in done.stderr, (argv, done.stderr)
            assert os.listdir(box.path("out")) == [], argv


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
            for line in repr(error).splitlines():
                print("# " + line[:2000], flush=True)
    print("1..%d" % len(tests))
    sys.exit(1 if failed else 0)


main()
