# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job with HackerRank: its list, a deadline, sending again, cancelling, a retake, scores and flags."""

import datetime
import json

import harness

NO_TESTS = "sandbox-hackerrank-no-tests"


def in_days(days):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)).date().isoformat()


class Hackerrank(harness.CtlTestCase):
    sandbox_options = ("--jobs", "2", "--applications", "4")

    def setUp(self):
        super().setUp()
        self.sandbox.ask("DELETE", "/ledger")

    def tearDown(self):
        ledger = self.sandbox.ask("GET", "/ledger")
        self.assertEqual(ledger["incidents"], [])
        self.assertEqual([i["email"] for i in ledger["invitations"] if i["count"] > 1], [])

    def connect(self, **settings):
        self.pinpoint = self.add("pinpoint")
        self.hackerrank = self.add("hackerrank", **settings)
        self.ctl("connection", "enable", self.pinpoint)
        self.ctl("connection", "enable", self.hackerrank)
        self.ctl("sync")
        self.assessment = next(a["id"] for a in self.ctl("assessment", "list") if a["name"] == "Java Challenge")

    def writes(self, operation):
        return [json.loads(w["body"] or "{}") for w in self.sandbox.ask("GET", "/ledger")["writes"]
                if w["vendor"] == "hackerrank" and w["operation"] == operation]

    def invited(self, email, *options):
        person = self.candidate(email=email)
        return person, self.ctl("invite", person["id"], "--assessment", self.assessment, *options)

    def become(self, invitation, status, **fields):
        """The candidate does something; the clock stays, since deadlines are held against it."""
        self.sandbox.ask("POST", "/invitations/" + invitation["remote_id"].split("/")[1], {"status": status, **fields})

    def test_kind(self):
        kind = next(k for k in self.ctl("connection", "kinds") if k["id"] == "hackerrank")
        self.assertEqual(kind["role"], "provider")
        self.assertEqual(set(kind["capabilities"]),
                         {"edits-invitee", "reports-percent", "named-scores", "can-resend", "can-cancel", "can-look-up",
                          "can-retake", "flags", "deadline"})
        self.assertEqual({s["name"] for s in kind["settings"]}, {"send-email", "base-url"})
        self.assertEqual([s["name"] for s in kind["secrets"]], ["api-key"])

    def test_testing_a_connection(self):
        self.assertIs(self.ctl("connection", "test", self.add("hackerrank"))["ok"], True)
        self.refused(3, "unauthorized", "connection", "test", self.add("hackerrank", key="wrong"), prints=True)
        self.refused(3, "forbidden", "connection", "test", self.add("hackerrank", key=NO_TESTS), prints=True)
        elsewhere = self.sandbox.base_url("hackerrank") + "/v9"
        self.refused(8, "invalid", "connection", "test", self.add("hackerrank", **{"base-url": elsewhere}),
                     says="base address", prints=True)
        # The wrong address is the test's own doing.
        self.sandbox.ask("DELETE", "/ledger")

    def test_the_whole_way(self):
        self.connect()
        names = [a["name"] for a in self.ctl("assessment", "list", self.hackerrank, "--refresh")]
        self.assertEqual(sorted(names), ["Java Challenge", "SQL (Advanced)", "Site Reliability"])

        person, invitation = self.invited("Ada.Coder@example.com", "--first-name", "Augusta")
        self.assertEqual((invitation["status"], invitation["assessment_name"]), ("pending", "Java Challenge"))
        self.assertIsNone(invitation["deadline"])
        self.assertEqual(self.ctl("invitation", "refresh", invitation["id"])["status_text"], "Invited")
        self.become(invitation, "complete", score=64)
        done = self.ctl("invitation", "refresh", invitation["id"])
        self.assertEqual((done["status"], done["status_text"]), ("completed", "Report ready"))
        self.assertEqual(done["score"], {"value": 64, "max": 100, "unit": "percent"})
        self.assertEqual({score["name"] for score in done["scores"]},
                         {"Points", "Java", "Collections", "Concurrency", "Problem Solving (Basic)"})
        self.assertTrue(done["report_url"].endswith("/report"))
        self.assertEqual(self.ctl("invitation", "show", invitation["id"]), done)
        # No link and no report's key is left anywhere.
        self.assertEqual(self.home.files_with("authkey"), [])

        for command in ("resend", "cancel"):
            self.refused(8, "invalid", "invitation", command, invitation["id"], says="over")
        self.refused(4, "duplicate", "invite", person["id"], "--assessment", self.assessment)
        self.assertEqual(self.sandbox.sent("Ada.Coder@example.com"), 1)

    def test_deadline(self):
        self.connect()
        day = in_days(10)
        _, invitation = self.invited("dora@example.com", "--deadline", day)
        self.assertEqual(invitation["deadline"], day + "T23:59:59Z")
        shown = self.ctl("invitation", "refresh", invitation["id"])
        self.assertEqual((shown["status"], shown["deadline"]), ("pending", day + "T23:59:59Z"))
        self.assertIn("Valid until", self.home.run("invitation", "show", invitation["id"]).out)

        # Its time is over: nobody sends it again, but it may be taken again.
        self.become(invitation, "expired")
        self.assertEqual(self.ctl("invitation", "refresh", invitation["id"])["status"], "expired")

        person = self.candidate(email="late@example.com")
        for wrong, code, status in (("2020-01-01", "invalid", 8), ("tomorrow", "usage", 2), ("2026-13-01", "usage", 2),
                                    ("2026-1-1", "usage", 2), ("", "usage", 2)):
            self.refused(status, code, "invite", person["id"], "--assessment", self.assessment, "--deadline", wrong)
        self.refused(8, "invalid", "invite", person["id"], "--assessment", self.assessment, "--deadline", "2020-01-01",
                     "--dry-run")
        moment = in_days(3) + "T12:00:00+02:00"
        invitation = self.ctl("invite", person["id"], "--assessment", self.assessment, "--deadline", moment)
        self.assertEqual(invitation["deadline"], in_days(3) + "T10:00:00Z")

    def test_deadline_of_a_provider_without_one(self):
        self.connect()
        testtrick = self.add("testtrick")
        self.ctl("connection", "enable", testtrick)
        other = self.ctl("assessment", "list", testtrick)[0]["id"]
        person = self.candidate(email="nodeadline@example.com")
        self.refused(8, "invalid", "invite", person["id"], "--assessment", other, "--deadline", in_days(3),
                     says="TestTrick takes no deadline")

    def test_sending_again(self):
        self.connect()
        day = in_days(5)
        _, invitation = self.invited("again@example.com", "--deadline", day)
        for _ in range(2):
            resent = self.ctl("invitation", "resend", invitation["id"])
        self.assertEqual(resent["status"], "pending")
        said = [event["status_text"] for event in resent["history"] if event["source"] == "outbox"]
        self.assertEqual(said.count("The invitation was sent again."), 2)
        self.assertEqual([(b["force"], b["send_email"], b["invite_valid_to"]) for b in self.writes("resend")],
                         [(True, True, day + "T23:59:59+00:00")] * 2)
        self.assertEqual(self.sandbox.sent("again@example.com"), 1)
        self.assertEqual(self.ctl("outbox", "list"), [])

        # A lost answer: nobody mails a third time until somebody says so.
        self.sandbox.ask("POST", "/faults", {"vendor": "hackerrank", "operation": "invite", "kind": "drop-before", "times": 1})
        self.refused(7, "unsure", "invitation", "resend", invitation["id"])
        row = self.ctl("outbox", "list")[0]
        self.assertEqual((row["kind"], row["state"]), ("resend", "unsure"))
        self.ctl("outbox", "resolve", row["id"], "--as", "not-sent")
        self.assertEqual(len(self.writes("resend")), 3)
        self.assertEqual(self.ctl("invitation", "show", invitation["id"])["status"], "pending")

    def test_cancelling_and_a_retake(self):
        self.connect()
        person, invitation = self.invited("retake@example.com")
        self.assertEqual(self.ctl("invitation", "cancel", invitation["id"])["status"], "cancelled")
        self.assertEqual(len(self.writes("cancel")), 1)
        self.refused(8, "invalid", "invitation", "cancel", invitation["id"], says="over")
        self.refused(4, "duplicate", "invite", person["id"], "--assessment", self.assessment)

        second = self.ctl("invite", person["id"], "--assessment", self.assessment, "--again")
        self.assertEqual(second["status"], "pending")
        self.assertNotEqual(second["remote_id"], invitation["remote_id"])
        # One at a time.
        self.become(second, "complete")
        self.assertEqual(self.ctl("invitation", "refresh", second["id"])["status"], "completed")
        third = self.ctl("invite", person["id"], "--assessment", self.assessment, "--again", "--deadline", in_days(4))
        self.assertEqual(third["status"], "pending")
        self.assertEqual([b.get("force_reattempt") for b in self.writes("retake")], [True, True])
        self.assertEqual([i["status"] for i in self.ctl("invitation", "list", "--application", person["id"])],
                         ["pending", "completed", "cancelled"])

        # Of a retake whose answer was lost, that the person is listed says nothing.
        self.become(third, "complete")
        self.ctl("invitation", "refresh", third["id"])
        self.sandbox.ask("POST", "/faults", {"vendor": "hackerrank", "operation": "invite", "kind": "drop-before", "times": 1})
        self.refused(7, "unsure", "invite", person["id"], "--assessment", self.assessment, "--again")
        row = self.ctl("outbox", "list")[0]
        self.assertEqual(self.ctl("outbox", "run")["done"], 0)
        self.assertEqual(self.ctl("outbox", "list")[0]["state"], "unsure")
        self.ctl("outbox", "resolve", row["id"], "--as", "not-sent")
        self.assertEqual(self.ctl("invitation", "show", row["invitation"])["status"], "pending")
        self.assertEqual(len(self.writes("retake")), 3)

    def test_a_retake_that_is_refused(self):
        self.connect()
        person, invitation = self.invited("norety@example.com")
        self.become(invitation, "complete")
        self.ctl("invitation", "refresh", invitation["id"])
        self.sandbox.ask("POST", "/faults", {"vendor": "hackerrank", "operation": "invite", "kind": "status:409", "times": 1})
        self.refused(4, "duplicate", "invite", person["id"], "--assessment", self.assessment, "--again")
        newest = self.ctl("invitation", "list", "--application", person["id"])[0]
        self.assertEqual(newest["status"], "failed")
        # Nothing came of it, so that it may be tried once more.
        self.assertEqual(self.ctl("invite", person["id"], "--assessment", self.assessment, "--again")["status"], "pending")

    def test_cancelling_what_was_begun(self):
        self.connect()
        _, invitation = self.invited("begun@example.com")
        self.become(invitation, "in_progress")
        # What is known here is older than that.
        self.refused(8, "invalid", "invitation", "cancel", invitation["id"], says="begun")
        self.assertEqual(self.writes("cancel"), [])
        # The application isn't gone because a provider says no.
        self.assertEqual(len(self.ctl("application", "list", "--search", "begun@example.com")), 1)

    def test_an_invitation_that_is_gone(self):
        self.connect()
        person, invitation = self.invited("gone@example.com")
        self.sandbox.ask("POST", "/faults", {"vendor": "hackerrank", "operation": "candidate", "kind": "status:404",
                                             "times": 1})
        self.refused(6, "not-found", "invitation", "resend", invitation["id"])
        self.assertEqual([a["id"] for a in self.ctl("application", "list", "--search", "gone@example.com")], [person["id"]])

    def test_without_mail(self):
        self.connect(**{"send-email": "no"})
        _, invitation = self.invited("link@example.com")
        self.assertIn("/tests/1801001/login", invitation["link"])
        self.refused(8, "invalid", "invitation", "resend", invitation["id"], says="HackerRank")

    def test_bulk_with_a_deadline(self):
        self.connect()
        people = [self.candidate(email=f"bulk{n}@example.com") for n in range(3)]
        path = self.home.path / "people.csv"
        path.write_text("email\n" + "".join(p["email"] + "\n" for p in people), encoding="utf-8")
        self.ctl("invite", "--from-csv", path, "--assessment", self.assessment, "--deadline", in_days(7), "--no-wait")
        self.ctl("outbox", "run")
        listed = self.ctl("invitation", "list")
        self.assertEqual([(i["status"], i["deadline"]) for i in listed], [("pending", in_days(7) + "T23:59:59Z")] * 3)


if __name__ == "__main__":
    harness.main()
