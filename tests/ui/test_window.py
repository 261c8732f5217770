#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real window, driven through AT-SPI: what a recruiter and an administrator do, in their order.

To be run inside build-aux/desktop. The tests of one class go on from each other, as a person would.
"""

import sys
import unittest

from driver import App, Missing, Sandbox, await_condition


def expander(dialog, title):
    return dialog.find(role='push button', matches=lambda node: any(child.name == title for child in node.walk()))


def connect(app, kind, name, secrets, settings):
    """Fills in the form for one system, and returns its window on the page of the checks."""
    dialog = app.window('Connect a System')
    app.point(dialog.find(role='list item', contains=name))
    dialog = app.window(f'Connect {name}')
    dialog.find(role='push button', name='Save and test')
    for title, value in settings.items():
        if dialog.seek(role='text', name=title) is None:
            expander(dialog, 'Advanced settings').click()
        dialog.find(role='text', name=title).type(value)
    for title, value in secrets.items():
        dialog.find(role='text', name=title).type(value)
    dialog.find(role='push button', name='Save and test').click()
    return dialog


class MainJob(unittest.TestCase):
    failed = False

    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox('--pace', '0', '--quiet')
        cls.app = App()
        cls.main = cls.app.window('Assay')

    @classmethod
    def tearDownClass(cls):
        status = cls.app.stop()
        cls.sandbox.stop()
        assert status == 0, f'assay ended with status {status}'

    def setUp(self):
        if MainJob.failed:
            self.skipTest('a step before it failed')

    def run(self, result=None):
        before = len(result.failures) + len(result.errors)
        super().run(result)
        if len(result.failures) + len(result.errors) > before:
            MainJob.failed = True

    def base_url(self, kind):
        return self.sandbox.connections[kind]['settings']['base-url']

    def invitations(self):
        return self.sandbox.control('GET', '/ledger')['invitations']

    def choose(self, dialog, assessment):
        dialog.find(role='push button', name='Choose an assessment').click()
        dialog.find(role='entry', name='Search assessments').await_focus()
        self.app.type_keys(assessment)
        dialog.find(role='list item', matches=lambda item: assessment.lower() in item.name.lower())
        self.app.press('Return')

    def search(self, text):
        self.app.window('Assay')
        self.app.press('Control+f')
        self.main.find(role='entry', name='Search Candidates').await_focus().type('')
        self.app.type_keys(text)

        def everybody(people):
            names = [item.name.lower() for item in people.all(role='list item')]
            return names and all(text in name for name in names)
        return self.main.find(role='list', name='Candidates', matches=everybody)

    def test_01_first_start_offers_two_ways(self):
        self.main.find(role='push button', name='Connect your ATS')
        self.main.find(role='push button', name='Try it with the sandbox')

    def test_02_wrong_key_is_refused_with_what_to_do(self):
        self.main.find(role='push button', name='Connect your ATS').click()
        dialog = connect(self.app, 'pinpoint', 'Pinpoint', {'API key': 'no such key'},
                         {'Subdomain': 'https://acme.pinpointhq.com/admin', 'Base address': self.base_url('pinpoint')})
        dialog.find(role='status bar', contains='isn’t ready')
        dialog.find(role='alert', contains='refuses the key')
        dialog.find(role='push button', name='Check again')
        self.assertIsNone(dialog.seek(role='push button', name='Enable'))

    def test_03_pinpoint_is_connected(self):
        dialog = self.app.window('Connect Pinpoint')
        dialog.find(role='push button', name='Change the key').click()
        dialog.find(role='text', name='API key').type('sandbox-pinpoint-full-access')
        dialog.find(role='push button', name='Save and test').click()
        dialog.find(role='status bar', contains='Pinpoint is ready')
        dialog.find(role='list item', contains='Job: Read: in order')
        dialog.find(role='push button', name='Enable').click()
        dialog.find(role='label', contains='is enabled')
        dialog.find(role='push button', name='Done').click()
        self.app.gone(role='frame', contains='Connect ')
        self.main.find(role='list item', timeout=60, matches=lambda item: 'Applied' in item.name or 'Review' in item.name)

    def test_04_testtrick_is_connected(self):
        self.app.window('Assay')
        self.app.press('Control+n')
        dialog = connect(self.app, 'testtrick', 'TestTrick', {'API key': 'sandbox-testtrick-key'},
                         {'Base address': self.base_url('testtrick')})
        dialog.find(role='status bar', contains='TestTrick is ready')
        dialog.find(role='push button', name='Enable').click()
        dialog.find(role='label', contains='is enabled')
        dialog.find(role='push button', name='Done').click()
        self.app.gone(role='frame', contains='Connect ')

    def test_05_search_as_one_types(self):
        people = self.search('okafor')
        person = people.find(role='list item')
        self.app.point(person)
        self.main.find(role='heading', name=person.name.split(',')[0])

    def test_06_undo_before_it_has_left(self):
        self.main.find(role='push button', name='Send Assessment').click()
        dialog = self.app.window('Send Assessment')
        self.choose(dialog, 'backend')
        dialog.find(role='status bar', contains='10 seconds')
        self.app.press('Control+Return')
        self.main.find(role='push button', name='Undo').click()
        self.main.gone(role='panel', contains='Backend Engineering, ')
        self.assertEqual(self.invitations(), [])

    def test_07_send(self):
        self.main.find(role='push button', name='Send Assessment').click()
        dialog = self.app.window('Send Assessment')
        if dialog.find(role='push button', contains='Choose an assessment').name.endswith('Choose an assessment'):
            self.choose(dialog, 'backend')
        dialog.find(role='status bar', contains='10 seconds')
        dialog.find(role='push button', name='Send').click()
        self.main.find(role='panel', contains='Backend Engineering, Pending', timeout=60)
        self.assertEqual([entry['attempts'] for entry in self.invitations()], [1])

    def test_08_the_card_changes_while_one_looks(self):
        invitation = self.invitations()[0]
        path = f'/invitations/{invitation["interview_id"]}'
        self.sandbox.control('POST', path, {'status': 'in_progress'})
        self.main.find(role='panel', contains='Backend Engineering, In progress', timeout=60)
        self.sandbox.control('POST', path, {'status': 'complete', 'score': 84})
        self.main.find(role='panel', contains='Backend Engineering, Completed, 84', timeout=60)

    def test_09_the_report_opens_in_the_browser(self):
        self.main.find(role='push button', contains='View Candidate Report').click()
        self.assertIn('/reports/', self.app.await_opened())

    def test_10_the_details_have_the_history(self):
        self.main.find(role='push button', name='Details of Backend Engineering').click()
        for words in ('Queued', 'Pending', 'In progress', 'Completed'):
            self.main.find(role='panel', contains=f'{words}, ')
        self.main.find(role='push button', name='Back').await_focus().click()
        self.main.find(role='panel', contains='Backend Engineering, Completed')

    def test_11_a_duplicate_is_refused_and_says_when(self):
        self.main.find(role='push button', name='Send Assessment').click()
        dialog = self.app.window('Send Assessment')
        self.choose(dialog, 'backend')
        dialog.find(contains='was invited to “Backend Engineering”')
        dialog.find(role='push button', contains='Show it')
        self.assertIsNone(dialog.seek(role='push button', name='Send'))
        self.app.press('Escape')
        self.assertEqual([entry['attempts'] for entry in self.invitations()], [1])


if __name__ == '__main__':
    unittest.main(verbosity=2, warnings='ignore')
