# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests that go on from each other, as a person would, and what several of them need."""

import json
import os
import subprocess
import unittest

from driver import await_condition, build_path

KEYS = {'pinpoint': 'sandbox-pinpoint-full-access', 'testtrick': 'sandbox-testtrick-key'}


def ctl(data_dir, *arguments, secret=None):
    """What assayctl answers; its JSON."""
    done = subprocess.run([build_path('src', 'ctl', 'assayctl'), '--data-dir', data_dir, '--json', *arguments],
                          input=None if secret is None else secret + '\n', stdin=None if secret else subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, f'assayctl {" ".join(arguments)}: {done.returncode}: {done.stderr}'
    return json.loads(done.stdout) if done.stdout else None


def connect_one(sandbox, data_dir, kind, key, *settings):
    """Connects one system of a sandbox, as assayctl does it."""
    added = ctl(data_dir, 'connection', 'add', kind, '--name', kind.capitalize(), '--set',
                ','.join([f'base-url={sandbox.base_url(kind)}', *settings]), '--secret', 'api-key', secret=key)
    ctl(data_dir, 'connection', 'enable', added['id'])


def connect(sandbox, data_dir, sync=True):
    """Connects both systems of a sandbox."""
    for kind, key in KEYS.items():
        connect_one(sandbox, data_dir, kind, key)
    if sync:
        ctl(data_dir, 'sync')


def everybody(text):
    """A condition: the list has somebody, and everybody in it is called like that."""
    def look(people):
        names = [item.name.lower() for item in people.all(role='list item')]
        return names and all(text.lower() in name for name in names)
    return look


class Story(unittest.TestCase):
    """After a step that fails the rest is skipped; a picture of how it stood is left."""

    failed = False
    app = None

    def __init__(self, name='runTest'):
        super().__init__(name)
        method = getattr(self, name)

        def attempt():
            try:
                method()
            except Exception:
                type(self).failed = True
                # While it still stands as it did.
                self.leave_picture('failed-' + name)
                raise
        setattr(self, name, attempt)

    def setUp(self):
        if type(self).failed:
            self.skipTest('a step before it failed')

    def leave_picture(self, name, window=None):
        """For a person to look at; what is on it isn't tested."""
        folder = build_path('tests', 'ui', 'pictures')
        os.makedirs(folder, exist_ok=True)
        if self.app is not None:
            self.app.screenshot(os.path.join(folder, name + '.png'), window)

    def choose_file(self, title, path):
        """Types where to in the file chooser, as one does who doesn't want to click through folders."""
        chooser = self.app.window(title)
        entry = chooser.seek(role='text', matches=lambda entry: entry.focused)
        # A name is typed over what is proposed; where a file is opened, a “/” asks for the rest of the path. GTK 4.8
        # doesn't tell that a dialog is the active one.
        for key in ('Control+a', *path) if entry is not None else path:
            self.app.screen.press(key)
        await_condition(lambda: chooser.seek(role='text', contains=path), 'the path to be typed')
        self.app.screen.press('Return')
        self.app.gone(role='dialog', name=title)
