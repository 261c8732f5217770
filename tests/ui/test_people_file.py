#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom a file names: opened from the command line, shown as it was understood, and narrowed down by keyboard.

To be run inside build-aux/desktop.
"""

import os
import shutil
import tempfile
import unittest

from driver import App, Sandbox
from story import Story, connect, ctl


class PeopleFile(Story):

    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox('--pace', '0', '--quiet', '--jobs', '4', '--applications', '60')
        cls.data_dir = tempfile.mkdtemp(prefix='assay-ui-')
        # Short, since one of its paths is typed.
        cls.folder = tempfile.mkdtemp(prefix='a', dir='/tmp')
        connect(cls.sandbox, cls.data_dir)
        everybody = ctl(cls.data_dir, 'application', 'list')
        addresses = [person['email'] for person in everybody if person['email'] and not person['archived']]
        cls.people = [person for person in ctl(cls.data_dir, 'application', 'list', '--active')
                      if addresses.count(person['email']) == 1][:3]
        cls.start('broken.csv', b'PK\3\4 a workbook')

    @classmethod
    def start(cls, name, content):
        """As a file manager opens one."""
        path = os.path.join(cls.folder, name)
        with open(path, 'wb') as file:
            file.write(content)
        cls.app = App(path, data_dir=cls.data_dir)
        cls.dialog = cls.app.window('Send Assessment to Many')

    @classmethod
    def tearDownClass(cls):
        status = cls.app.stop()
        cls.sandbox.stop()
        shutil.rmtree(cls.data_dir)
        shutil.rmtree(cls.folder)
        assert status == 0, f'assay ended with status {status}'

    def test_01_a_file_that_is_none_leads_to_another(self):
        self.dialog.find(role='panel', name='This List Can’t Be Read')
        self.dialog.find(contains='The file is a workbook.')
        path = os.path.join(self.folder, 'l.txt')
        # Headings in another language, a bar, Excel's way to keep a text, and a line that names nobody who has applied.
        with open(path, 'w', encoding='utf-16') as file:
            file.write('Vorname|E-Mail-Adresse\r\n' + ''.join(f'x|="{person["email"]}"\r\n' for person in self.people) +
                       'x|nobody@nowhere.example\r\n')
        self.dialog.find(role='push button', name='Choose Another File…').await_focus()
        self.app.press('Return')
        self.choose_file('Whom to Invite', path)
        type(self).dialog = self.app.window('Send Assessment to Many')
        self.dialog.find(role='status bar', name='3 of 4 lines are understood')
        self.dialog.find(role='label', name='l.txt · Step 1 of 3')
        lines = self.dialog.find(role='list', name='Lines of the File')
        lines.find(role='list item', contains=f'Line 2: {self.people[0]["full_name"]}')
        # What the next page has buttons for isn't offered here.
        self.assertIsNone(lines.seek(role='push button'))
        self.dialog.find(role='push button', name='Not Understood 1').click()
        lines.find(role='list item', contains='Line 5: nobody@nowhere.example, Nobody with the address')

    def test_02_whoever_is_left_out_can_be_put_back(self):
        self.app.press('Control+Return')
        self.dialog.find(role='status bar', name='3 people can be invited')
        first, second, third = [person['full_name'] for person in self.people]
        self.dialog.find(role='push button', name='Continue').await_focus()
        # From the first row's two buttons on; the keyboard stays at the second one.
        self.app.press('Tab', 'Tab', 'Tab')
        self.dialog.find(role='push button', name=f'Leave Out: {first}').await_focus()
        self.app.press('space')
        self.dialog.find(role='push button', name='Set Aside 1')
        self.dialog.find(role='push button', name=f'Leave Out: {second}').await_focus()
        self.app.press('space')
        self.dialog.find(role='push button', name=f'Leave Out: {third}').await_focus()
        self.app.press('space')
        # Nobody is left, and nothing is lost.
        self.dialog.find(role='status bar', name='Nobody of them can be invited')
        people = self.dialog.find(role='list', name='People')
        people.find(role='list item', name=f'{first}, You left this person out.')
        people.find(role='push button', name=f'Put Back: {second}').click()
        self.dialog.find(role='push button', name='Ready 1')
        people.gone(role='push button', name=f'Put Back: {second}')
        self.leave_picture('people-file-left-out')

    def test_03_going_back_to_the_file_brings_nobody_back(self):
        self.app.press('Alt+Left')
        self.dialog.find(role='status bar', name='3 of 4 lines are understood')
        self.app.press('Control+Return')
        self.dialog.find(role='status bar', name='1 person can be invited')
        self.dialog.find(role='push button', name='Set Aside 2')
        self.app.press('Escape', 'Escape')
        self.app.gone(role='frame', name='Send Assessment to Many')

    def test_04_a_list_without_headings_is_opened_from_the_command_line(self):
        self.assertEqual(self.app.stop(), 0)
        self.start('two.csv', ''.join(f'{person["email"]}\n' for person in self.people[:2]).encode())
        self.dialog.find(role='status bar', name='2 of 2 lines are understood')
        self.dialog.find(role='list', name='Lines of the File').find(role='list item', contains='Line 1: ')
        self.app.press('Escape')
        self.app.gone(role='frame', name='Send Assessment to Many')


if __name__ == '__main__':
    unittest.main(verbosity=2, warnings='ignore')
