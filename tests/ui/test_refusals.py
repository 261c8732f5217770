#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the wizard says of a wrong key, certificate or answer, and that nothing is lost on the way.

To be run inside build-aux/desktop. The tests go on from each other, as an administrator would.
"""

import http.server
import os
import ssl
import threading
import unittest
import urllib.error
import urllib.parse
import urllib.request

from driver import App, Sandbox, await_condition
from story import ctl
from wizard import WizardStory

TLS = os.path.join(os.path.dirname(__file__), '..', 'libassay', 'http', 'tls')

# What each of the sandbox's keys lacks.
LEVER_KEYS = (
    ('no-opportunities', 'Find all opportunities: Read'),
    ('no-postings', 'Find all postings: Read'),
    ('no-stages', 'Find all stages: Read'),
)
# What Assay does without.
SPARED = (
    ('no-webhooks', 'Find all webhooks: Read'),
    ('no-files', 'Find all opportunity files: Read'),
    ('no-confidential', 'Access to confidential data: Read'),
)


class Refusals(WizardStory):

    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox('--pace', '0', '--quiet', '--applications', '10', '--jobs', '2')
        cls.sandbox.control('POST', '/settings', {'vendor': 'lever', 'consent': 'auto'})
        cls.app = App(environment={'ADW_DEBUG_COLOR_SCHEME': os.environ.get('ASSAY_LOOK', 'default')})
        cls.main = cls.app.window('Assay')

    @classmethod
    def tearDownClass(cls):
        status = cls.app.stop()
        cls.sandbox.stop()
        assert status == 0, f'assay ended with status {status}'

    def back_to_form(self, dialog):
        self.app.press('Alt+Left')
        self.await_form(dialog)

    def test_01_a_certificate_that_nobody_vouches_for(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.path.join(TLS, 'good.pem'))
        asked = []

        class Impostor(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)

        server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Impostor)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            dialog = self.begin('lever', 'Lever')
            self.open_advanced(dialog)
            self.fill(dialog, 'Base address', f'https://localhost:{server.server_port}/v1')
            self.fill(dialog, 'API key', 'sandbox-lever-full-access')
            self.app.press('Control+Return')
            dialog.find(role='status bar', contains='isn’t ready')
            dialog.find(role='alert', contains='The certificate of localhost')
            dialog.find(role='push button', name='Change settings').await_focus()
            self.leave_picture('refused-certificate', 'Connect Lever')
            # The key wasn't shown to it.
            self.assertEqual(asked, [])
        finally:
            server.shutdown()
            server.server_close()

    def test_02_a_key_that_lacks_one_permission(self):
        dialog = self.app.window('Connect Lever')
        self.back_to_form(dialog)
        if dialog.seek(role='text', name='Base address') is None:
            self.open_advanced(dialog)
        self.fill(dialog, 'Base address', self.sandbox.base_url('lever'))
        for key, lacks in LEVER_KEYS:
            self.fill(dialog, 'API key', f'sandbox-lever-{key}')
            self.app.press('Control+Return')
            dialog.find(role='status bar', contains='isn’t ready')
            dialog.find(role='list item', contains=f'{lacks}: missing')
            self.leave_picture(f'refused-{key}', 'Connect Lever')
            self.back_to_form(dialog)
        for key, lacks in SPARED:
            self.fill(dialog, 'API key', f'sandbox-lever-{key}')
            self.app.press('Control+Return')
            dialog.find(role='list item', contains=f'{lacks}: not granted')
            self.leave_picture(f'spared-{key}', 'Connect Lever')
            self.back_to_form(dialog)

    def test_03_check_again(self):
        dialog = self.app.window('Connect Lever')
        self.fill(dialog, 'API key', 'sandbox-lever-no-stages')
        self.app.press('Control+Return')
        dialog.find(role='status bar', contains='isn’t ready')
        # Mended at the vendor's; here, by another key.
        connection = ctl(self.app.data_dir, 'connection', 'list')[0]['id']
        ctl(self.app.data_dir, 'connection', 'set', connection, '--secret', 'api-key',
            secret='sandbox-lever-full-access')
        self.tab_to(dialog, 'push button', 'Check again')
        self.app.press('space')
        dialog.find(role='status bar', contains='is ready')

    def test_04_back_and_forth_keeps_every_field(self):
        dialog = self.app.window('Connect Lever')
        self.back_to_form(dialog)
        self.fill(dialog, 'Name', 'Our Lever')
        self.fill(dialog, 'Perform as', 'somebody@example.com')
        before = self.fields(dialog)
        self.app.press('Alt+Left')
        dialog.find(role='label', contains='Make sure that you can connect')
        self.app.press('Alt+Left')
        catalogue = self.app.window('Connect a System')
        catalogue.find(role='entry', name='Search systems').await_focus()
        self.app.type_keys('lever')
        self.app.press('Return')
        dialog = self.app.window('Connect Lever')
        dialog.find(role='push button', name='Continue').await_focus()
        self.app.press('Return')
        self.await_form(dialog)
        if dialog.seek(role='text', name='Base address') is None:
            self.open_advanced(dialog)
        self.assertEqual(self.fields(dialog), before)

    @staticmethod
    def fields(dialog):
        dialog.find(role='text', name='Perform as')
        return {field.name: field.text for field in dialog.all(role='text') if field.name}

    def test_05_save_now_and_enable_later(self):
        dialog = self.app.window('Connect Lever')
        self.fill(dialog, 'Perform as', '')
        self.app.press('Control+Return')
        dialog = self.app.window('Connect Our Lever')
        dialog.find(role='status bar', contains='is ready')
        self.app.press('Control+Return')
        dialog.find(role='label', contains='No relay is set yet')
        self.app.press('Control+Return')
        dialog.find(role='push button', name='Enable').await_focus()
        self.tab_to(dialog, 'push button', 'Save')
        self.app.press('space')
        dialog.find(contains='Assay doesn’t use it yet. Enable it under Connections')
        self.app.press('Escape')
        self.app.gone(role='frame', contains='Connect ')
        self.app.window('Assay')
        self.app.press('Alt+3')
        self.await_state('Saved')
        self.main.find(role='push button', name='Menu of Our Lever').click()
        self.main.find(role='menu item', name='Enable').click()
        self.await_state('Enabled')

    def await_state(self, word):
        self.main.find(role='list item', name='Our Lever',
                       matches=lambda item: (item.accessible.get_description() or '').startswith(word))

    def test_06_an_answer_to_another_sign_in(self):
        lever = self.sandbox.connections['lever']
        settings = {**lever['settings'], **lever['sign_in']['settings']}
        dialog = self.begin('lever', 'Lever')
        self.open_advanced(dialog)
        self.choose(dialog, 'Sign-in', 1)
        dialog.find(role='label', contains='Copy your Client secret')
        for title, key in (('Client id', 'client-id'), ('Consent address', 'authorize-url'),
                           ('Token address', 'token-url'), ('Audience', 'audience'), ('Base address', 'base-url')):
            self.fill(dialog, title, settings[key])
        self.fill(dialog, 'Client secret', lever['sign_in']['secrets']['client-secret'])
        self.app.press('Control+Return')
        dialog.find(role='push button', name='Open the browser').await_focus()
        self.app.press('Return')
        address = await_condition(self.app.opened_addresses, 'the browser')[-1]
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))
        forged = urllib.parse.urlencode({'code': 'somebody-else-s', 'state': 'another'})
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f'{asked["redirect_uri"]}?{forged}', timeout=10)
        self.assertEqual(refused.exception.code, 400)
        refused.exception.close()
        # Whoever sent it doesn't end what goes on.
        dialog.find(role='status bar', contains='Waiting for the browser')
        self.leave_picture('sign-in-waiting', 'Connect Lever')
        with urllib.request.urlopen(address, timeout=10) as answer:
            answer.read()
        dialog.find(role='status bar', contains='is ready')
        self.app.press('Escape')
        self.app.gone(role='frame', contains='Connect ')


if __name__ == '__main__':
    unittest.main(verbosity=2, warnings='ignore')
