#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real window, driven through AT-SPI: what a recruiter and an administrator do, in their order.

To be run inside build-aux/desktop. The tests go on from each other, as a person would.
"""

import os
import unittest

from driver import App, Sandbox, await_condition
from story import KEYS, Story, ctl, everybody

NO_JOBS_KEY = 'sandbox-pinpoint-no-jobs'


class MainJob(Story):

    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox('--pace', '0', '--quiet', '--applications', '1200')
        cls.app = App()
        cls.main = cls.app.window('Assay')

    @classmethod
    def tearDownClass(cls):
        status = cls.app.stop()
        cls.sandbox.stop()
        assert status == 0, f'assay ended with status {status}'

    # What several steps do

    def begin_connection(self, kind, name, key, settings):
        """Fills in the form for one system, and returns its window on the page of the checks."""
        dialog = self.app.window('Connect a System')
        self.app.point(dialog.find(role='list item', contains=name))
        dialog = self.app.window(f'Connect {name}')
        dialog.find(role='label', contains='Make sure that you can connect')
        dialog.find(role='push button', name='Continue').click()
        dialog.find(role='label', contains='Copy your')
        settings = {**settings, 'Base address': self.sandbox.base_url(kind), 'API key': key}
        for title, value in settings.items():
            if dialog.seek(role='text', name=title) is None:
                dialog.find(role='push button', matches=lambda node: any(
                    child.name == 'Advanced settings' for child in node.walk())).click()
            dialog.find(role='text', name=title).type(value)
        dialog.find(role='push button', name='Continue').click()
        return dialog

    def change_key(self, dialog, key, button):
        dialog.find(role='push button', name=button).click()
        dialog.find(role='text', name='API key').type(key)
        dialog.find(role='push button', name='Continue').click()

    def enable(self, dialog):
        """From a check that found all in order."""
        dialog.find(role='push button', name='Continue').click()
        await_condition(lambda: dialog.seek(role='push button', name='Enable') or
                        dialog.seek(role='label', contains='See how Assay hears of news'), 'the next page')
        if dialog.seek(role='push button', name='Enable') is None:
            dialog.find(role='push button', name='Continue').click()
        dialog.find(role='push button', name='Save')
        dialog.find(role='push button', name='Enable').click()
        dialog.find(role='label', contains='is enabled')
        dialog.find(role='push button', name='Done').click()
        self.app.gone(role='frame', contains='Connect ')

    def people(self):
        return self.main.find(role='list', name='Candidates')

    def search(self, text):
        self.app.window('Assay')
        self.app.press('Control+f')
        self.main.find(role='entry', name='Search Candidates').await_focus().type('')
        self.app.type_keys(text)
        return self.main.find(role='list', name='Candidates', matches=everybody(text))

    def filter(self, kind, choice):
        """Chooses in the filter's menu."""
        self.main.find(role='push button', name='Filter').click()
        for name in (kind, choice):
            self.main.find(role='menu item', name=name)
            for _ in range(40):
                item = await_condition(self.app.focused, 'an item of the menu')
                if item.name == name:
                    break
                self.app.press('Down')
                await_condition(lambda last=item: not last.focused, f'the focus to leave “{item.name}”')
            self.app.press('Return')
        self.main.gone(role='menu item')

    def open_dialog(self):
        self.app.window('Assay')
        self.main.find(role='push button', name='Send Assessment').click()
        return self.app.window('Send Assessment')

    def choose(self, dialog, assessment):
        dialog.find(role='push button', contains='Choose an assessment').click()
        dialog.find(role='entry', name='Search assessments').await_focus()
        self.app.type_keys(assessment)
        dialog.find(role='list', name='Assessments', matches=everybody(assessment))
        self.app.press('Return')

    def send(self, assessment, email=None):
        dialog = self.open_dialog()
        if email is not None:
            dialog.find(role='text', name='E-mail').type(email)
        self.choose(dialog, assessment)
        dialog.find(role='status bar', contains='10 seconds')
        dialog.find(role='push button', name='Send').click()
        self.app.gone(role='frame', name='Send Assessment')

    def card(self, contains):
        return self.main.find(role='panel', contains=contains, timeout=60)

    # The story

    def test_01_first_start_offers_two_ways(self):
        self.main.find(role='push button', name='Connect your ATS')
        self.main.find(role='push button', name='Try it with the sandbox')

    def test_02_wrong_key_is_refused_with_what_to_do(self):
        self.main.find(role='push button', name='Connect your ATS').click()
        dialog = self.begin_connection('pinpoint', 'Pinpoint', 'no such key',
                                       {'Subdomain': 'https://acme.pinpointhq.com/admin'})
        dialog.find(role='status bar', contains='isn’t ready')
        dialog.find(role='alert', contains='refuses the key')
        dialog.find(role='push button', name='Check again')
        self.assertIsNone(dialog.seek(role='push button', name='Continue'))

    def test_03_a_missing_permission_is_named(self):
        dialog = self.app.window('Connect Pinpoint')
        self.change_key(dialog, NO_JOBS_KEY, 'Change the key')
        dialog.find(role='status bar', contains='isn’t ready')
        dialog.find(role='list item', matches=lambda item: item.name.startswith('Job: Read') and
                    'in order' not in item.name)
        self.assertIsNone(dialog.seek(role='push button', name='Continue'))

    def test_04_pinpoint_is_connected(self):
        dialog = self.app.window('Connect Pinpoint')
        self.change_key(dialog, KEYS['pinpoint'], 'Back')
        dialog.find(role='status bar', contains='Pinpoint is ready')
        dialog.find(role='list item', contains='Job: Read: in order')
        self.enable(dialog)
        self.main.find(role='status bar', contains='Up to ', timeout=60)
        # All is shown, from its top: of a first reading nothing is held back.
        everyone = ctl(self.app.data_dir, 'application', 'list', '--active')
        self.main.find(role='status bar', name=f'{len(everyone):,} candidates')
        self.assertIsNone(self.main.seek(role='push button', contains=' new'))
        first = self.people().find(role='list item', contains=everyone[0]['full_name'] + ', ')
        self.assertFalse(first.scrolled_away)

    def test_05_testtrick_is_connected(self):
        self.app.window('Assay')
        self.app.press('Control+n')
        dialog = self.begin_connection('testtrick', 'TestTrick', KEYS['testtrick'], {})
        dialog.find(role='status bar', contains='TestTrick is ready')
        self.enable(dialog)

    def test_06_filter_by_stage(self):
        self.app.window('Assay')
        self.filter('Stage', 'Phone Screen')
        self.main.find(role='push button', name='Remove Filter: Phone Screen')
        self.main.find(role='list', name='Candidates', matches=lambda people: all(
            item.name.endswith(', Phone Screen') for item in people.all(role='list item')))
        self.main.find(role='push button', name='Remove Filter: Phone Screen').click()
        self.main.find(role='list', name='Candidates', matches=lambda people: not all(
            item.name.endswith(', Phone Screen') for item in people.all(role='list item')))

    def test_07_search_as_one_types(self):
        people = self.search('okafor')
        person = people.find(role='list item')
        self.app.point(person)
        self.main.find(role='heading', name=person.name.split(',')[0])

    def test_08_undo_before_it_has_left(self):
        dialog = self.open_dialog()
        self.choose(dialog, 'backend')
        dialog.find(role='status bar', contains='10 seconds')
        self.app.press('Control+Return')
        self.main.find(role='push button', name='Undo').click()
        self.main.gone(role='panel', contains='Backend Engineering, ')
        self.assertEqual(self.sandbox.invitations(), [])

    def test_09_send(self):
        self.send('backend')
        self.card('Backend Engineering, Pending')
        self.assertEqual([entry['attempts'] for entry in self.sandbox.invitations()], [1])

    def test_10_the_card_changes_while_one_looks(self):
        path = f'/invitations/{self.sandbox.invitations()[0]["interview_id"]}'
        self.sandbox.control('POST', path, {'status': 'in_progress'})
        self.card('Backend Engineering, In progress')
        self.sandbox.control('POST', path, {'status': 'complete', 'score': 84})
        # Who doesn't want to wait asks.
        self.app.press('F5')
        self.card('Backend Engineering, Completed, 84')

    def test_11_the_report_opens_in_the_browser(self):
        self.main.find(role='push button', contains='View Candidate Report').click()
        self.assertIn('/reports/', self.app.await_opened())

    def test_12_the_details_have_the_history(self):
        self.main.find(role='push button', name='Details of Backend Engineering').click()
        for words in ('Queued', 'Pending', 'In progress', 'Completed'):
            self.main.find(name='History', matches=lambda node: node.role != 'label').find(contains=f'{words}, ')
        self.main.find(role='push button', name='Back').await_focus().click()
        self.card('Backend Engineering, Completed')

    def test_13_a_duplicate_is_refused_and_says_when(self):
        dialog = self.open_dialog()
        self.choose(dialog, 'backend')
        dialog.find(contains='was invited to “Backend Engineering”')
        dialog.find(role='push button', contains='Show It')
        self.assertIsNone(dialog.seek(role='push button', name='Send'))
        self.app.press('Escape')
        self.app.gone(role='frame', name='Send Assessment')
        self.assertEqual([entry['attempts'] for entry in self.sandbox.invitations()], [1])

    def test_14_filter_by_status(self):
        self.search('')
        self.filter('Assessment', 'Completed')
        people = self.main.find(role='list', name='Candidates', matches=lambda people: len(
            list(people.all(role='list item'))) == 1)
        people.find(role='list item', contains='Completed')
        self.main.find(role='push button', name='Remove Filter: Completed').click()

    def test_15_a_refused_address_is_said_on_the_card(self):
        self.send('data', email='nobody@refused.example')
        # Escape goes back while there is a toast, too, and leaves its Undo alone.
        self.main.find(role='push button', contains='Details of Data').click()
        self.main.find(role='push button', name='Back').await_focus()
        self.app.press('Escape')
        self.main.gone(role='push button', name='Back')
        self.card(', Failed')
        self.main.find(role='status bar', contains='TestTrick refuses the invitation: “Mail to this address is refused')
        self.main.find(role='push button', name='Send Again…')
        self.main.find(role='push button', name='Dismiss').click()
        self.main.gone(role='panel', contains=', Failed')

    def test_16_a_lost_answer_asks_the_person(self):
        self.sandbox.control('POST', '/faults',
                             {'vendor': 'testtrick', 'operation': 'send_test', 'kind': 'drop-after'})
        self.send('data')
        card = self.card(', Unsure')
        name = card.name.split(',')[0]
        card.find(role='push button', name='It Did Not: Send')
        card.find(role='push button', name='It Arrived').click()
        self.card(f'{name}, Pending')
        # Two took effect, each asked for once; the refused address took none.
        self.assertEqual([(entry['attempts'], entry['count']) for entry in self.sandbox.invitations()
                          if entry['count'] > 0], [(1, 1), (1, 1)])

    def test_17_offline_everything_stays_readable(self):
        self.sandbox.stop()
        self.app.window('Assay')
        self.app.press('F5')
        self.main.find(role='status bar', contains='Offline: showing', timeout=60)
        people = self.search('okafor')
        # Not the first, whose page is open already.
        person = list(people.all(role='list item'))[-1]
        self.app.point(person)
        self.main.find(role='heading', name=person.name.split(',')[0])

    def test_18_the_keys_are_nowhere_on_disk(self):
        folders = [self.app.data_dir] + [os.environ[f'XDG_{name}_HOME'] for name in ('CONFIG', 'DATA', 'CACHE', 'STATE')]
        seen = 0
        for folder in folders:
            for parent, _, names in os.walk(folder):
                for name in names:
                    with open(os.path.join(parent, name), 'rb') as file:
                        content = file.read()
                    seen += 1
                    for key in (*KEYS.values(), NO_JOBS_KEY):
                        self.assertNotIn(key.encode(), content, f'{parent}/{name} has a key in it')
        self.assertGreater(seen, 3)


if __name__ == '__main__':
    unittest.main(verbosity=2, warnings='ignore')
