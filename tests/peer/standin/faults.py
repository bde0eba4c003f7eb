"""faults.py: what shall go wrong, read anew at each connection from faults.json in the server's folder

SPDX-License-Identifier: GPL-2.0-or-later

    {"receiver": {...}, "api": {...}, "web": {...}}; each may have
      "times": N          it happens to the next N connections only
      "after": N          bytes, see below
      "die": STAGE        the whole server is gone at that stage, as by kill -9:
                          receiver: accepted, greeted, receiving (after N bytes), eof, store, parse, parsed
                          api: asked, uploading (after N bytes), uploaded, answering
      "reset": STAGE      the connection is reset at that stage (receiver: accepted, greeted, receiving, eof;
                          api: asked, uploading, uploaded, answering)
      "stall": STAGE      nothing goes on at that stage until the fault is gone
    receiver:
      "greeting": "none" (end of stream, no report), "wrong", "bytes" (one at a time), "cut" (AFTER bytes of it)
      "store_s", "parse_s": seconds before the TAP is stored, and before it is parsed
      "lost": true        the parser dies of the report; "lost": "tap": nothing is stored either
    api:
      "tt": "off", "silent", "broken" (half of a JSON); "upload": "lost" (zero bytes as ever, but nothing kept),
      "corrupt" (a byte is another)
    web:
      "form": "3", "5";  "status": N;  "phrase": the status' words, sent as Latin-1
      "hostile": "row", "unclosed", "script", "entities"
"""
import json
import os
import signal
import socket
import struct
import threading
import time


class Reset(Exception):
    """The connection ends with RST"""


class Faults:
    """Of one connection"""

    def __init__(self, wanted, folder, text):
        self.wanted = wanted
        self.folder = folder
        self.text = text

    def get(self, name, default=None):
        return self.wanted.get(name, default)

    def is_gone(self):
        return read_text(self.folder) != self.text

    def after(self, stage, name):
        """Bytes after which NAME happens at STAGE; None for never"""
        return self.get("after", 0) if self.get(name) == stage else None

    def at(self, stage):
        if self.get("die") == stage:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.get("stall") == stage:
            self.wait_gone()
        if self.get("reset") == stage:
            raise Reset(stage)

    def limit(self, stage):
        """Bytes that may pass at STAGE before at (STAGE) is due, or None"""
        is_due = stage in (self.get("die"), self.get("stall"), self.get("reset"))
        return self.get("after", 0) if is_due else None

    def wait_gone(self):
        while not self.is_gone():
            time.sleep(0.01)

    def delay(self, stage):
        """Before what the child does"""
        end = time.monotonic() + self.get(stage + "_s", 0)
        while time.monotonic() < end and not self.is_gone():
            time.sleep(0.005)
        if self.get("die") == stage:
            os.kill(os.getpid(), signal.SIGKILL)


def read_text(folder):
    try:
        with open(os.path.join(folder, "faults.json"), encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


class Control:
    def __init__(self, folder):
        self.folder = folder
        self.lock = threading.Lock()
        self.text = None
        self.used = {}

    def take(self, service):
        """The faults of the connection that begins now"""
        with self.lock:
            text = read_text(self.folder)
            if text != self.text:
                self.text = text
                self.used = {}
            wanted = json.loads(text).get(service, {}) if text.strip() else {}
            used = self.used.get(service, 0)
            self.used[service] = used + 1
            if used >= wanted.get("times", used + 1):
                wanted = {}
            return Faults(wanted, self.folder, text)


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
