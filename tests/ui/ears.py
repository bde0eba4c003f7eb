"""ears.py: what a screen reader hears of the program: where the focus is, and what is announced

SPDX-License-Identifier: GPL-2.0-or-later

Ears are made before the program starts: it tells only those who asked. They hear while wait_for ()
of desk.py waits.
"""
from desk import Atspi, GLib, wait_for, xdotool

FOCUS = "object:state-changed:focused"
SAID = "object:announcement"


class Ears:
    def __init__(self):
        Atspi.init()
        self.focus = None       # who had it last
        self.said = []          # each announcement
        self.listener = Atspi.EventListener.new(self.hear)
        for event in (FOCUS, SAID):
            self.listener.register(event)

    def close(self):
        for event in (FOCUS, SAID):
            self.listener.deregister(event)

    def hear(self, event):
        if event.type.startswith(SAID):
            self.said.append(event.any_data)
        elif event.detail1:
            self.focus = event.source

    def has_focus(self, role=None, part=""):
        """The widget that has the focus now, if it is that"""
        node = self.focus
        if (node is None or not node.get_state_set().contains(Atspi.StateType.FOCUSED)
                or (role is not None and node.get_role() != role) or part not in node.get_name()):
            return None
        return node

    def tell(self):
        """Where the focus is, in words"""
        try:
            node = self.has_focus()
            return "%s '%s'" % (node.get_role().value_nick, node.get_name()) if node else "nowhere"
        except GLib.Error:
            return "gone"

    def wait_focus(self, role, part="", seconds=20):
        try:
            return wait_for("", lambda: self.has_focus(role, part), seconds)
        except AssertionError:
            raise AssertionError("the focus is %s, and not %s '%s'"
                                 % (self.tell(), role.value_nick, part)) from None

    def wait_said(self, part, seconds=20):
        return wait_for("'%s' to be announced, beside %s" % (part, self.said),
                        lambda: next((text for text in self.said if part in text), None), seconds)

    def tab_to(self, role, part, at_most):
        """Tab, until that has the focus; how many times"""
        passed = []
        for count in range(at_most + 1):
            if self.has_focus(role, part):
                return count
            last = self.focus
            xdotool("key", "Tab")
            wait_for("the focus to leave " + self.tell(), lambda: self.focus != last and self.has_focus(), 10)
            passed.append(self.tell())
        raise AssertionError("%d Tabs do not come to %s '%s': %s"
                             % (at_most, role.value_nick, part, ", ".join(passed)))
