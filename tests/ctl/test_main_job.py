# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job, end to end and headless: connect, find, invite, follow, read the result."""

import datetime
import json
import os
import tempfile

import harness


class MainJob(harness.CtlTestCase):

    def assert_time(self, text):
        self.assertRegex(text, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$")
        datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))

    def test_kinds(self):
        kinds = {kind["id"]: kind for kind in self.ctl("connection", "kinds")}

        self.assertLessEqual({"pinpoint", "testtrick", "partner"}, kinds.keys())
        pinpoint = kinds["pinpoint"]
        self.assertEqual(pinpoint["role"], "ats")
        self.assertEqual(kinds["testtrick"]["role"], "provider")
        self.assertIn("subdomain", [setting["name"] for setting in pinpoint["settings"]])
        self.assertEqual([secret["name"] for secret in pinpoint["secrets"] if secret["required"]], ["api-key"])
        self.assertIn("Job", [permission["name"] for permission in pinpoint["permissions"]])
        self.assertIn("edits-invitee", kinds["testtrick"]["capabilities"])

    def test_connecting(self):
        id = self.add("pinpoint")
        shown = self.ctl("connection", "show", id)
        self.assertEqual(shown["state"], "saved")
        self.assertEqual(shown["name"], "My pinpoint")
        self.assertEqual(shown["settings"]["base-url"], self.sandbox.base_url("pinpoint"))
        self.assertIsNone(shown["complete_up_to"])

        report = self.ctl("connection", "test", id)
        self.assertIs(report["ok"], True)
        for permission in report["permissions"]:
            self.assertLessEqual({"name", "access", "needed", "granted", "remedy"}, permission.keys())
            self.assertIn(permission["granted"], (True, None) if permission["needed"] else (True, False, None))

        self.assertEqual(self.ctl("connection", "enable", id)["state"], "enabled")
        self.assertEqual([c["id"] for c in self.ctl("connection", "list")], [id])
        self.assertEqual(self.ctl("connection", "disable", id)["state"], "disabled")

        changed = self.ctl("connection", "set", id, "--name", "Ours", "--set", "confidential=no")
        self.assertEqual((changed["name"], changed["settings"]["confidential"]), ("Ours", "no"))
        self.assertEqual(changed["settings"]["subdomain"], "sandbox")

        removed = self.ctl("connection", "remove", id)
        self.assertTrue(removed["removed"])
        self.assertTrue(removed["steps"])
        self.assertEqual(self.ctl("connection", "list"), [])

    def test_carrying_connections(self):
        """Out without the keys; in with what would change shown first, and done only when it is asked for."""
        self.add("pinpoint")
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "ours.json")
            self.assertEqual(self.ctl("connection", "export", "--output", path), {"output": path, "connections": 1})
            with open(path, encoding="utf-8") as file:
                text = file.read()
            self.assertNotIn(self.sandbox.key("pinpoint"), text)
            document = json.loads(text)
            document["connections"][0]["settings"]["confidential"] = "no"
            document["connections"].append({"kind": "lever", "name": "Theirs", "settings": {}})
            with open(path, "w", encoding="utf-8") as file:
                json.dump(document, file)

            shown = self.ctl("connection", "import", path)
            self.assertFalse(shown["applied"])
            self.assertEqual([entry["action"] for entry in shown["connections"]], ["change", "add"])
            self.assertEqual(shown["connections"][0]["differences"],
                             [{"setting": "confidential", "before": "yes", "after": "no"}])
            self.assertEqual(len(self.ctl("connection", "list")), 1)

            self.assertTrue(self.ctl("connection", "import", path, "--apply")["applied"])
            here = {entry["name"]: entry for entry in self.ctl("connection", "list")}
            self.assertEqual(here["Theirs"]["state"], "saved")
            self.assertEqual(here["My pinpoint"]["settings"]["confidential"], "no")
            again = self.ctl("connection", "import", path)
            self.assertEqual([entry["action"] for entry in again["connections"]], ["same", "same"])

    def test_settings_with_commas(self):
        """An option that takes several values takes them with commas, too."""
        connection = self.ctl("connection", "add", "pinpoint", "--set",
                              f"subdomain=acme,base-url={self.sandbox.base_url('pinpoint')},confidential=no",
                              "--secret", "api-key", stdin=b"key\n")
        self.assertEqual(connection["settings"]["subdomain"], "acme")
        self.assertEqual(connection["settings"]["confidential"], "no")
        self.assertEqual(connection["settings"]["base-url"], self.sandbox.base_url("pinpoint"))

    def test_the_whole_way(self):
        self.connect()

        # Read
        report = self.ctl("sync")["connections"]
        self.assertEqual([r["id"] for r in report], [self.pinpoint])
        self.assertEqual(report[0]["changed"], 0)
        self.assert_time(report[0]["complete_up_to"])
        self.assertGreater(report[0]["requests"], 0)
        full = self.ctl("sync", self.pinpoint, "--full")["connections"][0]
        self.assertEqual(full["jobs"], 6)
        # The sandbox is shared by the tests of this class, so more may have applied since.
        self.assertGreaterEqual(full["applications"], 60)

        jobs = self.ctl("job", "list", "--all")
        self.assertEqual(len(jobs), 6)
        for job in jobs:
            self.assertLessEqual({"id", "connection", "remote_id", "title", "status", "stages", "mapped"}, job.keys())
            self.assertIs(job["mapped"], False)
            for stage in job["stages"]:
                self.assertLessEqual({"id", "remote_id", "name"}, stage.keys())
        self.assertLess(len(self.ctl("job", "list", "--connection", self.pinpoint)), 7)

        candidate = self.candidate(first_name="Žofie", last_name="Nováková", email="zofie.novakova@example.com")
        applications = self.ctl("application", "list")
        self.assertEqual(len(applications), full["applications"] + 1)
        for application in applications:
            self.assertLessEqual({"id", "connection", "remote_id", "first_name", "last_name", "email", "job",
                                  "job_title", "stage", "tags", "source", "updated_at"}, application.keys())
            self.assert_time(application["updated_at"])

        # Find
        self.assertEqual([a["id"] for a in self.ctl("application", "list", "--search", "zofie nov")],
                         [candidate["id"]])
        self.assertEqual(self.ctl("application", "list", "--search", "nobodyiscalledthis"), [])
        first = self.ctl("application", "list", "--limit", "5")
        second = self.ctl("application", "list", "--limit", "5", "--offset", "5")
        self.assertEqual([a["id"] for a in first + second], [a["id"] for a in applications[:10]])
        of_job = self.ctl("application", "list", "--job", candidate["job"], "--stage", candidate["stage"])
        self.assertIn(candidate["id"], [a["id"] for a in of_job])
        self.assertEqual({(a["job"], a["stage"]) for a in of_job}, {(candidate["job"], candidate["stage"])})

        shown = self.ctl("application", "show", candidate["id"])
        self.assertEqual(shown["invitations"], [])
        self.assertEqual(shown["notes"], [])
        self.assertLessEqual({"documents", "url"}, shown.keys())
        self.assertEqual(shown["first_name"], "Žofie")

        # Invite
        assessments = self.ctl("assessment", "list", self.testtrick, "--refresh")
        self.assertIn("Backend Engineering", [a["name"] for a in assessments])
        for assessment in assessments:
            self.assertEqual(assessment["connection"], self.testtrick)
            self.assertIs(assessment["active"], True)
        backend = next(a["id"] for a in assessments if a["name"] == "Backend Engineering")

        preview = self.ctl("invite", candidate["id"], "--assessment", backend, "--dry-run")
        self.assertEqual(preview["email"], "zofie.novakova@example.com")
        self.assertEqual(self.ctl("invitation", "list"), [])

        invitation = self.ctl("invite", candidate["id"], "--assessment", backend)
        self.assertEqual(invitation["status"], "pending")
        self.assertEqual(invitation["application"], candidate["id"])
        self.assertEqual(invitation["assessment"], backend)
        self.assertEqual(invitation["assessment_name"], "Backend Engineering")
        self.assertEqual(invitation["connection"], self.testtrick)
        self.assertIsNone(invitation["score"])
        self.assertEqual(self.sandbox.sent("zofie.novakova@example.com"), 1)
        self.assertEqual(self.ctl("outbox", "list"), [])

        # Follow
        self.sandbox.advance(100000)
        refreshed = self.ctl("invitation", "refresh", invitation["id"])
        self.assertEqual(refreshed["status"], "completed")
        self.assertEqual((refreshed["score"]["max"], refreshed["score"]["unit"]), (100, "percent"))
        self.assertTrue(0 <= refreshed["score"]["value"] <= 100)
        self.assertIn("/reports/", refreshed["report_url"])
        self.assert_time(refreshed["completed_at"])
        self.assertEqual(refreshed["history"][0]["status"], "queued")
        self.assertEqual(refreshed["history"][-1]["status"], "completed")
        self.assertIsInstance(refreshed["scores"], list)
        self.assertIsInstance(refreshed["flags"], list)

        self.assertEqual(self.ctl("invitation", "show", invitation["id"]), refreshed)
        self.assertEqual([i["id"] for i in self.ctl("invitation", "list", "--status", "completed")],
                         [invitation["id"]])
        self.assertEqual(self.ctl("invitation", "list", "--status", "pending"), [])
        self.assertEqual([i["id"] for i in self.ctl("invitation", "list", "--application", candidate["id"])],
                         [invitation["id"]])
        self.assertEqual([i["id"] for i in self.ctl("application", "show", candidate["id"])["invitations"]],
                         [invitation["id"]])

    def test_several_at_once(self):
        self.connect()
        people = [self.candidate(email=f"several{n}@example.com") for n in range(3)]
        self.ctl("invite", people[1]["id"], "--assessment", self.assessment)

        outcome = self.home.run("--json", "invite", *(p["id"] for p in people), "--assessment", self.assessment)
        self.assertEqual(outcome.status, 4, outcome)
        self.assertEqual([(r["application"], r["status"], (r["error"] or {}).get("code")) for r in outcome.json],
                         [(people[1]["id"], "pending", "duplicate"),
                          (people[0]["id"], "pending", None),
                          (people[2]["id"], "pending", None)])
        self.assertEqual(outcome.error["code"], "duplicate")
        for person in people:
            self.assertEqual(self.sandbox.sent(person["email"]), 1)

    def test_from_csv(self):
        self.connect()
        people = [self.candidate(email=f"csv{n}@example.com", last_name=f"Comma, {n}") for n in range(3)]
        file = self.home.path / "people.csv"
        invite = ["invite", "--from-csv", file, "--assessment", self.assessment]

        # One bad row, and nobody is invited.
        file.write_text("name,email\n\"Comma, 0\",csv0@example.com\n\"two\nlines\",unknown@example.com\n\nx,\n")
        error = self.refused(8, "invalid", *invite, prints=True, says="Line 3")
        self.assertEqual([(row["line"], row["error"]["code"]) for row in error["report"]],
                         [(3, "not-found"), (6, "invalid")])
        self.assertEqual(self.ctl("outbox", "list"), [])
        self.assertEqual(self.ctl("invitation", "list"), [])

        # As spreadsheets of another country write it; somebody is in it twice.
        file.write_bytes("\ufeffApplication;E-mail;EMAIL\r\n"
                         f"{people[0]['id']};;\r\n;;CSV1@example.com\r\n;; csv0@example.com\r\n".encode())
        self.assertEqual(len(self.ctl(*invite, "--dry-run")), 2)
        self.assertEqual([(r["application"], r["status"], r["error"]) for r in self.ctl(*invite)],
                         [(p["id"], "pending", None) for p in people[:2]])
        self.assertEqual([self.sandbox.sent(p["email"]) for p in people], [1, 1, 0])

        # Whoever was invited before is told apart.
        file.write_text("".join(["email\n"] + [p["email"] + "\n" for p in people]))
        error = self.refused(4, "duplicate", *invite, prints=True)
        self.assertEqual([r["error"] and r["error"]["code"] for r in error["report"]], ["duplicate", "duplicate", None])
        self.assertEqual([self.sandbox.sent(p["email"]) for p in people], [1, 1, 1])

        for content in (b"", b"name\nx\n", b"email\n", b"email\n\"never closed\n", b"email\nPK\0\n"):
            with self.subTest(content=content):
                file.write_bytes(content)
                self.refused(8, "invalid", *invite)
        file.unlink()
        self.refused(8, "invalid", *invite)
        self.refused(2, "usage", *invite, people[0]["id"])
        self.refused(2, "usage", *invite, "--email", "x@example.com")

    def test_other_name_and_address(self):
        self.connect()
        person = self.candidate(email="at-work@example.com")
        invitation = self.ctl("invite", person["id"], "--assessment", self.assessment, "--first-name", "Jo",
                              "--last-name", "Ng", "--email", "at-home@example.com")
        self.assertEqual((invitation["first_name"], invitation["last_name"], invitation["email"]),
                         ("Jo", "Ng", "at-home@example.com"))
        self.assertEqual(self.sandbox.sent("at-home@example.com"), 1)
        self.assertEqual(self.sandbox.sent("at-work@example.com"), 0)

    def test_not_waiting(self):
        self.connect()
        person = self.candidate(email="later@example.com")
        invitation = self.ctl("invite", person["id"], "--assessment", self.assessment, "--no-wait")
        self.assertEqual(invitation["status"], "queued")
        self.assertEqual(self.sandbox.sent("later@example.com"), 0)

        waiting = self.ctl("outbox", "list")
        self.assertEqual([(row["kind"], row["application"], row["invitation"], row["state"]) for row in waiting],
                         [("invite", person["id"], invitation["id"], "queued")])
        self.assertLessEqual({"id", "connection", "cause", "attempts", "last_error", "due_at", "evidence"},
                             waiting[0].keys())

        self.assertEqual(self.ctl("outbox", "run"), {"done": 1, "left": []})
        self.assertEqual(self.sandbox.sent("later@example.com"), 1)
        self.assertEqual(self.ctl("invitation", "show", invitation["id"])["status"], "pending")

    def test_discarding(self):
        self.connect()
        person = self.candidate(email="never@example.com")
        invitation = self.ctl("invite", person["id"], "--assessment", self.assessment, "--no-wait")
        self.ctl("outbox", "discard", invitation["id"])
        self.assertEqual(self.ctl("outbox", "list"), [])
        self.ctl("outbox", "run")
        self.assertEqual(self.sandbox.sent("never@example.com"), 0)

    def test_two_data_directories(self):
        self.add("pinpoint")
        other = self.home.path / "other folder"
        self.assertEqual(self.ctl("--data-dir", other, "connection", "list"), [])
        self.assertEqual(len(self.ctl("connection", "list")), 1)


class Watching(harness.CtlTestCase):

    def invite(self, email):
        self.connect()
        return self.ctl("invite", self.candidate(email=email)["id"], "--assessment", self.assessment)

    def test_until_completed(self):
        invitation = self.invite("watched@example.com")
        process = self.home.start("--json", "watch", "--invitation", invitation["id"], "--until", "completed",
                                  "--timeout", str(harness.PATIENCE))
        self.sandbox.advance(100000)
        out, err = process.communicate(timeout=harness.PATIENCE)
        self.assertEqual((process.returncode, err), (0, b""))
        events = [json.loads(line) for line in out.splitlines()]
        last = [event for event in events if event["event"] == "invitation"][-1]
        self.assertEqual(last["invitation"]["id"], invitation["id"])
        self.assertEqual(last["invitation"]["status"], "completed")
        self.assertIsNotNone(last["invitation"]["score"])
        self.assertEqual(last["source"], "poll")
        self.assertRegex(last["at"], "Z$")

    def test_already_there(self):
        invitation = self.invite("there-already@example.com")
        outcome = self.home.run("--json", "watch", "--invitation", invitation["id"], "--until", "pending")
        self.assertEqual(outcome.status, 0, outcome)
        self.assertEqual(outcome.json["invitation"]["id"], invitation["id"])

    def test_time_out(self):
        invitation = self.invite("slow@example.com")
        self.assertEqual(self.home.run("watch", "--timeout", "0.1").status, 0)
        error = self.refused(1, "failed", "watch", "--invitation", invitation["id"], "--until", "expired",
                             "--timeout", "0.1")
        self.assertIn("expired", error["message"])

    def test_interrupt(self):
        invitation = self.invite("interrupted@example.com")
        process = self.home.start("--json", "watch")
        # Its first line shows that it runs.
        self.sandbox.advance(100000)
        process.stdout.readline()
        process.send_signal(2)
        process.communicate(timeout=harness.PATIENCE)
        self.assertEqual(process.returncode, 0)
        self.assertEqual(self.ctl("invitation", "show", invitation["id"])["status"], "completed")

    def test_reader_gone(self):
        self.invite("reader-gone@example.com")
        process = self.home.start("--json", "watch", "--timeout", str(harness.PATIENCE))
        process.stdout.close()
        self.sandbox.advance(100000)
        self.assertEqual(process.wait(harness.PATIENCE), 0)
        self.assertEqual(process.stderr.read(), b"")
        process.stderr.close()


if __name__ == "__main__":
    harness.main()
