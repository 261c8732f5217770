# SPDX-License-Identifier: GPL-3.0-or-later
"""The wizard by keyboard alone, as the tests that set connections up need it."""

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi  # noqa: E402

from driver import Missing, await_condition  # noqa: E402
from story import Story  # noqa: E402


class WizardStory(Story):

    def tab(self, key='Tab'):
        """Moves on once; into the entry of a row without a word of GTK 4.8."""
        moves = self.app.focus_moves
        self.app.press(key)
        try:
            await_condition(lambda: self.app.focus_moves != moves, 'the focus to move', timeout=0.15)
        except Missing:
            # What is typed shows in which entry it is.
            pass

    def tab_to(self, window, role, name):
        """Presses Tab until the keyboard is there."""
        for _ in range(60):
            node = self.app.focused()
            if node is not None and (node.role, node.name) == (role, name):
                return node
            self.tab()
        return self.fail(f'Tab doesn’t come to {role} “{name}”:\n{window.dump()}')

    def enter(self, window, name, text):
        """Types into an entry, which is found by what typing changes."""
        def look():
            found = {entry.name: entry for entry in window.all(role='text') if entry.name}
            return found if name in found else None

        # In one walk through the window: each takes a while.
        found = await_condition(look, f'the entry “{name}”')
        field = found[name]
        entries = list(found.values())
        for _ in range(60):
            if self.app.focused() is None:
                lengths = [len(entry.text) for entry in entries]
                self.app.press('End')
                self.app.type_keys('x')
                await_condition(lambda: [len(entry.text) for entry in entries] != lengths, 'what was typed')
                here = len(field.text) != lengths[list(found).index(name)]
                self.app.press('BackSpace')
                await_condition(lambda: [len(entry.text) for entry in entries] == lengths, 'it to be gone')
                if here:
                    self.app.press('Control+a')
                    self.app.type_keys(text)
                    # A key loses its spaces.
                    await_condition(lambda: len(field.text) in (len(text), len(text.replace(' ', ''))),
                                    f'“{name}” to be typed')
                    return
            self.tab()
        self.fail(f'Tab doesn’t come to the entry “{name}”:\n{window.dump()}')

    @staticmethod
    def fill(window, name, text):
        """The same at once, for what only this test has to fill in."""
        window.find(role='text', name=name).type(text)

    def open_advanced(self, window):
        self.tab_to(window, 'push button', 'Advanced settings')
        self.app.press('space')

    def choose(self, window, name, steps):
        """So many choices further down in a row with a drop-down."""
        self.tab_to(window, 'combo box', name)
        def chosen():
            node = self.app.focused()
            return node if node is not None and node.role == 'list item' else None

        self.app.press('space')
        item = await_condition(chosen, 'the list of choices')
        for _ in range(steps):
            self.app.press('Down')
            await_condition(lambda last=item: not last.focused, 'the next choice')
            item = await_condition(chosen, 'the next choice')
        self.app.press('Return')
        await_condition(lambda: not chosen(), 'the end of the list of choices')

    def begin(self, search, name):
        """From anywhere to the page of the credentials."""
        self.app.window('Assay')
        self.app.press('Control+n')
        dialog = self.app.window('Connect a System')
        dialog.find(role='entry', name='Search systems').await_focus()
        self.app.type_keys(search)
        self.app.press('Return')
        dialog = self.app.window(f'Connect {name}')
        dialog.find(role='label', contains='Make sure that you can connect')
        dialog.find(role='push button', name='Continue').await_focus()
        self.app.press('Return')
        self.await_form(dialog)
        return dialog

    @staticmethod
    def await_form(dialog):
        dialog.find(role='label', matches=lambda label: label.text.startswith(('Copy your', 'Fill in how')))

    def refused(self, dialog, words):
        dialog.find(role='status bar', contains='isn’t ready')
        dialog.find(contains=words)
        self.assertIsNone(dialog.seek(role='push button', name='Continue'))
        self.app.press('Alt+Left')
        self.await_form(dialog)

    def copy_event(self, dialog, name):
        """On the page of the events, which waits with what the webhook will need until it is asked."""
        self.tab_to(dialog, 'push button', 'What the webhook will need')
        self.app.press('space')
        dialog.find(role='label', contains='The address stays the same')
        dialog.find(role='list item', name='Endpoint address')
        self.assertFalse(dialog.find(role='list item', name='I created the webhook').sensitive)
        dialog.find(role='label', contains='You can’t tick this yet, because there is no address')
        choice = dialog.find(role='check box', name=name)
        self.tab_to(dialog, 'check box', name)
        self.app.press('space')
        await_condition(lambda: choice.has(Atspi.StateType.CHECKED), 'the event to be chosen')
        self.tab_to(dialog, 'push button', f'Copy “{name}”')
        self.app.press('space')
        dialog.find(role='push button', name=f'Copied “{name}”')
        self.leave_picture('wizard-events', dialog.name)

    def enable(self, dialog, event=None):
        """From the start of the last check; on the way an event is copied, if one is named."""
        dialog.find(role='status bar', contains='is ready')
        dialog.find(role='push button', name='Continue').await_focus()
        self.app.press('Return')
        await_condition(lambda: dialog.seek(role='push button', name='Enable') or
                        dialog.seek(role='label', contains='See how Assay hears of news'), 'the next page')
        if dialog.seek(role='push button', name='Enable') is None:
            dialog.find(role='label', contains='No relay is set yet')
            if event is not None:
                self.copy_event(dialog, event)
            self.app.press('Control+Return')
        dialog.find(role='push button', name='Save')
        dialog.find(role='push button', name='Enable').await_focus()
        self.app.press('Return')
        dialog.find(role='label', contains='is enabled')
        self.app.press('Escape')
        self.app.gone(role='frame', contains='Connect ')
