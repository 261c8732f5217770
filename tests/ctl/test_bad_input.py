# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that can be wrong gets a sentence, its exit status, and an empty standard output."""

import json
import os
import signal
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
            ["invitation", "resend", "i1"],
            ["invitation", "cancel", "i1"],
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


class Inviting(harness.CtlTestCase):
    # Enough for some job to be closed.
    sandbox_options = ("--jobs", "30", "--applications", "120")

    def setUp(self):
        super().setUp()
        self.connect()

    def invite(self, person, *words):
        return ["invite", person["id"], "--assessment", self.assessment, *words]

    def test_duplicate(self):
        person = self.candidate(email="Twice@Example.com")
        first = self.ctl(*self.invite(person))
        for words in ([], ["--dry-run"], ["--email", " twice@example.COM "]):
            error = self.refused(4, "duplicate", *self.invite(person, *words))
            self.assertEqual(error["invitation"], first["id"])
            self.assertRegex(error["message"], r"\d")
        self.assertEqual(self.sandbox.sent("Twice@Example.com"), 1)
        self.assertEqual(self.sandbox.sent("twice@example.com"), 0)
        # Another assessment is another thing.
        other = self.ctl("assessment", "list")[1]["id"]
        self.ctl("invite", person["id"], "--assessment", other)

    def test_duplicate_at_the_provider(self):
        """Somebody else invited that person, and the provider says so."""
        person = self.candidate(email="elsewhere@example.com")
        self.sandbox.fault("testtrick", "send_test", "status:409")
        self.refused(4, "duplicate", *self.invite(person))
        self.assertEqual(self.sandbox.sent("elsewhere@example.com"), 0)

    def test_refused_address(self):
        person = self.candidate(email="anna@refused.example")
        error = self.refused(8, "invalid", *self.invite(person))
        self.assertEqual(error["vendor_status"], 422)
        self.assertIn("another address", error["vendor_detail"])
        self.assertEqual(self.ctl("invitation", "list")[0]["status"], "failed")
        self.assertIn("“Mail to this address is refused. Use another address.”",
                      self.home.run(*self.invite(person)).err)
        # With another address it goes.
        self.ctl(*self.invite(person, "--email", "anna@example.com"))

    def test_impossible_address(self):
        person = self.candidate(email="possible@example.com")
        for address in ("no-address", "a@", "@b", "a b@example.com", "a@b@c"):
            with self.subTest(address=address):
                self.refused(8, "invalid", *self.invite(person, "--email", address))

    def test_closed_job(self):
        closed = {j["id"] for j in self.ctl("job", "list", "--all") if not j["open"]}
        people = [a for a in self.ctl("application", "list") if a["job"] in closed]
        self.assertTrue(people, "the sandbox has no application for a closed job")
        self.refused(8, "invalid", *self.invite(people[0]))
        self.refused(8, "invalid", *self.invite(people[0], "--dry-run"))

    def test_unavailable(self):
        person = self.candidate(email="patient@example.com")
        self.sandbox.fault("testtrick", "send_test", "retry-after:3600", times=0)
        error = self.refused(5, "rate-limited", *self.invite(person), says="queued")
        self.assertEqual(self.ctl("invitation", "show", error["invitation"])["status"], "queued")
        self.assertEqual([row["state"] for row in self.ctl("outbox", "list")], ["queued"])
        self.assertEqual(self.sandbox.sent("patient@example.com"), 0)

    def test_vendor_gone(self):
        person = self.candidate(email="gone@example.com")
        self.ctl("connection", "set", self.testtrick, "--set", f"base-url={harness.closed_port()}")
        error = self.refused(5, "unavailable", *self.invite(person), says="queued")
        self.assertEqual(self.ctl("invitation", "show", error["invitation"])["status"], "queued")

        # Asked to, it tries again at once, and it says again what is wrong.
        error = self.refused(5, "unavailable", "outbox", "run", prints=True)
        self.assertEqual((error["report"]["done"], len(error["report"]["left"])), (0, 1))
        self.ctl("connection", "set", self.testtrick, "--set", f"base-url={self.sandbox.base_url('testtrick')}")
        self.assertEqual(self.ctl("outbox", "run"), {"done": 1, "left": []})
        self.assertEqual(self.sandbox.sent("gone@example.com"), 1)

    def test_vendor_gone_for_many(self):
        """One that can't be reached isn't waited for once a candidate; nothing is lost."""
        people = [self.candidate(email=f"gone{n}@example.com") for n in range(3)]
        self.ctl("connection", "set", self.testtrick, "--set", f"base-url={harness.closed_port()}")
        error = self.refused(5, "unavailable", "invite", *(p["id"] for p in people), "--assessment", self.assessment,
                             prints=True)
        self.assertEqual([(r["application"], r["status"], r["error"]["code"]) for r in error["report"]],
                         [(p["id"], "queued", "unavailable") for p in people])
        self.assertEqual([row["attempts"] for row in self.ctl("outbox", "list")].count(1), 1)

    def test_interrupt(self):
        """Ctrl+C waits for what is on its way, so that nobody has to wonder, and sends nothing more."""
        people = [self.candidate(email=f"interrupt{n}@example.com") for n in range(3)]
        self.sandbox.fault("testtrick", "send_test", "delay:1")
        process = self.home.start("--json", "invite", *(p["id"] for p in people), "--assessment", self.assessment)
        while not self.sandbox.sent(people[0]["email"]):
            self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=harness.PATIENCE)
        self.assertEqual((process.returncode, json.loads(err)["error"]["code"]), (1, "failed"))
        self.assertEqual([(r["application"], r["status"], r["error"] is None) for r in json.loads(out)],
                         [(people[1]["id"], "queued", False), (people[2]["id"], "queued", False),
                          (people[0]["id"], "pending", True)])
        self.assertEqual(self.ctl("outbox", "run"), {"done": 2, "left": []})
        self.assertEqual([self.sandbox.sent(p["email"]) for p in people], [1, 1, 1])

    def test_lost_answer(self):
        for fault, found, ends in (("drop-after", "sent", "pending"), ("drop-before", "not-sent", "pending"),
                                   ("html", "not-sent", "pending"), ("status:500", "not-sent", "pending"),
                                   ("redirect:/elsewhere", "not-sent", "pending")):
            with self.subTest(fault=fault):
                email = f"lost-{fault.split(':')[0]}@example.com"
                person = self.candidate(email=email)
                self.sandbox.fault("testtrick", "send_test", fault)
                error = self.refused(7, "unsure", *self.invite(person), says="resolve")
                invitation = error["invitation"]

                # Nothing sends it again by itself, and nobody by mistake.
                self.ctl("outbox", "run")
                self.refused(4, "duplicate", *self.invite(person))
                self.assertEqual(self.sandbox.sent(email), 1 if found == "sent" else 0)
                row, = self.ctl("outbox", "list")
                self.assertEqual((row["state"], row["invitation"]), ("unsure", invitation))
                self.assert_sentence(row["evidence"])

                self.assertEqual(self.ctl("outbox", "resolve", invitation, "--as", found)["status"], ends)
                self.assertEqual(self.sandbox.sent(email), 1)
                self.assertEqual(self.ctl("outbox", "list"), [])
                self.refused(6, "not-found", "outbox", "resolve", invitation, "--as", found)

    def test_disabled_provider(self):
        person = self.candidate(email="disabled@example.com")
        self.ctl("connection", "disable", self.testtrick)
        outcome = self.home.run("--json", *self.invite(person))
        self.assertNotEqual(outcome.status, 0, outcome)
        self.assert_sentence(outcome.error["message"])
        self.assertEqual(self.sandbox.sent("disabled@example.com"), 0)


class Reading(harness.CtlTestCase):

    def test_not_json(self):
        self.connect()
        for fault in ("html", "truncate", "truncate-chunked", "empty", "deep"):
            with self.subTest(fault=fault):
                self.sandbox.fault("pinpoint", "applications.list", fault, times=0)
                self.refused(1, "failed", "sync", "--full")
                self.sandbox.ask("DELETE", "/faults")
        self.assertGreaterEqual(len(self.ctl("application", "list")), 60)
        self.ctl("sync")

    def test_assessments_not_json(self):
        self.connect()
        before = self.ctl("assessment", "list")
        self.sandbox.fault("testtrick", "list_tests", "html", times=0)
        self.refused(1, "failed", "assessment", "list", self.testtrick, "--refresh")
        self.assertEqual(self.ctl("assessment", "list"), before)

    def test_rate_limit(self):
        self.connect()
        self.sandbox.fault("pinpoint", "applications.list", "retry-after:1")
        self.ctl("sync")
        self.sandbox.fault("pinpoint", "applications.list", "retry-after:3600", times=0)
        self.refused(5, "rate-limited", "sync")

    def test_failing(self):
        """Somebody who asks for a sync hears each time that a connection fails, until it is mended."""
        self.connect()
        self.ctl("connection", "set", self.pinpoint, "--secret", "api-key", stdin=b"old\n")
        self.refused(3, "unauthorized", "sync")
        self.refused(3, "unauthorized", "sync")
        shown = self.ctl("connection", "show", self.pinpoint)
        self.assertEqual((shown["state"], shown["reason_code"]), ("failing", "unauthorized"))
        self.assert_sentence(shown["reason"])
        self.assert_sentence(shown["remedy"])
        self.ctl("connection", "set", self.pinpoint, "--secret", "api-key", stdin=harness.PINPOINT_KEY.encode())
        self.assertEqual(len(self.ctl("sync")["connections"]), 1)
        self.assertEqual(self.ctl("connection", "show", self.pinpoint)["state"], "enabled")

        self.ctl("connection", "disable", self.pinpoint)
        self.assertEqual(self.ctl("sync"), {"connections": []})
        self.refused(8, "invalid", "sync", self.pinpoint)

    def test_one_of_two_fails(self):
        self.connect()
        other = self.add("pinpoint")
        self.ctl("connection", "enable", other)
        self.ctl("connection", "set", other, "--secret", "api-key", stdin=b"old\n")
        error = self.refused(3, "unauthorized", "sync", prints=True)
        self.assertEqual([(c["id"], (c["error"] or {}).get("code")) for c in error["report"]["connections"]],
                         [(other, "unauthorized"), (self.pinpoint, None)])

    def test_not_http(self):
        server = harness.Answering(b"SSH-2.0-OpenSSH_9.2\r\n")
        self.addCleanup(server.stop)
        id = self.add("testtrick", **{"base-url": server.url})
        outcome = self.home.run("--json", "connection", "enable", id)
        self.assertIn(outcome.status, (1, 5), outcome)
        self.assert_sentence(outcome.error["message"])

    def test_invitation_forgotten_by_the_provider(self):
        self.connect()
        invitation = self.ctl("invite", self.candidate(email="forgotten@example.com")["id"], "--assessment",
                              self.assessment)
        self.sandbox.fault("testtrick", "test_status", "status:404")
        self.refused(6, "not-found", "invitation", "refresh", invitation["id"])


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
