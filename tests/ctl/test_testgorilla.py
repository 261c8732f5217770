# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job with TestGorilla: its look-up, each test's score, sending again, and what a wrong set-up is told."""

import harness


class TestGorilla(harness.CtlTestCase):

    sandbox_options = ("--jobs", "2", "--applications", "4")

    def setUp(self):
        super().setUp()
        self.sandbox.ask("DELETE", "/ledger")
        self.expects_incidents = False

    def tearDown(self):
        if not self.expects_incidents:
            self.assertEqual(self.sandbox.ask("GET", "/ledger")["incidents"], [])

    def connect(self):
        self.pinpoint = self.add("pinpoint")
        self.testgorilla = self.add("testgorilla")
        self.ctl("connection", "enable", self.pinpoint)
        self.ctl("connection", "enable", self.testgorilla)
        self.ctl("sync")
        self.assessments = {a["name"]: a["id"] for a in self.ctl("assessment", "list")}

    def set_status(self, email, status, score=0):
        id = next(i["id"] for i in self.sandbox.ask("GET", "/invitations") if i["email"] == email)
        self.sandbox.ask("POST", f"/invitations/{id}", {"status": status, "score": score})

    def requests(self, operation):
        traffic = self.sandbox.ask("GET", "/ledger")["traffic"]
        return traffic.get("testgorilla", {}).get("requests", {}).get(operation, 0)

    def test_kind(self):
        kind = next(k for k in self.ctl("connection", "kinds") if k["id"] == "testgorilla")
        self.assertEqual([s["name"] for s in kind["settings"]], ["base-url"])
        self.assertEqual([s["name"] for s in kind["secrets"]], ["api-key"])
        self.assertEqual(set(kind["capabilities"]),
                         {"edits-invitee", "named-scores", "partial-results", "can-resend", "can-look-up"})

    def test_wrongly_set_up(self):
        self.expects_incidents = True
        base = self.sandbox.base_url("testgorilla")
        self.assertIs(self.ctl("connection", "test", self.add("testgorilla"))["ok"], True)
        self.refused(3, "unauthorized", "connection", "test", self.add("testgorilla", key="wrong"), prints=True,
                     says="TestGorilla refuses the key. Copy it again from the integration's window")
        for wrong in (base + "/v2", base.removesuffix("/api")):
            self.refused(8, "invalid", "connection", "test", self.add("testgorilla", **{"base-url": wrong}),
                         says="Check the base address in the settings", prints=True)

    def test_main_job(self):
        self.connect()
        # One that nobody was invited to yet is "new" at TestGorilla, and can be sent; one that is archived can't.
        self.assertEqual(set(self.assessments), {"Customer support", "Python developer", "Team lead", "Bookkeeper"})

        person = self.candidate(email="ada@example.com")
        invitation = self.ctl("invite", person["id"], "--assessment", self.assessments["Team lead"])
        self.assertEqual(invitation["status"], "pending")
        self.assertEqual(self.sandbox.sent("ada@example.com"), 1)
        self.refused(4, "duplicate", "invite", person["id"], "--assessment", self.assessments["Team lead"])

        self.set_status("ada@example.com", "in_progress")
        begun = self.ctl("invitation", "refresh", invitation["id"])
        self.assertEqual((begun["status"], begun["score"]), ("in-progress", None))
        self.assertEqual([s["name"] for s in begun["scores"]], ["Communication"])

        self.set_status("ada@example.com", "complete", 64)
        done = self.ctl("invitation", "refresh", invitation["id"])
        self.assertEqual((done["status"], done["score"]["value"]), ("completed", 64))
        self.assertEqual([s["name"] for s in done["scores"]], ["Communication", "Problem solving", "Custom questions"])
        self.assertNotIn("invitation_uuid", str(self.ctl("invitation", "show", invitation["id"])))
        self.assertEqual(self.sandbox.sent("ada@example.com"), 1)

    def test_sending_again(self):
        self.connect()
        person = self.candidate(email="ben@example.com")
        invitation = self.ctl("invite", person["id"], "--assessment", self.assessments["Bookkeeper"])
        self.ctl("invitation", "resend", invitation["id"])
        self.assertEqual(self.requests("resend"), 1)
        self.assertEqual(self.requests("invite"), 1)
        self.refused(8, "invalid", "invitation", "cancel", invitation["id"])

    def test_known_there(self):
        """Who was invited in TestGorilla itself isn't invited again."""
        self.connect()
        first = self.candidate(email="eva@example.com")
        self.ctl("invite", first["id"], "--assessment", self.assessments["Bookkeeper"])
        self.home = harness.Home()
        self.addCleanup(self.home.remove)
        self.connect()
        again = next(a for a in self.ctl("application", "list") if a["remote_id"] == first["remote_id"])
        self.refused(4, "duplicate", "invite", again["id"], "--assessment", self.assessments["Bookkeeper"],
                     says="by another way than Assay")
        self.assertEqual(self.sandbox.sent("eva@example.com"), 1)


if __name__ == "__main__":
    harness.main()
