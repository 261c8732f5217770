# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job with Codility: a link to hand on, its look-up, each task's score, and what a wrong set-up is told."""

import harness


class Codility(harness.CtlTestCase):

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
        self.codility = self.add("codility")
        self.ctl("connection", "enable", self.pinpoint)
        self.ctl("connection", "enable", self.codility)
        self.ctl("sync")
        self.assessments = {a["name"]: a["id"] for a in self.ctl("assessment", "list")}

    def set_status(self, email, status, score=0):
        id = next(i["id"] for i in self.sandbox.ask("GET", "/invitations") if i["email"] == email)
        self.sandbox.ask("POST", f"/invitations/{id}", {"status": status, "score": score})

    def test_kind(self):
        kind = next(k for k in self.ctl("connection", "kinds") if k["id"] == "codility")
        self.assertEqual([s["name"] for s in kind["settings"]], ["base-url"])
        self.assertEqual([s["name"] for s in kind["secrets"]], ["api-key"])
        self.assertEqual(set(kind["capabilities"]), {"edits-invitee", "named-scores", "can-look-up", "flags", "needs-hand-delivery"})

    def test_wrongly_set_up(self):
        self.expects_incidents = True
        base = self.sandbox.base_url("codility")
        self.assertIs(self.ctl("connection", "test", self.add("codility"))["ok"], True)
        self.refused(3, "unauthorized", "connection", "test", self.add("codility", key="wrong"), prints=True,
                     says="Codility refuses the access token. Copy it again from the application")
        for wrong in (base + "/v2", base.removesuffix("/api")):
            self.refused(8, "invalid", "connection", "test", self.add("codility", **{"base-url": wrong}),
                         says="Check the base address in the settings", prints=True)

    def test_main_job(self):
        self.connect()
        self.assertEqual(set(self.assessments), {"Python engineer", "Database reading", "C programmer"})

        person = self.candidate(email="ada@example.com")
        invitation = self.ctl("invite", person["id"], "--assessment", self.assessments["C programmer"])
        self.assertEqual(invitation["status"], "pending")
        self.assertRegex(invitation["link"], r"^https://app\.codility\.example/test/M\d+-7EC/$")
        self.assertEqual(self.sandbox.sent("ada@example.com"), 1)
        self.refused(4, "duplicate", "invite", person["id"], "--assessment", self.assessments["C programmer"])

        self.set_status("ada@example.com", "in_progress")
        begun = self.ctl("invitation", "refresh", invitation["id"])
        self.assertEqual((begun["status"], begun["score"]), ("in-progress", None))

        self.set_status("ada@example.com", "complete", 64)
        done = self.ctl("invitation", "refresh", invitation["id"])
        self.assertEqual((done["status"], done["score"]["value"], done["score"]["max"]), ("completed", 64, 100))
        self.assertEqual([s["name"] for s in done["scores"]], ["MissingInteger", "BinaryGap", "TreeHeight"])
        self.assertEqual(self.sandbox.sent("ada@example.com"), 1)

    def test_known_there(self):
        """Codility would take somebody twice, so that it is asked first."""
        self.connect()
        for name in ("ben", "cleo", "dora"):
            person = self.candidate(email=f"{name}@example.com")
            self.ctl("invite", person["id"], "--assessment", self.assessments["C programmer"])
        self.home = harness.Home()
        self.addCleanup(self.home.remove)
        self.connect()
        again = next(a for a in self.ctl("application", "list") if a["remote_id"] == person["remote_id"])
        self.refused(4, "duplicate", "invite", again["id"], "--assessment", self.assessments["C programmer"],
                     says="by another way than Assay")
        self.assertEqual(self.sandbox.sent("dora@example.com"), 1)


if __name__ == "__main__":
    harness.main()
