#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What only some providers can, by HackerRank: a deadline, sending again, calling off, and inviting again on purpose.

To be run inside build-aux/desktop. The tests go on from each other, as a person would; what waits for its ten seconds does so
while the next thing is done.
"""

import datetime
import shutil
import tempfile
import unittest

from driver import App, Missing, Sandbox, await_condition
from story import Story, ctl


def connect(sandbox, data_dir, kind, secret):
    added = ctl(data_dir, 'connection', 'add', kind, '--name', kind.capitalize(), '--set',
                f'base-url={sandbox.base_url(kind)}', '--secret', 'api-key', secret=secret)
    ctl(data_dir, 'connection', 'enable', added['id'])
    return added['id']


class Again(Story):

    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox('--pace', '0', '--quiet', '--jobs', '2', '--applications', '12', '--rate', 'hackerrank=0')
        cls.data_dir = tempfile.mkdtemp(prefix='assay-ui-')
        connect(cls.sandbox, cls.data_dir, 'pinpoint', 'sandbox-pinpoint-full-access')
        provider = connect(cls.sandbox, cls.data_dir, 'hackerrank', 'sandbox-hackerrank-key')
        ctl(cls.data_dir, 'sync')
        people = ctl(cls.data_dir, 'application', 'list', '--active')
        names = [person['full_name'] for person in people]
        cls.first, cls.second, cls.third = [person for person in people if names.count(person['full_name']) == 1][:3]
        assessment = cls.assessment = next(entry for entry in ctl(cls.data_dir, 'assessment', 'list', provider)
                          if entry['name'] == 'Java Challenge')
        # The second has done it once.
        invitation = ctl(cls.data_dir, 'invite', cls.second['id'], '--assessment', assessment['id'])
        cls.sandbox.control('POST', '/invitations/' + invitation['remote_id'].split('/')[1],
                            {'status': 'complete', 'score': 41})
        ctl(cls.data_dir, 'invitation', 'refresh', invitation['id'])
        cls.app = App(data_dir=cls.data_dir)
        cls.main = cls.app.window('Assay')

    @classmethod
    def tearDownClass(cls):
        status = cls.app.stop()
        cls.sandbox.stop()
        shutil.rmtree(cls.data_dir)
        assert status == 0, f'assay ended with status {status}'

    def open(self, person):
        row = self.main.find(role='list', name='Candidates').find(role='list item', contains=person['full_name'])

        def opened():
            self.app.point(row)
            try:
                return self.main.find(role='heading', name=person['full_name'], timeout=5)
            except Missing:
                return None
        # A click while a bulk that has just begun writes itself into the list may meet a row that is being made anew.
        await_condition(opened, f'the page of {person["full_name"]}')

    def card(self, contains):
        return self.main.find(role='panel', contains=contains, timeout=60)

    def writes(self, operation):
        return [write for write in self.sandbox.control('GET', '/ledger')['writes'] if write['operation'] == operation]

    def test_01_again_on_purpose(self):
        self.open(self.second)
        self.card('Java Challenge, Completed, 41')
        self.main.find(role='push button', name='Details of Java Challenge').click()
        self.main.find(role='push button', name='Invite Again…').click()
        question = self.app.window(f'Invite {self.second["full_name"]} again?')
        self.leave_picture('again-question', f'Invite {self.second["full_name"]} again?')
        question.find(role='push button', contains='Invite Again').click()
        # Where its card appears, with its Undo, beside the one that was.
        self.main.find(role='push button', contains='Undo')
        self.card('Java Challenge, Completed, 41')

    def test_02_with_a_deadline(self):
        self.open(self.first)
        self.main.find(role='push button', name='Send Assessment').click()
        dialog = self.app.window('Send Assessment')
        self.assertIsNone(dialog.seek(contains='Valid until'))
        dialog.find(role='push button', contains='Choose an assessment').click()
        dialog.find(role='entry', name='Search assessments').await_focus()
        self.app.type_keys('java')
        dialog.find(role='list', name='Assessments')
        self.app.press('Return')
        dialog.find(contains='Valid until: No Deadline').click()
        dialog.find(role='push button', name='In 3 Days').await_focus()
        today = datetime.date.today()
        # The calendar shows today as selected, and takes it.
        self.app.press('Tab', 'Tab', 'Tab', 'Tab', 'Return')
        dialog.find(contains=f'Valid until: {today.day} {today:%B %Y}').click()
        dialog.find(role='push button', name='No Deadline').click()
        dialog.find(contains='Valid until: No Deadline').click()
        dialog.find(role='push button', name='In a Week').click()
        type(self).day = datetime.date.today() + datetime.timedelta(days=7)
        text = f'{self.day.day} {self.day:%B %Y}'
        dialog.find(contains=f'Valid until: {text}')
        self.leave_picture('again-deadline', 'Send Assessment')
        dialog.find(role='status bar', contains='10 seconds')
        dialog.find(role='push button', name='Send').click()
        self.app.gone(role='frame', name='Send Assessment')
        self.card('Java Challenge, Pending')
        self.main.find(contains=f'Valid until {text}.')
        sent = self.sandbox.invitations()
        self.assertEqual(len(sent), 2)
        self.leave_picture('again-card', 'Assay')

    def test_03_send_again(self):
        self.main.find(role='push button', name='Details of Java Challenge').click()
        self.main.find(contains='The invitation is valid until')
        self.leave_picture('again-details', 'Assay')
        self.main.find(role='push button', name='Send Again').click()
        self.app.await_toast('The invitation is being sent again')
        self.main.find(contains='The invitation was sent again.')
        self.assertEqual(len(self.writes('resend')), 1)

    def test_04_call_off(self):
        self.main.find(role='push button', name='Call Off…').click()
        question = self.app.window('Call off “Java Challenge”?')
        question.find(role='push button', contains='Call Off').click()
        self.main.gone(role='push button', name='Send Again')
        self.main.find(role='push button', name='Invite Again…')
        self.assertEqual(len(self.writes('cancel')), 1)
        self.leave_picture('again-called-off', 'Assay')
        self.app.press('Escape')
        self.card('Java Challenge, Cancelled')

    def test_05_the_retake_is_out(self):
        self.open(self.second)
        self.card('Java Challenge, Pending')
        self.card('Java Challenge, Completed, 41')
        self.assertEqual(len(self.writes('retake')), 1)
        row = self.main.find(role='list', name='Candidates').find(role='list item', contains=self.second['full_name'])
        await_condition(lambda: 'Pending' in row.name, 'the row to say so')
        self.leave_picture('again-retake', 'Assay')

    def test_06_many_with_a_deadline(self):
        self.main.find(role='push button', name='More').click()
        self.main.find(role='menu item', contains='Send Assessment to All of These').click()
        dialog = self.app.window('Send Assessment to Many')
        dialog.find(role='push button', name='Continue').await_focus()
        self.app.press('Control+Return')
        dialog.find(role='push button', name='Choose an assessment').click()
        dialog.find(role='entry', name='Search assessments').await_focus()
        self.app.type_keys('java')
        dialog.find(role='list', name='Assessments')
        self.app.press('Return')
        dialog.find(contains='Valid until: No Deadline').click()
        dialog.find(role='push button', name='In Two Weeks').click()
        day = datetime.date.today() + datetime.timedelta(days=14)
        dialog.find(contains=f'Valid until: {day.day} {day:%B %Y}')
        self.leave_picture('again-many', 'Send Assessment to Many')
        dialog.find(role='push button', contains='Send to').click()
        self.app.gone(role='frame', name='Send Assessment to Many')
        local = datetime.datetime.combine(day, datetime.time(23, 59, 59)).astimezone(datetime.timezone.utc)

        def queued():
            return [entry for entry in ctl(self.data_dir, 'invitation', 'list') if entry['status'] == 'queued']
        entries = await_condition(queued, 'the others to be queued')
        self.assertEqual({entry['deadline'] for entry in entries}, {f'{local:%Y-%m-%dT%H:%M:%SZ}'})

    def test_07_one_that_waits_after_a_refusal_is_cancelled(self):
        assessment = next(entry for entry in ctl(self.data_dir, 'assessment', 'list', self.assessment['connection'])
                          if entry['name'] != self.assessment['name'])
        self.sandbox.control('POST', '/faults', {'vendor': 'hackerrank', 'operation': 'invite', 'kind': 'retry-after:300',
                                                 'times': 50})
        self.app.press('Alt+1', 'Escape')
        self.open(self.third)
        ctl(self.data_dir, 'invite', self.third['id'], '--assessment', assessment['id'], '--no-wait')
        card = self.card(f'{assessment["name"]}, Queued')
        card.find(contains='It will be sent as soon as that is possible.', timeout=60)
        card.find(role='push button', name='Cancel').click()
        self.card(f'{assessment["name"]}, Cancelled')


if __name__ == '__main__':
    unittest.main(verbosity=2, warnings='ignore')
