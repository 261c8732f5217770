#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of the connections: what a connection's menu does, and what it leaves as it was.

To be run inside build-aux/desktop. The tests go on from each other, as an administrator would.
"""

import contextlib
import os
import shutil
import sqlite3
import tempfile
import unittest

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, Gio, GLib  # noqa: E402

from driver import App, Sandbox, await_condition  # noqa: E402
from story import connect, ctl  # noqa: E402
from wizard import WizardStory  # noqa: E402


def count_secrets():
    """How many the keyring has of Assay."""
    items, locked = Gio.bus_get_sync(Gio.BusType.SESSION).call_sync(
        'org.freedesktop.secrets', '/org/freedesktop/secrets', 'org.freedesktop.Secret.Service', 'SearchItems',
        GLib.Variant('(a{ss})', ({},)), GLib.VariantType('(aoao)'), Gio.DBusCallFlags.NONE, -1).unpack()
    return len(items) + len(locked)


class Connections(WizardStory):

    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox('--pace', '0', '--quiet', '--applications', '20', '--jobs', '2')
        cls.data_dir = tempfile.mkdtemp(prefix='assay-ui-')
        connect(cls.sandbox, cls.data_dir)
        connections = {entry['kind']: entry['id'] for entry in ctl(cls.data_dir, 'connection', 'list')}
        cls.pinpoint, cls.testtrick = connections['pinpoint'], connections['testtrick']
        assessment = ctl(cls.data_dir, 'assessment', 'list', '--refresh')[0]
        person = ctl(cls.data_dir, 'application', 'list', '--active')[0]
        ctl(cls.data_dir, 'invite', person['id'], '--assessment', assessment['id'])
        cls.app = App(data_dir=cls.data_dir)
        cls.main = cls.app.window('Assay')
        cls.app.press('Alt+3')

    @classmethod
    def tearDownClass(cls):
        status = cls.app.stop()
        cls.sandbox.stop()
        shutil.rmtree(cls.data_dir)
        assert status == 0, f'assay ended with status {status}'

    def choose(self, connection, name):
        """In the menu of a connection's row."""
        self.app.window('Assay')
        self.main.find(role='push button', name=f'Menu of {connection}').click()
        self.main.find(role='menu item', name=name).click()

    def await_state(self, connection, word):
        self.main.find(role='list item', name=connection,
                       matches=lambda item: (item.accessible.get_description() or '').startswith(word))

    def kept(self):
        """What a change to the connection must leave alone."""
        with contextlib.closing(sqlite3.connect(os.path.join(self.data_dir, 'assay.db'))) as database:
            return {table: database.execute(f'SELECT id FROM {table} ORDER BY id').fetchall()
                    for table in ('application', 'job', 'stage', 'invitation')}

    def effects(self):
        """What Assay had the vendors do."""
        ledger = self.sandbox.control('GET', '/ledger')
        return {key: value for key, value in ledger.items() if key != 'traffic'}

    def test_01_live_events_of_one_that_is_there(self):
        self.choose('Pinpoint', 'Live events…')
        dialog = self.app.window('Pinpoint')
        dialog.find(role='label', contains='Assay asks Pinpoint every')
        dialog.find(role='list item', name='Endpoint address')
        dialog.find(role='label', contains='You can’t tick this yet, because there is no address to give to Pinpoint')
        choice = dialog.find(role='check box', name='Application stage changed')
        self.tab_to(dialog, 'check box', 'Application stage changed')
        self.app.press('space')
        await_condition(lambda: choice.has(Atspi.StateType.CHECKED), 'the event to be chosen')
        dialog.find(role='text', name='Webhook signing secret').type('  signs-\n with-this \r\n')
        dialog.find(contains='Spaces and line breaks that came along were left out.')
        self.assertEqual(len(dialog.find(role='text', name='Webhook signing secret').text), len('signs-with-this'))
        self.leave_picture('live-events', 'Pinpoint')
        before = count_secrets()
        dialog.find(role='push button', name='Done').click()
        self.app.gone(role='frame', name='Pinpoint')
        self.assertEqual(count_secrets(), before + 1)

        self.choose('Pinpoint', 'Live events…')
        dialog = self.app.window('Pinpoint')
        self.assertTrue(dialog.find(role='check box', name='Application stage changed').has(Atspi.StateType.CHECKED))
        dialog.find(role='status bar', contains='Leave this empty to keep the saved one.')
        self.app.press('Escape')
        self.app.gone(role='frame', name='Pinpoint')
        self.app.window('Assay')
        self.main.find(role='push button', name='Menu of Testtrick').click()
        self.main.find(role='menu item', name='Relink…')
        self.assertIsNone(self.main.seek(role='menu item', name='Live events…'))
        self.app.press('Escape')

    def test_02_disable_and_enable_leave_all_as_it_was(self):
        kept, effects, secrets = self.kept(), self.effects(), count_secrets()
        for connection in ('Pinpoint', 'Testtrick'):
            self.choose(connection, 'Disable')
            self.main.find(contains=f'{connection} is disabled, its data stays')
            self.await_state(connection, 'Disabled')
        self.leave_picture('connections-disabled', 'Assay')
        self.assertEqual(self.kept(), kept)
        for connection in ('Pinpoint', 'Testtrick'):
            self.choose(connection, 'Enable')
            self.await_state(connection, 'Enabled')
        self.assertEqual(self.kept(), kept)
        self.assertEqual(self.effects(), effects)
        self.assertEqual(count_secrets(), secrets)

    def test_03_relink_keeps_all_but_the_key(self):
        kept, secrets = self.kept(), count_secrets()
        before = ctl(self.data_dir, 'connection', 'show', self.pinpoint)
        self.choose('Pinpoint', 'Relink…')
        dialog = self.app.window('Pinpoint')
        dialog.find(role='status bar', contains='Leave this empty to keep the saved one.')
        dialog.find(role='text', name='API key').type('no-such-key')
        self.app.press('Control+Return')
        dialog.find(role='status bar', contains='isn’t ready')
        self.leave_picture('relink-refused', 'Pinpoint')
        dialog.find(role='push button', name='Change the key').await_focus()
        self.app.press('Return')
        dialog.find(role='text', name='API key').type('sandbox-pinpoint-read-only')
        self.app.press('Control+Return')
        dialog.find(role='status bar', contains='is ready')
        dialog.find(role='list item', contains='Comment: Write: ', matches=lambda item: 'in order' not in item.name)
        self.leave_picture('relink-read-only', 'Pinpoint')
        self.app.press('Escape')
        self.app.gone(role='frame', name='Pinpoint')
        after = ctl(self.data_dir, 'connection', 'show', self.pinpoint)
        for name in ('id', 'kind', 'name', 'settings', 'role'):
            self.assertEqual(after[name], before[name])
        self.assertEqual(self.kept(), kept)
        self.assertEqual(count_secrets(), secrets)
        self.await_state('Pinpoint', 'Enabled')

    def test_04_details_tell_of_room_and_causes(self):
        self.choose('Pinpoint', 'Details…')
        details = self.app.window('Pinpoint')
        details.find(role='list item', name='Room for more requests',
                     matches=lambda item: ' at once' in (item.accessible.get_description() or ''))
        details.find(role='list item', name='Requests in hand')
        for state in ('Disabled', 'Relink needed', 'Enabled'):
            details.find(role='list item', contains=f'· {state}')
        self.leave_picture('details-after', 'Pinpoint')
        self.app.press('Escape')
        self.app.gone(role='frame', name='Pinpoint')

    def disconnect(self, connection, answer):
        self.choose(connection, 'Disconnect…')
        dialog = self.app.window(f'Disconnect {connection}?')
        dialog.find(role='push button', contains=answer).click()
        dialog = self.app.window(f'{connection} is disconnected')
        dialog.find(contains='The key is out of your keyring.')
        self.leave_picture(f'disconnected-{connection.lower()}', dialog.name)
        dialog.find(role='push button', contains='Close').click()
        self.app.gone(role='dialog', name=dialog.name)
        self.main.gone(role='list item', name=connection)

    def test_05_disconnect_and_keep_the_data(self):
        kept, secrets = self.kept(), count_secrets()
        self.disconnect('Testtrick', 'Keep data')
        self.assertEqual(count_secrets(), secrets - 1)
        self.assertEqual(self.kept(), kept)
        self.assertEqual([entry['id'] for entry in ctl(self.data_dir, 'connection', 'list')], [self.pinpoint])

    def test_06_disconnect_and_erase_the_data(self):
        self.disconnect('Pinpoint', 'Erase data')
        self.assertEqual(count_secrets(), 0)
        self.assertEqual(set(map(len, self.kept().values())), {0})
        self.assertEqual(ctl(self.data_dir, 'connection', 'list'), [])
        # Nothing was taken back at the vendors.
        self.assertEqual(len(self.sandbox.invitations()), 1)


if __name__ == '__main__':
    unittest.main(verbosity=2, warnings='ignore')
