# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing in to Lever through a browser, which is played here: it follows the redirects that it is sent."""

import json
import signal
import socket
import unittest
import urllib.error
import urllib.parse
import urllib.request

import harness

look_up = socket.getaddrinfo


def look_up_as_browsers_do(host, *rest, **options):
    """“localhost” is this machine even where no hosts file says so (RFC 6761)."""
    return look_up("127.0.0.1" if host == "localhost" else host, *rest, **options)


socket.getaddrinfo = look_up_as_browsers_do


def visit(address):
    """What a browser shows in the end: its status, the page, and its address."""
    try:
        with urllib.request.urlopen(address, timeout=harness.PATIENCE) as answer:
            return answer.status, answer.read().decode(), answer.url
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(), error.url


class Attempt:
    """assayctl, waiting for the browser."""

    def __init__(self, test, connection, *options):
        self.test = test
        self.process = test.home.start("--json", "connection", "sign-in", connection, "--no-browser", *options)
        test.addCleanup(self.end)
        line = self.process.stderr.readline()
        self.address = json.loads(line)["address"] if line.startswith(b'{"address"') else None
        self.first_line = line
        query = urllib.parse.urlsplit(self.address or "").query
        self.query = dict(urllib.parse.parse_qsl(query))

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def outcome(self):
        out, err = self.process.communicate(timeout=harness.PATIENCE)
        return self.process.returncode, out.decode(), err.decode()

    def succeed(self):
        status, out, err = self.outcome()
        self.test.assertEqual((status, err), (0, ""))
        return json.loads(out)

    def fail(self, status, code, says):
        found, out, err = self.outcome()
        self.test.assertEqual((found, out), (status, ""), err)
        error = json.loads(err)["error"]
        self.test.assertEqual(error["code"], code)
        self.test.assert_sentence(error["message"])
        self.test.assertIn(says, error["message"])
        return error

    def callback(self, **parameters):
        return visit(self.query["redirect_uri"] + "?" + urllib.parse.urlencode(parameters))


class SignIn(harness.CtlTestCase):
    sandbox_options = ("--jobs", "4", "--applications", "120")

    def setUp(self):
        super().setUp()
        # As for a run that stores a secret: here each may, since tokens are renewed whenever they have to be.
        self.home.environment = self.home.environment_to_keep_keys()
        self.sandbox.ask("DELETE", "/ledger")
        self.play(consent="auto", token_seconds=3600)

    def tearDown(self):
        incidents = self.sandbox.ask("GET", "/ledger")["incidents"]
        self.assertEqual([i for i in incidents if i["vendor"] == "lever"], [])

    def play(self, **settings):
        self.sandbox.ask("POST", "/settings", {"vendor": "lever", **settings})

    def save(self, **more):
        sign_in = self.sandbox.connections["lever"]["sign_in"]
        settings = {"base-url": self.sandbox.base_url("lever"), **sign_in["settings"], **more}
        words = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
        secret = sign_in["secrets"]["client-secret"].encode() + b"\n"
        return self.ctl("connection", "add", "lever", *words, "--secret", "client-secret", stdin=secret)["id"]

    def sign_in(self, connection):
        attempt = Attempt(self, connection)
        status, page, _ = visit(attempt.address)
        self.assertEqual(status, 200)
        self.assertIn("You can go back to Assay", page)
        return attempt.succeed()

    def count(self, operation):
        traffic = self.sandbox.ask("GET", "/ledger")["traffic"].get("lever", {"requests": {}})
        return traffic["requests"].get(operation, 0)

    def test_kind(self):
        kind = {kind["id"]: kind for kind in self.ctl("connection", "kinds")}["lever"]
        self.assertEqual([role["name"] for role in kind["roles"]],
                         ["Super Admin", "Admin", "Team Member", "Limited Team Member", "Interviewer"])
        self.assertEqual([role["name"] for role in kind["roles"] if role["can_enable"]], ["Super Admin"])
        scopes = {scope["name"]: scope for scope in kind["scopes"]}
        self.assertLessEqual({"offline_access", "opportunities:write:admin", "notes:write:admin"}, scopes.keys())
        self.assertLessEqual(len(scopes), 20)
        self.assertTrue(all(scope["purpose"] for scope in kind["scopes"]))
        only = {s["name"]: s["only_with"] for s in kind["settings"] + kind["secrets"]}
        self.assertEqual((only["client-id"], only["client-secret"], only["api-key"], only["region"]),
                         ("auth=oauth", "auth=oauth", "auth=key", None))

    def test_the_whole_way(self):
        connection = self.save()
        # Two steps, and the second one says what the first one is.
        self.refused(3, "unauthorized", "connection", "enable", connection, says="Sign in through the browser")
        self.assertEqual(self.sign_in(connection)["state"], "saved")
        self.assertEqual(self.ctl("connection", "enable", connection)["state"], "enabled")
        report = self.ctl("sync", connection)["connections"][0]
        self.assertGreater(report["applications"], 0)
        # One sign-in for several runs.
        self.assertEqual(self.count("oauth.token"), 1)
        # Nowhere but in the keyring.
        self.assertEqual(self.home.files_with("sandbox-access-"), [])
        self.assertEqual(self.home.files_with("sandbox-refresh-"), [])
        self.assertEqual(self.home.files_with("sandbox-client-secret"), [])

    def test_what_is_asked_for(self):
        attempt = Attempt(self, self.save(confidential="yes"))
        asked = attempt.query
        self.assertEqual((asked["response_type"], asked["client_id"], asked["code_challenge_method"]),
                         ("code", "sandbox-client", "S256"))
        self.assertEqual(asked["audience"], self.sandbox.connections["lever"]["sign_in"]["settings"]["audience"])
        self.assertRegex(asked["redirect_uri"], r"^http://127\.0\.0\.1:\d+/callback$")
        self.assertRegex(asked["state"], r"^[\w-]{43}$")
        self.assertIn("confidential:access:admin", asked["scope"].split(" "))
        other = Attempt(self, self.save())
        self.assertNotIn("confidential:access:admin", other.query["scope"].split(" "))
        self.assertNotEqual(other.query["state"], asked["state"])
        self.assertNotEqual(other.query["code_challenge"], asked["code_challenge"])

    def test_the_consent_page(self):
        self.play(consent="page")
        attempt = Attempt(self, self.save())
        status, page, _ = visit(attempt.address)
        self.assertEqual(status, 200)
        self.assertIn("opportunities:write:admin", page)
        links = [part.split('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:]]
        accept = next(link for link in links if link.endswith("answer=accept"))
        self.assertEqual(visit(urllib.parse.urljoin(attempt.address, accept))[0], 200)
        attempt.succeed()

    def test_refused_grant(self):
        self.play(consent="deny")
        attempt = Attempt(self, self.save())
        status, page, _ = visit(attempt.address)
        self.assertEqual(status, 200)
        self.assertIn("Nothing was granted", page)
        error = attempt.fail(3, "forbidden", "weren't granted")
        self.assertIn("access_denied", error["vendor_detail"])

    def test_wrong_state(self):
        attempt = Attempt(self, self.save())
        for parameters in ({"state": "wrong", "code": "stolen"}, {"code": "stolen"},
                           {"state": "wrong", "error": "access_denied"}):
            status, page, _ = attempt.callback(**parameters)
            self.assertEqual(status, 400)
            self.assertIn("another sign-in", page)
        self.assertEqual(visit(attempt.query["redirect_uri"].replace("/callback", "/favicon.ico"))[0], 404)
        self.assertEqual(self.count("oauth.token"), 0)
        # Nothing was taken, and the right answer still is.
        self.assertEqual(visit(attempt.address)[0], 200)
        attempt.succeed()

    def test_second_callback(self):
        self.sandbox.fault("lever", "oauth.token", "delay:1")
        attempt = Attempt(self, self.save())
        _, _, address = visit(attempt.address)
        status, page, _ = visit(address)
        self.assertEqual(status, 200)
        self.assertIn("already", page)
        attempt.succeed()
        self.assertEqual(self.count("oauth.token"), 1)

    def test_closed_browser(self):
        connection = self.save()
        Attempt(self, connection, "--timeout", "1").fail(1, "failed", "within 1 minute")
        attempt = Attempt(self, connection)
        attempt.process.send_signal(signal.SIGINT)
        attempt.fail(1, "failed", "interrupted")
        # The port is free again, and another attempt works.
        with self.assertRaises(urllib.error.URLError):
            urllib.request.urlopen(attempt.query["redirect_uri"], timeout=harness.PATIENCE)
        self.sign_in(connection)

    def test_registered_address(self):
        port = harness.closed_port().rsplit(":", 1)[1]
        address = f"http://localhost:{port}/back/to/assay"
        # A keyring in a file takes no changes by one program that another one has made since.
        connections = [self.save(**{"redirect-url": address}) for _ in range(2)]
        attempt = Attempt(self, connections[0])
        self.assertEqual(attempt.query["redirect_uri"], address)
        # The port is taken.
        second = Attempt(self, connections[1])
        self.assertIsNone(second.address)
        self.assertEqual(json.loads(second.first_line)["error"]["code"], "unavailable")
        self.assertEqual(visit(attempt.address)[0], 200)
        attempt.succeed()
        for wrong in ("https://127.0.0.1:1/", "http://example.com:80/", "http://127.0.0.1/x", "http://127.0.0.1:80/?x"):
            error = json.loads(Attempt(self, self.save(**{"redirect-url": wrong})).first_line)["error"]
            self.assertEqual(error["code"], "invalid")

    def test_wrong_secret(self):
        connection = self.save()
        self.ctl("connection", "set", connection, "--secret", "client-secret", stdin=b"wrong\n")
        attempt = Attempt(self, connection)
        visit(attempt.address)
        error = attempt.fail(3, "unauthorized", "client secret")
        self.assertEqual(error["vendor_status"], 401)

    def test_lost_answer(self):
        connection = self.save()
        self.sandbox.fault("lever", "oauth.token", "drop-after")
        attempt = Attempt(self, connection)
        visit(attempt.address)
        attempt.fail(5, "unavailable", "its answer was lost")
        self.sign_in(connection)

    def test_renewal(self):
        connection = self.save()
        self.sign_in(connection)
        self.ctl("connection", "enable", connection)
        self.ctl("sync", connection)
        # Whatever the clock says: the token isn't good any longer.
        self.play(expire_tokens=True)
        self.ctl("sync", connection)
        self.assertEqual(self.count("oauth.token"), 2)
        self.play(expire_tokens=True)
        self.ctl("sync", connection)
        self.assertEqual(self.count("oauth.token"), 3)

    def test_revoked(self):
        connection = self.save()
        self.sign_in(connection)
        self.ctl("connection", "enable", connection)
        kept = self.ctl("sync", connection)["connections"][0]["applications"]
        self.play(revoke_grants=True)
        error = self.refused(3, "unauthorized", "sync", connection)
        self.assertIn("Sign in again", error["message"])
        shown = self.ctl("connection", "show", connection)
        self.assertEqual(shown["state"], "failing")
        self.assertIn("Sign in to Lever again", shown["remedy"])
        self.assertEqual(len(self.ctl("application", "list")), kept)
        self.assertEqual(self.sign_in(connection)["state"], "enabled")
        self.ctl("sync", connection)

    def test_needs_what_it_needs(self):
        self.refused(8, "invalid", "connection", "add", "lever", "--set", "auth=oauth", says="Client id")
        plain = self.add("lever")
        attempt = Attempt(self, plain)
        self.assertIn("works with a key", json.loads(attempt.first_line)["error"]["message"])


if __name__ == "__main__":
    harness.main()
