"""reader.py: someone who reads a Tapper server's reports on the command line

SPDX-License-Identifier: GPL-2.0-or-later
"""
import http.server
import json
import os
import shutil
import subprocess
import tempfile
import threading


class Reader:
    """With a home of its own"""

    def __init__(self, cli):
        self.cli = os.path.abspath(cli)
        self.folder = tempfile.mkdtemp(prefix="cvm-reader-")
        self.env = dict(os.environ, HOME=self.folder, LC_ALL="C.UTF-8", LANGUAGE="", TZ="Asia/Tokyo")
        for name in ("DATA", "CONFIG", "CACHE"):
            self.env["XDG_%s_HOME" % name] = os.path.join(self.folder, name.lower())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def run(self, *words):
        return subprocess.run([self.cli, "report", *words], env=self.env, cwd=self.folder, timeout=120,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)

    def json(self, *words):
        done = self.run(*words, "--json")
        assert done.returncode == 0, (words, done.returncode, done.stderr)
        return json.loads(done.stdout)

    def ids(self, *words):
        return [report["id"] for report in self.json("list", *words)]

    def add(self, server, name="main", ways=("api", "web")):
        words = ["--receiver", "127.0.0.1:%d" % server.ports["receiver"]]
        if "api" in ways:
            words += ["--api", "127.0.0.1:%d" % server.ports["api"]]
        if "web" in ways:
            words += ["--web", "http://127.0.0.1:%d/tapper" % server.ports["web"]]
        done = self.run("server", "add", name, *words)
        assert done.returncode == 0, done.stderr


class Pages:
    """A web server whose every page is what ANSWER makes of the handler of the request"""

    def __init__(self, answer):
        pages = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                pages.paths.append(self.path)
                try:
                    answer(self)
                except OSError:
                    pass

            def log_message(self, *_):
                pass

        self.paths = []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.ports = {"receiver": 9, "web": self.server.server_address[1]}

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
