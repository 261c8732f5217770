#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every system from the catalogue to enabled, by keyboard alone, with what each refuses on the way.

To be run inside build-aux/desktop. The tests go on from each other, as an administrator would.
"""

import base64
import json
import os
import tempfile
import time
import unittest
import urllib.request

from driver import App, Sandbox, await_condition
from story import KEYS, ctl
from wizard import WizardStory


class Wizard(WizardStory):

    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox('--pace', '0', '--quiet', '--applications', '60', '--jobs', '4')
        cls.app = App()
        cls.main = cls.app.window('Assay')

    @classmethod
    def tearDownClass(cls):
        status = cls.app.stop()
        cls.sandbox.stop()
        assert status == 0, f'assay ended with status {status}'

    # The story

    def test_01_pinpoint(self):
        dialog = self.begin('pinp', 'Pinpoint')
        self.enter(dialog, 'Subdomain', 'https://acme.pinpointhq.com/admin')
        dialog.find(contains='Assay uses “acme” of this.')
        self.enter(dialog, 'API key', 'sandbox-lever-full-access')
        dialog.find(contains='This looks like a key of Lever.')
        self.app.press('Control+Return')
        self.enter(dialog, 'API key', 'sandbox-pinpoint-no-jobs')
        self.open_advanced(dialog)
        self.enter(dialog, 'Base address', self.sandbox.base_url('pinpoint'))
        self.app.press('Control+Return')
        dialog.find(role='list item', matches=lambda item: item.name == 'Job: Read: missing')
        self.leave_picture('wizard-refused', 'Connect Pinpoint')
        self.refused(dialog, 'set Job to Read')
        self.enter(dialog, 'API key', KEYS['pinpoint'])
        self.app.press('Control+Return')
        dialog.find(role='list item', name='Job: Read: in order')
        self.enable(dialog, event='New application')

    def test_02_leaving_keeps_a_draft(self):
        dialog = self.begin('testt', 'TestTrick')
        self.enter(dialog, 'API key', KEYS['testtrick'])
        self.enter(dialog, 'Name', 'Skills')
        self.app.press('Escape')
        self.app.gone(role='frame', name='Connect TestTrick')
        self.app.await_toast('The set-up of TestTrick is kept as a draft; its key waits in your keyring for 30 days.')
        self.app.window('Assay')
        self.app.press('Control+n')
        dialog = self.app.window('Connect a System')
        dialog.find(role='list item', name='Go on with Skills')
        dialog.find(role='list item', matches=lambda item: item.name == 'Pinpoint')
        self.tab_to(dialog, 'list item', 'Go on with Skills')
        self.app.press('Return')

    def test_03_testtrick(self):
        dialog = self.app.window('Connect TestTrick')
        self.assertEqual(dialog.find(role='text', name='Name').text, 'Skills')
        dialog.find(role='status bar', contains='Leave this empty to keep the saved one.')
        self.assertEqual(dialog.find(role='text', name='API key').text, '')
        self.enter(dialog, 'Name', 'TestTrick')
        self.enter(dialog, 'Base address', self.sandbox.base_url('testtrick'))
        self.app.press('Return')
        self.enable(dialog)

    def test_04_coderbyte_and_its_two_ways(self):
        dialog = self.begin('coderb', 'Coderbyte')
        self.enter(dialog, 'API key', 'sandbox-coderbyte-no-add-on')
        self.open_advanced(dialog)
        self.fill(dialog, 'Base address', self.sandbox.base_url('coderbyte'))
        self.app.press('Control+Return')
        self.refused(dialog, 'API add-on')
        self.enter(dialog, 'API key', 'sandbox-coderbyte-key')
        self.app.press('Control+Return')
        self.enable(dialog)

        dialog = self.begin('coderb', 'Coderbyte')
        self.choose(dialog, 'Integration', 1)
        self.enter(dialog, 'API key', 'sandbox-coderbyte-key')
        self.enter(dialog, 'Name', 'Plugin')
        self.open_advanced(dialog)
        self.fill(dialog, 'Base address', self.sandbox.base_url('coderbyte'))
        self.app.press('Control+Return')
        dialog = self.app.window('Connect Plugin')
        dialog.find(role='list item', name='Invited twice: look at this')
        self.leave_picture('wizard-twice', 'Connect Plugin')
        dialog.find(role='status bar', contains='is ready')
        self.app.press('Escape')
        self.app.gone(role='frame', name='Connect Plugin')

    def test_05_assessfirst(self):
        settings = self.sandbox.connections['assessfirst']['settings']
        dialog = self.begin('assessf', 'AssessFirst')
        self.fill(dialog, 'Base address', settings['base-url'])
        self.enter(dialog, 'Token', 'no such token ')
        dialog.find(contains='Spaces and line breaks that came along were left out.')
        self.app.press('Control+Return')
        dialog.find(role='status bar', contains='isn’t ready')
        dialog.find(role='alert', contains='refuses the token')
        dialog.find(role='push button', name='Change the key').await_focus()
        self.app.press('Return')
        dialog.find(role='label', contains='Copy your')
        self.enter(dialog, 'Token', 'sandbox-assessfirst-token')
        self.app.press('Control+Return')
        self.enable(dialog)

    def test_06_lever_by_signing_in(self):
        lever = self.sandbox.connections['lever']
        settings = {**lever['settings'], **lever['sign_in']['settings']}
        dialog = self.begin('lever', 'Lever')
        self.open_advanced(dialog)
        self.choose(dialog, 'Sign-in', 1)
        self.enter(dialog, 'Client id', settings['client-id'])
        for title, key in (('Consent address', 'authorize-url'), ('Token address', 'token-url'),
                           ('Audience', 'audience'), ('Base address', 'base-url')):
            self.fill(dialog, title, settings[key])
        self.enter(dialog, 'Client secret', lever['sign_in']['secrets']['client-secret'])
        self.app.press('Control+Return')
        dialog.find(role='list item', contains='opportunities:')
        self.leave_picture('wizard-sign-in', 'Connect Lever')

        self.sandbox.control('POST', '/settings', {'vendor': 'lever', 'consent': 'deny'})
        dialog.find(role='push button', name='Open the browser').await_focus()
        self.app.press('Return')
        self.visit(0)
        dialog.find(role='alert', contains='weren\'t granted in Lever')
        self.sandbox.control('POST', '/settings', {'vendor': 'lever', 'consent': 'auto'})
        dialog.find(role='push button', name='Open the browser').await_focus()
        self.app.press('Return')
        self.visit(1)
        self.enable(dialog)

    def visit(self, count):
        """Plays the browser: goes where it is sent, once it is asked for one page more than @count."""
        address = await_condition(lambda: (opened := self.app.opened_addresses())[count:] and opened, 'the browser')[-1]
        with urllib.request.urlopen(address, timeout=10) as answer:
            answer.read()

    def test_07_how_they_are(self):
        self.app.window('Assay')
        self.app.press('Alt+3')
        for name in ('Pinpoint', 'Lever', 'TestTrick', 'Coderbyte', 'AssessFirst'):
            # Rows are made anew when a connection changes.
            self.main.find(role='list item', name=name,
                           matches=lambda item: 'Enabled' in (item.accessible.get_description() or ''))
        self.main.find(role='push button', name='Go on with the set-up')

        row = self.main.find(role='list item', name='Pinpoint')
        self.tab_to(self.main, 'list item', 'Pinpoint')
        self.app.press('Return')
        details = self.app.window('Pinpoint')
        details.find(role='list item', name='State', matches=lambda item: 'Enabled since' in
                     (item.accessible.get_description() or ''))
        details.find(role='list item', contains='Job: Read: in order')
        details.find(role='list item', contains='Clock: in order')
        details.find(role='list item', contains='· Saved')
        self.leave_picture('connection-details', 'Pinpoint')

        # Another key, which says itself when it ends, and isn't taken any more.
        ends = base64.urlsafe_b64encode(json.dumps({'exp': int(time.time()) + 5 * 86400}).encode()).decode().rstrip('=')
        ids = {entry['name']: entry['id'] for entry in ctl(self.app.data_dir, 'connection', 'list')}
        ctl(self.app.data_dir, 'connection', 'set', ids['Pinpoint'], '--secret', 'api-key',
            secret=f'eyJhbGciOiJIUzI1NiJ9.{ends}.c2ln')
        details.find(role='push button', name='Check now').click()
        for warning in ('End of the key', 'Role of the key’s owner'):
            details.find(role='list item', name=f'{warning}: look at this')
        details.find(role='list item', name='Address and key: missing')
        self.leave_picture('connection-warnings', 'Pinpoint')
        self.app.press('Escape')
        self.app.gone(role='frame', name='Pinpoint')

    def test_08_disconnecting_says_what_is_left(self):
        self.app.window('Assay')
        row = self.main.find(role='list item', name='TestTrick')
        for key in ('Escape', 'Control+w'):
            row.find(role='push button', name='Menu of TestTrick').click()
            self.main.find(role='menu item', name='Disconnect…').click()
            dialog = self.app.window('Disconnect TestTrick?')
            dialog.find(contains='Switch the integration off')
            dialog.find(role='label', contains='at Lever, if TestTrick was also connected to it without Assay')
            dialog.find(role='label', contains='Click Revoke access.')
            if key == 'Escape':
                self.leave_picture('disconnect', 'Disconnect TestTrick?')
            # It is in front; GTK 4.8 doesn't tell that a message dialog is the active one.
            self.app.screen.press(key)
            self.app.gone(role='dialog', name='Disconnect TestTrick?')
            self.app.window('Assay')
        self.main.find(role='list item', name='TestTrick')

    def test_09_a_colleague_goes_on(self):
        request = {'format': 'assay-setup-request', 'version': 1, 'kind': 'pinpoint', 'name': 'ACME', 'step': 'credentials',
                   'settings': {'subdomain': 'acme', 'base-url': 'https://keys.example/api/v1', 'api-key': 'never'}}
        with tempfile.NamedTemporaryFile('w', suffix='.assay-setup', delete=False) as file:
            json.dump(request, file)
        self.addCleanup(os.unlink, file.name)
        colleague = App(file.name)
        try:
            dialog = colleague.window('Connect Pinpoint')
            dialog.find(role='label', contains='Copy your API key from Pinpoint')
            dialog.find(role='alert', contains='https://keys.example/api/v1')
            self.assertEqual(dialog.find(role='text', name='Subdomain').text, 'acme')
            self.assertEqual(dialog.find(role='text', name='API key').text, '')
            self.assertEqual(dialog.find(role='text', name='Name').text, 'ACME')
        finally:
            self.assertEqual(colleague.stop(), 0)


if __name__ == '__main__':
    unittest.main(verbosity=2, warnings='ignore')
