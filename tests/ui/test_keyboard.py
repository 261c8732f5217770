#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job by keyboard alone: AT-SPI only looks, it does nothing.

To be run inside build-aux/desktop. The tests go on from each other, as a person would.
"""

import shutil
import tempfile
import unittest

from driver import App, Sandbox, await_condition
from story import Story, connect, everybody


class Keyboard(Story):

    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox('--pace', '0', '--quiet', '--applications', '1200')
        cls.data_dir = tempfile.mkdtemp(prefix='assay-ui-')
        connect(cls.sandbox, cls.data_dir)
        cls.app = App(data_dir=cls.data_dir)
        cls.main = cls.app.window('Assay')
        cls.main.find(role='list', name='Candidates').find(role='list item')

    @classmethod
    def tearDownClass(cls):
        status = cls.app.stop()
        cls.sandbox.stop()
        shutil.rmtree(cls.data_dir)
        assert status == 0, f'assay ended with status {status}'

    def tab_to(self, window, role, name, most=40):
        """Presses Tab until something has the focus, as someone without a mouse does."""
        passed = []
        for _ in range(most):
            focused = window.find(matches=lambda node: node.focused)
            if focused.role == role and name in focused.name:
                return
            passed.append(f'{focused.role} “{focused.name}”')
            self.app.press('Tab')
            await_condition(lambda node=focused: not node.focused, f'the focus to leave {passed[-1]}')
        self.fail(f'Tab never comes to {role} “{name}”, but to {", ".join(passed)}')

    def test_01_search_and_open(self):
        self.app.press('Control+f')
        self.main.find(role='entry', name='Search Candidates').await_focus()
        self.app.type_keys('okafor')
        people = self.main.find(role='list', name='Candidates', matches=everybody('okafor'))
        type(self).person = people.find(role='list item').name.split(',')[0]
        self.app.press('Return')
        self.main.find(role='heading', name=self.person)

    def test_02_down_and_j_move_in_the_list(self):
        self.app.press('Control+f')
        self.main.find(role='entry', name='Search Candidates').await_focus()
        self.app.press('Down')
        people = self.main.find(role='list', name='Candidates')
        people.find(role='list item', matches=lambda item: item.focused)
        names = [item.name.split(',')[0] for item in people.all(role='list item')]
        self.assertGreater(len(names), 1)
        self.app.press('j')
        self.main.find(role='heading', name=names[1])
        self.app.press('k')
        self.main.find(role='heading', name=names[0])

    def test_03_send(self):
        self.app.press('e')
        dialog = self.app.window('Send Assessment')
        dialog.find(role='list item', contains='Choose an assessment').await_focus()
        self.app.press('Return')
        dialog.find(role='entry', name='Search assessments').await_focus()
        found = dialog.find(role='list', name='Assessments', matches=lambda found: found.seek(role='list item'))
        names = [item.name for item in found.all(role='list item')]
        self.assertGreater(len(names), 1)
        self.app.press('Down', 'Return')
        type(self).assessment = names[1]
        dialog.find(role='status bar', contains='10 seconds')
        self.tab_to(dialog, 'push button', 'Send')
        self.app.press('space')
        self.app.gone(role='frame', name='Send Assessment')
        self.main.find(role='panel', contains=f'{self.assessment}, Pending', timeout=60)
        self.assertEqual([entry['attempts'] for entry in self.sandbox.invitations()], [1])

    def test_04_undo(self):
        self.app.press('Control+Return')
        dialog = self.app.window('Send Assessment')
        dialog.find(role='list item', contains='Choose an assessment').await_focus()
        self.app.press('Return')
        dialog.find(role='entry', name='Search assessments').await_focus()
        self.app.type_keys('sql')
        dialog.find(role='list', name='Assessments', matches=everybody('sql'))
        self.app.press('Return')
        dialog.find(role='status bar', contains='10 seconds')
        self.app.press('Control+Return')
        self.app.gone(role='frame', name='Send Assessment')
        self.main.find(role='push button', name='Undo')
        self.tab_to(self.main, 'push button', 'Undo')
        self.app.press('Return')
        self.main.gone(role='panel', contains='SQL')
        self.assertEqual(len(self.sandbox.invitations()), 1)

    def test_05_whoever_comes_next_is_two_keys(self):
        self.app.press('Control+f')
        self.main.find(role='entry', name='Search Candidates').await_focus()
        self.app.press('Down')
        people = self.main.find(role='list', name='Candidates')
        people.find(role='list item', matches=lambda item: item.focused)
        names = [item.name.split(',')[0] for item in people.all(role='list item')]
        self.app.press('j')
        self.main.find(role='heading', name=names[1])
        self.app.press('e')
        # What was sent last is picked, whatever the job.
        dialog = self.app.window('Send Assessment')
        dialog.find(role='status bar', contains='10 seconds')
        self.app.press('Control+Return')
        self.app.gone(role='frame', name='Send Assessment')
        self.main.find(role='panel', contains='SQL, Queued')
        self.main.find(role='push button', name='Undo').click()
        self.main.gone(role='panel', contains='SQL')
        self.app.press('Control+f')
        self.main.find(role='entry', name='Search Candidates').await_focus()
        self.app.press('Down')
        people.find(role='list item', matches=lambda item: item.focused)
        self.app.press('k')
        self.main.find(role='heading', name=self.person)

    def test_06_the_report(self):
        path = f'/invitations/{self.sandbox.invitations()[0]["interview_id"]}'
        self.sandbox.control('POST', path, {'status': 'complete', 'score': 91})
        self.main.find(role='panel', contains=f'{self.assessment}, Completed, 91', timeout=60)
        self.tab_to(self.main, 'push button', 'View Candidate Report')
        self.app.press('Return')
        self.assertIn('/reports/', self.app.await_opened())

    def test_07_the_pages(self):
        self.app.press('Alt+2')
        self.main.find(role='list', name='Invitations').find(role='list item', contains=self.person)
        self.app.press('Alt+3')
        self.main.find(role='list', name='Where your candidates are')
        self.app.press('Alt+1')
        self.main.find(role='list', name='Candidates')
        self.app.press('Control+n')
        dialog = self.app.window('Connect a System')
        dialog.find(role='entry', name='Search systems').await_focus()
        self.app.press('Escape')
        self.app.gone(role='frame', name='Connect a System')


if __name__ == '__main__':
    unittest.main(verbosity=2, warnings='ignore')
