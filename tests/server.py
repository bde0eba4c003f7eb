"""server.py: a stand-in Tapper server for the tests that are written in Python

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peer", "standin-tapper.py")
DEMO = (b"1..2\n# Tapper-Suite-Name: Tapper-Deployment\n# Tapper-Suite-Version: 1.001\n# Tapper-Machine-Name: cernvm-host\n"
        b"ok - Hello test world\nok - Just another description\n")


class Server:
    """Started at once; kill () and start () again keep its reports and its ports"""

    def __init__(self, generate=0):
        self.folder = tempfile.mkdtemp(prefix="cvm-standin-")
        self.process = None
        self.start("--generate", str(generate))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, *more):
        self.process = subprocess.Popen([sys.executable, PROGRAM, self.folder, *more], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.ports = json.loads(self.process.stdout.readline())

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.wait()

    def wait(self):
        """Until it is gone, by a fault or by kill ()"""
        self.process.wait(30)
        self.process.stdin.close()
        self.process.stdout.close()

    def faults(self, **wanted):
        """Replaces all faults; none ends them"""
        temporary = os.path.join(self.folder, "faults.json.new")
        with open(temporary, "w", encoding="ascii") as file:
            json.dump(wanted, file)
        os.replace(temporary, os.path.join(self.folder, "faults.json"))

    def events(self):
        try:
            with open(os.path.join(self.folder, "events.jsonl"), encoding="ascii") as file:
                return [json.loads(line) for line in file if line.endswith("\n")]
        except FileNotFoundError:
            return []

    # What it has, looked at in its folder, alive or dead

    def rows(self, sql, *values):
        db = sqlite3.connect(os.path.join(self.folder, "tapper.db"))
        db.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in db.execute(sql, values)]
        finally:
            db.close()

    def reports(self):
        return self.rows("SELECT me.*, suite.name AS suite_name FROM report me LEFT JOIN suite ON suite.id = me.suite_id "
                         "ORDER BY me.id")

    def tap(self, ident):
        """The bytes that the server keeps for that report; b"" if none"""
        length = self.rows("SELECT tap_len FROM report WHERE id = ?", ident)[0]["tap_len"]
        if length is None:
            return b""
        with open(os.path.join(self.folder, "received", str(ident)), "rb") as file:
            return file.read()[:length]

    def files(self, ident):
        """(name, content type, bytes) of its attachments"""
        found = []
        for row in self.rows("SELECT * FROM reportfile WHERE report_id = ? ORDER BY id", ident):
            with open(os.path.join(self.folder, "files", str(row["id"])), "rb") as file:
                found.append((row["filename"], row["contenttype"], file.read()))
        return found

    # What a client sees

    def connect(self, service):
        return socket.create_connection(("127.0.0.1", self.ports[service]), timeout=30)

    def api(self, request, half_close=True):
        with self.connect("api") as connection:
            connection.sendall(request)
            if half_close:
                connection.shutdown(socket.SHUT_WR)
            return read_all(connection)

    def get(self, path):
        """(status, headers, body) of a page"""
        opener = urllib.request.build_opener(NoRedirect)
        try:
            with opener.open("http://127.0.0.1:%d%s" % (self.ports["web"], path), timeout=30) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def submit(self, data):
        """As a good client does; (greeting, bytes after it)"""
        with self.connect("receiver") as connection:
            greeting = read_line(connection)
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            return greeting, read_all(connection)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def read_line(connection):
    line = b""
    while not line.endswith(b"\n"):
        data = connection.recv(1)
        if not data:
            break
        line += data
    return line


def read_all(connection):
    parts = []
    while True:
        data = connection.recv(65536)
        if not data:
            return b"".join(parts)
        parts.append(data)
