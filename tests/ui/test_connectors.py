#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every connector, in each of its ways, from the catalogue to enabled by keyboard alone.

To be run inside build-aux/desktop. Only addresses and the like aren't typed, but put in at once.
"""

import unittest
import urllib.request
from typing import NamedTuple

from driver import App, Sandbox, await_condition
from story import ctl
from wizard import WizardStory


class Way(NamedTuple):
    """One way to connect a system: what is chosen and filled in, by what the form calls it."""

    name: str
    system: str
    sandbox: str = ''
    # The row, and how far down in it.
    choices: tuple = ()
    # Of the sandbox's settings: what the form calls them.
    settings: tuple = (('Base address', 'base-url'),)
    # What stands in the sandbox's base address, and what is put in its place.
    base: tuple = ('', '')
    others: tuple = ()
    secret: tuple = ('API key', 'api-key')
    signs_in: bool = False


BY_HAND = 'Backend Engineering=https://tests.example/backend'
ENDPOINTS = (('Base address', 'base-url'), ('Consent address', 'authorize-url'), ('Token address', 'token-url'),
             ('Audience', 'audience'))

WAYS = (
    Way('Pinpoint', 'Pinpoint', 'pinpoint', settings=(('Subdomain', 'subdomain'), ('Base address', 'base-url'))),
    Way('Lever by key', 'Lever', 'lever'),
    Way('Lever by signing in', 'Lever', 'lever', choices=(('Sign-in', 1),), settings=(('Client id', 'client-id'), *ENDPOINTS),
        secret=('Client secret', 'client-secret'), signs_in=True),
    Way('Kombo', 'Kombo', 'kombo', settings=(('Integration', 'integration'), ('Base address', 'base-url'))),
    Way('TestTrick', 'TestTrick', 'testtrick'),
    Way('TestTrick as a plugin', 'TestTrick', 'testtrick', choices=(('Profile', 1),), base=('/partner', '/plugin')),
    Way('TestTrick by hand', 'TestTrick', choices=(('Profile', 2),), settings=(),
        others=(('Assessments and their links', BY_HAND),), secret=()),
    Way('Coderbyte', 'Coderbyte', 'coderbyte'),
    Way('Coderbyte as a plugin', 'Coderbyte', 'coderbyte', choices=(('Integration', 1),)),
    Way('AssessFirst', 'AssessFirst', 'assessfirst', secret=('Token', 'token'),
        settings=(('Base address', 'base-url'), ('Path of the result', 'result-path'), ('Field map', 'field-map'))),
    Way('AssessFirst, version 1', 'AssessFirst', 'assessfirst', choices=(('Profile', 1),), base=('/betty/v2', '/betty'),
        secret=('Token', 'token')),
    Way('hackajob', 'hackajob', settings=(), secret=()),
    Way('TestGorilla', 'TestGorilla', 'testgorilla'),
    Way('Codility', 'Codility', 'codility', secret=('Access token', 'api-key')),
    Way('HackerRank', 'HackerRank', 'hackerrank'),
    Way('Partner protocol', 'Partner protocol', 'testtrick'),
)


class Connectors(WizardStory):

    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox('--pace', '0', '--quiet', '--applications', '20', '--jobs', '2')
        cls.sandbox.control('POST', '/settings', {'vendor': 'lever', 'consent': 'auto'})
        cls.app = App()
        cls.main = cls.app.window('Assay')

    @classmethod
    def tearDownClass(cls):
        status = cls.app.stop()
        cls.sandbox.stop()
        assert status == 0, f'assay ended with status {status}'

    def put(self, dialog, name, text):
        """Into a field that may be among the advanced ones."""
        if dialog.seek(role='text', name=name) is None:
            self.open_advanced(dialog)
        self.fill(dialog, name, text)

    def visit(self):
        """Plays the browser."""
        address = await_condition(self.app.opened_addresses, 'the browser')[-1]
        with urllib.request.urlopen(address, timeout=10) as answer:
            answer.read()

    def connect(self, way):
        played = self.sandbox.connections.get(way.sandbox, {'settings': {}, 'secrets': {}})
        if way.signs_in:
            played = {part: {**played[part], **played['sign_in'][part]} for part in ('settings', 'secrets')}
        dialog = self.begin(way.system.lower()[:8], way.system)
        for row, steps in way.choices:
            if dialog.seek(role='combo box', name=row) is None:
                self.open_advanced(dialog)
            self.choose(dialog, row, steps)
        for title, key in way.settings:
            self.put(dialog, title, played['settings'][key].replace(*way.base))
        for title, text in way.others:
            self.put(dialog, title, text)
        if way.secret:
            self.enter(dialog, way.secret[0], played['secrets'][way.secret[1]])
        self.put(dialog, 'Name', way.name)
        self.app.press('Control+Return')
        dialog = self.app.window(f'Connect {way.name}')
        if way.signs_in:
            dialog.find(role='push button', name='Open the browser').await_focus()
            self.app.press('Return')
            self.visit()
        dialog.find(role='status bar', contains='is ready')
        self.leave_picture('connector-' + way.name.replace(' ', '-').lower(), dialog.name)
        self.enable(dialog)
        self.app.window('Assay')
        states = {entry['name']: entry['state'] for entry in ctl(self.app.data_dir, 'connection', 'list')}
        self.assertEqual(states[way.name], 'enabled')


def make_test(way):
    def test(self):
        self.connect(way)

    test.__doc__ = way.name
    return test


for number, entry in enumerate(WAYS):
    setattr(Connectors, f'test_{number:02}_{entry.sandbox or entry.system.lower()}', make_test(entry))


if __name__ == '__main__':
    unittest.main(verbosity=2, warnings='ignore')
