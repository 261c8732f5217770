# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job with Coderbyte: its list, its locked invitee, looking up, reports with named scores and flags."""

import json
import time
import urllib.request

import harness

NO_ADD_ON = "sandbox-coderbyte-no-add-on"


class Coderbyte(harness.CtlTestCase):

    def setUp(self):
        super().setUp()
        self.sandbox.ask("DELETE", "/ledger")

    def tearDown(self):
        self.assertEqual(self.sandbox.ask("GET", "/ledger")["incidents"], [])

    def connect(self, **settings):
        self.pinpoint = self.add("pinpoint")
        self.coderbyte = self.add("coderbyte", **settings)
        self.ctl("connection", "enable", self.pinpoint)
        self.ctl("connection", "enable", self.coderbyte)
        self.ctl("sync")
        self.assessment = next(a["id"] for a in self.ctl("assessment", "list") if a["name"] == "Backend Engineer")

    def invite_elsewhere(self, email):
        """Another tool of the company invites."""
        base, key = self.sandbox.base_url("coderbyte"), self.sandbox.key("coderbyte")
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        listed = urllib.request.Request(base + "/organization/assessments", headers=headers)
        with urllib.request.urlopen(listed, timeout=harness.PATIENCE) as answer:
            test = next(a for a in json.load(answer)["data"]["assessments"] if a["display_name"] == "Backend Engineer")
        body = json.dumps({"candidates": [email], "assessment_url": test["public_url"]}).encode()
        urllib.request.urlopen(urllib.request.Request(base + "/organization/candidates/invite", body, headers),
                               timeout=harness.PATIENCE).close()

    def requests(self, operation):
        traffic = self.sandbox.ask("GET", "/ledger")["traffic"]
        return traffic.get("coderbyte", {}).get("requests", {}).get(operation, 0)

    def test_kind(self):
        kind = next(k for k in self.ctl("connection", "kinds") if k["id"] == "coderbyte")
        self.assertEqual(kind["role"], "provider")
        self.assertEqual(set(kind["capabilities"]), {"named-scores", "partial-results", "can-look-up", "flags"})
        self.assertEqual({s["name"] for s in kind["settings"]}, {"mode", "skip-send", "base-url"})
        self.assertEqual([s["name"] for s in kind["secrets"]], ["api-key"])

    def test_testing_a_connection(self):
        report = self.ctl("connection", "test", self.add("coderbyte"))
        self.assertIs(report["ok"], True)
        self.assertIs(report["permissions"][0]["granted"], True)

        self.refused(3, "unauthorized", "connection", "test", self.add("coderbyte", key="wrong"), prints=True)
        self.refused(3, "forbidden", "connection", "test", self.add("coderbyte", key=NO_ADD_ON), says="API add-on",
                     prints=True)
        elsewhere = self.sandbox.base_url("coderbyte") + "/v9"
        self.sandbox.ask("DELETE", "/ledger")
        self.refused(8, "invalid", "connection", "test", self.add("coderbyte", **{"base-url": elsewhere}),
                     says="base address", prints=True)
        # The wrong address is the test's own doing.
        self.sandbox.ask("DELETE", "/ledger")
        portal = harness.Answering(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
                                   b"Connection: close\r\n\r\n{}")
        self.addCleanup(portal.stop)
        outcome = self.home.run("--json", "connection", "test", self.add("coderbyte", **{"base-url": portal.url}))
        self.assertNotEqual(outcome.status, 0)
        self.assertIn("base address", outcome.error["message"])
        # No paging is known; a list that names a further page is said to be incomplete.
        body = b'{"status":"success","data":{"assessments":[],"next":"2"}}'
        paged = harness.Answering(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
                                  b"Connection: close\r\n\r\n%s" % (len(body), body))
        self.addCleanup(paged.stop)
        listing = self.ctl("connection", "test", self.add("coderbyte", **{"base-url": paged.url}))["permissions"][0]
        self.assertIs(listing["granted"], None)
        self.assertIn("further page", listing["remedy"])

    def test_the_whole_way(self):
        self.connect()
        names = [a["name"] for a in self.ctl("assessment", "list", self.coderbyte, "--refresh")]
        self.assertEqual(len(names), 3)
        self.assertNotIn("Front-end (archived)", names)

        person = self.candidate(email="Ada.Coder+x@example.com")
        invitation = self.ctl("invite", person["id"], "--assessment", self.assessment)
        self.assertEqual((invitation["status"], invitation["assessment_name"]), ("pending", "Backend Engineer"))
        self.assertEqual(self.sandbox.sent("Ada.Coder+x@example.com"), 1)
        self.assertEqual(self.ctl("invitation", "refresh", invitation["id"])["status"], "pending")

        self.sandbox.advance(100000)
        refreshed = self.ctl("invitation", "refresh", invitation["id"])
        self.assertEqual((refreshed["status"], refreshed["status_text"]), ("completed", "Submitted"))
        # Coderbyte names no scale.
        self.assertIsNone(refreshed["score"]["unit"])
        self.assertIsNone(refreshed["score"]["max"])
        scores = {score["name"]: score["value"] for score in refreshed["scores"]}
        self.assertEqual(set(scores), {"Challenge Score", "Multiple Choice Score", "Two Sum", "Rate Limiter"})
        self.assertIn("/report/user", refreshed["report_url"])
        self.assertEqual(self.ctl("invitation", "show", invitation["id"]), refreshed)

        again = self.refused(4, "duplicate", "invite", person["id"], "--assessment", self.assessment)
        self.assertIn("already", again["message"])
        self.assertEqual(self.sandbox.sent("Ada.Coder+x@example.com"), 1)

    def test_flags(self):
        """What Coderbyte suspects is shown, in its words."""
        self.connect()
        flags = []
        for n in range(12):
            person = self.candidate(email=f"flags{n}@example.com")
            invitation = self.ctl("invite", person["id"], "--assessment", self.assessment)
            self.sandbox.advance(1000)
            flags += self.ctl("invitation", "refresh", invitation["id"])["flags"]
            if "Cheating: Likely" in flags:
                break
        self.assertIn("Cheating: Likely", flags)
        self.assertIn("Suspicious activity", flags)

    def test_invited_by_another_tool(self):
        self.connect()
        person = self.candidate(email="elsewhere@example.com")
        self.invite_elsewhere("Elsewhere@Example.com")

        error = self.refused(4, "duplicate", "invite", person["id"], "--assessment", self.assessment)
        self.assertIn("Nothing was sent", error["message"])
        self.assertEqual(self.requests("invite"), 1)
        self.assertEqual(self.ctl("outbox", "list"), [])
        # It wasn't “you”.
        error = self.refused(4, "duplicate", "invite", person["id"], "--assessment", self.assessment)
        self.assertIn("by somebody else or another program", error["message"])
        self.assertEqual(self.requests("invite"), 1)

        # Its progress is followed all the same.
        invitation = self.ctl("invitation", "list", "--application", person["id"])[0]
        self.assertEqual((invitation["status"], invitation["status_text"]), ("unknown", "Already invited"))
        self.sandbox.advance(100000)
        refreshed = self.ctl("invitation", "refresh", invitation["id"])
        self.assertEqual(refreshed["status"], "completed")
        self.assertIsNone(refreshed["sent_at"])

    def test_name_and_address_are_the_ats_s(self):
        self.connect()
        person = self.candidate(email="locked@example.com")
        for option, value in (("--email", "other@example.com"), ("--first-name", "Other"), ("--last-name", "Other")):
            self.refused(8, "invalid", "invite", person["id"], "--assessment", self.assessment, option, value,
                         says="Coderbyte")
        self.assertEqual(self.requests("invite"), 0)

    def test_refused_address(self):
        self.connect()
        person = self.candidate(email="somebody@refused.example")
        error = self.refused(8, "invalid", "invite", person["id"], "--assessment", self.assessment,
                             says="Mail to this address is refused.")
        self.assertEqual(error["vendor_status"], 400)
        self.assertEqual(self.ctl("invitation", "list")[0]["status"], "failed")

    def test_lost_answer_that_arrived(self):
        self.connect()
        for kind in ("drop-after", "truncate", "wrong-type"):
            with self.subTest(kind=kind):
                email = f"arrived-{kind}@example.com"
                person = self.candidate(email=email)
                self.sandbox.fault("coderbyte", "invite", kind)
                self.assertEqual(self.ctl("invite", person["id"], "--assessment", self.assessment)["status"], "pending")
                self.assertEqual(self.sandbox.sent(email), 1)
                self.assertEqual(self.ctl("outbox", "list"), [])

    def test_lost_answer_that_did_not_arrive(self):
        """That somebody isn't listed proves nothing: a person decides."""
        self.connect()
        person = self.candidate(email="lost@example.com")
        self.sandbox.fault("coderbyte", "invite", "drop-before")
        self.refused(7, "unsure", "invite", person["id"], "--assessment", self.assessment)
        self.assertEqual(self.requests("invite"), 1)
        row = self.ctl("outbox", "list")[0]
        self.assertEqual(row["state"], "unsure")
        self.assertIn("doesn't list the invitation", row["evidence"])

        # Asking again in another process adds nothing, and sends nothing.
        self.ctl("outbox", "run")
        self.assertEqual(self.ctl("outbox", "list")[0]["evidence"], row["evidence"])
        self.assertEqual(self.requests("invite"), 1)

        self.ctl("outbox", "resolve", row["id"], "--as", "not-sent")
        self.assertEqual(self.ctl("outbox", "list"), [])
        self.assertEqual(self.sandbox.sent("lost@example.com"), 1)

    def test_arriving_late(self):
        """An unsure invitation that Coderbyte lists later settles itself."""
        self.connect()
        person = self.candidate(email="late@example.com")
        self.sandbox.fault("coderbyte", "invite", "drop-before")
        self.refused(7, "unsure", "invite", person["id"], "--assessment", self.assessment)
        self.invite_elsewhere("late@example.com")

        self.ctl("outbox", "run")
        self.assertEqual(self.ctl("outbox", "list"), [])
        self.assertEqual(self.ctl("invitation", "list")[0]["status"], "pending")

    def test_said_not_sent_but_it_was(self):
        """A person's mistake doesn't invite twice, where Coderbyte knows better."""
        self.connect()
        person = self.candidate(email="misjudged@example.com")
        self.sandbox.fault("coderbyte", "invite", "drop-before")
        self.refused(7, "unsure", "invite", person["id"], "--assessment", self.assessment)
        self.invite_elsewhere("misjudged@example.com")
        row = self.ctl("outbox", "list")[0]
        self.home.run("--json", "outbox", "resolve", row["id"], "--as", "not-sent")
        self.assertEqual(self.ctl("outbox", "list"), [])
        self.assertEqual(self.ctl("invitation", "list")[0]["status"], "pending")
        self.assertEqual(self.sandbox.sent("misjudged@example.com"), 1)

    def test_look_up_without_an_answer(self):
        """Nothing is sent on a guess."""
        self.connect()
        for kind in ("html", "wrong-type", "deep", "empty"):
            with self.subTest(kind=kind):
                email = f"guess-{kind}@example.com"
                person = self.candidate(email=email)
                self.sandbox.fault("coderbyte", "candidate", kind, times=0)
                self.refused(5, "unavailable", "invite", person["id"], "--assessment", self.assessment)
                self.assertEqual(self.sandbox.sent(email), 0)
                row = self.ctl("outbox", "list")[0]
                self.assertEqual((row["state"], row["attempts"]), ("queued", 0))
                self.sandbox.ask("DELETE", "/faults")
                self.assertEqual(self.ctl("outbox", "run"), {"done": 1, "left": []})
                self.assertEqual(self.sandbox.sent(email), 1)

    def test_killed_on_the_way(self):
        self.connect()
        person = self.candidate(email="killed@example.com")
        self.sandbox.fault("coderbyte", "invite", "stall", effect=True)
        process = self.home.start("--json", "invite", person["id"], "--assessment", self.assessment)
        deadline = time.monotonic() + harness.PATIENCE
        while self.sandbox.sent("killed@example.com") == 0:
            self.assertLess(time.monotonic(), deadline)
        process.kill()
        process.communicate()
        self.assertEqual(self.ctl("outbox", "list")[0]["state"], "sending")

        self.ctl("outbox", "run")
        self.assertEqual(self.ctl("outbox", "list"), [])
        self.assertEqual(self.ctl("invitation", "list")[0]["status"], "pending")
        self.assertEqual(self.sandbox.sent("killed@example.com"), 1)

    def test_look_up_that_must_wait(self):
        self.connect()
        person = self.candidate(email="patient@example.com")
        self.sandbox.fault("coderbyte", "candidate", "retry-after:3600")
        self.refused(5, "rate-limited", "invite", person["id"], "--assessment", self.assessment)
        self.assertEqual(self.requests("invite"), 0)
        self.assertEqual(self.ctl("outbox", "run"), {"done": 1, "left": []})
        self.assertEqual(self.sandbox.sent("patient@example.com"), 1)

    def test_unknown_candidates_as_404(self):
        self.connect()
        person = self.candidate(email="unheard-of@example.com")
        self.sandbox.fault("coderbyte", "candidate", "status:404")
        self.assertEqual(self.ctl("invite", person["id"], "--assessment", self.assessment)["status"], "pending")

    def test_link_to_hand_on(self):
        self.connect(**{"skip-send": "yes"})
        person = self.candidate(email="by-hand@example.com")
        invitation = self.ctl("invite", person["id"], "--assessment", self.assessment)
        shown = self.ctl("invitation", "refresh", invitation["id"])
        self.assertRegex(shown["link"], r"^https://coderbyte\.com/sl-candidate\?promo=")

    def test_several_share_one_list(self):
        self.connect()
        people = [self.candidate(email=f"bulk{n}@example.com") for n in range(3)]
        self.sandbox.ask("DELETE", "/ledger")
        self.ctl("invite", *(p["id"] for p in people), "--assessment", self.assessment)
        self.assertEqual((self.requests("candidate"), self.requests("list"), self.requests("invite")), (3, 1, 3))


if __name__ == "__main__":
    harness.main()
