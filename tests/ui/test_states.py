#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the window shows when something is not as it should be, and in every width.

To be run inside build-aux/desktop; with ASSAY_KEYRING=locked or none the tests of that keyring run, else the others.
The pictures it leaves in the build folder are for a person to look at.
"""

import os
import shutil
import subprocess
import tempfile
import unittest

from driver import App, Sandbox
from story import Story, connect, ctl

KEYRING = os.environ.get('ASSAY_KEYRING', 'unlocked')


def unlock():
    """Unlocks the keyring, as a user does who types the password."""
    tools = os.path.join(os.path.dirname(__file__), '..', '..', 'build-aux')
    subprocess.run([os.path.join(tools, 'unlock-keyring')], check=True)


def lock():
    subprocess.run(['gdbus', 'call', '--session', '--dest', 'org.freedesktop.secrets',
                    '--object-path', '/org/freedesktop/secrets', '--method', 'org.freedesktop.Secret.Service.Lock',
                    "['/org/freedesktop/secrets/collection/login']"], check=True, stdout=subprocess.DEVNULL)


class States(Story):

    def setUp(self):
        # These don't go on from each other.
        self.data_dir = tempfile.mkdtemp(prefix='assay-ui-')
        self.addCleanup(shutil.rmtree, self.data_dir, ignore_errors=True)
        self.app = None
        self.sandbox = None

    def tearDown(self):
        status = self.app.stop() if self.app is not None else 0
        if self.sandbox is not None:
            self.sandbox.stop()
        self.assertEqual(status, 0)

    def start(self, connected=False, **more):
        if connected:
            self.sandbox = Sandbox('--pace', '0', '--quiet', '--applications', '300')
            connect(self.sandbox, self.data_dir)
        self.app = App(data_dir=self.data_dir, **more)
        return self.app.window('Assay')

    def open_first(self, window):
        person = window.find(role='list', name='Candidates').find(role='list item',
                                                                   matches=lambda item: not item.scrolled_away)
        name = person.name.split(',')[0]
        self.app.point(person)
        window.find(role='heading', name=name)
        return name


@unittest.skipUnless(KEYRING == 'locked', 'the keyring is to be locked')
class LockedKeyring(States):

    def test_reading_goes_on_and_unlock_is_offered(self):
        unlock()
        self.sandbox = Sandbox('--pace', '0', '--quiet', '--applications', '300')
        connect(self.sandbox, self.data_dir)
        lock()
        window = self.start()
        window.find(role='alert', contains='keyring')
        window.find(role='push button', name='Unlock')
        self.open_first(window)
        self.leave_picture('keyring-locked', 'Assay')
        unlock()
        window.find(role='push button', name='Unlock').click()
        window.find(role='status bar', contains='Up to ', timeout=60)
        window.gone(role='push button', name='Unlock')


    def test_the_key_of_a_draft_waits_for_the_keyring(self):
        unlock()
        window = self.start()
        window.find(role='push button', name='Connect your ATS').click()
        dialog = self.app.window('Connect a System')
        self.app.point(dialog.find(role='list item', contains='Pinpoint'))
        dialog = self.app.window('Connect Pinpoint')
        dialog.find(role='push button', name='Continue').click()
        dialog.find(role='text', name='API key').type('sandbox-pinpoint-full-access')
        self.app.press('Escape')
        window.find(contains='its key waits in your keyring')
        lock()
        self.app.window('Assay')
        self.app.press('Control+n')
        dialog = self.app.window('Connect a System')
        self.app.point(dialog.find(role='list item', name='Go on with Pinpoint'))
        dialog = self.app.window('Connect Pinpoint')
        dialog.find(role='alert', contains='keyring')
        self.leave_picture('wizard-locked', 'Connect Pinpoint')
        unlock()
        dialog.find(role='push button', name='Unlock').click()
        dialog.find(role='status bar', contains='Leave this empty to keep the saved one.')
        dialog.gone(role='alert', contains='keyring')


@unittest.skipUnless(KEYRING == 'none', 'there is to be no keyring')
class NoKeyring(States):

    def test_it_is_said_when_a_key_is_to_be_kept(self):
        window = self.start()
        window.find(role='push button', name='Connect your ATS').click()
        dialog = self.app.window('Connect a System')
        self.app.point(dialog.find(role='list item', contains='Pinpoint'))
        dialog = self.app.window('Connect Pinpoint')
        dialog.find(role='push button', name='Continue').click()
        dialog.find(role='text', name='Subdomain').type('acme')
        dialog.find(role='text', name='API key').type('no key of anybody')
        dialog.find(role='push button', name='Continue').click()
        dialog.find(role='alert', contains='keyring')
        self.leave_picture('keyring-none', 'Connect Pinpoint')
        dialog.find(role='text', name='API key')


@unittest.skipUnless(KEYRING == 'unlocked', 'the keyring is to be unlocked')
class Storage(States):

    def test_a_file_in_place_of_the_folder(self):
        os.rmdir(self.data_dir)
        with open(self.data_dir, 'w', encoding='utf-8') as file:
            file.write('not a folder')
        window = self.start()
        window.find(role='label', name='Assay Can’t Open Its Data')
        window.find(role='push button', name='Quit')
        self.leave_picture('storage-file', 'Assay')
        os.unlink(self.data_dir)
        window.find(role='push button', name='Try Again').click()
        self.app.find(role='push button', name='Connect your ATS')

    def test_a_damaged_database_is_put_aside(self):
        self.start()
        self.assertEqual(self.app.stop(), 0)
        name = next(name for name in os.listdir(self.data_dir) if name.endswith('.db'))
        with open(os.path.join(self.data_dir, name), 'r+b') as file:
            file.write(b'This is not a database. ' * 400)
        window = self.start()
        window.find(role='label', name='Assay Can’t Open Its Data')
        window.find(role='label', contains='look at your assessment provider before you invite somebody again')
        self.leave_picture('storage-damaged', 'Assay')
        window.find(role='push button', name='Try Again').click()
        self.app.find(role='push button', name='Connect your ATS')
        self.assertTrue(any('damaged' in name for name in os.listdir(self.data_dir)), os.listdir(self.data_dir))


@unittest.skipUnless(KEYRING == 'unlocked', 'the keyring is to be unlocked')
class Removals(States):

    def test_question(self):
        """So many are gone at once that the window asks; it keeps them, and in the end believes it."""
        self.sandbox = Sandbox('--pace', '0', '--quiet', '--applications', '60')
        connect(self.sandbox, self.data_dir)
        listed = ctl(self.data_dir, 'application', 'list', '--limit', '12')
        for application in listed:
            self.sandbox.control('DELETE', '/applications/' + application['remote_id'])
        with self.assertRaisesRegex(AssertionError, 'no longer has 12 of its 60'):
            ctl(self.data_dir, 'sync', '--full')

        self.app = App(data_dir=self.data_dir)
        window = self.app.window('Assay')
        window.find(role='status bar', contains='Pinpoint has a question', timeout=60)
        window.find(role='push button', name='Answer…').click()
        window.find(contains='no longer has 12 of its 60 applications')
        self.leave_picture('removals', 'Assay')
        self.app.resize('Assay', 360, 720)
        self.leave_picture('removals-360', 'Assay')
        self.app.resize('Assay', 1180, 760)
        window.find(role='push button', name='Keep them and check again').click()
        window.find(contains='Pinpoint has a question for you')
        window.find(role='push button', name='They are gone').click()
        window.gone(role='push button', name='They are gone')
        window.find(role='status bar', contains='Up to ')


@unittest.skipUnless(KEYRING == 'unlocked', 'the keyring is to be unlocked')
class Widths(States):

    def test_every_width(self):
        window = self.start(connected=True)
        window.find(role='status bar', contains='Up to ', timeout=60)
        name = self.open_first(window)
        self.leave_picture('width-1180', 'Assay')
        self.app.resize('Assay', 800, 760)
        window.find(role='heading', name=name)
        # The sidebar is away; how fresh all is stays in sight.
        window.gone(role='list', name='Pages and Jobs')
        window.find(role='status bar', contains='Up to ')
        self.leave_picture('width-800', 'Assay')
        self.app.resize('Assay', 360, 720)
        window.find(role='heading', name=name)
        self.leave_picture('width-360-page', 'Assay')
        window.find(role='push button', name='Back').click()
        people = window.find(role='list', name='Candidates')
        self.leave_picture('width-360-list', 'Assay')
        # What was selected still is, and opens again.
        person = people.find(role='list item', contains=name)
        self.app.point(person)
        window.find(role='push button', name='Back')
        window.find(role='heading', name=name)
        self.app.resize('Assay', 1180, 760)
        window.find(role='heading', name=name)
        window.find(role='list', name='Candidates').find(role='list item', contains=name)

    def test_dark(self):
        window = self.start(connected=True, environment={'ADW_DEBUG_COLOR_SCHEME': 'prefer-dark'})
        window.find(role='status bar', contains='Up to ', timeout=60)
        self.open_first(window)
        self.leave_picture('dark', 'Assay')
        window.find(role='push button', name='Send Assessment').click()
        dialog = self.app.window('Send Assessment')
        dialog.find(role='list item', contains='Choose an assessment').await_focus()
        self.leave_picture('dark-send')
        self.app.press('Escape')
        self.app.gone(role='frame', name='Send Assessment')


if __name__ == '__main__':
    unittest.main(verbosity=2, warnings='ignore')
