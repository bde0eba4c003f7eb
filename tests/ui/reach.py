"""reach.py: goes around a page by Tab, as one without a mouse would

SPDX-License-Identifier: GPL-2.0-or-later

    reach = Reach(tap, desk, ears)
    reach.look("Runs")      # two points: each control has a name, and Tab comes to all

Of a list one row is enough, since the arrows go on from there.
"""
from desk import Atspi, children, is_showing, photograph, wait_for, walk, xdotool

ROW, BUTTON = Atspi.Role.LIST_ITEM, Atspi.Role.PUSH_BUTTON
KEYED = {BUTTON, Atspi.Role.TOGGLE_BUTTON, Atspi.Role.RADIO_BUTTON, Atspi.Role.CHECK_BOX,
         Atspi.Role.COMBO_BOX, Atspi.Role.TEXT, Atspi.Role.PASSWORD_TEXT, Atspi.Role.SPIN_BUTTON,
         Atspi.Role.SLIDER, Atspi.Role.TABLE, Atspi.Role.TREE_TABLE, ROW, Atspi.Role.LINK,
         Atspi.Role.TERMINAL}
AT_MOST = 45    # Tabs around a page, however long its lists are


def front(desk):
    """The window or dialog that is in front"""
    windows = [node for node in children(desk.application()) if is_showing(node)]
    return windows[-1]


def find_in_front(desk, role, name):
    return wait_for("%s %s in front" % (role.value_nick, name), lambda: next(
        (node for node in walk(front(desk)) if node.get_role() == role and node.get_name() == name), None), 20)


def has(node, *states):
    return all(node.get_state_set().contains(state) for state in states)


def wanted(window):
    return [node for node in walk(window) if node.get_role() in KEYED
            and has(node, Atspi.StateType.FOCUSABLE, Atspi.StateType.SENSITIVE, Atspi.StateType.VISIBLE)]


def tell(node):
    return "%s '%s' in '%s'" % (node.get_role().value_nick, node.get_name(), node.get_parent().get_name())


def above(node):
    while node is not None:
        yield node
        node = node.get_parent()


def is_reached(node, passed):
    """Itself, what is in it, what it is in (the arrows of a spin button); or, in a list, another row of its"""
    lists = {(row.get_parent()) for row in passed if row.get_role() == ROW}
    return (node in passed or any(node in above(other) for other in passed)
            or any(other in passed and other.get_role() != ROW for other in above(node))
            or any(row.get_role() == ROW and row.get_parent() in lists for row in above(node)))


class Reach:
    def __init__(self, tap, desk, ears):
        self.tap, self.desk, self.ears = tap, desk, ears

    def go_around(self):
        """All that Tab comes to, until it is where it was"""
        ears, passed = self.ears, []
        for _ in range(AT_MOST):
            last = ears.focus
            xdotool("key", "Tab")
            wait_for("the focus to leave " + ears.tell(), lambda: ears.focus != last and ears.has_focus(), 10)
            if ears.focus in passed:
                return passed
            passed.append(ears.focus)
        raise AssertionError("Tab does not come around: " + ", ".join(map(tell, passed)))

    def check_names(self, where):
        window = front(self.desk)
        count, unnamed = self.desk.controls_of(window)
        self.tap.point(count and not unnamed, "%s: all %d controls have a name" % (where, count), unnamed)
        return window

    def look(self, where):
        window = self.check_names(where)
        passed = self.go_around()
        missed = [tell(node) for node in wanted(window) if not is_reached(node, passed)]
        self.tap.point(not missed, "%s: %d Tabs come to all" % (where, len(passed)), missed,
                       [tell(node) for node in passed])
        photograph("reach-" + where.replace(" ", "-"))
