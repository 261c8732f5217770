# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the real window through AT-SPI, as a screen reader or a person would.

Nothing here sleeps for a while and hopes: every step awaits a condition, and says what it saw instead
when the condition doesn't come true. To be run inside build-aux/desktop.
"""

import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
import warnings

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, GLib  # noqa: E402
from Xlib import X, XK, display as xdisplay, error as xerror, protocol as xprotocol  # noqa: E402
from Xlib.ext import xtest  # noqa: E402

# PyGObject warns of each call that a later AT-SPI renamed; the names of Debian 12 are used.
warnings.simplefilter('ignore')
# An application that has only just come has no cache yet; AT-SPI asks it for each thing instead.
GLib.log_set_handler('dbind', GLib.LogLevelFlags.LEVEL_WARNING, lambda *_: None, None)

# In seconds; a program with sanitizers takes several times as long for everything.
TIMEOUT = float(os.environ.get('ASSAY_UI_PATIENCE', '30'))
# AT-SPI gives up on an answer after 0.8 s, which a window that is being laid out on a busy machine can exceed.
Atspi.set_timeout(10_000, 30_000)

# How long to wait before looking again, in milliseconds: what takes longer is looked for less often.
FIRST_PAUSE = 20
LONGEST_PAUSE = 200

# A warning that the program writes, by whom: our own, GTK's or another library's.
WARNING = re.compile(r'^\([^)]*\): (\S+)-(?:WARNING|CRITICAL|ERROR) \*\*: (?:[\d:.]+: )?(.*)$', re.MULTILINE)
# Those that aren't ours to mend, with the reason.
FOREIGN_WARNINGS = (
    # GTK 4.8 draws a frame between a change of size and the layout that it takes.
    re.compile(r'Trying to snapshot \S+ \S+ without a current allocation'),
    # GTK 4.8's cursor now and then blinks once more in an entry that has just lost the focus; nothing here handles that event.
    re.compile(r'GtkText - did not receive a focus-out event'),
)

# What has nothing in it, and isn't asked for that.
LEAVES = {'icon', 'image', 'label', 'separator'}

# How far below its window a toast's text is.
TOAST_DEPTH = 5

# How much of a dump is enough to see what went wrong.
DUMP_LINES = 120


class Missing(AssertionError):
    """What was awaited did not come."""


def build_path(*parts):
    return os.path.join(os.environ['ASSAY_BUILD_DIR'], *parts)


def await_condition(condition, what, timeout=TIMEOUT):
    """Returns the first true value of condition(), looking again when something may have happened."""
    context = GLib.MainContext.default()
    deadline = time.monotonic() + timeout
    pause = FIRST_PAUSE
    while True:
        began = time.monotonic()
        try:
            value = condition()
        except GLib.Error:
            # The widget went away while it was looked at.
            value = None
        if value:
            return value
        ended = time.monotonic()
        if ended > deadline:
            raise Missing(f'{what} did not come within {timeout:.0f} s')
        # The answers that it got are no news.
        while context.iteration(False):
            pass
        # What takes long isn't done at every event, and leaves as much time to the program.
        rest = min((ended - began) * 1000, LONGEST_PAUSE)
        wake = GLib.timeout_add(int(max(pause, rest)), lambda: GLib.SOURCE_REMOVE)
        pause = min(pause * 1.5, LONGEST_PAUSE)
        while context.find_source_by_id(wake) is not None:
            context.iteration(True)
            if (time.monotonic() - ended) * 1000 >= rest:
                break
        if context.find_source_by_id(wake) is not None:
            GLib.source_remove(wake)


class Screen:
    """The X server and its window manager: where a window is, how large, and which has the focus."""

    def __init__(self):
        self.display = xdisplay.Display()
        self.root = self.display.screen().root
        self.atoms = {}
        await_condition(lambda: self._property(self.root, '_NET_SUPPORTING_WM_CHECK'), 'the window manager')
        await_condition(lambda: self.display.get_selection_owner(self._atom('_NET_WM_CM_S0')), 'its compositor')

    def end(self):
        self.display.close()

    def _atom(self, name):
        if name not in self.atoms:
            self.atoms[name] = self.display.intern_atom(name)
        return self.atoms[name]

    def _property(self, window, name):
        try:
            value = window.get_full_property(self._atom(name), X.AnyPropertyType)
        except xerror.XError:
            return None
        return value.value if value is not None else None

    def windows(self, pid):
        """The windows of a process, by title."""
        found = {}
        for window_id in self._property(self.root, '_NET_CLIENT_LIST') or []:
            window = self.display.create_resource_object('window', window_id)
            owner = self._property(window, '_NET_WM_PID')
            title = self._property(window, '_NET_WM_NAME')
            if owner is not None and owner[0] == pid and title is not None:
                found[title.decode()] = window
        return found

    def is_active(self, window):
        active = self._property(self.root, '_NET_ACTIVE_WINDOW')
        return active is not None and len(active) > 0 and active[0] == window.id

    def activate(self, window):
        """Asks the window manager for what a click on a window does."""
        self._send(window, '_NET_ACTIVE_WINDOW', [2, X.CurrentTime, 0, 0, 0])

    def close(self, window):
        """Asks the window manager for what its close button does."""
        self._send(window, '_NET_CLOSE_WINDOW', [X.CurrentTime, 2, 0, 0, 0])

    def _send(self, window, message, data):
        event = xprotocol.event.ClientMessage(window=window, client_type=self._atom(message), data=(32, data))
        self.root.send_event(event, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        self.display.flush()

    def _keycode(self, name):
        """The key for a keysym's name or a character, and whether it takes Shift."""
        keysym = XK.string_to_keysym(name) or ord(name)
        for keycode, index in sorted(self.display.keysym_to_keycodes(keysym), key=lambda pair: pair[1]):
            if index in (0, 1):
                return keycode, index == 1
        raise ValueError(f'no key has “{name}”')

    def press(self, combination):
        """Presses and lets go, as the keyboard does: 'Return', 'Control+f', 'Alt+1'."""
        *modifiers, key = combination.split('+') if combination != '+' else ['+']
        keycode, shifted = self._keycode(key)
        held = [self._keycode(f'{modifier}_L')[0] for modifier in modifiers + ['Shift'] * shifted]
        for code in held + [keycode]:
            xtest.fake_input(self.display, X.KeyPress, code)
        for code in reversed(held + [keycode]):
            xtest.fake_input(self.display, X.KeyRelease, code)
        self.display.sync()

    def click(self, x, y):
        """Moves the pointer there and clicks."""
        xtest.fake_input(self.display, X.MotionNotify, x=x, y=y)
        xtest.fake_input(self.display, X.ButtonPress, 1)
        xtest.fake_input(self.display, X.ButtonRelease, 1)
        self.display.sync()

    def margins(self, window):
        """What GTK keeps around a window's content for its shadow: left, right, top, bottom."""
        return self._property(window, '_GTK_FRAME_EXTENTS') or (0, 0, 0, 0)

    def place(self, window):
        """(x, y, width, height) on the screen, margins included."""
        size = window.get_geometry()
        corner = self.root.translate_coords(window, 0, 0)
        return corner.x, corner.y, size.width, size.height

    def resize(self, window, width, height):
        """Makes a window as large as a user who drags its corner; margins included."""
        window.configure(width=width, height=height)
        self.display.flush()


class Sandbox:
    """The vendors, played on loopback, with the control that tests have over them."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            [build_path('src', 'sandbox', 'assay-sandbox'), '--watch-stdin', *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ready = json.loads(self.process.stdout.readline())
        self.connections = {entry['kind']: entry for entry in self.ready['connections']}

    def base_url(self, kind):
        return self.connections[kind]['settings']['base-url']

    def control(self, method, path, body=None):
        request = urllib.request.Request(self.ready['control'] + path, method=method)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header('Content-Type', 'application/json')
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def invitations(self):
        """What took effect at the provider."""
        return self.control('GET', '/ledger')['invitations']

    def stop(self):
        if self.process.poll() is not None:
            return
        self.process.stdin.close()
        self.process.wait(timeout=10)
        self.process.stdout.close()


class Node:
    """One accessible object, by what a person would call it.

    Each question to the program is a call on a bus, so that looking through a window takes thousands: what can't change
    is remembered, and what needn't be known isn't asked."""

    # By path, which is of one widget only. A widget has the same role all its life.
    roles = {}

    def __init__(self, accessible):
        self.accessible = accessible

    @property
    def name(self):
        return self.accessible.get_name() or ''

    @property
    def role(self):
        key = self.accessible.path
        role = self.roles.get(key)
        if role is None:
            role = self.roles[key] = self.accessible.get_role_name()
        return role

    @property
    def states(self):
        return self.accessible.get_state_set()

    def frame(self):
        """The window it is in."""
        node = self
        while True:
            parent = node.accessible.get_parent()
            if parent is None or parent.get_role_name() == 'application':
                return node
            node = Node(parent)

    def has(self, state):
        return self.states.contains(state)

    @property
    def extents(self):
        """(x, y, width, height) in its window; None for what has no place of its own."""
        component = self.accessible.get_component_iface()
        if component is None:
            return None
        box = Atspi.Component.get_extents(component, Atspi.CoordType.WINDOW)
        return box.x, box.y, box.width, box.height

    @property
    def showing(self):
        """Whether it has a place. GTK 4.8 tells “showing” of windows only; what was never mapped has no size."""
        if not self.has(Atspi.StateType.VISIBLE):
            return False
        extents = self.extents
        return extents is None or (extents[2] > 0 and extents[3] > 0)

    @property
    def scrolled_away(self):
        """Whether its middle is out of sight, in what scrolls."""
        x, y, width, height = self.extents
        parent = self.accessible.get_parent()
        while parent is not None:
            if parent.get_role_name() == 'scroll pane':
                left, top, across, down = Node(parent).extents
                return not (left <= x + width // 2 < left + across and top <= y + height // 2 < top + down)
            parent = parent.get_parent()
        return False

    @property
    def sensitive(self):
        return self.has(Atspi.StateType.SENSITIVE)

    @property
    def text(self):
        """What is written on it: its text, or its name."""
        text = self.accessible.get_text_iface()
        if text is not None:
            return Atspi.Text.get_text(text, 0, Atspi.Text.get_character_count(text))
        return self.name

    def children(self):
        for index in range(self.accessible.get_child_count()):
            child = self.accessible.get_child_at_index(index)
            if child is not None:
                yield Node(child)

    def walk(self, hidden=False):
        """Itself and everything below it that shows."""
        return (node for node in self._walk(hidden) if hidden or node is self or node._shows())

    def _walk(self, hidden):
        """The same, with leaves that don't show."""
        yield self
        stack = [self.children()]
        while stack:
            try:
                node = next(stack[-1], None)
                if node is None:
                    stack.pop()
                    continue
                leaf = node.role in LEAVES
                if not leaf and not hidden and not node.showing:
                    continue
            except GLib.Error:
                # What is below it went away while it was looked through, or it did itself.
                continue
            yield node
            if not leaf:
                stack.append(node.children())

    def _shows(self):
        """Whether what _walk() came to shows; only of leaves that isn't known."""
        try:
            return self.role not in LEAVES or self.showing
        except GLib.Error:
            return False

    def fits(self, role=None, name=None, contains=None, matches=None):
        try:
            if role is not None and self.role != role:
                return False
            if name is not None and self.name != name:
                return False
            if contains is not None and contains not in self.name and contains not in self.text:
                return False
            return matches is None or bool(matches(self))
        except GLib.Error:
            return False

    def all(self, hidden=False, **what):
        return (node for node in self._walk(hidden)
                if node.fits(**what) and (hidden or node is self or node._shows()))

    def seek(self, **what):
        return next(self.all(**what), None)

    def find(self, timeout=TIMEOUT, **what):
        try:
            return await_condition(lambda: self.seek(**what), self._describe(what), timeout)
        except Missing as missing:
            raise Missing(f'{missing}. There was:\n{self.dump()}') from None

    def gone(self, timeout=TIMEOUT, **what):
        await_condition(lambda: self.seek(**what) is None, f'the end of {self._describe(what)}', timeout)

    @staticmethod
    def _describe(what):
        return ' '.join(f'{key}={value!r}' for key, value in what.items())

    def click(self):
        """Activates it by its first action, or what it holds by that: a menu's button is inside it."""
        await_condition(lambda: self.sensitive, f'{self.role} “{self.name}” to be usable')
        for node in self.walk():
            action = node.accessible.get_action_iface()
            if action is not None and Atspi.Action.get_n_actions(action) > 0:
                Atspi.Action.do_action(action, 0)
                return
        raise Missing(f'{self.role} “{self.name}” has no action')

    def type(self, text):
        """Replaces what stands in an entry."""
        editable = self.accessible.get_editable_text_iface()
        if editable is None:
            inner = self.seek(role='text')
            if inner is None or inner is self:
                raise Missing(f'{self.role} “{self.name}” takes no text')
            inner.type(text)
            return
        Atspi.EditableText.set_text_contents(editable, text)

    @property
    def focused(self):
        return self.has(Atspi.StateType.FOCUSED)

    def await_focus(self):
        """Until it, or what it holds, has the keyboard."""
        try:
            await_condition(lambda: any(node.focused for node in self.walk()),
                            f'the focus on {self.role} “{self.name}”')
        except Missing as missing:
            raise Missing(f'{missing}. There was:\n{self.dump()}') from None
        return self

    def dump(self, most=DUMP_LINES):
        lines = []

        def show(node, depth):
            if len(lines) == most:
                lines.append('…')
            if len(lines) > most:
                return
            try:
                text = node.text
                # What only lays out others says nothing.
                if text and not (node.role in ('filler', 'panel') and text.startswith(('Gtk', 'Adw', 'Assay'))):
                    lines.append('  ' * depth + f'{node.role} {node.name!r}'
                                 + (f' {text!r}' if text != node.name else '')
                                 + (' (focus)' if node.focused else '') + ('' if node.sensitive else ' (insensitive)'))
                    depth += 1
                # The first of a long list are like the rest.
                for child in itertools.islice((child for child in node.children() if child.showing), 10):
                    show(child, depth)
            except GLib.Error:
                pass

        show(self, 0)
        return '\n'.join(lines)


def install_browser():
    """Makes the private desktop's browser one that writes down what it is asked to open; returns where."""
    opened = os.path.join(os.environ['XDG_CACHE_HOME'], 'opened-addresses')
    applications = os.path.join(os.environ['XDG_DATA_HOME'], 'applications')
    script = os.path.join(os.environ['XDG_CACHE_HOME'], 'browser')
    os.makedirs(applications, exist_ok=True)
    with open(script, 'w', encoding='utf-8') as file:
        file.write(f'#!/bin/sh\nprintf "%s\\n" "$1" >> "{opened}"\n')
    os.chmod(script, 0o755)
    with open(os.path.join(applications, 'browser.desktop'), 'w', encoding='utf-8') as file:
        file.write(f'[Desktop Entry]\nType=Application\nName=Browser\nExec={script} %u\n'
                   'MimeType=x-scheme-handler/http;x-scheme-handler/https;\n')
    with open(os.path.join(os.environ['XDG_CONFIG_HOME'], 'mimeapps.list'), 'w', encoding='utf-8') as file:
        file.write('[Default Applications]\nx-scheme-handler/http=browser.desktop\n'
                   'x-scheme-handler/https=browser.desktop\n')
    if os.path.exists(opened):
        os.unlink(opened)
    return opened


class App:
    """The program as a user starts it, with data of its own."""

    def __init__(self, *arguments, data_dir=None, environment=None, keep=False, unique=False):
        """With @unique it is the one that the desktop knows: on the default data, and on the session bus by its name."""
        # First, so that the window manager is there when GTK asks what it can do.
        self.screen = Screen()
        if unique:
            data_dir = os.path.join(os.environ['XDG_DATA_HOME'], 'assay')
        self.data_dir = data_dir or tempfile.mkdtemp(prefix='assay-ui-')
        self.owns_data = data_dir is None and not keep
        place = [] if unique else ['--data-dir', self.data_dir]
        self.opened = install_browser()
        environment = dict(os.environ, **(environment or {}))
        environment.setdefault('ASSAY_SANDBOX', build_path('src', 'sandbox', 'assay-sandbox'))
        environment.setdefault('GSETTINGS_SCHEMA_DIR', build_path('data'))
        self.stderr = tempfile.TemporaryFile(mode='w+', encoding='utf-8', errors='replace')
        self.process = subprocess.Popen([build_path('src', 'app', 'assay'), *place, *arguments],
                                        env=environment, stderr=self.stderr)
        self.root = await_condition(self._find_application, 'the application on the accessibility bus')
        self.focus_moves = 0
        self._focus = None
        self._listener = Atspi.EventListener.new(self._focus_moved)
        self._listener.register('object:state-changed:focused')

    def _focus_moved(self, event):
        if event.detail1:
            self._focus = Node(event.source)
            self.focus_moves += 1
        elif self._focus is not None and self._focus.accessible == event.source:
            self._focus = None

    def focused(self):
        """What has the keyboard, as the program told; None for the entry of a row, of which GTK 4.8 tells nothing.

        It takes a call or two, where looking through a window for it takes thousands."""
        try:
            # What it told before comes before this answer.
            self.root.accessible.get_child_count()
            while GLib.MainContext.default().iteration(False):
                pass
            return self._focus if self._focus is not None and self._focus.focused else None
        except GLib.Error:
            return None

    def _find_application(self):
        if self.process.poll() is not None:
            raise Missing(f'assay ended with status {self.process.returncode}')
        desktop = Atspi.get_desktop(0)
        for index in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(index)
            if child is not None and child.get_process_id() == self.process.pid and child.get_child_count() > 0:
                return Node(child)
        return None

    def window(self, name=None):
        """The frame or dialog in front, once it has the keyboard."""
        def look():
            frames = [node for node in self.root.children() if node.showing and (name is None or node.name == name)]
            if not frames:
                return None
            window = self.screen.windows(self.process.pid).get(frames[-1].name)
            if window is None:
                return None
            if self.screen.is_active(window):
                return frames[-1]
            self.screen.activate(window)
            return None
        try:
            return await_condition(look, f'a window{f" called “{name}”" if name else ""} with the focus')
        except Missing as missing:
            raise Missing(f'{missing}. {self._describe_windows()}') from None

    def _describe_windows(self):
        titles = ', '.join(f'“{title}”{" (in front)" if self.screen.is_active(window) else ""}'
                           for title, window in self.screen.windows(self.process.pid).items())
        return f'The windows were: {titles}. There was:\n{self.root.dump()}'

    def _margins(self, frame, window):
        """What is around the content of a window: (left, top, both sides, above and below)."""
        left, right, top, bottom = self.screen.margins(window)
        _, _, width, height = self.screen.place(window)
        # A theme without shadows draws a border of its own, on all sides alike.
        border = (width - left - right - frame.extents[2]) // 2
        return left + border, top + border, left + right + 2 * border, top + bottom + 2 * border

    def resize(self, name, width, height):
        """Makes a window so large, in pixels of its content."""
        frame = self.window(name)
        window = self.screen.windows(self.process.pid)[name]
        _, _, across, down = self._margins(frame, window)
        self.screen.resize(window, width + across, height + down)
        await_condition(lambda: frame.extents[2:] == (width, height),
                        f'a window of {width} × {height} (it is {frame.extents[2:]})')

    def point(self, node):
        """Clicks something with the mouse, in its middle."""
        x, y, width, height = await_condition(lambda: node.showing and not node.scrolled_away and node.extents,
                                              f'a place of “{node.name}” that can be seen')
        frame = self.window(node.frame().name)
        window = self.screen.windows(self.process.pid)[frame.name]
        left, top, *_ = self.screen.place(window)
        margin_left, margin_top, *_ = self._margins(frame, window)
        self.screen.click(left + margin_left + x + width // 2, top + margin_top + y + height // 2)

    def _has_keyboard(self):
        active = [title for title, window in self.screen.windows(self.process.pid).items()
                  if self.screen.is_active(window)]
        return any(frame.name in active and frame.has(Atspi.StateType.ACTIVE) for frame in self.root.children())

    def press(self, *combinations):
        """Presses keys, once a window of the program has the keyboard."""
        for combination in combinations:
            try:
                await_condition(self._has_keyboard, f'the keyboard for “{combination}”')
            except Missing as missing:
                raise Missing(f'{missing}. {self._describe_windows()}') from None
            self.screen.press(combination)

    def type_keys(self, text):
        await_condition(self._has_keyboard, f'the keyboard for “{text}”')
        for character in text:
            self.screen.press(character)

    def find(self, timeout=TIMEOUT, **what):
        return self.root.find(timeout, **what)

    def gone(self, timeout=TIMEOUT, **what):
        if what.get('role') not in ('frame', 'dialog'):
            self.root.gone(timeout, **what)
            return
        # Windows are what the program has at the top; looking through all that is in them takes long.
        await_condition(lambda: not any(window.fits(**what) and window.showing for window in self.root.children()),
                        f'the end of {Node._describe(what)}', timeout)

    def await_toast(self, text):
        """Until a toast of a window's own says so. It is there for seconds, less than looking through a window may take."""
        def look():
            level = list(self.root.children())
            for _ in range(TOAST_DEPTH):
                level = [child for node in level if node.role not in LEAVES for child in node.children()]
            return next((node for node in level if node.fits(role='label', name=text)), None)
        return await_condition(look, f'a toast “{text}”')

    def opened_addresses(self):
        if not os.path.exists(self.opened):
            return []
        with open(self.opened, encoding='utf-8') as file:
            return file.read().split()

    def await_opened(self):
        """The address that the browser was asked for last."""
        return await_condition(self.opened_addresses, 'an address for the browser')[-1]

    def screenshot(self, path, name=None):
        """Leaves a picture of a window's content, with whatever is in front of it; of the whole screen without one."""
        command = ['import', '-silent', '-window', 'root']
        if name is not None:
            window = self.screen.windows(self.process.pid)[name]
            frame = next(node for node in self.root.children() if node.name == name)
            left, top, *_ = self.screen.place(window)
            margin_left, margin_top, *_ = self._margins(frame, window)
            _, _, width, height = frame.extents
            command += ['-crop', f'{width}x{height}+{left + margin_left}+{top + margin_top}', '+repage']
        subprocess.run([*command, path], check=True)

    def stop(self):
        """Ends it as the end of a session does; returns its exit status."""
        self._listener.deregister('object:state-changed:focused')
        self.screen.end()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=TIMEOUT)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.owns_data:
            shutil.rmtree(self.data_dir, ignore_errors=True)
        self._judge_stderr()
        return self.process.returncode

    def _judge_stderr(self):
        """Passes on what the program said there; a warning in it fails the test."""
        if self.stderr.closed:
            return
        with self.stderr:
            self.stderr.seek(0)
            said = self.stderr.read()
        sys.stderr.write(said)
        warned = [match.group(0) for match in WARNING.finditer(said)
                  if not any(known.search(match.group(2)) for known in FOREIGN_WARNINGS)]
        if warned:
            raise AssertionError('The program warned:\n' + '\n'.join(warned))
