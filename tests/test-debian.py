#!/usr/bin/env python3
"""test-debian.py: whole runs on a real Debian with systemd: it boots, answers, restarts and stops

SPDX-License-Identifier: GPL-2.0-or-later

The last part takes the same disk from a server of this machine: fetched, unpacked, verified, prepared.
CVM_TEST_DEBIAN is the folder of the guest that tests/guest/make-debian makes. All runs are emulated.
"""
import contextlib
import functools
import hashlib
import http.server
import json
import os
import re
import subprocess
import threading

import bed

BOOTS = os.path.join(bed.SOURCE, "data", "suites", "boots-and-answers.suite")
RUN_LIMIT = 600    # seconds

# What /run holds is gone after a restart, what /var holds is not; the journal tells how the last boot
# ended, and counts them.
HISTORY = ("test ! -e /run/mark && test -e /var/mark && "
           "journalctl -q -b -1 | grep -Eq 'Reached target (poweroff|reboot)' && journalctl -q --list-boots | wc -l")

SUITE = """
[Precondition start]
Check=guest.start
[Precondition booted]
Check=serial.expect
Timeout=5m
[Case running]
Check=ssh.command
command=systemctl is-system-running --wait
output=^running$
Timeout=5m
[Case boot-log]
Check=boot.errors
[Case found]
Title=What is in the log is found there
Check=boot.errors
pattern=Linux version
[Case clock]
Check=time.sync
limit=5s
[Case self-test]
Check=tap.guest
script=self-test.sh
[Case mark]
Check=ssh.command
command=touch /run/mark /var/mark
[Case restart]
Check=guest.restart
Needs=mark
[Case restarted]
Check=ssh.command
command=HISTORY
output=^2$
Needs=restart
[Case stop]
Check=guest.stop
Needs=restart
[Case again]
Title=It starts once more from what it wrote
Check=guest.start
Needs=stop
[Case stopped]
Check=ssh.command
command=HISTORY
output=^3$
Timeout=5m
Needs=again
""".replace("HISTORY", HISTORY)

# What lies on the CD that `images prepare` made: read by the guest, found by its label
SEED = """
[Precondition start]
Check=guest.start
[Precondition booted]
Check=serial.expect
Timeout=5m
[Case seed]
Check=ssh.command
command=mount -o ro /dev/disk/by-label/cidata /mnt && grep -h . /mnt/meta-data /mnt/user-data /mnt/network-config | tr -d '\\n'
output="local-hostname" : "served-1".*#cloud-config.*"name" : "root".*"ssh_authorized_keys".*ssh-ed25519.*"dhcp4" : true
[Case not-writable]
Check=ssh.command
command=cat /sys/block/$(basename $(readlink /dev/disk/by-label/cidata))/ro
output=^1$
"""

SELF_TEST = """
service () {
    systemctl is-active --quiet "$2" && echo "    ok $1 - $2" || echo "    not ok $1 - $2"
}
echo TAP version 14
echo 1..3
[ "$(cat /proc/1/comm)" = systemd ] && echo ok 1 - the first process is systemd
echo '# Subtest: services'
echo '    1..3'
service 1 ssh.service
service 2 systemd-networkd.service
service 3 dbus.service
echo ok 2 - services
echo 'not ok 3 - swap # TODO it has none'
"""


def sha256(path):
    with open(path, "rb") as file:
        digest = hashlib.sha256()
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def sums(image):
    """Of each file that the image names, but its key"""
    with open(image) as file:
        names = re.findall(r"^(?:Disk|Kernel|Initrd|Mask)=(.*)$", file.read(), re.M)
    return {name: sha256(os.path.join(os.path.dirname(image), name)) for name in names}


def run(tap, test, image, suite):
    """Runs SUITE; what is true of every run: (exit status, standard output, standard error)"""
    before = sums(image)
    status, stdout, stderr, out = test.run(suite, "--hypervisor", "qemu", image=image, timeout=RUN_LIMIT)
    name = os.path.basename(suite)

    tap.point(sums(image) == before, name + ": the image was not written")
    tap.point(not bed.leftovers(out), name + ": nothing is left", *bed.leftovers(out))
    return status, stdout, stderr, os.path.join(out, "job-01")


def points(report):
    """Id → whether it passed, of each point at the left edge; one that was skipped did not"""
    found = re.findall(r"^(not )?ok \d+ - (\S+)(.*)", report, re.M)
    return {name: not no and "# SKIP" not in rest for no, name, rest in found}


def boots_and_answers(tap, test, image):
    status, stdout, stderr, job = run(tap, test, image, BOOTS)
    result = points(stdout)

    tap.point(status == 0, "it boots and answers", status, stdout, stderr)
    tap.point(len(result) == 7 and all(result.values()), "each of its 7 points is ok", stdout)
    verdict = subprocess.run(["prove", "-e", "cat", os.path.join(job, "report.tap")], capture_output=True, text=True)
    tap.point(verdict.returncode == 0, "prove accepts the report", verdict.stdout, verdict.stderr)
    with open(os.path.join(job, "serial.log"), errors="replace") as serial:
        text = serial.read()
    tap.point(text.count("Linux version") == 2, "its console has two boots", text[-2000:])
    tap.point(text.count("reboot: Power down") == 2, "and two shutdowns", text[-2000:])


def life(tap, test, image):
    with open(os.path.join(test.folder, "self-test.sh"), "w") as script:
        script.write(SELF_TEST)
    status, stdout, stderr, _ = run(tap, test, image, test.suite(SUITE, "life"))
    result = points(stdout)

    for name in re.findall(r"^\[\w+ (\S+)\]", SUITE, re.M):
        tap.point(result.get(name) == (name != "found"), "%s is %s" % (name, "not ok" if name == "found" else "ok"),
                  stdout, stderr)
    tap.point(status == 1, "the run's status tells of the one", status)
    tap.point(re.search(r"^ {8}ok 2 - systemd-networkd\.service$", stdout, re.M), "a subtest of a subtest is in the report", stdout)
    tap.point(re.search(r"^ {4}not ok 3 - swap # TODO it has none$", stdout, re.M), "so is what is to do", stdout)


@contextlib.contextmanager
def serving(folder):
    """The URL of FOLDER"""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    handler.func.log_message = lambda *_: None
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield "http://127.0.0.1:%d/" % server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def publish(test, disk):
    """A folder as a download page has it: the disk packed, and its sum"""
    folder = os.path.join(test.folder, "www")
    os.mkdir(folder)
    packed = os.path.join(folder, "debian-12-amd64.qcow2.gz")
    with open(packed, "wb") as file:
        subprocess.run(["gzip", "-1", "-c", disk], stdout=file, check=True)
    with open(os.path.join(folder, "SHA256SUMS"), "w") as file:
        file.write("%s  %s\n" % (sha256(packed), os.path.basename(packed)))
    return folder


def with_kernel(image, prepared, path):
    """PREPARED's image, and what the guest of IMAGE boots with: it has no boot loader"""
    folder = os.path.dirname(image)
    with open(image) as file:
        lines = re.findall(r"^(?:Kernel|Initrd|Cmdline|Memory|Cpus|Ready|Mask)=.*$", file.read(), re.M)
    lines = [re.sub(r"^(Kernel|Initrd|Mask)=", r"\1=%s/" % folder, line) for line in lines]
    with open(prepared) as file:
        kept = [line for line in file.read().splitlines() if not line.startswith(("Memory=", "Cpus="))]
    with open(path, "w") as file:
        file.write("\n".join(kept + lines) + "\n")


def served(tap, test, image):
    """From a page of the web to a guest that answers"""
    disk = os.path.join(os.path.dirname(image), "debian.qcow2")
    out = os.path.join(test.folder, "prepared")
    with serving(publish(test, disk)) as url:
        done = test.command("images", "fetch", "--json", "--catalogue", url, "debian", timeout=RUN_LIMIT)
    tap.point(done.returncode == 0, "it is fetched", done.stdout, done.stderr)
    name = json.loads(done.stdout)[0]["name"]
    shown = json.loads(test.command("images", "show", "--json", name).stdout)[0]
    tap.point(sha256(shown["disk"]) == sha256(disk), "and is what was packed", shown)
    tap.point(test.command("images", "verify", name, timeout=RUN_LIMIT).returncode == 0, "it verifies")

    key = os.path.join(test.folder, "key")
    with open(os.path.join(os.path.dirname(image), "debian-key"), "rb") as file, \
            open(key, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as copy:
        copy.write(file.read())
    with open(key + ".pub", "w") as file:
        subprocess.run(["ssh-keygen", "-y", "-f", key], stdout=file, check=True)
    os.mkdir(out)
    done = test.command("images", "prepare", name, "--json", "--user", "root", "--key", key, "--host-name", "served-1",
                        "--output", out)
    tap.point(done.returncode == 0, "it is prepared", done.stdout, done.stderr)
    bootable = os.path.join(out, "served.image")
    with_kernel(image, json.loads(done.stdout)[0]["image"], bootable)
    boots_and_answers(tap, test, bootable)
    status, stdout, stderr, _ = run(tap, test, bootable, test.suite(SEED, "seed"))
    tap.point(status == 0, "the guest reads its seed, and cannot write it", status, stdout, stderr)
    tap.point(test.command("images", "verify", name, timeout=RUN_LIMIT).returncode == 0, "the store's disk was not written")


# What of the release suite needs no web interface
RELEASE = """CVM_TS_SUITENAME=Debian
CVM_TS_SUITEVERSION=12
CVM_VM_HYPERVISOR=qemu
CVM_TS_DOWNLOAD_PAGE=http://127.0.0.1:1/
CVM_PRECONDITION_TEST_LIST="0 1 2 3 4 5 6 7 8 9 10 11 12 14 15"
CVM_TEST_CASE_LIST="1 2 3 7"
CVM_VM_MEMORY=786432
"""


def release(tap, test, image):
    cfg = os.path.join(test.folder, "debian.cfg")
    with open(cfg, "w") as file:
        file.write(RELEASE)
    done = test.command("run", "--cfg", cfg, "--image", image, "--host", bed.URI, "--set", "case-3.daemon=false",
                        "--output", os.path.join(test.folder, "release"), timeout=RUN_LIMIT)
    found = points(done.stdout)
    tap.point(done.returncode == 0, "the release suite without a web interface: status 0", done.stdout, done.stderr)
    others = [name for name, ok in found.items() if not ok]
    tap.point(len(found) == 19 and others == ["precondition-0", "precondition-1"],
              "its 19 points are ok, the search for an image passed over", done.stdout)


def main():
    tap = bed.Tap()
    image = os.path.join(os.environ["CVM_TEST_DEBIAN"], "debian.image")
    with bed.Bed() as test:
        boots_and_answers(tap, test, image)
        life(tap, test, image)
        served(tap, test, image)
        release(tap, test, image)
    tap.exit()


main()
