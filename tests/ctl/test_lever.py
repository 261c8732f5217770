# SPDX-License-Identifier: GPL-3.0-or-later
"""Lever from outside: connect, read, invite, and both applicant tracking systems side by side."""

import harness

FULL = "sandbox-lever-full-access"


class Lever(harness.CtlTestCase):
    # Many programs with a pace of their own, one after the other; for what a single one does, see Pace.
    sandbox_options = ("--jobs", "12", "--applications", "400")

    def setUp(self):
        super().setUp()
        self.sandbox.ask("DELETE", "/ledger")

    def traffic(self):
        ledger = self.sandbox.ask("GET", "/ledger")
        self.assertEqual([i for i in ledger["incidents"] if i["vendor"] == "lever"], [])
        return ledger["traffic"]["lever"]

    def connect_lever(self, **settings):
        self.lever = self.add("lever", **settings)
        self.ctl("connection", "enable", self.lever)
        return self.ctl("sync", self.lever)["connections"][0]

    def apply(self, email, **fields):
        """Somebody applies for a job that the connection shows, and is read."""
        job = next(j for j in self.ctl("job", "list", "--connection", self.lever))
        self.sandbox.arrive(email=email, job=self.number_of(job["remote_id"]), **fields)
        self.ctl("sync")
        return self.of_lever(email)

    def number_of(self, remote_id):
        """What the sandbox's control calls a record: the number in the last part of Lever's id."""
        return str(int(remote_id.split("-")[-1], 16))

    def of_lever(self, email):
        found = [a for a in self.ctl("application", "list", "--search", email)
                 if a["connection"] == self.lever and a["email"] == email]
        self.assertEqual(len(found), 1)
        return found[0]

    def test_kind(self):
        kind = {kind["id"]: kind for kind in self.ctl("connection", "kinds")}["lever"]
        self.assertEqual((kind["name"], kind["role"]), ("Lever", "ats"))
        settings = {setting["name"]: setting for setting in kind["settings"]}
        self.assertLessEqual({"base-url", "auth", "region"}, settings.keys())
        self.assertEqual([secret["name"] for secret in kind["secrets"]], ["api-key", "client-secret", "webhook-secret"])
        self.assertTrue(any("Super Admin" in step for step in kind["prerequisites"]), kind["prerequisites"])
        needed = [permission["name"] for permission in kind["permissions"] if permission["needed"]]
        self.assertEqual(needed, ["Find all opportunities", "Find an opportunity", "Find all postings",
                                  "Find all stages"])

    def test_settings(self):
        self.refused(8, "invalid", "connection", "add", "lever", "--set", "auth=magic", "--secret", "api-key",
                     stdin=b"key\n", says="key, oauth")
        self.refused(8, "invalid", "connection", "add", "lever", "--set", "region=moon", "--secret", "api-key",
                     stdin=b"key\n", says="global, eu, sandbox")
        connection = self.ctl("connection", "add", "lever", "--set", "auth=key,region=eu", "--secret", "api-key",
                              stdin=b"key\n")
        self.assertEqual((connection["settings"]["auth"], connection["settings"]["region"]), ("key", "eu"))

    def test_permissions(self):
        lacking = {"no-opportunities": "Find all opportunities", "no-postings": "Find all postings",
                   "no-stages": "Find all stages"}
        for key, name in lacking.items():
            id = self.add("lever", key="sandbox-lever-" + key)
            error = self.refused(3, "forbidden", "connection", "test", id, says=name, prints=True)
            self.assertEqual(error["vendor_status"], 403)
            self.assertIn("Super Admin", error["message"])
            report = error["report"]
            self.assertIs(report["ok"], False)
            missing = [p for p in report["permissions"] if p["granted"] is False]
            self.assertEqual([p["name"] for p in missing], [name])
            self.assertIn(f"“{name}”", missing[0]["remedy"])
            self.refused(3, "forbidden", "connection", "enable", id, says=name)
        id = self.add("lever", key="wrong")
        error = self.refused(3, "unauthorized", "connection", "test", id, prints=True)
        self.assertEqual({p["granted"] for p in error["report"]["permissions"]}, {None})
        self.traffic()

    def test_confidential(self):
        plain = self.add("lever", key="sandbox-lever-no-confidential")
        self.assertIs(self.ctl("connection", "test", plain)["ok"], True)
        asking = self.add("lever", key="sandbox-lever-no-confidential", confidential="yes")
        self.refused(3, "forbidden", "connection", "test", asking, says="Access to confidential data", prints=True)

        seen = self.connect_lever()
        all_of_it = self.connect_lever(confidential="yes")
        self.assertEqual(all_of_it["jobs"], 12)
        self.assertLess(seen["jobs"], 12)
        self.assertLess(seen["applications"], all_of_it["applications"])

    def test_the_whole_way(self):
        report = self.connect_lever()
        # Stages, and a page for each hundred; then what changed meanwhile, because there were several.
        pages = -(-report["applications"] // 100)
        self.assertEqual(report["requests"], 2 + pages + 1)
        traffic = self.traffic()
        # The test asks for each permission once.
        for operation in ("opportunities.get", "files.list", "resumes.list", "users.list", "webhooks.list"):
            self.assertEqual(traffic["requests"].pop(operation), 1)
        self.assertLessEqual(set(traffic["requests"]), {"stages.list", "postings.list", "opportunities.list"})
        shown = self.ctl("connection", "show", self.lever)
        self.assertEqual((shown["state"], shown["account"]), ("enabled", "sandbox"))

        again = self.ctl("sync", self.lever)["connections"][0]
        # Stages, postings, what changed, what was deleted.
        self.assertEqual((again["changed"], again["requests"]), (0, 4))

        jobs = self.ctl("job", "list", "--all")
        self.assertEqual(len(jobs), report["jobs"])
        self.assertEqual({job["status"] for job in jobs} - {"published", "internal", "closed", "draft"}, set())
        for job in jobs:
            self.assertEqual([stage["name"] for stage in job["stages"]][:4],
                             ["New lead", "Reached out", "Responded", "New applicant"])
        applications = self.ctl("application", "list")
        self.assertEqual(len(applications), report["applications"])
        self.assertEqual([a["full_name"] for a in applications if not a["stage"] or not a["email"]], [])

        candidate = self.apply("zofie.novakova@example.com", first_name="Žofie", last_name="Nováková")
        self.assertEqual((candidate["first_name"], candidate["last_name"], candidate["stage"]),
                         ("Žofie", "Nováková", "New applicant"))
        page = self.ctl("application", "show", candidate["id"])
        self.assertEqual(page["url"], "https://hire.sandbox.lever.co/candidates/" + candidate["remote_id"])

        self.ctl("connection", "enable", self.add("testtrick"))
        assessment = self.ctl("assessment", "list")[0]["id"]
        invitation = self.ctl("invite", candidate["id"], "--assessment", assessment)
        self.assertEqual(invitation["status"], "pending")
        self.assertEqual(self.sandbox.sent("zofie.novakova@example.com"), 1)
        self.sandbox.advance(100000)
        done = self.ctl("invitation", "refresh", invitation["id"])
        self.assertEqual(done["status"], "completed")

    def test_both_at_once(self):
        self.connect_lever()
        self.connect()
        candidate = self.apply("both@example.com", first_name="Ada", last_name="Le Sueur")
        found = self.ctl("application", "list", "--search", "both@example.com")
        self.assertEqual({a["connection"] for a in found}, {self.lever, self.pinpoint})
        other = next(a for a in found if a["connection"] == self.pinpoint)
        # Lever has one field for a name.
        self.assertEqual((candidate["first_name"], candidate["last_name"]), ("Ada Le", "Sueur"))
        self.assertEqual(candidate["full_name"], other["full_name"])

        self.ctl("invite", candidate["id"], "--assessment", self.assessment)
        self.refused(4, "duplicate", "invite", other["id"], "--assessment", self.assessment)
        self.assertEqual(self.sandbox.sent("both@example.com"), 1)
        self.assertEqual({c["kind"]: c["state"] for c in self.ctl("connection", "list")},
                         {"lever": "enabled", "pinpoint": "enabled", "testtrick": "enabled"})

    def test_a_token_that_expired(self):
        """Lever takes a page's token no longer: the pass begins anew, and nothing is missing."""
        lever = self.add("lever")
        self.ctl("connection", "enable", lever)
        whole = self.ctl("sync", lever)["connections"][0]
        self.assertGreater(whole["applications"], 200)

        # The first page is good, the second isn't.
        self.sandbox.fault("lever", "opportunities.list", "delay:0")
        self.sandbox.fault("lever", "opportunities.list", "status:400")
        again = self.ctl("sync", lever, "--full")["connections"][0]
        # Two that came to nothing, and one for what was deleted since the first sync.
        self.assertEqual((again["applications"], again["requests"]), (whole["applications"], whole["requests"] + 3))
        self.assertEqual(self.sandbox.ask("GET", "/faults"), [])

        # Refused where there was no token, it is an error like any other.
        self.sandbox.fault("lever", "opportunities.list", "status:400")
        self.refused(8, "invalid", "sync", lever, "--full")
        # So is one that is refused again and again.
        for _ in range(3):
            self.sandbox.fault("lever", "opportunities.list", "delay:0")
            self.sandbox.fault("lever", "opportunities.list", "status:400")
        self.refused(8, "invalid", "sync", lever, "--full")
        self.assertEqual(len(self.ctl("application", "list")), whole["applications"])

    def test_deleted(self):
        self.connect_lever()
        candidate = self.apply("deleted@example.com", first_name="Ada", last_name="Gone")
        kept = len(self.ctl("application", "list"))
        self.sandbox.ask("DELETE", "/applications/" + self.number_of(candidate["remote_id"]))
        self.assertEqual(self.ctl("sync", self.lever)["connections"][0]["changed"], 1)
        self.assertIs(self.ctl("application", "show", candidate["id"])["gone"], True)
        self.assertEqual(self.ctl("sync", self.lever)["connections"][0]["changed"], 0)
        self.assertGreaterEqual(len(self.ctl("application", "list")), kept - 1)

        # A key that can't tell is no reason to fail.
        self.ctl("connection", "set", self.lever, "--secret", "api-key", stdin=b"sandbox-lever-no-deleted\n")
        self.ctl("connection", "enable", self.lever)
        self.assertEqual(self.ctl("sync", self.lever)["connections"][0]["changed"], 0)

    def test_disconnecting(self):
        lever = self.add("lever")
        removed = self.ctl("connection", "remove", lever)
        self.assertTrue(any("API Credentials" in step for step in removed["steps"]), removed["steps"])
        self.assertEqual(removed["direct_steps"], [])

    def test_disconnecting_a_provider(self):
        """Its own integration with the ATS goes on without Assay: how that is ended is said too."""
        self.add("lever")
        removed = self.ctl("connection", "remove", self.add("testtrick"))
        self.assertEqual([system["kind"] for system in removed["direct_steps"]], ["lever"])
        self.assertTrue(any("Revoke access" in step for step in removed["direct_steps"][0]["steps"]))


class Pace(harness.CtlTestCase):
    # Lever's own limits: 10 requests a second, 20 at once.
    sandbox_options = ("--jobs", "12", "--applications", "2500")

    def setUp(self):
        super().setUp()
        # What keeps the pace has to be there.
        self.home.environment.pop("ASSAY_LOOPBACK_HURRY", None)

    def test_the_limit_is_not_hit(self):
        lever = self.add("lever")
        self.ctl("connection", "enable", lever)
        report = self.ctl("sync", lever)["connections"][0]
        self.assertGreater(report["requests"], 20)
        self.assertEqual(set(self.sandbox.ask("GET", "/ledger")["traffic"]["lever"]["answers"]), {"200"})


if __name__ == "__main__":
    harness.main()
