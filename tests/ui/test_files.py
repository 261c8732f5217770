#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections and set-ups as files: out of the window and into it, through the file chooser, by keyboard.

To be run inside build-aux/desktop. The tests go on from each other, as an administrator would.
"""

import json
import os
import shutil
import tempfile
import unittest

from driver import App, Sandbox, await_condition
from story import Story, connect, ctl


class Files(Story):

    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox('--pace', '0', '--quiet', '--applications', '20', '--jobs', '2')
        cls.data_dir = tempfile.mkdtemp(prefix='assay-ui-')
        # Short, since it is typed.
        cls.folder = tempfile.mkdtemp(prefix='a', dir='/tmp')
        connect(cls.sandbox, cls.data_dir, sync=False)
        cls.app = App(data_dir=cls.data_dir)
        cls.main = cls.app.window('Assay')

    @classmethod
    def tearDownClass(cls):
        status = cls.app.stop()
        cls.sandbox.stop()
        shutil.rmtree(cls.data_dir)
        shutil.rmtree(cls.folder)
        assert status == 0, f'assay ended with status {status}'

    def path(self, name):
        return os.path.join(self.folder, name)

    def open_menu_item(self, name):
        self.app.window('Assay')
        self.main.find(role='push button', name='Carry connections to another computer').click()
        self.main.find(role='menu item', name=name).click()

    def test_01_connections_go_out_without_their_keys(self):
        self.app.press('Alt+3')
        self.open_menu_item('Export connections…')
        self.choose_file('Export Connections', self.path('a'))
        self.app.await_toast('The connections are exported. There is no key in the file.')
        with open(self.path('a'), encoding='utf-8') as file:
            text = file.read()
        self.assertNotIn('sandbox-pinpoint-full-access', text)
        self.assertEqual({entry['kind'] for entry in json.loads(text)['connections']}, {'pinpoint', 'testtrick'})

    def test_02_what_differs_is_shown_first(self):
        with open(self.path('a'), encoding='utf-8') as file:
            document = json.load(file)
        for entry in document['connections']:
            if entry['kind'] == 'pinpoint':
                entry['settings']['confidential'] = 'no'
        document['connections'].append({'kind': 'lever', 'name': 'Their Lever', 'settings': {'auth': 'key'}})
        with open(self.path('b'), 'w', encoding='utf-8') as file:
            json.dump(document, file)
        self.open_menu_item('Import connections…')
        self.choose_file('Import Connections', self.path('b'))
        dialog = self.app.window('Import These Connections?')
        for name, word in (('Pinpoint', 'Changes'), ('Testtrick', 'As it is'), ('Their Lever', 'New')):
            dialog.find(role='list item', name=name).find(role='label', name=word)
        dialog.find(role='label', contains='Confidential jobs: yes → no')
        self.leave_picture('import-differences', 'Import These Connections?')
        # Nothing is done yet.
        self.assertEqual(len(ctl(self.data_dir, 'connection', 'list')), 2)
        dialog.find(role='push button', contains='Import').click()
        self.app.await_toast('The connections are imported. Relink those that are new: a file has no keys.')
        self.main.find(role='list item', name='Their Lever')
        here = {entry['name']: entry for entry in ctl(self.data_dir, 'connection', 'list')}
        self.assertEqual(here['Pinpoint']['settings']['confidential'], 'no')
        self.assertEqual(here['Pinpoint']['state'], 'enabled')
        self.assertEqual(here['Their Lever']['state'], 'saved')

    def test_03_a_file_that_is_none_says_so(self):
        with open(self.path('c'), 'w', encoding='utf-8') as file:
            file.write('{"format": "something else"}')
        self.open_menu_item('Import connections…')
        self.choose_file('Import Connections', self.path('c'))
        self.app.await_toast('This file has no connections of Assay in it. Export them again, and import that file.')

    def test_04_a_set_up_is_handed_over(self):
        self.app.window('Assay')
        self.app.press('Control+n')
        dialog = self.app.window('Connect a System')
        dialog.find(role='entry', name='Search systems').await_focus()
        self.app.type_keys('pinp')
        self.app.press('Return')
        dialog = self.app.window('Connect Pinpoint')
        dialog.find(role='push button', name='Continue').await_focus()
        self.app.press('Return')
        dialog.find(role='text', name='Subdomain').type('beta')
        dialog.find(role='text', name='API key').type('never-in-a-file')
        self.app.press('Alt+Left')
        dialog.find(role='push button', name='Hand over to a colleague…').click()
        self.choose_file('Save the Set-Up Request', self.path('for-you.assay-setup'))
        dialog.find(contains='“for-you.assay-setup” has no key in it.')
        self.leave_picture('hand-over', 'Connect Pinpoint')
        with open(self.path('for-you.assay-setup'), encoding='utf-8') as file:
            self.assertNotIn('never-in-a-file', file.read())
        # Back on the form everything is as it was.
        self.app.press('Control+Return')
        await_condition(lambda: dialog.seek(role='text', name='API key'), 'the form')
        self.assertEqual(dialog.find(role='text', name='Subdomain').text, 'beta')
        self.app.press('Escape')
        self.app.gone(role='frame', name='Connect Pinpoint')

    def test_05_and_opens_at_the_colleague_s(self):
        colleague = App(self.path('for-you.assay-setup'))
        try:
            dialog = colleague.window('Connect Pinpoint')
            dialog.find(contains='This set-up was begun by somebody else')
            dialog.find(role='push button', name='Continue').await_focus()
            colleague.press('Return')
            self.assertEqual(dialog.find(role='text', name='Subdomain').text, 'beta')
            self.assertEqual(dialog.find(role='text', name='API key').text, '')
        finally:
            self.assertEqual(colleague.stop(), 0)


if __name__ == '__main__':
    unittest.main(verbosity=2, warnings='ignore')
