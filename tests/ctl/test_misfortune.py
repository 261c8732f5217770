# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong at the vendors: nothing is lost, nothing is sent twice, and it is said."""

import json
import signal

import harness


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

    def test_removals(self):
        """More than a tenth that is gone: all are kept until somebody says that they are."""
        self.connect()
        before = self.ctl("application", "list", "--limit", "1000")
        gone = before[:len(before) // 5]
        for application in gone:
            self.sandbox.ask("DELETE", f"/applications/{application['remote_id']}")
        self.assertEqual(self.ctl("connection", "show", self.pinpoint)["removals"], 0)
        self.refused(2, "usage", "sync", "--accept-removals")
        self.refused(7, "removals", "sync", self.pinpoint, "--full")
        shown = self.ctl("connection", "show", self.pinpoint)
        self.assertEqual((shown["state"], shown["reason_code"], shown["removals"]), ("enabled", "removals", len(gone)))
        self.assert_sentence(shown["reason"])
        self.assert_sentence(shown["remedy"])
        # What goes on otherwise leaves the question, and all data, as they are.
        self.ctl("sync")
        self.assertEqual(self.ctl("connection", "list")[0]["removals"], len(gone))
        self.assertEqual(len(self.ctl("application", "list", "--limit", "1000")), len(before))

        report = self.ctl("sync", self.pinpoint, "--accept-removals")["connections"][0]
        self.assertEqual(report["removed"], len(gone))
        self.assertEqual(self.ctl("connection", "show", self.pinpoint)["removals"], 0)
        self.assertEqual(self.ctl("sync", "--full")["connections"][0]["removed"], 0)

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


if __name__ == "__main__":
    harness.main()
