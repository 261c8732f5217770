# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that can be wrong gets a sentence, its exit status, and an empty standard output."""

import json
import os
import unittest

import harness


class CommandLine(harness.CtlTestCase):

    def test_usage(self):
        for words in (
            [],
            ["nonsense"],
            ["connection"],
            ["connection", "nonsense"],
            ["connection", "add"],
            ["connection", "add", "nonsense"],
            ["connection", "show"],
            ["connection", "show", "x"],
            ["connection", "show", "a1"],
            ["connection", "show", "c1", "c2"],
            ["connection", "show", "c0"],
            ["connection", "show", "c99999999999999999999"],
            ["connection", "set", "c1"],
            ["connection", "add", "pinpoint", "--set", "subdomain"],
            ["connection", "add", "pinpoint", "--set", "=x"],
            ["connection", "add", "pinpoint", "--name"],
            ["connection", "add", "pinpoint", "--name", "--json"],
            ["connection", "add", "pinpoint", "--name", "a", "--name", "b"],
            ["job", "list", "--nonsense"],
            ["job", "list", "-x"],
            ["job", "list", "--all=yes"],
            ["job", "list", "--limit", "5"],
            ["job", "list", "--connection", "j1"],
            ["application", "list", "--limit", "0"],
            ["application", "list", "--limit", "-1"],
            ["application", "list", "--limit", "many"],
            ["application", "list", "--limit", "1.5"],
            ["application", "list", "--limit", "99999999999999999999"],
            ["application", "list", "--offset", "-1"],
            ["application", "list", "--job", "1"],
            ["invitation", "list", "--status", "finished"],
            ["invitation", "show", "c1"],
            ["invitation", "refresh"],
            ["invite", "a1"],
            ["invite", "--assessment", "t1"],
            ["invite", "a1", "--assessment", "a1"],
            ["invite", "a1", "a2", "--assessment", "t1", "--email", "x@example.com"],
            ["watch", "--timeout", "soon"],
            ["watch", "--timeout", "-1"],
            ["watch", "--timeout", "nan"],
            ["watch", "--timeout", "inf"],
            ["watch", "--until", "done"],
            ["watch", "c1"],
            ["outbox", "resolve", "o1"],
            ["outbox", "resolve", "o1", "--as", "maybe"],
            ["outbox", "discard", "c1"],
            # What comes with a later version isn't there.
            ["mapping", "list"],
            ["rule", "run"],
            ["approval", "list"],
            ["candidate", "import", "file"],
            ["audit", "list"],
            ["export", "invitations"],
            ["erase", "--application", "a1"],
            ["relay", "status"],
            ["invitation", "resend", "a1"],
            ["invitation", "cancel"],
            ["application", "tag", "a1"],
            ["application", "move", "i1", "Hired"],
            ["batch", "pause", "i1"],
        ):
            with self.subTest(words=words):
                self.refused(2, "usage", *words)

    def test_not_utf8(self):
        for words in ([b"job", b"li\xffst"], [b"application", b"list", b"--search", b"\xe9"], [b"--\xff"]):
            with self.subTest(words=words):
                process = harness.subprocess.run([os.fsencode(harness.ASSAYCTL), b"--json", *words],
                                                 capture_output=True, env=self.home.environment)
                self.assertEqual(process.returncode, 2)
                self.assert_sentence(json.loads(process.stderr)["error"]["message"])

    def test_unknown_records(self):
        self.connect()
        person = self.candidate()["id"]
        for words in (
            ["connection", "show", "c99"],
            ["connection", "test", "c99"],
            ["connection", "enable", "c99"],
            ["connection", "disable", "c99"],
            ["connection", "set", "c99", "--name", "x"],
            ["connection", "remove", "c99"],
            ["sync", "c99"],
            ["job", "list", "--connection", "c99"],
            ["application", "list", "--job", "j999999"],
            ["application", "list", "--connection", "c99"],
            ["application", "show", "a999999"],
            ["assessment", "list", "c99"],
            ["invite", "a999999", "--assessment", self.assessment],
            ["invite", person, "--assessment", "t999999"],
            ["invitation", "show", "i999999"],
            ["invitation", "refresh", "i999999"],
            ["invitation", "list", "--application", "a999999"],
            ["watch", "--invitation", "i999999"],
            ["outbox", "resolve", "o999999", "--as", "sent"],
            ["outbox", "discard", "i999999"],
        ):
            with self.subTest(words=words):
                self.refused(6, "not-found", *words)

    def test_one_of_several_unknown(self):
        self.connect()
        person = self.candidate(email="one-of-two@example.com")
        error = self.refused(6, "not-found", "invite", "a999999", person["id"], "--assessment", self.assessment,
                             prints=True)
        self.assertEqual([(r["application"], r["error"] is None) for r in error["report"]],
                         [("a999999", False), (person["id"], True)])
        self.assertEqual(self.sandbox.sent("one-of-two@example.com"), 1)

    def test_for_people(self):
        outcome = self.home.run("connection", "show", "c99")
        self.assertEqual((outcome.status, outcome.out), (6, ""))
        self.assertRegex(outcome.err, r"\Aassayctl: [^\n]+\.\n\Z")


class Connecting(harness.CtlTestCase):

    def test_wrong_key(self):
        id = self.add("pinpoint", key="not-the-key")
        error = self.refused(3, "unauthorized", "connection", "test", id, prints=True)
        self.assertIs(error["report"]["ok"], False)
        self.assertEqual(error["vendor_status"], 401)
        self.refused(3, "unauthorized", "connection", "enable", id)
        self.assertNotEqual(self.ctl("connection", "show", id)["state"], "enabled")

        # A new key mends it.
        self.ctl("connection", "set", id, "--secret", "api-key", stdin=harness.PINPOINT_KEY.encode() + b"\n")
        self.assertEqual(self.ctl("connection", "enable", id)["state"], "enabled")

    def test_wrong_key_of_a_provider(self):
        id = self.add("testtrick", key="not-the-key")
        self.refused(3, "unauthorized", "connection", "enable", id)

    def test_key_turned_bad(self):
        self.connect()
        person = self.candidate(email="key-turned-bad@example.com")
        self.ctl("connection", "set", self.testtrick, "--secret", "api-key", stdin=b"old\n")
        self.refused(3, "unauthorized", "invite", person["id"], "--assessment", self.assessment)
        self.assertEqual(self.sandbox.sent("key-turned-bad@example.com"), 0)

    def test_missing_permission(self):
        id = self.add("pinpoint", key=harness.PINPOINT_KEY_WITHOUT_JOBS)
        error = self.refused(3, "forbidden", "connection", "test", id, prints=True, says="Job")
        missing = [p for p in error["report"]["permissions"] if p["needed"] and p["granted"] is False]
        self.assertEqual([p["name"] for p in missing], ["Job"])
        self.assert_sentence(missing[0]["remedy"])
        self.refused(3, "forbidden", "connection", "enable", id, says="Job")

    def test_unreachable(self):
        id = self.add("pinpoint", **{"base-url": harness.closed_port()})
        self.refused(5, "unavailable", "connection", "enable", id)
        error = self.refused(5, "unavailable", "connection", "test", id, prints=True)
        self.assertIs(error["report"]["ok"], False)

    def test_settings(self):
        for settings in (
            ["--set", "subdomain=not a subdomain"],
            ["--set", "subdomain=-"],
            ["--set", "subdomain=https://example.com/admin"],
            ["--set", "subdomain="],
            [],
            ["--set", "subdomain=acme", "--set", "base-url=http://example.com/api"],
            ["--set", "subdomain=acme", "--set", "base-url=ftp://example.com"],
            ["--set", "subdomain=acme", "--set", "base-url=https://user:password@example.com"],
            ["--set", "subdomain=acme", "--set", "confidential=maybe"],
            ["--set", "subdomain=acme", "--set", "nonsense=1"],
            ["--set", "subdomain=acme", "--secret", "nonsense"],
        ):
            with self.subTest(settings=settings):
                self.refused(8, "invalid", "connection", "add", "pinpoint", *settings)
        self.assertEqual(self.ctl("connection", "list"), [])

    def test_pasted_address(self):
        connection = self.ctl("connection", "add", "pinpoint", "--set",
                              "subdomain=https://acme.pinpointhq.com/admin/jobs")
        self.assertEqual(connection["settings"]["subdomain"], "acme")

    def test_secrets(self):
        add = ["connection", "add", "pinpoint", "--set", "subdomain=acme", "--secret", "api-key"]
        self.refused(2, "usage", *add, stdin=b"")
        self.refused(8, "invalid", *add, stdin=b"\n")
        self.refused(8, "invalid", *add, stdin=b"  \t\n")
        self.refused(8, "invalid", *add, stdin=b"a\0b\n")
        self.refused(8, "invalid", *add, stdin=b"x" * 100000)
        self.assertEqual(self.ctl("connection", "list"), [])
        # Without a line's end, and with that of another system.
        self.ctl(*add, stdin=b"key")
        self.ctl(*add, stdin=b"key\r\n")

    def test_wrong_role(self):
        self.connect()
        self.refused(8, "invalid", "sync", self.testtrick)
        self.refused(8, "invalid", "assessment", "list", self.pinpoint)


class Storage(harness.CtlTestCase):

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_read_only_home(self):
        self.home.path.chmod(0o500)
        self.addCleanup(self.home.path.chmod, 0o700)
        self.refused(1, "failed", "connection", "list")

    def test_directory_that_cannot_be(self):
        self.refused(1, "failed", "--data-dir", "/proc/assay", "connection", "list")

    def test_directory_that_is_a_file(self):
        file = self.home.path / "file"
        file.write_text("not a folder")
        self.refused(1, "failed", "--data-dir", file, "connection", "list")
        self.assertEqual(file.read_text(), "not a folder")

    def test_damaged_database(self):
        self.ctl("connection", "list")
        database = self.home.data / "assay.db"
        for suffix in ("-wal", "-shm"):
            (self.home.data / f"assay.db{suffix}").unlink(missing_ok=True)
        database.write_bytes(b"this is no database, but somebody may want it back " * 100)
        outcome = self.home.run("--json", "connection", "list")
        self.assertEqual(outcome.status, 1, outcome)
        self.assert_sentence(outcome.error["message"])
        kept = [path for path in self.home.data.rglob("*")
                if path.is_file() and b"somebody may want it back" in path.read_bytes()]
        self.assertTrue(kept)


class Keyring(harness.CtlTestCase):

    def test_no_keyring(self):
        id = self.add("pinpoint")
        del self.home.environment["SECRET_BACKEND"]
        self.refused(9, "keyring", "connection", "test", id)
        self.refused(9, "keyring", "connection", "add", "pinpoint", "--set", "subdomain=acme", "--secret", "api-key",
                     stdin=b"key\n")
        # Reading goes on.
        self.assertEqual([c["id"] for c in self.ctl("connection", "list")], [id])
        self.ctl("application", "list")


if __name__ == "__main__":
    harness.main()
