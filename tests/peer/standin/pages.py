"""pages.py: the stand-in's web pages, in the form of Tapper 5.x and of 3.x (2011)

SPDX-License-Identifier: GPL-2.0-or-later

Text of a report is bytes read as Latin-1, and a page goes out as UTF-8: so it is encoded twice, as by
the real server.
"""
import email.utils
import html
import time

HEADINGS = ("ID", "Created At (GMT)", "Suite", "Machine", "Success", "Ratio", "Grouped by", "Owner")
ROW_5 = """    <tr class="justgroupmember">
      <td><div class="plus idlist"></div>
          <a title="Click to show details" href="/tapper/reports/id/%(id)d">r%(id)d</a></td>
      <td>%(created)s</td>
      <td><div class="plus suite"></div><a title="Click to show reports of suite '%(suite)s'" key="suite">%(suite)s</a></td>
      <td><div class="plus host"></div><a title="Click to show reports on '%(machine)s' " key="host">%(machine)s</a></td>
      <td class="%(class)s"><div class="plus success"></div><a key="success">%(grade)s</a></td>
      <td><div class="sratio dbggreen" style="width:%(green)dpx"></div><div class="sratio dbgred" style="width:%(red)dpx"></div></td>
    </tr>
"""
ROW_3 = """    <tr>
      <td><a title="Click to show details" href="/tapper/reports/id/%(id)d">r%(id)d</a></td>
      <td>%(created)s</td>
      <td><a title="Click to show reports of suite '%(suite)s'" href="/tapper/reports/suite/%(suite)s">%(suite)s</a></td>
      <td><a title="Click to show reports on '%(machine)s'" href="/tapper/reports/host/%(machine)s">%(machine)s</a></td>
      <td class="%(class)s"><a title="%(ratio)s%% - Click to show reports" href="/tapper/reports/success/%(ratio)s">%(grade)s</a></td>
      <td><div class="sratio dbggreen" style="width:%(green)dpx"></div><div class="sratio dbgred" style="width:%(red)dpx"></div></td>
      <td>%(group)s</td>
      <td>%(owner)s</td>
    </tr>
"""
# What tr.group_primary has and tr.justgroupmember has not
MORE_5 = """      <td><div class="plus group"></div>%(group)s</td>
      <td><div class="plus owner"></div>%(owner)s</td>
    </tr>
"""
HEAD = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head><title>Tapper - %s</title>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" /></head>
<body>
<div id="content">
"""
TAIL = "</div>\n</body>\n</html>\n"


def text_of(value):
    return html.escape(str(value)) if value is not None else ""


def row_values(row):
    ratio = float(row["success_ratio"] or 0)
    return {"id": row["id"], "created": row["created_at"][:16], "suite": text_of(row["suite_name"]),
            "machine": text_of(row["machine_name"]), "grade": row["successgrade"], "class": row["successgrade"].lower(),
            "ratio": row["success_ratio"], "green": round(ratio / 2), "red": 50 - round(ratio / 2),
            "group": text_of(row["reportgroup_arbitrary_id"]), "owner": text_of(row["owner"])}


def list_row(row, form, is_primary):
    values = row_values(row)
    if form == "3":
        return ROW_3 % values
    if not is_primary:
        return ROW_5 % values
    return (ROW_5 % values).replace('"justgroupmember"', '"group_primary"').replace("    </tr>\n", MORE_5 % values)


def report_list(rows, form, hostile=None):
    table = '<table class="reportlist">' if form == "3" else '<table id="idx_reportlist" class="reportlist">'
    heading = "".join("<th>%s</th>" % name for name in HEADINGS)
    groups = [row["reportgroup_arbitrary_id"] for row in rows]
    body = "".join(list_row(row, form, group is not None and group not in groups[:index][-1:])
                   for index, (row, group) in enumerate(zip(rows, groups)))
    return HEAD % "Reports" + table + "\n  <thead><tr>%s</tr></thead>\n  <tbody>\n" % heading + \
        hostile_rows(hostile) + body + "  </tbody>\n</table>\n" + TAIL


def hostile_rows(kind):
    """What a page of no good will may hold, before the rows that are right"""
    values = {"id": 4000000000, "created": "2026-11-21 06:59", "machine": "m", "grade": "PASS", "class": "pass",
              "ratio": "100.00", "green": 50, "red": 0, "group": "", "owner": ""}
    suites = {
        "row": "A" * 10_000_000,
        "unclosed": "<td><table><tr><td><a href='/tapper/reports/id/7'><b><i>" * 2000,
        "script": "<script>document.write('<a href=\"/tapper/reports/id/666\">r666</a>');</script><!-- <a href=",
        "entities": "&#0;&#x110000;&#xD800;&nosuch;&amp;amp;&lt;b&gt;&#27;[31m" + "&amp" * 1000,
    }
    return ROW_5 % {**values, "suite": suites[kind]} if kind in suites else ""


def overview(kind, names):
    items = "".join('<li><a href="/tapper/reports/%s/%s">%s</a></li>\n' % (kind, text_of(name), text_of(name)) for name in names)
    return HEAD % "Overview" + "<ul>\n%s</ul>\n" % items + TAIL


def rss(rows, base):
    items = []
    for row in rows:
        title = "%s %s%% %s @ %s" % (row["successgrade"], row["success_ratio"], row["suite_name"] or "", row["machine_name"])
        stamp = time.strptime(row["created_at"] + " UTC", "%Y-%m-%d %H:%M:%S %Z")
        items.append("<item>\n<title>%s</title>\n<link>%s/tapper/reports/id/%d</link>\n<pubDate>%s</pubDate>\n</item>\n" % (
            text_of(title), base, row["id"], email.utils.formatdate(time.mktime(stamp) - time.timezone)))
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0">\n<channel>\n<title>RSS Feed of Tapper</title>\n'
            "<link>%s/tapper/reports</link>\n<description></description>\n%s</channel>\n</rss>\n" % (base, "".join(items)))


# The page of one report --------------------------------------------------------------------------

def tap_line(line, number):
    if line.startswith("#"):
        return '<li class="cmt">%s&nbsp;</li>\n' % text_of(line), number
    is_test = line.startswith("ok") or line.startswith("not ok")
    if is_test:
        kind = "k" if line.startswith("ok") else "n"
        return '<li id="t%d" class="tst %s">%s&nbsp;</li>\n' % (number, kind, text_of(line)), number + 1
    return '<li class="unk">%s&nbsp;</li>\n' % text_of(line), number


def tap_section(section):
    has_failed = section.counts["failed"] or section.counts["parse_errors"]
    number, lines = 0, []
    for line in section.lines:
        if line and not line.startswith("1.."):
            text, number = tap_line(line, number)
            lines.append(text)
    return '<tr class="test-run %s" id="%s"><td><ul class="test-out">\n%s</ul></td></tr>\n' % (
        "failed severity-med" if has_failed else "passed", text_of(section.name), "".join(lines))


def group_table(row, rows):
    if len(rows) < 2:
        return ""
    body = "".join(ROW_3 % row_values(other) for other in rows)
    mine = ROW_3 % row_values(row)
    return '<h4>Reportgroup</h4>\n<table class="reportlist">\n%s</table>\n' % body.replace(
        mine, mine.replace("<tr>", '<tr class="highlight">', 1), 1)


def issue_summary(parsed, is_grouped):
    issues = []
    for section in parsed.sections if is_grouped else []:
        issues += [line for line in section.lines if line.startswith("not ok")]
    cells = "".join("<tr><td>%s</td></tr>\n" % issue_text(line) for line in issues)
    return '<h4>Issue Summary</h4>\n<table class="issuesummary">\n%s</table>\n' % cells


def issue_text(line):
    head, _, rest = line.partition(" - ")
    return "%s <strong>- %s</strong>" % (text_of(head), text_of(rest))


def section_context(parsed):
    known = ("ram", "cpuinfo", "uname", "osname", "kernel", "changeset", "flags", "description", "uptime")
    found = [(name, parsed.headers[name]) for name in known if name in parsed.headers]
    if not found:
        return ""
    cells = "".join("<tr><td>%s</td><td>%s</td></tr>\n" % (name, text_of(value)) for name, value in found)
    return '<h4>Test Execution Context</h4>\n<table class="reportsectionmeta">\n%s</table>\n' % cells


def attachments(files):
    rows = "".join('<tr><td><a href="/tapper/reportfile/id/%d#reports/id/%d">%s</a></td><td>%s</td><td>%s</td></tr>\n' % (
        file["id"], file["report_id"], text_of(file["filename"]), text_of(file["contenttype"]), file["created_at"])
        for file in files)
    return '<h4>Attachments</h4>\n<table class="reportfile">\n%s</table>\n' % rows


def report(row, parsed, files, group):
    suite = text_of(row["suite_name"])
    has_passed = row["successgrade"] != "FAIL"
    description = " (%s)" % text_of(row["machine_description"]) if row["machine_description"] else ""
    parts = [
        HEAD % ("Report %d" % row["id"]),
        '<h3>Report %d: <strong><a href="/tapper/reports/suite/%s">%s</a></strong></h3>\n' % (row["id"], suite, suite),
        group_table(row, group),
        '<ul class="post_info">\n<li class="date">report id: <strong>%d</strong></li>\n' % row["id"],
        '<li class="date">%s GMT</li>\n' % row["created_at"][:16],
        '<li class="meta">cpu: %s os: %s</li>\n' % (text_of(parsed.headers.get("cpuinfo", "")),
                                                   text_of(parsed.headers.get("osname", ""))),
        "<li class=\"meta\">Host: '<strong>%s</strong>'%s</li>\n</ul>\n" % (text_of(row["machine_name"]), description),
        issue_summary(parsed, len(group) > 1), section_context(parsed),
        "<h4>Test results</h4>\n",
        '<div id="summary" class="%s"><a href="#">%s</a></div>\n<table class="detail">\n' % (
            ("passed", "PASSED") if has_passed else ("failed", "FAILED")),
        "".join(tap_section(section) for section in parsed.sections),
        "</table>\n</body>\n</html>\n",
        '<a href="/tapper/reports/tap/%d">raw TAP report</a>\n' % row["id"],
        attachments(files), TAIL]
    return "".join(parts)
