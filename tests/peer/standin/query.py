"""query.py: the templates of the reports API: [% reportdata('CONDITION :: PATH').to_json %]

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import random
import re
import sqlite3

from . import condition, tap
from .store import JOIN

DIRECTIVE = re.compile(r"\[%-?\s*(.*?)\s*-?%\]", re.DOTALL)
REPORTDATA = re.compile(r"""reportdata\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*\)\.to_(json|yaml)""")
COLUMNS = ("id", "suite_id", "suite_version", "reportername", "peeraddr", "peerport", "peerhost", "successgrade",
           "success_ratio", "starttime_test_program", "endtime_test_program", "machine_name", "machine_description",
           "total", "passed", "failed", "skipped", "todo", "todo_passed", "parse_errors", "reportgroup_arbitrary_id",
           "reportgroup_testrun_id", "created_at", "updated_at")
INHERITED = ("suite_name", "suite_type")


def report_data(row):
    data = {name: row[name] for name in COLUMNS + INHERITED}
    data["owner"] = row["owner"]
    data["created_at_ymd"] = row["created_at"][:10]
    data["groupstats"] = {name: row[name] for name in ("total", "passed", "failed", "skipped", "parse_errors")}
    return data


def meta_data(store, row):
    data = store.tap(row["id"]) or b""
    return tap.parse(data).headers


def summary_data(_store, row):
    return {"planned": row["total"], "total": row["total"], "passed": row["passed"], "failed": row["failed"],
            "skipped": row["skipped"], "todo": row["todo"], "todo_passed": row["todo_passed"],
            "parse_errors": row["parse_errors"], "status": row["successgrade"]}


PATHS = {"/report": lambda _store, row: report_data(row), "//meta": meta_data, "//summary": summary_data}


def cached(store, path, row):
    """What was asked once is answered so for ever"""
    found = store.row("SELECT data FROM cache WHERE path = ? AND report_id = ?", path, row["id"])
    if found:
        return json.loads(found["data"])
    data = PATHS[path](store, row)
    if not row["is_generated"]:
        store.insert("INSERT OR REPLACE INTO cache (path, report_id, data) VALUES (?,?,?)", path, row["id"], json.dumps(data))
    return data


def select(store, text):
    where, _, path = text.partition("::")
    path = path.strip()
    if path not in PATHS:
        raise condition.Wrong("the path %s is not known here" % path)
    sql, values = condition.to_sql(where, COLUMNS + ("owner",))
    try:
        rows = store.rows("%s WHERE me.is_lost = 0 AND %s ORDER BY me.id" % (JOIN, sql), *values)
    except (sqlite3.Error, OverflowError) as error:
        raise condition.Wrong(str(error)) from error
    return [cached(store, path, row) for row in rows]


def pretty(value, level=0):
    """Perl's JSON, pretty: three blanks, and a hash's keys in no order"""
    inner, outer = "   " * (level + 1), "   " * level
    if isinstance(value, list):
        return "[\n%s\n%s]" % (",\n".join(inner + pretty(item, level + 1) for item in value), outer) if value else "[]"
    if isinstance(value, dict):
        keys = list(value)
        random.shuffle(keys)
        members = ["%s%s : %s" % (inner, json.dumps(key), pretty(value[key], level + 1)) for key in keys]
        return "{\n%s\n%s}" % (",\n".join(members), outer) if members else "{}"
    return json.dumps(value, ensure_ascii=False)


def evaluate(store, code):
    match = REPORTDATA.fullmatch(code)
    if not match:
        raise condition.Wrong("the template %r is not known here" % code[:80])
    if match[3] != "json":
        raise condition.Wrong("to_yaml is not known here")
    text = re.sub(r"\\(.)", r"\1", match[1] if match[1] is not None else match[2])
    found = select(store, text)
    return pretty(found) + "\n" if found else ""


def render(store, template):
    return DIRECTIVE.sub(lambda match: evaluate(store, match[1]), template)
