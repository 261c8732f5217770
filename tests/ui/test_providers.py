#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job with each provider and in each of its ways: connected by assayctl, sent and followed in the window.

To be run inside build-aux/desktop. Leaves pictures of each card and of its details, for a person to look at.
"""

import dataclasses
import re
import shutil
import tempfile
import unittest

from driver import TIMEOUT, App, Sandbox
from story import Story, ctl, everybody

# Words of the window that tell what a provider can do, and why something isn't offered.
EMAILS, MAILS_NOBODY = 'will e-mail', 'mails nobody'
NEITHER = 'To send it again or call it off, go to {}: that can’t be done from here.'
NO_CANCEL = 'To call it off, go to {}: that can’t be done from here.'
NO_RESEND = 'To send it again, go to {}: that can’t be done from here.'
LOCKED = 'takes the name and the e-mail from the ATS'
NO_SCALE = 'doesn’t say out of how much'


@dataclasses.dataclass
class Way:
    """A provider in one of the ways in which it can be set up."""

    name: str                                 # what its connection is called
    kind: str
    assessment: str
    card: str                                 # what the card says when the result is there
    settings: dict = dataclasses.field(default_factory=dict)
    plays: str = None                         # the vendor of the sandbox that plays it, where the kind is another
    path: str = None                          # what takes the place of the last part of its base address
    vendor: str = None                        # what sentences call it, where the connection is called otherwise
    outcome: str = EMAILS                     # what is said before it is sent
    why_not: str = NEITHER                    # what is said of what it can't
    locked: bool = False
    deadline: bool = False
    by_hand: bool = False
    link: bool = False
    flags: tuple = ()
    scores: tuple = ()                        # some of the named ones
    no_scale: bool = False                    # of a named one it doesn't say out of how much it is
    begun: str = 'In progress'                # what the card says once the candidate has begun
    word: str = None                          # the provider's own for that, where the card says nothing of it
    raw: str = None                           # a member that it sent

    def connection_settings(self, sandbox):
        settings = dict(self.settings)
        if self.settings.get('profile') != 'manual':
            entry = sandbox.connections[self.plays or self.kind]
            base = entry['settings']['base-url']
            settings['base-url'] = base if self.path is None else base.rsplit('/', 1)[0] + self.path
        return settings

    def sentence(self, text):
        return text.format(self.vendor or self.name)


LINKS = 'Typing Speed and Accuracy for Customer Service, Second Edition=https://tests.example/typing'
FIRST_V2 = {'profile': 'v2', 'result-path': 'candidate/{uuid}/results',
            'field-map': '{"result-scores":"data.assessments"}'}

# Who has opened Coderbyte's link isn't said to have begun.
JOINED = {'begun': 'Pending', 'word': 'Joined'}

WAYS = [
    Way('TestTrick', 'testtrick', 'Backend Engineering', 'Completed, 72 %', {'profile': 'partner'}, raw='partner_status'),
    Way('TestTrick Plugin', 'testtrick', 'Numerical Reasoning', 'Completed, 61.5', {'profile': 'plugin'}, path='/plugin',
        vendor='TestTrick', by_hand=True),
    Way('TestTrick by Hand', 'testtrick', LINKS.split('=', maxsplit=1)[0], 'Completed, 61.5',
        {'profile': 'manual', 'assessments': LINKS}, vendor='TestTrick', outcome=MAILS_NOBODY, by_hand=True, link=True),
    Way('Coderbyte', 'coderbyte', 'Backend Engineer', 'Completed, 72', {'mode': 'automations'}, locked=True,
        scores=('Challenge Score', 'Multiple Choice Score'), no_scale=True, raw='final_score', **JOINED),
    Way('Coderbyte Plugin', 'coderbyte', 'Data Engineer', 'Completed, 72', {'mode': 'plugin'}, vendor='Coderbyte',
        locked=True, scores=('Challenge Score',), no_scale=True, raw='final_score', **JOINED),
    Way('Coderbyte Links', 'coderbyte', 'Front-end Engineer', 'Completed, 72', {'skip-send': 'yes'}, vendor='Coderbyte',
        outcome=MAILS_NOBODY, locked=True, link=True, scores=('Challenge Score',), no_scale=True, raw='final_score',
        **JOINED),
    Way('AssessFirst 1', 'assessfirst', 'Key account manager', 'Completed', {'profile': 'v1'}, path='',
        vendor='AssessFirst', locked=True),
    Way('AssessFirst 2', 'assessfirst', 'Web designer', 'Completed', FIRST_V2, vendor='AssessFirst', locked=True, no_scale=True),
    Way('TestGorilla', 'testgorilla', 'Python developer', 'Completed, 72', why_not=NO_CANCEL, no_scale=True,
        raw='avg_score'),
    Way('Codility', 'codility', 'Python engineer', 'Completed, 72 / 100', outcome=MAILS_NOBODY, link=True,
        raw='evaluation'),
    Way('HackerRank', 'hackerrank', 'Java Challenge', 'Completed, 72 %', why_not=None, deadline=True,
        scores=('Points', 'Java'), no_scale=True, raw='percentage_score'),
    Way('HackerRank Links', 'hackerrank', 'SQL (Advanced)', 'Completed, 72 %', {'send-email': 'no'}, vendor='HackerRank',
        outcome=MAILS_NOBODY, why_not=NO_RESEND, deadline=True, link=True, scores=('Points',), no_scale=True,
        raw='percentage_score'),
    Way('Any Other', 'partner', 'Data Analysis with SQL', 'Completed, 72', plays='testtrick', no_scale=False,
        raw='partner_status'),
]


class Providers(Story):

    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox('--pace', '0', '--quiet', '--jobs', '1', '--applications', '40')
        cls.data_dir = tempfile.mkdtemp(prefix='assay-ui-')
        cls.add('pinpoint', 'Pinpoint', 'pinpoint', {'subdomain': 'sandbox', 'base-url': cls.sandbox.base_url('pinpoint')})
        for way in WAYS:
            id = cls.add(way.kind, way.name, way.plays or way.kind, way.connection_settings(cls.sandbox))
            names = [entry['name'] for entry in ctl(cls.data_dir, 'assessment', 'list', id, '--refresh')]
            assert way.assessment in names, f'{way.name} lists {names}'
        ctl(cls.data_dir, 'sync')
        people = {}
        for person in ctl(cls.data_dir, 'application', 'list', '--active'):
            people.setdefault(person['full_name'], person)
        cls.people = dict(zip([way.name for way in WAYS], people.values()))
        assert len(cls.people) == len(WAYS)
        cls.app = App(data_dir=cls.data_dir)
        cls.main = cls.app.window('Assay')

    @classmethod
    def add(cls, kind, name, vendor, settings):
        """Connects and enables; the id."""
        words = [word for key, value in settings.items() for word in ('--set', f'{key}={value}')]
        secret = None
        if settings.get('profile') != 'manual':
            key, secret = next(iter(cls.sandbox.connections[vendor]['secrets'].items()))
            words += ['--secret', key]
        added = ctl(cls.data_dir, 'connection', 'add', kind, '--name', name, *words, secret=secret)
        assert settings.get('profile') == 'manual' or ctl(cls.data_dir, 'connection', 'test', added['id'])['ok']
        ctl(cls.data_dir, 'connection', 'enable', added['id'])
        return added['id']

    @classmethod
    def tearDownClass(cls):
        status = cls.app.stop()
        incidents = cls.sandbox.control('GET', '/ledger')['incidents']
        cls.sandbox.stop()
        shutil.rmtree(cls.data_dir)
        assert status == 0, f'assay ended with status {status}'
        assert not incidents, incidents

    def each(self, step):
        """Takes a step with each provider; one that fails leaves a picture and doesn't keep the others from it."""
        for way in WAYS:
            with self.subTest(provider=way.name):
                try:
                    step(way)
                except Exception:
                    self.leave_picture('failed-' + self.picture_name(way))
                    for window in list(self.app.root.children())[1:]:
                        self.app.window(window.name)
                        self.app.press('Escape')
                    raise

    @staticmethod
    def picture_name(way):
        return 'provider-' + re.sub(r'\W+', '-', way.name.lower())

    def open_person(self, way):
        name = self.people[way.name]['full_name']
        self.app.press('Control+f')
        self.main.find(role='entry', name='Search Candidates').type(name)
        people = self.main.find(role='list', name='Candidates', matches=everybody(name))
        self.app.point(people.find(role='list item', contains=name))
        self.main.find(role='heading', name=name)

    def card(self, way, says):
        wanted = f'{way.assessment}, {says}'
        # A number and what follows it aren't torn apart.
        return self.main.find(role='panel', timeout=TIMEOUT * 2, matches=lambda node: wanted in node.name.replace('\xa0', ' '))

    def become(self, way, **fields):
        """The candidate does something."""
        email = self.people[way.name]['email'].lower()
        entry = next(entry for entry in self.sandbox.control('GET', '/invitations') if entry['email'].lower() == email)
        self.sandbox.control('POST', f'/invitations/{entry["id"]}', fields)

    def enter(self, **fields):
        """What a person enters where the provider tells nothing."""
        self.main.find(role='push button', name='Enter the Result…').click()
        dialog = self.app.window('Enter the Result')
        for name, text in fields.items():
            dialog.find(role='text', name=name, hidden=True).type(text)
        self.leave_picture('provider-enter', 'Enter the Result')
        dialog.find(role='push button', contains='Save').click()
        self.app.window('Assay')

    def open_more(self):
        """It stays open from one invitation to the next."""
        more = self.main.find(role='push button', name='More About the Invitation')
        if self.main.seek(role='label', name='Id in Assay') is None:
            more.click()
            self.main.find(role='label', name='Id in Assay')

    def send(self, way):
        self.open_person(way)
        self.main.find(role='push button', name='Send Assessment').click()
        dialog = self.app.window('Send Assessment')
        dialog.find(role='push button', name='Choose an assessment').click()
        dialog.find(role='entry', name='Search assessments').await_focus()
        dialog.find(role='entry', name='Search assessments').type(way.assessment)
        found = dialog.find(role='list', name='Assessments', matches=everybody(way.assessment))
        # Other connections may have one of the same name.
        names = [item.name for item in found.all(role='list item')]
        self.app.press(*['Down'] * names.index(f'{way.assessment}, {way.name}'), 'Return')
        outcome = dialog.find(role='status bar', contains='10 seconds')
        self.leave_picture(self.picture_name(way) + '-send', 'Send Assessment')
        self.assertIn(way.outcome, outcome.text)
        # Only what the provider can do, and why not.
        self.assertEqual(dialog.seek(contains=LOCKED) is not None, way.locked)
        self.assertEqual(dialog.seek(contains='Deadline') is not None, way.deadline)
        dialog.find(role='push button', name='Send').click()
        self.app.window('Assay')
        self.main.find(role='label', contains='goes out in 10 s')
        self.main.find(role='push button', name='Undo')

    def be_pending(self, way):
        self.open_person(way)
        self.card(way, 'Pending')
        self.main.find(role='push button', name=f'Details of {way.assessment}').click()
        if way.link:
            self.main.find(role='label', contains=f'{way.sentence("{} mails nobody.")} Hand this link on to')
            self.main.find(role='push button', name='Copy Link')
        else:
            self.assertIsNone(self.main.seek(role='push button', name='Copy Link'))
        if way.why_not is not None:
            self.main.find(role='label', contains=way.sentence(way.why_not))
        self.assertEqual(self.main.seek(role='push button', name='Enter the Result…') is not None, way.by_hand)
        self.leave_picture(self.picture_name(way) + '-pending', 'Assay')
        self.app.press('Escape')

    def be_in_progress(self, way):
        self.open_person(way)
        if way.by_hand:
            return
        self.become(way, status='in_progress')
        self.app.press('F5')
        self.card(way, way.begun)
        if way.word is not None:
            self.main.find(role='push button', name=f'Details of {way.assessment}').click()
            self.open_more()
            self.main.find(role='label', name=way.word, timeout=TIMEOUT * 2)
            self.app.press('Escape')

    def be_completed(self, way):
        self.open_person(way)
        if way.by_hand:
            self.main.find(role='push button', name=f'Details of {way.assessment}').click()
            self.enter(Score='61.5')
            self.app.press('Escape')
        else:
            self.become(way, status='complete', score=72)
            self.app.press('F5')
        self.card(way, way.card)
        self.leave_picture(self.picture_name(way) + '-card', 'Assay')

    def have_details(self, way):
        self.open_person(way)
        self.main.find(role='push button', name=f'Details of {way.assessment}').click()
        # Who sent it, and how it went.
        self.main.find(role='label', name='Sent by')
        self.leave_picture(self.picture_name(way) + '-details', 'Assay')
        self.main.find(role='label', name='You')
        if way.scores:
            table = self.main.find(role='list', name='Scores')
            names = [row.name.split(', ')[0] for row in table.all(role='list item')]
            self.assertLessEqual(set(way.scores), set(names))
        self.assertEqual(self.main.seek(role='label', contains=NO_SCALE) is not None, way.no_scale)
        self.open_more()
        if way.raw is not None:
            self.main.find(role='label', name=way.sentence('What {} sent'))
            self.main.find(role='label', contains=way.raw)
        self.leave_picture(self.picture_name(way) + '-more', 'Assay')
        self.app.press('Escape')

    def test_1_sent(self):
        self.each(self.send)

    def test_2_pending(self):
        self.each(self.be_pending)

    def test_3_in_progress(self):
        self.each(self.be_in_progress)

    def test_4_completed(self):
        self.each(self.be_completed)

    def test_5_details(self):
        self.each(self.have_details)

    def test_6_each_was_invited_once(self):
        invitations = self.sandbox.invitations()
        self.assertEqual([entry for entry in invitations if entry['count'] != 1], [])
        asked = [way for way in WAYS if way.settings.get('profile') != 'manual']
        self.assertEqual(sorted(entry['email'].lower() for entry in invitations),
                         sorted(self.people[way.name]['email'].lower() for way in asked))

    def test_7_narrow(self):
        """The page of an invitation on a screen as narrow as a phone's."""
        for way in WAYS:
            if way.kind not in ('coderbyte', 'hackerrank', 'codility'):
                continue
            with self.subTest(provider=way.name):
                self.open_person(way)
                self.main.find(role='push button', name=f'Details of {way.assessment}').click()
                self.main.find(role='label', name='Sent by')
                self.app.resize('Assay', 360, 720)
                self.main.find(role='label', name='Sent by')
                self.leave_picture(self.picture_name(way) + '-narrow', 'Assay')
                self.app.resize('Assay', 1180, 760)
                self.app.press('Escape')


if __name__ == '__main__':
    unittest.main(verbosity=2, warnings='ignore')
