"""pseudo_locale.py: a language that nobody speaks: every text 40 % longer, and seen to be translated

SPDX-License-Identifier: GPL-2.0-or-later

make (FOLDER) writes FOLDER/LANGUAGE/LC_MESSAGES/cvmtester.mo from the sources.
"""
import os
import re
import subprocess

LANGUAGE = "qps"    # ISO 639-2 leaves qaa to qtz to private use
MARK = "⟦"
SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ACCENTS = str.maketrans("aceinostuyzACEINOSUYZ", "áçéíñóšťúýžÁÇÉÍÑÓŠÚÝŽ")
# what a translation must keep: formats, markup, entities, escapes, and the mnemonic with its letter
KEPT = re.compile(r"%(?:\d+\$)?[-+ #0]*\d*(?:\.\d+)?(?:hh|h|ll|l|z)?[a-zA-Z%]|<[^<>]*>|&[a-z]+;|\\.|_\w")


def lengthen(text):
    """TEXT between brackets, with accents, 40 % longer; blanks at its ends stay"""
    before, body, after = re.fullmatch(r"((?:\s|\\n)*)(.*?)((?:\s|\\n)*)", text, re.S).groups()
    if not body:
        return text
    out, at = "", 0
    for kept in KEPT.finditer(body):
        out += body[at:kept.start()].translate(ACCENTS) + kept.group()
        at = kept.end()
    out += body[at:].translate(ACCENTS)
    words = "~" * max(2, int(len(body) * 0.4) - 2)
    longer = " ".join(words[i:i + 6] for i in range(0, len(words), 6))
    return "%s⟦%s %s⟧%s" % (before, out, longer, after)


def translate(pot):
    """The text of a PO file for the text of a template"""
    out = []
    for entry in pot.split("\n\n"):
        ids = re.findall(r'^msgid(?:_plural)? ((?:"[^\n]*"\n?)+)', entry + "\n", re.M)
        texts = ["".join(re.findall(r'"(.*)"', each)) for each in ids]
        if not texts or texts == [""]:
            continue
        head = "\n".join(line for line in entry.split("\n") if line.startswith(("#", "msgctxt")))
        lines = [head] if head else []
        lines.append('msgid "%s"' % texts[0])
        if len(texts) > 1:
            lines += ['msgid_plural "%s"' % texts[1], 'msgstr[0] "%s"' % lengthen(texts[0]),
                      'msgstr[1] "%s"' % lengthen(texts[1])]
        else:
            lines.append('msgstr "%s"' % lengthen(texts[0]))
        out.append("\n".join(lines))
    header = ('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n'
              'Plural-Forms: nplurals=2; plural=(n != 1);\\n"')
    return "\n\n".join([header] + out) + "\n"


def make(folder):
    with open(os.path.join(SOURCE, "po", "POTFILES")) as file:
        names = [line.strip() for line in file if line.strip() and not line.startswith("#")]
    pot = subprocess.run(["xgettext", "--from-code=UTF-8", "--keyword=_", "--keyword=N_", "--keyword=C_:1c,2",
                          "--keyword=g_dngettext:2,3", "--keyword=g_dpgettext2:2c,3", "--no-location", "-o", "-",
                          *[name for name in names if name.endswith((".c", ".ui", ".h"))]],
                         cwd=SOURCE, check=True, capture_output=True, text=True).stdout
    place = os.path.join(folder, LANGUAGE, "LC_MESSAGES")
    os.makedirs(place)
    subprocess.run(["msgfmt", "--check-format", "-o", os.path.join(place, "cvmtester.mo"), "-"],
                   input=translate(pot), check=True, text=True)
    return folder
