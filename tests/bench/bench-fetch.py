#!/usr/bin/env python3
"""bench-fetch.py: images fetch of a packed disk, against curl piped to gzip -d and sha256sum

SPDX-License-Identifier: GPL-2.0-or-later

Usage: bench-fetch.py [MIB]: the disk's size; default 1024
Three pairs in turn; ours also keeps the disk under its sum and makes an overlay on it. Exit status 1 when
the median of the pairs' ratios is over 1.3, or ours took more than 64 MiB of memory.
"""
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

PAIRS = 3
RATIO_LIMIT = 1.3
MEMORY_LIMIT_MIB = 64
CLI = os.environ["CVM_CLI"]


def make_disk(path, mib):
    """A third of it zeros, a third that packs, a third that does not"""
    rand = random.Random(1)
    words = [rand.randbytes(rand.randrange(3, 12)) for _ in range(4000)]
    blocks = [bytes(1 << 20), b"".join(rand.choices(words, k=150000))[:1 << 20], rand.randbytes(1 << 20)]
    with open(path, "wb") as file:
        for i in range(mib):
            block = blocks[i % 3]
            file.write(block[:-8] + i.to_bytes(8, "big"))
        file.seek(446)
        file.write(b"\x80\0\2\0\x83\0\2\0\1\0\0\0\x20\0\0\0" + bytes(48) + b"\x55\xaa")


def timed(argv, env):
    """(seconds, MiB of memory at most)"""
    begun = time.monotonic()
    process = subprocess.Popen(argv, env=env, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, argv
    return time.monotonic() - begun, usage.ru_maxrss / 1024


def ours(url, top):
    home = tempfile.mkdtemp(dir=top)
    env = dict(os.environ, HOME=home, XDG_DATA_HOME=home, XDG_CONFIG_HOME=home, no_proxy="127.0.0.1")
    seconds, memory = timed([CLI, "images", "fetch", url], env)
    store = home + "/cvmtester/images"
    disk = re.search(r"^Disk=(.*)$", open(store + "/disk.image", encoding="utf-8").read(), re.M)[1]
    seconds += timed(["qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", f"{store}/{disk}",
                      home + "/overlay"], env)[0]
    shutil.rmtree(home)
    return seconds, memory


def pipe(url, top):
    seconds, _ = timed(["bash", "-c", "set -o pipefail; curl -sf --noproxy '*' \"$0\" | "
                        "tee >(sha256sum > \"$1/sum\") | gzip -d > \"$1/out\"", url, top], os.environ)
    os.remove(top + "/out")
    return seconds


def main():
    mib = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
    with tempfile.TemporaryDirectory(prefix="cvm-bench-") as top:
        make_disk(top + "/disk.img", mib)
        subprocess.run(["gzip", "-1", top + "/disk.img"], check=True)
        server = subprocess.Popen([sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1",
                                   "--directory", top], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            port = re.search(rb"port (\d+)", server.stdout.readline())[1].decode()
            url = f"http://127.0.0.1:{port}/disk.img.gz"
            pairs = [(ours(url, top), pipe(url, top)) for _ in range(PAIRS)]
        finally:
            server.terminate()
            server.wait()
    ratio = statistics.median(mine[0] / theirs for mine, theirs in pairs)
    memory = max(mine[1] for mine, _ in pairs)
    for mine, theirs in pairs:
        print(f"ours {mine[0]:.2f} s, curl | sha256sum | gzip -d {theirs:.2f} s")
    print(f"ratio {ratio:.2f} (limit {RATIO_LIMIT}), memory {memory:.0f} MiB (limit {MEMORY_LIMIT_MIB})")
    sys.exit(ratio > RATIO_LIMIT or memory > MEMORY_LIMIT_MIB)


main()
