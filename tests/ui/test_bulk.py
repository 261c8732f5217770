#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inviting many through the real window: who, what, undo, progress, failures, and what goes on without a window.

To be run inside build-aux/desktop. The tests go on from each other; what took effect is judged by the sandbox's ledger.
"""

import os
import shutil
import tempfile
import unittest

import gi

gi.require_version('Atspi', '2.0')
from gi.repository import Atspi, Gio, GLib  # noqa: E402

from driver import App, Sandbox, await_condition  # noqa: E402
from story import Story, connect, ctl, everybody  # noqa: E402

STAGE = 'Phone Screen'
ASSESSMENT = 'Backend Engineering'

NOTIFICATIONS = '''<node><interface name="org.gtk.Notifications">
  <method name="AddNotification"><arg type="s" direction="in"/><arg type="s" direction="in"/>
    <arg type="a{sv}" direction="in"/></method>
  <method name="RemoveNotification"><arg type="s" direction="in"/><arg type="s" direction="in"/></method>
</interface></node>'''

PORTAL = '''<node><interface name="org.freedesktop.portal.Background">
  <method name="RequestBackground"><arg type="s" direction="in"/><arg type="a{sv}" direction="in"/>
    <arg type="o" direction="out"/></method>
  <method name="SetStatus"><arg type="a{sv}" direction="in"/></method>
</interface></node>'''


class Desktop:
    """What a desktop shows of a program without a window: its notifications, and what it asks the portal for."""

    def __init__(self):
        self.notifications = []
        self.asked = []
        self.status = None
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        for path, xml, name in (('/org/gtk/Notifications', NOTIFICATIONS, 'org.gtk.Notifications'),
                                ('/org/freedesktop/portal/desktop', PORTAL, 'org.freedesktop.portal.Desktop')):
            interface = Gio.DBusNodeInfo.new_for_xml(xml).interfaces[0]
            self.bus.register_object(path, interface, self._called, None, None)
            Gio.bus_own_name_on_connection(self.bus, name, Gio.BusNameOwnerFlags.NONE, None, None)

    def _called(self, _bus, _sender, _path, _interface, method, parameters, invocation):
        answer = None
        if method == 'AddNotification':
            self.notifications.append(parameters.unpack()[2])
        elif method == 'RequestBackground':
            self.asked.append(parameters.unpack()[1])
            answer = GLib.Variant('(o)', ('/org/freedesktop/portal/desktop/request/1',))
        elif method == 'SetStatus':
            self.status = parameters.unpack()[0]['message']
        invocation.return_value(answer)

    def click(self, notification):
        """Does what a click on a notification does, once the bus has started the program again."""
        action = notification['default-action'].removeprefix('app.')
        self.bus.call_sync('io.github.assayapp.Assay', '/io/github/assayapp/Assay', 'org.gtk.Actions', 'Activate',
                           GLib.Variant('(sava{sv})', (action, [GLib.Variant('x', notification['default-action-target'])], {})),
                           None, Gio.DBusCallFlags.NONE, -1, None)


class Bulk(Story):

    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox('--pace', '0', '--quiet', '--applications', '400')
        cls.data_dir = os.path.join(os.environ['XDG_DATA_HOME'], 'assay')
        connect(cls.sandbox, cls.data_dir)
        cls.desktop = Desktop()
        cls.start()

    @classmethod
    def start(cls):
        cls.app = App(unique=True)
        cls.main = cls.app.window('Assay')

    @classmethod
    def tearDownClass(cls):
        status = cls.app.stop()
        cls.sandbox.stop()
        assert status == 0, f'assay ended with status {status}'

    # What several steps do

    def people(self):
        return list(self.main.find(role='list', name='Candidates').all(role='list item'))

    def n_of(self, text):
        return int(text.split()[0].replace(',', ''))

    def count(self):
        """How many took effect, and none of them twice."""
        entries = [entry for entry in self.sandbox.invitations() if entry['count'] > 0]
        for entry in entries:
            self.assertEqual(entry['count'], 1, f'{entry} took effect more than once')
        return len(entries)

    def begin(self):
        """Asks to send to all that a search for the stage finds; returns the dialog, and how many they are."""
        self.app.window('Assay')
        self.app.press('Alt+1')
        self.app.press('Control+f')
        self.main.find(role='entry', name='Search Candidates').await_focus().type('')
        self.app.type_keys(STAGE.lower())
        self.main.find(role='list', name='Candidates', matches=everybody(STAGE))
        self.main.find(role='push button', name='More').click()
        self.main.find(role='menu item', contains='Send Assessment to All of These').click()
        dialog = self.app.window('Send Assessment to Many')
        dialog.find(role='push button', name='Continue').await_focus()
        return dialog, self.n_of(self.main.find(role='status bar', contains=' selected').text)

    def choose(self, dialog):
        self.app.press('Control+Return')
        dialog.find(role='push button', name='Choose an assessment').click()
        dialog.find(role='entry', name='Search assessments').await_focus()
        self.app.type_keys('backend')
        dialog.find(role='list', name='Assessments', matches=everybody('backend'))
        self.app.press('Return')

    def edit(self, dialog, button, email):
        button.click()
        dialog.find(role='text', name='E-mail').type(email)
        self.app.press('Control+Return')
        dialog.find(role='push button', name='Continue')

    # The story

    def test_01_pick_with_keys_and_mouse(self):
        people = self.people()
        self.app.press('Alt+1')
        self.app.press('j', 'x', 'j', 'j', 'x')
        self.main.find(role='status bar', contains='2 selected')
        self.app.press('Shift+Down')
        self.main.find(role='status bar', contains='2 selected')
        picked = [person.has(Atspi.StateType.CHECKED) for person in people[:5]]
        self.assertEqual(picked, [False, False, True, True, False])
        self.app.press('Control+a')
        total = self.n_of(self.main.find(role='status bar', matches=lambda node: node.text.endswith(' selected') and
                                         self.n_of(node.text) > 20).text)
        self.assertGreater(total, len(people))
        self.app.press('Escape')
        self.main.gone(role='status bar', contains=' selected')

    def test_02_who_was_invited_is_set_aside_before_anything_is_sent(self):
        first = ctl(self.data_dir, 'application', 'list', '--stage', STAGE)[0]
        assessment = next(entry for entry in ctl(self.data_dir, 'assessment', 'list') if entry['name'] == ASSESSMENT)
        ctl(self.data_dir, 'invite', first['id'], '--assessment', assessment['id'])
        self.assertEqual(self.count(), 1)
        dialog, type(self).total = self.begin()
        self.choose(dialog)
        dialog.find(contains='1 invited already')
        dialog.find(role='push button', name='Show Them').click()
        dialog.find(role='list item', contains='was invited')
        ready = dialog.find(role='push button', contains='Ready ')
        self.assertEqual(int(ready.name.split()[1]), self.total - 1)
        self.leave_picture('bulk-set-aside')
        ready.click()

    def test_03_names_and_addresses_can_be_typed_over(self):
        dialog = self.app.window('Send Assessment to Many')
        rows = dialog.find(role='list', name='People')
        self.edit(dialog, rows.find(role='push button', contains='Edit: '), 'not an address')
        dialog.find(role='push button', name='Set Aside 2').click()
        wrong = rows.find(role='list item', contains='is not an e-mail address')
        self.edit(dialog, wrong.find(role='push button', contains='Edit: '), 'nobody@refused.example')
        dialog.find(role='push button', name='Ready ' + str(self.total - 1)).click()
        rows.find(role='list item', contains='nobody@refused.example')
        # Whoever is left out isn't invited.
        list(rows.all(role='push button', contains='Leave Out: '))[1].click()
        dialog.find(role='push button', name='Ready ' + str(self.total - 2))

    def test_04_undo_takes_all_of_it_back(self):
        dialog = self.app.window('Send Assessment to Many')
        self.app.press('Control+Return')
        dialog.find(role='status bar', contains=f'{self.total - 2} people')
        dialog.find(role='push button', name=f'Send to {self.total - 2} People')
        self.app.press('Control+Return')
        self.app.window('Assay')
        self.main.find(role='status bar', name=f'0 of {self.total - 2} sent')
        # The toast's has its label twice.
        self.main.find(role='push button', name='Undo Undo')
        self.main.find(role='push button', name='Undo').await_focus()
        self.app.press('Return')
        self.main.find(contains='Nothing of it has left')
        self.main.gone(role='push button', name='Undo Undo')
        self.assertEqual(self.count(), 1)

    def test_05_pause_and_resume(self):
        dialog, _ = self.begin()
        # It was sent last, and is picked by itself.
        self.app.press('Control+Return')
        dialog.find(role='push button', name=f'Send to {self.total - 1} People')
        # Slow enough that some are left when it is paused.
        for fault in ({'kind': 'status:422', 'times': 2, 'after': 2}, {'kind': 'delay:1', 'seconds': 60}):
            self.sandbox.control('POST', '/faults', {'vendor': 'testtrick', 'operation': 'send_test', **fault})
        self.app.press('Control+Return')
        self.app.window('Assay')
        self.main.find(role='label', name='2 failed')
        # It has taken the place of Undo, and the keyboard.
        self.main.find(role='push button', name='Cancel the Rest…').await_focus()
        self.app.press('Shift+Tab')
        self.main.find(role='push button', name='Pause').await_focus()
        self.app.press('space')
        self.main.find(role='push button', name='Resume').await_focus()
        self.main.find(role='label', name='Paused')
        self.sandbox.control('DELETE', '/faults')
        self.sandbox.control('POST', '/faults',
                             {'vendor': 'testtrick', 'operation': 'send_test', 'kind': 'drop-after'})
        # Who failed has come to the top, and is seen there.
        rows = self.main.find(role='list', name='Invited People')
        for row in (rows.find(role='list item', contains='Failed'), next(rows.all(role='list item'))):
            self.assertIn('Failed', row.name)
            await_condition(lambda row=row: not row.scrolled_away, 'who failed to be seen')
        # With all of its buttons.
        self.app.resize('Assay', 360, 720)
        self.leave_picture('bulk-paused-narrow', 'Assay')
        self.app.resize('Assay', 1100, 720)
        self.leave_picture('bulk-paused')

    def test_06_what_is_paused_is_so_after_a_restart(self):
        self.assertEqual(self.app.stop(), 0)
        before = self.count()
        self.start()
        self.app.press('Alt+2')
        self.app.point(self.main.find(role='list item', contains=f'Batch: {ASSESSMENT}'))
        self.main.find(role='label', name='Paused')
        self.assertEqual(self.count(), before)
        # Slow enough that some are left when the window is closed.
        self.sandbox.control('POST', '/faults', {'vendor': 'testtrick', 'operation': 'send_test', 'kind': 'delay:1',
                                                 'seconds': 10})
        self.main.find(role='push button', name='Resume').click()
        self.main.find(role='push button', name='Pause')

    def test_07_it_goes_on_without_a_window(self):
        self.app.window('Assay')
        self.app.press('Control+w')
        await_condition(lambda: self.desktop.asked, 'the portal to be asked')
        self.assertIn('Invitations are still to be sent', self.desktop.asked[0]['reason'])
        notification = await_condition(lambda: self.desktop.notifications, 'the notification')[0]
        self.assertEqual(notification['title'], ASSESSMENT)
        self.assertIn('2 failed · 1 unsure', notification['body'])
        # Then there is nothing to stay for.
        await_condition(lambda: self.app.process.poll() is not None, 'the end of the program')
        self.assertEqual(self.app.stop(), 0)
        self.start()
        self.desktop.click(notification)
        self.main.find(role='label', contains='Done')

    def test_08_failures_come_first_and_are_tried_again(self):
        people = self.main.find(role='list', name='Invited People')
        failed, unsure = [next(people.all(role='list item', contains=status)) for status in ('Failed', 'Unsure')]
        rows = list(people.all(role='list item'))
        self.assertEqual([rows[0].name, rows[2].name], [failed.name, unsure.name])
        self.assertIn('TestTrick refuses', failed.name)
        self.leave_picture('bulk-failures')
        # What was refused can be corrected.
        name = failed.name.split(',')[0]
        failed.find(role='push button', name=f'Correct and Send…: {name}').click()
        question = self.app.window('Correct and Send')
        entry = question.find(role='text', name='E-mail')
        entry.type('not an address')
        question.find(contains='isn’t an e-mail address')
        entry.type('corrected@home.example')
        self.leave_picture('bulk-correct')
        question.find(role='push button', contains='Send').click()
        self.main.find(role='label', name='1 failed · 1 unsure')
        await_condition(lambda: any(entry['email'] == 'corrected@home.example' for entry in self.sandbox.invitations()),
                        'the corrected invitation')
        self.main.find(role='push button', name='Retry These').click()
        self.main.gone(role='list item', contains='Failed')
        self.main.gone(role='push button', name='Retry These')

    def test_09_a_person_decides_about_what_is_unsure(self):
        row = self.main.find(role='list', name='Invited People').find(role='list item', contains='Unsure')
        name = row.name.split(',')[0]
        row.find(role='push button', name=f'It Did Not: Send: {name}')
        row.find(role='push button', name=f'It Arrived: {name}').click()
        # Not on the next one's button, which has come to the same place.
        self.main.find(role='panel', name=ASSESSMENT).await_focus()
        self.main.gone(role='list item', contains='Unsure')
        self.main.find(role='status bar', name=f'{self.total - 1} of {self.total - 1} sent')
        self.main.find(role='label', name='Done')
        self.assertEqual(self.count(), self.total)

    def test_10_somebody_of_it_is_opened_and_left_again(self):
        row = self.main.find(role='list', name='Invited People').find(role='list item')
        self.app.point(row)
        self.main.find(role='heading', name=row.name.split(',')[0])
        self.main.find(role='panel', contains=f'{ASSESSMENT}, Pending')
        # The first press of it counts, in a list that was hidden by a click too.
        self.app.press('Escape')
        self.main.find(role='status bar', contains=' sent')

    def test_11_a_file_is_shown_as_it_was_understood(self):
        people = [entry for entry in ctl(self.data_dir, 'application', 'list', '--active') if entry['email']]
        addresses = [entry['email'] for entry in people if
                     sum(other['email'].lower() == entry['email'].lower() for other in people) == 1]
        # Short, since it is typed.
        folder = tempfile.mkdtemp(prefix='a', dir='/tmp')
        self.addCleanup(shutil.rmtree, folder)
        path = os.path.join(folder, 'p.csv')
        with open(path, 'w', encoding='utf-8-sig', newline='') as file:
            # As Excel writes it where the comma is a decimal point.
            file.write('Name;E-mail\r\n' + ''.join(f'"x; y";{line}\r\n' for line in (
                addresses[0], addresses[1].upper(), addresses[0], 'nobody@nowhere.example', 'no address', '')))
        self.app.press('Alt+1')
        self.main.find(role='push button', name='More').click()
        self.main.find(role='menu item', contains='Invite From a CSV File').click()
        self.choose_file('Whom to Invite', path)
        dialog = self.app.window('Send Assessment to Many')
        dialog.find(role='status bar', name='2 of 6 lines are understood')
        dialog.find(role='push button', name='Not Understood 4').click()
        lines = dialog.find(role='list', name='Lines of the File')
        lines.find(role='list item', matches=lambda item: item.name.startswith('Line 4: ') and 'An earlier line' in item.name)
        for words in ('Line 5: ', 'Line 6: ', 'Line 7: '):
            lines.find(role='list item', contains=words)
        self.leave_picture('bulk-file')
        self.app.press('Control+Return')
        dialog.find(role='status bar', contains='can be invited')
        self.app.press('Escape')
        dialog.find(role='status bar', name='2 of 6 lines are understood')
        self.app.press('Escape')
        self.app.gone(role='frame', name='Send Assessment to Many')

    def test_12_it_fits_a_narrow_window(self):
        self.app.press('Alt+2')
        self.app.point(self.main.find(role='list item', contains=f'Batch: {ASSESSMENT}'))
        self.app.resize('Assay', 360, 720)
        self.main.find(role='push button', name='Back')
        self.main.find(role='status bar', contains=' sent')
        self.leave_picture('bulk-narrow', 'Assay')
        self.app.press('Escape')
        self.main.find(role='list item', contains=f'Batch: {ASSESSMENT}')
        self.leave_picture('bulk-narrow-list', 'Assay')


if __name__ == '__main__':
    unittest.main(verbosity=2, warnings='ignore')
