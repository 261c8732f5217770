# SPDX-License-Identifier: GPL-3.0-or-later
"""TestTrick by its other profiles, as a plugin and by hand; entering results; what a wrong set-up is told."""

import harness

LINKS = "Java developer=https://tests.example/j; Sales=https://tests.example/s?a=1;b=2"


class TestTrick(harness.CtlTestCase):

    def setUp(self):
        super().setUp()
        self.sandbox.ask("DELETE", "/ledger")
        self.expects_incidents = False

    def tearDown(self):
        if not self.expects_incidents:
            self.assertEqual(self.sandbox.ask("GET", "/ledger")["incidents"], [])

    def mount(self, name):
        return self.sandbox.base_url("testtrick").removesuffix("/partner") + name

    def pinpoint_too(self):
        self.pinpoint = self.add("pinpoint")
        self.ctl("connection", "enable", self.pinpoint)
        self.ctl("sync")

    def add_manual(self, links=LINKS):
        return self.ctl("connection", "add", "testtrick", "--name", "By hand", "--set", "profile=manual",
                        "--set", f"assessments={links}")["id"]

    def traffic(self):
        return self.sandbox.ask("GET", "/ledger")["traffic"].get("testtrick", {}).get("requests", {})

    def test_by_hand(self):
        self.pinpoint_too()
        manual = self.add_manual()
        self.assertIs(self.ctl("connection", "test", manual)["ok"], True)
        self.ctl("connection", "enable", manual)
        listed = {a["name"]: a for a in self.ctl("assessment", "list", manual, "--refresh")}
        self.assertEqual(set(listed), {"Java developer", "Sales"})
        self.assertEqual(listed["Sales"]["remote_id"], "https://tests.example/s?a=1;b=2")

        person = self.candidate(email="by-hand@example.com")
        invitation = self.ctl("invite", person["id"], "--assessment", listed["Sales"]["id"])
        self.assertEqual(invitation["status"], "pending")
        self.assertEqual(invitation["link"], "https://tests.example/s?a=1;b=2")
        self.assertEqual(self.traffic(), {})

        # Once only, here too.
        self.refused(4, "duplicate", "invite", person["id"], "--assessment", listed["Sales"]["id"])

        # It can't be asked, and a person says how far it is.
        outcome = self.home.run("--json", "invitation", "refresh", invitation["id"])
        self.assertNotEqual(outcome.status, 0)
        self.assertIn("enter", outcome.error["message"])
        begun = self.ctl("invitation", "set-status", invitation["id"], "--status", "in-progress")
        self.assertEqual((begun["status"], begun["score"]), ("in-progress", None))
        done = self.ctl("invitation", "set-status", invitation["id"], "--status", "completed", "--score", "84",
                        "--percent", "--report-url", "https://tests.example/report/1")
        self.assertEqual(done["status"], "completed")
        self.assertEqual((done["score"]["value"], done["score"]["max"], done["score"]["unit"]), (84, 100, "percent"))
        self.assertEqual(done["report_url"], "https://tests.example/report/1")
        self.assertIsNotNone(done["completed_at"])
        self.assertEqual([e["source"] for e in done["history"]][-2:], ["hand", "hand"])
        self.assertEqual(self.ctl("invitation", "show", invitation["id"]), done)
        # A slip can be taken back.
        back = self.ctl("invitation", "set-status", invitation["id"], "--status", "pending")
        self.assertEqual((back["status"], back["score"], back["completed_at"]), ("pending", None, None))
        self.assertEqual(self.traffic(), {})

    def test_wrong_entries(self):
        self.pinpoint_too()
        manual = self.add_manual()
        self.ctl("connection", "enable", manual)
        assessment = self.ctl("assessment", "list", manual, "--refresh")[0]["id"]
        person = self.candidate(email="slips@example.com")
        id = self.ctl("invite", person["id"], "--assessment", assessment)["id"]
        for words in ((), ("--status", "finished"), ("--status", "completed", "--score", "many"),
                      ("--status", "completed", "--score", "-1"),
                      ("--status", "completed", "--report-url", "ftp://tests.example/1")):
            self.refused(2, "usage", "invitation", "set-status", id, *words)
        self.refused(8, "invalid", "invitation", "set-status", id, "--status", "unsure")
        self.assertEqual(self.ctl("invitation", "show", id)["status"], "pending")

    def test_refused_where_the_provider_tells(self):
        self.connect()
        person = self.candidate(email="told@example.com")
        id = self.ctl("invite", person["id"], "--assessment", self.assessment)["id"]
        self.refused(8, "invalid", "invitation", "set-status", id, "--status", "completed", says="by itself")
        self.assertEqual(self.ctl("invitation", "show", id)["status"], "pending")

    def test_settings_of_a_profile(self):
        for links in ("Java", "=https://tests.example/j", "Java=javascript:alert(1)", "Java=tests.example/j", "; ",
                      "A=https://tests.example/j; A=https://tests.example/k",
                      "A=https://tests.example/j; B=https://tests.example/j"):
            self.refused(8, "invalid", "connection", "add", "testtrick", "--set", "profile=manual", "--set",
                         f"assessments={links}")
        # What a profile needs is asked for with it alone.
        self.refused(8, "invalid", "connection", "add", "testtrick", "--set", "profile=manual", says="Assessments")
        self.refused(8, "invalid", "connection", "add", "testtrick", "--set", "profile=plugin", says="Base address")
        self.refused(8, "invalid", "connection", "add", "testtrick", says="Base address")

    def test_as_a_plugin(self):
        self.pinpoint_too()
        plugin = self.add("testtrick", **{"profile": "plugin", "base-url": self.mount("/plugin")})
        self.assertIs(self.ctl("connection", "test", plugin)["ok"], True)
        self.ctl("connection", "enable", plugin)
        listed = {a["name"]: a["id"] for a in self.ctl("assessment", "list", plugin, "--refresh")}
        self.assertEqual(len(listed), 12)

        person = self.candidate(email="plugin@example.com")
        invitation = self.ctl("invite", person["id"], "--assessment", listed["Attention to Detail"], "--last-name",
                              "Other")
        self.assertEqual(invitation["status"], "pending")
        self.assertIn("/reports/", invitation["report_url"])
        self.assertEqual(self.sandbox.sent("plugin@example.com"), 1)
        self.refused(4, "duplicate", "invite", person["id"], "--assessment", listed["Attention to Detail"])
        done = self.ctl("invitation", "set-status", invitation["id"], "--status", "completed", "--score", "71",
                        "--percent")
        self.assertEqual((done["status"], done["score"]["value"]), ("completed", 71))
        self.assertIn("/reports/", done["report_url"])

    def test_a_lost_answer_of_a_plugin(self):
        self.pinpoint_too()
        plugin = self.add("testtrick", **{"profile": "plugin", "base-url": self.mount("/plugin")})
        self.ctl("connection", "enable", plugin)
        assessment = self.ctl("assessment", "list", plugin, "--refresh")[0]["id"]
        person = self.candidate(email="lost-plugin@example.com")
        self.sandbox.fault("testtrick", "plugin-submit", "drop-after", times=1)
        outcome = self.home.run("--json", "invite", person["id"], "--assessment", assessment)
        self.assertNotEqual(outcome.status, 0)
        self.assertEqual(self.ctl("invitation", "list", "--application", person["id"])[0]["status"], "unsure")
        self.ctl("outbox", "run")
        self.assertEqual(self.sandbox.sent("lost-plugin@example.com"), 1)
        self.assertEqual(self.traffic()["plugin-submit"], 1)

    def test_what_is_wrong(self):
        """Each wrong set-up is told apart, in words."""
        self.expects_incidents = True
        page = harness.Answering(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\n"
                                 b"Connection: close\r\n\r\n<html>Hi</html>")
        self.addCleanup(page.stop)
        other = harness.Answering(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\n"
                                  b"Connection: close\r\n\r\n{\"tests\":[]}")
        self.addCleanup(other.stop)
        partner, plugin = self.mount("/partner"), self.mount("/plugin")
        cases = (
            ({"base-url": self.mount("/partners")}, None, "nothing at “list_tests”"),
            ({"base-url": partner, "list-path": "tests"}, None, "path of the list"),
            ({"base-url": plugin}, None, "profile “plugin”"),
            ({"base-url": self.mount("/partner-bearer")}, None, "takes it as “bearer”"),
            ({"base-url": self.mount("/partner-header")}, None, "takes it as “header:X-API-Key”"),
            ({"base-url": partner, "auth": "bearer"}, None, "takes it as “basic”"),
            ({"base-url": partner}, "another-key", "Copy the key again"),
            ({"base-url": page.url}, None, "web page"),
            ({"base-url": other.url}, None, "not the partner protocol's list"),
            ({"base-url": partner, "profile": "plugin"}, None, "profile “partner”"),
            ({"base-url": self.mount("/plug"), "profile": "plugin"}, None, "no plugin"),
            ({"base-url": plugin, "profile": "plugin"}, "another-key", "was not accepted"),
            ({"base-url": page.url, "profile": "plugin"}, None, "no plugin"),
            ({"base-url": other.url, "profile": "plugin"}, None, "no plugin"),
        )
        for settings, key, words in cases:
            with self.subTest(**settings):
                connection = self.add("testtrick", key=key, **settings)
                outcome = self.home.run("--json", "connection", "test", connection)
                self.assertNotEqual(outcome.status, 0, outcome)
                self.assert_sentence(outcome.error["message"])
                self.assertIn(words, outcome.error["message"])
                self.assertNotIn("sandbox-testtrick", outcome.err)
                self.ctl("connection", "remove", connection)


if __name__ == "__main__":
    harness.main()
