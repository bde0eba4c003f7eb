#!/usr/bin/env python3
"""bench-window.py: when the window is there, and how large the program is then

SPDX-License-Identifier: GPL-2.0-or-later

Nine starts of each in turn after one that is not counted: a bare GTK window, cvmtester with 10 000 runs
in its history, virt-viewer and virt-manager on test:///default. Under a display of its own (Xvfb
-noreset). Exit status 1 when a limit is not held: mapped no later than virt-viewer, within 3.3 × the
bare window and 0.35 × virt-manager; resident after 3 s within 2.3 × the bare one and 0.6 × virt-manager.
"""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

ROUNDS = 9
SETTLE = "3"
N_RUNS = 10000
FIRST_LOOK = "20"      # seconds: it takes in all runs
MAP_LIMITS = {"bare": 3.3, "virt-viewer": 1.0, "virt-manager": 0.35}
MEMORY_LIMITS = {"bare": 2.3, "virt-manager": 0.6}
MAKE_HISTORY = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "make-history")


def measure(argv, env, settle):
    out = subprocess.run([os.environ["CVM_MAP_WATCH"], settle, *argv], env=env, check=True, capture_output=True,
                         text=True).stdout
    ms, kib = out.split()
    return float(ms), int(kib)


def main():
    programs = {
        "bare": [os.environ["CVM_BARE_WINDOW"]],
        "cvmtester": [os.environ["CVM_APP"]],
        "virt-viewer": ["virt-viewer", "-c", "test:///default", "test"],
        "virt-manager": ["virt-manager", "--no-fork", "-c", "test:///default"],
    }
    with tempfile.TemporaryDirectory(prefix="cvm-bench-") as home:
        env = {**os.environ, "NO_AT_BRIDGE": "1", "GSETTINGS_BACKEND": "memory"}
        for name in ("DATA", "CONFIG", "STATE", "CACHE"):
            env["XDG_%s_HOME" % name] = os.path.join(home, name.lower())
        for name in ("virt-viewer", "virt-manager"):
            if shutil.which(name) is None:
                print(name + " is not installed: build-aux/packages all")
                sys.exit(1)
        subprocess.run([MAKE_HISTORY, os.path.join(home, "data", "cvmtester", "runs"), str(N_RUNS)], check=True)
        for name, argv in programs.items():
            measure(argv, env, FIRST_LOOK if name == "cvmtester" else "1")
        seen = {name: [] for name in programs}
        for _ in range(ROUNDS):
            for name, argv in programs.items():
                seen[name].append(measure(argv, env, SETTLE))

    mapped = {name: statistics.median(ms for ms, _ in values) for name, values in seen.items()}
    resident = {name: statistics.median(kib for _, kib in values) for name, values in seen.items()}
    for name in programs:
        print("%-12s mapped after %6.1f ms (%.2f x bare), resident %6.1f MiB (%.2f x bare)"
              % (name, mapped[name], mapped[name] / mapped["bare"], resident[name] / 1024, resident[name] / resident["bare"]))
    held = all(mapped["cvmtester"] <= limit * mapped[name] for name, limit in MAP_LIMITS.items()) and all(
        resident["cvmtester"] <= limit * resident[name] for name, limit in MEMORY_LIMITS.items())
    sys.exit(0 if held else 1)


main()
