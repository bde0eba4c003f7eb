#!/usr/bin/python3
"""test-help.py: every page of the help has a picture that says what the page says

SPDX-License-Identifier: GPL-2.0-or-later

Usage: test-help.py FOLDER (help/C). Prints TAP.
"""
import glob
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap  # noqa: E402

FOLDER = sys.argv[1]
MALLARD = "{http://projectmallard.org/1.0/}"
SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {SVG + name for name in ("svg", "g", "title", "style", "rect", "circle", "ellipse", "path", "text")}
MAX_BYTES = 16384
tap = Tap()


def text_of(node):
    return " ".join("".join(node.itertext()).split())


def marks_of(picture):
    return {text_of(text) for group in picture.iter(SVG + "g") if group.get("class") == "mark"
            for text in group.iter(SVG + "text")}


def styles_of(picture):
    return set(re.findall(r"^\s*\.([a-z]+)", "".join(node.text for node in picture.iter(SVG + "style")), re.M))


def used_styles(picture):
    return {node.get("class") for node in picture.iter() if node.get("class")}


def problem_of_picture(path):
    """What makes it no small drawing of our own that looks the same everywhere; None: nothing"""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    picture = ET.fromstring(text)
    strange = {node.tag for node in picture.iter()} - SHAPES
    backs = [node for node in picture.iter(SVG + "rect") if node.get("class") == "page"]
    if len(text) > MAX_BYTES:
        return "%d bytes" % len(text)
    if strange or re.search(r"href|url\(|@import|<!DOCTYPE|<!ENTITY", text):
        return "it has more in it than shapes: %s" % strange
    if picture.get("viewBox") != "0 0 %s %s" % (picture.get("width"), picture.get("height")):
        return "its size"
    if not backs:
        return "no background: on a dark page it could not be seen"
    return None if used_styles(picture) == styles_of(picture) else "its styles: %s" % (
        used_styles(picture) ^ styles_of(picture))


def problem_of_marks(figure, marks, page):
    """Letters are explained by the caption, numbers are those of steps"""
    caption = text_of(figure.find(MALLARD + "desc"))
    steps = max((len(node.findall(MALLARD + "item")) for node in page.iter(MALLARD + "steps")), default=0)
    letters = {mark for mark in marks if mark.isalpha()}
    if letters != set(re.findall(r"\b[A-Z]\b", caption)):
        return "%s in the picture, and the caption is: %s" % (sorted(letters), caption)
    too_high = [mark for mark in marks - letters if int(mark) > steps]
    return "%s of %d steps" % (too_high, steps) if too_high else None


def check_page(path):
    name = os.path.basename(path)[:-len(".page")]
    page = ET.parse(path).getroot()
    figures = list(page.iter(MALLARD + "figure"))
    media = [node for figure in figures for node in figure.iter(MALLARD + "media")]
    tap.point(len(media) == 1 and media[0].get("src") == "figures/%s.svg" % name
              and media[0].get("mime") == "image/svg+xml" and text_of(media[0]),
              "%s has its picture, with a text for who cannot see it" % name)
    picture = os.path.join(FOLDER, media[0].get("src"))
    problem = problem_of_picture(picture)
    tap.point(problem is None, "the picture of %s is a small drawing" % name, problem)
    problem = problem_of_marks(figures[0], marks_of(ET.parse(picture).getroot()), page)
    tap.point(problem is None, "what is marked in the picture of %s is explained" % name, problem)


def check_built(pages):
    with tempfile.TemporaryDirectory(prefix="cvm-help-") as folder:
        done = subprocess.run(["yelp-build", "html", "-o", folder, *pages], capture_output=True, text=True)
        tap.point(done.returncode == 0 and not done.stderr, "pages for a browser are made of it", done.stderr)
        missing = []
        for path in glob.glob(os.path.join(folder, "*.html")):
            with open(path, encoding="utf-8") as file:
                shown = re.findall(r'<(?:img|object|embed)[^>]*(?:src|data)="([^"]*\.svg)"', file.read())
            missing += [] if shown and all(os.path.exists(os.path.join(folder, src)) for src in shown) else [path]
        tap.point(not missing, "and show the pictures", missing)


found = sorted(glob.glob(os.path.join(FOLDER, "*.page")))
for each in found:
    check_page(each)
names = {os.path.basename(path).split(".")[0] for path in found}
drawn = {os.path.basename(path).split(".")[0] for path in glob.glob(os.path.join(FOLDER, "figures", "*"))}
tap.point(names and drawn == names, "each picture is of a page", drawn ^ names)
check_built(found)
tap.exit()
