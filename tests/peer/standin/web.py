"""web.py: the stand-in's web interface; what is missing is 200 all the same

SPDX-License-Identifier: GPL-2.0-or-later
"""
import calendar
import http.server
import os
import re
import time
import urllib.parse

from . import condition, pages, tap
from .store import JOIN

NOT_FOUND = "Bummer! Page not found"
FILTERS = {"suite": None, "host": "me.machine_name", "owner": "me.owner", "success": None, "days": None, "date": None,
           "idlist": None}


def day_range(last_day, days):
    """The first and last second of DAYS days that end with LAST_DAY"""
    end = calendar.timegm(time.strptime(last_day, "%Y-%m-%d")) + 86399
    begin = end - 86400 * max(days, 1) + 1
    return [time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(stamp)) for stamp in (begin, end)]


def today():
    return time.strftime("%Y-%m-%d", time.gmtime())


class Page(Exception):
    """An answer that is no page of the usual kind"""

    def __init__(self, text, status=200, kind="text/html; charset=utf-8", headers=()):
        super().__init__(text)
        self.data = text.encode("utf-8") if isinstance(text, str) else text
        self.status, self.kind, self.headers = status, kind, headers


class Handler(http.server.BaseHTTPRequestHandler):
    server_version, sys_version = "HTTP::Server::PSGI", ""
    protocol_version = "HTTP/1.0"

    def log_message(self, *_):
        self.server.store.event("web", path=self.path)

    def do_GET(self):
        self.faults = self.server.control.take("web")
        url = urllib.parse.urlsplit(self.path)
        self.query = dict(urllib.parse.parse_qsl(url.query))
        words = [urllib.parse.unquote(word) for word in url.path.split("/") if word]
        try:
            self.faults.at("asked")
            if self.faults.get("status"):
                raise Page("Internal Server Error", self.faults.get("status"))
            page = Page(self.answer(words))
        except Page as other:
            page = other
        except (condition.Wrong, ValueError, tap.Lost) as error:
            page = Page("Please come back later: %s" % error, 500)
        self.send(page)

    do_HEAD = do_GET

    def send(self, page):
        self.send_response(page.status, self.faults.get("phrase"))
        self.send_header("Content-Type", page.kind)
        for name, value in page.headers:
            self.send_header(name, value)
        if page.status != 302:
            self.send_header("Content-Length", str(len(page.data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page.data)

    def answer(self, words):
        if not words or words == ["tapper"]:
            return '<html><head><meta http-equiv="refresh" content="0; URL=/tapper/start"></head></html>\n'
        if words[0] != "tapper":
            raise Page(NOT_FOUND, 404)
        pages_of = {"reports": self.reports, "reportfile": self.reportfile, "rss": self.rss, "overview": self.overview,
                    "hardware": self.broken}
        if words[1] in pages_of:
            return pages_of[words[1]](words[2:])
        if words[1] in ("start", "testruns", "testplan", "metareports", "preconditions", "manual", "schedule"):
            return pages.HEAD % words[1] + pages.TAIL
        raise Page(NOT_FOUND, 404)

    def broken(self, _words):
        raise Page("Please come back later", 500)

    # /tapper/reports

    def reports(self, words):
        if words[:1] == ["exit"]:
            os._exit(0)   # as it does
        one = {"id": self.report, "tap": self.tap, "info": self.info}
        if len(words) == 2 and words[0] in one:
            return one[words[0]](words[1])
        if self.query.get("json"):
            raise Page("", kind="text/plain; charset=UTF-8")
        return self.report_list(words)

    def form(self):
        return str(self.faults.get("form", "5"))

    def report_list(self, words):
        pairs = dict(zip(words[::2], words[1::2]))
        if len(words) % 2 or not set(pairs) <= set(FILTERS):
            raise Page("", 302, headers=[("Location", "/tapper/reports")])
        if "idlist" in pairs and "report_date" not in self.query:
            self.broken(words)
        where, values = self.list_days(pairs)
        for name, value in pairs.items():
            sql, more = self.list_filter(name, value)
            where, values = where + sql, values + more
        rows = self.server.store.rows("%s WHERE me.suite_id IS NOT NULL AND %s ORDER BY me.id DESC" % (JOIN, where), *values)
        return pages.report_list(rows, self.form(), self.faults.get("hostile"))

    def list_days(self, pairs):
        """In 5.x only the query counts, in 3.x only the path"""
        if self.form() == "3":
            day, days = pairs.get("date", today()), int(pairs.get("days", 1))
        else:
            day, days = self.query.get("report_date", today()), int(self.query.get("pager_interval", 1))
        return "me.created_at BETWEEN ? AND ?", day_range(day, days)

    @staticmethod
    def list_filter(name, value):
        if name == "suite":
            return " AND (suite.name = ? OR suite.id = ?)", [value, value]
        if name == "success":
            return " AND (lower(me.successgrade) = lower(?) OR me.success_ratio = ?)", [value, value]
        return (" AND %s = ?" % FILTERS[name], [value]) if FILTERS[name] else ("", [])

    def report(self, word):
        store = self.server.store
        row = store.report(int(word)) if word.isdigit() else None
        if row is None:
            return "No such report"
        if row["suite_id"] is None:
            return "No such testsuite with id: "
        group = [row]
        if row["reportgroup_arbitrary_id"] is not None:
            group = store.rows(JOIN + " WHERE me.reportgroup_arbitrary_id = ? AND me.suite_id IS NOT NULL ORDER BY me.id",
                               row["reportgroup_arbitrary_id"])
        return pages.report(row, tap.parse(store.tap(row["id"])), store.files(row["id"]), group)

    def tap(self, word):
        store = self.server.store
        row = store.report(int(word)) if word.isdigit() else None
        if row is None:
            return "Error: No report %s." % word
        data = store.tap(row["id"])
        if not data:
            self.broken(word)
        name = "tap-%d.%s" % (row["id"], "tgz" if row["is_archive"] else "tap")
        headers = [("Content-Disposition", 'inline; filename="%s"' % name)]
        if row["is_archive"]:
            raise Page(data, kind="application/x-compressed", headers=headers)
        raise Page(data.decode("latin-1"), kind="text/plain; charset=UTF-8", headers=headers)

    def info(self, word):
        if word not in ("lastid", "firstid") or self.form() == "3":
            raise Page(NOT_FOUND, 404)
        found = self.server.store.row("SELECT %s(id) AS id FROM report" % ("max" if word == "lastid" else "min"))["id"]
        return "%d" % found if found is not None else ""

    # The others

    def reportfile(self, words):
        if len(words) < 2 or words[0] != "id":
            raise Page(NOT_FOUND, 404)
        store = self.server.store
        file = store.row("SELECT * FROM reportfile WHERE id = ?", words[1])
        if file is None:
            raise Page("Error: File with id %s does not exist." % words[1], kind="text/plain; charset=UTF-8")
        kind = "text/plain" if file["contenttype"] == "plain" else file["contenttype"]
        place = "inline" if file["contenttype"] == "plain" else "attachment"
        headers = [("Content-Disposition", '%s; filename="%s"' % (place, re.sub(r'[\r\n"]', "", file["filename"])))]
        data = store.content(file["id"])
        if kind.startswith("text/"):
            raise Page(data.decode("latin-1"), kind=kind.rstrip(";") + "; charset=UTF-8", headers=headers)
        raise Page(data, kind=kind, headers=headers)

    def rss(self, words):
        days = int(words[1]) if len(words) == 2 and words[0] == "days" else 2
        rows = self.server.store.rows(JOIN + " WHERE me.created_at BETWEEN ? AND ? ORDER BY me.id", *day_range(today(), days))
        return pages.rss(rows, "http://%s" % self.headers.get("Host", "127.0.0.1"))

    def overview(self, words):
        if not words or words[0] not in ("suite", "host"):
            raise Page(NOT_FOUND, 404)
        column = "suite.name" if words[0] == "suite" else "me.machine_name"
        rows = self.server.store.rows("SELECT DISTINCT %s AS name FROM report me JOIN suite ON suite.id = me.suite_id" % column)
        return pages.overview(words[0], [row["name"] for row in rows])
