# image_server.py: a server of images and pages that misbehaves as its paths say
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
# files: NAME → Served. Paths: /good/NAME serves it with ranges; the other first segments are the
# faults of DO. Traffic to 127.0.0.1 only, on a port that the kernel chooses.
import hashlib
import re
import socket
import threading
import time

BLOCK = 64 * 1024


class Served:
    """A file's states, oldest first; a fault may move on to the next"""

    def __init__(self, *states):
        self.states = list(states)

    @property
    def body(self):
        return self.states[0]

    @property
    def tag(self):
        return '"' + hashlib.sha256(self.body).hexdigest()[:16] + '"'


class Server:
    def __init__(self):
        self.files = {}
        self.requests = []              # (path, headers)
        self.counts = {}                # path → how often it was asked for
        self.lock = threading.Lock()
        self.over = threading.Event()   # lets go of those who stall
        self.open = set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.threads = [threading.Thread(target=self.accept)]
        self.threads[0].start()

    def close(self):
        self.over.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        with self.lock:
            for connection in self.open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
        for thread in self.threads:
            thread.join()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self.serve, args=(connection,))
            self.threads.append(thread)
            thread.start()

    def serve(self, connection):
        with self.lock:
            self.open.add(connection)
        try:
            head = b""
            while b"\r\n\r\n" not in head:
                more = connection.recv(4096)
                if not more:
                    return
                head += more
            lines = head.decode("latin-1").split("\r\n")
            path = lines[0].split(" ")[1]
            headers = {k.lower(): v.strip() for k, v in (l.split(":", 1) for l in lines[1:] if ":" in l)}
            with self.lock:
                self.requests.append((path, headers))
                self.counts[path] = self.counts.get(path, 0) + 1
            self.answer(Answer(self, connection, path, headers))
        except OSError:
            pass
        finally:
            with self.lock:
                self.open.discard(connection)
            connection.close()

    def answer(self, answer):
        fault, _, name = answer.path.lstrip("/").partition("/")
        DO.get(fault, lambda a, n: a.status("404 Not Found"))(answer, name)

    def since(self, mark):
        with self.lock:
            return self.requests[mark:]


class Answer:
    def __init__(self, server, connection, path, headers):
        self.server, self.connection, self.path, self.headers = server, connection, path, headers
        self.nth = server.counts[path]

    def send(self, data):
        self.connection.sendall(data)

    def head(self, status, **headers):
        lines = [f"HTTP/1.1 {status}", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.send(("\r\n".join(lines) + "\r\n\r\n").encode())

    def status(self, status, **headers):
        self.head(status, Content_Length=0, **headers)

    def wait(self):
        self.server.over.wait(60)

    def file(self, name, ranges=True, cut=None, validators=True):
        """All of a file or a range of it; CUT: so many bytes, then the end"""
        served = self.server.files[name]
        body, tag = served.body, served.tag
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("range", ""))
        start = int(asked[1]) if asked and ranges else 0
        if start and self.headers.get("if-range", tag) != tag:
            start = 0
        more = {"ETag": tag, "Accept_Ranges": "bytes" if ranges else "none"} if validators else {}
        if start >= len(body) and start:
            return self.status("416 Range Not Satisfiable")
        if start:
            self.head("206 Partial Content", Content_Length=len(body) - start,
                      Content_Range=f"bytes {start}-{len(body) - 1}/{len(body)}", **more)
        else:
            self.head("200 OK", Content_Length=len(body), **more)
        self.send(body[start:] if cut is None else body[start:start + cut])


# The faults -------------------------------------------------------------------------------------

def good(answer, name):
    answer.file(name)


def cut(answer, name):
    """/cut/N/NAME: off after a tenth of the file, N times"""
    times, _, name = name.partition("/")
    size = len(answer.server.files[name].body)
    answer.file(name, cut=size // (int(times) + 1) if answer.nth <= int(times) else None)


def cut_whole(answer, name):
    """Off twice, and no ranges"""
    answer.file(name, ranges=False, cut=len(answer.server.files[name].body) // 3 if answer.nth <= 2 else None)


def cut_always(answer, name):
    answer.file(name, cut=1000)


def stall(answer, name):
    if answer.nth == 1:
        answer.file(name, cut=len(answer.server.files[name].body) // 2)
        answer.wait()
    else:
        answer.file(name)


def changing(answer, name):
    """Another file after the first half"""
    served = answer.server.files[name]
    if answer.nth == 1:
        answer.file(name, cut=len(served.body) // 2)
        if len(served.states) > 1:
            served.states.pop(0)
    else:
        answer.file(name)


def silent(answer, name):
    answer.wait()


def drip(answer, name):
    """A page that comes byte by byte, and never ends"""
    answer.head("200 OK", Content_Type="text/html")
    while not answer.server.over.wait(0.05):
        answer.send(b"<")


def drip_head(answer, name):
    answer.send(b"HTTP/1.1 200 OK\r\n")
    while not answer.server.over.wait(0.05):
        answer.send(b"X")


def endless(answer, name):
    answer.head("200 OK", Content_Type="text/html")
    while True:
        answer.send(b"<a href=x.img>\n" * 4096)


def loop(answer, name):
    answer.status("302 Found", Location=answer.path)


def chain(answer, name):
    """/chain/N/…: N redirects, then the good file"""
    left, _, name = name.partition("/")
    to = f"/chain/{int(left) - 1}/{name}" if int(left) > 1 else f"/good/{name}"
    answer.status("307 Temporary Redirect", Location=to)


def to_file(answer, name):
    answer.status("302 Found", Location="file:///etc/passwd")


def to_nowhere(answer, name):
    answer.status("302 Found")


def to_rubbish(answer, name):
    answer.status("302 Found", Location="http://")


def too_long(answer, name):
    """Promises more than there is"""
    body = answer.server.files[name].body
    answer.head("200 OK", Content_Length=len(body) + 100)
    answer.send(body)


def too_short(answer, name):
    """Promises less than there is"""
    body = answer.server.files[name].body
    answer.head("200 OK", Content_Length=len(body) - 100)
    answer.send(body)


def huge(answer, name):
    answer.head("200 OK", Content_Length=1 << 50)
    answer.wait()


def full(answer, name):
    """More than any disk has, and less than what is refused anyway"""
    answer.head("200 OK", Content_Length=(1 << 40) - 1)
    answer.wait()


def wrong_range(answer, name):
    served = answer.server.files[name]
    if answer.nth == 1:
        answer.file(name, cut=len(served.body) // 2)
    else:
        answer.head("206 Partial Content", ETag=served.tag, Content_Length=1,
                    Content_Range=f"bytes 1-1/{len(served.body)}")
        answer.send(b"x")


def busy(answer, name):
    if answer.nth <= 2:
        answer.status("503 Service Unavailable")
    else:
        answer.file(name)


def no_length(answer, name):
    answer.head("200 OK")
    answer.send(answer.server.files[name].body)


def chunks_cut(answer, name):
    """In chunks, and off within one"""
    answer.head("200 OK", Transfer_Encoding="chunked")
    answer.send(b"2000\r\n" + answer.server.files[name].body[:16] + b"\r\n")


def rubbish(answer, name):
    answer.send(b"\0\xff" * 5000)


def nothing(answer, name):
    pass


def forbidden(answer, name):
    answer.status("403 Forbidden")


def slow(answer, name):
    """Lets go of a file only when there are as many askers as it has states"""
    answer.head("200 OK", Content_Length=len(answer.server.files[name].body))
    deadline = time.monotonic() + 20
    while len(answer.server.open) < 2 and time.monotonic() < deadline:
        answer.server.over.wait(0.01)
    answer.send(answer.server.files[name].body)


def trickle(answer, name):
    """A piece at a time; the first time a long file stops in its middle, until it is given up"""
    served = answer.server.files[name]
    asked = re.fullmatch(r"bytes=(\d+)-", answer.headers.get("range", ""))
    start, size = int(asked[1]) if asked else 0, len(served.body)
    more = {"ETag": served.tag, "Accept_Ranges": "bytes", "Content_Length": size - start}
    if start:
        answer.head("206 Partial Content", Content_Range=f"bytes {start}-{size - 1}/{size}", **more)
    else:
        answer.head("200 OK", **more)
    for at in range(start, size, BLOCK):
        answer.send(served.body[at:at + BLOCK])
        if answer.nth == 1 and size > 16 * BLOCK and at > size // 2:
            return answer.wait()
        if answer.server.over.wait(0.02):
            return


DO = {name.replace("_", "-"): do for name, do in list(globals().items())
      if callable(do) and do.__module__ == __name__ and name.islower()}
