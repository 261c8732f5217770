# SPDX-License-Identifier: GPL-3.0-or-later
"""Kombo from outside: another ATS behind it, its answers that aren't about the data, and its first to last step."""

import harness

INTEGRATION = "greenhouse:SandboxSandboxSandbox001"


class Kombo(harness.CtlTestCase):
    sandbox_options = ("--jobs", "4", "--applications", "40")

    def setUp(self):
        super().setUp()
        self.answer("")
        self.sandbox.ask("DELETE", "/ledger")

    def answer(self, code, **more):
        """From now on Kombo fails with that code; "" ends it."""
        self.sandbox.ask("POST", "/settings", {"vendor": "kombo", "code": code, **more})

    def kombo(self, key=None, **settings):
        return self.add("kombo", key=key, **{"integration": INTEGRATION, **settings})

    def connect_kombo(self):
        self.id = self.kombo()
        self.ctl("connection", "enable", self.id)
        return self.ctl("sync", self.id)["connections"][0]

    def incidents(self):
        return [i for i in self.sandbox.ask("GET", "/ledger")["incidents"] if i["vendor"] == "kombo"]

    def test_kind(self):
        kind = {kind["id"]: kind for kind in self.ctl("connection", "kinds")}["kombo"]
        self.assertEqual((kind["name"], kind["role"]), ("Kombo", "ats"))
        self.assertEqual([s["name"] for s in kind["settings"] if s["required"]], ["integration"])
        self.assertEqual([s["name"] for s in kind["secrets"]], ["api-key", "webhook-secret"])
        self.assertIn("account of your own", kind["summary"])

    def test_what_is_wrong_is_told(self):
        base = self.sandbox.base_url("kombo")
        for key, settings, status, code, says in (
                ("wrong", {}, 3, "unauthorized", "Kombo refuses the key"),
                (None, {"base-url": base[:-3]}, 8, "invalid", "the end “/v1” belongs to it"),
                (None, {"base-url": self.sandbox.control}, 8, "invalid", "https://api.kombo.dev/v1"),
                (None, {"integration": "greenhouse:SandboxSandboxSandbox999"}, 8, "invalid", "doesn't know the integration"),
                (None, {"integration": "greenhouse:short"}, 8, "invalid", "24 characters"),
                ("sandbox-kombo-no-jobs", {}, 3, "forbidden", "“Get jobs”"),
                ("sandbox-kombo-no-applications", {}, 3, "forbidden", "“Get applications”")):
            with self.subTest(says):
                id = self.kombo(key=key, **settings)
                error = self.refused(status, code, "connection", "test", id, says=says,
                                     prints="24" not in says)
                if code == "forbidden":
                    missing = [p["name"] for p in error["report"]["permissions"] if p["granted"] is False]
                    self.assertEqual(missing, [says.strip("“”")])
        self.assertEqual(self.incidents(), [])

    def test_codes(self):
        """Each of Kombo's documented codes, with whatever status, is one sentence and what can be done about it."""
        id = self.kombo()
        for code, status, name, says in (
                ("PLATFORM.IP_NOT_WHITELISTED", 3, "forbidden", "computer's network"),
                ("PLATFORM.TASK_TIMED_OUT", 5, "unavailable", "Try again later"),
                ("PLATFORM.CONCURRENCY_LIMIT_EXCEEDED", 5, "rate-limited", "fewer requests at a time"),
                ("INTEGRATION.AUTHENTICATION_INVALID", 3, "forbidden", "Reconnect the integration"),
                ("INTEGRATION.INACTIVE", 3, "forbidden", "switched off in Kombo"),
                ("INTEGRATION.QA_FAILED", 3, "forbidden", "Kombo's own check"),
                ("INTEGRATION.SETUP_INCOMPLETE", 3, "forbidden", "connection flow"),
                ("INTEGRATION.SETUP_SYNC_PENDING", 5, "unavailable", "for the first time"),
                ("INTEGRATION.MODEL_NOT_AVAILABLE", 8, "invalid", "Kombo can't do “Get jobs”"),
                ("REMOTE.UNKNOWN_HTTP_ERROR", 5, "unavailable", "behind Kombo")):
            # 200 is what a careless server sends with a failure's envelope.
            for http in (400, 200) if code.endswith("PENDING") else (400,):
                with self.subTest(code, http=http):
                    self.answer(code, status=http)
                    error = self.refused(status, name, "connection", "test", id, says=says, prints=True)
                    self.assertEqual({p["granted"] for p in error["report"]["permissions"]}, {None})

    def test_the_main_job(self):
        """Somebody behind Kombo is invited by TestTrick, and completes."""
        found = self.connect_kombo()
        self.assertEqual(found["applications"], 40)
        jobs = self.ctl("job", "list", "--connection", self.id)
        self.assertEqual(len(jobs), 4)
        self.assertTrue(any(job["open"] for job in jobs))

        testtrick = self.add("testtrick")
        self.ctl("connection", "enable", testtrick)
        assessment = self.ctl("assessment", "list")[0]["id"]
        remote = self.sandbox.arrive(email="ada.kombo@example.test", first_name="Ada", last_name="Kombo")
        self.ctl("sync")
        ada, = self.ctl("application", "list", "--search", "ada.kombo@example.test")
        self.assertTrue(ada["remote_id"].endswith(str(remote["id"])))

        invitation = self.ctl("invite", ada["id"], "--assessment", assessment)
        self.assertEqual(self.sandbox.sent("ada.kombo@example.test"), 1)
        self.sandbox.advance(100000)
        done = self.ctl("invitation", "refresh", invitation["id"])
        self.assertEqual((done["status"], done["email"]), ("completed", "ada.kombo@example.test"))
        self.assertIsNotNone(done["score"])
        self.assertEqual(self.incidents(), [])

    def test_pages_and_those_who_are_deleted(self):
        self.sandbox.ask("POST", "/settings", {"vendor": "kombo", "page": 7})
        self.addCleanup(self.sandbox.ask, "POST", "/settings", {"vendor": "kombo", "page": 250})
        before = self.connect_kombo()["applications"]
        remote = self.sandbox.arrive(email="gone@example.test")
        self.ctl("sync")
        self.assertEqual(len(self.ctl("application", "list", "--search", "gone@example.test")), 1)
        self.sandbox.ask("DELETE", f"/applications/{remote['id']}")
        self.ctl("sync")
        gone, = self.ctl("application", "list", "--search", "gone@example.test")
        self.assertIs(gone["gone"], True)
        self.assertEqual(self.ctl("sync", "--full", self.id)["connections"][0]["applications"], before)
        self.assertEqual(self.incidents(), [])


if __name__ == "__main__":
    harness.main()
