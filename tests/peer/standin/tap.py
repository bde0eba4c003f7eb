"""tap.py: what a Tapper server makes of the TAP of a report

SPDX-License-Identifier: GPL-2.0-or-later

All text is bytes read as Latin-1, which is what the server does too.
"""
import collections
import io
import re
import tarfile

HEADER = re.compile(r"^#\s*((?:Tapper|Artemis|Test)-)([-\w]+):(.+)$", re.IGNORECASE)
PLAN = re.compile(r"^1\.\.(\d+)\s*(.*)$")
VERSION = re.compile(r"^TAP\s+version\s+(\d+)\s*$", re.IGNORECASE)
TEST = re.compile(r"^(not )?ok\b(?:\s+(\d+)\b)?\s*(.*)$")
DIRECTIVE = re.compile(r"(?:^|[^\\])#\s*(SKIP|TODO)\b\s*(.*)$", re.IGNORECASE)
BAIL_OUT = re.compile(r"^\s*Bail out!", re.IGNORECASE)
PROVE = re.compile(r"^([-_\d\w/.]*\w)\.{2,} ?$")
COUNTS = ("total", "passed", "failed", "skipped", "todo", "todo_passed", "parse_errors")

Section = collections.namedtuple("Section", "name lines counts")
Parsed = collections.namedtuple("Parsed", "headers sections counts ratio grade")


class Lost(Exception):
    """The server's child dies of this report: it stays without a suite"""


def headers_of(lines):
    found = {}
    for line in lines:
        match = HEADER.match(line)
        if match and match[3].strip():
            found[match[2].lower()] = match[3].strip()
    return found


def looks_like_archive(data):
    """The first 32 bytes decide"""
    return any(not (0x20 <= byte < 0x7F or byte in b"\t\n\v\f\r") for byte in data[:32])


class Counter:
    """TAP::Parser, as far as it counts"""

    def __init__(self):
        self.counts = dict.fromkeys(COUNTS, 0)
        self.planned = None
        self.number = 0
        self.skip_all = False
        self.is_over = False

    def test(self, match):
        counts = self.counts
        self.number += 1
        directive = DIRECTIVE.search(match[3])
        kind = directive[1].upper() if directive else ""
        is_ok = match[1] is None
        if match[2] is not None and int(match[2]) != self.number:
            counts["parse_errors"] += 1
        counts["total"] += 1
        counts["passed" if is_ok or kind == "TODO" else "failed"] += 1
        counts["skipped"] += kind == "SKIP"
        counts["todo"] += kind == "TODO"
        counts["todo_passed"] += kind == "TODO" and is_ok

    def plan(self, match):
        if self.planned is not None:
            self.counts["parse_errors"] += 1
            return
        self.planned = int(match[1])
        self.skip_all = self.planned == 0

    def line(self, line):
        if self.is_over:
            return
        test = TEST.match(line)
        if test:
            self.test(test)
        elif line.startswith("1.."):
            plan = PLAN.match(line)
            if plan:
                self.plan(plan)
        elif BAIL_OUT.match(line):
            self.is_over = True

    def end(self):
        counts = self.counts
        if self.planned is None:
            counts["parse_errors"] += 1
        elif self.planned != counts["total"]:
            counts["parse_errors"] += 1
        return counts


def count(lines):
    counter = Counter()
    for line in lines:
        counter.line(line)
    return counter.end()


def split_at(lines, is_start):
    groups = []
    previous = ""
    for line in lines:
        if is_start(line, previous) and groups or not groups:
            groups.append([])
        groups[-1].append(line)
        previous = line
    return groups or [[]]


def starts_section(line, previous):
    if PROVE.match(line) or VERSION.match(line):
        return True
    return bool(PLAN.match(line)) and not VERSION.match(previous)


def starts_explicit(line, _previous):
    match = HEADER.match(line)
    return bool(match) and match[2].lower() == "explicit-section-start"


def split_sections(lines):
    if any(starts_explicit(line, "") for line in lines if line.startswith("#")):
        groups = split_at(lines, starts_explicit)
        # what stands before the first explicit start holds headers only
        return groups[1:] if len(groups) > 1 and not any(starts_explicit(line, "") for line in groups[0]) else groups
    if sum(1 for line in lines if line.startswith("1..") and PLAN.match(line)) == 1:
        return [lines]
    return split_at(lines, starts_section)


def name_section(headers, default, taken):
    name = headers.get("explicit-section-start") or headers.get("section") or default
    name = re.sub(r"\s+", "-", name)
    unique, number = name, 0
    while unique in taken:
        number += 1
        unique = "%s%d" % (name, number)
    taken.add(unique)
    return unique


def read_sections(groups):
    taken = set()
    sections = []
    for index, (default, lines) in enumerate(groups):
        name = name_section(headers_of(lines), default or "section-%03d" % index, taken)
        sections.append(Section(name, lines, count(lines)))
    return sections


def read_archive(data):
    """(member name, lines) in the order that meta.yml gives"""
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
            members = {member.name: member for member in archive if member.isfile()}
            meta = archive.extractfile(members["meta.yml"]).read().decode("latin-1")
            order = re.findall(r"^\s+-\s+(\S.*?)\s*$", meta.partition("file_order:")[2], re.MULTILINE)
            groups = []
            for name in order:
                member = members.get(name) or members.get("./" + name)
                text = archive.extractfile(member).read().decode("latin-1") if member else ""
                groups.append((name, text.splitlines()))
            return groups
    except (KeyError, EOFError, OSError, tarfile.TarError, ValueError) as error:
        raise Lost("archive: %s" % error) from error


def grade_of(counts):
    if counts["parse_errors"] or counts["failed"] or counts["total"] != counts["passed"]:
        return "FAIL"
    return "PASS" if counts["total"] else "NOTESTS"


def lines_of(data):
    return [line.rstrip("\r") for line in data.decode("latin-1").split("\n")]


def parse(data):
    """Parsed, or Lost"""
    if looks_like_archive(data):
        groups = read_archive(data)
    else:
        groups = [(None, lines) for lines in split_sections(lines_of(data))]
    sections = read_sections(groups)
    headers = headers_of(line for section in sections for line in section.lines if line.startswith("#"))
    if not looks_like_archive(data):
        headers = headers_of(line for line in lines_of(data) if line.startswith("#"))
    if "hardwaredb-systems-id" in headers:
        raise Lost("no column hardwaredb_systems_id")
    counts = {key: sum(section.counts[key] for section in sections) for key in COUNTS}
    ratio = 100.0 * counts["passed"] / counts["total"] if counts["total"] else 100.0
    return Parsed(headers, sections, counts, "%02.2f" % ratio, grade_of(counts))
