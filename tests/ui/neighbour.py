#!/usr/bin/python3
"""neighbour.py: another program beside the window, which has the focus, and files to be dragged

SPDX-License-Identifier: GPL-2.0-or-later

    with Neighbour(FILE…) as neighbour:     # of a test: starts this file as a program of its own
        neighbour.take_focus()
        neighbour.drag_to(x, y)             # its files, by the mouse
        neighbour.drop()                    # their paths are on the clipboard, too
"""
import subprocess
import sys
from pathlib import Path

X, Y, SIZE = 1200, 700, 120     # where it is: beside the window


class Neighbour:
    def __init__(self, *files):
        self.process = subprocess.Popen([sys.executable, __file__, *files], text=True,
                                        stdout=subprocess.PIPE)
        self.number = self.process.stdout.readline().strip()
        assert self.number, "no window"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)
        self.process.stdout.close()

    def take_focus(self):
        subprocess.run(["xdotool", "windowfocus", "--sync", self.number], check=True)

    def drag_to(self, x, y):
        """Step by step, as a hand does, until the target would take them"""
        here = (X + SIZE // 2, Y + SIZE // 2)
        subprocess.run(["xdotool", "mousemove", *map(str, here), "mousedown", "1"], check=True)
        for part in range(1, 11):
            self.move_to(*(a + (b - a) * part // 10 for a, b in zip(here, (x, y))))
        assert self.process.stdout.readline() == "welcome\n", "nothing was dragged"

    @staticmethod
    def move_to(x, y):
        subprocess.run(["xdotool", "mousemove", "--sync", str(x), str(y)], check=True)

    def drop(self):
        """What became of it: copied, or refused"""
        subprocess.run(["xdotool", "mouseup", "1"], check=True)
        return next(word for word in map(str.strip, self.process.stdout) if word != "welcome")


def main():
    import gi
    for name in ("Gdk", "GdkX11", "Gtk"):
        gi.require_version(name, "3.0")
    from gi.repository import Gdk, GdkX11, Gtk

    def say(word):
        print(word, flush=True)

    def tell_of_target(widget, context):
        context.connect("action-changed", lambda _, action: action and say("welcome"))

    files = [Path(name).as_uri() for name in sys.argv[1:]]
    window = Gtk.Window(title="Neighbour")
    window.set_default_size(SIZE, SIZE)
    window.move(X, Y)
    window.add(Gtk.EventBox())
    source = window.get_child()
    source.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
    source.drag_source_add_uri_targets()
    source.connect("drag-begin", tell_of_target)
    source.connect("drag-data-get", lambda widget, context, data, *_: data.set_uris(files))
    source.connect("drag-failed", lambda *_: say("refused") or True)
    source.connect("drag-end", lambda *_: say("ended"))
    Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD).set_text("\n".join(sys.argv[1:]), -1)
    window.connect("map-event", lambda *_: say(window.get_window().get_xid()))
    window.show_all()
    Gtk.main()


if __name__ == "__main__":
    main()
