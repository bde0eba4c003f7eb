"""desk.py: drives the real window over AT-SPI, as a person with a screen reader would

SPDX-License-Identifier: GPL-2.0-or-later

Run under build-aux/with-display. CVM_APP is the program.

Desk (probe=True) measures how long its main loop stands still (loop-probe.c), and looks for no leaks:

    with desk.no_gap(0.1, "a server that stalls"):
        ...    # what is done meanwhile; AT-SPI's own questions cost the loop some milliseconds
"""
import contextlib
import faulthandler
import glob
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import warnings

import gi
gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

from bed import journal  # noqa: E402  (tests/, which every test has in its path)

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ARTEFACTS = os.environ.get("CVM_TEST_ARTEFACTS") or os.path.join(os.getcwd(), "artefacts")
LOOK_MS = 50
CONTROLS = {Atspi.Role.PUSH_BUTTON, Atspi.Role.TOGGLE_BUTTON, Atspi.Role.RADIO_BUTTON,
            Atspi.Role.CHECK_BOX, Atspi.Role.COMBO_BOX, Atspi.Role.ENTRY, Atspi.Role.TEXT,
            Atspi.Role.PASSWORD_TEXT, Atspi.Role.TERMINAL, Atspi.Role.TREE_TABLE, Atspi.Role.TABLE,
            Atspi.Role.LIST_BOX, Atspi.Role.LIST_ITEM, Atspi.Role.SLIDER, Atspi.Role.SPIN_BUTTON,
            Atspi.Role.PAGE_TAB, Atspi.Role.LINK, Atspi.Role.MENU, Atspi.Role.MENU_ITEM,
            Atspi.Role.CHECK_MENU_ITEM, Atspi.Role.RADIO_MENU_ITEM, Atspi.Role.SPLIT_PANE,
            Atspi.Role.PROGRESS_BAR, Atspi.Role.DRAWING_AREA, Atspi.Role.FRAME}
LEAKS_OF_OTHERS = (
    # GLib gives up its first table of 2048 quarks for a larger one: others may still look into it
    "leak of 16384 byte(s) in 1 object(s)",
    # AT-SPI's bridge still waits for an answer about the last key
    " in dbus_connection_send_with_reply ",
    " in dbus_pending_call_set_notify ",
    # GLib reads its table of file types anew, and forgets the old one
    " in g_content_type_guess ",
    # GTK forgets the launch's id
    " in gtk_show_uri_on_window ",
    # libvirt forgets the error of a connection that breaks while it is closed
    " in virSaveLastError ",
)
warnings.simplefilter("ignore", DeprecationWarning)
faulthandler.dump_traceback_later(300, exit=True)   # AT-SPI calls can hang


def wait_for(what, check, seconds):
    """What CHECK returns as soon as it is true; the main context runs, so that AT-SPI is heard"""
    context = GLib.MainContext.default()
    deadline = time.monotonic() + seconds
    while True:
        try:
            found = check()
        except GLib.Error:      # a widget went while it was looked at
            found = None
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError("not within %d s: %s" % (seconds, what))
        timer = GLib.timeout_add(LOOK_MS, lambda: True)
        context.iteration(True)
        GLib.source_remove(timer)


def children(node):
    """A widget may go while it is looked at"""
    try:
        nodes = [node.get_child_at_index(i) for i in range(node.get_child_count())]
    except GLib.Error:
        return []
    return [child for child in nodes if child is not None]


def is_showing(node):
    try:
        return node.get_state_set().contains(Atspi.StateType.SHOWING)
    except GLib.Error:
        return False


def walk(node):
    """NODE and all below it that is on the screen"""
    if node.get_role() != Atspi.Role.APPLICATION and not is_showing(node):
        return
    yield node
    for child in children(node):
        yield from walk(child)


def is_labelled(node):
    return any(relation.get_relation_type() == Atspi.RelationType.LABELLED_BY
               for relation in node.get_relation_set())


def do(node, action=0):
    assert node.get_action_iface().do_action(action), "no action: " + node.get_name()


def text_of(node):
    face = node.get_text_iface()
    return Atspi.Text.get_text(face, 0, Atspi.Text.get_character_count(face)) if face else ""


def xdotool(*words):
    subprocess.run(["xdotool", *[str(word) for word in words]], check=True)


def photograph(name):
    os.makedirs(ARTEFACTS, exist_ok=True)
    path = os.path.join(ARTEFACTS, name + ".png")
    subprocess.run(["import", "-window", "root", path], check=True)
    return path


def read(*names):
    """What is in a file; nothing of one that is not there yet"""
    try:
        with open(os.path.join(*names), "rb") as file:
            return file.read().decode("latin-1")
    except OSError:
        return ""


class Desk:
    """A home of its own, and the program in it"""

    def __init__(self, probe=False, look=None):
        self.folder = tempfile.mkdtemp(prefix="cvm-ui-")
        self.env = dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE="",
                        CVMTESTER_DATA_DIR=os.path.join(SOURCE, "data"))
        for name in ("DATA", "CONFIG", "CACHE", "STATE"):
            self.env["XDG_%s_HOME" % name] = os.path.join(self.folder, name.lower())
        os.makedirs(self.path("data", "cvmtester"))
        os.makedirs(self.path("config", "gtk-3.0"))
        with open(self.path("config", "gtk-3.0", "settings.ini"), "w") as file:
            file.write("[Settings]\ngtk-enable-animations=false\n")    # no photograph between pages
        self.labels = None
        self.set_look(look or {})
        self.hear_sanitizers()
        self.probe = self.set_probe() if probe else None
        Atspi.init()
        Atspi.set_timeout(10000, 30000)    # a loaded machine is slow, and that is not what is tested
        self.process = None

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            photograph("at-the-failure")
            self.tell_state()
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.end_hard(60)
        self.end_children()
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.probe:
            os.unlink(self.probe)

    def tell_state(self):
        """Where the program and its run are, for who reads of a failure on another machine"""
        for record in self.records()[-8:]:
            print("# journal: " + str(record)[:300], flush=True)
        for pid in self.group() if shutil.which("gdb") else []:
            with contextlib.suppress(subprocess.TimeoutExpired):
                subprocess.run(["gdb", "-batch", "-p", str(pid), "-ex", "thread apply all bt 16"],
                               stdout=sys.stderr, stderr=subprocess.DEVNULL, timeout=60)

    def end_hard(self, seconds):
        """A program that does not end when asked to must not hold the test up"""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            print("# the program does not end when it is asked to", flush=True)
            self.process.kill()
            self.process.wait()

    def group(self):
        """The program, where it still runs, and the children that stayed with it"""
        stats = glob.glob("/proc/[0-9]*/stat") if self.process is not None else []
        return [int(path.split("/")[2]) for path in stats
                if read(path).rpartition(")")[2].split()[2:3] == [str(self.process.pid)]]

    def end_children(self):
        """A child that libvirt forked of a program under ASan can hang at its first malloc, and would
        hold the test's pipes for ever"""
        for pid in self.group():
            print("# a child of the program is ended: %d" % pid, flush=True)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def set_look(self, look):
        """theme, scale, is_rtl, and locale: (a language, the folder that has it)"""
        if "theme" in look:
            self.env["GTK_THEME"] = look["theme"]
        if "scale" in look:
            self.env["GDK_SCALE"] = str(look["scale"])
        if "locale" in look:
            self.env["LANGUAGE"], self.env["CVMTESTER_LOCALE_DIR"] = look["locale"]
        if look.get("is_rtl"):
            self.env["CVM_RIGHT_TO_LEFT"] = "1"
        if look:
            self.labels = self.path("labels")
            self.env["GTK_MODULES"] = os.environ["CVM_LABEL_PROBE_MODULE"]
            self.env["CVM_LABEL_PROBE"] = self.labels

    def cut_labels(self):
        """Texts on the screen that are cut off now (label-probe.c)"""
        def read():
            try:
                with open(self.labels) as file:
                    lines = file.read().split("\n")
                return (int(lines[0]), [line for line in lines[1:] if line])
            except OSError:
                return (0, [])
        last, _ = read()
        return wait_for("two more looks at the labels",    # the first may have been under way
                        lambda: read() if read()[0] >= last + 2 else None, 20)[1]

    def set_probe(self):
        """The file is in memory: a disk that hangs must not be taken for a loop that does"""
        number, path = tempfile.mkstemp(prefix="cvm-loop-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
        os.close(number)
        # what a sanitizer notes of each allocation would be most of what is measured
        self.env["ASAN_OPTIONS"] += ":fast_unwind_on_malloc=1:malloc_context_size=1:detect_leaks=0"
        self.env["GTK_MODULES"] = os.environ["CVM_LOOP_PROBE_MODULE"]
        self.env["CVM_LOOP_PROBE"] = path
        return path

    def gaps(self, since=0.0, seconds=60):
        """(when, how long, own) in seconds of time.monotonic() of each time since SINCE that the main
        loop stood still for more than 20 ms, one that is still on included once it is over; OWN is
        without the time that it waited for a processor which other processes had"""
        asked = time.monotonic()
        found = []

        def has_beaten():
            with open(self.probe) as file:
                lines = file.read().splitlines()
            found[:] = [(int(when) / 1e6, int(gap) / 1e6, max(int(gap) - int(wait), 0) / 1e6)
                        for when, gap, wait in (line.split() for line in lines[1:])]
            return lines and int(lines[0]) / 1e6 > asked
        wait_for("a beat of the main loop", has_beaten, seconds)
        return [(when, gap, own) for when, gap, own in found if when + gap > since]

    @contextlib.contextmanager
    def no_gap(self, seconds, what):
        """Fails where the main loop stands still for longer than SECONDS, by its own doing, while the
        body runs"""
        begun = time.monotonic()
        yield
        gaps = self.gaps(begun)
        worst = max((own for _, _, own in gaps), default=0.0)
        print("# %s: the main loop's longest gap is %.0f ms, with a busy machine %.0f ms"
              % (what, worst * 1000, max((gap for _, gap, _ in gaps), default=0.0) * 1000), flush=True)
        assert worst <= seconds, "%s: the main loop stood still for %.3f s" % (what, worst)

    def set_slow_disk(self, *names):
        """Before the start: what has this path, or one that begins so, can be made to wait"""
        self.slow, self.waited = self.path("slow"), self.path("waited")
        self.env.update(LD_PRELOAD=os.environ["CVM_SLOW_DISK_LIB"], CVM_SLOW_WHILE=self.slow,
                        CVM_SLOW_TOLD=self.waited, CVM_SLOW_FOLDER=self.path(*names))
        self.env["ASAN_OPTIONS"] = "verify_asan_link_order=0:" + self.env.get("ASAN_OPTIONS", "")

    def n_waited(self):
        return os.path.getsize(self.waited) if os.path.exists(self.waited) else 0

    @contextlib.contextmanager
    def slow_disk(self):
        """It waits while the body runs (slow-disk.c)"""
        with open(self.slow, "w"):
            pass
        try:
            yield
        finally:
            os.unlink(self.slow)

    def hear_sanitizers(self):
        """What they find goes into files; a leak does not change the exit status, which is tested"""
        for name, more in (("ASAN_OPTIONS", "fast_unwind_on_malloc=0:log_path=" + self.path("asan")),
                           ("LSAN_OPTIONS", "exitcode=0")):
            self.env[name] = ":".join(filter(None, [self.env.get(name), more]))
        if "suppressions=" not in self.env["LSAN_OPTIONS"]:
            self.env["LSAN_OPTIONS"] += ":print_suppressions=0:suppressions=" + os.path.join(
                SOURCE, "build-aux", "sanitizers", "lsan.supp")

    def leaks(self):
        """All leaks but those of LEAKS_OF_OTHERS"""
        found = []
        for path in glob.glob(self.path("asan.*")):
            with open(path) as file:
                found += [part.strip() for part in file.read().split("\n\n")
                          if "irect leak" in part or "ERROR: AddressSanitizer" in part]
        ours = [part for part in found if not any(known in part for known in LEAKS_OF_OTHERS)]
        return "\n".join(ours[:3])[:5000]

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def lend_demo(self):
        """The demo's image, alone of those of CVM_TEST_DEMO; the folder of images"""
        demo = os.path.abspath(os.environ["CVM_TEST_DEMO"])
        images = self.path("data", "cvmtester", "images")
        os.makedirs(images)
        for name in os.listdir(demo):
            if name.startswith("demo"):
                os.symlink(os.path.join(demo, name), os.path.join(images, name))
        return images

    def lend_suite(self, text, name="demo"):
        suites = self.path("config", "cvmtester", "suites")
        os.makedirs(suites, exist_ok=True)
        with open(os.path.join(suites, name + ".suite"), "w") as file:
            file.write(text)

    def runs(self):
        """The folders of runs, the newest last"""
        return sorted(glob.glob(self.path("data", "cvmtester", "runs", "*")), key=os.path.getmtime)

    def records(self):
        """The journal of the run that was begun last"""
        return journal(self.runs()[-1]) if self.runs() else []

    def wait_run(self, after=None):
        """The folder of the run that was begun last, and is not AFTER, once it is there"""
        def newest():
            runs = self.runs()
            return runs and runs[-1] != after and runs[-1]
        return wait_for("the run's folder", newest, 20)

    def start(self, *options):
        self.process = subprocess.Popen([os.environ["CVM_APP"], *options], env=self.env,
                                        stdout=sys.stderr, start_new_session=True)
        wait_for("the window", self.find_window, 30)

    def application(self):
        desktop = Atspi.get_desktop(0)
        for node in children(desktop):
            try:
                if node.get_process_id() == self.process.pid:
                    return node
            except GLib.Error:
                continue
        return None

    def find_window(self):
        assert self.process.poll() is None, "the program ended: %s" % self.process.poll()
        application = self.application()
        frames = [node for node in children(application) if is_showing(node)] if application else []
        return frames[0] if frames else None

    def nodes(self):
        window = self.find_window()
        return list(walk(window)) if window else []

    def controls(self):
        return self.controls_of(self.find_window())

    @staticmethod
    def controls_of(window):
        """How many controls are on the screen, and (role, description, parent's name) of those without
        a name"""
        count, unnamed = 0, []
        for node in walk(window):
            try:
                if node.get_role() in CONTROLS:
                    count += 1
                    if not node.get_name() and not is_labelled(node):
                        unnamed.append((node.get_role().value_nick, node.get_description(),
                                        node.get_parent().get_name()))
            except GLib.Error:    # a widget may go while it is looked at
                continue
        return count, unnamed

    def find(self, role, name=None, part=None):
        for node in self.nodes():
            try:
                if (node.get_role() == role and (name is None or node.get_name() == name)
                        and (part is None or part in node.get_name())):
                    return node
            except GLib.Error:
                continue
        return None

    def wait(self, role, name=None, part=None, seconds=20):
        return wait_for("%s %s" % (role.value_nick, name or part),
                        lambda: self.find(role, name, part), seconds)

    def press(self, name, seconds=20):
        """Presses a button by its name once it may be pressed"""
        def sensitive():
            button = self.find(Atspi.Role.PUSH_BUTTON, name)
            return button if button and button.get_state_set().contains(
                Atspi.StateType.SENSITIVE) else None
        do(wait_for("the button " + name, sensitive, seconds))

    def show(self, name):
        """Turns to a view of the run page"""
        def chosen():
            for role in (Atspi.Role.RADIO_BUTTON, Atspi.Role.TOGGLE_BUTTON):
                button = self.find(role, name)
                if button:
                    return button
            return None
        do(wait_for("the view " + name, chosen, 10))

    def quit(self, tap, what="it ends well, and nothing leaked"):
        """With Ctrl+Q, as a person does"""
        xdotool("key", "ctrl+q")
        self.wait_end(60)
        leaks = self.leaks()
        tap.point(self.process.returncode == 0 and not leaks, what, self.process.returncode, leaks)

    def ends_within(self, seconds):
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        return self.process.poll() is not None

    def wait_end(self, seconds):
        return wait_for("the program's end", lambda: self.process.poll() is not None, seconds)
