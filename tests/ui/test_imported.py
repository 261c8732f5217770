#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of candidates who were imported from hackajob: who is on it, their documents, and their stage.

To be run inside build-aux/desktop. The tests go on from each other, as a person would.
"""

import os
import shutil
import tempfile
import unittest

from driver import App
from story import Story, ctl


class Imported(Story):

    @classmethod
    def setUpClass(cls):
        cls.data_dir = tempfile.mkdtemp(prefix='assay-ui-')
        cls.folder = tempfile.mkdtemp(prefix='assay-ui-in-')
        for name in ('cv.pdf', 'profile.pdf'):
            with open(os.path.join(cls.folder, name), 'w', encoding='utf-8') as document:
                document.write('%PDF-1.4')
        list_path = os.path.join(cls.folder, 'accepted.csv')
        with open(list_path, 'w', encoding='utf-8') as table:
            table.write('Name;E-mail;Role;Stage;CV;Profile\n'
                        'Ada Lovelace;ada@example.test;Engineer;Applied Math;cv.pdf;profile.pdf\n'
                        'Grace Hopper;grace@example.test;Engineer;Offer;;\n')
        cls.connection = ctl(cls.data_dir, 'connection', 'add', 'hackajob', '--name', 'Hackajob', '--set',
                             'stages=Accepted, Applied Math, Offer')['id']
        ctl(cls.data_dir, 'connection', 'enable', cls.connection)
        ctl(cls.data_dir, 'candidate', 'import', list_path, '--connection', cls.connection)
        cls.app = App(data_dir=cls.data_dir)
        cls.main = cls.app.window('Assay')

    @classmethod
    def tearDownClass(cls):
        status = cls.app.stop()
        shutil.rmtree(cls.data_dir)
        shutil.rmtree(cls.folder)
        assert status == 0, f'assay ended with status {status}'

    def row(self, name):
        return self.main.find(role='list', name='Imported candidates').find(role='list item', contains=name)

    def test_01_a_list_of_their_own(self):
        self.app.point(self.main.find(role='list item', name='Imported'))
        ada = self.row('Ada Lovelace')
        self.assertIn('Ada Lovelace, Applied Math, Engineer', ada.name)
        self.assertIn('accepted.csv', ada.name)
        self.row('Grace Hopper, Offer')
        self.main.find(role='status bar', name='2 candidates')
        self.leave_picture('imported', 'Assay')

    def test_02_documents_where_there_are_some(self):
        self.main.find(role='push button', name='Open CV: Ada Lovelace')
        self.main.find(role='push button', name='Open Profile: Ada Lovelace')
        self.assertIsNone(self.main.seek(role='push button', name='Open CV: Grace Hopper'))

    def test_03_the_stage_is_one_of_the_connection_s_list(self):
        self.main.find(name='Stage: Ada Lovelace').click()
        self.main.find(role='menu item', name='Accepted')
        self.assertIsNone(self.main.seek(role='menu item', name='Applied Math'))
        self.main.find(role='menu item', name='Offer').click()
        self.row('Ada Lovelace, Offer')
        self.assertEqual({c['first_name']: c['stage'] for c in ctl(self.data_dir, 'candidate', 'list')},
                         {'Ada': 'Offer', 'Grace': 'Offer'})

    def test_04_what_is_done_elsewhere_shows(self):
        grace = next(c for c in ctl(self.data_dir, 'candidate', 'list') if c['first_name'] == 'Grace')
        ctl(self.data_dir, 'candidate', 'move', grace['id'], 'accepted')
        self.row('Grace Hopper, Accepted')


if __name__ == '__main__':
    unittest.main()
