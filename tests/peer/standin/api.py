"""api.py: the stand-in's reports API: one command a connection, no greeting, zero bytes for all that goes wrong

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import re
import socketserver
import tempfile

from . import condition, faults, query

TT_OFF = b"Template Toolkit is not enabled\n"
MASON_OFF = b"Mason is not enabled. Set reports_enable_mason: 1 in /path/tapper.cfg.\n"


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        self.faults = self.server.control.take("api")
        try:
            self.answer()
        except faults.Reset:
            faults.reset(self.request)
        except OSError as error:
            self.server.store.event("api-broken", why=str(error))

    def answer(self):
        line = self.rfile.readline(65536)
        words = line.decode("latin-1").split()
        commands = {"upload": self.upload, "download": self.download, "tt": self.tt, "mason": self.mason}
        self.server.store.event("api", command=words[1:5])
        self.faults.at("asked")
        if len(words) >= 2 and words[1] in commands:   # the first word is thrown away
            self.reply(commands[words[1]](words[2:]) or b"")

    def reply(self, data):
        limit = self.faults.limit("answering")
        if limit is not None:
            self.wfile.write(data[:limit])
            self.faults.at("answering")
            data = data[limit:]
        self.wfile.write(data)

    # Attachments

    def upload(self, words):
        if len(words) < 2 or not words[0].isdigit():
            return
        kind = words[2] if len(words) > 2 else "plain"
        temporary, length = self.take_body()
        fault = self.faults.get("upload")
        if fault == "corrupt" and length:
            with open(temporary, "r+b") as file:
                byte = file.read(1)
                file.seek(0)
                file.write(bytes([byte[0] ^ 1]))
        if length and fault != "lost":
            self.server.store.add_file(int(words[0]), words[1], kind, temporary)
        else:
            os.unlink(temporary)
        self.faults.at("uploaded")

    def take_body(self):
        limit = self.faults.limit("uploading")
        handle, path = tempfile.mkstemp(dir=self.server.store.path("files"), prefix="in-")
        length = 0
        with open(handle, "wb") as file:
            while True:
                if limit is not None and length >= limit:
                    self.faults.at("uploading")
                    limit = None
                data = self.rfile.read1(65536 if limit is None else min(65536, limit - length))
                if not data:
                    return path, length
                file.write(data)
                length += len(data)

    def download(self, words):
        if len(words) < 2 or not words[0].isdigit():
            return b""
        index = int(words[2]) if len(words) > 2 and re.fullmatch(r"-?\d+", words[2]) else 0
        where = "filename LIKE ?" + (" AND report_id = ?" if int(words[0]) else "")
        values = [words[1]] + ([int(words[0])] if int(words[0]) else [])
        found = self.server.store.rows("SELECT id FROM reportfile WHERE %s ORDER BY id" % where, *values)
        if index < 0:
            index = len(found) - 1 + index   # so -1 is the second newest
        return self.server.store.content(found[index]["id"]) if 0 <= index < len(found) else b""

    # Templates

    def tt(self, words):
        template = self.read_here_document(words)
        if self.faults.get("tt") == "off":
            return TT_OFF
        if template is None or self.faults.get("tt") == "silent":
            return b""
        try:
            text = query.render(self.server.store, template)
        except condition.Wrong as error:
            self.server.store.event("tt-error", why=str(error))
            return b""
        data = text.encode("latin-1", "replace")
        return data[:len(data) // 2] if self.faults.get("tt") == "broken" else data

    def mason(self, words):
        self.read_here_document(words)
        return MASON_OFF

    def read_here_document(self, words):
        text = " ".join(words)
        match = re.search(r"<<\s*(\w+)", text)
        if not match:
            return None
        lines = []
        for raw in self.rfile:
            line = raw.decode("latin-1")
            if line.rstrip("\r\n") == match[1]:
                return "".join(lines)
            lines.append(line)
        return "".join(lines)
