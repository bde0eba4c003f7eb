#!/usr/bin/python3
"""test-help-po.py: every page of the help is there in every language, and calls the window's parts by their names

SPDX-License-Identifier: GPL-2.0-or-later

Usage: test-help-po.py ROOT (of the source). Prints TAP.
"""
import collections
import glob
import os
import re
import subprocess
import sys
import tempfile

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap  # noqa: E402

ROOT = sys.argv[1]
PAGES = sorted(glob.glob(os.path.join(ROOT, "help", "C", "*.page")))
LABEL = re.compile(r"<gui[^>]*>([^<]*)</gui>")
NUMBER = "1"    # in the label of a button that counts
tap = Tap()


def run(*words):
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 0, "%s: %s" % (words, done.stderr)
    return done.stdout


def entries(po, options=()):
    """(msgid, [msgstr…]) of each text that is in use"""
    for entry in run("msgattrib", "--no-wrap", "--no-obsolete", *options, po).split("\n\n"):
        texts = {key: "".join(re.findall(r'"(.*)"', value)) for key, value in re.findall(
            r'^(msgid|msgid_plural|msgstr(?:\[\d\])?) ((?:"[^\n]*"\n?)+)', entry + "\n", re.M)}
        if texts.get("msgid"):
            yield texts["msgid"], [text for key, text in texts.items() if key.startswith("msgstr")]


def plain(text):
    return text.replace("_", "").rstrip("…").replace("%u", NUMBER)


def labels_of(language):
    """How the window calls its parts there"""
    labels = collections.defaultdict(set)
    for msgid, texts in entries(os.path.join(ROOT, "po", language + ".po")):
        labels[plain(msgid)] |= {plain(text) for text in texts}
    return labels


def tags(text):
    return sorted(re.findall(r"</?[a-z]+|(?:style|xref)=[^ />]*", text.replace('\\"', '"')))


def check_whole(language, po, folder):
    pot, merged = os.path.join(folder, "help.pot"), os.path.join(folder, "merged.po")
    run("itstool", "-o", pot, *PAGES)
    run("msgmerge", "--quiet", "--no-fuzzy-matching", "-o", merged, po, pot)
    lacks = [msgid for msgid, _ in entries(merged, ["--untranslated"])
             if not msgid.startswith("external ref=")]    # a drawing, which needs none
    tap.point(not lacks, "%s: all of the help is translated" % language, lacks)
    run("msgfmt", "--check", "-o", os.path.join(folder, language + ".mo"), po)
    left = [msgid for msgid, _ in entries(merged, ["--only-fuzzy"])]
    tap.point(not left, "%s: none of it is a guess" % language, left)
    old = run("msgattrib", "--only-obsolete", merged).count("\n#~ msgid ")
    tap.point(old == 0, "%s: nothing is translated that is gone" % language, old)


def check_texts(language, po):
    labels = labels_of(language)
    odd, wrong = [], []
    for msgid, (text, *_) in entries(po):
        if tags(msgid) != tags(text):
            odd.append(text)
        found = {plain(label) for label in LABEL.findall(text)}
        wrong += ["%s: %s in %s" % (label, labels.get(plain(label)), found) for label in LABEL.findall(msgid)
                  if not found & labels.get(plain(label), set())]
    tap.point(not odd, "%s: what is marked is marked there too" % language, odd)
    tap.point(not wrong, "%s: buttons and places have the window's names" % language, wrong)
    done = subprocess.run([os.path.join(ROOT, "tests", "data", "check-same"), po,
                           os.path.join(ROOT, "tests", "data", "same-help-" + language)],
                          capture_output=True, text=True)
    tap.point(done.returncode == 0, "%s: and not left in English" % language, done.stderr)


def check_pages(language, folder):
    pages = os.path.join(folder, "pages")
    os.mkdir(pages)
    os.symlink(os.path.join(ROOT, "help", "C", "figures"), os.path.join(pages, "figures"))
    run("itstool", "-m", os.path.join(folder, language + ".mo"), "-l", language, "-o", pages, *PAGES)
    made = sorted(glob.glob(os.path.join(pages, "*.page")))
    for what in ("validate", "links", "media"):
        done = subprocess.run(["yelp-check", what, *made], capture_output=True, text=True)
        tap.point(len(made) == len(PAGES) and done.returncode == 0 and not done.stdout.strip(),
                  "%s: yelp-check %s" % (language, what), done.stdout + done.stderr)


with open(os.path.join(ROOT, "help", "LINGUAS")) as listed:
    languages = [line.strip() for line in listed if not line.startswith("#")]
tap.point(languages, "there are translations", languages)
for each in languages:
    path = os.path.join(ROOT, "help", each, each + ".po")
    with tempfile.TemporaryDirectory(prefix="cvm-help-po-") as where:
        check_whole(each, path, where)
        check_texts(each, path)
        check_pages(each, where)
tap.exit()
