"""condition.py: the Perl hash that selects reports in a query of the reports API

SPDX-License-Identifier: GPL-2.0-or-later

Read as the literal that it is: a stand-in runs no Perl. So far as known, only the first key gets its
"me." prefix; a later one that two tables have is an SQL error, as it is there.
"""
import re

TOKEN = re.compile(r"""\s*(?:(=>|[{}\[\],])|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(-?\d+(?:\.\d+)?)|([-\w.]+))""")
OPERATORS = {"=", "!=", ">", ">=", "<", "<=", "like", "-like"}
AMBIGUOUS = {"id"}


class Wrong(Exception):
    """A syntax error, or one of SQL: zero bytes to the client, the text to the server's log"""


class Reader:
    def __init__(self, text):
        self.tokens = []
        end = 0
        text = text.strip()
        while end < len(text):
            match = TOKEN.match(text, end)
            if not match:
                raise Wrong("syntax error at %r" % text[end:end + 20])
            end = match.end()
            punctuation, single, double, number, word = match.groups()
            if punctuation is not None:
                self.tokens.append(("punctuation", punctuation))
            elif number is not None:
                self.tokens.append(("value", float(number) if "." in number else int(number)))
            else:
                self.tokens.append(("value", next(s for s in (single, double, word) if s is not None)))
        self.at = 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else (None, None)

    def take(self):
        token = self.peek()
        if token[0] is None:
            raise Wrong("ends too early")
        self.at += 1
        return token

    def value(self):
        kind, value = self.take()
        if kind == "value":
            return None if value == "undef" else value
        if value == "{":
            return dict(self.pairs("}"))
        if value == "[":
            return self.items("]")
        raise Wrong("unexpected %s" % value)

    def items(self, closing):
        items = []
        while self.peek() != ("punctuation", closing):
            items.append(self.value())
            if self.peek() in (("punctuation", ","), ("punctuation", "=>")):
                self.take()
            elif self.peek() != ("punctuation", closing):
                raise Wrong("a comma is missing")
        self.take()
        return items

    def pairs(self, closing):
        items = self.items(closing)
        if len(items) % 2:
            raise Wrong("odd number of elements in a hash")
        return list(zip(items[::2], items[1::2]))


def column_name(key, index, columns):
    if not isinstance(key, str):
        raise Wrong("a key is no name")
    table, _, name = key.rpartition(".")
    if table == "suite" and name in ("id", "name", "type"):
        return "suite." + name
    if table not in ("", "me") or name not in columns:
        raise Wrong("no such column: %s" % key)
    if index > 0 and not table and name in AMBIGUOUS:
        raise Wrong("ambiguous column name: %s" % key)
    return "me." + name


def compare(column, value):
    """SQL and its values"""
    if value is None:
        return "%s IS NULL" % column, []
    if isinstance(value, list):
        return "%s IN (%s)" % (column, ",".join("?" * len(value))), value
    if isinstance(value, dict):
        parts = [compare_by(column, operator, operand) for operator, operand in value.items()]
        return " AND ".join(sql for sql, _ in parts), [operand for _, values in parts for operand in values]
    return "%s = ?" % column, [value]


def compare_by(column, operator, operand):
    if str(operator).lower() == "-between" and isinstance(operand, list) and len(operand) == 2:
        return "%s BETWEEN ? AND ?" % column, operand
    if str(operator).lower() not in OPERATORS or isinstance(operand, (dict, list)):
        raise Wrong("operator %s" % operator)
    if operand is None:
        return "%s IS %s NULL" % (column, "NOT" if operator == "!=" else ""), []
    return "%s %s ?" % (column, str(operator).lstrip("-")), [operand]


def to_sql(text, columns):
    """(WHERE …, values) of a condition such as { id => 1, suite_id => { ">", 0 } }"""
    reader = Reader(text)
    if reader.take() != ("punctuation", "{"):
        raise Wrong("no hash")
    pairs = reader.pairs("}")
    if reader.peek()[0] is not None:
        raise Wrong("more after the hash")
    parts = [compare(column_name(key, index, columns), value) for index, (key, value) in enumerate(pairs)]
    sql = " AND ".join(part for part, _ in parts) or "1"
    return sql, [value for _, values in parts for value in values]
