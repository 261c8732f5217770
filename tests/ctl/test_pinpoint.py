# SPDX-License-Identifier: GPL-3.0-or-later
"""Pinpoint from outside: its settings and secrets, what its key may do, and where its records are in the browser."""

import urllib.request

import harness


class Pinpoint(harness.CtlTestCase):
    sandbox_options = ("--jobs", "3", "--applications", "40")

    def kind(self):
        return {kind["id"]: kind for kind in self.ctl("connection", "kinds")}["pinpoint"]

    def test_kind(self):
        kind = self.kind()
        self.assertLessEqual({"subdomain", "confidential", "score-field", "base-url"},
                             {setting["name"] for setting in kind["settings"]})
        self.assertEqual([(secret["name"], secret["required"]) for secret in kind["secrets"]],
                         [("api-key", True), ("webhook-secret", False)])
        for text in [step for secret in kind["secrets"] for step in secret["where_to_find"]]:
            self.assert_sentence(text)
        needed = [(p["name"], p["access"]) for p in kind["permissions"] if p["needed"]]
        self.assertEqual(needed, [("Job", "Read"), ("Application", "Read")])
        webhook = kind["webhook"]
        self.assertEqual([event["name"] for event in webhook["events"]],
                         ["New application", "Application stage changed"])
        self.assertIs(webhook["one_event"], True)
        self.assertIs(webhook["made_by_api"], False)
        self.assertEqual(webhook["secret"], "webhook-secret")
        for text in webhook["steps"] + [webhook["who"]]:
            self.assert_sentence(text)
        text = self.home.run("connection", "kinds").out
        for word in ["score-field", "webhook-secret", "Custom Attributes: Write (optional)"]:
            self.assertIn(word, text)

    def test_permissions(self):
        """Each on its own: the needed ones refuse, the others are only told."""
        writes = {("Application", "Write"), ("Comment", "Write"), ("Custom Field", "Write"),
                  ("Custom Attributes", "Write")}
        connection = self.add("pinpoint", key="sandbox-pinpoint-no-users")
        report = self.ctl("connection", "test", connection)
        self.assertIs(report["ok"], True)
        granted = {(p["name"], p["access"]): p["granted"] for p in report["permissions"]}
        self.assertEqual({name for name, value in granted.items() if value is None}, writes)
        self.assertEqual([name for name, value in granted.items() if value is False], [("User", "Read")])
        self.ctl("connection", "enable", connection)

        # With a field for scores, what it takes to write them is needed.
        connection = self.add("pinpoint", key="sandbox-pinpoint-no-custom-fields", **{"score-field": "Score"})
        error = self.refused(3, "forbidden", "connection", "test", connection, says="“Custom Field: Read”", prints=True)
        self.assertEqual(error["vendor_status"], 403)
        missing = [p for p in error["report"]["permissions"] if p["needed"] and p["granted"] is False]
        self.assertEqual([p["name"] for p in missing], ["Custom Field"])
        self.assert_sentence(missing[0]["remedy"])
        self.ctl("connection", "set", connection, "--set", "score-field=")
        self.assertIs(self.ctl("connection", "test", connection)["ok"], True)

    def test_webhook_secret(self):
        """It is one more secret: kept in the keyring, changed by itself, and never shown."""
        connection = self.ctl("connection", "add", "pinpoint", "--set",
                              "base-url=" + self.sandbox.base_url("pinpoint"), "--set", "subdomain=acme",
                              "--secret", "api-key", "--secret", "webhook-secret",
                              stdin=self.sandbox.key("pinpoint").encode() + b"\nwhsec-one-two-three\n")
        self.ctl("connection", "set", connection["id"], "--secret", "webhook-secret", stdin=b"whsec-four-five\n")
        self.assertIs(self.ctl("connection", "test", connection["id"])["ok"], True)
        shown = self.home.run("--json", "connection", "show", connection["id"]).out
        self.assertNotIn("whsec", shown)
        self.assertEqual(self.ctl("connection", "show", connection["id"])["settings"]["subdomain"], "acme")

    def test_pages(self):
        """An application opens in the system it comes from."""
        self.connect()
        application = self.ctl("application", "list", "--limit", "1")[0]
        shown = self.ctl("application", "show", application["id"])
        self.assertTrue(shown["url"].endswith("/applications/" + shown["remote_id"]), shown["url"])
        with urllib.request.urlopen(shown["url"]) as page:
            self.assertIn(shown["job_title"], page.read().decode())

    def test_download(self):
        """A document is saved where one says, and its host never sees the key."""
        self.connect()
        self.sandbox.ask("DELETE", "/ledger")
        application = self.ctl("application", "list", "--limit", "1")[0]["id"]
        path = self.home.path / "cv.pdf"
        saved = self.ctl("application", "download", application, "--output", str(path))
        content = path.read_bytes()
        self.assertTrue(content.startswith(b"%PDF-"))
        self.assertEqual(saved["bytes"], len(content))
        self.assertEqual(path.stat().st_mode & 0o077, 0)
        self.refused(2, "usage", "application", "download", application, says="--output")
        self.refused(6, "not-found", "application", "download", application, "--document", "99", "--output", str(path))
        self.refused(2, "usage", "application", "download", application, "--document", "none", "--output", str(path))
        self.assertEqual(self.sandbox.ask("GET", "/ledger")["incidents"], [])

    def test_own_assessments(self):
        """Shown as they come where the account has them; else that is said."""
        with_them = self.add("pinpoint", key="sandbox-pinpoint-assessments")
        self.ctl("connection", "enable", with_them)
        self.ctl("sync", with_them)
        applications = sorted(self.ctl("application", "list", "--connection", with_them),
                              key=lambda application: int(application["remote_id"]))
        records = self.ctl("application", "assessments", applications[0]["id"])
        self.assertEqual([member["value"] for record in records for member in record["members"]
                          if member["name"] == "Status"], ["completed"])
        self.assertEqual(self.ctl("application", "assessments", applications[1]["id"]), [])

        without = self.add("pinpoint")
        self.ctl("connection", "enable", without)
        self.ctl("sync", without)
        application = self.ctl("application", "list", "--connection", without, "--limit", "1")[0]
        self.refused(8, "invalid", "application", "assessments", application["id"])


if __name__ == "__main__":
    harness.main()
