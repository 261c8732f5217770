#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of one invitation: scores, warnings, history, what the provider sent, and a link that is ours to hand on.

To be run inside build-aux/desktop. The tests go on from each other, as a person would.
"""

import shutil
import tempfile
import unittest

from driver import App, Sandbox, await_condition
from story import Story, connect, ctl

def add(sandbox, data_dir, kind, **settings):
    """Connects a provider of the sandbox; the ids of its assessments by their names."""
    entry = sandbox.connections[kind]
    words = [word for name, value in {**entry['settings'], **settings}.items() for word in ('--set', f'{name}={value}')]
    name, secret = next(iter(entry['secrets'].items()))
    added = ctl(data_dir, 'connection', 'add', kind, '--name', kind.capitalize(), *words, '--secret', name, secret=secret)
    ctl(data_dir, 'connection', 'enable', added['id'])
    return {entry['name']: entry['id'] for entry in ctl(data_dir, 'assessment', 'list', added['id'])}


class Details(Story):

    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox('--pace', '0', '--quiet', '--applications', '300')
        cls.data_dir = tempfile.mkdtemp(prefix='assay-ui-')
        connect(cls.sandbox, cls.data_dir)
        assessments = add(cls.sandbox, cls.data_dir, 'coderbyte', **{'skip-send': 'yes'})
        person = ctl(cls.data_dir, 'application', 'list', '--active', '--limit', '1')[0]
        cls.person = person['full_name']
        cls.invitation = ctl(cls.data_dir, 'invite', person['id'], '--assessment', assessments['Backend Engineer'])
        manual = ctl(cls.data_dir, 'connection', 'add', 'testtrick', '--name', 'By Hand', '--set', 'profile=manual',
                     '--set', 'assessments=Typing=https://example.com/t/1')
        ctl(cls.data_dir, 'connection', 'enable', manual['id'])
        typing = ctl(cls.data_dir, 'assessment', 'list', manual['id'], '--refresh')[0]
        ctl(cls.data_dir, 'invite', person['id'], '--assessment', typing['id'])
        cls.app = App(data_dir=cls.data_dir)
        cls.main = cls.app.window('Assay')

    @classmethod
    def tearDownClass(cls):
        status = cls.app.stop()
        cls.sandbox.stop()
        shutil.rmtree(cls.data_dir)
        assert status == 0, f'assay ended with status {status}'

    def test_01_the_link_is_ours_to_hand_on(self):
        self.app.point(self.main.find(role='list', name='Candidates').find(role='list item', contains=self.person))
        self.main.find(role='heading', name=self.person)
        self.main.find(role='push button', name='Details of Backend Engineer').click()
        self.main.find(role='label', contains=f'Coderbyte mails nobody. Hand this link on to {self.person}.')
        self.main.find(role='label', contains='https://coderbyte.com/sl-candidate')
        self.main.find(role='push button', name='Mail It…')
        # Coderbyte tells by itself how far it is.
        self.assertIsNone(self.main.seek(role='push button', name='Enter the Result…'))
        self.main.find(role='push button', name='Copy Link').click()
        self.app.await_toast('Link copied')
        # What can't be done here is said, and not offered.
        self.main.find(role='label', contains='To send it again or call it off, go to Coderbyte')
        self.leave_picture('details-link', 'Assay')

    def test_02_the_scores_are_a_table(self):
        path = f'/invitations/{self.sandbox.control("GET", "/invitations")[0]["id"]}'
        self.sandbox.control('POST', path, {'status': 'complete', 'score': 81})
        self.app.press('F5')
        scores = self.main.find(role='list', name='Scores', timeout=60)
        names = [row.name for row in scores.all(role='list item')]
        self.assertEqual([name.split(', ')[0] for name in names],
                         ['Challenge Score', 'Multiple Choice Score', 'Two Sum', 'Rate Limiter'])
        self.main.gone(role='push button', name='Copy Link')
        # By keyboard, row after row.
        rows = list(scores.all(role='list item'))
        for _ in range(20):
            focused = self.main.find(matches=lambda node: node.focused)
            if focused.name == names[0]:
                break
            self.app.press('Tab')
            await_condition(lambda node=focused: not node.focused, f'the focus to leave “{focused.name}”')
        rows[0].await_focus()
        self.app.press('Down')
        rows[1].await_focus()
        self.leave_picture('details-scores', 'Assay')

    def test_03_what_the_provider_sent(self):
        self.main.find(role='push button', name='More About the Invitation').click()
        self.main.find(role='label', name='What Coderbyte sent')
        self.main.find(role='label', name='final_score')
        self.main.find(role='push button', name='Copy as JSON')
        self.leave_picture('details-more', 'Assay')

    def enter(self, score):
        self.main.find(role='push button', name='Enter the Result…').click()
        dialog = self.app.window('Enter the Result')
        save = dialog.find(role='push button', contains='Save')
        dialog.find(role='text', name='Score', hidden=True).type('much')
        dialog.find(role='label', contains='The score is a number')
        self.assertFalse(save.sensitive)
        dialog.find(role='text', name='Score', hidden=True).type(score)
        dialog.gone(role='label', contains='The score is a number')
        self.leave_picture('details-enter', 'Enter the Result')
        save.click()

    def test_04_a_result_is_entered_and_corrected_by_hand(self):
        self.app.press('Escape')
        self.main.find(role='push button', name='Details of Typing').click()
        self.main.find(role='push button', name='Copy Link')
        self.enter('84')
        self.main.find(contains='entered by hand')
        self.main.gone(role='push button', name='Copy Link')
        self.leave_picture('details-entered', 'Assay')
        self.enter('62.5')
        self.app.press('Escape')
        self.main.find(role='panel', contains='Typing, Completed, 62.5')
        self.leave_picture('details-entered-card', 'Assay')


if __name__ == '__main__':
    unittest.main(verbosity=2, warnings='ignore')
