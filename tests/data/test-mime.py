#!/usr/bin/env python3
"""test-mime.py: the types of the files that the program opens, as the desktop tells them

SPDX-License-Identifier: GPL-2.0-or-later

Usage: test-mime.py PACKAGE.xml PROGRAM.desktop; prints TAP. In a folder of its own; changes nothing
of the user's.
"""
import os
import shutil
import subprocess
import sys
import tempfile

FILES = {
    "a.suite": (b"[Suite]\nName=x\n", "application/x-cvmtester-suite"),
    "suite": (b"# mine\n[Suite]\nName=x\n", "application/x-cvmtester-suite"),
    "a.tap": (b"1..1\nok 1\n", "text/x-tap"),
    "tap": (b"TAP version 13\n1..1\nok 1\n", "text/x-tap"),
    "a.tap.tgz": (b"\x1f\x8b", "application/x-tap-archive"),
    "a.tap.zip": (b"PK\x03\x04", "application/x-tap-zip"),
    "a.cfg": (b"export CVM_TS_X=1\n", "text/x-cvmtester-cfg"),
    "cfg": (b"#!/bin/sh\nexport CVM_TS_X=1\n", "text/x-cvmtester-cfg"),
    "a.txt": (b"hello\n", "text/plain"),
    "a.qcow2": (b"QFI\xfb\0\0\0\3", "application/x-qemu-disk"),
}


def type_of(path, env):
    done = subprocess.run(["gio", "info", "-a", "standard::content-type", path], env=env,
                          capture_output=True, text=True, check=True)
    return done.stdout.rsplit(":", 1)[-1].strip()


def main():
    package, desktop = sys.argv[1:]
    home = tempfile.mkdtemp(prefix="cvm-mime-")
    results = []
    try:
        data = os.path.join(home, "data")
        os.makedirs(os.path.join(data, "mime", "packages"))
        os.makedirs(os.path.join(data, "applications"))
        shutil.copy(package, os.path.join(data, "mime", "packages"))
        shutil.copy(desktop, os.path.join(data, "applications"))
        env = dict(os.environ, XDG_DATA_HOME=data, HOME=home, LC_ALL="C.UTF-8")
        done = subprocess.run(["update-mime-database", os.path.join(data, "mime")], env=env,
                              capture_output=True, text=True)
        results.append((done.returncode == 0 and not done.stderr.strip(), "the package is taken",
                        done.stderr))
        for name, (body, kind) in FILES.items():
            path = os.path.join(home, name)
            with open(path, "wb") as file:
                file.write(body)
            found = type_of(path, env)
            results.append((found == kind, "%s is %s" % (name, kind), found))
        with open(desktop) as file:
            line = next(line for line in file if line.startswith("MimeType="))
        opened = line.strip().split("=", 1)[1].split(";")
        ours = {kind for _, kind in FILES.values()} - {"text/plain"}
        results.append((ours <= set(opened), "the program opens them all", ours - set(opened)))
    finally:
        shutil.rmtree(home)

    for number, (ok, title, why) in enumerate(results, 1):
        print("%sok %d - %s%s" % ("" if ok else "not ", number, title,
                                  "" if ok else "\n# %s" % why))
    print("1..%d" % len(results))
    return 0 if all(ok for ok, _, _ in results) else 1


sys.exit(main())
