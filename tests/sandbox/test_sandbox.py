#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the real assay-sandbox over its ports: strictness, paging, life, faults, ledger, state."""

import base64
import contextlib
import http.client
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

BINARY = os.environ.get('ASSAY_SANDBOX', '')
FIXTURES = os.environ.get('ASSAY_FIXTURES', os.path.join(os.path.dirname(__file__), '..', 'fixtures'))

FULL = 'sandbox-pinpoint-full-access'
JSON_API = 'application/vnd.api+json'
TIME = re.compile(r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$')


def fixture(*path):
    with open(os.path.join(FIXTURES, *path), encoding='utf-8') as file:
        return json.load(file)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)


class Sandbox:
    """One running sandbox and the few requests that tests make of it."""

    def __init__(self, *arguments, stdin=None):
        self.process = subprocess.Popen([BINARY, '--quiet', *arguments], stdin=stdin, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError('no start: ' + self.process.stderr.read().decode())
        self.ready = json.loads(line)
        self.control_url = self.ready['control']
        by_kind = {connection['kind']: connection for connection in self.ready['connections']}
        self.pinpoint_url = by_kind['pinpoint']['settings']['base-url']
        self.testtrick_url = by_kind['testtrick']['settings']['base-url']
        self.key = by_kind['testtrick']['secrets']['api-key']

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        _, errors = self.process.communicate(timeout=30)
        return self.process.returncode, errors.decode()

    @staticmethod
    def request(method, url, body=None, headers=None):
        parts = urllib.parse.urlsplit(url)
        with contextlib.closing(http.client.HTTPConnection(parts.hostname, parts.port,
                                                           timeout=30)) as connection:
            target = parts.path + ('?' + parts.query if parts.query else '')
            connection.request(method, target, body, headers or {})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())

    def pinpoint(self, path, method='GET', body=None, key=FULL, content_type=JSON_API, **parameters):
        headers = {}
        if key:
            headers['X-API-KEY'] = key
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body).encode()
        if body is not None and content_type:
            headers['Content-Type'] = content_type
        query = urllib.parse.urlencode(parameters.pop('query', {}))
        return self.request(method, self.pinpoint_url + path + ('?' + query if query else ''), body, headers)

    def partner(self, operation, method='GET', body=None, key=None, content_type='application/json',
                mount=None,
                headers=None):
        if headers is None:
            token = base64.b64encode(((self.key if key is None else key) + ':').encode()).decode()
            headers = {'Authorization': 'Basic ' + token}
        if body is not None:
            headers['Content-Type'] = content_type
            if not isinstance(body, bytes):
                body = json.dumps(body).encode()
        base = self.testtrick_url if mount is None else self.testtrick_url.replace('/partner', mount)
        return self.request(method, base + '/' + operation, body, headers)

    def control(self, path, method='GET', body=None):
        data = None if body is None else json.dumps(body).encode()
        answer = self.request(method, self.control_url + path, data)
        if answer.status != 200:
            raise AssertionError(f'{method} {path}: {answer.status} {answer.body!r}')
        return answer.json

    def fault(self, kind, **members):
        return self.control('/faults', 'POST', dict(kind=kind, **members))

    def invite(self, email, test='1024', **candidate):
        body = fixture('greenhouse', 'send_test_request.json')
        body['partner_test_id'] = test
        body['candidate'].update(email=email, **candidate)
        return self.partner('send_test', 'POST', body)

    def status(self, interview):
        return self.partner('test_status?partner_interview_id=' + interview).json

    def all_applications(self, **query):
        rows, number = [], 1
        while True:
            page = self.pinpoint('/applications', query={'page[size]': 700, 'page[number]': number,
                                                         'sort': 'id',
                                                         **query}).json['data']
            rows += page
            if len(page) < 700:
                return rows
            number += 1

    def open_job(self):
        job = self.pinpoint('/jobs', query={'filter[status]': 'open', 'filter[visibility]': 'external',
                                            'include': 'stages', 'page[size]': 1}).json
        return job['data'][0], job['included']


class SharedCase(unittest.TestCase):
    """Tests that share one sandbox; each uses people and records of its own."""

    @classmethod
    def setUpClass(cls):
        cls.box = Sandbox('--pace', '0', '--rate', '0')

    @classmethod
    def tearDownClass(cls):
        status, errors = cls.box.stop()
        if status != 0 or errors:
            raise AssertionError(f'the sandbox ended with {status}: {errors}')

    def setUp(self):
        self.box.control('/ledger', 'DELETE')
        self.box.control('/faults', 'DELETE')

    def incidents(self):
        return self.box.control('/ledger')['incidents']


class PinpointReading(SharedCase):
    def test_ready_line(self):
        self.assertIs(self.box.ready['ready'], True)
        self.assertEqual([c['kind'] for c in self.box.ready['connections']],
                         ['pinpoint', 'testtrick', 'lever', 'coderbyte', 'assessfirst', 'testgorilla', 'codility',
                          'hackerrank', 'kombo'])
        self.assertEqual(self.box.ready['connections'][0]['secrets'], {'api-key': FULL})
        self.assertEqual(self.box.ready['connections'][0]['settings']['subdomain'], 'sandbox')
        self.assertTrue(self.box.control_url.startswith('http://127.0.0.1:'))

    def test_keys(self):
        box = self.box
        cases = [(None, 401, 'error_401_key_not_provided.json'), ('wrong', 401, 'error_401_invalid_key.json'),
                 ('sandbox-pinpoint-disabled', 403, 'error_403_integration_not_enabled.json')]
        for key, status, name in cases:
            answer = box.pinpoint('/jobs', key=key)
            self.assertEqual(answer.status, status)
            self.assertEqual(answer.json, fixture('pinpoint', name))
            self.assertEqual(answer.headers['Content-Type'], JSON_API)
        self.assertEqual(box.pinpoint('/jobs', key='sandbox-pinpoint-no-jobs').status, 403)
        self.assertEqual(box.pinpoint('/jobs', key='sandbox-pinpoint-no-jobs').json['errors'][0]['code'],
                         'forbidden')
        self.assertEqual(box.pinpoint('/applications', key='sandbox-pinpoint-no-jobs').status, 200)
        self.assertEqual(box.pinpoint('/comments', key='sandbox-pinpoint-no-comments').status, 403)
        self.assertEqual(box.pinpoint('/comments', key='sandbox-pinpoint-read-only').status, 200)
        comment = fixture('pinpoint', 'comment_create_request.json')
        self.assertEqual(box.pinpoint('/comments', 'POST', comment, key='sandbox-pinpoint-read-only').status,
                         403)

    def test_forbidden_include_is_not_included(self):
        answer = self.box.pinpoint('/applications', key='sandbox-pinpoint-no-jobs',
                                   query={'include': 'job,stage', 'page[size]': 1}).json
        self.assertEqual(answer['data'][0]['relationships']['job'], {'meta': {'included': False}})
        self.assertNotIn('included', answer)

    def test_jobs(self):
        every = {'filter[visibility]': 'confidential,external,internal', 'page[size]': 1000,
                 'include': 'stages'}
        answer = self.box.pinpoint('/jobs', query=every).json
        statuses = [job['attributes']['status'] for job in answer['data']]
        self.assertEqual({s: statuses.count(s) for s in set(statuses)},
                         {'open': 22, 'closed': 4, 'draft': 2, 'archived': 2})
        self.assertEqual(sum(job['attributes']['visibility'] == 'confidential' for job in answer['data']), 3)
        plain = self.box.pinpoint('/jobs', query={'page[size]': 1000}).json['data']
        self.assertEqual(len(plain), 27)
        self.assertEqual(plain[0]['relationships']['stages'], {'meta': {'included': False}})
        stages = {stage['id']: stage for stage in answer['included']}
        known = fixture('pinpoint', 'jobs_collection.json')['data'][0]
        for job in answer['data']:
            self.assertEqual(set(job['attributes']), set(known['attributes']))
            self.assertEqual(set(job['relationships']), set(known['relationships']))
            own = [stages[link['id']]['attributes'] for link in job['relationships']['stages']['data']]
            self.assertEqual([stage['position'] for stage in own], list(range(1, len(own) + 1)))
            self.assertEqual(own[0]['basic_type'], 'applied')
            self.assertLessEqual({stage['basic_type'] for stage in own},
                                 {'applied', 'review', 'interview', 'offer', 'hired', 'rejected'})
        self.assertEqual(len({stage['id'] for stage in answer['included']}), len(answer['included']))

    def test_shapes_are_those_of_the_fixtures(self):
        extra = {'extra_fields[applications]': 'attachments,average_rating,tags', 'include': 'stage',
                 'page[size]': 1}
        known = fixture('pinpoint', 'applications_collection.json')
        answer = self.box.pinpoint('/applications', query=extra).json
        self.assertEqual(list(answer), ['data', 'included', 'meta'])
        self.assertEqual(answer['meta'], {})
        self.assertEqual(set(answer['data'][0]['attributes']), set(known['data'][0]['attributes']))
        self.assertEqual(set(answer['data'][0]['relationships']), set(known['data'][0]['relationships']))
        known_stage = next(record for record in known['included'] if record['type'] == 'stages')
        self.assertEqual(set(answer['included'][0]['attributes']), set(known_stage['attributes']))
        bare = self.box.pinpoint('/applications', query={'page[size]': 1}).json['data'][0]['attributes']
        self.assertEqual(set(bare), set(known['data'][0]['attributes']) - {'attachments',
                                                                           'average_rating', 'tags'})
        self.assertIsInstance(bare['job_id'], str)
        self.assertRegex(bare['created_at'], TIME)
        for name in 'users', 'custom_fields':
            known = fixture('pinpoint', name + '_collection.json')['data'][0]
            record = self.box.pinpoint('/' + name).json['data'][0]
            self.assertEqual(set(record), set(known))
            self.assertEqual(set(record['attributes']), set(known['attributes']))
        workflow = fixture('pinpoint', 'assembled_hiring_workflow_with_stages.json')
        answer = self.box.pinpoint('/hiring_workflows/401', query={'include': 'stages'}).json
        self.assertEqual(set(answer['included'][0]['attributes']), set(workflow['included'][0]['attributes']))

    def test_paging_over_everything(self):
        every = {'filter[job_visibility]': 'confidential,external,internal'}
        rows = self.box.all_applications(**every)
        ids = [row['id'] for row in rows]
        self.assertEqual(len(ids), 3000)
        self.assertEqual(ids, sorted(set(ids), key=int))
        for row in rows:
            attributes = row['attributes']
            self.assertLessEqual(attributes['created_at'], attributes['updated_at'])
            self.assertRegex(attributes['email'], r'^[a-z0-9.-]+@example\.(com|org|net)$')
        self.assertGreater(sum(any(ord(c) > 0x2ff for c in row['attributes']['full_name']) for row in rows),
                           300)
        count = self.box.pinpoint('/applications', query={**every, 'page[size]': 0,
                                                          'stats[total]': 'count'}).json
        self.assertEqual(count, {'data': [], 'meta': {'stats': {'total': {'count': 3000}}}})
        past = self.box.pinpoint('/applications', query={'page[number]': 5000}).json
        self.assertEqual(past, fixture('pinpoint', 'assembled_applications_empty_page.json'))
        self.assertEqual(len(self.box.pinpoint('/applications').json['data']), 100)

    def test_confidential_is_left_out(self):
        hidden = self.box.all_applications(**{'filter[job_visibility]': 'confidential'})
        plain = self.box.all_applications()
        self.assertGreater(len(hidden), 0)
        self.assertEqual(len(hidden) + len(plain), 3000)
        self.assertFalse({row['id'] for row in hidden} & {row['id'] for row in plain})

    def test_filters_and_sorting(self):
        job, included = self.box.open_job()
        stage = included[0]['id']
        rows = self.box.all_applications(**{'filter[job_id]': job['id'], 'filter[stage_id]': stage})
        self.assertGreater(len(rows), 0)
        for row in rows:
            self.assertEqual((row['attributes']['job_id'], row['attributes']['stage_id']), (job['id'], stage))
        typed = self.box.all_applications(**{'filter[stage_basic_type]': 'hired,rejected',
                                             'include': 'stage'})
        for row in typed:
            self.assertTrue(row['attributes']['hired_at'] or row['attributes']['rejected_at'])
        query = {'sort': '-updated_at', 'page[size]': 1000}
        times = [row['attributes']['updated_at'] for row in self.box.pinpoint('/applications',
                                                                              query=query).json['data']]
        self.assertEqual(times, sorted(times, reverse=True))
        later = self.box.pinpoint('/applications', query={'filter[updated_at][gt]': times[50],
                                                          'page[size]': 1000}).json
        self.assertEqual(len(later['data']), sum(time > times[50] for time in times))
        early = self.box.pinpoint('/applications', query={'filter[created_at][lt]': '2001-01-01'}).json
        self.assertEqual(early['data'], [])
        sought = self.box.pinpoint('/jobs', query={'filter[search]': 'backend'}).json['data']
        self.assertEqual([row['attributes']['title'] for row in sought], ['Backend Engineer'])
        self.assertEqual(self.incidents(), [])

    def test_sparse_fields_and_nested_includes(self):
        query = {'fields[applications]': 'first_name,job', 'include': 'job.stages', 'page[size]': 1}
        answer = self.box.pinpoint('/applications', query=query).json
        self.assertEqual(list(answer['data'][0]['attributes']), ['first_name'])
        self.assertEqual(list(answer['data'][0]['relationships']), ['job'])
        self.assertEqual({record['type'] for record in answer['included']}, {'jobs', 'stages'})

    def test_malformed_queries(self):
        bad = ['foo=1', 'filter[foo]=1', 'page[size]=1001', 'page[size]=x', 'page[number]=0',
               'page[foo]=1', 'sort=name',
               'include=nobody', 'include=job.nobody', 'extra_fields[applications]=foo', 'fields[nothing]=id',
               'filter[job_id]=x', 'filter[stage_basic_type]=lost', 'filter[job_visibility]=secret',
               'filter[updated_at]=2026-01-01', 'filter[updated_at][since]=2026-01-01',
               'filter[updated_at][gt]=yesterday', 'filter[updated_at][gt]=2026-01-01T00:00:00+00:00',
               'filter[job_id][gt]=1', 'stats[total]=sum', 'page[size]=1&page[size]=2', 'filter[job_id]=%ff',
               'locale=en']
        for query in bad:
            with self.subTest(query=query):
                answer = self.box.request('GET', self.box.pinpoint_url + '/applications?' + query, None,
                                          {'X-API-KEY': FULL})
                self.assertEqual(answer.status, 400)
                self.assertEqual(answer.json, fixture('pinpoint', 'error_400_malformed_query.json'))
        self.assertEqual(len(self.incidents()), len(bad))
        answer = self.box.pinpoint('/jobs', query={'locale': 'xx'})
        self.assertEqual((answer.status, answer.json['errors'][0]['detail']),
                         (400, 'xx is not a valid locale'))
        self.assertEqual(self.box.pinpoint('/jobs', query={'locale': 'pt-BR'}).status, 200)
        self.assertEqual(self.box.pinpoint('/applications', query={'filters[locale]': 'en'}).status, 200)
        self.assertEqual(self.box.pinpoint('/applications/8860001', query={'page[size]': 1}).status, 400)

    def test_routes(self):
        missing = fixture('pinpoint', 'error_404_record_not_found.json')
        cases = [('/applications/1', 'GET'), ('/candidate_assessments', 'GET'), ('/nothing', 'GET'),
                 ('/applications/8860001', 'PATCH'), ('/applications/8860001', 'DELETE'), ('/jobs', 'POST'),
                 ('/stages', 'GET'), ('/applications/8860001/stage', 'GET'), ('/applications.json', 'GET')]
        for path, method in cases:
            with self.subTest(path=path, method=method):
                answer = self.box.pinpoint(path, method)
                self.assertEqual(answer.status, 404)
                self.assertEqual(answer.json, missing)
        self.assertEqual(self.box.request('GET', self.box.pinpoint_url.replace('/api/v1', '/v1/jobs')).status,
                         404)

    def test_attachments_elsewhere(self):
        row = self.box.pinpoint('/applications', query={'extra_fields[applications]': 'attachments',
                                                        'page[size]': 1}).json['data'][0]
        url = row['attributes']['attachments'][0]['url']
        self.assertNotEqual(urllib.parse.urlsplit(url).netloc,
                            urllib.parse.urlsplit(self.box.pinpoint_url).netloc)
        answer = self.box.request('GET', url)
        self.assertEqual(answer.status, 302)
        file = self.box.request('GET', answer.headers['Location'])
        self.assertEqual((file.status, file.headers['Content-Type']), (200, 'application/pdf'))
        self.assertTrue(file.body.startswith(b'%PDF-1.4\n') and file.body.endswith(b'%%EOF\n'))
        table = int(re.search(rb'startxref\n(\d+)\n', file.body)[1])
        self.assertTrue(file.body[table:].startswith(b'xref\n'))
        for number, offset in enumerate(re.findall(rb'(\d{10}) 00000 n', file.body), 1):
            self.assertTrue(file.body[int(offset):].startswith(b'%d 0 obj' % number))
        self.assertEqual(self.incidents(), [])
        self.box.request('GET', url, None, {'X-API-KEY': FULL})
        self.assertEqual([incident['kind'] for incident in self.incidents()], ['key-leak'])
        self.assertEqual(self.box.request('GET', url.replace('--', '--0')).status, 404)


class PinpointWriting(SharedCase):
    def arrive(self):
        job, included = self.box.open_job()
        made = self.box.control('/applications', 'POST', {'job': job['id']})
        return made, job, included

    def get(self, application):
        return self.box.pinpoint('/applications/' + application,
                                 query={'extra_fields[applications]': 'tags', 'include': 'stage'}).json

    def test_move_stage(self):
        made, _, stages = self.arrive()
        body = fixture('pinpoint', 'application_move_stage_request.json')
        body['data']['id'] = made['id']
        body['data']['relationships']['stage']['data']['id'] = stages[2]['id']
        before = self.get(made['id'])['data']['attributes']
        answer = self.box.pinpoint('/applications/' + made['id'], 'PUT', body)
        self.assertEqual(answer.status, 200)
        after = self.get(made['id'])
        self.assertEqual(after['data']['attributes']['stage_id'], stages[2]['id'])
        self.assertEqual(after['included'][0]['attributes']['name'], 'Phone Screen')
        self.assertGreaterEqual(after['data']['attributes']['updated_at'], before['updated_at'])
        write = self.box.control('/ledger')['writes'][-1]
        self.assertEqual((write['operation'], write['id'], write['key']),
                         ('applications.update', made['id'], FULL))

        other = self.box.pinpoint('/jobs/41002', query={'include': 'stages'}).json['included'][0]['id']
        body['data']['relationships']['stage']['data']['id'] = other
        answer = self.box.pinpoint('/applications/' + made['id'], 'PUT', body)
        self.assertEqual((answer.status, answer.json['errors'][0]['status']), (422, '422'))
        self.assertEqual(self.get(made['id'])['data']['attributes']['stage_id'], stages[2]['id'])

    def test_tags(self):
        made, _, _ = self.arrive()
        for name in 'application_add_tags_request.json', 'application_add_tags_request.json':
            body = fixture('pinpoint', name)
            body['data']['id'] = made['id']
            self.assertEqual(self.box.pinpoint('/applications/' + made['id'], 'PUT', body).status, 200)
        tags = self.get(made['id'])['data']['attributes']['tags']
        self.assertEqual(tags, [{'context': 'assessment', 'name': 'Assessment: Passed'},
                                {'context': 'background_check', 'name': 'Background check: Rejected'}])
        body = fixture('pinpoint', 'application_remove_tag_request.json')
        body['data']['id'] = made['id']
        self.assertEqual(self.box.pinpoint('/applications/' + made['id'], 'PUT', body).status, 200)
        self.assertEqual(len(self.get(made['id'])['data']['attributes']['tags']), 1)
        body['data']['attributes'] = {'remove_tag_with_context': {'name': 'x', 'context': 'assessment'}}
        self.assertEqual(self.box.pinpoint('/applications/' + made['id'], 'PUT', body).status, 400)

    def test_attributes(self):
        made, _, _ = self.arrive()
        body = fixture('pinpoint', 'application_update_attributes_request.json')
        body['data']['id'] = made['id']
        answer = self.box.pinpoint('/applications/' + made['id'], 'PUT', body,
                                   content_type='application/json')
        self.assertEqual(answer.status, 200)
        self.assertLessEqual(body['data']['attributes'].items(), answer.json['data']['attributes'].items())
        for name, code in (('nickname', 'unknown_attribute'), ('summary', 'unwritable_attribute'),
                           ('job_id', 'unwritable_attribute')):
            body['data']['attributes'] = {name: 'x'}
            answer = self.box.pinpoint('/applications/' + made['id'], 'PUT', body)
            self.assertEqual((answer.status, answer.json['errors'][0]['meta']['code']), (400, code))
        body['data']['attributes'] = {'email': ''}
        self.assertEqual(self.box.pinpoint('/applications/' + made['id'], 'PUT', body).status, 422)

    def test_create_application(self):
        job, stages = self.box.open_job()
        minimal = fixture('pinpoint', 'application_create_request_minimal.json')
        minimal['data']['relationships']['job']['data']['id'] = job['id']
        answer = self.box.pinpoint('/applications', 'POST', minimal)
        self.assertEqual(answer.status, 201)
        self.assertEqual(answer.json['data']['attributes']['stage_id'], stages[0]['id'])
        self.assertEqual(answer.json['data']['attributes']['full_name'], 'Joe Bloggs')

        staged = fixture('pinpoint', 'application_create_request_with_stage.json')
        staged['data']['relationships']['job']['data']['id'] = job['id']
        staged['data']['relationships']['stage']['data']['id'] = stages[1]['id']
        answer = self.box.pinpoint('/applications', 'POST', staged)
        self.assertEqual(answer.json['data']['attributes']['stage_id'], stages[1]['id'])

        full = fixture('pinpoint', 'application_create_request_full.json')
        full['data']['relationships']['job']['data']['id'] = job['id']
        cv = b'%PDF-1.4 our own'
        encoded = base64.b64encode(cv).decode()
        full['data']['attributes']['cv_base64_data'] = 'data:application/pdf;base64,' + encoded
        answer = self.box.pinpoint('/applications',
                                   'POST', full, query={'extra_fields[applications]': 'attachments'})
        self.assertEqual(answer.status, 201)
        attachment = answer.json['data']['attributes']['attachments'][0]
        self.assertEqual(attachment['filename'], 'resume.pdf')
        location = self.box.request('GET', attachment['url']).headers['Location']
        self.assertEqual(self.box.request('GET', location).body, cv)

        for change in ({'first_name': ' '}, {'email': None}, {'email': 'nobody'},
                       {'cv_base64_data': 'aGVsbG8='},
                       {'cv_base64_data': 'data:application/pdf;base64,...'}):
            broken = json.loads(json.dumps(full))
            broken['data']['attributes'].update(change)
            with self.subTest(change=change):
                self.assertEqual(self.box.pinpoint('/applications', 'POST', broken).status, 422)
        del minimal['data']['relationships']['job']
        self.assertEqual(self.box.pinpoint('/applications', 'POST', minimal).status, 422)
        closed = self.box.pinpoint('/jobs', query={'filter[status]': 'closed'}).json['data'][0]['id']
        minimal['data']['relationships']['job'] = {'data': {'type': 'jobs', 'id': closed}}
        self.assertEqual(self.box.pinpoint('/applications', 'POST', minimal).status, 422)
        full['included'].pop(0)
        self.assertEqual(self.box.pinpoint('/applications', 'POST', full).status, 400)

    def test_comments(self):
        made, _, _ = self.arrive()
        body = fixture('pinpoint', 'comment_create_request.json')
        body['data']['relationships']['commentable']['data']['id'] = made['id']
        answer = self.box.pinpoint('/comments', 'POST', body)
        self.assertEqual(answer.status, 201)
        known = fixture('pinpoint', 'comment_single.json')
        self.assertEqual(set(answer.json['data']['attributes']), set(known['data']['attributes']))
        found = self.box.pinpoint('/comments', query={'filter[commentable_id]': made['id'],
                                                      'include': 'user,commentable',
                                                      'filter[commentable_type]': 'Application'}).json
        self.assertEqual([row['attributes']['body_text'] for row in found['data']],
                         ['This candidate was fantastic!'])
        self.assertEqual({record['type'] for record in found['included']}, {'users', 'applications'})

        body['data']['attributes'] = {'bodytext': 'x'}
        answer = self.box.pinpoint('/comments', 'POST', body)
        self.assertEqual(answer.status, 400)
        self.assertEqual(answer.json, fixture('pinpoint', 'assembled_error_400_unknown_attribute.json'))
        body['data']['attributes'] = {'body_text': ''}
        answer = self.box.pinpoint('/comments', 'POST', body)
        self.assertEqual((answer.status, answer.json['errors'][0]['detail']),
                         (422, "Body text can't be blank"))
        body['data']['attributes'] = {'body_text': 'x'}
        body['data']['relationships']['commentable']['data']['id'] = '1'
        self.assertEqual(self.box.pinpoint('/comments', 'POST', body).status, 404)

    def test_bodies(self):
        body = fixture('pinpoint', 'comment_create_request.json')
        for content_type in 'text/plain', 'application/x-www-form-urlencoded', None:
            answer = self.box.pinpoint('/comments', 'POST', body, content_type=content_type)
            self.assertEqual(answer.status, 415)
        for text in (b'', b'{', b'[]', b'{"data":{}}', b'[' * 200000, b'{"a":"\\u0000"}',
                     b'\xff', b"{'data':{}}",
                     json.dumps(body).encode() + b'{}', b'[1] {}'):
            with self.subTest(text=text[:20]):
                self.assertEqual(self.box.pinpoint('/comments', 'POST', text).status, 400)
        body['data']['type'] = 'comment'
        self.assertEqual(self.box.pinpoint('/comments', 'POST', body).status, 400)
        self.assertEqual(self.box.control('/ledger')['writes'], [])

    def test_custom_fields_and_attributes(self):
        made, job, _ = self.arrive()
        body = fixture('pinpoint', 'custom_field_create_request.json')
        answer = self.box.pinpoint('/custom_fields', 'POST', body)
        self.assertEqual(answer.status, 201)
        for kind in ('boolean', 'date', 'decimal', 'integer', 'multi_select', 'single_select', 'text',
                     'varchar'):
            body['data']['attributes'].update(field_type=kind, name='Field of ' + kind)
            field = self.box.pinpoint('/custom_fields', 'POST', body).json['data']['id']
            value = fixture('pinpoint', f'custom_attribute_create_request_{kind}.json')
            value['data']['relationships']['custom_field']['data']['id'] = field
            value['data']['relationships']['custom_attributable']['data']['id'] = job['id']
            with self.subTest(kind=kind):
                answer = self.box.pinpoint('/custom_attributes', 'POST', value)
                self.assertEqual(answer.status, 201)
                expected = {'decimal': '123.123', 'integer': '123', 'boolean': 'true',
                            'multi_select': 'Option one and Option two', 'text': 'Hello, Globe!'}
                shown = answer.json['data']['attributes']['value']
                self.assertEqual(shown, expected.get(kind, shown))
                self.assertIsInstance(shown, str)
                self.assertEqual(self.box.pinpoint('/custom_attributes', 'POST', value).status, 422)

        body['data']['attributes'].update(field_type='varchar', resource_type='application',
                                          name='Assay score')
        field = self.box.pinpoint('/custom_fields', 'POST', body).json['data']['id']
        value = fixture('pinpoint', 'assembled_custom_attribute_create_request_on_application.json')
        value['data']['relationships']['custom_field']['data']['id'] = field
        value['data']['relationships']['custom_attributable']['data']['id'] = made['id']
        created = self.box.pinpoint('/custom_attributes', 'POST', value).json['data']['id']
        change = fixture('pinpoint', 'custom_attribute_update_request_varchar.json')
        answer = self.box.pinpoint('/custom_attributes/' + created, 'PUT', change)
        self.assertEqual((answer.status, answer.json['data']['attributes']['value']), (200, 'Hello, Globe!'))
        found = self.box.pinpoint('/custom_attributes', query={'filter[custom_attributable_id]': made['id'],
                                                               'include': 'custom_field'}).json
        self.assertEqual(found['included'][0]['attributes']['name'], 'Assay score')
        change['data']['attributes'] = {'integer_value': 3}
        self.assertEqual(self.box.pinpoint('/custom_attributes/' + created, 'PUT', change).status, 422)

    def test_control_changes_show(self):
        made, _, _ = self.arrive()
        self.box.control('/applications/' + made['id'], 'POST', {'stage': 'Phone Screen',
                                                                 'first_name': 'Ada'})
        shown = self.get(made['id'])
        self.assertEqual(shown['included'][0]['attributes']['name'], 'Phone Screen')
        self.assertEqual(shown['data']['attributes']['first_name'], 'Ada')
        self.box.control('/applications/' + made['id'], 'DELETE')
        self.assertEqual(self.box.pinpoint('/applications/' + made['id']).status, 404)
        newest = {'sort': '-updated_at', 'page[size]': 50}
        before = self.box.pinpoint('/applications', query=newest).json['data']
        self.box.control('/bustle', 'POST', {'times': 20})
        after = self.box.pinpoint('/applications', query=newest).json['data']
        changed = [row for row in after if row not in before]
        self.assertTrue(10 <= len(changed) <= 50, len(changed))


class Partner(SharedCase):
    def test_list(self):
        answer = self.box.partner('list_tests')
        self.assertEqual(answer.status, 200)
        self.assertGreaterEqual(len(answer.json), 10)
        for row in answer.json:
            self.assertEqual(set(row), {'partner_test_id', 'partner_test_name'})
            self.assertIsInstance(row['partner_test_id'], str)

    def test_authentication(self):
        box = self.box
        self.assertEqual(box.partner('list_tests', key='wrong').status, 401)
        self.assertEqual(box.partner('list_tests', key=box.key + ':x').status, 401)
        self.assertEqual(box.partner('list_tests', headers={}).status, 401)
        bearer, header = {'Authorization': 'Bearer ' + box.key}, {'X-API-KEY': box.key}
        self.assertEqual(box.partner('list_tests', headers=dict(bearer)).status, 401)
        self.assertEqual(box.partner('list_tests', headers=dict(bearer), mount='/partner-bearer').status, 200)
        self.assertEqual(box.partner('list_tests', headers=dict(header), mount='/partner-header').status, 200)
        self.assertEqual(box.partner('list_tests', headers=dict(header), mount='/partner-bearer').status, 401)

    def test_life(self):
        answer = self.box.invite('life@example.com')
        self.assertEqual(answer.status, 200)
        interview = answer.json['partner_interview_id']
        self.assertIsInstance(interview, str)
        waiting = self.box.status(interview)
        self.assertEqual((waiting['partner_status'], waiting['partner_profile_url'],
                          waiting['partner_score']),
                         ('pending', None, None))
        seen = ['pending']
        while seen[-1] in ('pending', 'in_progress') and len(seen) < 60:
            self.box.control('/advance', 'POST', {'seconds': 5})
            status = self.box.status(interview)
            if status['partner_status'] != seen[-1]:
                seen.append(status['partner_status'])
        self.assertEqual(seen, ['pending', 'in_progress', 'complete'])
        self.assertTrue(0 <= status['partner_score'] <= 100)
        self.assertTrue(all(isinstance(value,
                                       (str, int, float, bool)) for value in status['metadata'].values()))
        self.assertIn('Section: Logic', status['metadata'])
        self.assertLessEqual(status['metadata']['Started At'], status['metadata']['Completed At'])
        page = self.box.request('GET', status['partner_profile_url'])
        self.assertEqual(page.status, 200)
        self.assertIn(f"{status['partner_score']} %".encode(), page.body)
        self.assertEqual(self.incidents(), [])
        self.box.request('GET', status['partner_profile_url'], None, {'Authorization': 'Basic x'})
        self.assertEqual([incident['kind'] for incident in self.incidents()], ['key-leak'])

    def test_report_escapes(self):
        interview = self.box.invite('markup@example.com', first_name='<b>&').json['partner_interview_id']
        report = self.box.testtrick_url.replace('partner', 'reports/') + interview
        self.assertEqual(self.box.request('GET', report).status, 404)
        self.box.control('/invitations/' + interview, 'POST', {'status': 'complete', 'score': 84})
        status = self.box.status(interview)
        self.assertEqual((status['partner_status'], status['partner_score']), ('complete', 84))
        self.assertIn(b'&lt;b&gt;&amp;', self.box.request('GET', status['partner_profile_url']).body)

    def test_some_do_not_finish(self):
        ids = [self.box.invite(f'many{n}@example.org',
                               '1047').json['partner_interview_id'] for n in range(120)]
        self.box.control('/advance', 'POST', {'seconds': 1000})
        ends = [self.box.status(interview)['partner_status'] for interview in ids]
        self.assertLessEqual(set(ends), {'complete', 'expired', 'abandoned'})
        self.assertTrue(90 <= ends.count('complete') < 120, ends.count('complete'))
        self.assertGreater(ends.count('expired'), 0)
        self.assertGreater(ends.count('abandoned'), 0)

    def test_duplicates(self):
        self.assertEqual(self.box.invite('Twice@example.com').status, 200)
        answer = self.box.invite('tWICE@EXAMPLE.com')
        self.assertEqual(answer.status, 409)
        self.assertEqual(answer.json,
                         {'message': 'This candidate has already been invited to this assessment.'})
        self.assertEqual(self.box.invite('twice@example.com', '1018').status, 200)
        self.box.control('/settings', 'POST', {'vendor': 'testtrick', 'accept_duplicates': True})
        self.assertEqual(self.box.invite('twice@example.com').status, 200)
        self.box.control('/settings', 'POST', {'vendor': 'testtrick', 'accept_duplicates': False})
        rows = {row['test']: row for row in self.box.control('/ledger')['invitations']}
        self.assertEqual((rows['1024']['count'], rows['1024']['attempts']), (2, 3))
        self.assertEqual((rows['1018']['count'], rows['1018']['attempts']), (1, 1))

    def test_refusals(self):
        self.assertEqual(self.box.invite('unknown@example.com', '9').status, 404)
        self.assertEqual(self.box.invite('nobody').status, 422)
        answer = self.box.invite('anyone@refused.example')
        self.assertEqual(answer.status, 422)
        self.assertTrue(answer.json['message'])
        self.assertEqual(self.box.invite('blank@example.com', first_name='').status, 422)
        self.assertEqual(self.incidents(), [])

    def test_malformed(self):
        good = fixture('greenhouse', 'send_test_request.json')
        good['partner_test_id'] = '1018'

        def without(*path):
            body = json.loads(json.dumps(good))
            holder = body if len(path) == 1 else body[path[0]]
            del holder[path[-1]]
            return body

        def changed(value, *path):
            body = json.loads(json.dumps(good))
            (body if len(path) == 1 else body[path[0]])[path[-1]] = value
            return body

        bad = [without('partner_test_id'), without('url'), without('candidate')]
        bad += [without('candidate', name) for name in ('first_name', 'last_name', 'preferred_name', 'email',
                                                        'greenhouse_profile_url')]
        bad += [changed(1018, 'partner_test_id'), changed(None, 'candidate', 'email'),
                changed('x', 'candidate'),
                changed('nowhere', 'url'), changed('ftp://x.example', 'candidate', 'greenhouse_profile_url'),
                changed(1, 'extra'), changed(1, 'candidate', 'extra'), [], 'text']
        for body in bad:
            with self.subTest(body=body):
                self.assertEqual(self.box.partner('send_test', 'POST', body).status, 400)
        self.assertEqual(self.box.partner('send_test', 'POST', good, content_type='text/plain').status, 415)
        self.assertEqual(self.box.partner('send_test').status, 405)
        self.assertEqual(self.box.partner('list_tests', 'POST', {}).status, 405)
        self.assertEqual(self.box.partner('test_status', 'DELETE').headers['Allow'], 'GET')
        self.assertEqual(self.box.partner('list_tests?page=1').status, 400)
        self.assertEqual(self.box.partner('test_status').status, 400)
        self.assertEqual(self.box.partner('test_status?partner_interview_id=1').status, 404)
        self.assertEqual(self.box.partner('nothing').status, 404)
        self.assertEqual(self.box.control('/ledger')['invitations'], [])
        minimal = without('candidate', 'resume_url')
        del minimal['candidate']['phone_number'], minimal['sent_by']
        minimal['candidate'].update(preferred_name=None, email='minimal@example.com')
        self.assertEqual(self.box.partner('send_test', 'POST', minimal).status, 200)

    def test_response_error(self):
        answer = self.box.partner('response_error', 'POST', fixture('greenhouse',
                                                                    'response_error_request.json'))
        self.assertEqual(answer.json, fixture('greenhouse', 'response_error_response.json'))


class Coderbyte(SharedCase):
    TEST = 'backend-assessment-1abc23de45678'

    def ask(self, path, method='GET', body=None, key='sandbox-coderbyte-key', content_type='application/json'):
        url = next(c for c in self.box.ready['connections'] if c['kind'] == 'coderbyte')['settings']['base-url']
        headers = {'Authorization': 'Bearer ' + key} if key else {}
        if body is not None:
            headers['Content-Type'] = content_type
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.box.request(method, url + '/organization/' + path, body, headers)

    def listed(self):
        return self.ask('assessments').json['data']['assessments']

    def invite(self, *emails, **members):
        body = {'candidates': list(emails), 'assessment_url': self.listed()[0]['public_url'], **members}
        return self.ask('candidates/invite', 'POST', body)

    def reports(self, email):
        return self.ask(f'candidates/{urllib.parse.quote(email, safe="")}/{self.TEST}').json['data']['reports']

    def shape(self, value):
        """The keys, and what they hold, without the values; a list is known by its first."""
        if isinstance(value, dict):
            return {key: self.shape(member) for key, member in value.items()}
        return [self.shape(value[0])] if isinstance(value, list) and value else []

    def test_list(self):
        known = fixture('coderbyte', 'list_assessments_response.json')
        answer = self.ask('assessments').json
        self.assertEqual(self.shape(answer), self.shape(known))
        self.assertEqual([row['closed'] for row in self.listed()], [False, False, False, True])
        self.assertEqual(len({row['public_url'] for row in self.listed()}), 4)

    def test_keys(self):
        for key, status in ((None, 401), ('wrong', 401), ('sandbox-coderbyte-no-add-on', 403)):
            answer = self.ask('assessments', key=key)
            self.assertEqual((answer.status, answer.json['status']), (status, 'error'))
        self.assertEqual(self.incidents(), [])

    def test_life(self):
        answer = self.invite('ada+1@example.com', 'grace@example.com')
        known = fixture('coderbyte', 'invite_response.json')
        self.assertEqual(self.shape(answer.json), self.shape(known))
        self.assertEqual([c['email'] for c in answer.json['data']['candidates']],
                         ['ada+1@example.com', 'grace@example.com'])
        listed = self.ask('candidates/ADA%2B1%40example.com').json
        self.assertEqual(listed, fixture('coderbyte', 'candidate_assessments_response.json'))
        self.assertEqual(self.reports('ada+1@example.com'), [])

        id = next(i for i in self.box.control('/invitations') if i['email'] == 'ada+1@example.com')['id']
        self.box.control('/invitations/' + id, 'POST', {'status': 'in_progress'})
        incomplete = fixture('coderbyte', 'candidate_report_incomplete.json')['data']['reports'][0]
        joined = self.reports('ada+1@example.com')[0]
        self.assertEqual(set(joined), set(incomplete))
        self.assertEqual((joined['status'], joined['report_ready'], joined['time_taken']), ('Joined', False, -1))

        self.box.control('/invitations/' + id, 'POST', {'status': 'complete', 'score': 88})
        done = self.reports('ada+1@example.com')[0]
        known = fixture('coderbyte', 'candidate_report_response.json')['data']['reports'][0]
        self.assertEqual(set(done), set(known))
        self.assertEqual(set(done['cheating_details']), set(known['cheating_details']))
        self.assertEqual((done['status'], done['report_ready'], done['final_score'], done['qualified']),
                         ('Submitted', True, 88, True))
        page = self.box.request('GET', done['report_link'])
        self.assertEqual(page.status, 200)
        self.assertIn('ada+1@example.com', page.body.decode())
        self.assertEqual(self.incidents(), [])

    def test_a_second_invitation_counts(self):
        self.invite('twice@example.com')
        self.invite('twice@example.com')
        counted = [i['count'] for i in self.box.control('/ledger')['invitations'] if i['email'] == 'twice@example.com']
        self.assertEqual(counted, [2])

    def test_unknown(self):
        self.assertEqual(self.ask('candidates/nobody%40example.com').json['data'], {'assessments': []})
        self.assertEqual(self.ask('candidates/nobody%40example.com/' + self.TEST).status, 404)
        self.assertEqual(self.ask('candidates/nobody%40example.com/no-such-test').status, 404)

    def test_refusals(self):
        self.assertEqual(self.invite('somebody@refused.example').status, 400)
        self.assertEqual(self.invite('no address').status, 400)
        closed = {'candidates': ['x@example.com'], 'assessment_url': self.listed()[3]['public_url']}
        self.assertEqual(self.ask('candidates/invite', 'POST', closed).status, 400)
        self.assertEqual(self.box.control('/ledger')['invitations'][0]['count'], 0)
        self.assertEqual(self.incidents(), [])

    def test_malformed(self):
        good = {'candidates': ['x@example.com'], 'assessment_url': self.listed()[0]['public_url']}
        bodies = [b'', b'[]', b'{', {}, {**good, 'assessment_url': self.TEST}, {**good, 'candidates': []},
                  {**good, 'candidates': 'x@example.com'}, {**good, 'candidates': [1]}, {**good, 'name': 'Ada'},
                  {**good, 'skip_send': 'yes'}]
        for body in bodies:
            with self.subTest(body=body):
                self.assertEqual(self.ask('candidates/invite', 'POST', body).status, 400)
        self.assertEqual(self.ask('candidates/invite', 'POST', good, content_type='text/plain').status, 415)
        self.assertEqual(self.ask('candidates/invite').status, 405)
        self.assertEqual(self.ask('assessments', 'POST', good).status, 405)
        self.assertEqual(self.ask('assessments?page=2').status, 400)
        self.assertEqual(self.ask('nothing').status, 404)
        self.assertEqual(self.ask('candidates/').status, 404)
        self.assertEqual(len(self.incidents()), len(bodies) + 6)
        self.assertEqual(self.box.control('/ledger')['invitations'], [])


class Hackerrank(SharedCase):
    TEST = '1801001'

    def ask(self, path, method='GET', body=None, key='sandbox-hackerrank-key', bearer=False):
        """A path below /x/api/v3/."""
        url = next(c for c in self.box.ready['connections'] if c['kind'] == 'hackerrank')['settings']['base-url']
        headers = {}
        if key is not None:
            headers['Authorization'] = (f'Bearer {key}' if bearer
                                        else 'Basic ' + base64.b64encode((key + ':').encode()).decode())
        if body is not None:
            headers['Content-Type'] = 'application/json'
            body = json.dumps(body).encode()
        return self.box.request(method, url + '/' + path, body, headers)

    def invite(self, email, test=TEST, **members):
        return self.ask(f'tests/{test}/candidates', 'POST', {'email': email, **members})

    def show(self, invited):
        return self.ask(f'tests/{self.TEST}/candidates/{invited.json["id"]}').json

    def test_keys(self):
        self.assertEqual(self.ask('tests', key=None).status, 401)
        self.assertEqual(self.ask('tests', key='wrong').status, 401)
        self.assertEqual(self.ask('tests', key='sandbox-hackerrank-no-tests').status, 403)
        self.assertEqual(self.ask('tests', bearer=True).status, 200)

    def test_shapes(self):
        tests = self.ask('tests?limit=2&offset=1').json
        known = fixture('hackerrank', 'list_tests_response.json')
        self.assertEqual(set(tests), set(known))
        self.assertEqual((tests['page_total'], tests['offset'], tests['total']), (2, 1, 6))
        self.assertIn('offset=3', tests['next'])
        self.assertIn('offset=0', tests['previous'])
        self.assertEqual(self.ask('tests?limit=100').json['next'], '')
        self.assertLessEqual(set(tests['data'][0]), set(known['data'][0]))
        invited = self.invite('shape@example.com', send_email=True)
        self.assertEqual((invited.status, set(invited.json)),
                         (201, set(fixture('hackerrank', 'invite_response.json'))))
        candidate = fixture('hackerrank', 'candidate_invited_response.json')
        self.assertLessEqual(set(self.show(invited)), set(candidate))
        found = self.ask(f'tests/{self.TEST}/candidates/search?search=SHAPE%40example').json
        self.assertEqual([row['id'] for row in found['data']], [invited.json['id']])
        self.assertEqual(set(found), set(fixture('hackerrank', 'search_candidates_response.json')))

    def test_refusals(self):
        for test in ('1801004', '1801005', '1801006'):
            self.assertEqual(self.invite('draft@example.com', test).status, 422)
        self.assertEqual(self.invite('nowhere@example.com', '999').status, 404)
        self.assertEqual(self.invite('not an address').status, 422)
        self.assertEqual(self.invite('a@refused.example').status, 422)
        self.assertEqual(self.invite('late@example.com', invite_valid_to='2020-01-01T00:00:00+00:00').status, 422)
        self.assertEqual(self.incidents(), [])
        for members in ({'invite_valid_to': '2099-01-01'}, {'send_email': 'yes'}, {'language': 'en'}):
            self.assertEqual(self.invite('wrong@example.com', **members).status, 400)
        for path, status in (('tests?limit=101', 400), ('tests?page=2', 400), ('users', 404),
                             (f'tests/{self.TEST}/candidates/search', 400), (f'tests/{self.TEST}/candidates/1', 404)):
            self.assertEqual(self.ask(path).status, status, path)
        self.assertEqual(self.ask('tests', 'POST', {}).status, 405)

    def test_force_and_cancelling(self):
        first = self.invite('force@example.com', send_email=True, invite_valid_to='2099-01-01T00:00:00+00:00')
        shown = self.show(first)
        self.assertEqual((shown['status'], shown['invite_valid'], shown['invite_valid_to']),
                         (-1, True, '2099-01-01T00:00:00+0000'))
        self.assertEqual(self.invite('Force@example.com').status, 422)
        self.assertEqual(self.invite('Force@example.com', force=True, send_email=True).json['id'], first.json['id'])
        cancel = f'tests/{self.TEST}/candidates/{first.json["id"]}/invite'
        self.assertEqual(self.ask(cancel, 'DELETE').status, 204)
        self.assertIs(self.show(first)['invite_valid'], False)
        self.assertEqual(self.ask(cancel, 'DELETE').status, 404)

        second = self.invite('force@example.com', send_email=True)
        self.box.control(f'/invitations/{second.json["id"]}', 'POST', {'status': 'complete', 'score': 50})
        self.assertEqual(self.show(second)['status'], 7)
        self.assertEqual(self.ask(cancel.replace(first.json['id'], second.json['id']), 'DELETE').status, 422)
        self.assertEqual(self.invite('force@example.com', force=True).status, 422)
        self.assertEqual(self.invite('force@example.com', force_reattempt=True).status, 201)
        self.assertEqual([write['operation'] for write in self.box.control('/ledger')['writes']],
                         ['resend', 'cancel', 'retake', 'retake'])

    def test_reports(self):
        invited = self.invite('report@example.com', full_name='Ana Lima')
        self.box.control(f'/invitations/{invited.json["id"]}', 'POST', {'status': 'in_progress'})
        self.assertEqual(self.show(invited)['status'], 0)
        self.assertIsNone(self.show(invited)['report_url'])
        self.box.control(f'/invitations/{invited.json["id"]}', 'POST', {'status': 'complete', 'score': 80})
        shown = self.show(invited)
        self.assertEqual((shown['percentage_score'], shown['score']), (80, 60))
        page = self.box.request('GET', shown['report_url'])
        self.assertEqual(page.status, 200)
        self.assertIn(b'Ana Lima', page.body)


class Assessfirst(SharedCase):
    MODEL = '1d9c00000e264fe49a4ce330e51e6ac7'
    BOUNDARY = 'x-boundary'

    def ask(self, path, method='GET', body=None, key='sandbox-assessfirst-token', content_type='application/json',
            locale=None):
        """A path that begins with /betty/."""
        url = next(c for c in self.box.ready['connections'] if c['kind'] == 'assessfirst')['settings']['base-url']
        headers = {'AF-Token': key} if key else {}
        if body is not None:
            headers['Content-Type'] = content_type
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        locale = locale or ('en-US' if '/v2/' in path else 'fr_FR')
        query = ('&' if '?' in path else '?') + 'locale=' + locale
        return self.box.request(method, url.removesuffix('/betty/v2') + path + query, body, headers)

    def form(self, **fields):
        parts = [f'--{self.BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                 for name, value in fields.items()]
        return ''.join(parts + [f'--{self.BOUNDARY}--\r\n']).encode()

    def invite_by_form(self, path, **fields):
        return self.ask(path, 'POST', self.form(**fields),
                        content_type='multipart/form-data; boundary=' + self.BOUNDARY)

    def test_lists(self):
        models = self.ask('/betty/v2/predictive-models').json['data']
        known = fixture('assessfirst', 'v2_predictive_models_response.json')['data'][0]
        self.assertEqual(set(models[0]), set(known))
        self.assertEqual(set(models[0]['assessments']), set(known['assessments']))
        self.assertIs(type(models[0]['is_public']), int)
        self.assertRegex(models[0]['created_at'], r'^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$')
        targets = self.ask('/betty/targets').json
        self.assertEqual(set(targets[0]), set(fixture('assessfirst', 'v1_targets_response.json')[0]))
        self.assertEqual([t['uuid'] for t in targets], [m['uuid'] for m in models])

    def test_version_1(self):
        self.assertEqual(self.ask('/betty/users?email=ada@example.com').json, {'data': []})
        invited = self.invite_by_form('/betty/user/send-invitation', email='ada@example.com').json
        self.assertEqual(set(invited), set(fixture('assessfirst', 'v1_send_invitation_response.json')))
        self.assertRegex(invited['uuid'], r'^[0-9a-f]{32}$')
        users = self.ask('/betty/users?email=ADA@example.com').json['data']
        self.assertEqual([user['uuid'] for user in users], [invited['uuid']])

        user = self.ask(f"/betty/user/{invited['uuid']}?synthesis=1").json
        self.assertEqual(set(user), {'uuid', 'token', 'email'})
        adequacies = f"/betty/adequacies/{user['token']}?targets={self.MODEL}"
        self.assertEqual(self.ask(adequacies).json, {'data': []})
        id = next(i for i in self.box.control('/invitations') if i['email'] == 'ada@example.com')['id']
        self.box.control('/invitations/' + id, 'POST', {'status': 'complete', 'score': 71})
        user = self.ask(f"/betty/user/{invited['uuid']}?synthesis=1").json
        known = fixture('assessfirst', 'v1_user_detail_response.json')
        self.assertEqual(user['reports'], known['reports'])
        self.assertEqual(self.ask(adequacies).json, {'data': [{'target': self.MODEL, 'score': 71}]})
        self.assertEqual(self.incidents(), [])

    def test_version_2(self):
        body = fixture('assessfirst', 'v2_send_invitation_request.json')
        body['email'] = 'grace@example.com'
        uuid = self.ask('/betty/v2/candidate/send-invitation', 'POST', body).json['data']['uuid']
        result = self.ask(f'/betty/v2/candidate/{uuid}/results').json['data']
        self.assertEqual((result['status'], result['score'], result['assessments']), ('invited', None, []))
        body.pop('predictive_model')
        body.pop('locale')
        again = self.invite_by_form('/betty/v2/candidate/send-invitation', **body)
        self.assertEqual((again.status, again.json['data']['uuid']), (200, uuid))
        self.assertEqual(len([i for i in self.box.control('/ledger')['invitations'] if i['count'] == 1]), 2)
        self.assertEqual(self.incidents(), [])

    def test_refusals(self):
        path = '/betty/v2/candidate/send-invitation'
        good = {'email': 'x@example.com', 'firstname': 'X', 'lastname': 'Y'}
        for body in ({}, {**good, 'surname': 'Y'}, {**good, 'predictive_model': 'no'}, {**good, 'email': 'x'},
                     {**good, 'email': 'x@refused.example'}):
            self.assertEqual(self.ask(path, 'POST', body).status, 422)
        self.assertEqual(self.invite_by_form('/betty/user/send-invitation', email='x@example.com', name='X').status, 422)
        self.assertEqual(self.ask('/betty/user/' + '0' * 32).status, 404)
        self.assertEqual(self.ask('/betty/adequacies/x?targets=' + self.MODEL).status, 404)
        self.assertEqual(self.ask('/betty/v2/candidate/x/results').status, 404)
        self.assertEqual(self.ask('/betty/targets', key='wrong').status, 401)
        self.assertEqual(self.ask('/betty/targets', key=None).status, 401)
        self.assertEqual(self.incidents(), [])

    def test_malformed(self):
        cases = [('/betty/v2/candidate/send-invitation', 'POST', b'{'),
                 ('/betty/v2/candidate/send-invitation', 'POST', [1]),
                 ('/betty/v2/candidate/send-invitation', 'POST', {'email': 1}),
                 ('/betty/user/send-invitation', 'POST', {'email': 'x@example.com'}),
                 ('/betty/targets', 'POST', {}), ('/betty/users', 'GET', None), ('/betty/targets?page=2', 'GET', None),
                 ('/betty/nothing', 'GET', None), ('/betty/v2/targets', 'GET', None)]
        for path, method, body in cases:
            with self.subTest(path=path, body=body):
                self.assertIn(self.ask(path, method, body).status, (400, 404, 405))
        self.assertEqual(self.ask('/betty/targets', locale='fr-FR').status, 400)
        self.assertEqual(self.ask('/betty/v2/predictive-models', locale='en').status, 400)
        for body in (b'', self.form(email='a')[:-4], b'--x-boundary\r\nno header\r\n\r\nx\r\n--x-boundary--\r\n'):
            answer = self.ask('/betty/user/send-invitation', 'POST', body,
                              content_type='multipart/form-data; boundary=' + self.BOUNDARY)
            self.assertEqual(answer.status, 400)
        self.assertEqual(len(self.incidents()), len(cases) + 2 + 3)
        self.assertEqual(self.box.control('/ledger')['invitations'], [])


class Faults(SharedCase):
    def raw(self, extra=''):
        """A list_tests request on a socket of its own."""
        parts = urllib.parse.urlsplit(self.box.testtrick_url)
        link = socket.create_connection((parts.hostname, parts.port), timeout=30)
        token = base64.b64encode((self.box.key + ':').encode()).decode()
        link.sendall(f'GET /partner/list_tests HTTP/1.1\r\nHost: {parts.netloc}\r\n'
                     f'Authorization: Basic {token}\r\n{extra}\r\n'.encode())
        return link

    def test_statuses(self):
        for status in 400, 401, 403, 404, 418, 429, 500, 503:
            self.box.fault(f'status:{status}')
            answer = self.box.partner('list_tests')
            self.assertEqual(answer.status, status)
            self.assertIn('message', answer.json)
            self.box.fault(f'status:{status}', vendor='pinpoint', operation='jobs.list')
            answer = self.box.pinpoint('/jobs')
            self.assertEqual(answer.status, status)
            self.assertIn('errors', answer.json)
        self.assertEqual(self.box.pinpoint('/jobs').status, 200)

    def test_retry_after(self):
        self.box.fault('retry-after:7')
        answer = self.box.pinpoint('/jobs')
        self.assertEqual((answer.status, answer.headers['Retry-After']), (429, '7'))
        self.box.fault('retry-after-date:60')
        self.assertRegex(self.box.pinpoint('/jobs').headers['Retry-After'],
                         r'^\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT$')

    def test_only_what_fits_and_how_often(self):
        self.box.fault('status:500', vendor='testtrick', operation='send_test', times=2)
        self.assertEqual(self.box.partner('list_tests').status, 200)
        self.assertEqual(self.box.pinpoint('/jobs').status, 200)
        self.assertEqual([self.box.invite('times@example.com').status for _ in range(3)], [500, 500, 200])
        self.box.fault('html', seconds=3600)
        self.assertEqual({self.box.partner('list_tests').headers['Content-Type'] for _ in range(3)},
                         {'text/html; charset=utf-8'})
        self.assertEqual(self.box.control('/faults')[0]['kind'], 'html')
        self.box.control('/faults', 'DELETE')
        self.assertEqual(self.box.partner('list_tests').headers['Content-Type'], 'application/json')

    def test_wrong_faults_are_refused(self):
        for fault in ({}, {'kind': 'nothing'}, {'kind': 'status'}, {'kind': 'status:99'},
                      {'kind': 'retry-after:x'},
                      {'kind': 'drop-after:1'}, {'kind': 'empty', 'often': 1}):
            answer = self.box.request('POST', self.box.control_url + '/faults', json.dumps(fault).encode())
            self.assertEqual(answer.status, 400)

    def effect_of(self, kind, email):
        self.box.fault(kind, vendor='testtrick', operation='send_test')
        try:
            answer = self.box.invite(email)
        except (http.client.HTTPException, ConnectionError) as error:
            answer = error
        rows = [row for row in self.box.control('/ledger')['invitations'] if row['email'] == email]
        return answer, sum(row['count'] for row in rows)

    def test_effects(self):
        answer, count = self.effect_of('drop-before', 'before@example.com')
        self.assertIsInstance(answer, (http.client.RemoteDisconnected, ConnectionError))
        self.assertEqual(count, 0)
        answer, count = self.effect_of('drop-after', 'after@example.com')
        self.assertIsInstance(answer, (http.client.RemoteDisconnected, ConnectionError))
        self.assertEqual(count, 1)
        for kind in 'truncate', 'truncate-chunked':
            answer, count = self.effect_of(kind, kind + '@example.com')
            self.assertIsInstance(answer, http.client.IncompleteRead)
            self.assertEqual(count, 1)
        answer, count = self.effect_of('html', 'html@example.com')
        self.assertEqual((answer.status, count), (200, 0))
        self.assertTrue(answer.body.startswith(b'<!DOCTYPE html>'))
        answer, count = self.effect_of('empty', 'empty@example.com')
        self.assertEqual((answer.status, answer.body, count), (200, b'', 0))
        answer, count = self.effect_of('redirect:http://127.0.0.1:9/', 'redirect@example.com')
        self.assertEqual((answer.status, answer.headers['Location'], count), (302, 'http://127.0.0.1:9/', 0))
        answer, count = self.effect_of('wrong-type', 'wrong@example.com')
        self.assertIsInstance(answer.json['partner_interview_id'], int)
        self.assertEqual(count, 1)
        answer, count = self.effect_of('delay:0.05', 'delay@example.com')
        self.assertEqual((answer.status, count), (200, 1))
        self.box.fault('empty', operation='send_test', effect=True)
        self.assertEqual(self.box.invite('forced@example.com').body, b'')
        self.assertEqual(self.box.invite('forced@example.com').status, 409)

    def test_deep(self):
        self.box.fault('deep')
        self.assertEqual(self.box.partner('list_tests').body, b'[' * 160 * 1024)

    def test_huge_ends_with_the_client(self):
        self.box.fault('huge')
        with contextlib.closing(self.raw()) as link:
            taken = 0
            while taken < 8 * 1024 * 1024:
                piece = link.recv(65536)
                self.assertTrue(piece)
                taken += len(piece)
        self.assertEqual(self.box.partner('list_tests').status, 200)

    def test_slow_comes_by_the_byte(self):
        self.box.fault('slow')
        with contextlib.closing(self.raw()) as link:
            got = b''
            while not got.partition(b'\r\n\r\n')[2]:
                got += link.recv(65536)
            self.assertEqual(len(got.partition(b'\r\n\r\n')[2]), 1)
            self.assertEqual(len(link.recv(65536)), 1)
        self.assertEqual(self.box.partner('list_tests').status, 200)

    def test_stall(self):
        self.box.fault('stall', operation='list_tests')
        with contextlib.closing(self.raw()) as link:
            while self.box.control('/faults'):
                pass
            self.assertEqual(self.box.partner('list_tests').status, 200)
            self.assertEqual(select.select([link], [], [], 0)[0], [])
        self.assertEqual(self.box.partner('list_tests').status, 200)

    def test_clients_that_leave(self):
        for kind in ('stall', 'slow', 'huge', 'delay:0.01', 'delay:100', 'truncate', 'drop-after', 'deep'):
            self.box.fault(kind, times=20)
            for _ in range(20):
                self.raw().close()
            while self.box.control('/faults'):
                pass
        self.assertEqual(self.box.partner('list_tests').status, 200)

    def test_many_at_once(self):
        self.box.fault('delay:0.01', times=100)
        links = [self.raw('Connection: close\r\n') for _ in range(200)]
        for link in links:
            with contextlib.closing(link), link.makefile('rb') as answer:
                self.assertTrue(answer.read().startswith(b'HTTP/1.1 200'))

    def test_hostile_requests_are_survived(self):
        with contextlib.closing(self.raw('Content-Length: 3\r\nTransfer-Encoding: chunked\r\n')) as link:
            link.recv(65536)
        with contextlib.closing(self.raw('Content-Length: 99999999999\r\n')) as link:
            self.assertEqual(link.recv(65536), b'')
        with contextlib.closing(self.raw('Range: bytes=' + ','.join(['0-'] * 500) + '\r\n')) as link:
            self.assertTrue(link.recv(65536).startswith(b'HTTP/1.1 200'))
        headers = {'Origin': 'https://elsewhere.example', 'X-API-KEY': FULL}
        self.assertEqual(self.box.request('GET', self.box.pinpoint_url + '/jobs', None, headers).status, 403)
        self.assertEqual(self.box.request('POST', self.box.control_url + '/quit',
                                          b'', {'Host': 'evil.example'}).status, 403)
        self.assertEqual(self.box.request('OPTIONS', self.box.pinpoint_url + '/jobs').status, 404)
        self.assertEqual(self.box.request('GET', self.box.control_url + '/').status, 404)

    def test_traffic(self):
        for _ in range(4):
            self.box.pinpoint('/jobs', query={'page[size]': 1})
        self.box.pinpoint('/jobs', query={'x': 1})
        traffic = self.box.control('/ledger')['traffic']['pinpoint']
        self.assertEqual((traffic['requests'], traffic['answers']), ({'jobs.list': 5}, {'200': 4, '400': 1}))
        self.assertEqual(traffic['total'], 5)
        self.assertTrue(1 <= traffic['max_in_window'] <= 5)

    def test_rate_limit(self):
        self.box.control('/settings', 'POST', {'vendor': 'pinpoint', 'rate': 0.001, 'burst': 2})
        answers = [self.box.pinpoint('/jobs', query={'page[size]': 1}) for _ in range(3)]
        self.box.control('/settings', 'POST', {'vendor': 'pinpoint', 'rate': 0})
        self.assertEqual([answer.status for answer in answers], [200, 200, 429])
        self.assertEqual(answers[2].json, fixture('pinpoint', 'error_429_rate_limit.json'))
        self.assertNotIn('Retry-After', answers[2].headers)


class Program(unittest.TestCase):
    """Starting, stopping and what stays."""

    def finish(self, box, how=signal.SIGTERM):
        self.assertEqual(box.stop(how), (0, ''))

    def test_stops(self):
        self.finish(Sandbox('--applications', '10'), signal.SIGINT)
        box = Sandbox('--applications', '10')
        box.control('/quit', 'POST')
        self.assertEqual(box.process.wait(timeout=30), 0)
        self.finish(box)
        box = Sandbox('--applications', '10', '--watch-stdin', stdin=subprocess.PIPE)
        self.assertEqual(box.pinpoint('/jobs').status, 200)
        box.process.stdin.close()
        box.process.stdin = None
        self.assertEqual(box.process.wait(timeout=30), 0)
        self.finish(box)

    def test_stops_with_connections_held_open(self):
        box = Sandbox('--applications', '10')
        links = []
        for kind in 'stall', 'slow', 'huge', 'delay:100':
            box.fault(kind)
            parts = urllib.parse.urlsplit(box.testtrick_url)
            link = socket.create_connection((parts.hostname, parts.port), timeout=30)
            link.sendall(f'GET /partner/list_tests HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n'.encode())
            links.append(link)
            while box.control('/faults'):
                pass
        self.finish(box)
        for link in links:
            link.close()

    def test_bad_command_lines(self):
        for arguments in (['--nothing'], ['surplus'], ['--pace', '-1'], ['--port', 'pinpoint=70000'], ['--port', '9000'],
                          ['--rate', 'nobody=1'], ['--rate', 'lever='], ['--rate', '-1'], ['--burst', 'inf']):
            done = subprocess.run([BINARY, *arguments], capture_output=True, timeout=30, check=False)
            self.assertEqual((done.returncode, done.stdout), (2, b''))
            self.assertTrue(done.stderr.startswith(b'assay-sandbox: '))

    def test_fixed_ports(self):
        box = Sandbox('--applications', '10')
        taken = urllib.parse.urlsplit(box.pinpoint_url).port
        done = subprocess.run([BINARY, '--port', f'testtrick={taken}'], capture_output=True,
                              timeout=30, check=False)
        self.assertEqual((done.returncode, done.stdout), (1, b''))
        self.finish(box)
        box = Sandbox('--applications', '10', '--port', f'pinpoint={taken}')
        self.assertEqual(urllib.parse.urlsplit(box.pinpoint_url).port, taken)
        self.finish(box)

    def test_limits_of_one_and_of_all(self):
        """A number alone is every vendor's; what is said last of one counts for that one."""
        box = Sandbox('--applications', '10', '--pace', '0', '--rate', '0.001', '--burst', '2', '--rate', 'pinpoint=0',
                      '--burst', 'testtrick=1')
        self.assertEqual([box.pinpoint('/jobs').status for _ in range(4)], [200] * 4)
        self.assertEqual([box.partner('list_tests').status for _ in range(3)], [200, 429, 429])
        self.finish(box)

    def test_the_seed_decides(self):
        def world(*arguments):
            box = Sandbox('--applications', '200', '--pace', '0', *arguments)
            people = [row['attributes']['email'] for row in box.all_applications()]
            ids = [box.invite(email, '1031').json['partner_interview_id'] for email in people[:20]
                   if people.index(email) == people[:20].index(email)]
            box.control('/advance', 'POST', {'seconds': 1000})
            ends = [(box.status(i)['partner_status'], box.status(i)['partner_score']) for i in ids]
            self.finish(box)
            return people, ends
        first = world('--seed', '7')
        self.assertEqual(first, world('--seed', '7'))
        self.assertNotEqual(first[0], world('--seed', '8')[0])

    def test_sizes(self):
        for applications in 0, 1, 100:
            box = Sandbox('--jobs', '3', '--applications', str(applications))
            every = {'filter[job_visibility]': 'confidential,external,internal'}
            self.assertEqual(len(box.all_applications(**every)), applications)
            self.finish(box)
        box = Sandbox('--jobs', '0', '--applications', '5')
        self.assertEqual(box.pinpoint('/applications').json['data'], [])
        self.finish(box)

    def test_pace_runs_by_itself(self):
        box = Sandbox('--applications', '10', '--pace', '0.05')
        interview = box.invite('quick@example.com').json['partner_interview_id']
        while box.status(interview)['partner_status'] in ('pending', 'in_progress'):
            pass
        self.finish(box)

    def test_bustle(self):
        box = Sandbox('--applications', '50', '--bustle', '0.01')
        start = box.pinpoint('/applications', query={'page[size]': 0, 'stats[total]': 'count'}).body
        while box.pinpoint('/applications', query={'page[size]': 0, 'stats[total]': 'count'}).body == start:
            pass
        self.finish(box)

    def test_state_survives(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'state.json')
            box = Sandbox('--state', path, '--applications', '60', '--pace', '0', '--seed', '5')
            job, stages = box.open_job()
            rows = box.all_applications()
            moved = next(row for row in rows if row['attributes']['job_id'] == job['id'])['id']
            box.control('/applications/' + moved, 'POST', {'stage': stages[1]['id'], 'town': 'Århus'})
            tag = fixture('pinpoint', 'application_add_tags_request.json')
            tag['data']['id'] = moved
            box.pinpoint('/applications/' + moved, 'PUT', tag)
            gone = next(row['id'] for row in rows if row['id'] != moved)
            box.control('/applications/' + gone, 'DELETE')
            body = fixture('pinpoint', 'application_create_request_full.json')
            body['data']['relationships']['job']['data']['id'] = job['id']
            body['data']['attributes']['cv_base64_data'] = 'data:application/pdf;base64,JVBERg=='
            box.pinpoint('/applications', 'POST', body)
            comment = fixture('pinpoint', 'comment_create_request.json')
            comment['data']['relationships']['commentable']['data']['id'] = moved
            box.pinpoint('/comments', 'POST', comment)
            done = box.invite('kept@example.com').json['partner_interview_id']
            box.control('/advance', 'POST', {'seconds': 1000})
            self.assertEqual(box.status(done)['partner_status'], 'complete')
            half = box.invite('half@example.com').json['partner_interview_id']
            box.control('/advance', 'POST', {'seconds': 30})

            def look(sandbox):
                applications = sandbox.all_applications(**{'extra_fields[applications]': 'tags,attachments'})
                for row in applications:
                    for attachment in row['attributes']['attachments']:
                        attachment['url'] = urllib.parse.urlsplit(attachment['url']).path
                status = sandbox.status(done)
                status['partner_profile_url'] = urllib.parse.urlsplit(status['partner_profile_url']).path
                jobs = sandbox.pinpoint('/jobs', query={'fields[jobs]': 'title,updated_at,stages',
                                                        'include': 'stages'})
                return (applications,
                        sandbox.pinpoint('/comments').json, sandbox.pinpoint('/custom_fields').json,
                        status, sandbox.status(half), jobs.json)
            before = look(box)
            self.assertEqual(before[4]['partner_status'], 'in_progress')
            self.finish(box)

            box = Sandbox('--state', path, '--pace', '0')
            self.assertEqual(look(box), before)
            self.assertEqual(box.invite('KEPT@example.com').status, 409)
            self.assertNotIn(box.invite('new@example.com').json['partner_interview_id'], (done, half))
            arrived = box.control('/applications', 'POST', {})['id']
            self.assertNotIn(arrived, [row['id'] for row in before[0]])
            self.finish(box)

            clash = subprocess.run([BINARY, '--state', path, '--seed', '6'], capture_output=True,
                                   timeout=30, check=False)
            self.assertEqual((clash.returncode, clash.stdout), (2, b''))
            with open(path, 'w', encoding='utf-8') as file:
                file.write('{"format":1,')
            box = Sandbox('--state', path, '--applications', '10')
            self.assertEqual(box.control('/invitations'), [])
            self.assertEqual(box.stop()[0], 0)
            self.assertTrue(os.path.exists(path + '.damaged'))


if __name__ == '__main__':
    if len(sys.argv) > 1 and os.path.exists(sys.argv[1]):
        BINARY = sys.argv.pop(1)
    unittest.main(verbosity=2)
