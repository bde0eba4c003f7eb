#!/usr/bin/env python3
"""test-cernvm.py: an old CVM_* configuration, run as it stands, against a release page and the test appliance

SPDX-License-Identifier: GPL-2.0-or-later
"""
import functools
import glob
import gzip
import http.server
import json
import os
import re
import subprocess
import sys
import threading

import bed

SECRETS = {"CVM_WEB_ADMIN_PASS": "Sesame-admin-1", "CVM_WEB_ROOT_PASS": "Sesame-root-2",
           "CVM_WEB_USER_PASS": "Sesame-user-3", "CVM_TC_USER_PASS": "Sesame-bob-4"}
PRECONDITIONS = [*range(13), *range(14, 24)]     # the original's own lists for KVM
CASES = [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13]


class Page(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def serve(folder):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Page, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def field(image, key):
    with open(image) as file:
        return re.search("^%s=(.*)$" % key, file.read(), re.M).group(1)


class Release:
    """A release page with the test appliance on it, and the configuration that asks for it"""

    def __init__(self, test):
        self.test = test
        self.appliance = os.path.dirname(test.demo)
        self.image = os.path.join(self.appliance, "appliance.image")
        self.folder = os.path.join(test.folder, "release")
        os.mkdir(self.folder)
        self.server = serve(self.folder)
        self.url = "http://127.0.0.1:%d" % self.server.server_port
        self.publish()

    def publish(self):
        name = "cernvm-basic-2.5.1-1-x86_64.hdd.gz"
        with open(os.path.join(self.appliance, field(self.image, "Disk")), "rb") as disk, \
                gzip.open(os.path.join(self.folder, name), "wb", 1) as packed:
            packed.write(disk.read())
        with open(os.path.join(self.folder, "releases.cgi"), "w", newline="") as page:
            for ident, version, words in (("11", "2.5.0", "(QEMU,KVM)"), ("12", "2.5.1", "(QEMU,KVM)"),
                                          ("13", "2.5.1", "VirtualBox Image")):
                page.write("%s;%s;%s;64;%s/%s;CernVM Basic %s;\r\n" % (ident, version, ident, self.url, name, words))

    def template(self, more=""):
        path = os.path.join(self.test.folder, "cernvm-kvm.xml")
        folder = os.path.join(self.appliance, "")
        with open(path, "w") as file:
            file.write("<domain type='kvm'>\n<name>cernvm</name><memory>262144</memory><vcpu>1</vcpu>\n<os>"
                       "<type arch='x86_64'>hvm</type><kernel>%s</kernel><initrd>%s</initrd><cmdline>%s%s</cmdline></os>\n"
                       "</domain>\n" % (folder + field(self.image, "Kernel"), folder + field(self.image, "Initrd"),
                                        field(self.image, "Cmdline"), more))
        return path

    def cfg(self, name="cernvm-kvm.cfg", fault="", **changes):
        with open(os.path.join(self.appliance, field(self.image, "WebPasswordFile"))) as file:
            first = file.read().strip()
        settings = {"CVM_TS_SUITENAME": "CernVM-KVM-Tests", "CVM_TS_SUITEVERSION": "1.00",
                    "CVM_TS_REPORT_SERVER": "127.0.0.1", "CVM_TS_DOWNLOAD_PAGE": self.url + "/releases.cgi",
                    "CVM_PRECONDITION_TEST_LIST": " ".join(map(str, PRECONDITIONS)),
                    "CVM_TEST_CASE_LIST": " ".join(map(str, CASES)), "CVM_VM_HYPERVISOR": "kvm",
                    "CVM_VM_TEMPLATE": self.template(" cvm.fault=" + fault if fault else ""),
                    "CVM_VM_NET_TEMPLATE": "cernvm-net.xml", "CVM_VM_IMAGE_VERSION": "2.5.1",
                    "CVM_VM_IMAGE_TYPE": "basic", "CVM_VM_ARCH": "x86_64", "CVM_WEB_ADMIN_DEFAULT_PASS": first,
                    **SECRETS, **changes}
        path = os.path.join(self.test.folder, name)
        with open(path, "w") as file:
            file.write("# An old configuration\n")
            for key, value in settings.items():
                file.write('export %s="%s"\n' % (key, value))
        os.chmod(path, 0o600)
        return path


def run_cfg(test, cfg, *more):
    out = os.path.join(test.folder, "out-%d" % len(glob.glob(os.path.join(test.folder, "out-*"))))
    done = test.command("run", "--cfg", cfg, "--host", bed.URI, "--output", out, *more, timeout=300)
    return done, out


def points(report):
    return re.findall(r"^(ok|not ok) \d+ - (\S+) - (.*)$", report, re.M)


def find_secrets(folder):
    """Files below FOLDER with one of the passwords in them"""
    found = []
    for place, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(place, name), "rb") as file:
                text = file.read()
            found += [os.path.join(place, name) for secret in SECRETS.values() if secret.encode() in text]
    return found


def test_whole(tap, test, release):
    done, out = run_cfg(test, release.cfg())
    found = points(done.stdout)
    expected = ["precondition-%d" % n for n in PRECONDITIONS] + ["case-%d" % n for n in CASES]

    tap.point(done.returncode == 0, "the original's list: status 0", done.stdout, done.stderr)
    tap.point([name for _, name, _ in found] == expected, "its 36 points in its order", found)
    tap.point(all(ok == "ok" and "# SKIP" not in title for ok, _, title in found), "all ok, none skipped", found)
    report = os.path.join(out, "job-01", "report.tap")
    prove = subprocess.run(["prove", "--exec", "cat", report], capture_output=True, text=True, check=False)
    tap.point("Result: PASS" in prove.stdout, "prove takes the report", prove.stdout, prove.stderr)
    tap.point(not bed.leftovers(out), "nothing of it is left on the host", bed.leftovers(out))
    tap.point(not find_secrets(out), "no password is in what the run keeps", find_secrets(out))
    data = os.path.join(test.folder, "data")
    tap.point(not find_secrets(data), "nor in the user's data", find_secrets(data))
    secrets = [word for word in SECRETS.values() if word in done.stdout + done.stderr]
    tap.point(not secrets, "nor on the terminal", secrets)
    left = glob.glob(os.path.join(os.environ.get("XDG_RUNTIME_DIR", "/nowhere"), "cvmtester-cfg-*"))
    tap.point(not left, "the files of the configuration are gone", left)


def test_thirteen(tap, test, release):
    everything = " ".join(map(str, range(24)))
    done, _ = run_cfg(test, release.cfg(CVM_PRECONDITION_TEST_LIST=everything, CVM_TEST_CASE_LIST="0"))
    skipped = [(name, title) for _, name, title in points(done.stdout) if "# SKIP" in title]

    tap.point(done.returncode == 0, "a list that names 13: status 0", done.stdout, done.stderr)
    tap.point(len(skipped) == 1 and skipped[0][0] == "precondition-13" and "VirtualBox only" in skipped[0][1],
              "13 is skipped: VirtualBox only", skipped)


def test_shipped(tap, test, release):
    out = os.path.join(test.folder, "shipped")
    done = test.command("run", "--suite", "cernvm-release", "--image", release.image, "--host", bed.URI,
                        "--output", out, timeout=300)
    found = points(done.stdout)

    tap.point(done.returncode == 0, "the shipped suite on an image that is here: status 0", done.stdout, done.stderr)
    tap.point(len(found) == 37, "37 points", found)
    skipped = [name for _, name, title in found if "# SKIP" in title]
    tap.point(skipped == ["precondition-0", "precondition-1"], "only the search for an image is skipped", skipped)


def test_two_jobs(tap, test, release):
    done, out = run_cfg(test, release.cfg(), "--repeat", "2", "--parallel", "2")
    jobs = sorted(glob.glob(os.path.join(out, "job-*", "report.tap")))
    fine = []
    for job in jobs:
        with open(job) as file:
            fine.append("not ok" not in file.read())

    tap.point(done.returncode == 0 and fine == [True, True], "two jobs at once: both finish", done.stdout, done.stderr)
    tap.point(not bed.leftovers(out), "and nothing is left", bed.leftovers(out))



WRONG = [
    # what is changed, what is said
    ({"CVM_WEB_RESOLUTION": "1x1"}, r"cernvm-kvm.cfg:\d+: CVM_WEB_RESOLUTION: .*'1x1'; allowed: .*1024x768"),
    ({"CVM_WEB_EXPERIMENT_GROUP": "NOPE"}, r"CVM_WEB_EXPERIMENT_GROUP: .*allowed: .*ALICE"),
    ({"CVM_VM_MEMORY": "1000"}, r"CVM_VM_MEMORY: '1000' is not allowed; allowed: a multiple of 4096, in KiB"),
    ({"CVM_VM_MAC_ADDRESS": "nonsense"}, r"CVM_VM_MAC_ADDRESS: mac is 'nonsense'; allowed: six pairs"),
    ({"CVM_VM_HYPERVISOR": "KVM"}, r"CVM_VM_HYPERVISOR: 'KVM' is not allowed; allowed: kvm, qemu, vbox, vmware, xen"),
    ({"CVM_TEST_CASE_LIST": "0 14"}, r"CVM_TEST_CASE_LIST: '14' is no number of a test; allowed: 0 to 13"),
    ({"CVM_TEST_CASE_LIST": "3 3"}, r"'3' is listed twice"),
    ({"CVM_WEB_ROOT_PASS": "12345"}, r"CVM_WEB_ROOT_PASS: the password is too short; allowed: 6"),
    ({"CVM_WEB_STARTXONBOOT": "yes"}, r"'yes' is not allowed; allowed: on, off"),
    ({"CVM_X": "$(rm -rf ~)"}, r"cernvm-kvm.cfg:\d+: a command to run"),
    ({"CVM_TS_SUITENAME": ""}, r"CVM_TS_SUITENAME is not set"),
]


def test_wrong(tap, test, release):
    for changes, says in WRONG:
        done, out = run_cfg(test, release.cfg(**changes))
        tap.point(done.returncode == 2 and re.search(says, done.stderr), "%s: refused with what is allowed" % changes,
                  done.returncode, done.stderr)
        tap.point(not os.path.exists(out), "%s: before anything starts" % changes, out)
    done, out = run_cfg(test, release.cfg(), "--set", "precondition-19.experiment=NOPE")
    tap.point(done.returncode == 2 and "allowed: keep, ALICE" in done.stderr, "--set of a wrong experiment", done.stderr)
    done, out = run_cfg(test, release.cfg(), "--set", "precondition-2.memory=1001")
    tap.point(done.returncode == 2 and "a multiple of 4" in done.stderr, "--set of a wrong memory", done.stderr)


def test_import(tap, test, release):
    """The original's six configurations"""
    for hypervisor, host in (("kvm", "qemu:///session"), ("qemu", "qemu:///session"), ("vbox", "vbox:///session"),
                             ("vmware", "vmwarews:///session"), ("vmware", "vmwarews:///session"), ("xen", "xen:///system")):
        folder = os.path.join(test.folder, "imported")
        cfg = release.cfg(name="cernvm-%s.cfg" % hypervisor, CVM_VM_HYPERVISOR=hypervisor)
        done = test.command("suites", "import-cfg", cfg, "--output", folder, "--json")
        notes = json.loads(done.stdout or "[]")
        with open(cfg) as file:
            names = re.findall(r"^export (\w+)=", file.read(), re.M)
        tap.point(done.returncode == 0 and [note["name"] for note in notes] == names,
                  "%s: each setting is accounted for" % hypervisor, done.stdout, done.stderr)
        with open(os.path.join(folder, "cernvm-%s.profile" % hypervisor)) as file:
            profile = file.read()
        tap.point("Host=%s\n" % host in profile, "%s: the profile has its host" % hypervisor, profile)
        valid = test.command("suites", "validate", os.path.join(folder, "cernvm-%s.suite" % hypervisor))
        tap.point(valid.returncode == 0 and "36 points" in valid.stdout, "%s: the suite is valid" % hypervisor,
                  valid.stdout, valid.stderr)
        readable = [path for path in glob.glob(os.path.join(folder, "*.passwords", "*")) if os.stat(path).st_mode & 0o77]
        tap.point(not readable, "%s: nobody else can read a password" % hypervisor, readable)
        shown = [word for word in SECRETS.values() if word in done.stdout + done.stderr + profile]
        tap.point(not shown, "%s: none is shown" % hypervisor, shown)


def type_passwords(argv, env, password):
    """Runs the program on a terminal of its own, and answers each question: (status, what the terminal showed)"""
    pid, terminal = os.forkpty()
    if pid == 0:
        os.execvpe(argv[0], argv, env)
    shown, answered = b"", 0
    while True:
        try:
            block = os.read(terminal, 65536)
        except OSError:   # the program has ended
            break
        if not block:
            break
        shown += block
        if shown.count(b"Password for ") > answered:
            answered += 1
            os.write(terminal, password.encode() + b"\n")
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode(errors="replace"), answered


def test_prompt(tap, test, release):
    with open(os.path.join(release.appliance, field(release.image, "WebPasswordFile"))) as file:
        first = file.read().strip()
    argv = [test.cli, "run", "--suite", "cernvm-release", "--image", release.image, "--host", bed.URI, "--only", "case-1",
            "--output", os.path.join(test.folder, "prompted")]
    for number in (18, 19):
        argv += ["--set", "precondition-%d.password=prompt" % number]
    status, shown, answered = type_passwords(argv, test.env, first)

    tap.point(status == 0, "a password that is typed: status 0", shown)
    tap.point(answered == 1, "it is asked for once", answered)
    tap.point(first not in shown, "and not shown", shown)
    argv[argv.index("--output") + 1] += "-in-vain"
    done = subprocess.run(argv, env=test.env, capture_output=True, text=True, timeout=300, check=False, start_new_session=True)
    tap.point(done.returncode == 3 and "there is no terminal to ask" in done.stdout, "without a terminal: the reason",
              done.stdout, done.stderr)


SHORT = test_import, test_wrong, test_whole
LONG = test_thirteen, test_shipped, test_two_jobs, test_prompt


def main():
    tap = bed.Tap()
    with bed.Bed() as test:
        release = Release(test)
        for part in LONG if "long" in sys.argv else SHORT:
            part(tap, test, release)
        release.server.shutdown()
    tap.exit()


main()
