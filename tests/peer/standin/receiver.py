"""receiver.py: the stand-in's reports receiver; one connection is one report

SPDX-License-Identifier: GPL-2.0-or-later
"""
import socketserver
import threading

from . import faults
from .store import process

GREETING = "Tapper::Reports::Receiver. Protocol is TAP. Your report id: %d\n"
WRONG = "220 mail.example ESMTP ready\n"


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        self.faults = self.server.control.take("receiver")
        if self.faults.get("greeting") == "none":
            return
        store = self.server.store
        ident = store.new_report(self.client_address)
        store.event("accepted", id=ident)
        try:
            self.faults.at("accepted")
            self.greet(ident)
            self.faults.at("greeted")
            with open(store.path("received", ident), "wb", buffering=0) as file:
                self.receive(file)
            self.faults.at("eof")
        except faults.Reset:
            faults.reset(self.request)
        except OSError as error:
            store.event("broken", id=ident, why=str(error))
        self.process_apart(ident)

    def greet(self, ident):
        kind = self.faults.get("greeting")
        line = (WRONG if kind == "wrong" else GREETING % ident).encode("ascii")
        if kind == "cut":
            self.request.sendall(line[:self.faults.get("after", 0)])
            raise faults.Reset("greeting")
        if kind == "bytes":
            for byte in line:
                self.request.sendall(bytes([byte]))
        else:
            self.request.sendall(line)

    def receive(self, file):
        limit = self.faults.limit("receiving")
        length = 0
        while True:
            if limit is not None and length >= limit:
                self.faults.at("receiving")
                limit = None
            data = self.request.recv(65536 if limit is None else min(65536, limit - length))
            if not data:
                return
            file.write(data)
            length += len(data)

    def process_apart(self, ident):
        """The server forks here, and closes the connection at once"""
        if self.faults.get("lost") == "tap":
            return
        worker = threading.Thread(target=self.process, args=(ident,), daemon=True)
        worker.start()

    def process(self, ident):
        store = self.server.store
        path = store.path("received", ident)
        with open(path, "ab") as file:
            length = file.tell()
        if self.faults.get("lost"):
            store.keep_tap(ident, length, False)
            store.keep_lost(ident)
            return
        process(store, ident, length, self.faults.delay)
