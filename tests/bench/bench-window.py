#!/usr/bin/env python3
"""bench-window.py: when the window is there, and how large the program is then

SPDX-License-Identifier: GPL-2.0-or-later

Nine starts of each in turn after one that is not counted: a bare GTK window, cvmtester, virt-viewer on
test:///default. Under a display of its own (Xvfb -noreset). Exit status 1 when a limit is not held:
mapped no later than virt-viewer and within 3.3 × the bare window, resident after 3 s within 2.3 ×.
"""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

ROUNDS = 9
SETTLE = "3"
MAP_LIMIT = 3.3
MEMORY_LIMIT = 2.3


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
    }
    with tempfile.TemporaryDirectory(prefix="cvm-bench-") as home:
        env = {**os.environ, "NO_AT_BRIDGE": "1", "GSETTINGS_BACKEND": "memory"}
        for name in ("DATA", "CONFIG", "STATE", "CACHE"):
            env["XDG_%s_HOME" % name] = os.path.join(home, name.lower())
        if shutil.which("virt-viewer") is None:
            print("virt-viewer is not installed: build-aux/packages all")
            sys.exit(1)
        for argv in programs.values():
            measure(argv, env, "1")
        seen = {name: [] for name in programs}
        for _ in range(ROUNDS):
            for name, argv in programs.items():
                seen[name].append(measure(argv, env, SETTLE))

    mapped = {name: statistics.median(ms for ms, _ in values) for name, values in seen.items()}
    resident = {name: statistics.median(kib for _, kib in values) for name, values in seen.items()}
    for name in programs:
        print("%-12s mapped after %6.1f ms (%.2f x bare), resident %6.1f MiB (%.2f x bare)"
              % (name, mapped[name], mapped[name] / mapped["bare"], resident[name] / 1024, resident[name] / resident["bare"]))
    held = (mapped["cvmtester"] <= mapped["virt-viewer"] and mapped["cvmtester"] <= MAP_LIMIT * mapped["bare"]
            and resident["cvmtester"] <= MEMORY_LIMIT * resident["bare"])
    sys.exit(0 if held else 1)


main()
