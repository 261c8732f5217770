#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the sandbox's Lever over its port: shapes as recorded, and the traps that are its point."""

import base64
import json
import os
import sys
import unittest
import urllib.parse

import test_sandbox
from test_sandbox import fixture

FULL = 'sandbox-lever-full-access'


class Lever(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = test_sandbox.Sandbox('--pace', '0', '--rate', 'lever=0', '--jobs', '20', '--applications', '700')
        cls.url = next(c for c in cls.box.ready['connections'] if c['kind'] == 'lever')['settings']['base-url']

    @classmethod
    def tearDownClass(cls):
        status, errors = cls.box.stop()
        if status != 0 or errors:
            raise AssertionError(f'the sandbox ended with {status}: {errors}')

    def setUp(self):
        self.box.control('/ledger', 'DELETE')
        self.box.control('/faults', 'DELETE')

    def lever(self, path, method='GET', body=None, key=FULL, query=(), headers=None, url=None):
        if headers is None:
            headers = {'Authorization': 'Basic ' + base64.b64encode((key + ':').encode()).decode()}
        if body is not None:
            headers = {**headers, 'Content-Type': 'application/json'}
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        text = urllib.parse.urlencode(query, doseq=True)
        return self.box.request(method, (url or self.url) + path + ('?' + text if text else ''), body, headers)

    def good(self, *arguments, status=200, **options):
        answer = self.lever(*arguments, **options)
        self.assertEqual(answer.status, status, answer.body)
        return answer.json

    def every(self, path, **query):
        """All pages, as a client that encodes the token like any value walks them."""
        rows, offset = [], None
        while True:
            page = self.good(path, query={**query, **({'offset': offset} if offset else {})})
            rows += page['data']
            if not page['hasNext']:
                self.assertNotIn('next', page)
                return rows
            self.assertTrue(page['next'].startswith('%5B'))
            offset = page['next']

    def incidents(self):
        return [incident['kind'] for incident in self.box.control('/ledger')['incidents']]

    def active(self, **query):
        return self.good('/opportunities', query={'archived': 'false', 'expand': ['applications', 'stage'],
                                                  **query})['data']

    # Reading

    def test_keys(self):
        for headers in ({}, {'Authorization': 'Bearer ' + FULL}, {'X-API-KEY': FULL}):
            self.assertEqual(self.lever('/stages', headers=headers).status, 401)
        for key in 'wrong', FULL + ':password':
            answer = self.lever('/stages', key=key)
            self.assertEqual((answer.status, set(answer.json)), (401, {'code', 'message'}))
        lacking = {'no-opportunities': '/opportunities', 'no-postings': '/postings', 'no-stages': '/stages'}
        for name, path in lacking.items():
            for other in lacking.values():
                self.assertEqual(self.lever(other, key='sandbox-lever-' + name).status, 403 if other == path else 200)
        self.assertEqual(self.lever('/stages', key='sandbox-lever-no-stages').json,
                         fixture('lever', 'assembled-error-403.json'))
        self.assertEqual(self.incidents(), [])

    def test_shapes(self):
        """The members are those of recorded answers, neither more nor fewer."""
        known = set(fixture('lever', 'recorded-opportunity-get.response.json')['data'])
        row = self.active()[0]
        self.assertEqual(set(row), known)
        plain = self.good('/opportunities/' + row['id'])['data']
        self.assertEqual(set(plain), known)
        self.assertEqual(plain['stage'], row['stage']['id'])
        self.assertEqual(plain['applications'], [application['id'] for application in row['applications']])
        self.assertEqual(plain['urls']['show'], 'https://hire.sandbox.lever.co/candidates/' + row['id'])

        posting = fixture('lever', 'recorded-posting-get.response.json')['data']
        for job in self.every('/postings'):
            self.assertEqual(set(job), set(posting))
            self.assertEqual(set(job['categories']), set(posting['categories']))
            self.assertEqual(job['urls'] is None, job['state'] == 'draft')
        user = fixture('lever', 'recorded-users-list.response.json')['data'][0]
        self.assertEqual(set(self.good('/users')['data'][0]), set(user))
        recorded = fixture('lever', 'recorded-stages-list.response.json')['data']
        stages = self.good('/stages')['data']
        self.assertEqual(stages[:4], recorded[:4])
        self.assertIn({'id': 'offer', 'text': 'Offer'}, stages)
        self.assertEqual(self.good('/stages/offer')['data'], {'id': 'offer', 'text': 'Offer'})
        reason = fixture('lever', 'recorded-archive-reasons-list.response.json')['data'][0]
        self.assertEqual(set(self.good('/archive_reasons')['data'][0]), set(reason))
        # What nothing shows on a contact in the sandbox is the later `dataProtection`.
        contact = set(fixture('lever', 'recorded-contact-get.response.json')['data']) - {'dataProtection'}
        self.assertEqual(set(self.good('/contacts/' + row['contact'])['data']), contact)
        self.assertEqual(self.lever('/stages/none').json['code'],
                         fixture('lever', 'docs-error-resource-not-found.json')['code'])

    def test_one_company_two_faces(self):
        """Lever shows the people that Pinpoint shows, also those who come later."""
        theirs = {row['attributes']['email'] for row in self.box.all_applications(
            **{'filter[job_visibility]': 'external,internal,confidential'})}
        ours = {email for row in self.every('/opportunities', confidentiality='all') for email in row['emails']}
        self.assertEqual(ours, theirs)
        self.box.control('/applications', 'POST', {'email': 'both@example.com', 'first_name': 'Ada',
                                                   'last_name': 'Le Sueur'})
        found = self.good('/opportunities', query={'email': 'both@example.com',
                                                       'confidentiality': 'all'})['data']
        self.assertEqual([row['name'] for row in found], ['Ada Le Sueur'])

    def test_several_opportunities_of_a_person(self):
        contacts = {}
        for row in self.every('/opportunities', confidentiality='all'):
            contacts.setdefault(row['contact'], []).append(row)
        several = [rows for rows in contacts.values() if len(rows) > 1]
        self.assertGreater(len(several), 5)
        for rows in several:
            self.assertEqual(len({row['name'] for row in rows}), 1)
            found = self.good('/opportunities', query={'contact_id': rows[0]['contact'], 'confidentiality': 'all'})
            self.assertEqual({row['id'] for row in found['data']}, {row['id'] for row in rows})

    def test_paging(self):
        rows = self.every('/opportunities')
        self.assertEqual(len(rows), len({row['id'] for row in rows}))
        self.assertEqual(len(self.every('/opportunities', limit=7)), len(rows))
        # By the stage's rank, then newest first.
        order = [stage['id'] for stage in self.good('/stages')['data']]
        places = [(order.index(row['stage']), -row['createdAt']) for row in rows]
        self.assertEqual(places, sorted(places))
        for limit in '0', '101', 'x', '-1':
            self.assertEqual(self.lever('/opportunities', query={'limit': limit}).status, 400)

        page = self.good('/opportunities', query={'limit': 2})
        token = page['next']
        number, time, id = json.loads(urllib.parse.unquote(token))
        self.assertEqual((time, id), (rows[2]['createdAt'], rows[2]['id']))
        self.assertIsInstance(number, (int, float))
        self.box.control('/ledger', 'DELETE')
        answer = self.lever('/opportunities?limit=2&offset=' + token)
        self.assertEqual((answer.status, answer.json),
                         (400, fixture('lever', 'assembled-error-400-invalid-offset.json')))
        self.assertEqual(self.incidents(), ['bad-offset'])
        self.assertEqual(self.lever('/opportunities', query={'offset': '2'}).status, 400)

    def test_a_move_while_paging_hides_a_row(self):
        """The reason for a second pass: who moves forward across the token is missed or comes twice."""
        late = self.active(stage_id='offer')[-1]
        page = self.good('/opportunities', query={'limit': 100})
        self.assertNotIn(late['id'], [row['id'] for row in page['data']])
        self.good(f"/opportunities/{late['id']}/stage", 'PUT', {'stage': 'lead-new'})
        seen = list(page['data'])
        while page['hasNext']:
            page = self.good('/opportunities', query={'limit': 100, 'offset': page['next']})
            seen += page['data']
        self.assertNotIn(late['id'], [row['id'] for row in seen])
        self.assertIn(late['id'], [row['id'] for row in self.every('/opportunities')])

    def test_times(self):
        rows = self.every('/opportunities')
        self.assertTrue(all(row['createdAt'] > 1e12 for row in rows))
        old = [row for row in rows if row['updatedAt'] is None]
        self.assertGreater(len(old), 100)
        known = sorted(row['updatedAt'] for row in rows if row['updatedAt'] is not None)
        middle = known[len(known) // 2]
        found = self.every('/opportunities', updated_at_start=middle)
        self.assertEqual(len(found), sum(time >= middle for time in known))
        until = self.every('/opportunities', updated_at_end=middle)
        self.assertEqual(len(until), sum(time <= middle for time in known), 'a null matches no time')
        self.assertEqual(self.incidents(), [])
        self.assertEqual(self.lever('/opportunities', query={'updated_at_start': middle // 1000}).status, 400)
        self.assertEqual(self.incidents(), ['malformed-query'])

    def test_filters(self):
        both = self.every('/opportunities')
        archived = self.every('/opportunities', archived='true')
        self.assertGreater(len(archived), 0)
        self.assertEqual(len(both), len(archived) + len(self.every('/opportunities', archived='false')))
        self.assertTrue(all(row['archived']['reason'] for row in archived))
        stages = ['offer', 'applicant-new']
        found = self.every('/opportunities', stage_id=stages)
        self.assertEqual({row['stage'] for row in found}, set(stages))
        posting = next(row['applications'][0]['posting'] for row in self.active() if row['applications'])
        found = self.every('/opportunities', posting_id=posting, expand='applications')
        self.assertEqual({row['applications'][0]['posting'] for row in found}, {posting})
        self.assertEqual({row['state'] for row in self.every('/postings', state='closed')}, {'closed'})
        only = self.good('/opportunities', query={'include': ['stage', 'tags'], 'limit': 1})['data'][0]
        self.assertEqual(set(only), {'id', 'stage', 'tags'})

    def test_deleted(self):
        self.assertEqual([row for row in self.every('/opportunities/deleted') if 'name' in row], [])
        since = self.every('/opportunities', confidentiality='all')[0]['createdAt']
        gone = self.box.control('/applications', 'POST', {'email': 'gone@example.com'})['id']
        found = self.good('/opportunities', query={'email': 'gone@example.com', 'confidentiality': 'all'})['data'][0]
        before = self.every('/opportunities/deleted', deleted_at_start=since)
        self.box.control('/applications/' + gone, 'DELETE')
        self.assertEqual(self.lever('/opportunities/' + found['id']).status, 404)
        after = self.every('/opportunities/deleted', deleted_at_start=since)
        self.assertEqual([row['id'] for row in after if row not in before], [found['id']])
        self.assertEqual(self.every('/opportunities/deleted', deleted_at_start=after[0]['deletedAt'] + 10 ** 9), [])
        self.assertEqual(self.lever('/opportunities/deleted', query={'archived': 'true'}).status, 400)
        self.assertEqual(self.lever('/opportunities/deleted', key='sandbox-lever-no-deleted').status, 403)

    def test_confidential(self):
        hidden = self.every('/opportunities', confidentiality='confidential')
        self.assertGreater(len(hidden), 0)
        self.assertEqual(len(self.every('/opportunities', confidentiality='all')),
                         len(hidden) + len(self.every('/opportunities')))
        key = 'sandbox-lever-no-confidential'
        self.assertEqual(self.lever('/opportunities', key=key).status, 200)
        self.assertEqual(self.lever('/opportunities', key=key, query={'confidentiality': 'all'}).status, 403)
        self.assertEqual(self.lever('/opportunities/' + hidden[0]['id'], key=key).status, 403)

    def test_what_is_not_documented_is_refused(self):
        for query in ({'page': 1}, {'expand': 'applications,stage'}, {'expand': 'everything'}, {'limit': ['1', '2']},
                      {'confidentiality': 'some'}, {'updated_at_start': 'yesterday'}):
            self.assertEqual(self.lever('/opportunities', query=query).status, 400, query)
        self.assertEqual(self.lever('/postings', query={'updated_at_start': 1782972986091}).status, 400)
        self.assertEqual(self.lever('/postings', query={'updated_at_start': 1782972986091,
                                                        'confidentiality': 'all'}).status, 200)
        row = self.active()[0]
        for method, path in (('PUT', '/opportunities/' + row['id']), ('POST', f"/opportunities/{row['id']}/stage"),
                             ('GET', '/files'), ('GET', '/offers')):
            self.assertEqual(self.lever(path, method, {}).status, 404)
        self.assertEqual(set(self.incidents()), {'malformed-query', 'no-route'})

    # Writing

    def test_stage(self):
        self.assertEqual(list(fixture('lever', 'recorded-opportunity-stage-put.request.json')), ['stage'])
        row = next(r for r in self.active(stage_id='applicant-new') if r['emails'] and r['applications'])
        path = f"/opportunities/{row['id']}/stage"
        body = fixture('lever', 'recorded-opportunity-stage-put.request.json')
        actor = self.good('/users')['data'][0]['id']
        # The sandbox counts in seconds, and whoever has just come was changed in this one.
        self.box.control('/advance', 'POST', {'seconds': 2})
        answer = self.good(path, 'PUT', body, query={'perform_as': actor})['data']
        recorded = fixture('lever', 'recorded-opportunity-stage-put.response.json')['data']
        self.assertEqual(set(answer), set(recorded))
        self.assertEqual(answer['stage'], 'lead-reached-out')
        for empty in 'name', 'headline', 'emails', 'phones':
            self.assertEqual(answer[empty], recorded[empty])
        again = self.good('/opportunities/' + row['id'])['data']
        self.assertEqual((again['stage'], again['name'], again['emails']), ('lead-reached-out', row['name'], row['emails']))
        self.assertGreater(again['updatedAt'], row['updatedAt'] or 0)
        self.assertEqual([write['operation'] for write in self.box.control('/ledger')['writes']], ['opportunities.stage'])

        for body in ({'stage': 'nowhere'}, {}, {'stage': 'offer', 'more': 1}, [], b'{'):
            self.assertEqual(self.lever(path, 'PUT', body).status, 400, body)
        self.assertEqual(self.lever(path, 'PUT', {'stage': 'offer'}, query={'perform_as': 'nobody'}).status, 400)
        self.assertEqual(self.lever(path, 'PUT', {'stage': 'offer'}, key='sandbox-lever-read-only').status, 403)
        self.assertEqual(self.lever('/opportunities/none/stage', 'PUT', {'stage': 'offer'}).status, 404)

    def test_an_archived_one_moves_and_stays_archived(self):
        row = self.good('/opportunities', query={'archived': 'true', 'limit': 1})['data'][0]
        answer = self.good(f"/opportunities/{row['id']}/stage", 'PUT', {'stage': 'lead-responded'})['data']
        self.assertEqual((answer['stage'], answer['archived']['reason']), ('lead-responded', row['archived']['reason']))

    def test_a_move_shows_at_the_other_vendor(self):
        row = next(r for r in self.active(stage_id='applicant-new') if r['applications'])
        self.good(f"/opportunities/{row['id']}/stage", 'PUT', {'stage': 'offer'})
        rows = self.box.all_applications(**{'filter[stage_basic_type]': 'offer'})
        self.assertIn(row['emails'][0], [offered['attributes']['email'] for offered in rows])

    def test_tags(self):
        row = self.active()[3]
        body = fixture('lever', 'recorded-opportunity-addTags.request.json')
        answer = self.good(f"/opportunities/{row['id']}/addTags", 'POST', body)['data']
        self.assertEqual(sorted(answer['tags']), sorted(row['tags'] + body['tags']))
        self.assertEqual(answer['emails'], [])
        twice = self.good(f"/opportunities/{row['id']}/addTags", 'POST', body)['data']
        self.assertEqual(twice['tags'], answer['tags'])
        gone = self.good(f"/opportunities/{row['id']}/removeTags", 'POST', body)['data']
        self.assertEqual(gone['tags'], row['tags'])
        for body in ({}, {'tags': []}, {'tags': 'x'}, {'tags': [1]}, {'tags': ['x'], 'more': 1}):
            self.assertEqual(self.lever(f"/opportunities/{row['id']}/addTags", 'POST', body).status, 400, body)

    def test_notes(self):
        row = self.active()[4]
        path = f"/opportunities/{row['id']}/notes"
        before = self.good(path)['data']
        body = fixture('lever', 'recorded-note-create.request.json')
        answer = self.good(path, 'POST', body, status=201)['data']
        self.assertEqual(set(answer), set(fixture('lever', 'recorded-note-create.response.json')['data']))
        self.assertEqual(answer['noteId'], answer['id'])
        notes = self.good(path)['data']
        self.assertEqual(len(notes), len(before) + 1)
        self.assertEqual(notes[-1]['fields'][0]['value'], body['value'])
        for body in ({}, {'value': ''}, {'value': 1}, {'value': 'x', 'text': 'y'}):
            self.assertEqual(self.lever(path, 'POST', body).status, 400, body)
        self.assertEqual(self.lever(path, key='sandbox-lever-no-notes').status, 403)

    def test_failures(self):
        for status in 400, 403, 404, 418, 429, 500, 503:
            self.box.fault(f'status:{status}', vendor='lever', operation='stages.list')
            answer = self.lever('/stages')
            self.assertEqual((answer.status, set(answer.json)), (status, {'code', 'message'}))
        self.assertEqual(self.lever('/stages').status, 200)

    def test_bucket(self):
        """No clock is asserted: whoever asks fast enough is refused at some time, and not before the 21st time."""
        box = test_sandbox.Sandbox('--pace', '0', '--jobs', '2', '--applications', '10')
        url = next(c for c in box.ready['connections'] if c['kind'] == 'lever')['settings']['base-url']
        answers = []
        while len(answers) < 400 and 429 not in answers:
            answer = self.lever('/stages', url=url)
            answers.append(answer.status)
        self.assertIn(429, answers, 'twenty at once and ten a second are the most')
        self.assertGreaterEqual(len(answers), 21)
        self.assertNotIn('Retry-After', answer.headers)
        self.assertEqual(answer.json, fixture('lever', 'assembled-error-429.json'))
        self.assertEqual(box.stop(), (0, ''))


if __name__ == '__main__':
    if len(sys.argv) > 1 and os.path.exists(sys.argv[1]):
        test_sandbox.BINARY = sys.argv.pop(1)
    unittest.main(verbosity=2)
