#!/usr/bin/python3
"""standin-tapper.py: a STAND-IN for a Tapper 5 server, for tests; it is not Tapper

SPDX-License-Identifier: GPL-2.0-or-later

    standin-tapper.py DIR [--generate N]

Reports receiver, reports API and web interface on 127.0.0.1 as a real server was seen to behave, with
its traps, and with faults that a test switches on (standin/faults.py). The kernel chooses the ports;
they are printed as one line of JSON, {"receiver": …, "api": …, "web": …, "pid": …}. All state is in DIR
(standin/store.py): killed with -9 and started again on it, the server is the same, at the same ports. It
ends when its standard input does, so keep that a pipe.

What it cannot vouch for:
- TAP is counted by a reader of its own, not by TAP::Parser: odd TAP may be counted otherwise there;
  so may the sections of TAP whose plans trail, and the file type of a stream, which is guessed here by
  its first 32 bytes alone.
- Pages have the parts that were written down (list table, report page, raw TAP, files, RSS), without
  menus, scripts, styles and footers; where a 3.x server differs was read in its source, never seen.
- The API knows /report, //meta and //summary as JSON, and literal conditions: no Perl, no templates,
  no other path. JSON has the keys that were seen; a real server has more. How it encodes text that is
  not ASCII in JSON was not seen.
- Timing: parsing takes no time here unless a fault says so. SQLite alone, as the server that was seen;
  nothing is known of MySQL and PostgreSQL, nor of a server behind Apache, TLS or a password.
- What a kernel or a network does to a connection is that of the loopback.
"""
import argparse
import http.server
import json
import os
import socketserver
import sys
import threading

from standin import api, receiver, web
from standin.faults import Control
from standin.store import Store


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


class WebServer(http.server.ThreadingHTTPServer):
    request_queue_size = 128


SERVICES = {"receiver": (Server, receiver.Handler), "api": (Server, api.Handler), "web": (WebServer, web.Handler)}


def read_ports(store):
    try:
        with open(store.path("ports.json"), encoding="ascii") as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def write_ports(store, ports):
    temporary = store.path("ports.json.new")
    with open(temporary, "w", encoding="ascii") as file:
        json.dump(ports, file)
    os.replace(temporary, store.path("ports.json"))


def main():
    parser = argparse.ArgumentParser(description="A stand-in for a Tapper server, for tests.")
    parser.add_argument("dir")
    parser.add_argument("--generate", type=int, default=0, metavar="N", help="begin with N reports of the last 30 days")
    options = parser.parse_args()
    os.makedirs(options.dir, exist_ok=True)
    store = Store(options.dir)
    if options.generate:
        store.generate(options.generate)
    ports = read_ports(store)
    control = Control(options.dir)
    servers = []
    for name, (kind, handler) in SERVICES.items():
        server = kind(("127.0.0.1", ports.get(name, 0)), handler)
        server.store, server.control = store, control
        ports[name] = server.server_address[1]
        servers.append(server)
    write_ports(store, ports)
    print(json.dumps({**ports, "pid": os.getpid()}), flush=True)
    threads = [threading.Thread(target=server.serve_forever, daemon=True) for server in servers]
    for thread in threads:
        thread.start()
    sys.stdin.read()   # whoever started it is gone


if __name__ == "__main__":
    main()
