#!/usr/bin/python3
"""test-new-run.py: the matrix, parameters, presets and the command of a new run, and a past one again

SPDX-License-Identifier: GPL-2.0-or-later

Two images on this computer and on libvirt's test driver, without a guest; what is started is a suite
that needs none. CVM_CLI is the command line, which has to plan the same. Prints TAP.
"""
import glob
import os
import shlex
import subprocess
import sys

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
from bed import Tap  # noqa: E402
from desk import Atspi, Desk, GLib, do, photograph, wait_for, xdotool  # noqa: E402

OUTSIDE = """[Suite]
Name=Here only
Version=1
[Case good]
Title=It is good
Check=tap.exec
argv=/bin/echo;1..1${nl}ok 1
[Case bad]
Title=It is bad
Check=tap.exec
argv=/bin/sh;-c;exit 3
""".replace("${nl}", "\\n")
PRESET = """[Suite 1]
Suite=%s
[Cell 1]
Host=test:///default
Hypervisor=test
"""
LOGIN = "An ordinary user may log in"

PASTE = """
import gi
gi.require_version("Gtk", "3.0")
from gi.repository import Gtk, Gdk
print(Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD).wait_for_text(), end="")
"""

tap = Tap()


def prepare(desk):
    images = desk.path("data", "cvmtester", "images")
    presets = desk.path("config", "cvmtester", "presets")
    os.makedirs(images)
    os.makedirs(presets)
    for name in ("demo", "other"):
        with open(os.path.join(images, name + ".image"), "w") as file:
            file.write("[Image]\nName=%s\nKernel=%s.image\nDescription=Boots nothing\n" % (name, name))
    with open(os.path.join(images, "damaged.image"), "w") as file:
        file.write("nonsense\n")
    with open(desk.path("outside.suite"), "w") as file:
        file.write(OUTSIDE)
    with open(os.path.join(presets, "Outside.profile"), "w") as file:
        file.write(PRESET % desk.path("outside.suite"))


def state(node, which):
    return node.get_state_set().contains(which)


def check_box(desk, part):
    return desk.wait(Atspi.Role.CHECK_BOX, part=part, seconds=30)


def turn(desk, name, is_on):
    box = desk.wait(Atspi.Role.CHECK_BOX, name)
    if state(box, Atspi.StateType.CHECKED) != is_on:
        do(box)
    wait_for("%s is %s" % (name, is_on), lambda: state(box, Atspi.StateType.CHECKED) == is_on, 5)


def says(desk, part, seconds=20):
    return wait_for(part, lambda: desk.find(Atspi.Role.LABEL, part=part), seconds)


def copied(desk):
    desk.press("Copy as Command")
    says(desk, "The command is on the clipboard.")
    return subprocess.run([sys.executable, "-c", PASTE], capture_output=True, text=True, timeout=20,
                          check=True).stdout


def plan(desk, words):
    done = subprocess.run([os.environ["CVM_CLI"], *words, "--plan"], capture_output=True, text=True,
                          env=desk.env, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def menu(desk):
    do(desk.wait(Atspi.Role.TOGGLE_BUTTON, "Presets"))
    return desk.wait(Atspi.Role.TEXT, "Name of the preset")


def matrix(desk):
    """Two images on two hosts, a damaged one that says why it is not there"""
    check_box(desk, "demo, ")
    damaged = desk.wait(Atspi.Role.CHECK_BOX, "damaged")
    tap.point(not state(damaged, Atspi.StateType.SENSITIVE)
              and damaged.get_description().startswith("damaged.image:1: "),
              "an image that cannot be read says why")
    turn(desk, "other", True)
    turn(desk, "Demo appliance", True)
    test = wait_for("the test driver's answer", lambda: desk.find(Atspi.Role.CHECK_BOX, part="demo, test, "), 30)
    tap.point("12 checks" in test.get_name(), "a cell tells what runs there", test.get_name())
    wait_for("the session's answer", lambda: desk.find(Atspi.Role.CHECK_BOX, part="demo, qemu, "), 60)
    for image in ("demo", "other"):
        box = desk.find(Atspi.Role.CHECK_BOX, part=image + ", test, ")
        if not state(box, Atspi.StateType.CHECKED):
            do(box)
    says(desk, "4 jobs · ")
    tap.point(True, "two images on two hosts are four jobs")
    photograph("new-run-0-matrix")


def focused(desk):
    return next((node for node in desk.nodes() if state(node, Atspi.StateType.FOCUSED)), None)


def keyboard(desk):
    """No list holds the keyboard back"""
    wanted = {"Presets", "demo", "Settings of “Demo appliance”", "Other Suite…", "Copy as Command", "Start"}
    seen = set()
    last = focused(desk)
    for _ in range(40):
        xdotool("key", "Tab")
        node = wait_for("the next focus", lambda: focused(desk) if focused(desk) != last else None, 5)
        last = node
        seen.add(node.get_name())
        if wanted <= seen:
            break
    tap.point(wanted <= seen, "Tab comes to everything", wanted - seen)


def parameters(desk):
    do(desk.wait(Atspi.Role.PUSH_BUTTON, "Settings of “Demo appliance”"))
    do(desk.wait(Atspi.Role.TOGGLE_BUTTON, "Parameters of “%s”" % LOGIN))
    entry = desk.wait(Atspi.Role.TEXT, part="Timeout")
    entry.get_editable_text_iface().set_text_contents("soon")
    wrong = wait_for("a message", lambda: desk.find(Atspi.Role.LABEL, part="'soon'")
                     or desk.find(Atspi.Role.NOTIFICATION, part="'soon'"), 10)
    tap.point(wrong, "what is not allowed is told while one types", wrong.get_name())
    photograph("new-run-1-parameters")
    entry.get_editable_text_iface().set_text_contents("45s")
    wait_for("the message to go", lambda: not desk.find(Atspi.Role.LABEL, part="'soon'")
             and not desk.find(Atspi.Role.NOTIFICATION, part="'soon'"), 10)
    turn(desk, "The services run", False)
    xdotool("key", "Escape")
    suite = desk.wait(Atspi.Role.CHECK_BOX, "Demo appliance")
    wait_for("what was changed", lambda: "1 setting changed, 1 check left out" in suite.get_description(), 10)
    tap.point(True, "the suite says what was changed of it")


def presets(desk, command):
    """Saved, and chosen again in another window: the same command, and the command line's same plan"""
    entry = menu(desk)
    entry.get_editable_text_iface().set_text_contents("a/b")
    tap.point(not state(desk.wait(Atspi.Role.PUSH_BUTTON, "Save Preset"), Atspi.StateType.SENSITIVE),
              "a name that cannot be one is not saved")
    entry.get_editable_text_iface().set_text_contents("My matrix")
    desk.press("Save Preset")
    path = desk.path("config", "cvmtester", "presets", "My matrix.profile")
    wait_for("the preset", lambda: os.path.exists(path), 10)
    by_name, by_words = plan(desk, ["run", "--profile", "My matrix"]), plan(desk, shlex.split(command)[1:])
    tap.point(by_name == by_words and by_name.count("[Job ") == 4,
              "the command line plans the same from the preset and from the command", by_name, by_words)
    tap.point("login.Timeout=45\n" in by_name, "with what was set", by_name)


def reopen(desk, command):
    desk.start()
    xdotool("key", "ctrl+n")
    check_box(desk, "demo, ")
    menu(desk)
    desk.press("My matrix")
    says(desk, "4 jobs · ")
    again = copied(desk)
    tap.point(again == command, "a preset brings the choice back", again, command)
    rename_and_delete(desk)


def rename_and_delete(desk):
    folder = desk.path("config", "cvmtester", "presets")
    menu(desk)
    do(desk.wait(Atspi.Role.PUSH_BUTTON, "Rename “My matrix”"))
    entry = desk.wait(Atspi.Role.TEXT, "Name of the preset")
    entry.get_editable_text_iface().set_text_contents("Mine")
    desk.press("Rename")
    wait_for("the new name", lambda: os.path.exists(os.path.join(folder, "Mine.profile")), 10)
    do(desk.wait(Atspi.Role.PUSH_BUTTON, "Delete “Mine”"))
    desk.press("Undo")
    menu(desk)
    tap.point(desk.wait(Atspi.Role.PUSH_BUTTON, "Mine")
              and sorted(os.listdir(folder)) == ["Mine.profile", "Outside.profile"],
              "a preset is renamed, and one that was deleted comes back", os.listdir(folder))


def wait_for_disk(desk, before):
    wait_for("somebody who waits for the disk", lambda: desk.n_waited() > before, 20)


def rename_slowly(desk):
    """The menu is closed before it is done"""
    entry = menu(desk)
    do(desk.wait(Atspi.Role.PUSH_BUTTON, "Rename “Outside”"))
    entry.get_editable_text_iface().set_text_contents("Slow")
    with desk.slow_disk():
        before = desk.n_waited()
        desk.press("Rename")
        wait_for_disk(desk, before)
        xdotool("key", "Escape")
        wait_for("no menu", lambda: not desk.find(Atspi.Role.TEXT, "Name of the preset"), 10)
    wait_for("the new name", lambda: os.listdir(desk.presets) == ["Slow.profile"], 10)
    menu(desk)
    tap.point(desk.wait(Atspi.Role.PUSH_BUTTON, "Slow") and not desk.find(Atspi.Role.PUSH_BUTTON, "Outside"),
              "a preset is renamed, though the menu was closed before")


def save_preset(desk, name):
    """The menu is open"""
    desk.wait(Atspi.Role.TEXT, "Name of the preset").get_editable_text_iface().set_text_contents(name)
    path = os.path.join(desk.presets, name + ".profile")
    was = os.stat(path).st_mtime_ns if os.path.exists(path) else 0
    desk.press("Save Preset")
    wait_for("the preset", lambda: os.path.exists(path) and os.stat(path).st_mtime_ns != was, 10)


def delete_slowly(desk):
    """One that was saved again meanwhile stays; the other goes before the program does"""
    do(desk.wait(Atspi.Role.PUSH_BUTTON, "Delete “Slow”"))
    menu(desk)
    save_preset(desk, "Slow")
    menu(desk)
    save_preset(desk, "Other")
    menu(desk)
    do(desk.wait(Atspi.Role.PUSH_BUTTON, "Delete “Other”"))
    with desk.slow_disk():
        before = desk.n_waited()
        xdotool("key", "ctrl+q")
        wait_for_disk(desk, before)
        tap.point(not desk.ends_within(3), "a deletion is waited for when the window goes")
    desk.wait_end(60)
    tap.point(os.listdir(desk.presets) == ["Slow.profile"],
              "a preset that was deleted goes, and one that was saved again does not", os.listdir(desk.presets))
    tap.point(desk.process.returncode == 0 and not desk.leaks(), "it ends well, and nothing leaked",
              desk.process.returncode, desk.leaks())


def newest(desk):
    """Two of the same second differ in their last letters only, which have no order"""
    return max(glob.glob(desk.path("data", "cvmtester", "runs", "*")), key=lambda path: os.stat(
        os.path.join(path, "id")).st_mtime_ns if os.path.exists(os.path.join(path, "id")) else 0)


def has_ended(run):
    path = os.path.join(run, "journal.jsonl")
    if not os.path.exists(path):
        return False
    with open(path) as file:
        return '"type":"run.end"' in file.read()


def program(desk):
    """A suite from elsewhere runs nothing on this computer before it was allowed to, once"""
    desk.press("Outside")
    says(desk, "“Here only” runs '/bin/echo' on this computer")
    photograph("new-run-2-program")
    start = desk.wait(Atspi.Role.PUSH_BUTTON, "Start")
    tap.point(not state(start, Atspi.StateType.SENSITIVE), "a program waits for its word")
    desk.press("Allow")
    desk.press("Start")
    says(desk, "1 of 2 checks failed", 60)
    first = newest(desk)
    with open(desk.path("config", "cvmtester", "allowed.ini")) as file:
        tap.point("/bin/echo" in file.read(), "the word is kept, with what it was given for")
    return first


def again(desk, first):
    """The run's page runs what failed once more; so does the command line"""
    xdotool("key", "F5")
    wait_for("another run", lambda: newest(desk) != first, 30)
    wait_for("its end", lambda: has_ended(newest(desk)), 30)
    with open(os.path.join(newest(desk), "plan.ini")) as file:
        text = file.read()
    tap.point("Only=bad;\n" in text, "what failed runs again, and nothing else", text)
    whole = plan(desk, ["run", "--again", first, "--allow-exec"])
    tap.point("Only=" not in whole and "[Job 01]" in whole, "the command line runs a past run again", whole)
    photograph("new-run-3-again")


BROKEN = """[Suite]
Name=Broken
Version=1
[Case a]
Check=no.such
"""
WHOLE = BROKEN.replace("no.such", "guest.start")
LACKING = (("changed", "Kernel=changed.image\nDescription=x\n"), ("missing", "Kernel=nowhere\n"),
           ("big", "Kernel=big.image\nMemory=500000\n"), ("one", "Kernel=one.image\nMemory=2000\n"),
           ("two", "Kernel=two.image\nMemory=2000\n"))
NOTES = """[Note changed]
Disk=-
Checked=2026-01-01T00:00:00Z
Damage=its checksum is another
"""


def prepare_lacking(desk):
    """Images, a suite and a host, each of which lacks something"""
    images, config = desk.path("data", "cvmtester", "images"), desk.path("config", "cvmtester")
    os.makedirs(images)
    os.makedirs(os.path.join(config, "suites"))
    for name, text in LACKING:
        with open(os.path.join(images, name + ".image"), "w") as file:
            file.write("[Image]\nName=%s\n%s" % (name, text))
    for path, text in ((os.path.join(images, "notes.ini"), NOTES),
                       (os.path.join(config, "suites", "broken.suite"), BROKEN),
                       (os.path.join(config, "hosts.ini"), "[Host gone]\nTitle=Gone\nURI=test:///nowhere.xml\n")):
        with open(path, "w") as file:
            file.write(text)


def says_why(desk):
    """Each that cannot be used says why, and has a button"""
    for name, why in (("changed", "Damaged: its checksum is another"), ("missing", "there is no such file"),
                      ("broken", "no.such")):
        box = desk.wait(Atspi.Role.CHECK_BOX, name, seconds=30)
        button = desk.find(Atspi.Role.PUSH_BUTTON, ("Edit: " if name == "broken" else "Open Images: ") + name)
        tap.point(why in box.get_description() and not state(box, Atspi.StateType.SENSITIVE) and button,
                  "what is wrong with %s is told, and can be mended" % name, box.get_description())
        label = desk.wait(Atspi.Role.LABEL, part=why)
        tap.point(state(label, Atspi.StateType.SENSITIVE), "in words that are not paled", label.get_name())


def mend_suite(desk):
    """In its editor, over the page, whose choice stays"""
    turn(desk, "one", True)
    turn(desk, "Demo appliance", True)
    desk.press("Edit: broken")
    desk.wait(Atspi.Role.RADIO_BUTTON, "Source")
    with open(desk.path("config", "cvmtester", "suites", "broken.suite"), "w") as file:
        file.write(WHOLE)
    xdotool("key", "Escape")
    wait_for("a suite that is whole", lambda: (lambda box: box and state(box, Atspi.StateType.SENSITIVE))(
        desk.find(Atspi.Role.CHECK_BOX, "Broken")), 20)
    tap.point(all(state(desk.wait(Atspi.Role.CHECK_BOX, name), Atspi.StateType.CHECKED)
                  for name in ("one", "Demo appliance")), "what was chosen stays while a suite is mended")


def run_fewer(desk):
    turn(desk, "two", True)
    for image in ("one", "two"):
        box = desk.wait(Atspi.Role.CHECK_BOX, part=image + ", test, ", seconds=30)
        if not state(box, Atspi.StateType.CHECKED):
            do(box)
    says(desk, "run fewer at once")
    photograph("new-run-4-mends")
    desk.press("Run 1 at Once")
    wait_for("enough memory", lambda: not desk.find(Atspi.Role.LABEL, part="run fewer at once"), 10)
    tap.point(True, "fewer at once need less memory")


def is_gone(node):
    try:
        return state(node, Atspi.StateType.DEFUNCT)
    except GLib.Error:
        return True


def keep_focus(desk):
    """What a host answers makes the cells anew; who was on one stays there"""
    name = "Gone: Try Again"
    button = desk.wait(Atspi.Role.PUSH_BUTTON, name, seconds=30)
    button.get_component_iface().grab_focus()
    xdotool("key", "space")
    wait_for("the answer", lambda: is_gone(button), 20)
    wait_for("another button", lambda: desk.find(Atspi.Role.PUSH_BUTTON, name), 20)
    node = focused(desk)
    tap.point(node and node.get_name() == name, "the answer of a host leaves the focus where it was",
              node and node.get_name())


def mend_elsewhere(desk):
    """In another place; the choice is the last one when the page is seen again"""
    turn(desk, "big", True)
    desk.wait(Atspi.Role.PUSH_BUTTON, part="big, test, ", seconds=30)
    tap.point(desk.find(Atspi.Role.PUSH_BUTTON, part="Try Again"), "a host that is away can be asked again")
    ways = [node for node in desk.nodes() if node.get_name() == "Gone: Open Set-Up"]
    tap.point(len(ways) == 1, "and seen to, once for all images", [node.get_name() for node in ways])
    do(ways[0])
    desk.wait(Atspi.Role.PUSH_BUTTON, "Look Again")
    tap.point(True, "what this computer lacks is seen to in the set-up")
    xdotool("key", "ctrl+n")
    wait_for("the choice", lambda: (lambda box: box and state(box, Atspi.StateType.CHECKED))(
        desk.find(Atspi.Role.CHECK_BOX, part="two, test, ")), 30)
    tap.point(state(desk.wait(Atspi.Role.CHECK_BOX, "Demo appliance"), Atspi.StateType.CHECKED),
              "and the choice is there when one comes back")
    turn(desk, "big", True)
    do(desk.wait(Atspi.Role.PUSH_BUTTON, part="big, test, "))
    desk.wait(Atspi.Role.PUSH_BUTTON, "Import…")
    tap.point(True, "what an image asks for is seen to in the images")


with Desk() as here:
    prepare_lacking(here)
    here.start()
    xdotool("key", "ctrl+n")
    says_why(here)
    mend_suite(here)
    run_fewer(here)
    keep_focus(here)
    mend_elsewhere(here)
    here.quit(tap)
with Desk() as here:
    prepare(here)
    here.start()
    xdotool("key", "ctrl+n")
    matrix(here)
    keyboard(here)
    parameters(here)
    told = copied(here)
    presets(here, told)
    here.quit(tap)
    reopen(here, told)
    again(here, program(here))
    here.quit(tap)
with Desk() as here:
    prepare(here)
    here.presets = here.path("config", "cvmtester", "presets")
    here.set_slow_disk("config", "cvmtester", "presets")
    here.start()
    xdotool("key", "ctrl+n")
    rename_slowly(here)
    delete_slowly(here)
tap.exit()
