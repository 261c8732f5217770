# SPDX-License-Identifier: GPL-3.0-or-later
"""Many at once, and what else goes out through the outbox: batches, lists of people, tags, notes and moves."""

import harness


class Bulk(harness.CtlTestCase):

    def test_a_batch(self):
        self.connect()
        people = [self.candidate(email=f"bulk{n}@example.com") for n in range(3)]
        file = self.home.path / "people.csv"
        invite = ["invite", "--from-csv", file, "--assessment", self.assessment]

        # As Excel saves it: UTF-16 with tabs, another heading, a row nobody understands.
        rows = ["Name\tE-Mail"] + [f"\"A\tB\"\t{person['email']}" for person in people] + ["X\tno address", "Y\t"]
        file.write_bytes("\ufeff".encode("utf-16-le") + "\r\n".join(rows).encode("utf-16-le"))
        error = self.refused(8, "invalid", *invite, "--no-wait", prints=True)
        self.assertEqual([row["line"] for row in error["report"]], [5, 6])
        self.assertEqual(self.ctl("batch", "list"), [])

        batch = self.ctl(*invite, "--no-wait", "--skip-problems")
        self.assertEqual((batch["total"], batch["waiting"], batch["sent"]), (3, 3, 0))
        self.assertEqual(batch["title"], "people.csv")
        self.assertIs(batch["active"], True)

        # Paused it stays, whatever is run; resumed it goes; nobody gets it twice.
        self.assertIs(self.ctl("batch", "pause", batch["id"])["paused"], True)
        self.ctl("outbox", "run")
        self.assertEqual(self.ctl("batch", "show", batch["id"])["waiting"], 3)
        self.assertEqual({row["paused"] for row in self.ctl("outbox", "list")}, {True})
        self.ctl("batch", "resume", batch["id"])
        self.ctl("outbox", "run")
        batch = self.ctl("batch", "show", batch["id"])
        self.assertEqual((batch["sent"], batch["waiting"], batch["active"]), (3, 0, False))
        self.assertEqual([self.sandbox.sent(person["email"]) for person in people], [1, 1, 1])

        again = self.ctl(*invite, "--no-wait", "--skip-problems")
        self.assertEqual((again["set_aside"], again["waiting"]), (3, 0))
        self.assertEqual({person["verdict"] for person in again["people_set_aside"]}, {"invited"})
        self.assertEqual([b["id"] for b in self.ctl("batch", "list")], [again["id"], batch["id"]])
        self.assertEqual(self.ctl("batch", "list", "--active"), [])
        self.refused(6, "not-found", "batch", "show", "b987")

    def test_failures_and_cancelling(self):
        self.connect()
        people = [self.candidate(email=f"fail{n}@example.com") for n in range(3)]
        file = self.home.path / "people.csv"
        file.write_text("application\n" + "".join(f"{person['id']}\n" for person in people))
        self.sandbox.fault("testtrick", "send_test", "status:422", times=1)
        batch = self.ctl("invite", "--from-csv", file, "--assessment", self.assessment, "--no-wait")
        self.refused(8, "invalid", "outbox", "run", prints=True)
        self.assertEqual((self.ctl("batch", "show", batch["id"])["failed"]), 1)
        self.assertEqual(self.ctl("batch", "retry", batch["id"])["failed"], 0)
        self.ctl("outbox", "run")
        self.assertEqual(self.ctl("batch", "show", batch["id"])["sent"], 3)

        other = self.candidate(email="other@example.com")
        file.write_text(f"email\n{other['email']}\n")
        batch = self.ctl("invite", "--from-csv", file, "--assessment", self.assessment, "--no-wait")
        self.assertEqual(self.ctl("batch", "cancel", batch["id"])["cancelled"], 1)
        self.ctl("outbox", "run")
        self.assertEqual(self.sandbox.sent(other["email"]), 0)

    def test_changes_in_the_ats(self):
        self.connect()
        person = self.candidate(email="tagged@example.com")

        self.assertIn("Shortlist", self.ctl("application", "tag", person["id"], "Shortlist")["tags"])
        self.ctl("sync")
        self.assertIn("Shortlist", self.ctl("application", "show", person["id"])["tags"])
        self.assertNotIn("Shortlist", self.ctl("application", "untag", person["id"], "Shortlist")["tags"])
        self.ctl("application", "note", person["id"], "Looks good.")

        job = next(job for job in self.ctl("job", "list") if job["id"] == person["job"])
        stage = next(stage for stage in job["stages"] if stage["name"] != person["stage"])
        moved = self.ctl("application", "move", person["id"], stage["name"].upper())
        self.assertEqual(moved["stage"], stage["name"])
        other = next(job for job in self.ctl("job", "list") if job["id"] != person["job"])
        self.refused(8, "invalid", "application", "move", person["id"], other["stages"][0]["id"])
        self.refused(8, "invalid", "application", "move", person["id"], "No such stage")
        self.refused(8, "invalid", "application", "tag", person["id"], " ")
        self.refused(6, "not-found", "application", "tag", "a98765", "Tag")

        waiting = self.ctl("application", "tag", person["id"], "Later", "--no-wait")
        self.assertEqual((waiting["kind"], waiting["application"], waiting["invitation"], waiting["state"]),
                         ("tag", person["id"], None, "queued"))
        self.assertIn("Later", waiting["summary"])
        self.ctl("outbox", "run")
        self.assertEqual(self.ctl("outbox", "list"), [])
        self.assertIn("Later", self.ctl("application", "show", person["id"])["tags"])

        # A lost answer to a note is a person's to settle, as with an invitation.
        self.sandbox.fault("pinpoint", "comments.create", "drop-after", times=1)
        error = self.refused(7, "unsure", "application", "note", person["id"], "Once.")
        row = self.ctl("outbox", "list")[0]
        self.assertEqual((row["kind"], row["state"]), ("note", "unsure"))
        self.assertIn(row["id"], error["message"])
        self.assertEqual(self.ctl("outbox", "resolve", row["id"], "--as", "sent")["state"], "done")
        self.assertEqual(self.ctl("outbox", "list"), [])
        waiting = self.ctl("application", "tag", person["id"], "Never", "--no-wait")
        self.assertEqual(self.ctl("outbox", "discard", waiting["id"])["state"], "discarded")

    def test_what_the_provider_cant(self):
        self.connect()
        person = self.candidate(email="again@example.com")
        invitation = self.ctl("invite", person["id"], "--assessment", self.assessment)
        self.refused(8, "invalid", "invitation", "resend", invitation["id"], says="TestTrick")
        self.refused(8, "invalid", "invitation", "cancel", invitation["id"], says="TestTrick")
        self.refused(8, "invalid", "invite", person["id"], "--assessment", self.assessment, "--again", says="TestTrick")
        self.refused(6, "not-found", "invitation", "resend", "i9876")
        self.assertEqual(self.sandbox.sent(person["email"]), 1)


if __name__ == "__main__":
    harness.main()
